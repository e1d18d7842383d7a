package records

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// maxClass is the largest number of a searchable field within an entity.
const maxClass = 250

// NumberSearchFields gives every searchable field of a snapshot its number in
// the index. A number is given once and kept for ever: were it to pass to
// another field, hidden text could be found through that field's right. It
// names the entities that gained a searchable field: Reindex them once the
// snapshot is current.
func (e *Engine) NumberSearchFields(ctx context.Context, snap *schema.Snapshot) ([]string, error) {
	var grown []string
	err := e.DB.Write(ctx, func(tx sqldb.Tx) error {
		grown = nil
		if err := tx.Guard(ctx, "search_class"); err != nil {
			return err
		}
		var rows sqldb.Rows
		if err := tx.Query(ctx, "SELECT entity, field, class FROM search_class", nil, []record.Kind{record.KindText, record.KindText, record.KindInt}, &rows); err != nil {
			return err
		}
		given, last := map[string]uint8{}, map[string]int64{}
		for i := range rows.Len() {
			name := rows.At(i, 0).Str()
			given[name+"."+rows.At(i, 1).Str()] = uint8(rows.At(i, 2).Int())
			last[name] = max(last[name], rows.At(i, 2).Int())
		}
		for _, ent := range snap.Entities {
			for _, f := range ent.SearchFields() {
				if f.Class = given[ent.Name+"."+f.Key]; f.Class != 0 {
					continue
				}
				if last[ent.Name]++; last[ent.Name] > maxClass {
					return errs.New(errs.Invalid, "error.search_fields")
				}
				f.Class = uint8(last[ent.Name])
				if !contains(grown, ent.Name) {
					grown = append(grown, ent.Name)
				}
				if _, err := tx.Exec(ctx, insertClass(tx.Dialect()), record.Text(ent.Name), record.Text(f.Key), record.Int(last[ent.Name])); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return grown, err
}

// Reindex brings the index of entities up to date with their searchable fields.
func (e *Engine) Reindex(ctx context.Context, names []string) error {
	for _, name := range names {
		if ent := e.Registry.State().Entity(name); ent != nil {
			if err := search.Rebuild(ctx, e.DB, ent.Name, ent.Table); err != nil {
				return err
			}
		}
	}
	return nil
}

func insertClass(d sqldb.Dialect) string {
	if d == sqldb.Postgres {
		return "INSERT INTO search_class (entity, field, class) VALUES ($1, $2, $3)"
	}
	return "INSERT INTO search_class (entity, field, class) VALUES (?1, ?2, ?3)"
}
