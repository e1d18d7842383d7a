package audit_test

import (
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

func (w *world) keys() audit.Keys {
	return audit.Keys{Digest: [][]byte{key}, Public: []ed25519.PublicKey{w.public}}
}

func (w *world) trim(before time.Time, want int64) {
	w.t.Helper()
	if n, err := w.sealer.Trim(ctx, w.keys(), before); err != nil || n != want {
		w.t.Fatalf("trimmed %d rows, %v; want %d", n, err, want)
	}
}

// months writes four seals of three rows, a month apart, and an unsealed row.
func (w *world) months() (began time.Time, heads []audit.Anchor) {
	w.t.Helper()
	began = w.clock.Now()
	for range 4 {
		w.write(3)
		w.seal(3)
		heads = append(heads, w.head())
		w.clock.Advance(30 * 24 * time.Hour)
	}
	w.write(1)
	return began, heads
}

// What is older than it is kept goes with its seals; the rest can be verified
// as before, and goes on.
func TestTrim(t *testing.T) {
	each(t, func(w *world) {
		began, heads := w.months()
		w.trim(began, 0)
		w.trim(began.Add(45*24*time.Hour), 6)
		whole := func(rows, trimmed, seals int64, anchors ...audit.Anchor) {
			t.Helper()
			if r := w.verify(anchors...); len(r.Findings) != 0 || r.Rows != rows || r.Trimmed != trimmed || r.Seals != seals {
				t.Fatalf("%+v", r)
			}
		}
		whole(7, 6, 2, heads...)
		w.trim(began.Add(45*24*time.Hour), 0)
		w.seal(1)
		w.trim(w.clock.Now().Add(time.Hour), 6) // the newest seal stays
		whole(1, 12, 1, heads...)
		w.write(2)
		w.seal(2)
		whole(3, 12, 2, append(heads, w.head())...)
		bad := heads[3]
		bad.Hash = heads[0].Hash
		if r := w.verify(bad); len(r.Findings) != 1 || r.Findings[0].Kind != audit.SealBroken {
			t.Errorf("another anchor of the last seal that is gone: %+v", r.Findings)
		}
	})
}

// Who deletes the beginning himself, says that more was deleted, or puts rows
// where rows were deleted is found out.
func TestTrimForged(t *testing.T) {
	forge := map[string]func(w *world){
		"beginning": func(w *world) {
			w.exec("DELETE FROM audit WHERE (xid, id) IN (SELECT xid, id FROM audit ORDER BY xid, id LIMIT 3)")
			w.exec("DELETE FROM audit_seal WHERE id = (SELECT MIN(id) FROM audit_seal)")
		},
		"no mark": func(w *world) { w.exec("DELETE FROM audit_cut") },
		"mark":    func(w *world) { w.exec("UPDATE audit_cut SET rows = 99") },
		"later":   func(w *world) { w.exec("UPDATE audit_cut SET seal = seal + 1") },
		"row back": func(w *world) {
			w.exec("UPDATE audit SET xid = $1 WHERE (xid, id) IN (SELECT MAX(xid), MAX(id) FROM audit)", record.Int(1))
		},
	}
	for name, do := range forge {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				began, _ := w.months()
				w.trim(began.Add(15*24*time.Hour), 3)
				do(w)
				if r := w.verify(); len(r.Findings) == 0 {
					t.Errorf("not found: %+v", r)
				}
			})
		})
	}
}

// What was tampered with is not deleted: its traces would go with it.
func TestTrimKeepsTraces(t *testing.T) {
	each(t, func(w *world) {
		began, _ := w.months()
		p := w.positions()[1]
		w.exec("UPDATE audit SET action = 'nothing' WHERE xid = $1 AND id = $2", record.Int(p.Xid), record.Int(p.ID))
		n, err := w.sealer.Trim(ctx, w.keys(), began.Add(45*24*time.Hour))
		var fault *audit.FaultError
		if !errors.As(err, &fault) || n != 0 || fault.Finding.Kind != audit.RowChanged {
			t.Errorf("trimmed %d, %v", n, err)
		}
		if r := w.verify(); r.Rows != 13 || len(r.Findings) == 0 {
			t.Errorf("%+v", r)
		}
	})
}
