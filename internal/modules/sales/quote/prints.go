package quote

import (
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// prints are a quote for customers at home, one for those abroad, and the
// invoice that a customer abroad pays in advance by.
var prints = []schema.Print{
	paper.Sheet{Key: "quote", Title: paper.Text("报价单", "Quotation"), Totals: true, Bank: true, Seal: true,
		Facts:   append(append(paper.Buyer(), paper.Fact("报价单号", "Quotation No.", "{number}"), paper.Fact("报价日期", "Date", "{date}"), paper.Fact("有效期至", "Valid until", "{valid_until}"), paper.Fact("业务员", "Contact person", "{owner}")), paper.Delivery()...),
		After:   []schema.PrintBlock{paper.Notes()},
		Parties: paper.Signed(paper.Text("报价方", "Seller"), paper.Text("客户确认", "Confirmed by"))}.Print(),
	paper.Sheet{Key: "quotation", Language: "en", Title: paper.Text("报价单", "QUOTATION"), Totals: true, Bank: true, Seal: true,
		Facts:   append(append(paper.Buyer(), paper.Fact("报价单号", "Quotation No.", "{number}"), paper.Fact("报价日期", "Date", "{date|long}"), paper.Fact("有效期至", "Valid until", "{valid_until|long}")), paper.Delivery()...),
		After:   []schema.PrintBlock{paper.Notes()},
		Parties: paper.Signed(paper.Text("报价方", "Seller"), paper.Text("客户确认", "Confirmed by"))}.Print(),
	paper.Sheet{Key: "proforma", Language: "both", Title: paper.Text("形式发票", "PROFORMA INVOICE"), Totals: true, Bank: true, Seal: true,
		Facts:   append(append(paper.Buyer(), paper.Fact("编号", "No.", "{number}"), paper.Fact("日期", "Date", "{date}"), paper.Fact("有效期至", "Valid until", "{valid_until}")), paper.Delivery()...),
		After:   []schema.PrintBlock{paper.Notes()},
		Parties: paper.Signed(paper.Text("卖方", "Seller"), paper.Text("买方", "Buyer"))}.Print(),
}
