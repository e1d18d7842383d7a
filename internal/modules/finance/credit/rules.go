package credit

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/creditmodel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// derive computes the score: points by weight, rounded to whole ones. What was
// not looked at counts as nothing.
func derive(r *record.Record, n entity.Needs) error {
	m := n.Of(Model)
	if m == nil {
		Score.Clear(r)
		Level.Clear(r)
		Suggested.Clear(r)
		return nil
	}
	var sum, weights int64
	for i, w := range creditmodel.Weights {
		sum += w.Get(m) * Points[i].Get(r)
		weights += w.Get(m)
	}
	if weights == 0 {
		return nil
	}
	score, err := decimal.MulDiv(sum, 1, weights)
	if err != nil {
		return err
	}
	level, limit := creditmodel.Level(m, score)
	Score.Set(r, score)
	Level.Set(r, level)
	Suggested.Set(r, limit)
	return nil
}

func approve(r *record.Record, c entity.Change, input *record.Record) error {
	limit := input.Get(NewLimit.Key())
	if limit.IsNull() {
		limit = Suggested.Value(r)
	}
	if limit.IsNull() {
		return errs.New(errs.Invalid, "error.required").At(NewLimit.Key())
	}
	Limit.Set(r, limit.Int())
	ApprovedBy.Set(r, c.Actor.ID())
	r.Set(Opinion.Key(), input.Get(Comment.Key()))
	return nil
}

func suspend(r *record.Record, _ entity.Change, input *record.Record) error {
	r.Set(Opinion.Key(), input.Get(Because.Key()))
	return nil
}

// validate computes anew how much is used, whatever the write was for: the
// profile's row is locked, so that whoever comes second sees what the first did.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return nil
	}
	used, err := usedBy(ctx, tx, Customer.Get(r))
	if err != nil {
		return err
	}
	Used.Set(r, used)
	Free.Clear(r)
	Standing.Clear(r)
	if State.Get(r) == Draft {
		return nil
	}
	limit := limitOf(r)
	Free.Set(r, limit-used)
	standing, err := stands(limit, used, tx.Here().Currency)
	if err != nil {
		return err
	}
	Standing.Set(r, standing)
	return nil
}

// stands says how much of a limit is used, all three in the company's currency.
func stands(limit, used int64, currency string) (string, error) {
	near, err := money.Percent(limit, 90*money.One, currency)
	switch {
	case err != nil:
		return "", err
	case used > limit:
		return Over, nil
	case used >= near && used > 0:
		return Near, nil
	}
	return Fine, nil
}

// warn tells the customer's owner and who approved the limit, once each time
// that the customer comes near it or above.
func warn(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before == nil || c.After == nil || !c.Touches(Standing) || Standing.Get(c.After) == Fine || Standing.Get(c.After) == "" || Standing.Get(c.Before) == Over {
		return nil
	}
	who, err := tx.Get(ctx, customer.Entity.Name, Customer.Get(c.After))
	if err != nil {
		return err
	}
	told := map[int64]bool{0: true}
	for _, member := range []int64{customer.Owner.Get(who), ApprovedBy.Get(c.After)} {
		if told[member] {
			continue
		}
		told[member] = true
		if err := reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Credit, Owner: member, About: record.Ref(Name, c.After.ID()), Title: customer.Name.Get(who), Count: 1, At: c.Now}); err != nil {
			return err
		}
	}
	return nil
}

// limitOf is what a customer may owe: nothing while he is suspended.
func limitOf(r *record.Record) int64 {
	if State.Get(r) == Suspended {
		return 0
	}
	return Limit.Get(r)
}

