package crm_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool/area"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
)

// rule makes an assignment rule for leads.
func (d *desk) rule(order int64, mode string, fill func(*record.Record)) int64 {
	return d.Add("crm.assign_rule", func(r *record.Record) {
		pool.RuleName.Set(r, fmt.Sprintf("规则 %d", order))
		pool.RuleOrder.Set(r, order)
		pool.RuleMode.Set(r, mode)
		fill(r)
	})
}

// owner is who has a lead.
func (d *desk) owner(n int64) (who int64) {
	d.write(func(ctx context.Context, tx *records.Session) error {
		r, err := tx.Get(ctx, "crm.lead", n)
		if err == nil {
			who = lead.Owner.Get(r)
		}
		return err
	})
	return who
}

func many(list ...int64) []record.Value { return record.Ints(list).List() }

// What comes into a pool is given to members by the first rule that fits and has
// somebody who is there and may hold one more; history says by which (CUS-5).
func TestRulesAssign(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		sales := d.Add("org.department", func(r *record.Record) { department.Name.Set(r, "销售部") })
		south := d.Add("org.department", func(r *record.Record) { department.Name.Set(r, "华南组"); department.Parent.Set(r, sales) })
		var who []int64
		for i := range 5 {
			who = append(who, d.seller(fmt.Sprintf("s%d", i), "crm.lead"))
		}
		d.Load()
		today := d.Clock.Now().Format(time.DateOnly)
		d.write(func(ctx context.Context, tx *records.Session) error {
			if err := tx.Update(ctx, "org.member", who[2], func(r *record.Record) { member.AwayFrom.Set(r, today) }); err != nil {
				return err
			}
			return tx.Update(ctx, "org.member", who[3], func(r *record.Record) { member.Department.Set(r, south) })
		})
		box := d.must("crm.pool", map[string]string{"name": "线索池", "everyone": "true", "holding": "3"})
		lies := func(fields map[string]string) int64 {
			t.Helper()
			for k, v := range map[string]string{"pool": text(box), "owner": ""} {
				fields[k] = v
			}
			return d.must("crm.lead", fields)
		}
		unruled := lies(map[string]string{"name": "没有规则"})
		if d.owner(unruled) != 0 {
			t.Error("without a rule somebody got one")
		}
		web := d.rule(10, pool.RoundRobin, func(r *record.Record) {
			pool.LeadWhen.Set(r, `source == "web" and created_at >= days(-1)`)
			pool.RuleMembers.Set(r, many(who[0], who[1], who[2]))
		})
		d.rule(20, pool.LeastBusy, func(r *record.Record) {
			pool.LeadWhen.Set(r, `heat == "hot" or source == "web"`)
			pool.RuleMembers.Set(r, many(who[4]))
			pool.RuleDepartments.Set(r, many(sales))
		})
		var got []int64
		for i := range 9 { // three each, then those of the department, then nobody
			got = append(got, d.owner(lies(map[string]string{"name": fmt.Sprintf("网站 %d", i), "source": "web"})))
		}
		want := []int64{who[0], who[1], who[0], who[1], who[0], who[1], who[3], who[4], who[3]}
		if !slices.Equal(got, want) {
			t.Errorf("they went to %v, want %v", got, want)
		}
		if n := d.owner(lies(map[string]string{"name": "电话", "source": "phone"})); n != 0 {
			t.Errorf("one that no rule fits went to %d", n)
		}
		last := lies(map[string]string{"name": "热门", "heat": "hot"})
		if d.owner(last) != who[4] {
			t.Errorf("the least busy is s4, it went to %d", d.owner(last))
		}
		entries := d.all("crm.lead_pool_entry")
		first := entries[0]
		if e := lead.Held.Entry; e.Kind.Get(first) != pool.Auto || e.Rule.Get(first) != web || e.Member.Get(first) != who[0] {
			t.Errorf("the first entry says %s by %d for %d", e.Kind.Get(first), e.Rule.Get(first), e.Member.Get(first))
		}
		for _, turn := range d.all("crm.assign_turn") {
			if pool.TurnRule.Get(turn) == web && pool.TurnCount.Get(turn) != 3 {
				t.Errorf("by the rule for the site %d got %d", pool.TurnMember.Get(turn), pool.TurnCount.Get(turn))
			}
		}
		told := 0
		for _, r := range d.all("org.reminder") {
			if r.Get("kind").Str() == "given" && r.Get("owner").Int() == who[0] {
				told += int(r.Get("count").Int())
			}
		}
		if told != 3 {
			t.Errorf("s0 was told of %d", told)
		}
		// A change later gives it to nobody else; who it is handed to has it by no rule.
		d.write(func(ctx context.Context, tx *records.Session) error {
			return tx.Update(ctx, "crm.lead", last, func(r *record.Record) { lead.Owner.Set(r, who[3]) })
		})
		for _, r := range d.all("crm.lead") {
			if r.ID() == last && lead.Held.Rule.Get(r) != 0 {
				t.Error("handed over, it still names the rule")
			}
		}
	})
}

