package app_test

import (
	"net/url"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// cash fills what a company has from its first offer to the money: products,
// a deal with its papers, what is owed and paid, credit, a pool.
func (m *maker) cash() {
	of := m.ids["customer1"]
	kind := m.create("category", "catalog.category", map[string]any{"name": "机床"})
	lathe := m.create("product", "catalog.product", map[string]any{"name": "数控车床", "spec": "CK6140", "code": "SC-6140", "category": kind, "price": "128000", "cost": "90000.5", "tax_rate": "13", "max_discount": "10", "hs_code": "84581100"})
	rival := m.create("rival", "sales.competitor", map[string]any{"name": "东启自动化", "threat": "high"})
	deal := m.create("deal", "sales.opportunity", map[string]any{"name": "二号车间改造", "customer": of, "expected_on": "2026-06-30", "competitors": []string{rival},
		"items": []map[string]any{{"product": lathe, "quantity": "2"}, {"name": "安装", "quantity": "1.5", "price": "3000.005"}}})
	stages := m.admin.Get("/records/sales.stage?sort=order").Want(200)
	m.admin.With("If-Match", "*").Patch(m.path("sales.opportunity", "deal"), map[string]any{"stage": stages.Str("items.2.id")}).Want(200)
	m.create("lost", "sales.opportunity", map[string]any{"name": "输掉的", "customer": of, "amount": "99.99"})
	m.act("sales.opportunity", "lost", "lose", map[string]any{"reason": "competitor", "lost_to": rival, "note": "价格高"})
	m.create("quote", "sales.quote", map[string]any{"name": "车床两台", "customer": of, "opportunity": deal, "valid_until": "2099-01-01", "discount": "1000",
		"items": []map[string]any{{"product": lathe, "quantity": "2", "discount": "5"}, {"name": "安装调试", "quantity": "1", "price": "3000", "tax_rate": "6"}}})
	m.act("sales.quote", "quote", "submit", nil)
	m.act("sales.quote", "quote", "accept", map[string]any{"make": "both"})
	m.act("sales.opportunity", "deal", "win", map[string]any{"reason": "product"})
	made := m.admin.Get(m.path("sales.quote", "quote")).Want(200)
	m.ids["contract"], m.ids["order"] = made.Str("contract.id"), made.Str("order.id")
	for _, step := range []string{"submit", "approve", "activate"} {
		m.act("sales.contract", "contract", step, nil)
	}
	m.act("sales.contract", "contract", "plan", map[string]any{"split": "s30_60_10", "first_on": "2026-01-31"})
	m.act("sales.order", "order", "confirm", nil)
	m.act("sales.order", "order", "deliver", nil)
	m.money(of)
	// One at work would take its records back on a later day.
	m.create("pool", "crm.pool", map[string]any{"name": "华东公海", "active": false})
}

// money pays a part of what the contract brings, and is owed some in dollars.
func (m *maker) money(of string) {
	account := m.create("account", "finance.account", map[string]any{"name": "基本户", "bank": "示例银行", "account_number": "1001 0001"})
	m.create("receipt", "finance.receipt", map[string]any{"customer": of, "contract": m.ids["contract"], "date": "2026-02-01", "amount": "80000", "charges": "20", "bank_reference": "ICBC-1", "account": account})
	m.act("finance.receipt", "receipt", "confirm", nil)
	m.act("finance.receipt", "receipt", "settle", map[string]any{"date": "2026-02-02"})
	m.create("owed", "finance.instalment", map[string]any{"customer": of, "currency": "USD", "rate": "7.1", "amount": "1000", "due_on": "2026-03-01", "booked_on": "2026-01-01"})
	m.create("dollars", "finance.receipt", map[string]any{"customer": of, "currency": "USD", "rate": "7.2", "amount": "333.33", "date": "2026-02-01"})
	m.act("finance.receipt", "dollars", "confirm", nil)
	m.act("finance.receipt", "dollars", "settle", map[string]any{"instalment": m.ids["owed"], "date": "2026-02-03"})
	m.act("finance.instalment", "owed", "write_off", map[string]any{"reason": "客户破产", "amount": "40", "date": "2026-03-01"})
	last := m.admin.Get("/records/finance.settlement?sort=-id&limit=1").Want(200)
	m.ids["settlement"] = last.Str("items.0.id")
	m.act("finance.settlement", "settlement", "reverse", map[string]any{"reason": "认错了款"})
	model := m.create("model", "finance.credit_model", map[string]any{"name": "标准模型", "weight_payments": 40, "limit_b": "10000"})
	m.create("credit", "finance.credit_profile", map[string]any{"customer": of, "model": model, "points_payments": 100, "points_finances": 80})
	m.act("finance.credit_profile", "credit", "approve", map[string]any{"credit_limit": "500000"})
	m.create("period", "finance.period", map[string]any{"name": "2025 年", "starts_on": "2025-01-01", "ends_on": "2025-12-31"})
	m.act("finance.period", "period", "close", nil)
}

// act runs an action on what was made under a short name.
func (m *maker) act(entity, short, name string, input map[string]any) company.Reply {
	m.t.Helper()
	if input == nil {
		input = map[string]any{}
	}
	return m.admin.With("If-Match", "*").Post(m.path(entity, short)+"/actions/"+name, input).Want(200)
}

// askCash asks what those look at who sell and who count the money.
func (m *maker) askCash() {
	for _, at := range []string{m.path("sales.opportunity", "deal"), m.path("sales.quote", "quote"), m.path("sales.contract", "contract"), m.path("sales.order", "order"),
		m.path("finance.receipt", "receipt"), m.path("finance.credit_profile", "credit")} {
		m.keep("admin", at, at+"/related")
		m.finds("admin", at+"/timeline")
	}
	for _, filter := range []string{`total > 1000`, `customer.name contains "宁波"`, `payment != "paid"`} {
		m.finds("admin", "/records/sales.contract?sort=id&fields=name,total&filter="+url.QueryEscape(filter))
	}
	m.finds("admin", "/search?fresh=true&q="+url.QueryEscape("二号车间"), "/search?fresh=true&q=SC-6140")
}
