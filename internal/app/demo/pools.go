package demo

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool/area"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool/limit"
	"github.com/guanxicrm/guanxi/internal/modules/crm/scoring"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
)

// pools writes where leads and customers lie whom nobody has, and the rules by
// which they are given out. They ran this morning.
func (w *Writer) pools(ctx context.Context, tx *records.Session, s *Scene) (err error) {
	today := s.Day.Format(dateOnly)
	manager := w.several([]int{2})
	w.ids.pools = nil
	for _, p := range []struct {
		name string
		fill func(r *record.Record)
	}{
		{"线索池", func(r *record.Record) {
			pool.Everyone.Set(r, true)
			pool.FirstOfKind.Set(r, true)
			pool.PerDay.Set(r, 10)
			pool.Holding.Set(r, 80)
			pool.IdleDays.Set(r, 120)
			pool.RemindDays.Set(r, 3)
			pool.SpareHeats.Set(r, one("hot"))
		}},
		{"展会线索池", func(r *record.Record) {
			pool.Departments.Set(r, []record.Value{record.Int(w.ids.depts[head]), record.Int(w.ids.depts["市场部"])})
			pool.PerWeek.Set(r, 15)
			pool.ProtectDays.Set(r, 7)
			pool.IdleDays.Set(r, 90)
		}},
		{"客户公海", func(r *record.Record) {
			pool.Holds.Set(r, pool.Customers)
			pool.Departments.Set(r, []record.Value{record.Int(w.ids.depts[head])})
			pool.FirstOfKind.Set(r, true)
			pool.PerDay.Set(r, 3)
			pool.PerWeek.Set(r, 8)
			pool.Holding.Set(r, 60)
			pool.ReclaimDays.Set(r, 30)
			pool.ProtectDays.Set(r, 15)
			pool.IdleDays.Set(r, 240)
			pool.RemindDays.Set(r, 7)
			pool.SpareLevels.Set(r, texts([]string{"a", "b"}))
		}},
	} {
		limits := entity.Made{Group: "limits", Fill: []func(*record.Record){func(r *record.Record) {
			limit.Position.Set(r, w.ids.positions["经理"])
			limit.Holding.Set(r, 150)
		}}}
		n, err := tx.Create(ctx, pool.Entity.Name, func(r *record.Record) {
			pool.Name.Set(r, p.name)
			pool.Managers.Set(r, manager)
			pool.RanOn.Set(r, today)
			p.fill(r)
		}, limits)
		if err != nil {
			return err
		}
		w.ids.pools = append(w.ids.pools, n)
	}
	return w.rules(ctx, tx)
}

// dateOnly is how days are written.
const dateOnly = "2006-01-02"

// rules writes who gets what comes into the pools.
func (w *Writer) rules(ctx context.Context, tx *records.Session) error {
	areas := entity.Made{Group: "areas"}
	for _, a := range []struct {
		region string
		member int
	}{{"31", 6}, {"32", 7}, {"33", 8}, {"11", 10}, {"37", 11}, {"44", 13}} {
		areas.Fill = append(areas.Fill, func(r *record.Record) {
			area.Region.Set(r, a.region)
			area.Member.Set(r, w.ids.members[a.member])
		})
	}
	for i, rule := range []struct {
		name, mode, when string
		pool             int
		members          []int
		lines            []entity.Made
	}{
		{"展会线索轮流分配", pool.RoundRobin, `source == "exhibition"`, 1, []int{6, 9, 12, 15}, nil},
		{"网站线索按地区", pool.ByRegion, `source == "web"`, 0, nil, []entity.Made{areas}},
		{"合作伙伴推荐给最空闲的人", pool.LeastBusy, `source == "partner"`, 0, []int{7, 10, 14}, nil},
	} {
		if _, err := tx.Create(ctx, pool.Rule.Name, func(r *record.Record) {
			pool.RuleName.Set(r, rule.name)
			pool.RuleOrder.Set(r, int64(10*(i+1)))
			pool.RulePool.Set(r, w.ids.pools[rule.pool])
			pool.LeadWhen.Set(r, rule.when)
			pool.RuleMode.Set(r, rule.mode)
			if len(rule.members) > 0 {
				pool.RuleMembers.Set(r, w.several(rule.members))
			}
		}, rule.lines...); err != nil {
			return err
		}
	}
	return nil
}

// heldBy puts a lead where it belongs: with its owner, or in a pool, where the
// rules give it to somebody or it lies until it is claimed.
func (w *Writer) heldBy(r *record.Record, l *Lead) {
	in := 0
	if l.Source == "exhibition" {
		in = 1
	}
	lead.Held.Pool.Set(r, w.ids.pools[in])
	if !l.Pooled {
		lead.Owner.Set(r, w.ids.members[l.Owner])
	}
}

// why customers are given back, in turn.
func givenBack() [][2]string {
	return [][2]string{{"unreachable", "电话多次未接，邮件无回复"}, {"no_need", "今年没有设备预算"}, {"mismatch", "需要的规格不在经营范围"}, {"no_time", "手上项目较多，请同事跟进"}}
}

// drop gives a customer back to the pool, some of whom are given to another.
func (w *Writer) drop(_ context.Context, tx *records.Session, s *Scene, i int) error {
	at := s.Drops[i]
	if err := tx.Backdate(at.At); err != nil {
		return err
	}
	why := givenBack()[i%len(givenBack())]
	of := w.ids.customers[at.Customer]
	if err := w.act(tx, &customer.Entity, "release", of, told("reason", why[0]), told("note", why[1]), told("pool", idText(w.ids.pools[2]))); err != nil {
		return err
	}
	if i%4 != 3 {
		return nil
	}
	return w.act(tx, &customer.Entity, "assign", of, told("member", idText(w.ids.members[sellers(east)[i/4%4]])))
}

// scores writes what makes leads and opportunities promising.
func (w *Writer) scores(ctx context.Context, tx *records.Session) error {
	type rule struct {
		name, when string
		points     int64
	}
	for _, m := range []struct {
		of    *scoring.Scored
		name  string
		rules []rule
	}{
		{lead.Scoring, "线索评分", []rule{{"意向强烈", `heat == "hot"`, 30}, {"展会或转介绍", `source in ("exhibition", "referral")`, 20}, {"预算 30 万以上", "amount >= 300000", 25},
			{"已经谈过", "last_followed_at is not null", 15}, {"制造业与电子", `industry in ("manufacturing", "electronics", "automotive")`, 10}, {"意向低", `heat == "cold"`, -15}}},
		{opportunity.Scoring, "商机评分", []rule{{"金额 50 万以上", "amount >= 500000", 25}, {"老客户", `kind in ("repeat", "upgrade")`, 20}, {"谈判阶段", "win_rate >= 50", 25},
			{"承诺成交", `forecast == "commit"`, 20}, {"没有竞争对手", "competitors is null", 10}}},
	} {
		model, err := tx.Create(ctx, m.of.Models().Name, func(r *record.Record) { m.of.Name.Set(r, m.name) })
		if err != nil {
			return err
		}
		for _, one := range m.rules {
			if _, err := tx.Create(ctx, m.of.Rules().Name, func(r *record.Record) {
				m.of.Model.Set(r, model)
				m.of.RuleName.Set(r, one.name)
				m.of.When.Set(r, one.when)
				m.of.Points.Set(r, one.points)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
