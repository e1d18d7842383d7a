package webui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func builtFiles() fstest.MapFS {
	return fstest.MapFS{
		".keep":                  {Data: nil},
		"index.html":             {Data: []byte("<!doctype html><title>page</title>")},
		"index.html.br":          {Data: []byte("page-br")},
		"index.html.gz":          {Data: []byte("page-gz")},
		"old.html":               {Data: []byte("<p>old browser</p>")},
		"assets/app-1a2b.js":     {Data: []byte("console.info(1)")},
		"assets/app-1a2b.js.br":  {Data: []byte("br")},
		"assets/app-1a2b.js.gz":  {Data: []byte("gz")},
		"assets/logo-3c4d.svg":   {Data: []byte("<svg/>")},
		"assets/data-5e6f.woff2": {Data: []byte("font")},
	}
}

func ask(t *testing.T, h http.Handler, method, target string, header map[string]string) *http.Response {
	t.Helper()
	req := httptest.NewRequest(method, target, nil)
	for name, value := range header {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := res.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}

func TestRouting(t *testing.T) {
	html := map[string]string{"Accept": "text/html,application/xhtml+xml"}
	tests := []struct {
		name, method, target string
		header               map[string]string
		status               int
		contains             string
	}{
		{"root", "GET", "/", nil, 200, "<title>page"},
		{"a place in the page", "GET", "/crm/customer/01ABC?tab=facts", html, 200, "<title>page"},
		{"the page by its file name", "GET", "/index.html", nil, 200, "<title>page"},
		{"an asset", "GET", "/assets/app-1a2b.js", nil, 200, "console.info"},
		{"a plain file beside the page", "GET", "/old.html", nil, 200, "old browser"},
		{"head has no body", "HEAD", "/assets/app-1a2b.js", nil, 200, ""},
		{"a missing asset is not the page", "GET", "/assets/app-gone.js", html, 404, "not found"},
		{"a missing asset without extension", "GET", "/assets/gone", html, 404, "not found"},
		{"a missing file is not the page", "GET", "/favicon.ico", html, 404, "not found"},
		{"the api is not the page", "GET", "/api/v1/nothing", html, 404, "not found"},
		{"a program asking for a place", "GET", "/crm/customer", map[string]string{"Accept": "application/json"}, 404, "not found"},
		{"an encoding under its own name", "GET", "/assets/app-1a2b.js.br", html, 404, "not found"},
		{"the marker of the empty folder", "GET", "/.keep", html, 404, "not found"},
		{"out of the folder", "GET", "/../webui.go", html, 404, "not found"},
		{"a folder is not a file", "GET", "/assets", nil, 404, "not found"},
		{"writing", "POST", "/", nil, 405, "method not allowed"},
	}
	h := handlerFor(builtFiles(), "1.0")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := ask(t, h, tt.method, tt.target, tt.header)
			got := body(t, res)
			if res.StatusCode != tt.status || !strings.Contains(got, tt.contains) {
				t.Fatalf("got %d %q, want %d containing %q", res.StatusCode, got, tt.status, tt.contains)
			}
			if tt.method == "HEAD" && got != "" {
				t.Fatalf("HEAD answered a body: %q", got)
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"} {
				if res.Header.Get(name) == "" {
					t.Errorf("header %s is missing", name)
				}
			}
		})
	}
}

func TestContentSecurityPolicyHasNoInlineScript(t *testing.T) {
	for _, want := range []string{"script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(ContentSecurityPolicy, want) {
			t.Errorf("the policy lacks %q", want)
		}
	}
	if strings.Contains(ContentSecurityPolicy, "unsafe-eval") || strings.Count(ContentSecurityPolicy, "'unsafe-inline'") != 1 {
		t.Errorf("the policy allows more than style attributes: %s", ContentSecurityPolicy)
	}
}

func TestEncodingNegotiation(t *testing.T) {
	tests := []struct{ accept, encoding, body string }{
		{"gzip, deflate, br, zstd", "br", "br"},
		{"gzip", "gzip", "gz"},
		{"br;q=0, gzip;q=0.5", "gzip", "gz"},
		{"*", "br", "br"},
		{"br;q=0, *", "gzip", "gz"},
		{"identity", "", "console.info(1)"},
		{"", "", "console.info(1)"},
		{"gzip;q=nonsense", "", "console.info(1)"},
	}
	h := handlerFor(builtFiles(), "1.0")
	seen := map[string]string{}
	for _, tt := range tests {
		t.Run(tt.accept, func(t *testing.T) {
			res := ask(t, h, "GET", "/assets/app-1a2b.js", map[string]string{"Accept-Encoding": tt.accept})
			if got := res.Header.Get("Content-Encoding"); got != tt.encoding {
				t.Fatalf("encoding %q, want %q", got, tt.encoding)
			}
			if got := body(t, res); got != tt.body {
				t.Fatalf("body %q, want %q", got, tt.body)
			}
			if res.Header.Get("Vary") != "Accept-Encoding" {
				t.Error("Vary is missing: a cache could hand out the wrong encoding")
			}
			seen[res.Header.Get("ETag")] = tt.encoding
		})
	}
	if len(seen) != 3 {
		t.Errorf("three encodings need three entity tags, got %v", seen)
	}
}

func TestCaching(t *testing.T) {
	h := handlerFor(builtFiles(), "1.0")
	for target, want := range map[string]string{
		"/":                     revalidate,
		"/old.html":             revalidate,
		"/assets/app-1a2b.js":   immutable,
		"/assets/logo-3c4d.svg": immutable,
	} {
		res := ask(t, h, "GET", target, nil)
		if got := res.Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q, want %q", target, got, want)
		}
		etag := res.Header.Get("ETag")
		for header, status := range map[string]int{etag: 304, "W/" + etag: 304, `"x", ` + etag: 304, "*": 304, `"other"`: 200} {
			if got := ask(t, h, "GET", target, map[string]string{"If-None-Match": header}).StatusCode; got != status {
				t.Errorf("%s with If-None-Match %s: %d, want %d", target, header, got, status)
			}
		}
	}
	if got := ask(t, h, "GET", "/assets/gone.js", nil).Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a missing asset may be cached: %q", got)
	}
}

func TestContentTypes(t *testing.T) {
	h := handlerFor(builtFiles(), "1.0")
	for target, want := range map[string]string{
		"/":                       "text/html; charset=utf-8",
		"/assets/app-1a2b.js":     "text/javascript; charset=utf-8",
		"/assets/logo-3c4d.svg":   "image/svg+xml",
		"/assets/data-5e6f.woff2": "font/woff2",
	} {
		if got := ask(t, h, "GET", target, nil).Header.Get("Content-Type"); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

func TestWithoutABuild(t *testing.T) {
	h := handlerFor(fstest.MapFS{".keep": {}}, "dev<1>")
	res := ask(t, h, "GET", "/crm/customer", map[string]string{"Accept": "text/html"})
	got := body(t, res)
	if res.StatusCode != 200 || !strings.Contains(got, "make web") || !strings.Contains(got, "dev&lt;1&gt;") {
		t.Fatalf("got %d %q", res.StatusCode, got)
	}
}

// The embedded folder itself: whatever a checkout holds, the root answers a page.
func TestEmbedded(t *testing.T) {
	res := ask(t, Handler("dev"), "GET", "/", nil)
	if res.StatusCode != 200 || !strings.HasPrefix(body(t, res), "<!doctype html>") {
		t.Fatalf("the embedded page does not answer: %d", res.StatusCode)
	}
}
