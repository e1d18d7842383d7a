// Package records is the one write path and the one read path of every entity
// (DESIGN §4, §5). It names no business entity.
package records

import (
	"context"
	"log/slog"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// IDs gives new ids.
type IDs interface {
	Next() id.ID
}

// Directory is what the engine must know of the company's people; modules/org implements it.
type Directory interface {
	access.Directory
	// Label is the shown name of a member or department from memory.
	Label(entity string, id int64) (string, bool)
	// Zone is the company's time zone: numbers, ageing and automation count in it.
	Zone() *time.Location
	// Currency is the code of the company's own currency, "" before the first run.
	Currency() string
	// Name is what the company is called in short, "" before the first run.
	Name() string
}

// Gate decides, before anything is written, whether a change may go on
// (DESIGN §4): an approval or a closed period may refuse or divert it.
type Gate interface {
	// Pass answers nil to go on, an errs.Locked error to refuse, or Diverted.
	Pass(ctx context.Context, tx sqldb.Querier, op string, c entity.Change) error
}

// Engine reads and writes records.
type Engine struct {
	DB       sqldb.DB
	Registry *entity.Registry
	Rights   *access.Rights
	Dir      Directory
	IDs      IDs
	Clock    clock.Clock
	History  *history.Log
	Outbox   *outbox.Log
	AuditKey []byte          // key of the digests of audit rows
	Search   *search.Indexer // nil in tools that do not search
	Gates    []Gate
	// Handed is told, in the same transaction, what a member gave to another one; nil = nobody is.
	Handed func(ctx context.Context, tx entity.Writer, h Handed) error
	Log    *slog.Logger

	index    indexes
	masked   maskedCount
	formulas formulaSets
	fields   fieldSets
	rows     sqldb.RowsPool
}

// now is the engine's time in µs.
func (e *Engine) now() int64 { return e.Clock.Now().UnixMicro() }

// entity finds an entity that the actor may know of.
func (e *Engine) entity(st *entity.State, name string) (*schema.Entity, error) {
	if ent := st.Entity(name); ent != nil {
		return ent, nil
	}
	return nil, errNoEntity(name)
}
