package records

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
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
// rolled back is given again (PLT-16). A number that was given, by an import, is
// kept as it is, and none is made that stands already: the sequence goes on
// behind the highest of the same form.
func (s *Session) number(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, f := range ent.Fields {
		if !schema.IsAutoNumber(f) || f.Retired {
			continue
		}
		n := f.Set.Number
		if n == nil {
			n = &schema.Numbering{}
		}
		var open []*item
		given := map[string]int64{} // the highest of each period
		for _, it := range items {
			if it.op != access.Create {
				continue
			}
			v := it.after.At(f.Slot)
			if v.IsNull() {
				open = append(open, it)
			} else if day, value := numbered(n, v.Str()); value > 0 {
				given[period(n.Reset, day)] = max(given[period(n.Reset, day)], value)
			}
		}
		name := ent.Name + "." + f.Key + ":"
		for _, key := range slices.Sorted(maps.Keys(given)) {
			if err := s.passed(ctx, name+key, given[key]); err != nil {
				return err
			}
		}
		if len(open) == 0 {
			continue
		}
		day := strings.ReplaceAll(query.Today(s.moment(), s.e.Dir.Zone()), "-", "")
		key := period(n.Reset, day)
		last, err := s.advance(ctx, name+key, int64(len(open)))
		if err != nil {
			return err
		}
		if last == int64(len(open)) { // the first of a period, or of another form
			if last, err = s.beginning(ctx, ent, f, n, day, given[key], last, name+key); err != nil {
				return err
			}
		}
		for i, it := range open {
			it.after.SetAt(f.Slot, record.Text(numberText(n, day, last-int64(len(open)-1-i))))
		}
	}
	return nil
}

// beginning moves a sequence that begins behind the numbers that stand already:
// those of records, deleted ones too, and given, the highest of this write.
func (s *Session) beginning(ctx context.Context, ent *schema.Entity, f *schema.Field, n *schema.Numbering, day string, given, last int64, name string) (int64, error) {
	head := n.Prefix + day[:len(n.Date)]
	stand, err := store.Longest(ctx, s.tx, ent, f, head, longestRead)
	if err != nil {
		return 0, err
	}
	for _, text := range stand {
		if _, value := numbered(n, text); value > given {
			given = value
		}
	}
	if given == 0 {
		return last, nil
	}
	return s.advance(ctx, name, given)
}

// longestRead is how many of the longest texts of a form are looked at for the
// highest number; what is typed may end in anything.
const longestRead = 50

// numbered reads a number of the form that n makes: the digits of its day,
// filled up with zeros, and its place in the sequence; 0 for any other text.
func numbered(n *schema.Numbering, text string) (day string, value int64) {
	rest, ok := strings.CutPrefix(text, n.Prefix)
	if !ok || len(rest) <= len(n.Date) || strings.Trim(rest, "0123456789") != "" {
		return "", 0
	}
	day, rest = rest[:len(n.Date)]+"00000000"[len(n.Date):], rest[len(n.Date):]
	if len(rest) > max(n.Digits, defaultDigits)+2 { // somebody's own number, not one of a sequence
		return "", 0
	}
	value, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return "", 0
	}
	return day, value
}

// defaultDigits is the width of a sequence that says nothing of it.
const defaultDigits = 4

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
		digits = defaultDigits
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
	var out sqldb.Rows
	if err := s.tx.Query(ctx, advanceSQL.For(s.tx.Dialect()), []record.Value{record.Text(name), record.Int(n)}, []record.Kind{record.KindInt}, &out); err != nil {
		return 0, err
	}
	return out.At(0, 0).Int(), nil
}

// passed keeps a sequence that has begun from giving value, or one below, again.
// One that has not begun looks at what stands when it does.
func (s *Session) passed(ctx context.Context, name string, value int64) error {
	_, err := s.tx.Exec(ctx, passedSQL.For(s.tx.Dialect()), record.Text(name), record.Int(value))
	return err
}

var (
	advanceSQL = ddl.Both("INSERT INTO sequence (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = sequence.value + excluded.value RETURNING value")
	passedSQL  = ddl.Both("UPDATE sequence SET value = $2 WHERE name = $1 AND value < $2")
)
