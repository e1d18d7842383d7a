package finance_test

import (
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type row = map[string]any

// act does something to a record, whatever its version.
func act(k *company.Client, entity, id, action string, input row) company.Reply {
	return k.With("If-Match", "*").Post("/records/"+entity+"/"+id+"/actions/"+action, input)
}

// contractOf makes an active contract over an amount.
func contractOf(t *testing.T, k *company.Client, customer, currency, amount string) string {
	t.Helper()
	id := k.Post("/records/sales.contract", row{"name": "供货合同", "customer": customer, "currency": currency, "signed_on": "2026-01-05",
		"items": []row{{"name": "设备", "quantity": "1", "given_amount": amount}}}).Want(http.StatusCreated).Str("id")
	for _, step := range []string{"submit", "approve", "activate"} {
		act(k, "sales.contract", id, step, row{}).Want(http.StatusOK)
	}
	return id
}

// A contract is planned, paid in two receipts, one settlement is taken back.
func TestFromPlanToSettlement(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		deal := contractOf(t, k, customer, "CNY", "100000.01")
		act(k, "sales.contract", deal, "plan", row{"split": "s30_60_10", "first_on": "2026-01-31"}).Want(http.StatusOK)
		plan := k.Get("/records/finance.instalment?sort=term&filter=contract%20==%20%22" + deal + "%22").Want(http.StatusOK)
		company.Holds(t, plan, "items.0.amount", "30000.00", "items.1.amount", "60000.01", "items.2.amount", "10000.00",
			"items.0.due_on", "2026-01-31", "items.1.due_on", "2026-02-28", "items.2.due_on", "2026-03-31", "items.1.kind", "stage", "items.1.open", "60000.01")
		act(k, "sales.contract", deal, "plan", row{"split": "full", "first_on": "2026-05-01"}).Want(http.StatusConflict)
		k.Post("/records/finance.instalment", row{"customer": customer, "contract": deal, "due_on": "2026-05-01", "amount": "0.01"}).Want(http.StatusUnprocessableEntity)

		first := k.Post("/records/finance.receipt", row{"customer": customer, "contract": deal, "date": "2026-02-01", "amount": "50000", "charges": "20", "bank_reference": "ICBC-1"}).
			Want(http.StatusCreated)
		company.Holds(t, first, "status", "draft", "arrived", "49980.00", "open", "50000.00")
		k.Post("/records/finance.receipt", row{"customer": customer, "amount": "1", "bank_reference": "ICBC-1"}).Want(http.StatusConflict)
		act(k, "finance.receipt", first.Str("id"), "settle", row{}).Want(http.StatusConflict) // not confirmed
		act(k, "finance.receipt", first.Str("id"), "confirm", row{}).Want(http.StatusOK)
		settled := act(k, "finance.receipt", first.Str("id"), "settle", row{"date": "2026-02-02"}).Want(http.StatusOK)
		company.Holds(t, settled, "settled", "50000.00", "open", "0.00")
		plan = k.Get("/records/finance.instalment?sort=term").Want(http.StatusOK)
		company.Holds(t, plan, "items.0.status", "paid", "items.0.open", "0.00", "items.1.status", "part", "items.1.received", "20000.00", "items.1.open", "40000.01", "items.2.status", "open")
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "payment", "part", "planned", "100000.01", "received", "50000.00", "receivable_open", "50000.01")
		company.Holds(t, k.Get("/records/crm.customer/"+customer), "receivable_open", "50000.01")

		second := k.Post("/records/finance.receipt", row{"customer": customer, "date": "2026-03-01", "amount": "60000", "bank_reference": "ICBC-2"}).Want(http.StatusCreated).Str("id")
		act(k, "finance.receipt", second, "confirm", row{}).Want(http.StatusOK)
		one, two := plan.Str("items.1.id"), plan.Str("items.2.id")
		act(k, "finance.receipt", second, "settle", row{"instalment": one, "amount": "40000.02"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.receipt", second, "settle", row{"instalment": one, "amount": "40000", "cash_discount": "1"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.receipt", second, "settle", row{"instalment": one, "amount": "39999.01", "cash_discount": "1.00", "date": "2026-02-01"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.receipt", second, "settle", row{"instalment": one, "amount": "39000.01", "cash_discount": "1000"}).Want(http.StatusOK)
		act(k, "finance.receipt", second, "settle", row{"instalment": two}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.receipt/"+second), "settled", "49000.01", "open", "10999.99")
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "payment", "paid", "receivable_open", "0.00")

		list := k.Get("/records/finance.settlement?sort=id&fields=amount,charges,credit,cash_discount").Want(http.StatusOK)
		company.Holds(t, list, "items.0.amount", "30000.00", "items.0.charges", "12.00", "items.1.charges", "8.00", "items.2.credit", "40000.01", "items.2.cash_discount", "1000.00")
		k.With("If-Match", "*").Patch("/records/finance.settlement/"+list.Str("items.0.id"), row{"amount": "1"}).Want(http.StatusLocked)
		k.With("If-Match", "*").Do("DELETE", "/records/finance.settlement/"+list.Str("items.0.id"), nil).Want(http.StatusLocked)
		act(k, "finance.settlement", list.Str("items.2.id"), "reverse", row{"reason": "认错了款"}).Want(http.StatusOK)
		act(k, "finance.settlement", list.Str("items.2.id"), "reverse", row{"reason": "再来"}).Want(http.StatusConflict)
		company.Holds(t, k.Get("/records/finance.instalment/"+one), "open", "40000.01", "received", "20000.00", "status", "part")
		company.Holds(t, k.Get("/records/finance.receipt/"+second), "settled", "10000.00", "open", "50000.00")
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "payment", "part", "receivable_open", "40000.01")
		act(k, "finance.receipt", second, "reopen", row{}).Want(http.StatusConflict)
		k.With("If-Match", "*").Do("DELETE", "/records/crm.customer/"+customer, nil).Want(http.StatusConflict)

		act(k, "finance.instalment", one, "write_off", row{"reason": "客户破产", "amount": "40"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.instalment/"+one), "open", "39960.01")
	})
}

// Money of one currency pays what is owed in another: the difference of the
// rates is kept in the company's own.
func TestExchangeDifference(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "Hamburg Maschinen GmbH"}).Want(http.StatusCreated).Str("id")
		owed := k.Post("/records/finance.instalment", row{"customer": customer, "currency": "USD", "rate": "7.1", "amount": "1000", "due_on": "2026-03-01", "booked_on": "2026-01-01"}).
			Want(http.StatusCreated)
		company.Holds(t, owed, "amount_base", "7100.00", "open_base", "7100.00")
		came := k.Post("/records/finance.receipt", row{"customer": customer, "currency": "USD", "rate": "7.2", "amount": "333.33", "date": "2026-02-01"}).Want(http.StatusCreated).Str("id")
		act(k, "finance.receipt", came, "confirm", row{}).Want(http.StatusOK)
		act(k, "finance.receipt", came, "settle", row{"instalment": owed.Str("id")}).Want(http.StatusOK)
		// 333.33 × 7.2 = 2399.976 → 2399.98; 333.33 × 7.1 = 2366.643 → 2366.64
		company.Holds(t, k.Get("/records/finance.settlement?fields=credit_base,paid_base,difference"), "items.0.credit_base", "2366.64", "items.0.paid_base", "2399.98", "items.0.difference", "33.34")
		other := k.Post("/records/finance.receipt", row{"customer": customer, "currency": "CNY", "amount": "5000", "date": "2026-02-10"}).Want(http.StatusCreated).Str("id")
		act(k, "finance.receipt", other, "confirm", row{}).Want(http.StatusOK)
		act(k, "finance.receipt", other, "settle", row{"instalment": owed.Str("id")}).Want(http.StatusOK)
		// 666.67 USD at 7.1 take 4733.36 CNY; the rest of the booked amount goes with it
		company.Holds(t, k.Get("/records/finance.instalment/"+owed.Str("id")), "open", "0.00", "open_base", "0.00", "received_base", "7100.00", "status", "paid")
		company.Holds(t, k.Get("/records/finance.receipt/"+other), "settled", "4733.36", "open", "266.64")
		for _, s := range k.Get("/records/finance.settlement?sort=-id").Items() {
			act(k, "finance.settlement", s["id"].(string), "reverse", row{"reason": "重做"}).Want(http.StatusOK)
		}
		company.Holds(t, k.Get("/records/finance.instalment/"+owed.Str("id")), "open", "1000.00", "open_base", "7100.00", "received_base", "0.00", "status", "open")
		company.Holds(t, k.Get("/records/finance.receipt/"+other), "open", "5000.00", "settled", "0.00", "settled_base", "0.00")
	})
}

