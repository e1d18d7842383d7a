package audit_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
	key   = []byte("a key of thirty-two bytes length")
)

// world is a database with an audit log, its writer and its sealer.
type world struct {
	t      *testing.T
	db     sqldb.DB
	clock  *clock.Fake
	ids    *id.Generator
	public ed25519.PublicKey
	sealer *audit.Sealer
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	db.Each(t, func(t *testing.T, d sqldb.DB) { fn(newWorld(t, d)) })
}

func newWorld(t *testing.T, d sqldb.DB) *world {
	t.Helper()
	var p ddl.Plan
	tables := slices.Concat(audit.Tables(), lease.Tables(), txorder.Tables())
	err := d.Read(ctx, func(q sqldb.Querier) (err error) { p, err = ddl.NewPlan(ctx, q, tables); return err })
	if err == nil {
		err = ddl.Apply(ctx, d, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(start)
	seed := sha256.Sum256([]byte(t.Name()))
	private := ed25519.NewKeyFromSeed(seed[:])
	w := &world{t: t, db: d, clock: c, ids: id.NewGenerator(1, c, 0), public: private.Public().(ed25519.PublicKey)}
	w.sealer = &audit.Sealer{Holder: lease.Holder{DB: d, Clock: c, Name: "one", TTL: time.Minute}, Key: private}
	return w
}

func (w *world) row(n int) audit.Row {
	return audit.Row{
		ID: w.ids.Next(), At: w.clock.Now(), Actor: id.ID(100 + n%3), ActorKind: "member", Action: "update",
		Entity: "crm.thing", Record: id.ID(n%5 + 1), Changeset: 9, Outcome: audit.Allow, IP: "10.0.0.1",
		RequestID: fmt.Sprint("r", n), Detail: `{"n":1}`, HistoryDigest: []byte{1, 0, 2},
	}
}

// write appends n rows, each in a transaction of its own.
func (w *world) write(n int) {
	w.t.Helper()
	for i := range n {
		r := w.row(i)
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return audit.Append(ctx, tx, key, r) }); err != nil {
			w.t.Fatal(err)
		}
		w.clock.Advance(time.Millisecond)
	}
}

// seal waits until nothing that the server does for itself (autovacuum) holds
// the rows back: its transactions have numbers too.
func (w *world) seal(want int64) {
	w.t.Helper()
	n, err := w.sealer.Seal(ctx)
	for late := time.After(20 * time.Second); err == nil && n < want; {
		select {
		case <-late:
			w.t.Fatalf("sealed %d rows; want %d", n, want)
		case <-time.After(10 * time.Millisecond):
		}
		var more int64
		more, err = w.sealer.Seal(ctx)
		n += more
	}
	if err != nil || n != want {
		w.t.Fatalf("sealed %d rows, %v; want %d", n, err, want)
	}
}

