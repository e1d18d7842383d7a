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

// LoadAside calls put for what is stored beside the table of an entity: the
// values of the many-valued fields of links, in their order, and the long texts
// of the fields of long, for each id that has some. All is one statement.
func LoadAside(ctx context.Context, q sqldb.Querier, e *schema.Entity, links, long []*schema.Field, ids []record.Value, put func(id int64, f *schema.Field, v record.Value)) error {
	if len(links)+len(long) == 0 || len(ids) == 0 {
		return nil
	}
	b := &builder{d: q.Dialect(), buf: make([]byte, 0, 512)}
	b.aside(e, links, long, ids)
	var out sqldb.Rows
	if err := q.Query(ctx, string(b.buf), b.args, asideKinds, &out); err != nil {
		return err
	}
	order := asideOrder(&out)
	for i := 0; i < len(order); {
		row := out.Row(order[i])
		which, id := int(row[asideField].Int()), row[asideID].Int()
		if which >= len(links) {
			put(id, long[which-len(links)], row[asideText])
			i++
			continue
		}
		f := links[which]
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
	return nil
}

// The columns of what LoadAside reads.
const (
	asideField = iota
	asideID
	asidePosition
	asideNumber
	asideText
)

var asideKinds = []record.Kind{record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindText}

// aside writes one arm for each field. The arms share the ids and come in no
// order, so that none has to be sorted by the database.
func (b *builder) aside(e *schema.Entity, links, long []*schema.Field, ids []record.Value) {
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
	for i, f := range links {
		if linkKind(f) == record.KindInt {
			begin(i, "position, target, ", text)
		} else {
			begin(i, "position, ", null, ", target")
		}
		b.col("", LinkTable(e, f)).add(" WHERE ")
		b.sharedIDs(i > 0, ids)
	}
	for i, f := range long {
		begin(len(links)+i, "0, ", null, ", text")
		b.col("", LongTable(e)).add(" WHERE ")
		b.sharedIDs(len(links)+i > 0, ids)
		b.add(" AND field = ").arg(record.Text(f.Key))
	}
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
	b.add("SELECT ")
	for i, g := range fields {
		for j, c := range readColumns(g) {
			if i+j > 0 {
				b.add(", ")
			}
			b.col("", c.Name)
		}
	}
	b.add(" FROM ").col("", e.Table).add(" WHERE ")
	b.oneOf("", MatchColumn(f, by), keys)
	b.add(" AND ", live, " ORDER BY id LIMIT ").arg(record.Int(int64(len(keys)) * matchLimit))
	return tx.Query(ctx, string(b.buf), b.args, kindsOf(fields), out)
}

// matchLimit bounds the duplicates looked at per key.
const matchLimit = 20
