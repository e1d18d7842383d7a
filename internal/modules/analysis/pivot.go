package analysis

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// pivot is a report whose rows are the values of one of several dimensions and
// whose figures are added up from several sources. Every figure opens the
// records it is made of.
type pivot struct {
	name, icon string
	by         []dim // what a row can stand for; the first unless another is asked for
	sources    []source
	more       []entity.Declared // columns that work fills from the others
	work       func(t *pivot, row []record.Value) error
	input      []entity.Declared // besides by, period, member and department
	charts     func(t *pivot) []entity.Chart
	needs      []entity.Reading
}

// dim is what a row can stand for.
type dim struct {
	code   string
	column entity.Declared
	unit   string // of time: month, quarter, year
	digits int    // of a region: how much of its code counts
}

// source gives figures: sums over the records of an entity.
type source struct {
	entity  string
	where   func(a asked) *query.Node
	paths   map[string]string // by code of a dimension: what leads to it from here; one that is not here has no figures of it
	owner   string            // path of the member whose it is
	dept    string
	figures []figure
}

// figure is one column: a sum, or how many records there are.
type figure struct {
	column entity.Declared
	of     string // key, "" = count
	only   *query.Node
}

// asked is what is asked, worked out.
type asked struct {
	here  entity.Here
	span  span
	input *record.Record
}

// mostRows is how many rows a table has at most; those with the most are told.
const mostRows = 200

func (t *pivot) report() entity.Report {
	var codes []string
	var keys []entity.Declared
	for _, d := range t.by {
		codes = append(codes, d.code)
		if !slices.Contains(keys, d.column) {
			keys = append(keys, d.column)
		}
	}
	r := entity.Report{Name: t.name, Icon: t.icon, Needs: t.needs, Run: t.run, Whole: t.whole, Opens: t.opens}
	r.Input = append(r.Input, entity.Choice("by", codes...).Default(codes[0]), period, from, to, whose, dept)
	r.Input = append(r.Input, t.input...)
	r.Columns = append(append(keys, t.figures()...), t.more...)
	r.Adds = t.figures()
	if t.work != nil {
		r.Work = func(row []record.Value) error { return t.work(t, row) }
	}
	r.Charts = t.charts(t)
	for i := range r.Charts {
		r.Charts[i].By = keys
	}
	return r
}

// keys counts the columns that name a row.
func (t *pivot) keys() int {
	var seen []entity.Declared
	for _, d := range t.by {
		if !slices.Contains(seen, d.column) {
			seen = append(seen, d.column)
		}
	}
	return len(seen)
}

func (t *pivot) figures() (out []entity.Declared) {
	for _, s := range t.sources {
		for _, f := range s.figures {
			out = append(out, f.column)
		}
	}
	return out
}

// at is the place of a column in a row.
func (t *pivot) at(column entity.Declared) int {
	return t.keys() + slices.Index(append(t.figures(), t.more...), column)
}

func (t *pivot) dim(input *record.Record) dim {
	code := input.Get("by").Str()
	for _, d := range t.by {
		if d.code == code {
			return d
		}
	}
	return t.by[0]
}

// slot is the place of a dimension's column.
func (t *pivot) slot(of dim) int {
	var seen []entity.Declared
	for _, d := range t.by {
		if !slices.Contains(seen, d.column) {
			seen = append(seen, d.column)
		}
	}
	return slices.Index(seen, of.column)
}

func askedOf(here entity.Here, input *record.Record) (asked, error) {
	s, err := spanOf(here, input)
	return asked{here, s, input}, err
}

// filter is which records of a source count.
func (s *source) filter(a asked, f figure) *query.Node {
	return query.All(s.where(a), f.only, of(s.owner, schema.OpEq, a.input, whose), of(s.dept, schema.OpUnder, a.input, dept))
}

// line is a row while it is being added up.
type line struct {
	key  record.Value
	vals []record.Value
}

