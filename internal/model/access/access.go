// Package access is the one rights layer (ORG-2…ORG-4, ORG-10). It turns an
// actor and an operation into one predicate over records, with two back ends:
// SQL, made by the store, and Allows here. The store takes only a Permit, and
// only this package makes one that lets anything through, so that a read
// without rights does not compile.
package access

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Op is an operation on records.
type Op string

// The operations of ORG-2.
const (
	Read     Op = "read"
	Create   Op = "create"
	Update   Op = "update"
	Delete   Op = "delete"
	Import   Op = "import"
	Export   Op = "export"
	Transfer Op = "transfer"
	Print    Op = "print"
	Approve  Op = "approve"
)

// Claim is the right to take a record without an owner out of a pool. No grant
// gives it: the pool says who may.
const Claim Op = "claim"

// Ops lists every operation.
func Ops() []Op {
	return []Op{Read, Create, Update, Delete, Import, Export, Transfer, Print, Approve}
}

// Scope says which records a grant reaches.
type Scope string

// The scopes, from none to all.
const (
	None         Scope = "none"
	Own          Scope = "own"          // the member's own
	Subordinates Scope = "subordinates" // own and those of everybody below on the reporting line
	Department   Scope = "department"   // of the member's departments
	Tree         Scope = "tree"         // of the member's departments and those below them
	Chosen       Scope = "chosen"       // of the departments named in the grant
	All          Scope = "all"
)

// Grant allows, or with Deny forbids, an operation on the records of an entity
// within a scope. Entity may be "crm.*" or "*".
type Grant struct {
	Entity string
	Op     Op
	Scope  Scope
	Depts  []int64 // Scope Chosen
	Deny   bool
}

// FieldGrant sets what a role may do with a field. Roles are combined by the
// highest level; a field without a grant is writable for those who may write the record.
type FieldGrant struct {
	Role   int64
	Entity string
	Field  string
	Level  schema.Level
}

// Member is a person as far as rights go.
type Member struct {
	ID       int64
	Login    string
	Name     string
	Depts    []int64 // the main department first
	Admin    bool    // may do everything and administer
	Disabled bool
	Roles    []int64
	Grants   []Grant
	Fields   []FieldGrant // of all roles; a role without one for a field grants Write
}

// Directory knows the company's people; modules/org implements it from memory.
type Directory interface {
	// Member finds a member; the result must not be changed.
	Member(id int64) (*Member, bool)
	// Subordinates lists everybody below a member on the reporting line, transitively.
	Subordinates(id int64) []int64
	// Tree lists a department and every one below it.
	Tree(dept int64) []int64
	// Version changes whenever an answer of the others may.
	Version() int64
}

// Actor is who asks: a member, or the system with a reason.
type Actor struct {
	Member *Member // nil for the system
	reason string
	Via    string // "session", "key", "cli", "job"
	Cred   int64  // credential used, 0 = none
	IP     string
	Agent  string
	ReqID  string
	Env    schema.Env
	Now    time.Time
	Narrow *Narrow // what an API key leaves of its owner's rights
	rights *Rights
	window *window // the pools that he looks into, nil for none
}

// Narrow restricts an API key; it can only take away.
type Narrow struct {
	ReadOnly bool
	Entities []string // nil = all, empty = none
}

// Allows says whether the key leaves room for an operation; nil leaves all.
func (n *Narrow) Allows(entity string, op Op) bool {
	if n == nil {
		return true
	}
	if n.ReadOnly && op != Read && op != Export && op != Print {
		return false
	}
	return n.Entities == nil || slices.Contains(n.Entities, entity)
}

// System is an actor that may do everything, for jobs and the platform itself.
// The reason is written to the audit log; a reviewer must be able to accept it.
func System(reason string) *Actor { return &Actor{reason: reason, Via: "job"} }

// Operator is the administrator of the operating system at the command line:
// he holds the files and the keys, so nothing is kept from him; what he does is
// audited under the name of his account.
func Operator(account string) *Actor { return &Actor{reason: "cli:" + account, Via: "cli"} }

// IsSystem says whether the actor is the platform itself or its operator.
func (a *Actor) IsSystem() bool { return a.Member == nil && a.reason != "" }

// Reason is why a system actor acts, "" for members.
func (a *Actor) Reason() string { return a.reason }

// ID is the member's id, 0 for the system.
func (a *Actor) ID() int64 {
	if a.Member == nil {
		return 0
	}
	return a.Member.ID
}

// Admin says whether the actor may administer the installation.
func (a *Actor) Admin() bool {
	return a.IsSystem() || a.Member != nil && a.Member.Admin && a.Narrow == nil
}

