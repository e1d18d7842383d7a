package records

import (
	"slices"
	"strings"
	"sync"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// fieldSet is what is read and written for a choice of fields under one set of
// field rights. It is shared between requests and not changed once kept.
type fieldSet struct {
	columns  []column
	stored   []*schema.Field
	links    []*schema.Field
	long     []*schema.Field
	volatile bool // a formula is computed for the page
	alone    bool // nothing but stored is read: no label, nothing aside, nothing computed

	ready *store.Columns // those of stored
	aside *store.Aside   // links and long; nil for none
}

// setKey is what a fieldSet depends on.
type setKey struct {
	ent    *schema.Entity
	levels *schema.Level
	asked  bool   // false: the list's columns
	fields string // as asked, "*" for all
}

// fieldSets keeps the sets that are asked for again and again.
type fieldSets struct {
	mu  sync.RWMutex
	set map[setKey]*fieldSet
}

// maxFieldSets bounds what is kept; beyond it everything is forgotten once.
const maxFieldSets = 4096

func (c *fieldSets) get(k setKey) *fieldSet {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.set[k]
}

func (c *fieldSets) put(k setKey, f *fieldSet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.set == nil || len(c.set) >= maxFieldSets {
		c.set = map[setKey]*fieldSet{}
	}
	c.set[k] = f
}

// allFields asks for every field the actor may see.
var allFields = []string{"*"}

// chooseFields sets what is read: the asked fields, or the list's columns, and always id and version.
func (e *Engine) chooseFields(actor *access.Actor, p *plan, q *ListQuery) error {
	key := setKey{ent: p.ent, levels: actor.LevelKey(p.ent), asked: q.Fields != nil, fields: strings.Join(q.Fields, ",")}
	set := e.fields.get(key)
	if set == nil {
		set = &fieldSet{}
		if err := set.fill(actor, p.ent, q.Fields); err != nil {
			return err
		}
		set.prepare(e.DB.Dialect(), p.ent)
		set.alone = set.aside == nil && !set.volatile && !slices.ContainsFunc(set.columns, func(c column) bool { return labelled(c.field) })
		e.fields.put(key, set)
	}
	p.fieldSet = *set
	p.sel.Fields, p.sel.Ready = p.stored, p.ready
	if len(q.Expand) == 0 {
		return nil
	}
	return p.chooseExpand(actor, q)
}

// The names of sets that nobody asks for by name.
const (
	linesSet  = "\x00lines"
	wholeSet  = "\x00whole"
	searchSet = "\x00search"
)

// everything gives the set of all fields that a record keeps.
func (e *Engine) everything(ent *schema.Entity) *fieldSet {
	return e.setOf(ent, wholeSet, func(*schema.Field) bool { return true })
}

// searched gives the set of the fields that the search index reads.
func (e *Engine) searched(ent *schema.Entity) *fieldSet {
	return e.setOf(ent, searchSet, func(f *schema.Field) bool {
		return f.Slot == record.SlotID || f == ent.Owner || f == ent.Dept || slices.Contains(ent.SearchFields(), f)
	})
}

func (e *Engine) setOf(ent *schema.Entity, name string, want func(*schema.Field) bool) *fieldSet {
	key := setKey{ent: ent, fields: name}
	set := e.fields.get(key)
	if set != nil {
		return set
	}
	set = &fieldSet{}
	for _, f := range ent.Fields {
		if want(f) && (f.Stored() || !f.Retired) { // what lies aside of a retired field is not read
			set.sort(f)
		}
	}
	set.prepare(e.DB.Dialect(), ent)
	e.fields.put(key, set)
	return set
}

func (s *fieldSet) fill(actor *access.Actor, ent *schema.Entity, keys []string) error {
	s.add(actor, ent, ent.Fields[record.SlotID])
	s.add(actor, ent, ent.Fields[record.SlotVersion])
	asked := keys != nil
	switch {
	case keys == nil:
		keys = ent.Layout.List
	case len(keys) == 1 && keys[0] == allFields[0]:
		for _, f := range ent.Fields {
			if f.Slot != record.SlotDeletedAt && f.Slot != record.SlotDeletedBy && actor.Level(ent, f) > schema.Hidden {
				s.add(actor, ent, f)
			}
		}
		return nil
	}
	for _, k := range keys {
		f := ent.Field(k)
		if f == nil || actor.Level(ent, f) == schema.Hidden {
			if !asked {
				continue
			}
			return errs.New(errs.BadRequest, "error.field_unknown", "field", k)
		}
		s.add(actor, ent, f)
	}
	return nil
}

func (s *fieldSet) add(actor *access.Actor, ent *schema.Entity, f *schema.Field) {
	for _, c := range s.columns {
		if c.field == f {
			return
		}
	}
	s.columns = append(s.columns, newColumn(actor, ent, f))
	s.sort(f)
}

// sort puts a field to those that are kept where it is.
func (s *fieldSet) sort(f *schema.Field) {
	switch {
	case f.Many():
		s.links = append(s.links, f)
	case schema.IsLong(f):
		s.long = append(s.long, f)
	case f.Volatile:
		s.volatile = true
	default:
		s.stored = append(s.stored, f)
	}
}

// prepare writes what is read of the set as SQL.
func (s *fieldSet) prepare(d sqldb.Dialect, ent *schema.Entity) {
	s.ready, s.aside = store.ColumnsOf(s.stored), store.NewAside(d, ent, s.links, s.long)
}

// labelled says that values of a field are shown with a label that is read from
// the database.
func labelled(f *schema.Field) bool {
	if schema.IsFile(f) || schema.IsAnyRef(f) {
		return true
	}
	t := ""
	if schema.IsRef(f) && f.Slot != record.SlotID {
		t = schema.RefTarget(f)
	}
	return t != "" && t != schema.MemberEntity && t != schema.DepartmentEntity
}
