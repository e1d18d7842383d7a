package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// rowWriter writes rows of which everything was read.
type rowWriter struct {
	e        *Engine
	p        *plan
	rows     *sqldb.Rows
	aside    map[asideKey]record.Value
	labels   *labelSet
	expanded map[expandKey][]byte
}

// writerOf reads what n rows need beside their columns.
func (e *Engine) writerOf(ctx context.Context, db sqldb.Querier, actor *access.Actor, p *plan, rows *sqldb.Rows, n int, aside map[asideKey]record.Value) (*rowWriter, error) {
	labels, err := e.labelsFor(ctx, db, actor, p, rows, n, aside)
	if err != nil {
		return nil, err
	}
	expanded, err := e.loadExpansions(ctx, db, actor, p, rows, n)
	return &rowWriter{e, p, rows, aside, labels, expanded}, err
}

// append writes the rows from one to before another, with commas between them.
func (w *rowWriter) append(out []byte, from, to int) []byte {
	for i := from; i < to; i++ {
		if i > from {
			out = append(out, ',')
		}
		out = append(out, '{')
		row := w.rows.Row(i)
		at := 0
		for j := range w.p.columns {
			c := &w.p.columns[j]
			if j > 0 {
				out = append(out, ',')
			}
			out = append(out, c.head...)
			var v record.Value
			switch {
			case !c.field.Stored():
				v = w.aside[asideKey{row[0].Int(), c.field.Slot}]
			case schema.IsAnyRef(c.field):
				if !row[at+1].IsNull() {
					v = record.Ref(row[at].Str(), row[at+1].Int())
				}
				at += 2
			default:
				v = row[at]
				at++
			}
			out = w.e.appendValue(out, c, v, w.labels, w.expanded)
		}
		out = append(out, '}')
	}
	return out
}
