package api

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// OpenAPIOf makes what the document of a state of the registry says of one
// request, its path below /api/v1: the operations that it may be, and the
// components that those use. That is a hundredth of the whole.
func (s *Server) OpenAPIOf(st *entity.State, actor *access.Actor, method, path string) []byte {
	return s.describe(&document{st: st, actor: actor, one: &asking{method, strings.Split(path, "/")}})
}

// asking is one request that a document is made for.
type asking struct {
	method   string
	segments []string
}

// may says whether the request may be for an operation.
func (a *asking) may(method, path string) bool {
	if a == nil {
		return true
	}
	want := strings.Split(path, "/")
	return method == a.method && slices.EqualFunc(want, a.segments, func(w, have string) bool { return w == have || strings.HasPrefix(w, "{") })
}

// tells says whether the document tells of the operations of an entity, whose
// name is one of the segments of their paths.
func (d *document) tells(e *schema.Entity) bool {
	return d.entity(e.Name) && (d.one == nil || slices.Contains(d.one.segments, e.Name))
}

// component gives what is declared under a name; those of entities that the
// document tells nothing else of are declared when they are met.
func (d *document) component(name string) *jsonSchema {
	s, ok := d.schemas.get(name)
	if ok || d.one == nil {
		return s
	}
	module, rest, _ := strings.Cut(name, ".")
	rest, _, _ = strings.Cut(rest, ".")
	if e := d.st.Entity(module + "." + rest); e != nil && d.entity(e.Name) {
		d.entityComponents(e)
		s, _ = d.schemas.get(name)
	}
	return s
}
