package analysis_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What products leave is told in the company's own currency: lines of foreign
// orders count at the rates of their orders, as the margin of the orders does.
func TestMarginOfProductsAbroad(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		pump := k.Post("/records/catalog.product", row{"name": "水泵", "cost": "60"}).Want(http.StatusCreated).Str("id")
		pipe := k.Post("/records/catalog.product", row{"name": "水管", "cost": "20"}).Want(http.StatusCreated).Str("id")
		who := k.Post("/records/crm.customer", row{"name": "远航贸易有限公司"}).Want(http.StatusCreated).Str("id")
		for _, o := range []row{
			{"date": "2031-02-03", "currency": "CNY"}, {"date": "2031-02-28", "currency": "USD", "rate": "7.123457"}, {"date": "2031-03-01", "currency": "USD", "rate": "7.2"},
		} {
			o["customer"], o["tax_included"] = who, false
			o["items"] = []row{{"product": pump, "name": "水泵", "quantity": "3", "given_amount": "100.01", "tax_rate": "0"}}
			if o["currency"] == "USD" {
				o["items"] = append(o["items"].([]row), row{"product": pipe, "name": "水管", "quantity": "1", "given_amount": "50", "tax_rate": "0"})
			}
			made := k.Post("/records/sales.order", o).Want(http.StatusCreated).Str("id")
			k.Post("/records/sales.order/"+made+"/actions/confirm", row{}).Want(http.StatusOK)
		}
		ask := func(report, by string) ([]any, []any) {
			answer := k.Post("/reports/sales.order/"+report, row{"by": by, "period": "all"}).Want(http.StatusOK).JSON()
			return answer["rows"].([]any), answer["totals"].([]any)
		}
		// 100.01 + 100.01 × 7.123457 + 100.01 × 7.2, and 50 × 7.123457 + 50 × 7.2
		rows, totals := ask("product_margin", "product")
		want := map[string][2]string{"水泵": {"1532.50", "540"}, "水管": {"716.17", "40"}}
		for _, one := range rows {
			r := one.(row)
			name := r["product"].(row)["label"].(string)
			if rat(r["net_base"].(string)).Cmp(rat(want[name][0])) != 0 || rat(r["cost_base"].(string)).Cmp(rat(want[name][1])) != 0 {
				t.Errorf("%s: %v", name, r)
			}
		}
		if len(rows) != 2 || rat(totals[0].(row)["net_base"].(string)).Cmp(rat("2248.67")) != 0 {
			t.Errorf("%d rows, %v in all", len(rows), totals)
		}
		// The margin of the orders comes to the same, month by month.
		of, _ := ask("margin", "month")
		months, _ := ask("product_margin", "month")
		for i := range of {
			for _, key := range []string{"time", "net_base", "cost_base", "margin_base", "margin_rate"} {
				if of[i].(row)[key] != months[i].(row)[key] {
					t.Errorf("%s: %v of orders, %v of products", key, of[i], months[i])
				}
			}
		}
	})
}
