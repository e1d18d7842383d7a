package demo

import (
	"context"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/change"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

func above(f entity.Declared, text string) *query.Node {
	return query.Comparing(entity.KeyOf(f), schema.OpGt, text)
}

func below(f entity.Declared, day time.Time) *query.Node {
	return query.Comparing(entity.KeyOf(f), schema.OpLt, day.Format(time.DateOnly))
}

// spend writes what an order cost beside its lines: the freight, and of some
// the commission, as a part of what it comes to.
func (w *Writer) spend(ctx context.Context, tx *records.Session, p *Step, sale int64) error {
	sold, err := tx.Get(ctx, order.Entity.Name, sale)
	if err != nil {
		return err
	}
	total := order.Head.NetBase.Get(sold)
	type cost struct {
		kind, payee string
		amount      int64
		known       bool
	}
	costs := []cost{{"freight", carriers()[p.Deal%3], total * 12 / 1_000, true}}
	if p.Deal%3 == 0 {
		costs = append(costs, cost{"commission", "", total * 15 / 1_000, p.Deal%2 == 0})
	}
	for i, c := range costs {
		if _, err := tx.Create(ctx, "sales.order_cost", func(r *record.Record) {
			r.Set("parent", record.Int(sale))
			r.Set("position", record.Int(int64(i+1)<<10))
			order.Kind.Set(r, c.kind)
			order.Amount.Set(r, c.amount/yuan*yuan)
			order.SpentOn.Set(r, p.At.Format(time.DateOnly))
			order.Real.Set(r, c.known)
			setText(r, order.Payee, c.payee)
		}); err != nil {
			return err
		}
	}
	return tx.Update(ctx, order.Entity.Name, sale, func(r *record.Record) {
		order.Carrier.Set(r, costs[0].payee)
		order.Waybill.Set(r, "YD"+p.At.Format("060102")+strconv.Itoa(10_000+p.Deal))
	})
}

// changes are of an order that is not delivered yet, let through at once, and of
// contracts in force: one that waits and one that is being written. Contracts
// that run out are renewed.
func (w *Writer) changes(ctx context.Context, tx *records.Session, s *Scene) error {
	sales, err := tx.Find(ctx, order.Entity.Name, query.All(entity.Is(order.Status, order.Confirmed), entity.Is(order.Delivery, "none")), 1)
	if err != nil {
		return err
	}
	agreed, err := tx.Find(ctx, contract.Entity.Name, entity.Is(contract.Status, contract.Active), 2)
	if err != nil {
		return err
	}
	if err := tx.Backdate(s.Now.Add(-2 * time.Hour)); err != nil {
		return err
	}
	for _, one := range sales {
		if err := w.changed(ctx, tx, &order.Entity, change.Order, one.ID(), "客户追加一台，同价", micro); err != nil {
			return err
		}
	}
	if err := w.begun(ctx, tx, s); err != nil {
		return err
	}
	for i, one := range agreed {
		if err := w.changed(ctx, tx, &contract.Entity, change.Contract, one.ID(), []string{"收货地址变更，分两批交货", "客户减少数量，改为下季度再订"}[i], -int64(i)*micro); err != nil {
			return err
		}
	}
	ends, err := tx.Find(ctx, contract.Entity.Name, query.All(entity.In(contract.Status, contract.Active, contract.Done), below(contract.EndsOn, s.Day.AddDate(0, 0, 30)),
		above(contract.EndsOn, s.Day.AddDate(0, 0, -60).Format(time.DateOnly))), 3)
	if err != nil {
		return err
	}
	for _, one := range ends {
		if err := w.act(tx, &contract.Entity, "renew", one.ID()); err != nil {
			return err
		}
	}
	return tx.Backdate(s.Now)
}

// changed begins a change of a paper; where it changes the quantity of the first
// line it is submitted too.
func (w *Writer) changed(ctx context.Context, tx *records.Session, def *entity.Def, by *entity.Field[int64], of int64, why string, more int64) error {
	if err := w.act(tx, def, "change", of, told("reason", why)); err != nil {
		return err
	}
	made, err := w.newest(ctx, tx, change.Entity.Name, entity.Is(by, idText(of)))
	if err != nil || made == nil || more == 0 {
		return err
	}
	name := change.Entity.Lines[0].Def.Name
	lines, err := entity.LinesOf(ctx, tx, name, made.ID())
	if err != nil || len(lines) == 0 || change.Item.Quantity.Get(lines[0])+more <= 0 {
		return err
	}
	if err := tx.Update(ctx, name, lines[0].ID(), func(r *record.Record) { change.Item.Quantity.Set(r, change.Item.Quantity.Get(r)+more) }); err != nil {
		return err
	}
	if err := tx.Update(ctx, change.Entity.Name, made.ID(), func(*record.Record) {}); err != nil {
		return err
	}
	return w.act(tx, &change.Entity, "submit", made.ID())
}
