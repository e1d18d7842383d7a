package demo

import (
	"context"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
	"github.com/guanxicrm/guanxi/internal/modules/targets/ranking"
	"github.com/guanxicrm/guanxi/internal/modules/targets/standing"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
)

// Goal is one of targets.target: of a member, a department by its name, a
// product, or else of the company. Total is in whole yuan or a number.
type Goal struct {
	Year            int
	Measure         string
	Member, Product int // -1 = none
	Dept            string
	Total           int64
}

// season is how a year's figure is shared over its months, in percent.
func season() []int64 { return []int64{6, 5, 9, 8, 8, 9, 7, 7, 9, 9, 10, 13} }

// head is the department above those that sell.
const head = "销售部"

// goals are set by what was sold: a good year is met by a part of those who
// sell, by most of them nearly, and each department's is what its members' come
// to.
func (m *maker) goals() {
	for _, year := range []int{m.Day.Year() - 1, m.Day.Year()} {
		sold, products := m.soldIn(year)
		passed := m.passed(year)
		depts, all := map[string]int64{}, int64(0)
		goal := func(g Goal) { g.Year = year; m.Goals = append(m.Goals, g) }
		for i, p := range people() {
			if p.role != "sales" || !m.sells(p.dept) {
				continue
			}
			total := rounded(sold[i]*100/passed*100/(70+int64(m.r.IntN(45))), 50_000, 600_000)
			goal(Goal{Measure: measure.OrderAmount, Member: i, Product: -1, Total: total})
			goal(Goal{Measure: measure.NewCustomers, Member: i, Product: -1, Total: int64(12 + 12*m.r.IntN(3))})
			goal(Goal{Measure: measure.Visits, Member: i, Product: -1, Total: int64(24 + 12*m.r.IntN(3))})
			depts[p.dept] += total
			all += total
		}
		for _, d := range depts3() {
			goal(Goal{Measure: measure.OrderAmount, Member: -1, Product: -1, Dept: d, Total: depts[d]})
			goal(Goal{Measure: measure.Receipts, Member: -1, Product: -1, Dept: d, Total: rounded(depts[d]*85/100, 50_000, 0)})
		}
		whole := rounded(all*102/100, 100_000, 0)
		for _, one := range []Goal{{Measure: measure.OrderAmount, Total: whole}, {Measure: measure.Receipts, Total: rounded(whole*85/100, 100_000, 0)}} {
			one.Member, one.Product = -1, -1
			goal(one)
			one.Dept = head
			goal(one)
		}
		for _, at := range []int{1, 2, 4} {
			goal(Goal{Measure: measure.OrderAmount, Member: -1, Product: at, Total: rounded(products[at]*100/passed*100/(80+int64(m.r.IntN(35))), 50_000, 500_000)})
		}
	}
}

// depts3 are the departments that sell.
func depts3() []string { return []string{east + head, north + head, south + head} }

func (m *maker) sells(dept string) bool {
	for _, d := range depts3() {
		if d == dept {
			return true
		}
	}
	return false
}

// rounded is a figure in whole steps, at least so much.
func rounded(n, step, least int64) int64 { return max((n+step/2)/step*step, least) }

// passed is how much of a year's figure is to have come by today, in percent.
func (m *maker) passed(year int) (percent int64) {
	if year < m.Day.Year() {
		return 100
	}
	month := int(m.Day.Month())
	for i, part := range season()[:month] {
		if i < month-1 {
			percent += part
		} else {
			percent += part * int64(m.Day.Day()) / 31
		}
	}
	return max(percent, 3)
}

// soldIn is what was sold in a year, about: by seller and by product.
func (m *maker) soldIn(year int) (sellers, products map[int]int64) {
	sellers, products = map[int]int64{}, map[int]int64{}
	for _, p := range m.Steps {
		if p.What != Won || p.At.Year() != year {
			continue
		}
		d := &m.Deals[p.Deal]
		for _, l := range d.Lines {
			n := m.Products[l.Product].Price * l.Quantity * (100 - l.Discount) / 100
			sellers[d.Owner] += n
			products[l.Product] += n
		}
	}
	return sellers, products
}

// goal writes one of them.
func (w *Writer) goal(ctx context.Context, tx *records.Session, s *Scene, i int) error {
	g := &s.Goals[i]
	if err := tx.Backdate(time.Date(g.Year, 1, 4, 10, 0, 0, 0, s.Day.Location())); err != nil {
		return err
	}
	step, weights := int64(micro), []int64(nil)
	if !measure.Counts(g.Measure) {
		step, weights = 100*micro, season()
	}
	parts := target.Split(g.Total*micro, weights, target.Months, step)
	_, err := tx.Create(ctx, target.Entity.Name, func(r *record.Record) {
		target.Year.Set(r, strconv.Itoa(g.Year))
		target.Measure.Set(r, g.Measure)
		for n, part := range parts {
			target.Month(n).Set(r, part)
		}
		target.Owner.Set(r, w.ids.members[2])
		switch {
		case g.Member >= 0:
			target.Kind.Set(r, target.Member)
			target.OfMember.Set(r, w.ids.members[g.Member])
		case g.Product >= 0:
			target.Kind.Set(r, target.Product)
			target.OfProduct.Set(r, w.ids.products[g.Product])
		case g.Dept != "":
			target.Kind.Set(r, target.Department)
			target.OfDept.Set(r, w.ids.depts[g.Dept])
		default:
			target.Kind.Set(r, target.Company)
			target.Owner.Set(r, w.ids.members[0])
		}
	})
	return err
}

// rankings publishes them.
func (w *Writer) rankings(ctx context.Context, tx *records.Session) error {
	for _, one := range []struct {
		name, subjects, period, by string
		measures                   []string
	}{
		{"本月销售龙虎榜", ranking.Members, ranking.Month, ranking.ByActual, []string{measure.OrderAmount, measure.Receipts, measure.Visits}},
		{"季度部门擂台", ranking.Depts, ranking.Quarter, ranking.ByRate, []string{measure.OrderAmount, measure.Receipts}},
		{"年度冲刺榜", ranking.Members, ranking.Year, ranking.ByRate, []string{measure.OrderAmount, measure.NewCustomers}},
	} {
		if _, err := tx.Create(ctx, ranking.Entity.Name, func(r *record.Record) {
			ranking.Name.Set(r, one.name)
			ranking.Subjects.Set(r, one.subjects)
			ranking.Measures.Set(r, texts(one.measures))
			ranking.Period.Set(r, one.period)
			ranking.By.Set(r, one.by)
		}); err != nil {
			return err
		}
	}
	return nil
}

// standingsBack is of how many months before the last three, which the program
// takes by itself, it is written down how far everybody was.
const standingsBack = 3

// boards publishes the rankings and says what scores are reckoned by.
func (w *Writer) boards(ctx context.Context, tx *records.Session) error {
	if err := w.rankings(ctx, tx); err != nil {
		return err
	}
	return w.scores(ctx, tx)
}

// standings writes down how far everybody was at the ends of the months.
func (w *Writer) standings(ctx context.Context, tx *records.Session, s *Scene, back int) error {
	at := time.Date(s.Day.Year(), s.Day.Month()-time.Month(back), 1, 1, 0, 0, 0, s.Day.Location())
	if err := tx.Backdate(at); err != nil {
		return err
	}
	for range measure.Codes() {
		if _, err := standing.Tick(ctx, tx, at); err != nil {
			return err
		}
	}
	return nil
}
