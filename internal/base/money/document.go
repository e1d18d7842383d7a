// Package money computes what documents come to, line by line, and writes
// amounts in words. Amounts are in 1/10,000 of a currency; quantities, prices,
// percents and rates in 1/1,000,000, as they are stored. Everything is exact
// until it is rounded, half away from zero, to the currency's minor unit.
package money

import (
	"math/big"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Digits of the stored scales.
const (
	amountDigits  = 4
	decimalDigits = 6
)

// Hundred is 100 % as percents are stored, and One the quantity or rate 1.
const (
	One     = 1_000_000
	Hundred = 100 * One
)

// Terms are what the lines of a document have in common.
type Terms struct {
	Currency  string // code of ISO 4217: amounts are rounded to its minor unit
	Inclusive bool   // prices contain their tax
	Discount  int64  // taken off the whole, in the sense in which prices are stated
}

// Line is one line of a document: what is given and, after Work, what it comes to.
type Line struct {
	Quantity, Price int64
	Discount        int64 // percent off the price
	TaxRate         int64 // percent
	// Given is the amount of a line that was agreed on as such: price and
	// discount only inform about it. It counts when HasGiven.
	Given    int64
	HasGiven bool

	Amount int64 // as prices are stated, after the line's own discount
	Share  int64 // of the document's discount
	Net    int64 // without tax, after both discounts
	Tax    int64
	Total  int64 // Net + Tax
}

// Totals are the sums of lines.
type Totals struct {
	Amount, Discount, Net, Tax, Total int64
}

// Work computes each line and what the document comes to: lines are rounded,
// totals are their sums (DESIGN §3). The document's discount is spread over
// the lines in proportion to their amounts, what is left over goes to the
// largest, the first of equals. A discount above the amount, and what does not
// fit, is an error.
func Work(t Terms, lines []Line) (Totals, error) {
	digits := decimal.MinorUnits(t.Currency)
	var sum Totals
	for i := range lines {
		if err := lines[i].gross(digits); err != nil {
			return Totals{}, err
		}
		if err := add(&sum.Amount, lines[i].Amount); err != nil {
			return Totals{}, err
		}
	}
	if err := spread(t, digits, sum.Amount, lines); err != nil {
		return Totals{}, err
	}
	for i := range lines {
		l := &lines[i]
		if err := l.tax(t.Inclusive, digits); err != nil {
			return Totals{}, err
		}
		for _, one := range []struct {
			to *int64
			n  int64
		}{{&sum.Discount, l.Share}, {&sum.Net, l.Net}, {&sum.Tax, l.Tax}, {&sum.Total, l.Total}} {
			if err := add(one.to, one.n); err != nil {
				return Totals{}, err
			}
		}
	}
	return sum, nil
}

// gross is quantity × price × (1 − discount), rounded once.
func (l *Line) gross(digits int) (err error) {
	l.Amount, l.Share = l.Given, 0
	if !l.HasGiven {
		// 1/1,000,000 × 1/1,000,000 × 1/100,000,000 → 1/10,000
		if l.Amount, err = product(digits, 10_000_000_000_000_000, l.Quantity, l.Price, Hundred-l.Discount); err != nil {
			return err
		}
	}
	l.Amount = decimal.RoundTo(l.Amount, amountDigits, digits)
	return nil
}

// tax splits what the line comes to into net and tax.
func (l *Line) tax(inclusive bool, digits int) (err error) {
	after, err := decimal.Sub(l.Amount, l.Share)
	if err != nil {
		return err
	}
	if inclusive {
		l.Total = after
		if l.Tax, err = ratio(digits, after, l.TaxRate, Hundred+l.TaxRate); err != nil {
			return err
		}
		l.Net, err = decimal.Sub(after, l.Tax)
		return err
	}
	l.Net = after
	if l.Tax, err = ratio(digits, after, l.TaxRate, Hundred); err != nil {
		return err
	}
	l.Total, err = decimal.Add(after, l.Tax)
	return err
}

// spread gives each line its share of the document's discount.
func spread(t Terms, digits int, whole int64, lines []Line) error {
	off := decimal.RoundTo(t.Discount, amountDigits, digits)
	if off == 0 {
		return nil
	}
	if off < 0 || off > whole {
		return errs.New(errs.Invalid, "error.discount_above")
	}
	left, largest := off, 0
	for i := range lines {
		share, err := ratio(digits, lines[i].Amount, off, whole)
		if err != nil {
			return err
		}
		lines[i].Share = share
		left -= share
		if lines[i].Amount > lines[largest].Amount {
			largest = i
		}
	}
	return add(&lines[largest].Share, left)
}

// Split divides an amount by weights, equally where they are all 0, rounded to
// the currency's minor unit; what is left over goes to the largest part, the
// first of equals, so that the parts are the amount again.
func Split(amount int64, weights []int64, currency string) ([]int64, error) {
	whole, largest := int64(0), 0
	for i, w := range weights {
		if err := add(&whole, w); err != nil {
			return nil, err
		}
		if w > weights[largest] {
			largest = i
		}
	}
	out, left := make([]int64, len(weights)), amount
	for i, w := range weights {
		by := whole
		if whole == 0 {
			w, by = 1, int64(len(weights))
		}
		part, err := ratio(decimal.MinorUnits(currency), amount, w, by)
		if err != nil {
			return nil, err
		}
		out[i] = part
		left -= part
	}
	if len(out) > 0 {
		out[largest] += left
	}
	return out, nil
}

// Convert gives an amount in the currency of the given minor unit at a rate,
// which is units of that currency for one unit of the amount's.
func Convert(amount, rate int64, currency string) (int64, error) {
	return ratio(decimal.MinorUnits(currency), amount, rate, One)
}

// Round rounds an amount to the currency's minor unit, half away from zero.
func Round(amount int64, currency string) int64 {
	return decimal.RoundTo(amount, amountDigits, decimal.MinorUnits(currency))
}

// Text is an amount for people: 1,234,567.00, with at least two digits after the point.
func Text(amount int64) string { return decimal.Grouped(amount, amountDigits, 2) }

// Cross gives an amount of one currency in another, from what one unit of each
// is worth in a third, rounded to the other's minor unit.
func Cross(amount, rate, other int64, currency string) (int64, error) {
	return ratio(decimal.MinorUnits(currency), amount, rate, other)
}

// Percent gives a percentage of an amount, rounded to the currency's minor unit.
func Percent(amount, percent int64, currency string) (int64, error) {
	return ratio(decimal.MinorUnits(currency), amount, percent, Hundred)
}

// Rate gives a part as a percentage of a whole, in the unit of percents
// rounded to two digits; 0 of nothing.
func Rate(part, whole int64) (int64, error) {
	if whole == 0 {
		return 0, nil
	}
	n, err := decimal.MulDiv(part, Hundred, whole)
	return decimal.RoundTo(n, decimalDigits, 2), err
}

// Price gives the price of one for an amount of many, in the unit of prices; 0
// for a quantity of nothing.
func Price(amount, quantity int64) (int64, error) {
	if quantity == 0 {
		return 0, nil
	}
	return decimal.MulDiv(amount, One*100, quantity)
}

// Extend gives quantity × price in a currency, rounded to its minor unit.
func Extend(quantity, price int64, currency string) (int64, error) {
	return product(decimal.MinorUnits(currency), 100_000_000, quantity, price)
}

// Interest gives the simple interest on an amount for a number of days at a
// percentage for a year of so many days, 1 where it is for a day.
func Interest(amount, rate, days, year int64, currency string) (int64, error) {
	return product(decimal.MinorUnits(currency), Hundred*year, amount, rate, days)
}

func add(to *int64, n int64) (err error) {
	*to, err = decimal.Add(*to, n)
	return err
}

// ratio is a·b÷d, rounded once to the digits of a currency.
func ratio(digits int, a, b, d int64) (int64, error) {
	return product(digits, d, a, b)
}

// product is the product of factors over d, in 1/10,000, rounded once to the
// digits of a currency. The factors are few and their product may need more
// than 128 bits.
func product(digits int, d int64, factors ...int64) (int64, error) {
	unit := int64(1) // of the minor unit, in 1/10,000
	for range amountDigits - digits {
		unit *= 10
	}
	n := big.NewInt(1)
	for _, f := range factors {
		n.Mul(n, big.NewInt(f))
	}
	by := new(big.Int).Mul(big.NewInt(d), big.NewInt(unit))
	negative := n.Sign()*by.Sign() < 0
	n.Abs(n)
	by.Abs(by)
	// half away from zero: (2n + by) ÷ 2by
	n.Lsh(n, 1).Add(n, by)
	n.Quo(n, by.Lsh(by, 1)).Mul(n, big.NewInt(unit))
	if negative {
		n.Neg(n)
	}
	if !n.IsInt64() {
		return 0, errs.New(errs.Invalid, "error.number_range")
	}
	return n.Int64(), nil
}
