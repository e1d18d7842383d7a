package importer

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Tables are those of this package: how far the imports that run have come,
// and the rows that wait or failed. Both are forgotten at the end of a run.
func Tables() []ddl.Table {
	text := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindText, NotNull: true} }
	num := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindInt, NotNull: true} }
	return []ddl.Table{
		{Name: "import_run", Key: []string{"id"}, Columns: []ddl.Column{num("id"), text("run_key"), num("changed_at"), num("done"), text("counts")},
			Indexes: []ddl.Index{{Name: "import_run_key", Columns: []string{"run_key"}, Unique: true}}},
		{Name: "import_row", Key: []string{"run", "row_no"}, NoRowid: true, Columns: []ddl.Column{num("run"), num("row_no"), num("line"), num("held"),
			{Name: "field", Kind: record.KindText}, {Name: "message", Kind: record.KindText}}},
	}
}

// keepRuns is how long an interrupted run can go on.
const keepRuns = 30 * 24 * time.Hour

// counts are the numbers of a summary while the run goes.
type counts struct {
	Rows      int `json:"rows"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Skipped   int `json:"skipped"`
	Unchanged int `json:"unchanged"`
	Failed    int `json:"failed"`
	Warned    int `json:"warned"`
	Lines     int `json:"lines,omitempty"`
}

func (c *counts) add(o counts) {
	c.Rows += o.Rows
	c.Created += o.Created
	c.Updated += o.Updated
	c.Skipped += o.Skipped
	c.Unchanged += o.Unchanged
	c.Failed += o.Failed
	c.Warned += o.Warned
	c.Lines += o.Lines
}

// mark is what is kept of a row that waits for another, or failed.
type mark struct {
	row, line int
	held      bool
	field     string
	message   string
}

var (
	findRunSQL   = ddl.Both(`SELECT id, done, counts FROM import_run WHERE run_key = $1`)
	oldRunsSQL   = ddl.Both(`SELECT id FROM import_run WHERE changed_at < $1`)
	newRunSQL    = ddl.Both(`INSERT INTO import_run (id, run_key, changed_at, done, counts) VALUES ($1, $2, $3, $4, $5)`)
	saveRunSQL   = ddl.Both(`UPDATE import_run SET changed_at = $2, done = $3, counts = $4 WHERE id = $1`)
	endRunSQL    = ddl.Both(`DELETE FROM import_run WHERE id = $1`)
	endRowsSQL   = ddl.Both(`DELETE FROM import_row WHERE run = $1`)
	keepMarkSQL  = ddl.Both(`INSERT INTO import_row (run, row_no, line, held, field, message) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (run, row_no) DO UPDATE SET held = excluded.held, field = excluded.field, message = excluded.message`)
	dropMarkSQL  = ddl.Both(`DELETE FROM import_row WHERE run = $1 AND row_no = $2`)
	heldSQL      = ddl.Both(`SELECT row_no FROM import_row WHERE run = $1 AND held = 1`)
	failedSQL    = ddl.Both(`SELECT row_no, line, field, message FROM import_row WHERE run = $1 AND held = 0 ORDER BY row_no`)
	intKinds     = []record.Kind{record.KindInt}
	findRunKinds = []record.Kind{record.KindInt, record.KindInt, record.KindText}
	failedKinds  = []record.Kind{record.KindInt, record.KindInt, record.KindText, record.KindText}
)

// resume finds out whether this very import was interrupted, and where.
func (r *run) resume(ctx context.Context) error {
	var rows sqldb.Rows
	if err := r.engine.DB.ReadOne(ctx, findRunSQL.For(r.engine.DB.Dialect()), []record.Value{record.Text(r.key)}, findRunKinds, &rows); err != nil {
		return err
	}
	if rows.Len() == 0 {
		r.id = int64(r.engine.IDs.Next())
		return nil
	}
	r.id, r.at.done, r.at.begun = rows.At(0, 0).Int(), int(rows.At(0, 1).Int()), true
	r.resumed = r.at.done
	return json.Unmarshal([]byte(rows.At(0, 2).Str()), &r.at.total)
}

// save keeps how far the run is in the transaction of a chunk.
func (r *run) save(ctx context.Context, tx sqldb.Tx, at point, marks []mark, drop []int) error {
	raw, err := json.Marshal(at.total)
	if err != nil {
		return err
	}
	d, id, now := tx.Dialect(), record.Int(r.id), record.Int(r.engine.Clock.Now().UnixMicro())
	if at.begun {
		_, err = tx.Exec(ctx, saveRunSQL.For(d), id, now, record.Int(int64(at.done)), record.Text(string(raw)))
	} else {
		_, err = tx.Exec(ctx, newRunSQL.For(d), id, record.Text(r.key), now, record.Int(int64(at.done)), record.Text(string(raw)))
	}
	if err != nil {
		return err
	}
	for _, m := range marks {
		if _, err := tx.Exec(ctx, keepMarkSQL.For(d), id, record.Int(int64(m.row)), record.Int(int64(m.line)), record.Bool(m.held),
			record.Text(m.field), record.Text(strings.ToValidUTF8(m.message, "?"))); err != nil {
			return err
		}
	}
	for _, row := range drop {
		if _, err := tx.Exec(ctx, dropMarkSQL.For(d), id, record.Int(int64(row))); err != nil {
			return err
		}
	}
	return nil
}

// waiting lists the rows that wait for others.
func (r *run) waiting(ctx context.Context) (map[int]bool, error) {
	out := map[int]bool{}
	var rows sqldb.Rows
	if err := r.engine.DB.ReadOne(ctx, heldSQL.For(r.engine.DB.Dialect()), []record.Value{record.Int(r.id)}, intKinds, &rows); err != nil {
		return nil, err
	}
	for i := range rows.Len() {
		out[int(rows.At(i, 0).Int())] = true
	}
	return out, nil
}

// refused lists the rows that failed, in the order of the file.
func (r *run) refused(ctx context.Context) ([]mark, error) {
	var rows sqldb.Rows
	if err := r.engine.DB.ReadOne(ctx, failedSQL.For(r.engine.DB.Dialect()), []record.Value{record.Int(r.id)}, failedKinds, &rows); err != nil {
		return nil, err
	}
	out := make([]mark, rows.Len())
	for i := range out {
		out[i] = mark{row: int(rows.At(i, 0).Int()), line: int(rows.At(i, 1).Int()), field: rows.At(i, 2).Str(), message: rows.At(i, 3).Str()}
	}
	return out, nil
}

// forget drops the state of the run, and that of runs that nobody took up again.
func (r *run) forget(ctx context.Context, tx sqldb.Tx) error {
	d := tx.Dialect()
	var rows sqldb.Rows
	before := record.Int(r.engine.Clock.Now().Add(-keepRuns).UnixMicro())
	if err := tx.Query(ctx, oldRunsSQL.For(d), []record.Value{before}, intKinds, &rows); err != nil {
		return err
	}
	ids := []record.Value{record.Int(r.id)}
	for i := range rows.Len() {
		ids = append(ids, rows.At(i, 0))
	}
	for _, id := range ids {
		for _, sql := range []ddl.Text{endRowsSQL, endRunSQL} {
			if _, err := tx.Exec(ctx, sql.For(d), id); err != nil {
				return err
			}
		}
	}
	return nil
}
