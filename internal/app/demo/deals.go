package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// micro is one in the units of decimals: prices, quantities, percents.
const micro = 1_000_000

// Product is one of catalog.product. Price and Cost are in whole yuan.
type Product struct {
	Name, Spec, Code, Kind, Category string
	Price, Cost                      int64
}

// Deal is one of sales.opportunity: what is sold to whom. What became of it
// says its steps.
type Deal struct {
	Name, Source, Kind, Forecast string
	Currency                     string // "" = the company's own
	Customer, Owner, Competitor  int    // competitor: -1 = none
	Lines                        []Line
	Expected                     string
	Demand                       string
}

// Line is one line of a deal and of the papers that follow from it.
type Line struct {
	Product            int
	Quantity, Discount int64 // discount in percent
}

// The steps that a deal takes, in the order in which it can.
const (
	opens    = "open"
	moves    = "stage"
	offers   = "quote"
	Won      = "win"
	loses    = "lose"
	signs    = "sign"
	delivers = "deliver"
	Paid     = "pay"
	ends     = "finish"
	bills    = "bill"
	reminds  = "remind" // customers of what is overdue: of no deal
)

// Step is what happens to a deal at a moment, or with a Deal of -1 to none. N is
// the stage that it comes to, the instalment that is paid, or how far an invoice
// came (0 asked for, 1 issued, 2 handed over, 3 taken back in part); Part is how
// much of an instalment is paid in percent.
type Step struct {
	At      time.Time
	Deal    int
	What    string
	Reason  string
	N, Part int
}

// Rate is what a US dollar is worth from a day on, in units of decimals.
type Rate struct {
	Day  string
	Rate int64
}

// Count says how often a step is taken.
func (s *Scene) Count(what string) (n int) {
	for _, p := range s.Steps {
		if p.What == what {
			n++
		}
	}
	return n
}

// Sales is how many opportunities there are: the deals, and those of leads.
func (s *Scene) Sales() int {
	n := len(s.Deals)
	for i := range s.Leads {
		if s.Leads[i].Buys {
			n++
		}
	}
	return n
}

// goods are what is sold. Prices are with tax, costs without: both are such that
// a fifth to two fifths are earned.
func goods() []Product {
	list := []Product{
		{"数控车床", "CK6140", "SC-6140", "goods", "机床设备", 168_000, 121_000}, {"加工中心", "VMC850", "JG-850", "goods", "机床设备", 328_000, 246_000},
		{"激光切割机", "3 kW", "JQ-3000", "goods", "机床设备", 288_000, 215_000}, {"注塑机", "160 t", "ZS-160", "goods", "机床设备", 236_000, 178_000},
		{"工业机器人", "六轴 10 kg", "JR-610", "goods", "自动化", 118_000, 88_000}, {"伺服电机", "1.5 kW", "SF-015", "goods", "自动化", 2_380, 1_520},
		{"变频器", "7.5 kW", "BP-075", "goods", "自动化", 1_980, 1_260}, {"传感器", "光电式", "CG-001", "goods", "自动化", 168, 82},
		{"控制柜", "PLC", "KZ-200", "goods", "自动化", 15_800, 10_200}, {"检测仪", "二次元", "JC-300", "goods", "自动化", 45_800, 31_000},
		{"空压机", "22 kW", "KY-022", "goods", "动力与仓储", 26_800, 19_200}, {"叉车", "电动 3 t", "CC-300", "goods", "动力与仓储", 98_000, 76_000},
		{"传送带", "3 m", "CS-003", "goods", "动力与仓储", 6_800, 4_100}, {"货架", "重型", "HJ-001", "goods", "动力与仓储", 1_280, 760},
		{"包装机", "立式", "BZ-100", "goods", "动力与仓储", 39_800, 27_500}, {"安装调试", "每台", "FW-001", "service", "服务", 3_000, 1_200},
		{"年度维保", "每年", "FW-002", "service", "服务", 8_000, 2_600},
	}
	for i := range list {
		list[i].Cost = list[i].Cost * 86 / 100
	}
	return list
}

// services is where the services begin among the goods.
const services = 15

func rivals() []string { return list("华锐机电 东启自动化 北辰装备 德科工业") }

// deals makes what is sold to the customers, and how it went.
func (m *maker) deals() {
	m.Products, m.Rivals = goods(), rivals()
	for ago := span + 30; ago >= 0; ago -= 30 {
		m.Rates = append(m.Rates, Rate{m.Day.AddDate(0, 0, -ago).Format(time.DateOnly), 7*micro + int64(5+m.r.IntN(25))*10_000})
	}
	for i := range m.Customers {
		since := int(m.Day.Sub(m.Customers[i].Since).Hours()/24) + 1
		switch m.Customers[i].Status {
		case "contacted":
			if m.chance(35) {
				m.deal(i, since, "", 2)
			}
		case "negotiating":
			m.deal(i, since, "", 4)
		case "won":
			m.deal(i, since, Won, 4)
			for since > 120 && m.chance(55) {
				since -= 60 + m.r.IntN(60)
				m.deal(i, since, Won, 4)
			}
			if m.chance(30) {
				m.deal(i, min(since, 10+m.r.IntN(50)), "", 3)
			}
		case "lost":
			m.deal(i, since, loses, 1+m.r.IntN(4))
		}
	}
	for ago := 6; ago >= 1; ago-- {
		at := time.Date(m.Day.Year(), m.Day.Month()-time.Month(ago)+1, 3, 8, 30, 0, 0, m.Day.Location())
		if at.Before(m.Day) {
			m.Steps = append(m.Steps, Step{At: at, Deal: -1, What: reminds})
		}
	}
	slices.SortStableFunc(m.Steps, func(a, b Step) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Deal, b.Deal)) })
	m.waiting()
}

