package api_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A currency that an administrator adds is on every paper at once (PLT-21).
func TestCurrencyIsAddedOnce(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		customer := admin.Post("/records/crm.customer", map[string]any{"name": "Auckland Tools Ltd"}).Want(http.StatusCreated).Str("id")
		unit := admin.Post("/records/catalog.currency", map[string]any{"code": "NZD", "name": "新西兰元"}).Want(http.StatusCreated).Str("id")
		admin.Post("/records/catalog.rate", map[string]any{"currency": unit, "rate": "4.2", "date": "2020-01-01"}).Want(http.StatusCreated)
		papers := map[string]map[string]any{
			"sales.quote":        {"customer": customer, "currency": "NZD", "items": []map[string]any{{"name": "Drill", "quantity": "2", "price": "10"}}},
			"finance.receipt":    {"customer": customer, "currency": "NZD", "amount": "20"},
			"catalog.price_book": {"name": "NZ", "currency": "NZD"},
			"finance.instalment": {"customer": customer, "currency": "NZD", "amount": "20", "due_on": "2026-12-01"},
			"sales.opportunity":  {"customer": customer, "name": "Drills", "currency": "NZD"},
		}
		for entity, body := range papers {
			admin.Post("/records/"+entity, body).Want(http.StatusUnprocessableEntity)
		}
		admin.Patch("/customize/entities/catalog.price_book/fields/currency", map[string]any{"settings": map[string]any{
			"options": []map[string]any{{"code": "NZD", "label": zh("新西兰元")}}}}).Want(http.StatusOK)
		for entity, body := range papers {
			admin.Post("/records/"+entity, body).Want(http.StatusCreated)
		}
		admin.Post("/reports/finance.instalment/ageing", map[string]any{"by": "currency"}).Want(http.StatusOK)
	})
}
