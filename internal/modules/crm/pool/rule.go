package pool

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool/area"
)

// How a rule chooses among its members.
const (
	RoundRobin = "round_robin" // one after another
	LeastBusy  = "least_busy"  // who holds the fewest that still ask for work
	ByRegion   = "by_region"   // who is there for the record's region
)

// What an assignment rule says (自动分配, CUS-5): what it is for, and who gets it.
// The first rule by order that fits and has somebody free decides.
var (
	RuleName        = entity.Text("name", 100).Required().Folded().Sortable().Search()
	RuleHolds       = entity.Choice("holds", Leads, Customers).Colors("blue", "green").Default(Leads).Required().Coded()
	RuleActive      = entity.Switch("active").Default("true")
	RuleOrder       = entity.Number("order").Required().Default("10").Between("0", "9999")
	RulePool        = entity.Ref("pool", name).Only("holds == {holds}")
	LeadWhen        = entity.Text("lead_when", 2000).Asks("crm.lead").VisibleWhen(entity.Is(RuleHolds, Leads))
	CustomerWhen    = entity.Text("customer_when", 2000).Asks("crm.customer").VisibleWhen(entity.Is(RuleHolds, Customers))
	RuleMode        = entity.Choice("mode", RoundRobin, LeastBusy, ByRegion).Colors("blue", "purple", "teal").Default(RoundRobin).Required().Coded()
	RuleMembers     = entity.Members("members").VisibleWhen(entity.Not(RuleMode, ByRegion))
	RuleDepartments = entity.Depts("departments").VisibleWhen(entity.Not(RuleMode, ByRegion))
	RuleRemark      = entity.LongText("remark")
	RuleReturned    = entity.Switch("returned") // also what somebody had and that went back
	areas           = "areas"
)

// ruleName is the entity of assignment rules.
const ruleName = "crm.assign_rule"

// Rule is crm.assign_rule. Everybody sees why he got what he got; rules are made
// and changed by administrators.
var Rule = entity.Def{
	Name: ruleName,
	Icon: "split",
	Fields: entity.Fields(RuleName, RuleHolds, RuleActive, RuleOrder, RulePool, LeadWhen, CustomerWhen, RuleMode, RuleMembers, RuleDepartments,
		RuleRemark, RuleReturned),
	Title:   RuleName,
	Lines:   entity.Lines(areas, area.Entity),
	Public:  true,
	Guarded: true,
	Hooks:   entity.Hooks{Derive: deriveRule, Validate: validateRule, WithLines: true},
	Layout: schema.Layout{
		List: []string{"order", "name", "holds", "mode", "pool", "members", "departments", "active"},
		Sort: "order",
		Card: []string{"name", "holds", "mode", "active"},
		Views: []schema.View{
			{Key: "all", Sort: "order"},
			{Key: "leads", Filter: `holds == "lead" and active == true`, Sort: "order"},
			{Key: "customers", Filter: `holds == "customer" and active == true`, Sort: "order"},
		},
		LinesAfter: "who",
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "holds", "order", "active"}, Columns: 2},
			{Key: "which", Fields: []string{"pool", "lead_when", "customer_when", "returned"}, Columns: 1},
			{Key: "who", Fields: []string{"mode", "members", "departments"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}

// deriveRule refuses a rule that can never give anybody anything.
func deriveRule(r *record.Record, n entity.Needs) error {
	if RuleMode.Get(r) == ByRegion {
		if len(n.Lines(areas)) == 0 {
			return errs.New(errs.Invalid, "error.assign_areas").At(areas)
		}
		return nil
	}
	if len(RuleMembers.Get(r)) == 0 && len(RuleDepartments.Get(r)) == 0 {
		return errs.New(errs.Invalid, "error.assign_nobody").At(RuleMembers.Key())
	}
	return nil
}

// validateRule keeps a rule with pools of its kind.
func validateRule(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil || RulePool.Get(c.After) == 0 || !c.Touches(RulePool, RuleHolds) {
		return nil
	}
	p, err := tx.Get(ctx, name, RulePool.Get(c.After))
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.Invalid, "error.reference").At(RulePool.Key())
	}
	if err == nil && Holds.Get(p) != RuleHolds.Get(c.After) {
		return errs.New(errs.Invalid, "error.pool_kind").At(RulePool.Key())
	}
	return err
}

// Whose turn it is: how often a rule gave somebody something, and when last.
var (
	TurnRule   = entity.Ref("rule", ruleName).Required().ReadOnly()
	TurnMember = entity.Member("member").Required().ReadOnly()
	TurnName   = entity.Text("title", 100).ReadOnly()
	TurnCount  = entity.Number("count").ReadOnly()
	TurnLast   = entity.Number("last").ReadOnly() // number of the rule's last assignment to him
	TurnAt     = entity.Instant("at").ReadOnly()
)

// turnName is the entity of turns.
const turnName = "crm.assign_turn"

// Turn is crm.assign_turn, written by the rules.
var Turn = entity.Def{
	Name:    turnName,
	Icon:    "list-ordered",
	Fields:  entity.Fields(TurnRule, TurnMember, TurnName, TurnCount, TurnLast, TurnAt),
	Title:   TurnName,
	Public:  true,
	Guarded: true,
	Indexes: []schema.Index{entity.UniqueBy(TurnRule, TurnMember)},
	Layout: schema.Layout{
		List: []string{"title", "member", "count", "at"},
		Sort: "-at",
		Card: []string{"title", "member", "count"},
		Views: []schema.View{
			{Key: "all", Sort: "-at"},
			{Key: "mine", Filter: "member == me", Sort: "-at"},
			{Key: "today", Filter: "at >= today()", Sort: "-at"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"title", "rule", "member", "count", "last", "at"}, Columns: 2}},
	},
}
