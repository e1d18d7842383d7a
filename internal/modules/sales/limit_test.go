package sales_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What goes below the limits of product, category, price book or role waits for
// somebody who may decide it, and says which lines and by how much (SAL-9).
func TestLimitsOfDiscounts(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		all := append(entity.Allow("sales.*", access.All, access.Read, access.Create, access.Update, access.Approve), entity.Allow("crm.*", access.All, access.Read)...)
		all = append(all, entity.Allow("catalog.*", access.All, access.Read)...)
		seller, manager := c.Role("seller", all), c.Role("manager", all)
		c.Member(company.Person{Login: "xiaowang", Roles: []int64{seller}})
		c.Member(company.Person{Login: "laoli", Roles: []int64{seller, manager}})
		k.Patch("/records/org.role/"+id.ID(seller).String(), row{"max_discount": "8"}).Want(http.StatusOK)
		k.Patch("/records/org.role/"+id.ID(manager).String(), row{"max_discount": "25"}).Want(http.StatusOK)

		pumps := post("catalog.category", row{"name": "泵", "max_discount": "5"})
		small := post("catalog.category", row{"name": "小泵", "parent": pumps})
		pump := post("catalog.product", row{"name": "水泵", "price": "100", "category": small})
		motor := post("catalog.product", row{"name": "电机", "price": "200", "category": pumps, "max_discount": "15"})
		valve := post("catalog.product", row{"name": "阀门", "price": "50"})
		post("catalog.price_book", row{"name": "促销", "items": []row{{"product": valve, "quantity_from": "10", "price": "40", "max_discount": "2"}}})
		customer := post("crm.customer", row{"name": "宁波海运有限公司"})

		wang, li := c.As("xiaowang").With("If-Match", "*"), c.As("laoli").With("If-Match", "*")
		submitted := func(who *company.Client, items ...row) company.Reply {
			at := "/records/sales.quote/" + who.Post("/records/sales.quote", row{"customer": customer, "items": items}).Want(http.StatusCreated).Str("id")
			who.Post(at+"/actions/submit", row{}).Want(http.StatusOK)
			return who.Get(at)
		}
		for _, x := range []struct {
			what   string
			who    *company.Client
			item   row
			status string
			reason string
		}{
			{"as the category allows", li, row{"product": pump, "discount": "5"}, "approved", ""},
			{"more than the category above allows", li, row{"product": pump, "discount": "6"}, "pending", "水泵 6% > 5%"},
			{"the product before its category", li, row{"product": motor, "discount": "15"}, "approved", ""},
			{"a price below the catalog's", li, row{"product": motor, "price": "150"}, "pending", "电机 25% > 15%"},
			{"a price above it, discounted", li, row{"product": motor, "price": "400", "discount": "20"}, "pending", "电机 20% > 15%"},
			{"the book before the product", li, row{"product": valve, "quantity": "10", "discount": "3"}, "pending", "阀门 3% > 2%"},
			{"what only the role limits", li, row{"product": valve, "quantity": "1", "discount": "25"}, "approved", ""},
			{"the role before the product", wang, row{"product": motor, "discount": "10"}, "pending", "电机 10% > 8%"},
			{"within both", wang, row{"product": motor, "discount": "8"}, "approved", ""},
		} {
			got := submitted(x.who, x.item)
			if got.Str("status") != x.status || got.Str("approval_reason") != x.reason {
				t.Errorf("%s: %s because of %q", x.what, got.Str("status"), got.Str("approval_reason"))
			}
		}

		// A discount on the whole counts with the lines' own, and who decides answers for his own limit.
		quote := wang.Post("/records/sales.quote", row{"customer": customer, "discount": "30", "items": []row{{"product": motor, "discount": "5"}, {"name": "运费", "price": "10"}}}).Want(http.StatusCreated).Str("id")
		at := "/records/sales.quote/" + quote
		wang.Post(at+"/actions/submit", row{}).Want(http.StatusOK)
		company.Holds(t, wang.Get(at), "status", "pending", "approval_reason", "电机 19.25% > 8%; 运费 15% > 8%")
		if r := wang.Post(at+"/actions/approve", row{}).Want(http.StatusForbidden); r.Str("key") != "error.approve_above" {
			t.Errorf("refused by %s", r.Body)
		}
		li.Post(at+"/actions/approve", row{"comment": "老客户"}).Want(http.StatusOK)
		wang.Post(at+"/actions/accept", row{"make": "both"}).Want(http.StatusOK)

		// What was approved as a quote needs no second approval as an order; a lower price does.
		contract := "/records/sales.contract/" + wang.Get(at).Str("contract.id")
		wang.Post(contract+"/actions/submit", row{}).Want(http.StatusOK)
		company.Holds(t, wang.Get(contract), "status", "pending", "approval_reason", "电机 19.25% > 8%; 运费 15% > 8%")
		order := "/records/sales.order/" + wang.Get(at).Str("order.id")
		wang.Post(order+"/actions/confirm", row{}).Want(http.StatusOK)
		company.Holds(t, wang.Get(order), "status", "confirmed", "approval_reason", "")
		wang.Post(order+"/actions/reopen", row{}).Want(http.StatusOK)
		wang.Patch(order, row{"discount": "40"}).Want(http.StatusOK)
		wang.Post(order+"/actions/confirm", row{}).Want(http.StatusOK)
		company.Holds(t, wang.Get(order), "status", "pending", "approval_reason", "电机 24% > 8%; 运费 20% > 8%")
		wang.Patch(order, row{"discount": "0"}).Want(http.StatusLocked)
		li.Post(order+"/actions/approve", row{}).Want(http.StatusOK)
		company.Holds(t, wang.Get(order), "status", "confirmed", "approved_by.label", "laoli")
	})
}
