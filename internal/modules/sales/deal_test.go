package sales_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type row = map[string]any

// From a customer's need to an order, over the API as the administrator.
func TestFromNeedToOrder(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		product := k.Post("/records/catalog.product", row{"name": "数控机床", "spec": "CK6140", "price": "128000", "cost": "90000", "tax_rate": "13",
			"max_discount": "10"}).Want(http.StatusCreated).Str("id")

		deal := k.Post("/records/sales.opportunity", row{"name": "二号车间改造", "customer": customer, "expected_on": "2026-06-30",
			"items": []row{{"product": product, "quantity": "2"}}}).Want(http.StatusCreated)
		company.Holds(t, deal, "state", "open", "stage.label", "初步接触", "win_rate", "10", "amount", "256000.00", "weighted", "25600.00")

		quote := k.Post("/records/sales.quote", row{"customer": customer, "opportunity": deal.Str("id"), "valid_until": "2099-01-01", "discount": "1000",
			"items": []row{{"product": product, "quantity": "2", "discount": "5"}, {"name": "安装调试", "quantity": "1", "price": "3000", "tax_rate": "6"}}}).Want(http.StatusCreated)
		// 256000 × 0.95 = 243200; 243200 + 3000 − 1000 = 245200, tax included.
		company.Holds(t, quote, "amount", "246200.00", "discount_total", "1000.00", "total", "245200.00", "status", "draft", "currency", "CNY", "total_base", "245200.00")
		if quote.Str("net") == "" || quote.Str("cost_base") != "" {
			t.Errorf("net %s, cost %s: the cost of a line is not known", quote.Str("net"), quote.Str("cost_base"))
		}

		at := "/records/sales.quote/" + quote.Str("id")
		k.With("If-Match", "*").Post(at+"/actions/submit", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "status", "approved")
		k.With("If-Match", "*").Patch(at, row{"discount": "2000"}).Want(http.StatusLocked)
		k.With("If-Match", "*").Patch(at, row{"items": []row{}}).Want(http.StatusLocked)
		k.With("If-Match", "*").Patch(at, row{"remark": "请尽快"}).Want(http.StatusOK)
		k.With("If-Match", "*").Post(at+"/actions/accept", row{"make": "both"}).Want(http.StatusOK)
		quote = k.Get(at)
		contract := k.Get("/records/sales.contract/" + quote.Str("contract.id")).Want(http.StatusOK)
		company.Holds(t, contract, "total", "245200.00", "status", "draft", "customer.id", customer)
		order := k.Get("/records/sales.order/" + quote.Str("order.id")).Want(http.StatusOK)
		company.Holds(t, order, "total", "245200.00", "contract.id", contract.Str("id"), "delivery", "none")

		at = "/records/sales.order/" + order.Str("id")
		k.With("If-Match", "*").Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		k.With("If-Match", "*").Post(at+"/actions/deliver", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "status", "confirmed", "delivery", "full")

		k.With("If-Match", "*").Post("/records/sales.opportunity/"+deal.Str("id")+"/actions/win", row{"reason": "price"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.opportunity/"+deal.Str("id")), "state", "won", "stage.label", "赢单", "win_rate", "100", "win_reason", "price")
		visits := k.Get("/records/sales.stage_visit?sort=id").Items()
		if len(visits) != 2 || visits[0]["left_at"] == nil || visits[1]["left_at"] != nil {
			t.Errorf("history of the stages: %v", visits)
		}
	})
}
