package pricebook

import (
	"cmp"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Ask is what a price is looked up for. Day is YYYY-MM-DD; Level, Region and
// Country are the customer's, "" where they are not known.
type Ask struct {
	Quantity               int64
	Currency, Day          string
	Level, Region, Country string
}

// Best finds the price of a product among its lines in all books, nil when no
// book that holds has one from so few on. Of several books the one with the
// highest priority counts, then the one for a level, for the narrowest region,
// for a country, then the one that holds since later, then the newest.
func Best(lines, books []*record.Record, ask Ask) (line, book *record.Record) {
	by := make(map[int64]*record.Record, len(books))
	for _, b := range books {
		by[b.ID()] = b
	}
	for _, one := range lines {
		b := by[one.Get("parent").Int()]
		if b == nil || AtLeast.Get(one) > ask.Quantity || !holds(b, ask) {
			continue
		}
		if line == nil || better(b, book) > 0 || b == book && AtLeast.Get(one) > AtLeast.Get(line) {
			line, book = one, b
		}
	}
	return line, book
}

func holds(b *record.Record, ask Ask) bool {
	from, until, levels := From.Get(b), Until.Get(b), Levels.Get(b)
	return Active.Get(b) && Currency.Get(b) == ask.Currency &&
		(from == "" || from <= ask.Day) && (until == "" || ask.Day <= until) &&
		(len(levels) == 0 || slices.ContainsFunc(levels, func(v record.Value) bool { return v.Str() == ask.Level })) &&
		strings.HasPrefix(ask.Region, Region.Get(b)) &&
		(Country.Get(b) == "" || text.Fold(Country.Get(b)) == text.Fold(ask.Country))
}

// better compares two books that hold; above 0 when a goes before b.
func better(a, b *record.Record) int {
	return cmp.Or(
		cmp.Compare(Priority.Get(a), Priority.Get(b)),
		cmp.Compare(min(len(Levels.Get(a)), 1), min(len(Levels.Get(b)), 1)),
		cmp.Compare(len(Region.Get(a)), len(Region.Get(b))),
		cmp.Compare(min(len(Country.Get(a)), 1), min(len(Country.Get(b)), 1)),
		cmp.Compare(From.Get(a), From.Get(b)),
		cmp.Compare(a.ID(), b.ID()),
	)
}
