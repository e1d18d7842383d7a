package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// names is a name server of the test; it counts what it was asked.
type names struct {
	mu    sync.Mutex
	list  map[string][]string // each answer is given once, the last for ever
	asked []string
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = append(n.asked, host)
	answers := n.list[host]
	if len(answers) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(answers) > 1 {
		n.list[host] = answers[1:]
	}
	var out []netip.Addr
	for _, s := range strings.Fields(answers[0]) {
		out = append(out, netip.MustParseAddr(s))
	}
	return out, nil
}

// world is a server on this machine, seen as if at public addresses.
type world struct {
	t      *testing.T
	server *httptest.Server
	client *Client
	names  *names
	dialed []string
	hits   atomic.Int64
	last   atomic.Pointer[http.Request]
}

const publicIP = "93.184.216.34"

func newWorld(t *testing.T, p Policy, handler http.HandlerFunc) *world {
	t.Helper()
	w := &world{t: t}
	w.server = httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.hits.Add(1)
		w.last.Store(r)
		handler(rw, r)
	}))
	t.Cleanup(w.server.Close)
	p.RootCAs = x509.NewCertPool()
	p.RootCAs.AddCert(w.server.Certificate())
	w.names = &names{list: map[string][]string{
		"example.com": {publicIP}, "inside.example.com": {"10.1.2.3"}, "home.example.com": {"127.0.0.1"}, "meta.example.com": {"169.254.169.254"},
		"mixed.example.com": {publicIP + " 10.1.2.3"}, "rebind.example.com": {publicIP, "127.0.0.1"}, "six.example.com": {"2606:4700::1111"},
		"mapped.example.com": {"::ffff:10.0.0.1"}, "nat.example.com": {"64:ff9b::a00:1"}, "four.example.com": {"2002:a00:1::1"}, "none.example.com": {""},
	}}
	c, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.resolver = w.names
	var mu sync.Mutex
	c.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		mu.Lock()
		w.dialed = append(w.dialed, address)
		mu.Unlock()
		return (&net.Dialer{}).DialContext(ctx, network, w.server.Listener.Addr().String())
	}
	w.client = c
	return w
}

func ok(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "fine") }

func (w *world) get(address string) (Response, error) {
	return w.client.Do(w.t.Context(), Request{URL: address})
}

// TestWhatIsCalledAndWhatIsNot goes through addresses; want "" is an answer,
// otherwise the key of the error. Nothing that is refused may touch the net.
func TestWhatIsCalledAndWhatIsNot(t *testing.T) {
	for _, c := range []struct{ url, want, dials string }{
		{"https://example.com/hook?x=1#frag", "", publicIP + ":443"},
		{"https://EXAMPLE.com.:443/", "", publicIP + ":443"},
		{"https://" + publicIP + "/", "error.egress_failed", publicIP + ":443"}, // dialled; the certificate is for another name
		{"https://example.com:8443/", "", publicIP + ":8443"},
		{"https://six.example.com/", "", "[2606:4700::1111]:443"},
		{"https://[2606:4700::1111]/", "error.egress_failed", "[2606:4700::1111]:443"},

		{"https://inside.example.com/", "error.egress_address", ""}, {"https://home.example.com/", "error.egress_address", ""},
		{"https://meta.example.com/", "error.egress_address", ""}, {"https://mixed.example.com/", "error.egress_address", ""},
		{"https://mapped.example.com/", "error.egress_address", ""}, {"https://nat.example.com/", "error.egress_address", ""},
		{"https://four.example.com/", "error.egress_address", ""},
		{"https://127.0.0.1/", "error.egress_address", ""}, {"https://10.0.0.1/", "error.egress_address", ""}, {"https://0.0.0.0/", "error.egress_address", ""},
		{"https://169.254.169.254/latest/meta-data/", "error.egress_address", ""}, {"https://100.64.0.1/", "error.egress_address", ""},
		{"https://[::1]/", "error.egress_address", ""}, {"https://[::ffff:127.0.0.1]/", "error.egress_address", ""}, {"https://[::ffff:7f00:1]/", "error.egress_address", ""},
		{"https://[64:ff9b::7f00:1]/", "error.egress_address", ""}, {"https://[2002:7f00:1::]/", "error.egress_address", ""}, {"https://[fe80::1]/", "error.egress_address", ""},
		{"https://[::]/", "error.egress_address", ""}, {"https://[::127.0.0.1]/", "error.egress_address", ""}, {"https://224.0.0.1/", "error.egress_address", ""},
		{"https://１２７.0.0.1/", "error.egress_address", ""}, {"https://127。0。0。1/", "error.egress_address", ""},

		{"https://0177.0.0.1/", "error.egress_url", ""}, {"https://0x7f.0.0.1/", "error.egress_url", ""}, {"https://0x7f000001/", "error.egress_url", ""},
		{"https://2130706433/", "error.egress_url", ""}, {"https://127.1/", "error.egress_url", ""}, {"https://[fe80::1%25eth0]/", "error.egress_url", ""},
		{"https://user:pass@example.com/", "error.egress_url", ""}, {"https://example.com@127.0.0.1/", "error.egress_url", ""},
		{"https:///path", "error.egress_url", ""}, {"https:example.com", "error.egress_url", ""}, {"//example.com/", "error.egress_url", ""}, {"", "error.egress_url", ""},
		{"https://example.com:0/", "error.egress_url", ""}, {"https://example.com:99999/", "error.egress_url", ""}, {"https://example.com:/", "error.egress_url", ""},
		{"https://exa mple.com/", "error.egress_url", ""}, {"https://example.com/" + strings.Repeat("x", 9000), "error.egress_url", ""},
		{"file:///etc/passwd", "error.egress_url", ""}, {"ftp://example.com/", "error.egress_url", ""}, {"gopher://example.com/", "error.egress_url", ""},
		{"unix:///var/run/docker.sock", "error.egress_url", ""}, {"javascript:alert(1)", "error.egress_url", ""},
		{"http://example.com/", "error.egress_plain", ""}, {"HTTP://127.0.0.1/", "error.egress_plain", ""},
		{"https://unknown.example.com/", "error.egress_failed", ""}, {"https://none.example.com/", "error.egress_failed", ""},
	} {
		w := newWorld(t, Policy{}, ok)
		res, err := w.get(c.url)
		var e *errs.Error
		switch {
		case c.want == "" && (err != nil || res.Status != 200 || string(res.Body) != "fine"):
			t.Errorf("%s: %v %+v", c.url, err, res)
		case c.want != "" && (!errors.As(err, &e) || e.Key != c.want):
			t.Errorf("%s: %v, want %s", c.url, err, c.want)
		}
		if got := strings.Join(w.dialed, " "); got != c.dials {
			t.Errorf("%s: dialled %q, want %q", c.url, got, c.dials)
		}
		if c.want != "" && w.hits.Load() != 0 {
			t.Errorf("%s: reached the server", c.url)
		}
	}
}

