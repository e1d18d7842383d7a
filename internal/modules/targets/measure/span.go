package measure

import (
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Span is a number of months from one on: a month, a quarter, a year.
type Span struct {
	first  time.Time // of its first month
	months int
}

// Lengths of spans.
const (
	Month   = 1
	Quarter = 3
	Year    = 12
)

// SpanOf is the month, quarter or year that a day is in, by its length.
func SpanOf(day string, months int) (Span, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Span{}, err
	}
	at := (int(t.Month()) - 1) / months * months
	return Span{time.Date(t.Year(), time.January, 1, 0, 0, 0, 0, time.UTC).AddDate(0, at, 0), months}, nil
}

// From is the span's first day, To the one after its last.
func (s Span) From() string { return s.first.Format(time.DateOnly) }

// To is the day after the span's last.
func (s Span) To() string { return s.first.AddDate(0, s.months, 0).Format(time.DateOnly) }

// Year is the year that it begins in.
func (s Span) Year() string { return strconv.Itoa(s.first.Year()) }

// At is the number of its first month in the year, 0 for January; Months how
// many it has.
func (s Span) At() int { return int(s.first.Month()) - 1 }

// Months is how many months it has.
func (s Span) Months() int { return s.months }

// Before is the one right before it, LastYear the same of the year before.
func (s Span) Before() Span { return Span{s.first.AddDate(0, -s.months, 0), s.months} }

// LastYear is the same span of the year before.
func (s Span) LastYear() Span { return Span{s.first.AddDate(-1, 0, 0), s.months} }

// Parts are the spans of a length that it consists of.
func (s Span) Parts(months int) []Span {
	var out []Span
	for n := 0; n < s.months; n += months {
		out = append(out, Span{s.first.AddDate(0, n, 0), months})
	}
	return out
}

// Over says whether it has ended on a day; a span that has not begun has not.
func (s Span) Over(today string) bool { return s.To() <= today }

// Begun says whether it has begun on a day.
func (s Span) Begun(today string) bool { return s.From() <= today }

// Forecast is what a figure comes to at the end of the span when it goes on as
// it did up to today, in whole steps; what is over stays as it is, what has not
// begun has none.
func (s Span) Forecast(actual int64, today string, step int64) (n int64, ok bool, err error) {
	switch {
	case !s.Begun(today):
		return 0, false, nil
	case s.Over(today):
		return actual, true, nil
	}
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return 0, false, err
	}
	day := int64(24 * time.Hour)
	gone := int64(t.Sub(s.first))/day + 1
	whole := int64(s.first.AddDate(0, s.months, 0).Sub(s.first)) / day
	n, err = decimal.MulDiv(actual/step, whole, gone)
	if err != nil {
		return 0, false, err
	}
	n, err = decimal.MulDiv(n, step, 1)
	return n, err == nil, err
}

// Joined is one span of spans that follow one another.
func Joined(list []Span) Span {
	out := list[0]
	for _, s := range list[1:] {
		out.months += s.months
	}
	return out
}

// In is the condition that a day is in the span.
func (s Span) In(day *entity.Field[string]) *query.Node {
	return query.All(query.Comparing(day.Key(), schema.OpGe, s.From()), query.Comparing(day.Key(), schema.OpLt, s.To()))
}
