package entity

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/formula"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Overlay is what administrators added and changed: patches by key against the
// built-in definitions, kept in the database and merged in memory.
type Overlay struct {
	Version  int64
	Entities []EntityPatch
	Fields   []FieldPatch
	Prints   []PrintPatch
}

// PrintPatch is a print layout of an administrator: a new one, or one that
// stands in the place of a declared one of the same key.
type PrintPatch struct {
	Entity string       `json:"entity"`
	Print  schema.Print `json:"print"`
	Gone   bool         `json:"gone,omitempty"` // taken back: the declared one counts again
}

// EntityPatch adds an entity, or changes the words of one.
type EntityPatch struct {
	Name    string        `json:"name"`
	Add     bool          `json:"add,omitempty"`
	Label   schema.Labels `json:"label,omitempty"`
	Plural  schema.Labels `json:"plural,omitempty"`
	Icon    string        `json:"icon,omitempty"`
	Title   string        `json:"title,omitempty"`
	Shared  bool          `json:"shared,omitempty"`  // no owner: everybody with the right sees every record
	Retired bool          `json:"retired,omitempty"` // hidden, its table kept
	Layout  *LayoutPatch  `json:"layout,omitempty"`
}

// LayoutPatch says how lists and forms of an entity look, in place of what was
// declared; what is left out stays as declared (PLT-6).
type LayoutPatch struct {
	List   []string     `json:"list,omitempty"`   // columns; fields made later are not added by themselves
	Card   []string     `json:"card,omitempty"`   // lines of a card
	Groups []GroupPatch `json:"groups,omitempty"` // of the form; fields that none names come into the first
	Tabs   []TabPatch   `json:"tabs,omitempty" doc:"Of the form, with groups, which say in which tab they stand"`
}

// TabPatch is a tab of a form.
type TabPatch struct {
	Key   string        `json:"key"`
	Label schema.Labels `json:"label,omitempty"` // nil: as declared
}

// GroupPatch is a group of fields in a form.
type GroupPatch struct {
	Key     string        `json:"key"`
	Label   schema.Labels `json:"label,omitempty"` // nil: as declared
	Fields  []string      `json:"fields"`
	Columns int           `json:"columns,omitempty"` // 1 to 4
	Tab     string        `json:"tab,omitempty" doc:"Key of the tab it stands in; empty = above the tabs"`
}

// Check says what is wrong with a layout of e.
func (p *LayoutPatch) Check(e *schema.Entity) error {
	known := func(keys []string, at string) error {
		for i, k := range keys {
			if e.Shape.Slot(k) < 0 || slices.Contains(keys[:i], k) {
				return errs.New(errs.Invalid, "error.layout_field", "field", k).At(at)
			}
		}
		return nil
	}
	if err := known(p.List, "list"); err != nil {
		return err
	}
	if err := known(p.Card, "card"); err != nil {
		return err
	}
	var all, keys, tabs []string
	for _, tab := range p.Tabs {
		declared := slices.ContainsFunc(e.Layout.Tabs, func(old schema.Tab) bool { return old.Key == tab.Key })
		switch {
		case !keyForm.MatchString(tab.Key) || slices.Contains(tabs, tab.Key):
			return errs.New(errs.Invalid, "error.layout_tab", "tab", tab.Key).At("tabs")
		case !declared && tab.Label.In("zh-CN") == "":
			return errs.New(errs.Invalid, "error.required").At("tabs")
		}
		tabs = append(tabs, tab.Key)
	}
	for _, g := range p.Groups {
		declared := slices.ContainsFunc(e.Layout.Groups, func(old schema.Group) bool { return old.Key == g.Key })
		switch {
		case !keyForm.MatchString(g.Key) || slices.Contains(keys, g.Key):
			return errs.New(errs.Invalid, "error.layout_group", "group", g.Key).At("groups")
		case !declared && g.Label.In("zh-CN") == "":
			return errs.New(errs.Invalid, "error.required").At("groups")
		case g.Tab != "" && !slices.Contains(tabs, g.Tab):
			return errs.New(errs.Invalid, "error.layout_tab", "tab", g.Tab).At("groups")
		case g.Columns < 0 || g.Columns > 4:
			return errs.New(errs.Invalid, "error.layout_columns").At("groups")
		}
		keys, all = append(keys, g.Key), append(all, g.Fields...)
	}
	return known(all, "groups")
}

