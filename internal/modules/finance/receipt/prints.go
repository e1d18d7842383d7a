package receipt

import (
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// sheet is what the customer is given for his money (收据), half a page.
func sheet(key, language string) schema.Print {
	p := paper.Sheet{Key: key, Language: language, Title: paper.Text("收款收据", "RECEIPT"), Seal: true,
		Facts: []schema.PrintItem{paper.Fact("收据编号", "No.", "{number}"), paper.Fact("收款日期", "Date", "{date}"),
			paper.Fact("今收到", "Received from", "{customer.name}"), paper.Fact("付款人", "Payer", "{payer}"),
			paper.Fact("收款方式", "Method", "{method}"), paper.Fact("流水号", "Bank reference", "{bank_reference}"),
			paper.Fact("合同编号", "Contract No.", "{contract.number}"), paper.Fact("订单编号", "Order No.", "{order.number}")},
		Table: schema.PrintBlock{Kind: "facts", Columns: 1, Grid: true, Items: []schema.PrintItem{
			{Label: paper.Text("金额（{currency|plain}）", "Amount ({currency|plain})"), Value: "{amount}", Bold: true},
			{Label: paper.Text("金额大写", "In words"), Value: "{currency}" + paper.InWords("amount", language)}}},
		After: []schema.PrintBlock{paper.Notes()},
		Parties: [2]schema.PrintItem{
			{Label: paper.Text("收款单位（盖章）", "For us (seal)"), Value: "{@company.name}\n\n___________________"},
			paper.Party(paper.Text("经手人", "Received by"), "{confirmed_by}")}}.Print()
	p.Paper, p.Landscape = "A5", true
	return p
}
