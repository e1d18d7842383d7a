package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// FileRow is an uploaded file: a name for some content. It belongs to whoever
// uploaded it until a record takes it in, and to that record from then on.
type FileRow struct {
	ID      int64
	Blob    string
	Name    string
	Size    int64
	Mime    string
	By      int64
	Entity  string // "" until a record holds it
	Record  int64
	Created int64
}

func fileTable() ddl.Table {
	return ddl.Table{Name: "file", Key: []string{"id"}, Columns: []ddl.Column{
		{Name: "id", Kind: record.KindInt, NotNull: true}, {Name: "blob", Kind: record.KindText, NotNull: true},
		{Name: "name", Kind: record.KindText, NotNull: true}, {Name: "size", Kind: record.KindInt, NotNull: true},
		{Name: "mime", Kind: record.KindText, NotNull: true}, {Name: "created_by", Kind: record.KindInt, NotNull: true},
		{Name: "created_at", Kind: record.KindInt, NotNull: true},
		{Name: "entity", Kind: record.KindText}, {Name: "record_id", Kind: record.KindInt}},
		Indexes: []ddl.Index{{Name: "file_record", Columns: []string{"record_id"}}, {Name: "file_blob", Columns: []string{"blob"}}}}
}

// AddFile notes an uploaded file whose content is on disk already.
func (e *Engine) AddFile(ctx context.Context, actor *access.Actor, f FileRow) (FileRow, error) {
	f.ID, f.By, f.Created = int64(e.IDs.Next()), actor.ID(), e.now()
	err := e.DB.Write(ctx, func(tx sqldb.Tx) error {
		sql := "INSERT INTO file (id, blob, name, size, mime, created_by, created_at) VALUES (?1,?2,?3,?4,?5,?6,?7)"
		if tx.Dialect() == sqldb.Postgres {
			sql = "INSERT INTO file (id, blob, name, size, mime, created_by, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)"
		}
		if _, err := tx.Exec(ctx, sql, record.Int(f.ID), record.Text(f.Blob), record.Text(f.Name), record.Int(f.Size), record.Text(f.Mime),
			record.Int(f.By), record.Int(f.Created)); err != nil {
			return err
		}
		return audit.Append(ctx, tx, e.AuditKey, e.auditRow(actor, "upload", "file", f.ID, 0))
	})
	return f, err
}

// File finds a file that the actor may read: one of a record he may read whose
// field he may see, or one that he uploaded and no record holds yet.
func (e *Engine) File(ctx context.Context, actor *access.Actor, file int64) (FileRow, error) {
	var f FileRow
	st := e.Registry.State()
	err := e.DB.Read(ctx, func(db sqldb.Querier) error {
		rows, err := fileRows(ctx, db, []record.Value{record.Int(file)})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return notFound()
		}
		if f = rows[0]; f.Record == 0 {
			if f.By != actor.ID() || actor.ID() == 0 {
				return notFound()
			}
			return nil
		}
		ent := st.Entity(f.Entity)
		if ent == nil {
			return notFound()
		}
		recs, err := e.load(ctx, db, st, ent, actor, []int64{f.Record}, false)
		if err != nil || len(recs) == 0 {
			if err == nil {
				err = notFound()
			}
			return err
		}
		for _, field := range ent.Links {
			if schema.IsFile(field) && actor.Level(ent, field) >= schema.Read && containsValue(recs[0].At(field.Slot).List(), record.Int(file)) {
				return nil
			}
		}
		return notFound()
	})
	return f, err
}

var fileKinds = []record.Kind{record.KindInt, record.KindText, record.KindText, record.KindInt, record.KindText, record.KindInt, record.KindText, record.KindInt, record.KindInt}

func fileRows(ctx context.Context, db sqldb.Querier, ids []record.Value) ([]FileRow, error) {
	sql := "SELECT id, blob, name, size, mime, created_by, entity, record_id, created_at FROM file WHERE id IN (SELECT value FROM json_each(?1))"
	if db.Dialect() == sqldb.Postgres {
		sql = "SELECT id, blob, name, size, mime, created_by, entity, record_id, created_at FROM file WHERE id = ANY($1)"
	}
	var rows sqldb.Rows
	if err := db.Query(ctx, sql, []record.Value{record.List(ids)}, fileKinds, &rows); err != nil {
		return nil, err
	}
	out := make([]FileRow, rows.Len())
	for i := range out {
		r := rows.Row(i)
		out[i] = FileRow{ID: r[0].Int(), Blob: r[1].Str(), Name: r[2].Str(), Size: r[3].Int(), Mime: r[4].Str(), By: r[5].Int(), Entity: r[6].Str(), Record: r[7].Int(), Created: r[8].Int()}
	}
	return out, nil
}

