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
	standing   bool // it is about what is, not about a period
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
	foreign *foreign
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

// mostRows is how many rows a page tells at most, those with the most; a file
// has them all.
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
	r := entity.Report{Name: t.name, Icon: t.icon, Needs: t.needs, RunWhole: t.run, Opens: t.opens}
	r.Input = append(r.Input, entity.Choice("by", codes...).Default(codes[0]))
	if !t.standing {
		r.Input = append(r.Input, period, from, to)
	}
	r.Input = append(r.Input, whose, dept)
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

// filter is which records of a source count, for figures of some of them.
func (s *source) filter(a asked, only *query.Node) *query.Node {
	return query.All(s.where(a), only, of(s.owner, schema.OpEq, a.input, whose), of(s.dept, schema.OpUnder, a.input, dept))
}

// line is a row while it is being added up.
type line struct {
	key  record.Value
	vals []record.Value
}

func (t *pivot) run(ctx context.Context, q entity.Sums, input *record.Record) (rows, totals [][]record.Value, more bool, err error) {
	d := t.dim(input)
	s := &sheet{t: t, lines: map[record.Value]*line{}, all: make([][]record.Value, len(t.sources)), foreign: map[int][]string{}}
	if s.asked, err = askedOf(q.Here(), input); err != nil {
		return nil, nil, false, err
	}
	for i := range t.sources {
		if err := s.add(ctx, q, i, &d); err != nil {
			return nil, nil, false, err
		}
	}
	list := make([]*line, 0, len(s.lines))
	for _, l := range s.lines {
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
	if len(list) > mostRows && !q.Here().Whole {
		list, s.more = list[:mostRows], true
	}
	for _, l := range list {
		row := make([]record.Value, t.keys(), t.keys()+len(l.vals)+len(t.more))
		row[t.slot(d)] = l.key
		row = append(row, l.vals...)
		rows = append(rows, append(row, make([]record.Value, len(t.more))...))
	}
	if s.more {
		totals, err = s.whole(ctx, q)
	}
	return rows, totals, s.more, err
}

// sheet is a pivot while it is being added up.
type sheet struct {
	t     *pivot
	asked asked
	lines map[record.Value]*line
	all   [][]record.Value // by source: what all come to, nil as long as it was not asked
	more  bool             // there are rows that are not among the lines

	foreign map[int][]string // by source: the currencies abroad, once they were asked
}

// add asks for the figures of a source by a dimension, by none where d is nil.
func (s *sheet) add(ctx context.Context, q entity.Sums, n int, d *dim) error {
	of := &s.t.sources[n]
	path := ""
	if d != nil {
		if path = of.paths[d.code]; path == "" {
			return nil
		}
	}
	ask := of.sum(s.asked)
	if d != nil {
		switch {
		case d.unit != "":
			path += ":" + d.unit
		case s.more: // the first figures chose the rows
			ask.Where = query.All(ask.Where, among(path, s.lines))
		case d.digits == 0 && len(s.lines) == 0 && !s.asked.here.Whole:
			ask.Most, ask.Whole = mostRows, true
		}
		ask.Group = []string{path}
	}
	if of.foreign != nil {
		ask.Where = query.All(ask.Where, query.Comparing(of.foreign.currency, schema.OpEq, s.asked.here.Currency))
	}
	rows, more, err := q.Sum(ctx, ask)
	if err != nil {
		return err
	}
	if more && ask.Whole {
		rows, s.all[n] = rows[:len(rows)-1], rows[len(rows)-1][1:]
	}
	s.more = s.more || more
	switch {
	case d != nil:
		for _, row := range rows {
			if err := s.put(n, *d, row); err != nil {
				return err
			}
		}
	case len(rows) > 0:
		s.all[n] = rows[0]
	default:
		s.all[n] = make([]record.Value, len(ask.Of)+1)
	}
	return s.abroad(ctx, q, n, path, d)
}

// whole adds up everything, where not all rows are told.
func (s *sheet) whole(ctx context.Context, q entity.Sums) ([][]record.Value, error) {
	total := make([]record.Value, s.t.keys(), s.t.keys()+len(s.t.figures())+len(s.t.more))
	for n := range s.t.sources {
		if s.all[n] == nil {
			if err := s.add(ctx, q, n, nil); err != nil {
				return nil, err
			}
		}
		for i := range s.t.sources[n].figures {
			total = append(total, record.Int(s.all[n][i].Int()))
		}
	}
	return [][]record.Value{append(total, make([]record.Value, len(s.t.more))...)}, nil
}

// sum is what is asked of a source: its figures in their order, then how many
// records each condition of them leaves.
func (s *source) sum(a asked) entity.Sum {
	out := entity.Sum{Entity: s.entity, Where: s.filter(a, nil)}
	add := func(of string, only *query.Node) {
		out.Of, out.Only = append(out.Of, of), append(out.Only, only)
	}
	for _, f := range s.figures {
		add(cmp.Or(f.of, "count:"), f.only)
	}
	for _, only := range s.conditions() {
		add("count:", only)
	}
	return out
}

// conditions are those of a source's figures, each once; nil where a figure is
// of all records.
func (s *source) conditions() (out []*query.Node) {
	for _, f := range s.figures {
		if f.only == nil {
			return nil
		}
		if !slices.Contains(out, f.only) {
			out = append(out, f.only)
		}
	}
	return out
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

// put adds a group to its row. One that no figure is of makes none.
func (s *sheet) put(n int, d dim, row []record.Value) error {
	at, of := 0, &s.t.sources[n]
	for i := range n {
		at += len(s.t.sources[i].figures)
	}
	key, row := keyOf(d, row[0]), row[1:]
	if conds := row[len(of.figures) : len(row)-1]; len(conds) > 0 && !slices.ContainsFunc(conds, func(v record.Value) bool { return v.Int() > 0 }) {
		return nil
	}
	l := s.lines[key]
	if l == nil {
		l = &line{key: key, vals: make([]record.Value, len(s.t.figures()))}
		for i := range l.vals {
			l.vals[i] = record.Int(0)
		}
		s.lines[key] = l
	}
	return addTo(l.vals[at:at+len(of.figures)], row)
}

// addTo adds to each of the figures so far the one of its place.
func addTo(all, sums []record.Value) error {
	for i := range all {
		n, err := decimal.Add(all[i].Int(), sums[i].Int())
		if err != nil {
			return err
		}
		all[i] = record.Int(n)
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
			return entity.Place{Entity: s.entity, Filter: query.Print(query.All(s.filter(a, f.only), where))}
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
		return query.Comparing(path, schema.OpUnder, v.Str()), true
	case v.Kind() == record.KindInt:
		return query.Comparing(path, schema.OpEq, id.ID(v.Int()).String()), true
	}
	return query.Comparing(path, schema.OpEq, v.Str()), true
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
