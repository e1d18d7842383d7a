package importer

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

const (
	becomeRows = 10  // shown as they would be
	maxUnknown = 200 // texts that nothing fits
)

// imagine reads the beginning of the file as the import would: what the first
// rows would become, and which texts nothing fits.
func (r *run) imagine(ctx context.Context, p *Preview) error {
	p.Become, p.Unknown = []Become{}, []Unknown{}
	in, _, err := r.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	unknown := &unknowns{at: map[[2]string]int{}}
	var drafts []*draft
	for len(drafts) < sampleRows {
		d, err := r.imagineRow(in, unknown)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		drafts = append(drafts, d)
	}
	if err := r.res.resolve(ctx, drafts); err != nil {
		return err
	}
	for _, d := range withLines(drafts) {
		r.unresolved(d, unknown)
	}
	p.Unknown = unknown.list()
	for _, d := range drafts[:min(len(drafts), becomeRows)] {
		b, err := r.become(ctx, d)
		if err != nil {
			return err
		}
		p.Become = append(p.Become, b)
	}
	return nil
}

// imagineRow reads one row and notes the texts that no option fits.
func (r *run) imagineRow(in sheet.Reader, unknown *unknowns) (*draft, error) {
	cells, err := in.Next()
	var bad *sheet.RowError
	if errors.As(err, &bad) {
		return &draft{line: bad.Line, err: bad.Err}, nil
	}
	if err != nil {
		return nil, err
	}
	d := r.plan.draft(cells, &r.opt, &r.actor.Env)
	d.line = in.Line()
	if isTotal(cells) {
		return d, nil
	}
	for c := range r.plan.every() {
		t, _, _, cellErr := c.cell(cells, r.opt.Null)
		if cellErr != nil || !schema.IsChoice(c.field) || blank(t) {
			continue
		}
		parts := []string{strings.TrimSpace(t)}
		if c.field.Many() {
			parts = split(c.field, t)
		}
		for _, part := range parts {
			if _, ok := c.given[part]; ok {
				continue
			}
			if _, err := parse(c.field, part, &r.actor.Env); err != nil {
				unknown.add(Unknown{Field: c.path, Value: part})
			}
		}
	}
	return d, nil
}

// unresolved notes the texts of references that no record, or several, fit.
func (r *run) unresolved(d *draft, unknown *unknowns) {
	for _, ref := range d.refs {
		f := d.inputs[ref.input].Field
		target := schema.RefTarget(f)
		for _, t := range ref.texts {
			if _, ok := r.res.known[target][t]; ok || target == r.ent.Name {
				continue
			}
			unknown.add(Unknown{Field: d.path(f), Value: t, Several: saysSeveral(d.err, d.path(f))})
		}
	}
}

func saysSeveral(err *errs.Error, field string) bool {
	return err != nil && slices.ContainsFunc(err.Sub, func(e *errs.Error) bool {
		return e.Field == field && e.Key == "error.import_reference_several"
	})
}

// become writes a row as it would be.
func (r *run) become(ctx context.Context, d *draft) (Become, error) {
	b := Become{Line: d.line, Values: map[string]string{}, Errors: []RowError{}}
	if err := r.becomes(ctx, &b, d, r.withOwner(d)); err != nil {
		return b, err
	}
	for _, line := range d.lines {
		if err := r.becomes(ctx, &b, line, line.inputs); err != nil {
			return b, err
		}
	}
	for _, one := range append([]*draft{d}, d.lines...) {
		if one.err == nil {
			continue
		}
		list := one.err.Sub
		if len(list) == 0 {
			list = []*errs.Error{one.err}
		}
		for _, e := range list {
			b.Errors = append(b.Errors, RowError{Line: d.line, Field: e.Field, Message: r.deps.Texts.Text(r.locale(), e.Key, e.Args)})
		}
	}
	return b, nil
}

// becomes writes the fields of a row, or of the line that is in it.
func (r *run) becomes(ctx context.Context, b *Become, d *draft, inputs []records.Input) error {
	for _, in := range inputs {
		var vals []record.Value
		switch {
		case in.Value.IsNull():
		case in.Field.Many():
			vals = in.Value.List()
		default:
			vals = []record.Value{in.Value}
		}
		parts := make([]string, 0, len(vals))
		for _, v := range vals {
			text := in.Field.Type.Text(in.Field, v, &r.actor.Env)
			if schema.IsRef(in.Field) {
				names, err := r.engine.Names(ctx, r.actor, schema.RefTarget(in.Field), []int64{v.Int()})
				if err != nil {
					return err
				}
				text = cmp.Or(names[v.Int()], id.ID(v.Int()).String())
			}
			parts = append(parts, text)
		}
		if len(parts) > 0 {
			b.Values[d.path(in.Field)] = strings.Join(parts, manySign+" ")
		}
	}
	return nil
}

// unknowns counts texts that nothing fits.
type unknowns struct {
	at   map[[2]string]int
	said []Unknown
}

func (u *unknowns) add(one Unknown) {
	key := [2]string{one.Field, one.Value}
	i, ok := u.at[key]
	if !ok {
		i = len(u.said)
		u.at[key] = i
		u.said = append(u.said, one)
	}
	u.said[i].Rows++
}

func (u *unknowns) list() []Unknown {
	slices.SortStableFunc(u.said, func(a, b Unknown) int { return b.Rows - a.Rows })
	return append([]Unknown{}, u.said[:min(len(u.said), maxUnknown)]...)
}
