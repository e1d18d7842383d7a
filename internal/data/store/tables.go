// Package store turns entities into tables and bound queries into SQL for both
// databases. It takes rights only as an access.Permit and applies them in the
// same statement; nothing is filtered after the query.
package store

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

const live = "deleted_at IS NULL"

// LinkTable is the table of a many-valued field: id, target, position.
func LinkTable(e *schema.Entity, f *schema.Field) string { return e.Table + "__" + f.Column }

// LongTable is the side table of an entity's long texts.
func LongTable(e *schema.Entity) string { return e.Table + "_long" }

// linkKind is how a many-valued field's values are stored.
func linkKind(f *schema.Field) record.Kind {
	if schema.IsRef(f) || schema.IsFile(f) {
		return record.KindInt
	}
	return record.KindText
}

// Tables lists every table that a snapshot needs, referenced ones first is not required.
func Tables(s *schema.Snapshot) []ddl.Table {
	var out []ddl.Table
	for _, e := range s.Entities {
		out = append(out, tablesOf(s, e)...)
	}
	return out
}

func tablesOf(s *schema.Snapshot, e *schema.Entity) []ddl.Table {
	main := ddl.Table{Name: e.Table, Key: []string{"id"}}
	for _, f := range e.Fields {
		for _, c := range f.Columns {
			col := ddl.Column{Name: c.Name, Kind: c.Kind}
			switch {
			case c.Name == "id" || c.Name == "version" || c.Name == "created_at":
				col.NotNull = true
			case c.Ref != "":
				if target := s.Entity(c.Ref); target != nil {
					col.Ref = target.Table
				}
			}
			main.Columns = append(main.Columns, col)
		}
	}
	for _, c := range e.Copies {
		main.Columns = append(main.Columns, ddl.Column{Name: Column(c.Field), Kind: c.Field.Columns[0].Kind})
	}
	main.Indexes = indexes(e)
	out := append([]ddl.Table{main}, tablesOfMonths(e)...)
	for _, f := range e.Links {
		kind := linkKind(f)
		link := ddl.Table{Name: LinkTable(e, f), Key: []string{"id", "position"}, NoRowid: true, Columns: []ddl.Column{
			{Name: "id", Kind: record.KindInt, NotNull: true, Ref: e.Table},
			{Name: "position", Kind: record.KindInt, NotNull: true},
			{Name: "target", Kind: kind, NotNull: true}}}
		if target := s.Entity(schema.RefTarget(f)); target != nil && schema.IsRef(f) {
			link.Columns[2].Ref = target.Table
		}
		on := "target"
		if f.Type.Name() == "phone" {
			link.Columns = append(link.Columns, ddl.Column{Name: "norm", Kind: record.KindText})
			on = "norm"
		}
		link.Indexes = []ddl.Index{{Name: ddl.IndexName(link.Name, on, "id"), Columns: []string{on, "id"}}}
		out = append(out, link)
	}
	if len(e.Long) > 0 {
		out = append(out, ddl.Table{Name: LongTable(e), Key: []string{"id", "field"}, NoRowid: true, Columns: []ddl.Column{
			{Name: "id", Kind: record.KindInt, NotNull: true, Ref: e.Table},
			{Name: "field", Kind: record.KindText, NotNull: true},
			{Name: "text", Kind: record.KindText, NotNull: true}}})
	}
	return out
}

// indexes gives the indexes of DESIGN §3: owner, department, references,
// unique fields, duplicate keys and those the entity declares.
func indexes(e *schema.Entity) []ddl.Index {
	var out []ddl.Index
	seen := map[string]bool{}
	add := func(unique bool, cols ...string) {
		if !unique { // SQLite reads the row for a column that the index lacks, although its condition answers it
			cols = append(cols, "deleted_at")
		}
		name := ddl.IndexName(e.Table, cols...)
		if unique {
			name = ddl.IndexName(e.Table, append([]string{"u"}, cols...)...)
		}
		if !seen[name] {
			seen[name] = true
			out = append(out, ddl.Index{Name: name, Columns: cols, Unique: unique, Where: live})
		}
	}
	if e.Owner != nil {
		add(false, Column(e.Owner), "id")
		add(false, Column(e.Dept), "id")
	}
	for _, f := range e.Fields {
		switch {
		case f.System || f.Retired || !f.Stored():
		case f.Unique:
			add(true, uniqueColumn(f))
		case schema.IsRef(f) && f != e.Owner && f != e.Dept:
			add(false, Column(f), "id")
		case schema.IsAnyRef(f):
			add(false, f.Columns[0].Name, f.Columns[1].Name)
		case f.Type.Name() == "phone":
			add(false, f.Columns[1].Name)
		case f.Key == "external_id":
			add(false, Column(f))
		}
	}
	if f := e.Field(e.Layout.Kanban); f != nil && f.Stored() { // the newest of each column of a board
		add(false, Column(f), "id")
	}
	for _, x := range e.Indexes {
		cols := make([]string, len(x.Keys))
		for i, k := range x.Keys {
			key, desc := strings.CutPrefix(k, "-")
			cols[i] = sortColumn(e.Indexed(key))
			if desc {
				cols[i] += " DESC"
			}
		}
		add(x.Unique, cols...)
	}
	for _, r := range e.Alike {
		if f := e.Field(r.Field); f != nil && !f.Unique && f.Stored() {
			add(false, MatchColumn(f, r.By))
		}
	}
	for _, r := range e.Duplicates {
		for _, m := range r.Match {
			if f := e.Field(m.Field); f != nil && !f.Unique && f.Stored() {
				add(false, MatchColumn(f, m.By))
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(out), func(x ddl.Index) bool {
		return !x.Unique && slices.ContainsFunc(out, func(o ddl.Index) bool { return !o.Unique && slices.Equal(o.Columns, withID(x)) })
	})
}

// withID are the columns of an index with the id behind what it finds rows by.
// Such an index finds the same rows in the same order, so that the shorter one
// need not be.
func withID(x ddl.Index) []string {
	last := len(x.Columns) - 1 // deleted_at
	return slices.Concat(x.Columns[:last], []string{"id"}, x.Columns[last:])
}

// Column is the column of a stored field's value.
func Column(f *schema.Field) string { return f.Columns[0].Name }

// sortColumn is the column a field sorts by: the pinyin key where there is one.
func sortColumn(f *schema.Field) string {
	if f.Sortable {
		return f.Columns[len(f.Columns)-1].Name
	}
	return Column(f)
}

// MatchColumn is the column a duplicate rule compares.
func MatchColumn(f *schema.Field, by string) string {
	switch {
	case by == "company" && f.Company:
		return f.Column + "_c"
	case by == "phone" && f.Type.Name() == "phone":
		return f.Column + "_n"
	case by == "folded" && (f.Folded || f.Unique) && f.Type.Name() == "text":
		return f.Column + "_k"
	}
	return Column(f)
}

// uniqueColumn is the column that must not repeat: the folded key for texts.
func uniqueColumn(f *schema.Field) string {
	if f.Type.Name() == "text" {
		return f.Columns[1].Name
	}
	return Column(f)
}

// UniqueField finds the field behind a unique index that a write violated.
func UniqueField(e *schema.Entity, column string) *schema.Field {
	for _, f := range e.Fields {
		for _, c := range f.Columns {
			if c.Name == column {
				return f
			}
		}
	}
	return nil
}
