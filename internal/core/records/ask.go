package records

import (
	"context"
	"errors"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Ask appends the answer to a question about a record: {"rows":[{…}],"more":…}.
// Nothing is written; references are shown by the actor's rights.
func (e *Engine) Ask(ctx context.Context, actor *access.Actor, name string, rec int64, question *entity.Question, columns []*schema.Field, input *record.Record, out []byte) ([]byte, error) {
	st := e.Registry.State()
	ent, err := e.entity(st, name)
	if err != nil {
		return out, err
	}
	start := len(out)
	err = e.DB.Read(ctx, func(db sqldb.Querier) error {
		out = out[:start]
		s := &Session{e: e, ctx: ctx, tx: asking{db}, st: st, actor: actor, now: e.now()}
		recs, err := s.read(ctx, ent, []int64{rec}, false)
		if err != nil {
			return err
		}
		if len(recs) == 0 {
			return notFound()
		}
		it := &item{op: question.Op, id: rec}
		if refused, err := s.mayTouch(ctx, ent, it, recs[0]); err != nil || refused != nil {
			return errors.Join(err, refused)
		}
		rows, more, err := question.Answer(ctx, s, recs[0], input, e.Clock.Now())
		if err != nil {
			return err
		}
		shown := make([]*schema.Field, len(columns))
		for i, f := range columns {
			one := *f
			one.Slot += record.SystemSlots // what stands at the id's place would be written as one
			shown[i] = &one
		}
		out, err = e.appendAnswer(ctx, db, actor, st, shown, rows, more, out)
		return err
	})
	return out, err
}

func (e *Engine) appendAnswer(ctx context.Context, db sqldb.Querier, actor *access.Actor, st *entity.State, columns []*schema.Field, rows [][]record.Value, more bool, out []byte) ([]byte, error) {
	wanted := want{}
	for _, row := range rows {
		for i, f := range columns {
			wanted.add(f, row[i])
		}
	}
	labels, err := e.labels(ctx, db, actor, st.Snapshot, wanted)
	if err != nil {
		return out, err
	}
	out = append(out, `{"rows":[`...)
	for n, row := range rows {
		if n > 0 {
			out = append(out, ',')
		}
		for i, f := range columns {
			sign := byte(',')
			if i == 0 {
				sign = '{'
			}
			out = append(append(out, sign), `"`+f.Key+`":`...)
			out = e.appendValue(out, &column{field: f}, row[i], labels, nil)
		}
		out = append(out, '}')
	}
	if more {
		return append(out, `],"more":true}`...), nil
	}
	return append(out, `],"more":false}`...), nil
}

// asking is a transaction that only reads.
type asking struct{ sqldb.Querier }

// errAsking is said to a question that would write.
var errAsking = errs.New(errs.Internal, "error.internal")

func (asking) Guard(context.Context, ...string) error  { return nil }
func (asking) Sub(context.Context, func() error) error { return errAsking }
func (asking) AfterCommit(func())                      {}
