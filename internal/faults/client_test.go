package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// client speaks to a server over connections of its own.
type client struct {
	http *http.Client
	url  string
	key  string

	// patience is how often a request is repeated that the server refuses for
	// now (503): after its database was away, each connection that it kept
	// refuses once.
	patience int
}

func newClient(url, key string) *client {
	return &client{http: &http.Client{Transport: &http.Transport{}}, url: url + "/api/v1", key: key}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// customer is what the API says of one.
type customer struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

// reply is an answer that arrived in full: an acknowledgement.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// call sends a request. An error means that no full answer arrived and nobody
// knows what happened.
func (c *client) call(method, path string, body any, headers ...string) (reply, error) {
	for left := c.patience; ; left-- {
		r, err := c.once(method, path, body, headers...)
		if err != nil || r.status != http.StatusServiceUnavailable || left <= 0 {
			return r, err
		}
	}
}

func (c *client) once(method, path string, body any, headers ...string) (reply, error) {
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return reply{}, err
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, c.url+path, in)
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, raw}, err
}

// want is call where an answer must come, with a status.
func (c *client) want(t *testing.T, status int, out any, method, path string, body any, headers ...string) reply {
	t.Helper()
	r, err := c.call(method, path, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	if r.status != status {
		t.Fatalf("%s %s: status %d, want %d: %.500s", method, path, r.status, status, r.body)
	}
	if out != nil {
		if err := json.Unmarshal(r.body, out); err != nil {
			t.Fatalf("%s %s: %v: %.300s", method, path, err, r.body)
		}
	}
	return r
}

// setUp does what the first-run wizard does and makes the administrator's key.
func (i *installation) setUp(url string) {
	i.t.Helper()
	c := newClient(url, "")
	defer c.close()
	r := c.want(i.t, http.StatusOK, nil, "POST", "/setup", map[string]any{"company": "云腾科技", "currency": "CNY", "login": "admin", "name": "管理员", "password": "Kite-plum-29-river"})
	cookie, _, _ := strings.Cut(r.header.Get("Set-Cookie"), ";")
	var made struct {
		Key string `json:"key"`
	}
	c.want(i.t, http.StatusCreated, &made, "POST", "/me/keys", map[string]any{"name": "faults"}, "Cookie", cookie)
	i.key = made.Key
}

// all reads every customer.
func (c *client) all(t *testing.T) map[string]customer {
	t.Helper()
	out := map[string]customer{}
	for cursor := ""; ; {
		var page struct {
			Items []customer `json:"items"`
			Next  string     `json:"next"`
		}
		path := "/records/crm.customer?sort=id&limit=200&fields=name,address"
		if cursor != "" {
			path += "&cursor=" + cursor
		}
		c.want(t, http.StatusOK, &page, "GET", path, nil)
		for _, it := range page.Items {
			if _, twice := out[it.ID]; twice {
				t.Fatalf("%s is on two pages", it.ID)
			}
			out[it.ID] = it
		}
		if page.Next == "" {
			return out
		}
		cursor = page.Next
	}
}

func etag(version int64) string { return fmt.Sprintf(`"v%d"`, version) }
