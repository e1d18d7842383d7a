package finance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// paidIn hands a receipt in and confirms it.
func paidIn(k *company.Client, fields row) string {
	n := k.Post("/records/finance.receipt", fields).Want(http.StatusCreated).Str("id")
	act(k, "finance.receipt", n, "confirm", row{}).Want(http.StatusOK)
	return n
}

// A statement tells every document of its span, currency by currency, and comes
// to what ageing says less what is paid beforehand; so do refunds, bad debts and
// what of them was recovered.
func TestStatement(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		who := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		act(k, "crm.customer", who, "statement", row{}).Want(http.StatusConflict) // nothing passed
		owed := func(amount, day, currency string) string {
			return k.Post("/records/finance.instalment", row{"customer": who, "amount": amount, "currency": currency, "rate": "7", "booked_on": day, "due_on": day}).Want(http.StatusCreated).Str("id")
		}
		first, second, abroad := owed("1000", "2026-01-10", "CNY"), owed("500.55", "2026-02-10", "CNY"), owed("100", "2026-02-11", "USD")
		came := paidIn(k, row{"customer": who, "date": "2026-02-20", "amount": "1200"})
		act(k, "finance.receipt", came, "settle", row{"instalment": first, "amount": "900", "cash_discount": "50", "date": "2026-02-21"}).Want(http.StatusOK)
		act(k, "finance.receipt", came, "settle", row{"instalment": abroad, "amount": "20", "date": "2026-02-22"}).Want(http.StatusOK) // 140 CNY
		company.Holds(t, k.Get("/records/finance.receipt/"+came), "settled", "1040.00", "open", "160.00")
		act(k, "finance.receipt", came, "refund", row{"amount": "160.01", "reason": "多付"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.receipt", came, "refund", row{"amount": "60", "reason": "多付", "date": "2026-02-25", "bank_reference": "R-1"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.receipt/"+came), "refunded", "60.00", "open", "100.00", "open_base", "100.00")
		act(k, "finance.instalment", second, "write_off", row{"reason": "破产", "date": "2026-02-26"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.instalment/"+second), "written_off", "500.55", "open", "0.00")
		act(k, "finance.receipt", came, "recover", row{"instalment": second, "amount": "100.01", "date": "2026-02-27"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.receipt", came, "recover", row{"instalment": second, "date": "2026-02-27"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.instalment/"+second), "written_off", "400.55", "open", "0.00", "received", "500.55", "status", "paid")
		company.Holds(t, k.Get("/records/finance.receipt/"+came), "open", "0.00", "open_base", "0.00")

		got := k.Post("/reports/finance.instalment/statement", row{"customer": who, "from": "2026-02-01", "until": "2026-02-28"}).Want(http.StatusOK)
		file := string(k.Post("/reports/finance.instalment/statement/csv", row{"customer": who, "from": "2026-02-01", "until": "2026-02-28"}).Want(http.StatusOK).Body)
		if !strings.Contains(file, ",摘要,") || !strings.Contains(file, ",期初余额,") || strings.Contains(file, "开票金额") {
			t.Errorf("the file does not say what its rows are, or has a column of nothing:\n%s", file)
		}
		want := []string{"CNY opening  1000.00", "CNY owed 2026-02-10 1500.55", "CNY received 2026-02-20 300.55", "CNY discount 2026-02-21 250.55", "CNY across 2026-02-22 390.55",
			"CNY refunded 2026-02-25 450.55", "CNY bad_debt 2026-02-26 -50.00", "CNY bad_debt 2026-02-27 50.00", "CNY closing  50.00",
			"USD opening  0.00", "USD owed 2026-02-11 100.00", "USD across 2026-02-22 80.00", "USD closing  80.00"}
		rows := got.JSON()["rows"].([]any)
		for i, one := range rows {
			r := one.(map[string]any)
			day := r["date"]
			if r["document"] == nil {
				day = ""
			}
			if line := fmt.Sprintf("%v %v %v %v", r["currency"], r["kind"], day, r["balance"]); i >= len(want) || line != want[i] {
				t.Errorf("line %d is %q", i, line)
			}
		}
		if len(rows) != len(want) {
			t.Errorf("%d lines, want %d", len(rows), len(want))
		}
		act(k, "crm.customer", who, "statement", row{"from": "2026-02-01", "until": "2026-02-28"}).Want(http.StatusOK)
		list := k.Get("/records/finance.statement").Want(http.StatusOK)
		made := "/records/finance.statement/" + list.Str("items.0.id")
		company.Holds(t, k.Get(made), "customer.id", who, "balances.0.closing", "50.00", "balances.1.closing", "80.00", "balances.0.debit", "700.55", "items.12.balance", "80.00", "status", "draft")
		k.With("If-Match", "*").Patch(made, row{"ends_on": "2026-03-31"}).Want(http.StatusConflict)
		act(k, "finance.statement", list.Str("items.0.id"), "sent", row{}).Want(http.StatusOK)
		act(k, "finance.statement", list.Str("items.0.id"), "confirm", row{"confirmed_by": "王会计"}).Want(http.StatusOK)
		k.With("If-Match", "*").Do("DELETE", made, nil).Want(http.StatusConflict)

		age := k.Post("/reports/finance.instalment/ageing", row{"customer": who, "date": "2026-02-28", "by": "currency"}).Want(http.StatusOK)
		company.Holds(t, age, "rows.0.total", "50.00", "rows.1.total", "80.00")

		// A refund that was cancelled leaves the money with the receipt again.
		back := k.Get("/records/finance.refund").Str("items.0.id")
		act(k, "finance.refund", back, "cancel", row{"reason": "没退成"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.receipt/"+came), "refunded", "0.00", "open", "60.00")
	})
}
