package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/text"
)

// yuan is one yuan in the units of money.
const yuan = 10_000

func (m *maker) customers(n int) {
	for i := range n {
		c := Customer{Parent: -1, city: pick(m, cities())}
		t := pick(m, trades())
		brand := m.fresh(func() string { return pick(m, brandHeads()) + pick(m, brandTails()) })
		if len(m.taken) > 900 { // names run out at last: a second one is told by its place
			m.taken = map[string]bool{}
		}
		c.Short, c.Industry, c.Business = c.city.name+brand, t.industry, t.business
		c.Name = c.city.name + brand + t.word + pick(m, list("有限公司 有限公司 有限公司 股份有限公司 有限责任公司"))
		c.Status = list("lead contacted negotiating won lost")[m.often(18, 26, 22, 26, 8)]
		c.Level = list("a b c d")[m.often(10, 25, 45, 20)]
		c.Source = pick(m, list("web phone exhibition referral ads partner"))
		if m.chance(35) {
			c.Tag = pick(m, list("key potential repeat strategic price_sensitive slow_payer dormant"))
		}
		c.Region = c.city.region
		c.Address = fmt.Sprintf("%s路 %d 号", pick(m, list("创业 兴业 科技 工业 振华 人民 建设 开元 滨河 长江")), 1+m.r.IntN(900))
		c.Phone = fmt.Sprintf("%s-%08d", c.city.dial, 60_000_000+m.r.IntN(29_000_000))
		c.Website = "https://www." + latin(brand) + strconv.Itoa(i) + ".example.com"
		if m.chance(60) {
			c.USCC = m.uscc(c.Region)
		}
		c.Employees = int64([]int{15, 30, 60, 120, 300, 800}[m.often(20, 25, 25, 15, 10, 5)] + m.r.IntN(20))
		c.Revenue = c.Employees * int64(30+m.r.IntN(90)) * 10_000 * yuan
		c.Amount = int64([]int{2, 5, 8, 15, 30, 80, 200}[m.often(15, 20, 20, 20, 15, 7, 3)]) * int64(8+m.r.IntN(8)) * 1_000 * yuan
		c.Owner = pick(m, sellers(c.city.zone))
		c.Since = m.working(1 + m.r.IntN(span))
		c.Next = m.next(c.Status)
		if i > 20 && m.chance(6) {
			c.Parent = m.r.IntN(20)
		}
		m.Customers = append(m.Customers, c)
	}
	inOrder(m.Customers, func(c *Customer) *time.Time { return &c.Since })
}

// inOrder lets things have come in the order in which they stand: a list shows
// the newest first.
func inOrder[T any](things []T, since func(*T) *time.Time) {
	var times []time.Time
	for i := range things {
		times = append(times, *since(&things[i]))
	}
	slices.SortFunc(times, time.Time.Compare)
	for i := range things {
		*since(&things[i]) = times[i]
	}
}

// next is when a customer is to be contacted again: some are late, most are
// not; who was lost is left alone.
func (m *maker) next(status string) string {
	switch {
	case status == "lost" || m.chance(35):
		return ""
	case m.chance(25):
		return m.date(-1 - m.r.IntN(12))
	case m.chance(15):
		return m.date(0)
	}
	return m.date(1 + m.r.IntN(40))
}

// latin is how a short Chinese word is typed.
func latin(s string) string {
	var b strings.Builder
	for syllable := range strings.FieldsSeq(text.Spelling(s)) {
		first, _, _ := strings.Cut(syllable, "/")
		for _, r := range first {
			if r >= 'a' && r <= 'z' {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

func (m *maker) contacts() {
	for i := range m.Customers {
		c := &m.Customers[i]
		for range 1 + m.often(45, 35, 20) {
			name, j := m.personName(), pick(m, jobs())
			p := Contact{Customer: i, Owner: c.Owner, Name: name, Title: j.title, Dept: j.dept, Role: j.role, Mobile: m.mobile(), Gender: pick(m, list("male female"))}
			mail := latin(name)
			if m.chance(70) {
				p.Email = fmt.Sprintf("%s%d@example.com", mail, len(m.Contacts))
			}
			if m.chance(50) {
				p.WeChat = fmt.Sprintf("%s_%d", mail, len(m.Contacts))
			}
			if m.chance(25) {
				p.Birthday = m.Day.AddDate(-25-m.r.IntN(30), 0, -m.r.IntN(365)).Format("2006-01-02")
			}
			m.Contacts = append(m.Contacts, p)
		}
	}
}

func (m *maker) leads(n int) {
	for range n {
		at, t := pick(m, cities()), pick(m, trades())
		l := Lead{Person: m.personName(), Title: pick(m, jobs()).title, Mobile: m.mobile(), Industry: t.industry, Region: at.region,
			Source: pick(m, list("web phone exhibition referral ads partner")), Heat: list("hot warm cold")[m.often(20, 50, 30)],
			Owner: pick(m, sellers(at.zone)), Since: m.working(1 + m.r.IntN(180))}
		l.Company = at.name + pick(m, brandHeads()) + pick(m, brandTails()) + pick(m, brandTails()) + t.word + "有限公司"
		product := pick(m, products())
		l.Name = at.name + l.Person + " " + product + "询价"
		l.Demand = fmt.Sprintf(pick(m, []string{"想了解%s的价格和交期。", "计划采购 %s，预算待定。", "从网站留言：需要%s的选型资料。", "展会上交换名片，对%s感兴趣。"}), product)
		l.Amount = int64(1+m.r.IntN(60)) * 10_000 * yuan
		switch m.often(30, 25, 15, 20, 10) {
		case 0:
			l.Pooled = m.chance(65)
		case 1:
			l.Action = "contact"
		case 2:
			l.Action = "qualify"
		case 3:
			l.Action = "convert"
		case 4:
			l.Action, l.Reason = "discard", pick(m, list("no_need no_budget competitor unreachable duplicate"))
		}
		if (l.Action == "contact" || l.Action == "qualify" || l.Action == "") && m.chance(60) {
			l.Next = m.date(m.r.IntN(30) - 6)
		}
		m.Leads = append(m.Leads, l)
	}
	inOrder(m.Leads, func(l *Lead) *time.Time { return &l.Since })
	for i := range m.Leads {
		m.Leads[i].Buys = m.Leads[i].Action == "convert" && m.Leads[i].Since.After(m.Day.AddDate(0, 0, -75))
	}
}

// drops are customers who came to nothing and were given back long after.
func (m *maker) drops() {
	for i := range m.Customers {
		c := &m.Customers[i]
		known := int(m.Day.Sub(c.Since).Hours() / 24)
		if (c.Status == "lead" || c.Status == "lost") && c.Parent < 0 && known > 60 && m.chance(35) {
			m.Drops = append(m.Drops, Drop{Customer: i, At: m.working(1 + m.r.IntN(45))})
		}
	}
	slices.SortStableFunc(m.Drops, func(a, b Drop) int { return a.At.Compare(b.At) })
}
