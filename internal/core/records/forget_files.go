package records

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

var (
	looseFilesSQL = ddl.Both(`SELECT id FROM file WHERE record_id IS NULL AND created_at < $1 AND id > $2 ORDER BY id LIMIT 500`)
	forgetFileSQL = ddl.Both(`DELETE FROM file WHERE id = $1 AND record_id IS NULL`)
)

// ForgetFiles deletes the rows of files that were uploaded before an instant,
// that no record ever took in and that needed does not want kept, and says how
// many. Their content is swept when no other row names it.
func (e *Engine) ForgetFiles(ctx context.Context, before time.Time, needed func(ctx context.Context, file int64) (bool, error)) (total int64, err error) {
	for last := int64(0); ; {
		var rows sqldb.Rows
		rows.Reset(1)
		err := e.DB.ReadOne(ctx, looseFilesSQL.For(e.DB.Dialect()), []record.Value{record.Int(before.UnixMicro()), record.Int(last)}, []record.Kind{record.KindInt}, &rows)
		if err != nil || rows.Len() == 0 {
			return total, err
		}
		var gone []int64
		for i := range rows.Len() {
			last = rows.At(i, 0).Int()
			keep, err := needed(ctx, last)
			if err != nil {
				return total, err
			}
			if !keep {
				gone = append(gone, last)
			}
		}
		n, err := e.forgetFiles(ctx, gone)
		if total += n; err != nil {
			return total, err
		}
	}
}

func (e *Engine) forgetFiles(ctx context.Context, ids []int64) (total int64, err error) {
	actor := access.System("uploads that no record took in")
	err = e.DB.Write(ctx, func(tx sqldb.Tx) error {
		total = 0
		var rows []audit.Row
		for _, n := range ids {
			deleted, err := tx.Exec(ctx, forgetFileSQL.For(tx.Dialect()), record.Int(n))
			if err != nil {
				return err
			}
			if deleted > 0 { // no record took it in meanwhile
				rows = append(rows, e.auditRow(actor, "forget", "file", n, 0))
			}
			total += deleted
		}
		return audit.Append(ctx, tx, e.AuditKey, rows...)
	})
	return total, err
}
