package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// fold groups rows in Go as they are read. SQLite groups by sorting all rows
// and works out a bucket by a tree of comparisons in its virtual machine, which
// is several times the cost of reading them.
type fold struct {
	by       []foldKey
	measures []foldMeasure
	columns  []string // what is read
	cells    map[string]*cell
	key      []byte
	beyond   []record.Value // not nil: groups from this key on are given up
	most     int            // groups with the greatest first measure are wanted, that many
}

// foldKey is one key of a group.
type foldKey struct {
	at   int     // column
	cut  bool    // into buckets, which begin at ints or texts
	ints []int64 // moments in µs
	days []string
	last int // bucket of the row before: rows lie near each other in time
}

type foldMeasure struct {
	op string
	at int
}

// cell is one group.
type cell struct {
	keys   []record.Value
	totals []total // by measure
}

// total is a measure so far.
type total struct {
	n    int64  // rows, or values that are there
	sum  uint64 // of them, 128 bits with high, so that only the end can be out of range
	high uint64
	edge record.Value // the least or greatest
}

// foldRows gives what the statement of aggregate gives, in the same layout.
func foldRows(ctx context.Context, q sqldb.Querier, scan sqldb.Scanner, a *Aggregate, bounds [][]time.Time) ([][]record.Value, error) {
	b := &builder{d: q.Dialect(), rights: a.Rights}
	b.join(a)
	f := newFold(a, bounds, b)
	columns := "1"
	if len(f.columns) > 0 {
		columns = strings.Join(f.columns, ", ")
	}
	b.joined(a.Snap)
	joins := string(b.buf)
	b.buf = b.buf[:0]
	b.counted(&a.Select)
	r := tableRows{columns: columns, table: a.Entity.Table, joins: joins, where: string(b.buf), args: b.args}
	if err := r.read(ctx, q, scan, func() func([]record.Value) error {
		f = newFold(a, bounds, b)
		return f.add
	}); err != nil {
		return nil, err
	}
	return f.rows()
}

func newFold(a *Aggregate, bounds [][]time.Time, b *builder) *fold {
	f := &fold{cells: map[string]*cell{}, most: a.Most}
	for i, g := range a.Groups {
		k := foldKey{at: f.column(b.at(g.Steps), Column(g.Field)), cut: g.bucketed()}
		for _, t := range bounds[i] {
			if g.Field.Columns[0].Kind == record.KindText {
				k.days = append(k.days, t.Format(time.DateOnly))
			} else {
				k.ints = append(k.ints, t.UnixMicro())
			}
		}
		f.by = append(f.by, k)
	}
	for _, m := range a.Measures {
		fm := foldMeasure{op: m.Op}
		if m.Field != nil {
			fm.at = f.column("t", Column(m.Field))
		}
		f.measures = append(f.measures, fm)
	}
	if len(f.by) == 0 {
		f.cells[""] = f.cell(nil) // without keys there is one group, also of no rows
	}
	return f
}

func (f *fold) column(table, name string) int {
	name = table + `."` + name + `"`
	if i := slices.Index(f.columns, name); i >= 0 {
		return i
	}
	f.columns = append(f.columns, name)
	return len(f.columns) - 1
}

// add takes one row.
func (f *fold) add(row []record.Value) error {
	f.key = f.key[:0]
	for i := range f.by {
		f.key = f.by[i].append(f.key, row)
	}
	c := f.cells[string(f.key)]
	if c == nil {
		if c = f.meet(row); c == nil {
			return nil
		}
	}
	for i := range f.measures {
		c.totals[i].add(&f.measures[i], row)
	}
	return nil
}

// append writes the key's value, so that different rows of keys differ.
func (k *foldKey) append(b []byte, row []record.Value) []byte {
	v := &row[k.at]
	switch {
	case v.IsNull():
		return append(b, 0)
	case k.cut:
		return binary.LittleEndian.AppendUint32(append(b, 1), uint32(k.bucket(v)))
	case v.Kind() == record.KindInt:
		return binary.LittleEndian.AppendUint64(append(b, 1), uint64(v.Int()))
	}
	b = binary.LittleEndian.AppendUint32(append(b, 1), uint32(len(v.Str())))
	return append(b, v.Str()...)
}

