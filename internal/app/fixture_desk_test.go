package app_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"time"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What a company that has moved in leaves besides customers: its own fields and
// forms, places and teams, leads and what became of them, follow-ups, plans,
// tasks, detail lines, its papers.

// forms adds formatted text, a conditional field and tabs.
func (m *maker) forms() {
	const at = "/customize/entities/crm.lead"
	m.post("/customize/entities/x.machine/fields", map[string]any{"key": "story", "type": "rich_text", "label": both("介绍", "Story"), "search": true})
	m.post(at+"/fields", map[string]any{"key": "budget_year", "type": "number", "label": both("预算年度", "Budget year"), "settings": map[string]any{}, "visible_when": `heat == "hot"`, "required_when": `heat == "hot" and amount >= 100000`})
	m.admin.Patch(at, map[string]any{"layout": map[string]any{"tabs": []map[string]any{{"key": "money", "label": both("预算", "Budget")}},
		"groups": []map[string]any{{"key": "basic", "fields": []string{"name", "company", "mobile", "owner"}},
			{"key": "budget", "label": both("预算", "Budget"), "fields": []string{"amount", "heat", "budget_year"}, "tab": "money"}}}}).Want(200)
}

// places makes groups, teams and branches.
func (m *maker) places() {
	head := m.create("branch0", "org.branch", map[string]any{"name": "上海总部", "kind": "headquarters", "code": "SH", "head": m.ids["@wangfang"], "region": "310104", "address": "漕溪北路1200号"})
	m.create("branch1", "org.branch", map[string]any{"name": "广州办事处", "kind": "office", "parent": head, "phone": "020-8888 6666"})
	m.create("circle", "org.group", map[string]any{"name": "大客户小组", "leader": m.ids["@wangfang"], "members": []string{m.ids["@guli"], m.ids["@李雷"]}})
	m.create("team", "org.project_team", map[string]any{"name": "港口自动化项目", "leader": m.ids["@guli"], "members": []string{m.ids["@李雷"]}, "start_on": "2025-09-01"})
}

// lines gives a customer addresses and invoicing details, and changes them once.
func (m *maker) lines() {
	made := m.post("/records/crm.customer", map[string]any{"name": "有明细的客户", "owner": m.ids["@guli"],
		"addresses":      []map[string]any{{"consignee": "张三", "phone": "13500000001", "region": "310104", "address": "一号门", "is_default": true}, {"consignee": "李四", "address": "二号库", "postal_code": "200030"}},
		"invoice_titles": []map[string]any{{"title": "有明细的客户有限公司", "tax_no": "91350100M000100Y43", "bank_account": "6222 0210 0000", "is_default": true}}})
	m.ids["lined"] = made.Str("id")
	m.admin.With("If-Match", "*").Patch(m.path("crm.customer", "lined"), map[string]any{"addresses": []map[string]any{
		{"id": made.Str("addresses.1.id"), "address": "二号库东侧"}, {"consignee": "王五", "address": "三号"}, {"id": made.Str("addresses.0.id")}}}).Want(200)
}

// leads makes some in every state; one has become a customer.
func (m *maker) leads() {
	act := m.admin.With("If-Match", "*")
	for i, name := range []string{"东海渔业", "西岭茶叶", "南浔丝绸", "北仑码头"} {
		m.create("lead:"+name, "crm.lead", map[string]any{"company": name, "contact_name": "赵" + name[:3], "mobile": "1360000000" + string(rune('0'+i)), "source": "exhibition",
			"heat": []string{"hot", "warm", "cold", "hot"}[i], "amount": []string{"120000", "500.50", "0", "99"}[i], "budget_year": 2026, "owner": m.ids["@guli"], "demand": "要一套仓储系统。\n下周看方案。"})
	}
	act.Post(m.path("crm.lead", "lead:东海渔业")+"/actions/convert", map[string]any{}).Want(200)
	act.Post(m.path("crm.lead", "lead:西岭茶叶")+"/actions/discard", map[string]any{"reason": "no_budget", "note": "明年再说"}).Want(200)
}

