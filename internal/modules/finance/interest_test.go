package finance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What is paid late bears interest day by day by the rules, or by the contract's
// own rate; it is tried out, charged once, owed and settled like everything
// else, and taken back.
func TestInterest(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		who := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		owed := func(more row) string {
			fields := row{"customer": who, "amount": "10000", "booked_on": "2026-01-01", "due_on": "2026-01-10"}
			for key, v := range more {
				fields[key] = v
			}
			return k.Post("/records/finance.instalment", fields).Want(http.StatusCreated).Str("id")
		}
		first := owed(row{})
		abroad := owed(row{"currency": "JPY", "rate": "0.05", "amount": "100000"})
		dry := func(until, by string) company.Reply {
			return k.Post("/reports/finance.instalment/interest", row{"until": until, "by": by}).Want(http.StatusOK)
		}
		if n := len(dry("2026-03-01", "instalment").JSON()["rows"].([]any)); n != 0 {
			t.Errorf("without a rule %d bear interest", n)
		}
		charge := func(until string) company.Reply {
			return act(k, "crm.customer", who, "charge_interest", row{"until": until})
		}
		company.Holds(t, charge("2026-03-01").Want(http.StatusConflict), "key", "error.interest_nothing")
		k.Post("/records/finance.interest_rule", row{"name": "一般", "rate": "14.6", "grace_days": 5, "starts_on": "2026-01-01", "ends_on": "2025-12-31"}).Want(http.StatusUnprocessableEntity)
		k.Post("/records/finance.interest_rule", row{"name": "一般", "rate": "14.6", "grace_days": 5, "starts_on": "2026-01-01", "cap": "20", "least": "1"}).Want(http.StatusCreated)
		k.Post("/records/finance.interest_rule", row{"name": "日元", "rate": "0.05", "per": "day", "currency": "JPY", "starts_on": "2026-01-01", "counts_from": "grace", "grace_days": 10}).Want(http.StatusCreated)

		// 4,000 are paid on the fifth day after, in time for the days of grace; 1,000 on the 20th.
		came := paidIn(k, row{"customer": who, "date": "2026-01-15", "amount": "5000"})
		act(k, "finance.receipt", came, "settle", row{"instalment": first, "amount": "4000", "date": "2026-01-15"}).Want(http.StatusOK)
		act(k, "finance.receipt", came, "settle", row{"instalment": first, "amount": "1000", "date": "2026-01-20"}).Want(http.StatusOK)
		if n := len(dry("2026-01-15", "instalment").JSON()["rows"].([]any)); n != 0 {
			t.Errorf("within the days of grace %d bear interest", n)
		}
		parts := dry("2026-02-09", "part")
		company.Holds(t, parts, // 10 days of 6,000 and 20 of 5,000 at 14.6 %; of yen 20 days at 0.05 %, whole ones
			"rows.0.base", "6000.00", "rows.0.days", "10", "rows.0.interest", "24.00", "rows.0.rule.label", "一般", "rows.0.starts_on", "2026-01-10",
			"rows.1.base", "5000.00", "rows.1.days", "20", "rows.1.interest", "40.00", "rows.1.per", "365",
			"rows.2.base", "100000.00", "rows.2.days", "20", "rows.2.interest", "1000.00", "rows.2.starts_on", "2026-01-20", "rows.2.per", "1",
			"totals.0.interest", "64.00", "totals.1.interest", "1000.00")
		company.Holds(t, dry("2026-02-09", "customer"), "rows.0.customer.id", who, "rows.0.interest", "64.00", "rows.0.open", "5000.00", "rows.1.currency", "JPY", "rows.1.interest", "1000.00")

		company.Holds(t, charge("2999-01-01").Want(http.StatusUnprocessableEntity), "key", "error.interest_future")
		charge("2026-02-09").Want(http.StatusOK)
		made := k.Get("/records/finance.interest?sort=currency").Want(http.StatusOK)
		at := "/records/finance.interest/" + made.Str("items.0.id")
		company.Holds(t, k.Get(at), "total", "64.00", "open", "64.00", "currency", "CNY", "status", "charged", "items.0.days", "10", "items.0.base", "6000.00", "items.0.amount", "24.00",
			"items.1.amount", "40.00", "items.1.rate", "14.6", "items.1.instalment.id", first)
		company.Holds(t, made, "items.1.total", "1000.00")
		company.Holds(t, charge("2026-02-09").Want(http.StatusConflict), "key", "error.interest_nothing") // these days are charged
		company.Holds(t, dry("2026-02-14", "instalment"), "rows.0.charged", "64.00", "rows.0.days", "5", "rows.0.interest", "10.00", "rows.0.starts_on", "2026-02-09")

		// It is owed like everything else, and stands in the statement under its name.
		list := k.Get("/records/finance.instalment?filter=kind%20==%20%22interest%22%20and%20currency%20==%20%22CNY%22").Want(http.StatusOK)
		debt := list.Str("items.0.id")
		company.Holds(t, k.Get("/records/finance.instalment/"+debt), "amount", "64.00", "interest_charge.id", made.Str("items.0.id"))
		k.With("If-Match", "*").Patch("/records/finance.instalment/"+debt, row{"amount": "1"}).Want(http.StatusConflict)
		company.Holds(t, k.With("If-Match", "*").Do("DELETE", "/records/finance.instalment/"+debt, nil).Want(http.StatusConflict), "key", "error.interest_stands")
		k.With("If-Match", "*").Do("DELETE", at, nil).Want(http.StatusLocked)
		statement := k.Post("/reports/finance.instalment/statement", row{"customer": who}).Want(http.StatusOK)
		if !strings.Contains(string(statement.Body), `"kind":"interest"`) {
			t.Errorf("the statement says nothing of interest: %s", statement.Body)
		}
		company.Holds(t, k.Post("/reports/finance.instalment/ageing", row{"by": "currency"}).Want(http.StatusOK), "rows.0.total", "5064.00", "rows.1.total", "101000.00")

		// What is settled is not taken back; what is not goes, and its days are free.
		paid := paidIn(k, row{"customer": who, "date": "2026-03-01", "amount": "64"})
		act(k, "finance.receipt", paid, "settle", row{"instalment": debt, "date": "2026-03-01"}).Want(http.StatusOK)
		company.Holds(t, act(k, "finance.interest", made.Str("items.0.id"), "cancel", row{"reason": "算错"}).Want(http.StatusConflict), "key", "error.instalment_settled")
		company.Holds(t, k.Get(at), "received", "64.00", "open", "0.00")
		yen := made.Str("items.1.id")
		act(k, "finance.interest", yen, "cancel", row{"reason": "客户申诉"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.interest/"+yen), "status", "cancelled", "open", "0.00", "cancel_reason", "客户申诉")
		company.Holds(t, k.Get("/records/finance.instalment/"+abroad), "open", "100000.00")
		company.Holds(t, dry("2026-02-09", "customer"), "rows.1.interest", "1000.00")

		// A charge is taken back as a whole by undoing it, too; and again.
		again := k.Post("/records/finance.interest", row{"customer": who, "currency": "JPY", "until": "2026-02-09"}).Want(http.StatusCreated)
		undo := k.Post("/changesets/"+again.Str("changeset")+"/undo", nil).Want(http.StatusOK)
		if undo.Str("conflicts.0.reason") != "" {
			t.Errorf("undo: %s", undo.Body)
		}
		k.Get("/records/finance.interest/" + again.Str("id")).Want(http.StatusNotFound)
		company.Holds(t, dry("2026-02-09", "customer"), "rows.1.interest", "1000.00")
		company.Holds(t, k.Post("/changesets/"+undo.Str("changeset")+"/undo", nil).Want(http.StatusOK), "conflicts.0.reason", "error.interest_gone")
		k.Post("/records/finance.interest", row{"customer": who, "currency": "JPY", "until": "2026-02-09", "items": []row{{}}}).Want(http.StatusUnprocessableEntity)
		k.Post("/records/finance.interest", row{"customer": who, "currency": "JPY", "until": "2026-02-09", "due_on": "2026-01-01"}).Want(http.StatusUnprocessableEntity)

		// Nothing is written into a closed period, nor taken out of one.
		period := k.Post("/records/finance.period", row{"name": "二月", "starts_on": "2026-02-01", "ends_on": "2026-02-28"}).Want(http.StatusCreated).Str("id")
		early := k.Post("/records/finance.interest", row{"customer": who, "currency": "JPY", "until": "2026-02-09", "date": "2026-02-10", "due_on": "2026-02-20"}).Want(http.StatusCreated).Str("id")
		act(k, "finance.period", period, "close", row{}).Want(http.StatusOK)
		act(k, "finance.interest", early, "cancel", row{"reason": "晚了"}).Want(http.StatusLocked)
		k.Post("/records/finance.interest", row{"customer": who, "until": "2026-02-20", "date": "2026-02-21", "due_on": "2026-02-28"}).Want(http.StatusLocked)
	})
}

