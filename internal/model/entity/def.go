package entity

import (
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Def declares an entity (DESIGN §4). Tables, API, pages, filters, rights,
// history, import, export and search follow from it.
type Def struct {
	Name        string // module.thing, for ever
	Icon        string // name of an icon of the page
	Fields      []Declared
	Title       Declared // what stands for a record in references; the first text field when nil
	Scopes      Scopes
	Lines       LineGroups  // detail lines saved with a record
	With        Declared    // of lines: seen by those only who see this field of the record they are part of, nil = by all who see the record
	VisibleWhen *query.Node // of lines: forms and pages have the group only where this holds of the record, or it has lines; nil = always
	Link        bool        // a many-to-many relation with data of its own: goes along when either side is deleted
	Public      bool        // every member may read it and see its labels
	Guarded     bool        // written by administrators and by rules: a grant counts for more than reading only where it names the entity itself
	Personal    bool        // every member reads and changes those that are his, whatever his roles; no list of what belongs to a record
	Indexes     []schema.Index
	Months      *Months // what is kept added up by month
	Duplicates  []schema.DuplicateRule
	Alike       []schema.AlikeRule
	Layout      schema.Layout  // labels are filled in from the module's texts
	Prints      []schema.Print // layouts on paper; labels left out are the text "ENTITY%KEY"
	Hooks       Hooks
	Actions     []Action
	Reports     []Report
	Locked      Locked
	Questions   []Question

	targets  []Target // of modules above
	extended []Extension
	of       string // of lines: the entity they are part of
	as       string // … and the name of their group there
}

// LineGroup is a group of detail lines (明细) under its api name. What is
// declared of the lines is their own fields and rules; reference to the record
// and position come by themselves, rights and versions are the record's.
type LineGroup struct {
	Key string
	Def Def
}

// LineGroups are the groups of lines of an entity, in order.
type LineGroups []LineGroup

// Lines declares a group of detail lines.
func Lines(key string, d Def) LineGroups { return LineGroups{{key, d}} }

// And declares one more group.
func (g LineGroups) And(key string, d Def) LineGroups {
	return append(slices.Clip(g), LineGroup{key, d})
}

// Needs is what a Derive hook may look at beside the record itself.
type Needs struct {
	Parent *record.Record // of a line: the record it is part of, as it will be
	Was    *record.Record // the record before the write, nil for a new one
	Before *record.Record // of a line: the record it is part of before the write, nil for a new one
	Ruled  bool           // a rule of the program writes it, not a person
	Here   Here
	lines  map[string][]*record.Record
	near   map[string][]*record.Record // records that declared needs found, by need
}

// NeedsOf makes the needs of a record from its lines by group.
func NeedsOf(lines map[string][]*record.Record) Needs { return Needs{lines: lines} }

// With is n with what declared needs found, by Need.Key.
func (n Needs) With(near map[string][]*record.Record) Needs { n.near = near; return n }

// Of is the record that a reference field points to, nil when it is empty or
// nobody declared the need.
func (n Needs) Of(field Declared) *record.Record {
	if list := n.near[field.declaration().Key]; len(list) > 0 {
		return list[0]
	}
	return nil
}

// All are the records that a need by NeedAll found, oldest first.
func (n Needs) All(need Need) []*record.Record { return n.near[need.Key()] }

// Behind are the records that And or AndWhole of a need found behind those of All.
func (n Needs) Behind(need Need) []*record.Record { return n.near[need.Behind()] }

// Lines are the record's lines of a group as they will be, in order; nil when
// the write leaves them as they are, unless the hooks declare WithLines.
func (n Needs) Lines(group string) []*record.Record { return n.lines[group] }

// Scopes says whose a record is.
type Scopes struct {
	Owner   Declared // member field; its department is kept beside it
	Also    Declared // second member field: who stands in it counts as an owner, his department does not
	Through Declared // reference to the root whose readers see the record
	Pool    Declared // reference to the pool that a record lies in while it has no owner
}

// OwnedBy makes the member in a field the owner of a record.
func OwnedBy(owner Declared) Scopes { return Scopes{Owner: owner} }

// AndOf makes the member in a second field an owner too: who gave a task sees
// it as who is to do it does. The department stays the first one's.
func (s Scopes) AndOf(also Declared) Scopes { s.Also = also; return s }

// Pooled lets a record be without an owner while it lies in the pool of a field:
// who may claim from the pool sees it there, its personal data masked.
func (s Scopes) Pooled(pool Declared) Scopes { s.Pool = pool; return s }

// SeenThrough lets everybody who reaches the root in a field reach the record.
func (s Scopes) SeenThrough(root Declared) Scopes { s.Through = root; return s }

// SeenThrough is Scopes for records without an owner of their own.
func SeenThrough(root Declared) Scopes { return Scopes{Through: root} }

// By makes an index; prefix a key with "-" by Desc.
func By(fields ...Declared) schema.Index {
	var x schema.Index
	for _, f := range fields {
		x.Keys = append(x.Keys, f.declaration().Key)
	}
	return x
}

// UniqueBy makes a unique index over several fields, deleted records aside.
func UniqueBy(fields ...Declared) schema.Index {
	x := By(fields...)
	x.Unique = true
	return x
}

// Change is what a write is about to do or did: Before is nil for a create,
// After is nil for a delete.
type Change struct {
	Entity *schema.Entity
	Actor  *access.Actor
	Before *record.Record
	After  *record.Record
	Now    int64 // µs: the moment of the write

	lines map[string][]*record.Record
	made  *[]Made
}

// Lines are the record's lines of a group as they will be, in order, as Derive
// saw them: Validate may set read-only fields of theirs too. Nil when the write
// leaves them as they are, unless the hooks declare WithLines.
func (c Change) Lines(group string) []*record.Record { return c.lines[group] }

// Make adds a line to a group of the record's own, after those that are there;
// for Validate of a record whose hooks declare WithLines. It is written with the
// record, under one version, past what people may write.
func (c Change) Make(group string, fill func(*record.Record)) {
	if c.made != nil {
		*c.made = append(*c.made, Made{Group: group, Fill: []func(*record.Record){fill}})
	}
}

// Making is c whose Make adds to made.
func (c Change) Making(made *[]Made) Change { c.made = made; return c }

// WithLines is c with the lines of n.
func (c Change) WithLines(n Needs) Change { c.lines = n.lines; return c }

// Reader reads inside the write's transaction, past the actor's rights: what a
// rule must know may be more than its trigger may see. Errors must not tell it.
type Reader interface {
	// Get reads one record, NotFound when there is none or it is deleted.
	Get(ctx context.Context, entity string, id int64) (*record.Record, error)
	// Find reads up to limit records that match, oldest first.
	Find(ctx context.Context, entity string, where *query.Node, limit int) ([]*record.Record, error)
	// Next is Find for who goes through many: those with ids above after.
	Next(ctx context.Context, entity string, where *query.Node, after int64, limit int) ([]*record.Record, error)
	// Count counts the records that match, up to limit+1: more than limit means "more".
	Count(ctx context.Context, entity string, where *query.Node, limit int) (int, error)
	// Entity finds an entity as it is now, custom fields included.
	Entity(name string) (*schema.Entity, error)
	// Unlike refuses, with Duplicate and the given key on the given field, when
	// the duplicate rules find records like the one that fill would make.
	Unlike(ctx context.Context, entity string, fill func(*record.Record), key, field string) error
	// Holds says whether a condition in the text form of filters, as a field
	// made by Asks keeps it, holds of a record of an entity; "" always does.
	Holds(ctx context.Context, entity, text string, r *record.Record) bool
	// Unmet says of such a condition which parts do not hold of a record; nothing
	// when it holds.
	Unmet(ctx context.Context, entity, text string, r *record.Record) ([]Unmet, error)
	// Here is where and when the write happens.
	Here() Here
	// Sum adds up many records, those of this write too.
	Sum(ctx context.Context, s Sum) (rows [][]record.Value, more bool, err error)
	// Guard serialises rules that read several rows: call it before reading.
	Guard(ctx context.Context, keys ...string) error
}

// Unmet is a part of a condition that does not hold.
type Unmet struct {
	Field string // key of the field that it compares, "" where it is more than one comparison
	Words string // in the language of who writes
}

// Writer writes other records in the same transaction, through the same write path.
type Writer interface {
	Reader
	// Create makes a record, with the lines of its groups where it has any.
	Create(ctx context.Context, entity string, fill func(*record.Record), lines ...Made) (int64, error)
	Update(ctx context.Context, entity string, id int64, change func(*record.Record)) error
	Delete(ctx context.Context, entity string, id int64) error
}

// Need is what a Derive hook looks at beyond its record: what a reference
// points to, or what else points to the same.
type Need struct {
	Field  string // reference field of the record; of the record it is part of for a line's Up
	Entity string // "" = what the reference points to
	By     string // … else the reference field of Entity that points to the same
	Up     bool   // of a line: Field is of the record it is part of
	Then   string // reference field of what was found: what it points to is needed too, "" = nothing
}

// AtParent needs, for a line, what a reference of the record it is part of points to.
func AtParent(field Declared) Need { return Need{Field: field.declaration().Key, Up: true} }

// And needs too what a reference of the found records points to.
func (n Need) And(ref Declared) Need { n.Then = ref.declaration().Key; return n }

// AndWhole needs with lines the records that they are part of.
func (n Need) AndWhole() Need { n.Then = parentKey; return n }

// NeedOf needs the record that a reference points to.
func NeedOf(field Declared) Need { return Need{Field: field.declaration().Key} }

// NeedAll needs the records of an entity whose reference field by points to
// what a reference of the record points to.
func NeedAll(field Declared, name, by string) Need {
	return Need{Field: field.declaration().Key, Entity: name, By: by}
}

// Behind is the key of what is needed beyond the found records.
func (n Need) Behind() string { return n.Key() + ">" + n.Then }

// Key tells needs of an entity apart.
func (n Need) Key() string {
	if n.Entity == "" && !n.Up {
		return n.Field
	}
	return n.Field + ">" + n.Entity + "." + n.By
}

// Here is what rules may know of the company and the moment.
type Here struct {
	Company  string // what it is called in short
	Currency string // code of the company's own currency
	Now      time.Time
	Zone     *time.Location // the company's
	Whole    bool           // a report is wanted with all its rows, for a file
}

// Today is the company's day, YYYY-MM-DD.
func (h Here) Today() string { return h.Now.In(h.Zone).Format(time.DateOnly) }

// Locked says in which states a record is settled: nobody edits or deletes it
// there, only actions and rules go on. Open fields can be changed always.
type Locked struct {
	State Declared // choice field; nil = never
	In    []string // codes
	Open  []Declared
	Lines []string // groups of lines that can be changed always
}

// Touched says whether a change to a settled record is more than one of its open
// fields.
func (l Locked) Touched(c Change) bool {
	if c.After == nil {
		return true
	}
	for _, f := range c.Entity.Fields {
		if f.System || schema.IsRollup(f) || schema.IsFormula(f) || f == c.Entity.Owner || f == c.Entity.Dept || f.Custom && f.ReadOnly {
			continue
		}
		open := slices.ContainsFunc(l.Open, func(o Declared) bool { return o.declaration().Key == f.Key })
		if !open && !c.Before.At(f.Slot).Equal(c.After.At(f.Slot)) {
			return true
		}
	}
	return false
}

// Made are lines of a group that a rule makes with their record, each filled in.
type Made struct {
	Group string
	Fill  []func(*record.Record)
}

// Hooks are the three places where a module adds rules. There are no others
// and no priorities.
type Hooks struct {
	// Derive computes fields from the record and its needs; pure, it also
	// serves the live preview. Lines are derived before the record they are
	// part of, so that totals are sums of what the lines came to.
	Derive func(r *record.Record, n Needs) error
	// Needs are the records beside its own that Derive looks at. They are read
	// in the transaction under the rights of who writes, for the preview too.
	Needs []Need
	// WithLines has the lines loaded for Derive also when a write leaves them alone.
	WithLines bool
	// WithRollups has a record go through the hooks again when a roll-up of it
	// has changed: what Validate makes of roll-ups is kept up to date.
	WithRollups bool
	// Validate refuses a write; it may read in the transaction, and set
	// read-only fields of After that follow from what it read.
	Validate func(ctx context.Context, tx Reader, c Change) error
	// Within writes other records in the transaction.
	Within func(ctx context.Context, tx Writer, c Change) error
}

// Action is a verb on one record (POST …/actions/{name}).
type Action struct {
	Name  string
	Op    access.Op  // the right it needs on the record
	Admin bool       // for administrators only
	Makes string     // entity of what it makes: for those only who may make one, "" = for all who have Op
	Input []Declared // typed input, by place
	// Only is the condition on the record under which the page offers it, nil =
	// always; Fill refuses what must not be.
	Only *query.Node
	Bulk bool // offered for many records at once
	Main bool // what a record under Only waits for: a button wherever it is shown
	Move Move // what it does to the record's state; the zero value leaves it
	// Fill sets fields of the record itself, in the action's own write; nil for none.
	Fill func(r *record.Record, c Change, input *record.Record) error
	// Run writes other records in the transaction; nil for none.
	Run func(ctx context.Context, tx Writer, c Change, input *record.Record) error
}

// Question is asked about one record and answered by a table, of what the record
// does not hold itself: what rules would do today, who would be told
// (POST …/questions/{name}). It writes nothing.
type Question struct {
	Name    string
	Op      access.Op  // the right it needs on the record
	Input   []Declared // typed input, by place
	Columns []Declared // what a row shows, in order; references the asker may not read are hidden
	// Answer gives rows of as many values as there are columns, MostAnswers at most; more says that there are others.
	Answer func(ctx context.Context, tx Reader, r, input *record.Record, now time.Time) (rows [][]record.Value, more bool, err error)
}

// MostAnswers is how many rows a question is answered by.
const MostAnswers = 500

// Move is the step that an action takes on a record's state: it is refused
// unless the state is one of From, and leaves it at To.
type Move struct {
	State Declared // choice field, or a reference where an input of the same name says the new one; nil = no step
	From  []string // codes; empty = any
	To    string   // "" = Fill sets it from the input
}

// Key is the api name of the state's field, "" when there is no step.
func (m Move) Key() string {
	if m.State == nil {
		return ""
	}
	return m.State.declaration().Key
}

// Months are figures kept added up by month (schema.Months), by their keys; as
// those of indexes they may name a field that lines keep of their record.
type Months struct {
	Day    string
	By, Of []string
}