// waiting is what is still to be delivered: the last two, on any day.
func (m *maker) waiting() {
	for range 2 {
		last := -1
		for i, p := range m.Steps {
			if p.What == delivers {
				last = i
			}
		}
		if last < 0 {
			return
		}
		of := m.Steps[last].Deal
		m.Steps = slices.DeleteFunc(m.Steps, func(p Step) bool { return p.Deal == of && (p.What == delivers || p.What == ends) })
	}
}

// deal makes one of a customer that begins so many days ago at the earliest,
// comes to an end, "" for none yet, and to so many of the four open stages.
func (m *maker) deal(customer, ago int, end string, stages int) {
	c := &m.Customers[customer]
	d := Deal{Customer: customer, Owner: c.Owner, Competitor: m.r.IntN(2*len(m.Rivals)) - len(m.Rivals), Source: c.Source,
		Kind: pick(m, list("new new new repeat upgrade")), Forecast: "pipeline"}
	d.Competitor = max(d.Competitor, -1)
	m.lines(&d)
	first := m.Products[d.Lines[0].Product]
	d.Name = fmt.Sprintf("%s %s%s", c.Short, first.Name, pick(m, list("采购 采购 扩产 改造 年度合作")))
	d.Demand = fmt.Sprintf("需要%s（%s）%d 台套，重视交期与售后。", first.Name, first.Spec, d.Lines[0].Quantity)
	if m.chance(6) {
		d.Currency = "USD"
	}
	w := walk{m: m, deal: len(m.Deals), ago: ago - m.r.IntN(6)}
	if end == "" { // one that goes on began not long ago
		w.ago = min(w.ago, 15+m.r.IntN(75))
	}
	if !w.step(0, 1, Step{What: opens}) {
		return
	}
	quoted := false
	for n := 1; n < stages && w.step(2, 16, Step{What: moves, N: n}); n++ {
		if n == 2 {
			quoted = w.step(0, 3, Step{What: offers})
		}
	}
	switch {
	case end == Won && quoted:
		w.won()
	case end == loses:
		w.step(3, 20, Step{What: loses, Reason: pick(m, list("price price competitor competitor no_budget no_need delivery product relation delayed"))})
	}
	d.Expected = m.date(m.r.IntN(75) - 8)
	if w.stage >= 2 {
		d.Forecast = pick(m, list("best best commit pipeline"))
	}
	m.Deals = append(m.Deals, d)
}

// lines choose what a deal is about: one large thing or some small ones, often
// with what goes with it.
func (m *maker) lines(d *Deal) {
	for range 1 + m.often(50, 35, 15) {
		at := m.r.IntN(services)
		if slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Product == at }) {
			continue
		}
		quantity := int64(1 + m.r.IntN(3))
		if price := m.Products[at].Price; price < 10_000 {
			quantity = int64(2+m.r.IntN(30)) * 5
		}
		d.Lines = append(d.Lines, Line{Product: at, Quantity: quantity, Discount: int64([]int{0, 2, 3, 5, 8, 12}[m.often(35, 15, 20, 18, 9, 3)])})
	}
	if m.chance(40) {
		d.Lines = append(d.Lines, Line{Product: services + m.r.IntN(2), Quantity: int64(1 + m.r.IntN(2))})
	}
}

// walk is the way of a deal through time.
type walk struct {
	m          *maker
	deal       int
	ago, stage int
	last       time.Time
}

// step lets it take a step some days later, unless that day is still to come.
func (w *walk) step(from, to int, s Step) bool {
	ago := w.ago - from - w.m.r.IntN(to-from)
	if ago < 1 {
		return false
	}
	w.ago = ago
	s.Deal, s.At = w.deal, w.m.working(ago)
	if !s.At.After(w.last) { // a weekend lies between: both fell on the Friday before
		s.At = w.last.Add(5 * time.Minute)
	}
	w.last = s.At
	if s.What == moves {
		w.stage = s.N
	}
	w.m.Steps = append(w.m.Steps, s)
	return true
}

// won is what follows from a deal that is won: the contract, the delivery, and
// what of the money has come by now. Some pay late, a few only a part.
func (w *walk) won() {
	m := w.m
	if !w.step(2, 15, Step{What: Won, Reason: pick(m, list("price product relation service brand delivery"))}) || !w.step(1, 6, Step{What: signs}) {
		return
	}
	signed, since := w.ago, w.last
	delivered := w.step(7, 35, Step{What: delivers})
	if delivered {
		then := walk{m: m, deal: w.deal, ago: w.ago, last: w.last}
		if then.step(1, 12, Step{What: bills, N: []int{2, 3, 2, 1, 2, 2, 2, 0, 2, 2, 2, 1, 2, 2, 2, 2}[m.bills%16]}) {
			m.bills++
		}
	}
	for n := range 3 {
		late := m.r.IntN(12) - 3
		switch m.often(74, 15, 11) {
		case 1:
			late += 15 + m.r.IntN(45)
		case 2:
			late += 100 + m.r.IntN(300)
		}
		then := walk{m: m, deal: w.deal, ago: signed - 30*n - max(late, 0), last: since}
		part := []int{100, 50}[m.often(93, 7)]
		if !then.step(0, 1, Step{What: Paid, N: n + 1, Part: part}) {
			return
		}
		w.ago = min(w.ago, then.ago)
	}
	if delivered {
		w.step(1, 10, Step{What: ends})
	}
}
