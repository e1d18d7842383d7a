package order

import (
	"cmp"
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// Deliveries is the name of the group of what went out of an order, and came back.
const Deliveries = "deliveries"

// Which way goods went.
const (
	Out  = "out"
	Back = "back"
)

// What went out or came back of a line of the order (SAL-6), by day.
var (
	Of       = entity.Ref("line", "sales.order_item").Required().Only("parent == {parent}")
	Way      = entity.Choice("kind", Out, Back).Colors("blue", "orange").Required().Default(Out)
	Moved    = entity.Decimal("quantity", 0).Required().Between("0.000001", "").Apart() // out and back are no sum
	MovedOn  = entity.Date("date").Required().Default("today()")
	MovedBy  = entity.Text("carrier", 100)
	Tracking = entity.Text("waybill", 100)
	WhyBack  = entity.Text("reason", 300).RequiredWhen(entity.Is(Way, Back))
	Said     = entity.Text("note", 300)
)

// delivery is sales.order_delivery.
var delivery = entity.Def{
	Name:        "sales.order_delivery",
	Icon:        "truck",
	Fields:      entity.Fields(Of, Way, Moved, MovedOn, MovedBy, Tracking, WhyBack, Said),
	VisibleWhen: entity.In(Status, Confirmed, Done),
	Layout: schema.Layout{
		List: []string{"line", "kind", "quantity", "date", "carrier", "waybill", "reason", "note"}, Sort: "id", Card: []string{"line", "kind", "quantity", "date"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"line", "kind", "quantity", "date", "carrier", "waybill", "reason", "note"}, Columns: 2}},
	},
}

// What the lines say of it: what is with the customer, and what came back.
// Recorded is the part of Delivered that the deliveries say; the rest went out
// before an order had any.
var (
	Delivered = entity.Decimal("delivered", 0).Between("0", "").ReadOnly().Imported()
	Returned  = entity.Decimal("returned", 0).ReadOnly()
	Recorded  = entity.Decimal("recorded", 0).ReadOnly()
)

// tally is what went out and came back of a line, with the places of the last of each.
type tally struct {
	out, back         int64
	lastOut, lastBack int
}

// delivered sums up the deliveries of an order in its lines, and says how far it is.
func delivered(r *record.Record, n entity.Needs) error {
	lines := n.Lines(paper.Items)
	moved, err := tallies(lines, n.Lines(Deliveries))
	if err != nil {
		return err
	}
	open := Status.Get(r) == Confirmed || Status.Get(r) == Done
	gone, all, back := false, true, false
	for _, line := range lines {
		t := moved[line.ID()]
		if t == nil {
			t = &tally{}
		}
		if err := t.put(line, open); err != nil {
			return err
		}
		gone = gone || Delivered.Get(line) > 0
		back = back || t.back > 0
		all = all && Delivered.Get(line) >= Item.Quantity.Get(line)
	}
	Delivery.Set(r, state(gone, all, back))
	return nil
}

func state(gone, all, back bool) string {
	switch {
	case gone && all:
		return "full"
	case gone:
		return "part"
	case back:
		return "returned"
	}
	return "none"
}

// tallies adds up deliveries by line. What is no line of the order can have
// nothing outstanding.
func tallies(lines, rows []*record.Record) (map[int64]*tally, error) {
	moved := make(map[int64]*tally, len(lines))
	for _, line := range lines {
		if line.ID() != 0 {
			moved[line.ID()] = &tally{}
		}
	}
	var gone map[int64]*tally
	for i, row := range rows {
		t := moved[Of.Get(row)]
		if t == nil && row.ID() == 0 {
			return nil, errs.New(errs.Invalid, "error.delivery_line").At(placed(i, Of.Key()))
		}
		if t == nil { // of a line that is no more
			if gone == nil {
				gone = map[int64]*tally{}
			}
			if t = gone[Of.Get(row)]; t == nil {
				t = &tally{}
				gone[Of.Get(row)] = t
			}
		}
		if err := t.add(row, i); err != nil {
			return nil, err
		}
	}
	for _, t := range gone {
		if t.out != t.back {
			return nil, errs.New(errs.Invalid, "error.delivery_line").At(placed(max(t.lastOut, t.lastBack), Of.Key()))
		}
	}
	return moved, nil
}

