// Package statement is what passed between us and a customer over a time
// (对账单, FIN-1): what was owed, what came, what was given up, and what is left,
// a section for each currency.
package statement

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
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/invoice"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/refund"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
)

// What a row is, in the order in which they stand on one day.
const (
	Opening  = "opening"
	Owed     = "owed"
	Interest = "interest"
	Invoiced = "invoiced"
	Received = "received"
	Discount = "discount"
	BadDebt  = "bad_debt"
	Across   = "across" // money of one currency that paid what is owed in another
	Refunded = "refunded"
	Closing  = "closing"
)

var kinds = []string{Opening, Owed, Interest, Invoiced, Received, Discount, BadDebt, Across, Refunded, Closing}

// Row is a line of a statement. Debit is what the customer owes more by it,
// Credit less; Balance is what he owes then, below zero what he has to his
// good. What is invoiced is for information and moves no balance.
type Row struct {
	Currency, On, Kind   string
	Document             record.Value // any_ref, null at the begin and the end
	Number, DueOn        string
	Debit, Credit        int64
	Balance, InvoicedFor int64
}

// Balance is what a currency's section comes to.
type Balance struct {
	Currency                       string
	Opening, Debit, Credit, Closed int64
}

// source is a kind of documents that a statement tells of.
type source struct {
	kind, entity string
	number, on   entity.Declared
	currency     entity.Declared
	due          entity.Declared // nil without
	of           entity.Declared
	debit, info  bool
	where        *query.Node
}

// sources are what moves a balance. What settles in one currency moves none:
// the money was counted when it came.
func sources() []source {
	settled := func(kind string, of, currency entity.Declared, debit bool, where *query.Node) source {
		return source{kind: kind, entity: settlement.Entity.Name, number: settlement.Number, on: settlement.On, currency: currency, of: of, debit: debit, where: where}
	}
	money := entity.Is(settlement.Kind, settlement.FromReceipt)
	return []source{
		{kind: Owed, entity: instalment.Name, number: instalment.Number, on: instalment.BookedOn, currency: instalment.Currency, due: instalment.DueOn, of: instalment.Amount, debit: true,
			where: entity.Not(instalment.Kind, instalment.Interest)},
		{kind: Interest, entity: instalment.Name, number: instalment.Number, on: instalment.BookedOn, currency: instalment.Currency, due: instalment.DueOn, of: instalment.Amount, debit: true,
			where: entity.Is(instalment.Kind, instalment.Interest)},
		{kind: Invoiced, entity: invoice.Entity.Name, number: invoice.Number, on: invoice.IssuedOn, currency: invoice.Currency, of: invoice.Booked, info: true,
			where: entity.In(invoice.State, invoice.Issued, invoice.Delivered)},
		{kind: Received, entity: receipt.Entity.Name, number: receipt.Number, on: receipt.On, currency: receipt.Currency, of: receipt.Amount, where: entity.Is(receipt.State, receipt.Confirmed)},
		settled(Discount, settlement.Discount, settlement.Currency, false, query.All(money, entity.Filled(settlement.Discount))),
		settled(BadDebt, settlement.Credit, settlement.Currency, false, entity.In(settlement.Kind, settlement.BadDebt, settlement.Recovery)),
		settled(Across, settlement.Amount, settlement.Currency, false, money),
		settled(Across, settlement.Paid, settlement.PaidCurrency, true, money),
		{kind: Refunded, entity: refund.Name, number: refund.Number, on: refund.On, currency: refund.Currency, of: refund.Amount, debit: true, where: entity.Is(refund.State, refund.Done)},
	}
}

// Ask is a customer and a span of days, both ends within; without a beginning
// it is everything, without an end up to today.
type Ask struct {
	Customer    int64
	From, Until string
}

// Ledger gives the rows and balances of a customer, currency by currency, as q
// may read them. more says that there are rows beyond what is read: then the
// balances are not to be trusted.
func (a Ask) Ledger(ctx context.Context, q entity.Sums) (rows []Row, balances []Balance, more bool, err error) {
	if a.Until == "" {
		a.Until = q.Here().Today()
	}
	if a.From != "" && a.From > a.Until {
		return nil, nil, false, errs.New(errs.Invalid, "error.ends_before").At("until")
	}
	opening := map[string]int64{}
	for _, s := range sources() {
		if a.From != "" && !s.info {
			beyond, err := a.before(ctx, q, s, opening)
			if err != nil {
				return nil, nil, false, err
			}
			more = more || beyond
		}
		list, beyond, err := a.during(ctx, q, s)
		if err != nil {
			return nil, nil, false, err
		}
		rows, more = append(rows, list...), more || beyond
	}
	rows, balances, err = a.sections(rows, opening)
	return rows, balances, more, err
}

