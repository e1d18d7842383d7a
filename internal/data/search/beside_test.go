package search

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/sqldb/sqlite"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// folder is a shop whose database is closed and opened again.
type folder struct {
	*shop
	dir string
	x   *Indexer
}

func newFolder(t *testing.T) *folder {
	f := &folder{dir: t.TempDir(), shop: &shop{t: t}}
	f.open()
	t.Cleanup(func() { f.must(f.db.Close()) })
	run(t, f.db, DirtyDDL(sqldb.SQLite)...)
	run(t, f.db, "CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
	f.must(f.x.CatchUp(t.Context()))
	return f
}

// open opens as the program does.
func (f *folder) open() {
	f.t.Helper()
	d, err := sqlite.Open(f.file("shop.db"), sqlite.Options{Beside: "search"})
	f.must(err)
	f.db, f.shop.x = d, New("shop")
	f.x = f.indexer(clock.System{})
	run(f.t, sqldb.Beside(d), f.shop.x.DDL(sqldb.SQLite)...)
}

func (f *folder) file(name string) string { return filepath.Join(f.dir, name) }

// keep copies a file of the closed database, and back.
func (f *folder) keep(from, to string) {
	f.t.Helper()
	text, err := os.ReadFile(f.file(from))
	f.must(err)
	f.must(os.WriteFile(f.file(to), text, 0o600))
}

// turn puts names one after the other, each in a batch of its own.
func (f *folder) turn(names ...string) {
	f.t.Helper()
	for i, name := range names {
		f.must(f.put(f.t.Context(), int64(i+1), name))
		f.must(f.x.CatchUp(f.t.Context()))
	}
}

// Whatever became of the index file while the program was away, afterwards the
// index says what the records say; and it is made anew only where it must.
func TestIndexFile(t *testing.T) {
	const file = "shop.search.db"
	for _, c := range []struct {
		name  string
		spoil func(f *folder)
		anew  bool
		gone  bool // the records are those of before
	}{
		{"as it was", func(*folder) {}, false, false},
		{"missing", func(f *folder) { f.must(os.Remove(f.file(file))) }, true, false},
		{"empty", func(f *folder) { f.must(os.WriteFile(f.file(file), nil, 0o600)) }, true, false},
		{"no database", func(f *folder) { f.must(os.WriteFile(f.file(file), make([]byte, 8192), 0o600)) }, true, false},
		{"of other records", func(f *folder) {
			g := newFolder(f.t)
			g.turn("天枢", "天璇", "天玑")
			g.must(g.db.Close())
			text, err := os.ReadFile(g.file(file))
			f.must(err)
			f.must(os.WriteFile(f.file(file), text, 0o600))
		}, true, false},
		{"older than the records", func(f *folder) { f.keep("kept."+file, file) }, true, false},
		{"newer than the records", func(f *folder) { f.keep("kept.shop.db", "shop.db") }, true, true},
		{"both older", func(f *folder) { f.keep("kept.shop.db", "shop.db"); f.keep("kept."+file, file) }, false, true},
		{"among the records", func(f *folder) { // as earlier versions kept it
			f.must(os.Remove(f.file(file)))
			d, err := sqlite.Open(f.file("shop.db"), sqlite.Options{})
			f.must(err)
			run(f.t, d, "DROP TABLE "+followTable)
			run(f.t, d, f.shop.x.DDL(sqldb.SQLite)...)
			f.must(d.Close())
		}, true, false},
		{"an earlier version worked in between", func(f *folder) {
			d, err := sqlite.Open(f.file("shop.db"), sqlite.Options{})
			f.must(err)
			run(f.t, d, f.shop.x.DDL(sqldb.SQLite)...)
			f.must(d.Close())
		}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFolder(t)
			f.copied(file)
			f.turn("星河", "", "银汉")
			f.must(f.db.Close())
			c.spoil(f)
			f.open()
			if anew := f.x.unmarked.Load(); anew != c.anew {
				t.Errorf("the index is made anew: %v", anew)
			}
			f.must(f.x.CatchUp(t.Context()))
			if c.gone {
				f.want("云腾", 1)
				f.want("北斗", 2)
				f.want("星河")
				f.want("银汉")
			} else {
				f.want("云腾")
				f.want("北斗")
				f.want("星河", 1)
				f.want("银汉", 3)
			}
			if n := f.marks(); n != 0 {
				t.Errorf("%d marks are left", n)
			}
		})
	}
}

