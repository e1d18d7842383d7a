package reminder

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Until is what snooze asks for.
var Until = entity.Instant("until").Required()

func snooze(r *record.Record, _ entity.Change, input *record.Record) error {
	At.Set(r, input.Get(Until.Key()).Int())
	return nil
}

// The codes of how long before something a member is reminded of it.
const (
	None    = "none"
	AtTime  = "at_time"
	Minutes = "minutes_15"
	Hour    = "hour_1"
	Day     = "day_1"
)

// Before is a choice of how long before a record's moment its owner is reminded.
func Before(key string) *entity.Field[string] {
	return entity.Choice(key, None, AtTime, Minutes, Hour, Day).Default(Minutes).Coded()
}

// moment is when to remind of something at a moment; 0 for not at all.
func moment(at int64, before string) int64 {
	switch before {
	case AtTime:
		return at
	case Minutes:
		return at - (15 * time.Minute).Microseconds()
	case Hour:
		return at - time.Hour.Microseconds()
	case Day:
		return at - (24 * time.Hour).Microseconds()
	}
	return 0
}

// stale is how old a moment may be that somebody is still reminded of: what is
// imported from long ago reminds of nothing.
const stale = 24 * time.Hour

// Wish says whom to remind of a record, and when.
type Wish struct {
	Owner  int64
	Title  string
	At     int64  // µs of what the record is about, 0 = no reminder
	Before string // code
	Now    int64  // µs
}

// Keep makes the reminder of a record be as wished: its module calls it within
// every write that touches the wish. One reminder stands for a record at most;
// those that were seen stay as they are.
func Keep(ctx context.Context, tx entity.Writer, about record.Value, w Wish) error {
	open, err := tx.Find(ctx, Entity.Name, query.All(aboutIs(about), openNow(), entity.Is(Kind, Moment)), 10)
	if err != nil {
		return err
	}
	at := int64(0)
	if w.At != 0 && w.Owner != 0 {
		at = moment(w.At, w.Before)
	}
	if at != 0 && at < w.Now-stale.Microseconds() {
		at = 0
	}
	for i, r := range open {
		if at != 0 && i == 0 {
			continue
		}
		if err := tx.Update(ctx, Entity.Name, r.ID(), func(r *record.Record) { State.Set(r, Cancelled) }); err != nil {
			return err
		}
	}
	if at == 0 {
		return nil
	}
	fill := func(r *record.Record) {
		Title.Set(r, w.Title)
		About.Set(r, about)
		Owner.Set(r, w.Owner)
		if At.Get(r) != at {
			At.Set(r, at)
			State.Set(r, Waiting)
		}
	}
	if len(open) > 0 {
		return tx.Update(ctx, Entity.Name, open[0].ID(), fill)
	}
	_, err = tx.Create(ctx, Entity.Name, fill)
	return err
}

// tickPage is how many reminders become due in one transaction.
const tickPage = 200

// Tick shows the reminders whose moment has come.
func Tick(ctx context.Context, tx entity.Writer, now time.Time) (int, error) {
	come, err := tx.Find(ctx, Entity.Name, query.All(entity.Is(State, Waiting),
		&query.Node{Kind: query.Compare, Path: At.Key(), Op: schema.OpLe, Args: []query.Arg{{Text: now.UTC().Format(time.RFC3339Nano)}}}), tickPage)
	if err != nil {
		return 0, err
	}
	for _, r := range come {
		if err := tx.Update(ctx, Entity.Name, r.ID(), func(r *record.Record) { State.Set(r, Due) }); err != nil {
			return 0, err
		}
	}
	return len(come), nil
}
