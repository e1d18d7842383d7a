package sales_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// stages gives the ids of the stages of the first pipeline by their names.
func stages(k *company.Client) map[string]string {
	out := map[string]string{}
	for _, s := range k.Get("/records/sales.stage").Items() {
		out[s["name"].(string)] = s["id"].(string)
	}
	return out
}

// What a stage asks for, what it begins, and who is told (SAL-1, SAL-2).
func TestStagesHaveRules(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		at := stages(k)
		k.Patch("/records/sales.stage/"+at["方案报价"], row{"needs": []string{"amount", "expected_on"}, "tasks": "准备方案\n\n约技术交流\n", "score": 60}).Want(http.StatusOK)
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		deal := k.Post("/records/sales.opportunity", row{"name": "港口吊机", "customer": customer}).Want(http.StatusCreated)
		self := "/records/sales.opportunity/" + deal.Str("id")

		r := k.Patch(self, row{"stage": at["方案报价"]}).Want(http.StatusUnprocessableEntity)
		if len(r.JSON()["errors"].([]any)) != 2 {
			t.Errorf("what is missing: %s", r.Body)
		}
		k.Patch(self, row{"stage": at["输单"]}).Want(http.StatusUnprocessableEntity) // nobody said why
		k.Patch(self, row{"amount": "500000", "expected_on": "2027-01-31", "win_rate": "15"}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "weighted", "75000.00")

		k.Patch(self, row{"score": 59}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "初步接触", "win_rate", "15")
		k.Patch(self, row{"score": 60}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "方案报价", "win_rate", "50", "weighted", "250000.00")
		if tasks := k.Get("/records/work.task?sort=id").Items(); len(tasks) != 2 || tasks[0]["title"] != "准备方案" || tasks[1]["title"] != "约技术交流" {
			t.Errorf("tasks of the stage: %v", tasks)
		}
		if told := k.Get("/records/org.reminder?filter=state%20%3D%3D%20%22due%22").Items(); len(told) != 1 || told[0]["title"] != "港口吊机 → 方案报价" {
			t.Errorf("told: %v", told)
		}
		k.Patch(self, row{"score": 90}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "方案报价")

		k.Post(self+"/actions/lose", row{"reason": "price"}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "state", "lost", "stage.label", "输单", "weighted", "0.00", "loss_reason", "price")
		k.Post(self+"/actions/reopen", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "state", "open", "stage.label", "初步接触", "closed_on", "", "loss_reason", "")
	})
}

// A note about a deal or its papers stands with the deal, and says when it goes on.
func TestNotesStandWithTheDeal(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		deal := k.Post("/records/sales.opportunity", row{"name": "港口吊机", "customer": customer}).Want(http.StatusCreated).Str("id")
		quote := k.Post("/records/sales.quote", row{"customer": customer, "opportunity": deal, "items": []row{{"name": "吊机", "price": "1"}}}).Want(http.StatusCreated).Str("id")
		note := k.Post("/records/crm.follow_up", row{"about": "sales.quote:" + quote, "content": "嫌贵", "next_follow_on": "2099-01-01"}).Want(http.StatusCreated)
		company.Holds(t, note, "opportunity.id", deal, "customer.id", customer)
		got := k.Get("/records/sales.opportunity/" + deal)
		company.Holds(t, got, "next_follow_on", "2099-01-01")
		if got.Str("last_followed_at") == "" {
			t.Errorf("never followed: %s", got.Body)
		}
	})
}
