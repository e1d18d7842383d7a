package finance

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunning"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interest"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/statement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/letter"
)

// mailed are what finance sends to customers: statements, reminders, what
// interest was charged, receipts.
func mailed() []letter.Paper {
	return []letter.Paper{
		{Def: statement.Entity, Customer: statement.Customer, Number: statement.Number, State: statement.State, In: []string{statement.Draft, statement.Sent, statement.Confirmed, statement.Disputed}},
		{Def: dunning.Entity, Customer: dunning.Customer, Number: dunning.Number, State: dunning.State, In: []string{dunning.Open, dunning.Sent}},
		{Def: interest.Entity, Customer: interest.Customer, Number: interest.Number, State: interest.State, In: []string{interest.Charged}},
		{Def: receipt.Entity, Customer: receipt.Customer, Number: receipt.Number, State: receipt.State, In: []string{receipt.Confirmed}},
	}
}

// mailing lets them be mailed, and has them know when they went.
func mailing() []entity.Extension {
	out := []entity.Extension{{Of: letter.Name, Within: went}}
	for _, p := range mailed() {
		out = append(out, p.Extension())
	}
	return out
}

// went makes a statement or a reminder a sent one when its letter is.
func went(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before == nil || c.After == nil || !c.Touches(letter.Status) || letter.Status.Get(c.After) != letter.Sent {
		return nil
	}
	about := letter.About.Get(c.After)
	var sent func(*record.Record)
	switch about.Str() {
	case statement.Name:
		sent = func(r *record.Record) {
			if statement.State.Get(r) == statement.Draft {
				statement.State.Set(r, statement.Sent)
			}
		}
	case dunning.Name:
		sent = func(r *record.Record) {
			if dunning.State.Get(r) == dunning.Open {
				dunning.State.Set(r, dunning.Sent)
				dunning.SentOn.Set(r, tx.Here().Today())
			}
		}
	default:
		return nil
	}
	if err := tx.Update(ctx, about.Str(), about.Int(), sent); !errs.Is(err, errs.NotFound) {
		return err
	}
	return nil // it is gone; the letter went all the same
}

func mailable() (out []entity.Target) {
	for _, p := range mailed() {
		out = append(out, entity.Target{Entity: letter.Name, Field: letter.About.Key(), To: []string{p.Def.Name}})
	}
	return out
}
