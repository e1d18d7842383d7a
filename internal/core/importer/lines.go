package importer

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Records with detail lines come in one flat file: several rows with the same
// key are one record, what they say of the record itself is repeated, and each
// is one of its lines. A record goes in as a whole or not at all.

// lineSheet is what goes into the detail lines of one group. The column paths
// of its plan begin with the group's key: items.price.
type lineSheet struct {
	group *schema.Lines
	plan  *plan
}

// there says whether a row has anything for a line of the group.
func (l *lineSheet) there(cells []sheet.Cell, null string) bool {
	for i := range l.plan.columns {
		for _, at := range l.plan.columns[i].at {
			if t := strings.TrimSpace(cells[at].Text); t != "" && t != null {
				return true
			}
		}
	}
	return false
}

// field finds a field by its path, and the plan that its column stands in; a
// nil field when there is none.
func (p *plan) field(path string) (*plan, *schema.Field) {
	for i := range p.lines {
		l := &p.lines[i]
		if key, ok := strings.CutPrefix(path, l.group.Key+"."); ok {
			return l.plan, l.group.Entity.Field(key)
		}
	}
	return p, p.ent.Field(path)
}

// every goes through all columns, those of lines last.
func (p *plan) every() iter.Seq[*column] {
	return func(yield func(*column) bool) {
		for i := range p.columns {
			if !yield(&p.columns[i]) {
				return
			}
		}
		for _, l := range p.lines {
			for i := range l.plan.columns {
				if !yield(&l.plan.columns[i]) {
					return
				}
			}
		}
	}
}

// grouped says whether several rows may make one record.
func (p *plan) grouped() bool {
	return slices.ContainsFunc(p.lines, func(l lineSheet) bool { return len(l.plan.columns) > 0 })
}

// path names a field of a draft as the columns do.
func (d *draft) path(f *schema.Field) string {
	if d.group != nil {
		return d.group.Key + "." + f.Key
	}
	return f.Key
}

// withLines lists drafts and the lines that are in them.
func withLines(drafts []*draft) []*draft {
	if !slices.ContainsFunc(drafts, func(d *draft) bool { return len(d.lines) > 0 }) {
		return drafts
	}
	out := make([]*draft, 0, 4*len(drafts))
	for _, d := range drafts {
		out = append(append(out, d), d.lines...)
	}
	return out
}

// part is one of the rows that make a record.
type part struct {
	row, line int
	err       *errs.Error
}

// rowsOf is how many rows of the file drafts are made of.
func rowsOf(drafts []*draft) (n int) {
	for _, d := range drafts {
		n += max(len(d.parts), 1)
	}
	return n
}

// begin makes a row the first of its record.
func (d *draft) begin(row int) {
	d.parts = []part{{row, d.line, d.err}}
	d.err = nil
}

// merge adds a row to the record that earlier rows began.
func (d *draft) merge(next *draft, row int) {
	at := len(d.parts)
	one := part{row, next.line, next.err}
	if one.err == nil {
		one.err = asOne(d.take(next))
	}
	d.parts = append(d.parts, one)
	for _, line := range next.lines {
		line.part = at
		d.lines = append(d.lines, line)
	}
	d.warned = d.warned || next.warned
}

// take adds what a later row says of the record, which must not be something
// else than what earlier ones say.
func (d *draft) take(next *draft) (differ []*errs.Error) {
	for i, in := range next.inputs {
		texts := next.asked(i)
		if in.Value.IsNull() && texts == nil {
			continue
		}
		at := slices.IndexFunc(d.inputs, func(was records.Input) bool { return was.Field == in.Field })
		switch {
		case at < 0:
			at = len(d.inputs)
			d.inputs = append(d.inputs, in)
		case d.inputs[at].Value.IsNull() && d.asked(at) == nil:
			d.inputs[at] = in
		case !d.inputs[at].Value.Equal(in.Value) || !slices.Equal(d.asked(at), texts):
			differ = append(differ, errs.New(errs.Invalid, "error.import_differs", "line", strconv.Itoa(d.line)).At(in.Field.Key))
			continue
		default:
			continue
		}
		if texts != nil {
			d.refs = append(d.refs, pending{at, texts})
		}
	}
	return differ
}

// asked are the texts of a reference that is still looked up, nil for none.
func (d *draft) asked(input int) []string {
	for _, ref := range d.refs {
		if ref.input == input {
			return ref.texts
		}
	}
	return nil
}

// whole makes what is wrong with a row or a line wrong with the record.
func (d *draft) whole() {
	if d.err != nil {
		d.parts[0].add(d.err)
		d.err = nil
	}
	for _, line := range d.lines {
		if line.err != nil {
			d.parts[line.part].add(line.err)
		}
	}
	for _, one := range d.parts {
		if one.err != nil {
			d.err = one.err
			return
		}
	}
}

func (p *part) add(err *errs.Error) {
	list := []*errs.Error{err}
	if len(err.Sub) > 0 {
		list = err.Sub
	}
	if p.err != nil {
		list = slices.Concat(p.err.Sub, list)
	}
	p.err = asOne(list)
}

