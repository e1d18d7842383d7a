package sales_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A quote holds for so many days from its date, as many as the field's default
// says, unless its last day is given; both go along with each other.
func TestQuotesHoldForDays(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		who := k.Post("/records/crm.customer", map[string]any{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		made := func(more map[string]any) (string, company.Reply) {
			body := map[string]any{"customer": who, "date": "2026-01-10", "items": []map[string]any{{"name": "设备", "price": "1"}}}
			for key, v := range more {
				body[key] = v
			}
			r := k.Post("/records/sales.quote", body).Want(http.StatusCreated)
			return "/records/sales.quote/" + r.Str("id"), r
		}
		at, quote := made(nil)
		company.Holds(t, quote, "valid_days", "30", "valid_until", "2026-02-09")
		company.Holds(t, k.Patch(at, map[string]any{"date": "2026-01-20"}).Want(http.StatusOK), "valid_until", "2026-02-19")
		company.Holds(t, k.Patch(at, map[string]any{"valid_days": 10}).Want(http.StatusOK), "valid_until", "2026-01-30")
		company.Holds(t, k.Patch(at, map[string]any{"valid_until": "2026-01-25"}).Want(http.StatusOK), "valid_days", "5")
		company.Holds(t, k.Patch(at, map[string]any{"valid_until": nil}).Want(http.StatusOK), "valid_days", "", "valid_until", "")
		_, said := made(map[string]any{"valid_until": "2026-01-17"})
		company.Holds(t, said, "valid_days", "7", "valid_until", "2026-01-17")
		k.Patch("/customize/entities/sales.quote/fields/valid_days", map[string]any{"default": "15"}).Want(http.StatusOK)
		_, later := made(nil)
		company.Holds(t, later, "valid_days", "15", "valid_until", "2026-01-25")
	})
}