// A contract's own rate goes before the rules, without any too; a cap and a
// least amount bound what comes up; money that was too little is charged later.
func TestInterestByContract(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		who := k.Post("/records/crm.customer", row{"name": "无锡精密制造有限公司", "level": "a"}).Want(http.StatusCreated).Str("id")
		made := k.Post("/records/sales.contract", row{"name": "供货合同", "customer": who, "signed_on": "2026-01-05", "late_rate": "0.05", "items": []row{{"name": "设备", "given_amount": "20000"}}}).
			Want(http.StatusCreated)
		company.Holds(t, made, "late_rate", "0.05", "late_per", "day")
		for _, step := range []string{"submit", "approve", "activate"} {
			act(k, "sales.contract", made.Str("id"), step, row{}).Want(http.StatusOK)
		}
		k.Post("/records/finance.instalment", row{"customer": who, "contract": made.Str("id"), "amount": "20000", "booked_on": "2026-01-05", "due_on": "2026-02-01"}).Want(http.StatusCreated)
		dry := func(until string) company.Reply {
			return k.Post("/reports/finance.instalment/interest", row{"until": until, "customer": who, "by": "instalment"}).Want(http.StatusOK)
		}
		company.Holds(t, dry("2026-02-11"), "rows.0.days", "10", "rows.0.interest", "100.00", "rows.0.rate", "0.05", "rows.0.per", "1")
		rule := k.Post("/records/finance.interest_rule", row{"name": "一级客户", "rate": "10", "basis": "360", "level": "a", "starts_on": "2026-01-01", "grace_days": 10, "cap": "0.75", "least": "120"}).
			Want(http.StatusCreated).Str("id")
		if n := len(dry("2026-02-11").JSON()["rows"].([]any)); n != 0 {
			t.Errorf("the rule's days of grace hold for the contract's rate too: %d rows", n)
		}
		company.Holds(t, dry("2026-02-12"), "rows.0.interest", "0.00", "rows.0.note", "small", "rows.0.days", "11")
		company.Holds(t, dry("2026-02-13"), "rows.0.interest", "120.00")
		company.Holds(t, dry("2026-02-17"), "rows.0.interest", "150.00", "rows.0.note", "capped")
		k.Post("/records/finance.interest", row{"customer": who, "until": "2026-02-13"}).Want(http.StatusCreated)
		company.Holds(t, dry("2026-03-17"), "rows.0.interest", "0.00", "rows.0.charged", "120.00", "rows.0.note", "small") // 30.00 are left below the cap: less than is worth it
		k.With("If-Match", "*").Patch("/records/finance.interest_rule/"+rule, row{"least": nil}).Want(http.StatusOK)
		company.Holds(t, dry("2026-03-17"), "rows.0.interest", "30.00", "rows.0.note", "capped")
		other := k.Post("/records/finance.instalment", row{"customer": who, "amount": "36000", "booked_on": "2026-01-01", "due_on": "2026-02-01"}).Want(http.StatusCreated).Str("id")
		company.Holds(t, k.Post("/reports/finance.instalment/interest", row{"until": "2026-02-14", "customer": who, "by": "part"}).Want(http.StatusOK),
			"rows.1.instalment.id", other, "rows.1.days", "13", "rows.1.interest", "130.00", "rows.1.per", "360")
	})
}

