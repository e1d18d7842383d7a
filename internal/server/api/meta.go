package api

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The shapes of GET /meta: what the page draws itself from. Rights are already
// applied: what the caller may not see is not there.
type metaOut struct {
	Version  string                `json:"version"`
	Company  metaCompany           `json:"company"`
	Menu     []metaMenu            `json:"menu"`
	Entities map[string]metaEntity `json:"entities"`
	Reports  []metaReport          `json:"reports" doc:"What the caller can have computed, in the order of the menu"`
	Ask      []string              `json:"ask,omitempty" doc:"Whom a member without any role can ask for rights"`
}

type metaCompany struct {
	ShortName     string `json:"short_name"`
	Logo          string `json:"logo" doc:"Version of the logo, empty without one"`
	PasswordLeast int    `json:"password_least"`
	Name          string `json:"name"`
	Currency      string `json:"currency"`
	Zone          string `json:"zone"`
	Locale        string `json:"locale"`
}

type metaMenu struct {
	Module string         `json:"module"`
	Label  schema.Labels  `json:"label"`
	Items  []metaMenuItem `json:"items"`
}

type metaMenuItem struct {
	Entity string `json:"entity"`
	Icon   string `json:"icon"`
	Basic  bool   `json:"basic" doc:"Set up once and seldom changed: it stands in the settings"`
}

type metaEntity struct {
	Name      string         `json:"name"`
	Label     schema.Labels  `json:"label"`
	Plural    schema.Labels  `json:"plural"`
	Icon      string         `json:"icon"`
	Custom    bool           `json:"custom"`
	Owned     bool           `json:"owned"`
	Own       bool           `json:"personal,omitempty" doc:"Every member has his own; they are no list of what belongs to a record"`
	Title     string         `json:"title"`
	Ops       []access.Op    `json:"ops"`
	Fields    []metaField    `json:"fields"`
	Layout    metaLayout     `json:"layout"`
	Lines     []metaLines    `json:"lines" doc:"Detail lines that are read and written with a record"`
	LineOf    string         `json:"line_of,omitempty" doc:"Of detail lines: the entity they are part of"`
	Related   []metaRelated  `json:"related"`
	Actions   []metaAction   `json:"actions"`
	Deeds     []metaDeed     `json:"deeds,omitempty" doc:"Actions that the caller may not take, by which its history tells what others did"`
	Questions []metaQuestion `json:"questions,omitempty" doc:"What can be asked about a record; answered by a table"`
	Prints    []metaPaper    `json:"prints" doc:"Layouts that the caller may print records in"`
	Shares    bool           `json:"shares_views" doc:"The caller may share lists of it"`
	Locked    *metaLocked    `json:"locked,omitempty" doc:"When a record is settled: nobody edits or deletes it then"`
}

type metaLocked struct {
	Field string   `json:"field" doc:"The choice that says so"`
	In    []string `json:"in" doc:"Its codes with which a record is settled"`
	Open  []string `json:"open" doc:"Fields and groups of lines that can be changed always"`
}

// lockedOf says when records of an entity are settled; nil = never.
func lockedOf(def *entity.Def) *metaLocked {
	if def == nil || def.Locked.State == nil {
		return nil
	}
	return &metaLocked{entity.KeyOf(def.Locked.State), def.Locked.In, append(keysOf(def.Locked.Open), def.Locked.Lines...)}
}

type metaField struct {
	Key         string        `json:"key"`
	Type        string        `json:"type"`
	Label       schema.Labels `json:"label"`
	Help        schema.Labels `json:"help"`
	Placeholder schema.Labels `json:"placeholder"`
	Required    bool          `json:"required"`
	ReadOnly    bool          `json:"read_only"`
	Imported    bool          `json:"imported,omitempty" doc:"Read-only, but administrators may fill it by an import: how far a record had come elsewhere"`
	Unique      bool          `json:"unique"`
	Custom      bool          `json:"custom"`
	System      bool          `json:"system"`
	Access      string        `json:"access"`
	FilterOps   []schema.Op   `json:"filter_ops"`
	Sortable    bool          `json:"sortable"`
	Groupable   bool          `json:"groupable"`
	Measures    []string      `json:"measures"`
	Default     *string       `json:"default"`
	Settings    metaSettings  `json:"settings"`
	// The conditions of the field, for the page's own evaluator.
	VisibleWhen  json.RawMessage `json:"visible_when,omitempty" doc:"Shown only where this holds of the other fields of the record, in the JSON form of filters; absent = always, or the caller may not read what it depends on"`
	RequiredWhen json.RawMessage `json:"required_when,omitempty" doc:"Must be filled where this holds and the field is shown"`
}

