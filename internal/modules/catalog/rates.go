package catalog

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/rate"
)

// One is the rate of a currency to itself, in the unit of rates (1/1,000,000).
const One = 1_000_000

// Dated is a rate and the first day on which it holds, YYYY-MM-DD.
type Dated struct {
	On   string
	Rate int64 // base units for one unit of the currency, in 1/1,000,000
}

// Rates answers what a currency is worth on a day. It is not changed once it
// is made.
type Rates struct {
	base string
	by   map[string][]Dated // by code, sorted by day
}

// NewRates makes the table for a base currency from rates by code, in any order.
func NewRates(base string, by map[string][]Dated) *Rates {
	r := &Rates{base: base, by: make(map[string][]Dated, len(by))}
	for code, list := range by {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b Dated) int { return cmp.Compare(a.On, b.On) })
		r.by[code] = list
	}
	return r
}

// RatesOf makes the table from live records of catalog.currency and catalog.rate.
func RatesOf(base string, currencies, rates []*record.Record) *Rates {
	codes := make(map[int64]string, len(currencies))
	for _, c := range currencies {
		codes[c.ID()] = currency.Code.Get(c)
	}
	by := map[string][]Dated{}
	for _, r := range rates {
		if code := codes[rate.Currency.Get(r)]; code != "" {
			by[code] = append(by[code], Dated{On: rate.On.Get(r), Rate: rate.Rate.Get(r)})
		}
	}
	return NewRates(base, by)
}

// RateOn reads what a currency is worth on a day in a write's transaction, and
// whether any rate holds. It looks back a month, then a year, then all the way.
func RateOn(ctx context.Context, tx entity.Reader, code, day string) (int64, bool, error) {
	found, err := tx.Find(ctx, currency.Entity.Name, entity.Is(currency.Code, code), 1)
	if err != nil || len(found) == 0 {
		return 0, false, err
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false, nil //nolint:nilerr // no day, no rate: the paper asks for its day itself
	}
	of := entity.Is(rate.Currency, id.ID(found[0].ID()).String())
	for _, back := range []int{31, 366, 36_600} {
		from := at.AddDate(0, 0, -back).Format(time.DateOnly)
		where := query.All(of, &query.Node{Kind: query.Compare, Path: rate.On.Key(), Op: schema.OpBetween, Args: []query.Arg{{Text: from}, {Text: day}}})
		list, err := tx.Find(ctx, rate.Entity.Name, where, 100_000)
		if err != nil {
			return 0, false, err
		}
		if len(list) > 0 {
			last := slices.MaxFunc(list, func(a, b *record.Record) int { return cmp.Compare(rate.On.Get(a), rate.On.Get(b)) })
			return rate.Rate.Get(last), true, nil
		}
	}
	return 0, false, nil
}

// On gives the rate of a currency on a day, YYYY-MM-DD: the latest one whose
// day is not after it. False when none holds yet; the base currency is always
// worth itself.
func (r *Rates) On(code, day string) (int64, bool) {
	if code == r.base {
		return One, true
	}
	list := r.by[code]
	i := sort.Search(len(list), func(i int) bool { return list[i].On > day })
	if i == 0 {
		return 0, false
	}
	return list[i-1].Rate, true
}
