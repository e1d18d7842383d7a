package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// benchRows is the size of the company: GUANXI_BENCH_ROWS, else 20,000.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("GUANXI_BENCH_ROWS")); err == nil {
		return n
	}
	return 20_000
}

// BenchmarkAPI measures calls through the whole stack but the network: what a
// call costs the server. Ratios to other systems are the work of bench/.
func BenchmarkAPI(b *testing.B) {
	c := company.Open(b, company.Options{})
	role := c.Role("seller", sales())
	var members []int64
	for i := range 50 {
		members = append(members, c.Member(company.Person{Login: fmt.Sprintf("s%03d", i), Roles: []int64{role}}))
	}
	var first int64
	ent := c.App.Registry.State().Entity("crm.customer")
	statuses := []string{"lead", "contacted", "negotiating", "won", "lost"}
	set := func(key string, v record.Value) records.Input { return records.Input{Field: ent.Field(key), Value: v} }
	for from := 0; from < benchRows(); from += 200 {
		c.Write(func(_ context.Context, s *records.Session) error {
			patches := make([]records.Patch, 200)
			for i := range patches {
				n := from + i
				patches[i] = records.Patch{Inputs: []records.Input{set("name", record.Text(fmt.Sprintf("上海云腾%d网络科技有限公司", n))),
					set("owner", record.Int(members[n%len(members)])), set("status", record.Text(statuses[n%5])),
					set("phone", record.Text(fmt.Sprintf("139%08d", n))), set("source_created_at", record.Int(int64(n)*1_000_000)),
					set("region", record.Text("31")), set("amount", record.Int(int64(n)*10_000))}}
			}
			res, err := s.Batch(ent, patches, true)
			if err == nil && first == 0 {
				first = res[0].ID
			}
			return err
		})
	}
	id := ent.Fields[record.SlotID].Type.Text(nil, record.Int(first), nil)
	handler := c.App.Handler(false)
	key := c.As("admin")
	own := c.As("s007")
	call := func(name string, k *company.Client, method, path, body string) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				text := strings.ReplaceAll(body, "#", strconv.Itoa(i))
				r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(text))
				r.Header.Set("Authorization", "Bearer "+k.Key())
				r.Header.Set("If-Match", "*")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code >= http.StatusBadRequest {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
	call("W1-open", key, "GET", "/records/crm.customer/"+id, "")
	owner := ent.Owner.Type.Text(nil, record.Int(members[3]), nil)
	list := "/records/crm.customer?sort=-source_created_at&limit=50&count=true&filter="
	call("W2-list", key, "GET", list+url.QueryEscape(`owner == "`+owner+`" and status == "won"`), "")
	call("W2b-wide", key, "GET", list+url.QueryEscape(`status == "won"`), "")
	call("W3-own", own, "GET", list+url.QueryEscape(`status == "lost"`), "")
	call("W4-search", key, "GET", "/records/crm.customer?sort=-source_created_at&limit=50&q="+url.QueryEscape("腾1234"), "")
	call("W5-create", key, "POST", "/records/crm.customer", `{"name":"新公司#","phone":"1371#","status":"lead","amount":"12.00"}`)
	call("W6-update", key, "PATCH", "/records/crm.customer/"+id, `{"phone":"1381#"}`)
	call("W8-report", key, "POST", "/records/crm.customer/aggregate", `{"group":["region","source_created_at:month"],"measures":["count","sum:amount"]}`)
}
