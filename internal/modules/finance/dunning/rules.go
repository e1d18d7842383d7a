package dunning

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunninglevel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interest"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// What dunning adds to instalments: the level that was reached, its days, and
// when; and until when nobody is reminded, of one or of all of a customer's.
var (
	Reached     = entity.Ref("dunning_level", dunninglevel.EntityName).ReadOnly()
	ReachedDays = entity.Number("dunning_days").ReadOnly()
	ReachedOn   = entity.Date("dunned_on").ReadOnly()
	PausedUntil = entity.Date("dunning_paused_until").ReadOnly()
	PausedWhy   = entity.Text("dunning_pause_reason", 300).ReadOnly()
)

// Extensions are what dunning adds to instalments and customers.
func Extensions() []entity.Extension {
	pause := []entity.Action{
		{Name: "pause_dunning", Op: access.Update, Input: entity.Fields(until, why), Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(PausedUntil.Key(), input.Get(until.Key()))
			r.Set(PausedWhy.Key(), input.Get(why.Key()))
			return nil
		}},
		{Name: "resume_dunning", Op: access.Update, Only: entity.Filled(PausedUntil), Fill: func(r *record.Record, _ entity.Change, _ *record.Record) error {
			PausedUntil.Clear(r)
			PausedWhy.Clear(r)
			return nil
		}},
	}
	return []entity.Extension{
		{Of: instalment.Name, Fields: []entity.Declared{Reached, ReachedDays, ReachedOn, PausedUntil, PausedWhy}, Actions: pause, Validate: begin,
			Groups: []schema.Group{{Key: "dunning", Fields: []string{"dunning_level", "dunning_days", "dunned_on", "dunning_paused_until", "dunning_pause_reason"}, Columns: 2}}},
		{Of: customer.Entity.Name, Fields: []entity.Declared{PausedUntil, PausedWhy}, Actions: pause,
			Groups: []schema.Group{{Key: "dunning", Fields: []string{"dunning_paused_until", "dunning_pause_reason"}, Columns: 2}}},
	}
}

// begin lets the levels begin anew for what is due on another day.
func begin(_ context.Context, _ entity.Reader, c entity.Change) error {
	if c.Before != nil && c.After != nil && c.Touches(instalment.DueOn) {
		Reached.Clear(c.After)
		ReachedDays.Clear(c.After)
		ReachedOn.Clear(c.After)
	}
	return nil
}

// Due is an instalment that a level is reached by.
type Due struct {
	Instalment, Customer, Owner, Level int64
	Number, Currency, On               string
	Late, Open                         int64 // days, amount
	levelDays                          int64
}

// level is what the rules know of one.
type level struct{ id, days, least int64 }

// Plan tells what the rules would do on a day: the run does just that. Of
// several levels that an instalment has reached it is the highest. more says
// that there are others.
func Plan(ctx context.Context, q entity.Sums, day string) (list []Due, more bool, err error) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil, false, errs.New(errs.Invalid, "error.value").At("date")
	}
	levels, err := levelsOf(ctx, q)
	if err != nil || len(levels) == 0 {
		return nil, false, err
	}
	group := []string{"id", instalment.Number.Key(), instalment.Customer.Key(), instalment.Owner.Key(), instalment.Currency.Key(), instalment.DueOn.Key(), ReachedDays.Key()}
	rows, more, err := q.Sum(ctx, entity.Sum{Entity: instalment.Name, Where: where(levels, at, day), Group: group, Of: []string{instalment.Left.Key(), instalment.LeftBase.Key()}})
	if err != nil {
		return nil, more, err
	}
	for _, row := range rows {
		due, err := time.Parse(time.DateOnly, row[5].Str())
		if err != nil {
			continue // without a day nothing is late
		}
		d := Due{Instalment: row[0].Int(), Number: row[1].Str(), Customer: row[2].Int(), Owner: row[3].Int(), Currency: row[4].Str(), On: row[5].Str(),
			Late: int64(at.Sub(due) / (24 * time.Hour)), Open: row[7].Int()}
		for _, l := range levels {
			if l.days <= d.Late && row[8].Int() >= l.least && l.days > row[6].Int() {
				d.Level, d.levelDays = l.id, l.days // levels come by their days: the last one counts
			}
		}
		if d.Level != 0 {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(x, y Due) int {
		return cmp.Or(cmp.Compare(x.Customer, y.Customer), cmp.Compare(x.Currency, y.Currency), cmp.Compare(x.levelDays, y.levelDays), cmp.Compare(x.Owner, y.Owner), cmp.Compare(x.On, y.On), cmp.Compare(x.Instalment, y.Instalment))
	})
	return list, more, nil
}

