package api

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// routeDoc is what the OpenAPI document says of a route. It stands beside the
// route in the table, so that neither goes without the other.
type routeDoc struct {
	id      string // operation id; of routes of an entity the part after the entity's name
	summary string // {one} and {many} stand for the entity's names
	text    string
	params  []string // keys of parameters()
	in      *content
	replies []replyDoc
	fails   []int // statuses of problems beside those every such route may answer
}

// shape makes the schema of a body; e is the entity of the path, nil for other routes.
type shape func(d *document, e *schema.Entity) *jsonSchema

// content is a body of some media type; a nil shape is a body that is no JSON.
type content struct {
	kind  string
	shape shape
	text  string
}

type replyDoc struct {
	status  int
	text    string
	headers []string // keys of headers()
	content *content
}

const (
	jsonKind    = "application/json"
	problemKind = "application/problem+json"
)

// of is the shape of a Go type in an answer.
func of[T any]() shape {
	return func(d *document, _ *schema.Entity) *jsonSchema { return d.goType(reflect.TypeFor[T](), false) }
}

// bodyOf is the shape of a Go type in a request: nothing is required that is
// not tagged so, and nothing else may be there.
func bodyOf[T any]() shape {
	return func(d *document, _ *schema.Entity) *jsonSchema { return d.goType(reflect.TypeFor[T](), true) }
}

// says names the operation.
func (r route) says(id, summary, text string) route {
	r.doc.id, r.doc.summary, r.doc.text = id, summary, text
	return r
}

// asks names query and header parameters.
func (r route) asks(params ...string) route {
	r.doc.params = append(slices.Clone(r.doc.params), params...)
	return r
}

// takes describes a JSON body.
func (r route) takes(s shape) route {
	r.doc.in = &content{kind: jsonKind, shape: s}
	return r
}

// takesRaw describes a body that is no JSON.
func (r route) takesRaw(kind, text string) route {
	r.doc.in = &content{kind: kind, text: text}
	return r
}

// gives describes an answer; without a shape it has no body.
func (r route) gives(status int, text string, s shape, headers ...string) route {
	a := replyDoc{status: status, text: text, headers: headers}
	if s != nil {
		a.content = &content{kind: jsonKind, shape: s}
	}
	r.doc.replies = append(slices.Clone(r.doc.replies), a)
	return r
}

// givesRaw describes an answer that is no JSON.
func (r route) givesRaw(status int, kind, text string, headers ...string) route {
	r.doc.replies = append(slices.Clone(r.doc.replies), replyDoc{status: status, text: text, headers: headers, content: &content{kind: kind, text: text}})
	return r
}

// cached describes an answer with an entity tag that If-None-Match asks by.
func (r route) cached(text string, s shape) route {
	return r.asks("If-None-Match").gives(http.StatusOK, text, s, "ETag").gives(http.StatusNotModified, "Not changed since", nil)
}

// fails names problems beside those that follow from the route itself.
func (r route) fails(statuses ...int) route {
	r.doc.fails = append(slices.Clone(r.doc.fails), statuses...)
	return r
}

// streaming takes the route out of the time limit of a request.
func (r route) streaming() route {
	r.stream = true
	return r
}

// writes are the problems of every write to a record.
func (r route) writes() route {
	return r.gives(http.StatusAccepted, "Kept for approval: nothing is changed yet", pendingShape).
		fails(http.StatusConflict, http.StatusUnprocessableEntity, http.StatusLocked)
}

// mass is writes for a call that may become a job.
func (r route) mass() route {
	started := func(d *document, e *schema.Entity) *jsonSchema {
		return &jsonSchema{AnyOf: []*jsonSchema{of[jobOut]()(d, e), pendingShape(d, e)}}
	}
	return r.gives(http.StatusAccepted, "Started as a job, or kept for approval", started).
		fails(http.StatusConflict, http.StatusUnprocessableEntity, http.StatusLocked)
}

// versioned is writes for a record that is there already.
func (r route) versioned() route {
	return r.asks("If-Match").writes().fails(http.StatusPreconditionFailed, http.StatusPreconditionRequired)
}

// ofEntity says whether the route is repeated for every entity.
func (r route) ofEntity() bool { return strings.Contains(r.Path, "{entity}") }

// query lists the parameters that may stand in the address.
func (r route) query() (names []string) {
	known := parameters()
	for _, key := range r.doc.params {
		if p, ok := known.get(key); ok && p.In == "query" {
			names = append(names, p.Name)
		}
	}
	return names
}

// problems lists the statuses that the route may fail with, ascending.
func (r route) problems() []int {
	out := append(slices.Clone(r.doc.fails), http.StatusBadRequest) // an unknown parameter
	if r.Policy != Public {
		out = append(out, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(r.Path, "{") {
		out = append(out, http.StatusNotFound)
	}
	if r.doc.in != nil {
		out = append(out, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
