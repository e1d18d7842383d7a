package entity

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Module is what one part of the business brings along (DESIGN §4): its
// entities, its place in the menu, its texts and its share of the roles that a
// new installation starts with.
type Module struct {
	Name     string // org, catalog, crm …: the part of an entity's name before the dot
	Entities []Def
	Menu     []string // names of entities, in the order of the menu
	Basics   []string // of Menu: set up once and seldom changed; they stand in the settings
	First    bool     // stands before the others in the menu
	Texts    fs.FS    // zh.json and en.json, key to text
	Roles    []RoleTemplate
	Targets  []Target // what its entities add to any_refs of modules below
	Extends  []Extension
	Ticks    []Tick
}

// Target lets an any_ref of a module below point to entities of this one.
type Target struct {
	Entity, Field string
	To            []string
}

// Extension is what a module adds to an entity of a module below it (DESIGN
// §2): the rules run after the entity's own, in the order of the modules,
// inside its transaction. So credit, of finance, blocks an order, of sales,
// without an arrow upwards.
type Extension struct {
	Of       string
	By       string         // the module, for administrators; filled in
	Fields   []Declared     // not placed by Fields: their handles find them by key
	Groups   []schema.Group // of the layout
	After    string         // key of the group that Groups follow; "" = before the last one
	Views    []schema.View
	Actions  []Action
	Joins    []Join
	Reports  []Report
	Validate func(ctx context.Context, tx Reader, c Change) error
	Within   func(ctx context.Context, tx Writer, c Change) error
}

// Join is what a module has an action of an entity below it do further: it asks
// for more, and writes more, after the action's own, in its transaction.
type Join struct {
	To    string // name of the action
	Input []Declared
	Run   func(ctx context.Context, tx Writer, c Change, input *record.Record) error
}

// Tick is what a module does when its time has come: a few times a
// minute, at every node, in one write transaction; it is run again until there
// is nothing left to do. It gives how many records it dealt with.
type Tick struct {
	Name string // of the log and the audit
	Run  func(ctx context.Context, tx Writer, now time.Time) (int, error)
}

// RoleTemplate is a role of a new installation, or one module's share of it:
// templates of the same code are one role. Its name is the text "role.CODE",
// its description "role.CODE?". A field grant's Role is filled in when the
// role is made.
type RoleTemplate struct {
	Code   string
	Grants []access.Grant
	Fields []access.FieldGrant
}

// Defs lists the entities of modules in order.
func Defs(modules ...Module) []Def {
	var out []Def
	for _, m := range modules {
		for _, d := range m.Entities {
			out = append(append(out, d), d.lineDefs()...)
		}
	}
	for _, m := range modules {
		for _, t := range m.Targets {
			if i := slices.IndexFunc(out, func(d Def) bool { return d.Name == t.Entity }); i >= 0 {
				out[i].targets = append(slices.Clip(out[i].targets), t)
			}
		}
	}
	for _, m := range modules {
		for _, x := range m.Extends {
			x.By = m.Name
			if i := slices.IndexFunc(out, func(d Def) bool { return d.Name == x.Of }); i >= 0 {
				out[i].extend(x)
			}
		}
	}
	return out
}

// extend adds what a module above declares; the definition's own lists are
// shared by every installation in the process and stay as they are.
func (d *Def) extend(x Extension) {
	d.extended = append(slices.Clip(d.extended), x)
	d.Fields = append(slices.Clip(d.Fields), x.Fields...)
	d.Actions = append(slices.Clip(d.Actions), x.Actions...)
	for _, j := range x.Joins {
		d.join(j)
	}
	d.Reports = append(slices.Clip(d.Reports), x.Reports...)
	d.Layout.Views = append(slices.Clip(d.Layout.Views), x.Views...)
	if len(x.Groups) > 0 {
		at := max(len(d.Layout.Groups)-1, 0)
		if i := slices.IndexFunc(d.Layout.Groups, func(g schema.Group) bool { return g.Key == x.After }); i >= 0 {
			at = i + 1
		}
		d.Layout.Groups = slices.Insert(slices.Clone(d.Layout.Groups), at, x.Groups...)
	}
	if own := d.Hooks.Validate; x.Validate != nil {
		d.Hooks.Validate = func(ctx context.Context, tx Reader, c Change) error {
			if own != nil {
				if err := own(ctx, tx, c); err != nil {
					return err
				}
			}
			return x.Validate(ctx, tx, c)
		}
	}
	if own := d.Hooks.Within; x.Within != nil {
		d.Hooks.Within = func(ctx context.Context, tx Writer, c Change) error {
			if own != nil {
				if err := own(ctx, tx, c); err != nil {
					return err
				}
			}
			return x.Within(ctx, tx, c)
		}
	}
}

// join has an action ask for more and do more.
func (d *Def) join(j Join) {
	i := slices.IndexFunc(d.Actions, func(a Action) bool { return a.Name == j.To })
	if i < 0 {
		return // the tests of what joins miss it
	}
	d.Actions = slices.Clone(d.Actions) // the definition is shared
	a := d.Actions[i]
	own := a.Run
	a.Input = append(slices.Clip(a.Input), j.Input...)
	a.Run = func(ctx context.Context, tx Writer, c Change, input *record.Record) error {
		if own != nil {
			if err := own(ctx, tx, c, input); err != nil {
				return err
			}
		}
		return j.Run(ctx, tx, c, input)
	}
	d.Actions[i] = a
}

// Extended lists what modules above add to a built-in entity, in order.
func (d *Def) Extended() []Extension { return d.extended }

// lineDefs are the definitions of an entity's lines, entities of their own.
func (d *Def) lineDefs() []Def {
	out := make([]Def, len(d.Lines))
	for i, g := range d.Lines {
		out[i] = g.Def
		out[i].of, out[i].as = d.Name, g.Key
	}
	return out
}

// Roles joins the modules' shares: one template for each code, in the order
// in which the codes first appear.
func Roles(modules ...Module) []RoleTemplate {
	var out []RoleTemplate
	for _, m := range modules {
		for _, t := range m.Roles {
			i := slices.IndexFunc(out, func(o RoleTemplate) bool { return o.Code == t.Code })
			if i < 0 {
				i = len(out)
				out = append(out, RoleTemplate{Code: t.Code})
			}
			out[i].Grants = append(out[i].Grants, t.Grants...)
			out[i].Fields = append(out[i].Fields, t.Fields...)
		}
	}
	return out
}

// Allow makes the grants of several operations on an entity or pattern within one scope.
func Allow(entity string, scope access.Scope, ops ...access.Op) []access.Grant {
	out := make([]access.Grant, len(ops))
	for i, op := range ops {
		out[i] = access.Grant{Entity: entity, Op: op, Scope: scope}
	}
	return out
}
