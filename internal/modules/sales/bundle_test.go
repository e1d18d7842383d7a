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

// lines are those of a record's answer.
func lines(r company.Reply) (out []row) {
	list, _ := r.JSON()["items"].([]any)
	for _, one := range list {
		line, _ := one.(row)
		out = append(out, line)
	}
	return out
}

// A bundle becomes lines of its parts, its price split to the cent; one that is
// kept is a line whose cost is that of its parts (SAL-3).
func TestBundles(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		customer := post("crm.customer", row{"name": "宁波海运有限公司"})
		disk := post("catalog.product", row{"name": "硬盘", "price": "10", "cost": "6", "tax_rate": "13"})
		screen := post("catalog.product", row{"name": "显示器", "price": "20", "cost": "12", "tax_rate": "13"})
		setup := post("catalog.product", row{"name": "安装", "kind": "service", "price": "10", "cost": "1", "tax_rate": "6"})
		parts := []row{{"product": disk, "quantity": "3"}, {"product": screen}, {"product": setup, "quantity": "0.5"}}
		set := post("catalog.product", row{"name": "办公套餐", "kind": "bundle", "price": "100", "parts": parts})
		k.Post("/records/catalog.product", row{"name": "不是套餐", "parts": parts}).Want(http.StatusUnprocessableEntity)
		k.Post("/records/catalog.product", row{"name": "套餐的套餐", "kind": "bundle", "parts": []row{{"product": set}}}).Want(http.StatusUnprocessableEntity)
		k.Patch("/records/catalog.product/"+disk, row{"kind": "bundle"}).Want(http.StatusUnprocessableEntity)

		quote := k.Post("/records/sales.quote", row{"customer": customer, "items": []row{{"name": "运费", "price": "7", "tax_rate": "0"}, {"product": set, "quantity": "3", "discount": "10"}, {"name": "保险", "price": "1", "tax_rate": "0"}}}).Want(http.StatusCreated)
		// 3 × 100 − 10 % = 270, by 30 : 20 : 5: 147.27, 98.18, 24.55
		quote = k.Get("/records/sales.quote/" + quote.Str("id"))
		company.Holds(t, quote, "total", "278.00", "amount", "278.00")
		var got []string
		for _, l := range lines(quote) {
			got = append(got, l["name"].(string)+" "+l["quantity"].(string)+" "+l["amount"].(string)+" "+l["tax_rate"].(string))
		}
		if want := "运费 1 7.00 0|硬盘 9 147.27 13|显示器 3 98.18 13|安装 1.5 24.55 6|保险 1 1.00 0"; strings.Join(got, "|") != want {
			t.Errorf("lines %s", strings.Join(got, "|"))
		}
		if b, _ := lines(quote)[1]["bundle"].(row); b["label"] != "办公套餐" {
			t.Errorf("of %v", lines(quote)[1]["bundle"])
		}
		at := "/records/sales.quote/" + quote.Str("id")
		k.Patch(at, row{"discount": "8"}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "total", "270.00")
		k.Post(at+"/actions/submit", row{}).Want(http.StatusOK)
		k.Post(at+"/actions/accept", row{"make": "order"}).Want(http.StatusOK)
		order := k.Get("/records/sales.order/" + k.Get(at).Str("order.id"))
		if company.Holds(t, order, "total", "270.00"); len(lines(order)) != 5 {
			t.Errorf("ordered %v", lines(order))
		}

		k.Patch("/records/catalog.product/"+set, row{"as_one": true, "price": nil}).Want(http.StatusOK)
		kept := k.Post("/records/sales.order", row{"customer": customer, "items": []row{{"product": set, "quantity": "2"}}}).Want(http.StatusCreated)
		company.Holds(t, kept, "total", "110.00", "cost_base", "61.00")
		if l := lines(kept); len(l) != 1 || l[0]["price"] != "55.00" || l[0]["cost"] != "30.50" {
			t.Errorf("kept as %v", l)
		}
	})
}

// What suppliers ask is for those who see costs: for nobody else is it there,
// and he takes nothing away that he does not see.
func TestSupplierPricesAreCosts(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		seller := c.Role("outside", entity.Allow("catalog.*", access.All, access.Read, access.Update), access.FieldGrant{Entity: "catalog.product", Field: "cost", Level: schema.Hidden})
		buyer := c.Role("inside", entity.Allow("catalog.*", access.All, access.Read, access.Update))
		c.Member(company.Person{Login: "xiaowang", Roles: []int64{seller}})
		c.Member(company.Person{Login: "caigou", Roles: []int64{buyer}})
		at := "/records/catalog.product/" + k.Post("/records/catalog.product", row{"name": "硬盘", "price": "10", "cost": "6",
			"supplier_prices": []row{{"supplier": "绝密供应商", "price": "5.5", "currency": "USD", "note": "含税"}}}).Want(http.StatusCreated).Str("id")
		wang, li := c.As("xiaowang").With("If-Match", "*"), c.As("caigou").With("If-Match", "*")
		if body := string(li.Get(at).Want(http.StatusOK).Body); !strings.Contains(body, "绝密供应商") {
			t.Errorf("who buys sees %s", body)
		}
		for what, r := range map[string]company.Reply{
			"the record": wang.Get(at), "its lines": wang.Get(at + "?fields=name,supplier_prices"), "a change": wang.Patch(at, row{"name": "硬盘一"}),
			"a change of them": wang.Patch(at, row{"supplier_prices": []row{}}), "a preview": wang.Post("/records/catalog.product/preview", row{"values": row{"supplier_prices": []row{{"supplier": "x"}}}}),
			"the timeline": wang.Get(at + "/timeline"), "the metadata": wang.Get("/meta"), "lines by themselves": wang.Get("/records/catalog.supplier_price"),
		} {
			if body := r.Text(); strings.Contains(body, "绝密") || strings.Contains(body, "5.50") || what == "the metadata" && strings.Contains(body, `"supplier_prices"`) {
				t.Errorf("%s tells: %s", what, body)
			}
		}
		if got := li.Get(at).JSON()["supplier_prices"].([]any); len(got) != 1 {
			t.Errorf("left: %v", got)
		}
	})
}
