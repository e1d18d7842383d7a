package contract

import (
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// prints are the contract at home and abroad.
var prints = []schema.Print{sheet("contract", ""), sheet("bilingual", "both")}

func sheet(key, language string) schema.Print {
	facts := []schema.PrintItem{
		paper.Fact("合同编号", "Contract No.", "{number}"), paper.Fact("签订日期", "Date", "{signed_on}"),
		paper.Fact("买方（甲方）", "Buyer (Party A)", "{customer.name}"), paper.Fact("卖方（乙方）", "Seller (Party B)", "{@company.name}"),
		paper.Fact("地址", "Address", "{customer.address}"), paper.Fact("地址", "Address", "{@company.address}"),
		paper.Fact("合同名称", "Subject", "{name}"), paper.Fact("合同期限", "Term", "{starts_on} – {ends_on}"),
	}
	intro := schema.PrintBlock{Kind: "text", Text: paper.Text("甲、乙双方经协商一致，就下列货物的买卖订立本合同，共同遵守。",
		"The Buyer and the Seller agree on the purchase and sale of the goods below on these terms.")}
	p := paper.Sheet{Key: key, Language: language, Title: paper.Text("销售合同", "SALES CONTRACT"), Facts: facts, Totals: true, Bank: true, Seal: true,
		After: []schema.PrintBlock{
			{Kind: "facts", Columns: 1, Heading: paper.Text("付款与交货", "Payment and delivery"), Items: paper.Delivery()},
			{Kind: "text", Heading: paper.Text("其他条款", "Further terms"), Text: paper.Text("{terms}", "{terms}")},
			paper.Notes(),
			{Kind: "text", Text: paper.Text("本合同一式两份，双方各执一份，自双方签字盖章之日起生效。", "This contract is made in two originals, one for each party, and takes effect when both have signed and sealed it.")},
		},
		Parties: paper.Signed(paper.Text("卖方（盖章）", "Seller (seal)"), paper.Text("买方（盖章）", "Buyer (seal)"))}.Print()
	p.Blocks = append(p.Blocks[:3:3], append([]schema.PrintBlock{intro}, p.Blocks[3:]...)...)
	return p
}