func TestAllowListOpensPrivateTargetsOnly(t *testing.T) {
	w := newWorld(t, Policy{Allow: []string{"Inside.example.com:443", "127.0.0.1:8443", "[::1]:443", "meta.example.com:443", "169.254.169.254:443"}}, ok)
	for url, want := range map[string]string{
		"https://home.example.com:8443/":     "error.egress_address", // the name is not listed, only the number
		"https://inside.example.com/":        "",
		"https://inside.example.com:8443/":   "error.egress_address",
		"https://meta.example.com/":          "error.egress_address",
		"https://169.254.169.254/":           "error.egress_address",
		"https://127.0.0.1:8443/":            "",
		"https://[::ffff:127.0.0.1]:8443/":   "",
		"https://127.0.0.1/":                 "error.egress_address",
		"https://sub.inside.example.com:443": "error.egress_failed",
		"http://inside.example.com:8080/":    "error.egress_plain",
	} {
		_, err := w.get(url)
		var e *errs.Error
		if want == "" && err != nil || want != "" && (!errors.As(err, &e) || e.Key != want) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
	for _, bad := range []string{"", "host", "host:", ":443", "host:0", "host:x", "0x7f.1:443", "https://host:443", "10.0.0.0/8:443"} {
		if _, err := New(Policy{Allow: []string{bad}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q is listed: %v", bad, err)
		}
	}
}

// A listed target on this machine, really called without TLS and without the
// stand-ins of the other tests.
func TestARealCall(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Got", r.Method+" "+r.Header.Get("X-Sign")+" "+r.Header.Get("User-Agent")+" "+string(body))
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	u, _ := url.Parse(server.URL)
	open, err := New(Policy{Allow: []string{u.Host}})
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	res, err := open.Do(t.Context(), Request{Method: "POST", URL: server.URL + "/hook", Header: http.Header{"X-Sign": {"abc"}}, Body: []byte("你好")})
	if err != nil || res.Status != http.StatusAccepted || res.Header.Get("X-Got") != "POST abc Guanxi 你好" {
		t.Errorf("%v %+v", err, res)
	}
	closed, err := New(Policy{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed.Close()
	if _, err := closed.Do(t.Context(), Request{URL: "https://" + u.Host}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("this machine is open: %v", err)
	}
	if _, err := closed.Do(t.Context(), Request{URL: "https://localhost:" + u.Port()}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("localhost is open: %v", err)
	}
}

// A name that changes between judging and dialling leads nowhere else: it is
// looked up once for each connection, and that answer is dialled.
func TestRebindingIsOfNoUse(t *testing.T) {
	w := newWorld(t, Policy{}, ok)
	if _, err := w.get("https://rebind.example.com/"); err != nil {
		t.Fatal(err)
	}
	if len(w.names.asked) != 1 || len(w.dialed) != 1 || w.dialed[0] != publicIP+":443" {
		t.Errorf("asked %v, dialled %v", w.names.asked, w.dialed)
	}
	w.client.Close() // a new connection asks again
	if _, err := w.get("https://rebind.example.com/"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("the second answer is dialled: %v", err)
	}
	if len(w.dialed) != 1 {
		t.Errorf("dialled %v", w.dialed)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	w := newWorld(t, Policy{}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://127.0.0.1/admin", http.StatusFound)
	})
	res, err := w.get("https://example.com/")
	if err != nil || res.Status != http.StatusFound || res.Header.Get("Location") == "" || w.hits.Load() != 1 || len(w.dialed) != 1 {
		t.Errorf("%v %+v, %d calls", err, res, w.hits.Load())
	}
}

func TestProxyOfTheEnvironmentIsNotUsed(t *testing.T) {
	var used atomic.Bool
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { used.Store(true) }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	w := newWorld(t, Policy{}, ok)
	if _, err := w.get("https://example.com/"); err != nil || used.Load() {
		t.Errorf("%v, proxy used %v", err, used.Load())
	}
}

func TestSizeBudget(t *testing.T) {
	size := 0
	chunked := false
	w := newWorld(t, Policy{MaxBytes: 1000}, func(w http.ResponseWriter, _ *http.Request) {
		if chunked {
			w.(http.Flusher).Flush() // no Content-Length
		}
		w.Write(make([]byte, size))
	})
	for _, c := range []struct {
		size    int
		chunked bool
		asked   int64
		ok      bool
	}{{1000, false, 0, true}, {1001, false, 0, false}, {1000, true, 0, true}, {1001, true, 0, false}, {101, true, 100, false}, {100, true, 100, true}, {1001, true, 5000, false}} {
		size, chunked = c.size, c.chunked
		res, err := w.client.Do(t.Context(), Request{URL: "https://example.com/", MaxBytes: c.asked})
		if c.ok && (err != nil || len(res.Body) != c.size) || !c.ok && !errs.Is(err, errs.TooLarge) {
			t.Errorf("%+v: %v, %d bytes", c, err, len(res.Body))
		}
	}
	huge := newWorld(t, Policy{}, func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			w.Header().Add("X-Pad", strings.Repeat("x", 1000))
		}
	})
	if _, err := huge.get("https://example.com/"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("100 kB of headers: %v", err)
	}
}

// A server that sends a byte and then nothing costs the budget of time, no more.
func TestTimeBudget(t *testing.T) {
	stop := make(chan struct{})
	w := newWorld(t, Policy{Timeout: time.Minute}, func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("x"))
		w.(http.Flusher).Flush()
		<-stop
	})
	defer close(stop)
	_, err := w.client.Do(t.Context(), Request{URL: "https://example.com/", Timeout: 50 * time.Millisecond})
	var e *errs.Error
	if !errors.As(err, &e) || e.Key != "error.egress_timeout" {
		t.Errorf("%v", err)
	}
}