// at is a line that names who is there for a region.
func at(region string, who int64) func(*record.Record) {
	return func(r *record.Record) {
		area.Region.Set(r, region)
		area.Member.Set(r, who)
	}
}

// By region the narrowest line around it counts; the button asks the rules later.
func TestRulesAssignByRegion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		var who []int64
		for i := range 3 {
			who = append(who, d.seller(fmt.Sprintf("s%d", i), "crm.lead"))
		}
		d.Load()
		box := d.must("crm.pool", map[string]string{"name": "线索池", "everyone": "true"})
		lies := func(region string) int64 {
			return d.must("crm.lead", map[string]string{"name": "线索 " + region, "pool": text(box), "owner": "", "region": region})
		}
		early := lies("3205")
		d.write(func(ctx context.Context, tx *records.Session) error {
			_, err := tx.Create(ctx, "crm.assign_rule", func(r *record.Record) {
				pool.RuleName.Set(r, "华东")
				pool.RuleMode.Set(r, pool.ByRegion)
			}, entity.Made{Group: "areas", Fill: []func(*record.Record){at("32", who[0]), at("3205", who[1]), at("44", who[2])}})
			return err
		})
		for region, want := range map[string]int64{"320506": who[1], "3201": who[0], "31": 0, "": 0} {
			if got := d.owner(lies(region)); got != want {
				t.Errorf("one of %q went to %d, want %d", region, got, want)
			}
		}
		if a, b := d.owner(lies("44")), d.owner(lies("4403")); a != who[2] || b != who[2] {
			t.Errorf("those of 44 went to %d and %d", a, b)
		}
		if err := d.Act(d.As(d.boss), "crm.lead", "auto_assign", early); err != nil {
			t.Fatal(err)
		}
		if d.owner(early) != who[1] {
			t.Errorf("asked later, it went to %d", d.owner(early))
		}
		refused(t, "without somebody", d.Act(d.As(d.boss), "crm.lead", "auto_assign", lies("31")), "error.assign_none", "")
		_, err := d.put("crm.assign_rule", map[string]string{"name": "错", "mode": "round_robin", "members": text(who[0]), "lead_when": "owner == me"})
		refused(t, "a condition about who looks", err, "error.asks_me", "lead_when")
		_, err = d.put("crm.assign_rule", map[string]string{"name": "错", "mode": "round_robin", "members": text(who[0]), "lead_when": `owner.name == "x"`})
		refused(t, "a condition about others", err, "error.asks_field", "lead_when")
		_, err = d.put("crm.assign_rule", map[string]string{"name": "空", "mode": "round_robin"})
		refused(t, "a rule for nobody", err, "error.assign_nobody", "members")
	})
}

// What went back, by hand or by the pool's rules, is given again by rules that
// say so, and not to whom it came from; by others it stays where it lies.
func TestRulesAssignWhatWentBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		who := []int64{d.seller("s0", "crm.lead"), d.seller("s1", "crm.lead")}
		d.Load()
		box := d.must("crm.pool", map[string]string{"name": "线索池", "everyone": "true", "idle_days": "5"})
		again := d.rule(10, pool.RoundRobin, func(r *record.Record) {
			pool.LeadWhen.Set(r, `source == "web"`)
			pool.RuleMembers.Set(r, many(who[0], who[1]))
			pool.RuleReturned.Set(r, true)
		})
		d.rule(20, pool.RoundRobin, func(r *record.Record) { pool.RuleMembers.Set(r, many(who[0], who[1])) })
		lies := func(source string) int64 {
			t.Helper()
			return d.must("crm.lead", map[string]string{"name": "线索 " + source, "source": source, "pool": text(box), "owner": ""})
		}
		web, phone := lies("web"), lies("phone")
		if d.owner(web) != who[0] || d.owner(phone) != who[0] {
			t.Fatalf("new ones went to %d and %d", d.owner(web), d.owner(phone))
		}
		if err := d.ActWith(d.As(who[0]), "crm.lead", "release", web, map[string]string{"reason": "no_need"}); err != nil {
			t.Fatal(err)
		}
		if d.owner(web) != who[1] {
			t.Errorf("given back, it went to %d", d.owner(web))
		}
		d.Clock.Advance(6 * 24 * time.Hour)
		d.runRules()
		if d.owner(web) != who[0] || d.owner(phone) != 0 {
			t.Errorf("taken back by the pool, they went to %d and %d", d.owner(web), d.owner(phone))
		}
		n := len(d.all("crm.lead_pool_entry"))
		d.runRules() // what was given again is not taken again on the same day
		if more := len(d.all("crm.lead_pool_entry")) - n; more != 0 || d.owner(web) != who[0] {
			t.Errorf("a second run wrote %d more", more)
		}
		for _, r := range d.all("crm.lead") {
			if r.ID() == web && lead.Held.Rule.Get(r) != again {
				t.Error("it does not say by which rule")
			}
		}
	})
}
