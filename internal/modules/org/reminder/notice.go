package reminder

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Notice is what a colleague did that concerns a member at once.
type Notice struct {
	Kind          string
	Owner, Sender int64 // members: whom it concerns, who did it
	About         record.Value
	Title         string
	Count         int    // of records given at once
	Of            string // their entity
	Batch         int64  // the write that they were given in; 0 for a notice of its own
	At            int64  // µs
}

// longest is how much of a title is kept, in characters.
const longest = 200

// Tell shows a notice to its member. Notices of one write and entity are one
// for each member, however many records it gives him in however many steps.
func Tell(ctx context.Context, tx entity.Writer, n Notice) error {
	batch := ""
	if n.Batch != 0 {
		batch = id.ID(n.Batch).String()
		same, err := tx.Find(ctx, Entity.Name, query.All(entity.Is(Batch, batch), entity.Is(Owner, id.ID(n.Owner).String()), entity.Is(Of, n.Of)), 1)
		if err != nil {
			return err
		}
		if len(same) > 0 {
			return tx.Update(ctx, Entity.Name, same[0].ID(), func(r *record.Record) { Count.Set(r, Count.Get(r)+int64(n.Count)) })
		}
	}
	_, err := tx.Create(ctx, Entity.Name, func(r *record.Record) {
		Title.Set(r, cut(n.Title))
		Kind.Set(r, n.Kind)
		About.Set(r, n.About)
		Owner.Set(r, n.Owner)
		Sender.Set(r, n.Sender)
		Count.Set(r, int64(n.Count))
		Of.Set(r, n.Of)
		Batch.Set(r, batch)
		At.Set(r, n.At)
		State.Set(r, Due)
	})
	return err
}

func cut(title string) string {
	line := []rune(title)
	if len(line) > longest {
		line = append(line[:longest-1], '…')
	}
	if len(line) == 0 {
		return "…"
	}
	return string(line)
}
