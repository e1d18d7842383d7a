package reminder

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
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

// Settle takes the notices of a kind about a record back that nobody saw yet:
// what they said is no longer so.
func Settle(ctx context.Context, tx entity.Writer, about record.Value, kind string) error {
	open, err := tx.Find(ctx, Entity.Name, query.All(aboutIs(about), openNow(), entity.Is(Kind, kind)), 100)
	for i := 0; i < len(open) && err == nil; i++ {
		err = tx.Update(ctx, Entity.Name, open[i].ID(), func(r *record.Record) { State.Set(r, Cancelled) })
	}
	return err
}

func aboutIs(about record.Value) *query.Node {
	return entity.Is(About, schema.TypeNamed("any_ref").Text(nil, about, nil))
}

// openNow: it waits or is shown.
func openNow() *query.Node {
	return entity.In(State, Waiting, Due)
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
