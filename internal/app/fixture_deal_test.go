package app_test

import (
	"fmt"
	"net/url"
	"strings"
)

// deal fills what came with the way from a lead to the cash: pools at work with
// their rules, prices, bundles, changes, invoices, refunds, interest, statements,
// targets, what was expected.
func (m *maker) deal() {
	of := m.ids["customer1"]
	m.offered()
	m.create("rate", "finance.interest_rule", map[string]any{"name": "一般逾期", "rate": "14.6", "grace_days": 5, "starts_on": "2026-01-01", "cap": "20"})
	m.act("crm.customer", "customer1", "charge_interest", map[string]any{"until": "2026-06-01"})
	m.last("interest", "finance.interest")
	m.create("invoiced", "finance.invoice", map[string]any{"customer": of, "buyer_name": "宁波舟山港集团", "buyer_tax_no": "91350100M000100Y43", "items": []map[string]any{{"name": "数控车床", "given_amount": "1000", "tax_rate": "13"}}})
	m.act("finance.invoice", "invoiced", "issue", map[string]any{"invoice_number": strings.Repeat("2", 20), "date": "2026-03-05"})
	m.create("paid", "finance.receipt", map[string]any{"customer": of, "date": "2026-04-01", "amount": "500", "bank_reference": "ICBC-9"})
	m.act("finance.receipt", "paid", "confirm", nil)
	m.act("finance.receipt", "paid", "refund", map[string]any{"amount": "120.5", "reason": "多付", "date": "2026-04-02"})
	m.last("refund", "finance.refund")
	m.act("crm.customer", "customer1", "statement", map[string]any{"until": "2026-06-30"})
	m.last("statement", "finance.statement")
	// One at work would write letters on a later day.
	m.create("level", "finance.dunning_level", map[string]any{"name": "第一次提醒", "days": 7, "letter": "请尽快付款。", "active": false})
	m.create("target", "targets.target", map[string]any{"year": "2031", "measure": "order_amount", "kind": "company", "total": "1200000"})
	m.create("goal", "targets.target", map[string]any{"year": "2031", "measure": "receipts", "kind": "member", "member": m.ids["@admin"], "total": "100000.01"})
	m.create("expected", "sales.forecast", map[string]any{"remark": "例会"})
}

// offered fills pools, products and papers.
func (m *maker) offered() {
	of := m.ids["customer1"]
	m.create("leads", "crm.pool", map[string]any{"name": "线索公海", "everyone": true, "holding": 50})
	m.create("rule", "crm.assign_rule", map[string]any{"name": "广告线索", "mode": "round_robin", "members": []string{m.ids["@admin"]}, "lead_when": `source == "ads"`, "returned": true})
	for i, source := range []string{"web", "ads", "phone"} {
		m.create(fmt.Sprint("lying", i), "crm.lead", map[string]any{"company": fmt.Sprintf("公海线索 %d 有限公司", i), "contact_name": "冯涛", "mobile": fmt.Sprintf("1371234567%d", i), "owner": nil, "pool": m.ids["leads"], "source": source})
	}
	m.act("crm.lead", "lying2", "claim", nil)
	m.act("crm.lead", "lying2", "release", map[string]any{"reason": "no_need", "note": "暂不需要"})
	m.create("book", "catalog.price_book", map[string]any{"name": "经销价", "levels": []string{"a"}, "valid_from": "2026-01-01", "items": []map[string]any{{"product": m.ids["product"], "quantity_from": "2", "price": "120000"}}})
	bed := m.create("bed", "catalog.product", map[string]any{"name": "机床底座", "price": "8000", "cost": "5000", "tax_rate": "13"})
	m.create("set", "catalog.product", map[string]any{"name": "车床套餐", "kind": "bundle", "price": "135000", "parts": []map[string]any{{"product": m.ids["product"]}, {"product": bed, "quantity": "2"}}})
	m.create("second", "sales.quote", map[string]any{"customer": of, "date": "2026-05-01", "currency": "USD", "rate": "7.1", "items": []map[string]any{{"product": m.ids["set"], "quantity": "1", "price": "19000"}, {"name": "海运", "price": "800.5"}}})
	m.act("sales.quote", "second", "submit", nil)
	m.act("sales.quote", "second", "revise", nil)
	m.last("revised", "sales.quote")
	m.act("sales.contract", "contract", "change", map[string]any{"reason": "客户减配"})
	m.last("change", "sales.change")
	lines := m.admin.Get(m.path("sales.change", "change")).Want(200)
	m.admin.With("If-Match", "*").Patch(m.path("sales.change", "change"), map[string]any{"items": []map[string]any{{"id": lines.Str("items.0.id")}, {"id": lines.Str("items.1.id"), "price": "2000"}}}).Want(200)
	if m.act("sales.change", "change", "submit", nil).Str("status") != "applied" {
		m.act("sales.change", "change", "approve", map[string]any{"comment": "同意"})
	}
}

// last keeps the newest record of an entity under a short name.
func (m *maker) last(short, entity string) {
	m.t.Helper()
	m.ids[short] = m.admin.Get("/records/" + entity + "?sort=-id&limit=1").Want(200).Str("items.0.id")
}

// askDeal asks what was made and what it comes to.
func (m *maker) askDeal() {
	for short, entity := range map[string]string{"interest": "finance.interest", "invoiced": "finance.invoice", "refund": "finance.refund", "statement": "finance.statement", "target": "targets.target",
		"goal": "targets.target", "lying1": "crm.lead", "lying2": "crm.lead", "book": "catalog.price_book", "set": "catalog.product", "second": "sales.quote", "revised": "sales.quote",
		"change": "sales.change", "contract": "sales.contract", "order": "sales.order", "expected": "sales.forecast", "rate": "finance.interest_rule", "rule": "crm.assign_rule"} {
		m.keep("admin", m.path(entity, short))
	}
	for entity, fields := range map[string]string{"finance.instalment": "number,kind,amount,received,open,open_base,status", "finance.settlement": "number,credit,credit_base,paid,difference,status",
		"finance.receipt": "number,amount,settled,refunded,open", "sales.opportunity": "name,stage,amount,weighted,win_rate", "sales.contract": "name,total,planned,received,receivable_open,payment",
		"sales.order": "number,total,margin_base", "targets.target": "year,measure,total"} {
		m.finds("admin", "/records/"+entity+"?sort=id&fields="+fields)
	}
	for entity, filter := range map[string]string{"finance.interest": `total > 0 and status == "charged"`, "crm.customer": "receivable_open > 0", "sales.forecast_row": `snapshot == "` + m.ids["expected"] + `"`,
		"crm.lead": `pool == "` + m.ids["leads"] + `"`} {
		m.finds("admin", "/records/"+entity+"?sort=id&filter="+url.QueryEscape(filter))
	}
}
