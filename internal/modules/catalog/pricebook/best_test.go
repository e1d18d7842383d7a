package pricebook_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/i18n/texts"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/pricebook"
)

// book is a price book in plain words.
type book struct {
	currency, from, until, levels, region, country string
	priority                                       int64
	off                                            bool
	prices                                         map[int64]int64 // from quantity
}

// shapes are those of a book and of a line.
func shapes(t testing.TB) (books, lines *schema.Entity) {
	t.Helper()
	m := catalog.Module()
	bundle, err := i18n.Load(texts.FS, m.Texts)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := entity.NewRegistry(bundle.All, entity.Defs(m))
	if err != nil {
		t.Fatal(err)
	}
	return reg.State().Entity("catalog.price_book"), reg.State().Entity("catalog.price")
}

// stored makes the records of books: ids by place, from 1.
func stored(ofBook, ofLine *schema.Entity, list []book) (lines, books []*record.Record) {
	for i, b := range list {
		r := record.New(ofBook.Shape)
		r.SetAt(record.SlotID, record.Int(int64(i+1)))
		pricebook.Currency.Set(r, b.currency)
		text := func(f *entity.Field[string], s string) {
			if s != "" {
				f.Set(r, s)
			}
		}
		text(pricebook.From, b.from)
		text(pricebook.Until, b.until)
		text(pricebook.Region, b.region)
		text(pricebook.Country, b.country)
		var levels []record.Value
		for _, l := range b.levels {
			levels = append(levels, record.Text(string(l)))
		}
		if levels != nil {
			pricebook.Levels.Set(r, levels)
		}
		pricebook.Priority.Set(r, b.priority)
		pricebook.Active.Set(r, !b.off)
		books = append(books, r)
		quantities := make([]int64, 0, len(b.prices))
		for q := range b.prices {
			quantities = append(quantities, q)
		}
		slices.Sort(quantities)
		for _, q := range quantities {
			one := record.New(ofLine.Shape)
			one.Set("parent", record.Int(int64(i+1)))
			pricebook.AtLeast.Set(one, q)
			pricebook.Price.Set(one, b.prices[q])
			lines = append(lines, one)
		}
	}
	return lines, books
}