// bucket is the last one that begins at v or before.
func (k *foldKey) bucket(v *record.Value) int {
	if k.days != nil {
		i, found := slices.BinarySearch(k.days, v.Str())
		if !found {
			i--
		}
		return max(i, 0)
	}
	n := v.Int()
	if at := k.last; at < len(k.ints) && k.ints[at] <= n && (at+1 == len(k.ints) || n < k.ints[at+1]) {
		return at
	}
	i, found := slices.BinarySearch(k.ints, n)
	if !found {
		i--
	}
	k.last = max(i, 0)
	return k.last
}

// meet makes the group of a row that is the first of it; nil when the answer
// has no room for it.
func (f *fold) meet(row []record.Value) *cell {
	keys := make([]record.Value, len(f.by))
	for i := range f.by {
		k := &f.by[i]
		switch v := row[k.at]; {
		case v.IsNull():
		case k.cut:
			keys[i] = record.Int(int64(k.bucket(&v)))
		default:
			keys[i] = kept(v)
		}
	}
	if f.beyond != nil && slices.CompareFunc(keys, f.beyond, record.Value.Compare) >= 0 {
		return nil
	}
	c := f.cell(keys)
	f.cells[string(f.key)] = c
	if len(f.cells) > 4*groupCap && f.most == 0 {
		f.prune()
	}
	return c
}

func (f *fold) cell(keys []record.Value) *cell {
	return &cell{keys: keys, totals: make([]total, len(f.measures))}
}

// kept copies a text, which is valid during a call only.
func kept(v record.Value) record.Value {
	if v.Kind() == record.KindText {
		return record.RawText(strings.Clone(v.Str()))
	}
	return v
}

// prune gives up the groups that cannot be in the answer, whatever follows:
// groupCap others come before them.
func (f *fold) prune() {
	list := f.sorted()
	f.beyond = list[groupCap].keys
	for key, c := range f.cells {
		if slices.CompareFunc(c.keys, f.beyond, record.Value.Compare) >= 0 {
			delete(f.cells, key)
		}
	}
}

func (f *fold) sorted() []*cell {
	list := make([]*cell, 0, len(f.cells))
	for _, c := range f.cells {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *cell) int {
		if f.most > 0 {
			if c := b.totals[0].compare(&a.totals[0], f.measures[0].op); c != 0 {
				return c
			}
		}
		return slices.CompareFunc(a.keys, b.keys, record.Value.Compare)
	})
	return list
}

// compare orders totals of one measure, those of nothing first.
func (t *total) compare(o *total, op string) int {
	switch {
	case op == "count" || t.n == 0 || o.n == 0:
		return cmp.Compare(t.n, o.n)
	case op == "min" || op == "max":
		return t.edge.Compare(o.edge)
	}
	if c := cmp.Compare(int64(t.high), int64(o.high)); c != 0 {
		return c
	}
	return cmp.Compare(t.sum, o.sum)
}

func (t *total) add(m *foldMeasure, row []record.Value) {
	if m.op == "count" {
		t.n++
		return
	}
	v := row[m.at]
	if v.IsNull() {
		return
	}
	t.n++
	switch m.op {
	case "sum", "avg":
		var carry uint64
		t.sum, carry = bits.Add64(t.sum, uint64(v.Int()), 0)
		t.high += uint64(v.Int()>>63) + carry
	case "min":
		if t.n == 1 || v.Compare(t.edge) < 0 {
			t.edge = kept(v)
		}
	default:
		if t.n == 1 || v.Compare(t.edge) > 0 {
			t.edge = kept(v)
		}
	}
}

// rows are the groups in order of their keys, empty ones last.
func (f *fold) rows() ([][]record.Value, error) {
	list := f.sorted()
	limit := groupCap
	if f.most > 0 {
		limit = f.most
	}
	out := make([][]record.Value, 0, min(len(list), limit))
	for _, c := range list[:min(len(list), limit)] {
		row := c.keys
		for i, m := range f.measures {
			t := &c.totals[i]
			switch {
			case m.op == "count":
				row = append(row, record.Int(t.n))
			case t.n == 0:
				row = append(row, record.Null)
			case m.op == "sum" || m.op == "avg":
				if int64(t.high) != int64(t.sum)>>63 {
					return nil, sqldb.ErrSumRange
				}
				row = append(row, record.Int(int64(t.sum)))
			default:
				row = append(row, t.edge)
			}
			if m.op == "avg" {
				row = append(row, record.Int(t.n))
			}
		}
		out = append(out, row)
	}
	return out, nil
}
