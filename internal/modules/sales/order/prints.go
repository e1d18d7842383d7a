package order

import (
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// prints are the confirmation of an order, and what goes with goods abroad.
var prints = []schema.Print{
	paper.Sheet{Key: "order", Title: paper.Text("销售订单", "Sales order"), Totals: true, Bank: true, Seal: true,
		Facts: append(paper.Buyer(), paper.Fact("订单编号", "Order No.", "{number}"), paper.Fact("下单日期", "Date", "{date}"), paper.Fact("客户单号", "Your order", "{their_number}"),
			paper.Fact("交货日期", "Delivery", "{deliver_on}"), paper.Fact("收货人", "Consignee", "{recipient}"), paper.Fact("收货地址", "Delivery address", "{address}"), paper.Fact("付款方式", "Payment", "{payment_terms}")),
		After:   []schema.PrintBlock{paper.Notes()},
		Parties: paper.Signed(paper.Text("供方", "Seller"), paper.Text("需方", "Buyer"))}.Print(),
	paper.Sheet{Key: "invoice", Language: "en", Title: paper.Text("商业发票", "COMMERCIAL INVOICE"), Totals: true, Bank: true, Seal: true,
		Facts:   append(append(paper.Buyer(), paper.Fact("发票号", "Invoice No.", "{number}"), paper.Fact("日期", "Date", "{date|long}"), paper.Fact("合同号", "Contract No.", "{contract.number}")), paper.Delivery()...),
		After:   []schema.PrintBlock{paper.Notes()},
		Parties: paper.Signed(paper.Text("卖方", "Seller"), paper.Text("买方", "Buyer"))}.Print(),
	paper.Sheet{Key: "packing", Language: "en", Title: paper.Text("装箱单", "PACKING LIST"), Table: paper.Packing(),
		Facts: append(paper.Buyer(), paper.Fact("编号", "No.", "{number}"), paper.Fact("日期", "Date", "{date|long}"),
			paper.Fact("装运港", "Port of loading", "{port_from}"), paper.Fact("目的港", "Port of discharge", "{port_to}"), paper.Fact("承运人", "Carrier", "{carrier}"), paper.Fact("运单号", "Waybill", "{waybill}")),
		After: []schema.PrintBlock{paper.Notes()}}.Print(),
}
