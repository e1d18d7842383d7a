package settle

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/refund"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// What refund, recover and cancel ask for.
var (
	backAmount  = entity.Money("amount").Between("0", "")
	backDay     = entity.Date("date")
	backRef     = entity.Text("bank_reference", 100)
	backWhy     = entity.Text("reason", 300).Required()
	cancelWhy   = entity.Text("reason", 300).Required()
	recovered   = entity.Ref("instalment", instalment.Name).Only("written_off > 0").Required()
	recoverHow  = entity.Money("amount").Between("0", "")
	recoverWhen = entity.Date("date")
)

// Refund is finance.refund with its rules.
func Refund() entity.Def {
	d := refund.Entity
	d.Hooks = entity.Hooks{Validate: validateRefund, Within: withinRefund}
	d.Actions = []entity.Action{{Name: "cancel", Op: access.Approve, Move: entity.Move{State: refund.State, From: []string{refund.Done}, To: refund.Cancelled}, Input: entity.Fields(cancelWhy),
		Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(refund.CancelWhy.Key(), input.Get(cancelWhy.Key()))
			return nil
		}}}
	return d
}

// validateRefund holds a refund to what is left of its receipt, and computes
// what it is worth: all that is left takes all that the rest is worth.
func validateRefund(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return nil // one is never deleted: it is locked
	}
	if c.Before != nil && !c.Touches(refund.State) {
		return nil
	}
	if err := period.Check(ctx, tx, refund.On.Get(r)); err != nil || c.Before != nil {
		return err
	}
	if err := tx.Guard(ctx, "settle:"+id.ID(refund.Receipt.Get(r)).String()); err != nil {
		return err
	}
	from, err := tx.Get(ctx, receipt.Entity.Name, refund.Receipt.Get(r))
	if err != nil {
		return err
	}
	code, left := receipt.Currency.Get(from), receipt.Left.Get(from)
	if refund.Amount.Value(r).IsNull() {
		refund.Amount.Set(r, left)
	}
	n := money.Round(refund.Amount.Get(r), code)
	switch {
	case receipt.State.Get(from) != receipt.Confirmed:
		return errs.New(errs.Conflict, "error.receipt_draft").At(refund.Receipt.Key())
	case n <= 0:
		return errs.New(errs.Invalid, "error.amount_positive").At(refund.Amount.Key())
	case n > left:
		return errs.New(errs.Invalid, "error.refund_above", "open", money.Text(left)).At(refund.Amount.Key())
	case refund.On.Get(r) < receipt.On.Get(from):
		return errs.New(errs.Invalid, "error.settle_before", "day", receipt.On.Get(from)).At(refund.On.Key())
	}
	base := receipt.LeftBase.Get(from)
	if n < left {
		if base, err = money.Convert(n, paper.RateOf(from, receipt.Rate), tx.Here().Currency); err != nil {
			return err
		}
	}
	refund.Amount.Set(r, n)
	refund.AmountBase.Set(r, base)
	refund.Currency.Set(r, code)
	refund.Customer.Set(r, receipt.Customer.Get(from))
	return nil
}

func withinRefund(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil || c.Before != nil && !c.Touches(refund.State) {
		return nil
	}
	return touch(ctx, tx, receipt.Entity.Name, refund.Receipt.Get(c.After))
}

// giveBack refunds what is left of a receipt, or a part of it.
func giveBack(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	on := max(tx.Here().Today(), receipt.On.Get(c.After))
	if v := input.Get(backDay.Key()); !v.IsNull() {
		on = v.Str()
	}
	_, err := tx.Create(ctx, refund.Name, func(r *record.Record) {
		refund.Receipt.Set(r, c.After.ID())
		refund.On.Set(r, on)
		refund.Owner.Set(r, receipt.Owner.Get(c.After))
		r.Set(refund.Amount.Key(), input.Get(backAmount.Key()))
		r.Set(refund.Reference.Key(), input.Get(backRef.Key()))
		r.Set(refund.Reason.Key(), input.Get(backWhy.Key()))
	})
	return err
}

// recoverDebt pays a debt that was given up: it stands again, as far as the money
// goes, and is settled by it.
func recoverDebt(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	from := c.After
	to, err := tx.Get(ctx, instalment.Name, input.Get(recovered.Key()).Int())
	if err != nil {
		return err
	}
	if receipt.Customer.Get(from) != instalment.Customer.Get(to) {
		return errs.New(errs.Invalid, "error.settle_customer").At(recovered.Key())
	}
	n, err := across(receipt.Left.Get(from), from, to)
	if err != nil {
		return err
	}
	n = min(n, instalment.WrittenOff.Get(to))
	if v := input.Get(recoverHow.Key()); !v.IsNull() {
		n = v.Int()
	}
	on := max(tx.Here().Today(), receipt.On.Get(from))
	if v := input.Get(recoverWhen.Key()); !v.IsNull() {
		on = v.Str()
	}
	if _, err := tx.Create(ctx, settlement.Entity.Name, func(r *record.Record) {
		settlement.Kind.Set(r, settlement.Recovery)
		settlement.On.Set(r, on)
		settlement.Instalment.Set(r, to.ID())
		settlement.Owner.Set(r, instalment.Owner.Get(to))
		settlement.Amount.Set(r, -n)
	}); err != nil {
		return err
	}
	part := record.New(record.NewShape("part", []string{To.Key(), HowMuch.Key(), Off.Key(), SettleOn.Key()}, 0))
	part.Set(HowMuch.Key(), record.Int(n))
	part.Set(SettleOn.Key(), record.Text(on))
	_, err = put(ctx, tx, from, to.ID(), part)
	return err
}

// standsAgain computes what of a bad debt stands again.
func standsAgain(ctx context.Context, tx entity.Reader, r, to *record.Record) error {
	n := money.Round(-settlement.Amount.Get(r), instalment.Currency.Get(to))
	off := instalment.WrittenOff.Get(to)
	switch {
	case n <= 0:
		return errs.New(errs.Invalid, "error.amount_positive").At(settlement.Amount.Key())
	case n > off:
		return errs.New(errs.Invalid, "error.recover_above", "written_off", money.Text(off)).At(settlement.Amount.Key())
	}
	sums, err := settlement.Of(ctx, tx, settlement.Instalment, to.ID())
	if err != nil {
		return err
	}
	base := sums.OffBase
	if n < off {
		if base, err = money.Convert(n, paper.RateOf(to, instalment.Rate), tx.Here().Currency); err != nil {
			return err
		}
	}
	settlement.Amount.Set(r, -n)
	settlement.Credit.Set(r, -n)
	settlement.CreditBase.Set(r, -base)
	return nil
}
