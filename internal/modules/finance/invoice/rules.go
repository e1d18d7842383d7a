package invoice

import (
	"context"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/invoicetitle"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// isIssued says whether an invoice counts.
func isIssued(r *record.Record) bool {
	return r != nil && (State.Get(r) == Issued || State.Get(r) == Delivered)
}

// digits is how long the number of an electronic invoice is.
const digits = 20

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return nil // settled ones are not deleted
	}
	if err := made(ctx, tx, c); err != nil {
		return err
	}
	if isIssued(r) && IssuedOn.Get(r) == "" {
		IssuedOn.Set(r, tx.Here().Today())
	}
	if State.Get(r) == Delivered && HandedOn.Get(r) == "" {
		HandedOn.Set(r, tx.Here().Today())
	}
	if err := numbered(ctx, tx, c); err != nil {
		return err
	}
	day := IssuedOn.Get(r)
	if day == "" {
		day = tx.Here().Today()
	}
	if err := paper.Rated(ctx, tx, r, Currency, Rate, day); err != nil {
		return err
	}
	base, err := money.Convert(Total.Get(r), paper.RateOf(r, Rate), tx.Here().Currency)
	if err != nil {
		return err
	}
	TotalBase.Set(r, base)
	Booked.Set(r, 0)
	if isIssued(r) {
		Booked.Set(r, Total.Get(r))
	}
	if RedOf.Get(r) != 0 {
		return red(ctx, tx, c)
	}
	if Total.Get(r) < 0 {
		return errs.New(errs.Invalid, "error.amount_positive").At(Total.Key())
	}
	if err := reversed(ctx, tx, r); err != nil {
		return err
	}
	for _, of := range papers {
		if err := of.check(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// numbered holds an issued invoice to what one has: a number, a buyer, lines.
func numbered(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if !isIssued(r) || isIssued(c.Before) && !c.Restored() {
		return nil
	}
	no := Official.Get(r)
	switch {
	case no == "":
		return errs.New(errs.Invalid, "error.required").At(Official.Key())
	case Kind.Get(r) != Other && (len(no) != digits || strings.Trim(no, "0123456789") != ""):
		return errs.New(errs.Invalid, "error.invoice_digits").At(Official.Key())
	case Total.Get(r) == 0:
		return errs.New(errs.Invalid, "error.paper_empty").At(items)
	case Buyer.Get(r) == "":
		return errs.New(errs.Invalid, "error.required").At(Buyer.Key())
	case Kind.Get(r) == Special && TaxNo.Get(r) == "":
		return errs.New(errs.Invalid, "error.invoice_tax_no").At(TaxNo.Key())
	}
	return period.Check(ctx, tx, IssuedOn.Get(r))
}

// made fills in to whom it is made out: the heading that was chosen, else the
// customer's usual one, else the customer itself.
func made(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if Buyer.Get(r) != "" {
		return nil
	}
	from, err := headingOf(ctx, tx, r)
	if err != nil {
		return err
	}
	if from != nil {
		Heading.Set(r, from.ID())
		copyText(r, Buyer, invoicetitle.Title.Get(from))
		copyText(r, TaxNo, invoicetitle.TaxNo.Get(from))
		copyText(r, Address, invoicetitle.Address.Get(from))
		copyText(r, Phone, invoicetitle.Phone.Get(from))
		copyText(r, Bank, invoicetitle.BankName.Get(from))
		copyText(r, BankAccount, invoicetitle.BankAccount.Get(from))
		return nil
	}
	who, err := tx.Get(ctx, customer.Entity.Name, Customer.Get(r))
	if err != nil {
		return err
	}
	copyText(r, Buyer, customer.InvoiceTitle.Get(who))
	copyText(r, Buyer, customer.Name.Get(who))
	copyText(r, TaxNo, customer.USCC.Get(who))
	copyText(r, Address, customer.InvoiceAddr.Get(who))
	copyText(r, Phone, customer.InvoicePhone.Get(who))
	copyText(r, Bank, customer.BankName.Get(who))
	copyText(r, BankAccount, customer.BankAccount.Get(who))
	return nil
}

func copyText(r *record.Record, f *entity.Field[string], s string) {
	if f.Get(r) == "" && s != "" {
		f.Set(r, s)
	}
}

func headingOf(ctx context.Context, tx entity.Reader, r *record.Record) (*record.Record, error) {
	list, err := entity.LinesOf(ctx, tx, invoicetitle.Entity.Name, Customer.Get(r))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	for _, one := range list {
		if one.ID() == Heading.Get(r) {
			return one, nil
		}
	}
	if Heading.Get(r) != 0 {
		return nil, errs.New(errs.Invalid, "error.invoice_heading").At(Heading.Key())
	}
	for _, one := range list {
		if invoicetitle.Default.Get(one) {
			return one, nil
		}
	}
	return list[0], nil
}

// reversed keeps what red invoices took back of one.
func reversed(ctx context.Context, tx entity.Reader, r *record.Record) error {
	back, err := sum(ctx, tx, Booked, RedOf, r.ID(), 0, nil)
	if err != nil {
		return err
	}
	Reversed.Set(r, -back)
	switch {
	case !isIssued(r):
		Reversal.Clear(r)
	case back == 0:
		Reversal.Set(r, "none")
	case -back >= Total.Get(r):
		Reversal.Set(r, "full")
	default:
		Reversal.Set(r, "part")
	}
	return nil
}

// red holds a red invoice to the one that it takes back: never more of it than
// there is, whatever was taken back before.
func red(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	Reversed.Set(r, 0)
	Reversal.Clear(r)
	if State.Get(r) == Cancelled {
		return nil
	}
	if err := tx.Guard(ctx, entityName+":"+id.ID(RedOf.Get(r)).String()); err != nil {
		return err
	}
	of, err := tx.Get(ctx, entityName, RedOf.Get(r))
	if err != nil {
		return err
	}
	if Customer.Get(of) != Customer.Get(r) || Currency.Get(of) != Currency.Get(r) || Kind.Get(of) != Kind.Get(r) {
		return errs.New(errs.Invalid, "error.invoice_red_other").At(RedOf.Key())
	}
	if Total.Get(r) >= 0 && c.Before != nil {
		return errs.New(errs.Invalid, "error.invoice_red_sign").At(Total.Key())
	}
	others, err := sum(ctx, tx, Total, RedOf, of.ID(), r.ID(), entity.Not(State, Cancelled))
	if err != nil {
		return err
	}
	all, err := decimal.Add(others, Total.Get(r))
	if err != nil {
		return err
	}
	if -all > Total.Get(of) {
		return errs.New(errs.Invalid, "error.invoice_red_above", "total", money.Text(Total.Get(of)), "taken", money.Text(-others)).At(items)
	}
	return nil
}

// sum adds up a field of the invoices that point to a record, but for one.
func sum(ctx context.Context, tx entity.Reader, f, by *entity.Field[int64], of, but int64, where *query.Node) (int64, error) {
	if of == 0 {
		return 0, nil
	}
	others := entity.Is(by, id.ID(of).String())
	if but != 0 {
		others = query.All(others, &query.Node{Kind: query.Compare, Path: "id", Op: schema.OpNe, Args: []query.Arg{{Text: id.ID(but).String()}}})
	}
	rows, _, err := tx.Sum(ctx, entity.Sum{Entity: entityName, Where: query.All(others, where), Of: []string{f.Key()}})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0][0].Int(), nil
}

// within lets know what it is of how much of it is invoiced, and the one that
// it takes back.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before != nil && c.After != nil && !c.Restored() && !c.Touches(Booked, Contract, Order, Instalment, RedOf) {
		return nil
	}
	seen := map[int64]bool{0: true}
	touch := func(name string, n int64) error {
		if seen[n] {
			return nil
		}
		seen[n] = true
		err := tx.Update(ctx, name, n, func(*record.Record) {})
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	}
	for _, r := range []*record.Record{c.Before, c.After} {
		if r == nil {
			continue
		}
		for _, of := range papers {
			if err := touch(of.name, of.by.Get(r)); err != nil {
				return err
			}
		}
		if err := touch(entityName, RedOf.Get(r)); err != nil {
			return err
		}
	}
	return nil
}

// fromInstalment takes over what an instalment is of.
func fromInstalment(r, of *record.Record) {
	if Contract.Get(r) == 0 {
		Contract.Set(r, instalment.Contract.Get(of))
	}
	if Order.Get(r) == 0 {
		Order.Set(r, instalment.Order.Get(of))
	}
}
