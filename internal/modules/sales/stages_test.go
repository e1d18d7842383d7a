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

// With a scoring model deals are scored by its rules and go to the stage that
// their score reaches, as far as what it asks for is there; the owner is told
// (SAL-2). It says why.
func TestScoresMoveDeals(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		at := stages(k)
		k.Patch("/records/sales.stage/"+at["需求确认"], row{"score": 30}).Want(http.StatusOK)
		k.Patch("/records/sales.stage/"+at["方案报价"], row{"score": 60, "needs": []string{"expected_on"}}).Want(http.StatusOK)
		model := k.Post("/records/sales.opportunity_score_model", row{"name": "标准"}).Want(http.StatusCreated).Str("id")
		for name, rule := range map[string][2]any{"大单": {"amount >= 100000", 40}, "在谈": {"last_followed_at is not null", 30}, "老客户": {`kind == "repeat"`, 20}} {
			k.Post("/records/sales.opportunity_score_rule", row{"name": name, "model": model, "condition": rule[0], "points": rule[1]}).Want(http.StatusCreated)
		}
		k.Post("/records/sales.opportunity_score_rule", row{"name": "错", "model": model, "condition": "customer.name == \"x\"", "points": 1}).Want(http.StatusUnprocessableEntity)
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		deal := k.Post("/records/sales.opportunity", row{"name": "港口吊机", "customer": customer, "score": 99}).Want(http.StatusCreated)
		self := "/records/sales.opportunity/" + deal.Str("id")
		company.Holds(t, deal, "score", "0", "stage.label", "初步接触")

		k.Patch(self, row{"amount": "500000"}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "score", "40", "stage.label", "需求确认", "win_rate", "30")
		k.Post("/records/crm.follow_up", row{"about": "sales.opportunity:" + deal.Str("id"), "content": "电话"}).Want(http.StatusCreated)
		company.Holds(t, k.Get(self), "score", "70", "stage.label", "需求确认")
		k.Patch(self, row{"expected_on": "2027-01-31"}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "score", "70", "stage.label", "方案报价", "win_rate", "50")
		if told := k.Get("/records/org.reminder?filter=kind%20%3D%3D%20%22moment%22").Items(); len(told) != 1 || told[0]["title"] != "港口吊机 → 需求确认" {
			t.Errorf("told: %v", told)
		}
		why := k.Post(self+"/questions/why_score", row{}).Want(http.StatusOK)
		company.Holds(t, why, "rows.0.rule.label", "大单", "rows.0.points", "40", "rows.0.counts", "true", "rows.2.rule.label", "老客户", "rows.2.counts", "false")

		other := k.Get("/records/sales.opportunity_score_rule?filter=name%20%3D%3D%20%22%E5%A4%A7%E5%8D%95%22").Str("items.0.id")
		k.Patch("/records/sales.opportunity_score_rule/"+other, row{"points": 5}).Want(http.StatusOK)
		if err := c.App.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		company.Holds(t, k.Get(self), "score", "35", "stage.label", "方案报价") // nobody goes back by a score
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
