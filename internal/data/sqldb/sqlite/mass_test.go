package sqlite

import (
	"context"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// What a mass write sets holds until the last one ends, in both files.
func TestMassWrite(t *testing.T) {
	db := openTest(t, Options{Beside: "search"})
	second := db.beside.Load()
	set := func() [3]int64 {
		t.Helper()
		var out [3]int64
		for _, one := range []*DB{db, second} {
			for i, name := range []string{"wal_autocheckpoint", "journal_size_limit", "cache_size"} {
				var rows sqldb.Rows
				if err := one.Exclusive(context.Background(), func(q sqldb.Querier) error {
					return q.Query(context.Background(), "PRAGMA "+name, nil, []record.Kind{record.KindInt}, &rows)
				}); err != nil {
					t.Fatal(err)
				}
				if got := rows.At(0, 0).Int(); one == db {
					out[i] = got
				} else if got != out[i] {
					t.Errorf("%s is %d in the second file, %d in the first", name, got, out[i])
				}
			}
			if busy := out[0] == massCheckpoint; one.check.mass.Load() != busy {
				t.Errorf("the checkpointer takes it for a mass write: %v", !busy)
			}
		}
		return out
	}
	mass, after := [3]int64{massCheckpoint, -1, -massCacheKiB}, [3]int64{checkpointPages, keptLog, -4096}
	first, other := db.MassWrite(), db.MassWrite()
	for _, step := range []struct {
		done func()
		want [3]int64
	}{{func() {}, mass}, {first, mass}, {first, mass}, {other, after}} {
		step.done()
		if got := set(); got != step.want {
			t.Errorf("%d, want %d", got, step.want)
		}
	}
}

// The log is worked in seldom while many rows are written, and at every rest
// otherwise.
func TestCheckpointIsDue(t *testing.T) {
	var p checkpointer
	for _, c := range []struct {
		mass  bool
		ticks int
		rest  bool
		want  bool
	}{{false, 2, true, true}, {false, 2, false, false}, {false, busyTicks, false, true}, {true, busyTicks, true, false}, {true, massTicks, false, true}} {
		p.mass.Store(c.mass)
		if got := p.due(c.ticks, c.rest); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