// Who sells sees the interest of his own customers and charges none; reminders
// say what has come up.
func TestInterestIsForFinance(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		role := func(code string) string {
			return k.Get("/records/org.role?filter=code%20==%20%22" + code + "%22").Want(http.StatusOK).Str("items.0.id")
		}
		for login, code := range map[string]string{"zhao": "sales", "wang": "sales", "zhou": "finance"} {
			c.Member(company.Person{Login: login})
			id := k.Get("/records/org.member?filter=login%20==%20%22" + login + "%22").Want(http.StatusOK).Str("items.0.id")
			k.With("If-Match", "*").Patch("/records/org.member/"+id, row{"roles": []string{role(code)}}).Want(http.StatusOK)
		}
		seller, other, clerk := c.As("zhao"), c.As("wang"), c.As("zhou")
		who := seller.Post("/records/crm.customer", row{"name": "常州轴承有限公司"}).Want(http.StatusCreated).Str("id")
		seller.Post("/records/finance.instalment", row{"customer": who, "amount": "3650", "booked_on": "2026-01-01", "due_on": "2026-01-10"}).Want(http.StatusCreated)
		seller.Post("/records/finance.interest_rule", row{"name": "自己的", "rate": "1"}).Want(http.StatusForbidden)
		clerk.Post("/records/finance.interest_rule", row{"name": "一般", "rate": "10", "starts_on": "2026-01-01"}).Want(http.StatusCreated)
		ask := row{"until": "2026-01-20"}
		company.Holds(t, seller.Post("/reports/finance.instalment/interest", ask).Want(http.StatusOK), "rows.0.interest", "10.00")
		if n := len(other.Post("/reports/finance.instalment/interest", ask).Want(http.StatusOK).JSON()["rows"].([]any)); n != 0 {
			t.Errorf("another seller sees %d rows", n)
		}
		act(seller, "crm.customer", who, "charge_interest", ask).Want(http.StatusForbidden)
		seller.Post("/records/finance.interest", row{"customer": who, "until": "2026-01-20"}).Want(http.StatusForbidden)
		offered := func(k *company.Client) bool {
			customers := k.Get("/meta").Want(http.StatusOK).JSON()["entities"].(row)["crm.customer"].(row) //nolint:forcetypeassert // held to the document by the client
			return strings.Contains(fmt.Sprint(customers["actions"]), "charge_interest")
		}
		if offered(seller) || !offered(clerk) {
			t.Errorf("charging is offered to who sells: %v, to finance: %v", offered(seller), offered(clerk))
		}
		act(clerk, "crm.customer", who, "charge_interest", ask).Want(http.StatusOK)
		at := "/records/finance.interest/" + clerk.Get("/records/finance.interest").Want(http.StatusOK).Str("items.0.id")
		company.Holds(t, seller.Get(at).Want(http.StatusOK), "total", "10.00")
		other.Get(at).Want(http.StatusNotFound)
		act(seller, "finance.interest", strings.TrimPrefix(at, "/records/finance.interest/"), "cancel", row{"reason": "求情"}).Want(http.StatusForbidden)
		for _, layout := range []string{"interest", "bilingual"} {
			if r := clerk.Get(fmt.Sprintf("%s/print/%s", at, layout)); r.Status != http.StatusOK || !strings.HasPrefix(string(r.Body), "%PDF") {
				t.Errorf("%s: %d %.200s", layout, r.Status, r.Body)
			}
		}
	})
}
