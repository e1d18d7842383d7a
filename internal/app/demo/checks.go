package demo

import (
	"context"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// deliveries are the lines of what went out of an order.
const deliveries = "sales.order_delivery"

// gate is what holds a deal in a stage.
type gate struct {
	checks string
	days   int64
}

// gates are what is made sure of before a deal leaves each open stage, and for how
// many days it may stand there.
func gates() []gate {
	return []gate{
		{"确认使用部门与关键人\n了解现有设备与产能", 15},
		{"核实预算与资金来源\n确认技术参数与验收标准\n了解竞争对手的方案", 21},
		{"方案已向技术负责人讲解\n报价在授权折扣之内", 21},
		{"付款条件双方认可\n合同条款已经法务看过", 30},
	}
}

// gates writes them to the stages.
func (w *Writer) gates(ctx context.Context, tx *records.Session) error {
	for i, g := range gates() {
		if i >= len(w.ids.stages) {
			return nil
		}
		if err := tx.Update(ctx, stage.Entity.Name, w.ids.stages[i], func(r *record.Record) {
			stage.Check.Set(r, g.checks)
			stage.Stale.Set(r, g.days)
		}); err != nil {
			return err
		}
	}
	return nil
}

// confirm ticks off so many of a deal's open checks, all for -1, as its form does;
// more is what is written with them.
func (w *Writer) confirm(ctx context.Context, tx *records.Session, deal int64, most int, more ...records.Input) error {
	ent, err := tx.Entity(opportunity.Entity.Name)
	if err != nil {
		return err
	}
	group := ent.Line(opportunity.Checks)
	list, err := entity.LinesOf(ctx, tx, group.Entity.Name, deal)
	if err != nil {
		return err
	}
	in := records.Input{Group: group}
	done := group.Entity.Field(opportunity.CheckDone.Key())
	for _, one := range list {
		line := records.LineInput{ID: one.ID()}
		if !opportunity.CheckDone.Get(one) && most != 0 {
			most--
			line.Inputs = []records.Input{{Field: done, Value: record.Bool(true)}}
		}
		in.Lines = append(in.Lines, line)
	}
	_, err = tx.UpdateOne(ent, deal, records.AnyVersion, append(more, in))
	return err
}

// goOn moves a deal on to a stage, its checks confirmed.
func (w *Writer) goOn(ctx context.Context, tx *records.Session, deal, to int64) error {
	ent, err := tx.Entity(opportunity.Entity.Name)
	if err != nil {
		return err
	}
	return w.confirm(ctx, tx, deal, -1, records.Input{Field: ent.Field(opportunity.Stage.Key()), Value: record.Int(to)})
}

// halfway has the deals that go on stand in the middle of their stage: most have
// the first of its checks behind them.
func (w *Writer) halfway(ctx context.Context, tx *records.Session, s *Scene) error {
	going, err := tx.Find(ctx, opportunity.Entity.Name, entity.Is(opportunity.State, stage.Open), 10_000)
	if err != nil {
		return err
	}
	for i, one := range going {
		if i%4 == 3 {
			continue
		}
		if err := tx.Backdate(s.Now.Add(-time.Duration(30+i%300) * time.Minute)); err != nil {
			return err
		}
		if err := w.confirm(ctx, tx, one.ID(), 1); err != nil {
			return err
		}
	}
	return tx.Backdate(s.Now)
}

// moved is something of an order that went out, or came back.
type moved struct {
	line     int64
	quantity int64
	at       time.Time
	waybill  string
	back     string // why, "" for what went out
}

// move writes deliveries of an order, and the order after them.
func (w *Writer) move(ctx context.Context, tx *records.Session, sale int64, carrier string, list ...moved) error {
	rows, err := entity.LinesOf(ctx, tx, deliveries, sale)
	if err != nil {
		return err
	}
	for i, m := range list {
		if _, err := tx.Create(ctx, deliveries, func(r *record.Record) {
			r.Set("parent", record.Int(sale))
			r.Set("position", record.Int(int64(len(rows)+i+1)<<10))
			order.Of.Set(r, m.line)
			order.Moved.Set(r, m.quantity)
			order.MovedOn.Set(r, m.at.Format(time.DateOnly))
			setText(r, order.MovedBy, carrier)
			setText(r, order.Tracking, m.waybill)
			if m.back != "" {
				order.Way.Set(r, order.Back)
				order.WhyBack.Set(r, m.back)
			}
		}); err != nil {
			return err
		}
	}
	return tx.Update(ctx, order.Entity.Name, sale, func(*record.Record) {})
}

// sendOut has an order delivered: some in two parts, and of some a part comes back.
func (w *Writer) sendOut(ctx context.Context, tx *records.Session, p *Step, sale int64) error {
	carrier, waybill := carriers()[p.Deal%3], "YD"+p.At.Format("060102")+strconv.Itoa(10_000+p.Deal)
	if p.Deal%3 == 1 {
		if err := w.firstPart(ctx, tx, sale, carrier, waybill+"A", p.At.AddDate(0, 0, -4)); err != nil {
			return err
		}
	}
	if err := w.act(tx, &order.Entity, "deliver", sale, told("date", p.At.Format(time.DateOnly)), told("carrier", carrier), told("waybill", waybill)); err != nil {
		return err
	}
	if p.Deal%9 != 4 {
		return nil
	}
	lines, err := order.Head.Lines(ctx, tx, sale)
	if err != nil || len(lines) == 0 {
		return err
	}
	return w.move(ctx, tx, sale, carrier, moved{lines[0].ID(), micro, p.At, "", "开箱检验发现外壳磕碰，退回更换"})
}

// firstPart sends out half of the first line of an order, or all of one that cannot be halved.
func (w *Writer) firstPart(ctx context.Context, tx *records.Session, sale int64, carrier, waybill string, at time.Time) error {
	lines, err := order.Head.Lines(ctx, tx, sale)
	if err != nil || len(lines) == 0 {
		return err
	}
	half := max(order.Item.Quantity.Get(lines[0])/2/micro*micro, micro)
	if len(lines) == 1 && half == order.Item.Quantity.Get(lines[0]) {
		return nil
	}
	return w.move(ctx, tx, sale, carrier, moved{lines[0].ID(), half, at, waybill, ""})
}

// begun are orders that wait for their delivery: a part of each second one went
// out yesterday.
func (w *Writer) begun(ctx context.Context, tx *records.Session, s *Scene) error {
	waiting, err := tx.Find(ctx, order.Entity.Name, query.All(entity.Is(order.Status, order.Confirmed), entity.Is(order.Delivery, "none")), 100)
	if err != nil {
		return err
	}
	for i, one := range waiting {
		if i%2 == 0 {
			continue
		}
		at := s.Day.AddDate(0, 0, -1)
		if err := w.firstPart(ctx, tx, one.ID(), carriers()[i%3], "YD"+at.Format("060102")+strconv.Itoa(20_000+i), at); err != nil {
			return err
		}
	}
	return nil
}

func carriers() []string { return list("德邦物流 顺丰快运 中远海运") }
