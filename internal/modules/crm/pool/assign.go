package pool

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool/area"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// assigned is the action that asks the rules at once.
func (h *Held) assigned(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	if !h.lies(c.After) {
		return errs.New(errs.Conflict, "error.pool_taken")
	}
	found, err := h.give(ctx, tx, c, nil)
	if err == nil && !found {
		return errs.New(errs.Conflict, "error.assign_none")
	}
	return err
}

// give asks the rules who gets a record that lies in a pool, and gives it to him;
// it says whether there is somebody. One is given after another, over all rules:
// the next sees what the one before did. What went back is given by rules for
// such only, and never to whom it came from: back names him, nil for new ones.
func (h *Held) give(ctx context.Context, tx entity.Writer, c entity.Change, back *int64) (bool, error) {
	rules, err := tx.Find(ctx, ruleName, query.All(entity.Is(RuleHolds, kindOf(h.name)), entity.Is(RuleActive, "true")), most)
	if err != nil || len(rules) == 0 {
		return false, err
	}
	slices.SortStableFunc(rules, func(a, b *record.Record) int { return cmp.Compare(RuleOrder.Get(a), RuleOrder.Get(b)) })
	guarded := false
	for _, rule := range rules {
		if back != nil && !RuleReturned.Get(rule) || !h.fits(ctx, tx, rule, c.After) {
			continue
		}
		if !guarded {
			if err := tx.Guard(ctx, "crm.assign"); err != nil {
				return false, err
			}
			guarded = true
		}
		who, turns, err := h.choose(ctx, tx, rule, c.After, back)
		if err != nil {
			return false, err
		}
		if who == 0 {
			continue
		}
		if err := h.hand(ctx, tx, c, rule, who); err != nil {
			return false, err
		}
		return true, took(ctx, tx, rule, who, turns, c.Now)
	}
	return false, nil
}

// fits says whether a rule is for a record.
func (h *Held) fits(ctx context.Context, tx entity.Reader, rule, r *record.Record) bool {
	if p := RulePool.Get(rule); p != 0 && p != h.Pool.Get(r) {
		return false
	}
	when := LeadWhen
	if kindOf(h.name) == Customers {
		when = CustomerWhen
	}
	return tx.Holds(ctx, h.name, when.Get(rule), r)
}

// hand gives a record to a member by a rule, and tells him.
func (h *Held) hand(ctx context.Context, tx entity.Writer, c entity.Change, rule *record.Record, who int64) error {
	err := tx.Update(ctx, h.name, c.After.ID(), func(r *record.Record) {
		h.Owner.Set(r, who)
		h.Rule.Set(r, rule.ID())
	})
	if err != nil || who == c.Actor.ID() {
		return err
	}
	return reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Given, Owner: who, Sender: c.Actor.ID(), About: record.Ref(h.name, c.After.ID()),
		Title: c.After.Get("name").Str(), Count: 1, Of: h.name, Batch: c.Now, At: c.Now})
}

// turn is what a rule gave a member until now.
type turn struct{ record, count, last int64 }

// choose gives the member who gets a record by a rule, 0 when nobody is there who
// may hold one more. Of several who could it is whose turn was longest ago, and
// of those the one who has been in the company longest: two at once, or a second
// time on other hardware, come to the same.
func (h *Held) choose(ctx context.Context, tx entity.Reader, rule, r *record.Record, back *int64) (int64, map[int64]turn, error) {
	turns, err := turnsOf(ctx, tx, rule)
	if err != nil {
		return 0, nil, err
	}
	people, err := there(ctx, tx, rule, r)
	if back != nil {
		people = slices.DeleteFunc(people, func(who int64) bool { return who == *back })
	}
	if err != nil || len(people) == 0 {
		return 0, turns, err
	}
	busy := map[int64]int64{}
	if RuleMode.Get(rule) == LeastBusy {
		if busy, err = h.load(ctx, tx, people); err != nil {
			return 0, turns, err
		}
	}
	slices.SortFunc(people, func(a, b int64) int {
		return cmp.Or(cmp.Compare(busy[a], busy[b]), cmp.Compare(turns[a].last, turns[b].last), cmp.Compare(a, b))
	})
	p, err := tx.Get(ctx, name, h.Pool.Get(r))
	if err != nil {
		return 0, turns, err
	}
	for _, who := range people {
		free, err := h.mayHold(ctx, tx, p, who)
		if err != nil || free {
			return who, turns, err
		}
	}
	return 0, turns, nil
}

// mayHold says whether a member may hold one more record of a pool.
func (h *Held) mayHold(ctx context.Context, tx entity.Reader, p *record.Record, who int64) (bool, error) {
	if err := tx.Guard(ctx, holderKey(who)); err != nil {
		return false, err
	}
	l, err := limitsOf(ctx, tx, p, who)
	if err != nil || l.holding == free {
		return err == nil, err
	}
	n, err := tx.Count(ctx, h.name, query.All(is(h.Owner, who), entity.In(h.state, h.open...)), int(l.holding))
	return int64(n) < l.holding, err
}

