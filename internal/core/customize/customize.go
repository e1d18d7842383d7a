// Package customize keeps what administrators changed: the overlay over the
// built-in definitions (custom fields and entities), the company's settings,
// and saved views.
package customize

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/formula"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
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
	// Derive is called in the transaction that writes a change down, with the
	// computed fields whose values records do not hold yet, and the version of
	// the overlay that defines them.
	Derive(ctx context.Context, tx sqldb.Tx, version int64, fields []records.Derived) error
	// Changed is called after the registry was switched.
	Changed(ctx context.Context)
	// Wrote is called after a commit that other processes have to follow by Refresh.
	Wrote()
}

// Store reads and writes customisation.
type Store struct {
	db       sqldb.DB
	registry *entity.Registry
	ids      interface{ Next() id.ID }
	changer  Changer
	sealer   Sealer
	mu       sync.Mutex // one change of the overlay at a time
	company  string     // the settings as Refresh last saw them
}

// Sealer encrypts what settings keep secret; secrets.Keyring is one.
type Sealer interface {
	Seal(class string, plaintext, aad []byte) []byte
	Open(class string, sealed, aad []byte) ([]byte, error)
}

// New makes a store; call Load before use.
func New(db sqldb.DB, registry *entity.Registry, ids interface{ Next() id.ID }, changer Changer, sealer Sealer) *Store {
	return &Store{db: db, registry: registry, ids: ids, changer: changer, sealer: sealer}
}

