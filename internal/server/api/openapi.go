package api

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The OpenAPI 3.1 document is made from the table of routes and the registry as
// the caller may see it: entities he has no right to are not named, fields
// hidden from him are left out, masked ones say so. An administrator's document
// is the whole registry.

// document is one OpenAPI document in the making.
type document struct {
	st      *entity.State
	actor   *access.Actor
	schemas ordered[*jsonSchema]
	types   map[string]reflect.Type // of the components that are made from Go types
	items   map[string]*pathItem    // of the paths so far: there are thousands
	one     *asking                 // nil = the whole
}

// declare adds a component, or fills in one that was declared empty.
func (d *document) declare(name string, s *jsonSchema) {
	for i := range d.schemas {
		if d.schemas[i].key == name {
			if d.schemas[i].val != nil || s == nil {
				panic("two schemas are named " + name)
			}
			d.schemas[i].val = s
			return
		}
	}
	d.schemas = append(d.schemas, member[*jsonSchema]{name, s})
}

// entity says whether the caller may know of an entity.
func (d *document) entity(name string) bool {
	e := d.st.Entity(name)
	return e != nil && slices.ContainsFunc(access.Ops(), func(op access.Op) bool { return d.actor.May(e, op) })
}

// The shapes of OpenAPI itself.
type (
	openAPI struct {
		OpenAPI    string               `json:"openapi"`
		Info       docInfo              `json:"info"`
		Servers    []docServer          `json:"servers"`
		Security   []securityNeed       `json:"security"`
		Tags       []docTag             `json:"tags"`
		Paths      ordered[*pathItem]   `json:"paths"`
		Components documentedComponents `json:"components"`
	}
	docInfo struct {
		Title       string     `json:"title"`
		Version     string     `json:"version"`
		Description string     `json:"description"`
		Contact     docContact `json:"contact"`
		License     docLicense `json:"license"`
	}
	docContact struct {
		Name string `json:"name"`
	}
	docLicense struct {
		Name       string `json:"name"`
		Identifier string `json:"identifier"`
	}
	docServer struct {
		URL         string `json:"url"`
		Description string `json:"description"`
	}
	docTag struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	securityNeed         = ordered[[]string]
	documentedComponents struct {
		SecuritySchemes ordered[securityScheme]   `json:"securitySchemes"`
		Parameters      ordered[*parameter]       `json:"parameters"`
		Headers         ordered[*header]          `json:"headers"`
		Responses       ordered[*documentedReply] `json:"responses"`
		Schemas         ordered[*jsonSchema]      `json:"schemas"`
	}
	securityScheme struct {
		Type        string `json:"type"`
		Scheme      string `json:"scheme,omitempty"`
		In          string `json:"in,omitempty"`
		Name        string `json:"name,omitempty"`
		Description string `json:"description"`
	}
	pathItem struct {
		Parameters []*parameter `json:"parameters,omitempty"`
		Get        *operation   `json:"get,omitempty"`
		Post       *operation   `json:"post,omitempty"`
		Patch      *operation   `json:"patch,omitempty"`
		Delete     *operation   `json:"delete,omitempty"`
	}
	operation struct {
		OperationID string                    `json:"operationId"`
		Summary     string                    `json:"summary"`
		Description string                    `json:"description"`
		Tags        []string                  `json:"tags"`
		Security    *[]securityNeed           `json:"security,omitempty"`
		Parameters  []*parameter              `json:"parameters,omitempty"`
		Body        *documentedBody           `json:"requestBody,omitempty"`
		Responses   ordered[*documentedReply] `json:"responses"`
	}
	documentedBody struct {
		Required bool                       `json:"required"`
		Content  ordered[documentedContent] `json:"content"`
	}
	documentedReply struct {
		Ref         string                     `json:"$ref,omitempty"`
		Description string                     `json:"description,omitempty"`
		Headers     ordered[*header]           `json:"headers,omitempty"`
		Content     ordered[documentedContent] `json:"content,omitempty"`
	}
	documentedContent struct {
		Schema *jsonSchema `json:"schema"`
	}
)

