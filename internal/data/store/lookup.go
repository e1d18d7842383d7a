package store

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Key is a column by which records are found quickly, and the form that its
// values have there.
type Key struct {
	Column string
	Form   func(record.Value) record.Value
	Kind   record.Kind
	lower  bool // the column is compared in small letters (ASCII)
}

// KeyOf finds an indexed column that holds a field's value or something that
// follows from it: records whose values are equal agree in it. false when the
// field has none, and looking for a value reads the whole table.
func KeyOf(e *schema.Entity, f *schema.Field) (Key, bool) {
	plain := func(v record.Value) record.Value { return v }
	folded := func(v record.Value) record.Value { return record.Text(text.Key(v.Str())) }
	switch {
	case f.Many() || !f.Stored() || schema.IsAnyRef(f):
		return Key{}, false
	case f.Slot == record.SlotID, f.Key == "external_id", schema.IsRef(f) && f != e.Owner && f != e.Dept:
		return Key{Column: Column(f), Form: plain, Kind: f.Columns[0].Kind}, true
	case f.Type.Name() == "phone":
		return Key{Column: f.Columns[1].Name, Form: func(v record.Value) record.Value { return record.Text(text.NormalizePhone(v.Str(), "CN")) }, Kind: record.KindText}, true
	case f.Unique && f.Type.Name() == "text":
		return Key{Column: uniqueColumn(f), Form: folded, Kind: record.KindText}, true
	case f.Unique:
		return Key{Column: Column(f), Form: plain, Kind: f.Columns[0].Kind}, true
	}
	for _, r := range e.Duplicates {
		for _, m := range r.Match {
			if m.Field != f.Key {
				continue
			}
			switch MatchColumn(f, m.By) {
			case f.Column + "_c":
				return Key{Column: f.Column + "_c", Form: func(v record.Value) record.Value { return record.Text(text.FoldCompany(v.Str())) }, Kind: record.KindText}, true
			case f.Column + "_k":
				return Key{Column: f.Column + "_k", Form: folded, Kind: record.KindText}, true
			case Column(f):
				return Key{Column: Column(f), Form: plain, Kind: f.Columns[0].Kind}, true
			}
		}
	}
	for _, x := range e.Indexes {
		if x.Keys[0] == f.Key && !f.Sortable {
			return Key{Column: Column(f), Form: plain, Kind: f.Columns[0].Kind}, true
		}
	}
	return Key{}, false
}

// UniqueKey is the column of a unique field that must not repeat.
func UniqueKey(f *schema.Field) Key {
	if f.Type.Name() != "text" {
		return PlainKey(f)
	}
	k, _ := FoldedKey(f)
	return k
}

// FoldedKey is the column with the folded form of a text field, which need not
// have an index.
func FoldedKey(f *schema.Field) (Key, bool) {
	if f.Type.Name() != "text" || !f.Folded && !f.Unique || f.Many() {
		return Key{}, false
	}
	return Key{Column: f.Column + "_k", Form: func(v record.Value) record.Value { return record.Text(text.Key(v.Str())) }, Kind: record.KindText}, true
}

// PlainKey is the column with a field's value itself, which need not have an index.
func PlainKey(f *schema.Field) Key {
	return Key{Column: Column(f), Form: func(v record.Value) record.Value { return v }, Kind: f.Columns[0].Kind}
}

// LowerKey is the column with a text whose letters may be small or large, such
// as a mail address. It has no index: for entities of few records.
func LowerKey(f *schema.Field) Key {
	return Key{Column: Column(f), Form: func(v record.Value) record.Value { return record.Text(asciiLower(v.Str())) }, Kind: f.Columns[0].Kind, lower: true}
}

// asciiLower is what lower() of both databases does alike.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// Lookup appends s.Fields of the live records that the permit reaches and whose
// key column holds one of vals, given in the key's form, in no order.
func Lookup(ctx context.Context, q sqldb.Querier, s Select, k Key, vals []record.Value, out *sqldb.Rows) error {
	if s.Permit.Pred() == nil || len(vals) == 0 {
		return nil
	}
	b := &builder{d: q.Dialect(), rights: s.Rights, buf: make([]byte, 0, 512)}
	b.add("SELECT ").columns("t", s.Fields).add(" FROM ").col("", s.Entity.Table).add(" t WHERE ")
	if k.lower {
		b.add("lower(").col("t", k.Column).add(")").among(vals)
	} else {
		b.oneOf("t", k.Column, vals)
	}
	b.add(" AND t.", live, " AND ")
	b.permit(s.Snap, s.Entity, "t", s.Permit.Pred())
	return q.Query(ctx, string(b.buf), b.args, kindsOf(s.Fields), out)
}

// Longest gives the values of a text field that begin with head, of deleted
// records too: the longest first, of the same length the last in their order.
func Longest(ctx context.Context, q sqldb.Querier, e *schema.Entity, f *schema.Field, head string, limit int) ([]string, error) {
	b := &builder{d: q.Dialect()}
	b.add("SELECT ").col("t", Column(f)).add(" FROM ").col("", e.Table).add(" t WHERE substr(").col("t", Column(f)).add(", 1, ").
		arg(record.Int(int64(utf8.RuneCountInString(head)))).add(") = ").arg(record.Text(head)).
		add(" ORDER BY length(").col("t", Column(f)).add(") DESC, ").col("t", Column(f)).add(" DESC").limit(limit)
	var rows sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, []record.Kind{record.KindText}, &rows); err != nil {
		return nil, err
	}
	out := make([]string, rows.Len())
	for i := range out {
		out[i] = rows.At(i, 0).Str()
	}
	return out, nil
}
