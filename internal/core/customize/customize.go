// Package customize keeps what administrators changed: the overlay over the
// built-in definitions (custom fields and entities), the company's settings,
// and saved views.
package customize

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/formula"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Tables are the tables of this package.
func Tables() []ddl.Table {
	text := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindText, NotNull: true} }
	num := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindInt, NotNull: true} }
	return []ddl.Table{
		{Name: "overlay", Key: []string{"target"}, NoRowid: true, Columns: []ddl.Column{text("target"), text("kind"), text("body"), num("position")}},
		{Name: "setting", Key: []string{"name"}, NoRowid: true, Columns: []ddl.Column{text("name"), text("value")}},
		{Name: "view", Key: []string{"id"}, Columns: []ddl.Column{num("id"), text("entity"), text("name"), num("owner"), num("shared"), text("body")},
			Indexes: []ddl.Index{{Name: "view_entity", Columns: []string{"entity", "owner"}}}},
	}
}

// Changer applies a new overlay to the running program: tables first, then the registry.
type Changer interface {
	// Prepare makes the tables and columns that a compiled registry needs.
	Prepare(ctx context.Context, st *entity.State) error
	// Changed is called after the registry was switched.
	Changed(ctx context.Context)
}

// Store reads and writes customisation.
type Store struct {
	db       sqldb.DB
	registry *entity.Registry
	ids      interface{ Next() id.ID }
	changer  Changer
	mu       sync.Mutex // one change of the overlay at a time
}

// New makes a store; call Load before use.
func New(db sqldb.DB, registry *entity.Registry, ids interface{ Next() id.ID }, changer Changer) *Store {
	return &Store{db: db, registry: registry, ids: ids, changer: changer}
}

// Load reads the overlay and makes it current.
func (s *Store) Load(ctx context.Context) error {
	o, err := s.read(ctx)
	if err != nil {
		return err
	}
	return s.registry.Apply(o)
}

func (s *Store) read(ctx context.Context) (o *entity.Overlay, err error) {
	err = s.db.Read(ctx, func(q sqldb.Querier) error {
		o, err = ReadOverlay(ctx, q)
		return err
	})
	return o, err
}

// ReadOverlay reads what administrators changed, as q sees it.
func ReadOverlay(ctx context.Context, q sqldb.Querier) (*entity.Overlay, error) {
	o := &entity.Overlay{}
	var rows sqldb.Rows
	err := q.Query(ctx, "SELECT kind, body, position FROM overlay ORDER BY position", nil,
		[]record.Kind{record.KindText, record.KindText, record.KindInt}, &rows)
	if err != nil {
		return nil, err
	}
	for i := range rows.Len() {
		body := []byte(rows.At(i, 1).Str())
		o.Version = max(o.Version, rows.At(i, 2).Int())
		switch rows.At(i, 0).Str() {
		case "entity":
			var p entity.EntityPatch
			if err := json.Unmarshal(body, &p); err != nil {
				return nil, err
			}
			o.Entities = append(o.Entities, p)
		case "field":
			var p entity.FieldPatch
			if err := json.Unmarshal(body, &p); err != nil {
				return nil, err
			}
			o.Fields = append(o.Fields, p)
		}
	}
	return o, nil
}

// AddEntity makes a new entity (自定义模块) at run time.
func (s *Store) AddEntity(ctx context.Context, p entity.EntityPatch) error {
	p.Add = true
	return s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		if err := o.CheckEntity(p); err != nil {
			return "", "", nil, err
		}
		o.Entities = append(o.Entities, p)
		return p.Name, "entity", p, nil
	})
}

// ChangeEntity relabels an entity, or retires a custom one.
func (s *Store) ChangeEntity(ctx context.Context, p entity.EntityPatch) error {
	return s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		for i := range o.Entities {
			if old := &o.Entities[i]; old.Name == p.Name {
				p.Add = old.Add
				*old = p
				return p.Name, "entity", p, nil
			}
		}
		return "", "", nil, errs.New(errs.NotFound, "error.entity_unknown", "entity", p.Name)
	})
}

// AddField makes a new field (字段扩展) at run time.
func (s *Store) AddField(ctx context.Context, p entity.FieldPatch) error {
	p.Add = true
	return s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		st := s.registry.State()
		e := st.Entity(p.Entity)
		if e == nil {
			return "", "", nil, errs.New(errs.NotFound, "error.entity_unknown", "entity", p.Entity)
		}
		if err := entity.CheckField(st.Snapshot, e, p); err != nil {
			return "", "", nil, err
		}
		o.Fields = append(o.Fields, p)
		return p.Entity + "." + p.Key, "field", p, nil
	})
}

// ChangeField patches a field: a custom one is redefined but for its type, a
// built-in one is relabelled or tightened.
func (s *Store) ChangeField(ctx context.Context, p entity.FieldPatch) error {
	return s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		e := s.registry.State().Entity(p.Entity)
		if e == nil || e.Shape.Slot(p.Key) < 0 {
			return "", "", nil, errs.New(errs.NotFound, "error.field_unknown", "field", p.Key)
		}
		for i := range o.Fields {
			old := &o.Fields[i]
			if old.Entity != p.Entity || old.Key != p.Key {
				continue
			}
			p.Add = old.Add
			if old.Add && p.Type != "" && p.Type != old.Type || old.Settings.Many != p.Settings.Many {
				return "", "", nil, errs.New(errs.Invalid, "error.field_type_fixed").At("type")
			}
			p.Type = old.Type
			*old = p
			return p.Entity + "." + p.Key, "field", p, nil
		}
		o.Fields = append(o.Fields, p)
		return p.Entity + "." + p.Key, "field", p, nil
	})
}

// change edits the overlay, tries the result, makes its tables, writes the
// patch down and switches the registry, in this order: a crash in between
// leaves tables that nobody uses, never a definition without its table.
func (s *Store) change(ctx context.Context, edit func(*entity.Overlay) (target, kind string, body any, err error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.read(ctx)
	if err != nil {
		return err
	}
	target, kind, body, err := edit(o)
	if err != nil {
		return err
	}
	o.Version = int64(s.ids.Next())
	st, err := s.registry.Compile(o)
	if err != nil {
		if e, ok := err.(*errs.Error); ok { //nolint:errorlint // bare by contract
			return e
		}
		return errs.New(errs.Invalid, "error.definition").With(err)
	}
	for _, e := range st.Entities { // a formula must be right, and its fields must stay
		if _, err := formula.CompileAll(e); err != nil {
			return err
		}
	}
	if err := ddl.Check(store.Tables(st.Snapshot)); err != nil { // too long for a table, or taken by a key beside another field
		return errs.New(errs.Invalid, "error.definition_name").With(err)
	}
	if err := s.changer.Prepare(ctx, st); err != nil {
		return err
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, bind(tx.Dialect(), `INSERT INTO overlay (target, kind, body, position) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (target) DO UPDATE SET kind = excluded.kind, body = excluded.body`),
			record.Text(target), record.Text(kind), record.Text(string(raw)), record.Int(o.Version))
		return err
	})
	if err != nil {
		return err
	}
	s.registry.Switch(st)
	s.changer.Changed(ctx)
	return nil
}

// bind turns ?N into $N for PostgreSQL.
func bind(d sqldb.Dialect, sql string) string {
	if d != sqldb.Postgres {
		return sql
	}
	b := []byte(sql)
	for i, c := range b {
		if c == '?' {
			b[i] = '$'
		}
	}
	return string(b)
}