// levelsOf are the levels that count, by their days.
func levelsOf(ctx context.Context, q entity.Sums) ([]level, error) {
	rows, _, err := q.Sum(ctx, entity.Sum{Entity: dunninglevel.EntityName, Where: entity.Is(dunninglevel.Active, "true"), Group: []string{dunninglevel.Days.Key(), "id"}, Of: []string{dunninglevel.Least.Key()}})
	out := make([]level, len(rows))
	for i, row := range rows {
		out[i] = level{row[1].Int(), row[0].Int(), row[2].Int()}
	}
	slices.SortFunc(out, func(x, y level) int { return cmp.Compare(x.days, y.days) })
	return out, err
}

// where finds what a level is reached by that was not reached yet, and that
// nobody paused.
func where(levels []level, at time.Time, day string) *query.Node {
	less := func(key string, op schema.Op, text string) *query.Node {
		return &query.Node{Kind: query.Compare, Path: key, Op: op, Args: []query.Arg{{Text: text}}}
	}
	null := func(key string) *query.Node { return &query.Node{Kind: query.Compare, Path: key, Op: schema.OpNull} }
	either := func(kids ...*query.Node) *query.Node { return &query.Node{Kind: query.Or, Kids: kids} }
	var any []*query.Node
	for _, l := range levels {
		any = append(any, query.All(less(instalment.DueOn.Key(), schema.OpLe, at.AddDate(0, 0, -int(l.days)).Format(time.DateOnly)),
			less(instalment.LeftBase.Key(), schema.OpGe, decimal.Format(l.least, 4, 2)),
			either(entity.Empty(ReachedDays), less(ReachedDays.Key(), schema.OpLt, decimal.Format(l.days, 0, 0)))))
	}
	path := instalment.Customer.Key() + "." + PausedUntil.Key()
	return query.All(entity.Not(instalment.State, instalment.Paid), either(any...),
		either(entity.Empty(PausedUntil), less(PausedUntil.Key(), schema.OpLt, day)), either(null(path), less(path, schema.OpLt, day)))
}

// page is how many instalments a transaction deals with, or a few more: those
// of one letter stay together.
const page = 100

// Tick reminds, once a day of the company's, of what reached a level. What did
// has the level in it: nobody is reminded twice of the same.
func Tick(ctx context.Context, tx entity.Writer, now time.Time) (int, error) {
	today := now.In(tx.Here().Zone).Format(time.DateOnly)
	late := query.All(entity.Is(dunninglevel.Active, "true"), &query.Node{Kind: query.Or, Kids: []*query.Node{entity.Empty(dunninglevel.RanOn),
		{Kind: query.Compare, Path: dunninglevel.RanOn.Key(), Op: schema.OpLt, Args: []query.Arg{{Text: today}}}}})
	if n, err := tx.Count(ctx, dunninglevel.EntityName, late, 1); err != nil || n == 0 {
		return 0, err
	}
	if err := tx.Guard(ctx, Name+" run"); err != nil {
		return 0, err
	}
	list, _, err := Plan(ctx, tx, today)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return ran(ctx, tx, late, today)
	}
	done := 0
	for done < len(list) && done < page {
		n := 1
		for done+n < len(list) && same(list[done], list[done+n]) {
			n++
		}
		if err := remind(ctx, tx, list[done:done+n], today, now); err != nil {
			return 0, err
		}
		done += n
	}
	return done, nil
}

// same says whether two instalments go into one letter.
func same(x, y Due) bool {
	return x.Customer == y.Customer && x.Currency == y.Currency && x.Level == y.Level && x.Owner == y.Owner
}

// ran notes that the day's work is done.
func ran(ctx context.Context, tx entity.Writer, late *query.Node, today string) (int, error) {
	levels, err := tx.Find(ctx, dunninglevel.EntityName, late, 1000)
	if err != nil {
		return 0, err
	}
	for _, l := range levels {
		if err := tx.Update(ctx, dunninglevel.EntityName, l.ID(), func(r *record.Record) { dunninglevel.RanOn.Set(r, today) }); err != nil {
			return 0, err
		}
	}
	return len(levels), nil
}

