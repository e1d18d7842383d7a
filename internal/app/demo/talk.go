package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// said are the ways in which a seller notes what happened; %[1]s is the person,
// %[2]s a product.
func said() map[string][]string {
	return map[string][]string{
		"visit": {"上门拜访%[1]s，参观了车间，现用%[2]s已使用多年，有更换计划。", "与%[1]s当面沟通%[2]s方案，对交期比较在意，要求两周内给出排期。", "带技术同事拜访%[1]s，现场测量尺寸，确认%[2]s的安装条件。",
			"拜访%[1]s，对方提出付款条件改为 3-6-1，回去请示。"},
		"call":    {"电话联系%[1]s，询问%[2]s报价进展，对方说本周内部讨论。", "%[1]s来电催%[2]s的样本和参数表，已答应今天发出。", "电话回访%[1]s，%[2]s运行正常，暂无新增需求。", "打给%[1]s没有接通，改为微信留言。"},
		"chat":    {"微信发送%[2]s的报价单和案例，%[1]s表示收到。", "%[1]s微信询问%[2]s能否开 13%% 专票，已答复可以。", "微信上和%[1]s约了下周见面时间。"},
		"mail":    {"邮件发送%[2]s技术协议初稿给%[1]s，请对方法务审核。", "收到%[1]s邮件，要求补充%[2]s的质保条款。"},
		"meeting": {"和%[1]s及其采购、技术开会，逐条过了%[2]s的技术要求，遗留两项待确认。", "线上会议演示%[2]s，%[1]s认可方案，进入商务谈判。"},
		"other":   {"寄出%[2]s样品给%[1]s，快递预计后天到。", "邀请%[1]s参加下月的%[2]s产品交流会。"},
	}
}

func kindsOfNotes() []string { return list("visit call chat mail meeting other") }

func (m *maker) say(kind, who string) string {
	return fmt.Sprintf(pick(m, said()[kind]), who, pick(m, products()))
}

// notes are written over the months since a customer is known, the more the
// further it has come; all together they stand in order of time.
func (m *maker) notes() {
	of := make([][]int, len(m.Customers))
	for i, p := range m.Contacts {
		of[p.Customer] = append(of[p.Customer], i)
	}
	most := map[string]int{"lead": 3, "contacted": 6, "negotiating": 12, "won": 14, "lost": 7}
	for i := range m.Customers {
		c := &m.Customers[i]
		known := int(m.Day.Sub(c.Since).Hours() / 24)
		for range m.r.IntN(most[c.Status] + 1) {
			p := pick(m, of[i])
			kind := kindsOfNotes()[m.often(18, 38, 24, 8, 8, 4)]
			at := m.working(1 + m.r.IntN(max(known, 1)))
			if at.Before(c.Since) {
				at = c.Since.Add(time.Hour)
			}
			m.Notes = append(m.Notes, Note{Customer: i, Lead: -1, Contact: p, Owner: c.Owner, Kind: kind, Text: m.say(kind, m.Contacts[p].Name), At: at})
		}
	}
	for i := range m.Leads {
		l := &m.Leads[i]
		if l.Action == "" {
			continue // nobody has called yet
		}
		for n := range 1 + m.r.IntN(3) {
			ago := int(m.Day.Sub(l.Since).Hours()/24) - n
			if ago < 1 {
				continue
			}
			at := m.working(ago)
			if at.Before(l.Since) {
				at = l.Since.Add(time.Hour)
			}
			kind := kindsOfNotes()[m.often(8, 50, 30, 6, 2, 4)]
			m.Notes = append(m.Notes, Note{Customer: -1, Lead: i, Contact: -1, Owner: l.Owner, Kind: kind, Text: m.say(kind, l.Person), At: at})
		}
	}
	slices.SortStableFunc(m.Notes, func(a, b Note) int { return a.At.Compare(b.At) })
}

func (m *maker) plans(n int) {
	titles := []string{"回访%s，确认验收时间", "拜访%s，谈付款条件", "给%s送样品", "请%s看样机", "跟%s确认技术协议", "电话问%s预算批复"}
	kinds := list("call visit visit meeting chat call")
	for range n {
		p := m.r.IntN(len(m.Contacts))
		c := m.Contacts[p]
		i := m.r.IntN(len(titles))
		at := m.Day.AddDate(0, 0, m.r.IntN(24)-9).Add(time.Duration(9+m.r.IntN(9)) * time.Hour)
		m.Plans = append(m.Plans, Plan{Customer: c.Customer, Contact: p, Owner: c.Owner, Title: fmt.Sprintf(titles[i], c.Name), Kind: kinds[i], At: at,
			Done: at.Before(m.Day) && m.chance(75)})
	}
	slices.SortStableFunc(m.Plans, func(a, b Plan) int { return cmp.Compare(a.At.UnixMicro(), b.At.UnixMicro()) })
}

func (m *maker) tasks(n int) {
	titles := list("准备投标文件 整理报价对比表 更新产品手册 核对应收账款 安排样机运输 跟进发票寄送 汇总展会名片 准备季度汇报 检查合同条款 联系厂家确认交期")
	everybody := people()
	for range n {
		who := m.r.IntN(len(everybody))
		t := Task{Title: pick(m, titles), Priority: list("urgent high normal low")[m.often(8, 22, 55, 15)], Assignee: who, Creator: who, Customer: -1,
			Due: m.Day.AddDate(0, 0, m.r.IntN(30)-12).Add(18 * time.Hour)}
		if above := everybody[who].above; above >= 0 && m.chance(60) {
			t.Creator = above
		}
		if everybody[who].role == "sales" && m.chance(50) {
			t.Customer = m.r.IntN(len(m.Customers))
			t.Title = m.Customers[t.Customer].Short + "：" + t.Title
		}
		switch {
		case t.Due.Before(m.Day) && m.chance(80):
			t.Action = list("done done done cancel")[m.r.IntN(4)]
		case m.chance(30):
			t.Action = "start"
		}
		m.Tasks = append(m.Tasks, t)
	}
}
