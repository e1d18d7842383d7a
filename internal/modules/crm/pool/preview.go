package pool

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// asOf is the day up to which the dry run of a pool's rules looks; empty is today.
var asOf = entity.Date("as_of")

// previewColumns are which record goes back, who has it, when and why.
func previewColumns() []entity.Declared {
	return entity.Fields(entity.AnyRef("record", entityOf(Leads), entityOf(Customers)), entity.Member("holder"), entity.Date("on"),
		entity.Choice("cause", Idle, Undealt, Expired).Colors("gray", "gray", "gray"))
}

// With is the entity of pools that hold these kinds of records. Its question is
// the dry run: what the rules of a pool, as they are now, would take back up to a
// day, by the very code that does it.
func With(held ...*Held) entity.Def {
	d := Entity
	d.Questions = []entity.Question{{Name: "preview", Op: access.Update, Input: entity.Fields(asOf), Columns: previewColumns(),
		Answer: func(ctx context.Context, tx entity.Reader, p, input *record.Record, now time.Time) (rows [][]record.Value, more bool, err error) {
			for _, h := range held {
				if kindOf(h.name) == Holds.Get(p) {
					return h.preview(ctx, tx, p, input.Get(asOf.Key()).Str(), now)
				}
			}
			return nil, false, nil
		}}}
	return d
}

func (h *Held) preview(ctx context.Context, tx entity.Reader, p *record.Record, date string, now time.Time) (rows [][]record.Value, more bool, err error) {
	if date == "" {
		date = now.In(tx.Here().Zone).Format(time.DateOnly)
	}
	falls, more, err := h.Falls(ctx, tx, p, date, 0, entity.MostAnswers)
	for _, f := range falls {
		rows = append(rows, []record.Value{record.Ref(h.name, f.Record), record.Int(f.Holder), record.Text(f.On), record.Text(f.Cause)})
	}
	return rows, more, err
}
