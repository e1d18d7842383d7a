package finance_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What an action did is taken back as a whole, with what it made: the record
// stands as it stood, and the answer says that something was done.
func TestActionsAreTakenBack(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(entity string, v row) string {
			return k.Post("/records/"+entity, v).Want(http.StatusCreated).Str("id")
		}
		state := func(at, field string) string { return k.Get(at).Want(http.StatusOK).Str(field) }
		who := post("crm.customer", row{"name": "苏州恒远机械有限公司"})
		items := []row{{"name": "设备", "price": "1000"}, {"name": "安装", "price": "10"}}
		count := func(entity string) int { return len(k.Get("/records/" + entity).Want(http.StatusOK).Items()) }
		// try takes an action back and holds the record to what it was.
		try := func(entity, id, action string, input row, field string, made ...string) {
			t.Helper()
			at := "/records/" + entity + "/" + id
			was := state(at, field)
			there := map[string]int{}
			for _, one := range made {
				there[one] = count(one)
			}
			done := act(k, entity, id, action, input).Want(http.StatusOK)
			undo := k.Post("/changesets/"+done.Str("changeset")+"/undo", nil).Want(http.StatusOK)
			if undo.Str("undone") == "0" || undo.Str("conflicts.0.reason") != "" {
				t.Errorf("%s of %s taken back: %s", action, entity, undo.Body)
			}
			if now := state(at, field); now != was && (was != "" || now != "0.00") { // a sum of nothing
				t.Errorf("%s of %s taken back: %s is %q, was %q", action, entity, field, now, was)
			}
			for _, one := range made {
				if n := count(one); n != there[one] {
					t.Errorf("%s of %s taken back: %d of %s, were %d", action, entity, n, one, there[one])
				}
			}
			act(k, entity, id, action, input).Want(http.StatusOK)
		}
		quote := post("sales.quote", row{"customer": who, "items": items})
		try("sales.quote", quote, "submit", row{}, "status")
		try("sales.quote", quote, "send", row{}, "sent_at")
		try("sales.quote", quote, "accept", row{"make": "both"}, "contract.id", "sales.contract", "sales.order")
		other := post("sales.quote", row{"customer": who, "items": items})
		act(k, "sales.quote", other, "submit", row{}).Want(http.StatusOK)
		try("sales.quote", other, "revise", row{}, "status", "sales.quote")
		deal := state("/records/sales.quote/"+quote, "contract.id")
		try("sales.contract", deal, "submit", row{}, "status")
		try("sales.contract", deal, "approve", row{}, "status")
		try("sales.contract", deal, "activate", row{}, "status")
		try("sales.contract", deal, "plan", row{"split": "s30_70", "first_on": "2026-01-31"}, "planned", "finance.instalment")
		try("sales.contract", deal, "change", row{"reason": "加订"}, "status", "sales.change")
		try("sales.contract", deal, "renew", row{}, "status", "sales.contract")
		paid := post("finance.receipt", row{"customer": who, "contract": deal, "date": "2026-02-01", "amount": "500"})
		try("finance.receipt", paid, "confirm", row{}, "status")
		try("finance.receipt", paid, "settle", row{}, "settled", "finance.settlement")
		settled := k.Get("/records/finance.settlement?sort=-id&limit=1").Want(http.StatusOK).Str("items.0.id")
		try("finance.settlement", settled, "reverse", row{"reason": "认错"}, "status", "finance.settlement")
		try("crm.customer", who, "statement", row{}, "name", "finance.statement")
		owed := k.Get("/records/finance.instalment?filter=status%20!=%20%22paid%22&limit=1").Want(http.StatusOK).Str("items.0.id")
		try("finance.instalment", owed, "write_off", row{"reason": "破产", "amount": "1"}, "written_off", "finance.settlement")
		try("finance.instalment", owed, "pause_dunning", row{"reason": "已承诺", "until": "2099-01-01"}, "dunning_paused_until")
		try("sales.contract", deal, "terminate", row{"reason": "违约"}, "status")
	})
}
