package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/lease"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// maxSeal is how many rows one seal covers at most.
const maxSeal = 20_000

// seal closes a range of rows.
type seal struct {
	id          int64
	first, last txorder.Position
	count       int64
	root, prev  []byte
	at          int64 // µs UTC
	signature   []byte
}

// Anchor names a seal. Whoever holds a copy elsewhere can show later that the
// log up to it is whole.
type Anchor struct {
	Seal int64
	Hash []byte
}

// signed is what the signature covers.
func (s *seal) signed() []byte {
	b := []byte("guanxi audit seal 1\x00")
	for _, n := range []int64{s.id, s.first.Xid, s.first.ID, s.last.Xid, s.last.ID, s.count, s.at} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, p := range [][]byte{s.root, s.prev} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// hash names the seal in the next one and in anchors.
func (s *seal) hash() []byte {
	sum := sha256.Sum256(append(s.signed(), s.signature...))
	return sum[:]
}

// leaf is the hash of a row in the tree.
func leaf(p txorder.Position, digest []byte) [32]byte {
	b := make([]byte, 1, 64)
	b = binary.BigEndian.AppendUint64(b, uint64(p.Xid))
	b = binary.BigEndian.AppendUint64(b, uint64(p.ID))
	return sha256.Sum256(append(b, digest...))
}

// tree is a Merkle tree built leaf by leaf: peaks holds the roots of complete
// subtrees, the largest first. Leaves and nodes are hashed with different
// first bytes, so that neither can stand for the other (as in RFC 6962).
type tree struct {
	peaks []peak
	count int64
}

type peak struct {
	hash   [32]byte
	leaves int64
}

func (t *tree) add(leaf [32]byte) {
	t.count++
	t.peaks = append(t.peaks, peak{leaf, 1})
	for n := len(t.peaks); n > 1 && t.peaks[n-1].leaves == t.peaks[n-2].leaves; n-- {
		t.peaks[n-2] = peak{node(t.peaks[n-2].hash, t.peaks[n-1].hash), 2 * t.peaks[n-1].leaves}
		t.peaks = t.peaks[:n-1]
	}
}

func (t *tree) root() []byte {
	if len(t.peaks) == 0 {
		return make([]byte, 32)
	}
	h := t.peaks[len(t.peaks)-1].hash
	for i := len(t.peaks) - 2; i >= 0; i-- {
		h = node(t.peaks[i].hash, h)
	}
	return h[:]
}

func node(left, right [32]byte) [32]byte {
	b := make([]byte, 1, 65)
	b[0] = 1
	b = append(b, left[:]...)
	return sha256.Sum256(append(b, right[:]...))
}

const sealColumns = "id, first_xid, first_id, last_xid, last_id, count, root, prev, at, signature"

var (
	sealKinds = []record.Kind{
		record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindInt,
		record.KindBytes, record.KindBytes, record.KindInt, record.KindBytes,
	}
	lastSealSQL = ddl.Both(`SELECT ` + sealColumns + ` FROM audit_seal ORDER BY id DESC LIMIT 1`)
	unsealedSQL = ddl.Both(`SELECT xid, id, digest FROM audit WHERE (xid, id) > ($1, $2) AND xid < $3 ORDER BY xid, id LIMIT $4`)
	addSealSQL  = ddl.Both(`INSERT INTO audit_seal (` + sealColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
)

func scanSeal(v []record.Value) seal {
	return seal{
		id: v[0].Int(), first: txorder.Position{Xid: v[1].Int(), ID: v[2].Int()}, last: txorder.Position{Xid: v[3].Int(), ID: v[4].Int()},
		count: v[5].Int(), root: []byte(v[6].Str()), prev: []byte(v[7].Str()), at: v[8].Int(), signature: []byte(v[9].Str()),
	}
}

// Sealer seals the log. Any number of processes may run one; the holder of the
// lease works.
type Sealer struct {
	Holder   lease.Holder
	Key      ed25519.PrivateKey
	Interval time.Duration // 0 = 1 s, the longest that a row stays unsealed
	OnError  func(error)   // for the log; nil drops it
}

func (s *Sealer) interval() time.Duration {
	if s.Interval <= 0 {
		return time.Second
	}
	return s.Interval
}

// Run seals until ctx ends.
func (s *Sealer) Run(ctx context.Context) {
	for ctx.Err() == nil {
		_, err := s.Holder.Hold(ctx, "audit.seal", func(ctx context.Context, _ int64) error { return s.serve(ctx) })
		if err != nil && ctx.Err() == nil && s.OnError != nil {
			s.OnError(err)
		}
		s.wait(ctx)
	}
}

func (s *Sealer) serve(ctx context.Context) error {
	for {
		for {
			n, err := s.Seal(ctx)
			if err != nil {
				return err
			}
			if n < maxSeal {
				break
			}
		}
		s.wait(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

func (s *Sealer) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-s.Holder.Clock.After(s.interval()):
	}
}

// Seal makes one seal over the rows that may be sealed now and says over how
// many; 0 makes none. Two sealers at once do no harm: the second one's seal has
// a number that is taken, and it is left to the next time.
func (s *Sealer) Seal(ctx context.Context) (int64, error) {
	var next seal
	err := s.Holder.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		next, err = nextSeal(ctx, q)
		return err
	})
	if err != nil || next.count == 0 {
		return 0, err
	}
	next.at = s.Holder.Clock.Now().UnixMicro()
	next.signature = ed25519.Sign(s.Key, next.signed())
	err = s.Holder.DB.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, addSealSQL.For(tx.Dialect()), record.Int(next.id), record.Int(next.first.Xid), record.Int(next.first.ID),
			record.Int(next.last.Xid), record.Int(next.last.ID), record.Int(next.count), record.Bytes(next.root), record.Bytes(next.prev),
			record.Int(next.at), record.Bytes(next.signature))
		return err
	})
	if errs.Is(err, errs.Duplicate) {
		return 0, nil
	}
	return next.count, err
}

