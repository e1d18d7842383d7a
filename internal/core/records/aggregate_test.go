package records_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// sale is a customer as a report sees it; "" and nil are empty.
type sale struct {
	owner          int
	status, region string
	amount, at     *int64 // 1/10,000; µs
	day            string
}

func maybe[T any](r *rand.Rand, v T) *T {
	if r.IntN(5) == 0 {
		return nil
	}
	return &v
}

// loadSales makes customers of owners and gives them by owner.
func loadSales(c *company.Company, owners []int64, n int) (out []sale) {
	ent := c.App.Registry.State().Entity("crm.customer")
	r := rand.New(rand.NewPCG(11, 5))
	from := time.Date(2023, 11, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	var patches []records.Patch
	for i := range n {
		s := sale{owner: i % len(owners), status: pick(r, []string{"lead", "won", "lost"}), region: pick(r, []string{"", "11", "31", "44"}),
			amount: maybe(r, r.Int64N(1e9)-2e8), at: maybe(r, from+r.Int64N(400*86_400_000_000))}
		if r.IntN(4) > 0 {
			s.day = time.UnixMicro(from).AddDate(0, 0, r.IntN(100)).Format(time.DateOnly)
		}
		in := []records.Input{{Field: ent.Field("name"), Value: record.Text(fmt.Sprint("公司", i))}, {Field: ent.Field("owner"), Value: record.Int(owners[s.owner])},
			{Field: ent.Field("status"), Value: record.Text(s.status)}, {Field: ent.Field("region"), Value: record.Text(s.region)}, {Field: ent.Field("next_follow_on"), Value: record.Text(s.day)}}
		if s.amount != nil {
			in = append(in, records.Input{Field: ent.Field("amount"), Value: record.Int(*s.amount)})
		}
		if s.at != nil {
			in = append(in, records.Input{Field: ent.Field("source_created_at"), Value: record.Int(*s.at)})
		}
		patches = append(patches, records.Patch{Inputs: in})
		out = append(out, s)
	}
	c.Write(func(_ context.Context, s *records.Session) error {
		_, err := s.Batch(ent, patches, true)
		return err
	})
	return out
}

// keyOf is the value of a group's key, as an answer names it.
func (s *sale) keyOf(key string, zone *time.Location) string {
	day := s.day
	if field, _, _ := strings.Cut(key, ":"); field == "source_created_at" {
		if day = ""; s.at != nil {
			day = time.UnixMicro(*s.at).In(zone).Format(time.DateOnly)
		}
	}
	switch key {
	case "status":
		return s.status
	case "region":
		return s.region
	}
	if day == "" {
		return ""
	}
	return day[:map[string]int{"year": 4, "month": 7, "day": 10}[key[strings.Index(key, ":")+1:]]]
}

// line writes a group: its keys, the rows, then sum, average, least and
// greatest of the amount in 1/10,000.
func line(keys []string, rows int64, sum, avg, least, most *int64) string {
	b := strings.Join(keys, "|") + fmt.Sprint(" ", rows)
	for _, n := range []*int64{sum, avg, least, most} {
		if n == nil {
			b += " -"
		} else {
			b += fmt.Sprint(" ", *n)
		}
	}
	return b
}

// tally is the answer by definition.
func tally(sales []sale, keys []string, zone *time.Location) (out []string) {
	type group struct {
		keys             []string
		rows, n, sum     int64
		avg, least, most *int64
	}
	groups := map[string]*group{}
	if len(keys) == 0 {
		groups[""] = &group{}
	}
	for _, s := range sales {
		var at []string
		for _, k := range keys {
			at = append(at, s.keyOf(k, zone))
		}
		name := strings.Join(at, "|")
		g := groups[name]
		if g == nil {
			g = &group{keys: at}
			groups[name] = g
		}
		g.rows++
		if s.amount == nil {
			continue
		}
		if g.n++; g.n == 1 {
			g.least, g.most = s.amount, s.amount
		}
		g.sum += *s.amount
		g.least, g.most = new(min(*g.least, *s.amount)), new(max(*g.most, *s.amount))
	}
	list := slices.SortedFunc(maps.Values(groups), func(a, b *group) int { return slices.CompareFunc(a.keys, b.keys, emptyLast) })
	for _, g := range list {
		if g.n > 0 {
			avg, err := decimal.MulDiv(g.sum, 1, g.n)
			if err != nil {
				panic(err)
			}
			g.avg = &avg
		}
		out = append(out, line(g.keys, g.rows, &g.sum, g.avg, g.least, g.most))
	}
	return out
}

func emptyLast(a, b string) int {
	if (a == "") != (b == "") {
		return -cmp.Compare(a, b)
	}
	return cmp.Compare(a, b)
}

// told is an answer, as tally writes it.
func told(t *testing.T, k *company.Client, keys []string, filter string) (out []string) {
	t.Helper()
	r := k.Post("/records/crm.customer/aggregate", map[string]any{"group": keys, "filter": filter,
		"measures": []string{"count", "sum:amount", "avg:amount", "min:amount", "max:amount"}}).Want(200)
	var answer struct{ Rows [][]json.RawMessage }
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		t.Fatal(err)
	}
	for _, row := range answer.Rows {
		var at []string
		for _, v := range row[:len(keys)] {
			var named struct{ Code, ID string }
			var s string
			if json.Unmarshal(v, &s) != nil && json.Unmarshal(v, &named) == nil {
				s = named.Code + named.ID
			}
			at = append(at, s)
		}
		var m []*int64
		for _, v := range row[len(keys):] {
			m = append(m, units(t, v))
		}
		out = append(out, line(at, *m[0]/10_000, m[1], m[2], m[3], m[4]))
	}
	return out
}

// units reads a number, written bare or in quotes, as 1/10,000.
func units(t *testing.T, raw json.RawMessage) *int64 {
	t.Helper()
	s := strings.Trim(string(raw), `"`)
	if s == "null" {
		return nil
	}
	n, err := decimal.Parse(s, 4)
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return &n
}

// What a report says is what adding up the rows says that one may read, for
// every grouping, on both databases.
func TestAggregateIsATally(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("seller", []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.Own}, {Entity: "crm.customer", Op: access.Create, Scope: access.Own}})
		var owners []int64
		for i := range 3 {
			owners = append(owners, c.Member(company.Person{Login: fmt.Sprint("s", i), Roles: []int64{role}}))
		}
		sales := loadSales(c, owners, 600)
		zone := c.App.Dir.Zone()
		for _, who := range []string{"admin", "s1"} {
			k := c.As(who)
			for _, keys := range [][]string{{}, {"status"}, {"region", "source_created_at:month"}, {"source_created_at:year", "status"},
				{"next_follow_on:month"}, {"next_follow_on:day", "region", "status"}} {
				for filter, keep := range map[string]func(*sale) bool{
					"":                                      func(*sale) bool { return true },
					`status == "won"`:                       func(s *sale) bool { return s.status == "won" },
					"amount > 5000":                         func(s *sale) bool { return s.amount != nil && *s.amount > 50_000_000 },
					`status == "won" and amount > 90000000`: func(*sale) bool { return false },
				} {
					var mine []sale
					for _, s := range sales {
						if keep(&s) && (who == "admin" || s.owner == 1) {
							mine = append(mine, s)
						}
					}
					want := tally(mine, keys, zone)
					if got := told(t, k, keys, filter); !slices.Equal(got, want) {
						t.Errorf("%s asks for %v of %q:\n%s\nwant\n%s", who, keys, filter, strings.Join(got, "\n"), strings.Join(want, "\n"))
					}
				}
			}
		}
	})
}
