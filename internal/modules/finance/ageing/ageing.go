// Package ageing is how old what customers owe is, at any day (账龄, FIN-1).
package ageing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
)

// Codes of what a row stands for.
const (
	ByCustomer   = "customer"
	ByOwner      = "owner"
	ByCurrency   = "currency"
	ByInstalment = "instalment"
)

// What is asked: the day, today when empty; what a row stands for, customers
// when empty; one customer only; in the company's own currency instead of that
// of what is owed.
var (
	On   = entity.Date("date")
	By   = entity.Choice("by", ByCustomer, ByOwner, ByCurrency, ByInstalment).Default(ByCustomer)
	Only = entity.Ref("customer", customer.Entity.Name)
	Base = entity.Switch("in_base")
)

// Days are the last days overdue of the buckets, from the second one on: what
// is not due, up to 30 days … up to a year, and above.
var days = []int{30, 60, 90, 180, 365}

// What a row says; of Customer, Instalment and Owner the one that it stands for.
var (
	Customer   = entity.Ref("customer", customer.Entity.Name)
	Instalment = entity.Ref("instalment", instalment.Name)
	Owner      = entity.Member("owner")
	Currency   = currency.Choice("currency")
	buckets    = []*entity.Field[int64]{entity.Money("not_due"), entity.Money("days_30"), entity.Money("days_60"), entity.Money("days_90"), entity.Money("days_180"),
		entity.Money("days_365"), entity.Money("older")}
	Total = entity.Money("total")
)

// Report is the report "ageing" of finance.instalment.
func Report() entity.Report {
	columns := []entity.Declared{Customer, Instalment, Owner, Currency}
	for _, b := range buckets {
		columns = append(columns, b)
	}
	drawn := append(declared(buckets), Total)
	return entity.Report{Name: "ageing", Icon: "hourglass", Input: entity.Fields(On, By, Only, Base), Columns: entity.Fields(append(columns, Total)...), Run: run,
		Needs: []entity.Reading{entity.Reads(settlement.Entity.Name, settlement.Credit)}, Adds: drawn,
		Charts: []entity.Chart{{Kind: entity.ChartBars, By: []entity.Declared{Customer, Instalment, Owner, Currency}, Of: drawn[:len(buckets)]}}, Opens: opens}
}

func declared(fields []*entity.Field[int64]) []entity.Declared {
	out := make([]entity.Declared, len(fields))
	for i, f := range fields {
		out[i] = f
	}
	return out
}

// opens leads to the instalments of a row that are open, of one bucket where
// that is the figure; what was owed at another day is no list.
func opens(at entity.Asked, row []record.Value, column string) entity.Place {
	n := slices.IndexFunc(buckets, func(f *entity.Field[int64]) bool { return f.Key() == column })
	if !row[1].IsNull() || n < 0 && column != Total.Key() {
		return entity.Place{}
	}
	day, err := time.Parse(time.DateOnly, cmp.Or(On.Get(at.Input), at.Here.Today()))
	if err != nil || On.Get(at.Input) != "" && On.Get(at.Input) != at.Here.Today() {
		return entity.Place{}
	}
	where := []*query.Node{entity.Not(instalment.State, instalment.Paid)}
	for i, f := range []entity.Declared{instalment.Customer, nil, instalment.Owner} {
		if f != nil && !row[i].IsNull() {
			where = append(where, entity.Is(f, id.ID(row[i].Int()).String()))
		}
	}
	if !Base.Get(at.Input) {
		where = append(where, entity.Is(instalment.Currency, row[3].Str()))
	}
	due := func(op schema.Op, overdue int) {
		where = append(where, &query.Node{Kind: query.Compare, Path: instalment.DueOn.Key(), Op: op, Args: []query.Arg{{Text: day.AddDate(0, 0, -overdue).Format(time.DateOnly)}}})
	}
	switch {
	case n == 0:
		due(schema.OpGe, 0)
	case n > 0:
		due(schema.OpLt, append([]int{0}, days...)[n-1])
		if n-1 < len(days) {
			due(schema.OpGe, days[n-1])
		}
	}
	return entity.Place{Entity: instalment.Name, Filter: query.Print(query.All(where...))}
}

// line is one row while it is being added up.
type line struct {
	key      record.Value
	currency string
	sums     [7]int64
	total    int64
}

// lineKey is what a row is of, in its currency.
type lineKey struct {
	currency string
	of       int64
}

