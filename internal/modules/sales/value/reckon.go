package value

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// page is how many customers a transaction deals with.
const page = 200

// bought is what a customer bought in the span.
type bought struct {
	last           string
	orders, amount int64
}

// Tick reckons what customers are worth, once a day of the company's and when
// the model changed: first the limits of the scores, in one question to the
// database, then page by page of customers what has changed. The first order
// brings the first model.
func Tick(ctx context.Context, tx entity.Writer, _ time.Time) (int, error) {
	today := tx.Here().Today()
	due := &query.Node{Kind: query.Or, Kids: []*query.Node{entity.Empty(Reckoned), query.Comparing(Reckoned.Key(), schema.OpLt, today)}}
	list, err := tx.Find(ctx, ModelName, query.All(entity.Is(Active, "true"), due), 1)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return first(ctx, tx)
	}
	if err := tx.Guard(ctx, ModelName); err != nil {
		return 0, err
	}
	m, err := tx.Get(ctx, ModelName, list[0].ID())
	if err != nil {
		return 0, err
	}
	switch {
	case Reckoned.Get(m) >= today:
		return 1, nil // another node was quicker
	case running.Get(m) != today:
		return 1, begin(ctx, tx, m, today)
	}
	return 1, goOn(ctx, tx, m, today)
}

// first makes the first model when there is something to reckon.
func first(ctx context.Context, tx entity.Writer) (int, error) {
	models, err := tx.Count(ctx, ModelName, nil, 1)
	if err != nil || models > 0 {
		return 0, err
	}
	if n, err := tx.Count(ctx, order.Entity.Name, entity.In(order.Status, order.Confirmed, order.Done), 1); err != nil || n == 0 {
		return 0, err
	}
	if err := tx.Guard(ctx, ModelName); err != nil {
		return 0, err
	}
	if models, err = tx.Count(ctx, ModelName, nil, 1); err != nil || models > 0 {
		return 0, err
	}
	_, err = tx.Create(ctx, ModelName, func(*record.Record) {})
	return 1, err
}

// since is the first day of the span that ends today.
func since(m *record.Record, today string) (string, error) {
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return "", errs.New(errs.Internal, "error.internal").With(err)
	}
	return t.AddDate(0, -int(Months.Get(m)), 1).Format(time.DateOnly), nil
}

// read adds up what customers bought in the days from one to another, both of
// them; those of ids, of all when it is nil.
func read(ctx context.Context, tx entity.Reader, from, to string, of *query.Node) (map[int64]bought, error) {
	where := query.All(entity.In(order.Status, order.Confirmed, order.Done), query.Comparing(order.On.Key(), schema.OpLe, to), of)
	if from != "" {
		where = query.All(where, query.Comparing(order.On.Key(), schema.OpGe, from))
	}
	rows, more, err := tx.Sum(ctx, entity.Sum{Entity: order.Entity.Name, Where: where, Group: []string{order.Head.Customer.Key()}, Of: []string{"max:" + order.On.Key(), order.Head.TotalBase.Key()}})
	if err == nil && more {
		err = errs.New(errs.Invalid, "error.value_wide")
	}
	out := make(map[int64]bought, len(rows))
	for _, row := range rows {
		out[row[0].Int()] = bought{last: row[1].Str(), amount: row[2].Int(), orders: row[3].Int()}
	}
	return out, err
}

// begin starts a run: it finds the limits of quintiles.
func begin(ctx context.Context, tx entity.Writer, m *record.Record, today string) error {
	from, err := since(m, today)
	if err != nil {
		return err
	}
	all, err := read(ctx, tx, from, today, nil)
	if err != nil {
		return err
	}
	return tx.Update(ctx, ModelName, m.ID(), func(r *record.Record) {
		running.Set(r, today)
		reached.Clear(r)
		Customers.Set(r, int64(len(all)))
		if By.Get(r) != Quintiles {
			return
		}
		var days, times, sums []int64
		for _, b := range all {
			days = append(days, -ago(b.last, today)) // the fewer the better
			times, sums = append(times, b.orders), append(sums, b.amount)
		}
		for i, cut := range cuts(days) {
			put(Days[i], r, cut, -1)
		}
		for i, cut := range cuts(times) {
			put(Times[i], r, cut, 1)
		}
		for i, cut := range cuts(sums) {
			put(Sums[i], r, cut, 1)
		}
	})
}

func put(f *entity.Field[int64], r *record.Record, cut *int64, sign int64) {
	if cut == nil {
		f.Clear(r)
		return
	}
	f.Set(r, sign**cut)
}

// ago is how many days ago a day was.
func ago(day, today string) int64 {
	a, err := time.Parse(time.DateOnly, day)
	b, err2 := time.Parse(time.DateOnly, today)
	if err != nil || err2 != nil {
		return 0
	}
	return int64(b.Sub(a) / (24 * time.Hour))
}

// cuts are the figures that the scores 2 to 5 begin with: the next above the
// one that a fifth, two, three, four fifths of all come up to, so that equal
// figures have the same score, the lower one; nil where there is none above.
func cuts(list []int64) [4]*int64 {
	slices.Sort(list)
	var out [4]*int64
	for i := range out {
		if len(list) == 0 {
			break
		}
		up := list[(len(list)*(i+1)+4)/5-1]
		if n, _ := slices.BinarySearch(list, up+1); n < len(list) {
			out[i] = &list[n]
		}
	}
	return out
}