// failRows keeps why each row of a record is refused: for its own reasons, or
// for those of another.
func (r *run) failRows(d *draft, err *errs.Error, out *outcome) {
	own := make([]*errs.Error, len(d.parts))
	if d.err == err { // found before anything was written
		for i := range own {
			own[i] = d.parts[i].err
		}
	}
	if !slices.ContainsFunc(own, func(e *errs.Error) bool { return e != nil }) {
		list := err.Sub
		if len(list) == 0 {
			list = []*errs.Error{err}
		}
		parts := make([]part, len(own))
		for _, e := range list {
			i, e := d.rowOf(e)
			parts[i].add(e)
		}
		for i := range own {
			own[i] = parts[i].err
		}
	}
	first := slices.IndexFunc(own, func(e *errs.Error) bool { return e != nil })
	for i, one := range d.parts {
		e := own[i]
		if e == nil {
			e = errs.New(errs.Invalid, "error.import_with", "line", strconv.Itoa(d.parts[first].line))
		}
		field, message := r.reason(e)
		out.marks = append(out.marks, mark{row: one.row, line: one.line, field: field, message: message})
	}
}

// rowOf finds the row that an error of the write path, such as one at
// items[2].price, is about, and names the field as the columns do.
func (d *draft) rowOf(err *errs.Error) (int, *errs.Error) {
	group, rest, ok := strings.Cut(err.Field, "[")
	place, field, closed := strings.Cut(rest, "]")
	n, perr := strconv.Atoi(place)
	if !ok || !closed || perr != nil {
		return 0, err
	}
	for _, line := range d.lines {
		if line.group.Key != group {
			continue
		}
		if n == 0 {
			return line.part, err.At(group + field)
		}
		n--
	}
	return 0, err
}

// there are the lines of records that are here already.
type there = map[*schema.Lines]map[int64][]*record.Record

// linesThere reads the lines of the records that rows were found to be about.
func (r *run) linesThere(s *records.Session, found map[string][]*record.Record) (there, error) {
	out := there{}
	for _, l := range r.plan.lines {
		if len(l.plan.columns) == 0 {
			continue
		}
		var ids []int64
		for _, hits := range found {
			if len(hits) == 1 {
				ids = append(ids, hits[0].ID())
			}
		}
		lines, err := s.Lines(l.group, ids)
		if err != nil {
			return nil, err
		}
		out[l.group] = lines
	}
	return out, nil
}

// groups are the lines that a record is written with, and whether they are
// those that are there already. A group that the rows say nothing of stays.
func (r *run) groups(d *draft, there func(*schema.Lines) []*record.Record) (in []records.Input, same bool) {
	same = true
	for _, l := range r.plan.lines {
		var lines []records.LineInput
		for _, line := range d.lines {
			if line.group == l.group {
				lines = append(lines, records.LineInput{Inputs: line.inputs})
			}
		}
		if len(lines) == 0 {
			continue
		}
		same = pair(lines, there(l.group)) && same
		in = append(in, records.Input{Group: l.group, Lines: lines})
	}
	return in, same
}

// pair makes lines be about those that are there: about one that says the same,
// else about the next that is left. It tells whether all say the same, in order.
func pair(lines []records.LineInput, was []*record.Record) bool {
	taken := make([]bool, len(was))
	all := len(lines) == len(was)
	for i := range lines {
		for k := range was {
			at := (i + k) % len(was) // where it stood is likeliest
			if taken[at] || !same(was[at], lines[i].Inputs) {
				continue
			}
			taken[at], lines[i].ID = true, was[at].ID()
			all = all && at == i
			break
		}
		all = all && lines[i].ID != 0
	}
	left := 0
	for i := range lines {
		for left < len(was) && taken[left] {
			left++
		}
		if lines[i].ID == 0 && left < len(was) {
			taken[left], lines[i].ID = true, was[left].ID()
		}
	}
	return all
}

// ends says where in the file the rows of each record end.
type ends struct {
	seed maphash.Seed
	last map[uint64]int
}

func (e *ends) of(key string, row int) int {
	if key == "" || e == nil {
		return row
	}
	return e.last[maphash.String(e.seed, key)]
}

// findEnds reads the keys of the whole file.
func (r *run) findEnds(ctx context.Context) error {
	in, _, err := r.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	keys := *r.plan
	keys.lines, keys.columns = nil, nil
	for _, c := range r.plan.columns {
		if c.isID || slices.Contains(r.plan.keys, c.field) {
			keys.columns = append(keys.columns, c)
		}
	}
	r.ends = &ends{maphash.MakeSeed(), map[uint64]int{}}
	for row := 1; ; row++ {
		if row%10_000 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		d, err := r.understand(in, &keys)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.key != "" {
			r.ends.last[maphash.String(r.ends.seed, d.key)] = row
		}
	}
}

// gathering puts rows together to records.
type gathering struct {
	ends *ends
	open map[string]*draft
}

// add takes a row; it gives the record when that was its last one.
func (g *gathering) add(d *draft, row int) *draft {
	whole := g.open[d.key]
	if whole == nil || d.key == "" {
		d.begin(row)
		whole = d
	} else {
		whole.merge(d, row)
	}
	if g.ends.of(d.key, row) > row {
		g.open[d.key] = whole
		return nil
	}
	delete(g.open, d.key)
	whole.row = row
	return whole
}
