// Package webui serves the page that people use: the built files of web/,
// embedded in the binary. Hashed files may be kept by the browser for ever,
// the page itself is asked for again each time, and a missing file is a 404 and
// never the page. A binary built without Node serves a plain page that says how
// to build the real one.
package webui

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed all:dist
var embedded embed.FS

// ContentSecurityPolicy is what the page and every file of it are sent with.
// Scripts and style sheets come from files of this origin only; style attributes
// are set by the libraries that place pop-overs and virtual rows. The one Trusted
// Types policy is made in web/src/lib/trusted.ts.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types default"

const (
	immutable  = "public, max-age=31536000, immutable"
	revalidate = "no-cache"
)

// asset is one file with its encodings; one that the build did not make is nil.
// Their bytes stay where they are embedded: what nobody asks for costs no memory,
// and its entity tag is not worked out.
type asset struct {
	contentType   string
	cacheControl  string
	etag          func() (string, error)
	raw, gzip, br *content
}

// content is where bytes lie.
type content struct {
	open func() (io.ReadCloser, error)
	size int64
}

// Handler returns the handler for everything outside /api. version is the
// program's version; it is shown only where the page has not been built.
func Handler(version string) http.Handler {
	sub, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic("webui: the embedded folder is named by this package: " + err.Error())
	}
	return handlerFor(sub, version)
}

func handlerFor(files fs.FS, version string) http.Handler {
	assets, err := load(files)
	if err != nil {
		panic("webui: an embedded file cannot be read: " + err.Error())
	}
	page, built := assets["index.html"]
	if !built {
		page = notBuilt(version)
	}
	delete(assets, "index.html")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setSecurityHeaders(w.Header())
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		if found, ok := assets[strings.TrimPrefix(r.URL.Path, "/")]; ok {
			found.serve(w, r)
			return
		}
		if isNavigation(r) {
			page.serve(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "not found", http.StatusNotFound)
	})
}

// isNavigation tells whether the request is for a place inside the page rather
// than for a file: its last step has no extension and a browser asks for HTML.
func isNavigation(r *http.Request) bool {
	if r.URL.Path == "/" || r.URL.Path == "/index.html" {
		return true
	}
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/assets/") {
		return false
	}
	return path.Ext(r.URL.Path) == "" && strings.Contains(r.Header.Get("Accept"), "text/html")
}

func setSecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", ContentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
}

// load lists every file. NAME.br and NAME.gz beside NAME are its encodings
// and are not served under their own names.
func load(files fs.FS) (map[string]*asset, error) {
	assets := map[string]*asset{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") || isEncoding(name) {
			return err
		}
		found := newAsset(contentType(name), optional(files, name))
		found.gzip, found.br = optional(files, name+".gz"), optional(files, name+".br")
		if strings.HasPrefix(name, "assets/") {
			found.cacheControl = immutable
		}
		assets[name] = found
		return nil
	})
	return assets, err
}

func newAsset(contentType string, raw *content) *asset {
	return &asset{contentType: contentType, cacheControl: revalidate, raw: raw,
		etag: sync.OnceValues(func() (string, error) { return digest(raw) })}
}

func isEncoding(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

func optional(files fs.FS, name string) *content {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil
	}
	return &content{open: func() (io.ReadCloser, error) { return files.Open(name) }, size: info.Size()}
}

// digest is the entity tag of a content.
func digest(c *content) (string, error) {
	sum := sha256.New()
	if err := c.copyTo(sum); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12]), nil
}

func (c *content) copyTo(w io.Writer) error {
	f, err := c.open()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return errors.Join(err, f.Close())
}

// contentType does not ask the operating system's tables for the kinds that a
// build makes: they differ from machine to machine.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	sum, err := a.etag()
	if err != nil {
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	body, encoding := a.choose(r.Header.Get("Accept-Encoding"))
	etag := `"` + sum + `"`
	if encoding != "" {
		etag = `"` + sum + "-" + encoding + `"`
	}
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", a.cacheControl)
	h.Set("ETag", etag)
	h.Set("Vary", "Accept-Encoding")
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.FormatInt(body.size, 10))
	if r.Method == http.MethodHead {
		return
	}
	// An error here means that the browser went away; nobody is left to tell.
	_ = body.copyTo(w)
}

// choose takes the smallest encoding that the build made and the request accepts.
func (a *asset) choose(acceptEncoding string) (body *content, encoding string) {
	if a.br != nil && accepts(acceptEncoding, "br") {
		return a.br, "br"
	}
	if a.gzip != nil && accepts(acceptEncoding, "gzip") {
		return a.gzip, "gzip"
	}
	return a.raw, ""
}

// accepts reads one coding out of an Accept-Encoding header (RFC 9110 §12.5.3):
// a coding with q=0 is refused, "*" stands for the ones not named.
func accepts(header, coding string) bool {
	wildcard := false
	for _, item := range strings.Split(header, ",") {
		name, parameters, _ := strings.Cut(item, ";")
		allowed := true
		if weight, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q="); ok {
			q, err := strconv.ParseFloat(weight, 64)
			allowed = err == nil && q > 0
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case coding:
			return allowed
		case "*":
			wildcard = allowed
		}
	}
	return wildcard
}

// matches reads If-None-Match by the weak comparison of RFC 9110 §13.1.2.
func matches(header, etag string) bool {
	for _, candidate := range strings.Split(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == "*" || candidate == etag {
			return true
		}
	}
	return false
}

func notBuilt(version string) *asset {
	html := fmt.Sprintf(notBuiltPage, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(version))
	return newAsset("text/html; charset=utf-8", &content{open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(html)), nil }, size: int64(len(html))})
}

const notBuiltPage = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Guanxi</title>
<h1>Guanxi %s</h1>
<p>服务已启动，但这个程序里没有网页。请安装 Node 20 或更新版本，在源代码目录运行 <code>make web</code>，然后重新构建程序。接口 <code>/api/v1</code> 可以照常使用。</p>
<p lang="en">The server is running, but this program was built without the page. Install Node 20 or newer, run <code>make web</code> in the source folder and build the program again. The API at <code>/api/v1</code> works as usual.</p>
</html>
`
