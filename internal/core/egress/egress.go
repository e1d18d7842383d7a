// Package egress is the one way by which Guanxi calls other machines over HTTP
// (SECURITY 10): webhooks, rates, models, whatever an address typed by a person
// leads to. It calls only public addresses, judged after the name was looked
// up and then dialled as judged, or what an administrator listed; it follows no
// redirect, uses no proxy of the environment, and stops at budgets of size and
// time.
package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Policy is what an installation allows. A changed policy is a new Client.
type Policy struct {
	// Allow lists targets "host:port" that may have private addresses and may
	// be called without TLS: the ERP in the next room. Link-local and other
	// special addresses stay closed.
	Allow []string
	// MaxBytes of an answer; 0 = 8 MiB. A Request may ask for less.
	MaxBytes int64
	// Timeout of a whole call; 0 = 20 s. A Request may ask for less.
	Timeout time.Duration
	// Parallel calls at a time; 0 = 16. Others wait within their time.
	Parallel int
	// RootCAs to trust beside none; nil = those of the machine.
	RootCAs *x509.CertPool
}

// Request is one call.
type Request struct {
	Method   string // "" = GET
	URL      string // https, or http to a listed target
	Header   http.Header
	Body     []byte
	MaxBytes int64
	Timeout  time.Duration
}

// Response is the answer, read in full. A redirect is an answer like others.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Client makes calls; it is safe for many goroutines.
type Client struct {
	policy   Policy
	allow    map[target]bool
	http     *http.Client
	slots    chan struct{}
	resolver resolver
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

type resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

const (
	defaultBytes    = 8 << 20
	defaultTimeout  = 20 * time.Second
	defaultParallel = 16
	maxURL          = 8 << 10
	maxHeaderBytes  = 64 << 10
	dialTimeout     = 10 * time.Second
	idleTimeout     = 30 * time.Second
)

// The errors; their causes, with addresses, are for the log.
var (
	errURL     = errs.New(errs.Invalid, "error.egress_url")         // not an address that can be called
	errPlain   = errs.New(errs.Invalid, "error.egress_plain")       // http to a target that is not listed
	errHeader  = errs.New(errs.Invalid, "error.egress_header")      // a header the caller may not set
	errAddress = errs.New(errs.Forbidden, "error.egress_address")   // leads to an address that is closed
	errSize    = errs.New(errs.TooLarge, "error.egress_size")       // the answer is beyond its budget
	errTime    = errs.New(errs.Unavailable, "error.egress_timeout") // no answer in time
	errFailed  = errs.New(errs.Unavailable, "error.egress_failed")  // not reached, broken off, TLS not trusted
)

// New makes a client. It fails for an entry of Allow that is no host:port.
func New(p Policy) (*Client, error) {
	if p.MaxBytes <= 0 {
		p.MaxBytes = defaultBytes
	}
	if p.Timeout <= 0 {
		p.Timeout = defaultTimeout
	}
	if p.Parallel <= 0 {
		p.Parallel = defaultParallel
	}
	c := &Client{policy: p, allow: map[target]bool{}, slots: make(chan struct{}, p.Parallel), resolver: net.DefaultResolver}
	for _, entry := range p.Allow {
		host, port, err := net.SplitHostPort(entry)
		t, ok := newTarget(host, port)
		if err != nil || !ok {
			return nil, errs.New(errs.Invalid, "error.egress_allow", "value", entry)
		}
		c.allow[t] = true
	}
	c.dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: -1}).DialContext
	c.http = &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // also not that of the environment: it would look names up itself
			DialContext:            c.connect,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: p.RootCAs},
			ForceAttemptHTTP2:      true,
			DisableCompression:     true, // what is counted is what came
			MaxResponseHeaderBytes: maxHeaderBytes,
			MaxIdleConnsPerHost:    2,
			MaxIdleConns:           p.Parallel,
			IdleConnTimeout:        idleTimeout,
			TLSHandshakeTimeout:    dialTimeout,
		},
	}
	return c, nil
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do makes a call and reads the answer. Any status is an answer, not an error.
// Errors: Invalid for the request, Forbidden for an address that is closed,
// TooLarge, Unavailable for anything on the way.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	req, err := c.request(ctx, r)
	if err != nil {
		return Response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, least(r.Timeout, c.policy.Timeout))
	defer cancel()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return Response{}, failure(ctx, ctx.Err())
	}
	res, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return Response{}, failure(ctx, err)
	}
	defer res.Body.Close()
	limit := least(r.MaxBytes, c.policy.MaxBytes)
	if res.ContentLength > limit {
		return Response{}, errSize
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return Response{}, failure(ctx, err)
	}
	if int64(len(body)) > limit {
		return Response{}, errSize
	}
	return Response{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

// least is the asked budget, never more than the allowed one; 0 asks for all.
func least[T int64 | time.Duration](asked, allowed T) T {
	if asked > 0 {
		return min(asked, allowed)
	}
	return allowed
}

// request checks what is asked for, before anything is looked up.
func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	u, err := url.Parse(r.URL)
	if err != nil || len(r.URL) > maxURL || u.User != nil || u.Opaque != "" || u.Host == "" {
		return nil, errURL
	}
	port := u.Port()
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errURL
	case port == "" && strings.HasSuffix(u.Host, ":"):
		return nil, errURL
	case port == "" && u.Scheme == "https":
		port = "443"
	case port == "":
		port = "80"
	}
	t, ok := newTarget(u.Hostname(), port)
	if !ok {
		return nil, errURL
	}
	if u.Scheme == "http" && !c.allow[t] {
		return nil, errPlain
	}
	u.Host, u.Fragment = net.JoinHostPort(t.host, strconv.Itoa(int(t.port))), ""
	if u.Scheme == "https" && t.port == 443 || u.Scheme == "http" && t.port == 80 {
		u.Host = strings.TrimSuffix(u.Host, ":"+port) // servers expect the usual port left out of Host
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), strings.NewReader(string(r.Body)))
	if err != nil {
		return nil, errURL.With(err)
	}
	for name, values := range r.Header {
		if ownHeader(name) {
			return nil, errHeader
		}
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "Guanxi")
	}
	return req, nil
}

