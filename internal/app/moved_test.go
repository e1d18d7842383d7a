package app

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/dump"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// An administrator moves a PostgreSQL database to another server by pg_dump,
// whose transactions count from elsewhere: what is written there still comes
// after everything that was.
func TestDatabaseMovedToAnotherServer(t *testing.T) {
	a, _ := installed(t, model{sqldb.Postgres, 0})
	// The old server had done many more transactions.
	if err := a.DB.Write(t.Context(), func(tx sqldb.Tx) error { return txorder.Rebase(t.Context(), tx, 1<<40) }); err != nil {
		t.Fatal(err)
	}
	fill(t, a)
	o := Options{DataDir: a.DataDir, Database: a.Database}
	shut(t, a)

	a = quiet(t, o)
	sql(t, a, "UPDATE tx_base SET base = 0")
	shut(t, a)
	a = quiet(t, o)
	defer shut(t, a)
	highest := func(table string) (n int64) {
		if err := a.DB.Read(t.Context(), func(q sqldb.Querier) (err error) {
			n, err = dump.Highest(t.Context(), q, table, "xid")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := highest("audit")
	if before < 1<<40 {
		t.Fatalf("the number of the last transaction is %d: nothing to look at", before)
	}
	a.Engine.AuditAccess(t.Context(), access.System("test"), "looked", 0, true, "")
	if after := highest("audit"); after <= before {
		t.Error("what is written after the move stands in the midst of what was before")
	}
}