// nextSeal computes the seal behind the last one, not yet signed.
func nextSeal(ctx context.Context, q sqldb.Querier) (seal, error) {
	last, err := lastSeal(ctx, q)
	if err != nil {
		return seal{}, err
	}
	horizon, err := txorder.Horizon(ctx, q)
	if err != nil {
		return seal{}, err
	}
	var rows sqldb.Rows
	rows.Reset(3)
	err = q.Query(ctx, unsealedSQL.For(q.Dialect()), []record.Value{
		record.Int(last.last.Xid), record.Int(last.last.ID), record.Int(horizon), record.Int(maxSeal),
	}, []record.Kind{record.KindInt, record.KindInt, record.KindBytes}, &rows)
	if err != nil || rows.Len() == 0 {
		return seal{}, err
	}
	next := seal{id: last.id + 1, prev: make([]byte, 32)}
	if last.id > 0 {
		next.prev = last.hash()
	}
	var t tree
	for i := range rows.Len() {
		r := rows.Row(i)
		next.last = txorder.Position{Xid: r[0].Int(), ID: r[1].Int()}
		if i == 0 {
			next.first = next.last
		}
		t.add(leaf(next.last, []byte(r[2].Str())))
	}
	next.count, next.root = t.count, t.root()
	return next, nil
}

func lastSeal(ctx context.Context, q sqldb.Querier) (seal, error) {
	var rows sqldb.Rows
	rows.Reset(len(sealKinds))
	if err := q.Query(ctx, lastSealSQL.For(q.Dialect()), nil, sealKinds, &rows); err != nil || rows.Len() == 0 {
		return seal{}, err
	}
	return scanSeal(rows.Row(0)), nil
}

// ErrNoSeal says that the log has no seal yet.
var ErrNoSeal = errors.New("audit: no seal yet")

// Head is the anchor of the newest seal, to be kept elsewhere; ErrNoSeal when
// there is none.
func Head(ctx context.Context, q sqldb.Querier) (Anchor, error) {
	last, err := lastSeal(ctx, q)
	if err != nil {
		return Anchor{}, err
	}
	if last.id == 0 {
		return Anchor{}, ErrNoSeal
	}
	return Anchor{last.id, last.hash()}, nil
}
