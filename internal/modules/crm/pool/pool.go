// Package pool declares pools (公海, 线索池, CUS-5): records without an owner
// wait there for somebody who claims them or is given them. A pool says who may
// claim, how many, and when records come back.
package pool

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool/limit"
)

// name is the entity's own.
const name = "crm.pool"

// What a pool holds: one kind of records only.
const (
	Leads     = "lead"
	Customers = "customer"
)

// entityOf names the entity of a kind, and kindOf the kind of an entity.
func entityOf(kind string) string { return "crm." + kind }

func kindOf(entity string) string { return entity[len("crm."):] }

// Who may claim.
var (
	Name        = entity.Text("name", 100).Required().Folded().Sortable().Search()
	Holds       = entity.Choice("holds", Leads, Customers).Colors("blue", "green").Default(Leads).Required().Coded()
	Active      = entity.Switch("active").Default("true")
	Everyone    = entity.Switch("everyone").Default("false").Audited()
	Managers    = entity.Members("managers").Audited()
	Members     = entity.Members("members").VisibleWhen(entity.Is(Everyone, "false")).Audited()
	Departments = entity.Depts("departments").VisibleWhen(entity.Is(Everyone, "false")).Audited()
	Remark      = entity.LongText("remark")
)

// How many: empty is without a limit.
var (
	PerDay       = entity.Number("claim_per_day").Between("0", "")
	PerWeek      = entity.Number("claim_per_week").Between("0", "")
	Holding      = entity.Number("holding").Between("0", "")
	ReclaimDays  = entity.Number("reclaim_days").Between("0", "3650")
	ProtectDays  = entity.Number("protect_days").Between("0", "3650")
	FirstOfKind  = entity.Switch("is_default").Default("false")
	limitsOfRole = "limits"
)

// When records come back by themselves: empty is never. A record's day is
// worked out by Held.Day.
var (
	IdleDays    = entity.Number("idle_days").Between("1", "3650")
	UndealtDays = entity.Number("undealt_days").Between("1", "3650")
	Expires     = entity.Switch("expires").Default("false")
	RemindDays  = entity.Number("remind_days").Between("1", "365")
	SpareHeats  = entity.Choices("spare_heats", "hot", "warm", "cold").SameAs("crm.lead", entity.Choice("heat")).VisibleWhen(entity.Is(Holds, Leads))
	SpareLevels = entity.Choices("spare_levels", "a", "b", "c", "d").SameAs("crm.customer", entity.Choice("level")).VisibleWhen(entity.Is(Holds, Customers))
	RanOn       = entity.Date("ran_on").ReadOnly()
)

// Entity is crm.pool without what depends on what pools hold; With adds that.
// Everybody sees which pools there are; they are made and changed by
// administrators.
var Entity = entity.Def{
	Name: name,
	Icon: "waves",
	Fields: entity.Fields(Name, Holds, Active, Everyone, Managers, Members, Departments,
		PerDay, PerWeek, Holding, ReclaimDays, ProtectDays, FirstOfKind, Remark,
		IdleDays, UndealtDays, Expires, RemindDays, SpareHeats, SpareLevels, RanOn),
	Title:   Name,
	Lines:   entity.Lines(limitsOfRole, limit.Entity),
	Public:  true,
	Guarded: true,
	Hooks:   entity.Hooks{Validate: validate, Within: within},
	Layout: schema.Layout{
		List: []string{"name", "holds", "active", "everyone", "managers", "claim_per_day", "claim_per_week", "holding"},
		Sort: "name",
		Card: []string{"name", "holds", "active"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "leads", Filter: `holds == "lead" and active == true`, Sort: "name"},
			{Key: "customers", Filter: `holds == "customer" and active == true`, Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "holds", "active", "is_default"}, Columns: 2},
			{Key: "who", Fields: []string{"everyone", "members", "departments", "managers"}, Columns: 2},
			{Key: "limits", Fields: []string{"claim_per_day", "claim_per_week", "holding", "reclaim_days", "protect_days"}, Columns: 2},
			{Key: "back", Fields: []string{"idle_days", "undealt_days", "expires", "remind_days", "spare_heats", "spare_levels", "ran_on"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}

// validate keeps a pool for what it holds, and one default for each kind.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	at := c.After
	if at == nil {
		at = c.Before
	}
	if c.Before != nil && (c.After == nil || Holds.Get(c.Before) != Holds.Get(c.After)) {
		n, err := tx.Count(ctx, entityOf(Holds.Get(c.Before)), entity.Is(refTo, id.ID(at.ID()).String()), 0)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "error.pool_in_use").At(Holds.Key())
		}
	}
	return nil
}

// refTo stands for the field of a record that names its pool, in conditions.
var refTo = entity.Ref("pool", name)

// within leaves one default pool of a kind: the last that was made so.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil || !FirstOfKind.Get(c.After) || !c.Touches(FirstOfKind, Holds) {
		return nil
	}
	if err := tx.Guard(ctx, "crm.pool.default"); err != nil {
		return err
	}
	others, err := all(ctx, tx, Holds.Get(c.After))
	if err != nil {
		return err
	}
	for _, p := range others {
		if p.ID() == c.After.ID() || !FirstOfKind.Get(p) {
			continue
		}
		if err := tx.Update(ctx, name, p.ID(), func(r *record.Record) { FirstOfKind.Set(r, false) }); err != nil {
			return err
		}
	}
	return nil
}

// most is more pools than a company has.
const most = 1000

// all lists the pools of a kind, the oldest first.
func all(ctx context.Context, tx entity.Reader, kind string) ([]*record.Record, error) {
	return tx.Find(ctx, name, entity.Is(Holds, kind), most)
}

// home is the pool that takes records of a kind which name none: the default,
// else the oldest active one; nil when there is none.
func home(ctx context.Context, tx entity.Reader, kind string) (*record.Record, error) {
	list, err := all(ctx, tx, kind)
	var found *record.Record
	for _, p := range list {
		if Active.Get(p) && (found == nil || FirstOfKind.Get(p)) {
			found = p
		}
	}
	return found, err
}