// FieldPatch adds a field, or changes one: relabel, tighten (required, unique),
// hide, move, add options. A built-in rule is narrowed, never loosened.
type FieldPatch struct {
	Entity      string          `json:"entity"`
	Key         string          `json:"key"`
	Add         bool            `json:"add,omitempty"`
	Type        string          `json:"type,omitempty"`
	Label       schema.Labels   `json:"label,omitempty"`
	Help        schema.Labels   `json:"help,omitempty"`
	Placeholder schema.Labels   `json:"placeholder,omitempty"`
	Settings    schema.Settings `json:"settings"`
	Required    bool            `json:"required,omitempty"`
	Unique      bool            `json:"unique,omitempty"`
	Search      bool            `json:"search,omitempty"`
	Default     string          `json:"default,omitempty"`
	// Conditions over other fields of the record, in the text form of filters. On
	// a built-in field that has some of its own they only narrow: shown where
	// both say so, required where either does.
	VisibleWhen  string `json:"visible_when,omitempty" doc:"Shown only where this condition over other fields of the record holds, as a filter is written"`
	RequiredWhen string `json:"required_when,omitempty" doc:"Must be filled where this condition holds"`
	Retired      bool   `json:"retired,omitempty"`
	After        string `json:"after,omitempty"` // key of the field it stands after
	Group        string `json:"group,omitempty"` // key of the group it stands in
}

// entity is what administrators said of an entity, nil for nothing.
func (o *Overlay) entity(name string) *EntityPatch {
	for i := range o.Entities {
		if o.Entities[i].Name == name {
			return &o.Entities[i]
		}
	}
	return nil
}

// retired says whether an entity was made by an administrator and retired.
func (o *Overlay) retired(name string) bool {
	return slices.ContainsFunc(o.Entities, func(e EntityPatch) bool { return e.Name == name && e.Add && e.Retired })
}

// maxCustom is the most live custom fields of one entity (DESIGN §3).
const maxCustom = 400

var (
	keyForm  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	nameForm = regexp.MustCompile(`^x\.[a-z][a-z0-9_]{0,39}$`)
)

// CheckEntity says what is wrong with a new custom entity.
func (o *Overlay) CheckEntity(p EntityPatch) error {
	switch {
	case !nameForm.MatchString(p.Name) || besideTable(p.Name):
		return errs.New(errs.Invalid, "error.entity_name", "name", p.Name).At("name")
	case p.Label.In("zh-CN") == "":
		return errs.New(errs.Invalid, "error.required").At("label")
	}
	for _, e := range o.Entities {
		if e.Add && e.Name == p.Name {
			return errs.New(errs.Duplicate, "error.entity_exists", "name", p.Name).At("name")
		}
	}
	return nil
}

// besideTable says whether a name would meet that of a table which stands beside
// an entity's own: long texts, search, many-valued fields.
func besideTable(name string) bool {
	return strings.HasSuffix(name, "_long") || strings.HasSuffix(name, "_fts") || strings.Contains(name, "__")
}

// CheckField says what is wrong with a new custom field of e.
func CheckField(snap *schema.Snapshot, e *schema.Entity, p FieldPatch) error {
	t := schema.TypeNamed(p.Type)
	switch {
	case !keyForm.MatchString(p.Key) || reserved(p.Key):
		return errs.New(errs.Invalid, "error.field_key", "key", p.Key).At("key")
	case e.Shape.Slot(p.Key) >= 0 || e.Line(p.Key) != nil:
		return errs.New(errs.Duplicate, "error.field_exists", "key", p.Key).At("key")
	case t == nil || p.Type == "id":
		return errs.New(errs.Invalid, "error.field_type", "type", p.Type).At("type")
	case p.Label.In("zh-CN") == "":
		return errs.New(errs.Invalid, "error.required").At("label")
	}
	n := 0
	for _, f := range e.Fields {
		if f.Custom && !f.Retired {
			n++
		}
	}
	if n >= maxCustom {
		return errs.New(errs.Invalid, "error.field_many", "most", "400")
	}
	f := &schema.Field{Key: p.Key, Type: t, Set: p.Settings}
	f.Set.Many = f.Set.Many || p.Type == "file" // as customField has it
	for _, target := range schema.Targets(f) {
		if snap.Entity(target) == nil && target != e.Name {
			return errs.New(errs.Invalid, "error.entity_unknown", "entity", target).At("settings")
		}
	}
	if err := t.Check(f); err != nil {
		return err.At("settings")
	}
	if err := schema.CheckNumbering(p.Settings.Number); err != nil {
		return err.At("settings")
	}
	if err := checkShare(snap, p); err != nil {
		return err
	}
	if schema.IsFormula(f) {
		if _, err := formula.Compile(e, f); err != nil {
			if coded, ok := errors.AsType[*errs.Error](err); ok {
				return coded.At("settings")
			}
			return err
		}
	}
	return nil
}

// reserved keys mean something else in the API or in filters.
func reserved(key string) bool {
	switch key {
	case "id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "deleted_by", "owner", "dept",
		"and", "or", "not", "in", "is", "null", "between", "contains", "under", "starts_with", "true", "false", "me", "duplicates", "changeset":
		return true
	}
	return false
}