const docText = `The REST interface of Guanxi, made from the same registry as its pages: every entity, custom ones too, has the same operations.

Ids are 13 characters. Money, decimals and percentages are decimal strings, integers are JSON numbers, instants are RFC 3339 in UTC; an empty value is null. A reference is {"id","label"}, or {"id":null,"label":null,"hidden":true} when the caller may not read the record. What the caller has no right to see is not found, absent, or masked.

A change names the version it is based on (If-Match or "version"). Errors are problem details (RFC 9457) in the language of Accept-Language; their code and key do not change. Unknown parameters and fields are refused.`

// OpenAPI makes the document as an actor may see it.
func (s *Server) OpenAPI(actor *access.Actor) []byte {
	return s.describe(&document{st: s.Engine.Registry.State(), actor: actor})
}

func (s *Server) describe(d *document) []byte {
	d.types, d.items = map[string]reflect.Type{}, map[string]*pathItem{}
	d.sharedComponents()
	doc := openAPI{OpenAPI: "3.1.0", Servers: []docServer{{URL: "/api/v1", Description: "This installation"}},
		Info: docInfo{Title: "Guanxi API", Version: s.Version, Description: docText, Contact: docContact{Name: "Guanxi maintainers"},
			License: docLicense{Name: "Apache License 2.0", Identifier: "Apache-2.0"}},
		Security: []securityNeed{{{"cookie", []string{}}}, {{"key", []string{}}}}}
	for _, rt := range s.routes {
		if !rt.ofEntity() {
			doc.add(d, rt, nil)
		}
	}
	for _, e := range d.st.Entities {
		if !d.tells(e) {
			continue
		}
		d.entityComponents(e)
		doc.Tags = append(doc.Tags, docTag{Name: e.Name, Description: e.Label.In("en") + " (" + e.Label.In("zh-CN") + ")"})
		for _, rt := range s.routes {
			if rt.ofEntity() {
				s.addEntityRoute(&doc, d, rt, e)
			}
		}
	}
	doc.Tags = append(fixedTags(s.routes), doc.Tags...)
	doc.Components = d.components(doc.Paths)
	return docJSON(doc)
}

// addEntityRoute adds a route for one entity; the route of actions once for each of them.
func (s *Server) addEntityRoute(doc *openAPI, d *document, rt route, e *schema.Entity) {
	if strings.Contains(rt.Path, "{question}") {
		for _, v := range s.questions(d.actor, d.st, e) {
			doc.add(d, rt.of("{question}", v.name, v.label["en"]).takes(questionShape(v)), e)
		}
		return
	}
	if strings.Contains(rt.Path, "{report}") {
		s.addReports(doc, d, rt, e)
		return
	}
	if !strings.Contains(rt.Path, "{name}") {
		doc.add(d, rt, e)
		return
	}
	for _, v := range s.verbs(d.actor, d.st, e) {
		doc.add(d, rt.of("{name}", v.name, v.label["en"]).takes(actionShape(v)), e)
	}
}

