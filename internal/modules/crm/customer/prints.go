package customer

import "github.com/guanxicrm/guanxi/internal/model/schema"

// prints are the papers of a customer: the sheet that a visitor takes along.
var prints = []schema.Print{{
	Key: "sheet",
	Blocks: []schema.PrintBlock{
		{Kind: "letterhead", Logo: true},
		{Kind: "title", Text: schema.Labels{"zh-CN": "{name}", "en": "{name}"}},
		{Kind: "facts", Columns: 2, Grid: true, Heading: schema.Labels{"zh-CN": "基本信息", "en": "Profile"},
			Items: values("{short_name}", "{kind}", "{status}", "{level}", "{industry}", "{source}", "{tags}", "{parent}", "{uscc}", "{employees}", "{annual_revenue}", "{owner}")},
		{Kind: "facts", Columns: 2, Grid: true, Heading: schema.Labels{"zh-CN": "联系方式", "en": "Contact"},
			Items: values("{contact_name}", "{contact_title}", "{phone}", "{email}", "{fax}", "{website}", "{region}", "{address}", "{city}", "{country}")},
		{Kind: "table", Lines: addresses, Heading: schema.Labels{"zh-CN": "收货地址", "en": "Delivery addresses"}, Items: []schema.PrintItem{
			{Value: "{consignee}", Width: 16}, {Value: "{phone}", Width: 18}, {Value: "{region}", Width: 22}, {Value: "{address}", Width: 44}}},
		{Kind: "table", Lines: invoiceTitles, Heading: schema.Labels{"zh-CN": "开票抬头", "en": "Invoice headings"}, Items: []schema.PrintItem{
			{Value: "{title}", Width: 30}, {Value: "{tax_no}", Width: 24}, {Value: "{bank_name}", Width: 23}, {Value: "{bank_account}", Width: 23}}},
		{Kind: "facts", Columns: 2, Grid: true, Heading: schema.Labels{"zh-CN": "跟进", "en": "Follow-up"},
			Items: values("{amount}", "{next_follow_on}", "{last_followed_at}", "{contact_count}")},
		{Kind: "facts", Columns: 1, Grid: true, Items: values("{business}", "{remark}")},
		{Kind: "text", Tone: "muted", Align: "right", Text: schema.Labels{"zh-CN": "{@member} 打印于 {@now}", "en": "Printed by {@member}, {@now}"}},
	},
}}

// values are facts under their fields' own names.
func values(templates ...string) []schema.PrintItem {
	out := make([]schema.PrintItem, len(templates))
	for i, t := range templates {
		out[i].Value = t
	}
	return out
}
