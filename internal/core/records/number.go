package records

import (
	"context"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Tables are the tables of the write path itself.
func Tables() []ddl.Table {
	return []ddl.Table{
		{Name: "sequence", Key: []string{"name"}, NoRowid: true, Columns: []ddl.Column{
			{Name: "name", Kind: record.KindText, NotNull: true}, {Name: "value", Kind: record.KindInt, NotNull: true}}},
		{Name: "idempotency", Key: []string{"credential", "key"}, NoRowid: true, Columns: []ddl.Column{
			{Name: "credential", Kind: record.KindInt, NotNull: true}, {Name: "key", Kind: record.KindText, NotNull: true},
			{Name: "hash", Kind: record.KindBytes, NotNull: true}, {Name: "status", Kind: record.KindInt, NotNull: true},
			{Name: "head", Kind: record.KindText}, {Name: "body", Kind: record.KindBytes}, {Name: "at", Kind: record.KindInt, NotNull: true}},
			Indexes: []ddl.Index{{Name: "idempotency_at", Columns: []string{"at"}}}},
		{Name: "deletion", Key: []string{"batch", "record_id"}, NoRowid: true, Columns: []ddl.Column{
			{Name: "batch", Kind: record.KindInt, NotNull: true}, {Name: "record_id", Kind: record.KindInt, NotNull: true},
			{Name: "entity", Kind: record.KindText, NotNull: true}},
			Indexes: []ddl.Index{{Name: "deletion_record", Columns: []string{"record_id"}}}},
		fileTable(),
		{Name: "search_class", Key: []string{"entity", "field"}, NoRowid: true, Columns: []ddl.Column{
			{Name: "entity", Kind: record.KindText, NotNull: true}, {Name: "field", Kind: record.KindText, NotNull: true},
			{Name: "class", Kind: record.KindInt, NotNull: true}}},
	}
}

// number gives auto numbers in the saving transaction, so that one that is
// rolled back is given again (PLT-16). An imported number is kept as it is.
func (s *Session) number(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, f := range ent.Fields {
		if !schema.IsAutoNumber(f) || f.Retired {
			continue
		}
		var open []*item
		for _, it := range items {
			if it.op == access.Create && it.after.At(f.Slot).IsNull() {
				open = append(open, it)
			}
		}
		if len(open) == 0 {
			continue
		}
		n := f.Set.Number
		if n == nil {
			n = &schema.Numbering{}
		}
		day := strings.ReplaceAll(query.Today(s.moment(), s.e.Dir.Zone()), "-", "")
		last, err := s.advance(ctx, ent.Name+"."+f.Key+":"+period(n.Reset, day), int64(len(open)))
		if err != nil {
			return err
		}
		for i, it := range open {
			it.after.SetAt(f.Slot, record.Text(numberText(n, day, last-int64(len(open)-1-i))))
		}
	}
	return nil
}

func period(reset, day string) string {
	switch reset {
	case "year":
		return day[:4]
	case "month":
		return day[:6]
	case "day":
		return day
	}
	return ""
}

func numberText(n *schema.Numbering, day string, value int64) string {
	digits := n.Digits
	if digits == 0 {
		digits = 4
	}
	seq := strconv.FormatInt(value, 10)
	if len(seq) < digits {
		seq = strings.Repeat("0", digits-len(seq)) + seq
	}
	return n.Prefix + day[:len(n.Date)] + seq
}

// advance moves a sequence on by n and gives its new value; the row stays
// locked until the transaction ends.
func (s *Session) advance(ctx context.Context, name string, n int64) (int64, error) {
	sql := "INSERT INTO sequence (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = sequence.value + excluded.value RETURNING value"
	if s.tx.Dialect() == sqldb.Postgres {
		sql = "INSERT INTO sequence (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = sequence.value + excluded.value RETURNING value"
	}
	var out sqldb.Rows
	if err := s.tx.Query(ctx, sql, []record.Value{record.Text(name), record.Int(n)}, []record.Kind{record.KindInt}, &out); err != nil {
		return 0, err
	}
	return out.At(0, 0).Int(), nil
}
