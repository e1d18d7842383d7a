package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// cut says where the log begins since its oldest rows were deleted: behind a
// seal, whose hash the next one names. It is signed like a seal, so that rows
// that are gone were deleted by us, or it shows.
type cut struct {
	seal      int64 // the last one that is gone
	hash      []byte
	last      txorder.Position // its last row
	rows      int64            // that were deleted, ever
	at        int64            // µs UTC
	signature []byte
}

func (c *cut) signed() []byte {
	b := []byte("guanxi audit cut 1\x00")
	for _, n := range []int64{c.seal, c.last.Xid, c.last.ID, c.rows, c.at} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return append(b, c.hash...)
}

func cutTable() ddl.Table {
	num := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindInt, NotNull: true} }
	return ddl.Table{Name: "audit_cut", Key: []string{"id"}, Columns: []ddl.Column{num("id"), num("seal"),
		{Name: "hash", Kind: record.KindBytes, NotNull: true}, num("last_xid"), num("last_id"), num("rows"), num("at"),
		{Name: "signature", Kind: record.KindBytes, NotNull: true}}}
}

// trimRows is how many rows one transaction of Trim deletes at least, where
// there are so many: seals are gone as a whole.
const trimRows = 2000

var (
	cutSQL    = ddl.Both(`SELECT seal, hash, last_xid, last_id, rows, at, signature FROM audit_cut WHERE id = 1`)
	cutKinds  = []record.Kind{record.KindInt, record.KindBytes, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindBytes}
	setCutSQL = ddl.Both(`INSERT INTO audit_cut (id, seal, hash, last_xid, last_id, rows, at, signature) VALUES (1, $1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET seal = excluded.seal, hash = excluded.hash, last_xid = excluded.last_xid, last_id = excluded.last_id,
			rows = excluded.rows, at = excluded.at, signature = excluded.signature`)
	oldSealsSQL   = ddl.Both(`SELECT ` + sealColumns + ` FROM audit_seal WHERE id > $1 AND at < $2 AND id < (SELECT MAX(id) FROM audit_seal) ORDER BY id LIMIT 500`)
	trimRowsSQL   = ddl.Both(`DELETE FROM audit WHERE (xid, id) <= ($1, $2)`)
	trimSealsSQL  = ddl.Both(`DELETE FROM audit_seal WHERE id <= $1`)
	countUntilSQL = ddl.Both(`SELECT COUNT(*) FROM audit WHERE (xid, id) <= ($1, $2)`)
)

func readCut(ctx context.Context, q sqldb.Querier) (c cut, err error) {
	var rows sqldb.Rows
	rows.Reset(len(cutKinds))
	if err := q.Query(ctx, cutSQL.For(q.Dialect()), nil, cutKinds, &rows); err != nil || rows.Len() == 0 {
		return c, err
	}
	r := rows.Row(0)
	return cut{seal: r[0].Int(), hash: []byte(r[1].Str()), last: txorder.Position{Xid: r[2].Int(), ID: r[3].Int()}, rows: r[4].Int(),
		at: r[5].Int(), signature: []byte(r[6].Str())}, nil
}

// FaultError is why Trim deletes nothing: the rows that it should delete are
// not as they were sealed, and would take the traces of that with them.
type FaultError struct{ Finding Finding }

func (e *FaultError) Error() string { return "audit: not trimmed: " + e.Finding.Text }

// Trim deletes the rows that were sealed before an instant, with their seals,
// and says how many; the newest seal always stays. What it deletes it checks
// first (FaultError), and what is left can be verified as before.
func (s *Sealer) Trim(ctx context.Context, keys Keys, before time.Time) (total int64, err error) {
	for {
		n, err := s.trim(ctx, keys, before)
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

func (s *Sealer) trim(ctx context.Context, keys Keys, before time.Time) (n int64, err error) {
	var from, to cut
	err = s.Holder.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		from, to, err = nextCut(ctx, q, keys, before)
		return err
	})
	if err != nil || to.seal == from.seal {
		return 0, err
	}
	to.at = s.Holder.Clock.Now().UnixMicro()
	to.signature = ed25519.Sign(s.Key, to.signed())
	err = s.Holder.DB.Write(ctx, func(tx sqldb.Tx) error {
		n = 0
		if err := tx.Guard(ctx, "audit.cut"); err != nil {
			return err
		}
		now, err := readCut(ctx, tx)
		if err != nil || now.seal != from.seal {
			return err // another process did it
		}
		d := tx.Dialect()
		if n, err = tx.Exec(ctx, trimRowsSQL.For(d), record.Int(to.last.Xid), record.Int(to.last.ID)); err != nil {
			return err
		}
		if n != to.rows-from.rows {
			return fmt.Errorf("audit: %d rows were to be deleted, not %d", to.rows-from.rows, n)
		}
		if _, err := tx.Exec(ctx, trimSealsSQL.For(d), record.Int(to.seal)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, setCutSQL.For(d), record.Int(to.seal), record.Bytes(to.hash), record.Int(to.last.Xid), record.Int(to.last.ID),
			record.Int(to.rows), record.Int(to.at), record.Bytes(to.signature))
		return err
	})
	return n, err
}

// nextCut gives where the log begins and where it may begin instead.
func nextCut(ctx context.Context, q sqldb.Querier, keys Keys, before time.Time) (from, to cut, err error) {
	v := newVerifier(ctx, q, keys)
	if err := v.begin(); err != nil {
		return from, to, err
	}
	from = v.cut
	var rows sqldb.Rows
	rows.Reset(len(sealKinds))
	if err := q.Query(ctx, oldSealsSQL.For(q.Dialect()), []record.Value{record.Int(from.seal), record.Int(before.UnixMicro())}, sealKinds, &rows); err != nil {
		return from, to, err
	}
	for i := 0; i < rows.Len() && v.report.Rows < trimRows; i++ {
		if err := v.one(scanSeal(rows.Row(i))); err != nil {
			return from, to, err
		}
	}
	if len(v.report.Findings) > 0 {
		return from, to, &FaultError{v.report.Findings[0]}
	}
	return from, cut{seal: v.seal, hash: v.prev, last: v.last, rows: from.rows + v.report.Rows}, nil
}

// begin starts the walk where the log begins.
func (v *verifier) begin() (err error) {
	if v.cut, err = readCut(v.ctx, v.q); err != nil || v.cut.seal == 0 {
		return err
	}
	c := &v.cut
	if !v.ours(c.signed(), c.signature) {
		v.found(SealBroken, c.seal, 0, "the mark of the rows deleted up to seal %d is not signed with a known key", c.seal)
	}
	for _, want := range v.anchors[c.seal] {
		if !bytes.Equal(want, c.hash) {
			v.found(SealBroken, c.seal, 0, "seal %d is not the one that the anchor names", c.seal)
		}
	}
	var rows sqldb.Rows
	rows.Reset(1)
	err = v.q.Query(v.ctx, countUntilSQL.For(v.q.Dialect()), []record.Value{record.Int(c.last.Xid), record.Int(c.last.ID)}, []record.Kind{record.KindInt}, &rows)
	if err != nil {
		return err
	}
	if n := rows.At(0, 0).Int(); n > 0 {
		v.found(RowsAdded, c.seal, 0, "%d rows stand where rows were deleted", n)
	}
	v.seal, v.prev, v.last, v.report.Trimmed = c.seal, c.hash, c.last, c.rows
	return nil
}