type metaSettings struct {
	Max     int          `json:"max,omitempty"`
	Digits  int          `json:"digits,omitempty"`
	Low     string       `json:"low,omitempty"`
	High    string       `json:"high,omitempty"`
	Many    bool         `json:"many,omitempty"`
	Target  string       `json:"target,omitempty"`
	Targets []string     `json:"targets,omitempty"`
	Level   int          `json:"region_level,omitempty"`
	Tree    bool         `json:"tree,omitempty"`
	Formula string       `json:"formula,omitempty"`
	Result  string       `json:"result,omitempty"`
	Options []metaOption `json:"options,omitempty"`
	SameAs  string       `json:"same_as,omitempty" doc:"entity.field whose options these are"`
	Only    string       `json:"only,omitempty" doc:"Of a reference: the filter of what may be chosen; {key} stands for the value of another field of the record"`
	Apart   bool         `json:"apart,omitempty" doc:"Figures do not add up: prices, rates"`
	In      string       `json:"currency,omitempty" doc:"The field that holds the currency of an amount, where it is not the field currency"`
	Base    bool         `json:"base,omitempty" doc:"An amount in the company's own currency, whatever that of the record is"`
	Asks    string       `json:"asks,omitempty" doc:"The text is a condition on records of this entity, in the text form of filters"`
	Leads   []string     `json:"leads,omitempty" doc:"Fields that a change of this one empties, unless the same write sets them"`
	Amount  *metaAmount  `json:"amount,omitempty" doc:"Of a decimal: where it is an amount in the company's own currency"`
	RateOf  string       `json:"rate_of,omitempty" doc:"Of a decimal: the field with the currency that it turns into the company's own; none is asked for where that is the company's own"`
}

type metaAmount struct {
	Field string   `json:"field" doc:"A choice of the same record, or of what a report was asked"`
	In    []string `json:"in" doc:"The codes with which it is an amount"`
}

type metaOption struct {
	Code   string        `json:"code"`
	Label  schema.Labels `json:"label"`
	Color  string        `json:"color,omitempty"`
	Active bool          `json:"active"`
	Parent *string       `json:"parent"`
	Into   string        `json:"into,omitempty" doc:"The option that it was merged into"`
}

type metaLayout struct {
	List   []string      `json:"list"`
	Sort   string        `json:"sort"`
	Card   []string      `json:"card"`
	Kanban string        `json:"kanban,omitempty"`
	Lines  string        `json:"lines_after,omitempty" doc:"The group of the form that the lines follow; absent = they come last"`
	Search []string      `json:"search"`
	Views  []metaView    `json:"views"`
	Groups []metaGroup   `json:"groups"`
	Tabs   []metaTab     `json:"tabs" doc:"Of the form and the facts; groups without one stand above them"`
	Empty  schema.Labels `json:"empty"`
}

type metaView struct {
	Key    string        `json:"key"`
	Label  schema.Labels `json:"label"`
	Filter string        `json:"filter"`
	Sort   string        `json:"sort,omitempty"`
	Fields []string      `json:"fields,omitempty"`
	Today  bool          `json:"today,omitempty" doc:"Stands on the page that a member begins his day with"`
}

type metaGroup struct {
	Key     string        `json:"key"`
	Label   schema.Labels `json:"label"`
	Fields  []string      `json:"fields"`
	Columns int           `json:"columns"`
	Tab     string        `json:"tab,omitempty" doc:"Key of the tab it stands in"`
}

type metaTab struct {
	Key   string        `json:"key"`
	Label schema.Labels `json:"label"`
}

// tabsOf gives the tabs of an entity's form.
func tabsOf(e *schema.Entity) []metaTab {
	out := []metaTab{}
	for _, t := range e.Layout.Tabs {
		out = append(out, metaTab{Key: t.Key, Label: t.Label})
	}
	return out
}

type metaLines struct {
	Key    string        `json:"key"`
	Entity string        `json:"entity"`
	Label  schema.Labels `json:"label"`
	// VisibleWhen is as that of a field.
	VisibleWhen json.RawMessage `json:"visible_when,omitempty" doc:"Shown only where this holds of the record, in the JSON form of filters, or it has such lines; absent = always"`
}

