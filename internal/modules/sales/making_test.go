package sales_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Papers follow from each other with their lines, and each says which was before
// it and which came of it (SAL-4, SAL-5, SAL-6).
func TestPapersFollowFromEachOther(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		post("catalog.rate", row{"currency": k.Get("/records/catalog.currency?filter=code%20%3D%3D%20%22USD%22").Items()[0]["id"], "date": "2020-01-01", "rate": "7"})
		customer := post("crm.customer", row{"name": "宁波海运有限公司"})
		contact := post("crm.contact", row{"name": "张海", "customer": customer})
		crane := post("catalog.product", row{"name": "吊机", "price": "500000", "cost": "300000"})
		deal := post("sales.opportunity", row{"name": "港口吊机", "customer": customer, "contact": contact, "currency": "USD",
			"items": []row{{"product": crane, "quantity": "2", "price": "70000", "discount": "3", "remark": "含安装"}, {"name": "备件", "price": "10.5"}}})
		one := func(name string) company.Reply {
			list := k.Get("/records/" + name + "?sort=-id&limit=1").Items()
			if len(list) == 0 {
				t.Fatalf("no %s", name)
			}
			return k.Get("/records/" + name + "/" + list[0]["id"].(string))
		}

		k.Post("/records/sales.opportunity/"+deal+"/actions/make_quote", row{}).Want(http.StatusOK)
		quote := one("sales.quote")
		company.Holds(t, quote, "name", "港口吊机", "customer.id", customer, "contact.id", contact, "currency", "USD", "rate", "7.0000", "opportunity.id", deal, "total", "135810.50", "status", "draft")
		if l := lines(quote)[0]; l["discount"] != "3" || l["remark"] != "含安装" || l["cost"] != "300000.00" {
			t.Errorf("the line is %v", l)
		}
		at := "/records/sales.quote/" + quote.Str("id")
		k.Post(at+"/actions/submit", row{}).Want(http.StatusOK)
		k.Post(at+"/actions/accept", row{"make": "contract"}).Want(http.StatusOK)
		contract := k.Get("/records/sales.contract/" + k.Get(at).Str("contract.id"))
		company.Holds(t, contract, "quote.id", quote.Str("id"), "opportunity.id", deal, "total", "135810.50")
		at = "/records/sales.contract/" + contract.Str("id")
		k.Post(at+"/actions/make_order", row{}).Want(http.StatusConflict)
		for _, a := range []string{"submit", "approve", "make_order"} {
			k.Post(at+"/actions/"+a, row{}).Want(http.StatusOK)
		}
		company.Holds(t, one("sales.order"), "contract.id", contract.Str("id"), "quote.id", quote.Str("id"), "opportunity.id", deal, "total", "135810.50", "currency", "USD")
		k.Post("/records/sales.opportunity/"+deal+"/actions/make_contract", row{}).Want(http.StatusOK)
		company.Holds(t, one("sales.contract"), "name", "港口吊机", "opportunity.id", deal, "total", "135810.50", "status", "draft", "quote.id", "")

		// Nobody makes by the way what he may not make.
		role := c.Role("asker", append(entity.Allow("sales.opportunity", access.All, access.Read, access.Update), entity.Allow("crm.*", access.All, access.Read)...))
		c.Member(company.Person{Login: "xiaowang", Roles: []int64{role}})
		r := c.As("xiaowang").With("If-Match", "*").Post("/records/sales.opportunity/"+deal+"/actions/make_quote", row{}).Want(http.StatusForbidden)
		if r.Str("key") != "error.forbidden" {
			t.Errorf("refused by %s", r.Body)
		}
	})
}
