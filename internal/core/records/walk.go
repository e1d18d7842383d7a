package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// walkPage is how many records an export reads at a time.
const walkPage = 500

// Shown is one value as its reader may see it.
type Shown struct {
	Value  record.Value // null when it is masked
	Labels []string     // what stands for it: the name of a reference, of an option, the masked text; several for many values
	Masked bool
}

// Walk calls fn with every record of a list that the actor may read and has the
// right to export, page by page in the list's order. Each row holds the given
// fields; references that he may not read have no label. The rows are fn's only
// until it returns.
func (e *Engine) Walk(ctx context.Context, actor *access.Actor, name string, q ListQuery, fn func(rows [][]Shown) error) error {
	q.Limit, q.Cursor, q.Expand = 0, "", nil
	p, err := e.plan(actor, name, &q)
	if err != nil {
		return err
	}
	if !actor.May(p.ent, access.Export) {
		return forbidden(string(access.Export))
	}
	read := p.sel.Permit
	p.sel.Permit, p.sel.Limit = actor.Permit(p.ent, access.Export), walkPage
	for {
		var rows [][]Shown
		n, last := 0, []record.Value(nil)
		err := e.DB.Read(ctx, func(db sqldb.Querier) error {
			page := *p
			var got sqldb.Rows
			if err := e.pageOfWords(ctx, db, &page, &got); err != nil {
				return err
			}
			if n = got.Len(); n > 0 {
				row := got.Row(n - 1)
				last = append(append([]record.Value(nil), row[got.Cols()-len(p.sel.Sort):]...), row[0])
			}
			rows, err = e.shown(ctx, db, actor, &page, read, &got)
			return err
		})
		if err != nil {
			return err
		}
		if err := fn(rows); err != nil {
			return err
		}
		if n < walkPage {
			return nil
		}
		p.sel.After = last
	}
}

// shown turns a page into what its reader may see; rows that he may export but
// not read are left out.
func (e *Engine) shown(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, read access.Permit, rows *sqldb.Rows) ([][]Shown, error) {
	aside, err := e.loadAside(ctx, db, actor, p, rows, rows.Len())
	if err != nil {
		return nil, err
	}
	labels, err := e.labelsFor(ctx, db, actor, p, rows, rows.Len(), aside)
	if err != nil {
		return nil, err
	}
	seen, err := mayRead(ctx, db, p, read, rows)
	if err != nil {
		return nil, err
	}
	out := make([][]Shown, 0, rows.Len())
	for i := range rows.Len() {
		row := rows.Row(i)
		if seen != nil && !seen[row[0].Int()] {
			continue
		}
		line, at := make([]Shown, len(p.columns)), 0
		for j := range p.columns {
			f := p.columns[j].field
			var v record.Value
			switch {
			case !f.Stored():
				v = aside[asideKey{row[0].Int(), f.Slot}]
			case schema.IsAnyRef(f):
				if !row[at+1].IsNull() {
					v = record.Ref(row[at].Str(), row[at+1].Int())
				}
				at += 2
			default:
				v = row[at]
				at++
			}
			line[j] = e.show(actor, &p.columns[j], v, labels)
		}
		out = append(out, line)
	}
	return out, nil
}

// mayRead tells which rows of a page the actor may read; nil means all.
func mayRead(ctx context.Context, db sqldb.Querier, p *plan, read access.Permit, rows *sqldb.Rows) (map[int64]bool, error) {
	if read.Unlimited() || rows.Len() == 0 {
		return nil, nil
	}
	ids := make([]record.Value, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i, 0)
	}
	sel := p.sel
	sel.Permit, sel.Where, sel.After, sel.Words, sel.Fields = read, nil, nil, nil, []*schema.Field{p.ent.Fields[record.SlotID]}
	var got sqldb.Rows
	if err := store.Get(ctx, db, sel, ids, &got); err != nil {
		return nil, err
	}
	out := make(map[int64]bool, got.Len())
	for i := range got.Len() {
		out[got.At(i, 0).Int()] = true
	}
	return out, nil
}

func (e *Engine) show(actor *access.Actor, c *column, v record.Value, labels *labelSet) Shown {
	if v.IsNull() {
		return Shown{}
	}
	vals := []record.Value{v}
	if c.field.Many() {
		vals = v.List()
	}
	s := Shown{Value: v, Masked: c.masked}
	if c.masked {
		s.Value = record.Null
	}
	for _, one := range vals {
		if text := e.showOne(actor, c, one, labels); text != "" {
			s.Labels = append(s.Labels, text)
		}
	}
	return s
}

func (e *Engine) showOne(actor *access.Actor, c *column, v record.Value, labels *labelSet) string {
	f := c.field
	switch {
	case c.masked:
		return Mask(f.Type.Text(f, v, nil))
	case f.Slot == record.SlotID:
		return id.ID(v.Int()).String()
	case schema.IsFile(f):
		return labels.fileName(v.Int())
	case schema.IsAnyRef(f):
		label, _ := labels.get(v.Str(), v.Int())
		return label
	case schema.IsRef(f):
		label, _ := labels.get(schema.RefTarget(f), v.Int())
		return label
	}
	return f.Type.Text(f, v, &actor.Env)
}

// fileName is the name of a file, "" when it may not be seen.
func (l *labelSet) fileName(file int64) string {
	name, _ := rawjson.Value(l.files[file]).Get("name")
	return name.Text()
}

// Columns are the fields that Walk gives for a list, in order.
func (e *Engine) Columns(actor *access.Actor, name string, q ListQuery) ([]*schema.Field, error) {
	p, err := e.plan(actor, name, &q)
	if err != nil {
		return nil, err
	}
	out := make([]*schema.Field, len(p.columns))
	for i, c := range p.columns {
		out[i] = c.field
	}
	return out, nil
}
