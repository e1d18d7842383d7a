// Package audit keeps who did what, when, with which outcome, so that nobody
// can change it afterwards without being found out (SECURITY 6).
//
// # What protects a row
//
// Append writes a row inside the transaction it is about, with a digest keyed
// by a secret that is not in the database: a changed or a foreign row does not
// match its digest. Rows are never updated, and nothing deletes one but Trim,
// which takes whole seals from the beginning and signs where the log begins now.
//
// A digest alone does not show that a row is missing. A sealer therefore closes
// the log within a second: a seal names a range of rows, their number and the
// root of a Merkle tree over their digests, follows the seal before it by hash,
// and is signed. An anchor is the number and hash of a seal, kept elsewhere: it
// shows that the end of the log was cut off.
//
// # Why a sequence of its own
//
// Ids are made before a transaction commits and transactions commit in any
// order, so a range of ids could gain a row after it was sealed. Rows are
// therefore ordered by (xid, id), the order of package txorder: a seal covers
// everything behind the seal before it up to its own last row, and ends below
// the oldest transaction that still runs. No honest row can appear in that
// range later; one that does was put there by hand. The row need not know its
// seal, so it is never written twice. The number of the transaction is not part
// of a row's digest (it is known only to the database while it inserts), but it
// is part of the leaf that the seal covers.
package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Outcome says whether the action was done.
type Outcome string

// The outcomes.
const (
	Allow Outcome = "allow"
	Deny  Outcome = "deny"
)

// Limits of the texts, in bytes; longer ones are cut.
const (
	maxText   = 200
	maxDetail = 4000
)

// Row is one entry. Empty fields are those that the action does not have.
type Row struct {
	ID        id.ID
	At        time.Time // to the microsecond
	Actor     id.ID
	ActorKind string // member, key, system, cli …
	Action    string // create, read, export, login …
	Entity    string
	Record    id.ID
	Changeset id.ID
	Outcome   Outcome
	IP        string
	RequestID string
	// Detail says more, as a small JSON object.
	Detail string
	// HistoryDigest is the digest of the history row with the values.
	HistoryDigest []byte
	// Digest is set by Find.
	Digest []byte
}

// Tables are those of this package.
func Tables() []ddl.Table {
	return []ddl.Table{
		{
			Name: "audit",
			Columns: []ddl.Column{
				{Name: "xid", Kind: record.KindInt},
				{Name: "id", Kind: record.KindInt},
				{Name: "at", Kind: record.KindInt, NotNull: true},
				{Name: "actor", Kind: record.KindInt, NotNull: true},
				{Name: "actor_kind", Kind: record.KindText},
				{Name: "action", Kind: record.KindText, NotNull: true},
				{Name: "entity", Kind: record.KindText},
				{Name: "record_id", Kind: record.KindInt, NotNull: true},
				{Name: "changeset", Kind: record.KindInt, NotNull: true},
				{Name: "outcome", Kind: record.KindText, NotNull: true},
				{Name: "ip", Kind: record.KindText},
				{Name: "request_id", Kind: record.KindText},
				{Name: "detail", Kind: record.KindText},
				{Name: "history_digest", Kind: record.KindBytes},
				{Name: "digest", Kind: record.KindBytes, NotNull: true},
			},
			Key:     []string{"xid", "id"},
			NoRowid: true,
			// Every write pays for these: an index by record or actor costs a
			// third of an entry each (5 µs), and the questions that need one
			// are rare and about a span of time.
			Indexes: []ddl.Index{{Name: "audit_at_ix", Columns: []string{"at", "id"}}},
		},
		{
			Name: "audit_seal",
			Columns: []ddl.Column{
				{Name: "id", Kind: record.KindInt},
				{Name: "first_xid", Kind: record.KindInt, NotNull: true},
				{Name: "first_id", Kind: record.KindInt, NotNull: true},
				{Name: "last_xid", Kind: record.KindInt, NotNull: true},
				{Name: "last_id", Kind: record.KindInt, NotNull: true},
				{Name: "count", Kind: record.KindInt, NotNull: true},
				{Name: "root", Kind: record.KindBytes, NotNull: true},
				{Name: "prev", Kind: record.KindBytes, NotNull: true},
				{Name: "at", Kind: record.KindInt, NotNull: true},
				{Name: "signature", Kind: record.KindBytes, NotNull: true},
			},
			Key: []string{"id"},
		},
		cutTable(),
	}
}

