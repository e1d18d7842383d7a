package settle

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// What settle asks for: without an instalment the oldest that are due are
// settled one after another, as far as the money goes.
var (
	To       = entity.Ref("instalment", instalment.Entity.Name).Only(`status != "paid"`)
	HowMuch  = entity.Money("amount").Between("0", "")
	Off      = entity.Money("cash_discount").Between("0", "")
	SettleOn = entity.Date("date")
)

// What write_off asks for.
var (
	Loss    = entity.Money("amount").Between("0", "")
	LossOn  = entity.Date("date")
	LossWhy = entity.Text("reason", 300).Required()
)

// hasLeft is what a receipt must be that anything can be done with its money.
var hasLeft = query.Comparing(receipt.Left.Key(), schema.OpGt, "0")

// Extensions are the actions that settling adds to receipts and instalments.
func Extensions() []entity.Extension {
	return []entity.Extension{
		{Of: receipt.Entity.Name, Actions: []entity.Action{{Name: "settle", Op: access.Approve, Main: true, Only: query.All(entity.Is(receipt.State, receipt.Confirmed), hasLeft), Move: entity.Move{State: receipt.State, From: []string{receipt.Confirmed}},
			Input: entity.Fields(To, HowMuch, Off, SettleOn), Run: settleReceipt},
			{Name: "recover", Op: access.Approve, Only: hasLeft, Move: entity.Move{State: receipt.State, From: []string{receipt.Confirmed}}, Input: entity.Fields(recovered, recoverHow, recoverWhen), Run: recoverDebt},
			{Name: "refund", Op: access.Approve, Only: hasLeft, Move: entity.Move{State: receipt.State, From: []string{receipt.Confirmed}}, Input: entity.Fields(backAmount, backWhy, backRef, backDay), Run: giveBack}}},
		{Of: instalment.Entity.Name, Actions: []entity.Action{{Name: "write_off", Op: access.Approve, Move: entity.Move{State: instalment.State, From: []string{instalment.Open, instalment.Part}},
			Input: entity.Fields(Loss, LossWhy, LossOn), Run: writeOff}}},
	}
}

// settleReceipt settles one instalment, or the oldest ones.
func settleReceipt(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	from := c.After
	if to := input.Get(To.Key()); !to.IsNull() {
		_, err := put(ctx, tx, from, to.Int(), input)
		return err
	}
	if !input.Get(Off.Key()).IsNull() {
		return errs.New(errs.Invalid, "error.required").At(To.Key()) // a discount is given on something
	}
	left := receipt.Left.Get(from)
	if v := input.Get(HowMuch.Key()); !v.IsNull() {
		left = min(left, v.Int())
	}
	due, err := open(ctx, tx, from)
	if err != nil {
		return err
	}
	if len(due) == 0 {
		return errs.New(errs.Conflict, "error.settle_nothing")
	}
	for _, one := range due {
		if left <= 0 {
			break
		}
		take := min(left, instalment.Left.Get(one))
		part := record.New(input.Shape)
		part.Set(SettleOn.Key(), input.Get(SettleOn.Key()))
		part.Set(HowMuch.Key(), record.Int(take))
		if _, err := put(ctx, tx, from, one.ID(), part); err != nil {
			return err
		}
		left -= take
	}
	return nil
}

// open are the instalments in a receipt's currency that its customer owes,
// those of its own contract or order first, then the oldest.
func open(ctx context.Context, tx entity.Reader, from *record.Record) ([]*record.Record, error) {
	list, err := tx.Find(ctx, instalment.Entity.Name, query.All(entity.Is(instalment.Customer, id.ID(receipt.Customer.Get(from)).String()),
		entity.Not(instalment.State, instalment.Paid), entity.Is(instalment.Currency, receipt.Currency.Get(from))), 10_000)
	own := func(r *record.Record) int {
		if c, o := receipt.Contract.Get(from), receipt.Order.Get(from); c != 0 && c == instalment.Contract.Get(r) || o != 0 && o == instalment.Order.Get(r) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b *record.Record) int {
		return cmp.Or(cmp.Compare(own(a), own(b)), cmp.Compare(instalment.DueOn.Get(a), instalment.DueOn.Get(b)), cmp.Compare(a.ID(), b.ID()))
	})
	return list, err
}

// put settles an instalment by a receipt.
func put(ctx context.Context, tx entity.Writer, from *record.Record, to int64, input *record.Record) (int64, error) {
	on := max(tx.Here().Today(), receipt.On.Get(from))
	if v := input.Get(SettleOn.Key()); !v.IsNull() {
		on = v.Str()
	}
	return tx.Create(ctx, settlement.Entity.Name, func(r *record.Record) {
		settlement.On.Set(r, on)
		settlement.Receipt.Set(r, from.ID())
		settlement.Instalment.Set(r, to)
		settlement.Owner.Set(r, receipt.Owner.Get(from))
		r.Set(settlement.Amount.Key(), input.Get(HowMuch.Key()))
		r.Set(settlement.Discount.Key(), input.Get(Off.Key()))
	})
}

// writeOff gives up an instalment, or a part of it, as a bad debt.
func writeOff(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	on := tx.Here().Today()
	if v := input.Get(LossOn.Key()); !v.IsNull() {
		on = v.Str()
	}
	_, err := tx.Create(ctx, settlement.Entity.Name, func(r *record.Record) {
		settlement.Kind.Set(r, settlement.BadDebt)
		settlement.On.Set(r, on)
		settlement.Instalment.Set(r, c.After.ID())
		settlement.Owner.Set(r, instalment.Owner.Get(c.After))
		r.Set(settlement.Amount.Key(), input.Get(Loss.Key()))
		r.Set(settlement.Reason.Key(), input.Get(LossWhy.Key()))
	})
	return err
}

// writtenOff computes what a bad debt comes to: all that is open, unless said.
func writtenOff(r, to *record.Record, own string) error {
	if settlement.Amount.Value(r).IsNull() {
		settlement.Amount.Set(r, instalment.Left.Get(to))
	}
	n := money.Round(settlement.Amount.Get(r), instalment.Currency.Get(to))
	settlement.Amount.Set(r, n)
	settlement.Credit.Set(r, n)
	base := instalment.LeftBase.Get(to)
	switch {
	case n <= 0:
		return errs.New(errs.Invalid, "error.amount_positive").At(settlement.Amount.Key())
	case n > instalment.Left.Get(to):
		return errs.New(errs.Invalid, "error.settle_above", "open", money.Text(instalment.Left.Get(to))).At(settlement.Amount.Key())
	case n < instalment.Left.Get(to):
		var err error
		if base, err = money.Convert(n, paper.RateOf(to, instalment.Rate), own); err != nil {
			return err
		}
	}
	settlement.CreditBase.Set(r, base)
	return nil
}
