package api

import (
	"slices"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Names of an entity's components.
func inputName(e *schema.Entity) string { return e.Name + ".input" }
func pageName(e *schema.Entity) string  { return e.Name + ".page" }
func refName(e *schema.Entity) string   { return e.Name + ".ref" }

// entityComponents declares what an entity looks like, read and written.
func (d *document) entityComponents(e *schema.Entity) {
	d.declare(e.Name, d.recordSchema(e))
	if e.Of != nil {
		d.lineComponents(e)
	}
	d.declare(inputName(e), d.inputSchema(e))
	d.declare(refName(e), reference(component(e.Name)).says("Reference to "+e.Label.In("en")))
	d.declare(pageName(e), object(must("items", list(component(e.Name))), must("has_more", typed("boolean")),
		must("next", nullable(typed("string")).says("Cursor of the next page")), may("count", component("Count"))))
}

// Names of the components of detail lines, as they stand in their record.
func lineName(e *schema.Entity) string      { return e.Name + ".line" }
func lineInputName(e *schema.Entity) string { return e.Name + ".line_input" }

// lineComponents declares what detail lines look like in their record, read and
// written.
func (d *document) lineComponents(e *schema.Entity) {
	out, in := object(), object(may("id", component("Id")))
	for _, f := range e.Fields {
		if f == e.Parent || f == e.Position || f.System && f.Slot != record.SlotID || !d.shown(e, f) {
			continue
		}
		out.Properties = append(out.Properties, member[*jsonSchema]{f.Key, labelled(d.fieldOut(e, f), f)})
		if d.actor.Level(e, f) == schema.Write {
			in.Properties = append(in.Properties, member[*jsonSchema]{f.Key, labelled(fieldIn(f), f)})
		}
	}
	out.Required = []string{"id"}
	d.declare(lineName(e), out.closed())
	d.declare(lineInputName(e), in)
}

// shown says whether a field is part of records as this caller reads them.
func (d *document) shown(e *schema.Entity, f *schema.Field) bool {
	return !f.Retired && f.Slot != record.SlotDeletedAt && f.Slot != record.SlotDeletedBy && d.actor.Level(e, f) > schema.Hidden
}

func (d *document) recordSchema(e *schema.Entity) *jsonSchema {
	s := object()
	for _, f := range e.Fields {
		if d.shown(e, f) {
			s.Properties = append(s.Properties, member[*jsonSchema]{f.Key, labelled(d.fieldOut(e, f), f)})
		}
	}
	for _, g := range e.Lines {
		s.Properties = append(s.Properties, member[*jsonSchema]{g.Key, list(component(lineName(g.Entity))).titled(g.Label.In("en"))})
	}
	for _, slot := range []int{record.SlotDeletedAt, record.SlotDeletedBy} {
		f := e.Fields[slot]
		s.Properties = append(s.Properties, member[*jsonSchema]{f.Key, labelled(d.fieldOut(e, f), f).says("Of a record in the recycle bin, when asked for")})
	}
	for _, p := range []property{
		may("changeset", described(component("Id"), "In the answer to a write: what to undo it by")),
		may("duplicates", list(component("Duplicate")).says("In the answer to a new record: records that look alike")),
	} {
		s.Properties = append(s.Properties, member[*jsonSchema]{p.key, p.s})
	}
	s.Required = []string{"id"}
	return s.says(e.Label.In("en") + " as it is read. Fields that were not asked for, or that the caller may not see, are absent.")
}

func (d *document) inputSchema(e *schema.Entity) *jsonSchema {
	s := object(may("version", typed("integer").says("The version that was seen, instead of If-Match")))
	for _, f := range e.Fields {
		if !f.Retired && d.actor.Level(e, f) == schema.Write {
			s.Properties = append(s.Properties, member[*jsonSchema]{f.Key, d.ruled(e, labelled(fieldIn(f), f), f)})
		}
	}
	for _, g := range e.Lines {
		s.Properties = append(s.Properties, member[*jsonSchema]{g.Key, list(component(lineInputName(g.Entity))).titled(g.Label.In("en")).
			says("The whole list, in order: with an id a line that is there, without one a new line; what is not named is deleted")})
	}
	return s.says("What can be written of " + e.Label.In("en") + ". Other members are refused; null empties a field.")
}

// required lists what a new record must bring along.
func (d *document) required(e *schema.Entity) []string {
	var out []string
	for _, f := range e.Fields {
		if f.Required && f.VisibleWhen == "" && !f.Retired && f.Default == "" && f != e.Owner && d.actor.Level(e, f) == schema.Write {
			out = append(out, f.Key)
		}
	}
	return out
}

// labelled adds the words of a field, in English as the whole document.
func labelled(s *jsonSchema, f *schema.Field) *jsonSchema {
	c := *s
	c.Title, c.Description = f.Label.In("en"), f.Help["en"]
	c.ReadOnly = f.ReadOnly || f.System
	return &c
}

// ruled adds the conditions of a field, unless they tell of fields that the
// caller may not see.
func (d *document) ruled(e *schema.Entity, s *jsonSchema, f *schema.Field) *jsonSchema {
	rule := d.st.Rules(e.Name).Of(f)
	if rule == nil || slices.ContainsFunc(rule.Needs, func(need *schema.Field) bool { return d.actor.Level(e, need) < schema.Read }) {
		return s
	}
	for _, when := range [][2]string{{"Shown only when ", f.VisibleWhen}, {"Required when ", f.RequiredWhen}} {
		if when[1] != "" {
			s.Description = strings.TrimSpace(s.Description + " " + when[0] + when[1] + ".")
		}
	}
	return s
}

// fieldOut is a field's value in a record that is read.
func (d *document) fieldOut(e *schema.Entity, f *schema.Field) *jsonSchema {
	one := valueOut(f)
	if target := schema.RefTarget(f); target != "" && d.entity(target) {
		one = component(target + ".ref")
	}
	switch {
	case d.actor.Level(e, f) == schema.Masked:
		one = component("Masked")
	case f.Sensitive && (d.actor.Admin() || pooled(e)): // what lies in a pool is masked; others, whom his document also tells about, may see a mask
		one = &jsonSchema{AnyOf: []*jsonSchema{one, component("Masked")}}
	}
	switch {
	case f.Many():
		return list(one)
	case f.Slot == record.SlotID || f.Slot == record.SlotVersion:
		return one
	}
	return nullable(one)
}

// pooled says whether records may lie in pools, or are lines of such.
func pooled(e *schema.Entity) bool { return e.Pool != nil || e.Of != nil && e.Of.Pool != nil }

// resultOf is the name of the type in which a field's value is encoded.
func resultOf(f *schema.Field) string {
	switch {
	case schema.IsFormula(f):
		if f.Set.Result == "" {
			return "decimal"
		}
		return f.Set.Result
	case schema.IsRollup(f):
		if f.Set.Result == "" || f.Set.Rollup != nil && f.Set.Rollup.Op == "count" {
			return "number"
		}
		return f.Set.Result
	}
	return f.Type.Name()
}

// valueOut is one value as it is read (DESIGN §3).
func valueOut(f *schema.Field) *jsonSchema {
	switch resultOf(f) {
	case "id":
		return component("Id")
	case "number":
		return typed("integer")
	case "decimal", "percent":
		return &jsonSchema{Type: typeNames{"string"}, Pattern: `^-?\d+(\.\d{1,6})?$`}
	case "money":
		return &jsonSchema{Type: typeNames{"string"}, Pattern: `^-?\d+\.\d{2,4}$`}
	case "date":
		return &jsonSchema{Type: typeNames{"string"}, Format: "date", Pattern: `^\d{4}-\d{2}-\d{2}$`}
	case "time":
		return &jsonSchema{Type: typeNames{"string"}, Format: "time", Pattern: `^\d{2}:\d{2}:\d{2}$`}
	case "instant":
		return component("Instant")
	case "switch":
		return typed("boolean")
	case "choice", "tree_choice":
		return options(f)
	case "region":
		return &jsonSchema{Type: typeNames{"string"}, Pattern: `^(\d{2}){1,3}$`}
	case "reference", "member", "department":
		return component("Reference")
	case "any_ref":
		return component("AnyReference")
	case "file":
		return component("File")
	case "email":
		return &jsonSchema{Type: typeNames{"string"}, Format: "email"}
	case "rich_text":
		return typed("string").says("Canonical HTML of p, h2, h3, ul, ol, li, blockquote, hr, strong, em, u, s, a, br. On writing, other markup is reduced to it, and what begins with no tag is plain text")
	}
	s := typed("string")
	s.MaxLength = f.Set.Max
	return s
}

func options(f *schema.Field) *jsonSchema {
	var codes []string
	for _, o := range f.Set.Options {
		codes = append(codes, o.Code)
	}
	return enum(codes...)
}

// fieldIn is a field's value as it is written.
func fieldIn(f *schema.Field) *jsonSchema {
	one := valueIn(f)
	if !f.Many() {
		return nullable(one)
	}
	change := object(may("add", list(one)), may("remove", list(one))).closed()
	return &jsonSchema{AnyOf: []*jsonSchema{list(one), change, typed("null")}}
}

func valueIn(f *schema.Field) *jsonSchema {
	switch resultOf(f) {
	case "number":
		return &jsonSchema{Type: typeNames{"integer", "string"}}
	case "decimal", "percent", "money":
		return &jsonSchema{Type: typeNames{"string", "number"}}
	case "reference", "member", "department", "file":
		return component("ReferenceInput")
	case "any_ref":
		return component("AnyReferenceInput")
	case "instant":
		return &jsonSchema{Type: typeNames{"string"}, Format: "date-time"}
	case "region":
		return typed("string").says("Code or name")
	}
	return valueOut(f)
}

// reference is the value of a reference whose record, when it is expanded, is of a schema.
func reference(rec *jsonSchema) *jsonSchema {
	return object(must("id", nullable(component("Id"))), must("label", nullable(typed("string"))),
		may("hidden", yes().says("The caller may not read the record")), may("record", rec))
}

func yes() *jsonSchema {
	t := true
	return &jsonSchema{Type: typeNames{"boolean"}, Const: &t}
}

// Shapes of the routes of an entity.

func recordShape(_ *document, e *schema.Entity) *jsonSchema { return component(e.Name) }
func pageShape(_ *document, e *schema.Entity) *jsonSchema   { return component(pageName(e)) }
func changeShape(_ *document, e *schema.Entity) *jsonSchema { return component(inputName(e)) }

func newRecordShape(d *document, e *schema.Entity) *jsonSchema {
	need := d.required(e)
	if len(need) == 0 {
		return component(inputName(e))
	}
	return &jsonSchema{AllOf: []*jsonSchema{component(inputName(e)), {Required: need}}}
}

// named makes the shape of a shared component.
func named(name string) shape {
	return func(*document, *schema.Entity) *jsonSchema { return component(name) }
}

func pendingShape(*document, *schema.Entity) *jsonSchema { return component("Pending") }

func queryShape(*document, *schema.Entity) *jsonSchema {
	order := object(must("field", typed("string")), may("desc", typed("boolean"))).closed()
	return object(may("filter", component("Filter")), may("sort", &jsonSchema{AnyOf: []*jsonSchema{typed("string"), list(order)}}),
		may("fields", list(typed("string"))), may("expand", list(typed("string"))), may("limit", typed("integer")),
		may("cursor", typed("string")), may("q", typed("string")), may("count", typed("boolean"))).closed()
}

func aggregateShape(*document, *schema.Entity) *jsonSchema {
	return object(may("filter", component("Filter")),
		may("group", list(typed("string")).says("Fields; a date by day, week, month, quarter or year: created_at:month")),
		may("measures", list(typed("string")).says("count, or sum, avg, min, max of a field: sum:amount")),
		may("limit", typed("integer"))).closed()
}

func bulkShape(d *document, e *schema.Entity) *jsonSchema {
	ops := []string{"create", "update", "delete", "transfer", "restore"}
	if def := d.st.Def(e.Name); def != nil {
		for i := range def.Actions {
			if a := &def.Actions[i]; a.Bulk && d.actor.May(e, orUpdate(a.Op)) {
				ops = append(ops, a.Name)
			}
		}
	}
	item := object(may("id", component("Id"))).says("The fields to write; of a record that is there, its id and version too")
	return object(must("op", enum(ops...)),
		may("items", list(item).atMost(maxBulk)), may("ids", list(component("Id")).atMost(maxIDs).says("More than 200 are a job")),
		may("filter", typed("string").says("Instead of ids: all that match, as a job; \"\" is every record")),
		may("q", typed("string").says("Words, with the filter")),
		may("except", list(component("Id")).atMost(maxExcept).says("Left out of what matches the filter")),
		may("patch", component(inputName(e))), may("owner", component("ReferenceInput")), may("input", typed("object").says("What an action asks for; at most 200 records at once")),
		may("atomic", typed("boolean").says("All or nothing"))).closed()
}

func dryShape(_ *document, e *schema.Entity) *jsonSchema {
	return object(must("values", component(inputName(e))), may("id", nullable(component("Id")))).closed()
}

func previewShape(d *document, e *schema.Entity) *jsonSchema {
	values := object()
	for _, f := range e.Fields {
		if computed(e, f) && d.shown(e, f) && !schema.IsRef(f) && !schema.IsAnyRef(f) {
			values.Properties = append(values.Properties, member[*jsonSchema]{f.Key, labelled(nullable(valueOut(f)), f)})
		}
	}
	for _, g := range e.Lines {
		values.Properties = append(values.Properties, member[*jsonSchema]{g.Key, list(d.computedLine(g.Entity)).titled(g.Label.In("en"))})
	}
	return object(must("values", values.closed().says("The fields that are computed; of lines that were given, in their order")), must("errors", list(component("FieldError"))),
		must("duplicates", list(component("Duplicate"))))
}

// computedLine is what a preview tells of a line.
func (d *document) computedLine(e *schema.Entity) *jsonSchema {
	s := object()
	for _, f := range e.Fields {
		if computed(e, f) && d.shown(e, f) && !schema.IsRef(f) && !schema.IsAnyRef(f) {
			s.Properties = append(s.Properties, member[*jsonSchema]{f.Key, labelled(nullable(valueOut(f)), f)})
		}
	}
	return s.closed()
}

// actionShape is the body of an action.
func actionShape(v verb) shape {
	return func(*document, *schema.Entity) *jsonSchema {
		s := object(may("version", typed("integer").says("The version that was seen, instead of If-Match")))
		for _, f := range v.input {
			s.Properties = append(s.Properties, member[*jsonSchema]{f.Key, labelled(fieldIn(f), f)})
			if f.Required {
				s.Required = append(s.Required, f.Key)
			}
		}
		return s.closed()
	}
}

// questionShape is the body of a question.
func questionShape(v asked) shape {
	return func(*document, *schema.Entity) *jsonSchema {
		s := object()
		for _, f := range v.input {
			s.Properties = append(s.Properties, member[*jsonSchema]{f.Key, labelled(fieldIn(f), f)})
			if f.Required {
				s.Required = append(s.Required, f.Key)
			}
		}
		return s.closed()
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
