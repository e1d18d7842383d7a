package finance_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A contract in force is changed by a change order: its lines and totals in one
// step, with their history, never below what was paid (SAL-5).
func TestContractsChange(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		newest := func(name string) string {
			return "/records/" + name + "/" + k.Get("/records/" + name + "?sort=-id&limit=1").Items()[0]["id"].(string)
		}
		do := func(at, action string, v row) company.Reply { return k.Post(at+"/actions/"+action, v) }
		customer := post("crm.customer", row{"name": "宁波海运有限公司"})
		valve := post("catalog.product", row{"name": "球阀", "price": "100", "cost": "60", "max_discount": "5"})
		at := "/records/sales.contract/" + post("sales.contract", row{"name": "年度阀门", "customer": customer, "ends_on": "2027-12-31", "discount": "50",
			"items": []row{{"product": valve, "quantity": "10"}, {"name": "备件", "price": "200"}, {"name": "运费", "price": "300"}}})
		do(at, "change", row{"reason": "改数量"}).Want(http.StatusConflict)
		do(at, "submit", row{}).Want(http.StatusOK)
		do(at, "approve", row{}).Want(http.StatusOK)
		do(at, "plan", row{"split": "full", "first_on": "2026-01-01"}).Want(http.StatusOK)
		paid := post("finance.receipt", row{"customer": customer, "amount": "1000", "date": "2026-01-05"})
		do("/records/finance.receipt/"+paid, "confirm", row{}).Want(http.StatusOK)
		do("/records/finance.receipt/"+paid, "settle", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "total", "1450.00", "received", "1000.00", "revision", "1")

		// More of one, another gone, a new one: no approval is needed, and it is done at once.
		do(at, "change", row{"reason": "客户加订"}).Want(http.StatusOK)
		first := newest("sales.change")
		got := k.Get(first)
		company.Holds(t, got, "total", "1450.00", "was_total", "1450.00", "difference", "0.00", "reason", "客户加订", "ends_on", "2027-12-31")
		was := got.JSON()["items"].([]any)
		id := func(i int) any { return was[i].(row)["id"] }
		k.Post("/records/catalog.price_book", row{"name": "新价", "items": []row{{"product": valve, "price": "70"}}}).Want(http.StatusCreated)
		k.Patch(first, row{"ends_on": "2028-06-30", "items": []row{{"id": id(0), "quantity": "20", "price": "99"}, {"id": id(2)}, {"name": "培训", "price": "500"}}}).Want(http.StatusOK)
		company.Holds(t, k.Get(first), "total", "2730.00", "difference", "1280.00")
		do(at, "change", row{"reason": "又一份"}).Want(http.StatusOK)
		second := newest("sales.change")
		do(first, "submit", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(first), "status", "applied", "approval_reason", "")
		now := k.Get(at)
		company.Holds(t, now, "total", "2730.00", "revision", "2", "ends_on", "2028-06-30", "planned", "2730.00", "receivable_open", "1730.00")
		list := now.JSON()["items"].([]any)
		if len(list) != 3 || list[0].(row)["quantity"] != "20" || list[0].(row)["price"] != "99.00" || list[0].(row)["cost"] != "60.00" || list[1].(row)["name"] != "运费" || list[2].(row)["name"] != "培训" {
			t.Errorf("lines %v", list)
		}
		k.Patch(at, row{"items": []row{}}).Want(http.StatusLocked)

		// The other one was begun before that.
		if r := do(second, "submit", row{}).Want(http.StatusConflict); r.Str("key") != "error.change_overtaken" {
			t.Errorf("overtaken: %s", r.Body)
		}
		do(second, "drop", row{}).Want(http.StatusOK)

		// Less needs approval, and never goes below what was paid.
		do(at, "change", row{"reason": "取消"}).Want(http.StatusOK)
		third := newest("sales.change")
		keep := k.Get(third).JSON()["items"].([]any)[1].(row)["id"]
		k.Patch(third, row{"items": []row{{"id": keep}, {"name": "余款", "price": "700"}}}).Want(http.StatusOK)
		do(third, "submit", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(third), "status", "pending", "total", "950.00", "difference", "-1780.00")
		if r := do(third, "approve", row{}).Want(http.StatusConflict); r.Str("key") != "error.below_received" {
			t.Errorf("below what was paid: %s", r.Body)
		}
		company.Holds(t, k.Get(at), "total", "2730.00", "revision", "2")
		do(third, "reject", row{"reason": "已收款"}).Want(http.StatusOK)
		k.Patch(third, row{"items": []row{{"id": keep}, {"name": "余款", "price": "750"}}}).Want(http.StatusOK)
		do(third, "submit", row{}).Want(http.StatusOK)
		do(third, "approve", row{"comment": "同意"}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "total", "1000.00", "revision", "3", "planned", "1000.00", "receivable_open", "0.00", "payment", "paid")
	})
}

