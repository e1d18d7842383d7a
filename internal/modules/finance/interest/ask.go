package interest

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// Ask is which interest is asked for: up to a day, which is not counted; of one
// customer and in one currency, where that is said.
type Ask struct {
	Until    string
	Customer int64
	Currency string
}

// Reckon gives what was paid late or is, with what may be charged for it, as q
// may read it, by customer, currency and due day. more says that there are
// others.
func (a Ask) Reckon(ctx context.Context, q entity.Sums) ([]Late, bool, error) {
	until, ok := day(a.Until)
	if !ok {
		return nil, false, errs.New(errs.Invalid, "error.value").At(untilKey)
	}
	b := &books{Ask: a, q: q, until: until, list: map[int64]*owed{}}
	for _, step := range []func(context.Context) error{b.readRules, b.readContracts, b.readOwed, b.readPaid, b.readTaken} {
		if err := step(ctx); err != nil {
			return nil, false, err
		}
	}
	out := make([]Late, 0, len(b.list))
	for _, o := range b.list {
		if err := o.reckon(b.rules, until, q.Here().Currency); err != nil {
			return nil, false, err
		}
		if len(o.late.Parts) > 0 || o.late.Charged != 0 {
			o.late.Open, o.late.Days = o.at(until), int64(until-o.due)
			out = append(out, o.late)
		}
	}
	slices.SortFunc(out, func(x, y Late) int {
		return cmp.Or(cmp.Compare(x.Customer, y.Customer), cmp.Compare(x.Currency, y.Currency), cmp.Compare(x.Due, y.Due), cmp.Compare(x.Instalment, y.Instalment))
	})
	return out, b.more, nil
}

// books are what is read to reckon from.
type books struct {
	Ask
	q         entity.Sums
	until     int
	rules     []rule
	contracts map[int64]*Terms // by contract and by order, where the contract says so
	papers    [2][]int64       // those contracts and orders
	list      map[int64]*owed
	more      bool
}

func (b *books) sum(ctx context.Context, s entity.Sum) ([][]record.Value, error) {
	rows, more, err := b.q.Sum(ctx, s)
	b.more = b.more || more
	return rows, err
}

// readRules reads the rules that are at work, the one that counts first.
func (b *books) readRules(ctx context.Context) error {
	fields := []entity.Declared{interestrule.Rate, interestrule.Per, interestrule.Basis, interestrule.Grace, interestrule.Counts, interestrule.Cap, interestrule.Least, interestrule.Currency,
		interestrule.Level, interestrule.From, interestrule.Until, interestrule.OnInterest, interestrule.Priority}
	group := []string{"id"}
	for _, f := range fields {
		group = append(group, entity.KeyOf(f))
	}
	rows, err := b.sum(ctx, entity.Sum{Entity: interestrule.EntityName, Where: entity.Is(interestrule.Active, "true"), Group: group})
	if err != nil {
		return err
	}
	for _, row := range rows {
		r := rule{id: row[0].Int(), terms: termsOf(row[1].Int(), row[2].Str(), row[3].Str()), grace: int(row[4].Int()), afterGrace: row[5].Str() == interestrule.FromGrace,
			cap: row[6].Int(), least: row[7].Int(), currency: row[8].Str(), level: row[9].Str(), until: far, onInterest: row[12].Bool(), priority: row[13].Int()}
		var ok bool
		if r.from, ok = day(row[10].Str()); !ok {
			continue // without a first day it never holds
		}
		if last, ok := day(row[11].Str()); ok {
			r.until = last + 1
		}
		b.rules = append(b.rules, r)
	}
	slices.SortFunc(b.rules, before)
	return nil
}

// readContracts reads which contracts have a rate of their own, and their orders.
func (b *books) readContracts(ctx context.Context) error {
	b.contracts = map[int64]*Terms{}
	his := func(f entity.Declared) *query.Node {
		if b.Customer == 0 {
			return nil
		}
		return entity.Is(f, id.ID(b.Customer).String())
	}
	rows, err := b.sum(ctx, entity.Sum{Entity: contract.Entity.Name, Where: query.All(entity.Filled(OwnRate), his(contract.Head.Customer)), Group: []string{"id", OwnRate.Key(), OwnPer.Key()}})
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, row := range rows {
		t := termsOf(row[1].Int(), row[2].Str(), "")
		b.contracts[row[0].Int()] = &t
		b.papers[0] = append(b.papers[0], row[0].Int())
	}
	rows, err = b.sum(ctx, entity.Sum{Entity: order.Entity.Name, Where: query.All(among(order.Contract, b.papers[0]), his(order.Head.Customer)), Group: []string{"id", order.Contract.Key()}})
	for _, row := range rows {
		b.contracts[row[0].Int()] = b.contracts[row[1].Int()]
		b.papers[1] = append(b.papers[1], row[0].Int())
	}
	return err
}

func among(f entity.Declared, ids []int64) *query.Node {
	texts := make([]string, len(ids))
	for i, n := range ids {
		texts[i] = id.ID(n).String()
	}
	return query.Comparing(entity.KeyOf(f), schema.OpIn, texts...)
}