type metaRelated struct {
	Key    string        `json:"key"`
	Entity string        `json:"entity"`
	Field  string        `json:"field"`
	Label  schema.Labels `json:"label"`
}

type metaAction struct {
	Name  string          `json:"name"`
	Label schema.Labels   `json:"label"`
	Input []metaField     `json:"input"`
	Bulk  bool            `json:"bulk"`
	When  *metaWhen       `json:"when,omitempty"`
	Only  json.RawMessage `json:"only,omitempty" doc:"Offered where this holds of the record, in the JSON form of filters; absent = always"`
	Main  bool            `json:"main,omitempty" doc:"What such a record waits for"`
	Moves *metaMoves      `json:"moves,omitempty" doc:"The field of the record that it moves on"`
	Makes string          `json:"makes,omitempty" doc:"The entity of what it makes"`
}

// metaMoves says where an action leads: boards move their cards by it.
type metaMoves struct {
	Field string `json:"field"`
	To    string `json:"to,omitempty" doc:"The state it leads to; absent when the input of the same name says it"`
}

// metaWhen says at which states of a record an action can be taken.
type metaWhen struct {
	Field string   `json:"field"`
	In    []string `json:"in"`
}

// meta answers what the caller can see and do; the page asks again when the version changes.
func (s *Server) meta(q *request) error {
	st := s.Engine.Registry.State()
	c, _, err := s.Customize.Company(q.ctx)
	if err != nil {
		return err
	}
	version, err := s.metaVersion(q, st, c)
	if err != nil {
		return err
	}
	if q.unchanged(version) {
		return nil
	}
	out := metaOut{Version: version, Company: companyOut(c), Menu: s.menu(q, st), Reports: s.metaReports(q, st), Ask: s.ask(q), Entities: map[string]metaEntity{}}
	for _, e := range st.Entities {
		if q.actor.May(e, access.Read) {
			out.Entities[e.Name] = s.metaEntity(q, st, e)
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return q.replyPacked(http.StatusOK, body)
}

// metaVersion changes whenever the answer to meta does, and is the same at
// every node and after a restart: it is made of all that meta is made of.
func (s *Server) metaVersion(q *request, st *entity.State, c customize.Company) (string, error) {
	raw, err := json.Marshal(struct {
		Program  string
		Registry int64
		Member   *access.Member
		Narrow   *access.Narrow
		Company  metaCompany
		Ask      []string
		Claims   []string
	}{s.Version, st.Version, q.actor.Member, q.actor.Narrow, companyOut(c), s.ask(q), claims(q.actor, st)})
	h := fnv.New64a()
	_, _ = h.Write(raw)
	return strconv.FormatUint(h.Sum64(), 36), err
}

// ask names the administrators for a member who was given nothing yet: he sees
// what everybody sees of the company, and none of its business.
func (s *Server) ask(q *request) []string {
	if m := q.actor.Member; m.Admin || len(m.Grants) > 0 {
		return nil
	}
	return s.Platform.Administrators()
}

func companyOut(c customize.Company) metaCompany {
	return metaCompany{Name: c.Name, ShortName: c.ShortName, Logo: c.Logo, PasswordLeast: c.PasswordLeast, Currency: c.Currency, Zone: c.Zone, Locale: c.Locale}
}

func (s *Server) menu(q *request, st *entity.State) []metaMenu {
	out := []metaMenu{}
	add := func(module string, label schema.Labels, names, basics []string) {
		m := metaMenu{Module: module, Label: label, Items: []metaMenuItem{}}
		for _, n := range names {
			if e := st.Entity(n); e != nil && q.actor.May(e, access.Read) && !(e.Guarded && !q.actor.May(e, access.Update)) {
				m.Items = append(m.Items, metaMenuItem{Entity: n, Icon: e.Icon, Basic: slices.Contains(basics, n)})
			}
		}
		if len(m.Items) > 0 {
			out = append(out, m)
		}
	}
	for _, m := range s.Modules { // what people work in, in the order of the work
		if m.First {
			add(m.Name, s.Texts.All("module."+m.Name), m.Menu, m.Basics)
		}
	}
	for _, m := range slices.Backward(s.Modules) { // what that stands on, last
		if !m.First {
			add(m.Name, s.Texts.All("module."+m.Name), m.Menu, m.Basics)
		}
	}
	var custom []string
	for _, e := range st.Entities {
		if e.Custom {
			custom = append(custom, e.Name)
		}
	}
	add("x", s.Texts.All("module.x"), custom, nil)
	return out
}

func (s *Server) metaEntity(q *request, st *entity.State, e *schema.Entity) metaEntity {
	m := metaEntity{Name: e.Name, Label: e.Label, Plural: e.Plural, Icon: e.Icon, Custom: e.Custom, Owned: e.Owned(), Own: e.Personal, Title: e.Title.Key,
		Ops: []access.Op{}, Fields: []metaField{}, Lines: []metaLines{}, Related: []metaRelated{}, Actions: []metaAction{}, Questions: s.metaQuestions(q, st, e), Prints: q.printsOf(e), Shares: q.mayShare(e), Locked: lockedOf(st.Def(e.Name))}
	for _, op := range access.Ops() {
		if q.actor.May(e, op) {
			m.Ops = append(m.Ops, op)
		}
	}
	seen := map[string]bool{}
	for _, f := range e.Fields {
		level := q.actor.Level(e, f)
		if f.Retired || level == schema.Hidden || f.Key == "deleted_at" || f.Key == "deleted_by" {
			continue
		}
		seen[f.Key] = true
		one := metaOf(f, level)
		one.VisibleWhen, one.RequiredWhen = ruleOf(st, e, f, func(need *schema.Field) bool { return q.actor.Level(e, need) >= schema.Read })
		m.Fields = append(m.Fields, one)
	}
	m.Layout = layoutOf(e, seen)
	for _, g := range e.Lines {
		if q.actor.Sees(g.Entity) {
			m.Lines = append(m.Lines, metaLines{Key: g.Key, Entity: g.Entity.Name, Label: g.Label, VisibleWhen: groupWhen(st, q.actor, e, g.VisibleWhen)})
		}
	}
	if e.Of != nil {
		m.LineOf = e.Of.Name
	}
	lists := records.RelatedLists(st.Snapshot, q.actor, e)
	for _, in := range lists {
		label := in.From.Plural
		if in.Field.Reverse != nil {
			label = in.Field.Reverse
		} else if in.Field.Label != nil && countFrom(lists, in.From) > 1 {
			label = schema.Labels{"zh-CN": in.From.Plural.In("zh-CN") + "（" + in.Field.Label.In("zh-CN") + "）", "en": in.From.Plural.In("en") + " (" + in.Field.Label.In("en") + ")"}
		}
		m.Related = append(m.Related, metaRelated{Key: in.From.Name + "." + in.Field.Key, Entity: in.From.Name, Field: in.Field.Key, Label: label})
	}
	for _, v := range s.verbs(q.actor, st, e) {
		a := metaAction{Name: v.name, Label: v.label, Bulk: v.bulk, When: v.when, Only: v.only, Main: v.main, Moves: v.moves, Makes: v.makes, Input: []metaField{}}
		for _, f := range v.input {
			one := metaOf(f, schema.Write)
			one.VisibleWhen = shownWhen(st, v.input, f)
			a.Input = append(a.Input, one)
		}
		m.Actions = append(m.Actions, a)
	}
	m.Deeds = s.deeds(st, e, m.Actions)
	return m
}

func orUpdate(op access.Op) access.Op {
	if op == "" {
		return access.Update
	}
	return op
}

func countFrom(lists []schema.Incoming, from *schema.Entity) int {
	n := 0
	for _, in := range lists {
		if in.From == from {
			n++
		}
	}
	return n
}

func metaOf(f *schema.Field, level schema.Level) metaField {
	t := schema.TraitsOf(f)
	m := metaField{Key: f.Key, Type: f.Type.Name(), Label: f.Label, Help: f.Help, Placeholder: f.Placeholder, Required: f.Required,
		ReadOnly: f.ReadOnly || f.System || level < schema.Write, Imported: f.Imported, Unique: f.Unique, Custom: f.Custom, System: f.System, Access: level.String(),
		FilterOps: []schema.Op{}, Measures: []string{}, Sortable: t.Sortable && level >= schema.Read, Groupable: t.Groupable && level >= schema.Read}
	for _, op := range f.Type.Ops(f) {
		if level == schema.Masked && op != schema.OpEq && op != schema.OpIn {
			continue
		}
		m.FilterOps = append(m.FilterOps, op)
	}
	if t.Number && level >= schema.Read {
		m.Measures = []string{"sum", "avg", "min", "max"}
		if f.Set.Apart {
			m.Measures = m.Measures[1:]
		}
	} else if t.Time && level >= schema.Read {
		m.Measures = []string{"min", "max"}
	}
	if f.Default != "" {
		m.Default = &f.Default
	}
	set := f.Set
	m.Settings = metaSettings{Max: set.Max, Digits: set.Digits, Low: set.Low, High: set.High, Many: set.Many, Target: schema.RefTarget(f),
		Targets: set.Targets, Level: set.Level, Tree: f.Type.Name() == "tree_choice", Formula: set.Formula, Result: set.Result, SameAs: set.SameAs,
		Only: set.Filter, Asks: set.Asks, Apart: set.Apart, In: strings.TrimPrefix(set.Currency, schema.BaseCurrency), Base: set.Currency == schema.BaseCurrency, Leads: f.Leads, RateOf: set.RateOf}
	if set.Amount != nil {
		m.Settings.Amount = &metaAmount{set.Amount.Field, set.Amount.In}
	}
	for _, o := range set.Options {
		opt := metaOption{Code: o.Code, Label: o.Label, Color: o.Color, Active: !o.Hidden, Into: o.Into}
		if o.Parent != "" {
			opt.Parent = &o.Parent
		}
		m.Settings.Options = append(m.Settings.Options, opt)
	}
	return m
}

// ruleOf gives the conditions of a field, none where they depend on a field
// that the caller may not read: then only the server can tell.
func ruleOf(st *entity.State, e *schema.Entity, f *schema.Field, reads func(*schema.Field) bool) (visible, required json.RawMessage) {
	rule := st.Rules(e.Name).Of(f)
	if rule == nil || slices.ContainsFunc(rule.Needs, func(need *schema.Field) bool { return !reads(need) }) {
		return nil, nil
	}
	if rule.Visible != nil {
		visible = query.AppendJSON(nil, rule.Visible)
	}
	if rule.Required != nil {
		required = query.AppendJSON(nil, rule.Required)
	}
	return visible, required
}

// groupWhen gives the condition of a group of lines, none where the caller may
// not read what it depends on.
func groupWhen(st *entity.State, actor *access.Actor, e *schema.Entity, text string) json.RawMessage {
	n, err := query.Parse(text)
	if err != nil || n == nil {
		return nil
	}
	bound, err := query.Bind(st.Snapshot, e, n, actor.Viewer(), actor)
	if err != nil || bound.Cond == nil {
		return nil
	}
	return query.AppendJSON(nil, bound.Cond)
}

// layoutOf leaves out what the caller may not see.
func layoutOf(e *schema.Entity, seen map[string]bool) metaLayout {
	keep := func(keys []string) []string {
		return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !seen[k] })
	}
	l := metaLayout{List: keep(e.Layout.List), Sort: e.Layout.Sort, Card: keep(e.Layout.Card), Kanban: e.Layout.Kanban, Lines: e.Layout.LinesAfter, Search: []string{},
		Views: []metaView{}, Groups: []metaGroup{}, Tabs: tabsOf(e), Empty: e.Layout.Empty}
	for _, f := range e.SearchFields() {
		if seen[f.Key] {
			l.Search = append(l.Search, f.Key)
		}
	}
	for _, v := range e.Layout.Views {
		l.Views = append(l.Views, metaView{Key: v.Key, Label: v.Label, Filter: v.Filter, Sort: v.Sort, Fields: keep(v.Fields), Today: v.Today})
	}
	for _, g := range e.Layout.Groups {
		if fields := keep(g.Fields); len(fields) > 0 {
			l.Groups = append(l.Groups, metaGroup{Key: g.Key, Label: g.Label, Fields: fields, Columns: max(g.Columns, 2), Tab: g.Tab})
		}
	}
	return l
}

type fieldTypeOut struct {
	Name  string        `json:"name"`
	Label schema.Labels `json:"label"`
}

// types answers the field types that an administrator may choose.
func (s *Server) types(q *request) error {
	out := []fieldTypeOut{}
	for _, t := range schema.Types() {
		if t.Name() != "id" {
			out = append(out, fieldTypeOut{t.Name(), s.Texts.All("type." + t.Name())})
		}
	}
	return q.answer(http.StatusOK, itemsOf[fieldTypeOut]{out})
}
