package app

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// tellHanded puts what a colleague gave to a member behind his bell.
func tellHanded(ctx context.Context, tx entity.Writer, h records.Handed) error {
	return reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Given, Owner: h.To, Sender: h.From, About: record.Ref(h.Entity, h.Record), Title: h.Title,
		Count: h.Count, Of: h.Entity, Batch: h.Changeset, At: h.At})
}
