package api

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// sharedComponents declares what is the same for every entity.
func (d *document) sharedComponents() {
	d.declare("Id", (&jsonSchema{Type: typeNames{"string"}, Pattern: "^[0-9A-HJKMNP-TV-Z]{13}$"}).says("13 characters of Crockford's base 32, sorted by time"))
	d.declare("Instant", &jsonSchema{Type: typeNames{"string"}, Format: "date-time", Pattern: `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$`})
	d.declare("Labels", (&jsonSchema{Type: typeNames{"object"}, Extra: &extra{typed("string")}}).says("A text by locale: zh-CN, en"))
	d.declare("Count", object(must("value", typed("integer")), must("exact", typed("boolean").says("false: there are more than value"))))
	d.declare("Masked", object(must("masked", typed("string"))).says("A value of which the caller may see only a mask: 138****1234"))
	d.declare("Pending", object(must("pending", component("Id"))))
	d.referenceComponents()
	d.problemComponents()
	d.filterComponents()
	d.answerComponents()
}

func (d *document) referenceComponents() {
	text := typed("string")
	hidden := yes().says("The caller may not read the record")
	d.declare("Reference", reference(&jsonSchema{Type: typeNames{"object"}}))
	d.declare("AnyReference", object(must("type", nullable(text)), must("id", nullable(component("Id"))), must("label", nullable(text)), may("hidden", hidden)))
	d.declare("ReferenceInput", &jsonSchema{AnyOf: []*jsonSchema{component("Id"), object(must("id", nullable(component("Id"))))}})
	d.declare("AnyReferenceInput", &jsonSchema{AnyOf: []*jsonSchema{typed("string").says("entity:id"),
		object(must("type", nullable(text)), must("id", nullable(component("Id"))))}})
	d.declare("File", object(must("id", nullable(component("Id"))), must("name", nullable(text)), may("size", typed("integer")), may("mime", text), may("hidden", hidden)))
}

func (d *document) problemComponents() {
	text := typed("string")
	d.declare("FieldError", object(must("field", text), must("code", typed("string").says("Key of the message, for ever")), must("message", text)))
	codes := enum(string(errs.Invalid), string(errs.BadRequest), string(errs.Unauthorized), string(errs.Forbidden), string(errs.NotFound), string(errs.Conflict),
		string(errs.Duplicate), string(errs.Locked), string(errs.Precondition), string(errs.VersionRequired), string(errs.KeyReuse), string(errs.TooLarge),
		string(errs.RateLimited), string(errs.Unavailable), string(errs.Internal))
	d.declare("Problem", object(must("type", text), must("title", text), must("status", typed("integer")), must("detail", typed("string").says("A sentence in the language of Accept-Language")),
		must("code", codes), must("key", typed("string").says("Key of the sentence, for ever")), must("errors", list(component("FieldError"))), must("request_id", text),
		may("current", typed("object").says("Of a version conflict: the record as it is now")), may("current_version", typed("integer")),
		may("offer", typed("string").says("An action of the record that helps")),
		may("duplicates", list(component("Duplicate")))).says("Problem details of RFC 9457"))
	d.declare("Duplicate", object(must("id", nullable(component("Id"))), must("entity", typed("string").says("Of what kind it is: another than the one that was asked about while it is typed")), must("label", typed("string").says("Masked when the caller may not read the record")), must("rule", text),
		must("strict", typed("boolean")), must("owner", text), must("matched", list(text).says("Fields that agree"))))
}

// filterComponents are the JSON form of a condition.
func (d *document) filterComponents() {
	ops := enum(string(schema.OpEq), string(schema.OpNe), string(schema.OpLt), string(schema.OpLe), string(schema.OpGt), string(schema.OpGe), string(schema.OpIn), string(schema.OpNotIn),
		string(schema.OpContains), string(schema.OpNotContains), string(schema.OpStarts), string(schema.OpNotStarts), string(schema.OpNull), string(schema.OpNotNull),
		string(schema.OpBetween), string(schema.OpNotBetween), string(schema.OpUnder), string(schema.OpNotUnder))
	d.declare("Filter", (&jsonSchema{AnyOf: []*jsonSchema{
		typed("string").says(`The text form: status == "won" and owner == me`),
		object(must("and", list(component("Filter")))).closed(),
		object(must("or", list(component("Filter")))).closed(),
		object(must("not", component("Filter"))).closed(),
		object(must("field", typed("string").says("A field, or a field of a referenced record: owner.name")), must("op", ops), may("value", (&jsonSchema{}).says("A value, an array of values, or a function: {\"fn\":\"month_start\",\"args\":[-1]}"))).closed(),
		typed("null"),
	}}).says("A condition"))
}

// answerComponents are the answers that are written without a Go type of their own.
func (d *document) answerComponents() {
	text, id := typed("string"), component("Id")
	d.declare("Deletion", object(must("batch", id), must("changeset", id)))
	d.declare("ReportPlaces", (&jsonSchema{Type: typeNames{"object"}, Extra: &extra{object(must("entity", typed("string")), must("filter", typed("string"))).closed()}}).
		says("By column of a row, the list behind the figure: the records of an entity under a filter"))
	d.declare("Answer", object(must("rows", list(typed("object")).says("A member for each column that the metadata names")), must("more", typed("boolean").says("There are others beside these"))))
	d.declare("RelatedLists", object(must("items", list(object(must("key", text), must("entity", text), must("field", text), must("count", component("Count")))))))
	change := object(must("field", text), must("from", &jsonSchema{}), must("to", &jsonSchema{}))
	line := object(must("group", typed("string")), must("id", id), must("kind", typed("string").says("create, update, delete, restore or move")),
		must("label", nullable(typed("string"))), must("changes", list(change)))
	d.declare("Timeline", object(must("items", list(object(must("id", id), must("kind", typed("string").says("create, update, delete, restore, or the name of an action")),
		must("at", component("Instant")), must("by", nullable(component("Reference"))), must("changeset", id), must("version", typed("integer")), must("changes", list(change)), may("lines", list(line).says("What happened to its detail lines in the same write")),
		may("more_lines", yes().says("There are more lines than are told"))))),
		must("has_more", typed("boolean")), must("next", nullable(text))))
	d.declare("BulkResult", object(must("changeset", id), must("results", list(object(must("index", typed("integer")), may("id", id), must("status", typed("integer")),
		may("version", typed("integer")), may("duplicates", list(component("Duplicate"))), may("error", component("Problem"))))), must("done", typed("integer")), must("failed", typed("integer"))))
	d.declare("Aggregation", object(must("groups", list(text)), must("measures", list(text)),
		must("rows", list(list(&jsonSchema{})).says("The values of the groups, then those of the measures")), must("truncated", typed("boolean"))))
	d.declare("Duplicates", object(must("items", list(component("Duplicate")))))
	hit := list(typed("integer"))
	hit.MinItems, hit.MaxItems = 2, 2
	snippet := object(must("field", text), must("text", text), must("hits", list(hit).says("From and to, in characters")))
	d.declare("Found", object(must("items", list(object(must("entity", text), must("id", id), must("label", text), must("snippet", list(snippet))))), must("has_more", typed("boolean"))))
}
