package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A company numbers the program's own papers in its own way, and no number is
// given twice: not one that was imported, not after the form was changed (PLT-16).
func TestNumberingOfBuiltInPapers(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		customer := admin.Post("/records/crm.customer", map[string]any{"name": "编号公司"}).Want(201).Str("id")
		made := func(body map[string]any) string {
			t.Helper()
			body["customer"], body["amount"], body["method"] = customer, "100", "transfer"
			return admin.Post("/records/finance.receipt", body).Want(201).Str("number")
		}
		number := func(settings map[string]any) company.Reply {
			return admin.Patch("/customize/entities/finance.receipt/fields/number", map[string]any{"settings": map[string]any{"number": settings}})
		}
		now := time.Now().In(time.FixedZone("", 8*3600))
		month, year := now.Format("200601"), now.Format("2006")
		want := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		want("as declared", made(map[string]any{}), "SK"+month+"0001")
		// Numbers of another system stand before and behind the sequence.
		want("given", made(map[string]any{"number": "SK" + month + "0007"}), "SK"+month+"0007")
		want("behind the given", made(map[string]any{}), "SK"+month+"0008")
		want("another's form", made(map[string]any{"number": "SK" + month + "-9"}), "SK"+month+"-9")
		made(map[string]any{"number": "收-" + year + "-x"})
		made(map[string]any{"number": "收-" + year + "041"})
		want("unmoved", made(map[string]any{}), "SK"+month+"0009")

		number(map[string]any{"prefix": "收-", "date": "YYYY", "digits": 3, "reset": "year"}).Want(200)
		want("of one's own form", made(map[string]any{}), "收-"+year+"042")
		want("the next", made(map[string]any{}), "收-"+year+"043")
		number(map[string]any{"prefix": "SK", "date": "YYYYMM", "digits": 4, "reset": "never"}).Want(200)
		want("back, and never anew", made(map[string]any{}), "SK"+month+"0010")
		for _, bad := range []map[string]any{{"reset": "month", "date": "YYYY"}, {"reset": "day", "date": "YYYYMM"}, {"reset": "year", "date": ""}} {
			if r := number(bad).Want(422); !strings.Contains(string(r.Body), "error.setting_number_reset") {
				t.Errorf("%v: %s", bad, r.Body)
			}
		}
		got := admin.Get("/customize/entities/finance.receipt").Want(200)
		if !strings.Contains(string(got.Body), `"numbering":{"prefix":"SK","date":"YYYYMM","digits":4,"reset":"never"}`) {
			t.Errorf("definition: %s", got.Body)
		}
	})
}
