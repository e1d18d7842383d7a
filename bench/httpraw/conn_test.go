package httpraw

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// A real server answers in every shape that a server may choose.
func TestCall(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /plain", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) })
	mux.HandleFunc("GET /none", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /close", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		_, _ = w.Write([]byte("bye"))
	})
	mux.HandleFunc("GET /chunks/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		for range n {
			_, _ = w.Write([]byte(strings.Repeat("x", 1000)))
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(b)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(b)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	host := strings.TrimPrefix(srv.URL, "http://")
	c := &Conn{Addr: host}
	t.Cleanup(c.Close)
	cases := []struct {
		method, path, send string
		status             int
		want               string
	}{
		{"GET", "/plain", "", 200, "hello"},
		{"GET", "/none", "", 204, ""},
		{"GET", "/chunks/3", "", 200, strings.Repeat("x", 3000)},
		{"GET", "/chunks/200", "", 200, strings.Repeat("x", 200_000)},
		{"GET", "/close", "", 200, "bye"},
		{"POST", "/echo", `{"a":1}`, 201, `{"a":1}`},
		{"GET", "/gone", "", 404, "404 page not found\n"},
	}
	for round := range 3 {
		for _, tt := range cases {
			var body []byte
			if tt.send != "" {
				body = []byte(tt.send)
			}
			got, err := c.Call(Body(Request(nil, tt.method, tt.path, "Host: "+host+"\r\n"), body))
			if err != nil || got.Status != tt.status || string(got.Body) != tt.want {
				t.Errorf("round %d, %s: %d %.40q %v, want %d %.40q", round, tt.path, got.Status, got.Body, err, tt.status, tt.want)
			}
		}
	}
	srv.CloseClientConnections()
	if got, err := c.Call(Body(Request(nil, "GET", "/plain", "Host: "+host+"\r\n"), nil)); err != nil || string(got.Body) != "hello" {
		t.Errorf("after the server closed the idle connection: %q %v", got.Body, err)
	}
}

// A server that speaks something else gives an error, neither a hang nor rows.
func TestMalformed(t *testing.T) {
	for _, line := range []string{"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			sock, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = sock.Read(make([]byte, 100))
			_, _ = sock.Write([]byte(line))
			_ = sock.Close()
		}()
		c := &Conn{Addr: l.Addr().String()}
		if got, err := c.Call([]byte("GET / HTTP/1.1\r\n\r\n")); err == nil {
			t.Errorf("%q was taken for %d %q", line, got.Status, got.Body)
		}
		c.Close()
		_ = l.Close()
	}
}
