package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Aside reads what is stored beside the table of an entity: the values of
// many-valued fields and the long texts, all in one statement.
type Aside struct {
	entity      *schema.Entity
	links, long []*schema.Field
	one         string // the statement for a single record
}

// NewAside makes the reader of some many-valued fields and long texts; nil, which
// reads nothing, when there are none.
func NewAside(d sqldb.Dialect, e *schema.Entity, links, long []*schema.Field) *Aside {
	if len(links)+len(long) == 0 {
		return nil
	}
	a := &Aside{entity: e, links: links, long: long}
	a.one = string(a.build(d, []record.Value{record.Null}).buf)
	return a
}

// Load calls put with the values of the fields, in their order, for each of ids
// that has some.
func (a *Aside) Load(ctx context.Context, q sqldb.Querier, ids []record.Value, put func(id int64, f *schema.Field, v record.Value)) error {
	if a == nil || len(ids) == 0 {
		return nil
	}
	var out sqldb.Rows
	if err := q.QueryAll(ctx, a.question(q.Dialect(), ids, &out)); err != nil {
		return err
	}
	a.Take(&out, put)
	return nil
}

// Take calls put as Load does, with what GetWithAside read.
func (a *Aside) Take(out *sqldb.Rows, put func(id int64, f *schema.Field, v record.Value)) {
	order := asideOrder(out)
	for i := 0; i < len(order); {
		row := out.Row(order[i])
		which, id := int(row[asideField].Int()), row[asideID].Int()
		if which >= len(a.links) {
			put(id, a.long[which-len(a.links)], row[asideText])
			i++
			continue
		}
		f := a.links[which]
		from := asideNumber
		if linkKind(f) == record.KindText {
			from = asideText
		}
		var vals []record.Value
		for ; i < len(order); i++ {
			if row = out.Row(order[i]); int(row[asideField].Int()) != which || row[asideID].Int() != id {
				break
			}
			vals = append(vals, row[from])
		}
		put(id, f, record.List(vals))
	}
}

// The columns of what Aside reads.
const (
	asideField = iota
	asideID
	asidePosition
	asideNumber
	asideText
)

var asideKinds = []record.Kind{record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindText}

func (a *Aside) question(d sqldb.Dialect, ids []record.Value, out *sqldb.Rows) sqldb.Question {
	if len(ids) > 1 {
		b := a.build(d, ids)
		return sqldb.Question{SQL: string(b.buf), Args: b.args, Kinds: asideKinds, Out: out}
	}
	args := make([]record.Value, 1, 1+len(a.long))
	args[0] = ids[0]
	for _, f := range a.long {
		args = append(args, record.Text(f.Key))
	}
	return sqldb.Question{SQL: a.one, Args: args, Kinds: asideKinds, Out: out}
}

// build writes one arm for each field. The arms share the ids and come in no
// order, so that none has to be sorted by the database.
func (a *Aside) build(d sqldb.Dialect, ids []record.Value) *builder {
	b := &builder{d: d, buf: make([]byte, 0, 512)}
	null, text := "NULL", "NULL"
	if b.d == sqldb.Postgres {
		null, text = "NULL::bigint", "NULL::text"
	}
	begin := func(i int, columns ...string) {
		if i > 0 {
			b.add(" UNION ALL ")
		}
		b.add("SELECT ", strconv.Itoa(i), ", id, ").add(columns...).add(" FROM ")
	}
	for i, f := range a.links {
		if linkKind(f) == record.KindInt {
			begin(i, "position, target, ", text)
		} else {
			begin(i, "position, ", null, ", target")
		}
		b.col("", LinkTable(a.entity, f)).add(" WHERE ")
		b.sharedIDs(i > 0, ids)
	}
	for i, f := range a.long {
		begin(len(a.links)+i, "0, ", null, ", text")
		b.col("", LongTable(a.entity)).add(" WHERE ")
		b.sharedIDs(len(a.links)+i > 0, ids)
		b.add(" AND field = ").arg(record.Text(f.Key))
	}
	return b
}

// sharedIDs writes that id is one of ids, which are the first parameter.
func (b *builder) sharedIDs(again bool, ids []record.Value) {
	args := b.args
	if again {
		b.args = args[:0:0]
	}
	b.oneOf("", "id", ids)
	if again {
		b.args = args
	}
}

// asideOrder gives the rows by field, record and position.
func asideOrder(rows *sqldb.Rows) []int {
	order := make([]int, rows.Len())
	for i := range order {
		order[i] = i
	}
	byPlace := func(a, b int) int {
		for c := asideField; c <= asidePosition; c++ {
			if n := cmp.Compare(rows.At(a, c).Int(), rows.At(b, c).Int()); n != 0 {
				return n
			}
		}
		return 0
	}
	if !slices.IsSortedFunc(order, byPlace) {
		slices.SortFunc(order, byPlace)
	}
	return order
}

// Match appends the live records whose key of field f (by a duplicate rule's
// normalisation) is one of keys. It looks past rights: the caller masks what it tells.
func Match(ctx context.Context, tx sqldb.Tx, e *schema.Entity, f *schema.Field, by string, keys []record.Value, fields []*schema.Field, out *sqldb.Rows) error {
	b := &builder{d: tx.Dialect()}
	b.add("SELECT ").columns("", fields).add(" FROM ").col("", e.Table).add(" WHERE ")
	b.oneOf("", MatchColumn(f, by), keys)
	b.add(" AND ", live, " ORDER BY id LIMIT ").arg(record.Int(int64(len(keys)) * matchLimit))
	return tx.Query(ctx, string(b.buf), b.args, kindsOf(fields), out)
}

// matchLimit bounds the duplicates looked at per key.
const matchLimit = 20
