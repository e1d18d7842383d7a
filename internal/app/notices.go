package app

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// untold stands for a title that the one who is told may not read.
const untold = "…"

// tellHanded puts what a colleague gave to a member behind his bell. A notice is
// his own to read and search, so it says no more than he may read of the record:
// that there is one, and no title that he has no right to.
func (a *App) tellHanded(ctx context.Context, tx entity.Writer, h records.Handed) error {
	ent, err := tx.Entity(h.Entity)
	if err != nil {
		return err
	}
	title := h.Title
	if to, ok := a.Rights.Actor(h.To); !ok || !to.May(ent, access.Read) || to.Level(ent, ent.Title) < schema.Read {
		title = untold
	}
	return reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Given, Owner: h.To, Sender: h.From, About: record.Ref(h.Entity, h.Record), Title: title,
		Count: h.Count, Of: h.Entity, Batch: h.Changeset, At: h.At})
}