func (w *world) exec(sql string, args ...record.Value) {
	w.t.Helper()
	err := w.db.Write(ctx, func(tx sqldb.Tx) error {
		n, err := tx.Exec(ctx, ddl.Both(sql).For(tx.Dialect()), args...)
		if err == nil && n == 0 {
			err = errors.New("no row was touched")
		}
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) verify(anchors ...audit.Anchor) audit.Report {
	w.t.Helper()
	var r audit.Report
	err := w.db.Read(ctx, func(q sqldb.Querier) (err error) {
		r, err = audit.Verify(ctx, q, audit.Keys{Digest: [][]byte{key}, Public: []ed25519.PublicKey{w.public}}, anchors)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) head() audit.Anchor {
	w.t.Helper()
	var a audit.Anchor
	if err := w.db.Read(ctx, func(q sqldb.Querier) (err error) { a, err = audit.Head(ctx, q); return err }); err != nil {
		w.t.Fatal(err)
	}
	return a
}

// positions are the (xid, id) of all rows in order.
func (w *world) positions() []txorder.Position {
	w.t.Helper()
	var rows sqldb.Rows
	rows.Reset(2)
	if err := w.db.ReadOne(ctx, `SELECT xid, id FROM audit ORDER BY xid, id`, nil, []record.Kind{record.KindInt, record.KindInt}, &rows); err != nil {
		w.t.Fatal(err)
	}
	var list []txorder.Position
	for i := range rows.Len() {
		list = append(list, txorder.Position{Xid: rows.At(i, 0).Int(), ID: rows.At(i, 1).Int()})
	}
	return list
}

func TestWholeLog(t *testing.T) {
	each(t, func(w *world) {
		if r := w.verify(); r.Rows != 0 || r.Seals != 0 || len(r.Findings) != 0 {
			w.t.Errorf("an empty log: %+v", r)
		}
		if err := w.db.Read(ctx, func(q sqldb.Querier) error { _, err := audit.Head(ctx, q); return err }); !errors.Is(err, audit.ErrNoSeal) {
			w.t.Errorf("head of an empty log: %v", err)
		}
		w.seal(0)
		var anchors []audit.Anchor
		for _, n := range []int{1, 7, 2, 16} {
			w.write(n)
			w.seal(int64(n))
			w.seal(0)
			anchors = append(anchors, w.head())
		}
		w.write(3)
		r := w.verify(anchors...)
		if r.Rows != 29 || r.Unsealed != 3 || r.Seals != 4 || len(r.Findings) != 0 || !bytes.Equal(r.Head.Hash, anchors[3].Hash) || r.Head.Seal != 4 {
			w.t.Errorf("report %+v", r)
		}
	})
}

func TestTampering(t *testing.T) {
	at := func(p txorder.Position) []record.Value { return []record.Value{record.Int(p.Xid), record.Int(p.ID)} }
	// Ten rows are sealed as 4 + 4, the last 2 are not; the anchor names seal 2.
	cases := []struct {
		name   string
		tamper func(w *world, p []txorder.Position)
		want   []audit.Kind
	}{
		{"nothing", func(*world, []txorder.Position) {}, nil},
		{"changed actor", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET actor = 55 WHERE xid = $1 AND id = $2`, at(p[1])...)
		}, []audit.Kind{audit.RowChanged}},
		{"changed time", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET at = at + 1 WHERE xid = $1 AND id = $2`, at(p[1])...)
		}, []audit.Kind{audit.RowChanged}},
		{"shifted texts", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET action = 'updat', entity = 'ecrm.thing' WHERE xid = $1 AND id = $2`, at(p[1])...)
		}, []audit.Kind{audit.RowChanged}},
		{"changed outcome", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET outcome = 'deny' WHERE xid = $1 AND id = $2`, at(p[1])...)
		}, []audit.Kind{audit.RowChanged}},
		{"changed history digest", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET history_digest = NULL WHERE xid = $1 AND id = $2`, at(p[1])...)
		}, []audit.Kind{audit.RowChanged}},
		{"digest of another row", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET digest = (SELECT digest FROM audit a WHERE a.xid = $3 AND a.id = $4) WHERE xid = $1 AND id = $2`, append(at(p[1]), at(p[2])...)...)
		}, []audit.Kind{audit.RowChanged, audit.RowsReordered}},
		{"changed, not yet sealed", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET detail = NULL WHERE xid = $1 AND id = $2`, at(p[9])...)
		}, []audit.Kind{audit.RowChanged}},
		{"deleted", func(w *world, p []txorder.Position) {
			w.exec(`DELETE FROM audit WHERE xid = $1 AND id = $2`, at(p[2])...)
		}, []audit.Kind{audit.RowsMissing}},
		{"deleted the last of a seal", func(w *world, p []txorder.Position) {
			w.exec(`DELETE FROM audit WHERE xid = $1 AND id = $2`, at(p[3])...)
		}, []audit.Kind{audit.RowsMissing}},
		{"deleted the first of all", func(w *world, p []txorder.Position) {
			w.exec(`DELETE FROM audit WHERE xid = $1 AND id = $2`, at(p[0])...)
		}, []audit.Kind{audit.RowsMissing}},
		{"forged", func(w *world, p []txorder.Position) {
			w.exec(`INSERT INTO audit (xid, id, at, actor, action, record_id, changeset, outcome, digest)
				SELECT xid, id + 1, at, 1, 'read', 0, 0, 'allow', digest FROM audit WHERE xid = $1 AND id = $2`, at(p[1])...)
		}, []audit.Kind{audit.RowChanged, audit.RowsAdded}},
		{"copied", func(w *world, p []txorder.Position) {
			w.exec(`INSERT INTO audit SELECT xid + 1, id, at, actor, actor_kind, action, entity, record_id, changeset, outcome,
				ip, request_id, detail, history_digest, digest FROM audit WHERE xid = $1 AND id = $2`, at(p[1])...)
		}, []audit.Kind{audit.RowsAdded}},
		{"copied before the first", func(w *world, p []txorder.Position) {
			w.exec(`INSERT INTO audit SELECT 0, id, at, actor, actor_kind, action, entity, record_id, changeset, outcome,
				ip, request_id, detail, history_digest, digest FROM audit WHERE xid = $1 AND id = $2`, at(p[9])...)
		}, []audit.Kind{audit.RowsAdded}},
		{"reordered", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET xid = CASE WHEN xid = $1 THEN $3 ELSE $1 END WHERE xid = $1 AND id = $2 OR xid = $3 AND id = $4`, append(at(p[1]), at(p[2])...)...)
		}, []audit.Kind{audit.RowsReordered}},
		{"moved to another seal", func(w *world, p []txorder.Position) {
			w.exec(`UPDATE audit SET xid = $3 WHERE xid = $1 AND id = $2`, append(at(p[1]), record.Int(p[5].Xid))...)
		}, []audit.Kind{audit.RowsMissing, audit.RowsAdded}},
		{"one deleted, one copied", func(w *world, p []txorder.Position) {
			w.exec(`DELETE FROM audit WHERE xid = $1 AND id = $2`, at(p[1])...)
			w.exec(`INSERT INTO audit SELECT xid, id + 1, at, actor, actor_kind, action, entity, record_id, changeset, outcome,
				ip, request_id, detail, history_digest, digest FROM audit WHERE xid = $1 AND id = $2`, at(p[2])...)
		}, []audit.Kind{audit.RowChanged, audit.RowsReordered}},
		{"changed seal", func(w *world, _ []txorder.Position) {
			w.exec(`UPDATE audit_seal SET at = at + 1 WHERE id = 1`)
		}, []audit.Kind{audit.SealBroken, audit.SealBroken}},
		{"deleted seal in the middle", func(w *world, _ []txorder.Position) {
			w.exec(`DELETE FROM audit_seal WHERE id = 1`)
		}, []audit.Kind{audit.SealBroken, audit.RowsAdded}},
		{"seal by another key", func(w *world, _ []txorder.Position) {
			w.exec(`DELETE FROM audit_seal WHERE id = 2`)
			mine := w.sealer.Key
			w.sealer.Key = ed25519.NewKeyFromSeed(make([]byte, 32))
			w.seal(6)
			w.sealer.Key = mine
		}, []audit.Kind{audit.SealBroken, audit.SealBroken}},
		{"sealed anew by the holder of the key", func(w *world, p []txorder.Position) {
			w.exec(`DELETE FROM audit_seal WHERE id = 2`)
			w.exec(`DELETE FROM audit WHERE xid = $1 AND id = $2`, at(p[5])...)
			w.seal(5)
		}, []audit.Kind{audit.SealBroken}},
		{"truncated", func(w *world, p []txorder.Position) {
			w.exec(`DELETE FROM audit_seal WHERE id = 2`)
			w.exec(`DELETE FROM audit WHERE (xid, id) > ($1, $2)`, at(p[3])...)
		}, []audit.Kind{audit.Truncated}},
		{"everything deleted", func(w *world, _ []txorder.Position) {
			w.exec(`DELETE FROM audit_seal`)
			w.exec(`DELETE FROM audit`)
		}, []audit.Kind{audit.Truncated}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(w *world) {
				w.write(4)
				w.seal(4)
				w.write(4)
				w.seal(4)
				anchor := w.head()
				w.write(2)
				c.tamper(w, w.positions())
				var kinds []audit.Kind
				for _, f := range w.verify(anchor).Findings {
					kinds = append(kinds, f.Kind)
				}
				if diff := cmp.Diff(c.want, kinds); diff != "" {
					w.t.Errorf("findings (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A transaction that began before a seal and commits after it is sealed later,
// not missed and not taken for a forgery.
func TestLateCommit(t *testing.T) {
	w := newWorld(t, db.Postgres(t))
	began, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	late := w.row(1)
	go func() {
		done <- w.db.Write(ctx, func(tx sqldb.Tx) error {
			err := audit.Append(ctx, tx, key, late)
			close(began)
			<-goOn
			return err
		})
	}()
	<-began
	w.write(3)
	w.seal(0)
	close(goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	w.seal(4)
	if r := w.verify(); len(r.Findings) != 0 || r.Rows != 4 || r.Unsealed != 0 {
		t.Errorf("report %+v", r)
	}
}

// Many write while two processes seal: nothing is missed, nothing sealed twice.
func TestSealUnderLoad(t *testing.T) {
	const writers, rounds = 6, 40
	each(t, func(w *world) {
		running, stop := context.WithCancel(ctx)
		var sealers, all sync.WaitGroup
		for _, name := range []string{"a", "b"} {
			s := *w.sealer
			s.Holder.Name, s.Holder.Clock, s.Interval = name, clock.System{}, 2*time.Millisecond
			s.OnError = func(err error) { w.t.Error(err) }
			sealers.Go(func() { s.Run(running) })
		}
		for range writers {
			all.Go(func() {
				for n := range rounds {
					err := w.db.Write(ctx, func(tx sqldb.Tx) error { return audit.Append(ctx, tx, key, w.row(n), w.row(n+1)) })
					if err != nil {
						w.t.Error(err)
					}
				}
			})
		}
		all.Wait()
		stop()
		sealers.Wait()
		for {
			if n, err := w.sealer.Seal(ctx); err != nil || n == 0 {
				if err != nil {
					w.t.Error(err)
				}
				break
			}
		}
		r := w.verify(w.head())
		if r.Rows != writers*rounds*2 || r.Unsealed != 0 || len(r.Findings) != 0 || r.Seals < 2 {
			w.t.Errorf("report %+v", r)
		}
	})
}

func TestSealerRun(t *testing.T) {
	each(t, func(w *world) {
		running, stop := context.WithCancel(ctx)
		var sealer sync.WaitGroup
		sealer.Go(func() { w.sealer.Run(running) })
		for range 3 {
			w.clock.BlockUntil(2) // the renewal of the lease and the next look
			w.write(2)
			w.clock.Advance(time.Second)
		}
		w.clock.BlockUntil(2)
		stop()
		sealer.Wait()
		if r := w.verify(); r.Seals != 3 || r.Unsealed != 0 || len(r.Findings) != 0 {
			w.t.Errorf("report %+v", r)
		}
	})
}

// Keys change; what the old ones made stays good while they are known.
func TestKeyRotation(t *testing.T) {
	each(t, func(w *world) {
		w.write(2)
		w.seal(2)
		oldPublic := w.public
		newKey := []byte("another key")
		private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
		w.sealer.Key = private
		r := w.row(1)
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return audit.Append(ctx, tx, newKey, r) }); err != nil {
			w.t.Fatal(err)
		}
		w.seal(1)
		verify := func(keys audit.Keys) int {
			var report audit.Report
			err := w.db.Read(ctx, func(q sqldb.Querier) (err error) { report, err = audit.Verify(ctx, q, keys, nil); return err })
			if err != nil {
				w.t.Fatal(err)
			}
			return len(report.Findings)
		}
		newPublic := private.Public().(ed25519.PublicKey)
		if n := verify(audit.Keys{Digest: [][]byte{key, newKey}, Public: []ed25519.PublicKey{oldPublic, newPublic}}); n != 0 {
			w.t.Errorf("%d findings with all keys", n)
		}
		if n := verify(audit.Keys{Digest: [][]byte{newKey}, Public: []ed25519.PublicKey{newPublic}}); n != 3 {
			w.t.Errorf("%d findings with the new keys only", n)
		}
	})
}

func TestFind(t *testing.T) {
	each(t, func(w *world) {
		w.write(30)
		deny := w.row(3)
		deny.Outcome, deny.Action, deny.Record, deny.RequestID = audit.Deny, "export", 0, "deny"
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return audit.Append(ctx, tx, key, deny) }); err != nil {
			w.t.Fatal(err)
		}
		find := func(f audit.Filter) []audit.Row {
			w.t.Helper()
			var all []audit.Row
			for {
				var page []audit.Row
				var next audit.Mark
				err := w.db.Read(ctx, func(q sqldb.Querier) (err error) { page, next, err = audit.Find(ctx, q, f); return err })
				if err != nil {
					w.t.Fatal(err)
				}
				all = append(all, page...)
				if next == (audit.Mark{}) {
					return all
				}
				f.After = next
			}
		}
		all := find(audit.Filter{Limit: 7})
		if len(all) != 31 || !slices.IsSortedFunc(all, func(a, b audit.Row) int { return int(b.ID - a.ID) }) {
			w.t.Errorf("%d rows by pages", len(all))
		}
		got := all[0]
		got.Digest = nil
		if diff := cmp.Diff(deny, got); diff != "" {
			w.t.Errorf("row (-want +got):\n%s", diff)
		}
		counts := map[string]struct {
			f    audit.Filter
			want int
		}{
			"actor":     {audit.Filter{Actor: 101}, 10},
			"record":    {audit.Filter{Record: 2}, 6},
			"both":      {audit.Filter{Record: 2, Actor: 101}, 2},
			"outcome":   {audit.Filter{Outcome: audit.Deny}, 1},
			"action":    {audit.Filter{Action: "update"}, 30},
			"entity":    {audit.Filter{Entity: "crm.other"}, 0},
			"changeset": {audit.Filter{Changeset: 9, Limit: 4}, 31},
			"request":   {audit.Filter{RequestID: "r7"}, 1},
			"span":      {audit.Filter{From: start.Add(5 * time.Millisecond), To: start.Add(9 * time.Millisecond)}, 4},
		}
		for name, c := range counts {
			if rows := find(c.f); len(rows) != c.want {
				w.t.Errorf("%s: %d rows, want %d", name, len(rows), c.want)
			}
		}
	})
}

// An entry never fails for what somebody sent.
func TestTextsFromOutside(t *testing.T) {
	each(t, func(w *world) {
		r := w.row(1)
		r.RequestID = "a\x00b\xffc" + strings.Repeat("关", 200)
		r.Detail = strings.Repeat("长", 3000)
		if err := w.db.Write(ctx, func(tx sqldb.Tx) error { return audit.Append(ctx, tx, key, r) }); err != nil {
			w.t.Fatal(err)
		}
		w.seal(1)
		if report := w.verify(); len(report.Findings) != 0 {
			w.t.Errorf("findings %+v", report.Findings)
		}
		var page []audit.Row
		err := w.db.Read(ctx, func(q sqldb.Querier) (err error) { page, _, err = audit.Find(ctx, q, audit.Filter{}); return err })
		if err != nil {
			w.t.Fatal(err)
		}
		got := page[0]
		if !strings.HasPrefix(got.RequestID, "a\uFFFDb\uFFFDc关关") || len(got.RequestID) > 200 || len(got.RequestID) < 197 || !utf8.ValidString(got.RequestID) {
			w.t.Errorf("request id of %d bytes: %q", len(got.RequestID), got.RequestID)
		}
		if len(got.Detail) != 3999 || !utf8.ValidString(got.Detail) {
			w.t.Errorf("detail of %d bytes", len(got.Detail))
		}
	})
}