func loadFileLabels(ctx context.Context, db sqldb.Querier, ids []record.Value) (map[int64][]byte, error) {
	rows, err := fileRows(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]byte, len(rows))
	for _, f := range rows {
		out[f.ID] = f.AppendJSON(nil)
	}
	return out, nil
}

// AppendJSON writes the file as the API shows it.
func (f FileRow) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":"`...)
	b = id.ID(f.ID).AppendText(b)
	b = append(b, `","name":`...)
	b = rawjson.AppendString(b, f.Name)
	b = append(b, `,"size":`...)
	b = appendInt(b, f.Size)
	b = append(b, `,"mime":`...)
	b = rawjson.AppendString(b, f.Mime)
	return append(b, '}')
}

// checkFiles lets a record take in only files that its writer uploaded and that
// no other record holds: an id guessed or seen elsewhere opens nothing.
func (s *Session) checkFiles(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, f := range ent.Links {
		if !schema.IsFile(f) {
			continue
		}
		for _, it := range items {
			fresh := newFiles(f, it)
			if len(fresh) == 0 || it.err != nil {
				continue
			}
			rows, err := fileRows(ctx, s.tx, fresh)
			if err != nil {
				return err
			}
			ok := len(rows) == len(fresh)
			for _, r := range rows {
				ok = ok && (r.Record == it.id && it.id != 0 || r.Record == 0 && (r.By == s.actor.ID() || s.trustedBatch()))
			}
			if !ok {
				it.err = errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.file_unknown").At(f.Key)})
			}
		}
	}
	return nil
}

func newFiles(f *schema.Field, it *item) []record.Value {
	if it.op == access.Delete || it.kind == kindRestore {
		return nil
	}
	var old []record.Value
	if it.before != nil {
		old = it.before.At(f.Slot).List()
	}
	var out []record.Value
	for _, v := range it.after.At(f.Slot).List() {
		if !containsValue(old, v) {
			out = append(out, v)
		}
	}
	return out
}

// takeFiles notes which record holds newly attached files. Another record may
// have taken one since it was looked at, in the same call or at the same
// moment, or it was forgotten.
func (s *Session) takeFiles(ctx context.Context, ent *schema.Entity, items []*item) error {
	for _, f := range ent.Links {
		if !schema.IsFile(f) {
			continue
		}
		for _, it := range items {
			fresh := newFiles(f, it)
			if len(fresh) == 0 {
				continue
			}
			sql := "UPDATE file SET entity = ?1, record_id = ?2 WHERE id IN (SELECT value FROM json_each(?3)) AND (record_id IS NULL OR record_id = ?2)"
			if s.tx.Dialect() == sqldb.Postgres {
				sql = "UPDATE file SET entity = $1, record_id = $2 WHERE id = ANY($3) AND (record_id IS NULL OR record_id = $2)"
			}
			n, err := s.tx.Exec(ctx, sql, record.Text(ent.Name), record.Int(it.id), record.List(fresh))
			if err != nil {
				return err
			}
			if int(n) != len(fresh) {
				return errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.file_unknown").At(f.Key)})
			}
		}
	}
	return nil
}

// FileNamed says whether a file row names the blob: what none names is swept.
func (e *Engine) FileNamed(ctx context.Context, blob string) (bool, error) {
	sql := "SELECT id FROM file WHERE blob = ?1 LIMIT 1"
	if e.DB.Dialect() == sqldb.Postgres {
		sql = "SELECT id FROM file WHERE blob = $1 LIMIT 1"
	}
	var rows sqldb.Rows
	err := e.DB.ReadOne(ctx, sql, []record.Value{record.RawText(blob)}, []record.Kind{record.KindInt}, &rows)
	return rows.Len() > 0, err
}

// BlobNames calls fn once for every blob that files name, in ascending order.
func BlobNames(ctx context.Context, q sqldb.Querier, fn func(blob string) error) error {
	sql := "SELECT DISTINCT blob FROM file WHERE blob > ?1 ORDER BY blob LIMIT 5000"
	if q.Dialect() == sqldb.Postgres {
		sql = "SELECT DISTINCT blob FROM file WHERE blob > $1 ORDER BY blob LIMIT 5000"
	}
	for last := ""; ; {
		var rows sqldb.Rows
		if err := q.Query(ctx, sql, []record.Value{record.RawText(last)}, []record.Kind{record.KindText}, &rows); err != nil || rows.Len() == 0 {
			return err
		}
		for i := range rows.Len() {
			last = rows.At(i, 0).Str()
			if err := fn(last); err != nil {
				return err
			}
		}
	}
}
