package entity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/model/formula"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Texts gives the words of a key in every locale; nil when there are none. Keys:
// "crm.customer" the entity, "crm.customer#" its plural, "crm.customer.name" a
// field, "crm.customer.status=won" an option, "crm.customer@basic" a group,
// "crm.customer.parent<" what points here by a reference, "crm.customer!mine" a view, "crm.customer?" the sentence of the empty list.
type Texts func(key string) map[string]string

// Registry holds the built-in definitions and the current snapshot. Readers
// take the snapshot once per request and keep it.
type Registry struct {
	defs  []Def
	texts Texts
	cur   atomic.Pointer[State]
}

// State is a snapshot and what it was made from.
type State struct {
	*schema.Snapshot
	Overlay *Overlay
	Skipped []string // patches whose target is unknown: kept, not applied, listed by doctor
	Fault   error    // what is wrong with the first condition of a field that was left out; nil = nothing
	defs    map[string]*Def
	rules   map[string]*Rules
	rollups map[string][]Rolled
}

// Rolled are the roll-ups of an entity that are made of another one's records.
type Rolled struct {
	Entity *schema.Entity
	Fields []*schema.Field
}

// Rollups gives the roll-ups that are made of an entity's records.
func (s *State) Rollups(name string) []Rolled { return s.rollups[name] }

func (s *State) findRollups() {
	s.rollups = map[string][]Rolled{}
	for _, e := range s.Entities {
		for _, f := range e.Fields {
			if !schema.IsRollup(f) || f.Retired {
				continue
			}
			from := f.Set.Rollup.Entity
			list := s.rollups[from]
			if n := len(list); n == 0 || list[n-1].Entity != e {
				list = append(list, Rolled{Entity: e})
			}
			last := &list[len(list)-1]
			last.Fields = append(last.Fields, f)
			s.rollups[from] = list
		}
	}
}

// Def gives the definition of a built-in entity, nil for custom ones.
func (s *State) Def(name string) *Def { return s.defs[name] }

// NewRegistry compiles the built-in definitions with an empty overlay.
func NewRegistry(texts Texts, defs []Def) (*Registry, error) {
	r := &Registry{defs: defs, texts: texts}
	if err := r.Apply(&Overlay{}); err != nil {
		return r, err
	}
	return r, r.State().Fault
}

// Words are a text of the program in every language.
func (r *Registry) Words(key string) map[string]string { return r.texts(key) }

// State is the current snapshot.
func (r *Registry) State() *State { return r.cur.Load() }

// Apply merges an overlay over the built-in definitions and makes the result current.
func (r *Registry) Apply(o *Overlay) error {
	s, err := r.Compile(o)
	if err == nil {
		r.Switch(s)
	}
	return err
}

// Switch makes a compiled state current: the very one that was prepared, since
// what its preparation wrote into it (numbers of searchable fields) is not in
// the overlay.
func (r *Registry) Switch(s *State) { r.cur.Store(s) }