func (t *pivot) run(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, bool, error) {
	d := t.dim(input)
	lines, more, err := t.add(ctx, q, input, &d)
	if err != nil {
		return nil, false, err
	}
	list := make([]*line, 0, len(lines))
	for _, l := range lines {
		list = append(list, l)
	}
	slices.SortFunc(list, func(x, y *line) int {
		if d.unit != "" {
			return x.key.Compare(y.key)
		}
		for i := range x.vals {
			if c := cmp.Compare(y.vals[i].Int(), x.vals[i].Int()); c != 0 {
				return c
			}
		}
		return x.key.Compare(y.key)
	})
	if len(list) > mostRows {
		list, more = list[:mostRows], true
	}
	out := make([][]record.Value, len(list))
	for i, l := range list {
		row := make([]record.Value, t.keys(), t.keys()+len(l.vals)+len(t.more))
		row[t.slot(d)] = l.key
		row = append(row, l.vals...)
		out[i] = append(row, make([]record.Value, len(t.more))...)
	}
	return out, more, nil
}

// whole adds up everything, where not all rows are told.
func (t *pivot) whole(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, error) {
	lines, _, err := t.add(ctx, q, input, nil)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	row := make([]record.Value, t.keys()+len(t.figures())+len(t.more))
	for _, l := range lines {
		copy(row[t.keys():], l.vals)
	}
	return [][]record.Value{row}, nil
}

// add asks for all figures by a dimension, by none where d is nil.
func (t *pivot) add(ctx context.Context, q entity.Sums, input *record.Record, d *dim) (map[record.Value]*line, bool, error) {
	a, err := askedOf(q.Here(), input)
	if err != nil {
		return nil, false, err
	}
	lines, wide, more := map[record.Value]*line{}, len(t.figures()), false
	at := 0
	for i := range t.sources {
		s := &t.sources[i]
		for _, part := range parts(s.figures) {
			ask := entity.Sum{Entity: s.entity, Where: s.filter(a, s.figures[part[0]])}
			if d != nil {
				path := s.paths[d.code]
				if path == "" {
					continue
				}
				switch {
				case d.unit != "":
					path += ":" + d.unit
				case more: // the first figures chose the rows
					ask.Where = query.All(ask.Where, among(path, lines))
				case d.digits == 0 && len(lines) == 0:
					ask.Most = mostRows
				}
				ask.Group = []string{path}
			}
			for _, n := range part {
				if s.figures[n].of != "" {
					ask.Of = append(ask.Of, s.figures[n].of)
				}
			}
			rows, beyond, err := q.Sum(ctx, ask)
			if err != nil {
				return nil, false, err
			}
			more = more || beyond
			for _, row := range rows {
				if err := put(lines, wide, at, s, part, d, row); err != nil {
					return nil, false, err
				}
			}
		}
		at += len(s.figures)
	}
	return lines, more, nil
}

// among is the condition that records are those of the rows there are.
func among(path string, lines map[record.Value]*line) *query.Node {
	in, empty := &query.Node{Kind: query.Compare, Path: path, Op: schema.OpIn}, false
	for key := range lines {
		switch {
		case key.IsNull():
			empty = true
		case key.Kind() == record.KindInt:
			in.Args = append(in.Args, query.Arg{Text: id.ID(key.Int()).String()})
		default:
			in.Args = append(in.Args, query.Arg{Text: key.Str()})
		}
	}
	if !empty {
		return in
	}
	return &query.Node{Kind: query.Or, Kids: []*query.Node{in, {Kind: query.Compare, Path: path, Op: schema.OpNull}}}
}

// parts are the figures of a source that one question answers: those of the same condition.
func parts(figures []figure) (out [][]int) {
	for n, f := range figures {
		i := slices.IndexFunc(out, func(p []int) bool { return figures[p[0]].only == f.only })
		if i < 0 {
			out = append(out, []int{n})
		} else {
			out[i] = append(out[i], n)
		}
	}
	return out
}

