// Package schema says what data is: entities and their fields, compiled into
// an immutable snapshot. Everything else (tables, API, pages, rights, import,
// search) follows from it.
package schema

import (
	"maps"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Labels is a text by locale ("zh-CN", "en").
type Labels map[string]string

// In gives the text in a locale, else the Chinese one, else any.
func (l Labels) In(locale string) string {
	if s, ok := l[locale]; ok && s != "" {
		return s
	}
	if s := l["zh-CN"]; s != "" {
		return s
	}
	return l["en"]
}

// Option is one entry of a dictionary (PLT-7).
type Option struct {
	Code   string `json:"code"`
	Label  Labels `json:"label"`
	Color  string `json:"color,omitempty"`
	Hidden bool   `json:"hidden,omitempty"` // no longer offered; old records keep it
	Parent string `json:"parent,omitempty"` // tree choice
	Into   string `json:"into,omitempty"`   // merged: what is written as this one becomes that one
}

// Equal says whether two options are the same in everything.
func (o Option) Equal(p Option) bool {
	return o.Code == p.Code && o.Color == p.Color && o.Hidden == p.Hidden && o.Parent == p.Parent && o.Into == p.Into && maps.Equal(o.Label, p.Label)
}

// Rollup says how a field is computed from the records that point here (PLT-17).
type Rollup struct {
	Entity string `json:"entity"` // the entity whose records are counted
	Via    string `json:"via"`    // its reference field to this entity
	Op     string `json:"op"`     // count, sum, min, max, last
	Field  string `json:"field,omitempty"`
}

// Numbering says how an auto number is made (PLT-16).
type Numbering struct {
	Prefix string `json:"prefix,omitempty"`
	Date   string `json:"date,omitempty"`   // "", "YYYY", "YYYYMM", "YYYYMMDD"
	Digits int    `json:"digits,omitempty"` // width of the sequence, default 4
	Reset  string `json:"reset,omitempty"`  // never, year, month, day
}

// Settings are the parameters of a field's type; each type reads its own.
type Settings struct {
	Max      int        `json:"max,omitempty"`      // text: characters; many: entries
	Digits   int        `json:"digits,omitempty"`   // decimal, percent: digits shown
	Low      string     `json:"low,omitempty"`      // number, decimal, money, date: least value, text form
	High     string     `json:"high,omitempty"`     // … greatest value
	Many     bool       `json:"many,omitempty"`     // several values
	Target   string     `json:"target,omitempty"`   // reference: entity
	Targets  []string   `json:"targets,omitempty"`  // any_ref: entities
	Options  []Option   `json:"options,omitempty"`  // choice, tree_choice
	SameAs   string     `json:"same_as,omitempty"`  // choice, tree_choice: "entity.field" whose options these are
	Level    int        `json:"level,omitempty"`    // region: 1 province, 2 city, 3 county
	Currency string     `json:"currency,omitempty"` // money: BaseCurrency or the key of a field with the currency; "" = that of the record, in its field currency
	Apart    bool       `json:"apart,omitempty"`    // figures do not add up: a price, a rate
	Formula  string     `json:"formula,omitempty"`
	Result   string     `json:"result,omitempty"` // formula: type of the result
	Rollup   *Rollup    `json:"rollup,omitempty"`
	Number   *Numbering `json:"number,omitempty"`
	Filter   string     `json:"filter,omitempty"`  // reference: which records may be chosen
	Asks     string     `json:"asks,omitempty"`    // text: it is a condition on records of this entity, in the text form of filters
	Amount   *Amount    `json:"amount,omitempty"`  // decimal: where it is an amount in the company's own currency
	RateOf   string     `json:"rate_of,omitempty"` // decimal: key of the field with the currency that it turns into the company's own
}

// Amount says when a figure is an amount in the company's own currency: where a
// choice of the same record, or of what a report was asked, has one of the codes.
type Amount struct {
	Field string   `json:"field"`
	In    []string `json:"in"`
}

// BaseCurrency in Settings.Currency says that an amount is in the company's own
// currency and not in that of its record.
const BaseCurrency = "base"

// Field is one field of an entity. Fields of a snapshot must not be changed.
type Field struct {
	Key         string
	Type        Type
	Set         Settings
	Label       Labels
	Help        Labels
	Reverse     Labels // reference: what the records that point here are called there
	Placeholder Labels
	Default     string // text form; functions such as today() and me allowed
	Slot        int

	Required bool
	Unique   bool
	// VisibleWhen and RequiredWhen are conditions over other fields of the same
	// record, in the text form of filters; "" = always shown, required as
	// Required says. The registry compiles them (entity.Rules).
	VisibleWhen  string
	RequiredWhen string
	ReadOnly     bool     // set by the system, an action or a formula, never by a form
	Imported     bool     // read-only, but administrators may say in an import how far a record had come
	System       bool     // one of the fields every entity has
	Custom       bool     // made by an administrator at run time
	Retired      bool     // hidden for everybody, its column kept
	Folded       bool     // keeps a comparison key beside the text (<column>_k)
	Sortable     bool     // text: keeps a pinyin sort key beside the text (<column>_s)
	Company      bool     // text: keeps a key without 有限公司 and the like beside the text (<column>_c), for duplicate rules
	With         string   // key of another field of the record: who does not see that does not see this one; "" = none
	Leads        []string // fields that a change of this one empties, unless the same write sets them
	Search       bool     // its text goes into the search index
	Class        uint8    // number of a searchable field in the search index, kept for ever; 0 = not given yet
	Sensitive    bool     // masked for those who may only see a mask
	Coded        bool     // choice: the program reads its codes, so that administrators name its options and no more
	Audited      bool     // its change is named in the audit log, not only in history
	Volatile     bool     // formula: depends on the moment or on what others keep; computed when read, not stored

	Column  string   // name of the value's column or link table suffix
	Columns []Column // all columns in the entity's table, value first; empty when stored elsewhere
}

// Many says whether the field holds several values (a link table).
func (f *Field) Many() bool { return f.Set.Many }

// Stored says whether the field's value lives in a column of the entity's table.
func (f *Field) Stored() bool { return len(f.Columns) > 0 }

// Option finds an option by code.
func (f *Field) Option(code string) *Option {
	for i := range f.Set.Options {
		if f.Set.Options[i].Code == code {
			return &f.Set.Options[i]
		}
	}
	return nil
}

// Column is one database column of a field.
type Column struct {
	Name string
	Kind record.Kind
	Ref  string // entity this column refers to (foreign key), "" = none
}

// Copy is a field of a record that is kept in its lines as well, since an index
// over lines names it: a database finds and adds up lines by it without a look
// at their records. Nobody sees it, and it is no field of the lines: what is
// asked of the record is answered by it.
type Copy struct {
	Of    *Field // of the record
	Field *Field // as it stands in the lines; it has no slot
}

// Index is a database index over fields; a key with a leading "-" is descending.
// That of lines may name a field of their record: parent.KEY.
type Index struct {
	Keys   []string
	Unique bool
}

// Months are figures of records that are kept added up by month, so that
// reports of long times need not look at every record.
type Months struct {
	Day *Field   // the date that says of which month a record is
	By  []*Field // what sums are told apart by: few values, or nothing is won
	Of  []*Field // what is added up
}

// View is a ready-made list (PLT-8).
type View struct {
	Key    string
	Label  Labels
	Filter string
	Sort   string
	Fields []string
	Today  bool // stands on the page that a member begins his day with
}

// Group is a block of fields on the record page and in the form.
type Group struct {
	Key     string
	Label   Labels
	Fields  []string
	Columns int
	Tab     string // key of the tab it stands in; "" = above the tabs, always in sight
}

// Tab is a page of the form and of the facts of a record, for groups that are
// not always needed.
type Tab struct {
	Key   string
	Label Labels
}

// Layout is what a person who sells would choose to see.
type Layout struct {
	LinesAfter string // group of the form that the lines follow; "" = they come last. Their record is opened at its lines then
	List       []string
	Sort       string
	Card       []string
	Kanban     string
	Views      []View
	Groups     []Group
	Tabs       []Tab
	Empty      Labels
}

// DuplicateRule is one rule of the duplicate check (PLT-12). A hit is a record
// that agrees on every field of Match after the named normalisation.
type DuplicateRule struct {
	Key    string
	Match  []Match
	Strict bool // a hit refuses the write
}

// Match compares one field in a duplicate rule.
type Match struct {
	Field string
	By    string // exact, folded, company, phone
}

// AlikeRule finds records of another entity that look like the one being typed
// (PLT-12): it is told while one types and asked about before saving, and never
// refuses anything. Each side declares the rule, so that both fields have an index.
type AlikeRule struct {
	Field  string // of this entity
	By     string // company, phone, email
	Entity string // the other entity
	Other  string // its field
}

// Entity is a compiled entity.
type Entity struct {
	Name    string // module.thing, for ever
	Module  string
	Table   string
	Label   Labels
	Plural  Labels
	Icon    string
	Custom  bool
	Fields  []*Field // by slot
	Title   *Field   // what stands for the record in a reference
	Owner   *Field   // member who owns a record; nil when records have no owner
	Dept    *Field   // department of the owner; nil when records have no owner
	Pool    *Field   // reference to the pool that a record without an owner lies in; nil when it always has one
	Also    *Field   // second member whose record it is, as far as his own are meant; nil when there is none
	Through *Field   // reference to the root whose readers see this record too
	Lines   []Lines  // detail lines that are saved with a record

	Of       *Entity // for lines: the entity whose records they are part of; nil for every other
	Parent   *Field  // for lines: reference to the record they are part of
	Position *Field  // for lines: grows from one to the next, with gaps
	With     *Field  // for lines: the field of their record that who sees them must see; nil for none
	Copies   []Copy  // for lines: fields of their record that stand in every line too

	Link        bool // a relation: deleted together with either side
	Public      bool // its labels are shown to every member (LabelPublic)
	Guarded     bool // a grant for more than reading must name it
	Personal    bool // every member reads and changes those that are his own
	Indexes     []Index
	Months      *Months // nil when nothing is kept added up
	Duplicates  []DuplicateRule
	Alike       []AlikeRule
	Layout      Layout
	Prints      []Print // layouts on paper, those of administrators merged in
	Shape       *record.Shape
	Links       []*Field // many-valued fields, in link tables
	Long        []*Field // fields of the side table
	Formulas    []*Field // stored formulas, in order of dependence
	searchField []*Field
}

// Lines is a group of detail lines (明细): records of an entity of their own that
// are read and written as a part of another one (DESIGN §4).
type Lines struct {
	Key    string // api name in the record
	Label  Labels
	Entity *Entity
	// VisibleWhen is the condition on the record, as a filter is written, under
	// which pages have the group; "" = always. What is in it is shown all the same.
	VisibleWhen string
}

// Line finds a group of lines by its api name, nil when there is none.
func (e *Entity) Line(key string) *Lines {
	for i := range e.Lines {
		if e.Lines[i].Key == key {
			return &e.Lines[i]
		}
	}
	return nil
}

// PrintNamed finds a print layout by key, nil when there is none.
func (e *Entity) PrintNamed(key string) *Print {
	for i := range e.Prints {
		if e.Prints[i].Key == key {
			return &e.Prints[i]
		}
	}
	return nil
}

// Group is the group that a line entity makes in the records it is part of,
// nil for an entity that is not one of lines.
func (e *Entity) Group() *Lines {
	if e.Of == nil {
		return nil
	}
	for i := range e.Of.Lines {
		if e.Of.Lines[i].Entity == e {
			return &e.Of.Lines[i]
		}
	}
	return nil
}

// Field finds a field by key; nil when there is none or it is retired.
func (e *Entity) Field(key string) *Field {
	if i := e.Shape.Slot(key); i >= 0 && !e.Fields[i].Retired {
		return e.Fields[i]
	}
	return nil
}

// CopyOf is the copy that lines keep of a field of their record, nil for none.
func (e *Entity) CopyOf(f *Field) *Field {
	for i := range e.Copies {
		if e.Copies[i].Of == f {
			return e.Copies[i].Field
		}
	}
	return nil
}

// Indexed finds the field that a key of an index names.
func (e *Entity) Indexed(key string) *Field {
	if e.Parent != nil && e.Of != nil {
		if above, ok := strings.CutPrefix(key, e.Parent.Key+"."); ok {
			return e.CopyOf(e.Of.Field(above))
		}
	}
	return e.Field(key)
}

// SearchFields are the fields whose text goes into the search index.
func (e *Entity) SearchFields() []*Field { return e.searchField }

// SetSearch is for the registry.
func (e *Entity) SetSearch(fields []*Field) { e.searchField = fields }

// Owned says whether records have an owner and a department.
func (e *Entity) Owned() bool { return e.Owner != nil }

// Snapshot is one version of the whole registry: built-in entities with the
// overlay merged in. Immutable.
type Snapshot struct {
	Version  int64
	Entities []*Entity // in order of declaration, custom ones last
	byName   map[string]*Entity
	incoming map[string][]Incoming
}

// Incoming is a reference field that points to an entity.
type Incoming struct {
	From  *Entity
	Field *Field
}

// Entity finds an entity by name, nil when there is none.
func (s *Snapshot) Entity(name string) *Entity { return s.byName[name] }

// Incoming lists the reference fields that point to an entity, lines and
// any_refs included, system fields (created_by …) left out.
func (s *Snapshot) Incoming(name string) []Incoming { return s.incoming[name] }

// NewSnapshot links compiled entities.
func NewSnapshot(version int64, entities []*Entity) *Snapshot {
	s := &Snapshot{Version: version, Entities: entities,
		byName: make(map[string]*Entity, len(entities)), incoming: map[string][]Incoming{}}
	for _, e := range entities {
		s.byName[e.Name] = e
	}
	for _, e := range entities {
		for _, f := range e.Fields {
			if f.System || f.Retired {
				continue
			}
			for _, target := range Targets(f) {
				s.incoming[target] = append(s.incoming[target], Incoming{From: e, Field: f})
			}
		}
	}
	return s
}

// Targets lists the entities a field refers to.
func Targets(f *Field) []string {
	switch f.Type.(type) {
	case referenceType, memberType, departmentType:
		return []string{RefTarget(f)}
	case anyRefType:
		return f.Set.Targets
	}
	return nil
}
