package pool

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// What happened to a record in its pools.
const (
	Claimed   = "claimed"
	Assigned  = "assigned"
	Auto      = "auto" // assigned by a rule
	Released  = "released"
	Idle      = "idle"      // came back: nobody followed up
	Undealt   = "undealt"   // came back: nothing came of it
	Expired   = "expired"   // came back: its protection was over
	Delivered = "delivered" // was put there when it was made
)

// Entry is who got a record of one entity, or gave it up, when, why, and how
// long he had it.
type Entry struct {
	Of           *entity.Field[int64]
	Title        *entity.Field[string]
	Kind         *entity.Field[string]
	Member, By   *entity.Field[int64]
	Pool         *entity.Field[int64]
	Reason, Note *entity.Field[string]
	At, Days     *entity.Field[int64]
	Rule         *entity.Field[int64]
}

func newEntry(of string, reason entity.Declared, record string) *Entry {
	return &Entry{
		Of:    entity.Ref(of, record).Required().ReadOnly(),
		Title: entity.Text("title", 200).ReadOnly(),
		Kind: entity.Choice("kind", Claimed, Assigned, Auto, Released, Idle, Undealt, Expired).
			Colors("green", "blue", "purple", "orange", "gray", "gray", "gray").Required().ReadOnly().Coded(),
		Member: entity.Member("member").Required().ReadOnly(),
		By:     entity.Member("by_member").ReadOnly(),
		Pool:   entity.Ref("pool", "crm.pool").ReadOnly(),
		Reason: entity.Choice("reason", reasons()...).SameAs(record, reason).ReadOnly(),
		Note:   entity.Text("note", 300).ReadOnly(),
		At:     entity.Instant("at").Required().ReadOnly(),
		Days:   entity.Number("days").ReadOnly(),
		Rule:   entity.Ref("rule", ruleName).ReadOnly(),
	}
}

// def is the entity of entries; who sees the record sees them.
func (e *Entry) def(name string) entity.Def {
	of := e.Of.Key()
	return entity.Def{
		Name:    name,
		Icon:    "history",
		Fields:  entity.Fields(e.Of, e.Title, e.Kind, e.Member, e.By, e.Pool, e.Reason, e.Note, e.At, e.Days, e.Rule),
		Title:   e.Title,
		Scopes:  entity.SeenThrough(e.Of),
		Guarded: true,
		Indexes: []schema.Index{entity.By(e.Of), entity.By(e.Member, e.At)},
		Layout: schema.Layout{
			List: []string{"title", of, "kind", "member", "at", "by_member", "rule", "reason", "days"},
			Sort: "-at",
			Card: []string{"title", of, "kind", "member", "at"},
			Views: []schema.View{
				{Key: "all", Sort: "-at"},
				{Key: "mine", Filter: "member == me", Sort: "-at"},
				{Key: "back", Filter: `kind not in ("claimed", "assigned", "auto")`, Sort: "-at"},
			},
			Groups: []schema.Group{
				{Key: "basic", Fields: []string{of, "title", "kind", "member", "by_member", "pool", "rule", "reason", "note", "at", "days"}, Columns: 2},
			},
		},
	}
}
