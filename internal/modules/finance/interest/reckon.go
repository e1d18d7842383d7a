package interest

import (
	"cmp"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
)

// Part is a stretch of days on which the same was owed under the same terms:
// those from From on and before Until, Days of them. A day bears interest for
// what is still owed when it ends.
type Part struct {
	From, Until string
	Days, Base  int64
	Terms
	Rule   int64 // 0 = the contract's own terms alone
	Amount int64
}

// Terms are what a day costs: Rate percent of what is owed, a year of Year days;
// 1 where the rate is of a day.
type Terms struct{ Rate, Year int64 }

// Late is an instalment that was paid late, or not yet: what was charged for it
// before and what may be charged now, Total; Parts are the days behind it. Small
// says that all of it is less than is worth charging: then Total is 0. Capped
// says that more would have come up.
type Late struct {
	Instalment, Customer, Owner int64
	Number, Currency, Due       string
	Days, Open                  int64 // days late and what is open at the end
	Charged, Total              int64
	Small, Capped               bool
	Rate                        int64 // of its currency when it was booked, 0 where that is the company's own
	Parts                       []Part
}

// rule is what counts of one, days as numbers.
type rule struct {
	id                     int64
	terms                  Terms
	grace, from, until     int // until: the day behind the last, or far away
	afterGrace, onInterest bool
	cap, least             int64 // percent and amount of the company's own currency, 0 = none
	currency, level        string
	priority               int64
}

// owed is an instalment and what happened to it, days as numbers.
type owed struct {
	late        Late
	kind, level string
	due, booked int
	amount      int64
	left        int64 // open now, with everything that is written down
	paid        []deed
	taken       []span // for which interest was charged
	own         *Terms // that the contract agreed on
}

type deed struct {
	day    int
	credit int64
}

type span struct{ from, until int }

// far is a day that never comes.
const far = 1 << 30

// day is a day's number; days told by numbers are UTC and all as long.
func day(text string) (int, bool) {
	at, err := time.Parse(time.DateOnly, text)
	return int(at.Unix() / 86_400), err == nil
}

func date(n int) string { return time.Unix(int64(n)*86_400, 0).UTC().Format(time.DateOnly) }

// at is what was owed when a day ended.
func (o *owed) at(n int) int64 {
	if n < o.booked {
		return 0
	}
	sum := o.left
	for _, d := range o.paid {
		if d.day > n {
			sum += d.credit
		}
	}
	return sum
}

// ruleOn is the rule that counts on a day, nil without one. Rules come by what
// goes first.
func (o *owed) ruleOn(rules []rule, n int) *rule {
	for i := range rules {
		r := &rules[i]
		if r.from <= n && n < r.until && (r.currency == "" || r.currency == o.late.Currency) && (r.level == "" || r.level == o.level) && (o.kind != kindInterest || r.onInterest) {
			return r
		}
	}
	return nil
}

// before orders rules: the one that counts first.
func before(a, b rule) int {
	return cmp.Or(-cmp.Compare(a.priority, b.priority), -cmp.Compare(min(len(a.currency), 1), min(len(b.currency), 1)),
		-cmp.Compare(min(len(a.level), 1), min(len(b.level), 1)), -cmp.Compare(a.from, b.from), -cmp.Compare(a.id, b.id))
}

// terms are the rule and the terms of a day, and from which day on they bear
// interest; ok is false where the day bears none.
func (o *owed) terms(rules []rule, n int) (r *rule, t Terms, ok bool) {
	r = o.ruleOn(rules, n)
	switch {
	case o.own != nil && o.kind != kindInterest:
		return r, *o.own, o.own.Rate > 0
	case r != nil:
		return r, r.terms, r.terms.Rate > 0
	}
	return nil, Terms{}, false
}

// reckon computes what an instalment bears up to a day, which is not counted.
func (o *owed) reckon(rules []rule, until int, own string) (err error) {
	for _, s := range o.stretches(rules, until) {
		r, t, ok := o.terms(rules, s.from)
		if !ok || o.isTaken(s.from) {
			continue
		}
		base := o.at(s.from)
		if r != nil {
			ends := o.due + r.grace
			if until <= ends || s.from < ends && r.afterGrace {
				continue
			}
			if s.from < ends {
				base = min(base, o.at(ends)) // what was paid in time is spared
			}
		}
		if base <= 0 {
			continue
		}
		p := Part{From: date(s.from), Until: date(s.until), Days: int64(s.until - s.from), Base: base, Terms: t}
		if r != nil {
			p.Rule = r.id
		}
		o.join(p)
	}
	for i := range o.late.Parts {
		p := &o.late.Parts[i]
		if p.Amount, err = money.Interest(p.Base, p.Rate, p.Days, p.Year, o.late.Currency); err != nil {
			return err
		}
		if o.late.Total, err = decimal.Add(o.late.Total, p.Amount); err != nil {
			return err
		}
	}
	return o.bound(rules, own)
}

// join adds a part, to the one before where nothing changed between them.
func (o *owed) join(p Part) {
	if n := len(o.late.Parts); n > 0 {
		if was := &o.late.Parts[n-1]; was.Until == p.From && was.Base == p.Base && was.Terms == p.Terms && was.Rule == p.Rule {
			was.Until = p.Until
			was.Days += p.Days
			return
		}
	}
	o.late.Parts = append(o.late.Parts, p)
}

// bound holds what came up to the cap and the least amount of the rule of its
// last day.
func (o *owed) bound(rules []rule, own string) error {
	l := &o.late
	if len(l.Parts) == 0 {
		return nil
	}
	at := slices.IndexFunc(rules, func(r rule) bool { return r.id == l.Parts[len(l.Parts)-1].Rule })
	if at < 0 {
		return nil
	}
	r := rules[at]
	if r.cap > 0 {
		most, err := money.Percent(o.amount, r.cap, l.Currency)
		if err != nil {
			return err
		}
		if most = max(most-l.Charged, 0); l.Total > most {
			l.Capped = true
			l.cut(most)
		}
	}
	worth, err := money.Convert(l.Total, cmp.Or(l.Rate, money.One), own)
	if err != nil {
		return err
	}
	if l.Small = worth < r.least; l.Small {
		l.Total = 0
	}
	return nil
}

// cut leaves so much of it, of the first days.
func (l *Late) cut(most int64) {
	l.Total = most
	for i := range l.Parts {
		p := &l.Parts[i]
		p.Amount = min(p.Amount, most)
		most -= p.Amount
	}
	l.Parts = slices.DeleteFunc(l.Parts, func(p Part) bool { return p.Amount == 0 })
}

// stretches divides the days from the due one on into those on which nothing
// changes.
func (o *owed) stretches(rules []rule, until int) (out []span) {
	cuts := []int{o.due, o.booked, until}
	for _, d := range o.paid {
		cuts = append(cuts, d.day)
	}
	for _, s := range o.taken {
		cuts = append(cuts, s.from, s.until)
	}
	for _, r := range rules {
		cuts = append(cuts, r.from, r.until, o.due+r.grace)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i, from := range cuts {
		if from >= o.due && from < until {
			out = append(out, span{from, cuts[i+1]})
		}
	}
	return out
}

func (o *owed) isTaken(n int) bool {
	return slices.ContainsFunc(o.taken, func(s span) bool { return s.from <= n && n < s.until })
}

// termsOf are a rate's, of a year or a day.
func termsOf(rate int64, per, basis string) Terms {
	switch {
	case per == interestrule.Day:
		return Terms{rate, 1}
	case basis == "360":
		return Terms{rate, 360}
	}
	return Terms{rate, 365}
}
