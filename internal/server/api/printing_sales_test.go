package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Quotes, contracts, invoices and packing lists say what the record says, in
// the languages of their layouts, and never what it costs us.
func TestSalesOnPaper(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.With("If-Match", "*").Patch("/settings", map[string]any{"name": "广州示例贸易有限公司", "name_en": "Guangzhou Example Trading Co., Ltd.", "banks": []map[string]any{
			{"bank": "中国银行", "number": "6222 0001", "currency": "CNY", "default": true}, {"bank": "Bank of China", "number": "NRA 8899", "swift": "BKCHCNBJ", "currency": "USD"}}}).Want(200)
		customer := admin.Post("/records/crm.customer", map[string]any{"name": "浦江机械"}).Want(201).Str("id")
		pump := admin.Post("/records/catalog.product", map[string]any{"name": "离心泵", "name_en": "Centrifugal pump", "code": "P-100", "price": "1000.05", "cost": "777.77", "tax_rate": "13",
			"hs_code": "84137099", "origin": "Foshan", "per_carton": "12", "net_weight": "10.5", "gross_weight": "11.25", "carton_volume": "0.0625"}).Want(201).Str("id")
		pc := admin.Post("/records/catalog.unit", map[string]any{"name": "付", "code": "pr"}).Want(201).Str("id")
		items := []map[string]any{{"product": pump, "quantity": "100", "unit": pc}, {"name": "安装服务", "quantity": "1", "price": "5.05", "tax_rate": "6"}}
		head := func(more map[string]any) map[string]any {
			body := map[string]any{"customer": customer, "items": items, "incoterm": "FOB", "port_from": "Nansha", "remark": "七天内交货", "payment_terms": "T/T 30 days"}
			for key, v := range more {
				body[key] = v
			}
			return body
		}
		quote := admin.Post("/records/sales.quote", head(nil)).Want(201).Str("id")
		abroad := admin.Post("/records/sales.quote", head(map[string]any{"currency": "USD", "rate": "7.1", "items": []map[string]any{{"product": pump, "quantity": "100", "price": "10", "discount": "7.5", "unit": pc}}})).Want(201).Str("id")
		deal := admin.Post("/records/sales.contract", head(map[string]any{"name": "水泵采购", "terms": "<p>第一条 <strong>质量</strong></p>"})).Want(201).Str("id")
		order := admin.Post("/records/sales.order", head(map[string]any{"address": "浦江镇一号", "vessel": "COSCO STAR 012E", "sails_on": "2026-03-05", "marks": "PJ/NANSHA", "credit_number": "LC-77"})).Want(201).Str("id")
		receipt := admin.Post("/records/finance.receipt", map[string]any{"customer": customer, "amount": "100010.05", "date": "2026-02-20", "method": "transfer", "bank_reference": "B-2026-1"}).Want(201).Str("id")
		for _, one := range []map[string]any{{"amount": "100010.05", "currency": "CNY"}, {"amount": "0.3", "currency": "USD", "rate": "7"}} {
			one["customer"], one["booked_on"], one["due_on"] = customer, "2026-01-10", "2026-02-10"
			admin.Post("/records/finance.instalment", one).Want(201)
		}
		account := admin.Post("/records/finance.statement", map[string]any{"customer": customer, "ends_on": "2026-01-31"}).Want(201).Str("id")
		admin.Post("/records/finance.dunning_level", map[string]any{"name": "第一次提醒", "days": 7, "letter": "请于三日内付清。"}).Want(201)
		dry := admin.Post("/reports/finance.instalment/dunning", map[string]any{"date": "2026-02-16"}).Want(200)
		company.Holds(t, admin.Post("/reports/finance.instalment/dunning", map[string]any{"date": "2026-02-17", "unknown": nil}), "status", "400")
		if n := len(dry.JSON()["rows"].([]any)); n != 0 {
			t.Errorf("%d are reminded of six days late", n)
		}
		company.Holds(t, admin.Post("/reports/finance.instalment/dunning", map[string]any{"date": "2026-02-17"}), "rows.0.days", "7", "rows.0.level.label", "第一次提醒", "rows.1.open", "0.30")
		if err := c.App.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		letter := admin.Get("/records/finance.dunning?sort=id").Want(200).Str("items.0.id")
		for _, x := range []struct {
			path string
			want []string
		}{
			{"sales.quote/" + quote + "/print/quote", []string{"报价单", "浦江机械", "P-100", "离心泵", "1,000.05", "100,005.00", "100,010.05", "人民币壹拾万零壹拾元零伍分", "付", "FOB", "Nansha", "中国银行", "七天内交货", "13%", "报价方"}},
			{"sales.quote/" + abroad + "/print/quotation", []string{"QUOTATION", "Centrifugal pump", "Guangzhou Example Trading", "SAY US DOLLARS", "BKCHCNBJ", "FOB", "Nansha", "Total (USD)", "Disc.", "7.5%", "925.00", "pr"}},
			{"sales.quote/" + abroad + "/print/quote", []string{"美元玖佰贰拾伍元整"}},
			{"sales.quote/" + quote + "/print/proforma", []string{"形式发票", "PROFORMA INVOICE", "壹拾万零壹拾元零伍分", "SAY RENMINBI YUAN ONE HUNDRED THOUSAND AND TEN AND 5/100 ONLY", "Port of loading"}},
			{"sales.contract/" + deal + "/print/contract", []string{"销售合同", "第一条 质量", "卖方（盖章）", "壹拾万零壹拾元零伍分"}},
			{"sales.contract/" + deal + "/print/bilingual", []string{"SALES CONTRACT", "Seller (seal)"}},
			{"sales.order/" + order + "/print/order", []string{"销售订单", "100,010.05"}},
			{"sales.order/" + order + "/print/invoice", []string{"COMMERCIAL INVOICE", "Bank details", "84137099", "Foshan", "COSCO STAR 012E", "PJ/NANSHA", "LC-77"}},
			{"sales.order/" + order + "/print/delivery", []string{"送货单", "浦江机械", "浦江镇一号", "P-100", "实收数量", "收货单位（签字、日期）"}},
			{"finance.receipt/" + receipt + "/print/receipt", []string{"收款收据", "浦江机械", "2026-02-20", "银行转账", "B-2026-1", "100,010.05", "人民币壹拾万零壹拾元零伍分"}},
			{"finance.receipt/" + receipt + "/print/bilingual", []string{"RECEIPT", "AND TEN AND 5/100 ONLY"}},
			{"finance.dunning/" + letter + "/print/letter", []string{"催款函", "浦江机械", "请于三日内付清。", "100,010.05", "壹拾万零壹拾元零伍分"}},
			// A section for each currency, its balance in words.
			{"finance.statement/" + account + "/print/statement", []string{"对账单", "浦江机械", "2026-02-10", "壹拾万零壹拾元零伍分", "叁角整", "往来明细 人民币", "往来明细 美元", "中国银行"}},
			{"finance.statement/" + account + "/print/bilingual", []string{"STATEMENT OF ACCOUNT", "往来明细 Transactions 美元", "AND TEN AND 5/100 ONLY"}},
			// 100 pieces are 9 cartons of 12, each of 10.5 and 11.25 kg and 0.0625 m³.
			{"sales.order/" + order + "/print/packing", []string{"PACKING LIST", "84137099", "9", "94.5", "101.25", "0.5625", "COSCO STAR 012E", "PJ/NANSHA"}},
		} {
			pdf := admin.Get("/records/" + x.path).Want(200).Body
			checkFonts(t, pdf)
			text := textOf(t, pdf)
			for _, want := range x.want {
				if !strings.Contains(text, want) {
					t.Errorf("%s: no %q in\n%s", x.path, want, text)
				}
			}
			if strings.Contains(text, "777") {
				t.Errorf("%s tells the cost", x.path)
			}
			if strings.Contains(text, "yuan壹") {
				t.Errorf("%s mixes languages in one amount", x.path)
			}
		}
		// Who receives the goods is not told what they cost.
		if text := textOf(t, admin.Get("/records/sales.order/"+order+"/print/delivery").Want(200).Body); strings.Contains(text, "1,000.05") || strings.Contains(text, "100,0") {
			t.Errorf("a price in\n%s", text)
		}
		// Nothing is said of discounts where none is given.
		if text := textOf(t, admin.Get("/records/sales.quote/"+quote+"/print/quote").Want(200).Body); strings.Contains(text, "折扣") {
			t.Errorf("an empty column in\n%s", text)
		}
		// A layout that asks for the cost gives it to those alone who may see it.
		layout := map[string]any{"label": zh("成本"), "blocks": []map[string]any{{"kind": "text", "text": zh("成本 {cost_base} 利 {margin_base}")},
			{"kind": "table", "lines": "items", "items": []map[string]any{{"value": "{name}"}, {"value": "{cost}"}, {"value": "{quantity*cost}", "label": zh("总成本"), "sum": true}, {"value": "{product.cost}"}}}}}
		admin.Post("/customize/entities/sales.quote/prints/cost", layout).Want(200)
		if text := textOf(t, admin.Get("/records/sales.quote/"+quote+"/print/cost").Want(200).Body); strings.Count(text, "77,777") < 2 {
			t.Errorf("no cost in\n%s", text)
		}
		hidden := func(e string, fields ...string) (out []access.FieldGrant) {
			for _, f := range fields {
				out = append(out, access.FieldGrant{Entity: e, Field: f, Level: schema.Hidden})
			}
			return out
		}
		ops := []access.Op{access.Read, access.Print}
		grants := append(append(entity.Allow("sales.*", access.All, ops...), entity.Allow("crm.*", access.All, ops...)...), entity.Allow("catalog.*", access.All, ops...)...)
		role := c.Role("seller", grants, append(append(hidden("sales.quote", "cost_base", "margin_base"), hidden("sales.quote_item", "cost", "cost_amount")...), hidden("catalog.product", "cost")...)...)
		c.Member(company.Person{Login: "zhang", Roles: []int64{role}})
		text := textOf(t, c.As("zhang").Get("/records/sales.quote/"+quote+"/print/cost").Want(200).Body)
		if strings.Contains(text, "777") || strings.Contains(text, "总成本") || !strings.Contains(text, "离心泵") {
			t.Errorf("what is hidden:\n%s", text)
		}
		// What others did with a record has a name for those who may not do it.
		quotes := c.As("zhang").Get("/meta").Want(200).JSON()["entities"].(map[string]any)["sales.quote"].(map[string]any) //nolint:forcetypeassert // held to the document by the client
		if deeds := fmt.Sprint(quotes["deeds"]); !strings.Contains(deeds, "退回") || strings.Contains(fmt.Sprint(quotes["actions"]), "退回") {
			t.Errorf("what history tells of: %s", deeds)
		}
	})
}