// usedBy is what a customer owes, and what of his confirmed orders is in no
// plan yet, their own or that of the contract they are of.
func usedBy(ctx context.Context, tx entity.Reader, customer int64) (int64, error) {
	his := entity.Is(instalment.Customer, id.ID(customer).String())
	owes, err := sum(ctx, tx, entity.Sum{Entity: instalment.Name, Where: query.All(his, entity.Not(instalment.State, instalment.Paid)), Of: []string{instalment.LeftBase.Key()}}, nil)
	if err != nil {
		return 0, err
	}
	planned := map[int64]bool{}
	if _, err := sum(ctx, tx, entity.Sum{Entity: instalment.Name, Where: query.All(his, &query.Node{Kind: query.Compare, Path: instalment.Contract.Key(), Op: "is not null"}),
		Group: []string{instalment.Contract.Key()}}, func(contract int64) bool { planned[contract] = true; return false }); err != nil {
		return 0, err
	}
	confirmed := entity.Is(order.Status, order.Confirmed)
	orders, err := sum(ctx, tx, entity.Sum{Entity: order.Entity.Name, Where: query.All(his, confirmed), Group: []string{order.Contract.Key()}, Of: []string{order.Head.TotalBase.Key()}},
		func(contract int64) bool { return !planned[contract] })
	if err != nil {
		return 0, err
	}
	of := &query.Node{Kind: query.Compare, Path: instalment.Order.Key() + "." + order.Status.Key(), Op: "==", Args: []query.Arg{{Text: order.Confirmed}}}
	apart, err := sum(ctx, tx, entity.Sum{Entity: instalment.Name, Where: query.All(his, of, entity.Not(instalment.Kind, instalment.Interest)), Of: []string{instalment.AmountBase.Key()}}, nil)
	if err != nil {
		return 0, err
	}
	return decimal.Add(owes, max(orders-apart, 0))
}

// sum adds up the groups that count; nil counts them all.
func sum(ctx context.Context, tx entity.Reader, s entity.Sum, counts func(group int64) bool) (total int64, err error) {
	rows, _, err := tx.Sum(ctx, s)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if counts != nil && !counts(row[0].Int()) {
			continue
		}
		if total, err = decimal.Add(total, row[len(s.Group)].Int()); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// profileOf finds a customer's profile, nil when there is none.
func profileOf(ctx context.Context, tx entity.Reader, customer int64) (*record.Record, error) {
	list, err := tx.Find(ctx, Name, entity.Is(Customer, id.ID(customer).String()), 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// refresh computes a profile anew and gives it as it is then.
func refresh(ctx context.Context, tx entity.Writer, customer int64) (*record.Record, error) {
	p, err := profileOf(ctx, tx, customer)
	if err != nil || p == nil {
		return nil, err
	}
	if err := tx.Update(ctx, Name, p.ID(), func(*record.Record) {}); err != nil {
		return nil, err
	}
	return tx.Get(ctx, Name, p.ID())
}

// owed keeps a profile up to date with what its customer owes.
func owed(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before != nil && c.After != nil && !c.Touches(instalment.LeftBase, instalment.Customer, instalment.Contract, instalment.Order) {
		return nil
	}
	seen := map[int64]bool{}
	for _, r := range []*record.Record{c.Before, c.After} {
		if r == nil || seen[instalment.Customer.Get(r)] {
			continue
		}
		seen[instalment.Customer.Get(r)] = true
		if _, err := refresh(ctx, tx, instalment.Customer.Get(r)); err != nil {
			return err
		}
	}
	return nil
}

// ordered refuses to confirm an order that takes a customer above his limit,
// unless somebody released it.
func ordered(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil || c.Before != nil && !c.Touches(order.Status) {
		return nil
	}
	was := c.Before != nil && order.Status.Get(c.Before) == order.Confirmed
	is := order.Status.Get(c.After) == order.Confirmed
	if was == is {
		return nil
	}
	p, err := refresh(ctx, tx, order.Head.Customer.Get(c.After))
	if err != nil || p == nil || !is || State.Get(p) == Draft {
		return err
	}
	outcome := Standing.Get(p)
	if outcome == Over {
		if Released.Get(c.After) == 0 {
			total, used, limit := order.Head.TotalBase.Get(c.After), Used.Get(p), limitOf(p)
			return errs.New(errs.Conflict, "error.credit_over", "limit", money.Text(limit), "used", money.Text(used-total), "amount", money.Text(total), "over", money.Text(used-limit)).Offering("ask_credit")
		}
		outcome = letPass
	}
	return tx.Update(ctx, order.Entity.Name, c.After.ID(), func(r *record.Record) { Check.Set(r, outcome) })
}
