package paper

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// both is a text in Chinese and English.
func both(zh, en string) schema.Labels { return schema.Labels{"zh-CN": zh, "en": en} }

// fact is a line of a block under a name of its own.
func fact(zh, en, value string) schema.PrintItem {
	return schema.PrintItem{Label: both(zh, en), Value: value}
}

// Sheet is what the printed papers of one entity have of their own (SAL-11).
type Sheet struct {
	Key      string
	Language string
	Title    schema.Labels
	Facts    []schema.PrintItem  // above the lines
	Table    schema.PrintBlock   // the lines; the usual one when it has no columns
	Totals   bool                // sums and the amount in words
	After    []schema.PrintBlock // below
	Parties  [2]schema.PrintItem // who signs, we first
	Bank     bool                // which account is paid to
	Seal     bool                // ours
	Abroad   bool                // the lines say what customs asks: HS code and origin
}

// Print makes the layout: letterhead, title, facts, lines, sums, terms, bank, signatures.
func (s Sheet) Print() schema.Print {
	p := schema.Print{Key: s.Key, Language: s.Language, Head: both("{number}", "{number}")}
	p.Blocks = []schema.PrintBlock{
		{Kind: "letterhead", Logo: true},
		{Kind: "title", Text: s.Title},
		{Kind: "facts", Columns: 2, Items: s.Facts},
	}
	table := s.Table
	if table.Items == nil {
		table = lines(s.Language)
		if s.Abroad {
			table.Items = slices.Insert(narrowed(table.Items), 4, declared()...)
		}
	}
	p.Blocks = append(p.Blocks, table)
	if s.Totals {
		p.Blocks = append(p.Blocks, totals()...)
	}
	p.Blocks = append(p.Blocks, s.After...)
	if s.Bank {
		p.Blocks = append(p.Blocks, schema.PrintBlock{Kind: "bank", Bank: "currency", Grid: true, Columns: 2, Heading: both("收款账户", "Bank details")})
	}
	if s.Parties[0].Label != nil {
		p.Blocks = append(p.Blocks, schema.PrintBlock{Kind: "space", Height: 4},
			schema.PrintBlock{Kind: "signature", Seal: s.Seal, Items: []schema.PrintItem{s.Parties[0], s.Parties[1]}})
	}
	return p
}

// described is what a line is about; papers in English have the product's
// English name above.
func described(language string) string {
	if language == "" || language == "zh-CN" {
		return "{name}"
	}
	return "{product.name_en}\n{name}"
}

// counted is what quantities of a line are counted in; abroad a unit is known by
// its code: pc, set, kg.
func counted(language string) string {
	switch language {
	case "", "zh-CN":
		return "{unit}"
	case "en":
		return "{unit.code}"
	}
	return "{unit}\n{unit.code}"
}

// lines are the columns with prices; those that no line fills are left out. An
// amount is quantity times price, as whoever reads it reckons: what the paper as a
// whole is reduced by comes below the sum. With what customs reads the names,
// "Total" below the first and ten digits of an HS code still stand in one line each.
func lines(language string) schema.PrintBlock {
	return schema.PrintBlock{Kind: "table", Lines: Items, Grid: true, Items: []schema.PrintItem{
		{Label: both("序号", "No."), Value: "{@no}", Width: 8, Align: "center"},
		{Label: both("货号", "Item No."), Value: "{product.code}", Width: 11},
		{Label: both("品名", "Description"), Value: described(language), Width: 22},
		{Label: both("规格", "Specification"), Value: "{spec}", Width: 16},
		{Label: both("单位", "Unit"), Value: counted(language), Width: 7, Align: "center"},
		{Label: both("数量", "Quantity"), Value: "{quantity}", Width: 12},
		{Label: both("单价", "Unit price"), Value: "{price}", Width: 12},
		{Label: both("折扣", "Disc."), Value: "{discount}", Width: 8},
		{Label: both("税率", "Tax"), Value: "{tax_rate}", Width: 8},
		{Label: both("金额", "Amount"), Value: "{amount}", Width: 14, Sum: true},
	}}
}

