package catalog_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/rate"
)

func TestRateOnADay(t *testing.T) {
	t.Parallel()
	r := catalog.NewRates("CNY", map[string][]catalog.Dated{
		"USD": {{"2026-03-01", 7_150_000}, {"2025-12-31", 7_300_000}, {"2026-01-15", 7_200_000}},
		"JPY": {{"2026-01-01", 46_500}},
	})
	for _, c := range []struct {
		code, day string
		want      int64
	}{
		{"USD", "2025-12-30", 0},         // before the first
		{"USD", "2025-12-31", 7_300_000}, // on its day
		{"USD", "2026-01-14", 7_300_000},
		{"USD", "2026-01-15", 7_200_000},
		{"USD", "2026-02-28", 7_200_000},
		{"USD", "2099-01-01", 7_150_000}, // the latest holds on
		{"JPY", "2026-02-01", 46_500},
		{"CNY", "1999-01-01", catalog.One},
		{"EUR", "2026-01-01", 0},
	} {
		got, ok := r.On(c.code, c.day)
		if got != c.want || ok != (c.want != 0) {
			t.Errorf("%s on %s is %d, %v; want %d", c.code, c.day, got, ok, c.want)
		}
	}
}

func TestRatesOfRecords(t *testing.T) {
	t.Parallel()
	reg, err := entity.NewRegistry(func(string) map[string]string { return nil }, catalog.Module().Entities)
	if err != nil {
		t.Fatal(err)
	}
	make1 := func(name string, id int64, fill func(*record.Record)) *record.Record {
		rec := record.New(reg.State().Entity(name).Shape)
		rec.SetAt(record.SlotID, record.Int(id))
		fill(rec)
		return rec
	}
	usd := make1("catalog.currency", 5, func(r *record.Record) { currency.Code.Set(r, "USD") })
	of := func(id, cur int64, day string, n int64) *record.Record {
		return make1("catalog.rate", id, func(r *record.Record) {
			rate.Currency.Set(r, cur)
			rate.On.Set(r, day)
			rate.Rate.Set(r, n)
		})
	}
	r := catalog.RatesOf("CNY", []*record.Record{usd}, []*record.Record{of(2, 5, "2026-02-01", 7_000_000), of(1, 5, "2026-01-01", 7_100_000), of(3, 6, "2026-01-01", 1)})
	if got, ok := r.On("USD", "2026-01-31"); got != 7_100_000 || !ok {
		t.Errorf("rate is %d, %v", got, ok)
	}
	if _, ok := r.On("", "2026-01-31"); ok {
		t.Error("a rate of a deleted currency holds")
	}
}

// Against the plain definition, rates in any order.
func TestRateIsTheLatestNotAfter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.SliceOfNDistinct(rapid.IntRange(1, 28), 0, 28, rapid.ID[int]).Draw(rt, "days")
		var list []catalog.Dated
		for _, d := range days {
			list = append(list, catalog.Dated{On: fmt.Sprintf("2026-02-%02d", d), Rate: int64(1000 + d)})
		}
		r := catalog.NewRates("CNY", map[string][]catalog.Dated{"USD": list})
		ask := rapid.IntRange(1, 28).Draw(rt, "ask")
		want := int64(0)
		for _, d := range days {
			if d <= ask && int64(1000+d) > want {
				want = int64(1000 + d)
			}
		}
		if got, ok := r.On("USD", fmt.Sprintf("2026-02-%02d", ask)); got != want || ok != (want != 0) {
			rt.Fatalf("on %d: %d, %v; want %d of %v", ask, got, ok, want, days)
		}
	})
}
