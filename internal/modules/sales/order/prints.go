package order

import (
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// prints are the confirmation of an order, what goes with goods here (送货单), and
// what goes with them abroad.
var prints = []schema.Print{
	paper.Sheet{Key: "order", Title: paper.Text("销售订单", "Sales order"), Totals: true, Bank: true, Seal: true,
		Facts: append(paper.Buyer(), paper.Fact("订单编号", "Order No.", "{number}"), paper.Fact("下单日期", "Date", "{date}"), paper.Fact("客户单号", "Your order", "{their_number}"),
			paper.Fact("交货日期", "Delivery", "{deliver_on}"), paper.Fact("收货人", "Consignee", "{recipient}"), paper.Fact("收货地址", "Delivery address", "{address}"), paper.Fact("付款方式", "Payment", "{payment_terms}")),
		After:   []schema.PrintBlock{paper.Notes()},
		Parties: paper.Signed(paper.Text("供方", "Seller"), paper.Text("需方", "Buyer"))}.Print(),
	paper.Sheet{Key: "delivery", Title: paper.Text("送货单", "Delivery note"), Seal: true, Table: handed(),
		Facts: []schema.PrintItem{paper.Fact("收货单位", "Delivered to", "{customer.name}"), paper.Fact("订单编号", "Order No.", "{number}"),
			paper.Fact("收货人", "Consignee", "{recipient}"), paper.Fact("客户单号", "Your order", "{their_number}"), paper.Fact("电话", "Tel", "{phone}"), paper.Fact("送货日期", "Date", "{@today}"),
			paper.Fact("收货地址", "Delivery address", "{address}"), paper.Fact("承运人", "Carrier", "{carrier} {waybill}")},
		After:   []schema.PrintBlock{sent(), paper.Notes(), {Kind: "text", Tone: "muted", Text: paper.Text("请当面点清数量、检查外观后签收。", "Please count and inspect the goods before you sign.")}},
		Parties: paper.Signed(paper.Text("送货单位（经手人）", "Delivered by"), paper.Text("收货单位（签字、日期）", "Received by, date"))}.Print(),
	paper.Sheet{Key: "invoice", Language: "en", Title: paper.Text("商业发票", "COMMERCIAL INVOICE"), Totals: true, Bank: true, Seal: true, Abroad: true,
		Facts:   append(append(paper.Buyer(), paper.Fact("发票号", "Invoice No.", "{number}"), paper.Fact("日期", "Date", "{date|long}"), paper.Fact("合同号", "Contract No.", "{contract.number}"), paper.Fact("信用证号", "L/C No.", "{credit_number}")), append(paper.Delivery(), shipped()...)...),
		After:   []schema.PrintBlock{paper.Notes()},
		Parties: paper.Signed(paper.Text("卖方", "Seller"), paper.Text("买方", "Buyer"))}.Print(),
	paper.Sheet{Key: "packing", Language: "en", Title: paper.Text("装箱单", "PACKING LIST"), Table: paper.Packing(),
		Facts: append(append(paper.Buyer(), paper.Fact("日期", "Date", "{date|long}"),
			paper.Fact("装运港", "Port of loading", "{port_from}"), paper.Fact("目的港", "Port of discharge", "{port_to}"), paper.Fact("承运人", "Carrier", "{carrier}"), paper.Fact("运单号", "Waybill", "{waybill}"), paper.Fact("发票号", "Invoice No.", "{number}")), shipped()...),
		After: []schema.PrintBlock{paper.Notes()}}.Print(),
}

// shipped are the facts of a shipment abroad (SAL-11).
func shipped() []schema.PrintItem {
	return []schema.PrintItem{paper.Fact("船名航次", "Vessel / voyage", "{vessel}"), paper.Fact("开航日", "ETD", "{sails_on|long}"),
		paper.Fact("通知方", "Notify party", "{notify_party}"), paper.Fact("唛头", "Shipping marks", "{marks}")}
}

// handed are the lines of a delivery note: no prices, and room for what was counted.
func handed() schema.PrintBlock {
	return schema.PrintBlock{Kind: "table", Lines: paper.Items, Grid: true, Full: true, Items: []schema.PrintItem{
		{Label: paper.Text("序号", "No."), Value: "{@no}", Width: 6, Align: "center"},
		{Label: paper.Text("货号", "Item No."), Value: "{product.code}", Width: 14},
		{Label: paper.Text("品名", "Description"), Value: "{name}", Width: 28},
		{Label: paper.Text("规格", "Specification"), Value: "{spec}", Width: 18},
		{Label: paper.Text("单位", "Unit"), Value: "{unit}", Width: 8, Align: "center"},
		{Label: paper.Text("订购数量", "Ordered"), Value: "{quantity}", Width: 12},
		{Label: paper.Text("已发数量", "Sent so far"), Value: "{delivered}", Width: 12},
		{Label: paper.Text("实收数量", "Received"), Value: "", Width: 12, Align: "right"},
	}}
}

// sent are the deliveries that were written down, a table for each day.
func sent() schema.PrintBlock {
	return schema.PrintBlock{Kind: "table", Lines: Deliveries, Group: "date", Grid: true, Heading: paper.Text("发货记录", "Deliveries"), Items: []schema.PrintItem{
		{Label: paper.Text("方向", "Kind"), Value: "{kind}", Width: 10},
		{Label: paper.Text("品名", "Description"), Value: "{line}", Width: 34},
		{Label: paper.Text("数量", "Quantity"), Value: "{quantity}", Width: 12},
		{Label: paper.Text("承运人", "Carrier"), Value: "{carrier}", Width: 16},
		{Label: paper.Text("运单号", "Waybill"), Value: "{waybill}", Width: 18},
		{Label: paper.Text("备注", "Note"), Value: "{note}", Width: 20},
	}}
}
