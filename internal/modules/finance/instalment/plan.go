package instalment

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// Codes of how a total is divided. Equal divides by the number of parts, Own by
// the percentages that are typed in.
const (
	Equal = "equal"
	Own   = "own"
)

// What plan asks for: how the total is divided, when the first part is due and
// how many months are between two.
var (
	Split   = entity.Choice("split", "full", "s30_70", "s50_50", "s30_60_10", "s30_30_30_10", Equal, Own).Required().Default("s30_60_10")
	Parts   = entity.Number("parts").Between("1", "60").Default("3").VisibleWhen(entity.Is(Split, Equal))
	Shares  = entity.Text("shares", 200).VisibleWhen(entity.Is(Split, Own)).RequiredWhen(entity.Is(Split, Own))
	First   = entity.Date("first_on").Required().Default("today()")
	Between = entity.Number("months").Between("0", "36").Default("1")
)

// Extensions are what instalments add to contracts and orders: the plan, and
// how far they are paid.
func Extensions() []entity.Extension {
	return []entity.Extension{
		{Of: contract.Entity.Name, Fields: []entity.Declared{PaidState, planned(Contract), received(Contract), unpaid(Contract)},
			Validate: sources[0].kept, Within: sources[0].follow,
			Groups: []schema.Group{group}, Views: []schema.View{{Key: "unpaid", Filter: `status == "active" and payment != "paid"`, Sort: "-signed_on"}},
			Actions: []entity.Action{{Name: "plan", Op: access.Read, Makes: Name, Move: entity.Move{State: contract.Status, From: []string{contract.Approved, contract.Active}},
				Input: input(), Run: plan(sources[0])}}},
		{Of: order.Entity.Name, Fields: []entity.Declared{PaidState, planned(Order), received(Order), unpaid(Order)},
			Validate: sources[1].kept, Within: sources[1].follow,
			Groups: []schema.Group{group}, Views: []schema.View{{Key: "unpaid", Filter: `status == "confirmed" and payment != "paid"`, Sort: "-date"}},
			Actions: []entity.Action{{Name: "plan", Op: access.Read, Makes: Name, Move: entity.Move{State: order.Status, From: []string{order.Confirmed, order.Done}},
				Input: input(), Run: plan(sources[1])}}},
		{Of: "crm.customer", Fields: []entity.Declared{Owes}, Groups: []schema.Group{{Key: "receivable", Fields: []string{Owes.Key()}, Columns: 2}},
			Views: []schema.View{{Key: "owing", Filter: "receivable_open > 0", Sort: "-receivable_open"}}},
	}
}

func input() []entity.Declared { return entity.Fields(Split, Parts, Shares, First, Between) }

var group = schema.Group{Key: "receivable", Fields: []string{"payment", "planned", "received", "receivable_open"}, Columns: 2}

// Owes is what a customer owes in all, in the company's own currency.
var Owes = entity.Rollup("receivable_open", schema.Rollup{Entity: Name, Via: Customer.Key(), Op: "sum", Field: LeftBase.Key()})

func planned(by *entity.Field[int64]) entity.Declared {
	return entity.Rollup("planned", schema.Rollup{Entity: Name, Via: by.Key(), Op: "sum", Field: Amount.Key()})
}

func received(by *entity.Field[int64]) entity.Declared {
	return entity.Rollup("received", schema.Rollup{Entity: Name, Via: by.Key(), Op: "sum", Field: Received.Key()})
}

func unpaid(by *entity.Field[int64]) entity.Declared {
	return entity.Rollup("receivable_open", schema.Rollup{Entity: Name, Via: by.Key(), Op: "sum", Field: Left.Key()})
}

// plan makes the instalments of a contract or an order. What has been planned
// before keeps its part: the rest is divided.
func plan(of source) func(context.Context, entity.Writer, entity.Change, *record.Record) error {
	return func(ctx context.Context, tx entity.Writer, c entity.Change, said *record.Record) error {
		before, err := of.all(ctx, tx, c.After.ID())
		if err != nil {
			return err
		}
		total := of.head.Total.Get(c.After)
		left := total
		for _, one := range before {
			if Kind.Get(one) != Interest {
				left -= Amount.Get(one)
			}
		}
		if left <= 0 {
			return errs.New(errs.Conflict, "error.plan_full")
		}
		shares, err := sharesOf(said)
		if err != nil {
			return err
		}
		amounts, err := Divide(left, shares, of.head.Currency.Get(c.After))
		if err != nil {
			return err
		}
		months := 1
		if v := said.Get(Between.Key()); !v.IsNull() {
			months = int(v.Int())
		}
		for i, amount := range amounts {
			due, err := Months(said.Get(First.Key()).Str(), i*months)
			if err != nil {
				return err
			}
			if amount == 0 {
				continue
			}
			if _, err := tx.Create(ctx, Name, func(r *record.Record) {
				of.by.Set(r, c.After.ID())
				of.describe(r, c.After)
				Term.Set(r, int64(len(before)+i+1))
				Kind.Set(r, kindOf(i, len(amounts)))
				Amount.Set(r, amount)
				DueOn.Set(r, due)
				share(r, amount, total)
			}); err != nil {
				return err
			}
		}
		return nil
	}
}

func kindOf(i, n int) string {
	switch {
	case n == 1:
		return "full"
	case i == 0:
		return "deposit"
	case i == n-1:
		return "retention"
	}
	return "stage"
}

// sharesOf are the percentages of what was chosen, in the unit of percents.
func sharesOf(said *record.Record) ([]int64, error) {
	split := said.Get(Split.Key()).Str()
	var texts []string
	switch split {
	case "full":
		texts = []string{"100"}
	case Equal:
		n := int64(3)
		if v := said.Get(Parts.Key()); !v.IsNull() {
			n = v.Int()
		}
		shares := make([]int64, n)
		for i := range shares {
			shares[i] = money.Hundred / n
		}
		return shares, nil
	case Own:
		texts = strings.FieldsFunc(said.Get(Shares.Key()).Str(), func(r rune) bool { return strings.ContainsRune("/、,，;； %％", r) })
	default:
		texts = strings.Split(strings.TrimPrefix(split, "s"), "_")
	}
	var shares []int64
	var sum int64
	for _, t := range texts {
		n, err := decimal.Parse(t, 6)
		if err != nil || n <= 0 || n > money.Hundred {
			return nil, errs.New(errs.Invalid, "error.plan_shares").At(Shares.Key())
		}
		shares = append(shares, n)
		sum += n
	}
	if sum != money.Hundred || len(shares) > 60 {
		return nil, errs.New(errs.Invalid, "error.plan_shares").At(Shares.Key())
	}
	return shares, nil
}

// Divide gives each share its part of a total, rounded to the currency's minor
// unit; the last one takes what is left.
func Divide(total int64, shares []int64, currency string) ([]int64, error) {
	out := make([]int64, len(shares))
	left := total
	for i, share := range shares {
		part, err := money.Percent(total, share, currency)
		if err != nil {
			return nil, err
		}
		if i == len(shares)-1 || part > left {
			part = left
		}
		out[i] = part
		left -= part
	}
	return out, nil
}