// readOwed reads what may bear interest: what is due and open, and what was paid
// since the first rule holds.
func (b *books) readOwed(ctx context.Context) error {
	where := query.All(query.Comparing(entity.KeyOf(instalment.DueOn), schema.OpLt, b.Ask.Until), b.his(instalment.Customer, instalment.Currency))
	first, onInterest := far, false
	for _, r := range b.rules {
		first, onInterest = min(first, r.from), onInterest || r.onInterest
	}
	if !onInterest {
		where = query.All(where, entity.Not(instalment.Kind, kindInterest))
	}
	var which []*query.Node
	if len(b.rules) > 0 {
		which = append(which, entity.Not(instalment.State, instalment.Paid),
			query.All(entity.Is(instalment.State, instalment.Paid), query.Comparing(entity.KeyOf(instalment.LastOn), schema.OpGt, date(first))))
	}
	for i, f := range []entity.Declared{instalment.Contract, instalment.Order} {
		if len(b.papers[i]) > 0 {
			which = append(which, among(f, b.papers[i]))
		}
	}
	group := []string{"id"}
	for _, f := range []entity.Declared{instalment.Number, instalment.Customer, instalment.Owner, instalment.Currency, instalment.DueOn, instalment.BookedOn, instalment.Kind, instalment.Rate,
		instalment.Contract, instalment.Order} {
		group = append(group, entity.KeyOf(f))
	}
	if slices.ContainsFunc(b.rules, func(r rule) bool { return r.level != "" }) {
		group = append(group, instalment.Customer.Key()+".level")
	}
	for _, one := range which {
		rows, err := b.sum(ctx, entity.Sum{Entity: instalment.Name, Where: query.All(where, one), Group: group, Of: []string{instalment.Amount.Key(), instalment.Left.Key()}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			b.put(row, len(group))
		}
	}
	return nil
}

// his is the condition on whose and of which currency it is.
func (b *books) his(customer, currency entity.Declared) *query.Node {
	var list []*query.Node
	if b.Customer != 0 {
		list = append(list, entity.Is(customer, id.ID(b.Customer).String()))
	}
	if b.Currency != "" {
		list = append(list, entity.Is(currency, b.Currency))
	}
	return query.All(list...)
}

func (b *books) put(row []record.Value, n int) {
	o := &owed{late: Late{Instalment: row[0].Int(), Number: row[1].Str(), Customer: row[2].Int(), Owner: row[3].Int(), Currency: row[4].Str(), Due: row[5].Str(), Rate: row[8].Int()},
		kind: row[7].Str(), amount: row[n].Int(), left: row[n+1].Int()}
	var ok [2]bool
	o.due, ok[0] = day(row[5].Str())
	o.booked, ok[1] = day(row[6].Str())
	if ok != [2]bool{true, true} {
		return // without a day nothing is late
	}
	if n > 11 {
		o.level = row[11].Str()
	}
	o.own = b.contracts[row[9].Int()]
	if o.own == nil {
		o.own = b.contracts[row[10].Int()]
	}
	b.list[o.late.Instalment] = o
}

// readPaid reads what was settled since the first of them was due.
func (b *books) readPaid(ctx context.Context) error {
	if len(b.list) == 0 {
		return nil
	}
	first := far
	for _, o := range b.list {
		first = min(first, o.due)
	}
	rows, err := b.sum(ctx, entity.Sum{Entity: settlement.Entity.Name, Where: query.All(query.Comparing(entity.KeyOf(settlement.On), schema.OpGt, date(first)), b.his(settlement.Customer, settlement.Currency)),
		Group: []string{settlement.Instalment.Key(), settlement.On.Key()}, Of: []string{settlement.Credit.Key()}})
	for _, row := range rows {
		if o := b.list[row[0].Int()]; o != nil {
			if on, ok := day(row[1].Str()); ok {
				o.paid = append(o.paid, deed{on, row[2].Int()})
			}
		}
	}
	return err
}

// readTaken reads the days for which interest was charged.
func (b *books) readTaken(ctx context.Context) error {
	where := []*query.Node{{Kind: query.Compare, Path: "parent." + State.Key(), Op: schema.OpEq, Args: []query.Arg{{Text: Charged}}}}
	if b.Customer != 0 {
		where = append(where, query.Comparing("parent."+Customer.Key(), schema.OpEq, id.ID(b.Customer).String()))
	}
	rows, err := b.sum(ctx, entity.Sum{Entity: itemName, Where: query.All(where...), Group: []string{lineOf.Key(), lineFrom.Key(), lineUntil.Key()}, Of: []string{lineAmount.Key()}})
	if err != nil {
		return err
	}
	for _, row := range rows {
		o := b.list[row[0].Int()]
		if o == nil {
			continue
		}
		from, ok := day(row[1].Str())
		until, also := day(row[2].Str())
		if ok && also {
			o.taken = append(o.taken, span{from, until})
		}
		if o.late.Charged, err = decimal.Add(o.late.Charged, row[3].Int()); err != nil {
			return err
		}
	}
	return nil
}
