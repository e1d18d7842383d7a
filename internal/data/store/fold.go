package store

import (
	"bytes"
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
	list     []*cell        // as they were met, often in their order: quicker to sort
	key, was []byte         // of this row and of the one before
	at       *cell          // of the row before: rows of a group often follow each other
	spare    []cell         // made together, as there may be many
	totals   []total        // for them
	beyond   []record.Value // not nil: groups from this key on are given up
	most     int            // groups with the greatest first measure are wanted, that many
	limit    int            // groups that are wanted
	whole    bool           // all groups together come last
	weight   int            // column behind which it stands how many rows one is, counted from 1; 0 = each is one
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
	op   string
	at   int
	only int // column that says whether a row counts, below 0 for none
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
	edge *record.Value // the least or greatest
}

// foldRows gives what the statement of aggregate gives, in the same layout.
func foldRows(ctx context.Context, q sqldb.Querier, scan sqldb.Scanner, a *Aggregate, bounds [][]time.Time) ([][]record.Value, error) {
	if a.kept != nil {
		return foldKept(ctx, q, scan, a, bounds)
	}
	b := &builder{d: q.Dialect(), rights: a.Rights}
	b.join(a)
	only := b.conditions(a)
	f := newFold(a, bounds, b, only)
	columns := "1"
	if len(f.columns) > 0 {
		columns = strings.Join(f.columns, ", ")
	}
	b.joined(a.Snap)
	joins := string(b.buf)
	b.buf = b.buf[:0]
	b.counted(&a.Select)
	r := tableRows{columns: columns, table: a.Entity.Table, joins: joins, where: string(b.buf), args: b.args}
	r.cover = covering(a, joins != "", columns, joins, r.where)
	if err := r.read(ctx, q, scan, func() func([]record.Value) error {
		f = newFold(a, bounds, b, only)
		return f.add
	}); err != nil {
		return nil, err
	}
	return f.rows()
}

// conditions writes what measures hold of, each as a column.
func (b *builder) conditions(a *Aggregate) []string {
	out := make([]string, len(a.Measures))
	for i, m := range a.Measures {
		if m.Only == nil {
			continue
		}
		if same := slices.IndexFunc(a.Measures[:i], func(o Measure) bool { return o.Only == m.Only }); same >= 0 {
			out[i] = out[same]
			continue
		}
		b.buf = b.buf[:0]
		b.cond(a.Snap, a.Entity, "t", m.Only)
		out[i] = string(b.buf)
	}
	b.buf = b.buf[:0]
	return out
}

func newFold(a *Aggregate, bounds [][]time.Time, b *builder, only []string) *fold {
	f := &fold{cells: map[string]*cell{}, most: a.Most, limit: a.cap(), whole: a.whole()}
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
	for i, m := range a.Measures {
		fm := foldMeasure{op: m.Op, only: -1}
		if m.Only != nil {
			fm.only = f.read(only[i])
		}
		if m.Field != nil {
			fm.at = f.column("t", Column(m.Field))
		}
		f.measures = append(f.measures, fm)
	}
	if len(f.by) == 0 {
		f.list = []*cell{f.cell(nil)} // without keys there is one group, also of no rows
		f.cells[""] = f.list[0]
	}
	return f
}

func (f *fold) column(table, name string) int { return f.read(table + `."` + name + `"`) }

// read gives the place of what is read of each row.
func (f *fold) read(name string) int {
	if i := slices.Index(f.columns, name); i >= 0 {
		return i
	}
	f.columns = append(f.columns, name)
	return len(f.columns) - 1
}