// run adds up what is open now and puts back what was settled after the day: so
// the balance of a day long past costs as little as today's, and is exact.
func run(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, bool, error) {
	ask, err := askOf(q, input)
	if err != nil {
		return nil, false, err
	}
	lines := map[lineKey]*line{}
	more, err := ask.add(ctx, q, lines, entity.Sum{Entity: instalment.Name, Where: query.All(ask.booked, ask.only, entity.Not(instalment.State, instalment.Paid)), Group: ask.group(),
		Cut: instalment.DueOn.Key(), At: ask.cuts, Across: true, Of: ask.measure(instalment.Left, instalment.LeftBase)})
	if err != nil {
		return nil, false, err
	}
	after := &query.Node{Kind: query.Compare, Path: settlement.On.Key(), Op: schema.OpGt, Args: []query.Arg{{Text: ask.day}}}
	group := ask.group()
	if ask.by == ByInstalment {
		group[0] = settlement.Instalment.Key()
	}
	beyond, err := ask.add(ctx, q, lines, entity.Sum{Entity: settlement.Entity.Name, Where: query.All(after, ask.booked, ask.only), Group: group,
		Cut: settlement.DueOn.Key(), At: ask.cuts, Across: true, Of: ask.measure(settlement.Credit, settlement.CreditBase)})
	if err != nil {
		return nil, false, err
	}
	return ask.rows(lines), more || beyond, nil
}

// ask is what is asked, worked out.
type ask struct {
	day, by, own string
	base         bool
	cuts         []string
	booked, only *query.Node
}

func askOf(q entity.Sums, input *record.Record) (ask, error) {
	a := ask{day: q.Here().Today(), by: ByCustomer, own: q.Here().Currency, base: Base.Get(input)}
	if v := On.Get(input); v != "" {
		a.day = v
	}
	if v := By.Get(input); v != "" {
		a.by = v
	}
	at, err := time.Parse(time.DateOnly, a.day)
	if err != nil {
		return a, errs.New(errs.Invalid, "error.value").At(On.Key())
	}
	// Overdue by n days: due on the day less n. Buckets come in the order of
	// the days on which something is due, the oldest first.
	for _, n := range slices.Backward(days) {
		a.cuts = append(a.cuts, at.AddDate(0, 0, -n).Format(time.DateOnly))
	}
	a.cuts = append(a.cuts, a.day)
	a.booked = &query.Node{Kind: query.Compare, Path: instalment.BookedOn.Key(), Op: schema.OpLe, Args: []query.Arg{{Text: a.day}}}
	if n := Only.Get(input); n != 0 {
		a.only = entity.Is(instalment.Customer, id.ID(n).String())
	}
	return a, nil
}

// group are the keys of the rows: what they stand for, and the currency.
func (a *ask) group() []string {
	switch a.by {
	case ByInstalment:
		return []string{"id", instalment.Currency.Key()}
	case ByOwner:
		return []string{instalment.Owner.Key(), instalment.Currency.Key()}
	case ByCurrency:
		return []string{instalment.Currency.Key()}
	}
	return []string{instalment.Customer.Key(), instalment.Currency.Key()}
}

func (a *ask) measure(own, base entity.Declared) []string {
	if a.base {
		return []string{entity.KeyOf(base)}
	}
	return []string{entity.KeyOf(own)}
}

// add adds the groups of a sum to the lines.
func (a *ask) add(ctx context.Context, q entity.Sums, lines map[lineKey]*line, s entity.Sum) (bool, error) {
	rows, more, err := q.Sum(ctx, s)
	if err != nil {
		return more, err
	}
	for _, row := range rows {
		key, rest := record.Null, row
		if a.by != ByCurrency {
			key, rest = row[0], row[1:]
		}
		currency := rest[0].Str()
		if a.base {
			currency = a.own
		}
		name := lineKey{currency, key.Int()}
		l := lines[name]
		if l == nil {
			l = &line{key: key, currency: currency}
			lines[name] = l
		}
		for i, v := range rest[1 : 1+len(buckets)] { // the oldest first
			at := &l.sums[len(buckets)-1-i]
			if *at, err = decimal.Add(*at, v.Int()); err != nil {
				return more, err
			}
			if l.total, err = decimal.Add(l.total, v.Int()); err != nil {
				return more, err
			}
		}
	}
	return more, nil
}

// rows writes the lines down, the largest first; what came to nothing is no line.
func (a *ask) rows(lines map[lineKey]*line) [][]record.Value {
	list := make([]*line, 0, len(lines))
	for _, l := range lines {
		if l.sums != [7]int64{} {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(x, y *line) int {
		return cmp.Or(cmp.Compare(x.currency, y.currency), cmp.Compare(y.total, x.total), cmp.Compare(x.key.Int(), y.key.Int()))
	})
	out := make([][]record.Value, len(list))
	for i, l := range list {
		row := append(make([]record.Value, 3, 5+len(l.sums)), record.Text(l.currency))
		switch a.by {
		case ByCustomer:
			row[0] = l.key
		case ByInstalment:
			row[1] = l.key
		case ByOwner:
			row[2] = l.key
		}
		for _, n := range l.sums {
			row = append(row, record.Int(n))
		}
		out[i] = append(row, record.Int(l.total))
	}
	return out
}
