package sales_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What an order costs beside its lines comes in its own currency, after the order
// was confirmed too, and is taken off what is earned (SAL-9).
func TestOrdersHaveCosts(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		post("catalog.rate", row{"currency": k.Get("/records/catalog.currency?filter=code%20%3D%3D%20%22USD%22").Items()[0]["id"], "date": "2020-01-01", "rate": "7"})
		customer := post("crm.customer", row{"name": "宁波海运有限公司"})
		valve := post("catalog.product", row{"name": "球阀", "price": "113", "cost": "60", "tax_rate": "13"})
		made := k.Post("/records/sales.order", row{"customer": customer, "items": []row{{"product": valve, "quantity": "10"}}, "costs": []row{{"kind": "freight", "amount": "50"}}}).Want(http.StatusCreated)
		at := "/records/sales.order/" + made.Str("id")
		company.Holds(t, k.Get(at), "net_base", "1000.00", "cost_base", "600.00", "costs_base", "50.00", "costing", "estimated", "margin_base", "350.00", "margin_rate", "35")
		k.Patch("/records/catalog.product/"+valve, row{"cost": "90"}).Want(http.StatusOK)
		k.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		k.Patch(at, row{"items": []row{}}).Want(http.StatusLocked)
		freight := k.Get(at).JSON()["costs"].([]any)[0].(row)["id"]
		k.Patch(at, row{"costs": []row{{"id": freight, "amount": "48.5", "actual": true}, {"kind": "commission", "currency": "USD", "amount": "10", "actual": true}, {"kind": "bank", "currency": "USD", "amount": "1", "rate": "7.1", "actual": true}}}).Want(http.StatusOK)
		// 48.50 + 70.00 + 7.10; what the lines cost is what it was then.
		company.Holds(t, k.Get(at), "costs_base", "125.60", "costing", "actual", "cost_base", "600.00", "margin_base", "274.40", "margin_rate", "27.44")
		k.Patch(at, row{"costs": []row{{"currency": "EUR", "amount": "1"}}}).Want(http.StatusUnprocessableEntity)
		k.Patch(at, row{"costs": []row{}}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "costs_base", "0.00", "costing", "none", "margin_base", "400.00")
		k.Patch(at, row{"costs": []row{{"kind": "commission", "amount": "33.33", "payee": "某某中间人"}}}).Want(http.StatusOK)

		// Who does not see what lines cost sees none of it.
		seller := c.Role("blind", append(entity.Allow("sales.*", access.All, access.Read, access.Update), entity.Allow("crm.*", access.All, access.Read)...),
			access.FieldGrant{Entity: "sales.order", Field: "cost_base", Level: schema.Hidden}, access.FieldGrant{Entity: "sales.order", Field: "margin_base", Level: schema.Hidden})
		c.Member(company.Person{Login: "xiaowang", Roles: []int64{seller}})
		wang := c.As("xiaowang").With("If-Match", "*")
		for what, r := range map[string]company.Reply{
			"the order": wang.Get(at).Want(http.StatusOK), "a list": wang.Get("/records/sales.order"), "a change": wang.Patch(at, row{"remark": "x"}).Want(http.StatusOK),
			"a change of them": wang.Patch(at, row{"costs": []row{}}), "a sum": wang.Post("/records/sales.order/aggregate", row{"measures": []string{"sum:costs_base"}}),
			"a filter": wang.Get("/records/sales.order?filter=costs_base%20%3E%200"), "by itself": wang.Get("/records/sales.order_cost"), "the timeline": wang.Get(at + "/timeline"),
		} {
			if body := r.Text(); strings.Contains(body, "33.33") || strings.Contains(body, "中间人") || strings.Contains(body, `"costs_base":"`) || strings.Contains(body, "costing\":\"") {
				t.Errorf("%s tells: %s", what, body)
			}
		}
		company.Holds(t, k.Get(at), "costs_base", "33.33")
	})
}