// An order is not changed below what went out.
func TestOrdersChange(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		at := "/records/sales.order/" + k.Post("/records/sales.order", row{"customer": customer, "items": []row{{"name": "球阀", "quantity": "10", "price": "5"}, {"name": "法兰", "price": "9"}}}).Want(http.StatusCreated).Str("id")
		k.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		k.Post(at+"/actions/deliver", row{}).Want(http.StatusOK)
		k.Post(at+"/actions/change", row{"reason": "少要"}).Want(http.StatusOK)
		change := "/records/sales.change/" + k.Get("/records/sales.change").Items()[0]["id"].(string)
		line := k.Get(change).JSON()["items"].([]any)[0].(row)["id"]
		k.Patch(change, row{"items": []row{{"id": line}}}).Want(http.StatusOK)
		k.Post(change+"/actions/submit", row{}).Want(http.StatusOK)
		if r := k.Post(change+"/actions/approve", row{}).Want(http.StatusConflict); r.Str("key") != "error.change_delivered" {
			t.Errorf("below what went out: %s", r.Body)
		}
		k.Post(change+"/actions/withdraw", row{}).Want(http.StatusOK)
		now := k.Get(change).JSON()["items"].([]any)
		k.Patch(change, row{"items": []row{{"id": now[0].(row)["id"], "quantity": "12"}, {"name": "法兰", "price": "9"}}}).Want(http.StatusOK)
		k.Post(change+"/actions/submit", row{}).Want(http.StatusConflict)                                                                      // the flange that went out is another line
		k.Post("/records/sales.change", row{"customer": customer, "reason": "没有单子", "items": []row{{"name": "x"}}}).Want(http.StatusForbidden) // only papers are changed
	})
}

// A plan goes with the total of its paper: less is taken off the last
// instalments, one that is not paid goes when nothing of it is left, more comes
// to the last, and what was not planned before is not planned now.
func TestPlansFollowChanges(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		deal := contractOf(t, k, customer, "CNY", "10000")
		at := "/records/sales.contract/" + deal
		act(k, "sales.contract", deal, "plan", row{"split": "s30_60_10", "first_on": "2026-01-31"}).Want(http.StatusOK)
		change := func(amount string) {
			t.Helper()
			act(k, "sales.contract", deal, "change", row{"reason": "改金额"}).Want(http.StatusOK)
			one := k.Get("/records/sales.change?sort=-id&limit=1").Str("items.0.id")
			line := k.Get("/records/sales.change/" + one).Str("items.0.id")
			k.Patch("/records/sales.change/"+one, row{"items": []row{{"id": line, "given_amount": amount}}}).Want(http.StatusOK)
			if act(k, "sales.change", one, "submit", row{}).Want(http.StatusOK); k.Get("/records/sales.change/"+one).Str("status") == "pending" {
				act(k, "sales.change", one, "approve", row{}).Want(http.StatusOK)
			}
			company.Holds(t, k.Get(at), "total", amount+".00", "planned", amount+".00")
		}
		plan := func(want ...string) {
			t.Helper()
			list := k.Get("/records/finance.instalment?sort=term&fields=amount,percent").Want(http.StatusOK).Items()
			for i, one := range list {
				if i >= len(want) || one["amount"] != want[i] {
					t.Errorf("instalment %d is %v, want %v", i, one["amount"], want)
				}
			}
			if len(list) != len(want) {
				t.Errorf("%d instalments, want %v", len(list), want)
			}
		}
		change("9500")
		plan("3000.00", "6000.00", "500.00")
		change("8000")
		plan("3000.00", "5000.00")
		paid := paidIn(k, row{"customer": customer, "contract": deal, "date": "2026-02-01", "amount": "4000"})
		act(k, "finance.receipt", paid, "settle", row{}).Want(http.StatusOK)
		change("4500")
		plan("3000.00", "1500.00")
		change("6000")
		plan("3000.00", "3000.00")
		rest := paidIn(k, row{"customer": customer, "contract": deal, "date": "2026-02-01", "amount": "2000"})
		act(k, "finance.receipt", rest, "settle", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "payment", "paid")
		change("6500")
		plan("3000.00", "3000.00", "500.00")
		company.Holds(t, k.Get(at), "payment", "part", "receivable_open", "500.00")
	})
}