// Load reads the overlay, makes its tables and makes it current.
func (s *Store) Load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var o *entity.Overlay
	err := s.db.Read(ctx, func(q sqldb.Querier) (err error) {
		if _, s.company, err = versions(ctx, q); err == nil {
			o, err = ReadOverlay(ctx, q)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.adopt(ctx, o)
}

// adopt makes an overlay current that is written down already.
func (s *Store) adopt(ctx context.Context, o *entity.Overlay) error {
	st, err := s.registry.Compile(o)
	if err != nil {
		return err
	}
	if err := s.changer.Prepare(ctx, st); err != nil {
		return err
	}
	s.registry.Switch(st)
	s.changer.Changed(ctx)
	return nil
}

// Refresh makes current what other processes changed: the registry here,
// while settings says that the company's settings are not what they were at
// the last look.
func (s *Store) Refresh(ctx context.Context) (settings bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.company
	_, err = s.refresh(ctx)
	return was != s.company, err
}

// refresh gives the overlay of the moment, which is current then.
func (s *Store) refresh(ctx context.Context) (o *entity.Overlay, err error) {
	current, version := s.registry.State().Overlay, int64(0)
	err = s.db.Read(ctx, func(q sqldb.Querier) error {
		var company string
		if version, company, err = versions(ctx, q); err != nil {
			return err
		}
		s.company = company
		if o = current; version != current.Version {
			o, err = ReadOverlay(ctx, q)
		}
		return err
	})
	if err != nil || version == current.Version {
		return o, err
	}
	return o, s.adopt(ctx, o)
}

// versionKey is the setting that says which overlay is the newest.
const versionKey = "registry"

// versions reads what tells whether anything was changed.
func versions(ctx context.Context, q sqldb.Querier) (overlay int64, company string, err error) {
	var rows sqldb.Rows
	err = q.Query(ctx, "SELECT name, value FROM setting WHERE name = '"+versionKey+"' OR name = '"+companyKey+"' "+
		"UNION ALL SELECT '', CAST(MAX(position) AS TEXT) FROM overlay", nil, []record.Kind{record.KindText, record.KindText}, &rows)
	if err != nil {
		return 0, "", err
	}
	for i := range rows.Len() {
		text := rows.At(i, 1).Str()
		if rows.At(i, 0).Str() == companyKey {
			company = text
			continue
		}
		if text == "" { // there is no overlay
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, "", err
		}
		overlay = max(overlay, n)
	}
	return overlay, company, nil
}

// ReadOverlay reads what administrators changed, as q sees it.
func ReadOverlay(ctx context.Context, q sqldb.Querier) (*entity.Overlay, error) {
	version, _, err := versions(ctx, q)
	if err != nil {
		return nil, err
	}
	o := &entity.Overlay{Version: version}
	var rows sqldb.Rows
	err = q.Query(ctx, "SELECT kind, body FROM overlay ORDER BY position", nil, []record.Kind{record.KindText, record.KindText}, &rows)
	if err != nil {
		return nil, err
	}
	for i := range rows.Len() {
		body := []byte(rows.At(i, 1).Str())
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
		case "print":
			var p entity.PrintPatch
			if err := json.Unmarshal(body, &p); err != nil {
				return nil, err
			}
			o.Prints = append(o.Prints, p)
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

// ChangeEntity relabels an entity, lays out its lists and forms, or retires a
// custom one. edit is given what administrators said of the entity until now
// and changes it; it may be called again when somebody else was quicker, and
// what it fails with is what ChangeEntity fails with.
func (s *Store) ChangeEntity(ctx context.Context, name string, edit func(*entity.EntityPatch) error) (p entity.EntityPatch, err error) {
	err = s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		e, at := s.registry.State().Entity(name), slices.IndexFunc(o.Entities, func(old entity.EntityPatch) bool { return old.Name == name })
		if e == nil && at < 0 {
			return "", "", nil, errs.New(errs.NotFound, "error.entity_unknown", "entity", name)
		}
		p = entity.EntityPatch{Name: name}
		if at >= 0 {
			p = o.Entities[at]
		}
		was := p
		if err := edit(&p); err != nil {
			return "", "", nil, err
		}
		p.Name, p.Add = name, was.Add
		if e != nil && p.Layout != nil {
			if err := p.Layout.Check(e); err != nil {
				return "", "", nil, err
			}
		}
		if !p.Add { // of a built-in entity these are the program's
			p.Retired, p.Shared, p.Title = false, false, ""
		}
		if at >= 0 {
			o.Entities[at] = p
		} else {
			o.Entities = append(o.Entities, p)
		}
		return name, "entity", p, nil
	})
	return p, err
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
// built-in one is relabelled or tightened. edit is as in ChangeEntity.
func (s *Store) ChangeField(ctx context.Context, of, key string, edit func(*entity.FieldPatch) error) (p entity.FieldPatch, err error) {
	err = s.change(ctx, func(o *entity.Overlay) (string, string, any, error) {
		e := s.registry.State().Entity(of)
		if e == nil || e.Shape.Slot(key) < 0 {
			return "", "", nil, errs.New(errs.NotFound, "error.field_unknown", "field", key)
		}
		at := slices.IndexFunc(o.Fields, func(old entity.FieldPatch) bool { return old.Entity == of && old.Key == key })
		p = entity.FieldPatch{Entity: of, Key: key, Settings: schema.Settings{Many: e.Fields[e.Shape.Slot(key)].Set.Many}}
		if at >= 0 {
			p = o.Fields[at]
		}
		was := p
		if err := edit(&p); err != nil {
			return "", "", nil, err
		}
		p.Entity, p.Key, p.Add = of, key, was.Add
		if err := checkOptions(s.registry.State(), e, e.Fields[e.Shape.Slot(key)], was, p); err != nil {
			return "", "", nil, err
		}
		if err := schema.CheckNumbering(p.Settings.Number); err != nil {
			return "", "", nil, err.At("settings")
		}
		if at < 0 {
			o.Fields = append(o.Fields, p)
			return of + "." + key, "field", p, nil
		}
		if was.Add && p.Type != "" && p.Type != was.Type || was.Settings.Many != p.Settings.Many {
			return "", "", nil, errs.New(errs.Invalid, "error.field_type_fixed").At("type")
		}
		p.Type = was.Type
		o.Fields[at] = p
		return of + "." + key, "field", p, nil
	})
	return p, err
}

// errMoved: another process changed the overlay meanwhile.
var errMoved = errs.New(errs.Conflict, "error.definition_moved")

// moves is how often a change begins again when other processes were quicker.
const moves = 5

// overlayEdit changes an overlay and names the row that holds the change.
type overlayEdit func(*entity.Overlay) (target, kind string, body any, err error)

// change edits the overlay, tries the result, makes its tables, writes the
// patch down and switches the registry, in this order: a crash in between
// leaves tables that nobody uses, never a definition without its table.
func (s *Store) change(ctx context.Context, fn overlayEdit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for again := 0; ; again++ {
		err := s.try(ctx, fn)
		if !errors.Is(err, errMoved) || again == moves {
			return err
		}
	}
}

func (s *Store) try(ctx context.Context, fn overlayEdit) error {
	current, err := s.refresh(ctx)
	if err != nil {
		return err
	}
	o := &entity.Overlay{Version: max(int64(s.ids.Next()), current.Version+1), Entities: slices.Clone(current.Entities), Fields: slices.Clone(current.Fields), Prints: slices.Clone(current.Prints)}
	target, kind, body, err := fn(o)
	if err != nil {
		return err
	}
	st, err := s.compile(o)
	if err != nil {
		return err
	}
	if err := s.changer.Prepare(ctx, st); err != nil {
		return err
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	derived := records.DerivedAnew(s.registry.State().Snapshot, st.Snapshot)
	err = s.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := tx.Guard(ctx, "overlay"); err != nil {
			return err
		}
		if v, _, err := versions(ctx, tx); err != nil {
			return err
		} else if v != current.Version {
			return errMoved
		}
		_, err := tx.Exec(ctx, bind(tx.Dialect(), `INSERT INTO overlay (target, kind, body, position) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (target) DO UPDATE SET kind = excluded.kind, body = excluded.body`),
			record.Text(target), record.Text(kind), record.Text(string(raw)), record.Int(o.Version))
		if err != nil {
			return err
		}
		if len(derived) > 0 {
			if err := s.changer.Derive(ctx, tx, o.Version, derived); err != nil {
				return err
			}
		}
		return s.set(ctx, tx, versionKey, strconv.FormatInt(o.Version, 10))
	})
	if err != nil {
		return err
	}
	s.registry.Switch(st)
	s.changer.Changed(ctx)
	return nil
}

// compile makes the state of an overlay, or says what is wrong with it.
func (s *Store) compile(o *entity.Overlay) (*entity.State, error) {
	st, err := s.registry.Compile(o)
	if err != nil {
		if e, ok := err.(*errs.Error); ok { //nolint:errorlint // bare by contract
			return nil, e
		}
		if e, ok := errors.AsType[*errs.Error](err); ok { // what a type says of a field's settings
			return nil, e.At("settings")
		}
		return nil, errs.New(errs.Invalid, "error.definition").With(err)
	}
	if st.Fault != nil { // a condition must be right, and its fields must stay
		return nil, st.Fault
	}
	for _, e := range st.Entities { // a formula must be right, and its fields must stay
		if _, err := formula.CompileAll(e); err != nil {
			return nil, err
		}
	}
	if err := ddl.Check(store.Tables(st.Snapshot)); err != nil { // too long for a table, or taken by a key beside another field
		return nil, errs.New(errs.Invalid, "error.definition_name").With(err)
	}
	return st, nil
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