// batchAlone commits the next batch to the index file and stops there.
func (f *folder) batchAlone(ctx context.Context) {
	f.t.Helper()
	b, err := f.x.read(ctx, 1<<40, nil)
	f.must(err)
	f.must(sqldb.Beside(f.db).Write(ctx, func(tx sqldb.Tx) error {
		if _, err := putWhile(ctx, tx, []batch{b}, (*batch).putAll); err != nil {
			return err
		}
		return f.x.noteThere(ctx, tx, newBatch(), []batch{b})
	}))
}

// Stopped between the commit to the index and that to the records it goes on;
// so it does when the records are those of before their last change.
func TestStoppedBetweenTheCommits(t *testing.T) {
	for name, back := range map[string]bool{"the marks are there": false, "the change is not": true} {
		t.Run(name, func(t *testing.T) {
			f := newFolder(t)
			ctx := t.Context()
			f.turn("云腾", "北斗")
			f.must(f.put(ctx, 1, "星河"))
			f.must(f.put(ctx, 2, ""))
			f.batchAlone(ctx)
			if back {
				run(t, f.db, "DELETE FROM "+DirtyTable, "UPDATE shop SET name = '云腾' WHERE id = 1", "INSERT INTO shop VALUES (2, '北斗')")
			}
			f.must(f.db.Close())
			f.open()
			if f.x.unmarked.Load() {
				t.Error("the whole index is made anew")
			}
			f.must(f.x.CatchUp(ctx))
			if back {
				f.want("云腾", 1)
				f.want("北斗", 2)
				f.want("星河")
			} else {
				f.want("云腾")
				f.want("北斗")
				f.want("星河", 1)
			}
			f.turn("天枢") // and it follows
			f.must(f.db.Close())
			f.open()
			if f.x.unmarked.Load() {
				t.Error("the whole index is made anew later")
			}
			f.want("天枢", 1)
		})
	}
}

// Cut off before all is marked, a new index marks again.
func TestANewIndexIsCutOff(t *testing.T) {
	f := newFolder(t)
	f.turn("云腾", "北斗")
	f.must(f.db.Close())
	f.must(os.Remove(f.file("shop.search.db")))
	f.open()
	f.must(Rebuild(t.Context(), f.db, "crm.shop", "shop"))
	f.must(f.db.Close())
	f.open()
	f.must(f.x.CatchUp(t.Context()))
	f.want("北斗", 2)
	f.want("云腾", 1)
}

// An index that turns out to be damaged is made anew while the program runs.
func TestIndexFileIsDamaged(t *testing.T) {
	f := newFolder(t)
	ctx := t.Context()
	f.turn("云腾", "北斗")
	b := f.db.(sqldb.Besider)
	f.must(b.Reopen(false)) // all of it is in the file
	name := f.file("shop.search.db")
	text, err := os.ReadFile(name)
	f.must(err)
	for i := 4096; i < len(text); i++ {
		text[i] = 0xa5
	}
	f.must(os.WriteFile(name, text, 0o600))
	f.must(b.Reopen(false))
	f.must(f.put(ctx, 3, "星河"))
	if err := f.x.CatchUp(ctx); err == nil || !b.Damaged(err) {
		t.Fatalf("a damaged index: %v", err)
	}
	f.must(f.x.CatchUp(ctx))
	f.want("云腾", 1)
	f.want("北斗", 2)
	f.want("星河", 3)
	if n := f.marks(); n != 0 {
		t.Errorf("%d marks are left", n)
	}
}

// When the disk of the index is full, records are written and their marks wait.
func TestIndexDiskIsFull(t *testing.T) {
	d := db.SQLite(t)
	s := newShop(t, d)
	x := s.indexer(clock.System{})
	ctx := t.Context()
	s.must(s.put(ctx, 1, "天枢"))
	s.must(x.CatchUp(ctx))
	limit := func(pages int) {
		s.must(sqldb.Beside(d).Exclusive(ctx, func(q sqldb.Querier) error {
			_, err := q.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		}))
	}
	limit(1) // that is, no more than it has
	const n = 3000
	s.add(ctx, 2, n)
	if err := x.CatchUp(ctx); err == nil {
		t.Fatal("a full disk took everything")
	}
	s.must(s.put(ctx, 1, "北斗"))
	s.want("北斗")
	limit(1 << 30)
	s.must(x.CatchUp(ctx))
	s.want("北斗", 1)
	s.want("天枢")
	if n := s.marks(); n != 0 {
		t.Errorf("%d marks are left", n)
	}
}