// load is how many records that still ask for work each of some members holds.
func (h *Held) load(ctx context.Context, tx entity.Reader, people []int64) (map[int64]int64, error) {
	rows, _, err := tx.Sum(ctx, entity.Sum{Entity: h.name, Where: query.All(oneOf(h.Owner, people), entity.In(h.state, h.open...)), Group: []string{h.Owner.Key()}})
	out := make(map[int64]int64, len(rows))
	for _, row := range rows {
		out[row[0].Int()] = row[1].Int()
	}
	return out, err
}

// turnsOf reads what a rule gave to whom.
func turnsOf(ctx context.Context, tx entity.Reader, rule *record.Record) (map[int64]turn, error) {
	list, err := tx.Find(ctx, turnName, is(TurnRule, rule.ID()), mostPeople)
	out := make(map[int64]turn, len(list))
	for _, t := range list {
		out[TurnMember.Get(t)] = turn{t.ID(), TurnCount.Get(t), TurnLast.Get(t)}
	}
	return out, err
}

// took notes whose turn it was.
func took(ctx context.Context, tx entity.Writer, rule *record.Record, who int64, turns map[int64]turn, now int64) error {
	next := int64(1)
	for _, t := range turns {
		next = max(next, t.last+1)
	}
	had, known := turns[who]
	fill := func(r *record.Record) {
		TurnRule.Set(r, rule.ID())
		TurnMember.Set(r, who)
		TurnName.Set(r, RuleName.Get(rule))
		TurnCount.Set(r, had.count+1)
		TurnLast.Set(r, next)
		TurnAt.Set(r, now)
	}
	if known {
		return tx.Update(ctx, turnName, had.record, fill)
	}
	_, err := tx.Create(ctx, turnName, fill)
	return err
}

// mostPeople is more members than a company has.
const mostPeople = 100_000

// there lists who of a rule's members are there today and can get a record.
func there(ctx context.Context, tx entity.Reader, rule, r *record.Record) ([]int64, error) {
	var named []int64
	var under []int64
	if RuleMode.Get(rule) == ByRegion {
		lines, err := entity.LinesOf(ctx, tx, area.Entity.Name, rule.ID())
		if err != nil {
			return nil, err
		}
		named = near(lines, r.Get("region").Str())
	} else {
		named = ids(RuleMembers.Get(rule))
		var err error
		if under, err = below(ctx, tx, ids(RuleDepartments.Get(rule))); err != nil {
			return nil, err
		}
	}
	if len(named) == 0 && len(under) == 0 {
		return nil, nil
	}
	who := oneOfID(named)
	if len(under) > 0 {
		who = either(who, oneOf(member.Department, under), oneOf(member.Departments, under))
	}
	list, err := tx.Find(ctx, schema.MemberEntity, query.All(who, entity.Is(member.Disabled, "false")), mostPeople)
	var out []int64
	for _, m := range list {
		if !member.Away(m, tx.Here().Today()) {
			out = append(out, m.ID())
		}
	}
	return out, err
}

// near are the members of the lines whose region is the narrowest around one.
func near(lines []*record.Record, region string) (out []int64) {
	best := -1
	for _, l := range lines {
		at := area.Region.Get(l)
		if region == "" || !strings.HasPrefix(region, at) || len(at) < best {
			continue
		}
		if len(at) > best {
			best, out = len(at), nil
		}
		out = append(out, area.Member.Get(l))
	}
	return out
}

// below are departments with all below them.
func below(ctx context.Context, tx entity.Reader, of []int64) ([]int64, error) {
	if len(of) == 0 {
		return nil, nil
	}
	list, err := tx.Find(ctx, department.Entity.Name, nil, mostPeople)
	if err != nil {
		return nil, err
	}
	for grown := true; grown; {
		grown = false
		for _, d := range list {
			if slices.Contains(of, department.Parent.Get(d)) && !slices.Contains(of, d.ID()) {
				of, grown = append(of, d.ID()), true
			}
		}
	}
	return of, nil
}

// oneOf is the condition that a reference field is one of some records.
func oneOf(f entity.Declared, list []int64) *query.Node {
	n := &query.Node{Kind: query.Compare, Path: entity.KeyOf(f), Op: schema.OpIn}
	for _, one := range list {
		n.Args = append(n.Args, query.Arg{Text: id.ID(one).String()})
	}
	return n
}

// oneOfID is the condition that a record is one of some.
func oneOfID(list []int64) *query.Node {
	if len(list) == 0 {
		return none()
	}
	n := &query.Node{Kind: query.Compare, Path: "id", Op: schema.OpIn}
	for _, one := range list {
		n.Args = append(n.Args, query.Arg{Text: id.ID(one).String()})
	}
	return n
}