// What is dated in a closed period changes no more.
func TestClosedPeriod(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		owed := k.Post("/records/finance.instalment", row{"customer": customer, "amount": "100", "due_on": "2026-03-01", "booked_on": "2026-01-15"}).Want(http.StatusCreated).Str("id")
		month := k.Post("/records/finance.period", row{"name": "2026 年 1 月", "starts_on": "2026-01-01", "ends_on": "2026-01-31"}).Want(http.StatusCreated).Str("id")
		act(k, "finance.period", month, "close", row{}).Want(http.StatusOK)
		k.Post("/records/finance.receipt", row{"customer": customer, "amount": "5", "date": "2026-01-31"}).Want(http.StatusLocked)
		k.Post("/records/finance.receipt", row{"customer": customer, "amount": "5", "date": "2026-02-01"}).Want(http.StatusCreated)
		at := k.With("If-Match", "*")
		at.Patch("/records/finance.instalment/"+owed, row{"amount": "90"}).Want(http.StatusLocked)
		at.Patch("/records/finance.instalment/"+owed, row{"due_on": "2026-04-01"}).Want(http.StatusOK)
		at.Do("DELETE", "/records/finance.instalment/"+owed, nil).Want(http.StatusLocked)
		act(k, "finance.period", month, "reopen", row{"reason": "漏记"}).Want(http.StatusOK)
		at.Patch("/records/finance.instalment/"+owed, row{"amount": "90"}).Want(http.StatusOK)
	})
}