// remind writes the letter about some instalments of one customer, notes the
// level in them and tells whoever is to know.
func remind(ctx context.Context, tx entity.Writer, list []Due, today string, now time.Time) error {
	first := list[0]
	l, err := tx.Get(ctx, dunninglevel.EntityName, first.Level)
	if err != nil {
		return err
	}
	late, err := lateOf(ctx, tx, first, today)
	if err != nil {
		return err
	}
	var total, more int64
	lines := entity.Made{Group: items}
	for _, d := range list {
		if total, err = decimal.Add(total, d.Open); err != nil {
			return err
		}
		if more, err = decimal.Add(more, late[d.Instalment]); err != nil {
			return err
		}
		lines.Fill = append(lines.Fill, func(r *record.Record) {
			lineOf.Set(r, d.Instalment)
			lineNo.Set(r, d.Number)
			lineDue.Set(r, d.On)
			lineDays.Set(r, d.Late)
			lineOpen.Set(r, d.Open)
			if n := late[d.Instalment]; n > 0 {
				lineLate.Set(r, n)
			}
		})
	}
	made, err := tx.Create(ctx, Name, func(r *record.Record) {
		Customer.Set(r, first.Customer)
		Level.Set(r, first.Level)
		On.Set(r, today)
		Currency.Set(r, first.Currency)
		Total.Set(r, total)
		if more > 0 {
			Interest.Set(r, more)
		}
		Owner.Set(r, first.Owner)
		r.Set(Letter.Key(), l.Get(dunninglevel.Letter.Key()))
	}, lines)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := tx.Update(ctx, instalment.Name, d.Instalment, func(r *record.Record) {
			Reached.Set(r, d.Level)
			ReachedDays.Set(r, d.levelDays)
			ReachedOn.Set(r, today)
		}); err != nil {
			return err
		}
	}
	return tell(ctx, tx, l, first, made, now)
}

// lateOf is what being late would be charged with today, by instalment.
func lateOf(ctx context.Context, tx entity.Reader, d Due, today string) (map[int64]int64, error) {
	list, _, err := interest.Ask{Until: today, Customer: d.Customer, Currency: d.Currency}.Reckon(ctx, tx)
	out := make(map[int64]int64, len(list))
	for _, l := range list {
		out[l.Instalment] = l.Total
	}
	return out, err
}

// tell puts a letter behind the bell of the owner and of those whom the level names.
func tell(ctx context.Context, tx entity.Writer, l *record.Record, d Due, made int64, now time.Time) error {
	who, err := tx.Get(ctx, customer.Entity.Name, d.Customer)
	if err != nil {
		return err
	}
	told := map[int64]bool{0: true}
	members := []int64{}
	if dunninglevel.Owner.Get(l) {
		members = append(members, d.Owner)
	}
	for _, v := range dunninglevel.Tell.Get(l) {
		members = append(members, v.Int())
	}
	for _, m := range members {
		if told[m] {
			continue
		}
		told[m] = true
		if err := reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Overdue, Owner: m, About: record.Ref(Name, made), Title: customer.Name.Get(who), Count: 1, At: now.UnixMicro()}); err != nil {
			return err
		}
	}
	return nil
}

// What the dry run is asked, and tells.
var (
	asOf        = entity.Date("date")
	dryCustomer = entity.Ref("customer", customer.Entity.Name)
	dryOf       = entity.Ref("instalment", instalment.Name)
	dryOwner    = entity.Member("owner")
	dryLevel    = entity.Ref("level", dunninglevel.EntityName)
	dryDue      = entity.Date("due_on")
	dryDays     = entity.Number("days").Apart()
	dryCurrency = currency.Choice("currency")
	dryOpen     = entity.Money("open")
)

// Report is the dry run: what the rules as they are now would remind of up to a
// day, by the very code that does it.
func Report() entity.Report {
	return entity.Report{Name: "dunning", Icon: "bell", Input: entity.Fields(asOf), Columns: entity.Fields(dryCustomer, dryOf, dryOwner, dryLevel, dryDue, dryDays, dryCurrency, dryOpen),
		Adds:  []entity.Declared{dryOpen},
		Needs: []entity.Reading{entity.Reads(dunninglevel.EntityName, dunninglevel.Days, dunninglevel.Least)},
		Run: func(ctx context.Context, q entity.Sums, input *record.Record) (rows [][]record.Value, more bool, err error) {
			day := asOf.Get(input)
			if day == "" {
				day = q.Here().Today()
			}
			list, more, err := Plan(ctx, q, day)
			for _, d := range list {
				rows = append(rows, []record.Value{record.Int(d.Customer), record.Int(d.Instalment), record.Int(d.Owner), record.Int(d.Level), record.Text(d.On), record.Int(d.Late),
					record.Text(d.Currency), record.Int(d.Open)})
			}
			return rows, more, err
		}}
}
