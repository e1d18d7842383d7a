package system

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/httpraw"
	"github.com/guanxicrm/guanxi/bench/workload"
)

const rows = 10_000

// floorPage writes a right answer of the floor for one owner and status, each
// row changed by edit.
func floorPage(truth *dataset.Truth, owner, st int, edit func(i int, row string) string) []byte {
	var items []string
	n := truth.OfOwner(owner, st)
	for i := range min(n, workload.Page) {
		row := fmt.Sprintf(`{"id":%d,"owner":%d,"amount":1.00,"name":"x","status":"%s","created_at":"2025-01-%02dT00:00:00Z"}`, i, owner, dataset.Statuses[st], 28-i%28)
		items = append(items, edit(i, row))
	}
	return fmt.Appendf(nil, `{"items":[%s],"total":%d}`, strings.Join(items, ","), n)
}

// A check must refuse each kind of wrong answer.
func TestFloorCheckRefuses(t *testing.T) {
	truth := dataset.NewTruth(rows)
	f := &Floor{truth: truth}
	call := &workload.Call{Op: workload.List, Owner: 7, Status: 0}
	same := func(_ int, row string) string { return row }
	good := floorPage(truth, 7, 0, same)
	if truth.OfOwner(7, 0) < 2 || truth.OfOwner(7, 0) > 28 {
		t.Fatalf("the case needs a short page, has %d rows", truth.OfOwner(7, 0))
	}
	if err := f.Check(call, httpraw.Answer{Status: 200, Body: good}, true); err != nil {
		t.Fatalf("a right answer is refused: %v", err)
	}
	first := func(from, to string) []byte {
		return floorPage(truth, 7, 0, func(i int, row string) string {
			if i == 0 {
				return strings.Replace(row, from, to, 1)
			}
			return row
		})
	}
	bad := map[string]httpraw.Answer{
		"another status":  {Status: 500, Body: good},
		"a foreign owner": {Status: 200, Body: first(`"owner":7`, `"owner":8`)},
		"a wrong state":   {Status: 200, Body: first(`"lead"`, `"won"`)},
		"a wrong total":   {Status: 200, Body: []byte(strings.Replace(string(good), `"total":`, `"total":1`, 1))},
		"no total":        {Status: 200, Body: []byte(strings.Replace(string(good), `"total"`, `"sum"`, 1))},
		"a missing row":   {Status: 200, Body: []byte(strings.Replace(string(good), `"status":"lead"`, ``, 1))},
		"a wrong order":   {Status: 200, Body: first("2025-01-28", "2024-01-28")},
		"no JSON":         {Status: 200, Body: append(good[:len(good):len(good)], '}')},
	}
	for what, a := range bad {
		if f.Check(call, a, true) == nil {
			t.Errorf("%s is taken for right", what)
		}
	}
}

func TestGuanxiCheckRefuses(t *testing.T) {
	truth := dataset.NewTruth(rows)
	g := &Guanxi{truth: truth, members: make([]string, dataset.Members+1)}
	for m := range g.members {
		g.members[m] = fmt.Sprintf("M%012d", m)
	}
	n := truth.OfOwner(7, 0)
	page := func(owner int, total string) []byte {
		var items []string
		for i := range min(n, workload.Page) {
			items = append(items, fmt.Sprintf(`{"id":"R%d","version":1,"name":"x","owner":{"id":"%s","label":"y"},"status":"lead"}`, i, g.members[owner]))
		}
		return fmt.Appendf(nil, `{"items":[%s],"next":null,"has_more":false,"count":%s}`, strings.Join(items, ","), total)
	}
	call := &workload.Call{Op: workload.Own, Member: 7, Status: 0}
	exact := fmt.Sprintf(`{"value":%d,"exact":true}`, n)
	if err := g.Check(call, httpraw.Answer{Status: 200, Body: page(7, exact)}, true); err != nil {
		t.Fatalf("a right answer is refused: %v", err)
	}
	for what, body := range map[string][]byte{
		"foreign rows":        page(8, exact),
		"too large a total":   page(7, fmt.Sprintf(`{"value":%d,"exact":true}`, n+1)),
		"a small exact total": page(7, fmt.Sprintf(`{"value":%d,"exact":true}`, n-1)),
		"a small cap":         page(7, fmt.Sprintf(`{"value":%d,"exact":false}`, n-1)),
		"no total":            page(7, `null`),
		"no rows":             []byte(`{"items":[],"count":` + exact + `}`),
	} {
		if g.Check(call, httpraw.Answer{Status: 200, Body: body}, true) == nil {
			t.Errorf("%s: taken for right", what)
		}
	}
	if g.Check(call, httpraw.Answer{Status: 404, Body: page(7, exact)}, true) == nil {
		t.Error("a 404 is taken for right")
	}
}