// Which of several books counts.
func TestBest(t *testing.T) {
	t.Parallel()
	ofBook, ofLine := shapes(t)
	ask := pricebook.Ask{Quantity: 10, Currency: "CNY", Day: "2026-03-01", Level: "a", Region: "320505", Country: "China"}
	at := func(price int64) map[int64]int64 { return map[int64]int64{0: price} }
	for _, c := range []struct {
		name  string
		books []book
		want  int64 // 0 = none
	}{
		{"none", nil, 0},
		{"of all", []book{{currency: "CNY", prices: at(7)}}, 7},
		{"in another currency", []book{{currency: "USD", prices: at(7)}}, 0},
		{"switched off", []book{{currency: "CNY", off: true, prices: at(7)}}, 0},
		{"not yet", []book{{currency: "CNY", from: "2026-03-02", prices: at(7)}}, 0},
		{"from that day", []book{{currency: "CNY", from: "2026-03-01", until: "2026-03-01", prices: at(7)}}, 7},
		{"no more", []book{{currency: "CNY", until: "2026-02-28", prices: at(7)}}, 0},
		{"for another level", []book{{currency: "CNY", levels: "bc", prices: at(7)}}, 0},
		{"for the level", []book{{currency: "CNY", prices: at(7)}, {currency: "CNY", levels: "ab", prices: at(8)}, {currency: "CNY", prices: at(9)}}, 8},
		{"elsewhere", []book{{currency: "CNY", region: "33", prices: at(7)}}, 0},
		{"the narrower region", []book{{currency: "CNY", region: "3205", prices: at(8)}, {currency: "CNY", region: "32", prices: at(7)}}, 8},
		{"a level before a region", []book{{currency: "CNY", levels: "a", prices: at(8)}, {currency: "CNY", region: "320505", prices: at(7)}}, 8},
		{"by country, as it is written", []book{{currency: "CNY", country: "CHINA", prices: at(7)}, {currency: "CNY", country: "France", prices: at(8)}}, 7},
		{"priority before all", []book{{currency: "CNY", priority: 1, prices: at(7)}, {currency: "CNY", levels: "a", region: "320505", prices: at(8)}}, 7},
		{"more of it", []book{{currency: "CNY", prices: map[int64]int64{0: 9, 10: 8, 11: 7}}}, 8},
		{"too few of it", []book{{currency: "CNY", priority: 5, prices: map[int64]int64{11: 7}}, {currency: "CNY", prices: at(9)}}, 9},
		{"the one since later", []book{{currency: "CNY", from: "2026-02-01", prices: at(8)}, {currency: "CNY", from: "2026-01-01", prices: at(7)}}, 8},
		{"the newest of equals", []book{{currency: "CNY", prices: at(7)}, {currency: "CNY", prices: at(8)}}, 8},
	} {
		lines, books := stored(ofBook, ofLine, c.books)
		line, of := pricebook.Best(lines, books, ask)
		got := int64(0)
		if line != nil {
			got = pricebook.Price.Get(line)
			if one := c.books[of.ID()-1].prices; one[pricebook.AtLeast.Get(line)] != got {
				t.Errorf("%s: the book is not the line's", c.name)
			}
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// The price is the one that somebody finds who crosses out what does not hold
// and sorts the rest.
func TestBestIsTheOneByHand(t *testing.T) {
	t.Parallel()
	ofBook, ofLine := shapes(t)
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
		list := make([]book, rapid.IntRange(0, 6).Draw(t, "books"))
		for i := range list {
			list[i] = book{currency: pick("currency", "CNY", "CNY", "USD"), from: pick("from", "", "2026-01-01", "2026-03-01", "2026-03-02"), until: pick("until", "", "2026-02-28", "2026-03-01", "2026-12-31"),
				levels: pick("levels", "", "a", "b", "ab"), region: pick("region", "", "32", "3205", "33"), country: pick("country", "", "China", "France"),
				priority: rapid.Int64Range(0, 2).Draw(t, "priority"), off: rapid.IntRange(0, 5).Draw(t, "off") == 0, prices: map[int64]int64{}}
			for range rapid.IntRange(0, 3).Draw(t, "prices") {
				list[i].prices[rapid.Int64Range(0, 20).Draw(t, "from quantity")] = rapid.Int64Range(1, 1000).Draw(t, "price")
			}
		}
		ask := pricebook.Ask{Quantity: rapid.Int64Range(0, 20).Draw(t, "quantity"), Currency: "CNY", Day: "2026-03-01", Level: pick("level", "", "a", "b"),
			Region: pick("of", "", "320505", "330100"), Country: pick("in", "", "china", "Spain")}
		lines, books := stored(ofBook, ofLine, list)
		line, _ := pricebook.Best(lines, books, ask)
		got := int64(0)
		if line != nil {
			got = pricebook.Price.Get(line)
		}
		if want := byHand(list, ask); got != want {
			t.Fatalf("%d, by hand %d", got, want)
		}
	})
}

func byHand(list []book, ask pricebook.Ask) int64 {
	type found struct {
		rank  []int64
		since string
		price int64
	}
	var left []found
	for i, b := range list {
		if b.off || b.currency != ask.Currency || b.from > ask.Day || b.until != "" && b.until < ask.Day || b.levels != "" && (ask.Level == "" || !strings.Contains(b.levels, ask.Level)) ||
			!strings.HasPrefix(ask.Region, b.region) || b.country != "" && !strings.EqualFold(b.country, ask.Country) {
			continue
		}
		level, country := int64(0), int64(0)
		if b.levels != "" {
			level = 1
		}
		if b.country != "" {
			country = 1
		}
		for q, price := range b.prices {
			if q <= ask.Quantity {
				left = append(left, found{[]int64{b.priority, level, int64(len(b.region)), country}, b.from, price})
				left[len(left)-1].rank = append(left[len(left)-1].rank, int64(i), q)
			}
		}
	}
	if len(left) == 0 {
		return 0
	}
	slices.SortFunc(left, func(a, b found) int {
		return cmp.Or(slices.Compare(a.rank[:4], b.rank[:4]), strings.Compare(a.since, b.since), slices.Compare(a.rank[4:], b.rank[4:]))
	})
	return left[len(left)-1].price
}