// insert is made once; it holds only text.
var insert = txorder.NewInserter("audit", "",
	"id", "at", "actor", "actor_kind", "action", "entity", "record_id", "changeset", "outcome",
	"ip", "request_id", "detail", "history_digest", "digest")

// Append writes rows in tx with digests under key. Texts from outside are cut
// and cleaned of what a database does not store, since an entry must never fail
// for what somebody sent.
func Append(ctx context.Context, tx sqldb.Tx, key []byte, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	values := make([]record.Value, 0, 14*len(rows))
	for _, r := range rows {
		r.clean()
		history := record.Null
		if len(r.HistoryDigest) > 0 {
			history = record.Bytes(r.HistoryDigest)
		}
		values = append(values, record.Int(int64(r.ID)), record.Int(r.At.UnixMicro()), record.Int(int64(r.Actor)),
			record.Text(r.ActorKind), record.RawText(r.Action), record.Text(r.Entity), record.Int(int64(r.Record)),
			record.Int(int64(r.Changeset)), record.RawText(string(r.Outcome)), record.Text(r.IP), record.Text(r.RequestID),
			record.Text(r.Detail), history, record.Bytes(r.digest(key)))
	}
	return insert.Insert(ctx, tx, values)
}

func (r *Row) clean() {
	for _, s := range []*string{&r.ActorKind, &r.Action, &r.Entity, &r.IP, &r.RequestID} {
		*s = clean(*s, maxText)
	}
	r.Detail = clean(r.Detail, maxDetail)
}

func clean(s string, most int) string {
	if len(s) <= most && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if len(s) > most {
		for !utf8.RuneStart(s[most]) {
			most--
		}
		s = s[:most]
	}
	return s
}

// digest is the HMAC-SHA256 of the row's fields in one unambiguous encoding.
func (r *Row) digest(key []byte) []byte {
	b := make([]byte, 0, 256)
	b = append(b, "guanxi audit row 1\x00"...)
	for _, n := range []int64{int64(r.ID), r.At.UnixMicro(), int64(r.Actor), int64(r.Record), int64(r.Changeset)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, s := range []string{r.ActorKind, r.Action, r.Entity, string(r.Outcome), r.IP, r.RequestID, r.Detail, string(r.HistoryDigest)} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	h := hmac.New(sha256.New, key)
	h.Write(b)
	return h.Sum(nil)
}

const rowColumns = "xid, id, at, actor, actor_kind, action, entity, record_id, changeset, outcome, ip, request_id, detail, history_digest, digest"

var rowKinds = []record.Kind{
	record.KindInt, record.KindInt, record.KindInt, record.KindInt, record.KindText, record.KindText, record.KindText, record.KindInt,
	record.KindInt, record.KindText, record.KindText, record.KindText, record.KindText, record.KindBytes, record.KindBytes,
}

func scan(v []record.Value) (Row, txorder.Position) {
	r := Row{
		ID: id.ID(v[1].Int()), At: time.UnixMicro(v[2].Int()).UTC(), Actor: id.ID(v[3].Int()), ActorKind: v[4].Str(),
		Action: v[5].Str(), Entity: v[6].Str(), Record: id.ID(v[7].Int()), Changeset: id.ID(v[8].Int()),
		Outcome: Outcome(v[9].Str()), IP: v[10].Str(), RequestID: v[11].Str(), Detail: v[12].Str(), Digest: []byte(v[14].Str()),
	}
	if s := v[13].Str(); s != "" {
		r.HistoryDigest = []byte(s)
	}
	return r, txorder.Position{Xid: v[0].Int(), ID: v[1].Int()}
}
