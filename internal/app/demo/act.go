package demo

import (
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followplan"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/work/task"
)

// act runs an action as somebody at the page would.
func (w *Writer) act(tx *records.Session, def *entity.Def, name string, id int64, told ...rawjson.Member) error {
	def = tx.State().Def(def.Name) // with what other modules add to it
	i := slices.IndexFunc(def.Actions, func(a entity.Action) bool { return a.Name == name })
	a := &def.Actions[i]
	input, _, err := tx.State().DecodeInput(a, told, &w.Actor.Env)
	if err != nil {
		return err
	}
	ent, err := tx.Entity(def.Name)
	if err != nil {
		return err
	}
	_, err = tx.Act(ent, a, id, records.AnyVersion, input)
	return err
}

func told(key, text string) rawjson.Member {
	return rawjson.Member{Key: key, Val: rawjson.Value(rawjson.AppendString(nil, text))}
}

// plain is an amount as it is written down.
func plain(amount int64) string { return decimal.Format(amount, decimal.MoneyDigits, 2) }

func (w *Writer) leadWent(ctx context.Context, tx *records.Session, s *Scene, i int) error {
	l := &s.Leads[i]
	if at := l.Since.AddDate(0, 0, 9); at.Before(s.Now) {
		if err := tx.Backdate(at); err != nil {
			return err
		}
	}
	switch l.Action {
	case "", "contact": // a note has made it contacted
		return nil
	case "discard":
		return w.act(tx, &lead.Entity, l.Action, w.ids.leads[i], told(lead.Reason.Key(), l.Reason))
	case "convert":
		return w.won(ctx, tx, l, i)
	}
	return w.act(tx, &lead.Entity, l.Action, w.ids.leads[i])
}

// won makes a customer of a lead, who has come some way since, and an opportunity
// of one that is likely to buy.
func (w *Writer) won(ctx context.Context, tx *records.Session, l *Lead, i int) error {
	input := []rawjson.Member{{Key: lead.Anyway.Key(), Val: rawjson.Value("true")}}
	if l.Buys {
		input = append(input, rawjson.Member{Key: "opportunity", Val: rawjson.Value("true")}, told("expected_on", l.Since.AddDate(0, 0, 80).Format(time.DateOnly)))
	}
	if err := w.act(tx, &lead.Entity, l.Action, w.ids.leads[i], input...); err != nil {
		return err
	}
	made, err := tx.Get(ctx, lead.Entity.Name, w.ids.leads[i])
	if err != nil {
		return err
	}
	return tx.Update(ctx, customer.Entity.Name, lead.Customer.Get(made), func(r *record.Record) {
		customer.Status.Set(r, []string{"negotiating", "won", "contacted", "negotiating"}[i%4])
		customer.Level.Set(r, []string{"b", "c", "a", "c", "d"}[i%5])
		customer.Amount.Set(r, l.Amount)
		customer.SourceCreatedAt.Set(r, micros(l.Since))
	})
}

func (w *Writer) planWent(_ context.Context, tx *records.Session, s *Scene, i int) error {
	if !s.Plans[i].Done {
		return nil
	}
	return w.act(tx, &followplan.Entity, "complete", w.ids.plans[i], told(followplan.Content.Key(), "已按计划完成："+s.Plans[i].Title),
		told(followplan.When.Key(), s.Plans[i].At.Add(time.Hour).UTC().Format(time.RFC3339)))
}

func (w *Writer) taskWent(_ context.Context, tx *records.Session, s *Scene, i int) error {
	if s.Tasks[i].Action == "" {
		return nil
	}
	return w.act(tx, &task.Entity, s.Tasks[i].Action, w.ids.tasks[i])
}
