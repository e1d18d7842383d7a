package api_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// race runs n calls at once and counts the statuses.
func race(n int, call func(i int) company.Reply) map[int]int {
	out := make(chan int, n)
	for i := range n {
		go func() { out <- call(i).Status }()
	}
	got := map[int]int{}
	for range n {
		got[<-out]++
	}
	return got
}

// Of many who write the same code at once, one wins (PLT-12); of many who save
// over the same version, one wins (PLT-10); numbers have no gap and no double,
// also when some writes fail (PLT-16).
func TestRaces(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		got := race(40, func(i int) company.Reply {
			return admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprintf("公司%d", i), "uscc": "91350100M000100Y43"})
		})
		if got[201] != 1 || got[409] != 39 {
			t.Errorf("strict duplicates: %v", got)
		}

		id := admin.Post("/records/crm.customer", map[string]any{"name": "争用公司"}).Want(201).Str("id")
		for version := 1; version <= 3; version++ {
			got = race(20, func(i int) company.Reply {
				return admin.With("If-Match", fmt.Sprintf(`"v%d"`, version)).Patch("/records/crm.customer/"+id, map[string]any{"address": fmt.Sprintf("%d 号 %d", i, version)})
			})
			if got[200] != 1 || got[412] != 19 {
				t.Errorf("version %d: %v", version, got)
			}
		}

		admin.Post("/customize/entities", map[string]any{"name": "paper", "label": zh("单据"), "title": "number"}).Want(201)
		admin.Post("/customize/entities/x.paper/fields", map[string]any{"key": "number", "type": "auto_number", "label": zh("编号"),
			"settings": map[string]any{"number": map[string]any{"prefix": "P", "digits": 3}}}).Want(201)
		admin.Post("/customize/entities/x.paper/fields", map[string]any{"key": "code", "type": "text", "label": zh("代码"), "unique": true}).Want(201)
		got = race(60, func(i int) company.Reply {
			return admin.Post("/records/x.paper", map[string]any{"code": fmt.Sprint(i % 40)})
		})
		if got[201] != 40 || got[409] != 20 {
			t.Errorf("unique: %v", got)
		}
		var numbers []string
		for _, it := range admin.Get("/records/x.paper?limit=100&sort=number").Want(200).Items() {
			numbers = append(numbers, fmt.Sprint(it["number"]))
		}
		slices.Sort(numbers)
		for i, n := range numbers {
			if want := fmt.Sprintf("P%03d", i+1); n != want {
				t.Fatalf("number %d is %s, want %s", i, n, want)
			}
		}
		if len(numbers) != 40 {
			t.Errorf("%d numbers", len(numbers))
		}
	})
}
