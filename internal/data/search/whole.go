package search

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// MarkAll marks every live record of an entity, whose rows lie in table, to be
// indexed: after a restore, which brings rows and no index.
func MarkAll(ctx context.Context, tx sqldb.Tx, entity, table string) error {
	_, err := tx.Exec(ctx, "INSERT INTO "+DirtyTable+" (entity, record_id) SELECT "+ddl.Param(tx.Dialect(), 1)+", id FROM "+ddl.Quote(table)+
		" WHERE deleted_at IS NULL ORDER BY id", record.RawText(entity))
	return err
}

// Lost counts, among the newest live records of an entity, at most limit, those
// that are neither in the index nor marked for it: doctor asks. table holds
// the entity's rows.
func (x *Index) Lost(ctx context.Context, q sqldb.Querier, entity, table string, limit int) (lost int64, err error) {
	d := q.Dialect()
	held := ddl.Quote(x.table) // holds the ids of what is indexed
	if d == sqldb.SQLite {
		held = ddl.Quote(x.table + "_docsize")
	}
	sql := "SELECT count(*) FROM (SELECT id FROM " + ddl.Quote(table) + " WHERE deleted_at IS NULL ORDER BY id DESC LIMIT " + ddl.Param(d, 2) + ") r" +
		" WHERE NOT EXISTS (SELECT 1 FROM " + held + " h WHERE h.id = r.id)" +
		" AND NOT EXISTS (SELECT 1 FROM " + DirtyTable + " w WHERE w.entity = " + ddl.Param(d, 1) + " AND w.record_id = r.id)"
	var rows sqldb.Rows
	rows.Reset(1)
	err = q.Query(ctx, sql, []record.Value{record.RawText(entity), record.Int(int64(limit))}, []record.Kind{record.KindInt}, &rows)
	if err == nil {
		lost = rows.At(0, 0).Int()
	}
	return lost, err
}
