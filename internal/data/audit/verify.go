package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"fmt"
	"math"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Kind says what is wrong.
type Kind string

// What Verify finds.
const (
	RowChanged    Kind = "row_changed"    // a row does not match its digest: changed, or written by somebody without the key
	RowsMissing   Kind = "rows_missing"   // a seal covers more rows than there are
	RowsAdded     Kind = "rows_added"     // there are more rows than the seal covers
	RowsReordered Kind = "rows_reordered" // the number is right, but rows were moved or exchanged
	SealBroken    Kind = "seal_broken"    // a seal is missing, not signed by us, or does not follow the one before
	Truncated     Kind = "truncated"      // an anchor names a seal that is gone
)

// Finding is one thing that is wrong. Seal and Row are 0 when it is not about
// one. Text is for the log and auditors, in English.
type Finding struct {
	Kind Kind
	Seal int64
	Row  id.ID
	Text string
}

// Report is what Verify saw. The log is whole when Findings is empty.
type Report struct {
	Rows, Unsealed int64 // all rows, and those behind the last seal
	Trimmed        int64 // rows that were deleted by Trim
	Seals          int64
	Head           Anchor // of the last seal, zero without one
	Findings       []Finding
}

// Keys are what a log is checked with; several after a change of keys.
type Keys struct {
	Digest [][]byte
	Public []ed25519.PublicKey
}

// maxFindings bounds a report over a log that is broken throughout.
const maxFindings = 1000

// verifyPage is how many rows are read at a time.
const verifyPage = 2000

var (
	sealPageSQL = ddl.Both(`SELECT ` + sealColumns + ` FROM audit_seal WHERE id > $1 ORDER BY id LIMIT $2`)
	rowPageSQL  = ddl.Both(`SELECT ` + rowColumns + ` FROM audit WHERE (xid, id) > ($1, $2) AND (xid, id) <= ($3, $4) ORDER BY xid, id LIMIT $5`)
)

// Verify reads the whole log, from where Trim left it, and checks it against
// its digests, its seals and the anchors; those of deleted seals say nothing. It changes nothing and needs no secret but the digest keys.
func Verify(ctx context.Context, q sqldb.Querier, keys Keys, anchors []Anchor) (Report, error) {
	v := newVerifier(ctx, q, keys)
	for _, a := range anchors {
		v.anchors[a.Seal] = append(v.anchors[a.Seal], a.Hash)
	}
	if err := v.begin(); err != nil {
		return v.report, err
	}
	if err := v.seals(); err != nil {
		return v.report, err
	}
	rest, err := v.rows(v.last, txorder.Position{Xid: math.MaxInt64, ID: math.MaxInt64}, 0)
	if err != nil {
		return v.report, err
	}
	v.report.Unsealed = rest.count
	for _, a := range anchors {
		if a.Seal > v.seal {
			v.found(Truncated, a.Seal, 0, "the anchor names seal %d, the log ends with seal %d", a.Seal, v.seal)
		}
	}
	return v.report, nil
}

func newVerifier(ctx context.Context, q sqldb.Querier, keys Keys) *verifier {
	return &verifier{ctx: ctx, q: q, keys: keys, anchors: map[int64][][]byte{}, prev: make([]byte, 32)}
}

// verifier walks along the seals.
type verifier struct {
	ctx     context.Context
	q       sqldb.Querier
	keys    Keys
	anchors map[int64][][]byte
	report  Report
	cut     cut

	seal int64            // number of the last seal
	prev []byte           // its hash
	last txorder.Position // its last row
}

func (v *verifier) found(kind Kind, seal int64, row id.ID, format string, args ...any) {
	if len(v.report.Findings) < maxFindings {
		v.report.Findings = append(v.report.Findings, Finding{kind, seal, row, fmt.Sprintf(format, args...)})
	}
}

func (v *verifier) seals() error {
	for {
		var rows sqldb.Rows
		rows.Reset(len(sealKinds))
		if err := v.q.Query(v.ctx, sealPageSQL.For(v.q.Dialect()), []record.Value{record.Int(v.seal), record.Int(verifyPage)}, sealKinds, &rows); err != nil {
			return err
		}
		for i := range rows.Len() {
			if err := v.one(scanSeal(rows.Row(i))); err != nil {
				return err
			}
		}
		if rows.Len() < verifyPage {
			return nil
		}
	}
}

// one checks a seal and the rows between it and the one before.
func (v *verifier) one(s seal) error {
	hash := s.hash()
	switch {
	case s.id != v.seal+1:
		v.found(SealBroken, s.id, 0, "seal %d follows seal %d", s.id, v.seal)
	case !bytes.Equal(s.prev, v.prev):
		v.found(SealBroken, s.id, 0, "seal %d does not name the hash of seal %d", s.id, v.seal)
	}
	if !v.signedByUs(s) {
		v.found(SealBroken, s.id, 0, "seal %d is not signed with a known key", s.id)
	}
	for _, want := range v.anchors[s.id] {
		if !bytes.Equal(want, hash) {
			v.found(SealBroken, s.id, 0, "seal %d is not the one that the anchor names", s.id)
		}
	}
	if !v.last.Before(s.first) || s.last.Before(s.first) {
		v.found(SealBroken, s.id, 0, "seal %d covers rows that others cover", s.id)
	}
	t, err := v.rows(v.last, s.last, s.id)
	if err != nil {
		return err
	}
	switch {
	case t.count < s.count:
		v.found(RowsMissing, s.id, 0, "seal %d covers %d rows, %d are missing", s.id, s.count, s.count-t.count)
	case t.count > s.count:
		v.found(RowsAdded, s.id, 0, "seal %d covers %d rows, %d were added", s.id, s.count, t.count-s.count)
	case !bytes.Equal(t.root(), s.root):
		v.found(RowsReordered, s.id, 0, "the %d rows of seal %d are not those that were sealed, or not in their order", s.count, s.id)
	}
	v.seal, v.prev = s.id, hash
	if v.last.Before(s.last) {
		v.last = s.last
	}
	v.report.Seals++
	v.report.Head = Anchor{s.id, hash}
	return nil
}

func (v *verifier) signedByUs(s seal) bool { return v.ours(s.signed(), s.signature) }

func (v *verifier) ours(signed, signature []byte) bool {
	for _, key := range v.keys.Public {
		if len(key) == ed25519.PublicKeySize && ed25519.Verify(key, signed, signature) {
			return true
		}
	}
	return false
}

// rows checks the digests of the rows in (from, to] and builds their tree.
func (v *verifier) rows(from, to txorder.Position, seal int64) (t tree, err error) {
	var rows sqldb.Rows
	for {
		rows.Reset(len(rowKinds))
		err := v.q.Query(v.ctx, rowPageSQL.For(v.q.Dialect()), []record.Value{
			record.Int(from.Xid), record.Int(from.ID), record.Int(to.Xid), record.Int(to.ID), record.Int(verifyPage),
		}, rowKinds, &rows)
		if err != nil {
			return t, err
		}
		for i := range rows.Len() {
			row, at := scan(rows.Row(i))
			if !v.genuine(&row) {
				v.found(RowChanged, seal, row.ID, "row %s of %s does not match its digest", row.ID, row.At.Format("2006-01-02 15:04:05"))
			}
			t.add(leaf(at, row.Digest))
			from = at
		}
		v.report.Rows += int64(rows.Len())
		if rows.Len() < verifyPage {
			return t, nil
		}
	}
}

func (v *verifier) genuine(r *Row) bool {
	for _, key := range v.keys.Digest {
		if hmac.Equal(r.Digest, r.digest(key)) {
			return true
		}
	}
	return false
}
