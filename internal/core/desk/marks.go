package desk

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Kind says why something is marked.
type Kind string

// The kinds of marks.
const (
	Starred Kind = "star"
	Seen    Kind = "seen"
)

// Mark is something that a member starred or saw: the record of that id, or,
// with ViewSign before it, a view of the entity; ViewSign alone is its whole list.
type Mark struct {
	Entity, Target string
	At             int64 // microseconds
}

// ViewSign begins the target of a mark that is a view.
const ViewSign = "?"

// most marks of a kind: stars beyond are refused, of the seen the oldest go.
var most = map[Kind]int{Starred: 100, Seen: 40}

var (
	marksSQL  = ddl.Both(`SELECT entity, target, at FROM desk_mark WHERE member = $1 AND kind = $2 ORDER BY at DESC, entity, target`)
	markSQL   = ddl.Both(`INSERT INTO desk_mark (member, kind, entity, target, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member, kind, entity, target) DO UPDATE SET at = excluded.at`)
	unmarkSQL = ddl.Both(`DELETE FROM desk_mark WHERE member = $1 AND kind = $2 AND entity = $3 AND target = $4`)
	markKinds = []record.Kind{record.KindText, record.KindText, record.KindInt}
)

// Marks lists a member's marks of a kind, the newest first.
func (s *Store) Marks(ctx context.Context, member int64, kind Kind) ([]Mark, error) {
	var rows sqldb.Rows
	err := s.db.ReadOne(ctx, marksSQL.For(s.db.Dialect()), []record.Value{record.Int(member), record.Text(string(kind))}, markKinds, &rows)
	return marksOf(&rows), err
}

func marksOf(rows *sqldb.Rows) []Mark {
	out := make([]Mark, rows.Len())
	for i := range out {
		out[i] = Mark{Entity: rows.At(i, 0).Str(), Target: rows.At(i, 1).Str(), At: rows.At(i, 2).Int()}
	}
	return out
}

// Mark notes one, or moves it to the front. Errors: Invalid when there are too many stars.
func (s *Store) Mark(ctx context.Context, member int64, kind Kind, m Mark) error {
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		d, who, of := tx.Dialect(), record.Int(member), record.Text(string(kind))
		if _, err := tx.Exec(ctx, markSQL.For(d), who, of, record.Text(m.Entity), record.Text(m.Target), s.now()); err != nil {
			return err
		}
		var rows sqldb.Rows
		if err := tx.Query(ctx, marksSQL.For(d), []record.Value{who, of}, markKinds, &rows); err != nil {
			return err
		}
		all := marksOf(&rows)
		if len(all) <= most[kind] {
			return nil
		}
		if kind == Starred {
			return errs.New(errs.Invalid, "error.star_many", "most", "100")
		}
		for _, old := range all[most[kind]:] {
			if _, err := tx.Exec(ctx, unmarkSQL.For(d), who, of, record.Text(old.Entity), record.Text(old.Target)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unmark takes a mark away; one that is not there is none the less gone.
func (s *Store) Unmark(ctx context.Context, member int64, kind Kind, m Mark) error {
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, unmarkSQL.For(tx.Dialect()), record.Int(member), record.Text(string(kind)), record.Text(m.Entity), record.Text(m.Target))
		return err
	})
}
