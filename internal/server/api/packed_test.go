package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What a page waits for goes packed over the wire to whom takes it so, says the same
// either way, and need not be sent again under either form of its tag.
func TestLargeAnswersArePacked(t *testing.T) {
	c := company.Open(t, company.Options{})
	admin := c.As("admin")
	ask := func(path, name, value string) (*http.Response, []byte) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL+"/api/v1"+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+admin.Key())
		req.Header.Set("Accept-Encoding", "identity") // else the client unpacks unasked
		req.Header.Set(name, value)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, b
	}
	for _, path := range []string{"/meta", "/meta/regions"} {
		plain, want := ask(path, "Accept-Encoding", "identity")
		tag := plain.Header.Get("ETag")
		for accept, packed := range map[string]bool{
			"gzip, deflate, br": true, "GZIP": true, "br, gzip;q=0.2": true, "gzip; q=0": false, "gzip;q=0.0": false, "gzip;q=odd": false, "br": false, "": false,
		} {
			res, got := ask(path, "Accept-Encoding", accept)
			if is := res.Header.Get("Content-Encoding") == "gzip"; is != packed || res.Header.Get("Vary") != "Accept-Encoding" || res.Header.Get("ETag") != tag {
				t.Errorf("%s, Accept-Encoding %q: packed %t, headers %v", path, accept, is, res.Header)
				continue
			}
			if packed {
				if len(got)*4 > len(want) {
					t.Errorf("%s: %d bytes packed to %d", path, len(want), len(got))
				}
				zip, err := gzip.NewReader(bytes.NewReader(got))
				if err != nil {
					t.Fatal(err)
				}
				if got, err = io.ReadAll(zip); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s, Accept-Encoding %q: another answer", path, accept)
			}
		}
		for _, known := range []string{tag, strings.TrimPrefix(tag, "W/"), `"other", ` + tag} {
			if res, _ := ask(path, "If-None-Match", known); res.StatusCode != http.StatusNotModified || res.Header.Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: status %d, tag %s", path, known, res.StatusCode, res.Header.Get("ETag"))
			}
		}
		if res, _ := ask(path, "If-None-Match", `"other"`); res.StatusCode != http.StatusOK {
			t.Errorf("%s with a tag of something else: status %d", path, res.StatusCode)
		}
	}
}
