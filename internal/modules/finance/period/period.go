// Package period declares which months of the books are closed (结账): what is
// dated in one of them is changed no more (FIN-7).
package period

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The states.
const (
	IsOpen = "open"
	Closed = "closed"
)

// What it is.
var (
	Name        = entity.Text("name", 60).Required()
	State       = entity.Choice("status", IsOpen, Closed).Colors("green", "gray").Default(IsOpen).ReadOnly().Audited().Coded()
	StartsOn    = entity.Date("starts_on").Required().Audited()
	EndsOn      = entity.Date("ends_on").Required().Audited()
	ClosedBy    = entity.Member("closed_by").ReadOnly()
	Remark      = entity.LongText("remark")
	Reason      = entity.Text("reason", 300).ReadOnly()
	WhyReopened = entity.Text("reason", 300).Required()
)

// Entity is finance.period.
var Entity = entity.Def{
	Name:    "finance.period",
	Icon:    "lock",
	Fields:  entity.Fields(Name, State, StartsOn, EndsOn, ClosedBy, Reason, Remark),
	Title:   Name,
	Indexes: []schema.Index{{Keys: []string{"status", "starts_on"}}},
	Hooks:   entity.Hooks{Validate: validate},
	Locked:  entity.Locked{State: State, In: []string{Closed}, Open: []entity.Declared{Remark}},
	Actions: []entity.Action{
		{Name: "close", Op: access.Approve, Move: entity.Move{State: State, From: []string{IsOpen}, To: Closed}, Fill: func(r *record.Record, c entity.Change, _ *record.Record) error {
			ClosedBy.Set(r, c.Actor.ID())
			return nil
		}},
		{Name: "reopen", Op: access.Approve, Move: entity.Move{State: State, From: []string{Closed}, To: IsOpen}, Input: entity.Fields(WhyReopened), Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(Reason.Key(), input.Get(WhyReopened.Key()))
			return nil
		}},
	},
	Layout: schema.Layout{
		List:   []string{"name", "starts_on", "ends_on", "status", "closed_by"},
		Sort:   "-starts_on",
		Card:   []string{"name", "starts_on", "ends_on"},
		Kanban: "status",
		Views: []schema.View{
			{Key: "all", Sort: "-starts_on"},
			{Key: "open", Filter: `status == "open"`, Sort: "starts_on"},
			{Key: "closed", Filter: `status == "closed"`, Sort: "-starts_on"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "starts_on", "ends_on", "status", "closed_by", "reason"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}

// guard serialises the closing of a period and what is written in it.
const guard = "finance.period"

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	if EndsOn.Get(c.After) < StartsOn.Get(c.After) {
		return errs.New(errs.Invalid, "error.ends_before").At(EndsOn.Key())
	}
	if c.Touches(State) {
		return tx.Guard(ctx, guard)
	}
	return nil
}

// Check refuses a day that lies in a closed period. Rules call it for what
// they write and for what was there before.
func Check(ctx context.Context, tx entity.Reader, days ...string) error {
	if err := tx.Guard(ctx, guard); err != nil {
		return err
	}
	for _, day := range days {
		if day == "" {
			continue
		}
		list, err := tx.Find(ctx, Entity.Name, query.All(entity.Is(State, Closed),
			&query.Node{Kind: query.Compare, Path: StartsOn.Key(), Op: schema.OpLe, Args: []query.Arg{{Text: day}}},
			&query.Node{Kind: query.Compare, Path: EndsOn.Key(), Op: schema.OpGe, Args: []query.Arg{{Text: day}}}), 1)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			return errs.New(errs.Locked, "error.period_closed", "period", Name.Get(list[0]), "day", day)
		}
	}
	return nil
}
