package records

import (
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// AuditAccess writes an audit row for what is no change of a record: sign-in,
// export, a new key. A failure to write it is logged, not answered: the deed is done.
func (e *Engine) AuditAccess(ctx context.Context, actor *access.Actor, action string, rec int64, allowed bool, detail string) {
	row := e.auditRow(actor, action, "", rec, 0)
	if !allowed {
		row.Outcome = audit.Deny
	}
	row.Detail = detail
	err := e.DB.Write(context.WithoutCancel(ctx), func(tx sqldb.Tx) error { return audit.Append(ctx, tx, e.AuditKey, row) })
	if err != nil {
		e.Log.Error("audit", "action", action, "error", err)
	}
}

// AuditExport writes down who took how many records out.
func (e *Engine) AuditExport(ctx context.Context, actor *access.Actor, entity string, rows int, filter string, complete bool) {
	detail := strconv.Itoa(rows) + " rows"
	if filter != "" {
		detail += ", " + filter
	}
	if !complete {
		detail += ", broken off"
	}
	row := e.auditRow(actor, "export", entity, 0, 0)
	row.Detail = detail
	err := e.DB.Write(context.WithoutCancel(ctx), func(tx sqldb.Tx) error { return audit.Append(ctx, tx, e.AuditKey, row) })
	if err != nil {
		e.Log.Error("audit", "action", "export", "error", err)
	}
}
