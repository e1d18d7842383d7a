package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Filter chooses rows; its zero fields choose all. From is included, To is not.
// Rows are found by time: other fields are compared row by row, so a question
// over a long log names a span.
type Filter struct {
	Actor     id.ID
	Action    string
	Entity    string
	Record    id.ID
	Changeset id.ID
	Outcome   Outcome
	RequestID string
	From, To  time.Time
	// After continues behind the last row of an earlier page.
	After Mark
	Limit int // 0 = 50, at most 1,000
}

// Mark is a place in the answer of Find; the zero Mark is the beginning.
type Mark struct {
	At time.Time
	ID id.ID
}

// Find gives the rows that match, the newest first, and where the next page
// begins: the zero Mark at the end. Who may ask is for the caller to check, and
// to write into the log.
func Find(ctx context.Context, q sqldb.Querier, f Filter) ([]Row, Mark, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 1000)
	sql, args := f.where(q.Dialect())
	args = append(args, record.Int(int64(limit)+1))
	var rows sqldb.Rows
	rows.Reset(len(rowKinds))
	err := q.Query(ctx, "SELECT "+rowColumns+" FROM audit"+sql+" ORDER BY at DESC, id DESC LIMIT "+ddl.Param(q.Dialect(), len(args)), args, rowKinds, &rows)
	if err != nil {
		return nil, Mark{}, err
	}
	list := make([]Row, 0, min(rows.Len(), limit))
	for i := range min(rows.Len(), limit) {
		r, _ := scan(rows.Row(i))
		list = append(list, r)
	}
	var next Mark
	if rows.Len() > limit {
		last := &list[limit-1]
		next = Mark{last.At, last.ID}
	}
	return list, next, nil
}

func (f *Filter) where(d sqldb.Dialect) (string, []record.Value) {
	var terms []string
	var args []record.Value
	add := func(format string, values ...record.Value) {
		params := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			params[i] = ddl.Param(d, len(args))
		}
		terms = append(terms, fmt.Sprintf(format, params...))
	}
	if f.Actor != 0 {
		add("actor = %s", record.Int(int64(f.Actor)))
	}
	if f.Record != 0 {
		add("record_id = %s", record.Int(int64(f.Record)))
	}
	if f.Changeset != 0 {
		add("changeset = %s", record.Int(int64(f.Changeset)))
	}
	if f.Action != "" {
		add("action = %s", record.Text(f.Action))
	}
	if f.Entity != "" {
		add("entity = %s", record.Text(f.Entity))
	}
	if f.Outcome != "" {
		add("outcome = %s", record.Text(string(f.Outcome)))
	}
	if f.RequestID != "" {
		add("request_id = %s", record.Text(f.RequestID))
	}
	if !f.From.IsZero() {
		add("at >= %s", record.Int(f.From.UnixMicro()))
	}
	if !f.To.IsZero() {
		add("at < %s", record.Int(f.To.UnixMicro()))
	}
	if f.After != (Mark{}) {
		add("(at, id) < (%s, %s)", record.Int(f.After.At.UnixMicro()), record.Int(int64(f.After.ID)))
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}