// narrowed leaves room for what customs reads where names and items give it, so that
// a price of six digits and the word above each column still stand in one line.
func narrowed(items []schema.PrintItem) []schema.PrintItem {
	for i := range items {
		switch items[i].Value {
		case "{spec}", "{amount}":
			items[i].Width = 17
		case "{price}":
			items[i].Width = 15
		case "{tax_rate}":
			items[i].Width = 7
		case described("en"):
			items[i].Width = 17
		}
	}
	return items
}

// declared are the columns that customs reads; goods without them leave no gap.
func declared() []schema.PrintItem {
	return []schema.PrintItem{{Label: both("海关编码", "HS code"), Value: "{product.hs_code}", Width: 16}, {Label: both("原产地", "Origin"), Value: "{product.origin}", Width: 9}}
}

// totals are what the paper comes to, in figures and in words.
func totals() []schema.PrintBlock {
	return []schema.PrintBlock{
		{Kind: "totals", Items: []schema.PrintItem{
			fact("优惠", "Discount", "{discount_total}"),
			fact("不含税金额", "Net", "{net}"),
			fact("税额", "Tax", "{tax}"),
			{Label: both("总计（{currency|plain}）", "Total ({currency|plain})"), Value: "{total}", Bold: true},
		}},
		{Kind: "text", Bold: true, Text: both("金额大写：{currency}{total|upper}", "{total|words}")},
	}
}

// Delivery are the facts of a paper that goes abroad.
func Delivery() []schema.PrintItem {
	return []schema.PrintItem{fact("贸易术语", "Incoterm", "{incoterm}"), fact("付款方式", "Payment", "{payment_terms}"),
		fact("装运港", "Port of loading", "{port_from}"), fact("目的港", "Port of discharge", "{port_to}")}
}

// Buyer are the facts of who buys.
func Buyer() []schema.PrintItem {
	return []schema.PrintItem{fact("客户", "To", "{customer.name}"), fact("联系人", "Attn", "{contact.name}"), fact("地址", "Address", "{customer.address}"), fact("电话", "Tel", "{contact.mobile}")}
}

// Notes are the remarks on a paper.
func Notes() schema.PrintBlock {
	return schema.PrintBlock{Kind: "facts", Columns: 1, Items: []schema.PrintItem{fact("备注", "Remarks", "{remark}")}}
}

// Signed are the two who sign, we first.
func Signed(we, they schema.Labels) [2]schema.PrintItem {
	return [2]schema.PrintItem{Party(we, "{@company.name}"), Party(they, "{customer.name}")}
}

// Party is one who signs, with room for it below the name.
func Party(label schema.Labels, name string) schema.PrintItem {
	return schema.PrintItem{Label: label, Value: name + "\n\n___________________"}
}

// InWords is the amount of a field as nobody can change it, on a sheet in a language.
func InWords(field, language string) string {
	if language == "both" {
		return "{" + field + "|upper}\n{" + field + "|words}"
	}
	return "{" + field + "|upper}"
}

// Text is a text in both languages, for layouts of the entities.
func Text(zh, en string) schema.Labels { return both(zh, en) }

// Fact is a fact under a name of its own.
func Fact(zh, en, value string) schema.PrintItem { return fact(zh, en, value) }

// Packing are the columns of a packing list: cartons are rounded up, weights
// and volumes are those of whole cartons.
func Packing() schema.PrintBlock {
	const cartons = "{quantity/^product.per_carton"
	return schema.PrintBlock{Kind: "table", Lines: Items, Grid: true, Full: true, Items: []schema.PrintItem{
		{Label: both("序号", "No."), Value: "{@no}", Width: 6, Align: "center"},
		{Label: both("品名", "Description of goods"), Value: described("en"), Width: 26},
		{Label: both("海关编码", "HS code"), Value: "{product.hs_code}", Width: 12},
		{Label: both("数量", "Quantity"), Value: "{quantity}", Width: 11, Sum: true},
		{Label: both("箱数", "Cartons"), Value: cartons + "}", Width: 10, Sum: true},
		{Label: both("净重 kg", "N.W. kg"), Value: cartons + "*product.net_weight}", Width: 11, Sum: true},
		{Label: both("毛重 kg", "G.W. kg"), Value: cartons + "*product.gross_weight}", Width: 11, Sum: true},
		{Label: both("体积 m³", "Volume m³"), Value: cartons + "*product.carton_volume}", Width: 11, Sum: true},
	}}
}