// put adds a group to its row.
func put(lines map[record.Value]*line, wide, at int, s *source, part []int, d *dim, row []record.Value) error {
	key := record.Null
	if d != nil {
		key, row = keyOf(*d, row[0]), row[1:]
	}
	if d == nil && row[len(row)-1].Int() == 0 {
		return nil
	}
	l := lines[key]
	if l == nil {
		l = &line{key: key, vals: make([]record.Value, wide)}
		for i := range l.vals {
			l.vals[i] = record.Int(0)
		}
		lines[key] = l
	}
	sums := 0
	for _, n := range part {
		v := row[len(row)-1]
		if s.figures[n].of != "" {
			v = row[sums]
			sums++
		}
		sum, err := decimal.Add(l.vals[at+n].Int(), v.Int())
		if err != nil {
			return err
		}
		l.vals[at+n] = record.Int(sum)
	}
	return nil
}

// keyOf is a group's key as the row has it: 2026-01, 2026-Q1, 2026; the province of a place.
func keyOf(d dim, v record.Value) record.Value {
	switch {
	case v.IsNull():
		return record.Null
	case d.unit == "year":
		return record.Text(v.Str()[:4])
	case d.unit == "month":
		return record.Text(v.Str()[:7])
	case d.unit == "quarter":
		return record.Text(v.Str()[:4] + "-Q" + string(rune('1'+(int(v.Str()[5]-'0')*10+int(v.Str()[6]-'0')-1)/3)))
	case d.digits > 0:
		return record.Text(v.Str()[:min(d.digits, len(v.Str()))])
	}
	return v
}

// first and last day of a bucket by its name.
func bucket(name string) (span, error) {
	months, layout, text := 1, "2006-01", name
	switch {
	case len(name) == 4:
		months, layout = 12, "2006"
	case strings.Contains(name, "Q"):
		months, text = 3, name[:5]+map[byte]string{'1': "01", '2': "04", '3': "07", '4': "10"}[name[6]]
	}
	day, err := time.Parse(layout, text)
	if err != nil {
		return span{}, errs.New(errs.Invalid, "error.value").With(err)
	}
	return span{day.Format(time.DateOnly), day.AddDate(0, months, -1).Format(time.DateOnly)}, nil
}

// opens leads from a figure to the records it is made of.
func (t *pivot) opens(ask entity.Asked, row []record.Value, column string) entity.Place {
	a, err := askedOf(ask.Here, ask.Input)
	if err != nil {
		return entity.Place{}
	}
	d := t.dim(ask.Input)
	for i := range t.sources {
		s := &t.sources[i]
		for _, f := range s.figures {
			if entity.KeyOf(f.column) != column || s.paths[d.code] == "" {
				continue
			}
			if row[t.at(f.column)].Int() == 0 {
				return entity.Place{}
			}
			where, ok := is(d, s.paths[d.code], row[t.slot(d)])
			if !ok {
				return entity.Place{}
			}
			return entity.Place{Entity: s.entity, Filter: query.Print(query.All(s.filter(a, f), where))}
		}
	}
	return entity.Place{}
}

// is the condition that records are those of a row.
func is(d dim, path string, v record.Value) (*query.Node, bool) {
	switch {
	case v.IsNull():
		return &query.Node{Kind: query.Compare, Path: path, Op: schema.OpNull}, true
	case d.unit != "":
		s, err := bucket(v.Str())
		return s.on(path), err == nil
	case d.digits > 0:
		return compare(path, schema.OpUnder, v.Str()), true
	case v.Kind() == record.KindInt:
		return compare(path, schema.OpEq, id.ID(v.Int()).String()), true
	}
	return compare(path, schema.OpEq, v.Str()), true
}

// rate fills a percentage to a tenth: part of whole, empty of nothing.
func rate(row []record.Value, into, part, whole int) error {
	row[into] = record.Null
	if row[whole].Int() == 0 {
		return nil
	}
	n, err := decimal.MulDiv(row[part].Int(), 1000, row[whole].Int())
	if err == nil {
		row[into] = record.Int(n * 100_000)
	}
	return err
}