// his are the documents of a source that are the customer's, within a span.
func (a Ask) his(s source, from, until string) *query.Node {
	at := func(op schema.Op, day string) *query.Node {
		return &query.Node{Kind: query.Compare, Path: entity.KeyOf(s.on), Op: op, Args: []query.Arg{{Text: day}}}
	}
	where := query.All(entity.Is(instalment.Customer, id.ID(a.Customer).String()), s.where, at(schema.OpLe, until))
	if from != "" {
		where = query.All(where, at(schema.OpGe, from))
	}
	return where
}

// before adds up what was before the span.
func (a Ask) before(ctx context.Context, q entity.Sums, s source, to map[string]int64) (bool, error) {
	day, err := time.Parse(time.DateOnly, a.From)
	if err != nil {
		return false, errs.New(errs.Invalid, "error.value").At("from")
	}
	group := s.group()
	rows, more, err := q.Sum(ctx, entity.Sum{Entity: s.entity, Where: a.his(s, "", day.AddDate(0, 0, -1).Format(time.DateOnly)), Group: group, Of: []string{entity.KeyOf(s.of)}})
	if err != nil {
		return more, err
	}
	for _, row := range rows {
		if s.skips(row) {
			continue
		}
		n := row[len(group)].Int()
		if !s.debit {
			n = -n
		}
		code := row[0].Str()
		if to[code], err = decimal.Add(to[code], n); err != nil {
			return more, err
		}
	}
	return more, nil
}

// group are the keys of a source's sums: the currency, and for money across
// currencies the other one.
func (s source) group() []string {
	if s.kind != Across {
		return []string{entity.KeyOf(s.currency)}
	}
	other := entity.Declared(settlement.PaidCurrency)
	if s.debit {
		other = settlement.Currency
	}
	return []string{entity.KeyOf(s.currency), entity.KeyOf(other)}
}

func (s source) skips(row []record.Value) bool { return s.kind == Across && row[0].Equal(row[1]) }

// during lists what was within the span.
func (a Ask) during(ctx context.Context, q entity.Sums, s source) (out []Row, more bool, err error) {
	group := append(s.group(), "id", entity.KeyOf(s.number), entity.KeyOf(s.on))
	n := len(group)
	if s.due != nil {
		group = append(group, entity.KeyOf(s.due))
	}
	list, more, err := q.Sum(ctx, entity.Sum{Entity: s.entity, Where: a.his(s, a.From, a.Until), Group: group, Of: []string{entity.KeyOf(s.of)}})
	if err != nil {
		return nil, more, err
	}
	for _, row := range list {
		if s.skips(row) {
			continue
		}
		r := Row{Currency: row[0].Str(), On: row[n-1].Str(), Kind: s.kind, Document: record.Ref(s.entity, row[n-3].Int()), Number: row[n-2].Str()}
		amount := row[len(group)].Int()
		switch {
		case s.info:
			r.InvoicedFor = amount
		case s.debit:
			r.Debit = amount
		default:
			r.Credit = amount
		}
		if s.due != nil {
			r.DueOn = row[n].Str()
		}
		out = append(out, r)
	}
	return out, more, nil
}

// sections puts the rows in order and adds each currency up, from its opening
// to its closing balance. A currency in which nothing ever was has none.
func (a Ask) sections(rows []Row, opening map[string]int64) (out []Row, balances []Balance, err error) {
	slices.SortStableFunc(rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(x.Currency, y.Currency), cmp.Compare(x.On, y.On), cmp.Compare(slices.Index(kinds, x.Kind), slices.Index(kinds, y.Kind)),
			cmp.Compare(x.Document.Int(), y.Document.Int()))
	})
	var codes []string
	for code, n := range opening {
		if n != 0 {
			codes = append(codes, code)
		}
	}
	for _, r := range rows {
		codes = append(codes, r.Currency)
	}
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		b := Balance{Currency: code, Opening: opening[code], Closed: opening[code]}
		out = append(out, Row{Currency: code, On: a.From, Kind: Opening, Document: record.Null, Balance: b.Opening})
		for _, r := range rows {
			if r.Currency != code {
				continue
			}
			for _, one := range []struct {
				to *int64
				n  int64
			}{{&b.Debit, r.Debit}, {&b.Credit, r.Credit}, {&b.Closed, r.Debit}, {&b.Closed, -r.Credit}} {
				if *one.to, err = decimal.Add(*one.to, one.n); err != nil {
					return nil, nil, err
				}
			}
			r.Balance = b.Closed
			out = append(out, r)
		}
		out = append(out, Row{Currency: code, On: a.Until, Kind: Closing, Document: record.Null, Debit: b.Debit, Credit: b.Credit, Balance: b.Closed})
		balances = append(balances, b)
	}
	return out, balances, nil
}