// Compile merges an overlay without making it current.
func (r *Registry) Compile(o *Overlay) (*State, error) {
	st := &State{Overlay: o, defs: map[string]*Def{}}
	var list []*schema.Entity
	for i := range r.defs {
		d := &r.defs[i]
		e, err := r.compile(d, o)
		if err != nil {
			return nil, fmt.Errorf("entity %s: %w", d.Name, err)
		}
		st.defs[d.Name] = d
		list = append(list, e)
	}
	for _, p := range o.Entities {
		if !p.Add {
			if !slices.ContainsFunc(list, func(e *schema.Entity) bool { return e.Name == p.Name }) {
				st.Skipped = append(st.Skipped, p.Name)
			}
			continue
		}
		if p.Retired {
			continue
		}
		d := custom(p)
		e, err := r.compile(&d, o)
		if err != nil {
			return nil, fmt.Errorf("entity %s: %w", p.Name, err)
		}
		e.Custom = true
		e.Label, e.Plural = p.Label, p.Plural
		if e.Plural.In("zh-CN") == "" {
			e.Plural = p.Label
		}
		if t := e.Field(p.Title); t != nil {
			e.Title = t
		}
		list = append(list, e)
	}
	share(list, o)
	if err := r.joinLines(st, list); err != nil {
		return nil, err
	}
	if err := st.sumMonths(list); err != nil {
		return nil, err
	}
	aim(list)
	st.Snapshot = schema.NewSnapshot(o.Version, list)
	for _, e := range list {
		finishRollups(st.Snapshot, o, e)
	}
	st.findRollups()
	for _, e := range list {
		if err := markVolatile(e); err != nil {
			st.Skipped = append(st.Skipped, e.Name+": "+err.Error())
		}
	}
	st.compileRules()
	if err := st.checkPrints(r.defs); err != nil {
		return nil, err
	}
	for _, p := range o.Fields {
		if o.retired(p.Entity) {
			continue // it waits with its entity
		}
		e := st.Entity(p.Entity)
		if e == nil || e.Shape.Slot(p.Key) < 0 {
			st.Skipped = append(st.Skipped, p.Entity+"."+p.Key)
		}
	}
	return st, nil
}

// custom is the definition behind an entity made by an administrator.
func custom(p EntityPatch) Def {
	d := Def{Name: p.Name, Icon: p.Icon}
	if d.Icon == "" {
		d.Icon = "box"
	}
	if !p.Shared {
		owner := Member("owner")
		d.Fields = Fields(owner)
		d.Scopes = OwnedBy(owner)
	}
	return d
}

func systemFields() []*schema.Field {
	make1 := func(key, typ string, kind record.Kind) *schema.Field {
		return &schema.Field{Key: key, Type: schema.TypeNamed(typ), System: true, ReadOnly: true,
			Column: key, Columns: []schema.Column{{Name: key, Kind: kind}}}
	}
	return []*schema.Field{
		make1("id", "id", record.KindInt), make1("version", "number", record.KindInt),
		make1("created_at", "instant", record.KindInt), make1("created_by", "member", record.KindInt),
		make1("updated_at", "instant", record.KindInt), make1("updated_by", "member", record.KindInt),
		make1("deleted_at", "instant", record.KindInt), make1("deleted_by", "member", record.KindInt),
	}
}

func (r *Registry) compile(d *Def, o *Overlay) (*schema.Entity, error) {
	module, _, ok := strings.Cut(d.Name, ".")
	if !ok {
		return nil, fmt.Errorf("name without a module")
	}
	e := &schema.Entity{Name: d.Name, Module: module, Table: strings.ReplaceAll(d.Name, ".", "_"), Icon: d.Icon,
		Public: d.Public, Guarded: d.Guarded, Personal: d.Personal, Link: d.Link, Duplicates: d.Duplicates, Alike: d.Alike,
		Label: r.texts(d.Name), Plural: r.texts(d.Name + "#")}
	fields := systemFields()
	for _, decl := range d.Fields {
		f := *decl.declaration()
		f.Set.Options = slices.Clone(f.Set.Options)
		for _, t := range d.targets {
			if t.Field == f.Key {
				f.Set.Targets = append(slices.Clip(f.Set.Targets), t.To...)
			}
		}
		fields = append(fields, &f)
	}
	if d.Scopes.Owner != nil {
		fields = append(fields, &schema.Field{Key: "dept", Type: schema.TypeNamed("department"), ReadOnly: true})
	}
	if d.of != "" {
		fields = append(fields, lineFields(d.of, r.texts(d.of))...)
	}
	for _, p := range o.Fields {
		if p.Entity == d.Name && p.Add {
			fields = append(fields, customField(p))
		}
	}
	for i, f := range fields {
		if err := r.finishField(e, f, i, o); err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Key, err)
		}
	}
	e.Fields = fields
	if err := link(e, d); err != nil {
		return nil, err
	}
	if p := o.entity(d.Name); p != nil && !p.Add {
		relabel(e, p)
	}
	r.layout(e, d, o)
	r.prints(e, d, o)
	return e, checkLayout(e)
}

