package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// One of several that breaks a unique rule over several fields, which only the
// database sees, fails alone: in a bulk call, in a change of all that matches a
// filter, and in an import.
func TestUniqueOverSeveralFieldsFailsAlone(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		var people, firms []string
		for i := range 5 {
			people = append(people, admin.Post("/records/crm.contact", map[string]any{"name": fmt.Sprint("人", i)}).Want(201).Str("id"))
			firms = append(firms, admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprint("公司", i)}).Want(201).Str("id"))
		}
		at := func(person, firm int) map[string]any {
			return map[string]any{"contact": people[person], "customer": firms[firm]}
		}
		const path = "/records/crm.affiliation"
		admin.Post(path, at(0, 0)).Want(201)
		items := []map[string]any{at(1, 0), at(0, 0), at(2, 0), at(1, 0), at(3, 0)}
		admin.Post(path+"/bulk", map[string]any{"op": "create", "items": items, "atomic": true}).Want(409)
		if n := len(admin.Get(path).Items()); n != 1 {
			t.Fatalf("%d after a refusal", n)
		}
		r := admin.Post(path+"/bulk", map[string]any{"op": "create", "items": items}).Want(200)
		if r.Str("done") != "3" || r.Str("failed") != "2" || r.Str("results.1.status") != "409" || r.Str("results.3.status") != "409" || r.Str("results.4.status") != "200" {
			t.Errorf("bulk %s", r.Body)
		}
		if key := r.Str("results.1.error.errors.0.code"); key != "error.unique" {
			t.Errorf("refused by %q", key)
		}

		// Everybody to one and the same person: the first of each firm stays his.
		for p := range people {
			admin.Post(path, at(p, 1+p%2)).Want(201)
		}
		mass := finished(t, admin, admin.Post(path+"/bulk", map[string]any{"op": "update", "filter": "", "patch": map[string]any{"contact": people[4]}}))
		if mass.Str("state") != "done" || mass.Str("result.done") != "3" || mass.Str("result.failed") != "6" {
			t.Errorf("mass %s", mass.Body)
		}

		var csv strings.Builder
		csv.WriteString("contact,customer\n")
		for _, pair := range [][2]int{{0, 3}, {1, 3}, {0, 3}, {2, 3}, {4, 1}, {3, 3}} {
			fmt.Fprintf(&csv, "%s,%s\n", people[pair[0]], firms[pair[1]])
		}
		job := finished(t, admin, admin.Post("/import/crm.affiliation", map[string]any{"file": uploaded(admin, "a.csv", csv.String())}))
		if job.Str("result.created") != "4" || job.Str("result.failed") != "2" || job.Str("result.errors.0.line") != "4" || job.Str("result.errors.1.line") != "6" {
			t.Errorf("import %s", job.Body)
		}
	})
}
