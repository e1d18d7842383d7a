package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A parameter that a route does not know is refused by every route, and named.
func TestUnknownParametersAreRefusedEverywhere(t *testing.T) {
	c := company.Open(t, company.Options{})
	admin := c.As("admin")
	place := regexp.MustCompile(`\{[a-z]+\}`)
	fill := func(name string) string {
		switch name {
		case "{entity}":
			return "crm.customer"
		case "{name}":
			return "transfer"
		}
		return "0CN4XWZF80001"
	}
	own := strings.NewReplacer("{entity}/{id}/questions/{question}", "crm.pool/0CN4XWZF80001/questions/preview", "reports/{entity}/{report}", "reports/finance.instalment/ageing")
	for _, r := range api.New(api.Options{}).Routes() {
		r.Path = own.Replace(r.Path)
		path := place.ReplaceAllStringFunc(r.Path, fill)
		for query, want := range map[string]string{
			"nonsense=1":           "error.parameter_unknown",
			"If-Match=1":           "error.parameter_unknown", // a header is no parameter of the address
			"nonsense=1&sort=name": "error.parameter_unknown",
		} {
			got := admin.Do(r.Method, path+"?"+query, nil)
			if got.Status != http.StatusBadRequest || got.Str("key") != want {
				t.Errorf("%s %s?%s: %d %.200s", r.Method, path, query, got.Status, got.Body)
			}
		}
	}
	for query, want := range map[string]string{"limit=1&limit=2": "error.parameter_twice", "q=" + url.QueryEscape("\x00"): "error.parameter_value", "q=%zz": "error.parameters"} {
		if got := admin.Get("/records/crm.customer?" + query); got.Status != http.StatusBadRequest || got.Str("key") != want {
			t.Errorf("%s: %d %.200s", query, got.Status, got.Body)
		}
	}
	if got := admin.Get("/nowhere?x=1"); got.Status != http.StatusNotFound {
		t.Errorf("no route: %d", got.Status)
	}
	if got := c.Anonymous().Get("/me?x=1"); got.Status != http.StatusUnauthorized {
		t.Errorf("nobody: %d", got.Status)
	}
}
