package sales_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A lead becomes customer, contact and opportunity in one step, or nothing at all.
func TestALeadBecomesADeal(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		k.Post("/customize/entities/crm.lead/fields", row{"key": "batch", "type": "text", "label": row{"zh-CN": "批次", "en": "Batch"}}).Want(http.StatusCreated)
		k.Post("/customize/entities/sales.opportunity/fields", row{"key": "batch", "type": "text", "label": row{"zh-CN": "批次", "en": "Batch"}}).Want(http.StatusCreated)
		other := k.Post("/records/sales.pipeline", row{"name": "项目销售"}).Want(http.StatusCreated).Str("id")
		role := c.Role("keeper", append(entity.Allow("crm.*", access.Own, access.Read, access.Create, access.Update), entity.Allow("sales.*", access.Own, access.Read)...))
		c.Member(company.Person{Login: "keeper", Roles: []int64{role}})
		lead := func(who *company.Client, name string) string {
			return "/records/crm.lead/" + who.Post("/records/crm.lead", row{"company": name, "contact_name": "冯涛", "amount": "240000", "source": "web",
				"demand": "换机床"}).Want(http.StatusCreated).Str("id")
		}
		deals := func() []row { return k.Get("/records/sales.opportunity?sort=id").Items() }

		one := lead(k, "苏州恒远机械有限公司")
		k.Patch(one, row{"batch": "2026-A"}).Want(http.StatusOK)
		k.Post(one+"/actions/convert", row{"opportunity": true, "pipeline": other}).Want(http.StatusUnprocessableEntity) // it has no stages
		company.Holds(t, k.Get(one), "status", "new")
		k.Post(one+"/actions/convert", row{"opportunity": true, "expected_on": "2026-12-31"}).Want(http.StatusOK)
		kept := k.Get(one)
		if n := len(deals()); n != 1 {
			t.Fatalf("%d deals", n)
		}
		company.Holds(t, k.Get("/records/sales.opportunity/"+deals()[0]["id"].(string)), "name", "苏州恒远机械有限公司", "customer.id", kept.Str("customer.id"), "contact.id", kept.Str("contact.id"),
			"lead.id", kept.Str("id"), "owner.id", kept.Str("owner.id"), "amount", "240000.00", "expected_on", "2026-12-31", "source", "web", "demand", "换机床", "batch", "2026-A", "stage.label", "初步接触")

		two := lead(k, "昆山模具有限公司")
		k.Post(two+"/actions/convert", row{"opportunity": true, "opportunity_name": "添机床", "amount": "128000"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.opportunity/"+deals()[1]["id"].(string)), "name", "添机床", "amount", "128000.00")
		three := lead(k, "常熟纺机有限公司")
		k.Post(three+"/actions/convert", row{"opportunity_name": "没有要"}).Want(http.StatusOK)

		keeper := c.As("keeper").With("If-Match", "*")
		four := lead(keeper, "太仓港务有限公司")
		keeper.Post(four+"/actions/convert", row{"opportunity": true}).Want(http.StatusForbidden)
		company.Holds(t, keeper.Get(four), "status", "new")
		if n := len(deals()); n != 2 {
			t.Errorf("%d deals", n)
		}
	})
}
