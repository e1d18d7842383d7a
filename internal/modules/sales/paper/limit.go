package paper

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/category"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/pricebook"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
)

// RoleLimit is the most that who has a role may give off a price by himself, and
// approve of others. It stands at org.role.
var RoleLimit = entity.Percent("max_discount").Between("0", "100").Audited()

// Excess is a line that gives more off than is allowed, percents in their unit.
type Excess struct {
	Line         *record.Record
	Name         string
	Given, Limit int64
}

// Excesses are several of them.
type Excesses []Excess

// String names the lines with their figures: "水泵 15% > 10%".
func (list Excesses) String() string {
	var b strings.Builder
	for i, x := range list {
		one := x.Name + " " + percent(x.Given) + " > " + percent(x.Limit)
		if i > 0 {
			one = "; " + one
		}
		if utf8.RuneCountInString(b.String())+utf8.RuneCountInString(one) > 299 {
			return b.String() + "…"
		}
		b.WriteString(one)
	}
	return b.String()
}

func percent(n int64) string { return decimal.Format(n, 6, 0) + "%" }

// Over lists the lines that give away more than their price, their product or
// its category allows, or than the roles of who asks may (SAL-9): a line's own
// discount, its share of the paper's and a price below the catalog's together.
// Whoever decides answers for his own roles only.
func (h *Head) Over(ctx context.Context, tx entity.Reader, lines []*record.Record, who *access.Actor, decides bool) (Excesses, error) {
	own, err := roleLimit(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	var out Excesses
	for _, line := range lines {
		limit := own
		if !decides {
			of, err := h.item.limit(ctx, tx, line)
			if err != nil {
				return nil, err
			}
			limit = lower(own, of)
		}
		if limit.IsNull() {
			continue
		}
		given, over, err := h.item.gives(line, limit.Int())
		if err != nil {
			return nil, err
		}
		if over {
			out = append(out, Excess{line, h.item.Name.Get(line), given, limit.Int()})
		}
	}
	return out, nil
}

// MayApprove refuses an approval above what the roles of who gives it may, and
// one of a paper of his own: only administrators, who may be all there is of a
// company, decide on theirs.
func (h *Head) MayApprove(ctx context.Context, tx entity.Reader, c entity.Change) error {
	lines, err := h.Lines(ctx, tx, c.After.ID())
	if err != nil {
		return err
	}
	over, err := h.Over(ctx, tx, lines, c.Actor, true)
	switch {
	case err != nil:
		return err
	case len(over) > 0:
		return errs.New(errs.Forbidden, "error.approve_above", "lines", over.String())
	case h.Owner.Get(c.After) == c.Actor.ID() && !c.Actor.Admin():
		return errs.New(errs.Forbidden, "error.approve_own")
	}
	return nil
}

func lower(a, b record.Value) record.Value {
	if a.IsNull() || !b.IsNull() && b.Int() < a.Int() {
		return b
	}
	return a
}

// limit is what the line's price, product or category allows, null for no limit.
func (i *Item) limit(ctx context.Context, tx entity.Reader, line *record.Record) (record.Value, error) {
	of := i.Product.Get(line)
	if of == 0 {
		return record.Null, nil
	}
	p, err := tx.Get(ctx, product.Entity.Name, of)
	if errs.Is(err, errs.NotFound) {
		return record.Null, nil // deleted: nobody limits it
	}
	if err != nil {
		return record.Null, err
	}
	if book := i.Book.Get(line); book != 0 {
		if v, err := bookLimit(ctx, tx, book, of, i.Quantity.Get(line)); err != nil || !v.IsNull() {
			return v, err
		}
	}
	if v := product.MaxDiscount.Value(p); !v.IsNull() {
		return v, nil
	}
	return categoryLimit(ctx, tx, product.Category.Get(p))
}

// bookLimit is the limit of a product's price in a book.
func bookLimit(ctx context.Context, tx entity.Reader, book, of, quantity int64) (record.Value, error) {
	prices, err := tx.Find(ctx, pricebook.Line.Name, query.All(entity.Is(pricebook.Product, id.ID(of).String()),
		&query.Node{Kind: query.Compare, Path: "parent", Op: "==", Args: []query.Arg{{Text: id.ID(book).String()}}}), 1000)
	out, from := record.Null, int64(-1)
	for _, one := range prices {
		if at := pricebook.AtLeast.Get(one); at <= quantity && at > from {
			out, from = pricebook.MaxDiscount.Value(one), at
		}
	}
	return out, err
}

// categoryLimit is that of a category, else of the nearest above that has one.
func categoryLimit(ctx context.Context, tx entity.Reader, at int64) (record.Value, error) {
	for range mostAbove {
		if at == 0 {
			break
		}
		c, err := tx.Get(ctx, category.Entity.Name, at)
		if errs.Is(err, errs.NotFound) {
			break
		}
		if err != nil || !category.MaxDiscount.Value(c).IsNull() {
			return category.MaxDiscount.Value(c), err
		}
		at = category.Parent.Get(c)
	}
	return record.Null, nil
}

// mostAbove is deeper than any tree of categories.
const mostAbove = 100

// roleLimit is the largest of what a member's roles say, null when none says
// anything; administrators and rules have none.
func roleLimit(ctx context.Context, tx entity.Reader, who *access.Actor) (record.Value, error) {
	if who.IsSystem() || who.Admin() {
		return record.Null, nil
	}
	m, err := tx.Get(ctx, member.Entity.Name, who.ID())
	if err != nil {
		return record.Null, err
	}
	return rolesLimit(ctx, tx, m)
}

func rolesLimit(ctx context.Context, tx entity.Reader, m *record.Record) (record.Value, error) {
	out := record.Null
	for _, one := range member.Roles.Get(m) {
		r, err := tx.Get(ctx, role.Entity.Name, one.Int())
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return out, err
		}
		if v := RoleLimit.Value(r); !v.IsNull() && (out.IsNull() || v.Int() > out.Int()) {
			out = v
		}
	}
	return out, nil
}

// gives is how much a line gives off the catalog's price, its own where the
// catalog has none, and whether that is above a limit by more than rounding.
func (i *Item) gives(line *record.Record, limit int64) (given int64, over bool, err error) {
	price := i.Price.Get(line)
	if !i.List.Value(line).IsNull() {
		price = max(price, i.List.Get(line))
	}
	full, err := decimal.MulDiv(i.Quantity.Get(line), price, 100_000_000)
	if err != nil || full <= 0 {
		return 0, false, err
	}
	after := i.Amount.Get(line) - i.Share.Get(line)
	least, err := decimal.MulDiv(full, money.Hundred-limit, money.Hundred)
	if err != nil || after >= least-100 { // a cent is rounding
		return 0, false, err
	}
	given, err = money.Rate(full-after, full)
	return given, true, err
}

// Covered leaves out what was decided before: lines that give no better price
// than the same product had in the paper that this one follows.
func (h *Head) Covered(over Excesses, before *Item, decided []*record.Record) (Excesses, error) {
	var out Excesses
	for _, x := range over {
		known := false
		for _, line := range decided {
			if before.Product.Get(line) != h.item.Product.Get(x.Line) || before.Name.Get(line) != h.item.Name.Get(x.Line) {
				continue
			}
			was, err := decimal.MulDiv(before.Amount.Get(line)-before.Share.Get(line), h.item.Quantity.Get(x.Line), max(before.Quantity.Get(line), 1))
			if err != nil {
				return nil, err
			}
			known = known || h.item.Amount.Get(x.Line)-h.item.Share.Get(x.Line) >= was-100
		}
		if !known {
			out = append(out, x)
		}
	}
	return out, nil
}