// copied writes two turns, keeps a copy of the folder as it then lies, and opens
// it to go on.
func (f *folder) copied(file string) {
	f.turn("云腾", "北斗")
	f.must(f.db.Close())
	f.keep("shop.db", "kept.shop.db")
	f.keep(file, "kept."+file)
	f.open()
}

// Two copies of a folder that went on apart for as many batches do not take
// each other's index for their own.
func TestCopiesThatWentApart(t *testing.T) {
	const file = "shop.search.db"
	f := newFolder(t)
	f.copied(file)
	f.turn("星河", "银汉")
	f.must(f.db.Close())
	f.keep(file, "other."+file)
	f.keep("kept.shop.db", "shop.db")
	f.keep("kept."+file, file)
	f.open()
	f.turn("天枢", "天璇")
	f.must(f.db.Close())
	f.keep("other."+file, file)
	f.open()
	if !f.x.unmarked.Load() {
		t.Error("the index of the other copy is taken")
	}
	f.must(f.x.CatchUp(t.Context()))
	f.want("天枢", 1)
	f.want("天璇", 2)
	f.want("星河")
}

// An earlier version worked on the folder, and the start after it is cut off
// between dropping its indexes and making a new file: the file that is there,
// older than the records, is not taken.
func TestMovingOutIsCutOff(t *testing.T) {
	f := newFolder(t)
	ctx := t.Context()
	f.turn("云腾")
	f.must(f.db.Close())
	d, err := sqlite.Open(f.file("shop.db"), sqlite.Options{})
	f.must(err)
	run(t, d, f.shop.x.DDL(sqldb.SQLite)...)
	run(t, d, "UPDATE shop SET name = '北斗'") // and indexed there
	f.must(d.Close())
	d, err = sqlite.Open(f.file("shop.db"), sqlite.Options{Beside: "search"})
	f.must(err)
	f.must(NewIndexer(d, clock.System{}, slog.New(slog.DiscardHandler), nil).dropInside(ctx))
	f.must(d.Close())
	f.open()
	f.must(f.x.CatchUp(ctx))
	f.want("北斗", 1)
	f.want("云腾")
}

// refusing is a database whose index file takes no new tables for a while.
type refusing struct {
	sqldb.DB
	sqldb.Besider
	refuse bool
}

func (r *refusing) Beside() sqldb.DB { return refusingFile{r.Besider.Beside(), r} }

type refusingFile struct {
	sqldb.DB
	*refusing
}

func (f refusingFile) Exclusive(ctx context.Context, fn func(sqldb.Querier) error) error {
	if f.refuse {
		return sqldb.ErrDiskFull
	}
	return f.DB.Exclusive(ctx, fn)
}

// An index whose making anew fails half way is made when there is room again.
func TestANewIndexFindsNoRoom(t *testing.T) {
	f := newFolder(t)
	ctx := t.Context()
	f.turn("云腾", "北斗")
	r := &refusing{DB: f.db, Besider: f.db.(sqldb.Besider)}
	f.x.db = r
	f.must(f.put(ctx, 3, "星河"))
	r.refuse = true
	f.must(f.x.enter(ctx))
	err := f.x.mend(ctx, &sqlite.Error{Code: 11}) // damaged
	f.x.leave()
	if err == nil || f.x.CatchUp(ctx) == nil {
		t.Fatal("there was room")
	}
	r.refuse = false
	_ = f.x.CatchUp(ctx) // meets what is missing
	f.must(f.x.CatchUp(ctx))
	f.want("云腾", 1)
	f.want("北斗", 2)
	f.want("星河", 3)
}

// An entity that goes while a load of it is written is forgotten, as alone.
func TestAnEntityGoesWithinALoad(t *testing.T) {
	f := newFolder(t)
	ctx := t.Context()
	f.must(f.put(ctx, 1, "云腾"))
	list := make([]batch, 2)
	var err error
	list[0], err = f.x.read(ctx, 1<<40, nil)
	f.must(err)
	list[1] = batch{entity: "crm.gone", ids: []int64{5}}
	f.must(f.x.enter(ctx))
	defer f.x.leave()
	for len(list) > 0 {
		done, err := f.x.write(ctx, list)
		f.must(err)
		list = list[done:]
	}
	f.want("云腾", 1)
}