// of is a route for one verb of an entity, whose name stands in the path.
func (r route) of(param, name, label string) route {
	r.Path = strings.ReplaceAll(r.Path, param, name)
	r.doc.id += "." + name
	r.doc.summary = label + ": {one}"
	return r
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

// add adds the operation of a route.
func (doc *openAPI) add(d *document, rt route, e *schema.Entity) {
	if rt.doc.id == "" {
		return
	}
	path, tag, id := rt.Path, strings.Split(rt.doc.id, ".")[0], rt.doc.id
	if e != nil {
		path, tag, id = strings.ReplaceAll(path, "{entity}", e.Name), e.Name, e.Name+"."+id
	}
	if !d.one.may(rt.Method, path) {
		return
	}
	words := strings.NewReplacer()
	if e != nil {
		words = strings.NewReplacer("{one}", e.Label.In("en"), "{many}", e.Plural.In("en"))
	}
	op := &operation{OperationID: id, Summary: words.Replace(rt.doc.summary), Description: words.Replace(rt.doc.text), Tags: []string{tag}}
	switch rt.Policy {
	case Public:
		op.Security = &[]securityNeed{}
	case Admin:
		op.Description += " For administrators."
	case Member:
	}
	for _, name := range rt.doc.params {
		op.Parameters = append(op.Parameters, &parameter{Ref: "#/components/parameters/" + name})
	}
	if rt.doc.in != nil {
		op.Body = &documentedBody{Required: true, Content: rt.doc.in.documented(d, e)}
	}
	for _, a := range rt.doc.replies {
		op.Responses = append(op.Responses, member[*documentedReply]{itoa(a.status), a.documented(d, e)})
	}
	slices.SortStableFunc(op.Responses, func(a, b member[*documentedReply]) int { return strings.Compare(a.key, b.key) })
	for _, status := range append(rt.problems(), http.StatusInternalServerError) {
		key := statusText(status)
		op.Responses = append(op.Responses, member[*documentedReply]{key, &documentedReply{Ref: "#/components/responses/" + problemName(key)}})
	}
	doc.item(d, path).set(rt.Method, op)
}

// item finds or makes a path.
func (doc *openAPI) item(d *document, path string) *pathItem {
	if it := d.items[path]; it != nil {
		return it
	}
	it := &pathItem{}
	d.items[path] = it
	for _, m := range pathParam.FindAllStringSubmatch(path, -1) {
		s := typed("string")
		if m[1] == "id" {
			s = component("Id")
		}
		it.Parameters = append(it.Parameters, &parameter{Name: m[1], In: "path", Required: true, Description: "The " + m[1], Schema: s})
	}
	doc.Paths = append(doc.Paths, member[*pathItem]{path, it})
	return it
}

func (it *pathItem) set(method string, op *operation) {
	switch method {
	case http.MethodGet:
		it.Get = op
	case http.MethodPost:
		it.Post = op
	case http.MethodPatch:
		it.Patch = op
	case http.MethodDelete:
		it.Delete = op
	default:
		panic("no place for " + method + " in the document")
	}
}

func (it *pathItem) operations() []*operation {
	return slices.DeleteFunc([]*operation{it.Get, it.Post, it.Patch, it.Delete}, func(o *operation) bool { return o == nil })
}

func (c *content) documented(d *document, e *schema.Entity) ordered[documentedContent] {
	s := &jsonSchema{Description: c.text}
	if c.shape != nil {
		s = c.shape(d, e)
	}
	return ordered[documentedContent]{{c.kind, documentedContent{s}}}
}

func (a *replyDoc) documented(d *document, e *schema.Entity) *documentedReply {
	r := &documentedReply{Description: a.text, Headers: headerRefs(a.headers)}
	if a.content != nil {
		r.Content = a.content.documented(d, e)
	}
	return r
}

func headerRefs(names []string) (out ordered[*header]) {
	for _, n := range names {
		out = append(out, member[*header]{n, &header{Ref: "#/components/headers/" + n}})
	}
	return out
}

// fixedTags are the groups of the routes that belong to no entity, as they come.
func fixedTags(routes []route) []docTag {
	var out []docTag
	for _, rt := range routes {
		name, _, _ := strings.Cut(rt.doc.id, ".")
		if rt.ofEntity() || name == "" || slices.ContainsFunc(out, func(t docTag) bool { return t.Name == name }) {
			continue
		}
		out = append(out, docTag{Name: name, Description: tagText(name)})
	}
	return out
}

// components are the parts that the paths share, and of them only those that
// are used; schemas by name.
func (d *document) components(paths ordered[*pathItem]) documentedComponents {
	used := usage{d: d, refs: map[string]bool{}}
	for _, p := range paths {
		for _, x := range p.val.Parameters {
			used.schema(x.Schema)
		}
		for _, op := range p.val.operations() {
			used.operation(op)
		}
	}
	used.schema(component("Problem"))
	c := documentedComponents{SecuritySchemes: ordered[securityScheme]{
		{"cookie", securityScheme{Type: "apiKey", In: "cookie", Name: "__Host-" + cookieName, Description: "The session of a browser, opened by POST /session; without TLS the name has no prefix"}},
		{"key", securityScheme{Type: "http", Scheme: "bearer", Description: "A key of a member: Authorization: Bearer KEY"}}}}
	for _, p := range parameters() {
		if used.refs["#/components/parameters/"+p.key] {
			c.Parameters = append(c.Parameters, p)
		}
	}
	for _, s := range d.schemas {
		if used.refs["#/components/schemas/"+s.key] {
			c.Schemas = append(c.Schemas, s)
		}
	}
	for _, t := range problemTexts() {
		name := problemName(t.key)
		if used.refs["#/components/responses/"+name] {
			c.Responses = append(c.Responses, member[*documentedReply]{name, &documentedReply{Description: t.val, Headers: headerRefs(problemHeaders(t.key)),
				Content: ordered[documentedContent]{{problemKind, documentedContent{component("Problem")}}}}})
			for _, h := range problemHeaders(t.key) {
				used.refs["#/components/headers/"+h] = true
			}
		}
	}
	for _, h := range headers() {
		if used.refs["#/components/headers/"+h.key] {
			c.Headers = append(c.Headers, h)
		}
	}
	slices.SortFunc(c.Schemas, func(a, b member[*jsonSchema]) int { return strings.Compare(a.key, b.key) })
	return c
}

// usage collects which components are referred to.
type usage struct {
	d    *document
	refs map[string]bool
}

func (u usage) operation(op *operation) {
	for _, x := range op.Parameters {
		u.refs[x.Ref] = true
	}
	if op.Body != nil {
		for _, c := range op.Body.Content {
			u.schema(c.val.Schema)
		}
	}
	for _, r := range op.Responses {
		u.refs[r.val.Ref] = true
		for _, h := range r.val.Headers {
			u.refs[h.val.Ref] = true
		}
		for _, c := range r.val.Content {
			u.schema(c.val.Schema)
		}
	}
}

func (u usage) schema(s *jsonSchema) {
	if s == nil {
		return
	}
	if s.Ref != "" && !u.refs[s.Ref] {
		u.refs[s.Ref] = true
		u.schema(u.d.component(strings.TrimPrefix(s.Ref, "#/components/schemas/")))
	}
	u.schema(s.Items)
	if s.Extra != nil {
		u.schema(s.Extra.of)
	}
	for _, p := range s.Properties {
		u.schema(p.val)
	}
	for _, one := range append(slices.Clone(s.AnyOf), s.AllOf...) {
		u.schema(one)
	}
}

// docCache keeps the administrators' document of one state of the registry.
type docCache struct {
	mu    sync.Mutex
	state *entity.State
	body  []byte
	tag   string
}

// openapi answers the document as the caller may see it.
func (s *Server) openapi(q *request) error {
	body, tag := s.documentFor(q.actor)
	q.w.Header().Set("ETag", tag)
	if q.r.Header.Get("If-None-Match") == tag {
		q.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return q.reply(http.StatusOK, body)
}

func (s *Server) documentFor(actor *access.Actor) (body []byte, tag string) {
	if actor.Admin() {
		s.document.mu.Lock()
		defer s.document.mu.Unlock()
		if s.document.state == s.Engine.Registry.State() {
			return s.document.body, s.document.tag
		}
	}
	st := s.Engine.Registry.State()
	body = s.OpenAPI(actor)
	sum := sha256.Sum256(body)
	tag = `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	if actor.Admin() {
		s.document.state, s.document.body, s.document.tag = st, body, tag
	}
	return body, tag
}