// Viewer is the actor as filters see it.
func (a *Actor) Viewer() *query.Viewer {
	v := &query.Viewer{Now: a.Now, Env: a.Env}
	if a.Member != nil {
		v.Member, v.Depts = a.Member.ID, a.Member.Depts
	}
	if a.rights != nil {
		v.DeptTree = a.rights.dir.Tree
	}
	return v
}

// Rights answers for every actor of one directory. Answers are kept per
// member until the directory or the registry changes.
type Rights struct {
	dir   Directory
	pools Pools // nil = there are none
	mu    sync.RWMutex
	byMem map[int64]*compiled
}

type compiled struct {
	member  *Member
	version int64
	mu      sync.RWMutex
	levels  map[*schema.Entity][]schema.Level
	veils   map[*schema.Entity]*schema.Level // names of the levels behind a veiled window
	permits map[permitKey]Permit
}

type permitKey struct {
	e  *schema.Entity
	op Op
}

// NewRights makes the rights layer over a directory.
func NewRights(dir Directory) *Rights { return &Rights{dir: dir, byMem: map[int64]*compiled{}} }

// Actor makes an actor for a member; false when there is none or he is disabled.
func (r *Rights) Actor(member int64) (*Actor, bool) {
	m, ok := r.dir.Member(member)
	if !ok || m.Disabled {
		return nil, false
	}
	return &Actor{Member: m, rights: r}, true
}

func (r *Rights) of(m *Member) *compiled {
	v := r.Version()
	r.mu.RLock()
	c := r.byMem[m.ID]
	r.mu.RUnlock()
	if c != nil && c.version == v && c.member == m {
		return c
	}
	c = &compiled{member: m, version: v, levels: map[*schema.Entity][]schema.Level{}, veils: map[*schema.Entity]*schema.Level{}, permits: map[permitKey]Permit{}}
	r.mu.Lock()
	if len(r.byMem) > 10_000 {
		clear(r.byMem)
	}
	r.byMem[m.ID] = c
	r.mu.Unlock()
	return c
}

// Level is what the actor may do with a field of records he may read. It
// implements query.Rights. Write still needs the right to write the record.
func (a *Actor) Level(e *schema.Entity, f *schema.Field) schema.Level {
	if f.Retired {
		return schema.Hidden
	}
	switch {
	case a.IsSystem():
		return own(f)
	case a.Member == nil:
		return schema.Hidden
	case a.window.masks(e, f):
		return min(schema.Masked, a.given(e, f))
	}
	return a.given(e, f)
}

// given is Level by the member's roles.
func (a *Actor) given(e *schema.Entity, f *schema.Field) schema.Level {
	if a.Member.Admin || len(a.Member.Fields) == 0 && len(a.Member.Roles) > 0 {
		return own(f)
	}
	return a.levels(e)[f.Slot]
}

// own is the level a field has by its own nature.
func own(f *schema.Field) schema.Level {
	if f.ReadOnly || f.System || schema.IsFormula(f) || schema.IsRollup(f) {
		return schema.Read
	}
	return schema.Write
}

// LevelKey identifies the set of levels that Level answers with for an entity:
// equal keys, equal levels. Nil is the set of those whose roles restrict no field.
func (a *Actor) LevelKey(e *schema.Entity) *schema.Level {
	if a.Member != nil && a.window.veils(e) {
		return a.rights.of(a.Member).veil(e)
	}
	if a.IsSystem() || a.Member != nil && (a.Member.Admin || len(a.Member.Fields) == 0 && len(a.Member.Roles) > 0) {
		return nil
	}
	if a.Member == nil {
		return new(schema.Level)
	}
	return &a.levels(e)[0]
}

func (a *Actor) levels(e *schema.Entity) []schema.Level {
	c := a.rights.of(a.Member)
	c.mu.RLock()
	levels := c.levels[e]
	c.mu.RUnlock()
	if levels != nil {
		return levels
	}
	levels = make([]schema.Level, len(e.Fields))
	for i, f := range e.Fields {
		levels[i] = min(own(f), combined(c.member, e, f))
	}
	for _, f := range e.Fields {
		if schema.IsFormula(f) { // a formula shows no more than the fields it is made of
			for _, dep := range formulaFields(e, f) {
				if levels[dep.Slot] < schema.Read {
					levels[f.Slot] = schema.Hidden
				}
			}
		}
	}
	for i, f := range e.Fields {
		if f.With == "" {
			continue
		}
		if other := e.Field(f.With); other != nil && levels[other.Slot] < schema.Read {
			levels[i] = schema.Hidden
		}
	}
	if e.With != nil {
		most := a.levels(e.Of)[e.With.Slot]
		for i, f := range e.Fields {
			switch {
			case f.System || f == e.Parent || f == e.Position:
			case most < schema.Read:
				levels[i] = schema.Hidden
			case !e.With.ReadOnly:
				levels[i] = min(levels[i], most)
			}
		}
	}
	c.mu.Lock()
	c.levels[e] = levels
	c.mu.Unlock()
	return levels
}