func customField(p FieldPatch) *schema.Field {
	f := &schema.Field{Key: p.Key, Type: schema.TypeNamed(p.Type), Set: p.Settings, Custom: true,
		Label: p.Label, Help: p.Help, Placeholder: p.Placeholder, Default: p.Default,
		Required: p.Required, Unique: p.Unique, Search: p.Search, Retired: p.Retired, VisibleWhen: p.VisibleWhen, RequiredWhen: p.RequiredWhen}
	if p.Type == "text" {
		f.Folded = true
		f.Sortable = true
	}
	if p.Type == "file" {
		f.Set.Many = true
	}
	return f
}

func (r *Registry) finishField(e *schema.Entity, f *schema.Field, slot int, o *Overlay) error {
	f.Slot = slot
	if f.Type == nil {
		return fmt.Errorf("unknown type")
	}
	if f.Label == nil {
		if f.Label = r.texts(e.Name + "." + f.Key); f.Label == nil {
			f.Label = r.texts("field." + f.Key)
		}
		f.Help = r.texts(e.Name + "." + f.Key + "?")
		f.Reverse = r.texts(e.Name + "." + f.Key + "<")
	}
	for i := range f.Set.Options {
		opt := &f.Set.Options[i]
		if opt.Label == nil {
			if opt.Label = r.texts(e.Name + "." + f.Key + "=" + opt.Code); opt.Label == nil {
				opt.Label = r.texts("option." + opt.Code)
			}
		}
	}
	for _, p := range o.Fields {
		if p.Entity == e.Name && p.Key == f.Key && !p.Add {
			patchField(f, p)
		}
	}
	if err := f.Type.Check(f); err != nil {
		return err
	}
	if f.System {
		return nil
	}
	f.Column = f.Key
	if f.Custom {
		f.Column = "x_" + f.Key
	}
	f.Columns = f.Type.Columns(f, f.Column)
	return nil
}

// relabel gives a built-in entity the words and icon that administrators chose.
func relabel(e *schema.Entity, p *EntityPatch) {
	if p.Label.In("zh-CN") != "" {
		e.Label = p.Label
		e.Plural = p.Label
	}
	if p.Plural.In("zh-CN") != "" {
		e.Plural = p.Plural
	}
	if p.Icon != "" {
		e.Icon = p.Icon
	}
}

// patchField narrows and relabels; it never makes a field less strict.
func patchField(f *schema.Field, p FieldPatch) {
	if p.Label.In("zh-CN") != "" {
		f.Label = p.Label
	}
	if p.Help != nil {
		f.Help = p.Help
	}
	if p.Placeholder != nil {
		f.Placeholder = p.Placeholder
	}
	if p.Default != "" {
		f.Default = p.Default
	}
	f.VisibleWhen = joined(f.VisibleWhen, " and ", p.VisibleWhen)
	f.RequiredWhen = joined(f.RequiredWhen, " or ", p.RequiredWhen)
	f.Required = f.Required || p.Required && !f.ReadOnly
	f.Retired = f.Retired || p.Retired && !f.Required
	if p.Settings.Number != nil && schema.IsAutoNumber(f) {
		f.Set.Number = p.Settings.Number
	}
	for _, opt := range p.Settings.Options {
		if old := f.Option(opt.Code); old != nil {
			*old = opt
		} else {
			f.Set.Options = append(f.Set.Options, opt)
		}
	}
	rank := func(opt schema.Option) int { // as the patch has them, then the others
		if i := slices.IndexFunc(p.Settings.Options, func(in schema.Option) bool { return in.Code == opt.Code }); i >= 0 {
			return i
		}
		return len(p.Settings.Options)
	}
	slices.SortStableFunc(f.Set.Options, func(a, b schema.Option) int { return cmp.Compare(rank(a), rank(b)) })
}

// joined puts two conditions together; either may be empty.
func joined(a, word, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return "(" + a + ")" + word + "(" + b + ")"
}

