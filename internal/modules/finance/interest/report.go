package interest

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
)

// Codes of what a row stands for, and of why it is not all of the interest.
const (
	byCustomer   = "customer"
	byInstalment = "instalment"
	byPart       = "part"

	small  = "small"
	capped = "capped"
)

// What the dry run is asked: the day, today when empty; what a row stands for;
// one customer only.
var (
	dryUntil = entity.Date(untilKey)
	dryBy    = entity.Choice("by", byCustomer, byInstalment, byPart).Default(byCustomer)
	dryOnly  = entity.Ref("customer", customer.Entity.Name)
)

// What it tells.
var (
	outCustomer = entity.Ref("customer", customer.Entity.Name)
	outOf       = entity.Ref("instalment", instalment.Name)
	outDue      = entity.Date("due_on")
	outLate     = entity.Number("late")
	outCurrency = currency.Choice("currency")
	outOpen     = entity.Money("open")
	outFrom     = entity.Date("starts_on")
	outUntil    = entity.Date("ends_on")
	outDays     = entity.Number("days")
	outBase     = entity.Money("base")
	outRate     = entity.Percent("rate")
	outPer      = entity.Choice("per", "365", "360", "1")
	outRule     = entity.Ref("rule", interestrule.EntityName)
	outCharged  = entity.Money("charged")
	outInterest = entity.Money("interest")
	outNote     = entity.Choice("note", small, capped)
)

// columns of a row, by place.
func columns() []entity.Declared {
	return []entity.Declared{outCustomer, outOf, outDue, outLate, outCurrency, outOpen, outFrom, outUntil, outDays, outBase, outRate, outPer, outRule, outCharged, outInterest, outNote}
}

// Report is the dry run: what would be charged up to a day, with the days and
// amounts behind it, by the very code that charges.
func Report() entity.Report {
	return entity.Report{Name: "interest", Icon: "percent", Input: entity.Fields(dryUntil, dryBy, dryOnly), Columns: entity.Fields(columns()...), Run: run,
		Needs: []entity.Reading{entity.Reads(settlement.Entity.Name, settlement.Credit), entity.Reads(interestrule.EntityName, interestrule.Rate), entity.Reads(Name, Total)},
		Adds:  []entity.Declared{outOpen, outCharged, outInterest}, Charts: []entity.Chart{{Kind: entity.ChartBars, By: []entity.Declared{outOf, outCustomer}, Of: []entity.Declared{outInterest}}}, Opens: opens}
}

// opens leads to the charges of a row's customer and to what of his is overdue.
func opens(_ entity.Asked, row []record.Value, column string) entity.Place {
	if row[0].IsNull() {
		return entity.Place{}
	}
	who := id.ID(row[0].Int()).String()
	switch column {
	case outCharged.Key():
		return entity.Place{Entity: Name, Filter: query.Print(query.All(entity.Is(Customer, who), entity.Is(State, Charged)))}
	case outOpen.Key():
		return entity.Place{Entity: instalment.Name, Filter: query.Print(query.All(entity.Is(instalment.Customer, who), entity.Not(instalment.State, instalment.Paid), entity.Is(instalment.Currency, row[4].Str())))}
	}
	return entity.Place{}
}

func run(ctx context.Context, q entity.Sums, input *record.Record) (rows [][]record.Value, more bool, err error) {
	list, more, err := Ask{Until: cmp.Or(dryUntil.Get(input), q.Here().Today()), Customer: dryOnly.Get(input)}.Reckon(ctx, q)
	if err != nil {
		return nil, more, err
	}
	switch cmp.Or(dryBy.Get(input), byCustomer) {
	case byCustomer:
		rows, err = customers(list)
	case byPart:
		for _, l := range list {
			rows = append(rows, l.parts()...)
		}
	default:
		for _, l := range list {
			rows = append(rows, l.row())
		}
	}
	return rows, more, err
}

// customers adds up what comes by customer and currency, in each who owes most
// first.
func customers(list []Late) (rows [][]record.Value, err error) {
	for i, l := range list {
		if i == 0 || l.Customer != list[i-1].Customer || l.Currency != list[i-1].Currency {
			row := make([]record.Value, len(columns()))
			row[0], row[4] = record.Int(l.Customer), record.Text(l.Currency)
			rows = append(rows, row)
		}
		row := rows[len(rows)-1]
		row[3] = record.Int(max(row[3].Int(), l.Days))
		for _, one := range []struct {
			at int
			n  int64
		}{{5, l.Open}, {13, l.Charged}, {14, l.Total}} {
			n, err := decimal.Add(row[one.at].Int(), one.n)
			if err != nil {
				return nil, err
			}
			row[one.at] = record.Int(n)
		}
	}
	slices.SortStableFunc(rows, func(x, y []record.Value) int {
		return cmp.Or(x[4].Compare(y[4]), cmp.Compare(y[14].Int(), x[14].Int()))
	})
	return rows, nil
}

// row is an instalment's; the days are those that bear interest now.
func (l Late) row() []record.Value {
	row := make([]record.Value, len(columns()))
	row[0], row[1], row[2], row[3], row[4], row[5] = record.Int(l.Customer), record.Int(l.Instalment), record.Text(l.Due), record.Int(l.Days), record.Text(l.Currency), record.Int(l.Open)
	var days int64
	for _, p := range l.Parts {
		days += p.Days
	}
	if n := len(l.Parts); n > 0 {
		first, last := l.Parts[0], l.Parts[n-1]
		row[6], row[7], row[9], row[10], row[11], row[12] = record.Text(first.From), record.Text(last.Until), record.Int(last.Base), record.Int(last.Rate), record.Text(last.basis()), ref(last.Rule)
	}
	row[8], row[13], row[14], row[15] = record.Int(days), record.Int(l.Charged), record.Int(l.Total), l.note()
	return row
}

// parts are the rows of the days behind an instalment's interest.
func (l Late) parts() (rows [][]record.Value) {
	for _, p := range l.Parts {
		row := make([]record.Value, len(columns()))
		row[0], row[1], row[2], row[3], row[4] = record.Int(l.Customer), record.Int(l.Instalment), record.Text(l.Due), record.Int(l.Days), record.Text(l.Currency)
		row[6], row[7], row[8], row[9], row[10], row[11], row[12] = record.Text(p.From), record.Text(p.Until), record.Int(p.Days), record.Int(p.Base), record.Int(p.Rate), record.Text(p.basis()), ref(p.Rule)
		row[14], row[15] = record.Int(p.Amount), l.note()
		if l.Small {
			row[14] = record.Int(0)
		}
		rows = append(rows, row)
	}
	return rows
}

func ref(n int64) record.Value {
	if n == 0 {
		return record.Null
	}
	return record.Int(n)
}

func (l Late) note() record.Value {
	switch {
	case l.Small:
		return record.Text(small)
	case l.Capped:
		return record.Text(capped)
	}
	return record.Null
}
