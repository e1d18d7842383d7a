package query

import (
	"errors"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

func field(key, typ string, set schema.Settings) *schema.Field {
	return &schema.Field{Key: key, Type: schema.TypeNamed(typ), Set: set}
}

func folded(f *schema.Field) *schema.Field {
	f.Folded = true
	return f
}

func entity(name string, fields ...*schema.Field) *schema.Entity {
	all := []*schema.Field{
		field("id", "id", schema.Settings{}), field("version", "number", schema.Settings{}),
		field("created_at", "instant", schema.Settings{}), field("created_by", "member", schema.Settings{}),
		field("updated_at", "instant", schema.Settings{}), field("updated_by", "member", schema.Settings{}),
		field("deleted_at", "instant", schema.Settings{}), field("deleted_by", "member", schema.Settings{}),
	}
	for _, f := range all {
		f.System = true
	}
	all = append(all, fields...)
	keys := make([]string, len(all))
	for i, f := range all {
		f.Slot, keys[i] = i, f.Key
	}
	return &schema.Entity{Name: name, Fields: all, Shape: record.NewShape(name, keys, record.SystemSlots)}
}

// tree is a dictionary of two levels, branches a department tree.
func tree() []schema.Option {
	return []schema.Option{{Code: "hw"}, {Code: "pc", Parent: "hw"}, {Code: "laptop", Parent: "pc"}, {Code: "sw"}}
}

// world is a registry with a field of every type: customers belong to an
// industry record and to members, who belong to departments.
func world() (*schema.Snapshot, *schema.Entity) {
	choice := schema.Settings{Options: []schema.Option{{Code: "open"}, {Code: "won"}, {Code: "lost"}}}
	many := func(s schema.Settings) schema.Settings { s.Many = true; return s }
	target := schema.Settings{Target: "crm.industry"}
	customer := entity("crm.customer",
		field("code", "text", schema.Settings{}), folded(field("name", "text", schema.Settings{})),
		field("note", "long_text", schema.Settings{}), field("staff", "number", schema.Settings{}),
		field("area", "decimal", schema.Settings{}), field("share", "percent", schema.Settings{}), field("credit", "money", schema.Settings{}),
		field("founded", "date", schema.Settings{}), field("opens", "time", schema.Settings{}), field("seen_at", "instant", schema.Settings{}),
		field("vip", "switch", schema.Settings{}), field("status", "choice", choice), field("tags", "choice", many(choice)),
		field("product", "tree_choice", schema.Settings{Options: tree()}),
		field("industry", "reference", target), field("partners", "reference", many(target)),
		field("about", "any_ref", schema.Settings{Targets: []string{"crm.industry", "org.member"}}),
		field("owner", "member", schema.Settings{}), field("dept", "department", schema.Settings{}),
		field("depts", "department", many(schema.Settings{})), field("region", "region", schema.Settings{}),
		field("phone", "phone", schema.Settings{}), field("phones", "phone", many(schema.Settings{})),
		field("email", "email", schema.Settings{}), field("site", "url", schema.Settings{}),
		field("files", "file", many(schema.Settings{})), field("number", "auto_number", schema.Settings{}),
		field("total", "formula", schema.Settings{Formula: "credit", Result: "money"}),
		field("deals", "rollup", schema.Settings{Rollup: &schema.Rollup{Op: "count"}}))
	return schema.NewSnapshot(1, []*schema.Entity{customer,
		entity("crm.industry", field("name", "text", schema.Settings{}), field("head", "member", schema.Settings{})),
		entity(schema.MemberEntity, field("name", "text", schema.Settings{}), field("dept", "department", schema.Settings{})),
		entity(schema.DepartmentEntity, field("name", "text", schema.Settings{}), field("manager", "member", schema.Settings{})),
	}), customer
}

// levels are field rights by field key; a field that is not named is free.
type levels map[string]schema.Level

func (l levels) Level(_ *schema.Entity, f *schema.Field) schema.Level {
	if level, ok := l[f.Key]; ok {
		return level
	}
	return schema.Write
}

// viewer is member 7 of departments 30 and 20 in China, on Thursday 2 April 2026
// at 00:00:01 there: still 1 April in UTC.
func viewer() *Viewer {
	return &Viewer{Member: 7, Depts: []int64{30, 20},
		DeptTree: func(id int64) []int64 {
			if id == 20 {
				return []int64{20, 30, 40}
			}
			return []int64{id}
		},
		Now: time.Date(2026, 4, 1, 16, 0, 1, 0, time.UTC), Env: schema.Env{Zone: time.FixedZone("CST", 8*3600)}}
}

func keyOf(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Key
	}
	return "not an *errs.Error: " + err.Error()
}