// work follows up, plans and gives tasks, far enough ahead that no clock of a
// later test reaches them.
func (m *maker) work() {
	year := m.w.MadeAt.Year() + 60
	at := func(day int) string { return time.Date(year, 3, day, 9, 30, 0, 0, time.UTC).Format(time.RFC3339) }
	about := func(entity, short string) map[string]any { return map[string]any{"type": entity, "id": m.ids[short]} }
	guli := m.c.As("guli")
	follow := guli.Post("/records/crm.follow_up", map[string]any{"about": about("crm.lead", "lead:南浔丝绸"), "kind": "visit", "at": "2026-01-05T01:00:00Z", "content": "看了车间。\n老板爱喝茶。",
		"next_follow_on": "2026-02-01"}).Want(201)
	m.ids["follow"] = follow.Str("id")
	m.upload("visit", "拜访.txt", "text/plain", "门口有两台叉车。")
	m.create("follow2", "crm.follow_up", map[string]any{"about": about("crm.customer", "lined"), "kind": "call", "content": "约好下周二。", "owner": m.ids["@guli"], "attachments": []string{m.ids["visit"]}})
	m.create("plan", "crm.follow_plan", map[string]any{"about": about("crm.customer", "lined"), "title": "回访", "kind": "call", "at": at(1), "owner": m.ids["@guli"], "remind": "day_1"})
	m.create("plan2", "crm.follow_plan", map[string]any{"about": about("crm.lead", "lead:北仑码头"), "title": "送样", "kind": "visit", "at": at(2), "owner": m.ids["@guli"]})
	m.admin.With("If-Match", "*").Post(m.path("crm.follow_plan", "plan2")+"/actions/complete", map[string]any{"content": "样品已送到"}).Want(200)
	m.create("task", "work.task", map[string]any{"title": "准备合同", "assignee": m.ids["@李雷"], "due_at": at(3), "priority": "high", "about": about("crm.customer", "lined"), "remark": "按新模板"})
	m.create("task2", "work.task", map[string]any{"title": "寄样本", "assignee": m.ids["@admin"], "due_at": at(4)})
	m.admin.With("If-Match", "*").Post(m.path("work.task", "task2")+"/actions/done", map[string]any{}).Want(200)
	m.create("told", "x.machine", map[string]any{"name": "有介绍的机床", "owner": m.ids["@guli"], "customer": m.ids["lined"], "story": "<h2>龙门铣</h2><p>重 <strong>40 吨</strong>，<em>进口</em>主轴。</p><ul><li>甲</li><li>乙</li></ul>"})
	m.w.Number = "JC-00008"
}

// papers fills in what the company's papers carry.
func (m *maker) papers() {
	m.admin.Patch("/settings", map[string]any{"name_en": "Yunteng Technology (Shanghai) Co., Ltd.", "short_name": "云腾", "tax_number": "91110000600037341L", "website": "https://example.com", "page_url": "https://crm.example.com",
		"phone": "021-5555 1234", "address": "徐汇区漕溪北路1200号", "banks": []map[string]any{{"bank": "中国银行", "branch": "上海分行", "number": "6217 0012 3456"}, {"bank": "HSBC", "number": "GB29NWBK60161331926819", "currency": "USD", "default": true}},
		"password_least": 9, "session_idle": 24}).Want(200)
	for i, name := range []string{"logo", "seal"} {
		img := image.NewNRGBA(image.Rect(0, 0, 64, 64))
		for x := range 64 {
			img.Set(x, x, color.NRGBA{R: uint8(200 * i), G: 80, B: uint8(x), A: 255})
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			m.t.Fatal(err)
		}
		m.admin.Do("POST", "/settings/pictures/"+name, b.Bytes()).Want(200)
	}
	m.admin.Patch("/settings/mail", map[string]any{"host": "mail.example.com", "port": 465, "security": "tls", "user": "crm@example.com", "password": "一个密码 pass", "sender": "crm@example.com", "sender_name": "云腾"}).Want(200)
}

// askDesk asks what the company that moved in would look at.
func (m *maker) askDesk() {
	guli := func(path string) company.Reply { return m.c.As("guli").Get(path).Want(200) }
	if got := guli(m.path("crm.lead", "lead:东海渔业")); got.Str("status") != "converted" || got.Str("customer.id") == "" {
		m.t.Errorf("the converted lead: %s", got.Body)
	}
	for _, short := range []string{"lead:东海渔业", "lead:南浔丝绸"} {
		m.keep("guli", m.path("crm.lead", short), m.path("crm.lead", short)+"/related")
		m.finds("guli", m.path("crm.lead", short)+"/timeline")
	}
	m.keep("admin", m.path("crm.customer", "lined"), m.path("crm.customer", "lined")+"/related", "/settings/mail", "/company")
	m.finds("admin", m.path("crm.customer", "lined")+"/timeline")
	m.keep("guli", m.path("crm.follow_plan", "plan"), m.path("crm.follow_up", "follow"), m.path("x.machine", "told"))
	m.finds("guli", "/records/crm.follow_plan?sort=id&fields=title,status,at,about,remind", "/records/crm.follow_up?sort=id&fields=summary,about,at,customer,lead")
	m.finds("李雷", "/records/work.task?sort=id&fields=title,status,due_at,creator")
	for _, word := range []string{"南浔", "nxsc", "龙门铣", "准备合同"} {
		m.finds("admin", "/search?fresh=true&q="+url.QueryEscape(word))
	}
}
