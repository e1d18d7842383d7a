package store

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/sqlite"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// watched is a Scanner that keeps what it was asked.
type watched struct {
	sqldb.Scanner
	asked []string
}

func (w *watched) Scan(ctx context.Context, columns, rest string, args []record.Value, each func([]record.Value) error) error {
	name := "index"
	if strings.Contains(rest, "NOT INDEXED") {
		name = "table"
	}
	w.asked = append(w.asked, name)
	return w.Scanner.Scan(ctx, columns, rest, args, each)
}

// Few rows are read through the index that finds them, many as they lie;
// either way each is handed over once.
func TestTableRows(t *testing.T) {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "t.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// A fifth of 200,000 rows belongs to owner 0, some 1,250 to each of 128 others.
	ctx := t.Context()
	err = db.Exclusive(ctx, func(q sqldb.Querier) error {
		for _, s := range []string{
			"CREATE TABLE r (id INTEGER PRIMARY KEY, deleted_at INTEGER, owner_id INTEGER, amount INTEGER) STRICT",
			`INSERT INTO r WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i+1 < 200000)
				SELECT i+1, NULL, iif(i % 5 = 0, 0, 1 + i % 160), i % 7 FROM c`,
			"CREATE INDEX r_owner ON r (owner_id, deleted_at) WHERE deleted_at IS NULL",
		} {
			if _, err := q.Exec(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for where, asked := range map[string]string{
		"t.deleted_at IS NULL":                                         "table",
		"t.deleted_at IS NULL AND t.amount > 5":                        "table",
		"t.deleted_at IS NULL AND t.owner_id = 7":                      "index",
		"t.deleted_at IS NULL AND t.owner_id BETWEEN 1 AND 22":         "index index", // 22,000 of 200,000
		"t.deleted_at IS NULL AND t.owner_id = 0":                      "index index table",
		"t.deleted_at IS NULL AND t.owner_id >= 0":                     "index index table",
		"t.id IN (5, 6, 7) AND t.deleted_at IS NULL AND t.amount >= 0": "index",
	} {
		err := db.Read(ctx, func(q sqldb.Querier) error {
			var want sqldb.Rows
			if err := q.Query(ctx, "SELECT count(*), coalesce(sum(t.amount), 0) FROM r t WHERE "+where, nil, []record.Kind{record.KindInt, record.KindInt}, &want); err != nil {
				return err
			}
			w := &watched{Scanner: q.(sqldb.Scanner)}
			var n, sum int64
			r := tableRows{columns: "t.amount", table: "r", where: "WHERE " + where}
			err := r.read(ctx, q, w, func() func([]record.Value) error {
				n, sum = 0, 0
				return func(row []record.Value) error { n, sum = n+1, sum+row[0].Int(); return nil }
			})
			if n != want.At(0, 0).Int() || sum != want.At(0, 1).Int() {
				t.Errorf("%s: %d rows of %d", where, n, sum)
			}
			if got := strings.Join(w.asked, " "); got != asked {
				t.Errorf("%s: asked %s, want %s", where, got, asked)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", where, err)
		}
	}
}