func TestParallelBudget(t *testing.T) {
	arrived, leave := make(chan struct{}, 4), make(chan struct{})
	w := newWorld(t, Policy{Parallel: 2}, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-leave
	})
	var calls sync.WaitGroup
	for range 2 {
		calls.Go(func() {
			if _, err := w.get("https://example.com/"); err != nil {
				t.Error(err)
			}
		})
	}
	<-arrived
	<-arrived
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := w.client.Do(ctx, Request{URL: "https://example.com/"}); !errs.Is(err, errs.Unavailable) || w.hits.Load() != 2 {
		t.Errorf("a third call: %v", err)
	}
	close(leave)
	calls.Wait()
}

func TestHeadersOfTheConnectionAreRefused(t *testing.T) {
	w := newWorld(t, Policy{}, ok)
	for _, name := range []string{"Host", "host", "Content-Length", "Transfer-Encoding", "Connection", "Proxy-Authorization"} {
		if _, err := w.client.Do(t.Context(), Request{URL: "https://example.com/", Header: http.Header{name: {"x"}}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.client.Do(t.Context(), Request{URL: "https://example.com/", Header: http.Header{"X-A": {"a\r\nX-B: b"}}}); err == nil {
		t.Error("a header with a line break is sent")
	}
	if _, err := w.client.Do(t.Context(), Request{URL: "https://example.com/", Method: "GET /x"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a method with a blank: %v", err)
	}
	if w.hits.Load() != 0 {
		t.Error("something was sent")
	}
	if _, err := w.client.Do(t.Context(), Request{URL: "https://example.com:8443/", Header: http.Header{"user-agent": {"other"}}}); err != nil {
		t.Fatal(err)
	}
	if r := w.last.Load(); r.Host != "example.com:8443" || r.UserAgent() != "other" {
		t.Errorf("sent Host %q, agent %q", r.Host, r.UserAgent())
	}
}

func TestOldTLSAndStrangersAreRefused(t *testing.T) {
	w := newWorld(t, Policy{}, ok)
	w.server.TLS.MaxVersion = tls.VersionTLS11
	w.server.TLS.MinVersion = tls.VersionTLS10
	if _, err := w.get("https://example.com/"); !errs.Is(err, errs.Unavailable) || w.hits.Load() != 0 {
		t.Errorf("TLS 1.1: %v", err)
	}
	w = newWorld(t, Policy{}, ok)
	w.names.list["other.test"] = []string{publicIP}
	if _, err := w.get("https://other.test/"); !errs.Is(err, errs.Unavailable) || w.hits.Load() != 0 {
		t.Errorf("a certificate for another name: %v", err)
	}
}