func (t *tally) add(row *record.Record, at int) (err error) {
	if Way.Get(row) == Back {
		t.back, err = decimal.Add(t.back, Moved.Get(row))
		t.lastBack = at
		return err
	}
	t.out, err = decimal.Add(t.out, Moved.Get(row))
	t.lastOut = at
	return err
}

// put says in a line what became of it; open is whether more may go out.
func (t *tally) put(line *record.Record, open bool) error {
	before, err := decimal.Sub(Delivered.Get(line), Recorded.Get(line))
	if err != nil {
		return err
	}
	now, err := decimal.Sub(t.out, t.back)
	if err != nil {
		return err
	}
	all, err := decimal.Add(before, now)
	if err != nil {
		return err
	}
	name, figure := Item.Name.Get(line), func(n int64) string { return decimal.Grouped(n, 6, 0) }
	switch {
	case all < 0:
		return errs.New(errs.Invalid, "error.delivery_back", "name", name, "quantity", figure(all+t.back)).At(placed(t.lastBack, Moved.Key()))
	case now > 0 && all > Item.Quantity.Get(line):
		return errs.New(errs.Invalid, "error.delivery_above", "name", name, "quantity", figure(Item.Quantity.Get(line)), "sum", figure(all)).At(placed(t.lastOut, Moved.Key()))
	case !open && now > Recorded.Get(line):
		return errs.New(errs.Invalid, "error.delivery_closed").At(placed(t.lastOut, Of.Key()))
	}
	put(line, Delivered, all)
	put(line, Returned, t.back)
	put(line, Recorded, now)
	return nil
}

// put sets a figure, and leaves an empty one empty for nothing.
func put(r *record.Record, f *entity.Field[int64], n int64) {
	if n != 0 || !f.Value(r).IsNull() {
		f.Set(r, n)
	}
}

// placed is the place of a field of a delivery among the errors of the order.
func placed(i int, field string) string { return Deliveries + "[" + strconv.Itoa(i) + "]." + field }

// What all that is left goes out with.
var (
	RestOn       = entity.Date("date").Default("today()")
	RestBy       = entity.Text("carrier", 100)
	RestTracking = entity.Text("waybill", 100)
)

// deliver says that all that is left of an order went out, today unless told
// another day.
func deliver(ctx context.Context, tx entity.Writer, c entity.Change, input *record.Record) error {
	of := c.After.ID()
	lines, err := Head.Lines(ctx, tx, of)
	if err != nil {
		return err
	}
	rows, err := entity.LinesOf(ctx, tx, delivery.Name, of)
	if err != nil {
		return err
	}
	at := int64(0)
	for _, row := range rows {
		at = max(at, row.Get("position").Int())
	}
	day := cmp.Or(input.Get(RestOn.Key()).Str(), tx.Here().Today())
	for _, line := range lines {
		left, err := decimal.Sub(Item.Quantity.Get(line), Delivered.Get(line))
		if err != nil {
			return err
		}
		if left <= 0 {
			continue
		}
		at += 1 << 10
		if _, err := tx.Create(ctx, delivery.Name, func(r *record.Record) {
			r.Set("parent", record.Int(of))
			r.Set("position", record.Int(at))
			Of.Set(r, line.ID())
			Way.Set(r, Out)
			Moved.Set(r, left)
			MovedOn.Set(r, day)
			r.Set(MovedBy.Key(), input.Get(RestBy.Key()))
			r.Set(Tracking.Key(), input.Get(RestTracking.Key()))
		}); err != nil {
			return err
		}
	}
	return tx.Update(ctx, c.Entity.Name, of, func(*record.Record) {}) // its lines and its state follow
}