// add takes one row.
func (f *fold) add(row []record.Value) error {
	f.key, f.was = f.was[:0], f.key
	for i := range f.by {
		f.key = f.by[i].append(f.key, row)
	}
	c := f.at
	if c == nil || !bytes.Equal(f.key, f.was) {
		if c = f.cells[string(f.key)]; c == nil {
			c = f.meet(row)
		}
		if f.at = c; c == nil {
			return nil
		}
	}
	rows := int64(1)
	if f.weight > 0 {
		rows = row[f.weight-1].Int()
	}
	for i := range f.measures {
		c.totals[i].add(&f.measures[i], row, rows)
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
		if at := k.last; k.days[at] <= v.Str() && (at+1 == len(k.days) || v.Str() < k.days[at+1]) {
			return at
		}
		i, found := slices.BinarySearch(k.days, v.Str())
		if !found {
			i--
		}
		k.last = max(i, 0)
		return k.last
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
	room := len(f.by)
	if f.most == 0 { // nearly every group is told, with what it comes to
		room += len(f.measures)
	}
	keys := make([]record.Value, len(f.by), room)
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
	f.list = append(f.list, c)
	if len(f.cells) > 4*f.limit && f.most == 0 {
		f.prune()
	}
	return c
}

func (f *fold) cell(keys []record.Value) *cell {
	wide := len(f.measures)
	if len(f.spare) == 0 {
		n := min(max(8, len(f.cells)), 1024)
		f.spare, f.totals = make([]cell, n), make([]total, n*wide)
	}
	c := &f.spare[0]
	c.keys, c.totals = keys, f.totals[:wide:wide]
	f.spare, f.totals = f.spare[1:], f.totals[wide:]
	return c
}

// kept copies a text, which is valid during a call only.
func kept(v record.Value) record.Value {
	if v.Kind() == record.KindText {
		return record.RawText(strings.Clone(v.Str()))
	}
	return v
}

// prune gives up the groups that cannot be in the answer, whatever follows:
// enough others come before them.
func (f *fold) prune() {
	list := f.sorted()
	f.beyond = list[f.limit].keys
	for key, c := range f.cells {
		if slices.CompareFunc(c.keys, f.beyond, record.Value.Compare) >= 0 {
			delete(f.cells, key)
		}
	}
	f.at, f.list = nil, list[:f.limit]
}

func (f *fold) sorted() []*cell {
	slices.SortFunc(f.list, f.order)
	return f.list
}

// order is that of the answer.
func (f *fold) order(a, b *cell) int {
	if f.most > 0 {
		if c := b.totals[0].compare(&a.totals[0], f.measures[0].op); c != 0 {
			return c
		}
	}
	for i := range a.keys {
		if c := a.keys[i].Compare(b.keys[i]); c != 0 {
			return c
		}
	}
	return 0
}

// first are the groups of the answer in their order: of many only those that
// are wanted are put in order.
func (f *fold) first() []*cell {
	if f.most == 0 || len(f.cells) <= 2*f.limit {
		list := f.sorted()
		return list[:min(len(list), f.limit)]
	}
	top := make([]*cell, 0, f.limit+1)
	for _, c := range f.list {
		if len(top) == f.limit && f.order(c, top[f.limit-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, c, f.order)
		top = slices.Insert(top, at, c)
		top = top[:min(len(top), f.limit)]
	}
	return top
}

// compare orders totals of one measure, those of nothing first.
func (t *total) compare(o *total, op string) int {
	switch {
	case op == "count" || t.n == 0 || o.n == 0:
		return cmp.Compare(t.n, o.n)
	case op == "min" || op == "max":
		return t.edge.Compare(*o.edge)
	}
	if c := cmp.Compare(int64(t.high), int64(o.high)); c != 0 {
		return c
	}
	return cmp.Compare(t.sum, o.sum)
}

func (t *total) add(m *foldMeasure, row []record.Value, rows int64) {
	if m.only >= 0 && row[m.only].Int() == 0 {
		return
	}
	if m.op == "count" {
		t.n += rows
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
		if t.n == 1 || v.Compare(*t.edge) < 0 {
			t.edge = new(kept(v))
		}
	default:
		if t.n == 1 || v.Compare(*t.edge) > 0 {
			t.edge = new(kept(v))
		}
	}
}

// rows are the groups in order of their keys, empty ones last.
func (f *fold) rows() ([][]record.Value, error) {
	told := f.first()
	if f.whole && len(told) > 0 {
		told = append(slices.Clip(told), f.together())
	}
	out := make([][]record.Value, 0, len(told))
	for _, c := range told {
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
				row = append(row, *t.edge)
			}
			if m.op == "avg" {
				row = append(row, record.Int(t.n))
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// together is what groups come to as one.
func (f *fold) together() *cell {
	all := f.cell(make([]record.Value, len(f.by)))
	for _, c := range f.list {
		for i, m := range f.measures {
			all.totals[i].join(&c.totals[i], m.op)
		}
	}
	return all
}

// join adds what another group came to.
func (t *total) join(o *total, op string) {
	if o.n > 0 && (op == "min" && (t.n == 0 || o.edge.Compare(*t.edge) < 0) || op == "max" && (t.n == 0 || o.edge.Compare(*t.edge) > 0)) {
		t.edge = o.edge
	}
	var carry uint64
	t.n += o.n
	t.sum, carry = bits.Add64(t.sum, o.sum, 0)
	t.high += o.high + carry
}