// Sees says whether the actor sees a group of lines of the records that he may
// read: what is kept with a field is hidden together with it.
func (a *Actor) Sees(lines *schema.Entity) bool {
	return lines.With == nil || a.Level(lines.Of, lines.With) >= schema.Read
}

// formulaFields lists the fields named in a formula; words that are not fields
// are functions. Over-reading is harmless: it only hides.
func formulaFields(e *schema.Entity, f *schema.Field) []*schema.Field {
	var out []*schema.Field
	for _, w := range strings.FieldsFunc(f.Set.Formula, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		if g := e.Field(w); g != nil && g != f {
			out = append(out, g)
		}
	}
	return out
}

// combined is the highest level that any of the member's roles gives. Without
// a role he sees what is open to everybody, personal data left out.
func combined(m *Member, e *schema.Entity, f *schema.Field) schema.Level {
	if len(m.Roles) == 0 {
		if f.Sensitive {
			return schema.Hidden
		}
		return schema.Read
	}
	best := schema.Hidden
	for _, role := range m.Roles {
		level := schema.Write
		for _, g := range m.Fields {
			if g.Role == role && g.Field == f.Key && g.Entity == e.Name {
				level = g.Level
			}
		}
		best = max(best, level)
	}
	return best
}

// May says whether the actor has the operation on any record at all.
func (a *Actor) May(e *schema.Entity, op Op) bool { return a.Permit(e, op).pred != nil }

// Permit resolves the actor's right to an operation into a predicate. That of
// lines is a predicate over the records they are part of: who reads those reads
// them, and nobody writes them but through the record.
func (a *Actor) Permit(e *schema.Entity, op Op) Permit {
	if e.Of != nil && !a.IsSystem() {
		if op == Read || op == Export || op == Print {
			return a.Permit(e.Of, op)
		}
		return Permit{}
	}
	switch {
	case a.IsSystem():
		return everything
	case a.Member == nil || a.Member.Disabled || !a.Narrow.Allows(e.Name, op):
		return Permit{}
	case a.Member.Admin:
		return everything
	case op == Read && a.window.over(e):
		return a.window.permit
	}
	c := a.rights.of(a.Member)
	key := permitKey{e, op}
	c.mu.RLock()
	p, ok := c.permits[key]
	c.mu.RUnlock()
	if ok {
		return p
	}
	p = a.rights.resolve(c.member, e, op)
	c.mu.Lock()
	c.permits[key] = p
	c.mu.Unlock()
	return p
}

func covers(pattern, entity string) bool {
	if pattern == "*" || pattern == entity {
		return true
	}
	module, ok := strings.CutSuffix(pattern, "*")
	return ok && strings.HasPrefix(entity, module)
}

func (r *Rights) resolve(m *Member, e *schema.Entity, op Op) Permit {
	allow, deny := &Pred{}, &Pred{}
	for _, g := range m.Grants {
		if g.Op != op || !covers(g.Entity, e.Name) || e.Guarded && !g.Deny && g.Entity != e.Name && op != Read && op != Export && op != Print {
			continue
		}
		p := allow
		if g.Deny {
			p = deny
		}
		r.add(p, m, e, g)
	}
	if e.Public && op == Read {
		allow.All = true
	}
	if e.Personal && (op == Read || op == Update) {
		allow.Owners = append(allow.Owners, m.ID)
	}
	if e.Pool != nil && !deny.All {
		r.addPools(allow, m, e, op)
	}
	switch {
	case deny.All || allow.empty():
		return Permit{}
	case allow.All && deny.empty():
		return everything
	}
	allow.tidy(e)
	if !deny.empty() {
		deny.tidy(e)
		allow.Except = deny
	}
	return Permit{pred: allow}
}

// add puts one grant into a predicate over owners and departments.
func (r *Rights) add(p *Pred, m *Member, e *schema.Entity, g Grant) {
	if g.Scope != None && !e.Owned() && e.Through == nil {
		p.All = true // records without an owner belong to everybody who has the operation
		return
	}
	switch g.Scope {
	case All:
		p.All = true
	case Own:
		p.Owners = append(p.Owners, m.ID)
	case Subordinates:
		p.Owners = append(append(p.Owners, m.ID), r.dir.Subordinates(m.ID)...)
	case Department:
		p.Depts = append(p.Depts, m.Depts...)
	case Tree:
		for _, d := range m.Depts {
			p.Depts = append(p.Depts, r.dir.Tree(d)...)
		}
	case Chosen:
		for _, d := range g.Depts {
			p.Depts = append(p.Depts, r.dir.Tree(d)...)
		}
	}
}