// ownHeader names what the connection decides.
func ownHeader(name string) bool {
	switch strings.ToLower(name) {
	case "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer",
		"proxy-authorization", "proxy-connection", "proxy-authenticate":
		return true
	}
	return false
}

// connect looks the name up once, judges every address and dials one that
// passed, as a number: no second look-up can give another.
func (c *Client) connect(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	t, ok := newTarget(host, port)
	if !ok {
		return nil, errAddress
	}
	list, err := c.addresses(ctx, t)
	if err != nil {
		return nil, err
	}
	var last error
	for _, a := range list {
		conn, err := c.dial(ctx, network, netip.AddrPortFrom(a, t.port).String())
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

// addresses are those of t that may be dialled. One closed address among
// them closes the name: nobody mixes them in good faith.
func (c *Client) addresses(ctx context.Context, t target) ([]netip.Addr, error) {
	list := []netip.Addr{}
	if a, err := netip.ParseAddr(t.host); err == nil {
		list = append(list, a)
	} else if list, err = c.resolver.LookupNetIP(ctx, "ip", t.host); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("egress: the name has no address")
	}
	for i, a := range list {
		if v := judge(a); v == never || v == private && !c.allow[t] {
			return nil, errAddress.With(fmt.Errorf("egress: %s is %s", t.host, a))
		}
		list[i] = a.Unmap()
	}
	return list, nil
}

// failure tells the caller which kind of failure it was.
func failure(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e
	}
	var timeout interface{ Timeout() bool }
	if ctx.Err() == context.DeadlineExceeded || errors.As(err, &timeout) && timeout.Timeout() {
		return errTime.With(err)
	}
	return errFailed.With(err)
}

// Dial connects to a host that speaks another protocol than HTTP, under the
// same rule for addresses: looked up once, judged, dialled as judged. With
// private the host may stand in the company's own network. Errors: Invalid for
// what is no host and port, Forbidden for an address that is closed, else as
// the network has them.
func Dial(ctx context.Context, host string, port int, private bool) (net.Conn, error) {
	at := net.JoinHostPort(host, strconv.Itoa(port))
	if _, ok := newTarget(host, strconv.Itoa(port)); !ok {
		return nil, errURL
	}
	p := Policy{}
	if private {
		p.Allow = []string{at}
	}
	c, err := New(p)
	if err != nil {
		return nil, err
	}
	return c.connect(ctx, "tcp", at)
}