// Lines are quantity times price, and with what the whole is reduced by they add
// up to the total, whether prices hold the tax or not.
func TestReducedPapersAddUp(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		customer := admin.Post("/records/crm.customer", map[string]any{"name": "浦江机械"}).Want(201).Str("id")
		for _, x := range []struct {
			included bool
			want     []string
		}{
			{true, []string{"2,432.00", "5,550.00", "7,982.00", "优惠82.00", "税额908.85", "总计（CNY）7,900.00"}},
			{false, []string{"2,432.00", "5,550.00", "7,982.00", "优惠82.00", "不含税金额7,900.00", "税额1,027.00", "总计（CNY）8,927.00"}},
		} {
			quote := admin.Post("/records/sales.quote", map[string]any{"customer": customer, "tax_included": x.included, "discount": "82", "items": []map[string]any{
				{"name": "螺栓", "quantity": "2000", "price": "1.28", "discount": "5", "tax_rate": "13"}, {"name": "铰链", "quantity": "300", "price": "18.5", "tax_rate": "13"}}}).Want(201).Str("id")
			text := strings.Join(strings.Fields(textOf(t, admin.Get("/records/sales.quote/"+quote+"/print/quote").Want(200).Body)), "")
			for _, want := range x.want {
				if !strings.Contains(text, want) {
					t.Errorf("tax included %v: no %q in\n%s", x.included, want, text)
				}
			}
		}
	})
}