// score is how many limits a figure reaches, and one; better says whether one
// figure is as good as another.
func score(limits []*entity.Field[int64], m *record.Record, n int64, better func(n, limit int64) bool) string {
	out := 1
	for i, f := range limits {
		if !f.Value(m).IsNull() && better(n, f.Get(m)) {
			out = i + 2
		}
	}
	return strconv.Itoa(out)
}

// goOn deals with the next page of customers, and ends the run after the last.
func goOn(ctx context.Context, tx entity.Writer, m *record.Record, today string) error {
	after, _ := id.Parse(reached.Get(m)) // 0 from the beginning
	list, err := tx.Next(ctx, customer.Entity.Name, nil, int64(after), page)
	if err != nil {
		return err
	}
	if err := reckon(ctx, tx, m, today, list); err != nil {
		return err
	}
	return tx.Update(ctx, ModelName, m.ID(), func(r *record.Record) {
		if len(list) == page {
			reached.Set(r, id.ID(list[page-1].ID()).String())
			return
		}
		reached.Clear(r)
		running.Clear(r)
		Reckoned.Set(r, today)
	})
}

// reckon writes what customers are worth, where it changed.
func reckon(ctx context.Context, tx entity.Writer, m *record.Record, today string, list []*record.Record) error {
	if len(list) == 0 {
		return nil
	}
	of := &query.Node{Kind: query.Compare, Path: Customer.Key(), Op: schema.OpIn}
	for _, one := range list {
		of.Args = append(of.Args, query.Arg{Text: id.ID(one.ID()).String()})
	}
	from, err := since(m, today)
	if err != nil {
		return err
	}
	now, err := read(ctx, tx, from, today, of)
	if err != nil {
		return err
	}
	ever, err := read(ctx, tx, "", today, of)
	if err != nil {
		return err
	}
	kept, err := tx.Find(ctx, Name, of, len(list))
	if err != nil {
		return err
	}
	have := make(map[int64]*record.Record, len(kept))
	for _, r := range kept {
		have[Customer.Get(r)] = r
	}
	for _, one := range list {
		last, is := ever[one.ID()]
		was := have[one.ID()]
		switch {
		case !is && was != nil:
			err = tx.Delete(ctx, Name, was.ID())
		case is:
			err = keep(ctx, tx, was, valued(m, one, today, now[one.ID()], last.last))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// valued is what fills in a customer's value.
func valued(m, who *record.Record, today string, b bought, last string) func(*record.Record) {
	return func(r *record.Record) {
		var rs, fs, ms string
		if b.orders > 0 {
			rs = score(Days, m, ago(b.last, today), func(n, limit int64) bool { return n <= limit })
			fs = score(Times, m, b.orders, func(n, limit int64) bool { return n >= limit })
			ms = score(Sums, m, b.amount, func(n, limit int64) bool { return n >= limit })
		}
		for f, s := range map[*entity.Field[string]]string{Recency: rs, Frequency: fs, Monetary: ms} {
			if f.Clear(r); s != "" {
				f.Set(r, s)
			}
		}
		Segment.Set(r, segmentOf(rs, fs, ms))
		Customer.Set(r, who.ID())
		owned(r, who)
		LastOn.Set(r, last)
		Orders.Set(r, b.orders)
		Amount.Set(r, b.amount)
	}
}

// keep writes a value unless it is so already.
func keep(ctx context.Context, tx entity.Writer, was *record.Record, fill func(*record.Record)) error {
	dated := func(r *record.Record) {
		fill(r)
		On.Set(r, tx.Here().Today())
	}
	if was == nil {
		_, err := tx.Create(ctx, Name, dated)
		return err
	}
	will := was.Clone()
	fill(will)
	for _, f := range []entity.Declared{Segment, Recency, Frequency, Monetary, LastOn, Orders, Amount, Level, Owner} {
		if !was.Get(entity.KeyOf(f)).Equal(will.Get(entity.KeyOf(f))) {
			return tx.Update(ctx, Name, was.ID(), dated)
		}
	}
	return nil
}

// owned sets what is the customer's.
func owned(r, who *record.Record) {
	Owner.Set(r, customer.Owner.Get(who))
	r.Set(Level.Key(), customer.Level.Value(who))
}

// Owned keeps a value with whom its customer is, and at his level.
func Owned() entity.Extension {
	return entity.Extension{Of: customer.Entity.Name, Within: func(ctx context.Context, tx entity.Writer, c entity.Change) error {
		if c.Before == nil || c.After == nil || customer.Owner.Get(c.Before) == customer.Owner.Get(c.After) && customer.Level.Get(c.Before) == customer.Level.Get(c.After) {
			return nil
		}
		list, err := tx.Find(ctx, Name, entity.Is(Customer, id.ID(c.After.ID()).String()), 1)
		if err != nil || len(list) == 0 {
			return err
		}
		return tx.Update(ctx, Name, list[0].ID(), func(r *record.Record) { owned(r, c.After) })
	}}
}