// link fills in what an entity knows of its fields.
func link(e *schema.Entity, d *Def) error {
	keys := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		if slices.Contains(keys[:i], f.Key) {
			return fmt.Errorf("field %s is declared twice", f.Key)
		}
		keys[i] = f.Key
	}
	e.Shape = record.NewShape(e.Name, keys, record.SystemSlots)
	by := func(decl Declared) *schema.Field {
		if decl == nil {
			return nil
		}
		return e.Fields[e.Shape.Slot(decl.declaration().Key)]
	}
	e.Owner, e.Also, e.Through, e.Title = by(d.Scopes.Owner), by(d.Scopes.Also), by(d.Scopes.Through), by(d.Title)
	e.Pool = by(d.Scopes.Pool)
	if e.Owner != nil {
		e.Dept = e.Fields[e.Shape.Slot("dept")]
	}
	var found []*schema.Field
	for _, f := range e.Fields {
		switch {
		case f.Retired:
			continue
		case f.Many():
			e.Links = append(e.Links, f)
		case schema.IsLong(f):
			e.Long = append(e.Long, f)
		case schema.IsFormula(f):
			e.Formulas = append(e.Formulas, f)
		}
		if e.Title == nil && (f.Type.Name() == "text" || f.Type.Name() == "auto_number") {
			e.Title = f
		}
		if f.Search {
			found = append(found, f)
		}
	}
	if e.Title == nil {
		e.Title = e.Fields[record.SlotID]
	}
	if e.Title.Type.Name() == "text" && !slices.Contains(found, e.Title) {
		found = append(found, e.Title)
	}
	if d.of != "" {
		e.Parent, e.Position = e.Fields[e.Shape.Slot(parentKey)], e.Fields[e.Shape.Slot(positionKey)]
		found = nil // a line is no hit of its own: it has no page
	}
	e.SetSearch(found)
	e.Indexes = d.Indexes
	for _, x := range e.Indexes {
		for _, k := range x.Keys {
			if key := strings.TrimPrefix(k, "-"); e.Field(key) == nil && (d.of == "" || !strings.HasPrefix(key, parentKey+".")) {
				return fmt.Errorf("index over unknown field %s", k)
			}
		}
	}
	return nil
}

// markVolatile finds the formulas that are computed when read. An entity whose
// formulas no longer compile keeps working without them.
func markVolatile(e *schema.Entity) error {
	set, err := formula.CompileAll(e)
	if err != nil {
		e.Formulas = nil
		return err
	}
	for _, p := range set.Volatile() {
		p.Field().Volatile = true
		p.Field().Columns = nil
	}
	e.Formulas = e.Formulas[:0]
	for _, p := range set.Stored() {
		e.Formulas = append(e.Formulas, p.Field())
	}
	return nil
}

// finishRollups gives roll-ups the type of what they sum up, also where that
// was retired: their columns are there and keep what was last.
func finishRollups(s *schema.Snapshot, o *Overlay, e *schema.Entity) {
	for _, f := range e.Fields {
		if !schema.IsRollup(f) || f.Set.Rollup.Op == "count" {
			continue
		}
		if result := rolledUp(s, o, f.Set.Rollup); result != "" {
			f.Set.Result = result
			f.Columns = f.Type.Columns(f, f.Column)
		}
	}
}

// rolledUp names the type of the field that a roll-up sums up, "" when there is none.
func rolledUp(s *schema.Snapshot, o *Overlay, r *schema.Rollup) string {
	if from := s.Entity(r.Entity); from != nil {
		if g := from.Field(r.Field); g != nil {
			return valueType(g.Type.Name(), g.Set.Result)
		}
	}
	for _, p := range o.Fields {
		if p.Add && p.Entity == r.Entity && p.Key == r.Field {
			return valueType(p.Type, p.Settings.Result)
		}
	}
	return ""
}

// valueType names the type of a field's values: those of a formula are of the
// type of its result.
func valueType(name, result string) string {
	if name != "formula" {
		return name
	}
	return cmp.Or(result, "decimal")
}
