package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// An import that brings many rows has the database look at its tables, one that
// brings few does not; every night it looks again. PostgreSQL does so by itself.
func TestStatistics(t *testing.T) {
	onEach(t, func(t *testing.T, d sqldb.Dialect) {
		a, _ := installed(t, model{d, 0})
		defer shut(t, a)
		a.manyRows = 20
		sqlite := a.DB.Dialect() == sqldb.SQLite
		asked := func() (n int) {
			t.Helper()
			err := a.DB.Read(t.Context(), func(q sqldb.Querier) error {
				list, err := jobs.List(t.Context(), q, jobs.Filter{Kind: kindStatistics})
				n = len(list)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		kept := func(table string) bool {
			t.Helper()
			var rows sqldb.Rows
			if err := a.DB.ReadOne(t.Context(), "SELECT 1 FROM sqlite_stat1 WHERE tbl = '"+table+"' LIMIT 1", nil, []record.Kind{record.KindInt}, &rows); err != nil {
				t.Fatal(err)
			}
			return rows.Len() > 0
		}
		imports := func(from, to int) {
			t.Helper()
			var b strings.Builder
			b.WriteString("name\n")
			for i := from; i < to; i++ {
				fmt.Fprintf(&b, "云腾%d科技\n", i)
			}
			file := filepath.Join(t.TempDir(), "customers.csv")
			if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			o := importer.Options{Entity: "crm.customer", Path: file, Exact: map[string]string{"name": "name"}}
			s, err := importer.Run(t.Context(), importer.Deps{Engine: a.Engine, Texts: a.Texts}, access.System("test"), o, func(int, int) {})
			if err != nil || s.Created != to-from {
				t.Fatalf("%+v %v", s, err)
			}
			a.imported(t.Context(), &s)
		}
		imports(0, 10)
		if asked() != 0 {
			t.Error("asked after a few rows")
		}
		imports(10, 40)
		if !sqlite {
			if n, err := a.statistics(t.Context()); asked() != 0 || n != 0 || err != nil {
				t.Errorf("%d tables, %v", n, err)
			}
			return
		}
		if asked() != 1 {
			t.Fatal("not asked after many rows")
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); a.Runner.Run(ctx) }()
		job := ended(t, a, kindStatistics, 0)
		stop()
		<-done
		if job.State != jobs.Done || !kept("crm_customer") || kept("crm_contact") {
			t.Errorf("%+v", job)
		}
		a.manyRows = 41
		if err := a.maintain(t.Context(), &jobs.Work{}); err != nil || kept("crm_customer") {
			t.Errorf("the night did not look: %v", err)
		}
	})
}
