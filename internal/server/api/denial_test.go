package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// denials are the refusals in the audit log: entity, record, detail, who.
func denials(t *testing.T, c *company.Company) (out []string) {
	t.Helper()
	var rows sqldb.Rows
	if err := c.App.DB.Read(context.Background(), func(q sqldb.Querier) error {
		return q.Query(context.Background(), "SELECT entity, record_id, detail, actor FROM audit WHERE action = 'denied' AND outcome = 'deny' ORDER BY id", nil,
			[]record.Kind{record.KindText, record.KindInt, record.KindText, record.KindInt}, &rows)
	}); err != nil {
		t.Fatal(err)
	}
	for i := range rows.Len() {
		r := rows.Row(i)
		out = append(out, fmt.Sprint(r[0].Str(), " ", id.ID(r[1].Int()), " ", r[2].Str(), " ", id.ID(r[3].Int())))
	}
	return out
}

// Every refusal is in the audit log, once, with who, what, and on which record.
func TestEveryDenialIsAudited(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		one := admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201).Str("id")
		role := c.Role("reader", []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.All}},
			access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: schema.Read})
		li := id.ID(c.Member(company.Person{Login: "li", Roles: []int64{role}})).String()
		reader := c.As("li").With("If-Match", "*")
		none := id.ID(0).String()
		for _, d := range []struct {
			method, path string
			body         any
			want         string // entity, record, beginning of the detail
		}{
			{"POST", "/records/crm.customer", map[string]any{"name": "乙"}, "crm.customer " + none + " create"},
			{"PATCH", "/records/crm.customer/" + one, map[string]any{"name": "乙"}, "crm.customer " + one + " update"},
			{"PATCH", "/records/crm.customer/" + one, map[string]any{"contact_count": 7}, "crm.customer " + one + " error.field_read_only PATCH"},
			{"DELETE", "/records/crm.customer/" + one, nil, "crm.customer " + one + " delete"},
			{"POST", "/records/crm.customer/" + one + "/actions/transfer", map[string]any{"owner": li}, "crm.customer " + one + " transfer"},
			{"POST", "/records/crm.customer/bulk", map[string]any{"op": "delete", "ids": []string{one}}, "crm.customer " + one + " delete"},
			{"POST", "/records/crm.customer/bulk", map[string]any{"op": "delete", "ids": []string{one}, "atomic": true}, "crm.customer " + one + " delete"},
			{"POST", "/records/crm.customer/bulk", map[string]any{"op": "delete", "filter": ""}, "crm.customer " + none + " delete POST"},
			{"POST", "/import/crm.customer", map[string]any{"file": none}, "crm.customer " + none + " import POST"},
			{"GET", "/export/crm.customer", nil, "crm.customer " + none + " export GET"},
			{"GET", "/settings", nil, " " + none + " error.admin_only GET /api/v1/settings"},
			{"POST", "/customize/entities", map[string]any{}, " " + none + " error.admin_only POST /api/v1/customize/entities"},
			{"POST", "/views", map[string]any{"entity": "crm.customer", "name": "x", "shared": true}, " " + none + " error.view_shared POST"},
		} {
			before := len(denials(t, c))
			r := reader.Do(d.method, d.path, d.body)
			if bulk := strings.HasSuffix(d.path, "/bulk") && r.Status == 200; !bulk && r.Status != 403 {
				t.Errorf("%s %s: %d %s", d.method, d.path, r.Status, r.Body)
			}
			got := denials(t, c)[before:]
			if len(got) != 1 || !strings.HasPrefix(got[0], d.want) || !strings.HasSuffix(got[0], " "+li) {
				t.Errorf("%s %s: audited %q, want %q", d.method, d.path, got, d.want)
			}
		}
		admin.Get("/records/crm.customer/" + one).Want(200)
	})
}
