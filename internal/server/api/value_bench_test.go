package api_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/value"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// BenchmarkValues reckons what customers are worth, GUANXI_BENCH_ROWS of them
// with as many orders, says how long the first night takes, and opens the report.
//
//	GUANXI_BENCH_ROWS=200000 go test -run '^$' -bench 'BenchmarkValues' -benchtime 1x -timeout 60m ./internal/server/api
func BenchmarkValues(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchValues(b, company.Options{}) })
	b.Run("postgres", func(b *testing.B) { benchValues(b, company.Options{Database: pg.URL(b)}) })
}

func benchValues(b *testing.B, o company.Options) {
	c := company.Open(b, o)
	l := salesLoader{b: b, c: c, day: c.App.Clock.Now()}
	n := benchRows()
	role := l.seller()
	for i := range benchOwners {
		l.owners = append(l.owners, c.Member(company.Person{Login: fmt.Sprintf("s%03d", i), Roles: []int64{role}}))
	}
	whose := func(i int) record.Value { return record.Int(l.owners[i%benchOwners]) }
	customers := l.rows("crm.customer", n, func(i int, r *record.Record) {
		r.Set("name", record.Text(fmt.Sprintf("上海云腾%d科技有限公司", i)))
		r.Set("owner", whose(i))
		r.Set("level", record.Text([]string{"a", "b", "c", "d"}[i%4]))
	})
	l.rows("sales.order", n, func(i int, r *record.Record) {
		at := i * 7919 % n * (i % 3) / 2 % n
		r.Set("customer", record.Int(customers[at]))
		r.Set("owner", whose(at))
		r.Set("status", record.Text("confirmed"))
		r.Set("currency", record.Text("CNY"))
		r.Set("date", record.Text(l.day.AddDate(0, 0, -(i*31)%500).Format(time.DateOnly)))
		r.Set("total_base", record.Int(int64(1+i*6007%900_000)*10_000))
	})
	analyze := func() {
		if err := c.App.DB.Exclusive(b.Context(), func(q sqldb.Querier) error {
			_, err := q.Exec(b.Context(), "ANALYZE")
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	analyze()
	start, worst, passes := time.Now(), time.Duration(0), 0
	for more := 1; more > 0; passes++ {
		begun := time.Now()
		c.Write(func(ctx context.Context, s *records.Session) (err error) {
			more, err = value.Tick(ctx, s, c.App.Clock.Now())
			return err
		})
		worst = max(worst, time.Since(begun))
	}
	fmt.Fprintf(os.Stderr, "%s: %d customers reckoned in %.1f s, %d transactions, the longest %.0f ms; %s\n", b.Name(), n, time.Since(start).Seconds(), passes, float64(worst.Microseconds())/1000, load())
	analyze()
	tape := &tapeDB{DB: c.App.DB}
	c.App.Engine.DB = tape
	k := salesCaller{b: b, handler: c.App.Handler(false), tape: tape, key: c.As("admin").Key()}
	for _, in := range []string{`{}`, `{"by":"recency"}`, `{"by":"member"}`, `{"by":"level"}`, `{"level":"a"}`} {
		k.ask("report rfm "+strings.Trim(in, "{}"), "POST", "/reports/sales.customer_value/rfm", in)
	}
	k.key = c.As(fmt.Sprintf("s%03d", benchSeller)).Key()
	k.ask("report rfm, own", "POST", "/reports/sales.customer_value/rfm", "{}")
	for b.Loop() { // the work is timed above
	}
}
