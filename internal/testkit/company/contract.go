package company

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// contract holds every reply to the OpenAPI document that the server gives to
// the caller at that moment: the status must be in it and the body must be what
// it says, with nothing beside it. Of the document only what is said of the
// request is made (TestOfOneRequestIsOfTheWhole): the whole takes seconds to
// write and read under the race detector, anew after every change of the registry.
type contract struct {
	server func() *api.Server
	mu     sync.Mutex
	told   map[string]*promise // by the caller's login
}

// promise is what the documents of a caller are made from: a state of the
// registry and of his rights.
type promise struct {
	like   likeness
	actor  *access.Actor
	state  *entity.State
	rights int64
}

// documents are the last ones that were made, the newest at the end. Callers
// that are alike in all that their documents are made from share them
// (TestDocumentsOfTheLike).
var documents shelf

type shelf struct {
	mu   sync.Mutex
	list []*document
}

const documentsKept = 300

// title is what a document is about: a method and a path, for all that are
// alike. Ids are all the same in it.
type title struct {
	like         likeness
	method, path string
}

// document is one that was asked for.
type document struct {
	title
	read sync.Once
	err  error
	sum  [sha256.Size]byte // of its text
	*content
}

// content is what stands in a document that was read. Documents of the same text
// have one: compiling its schemas takes longer than to write it, and changes of
// the registry or of rights leave most texts as they were.
type content struct {
	mu       sync.Mutex // of the compiler
	paths    map[string]any
	replies  map[string]any // components
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

// check says what a reply does that the document does not promise; "" is nothing.
func (c *contract) check(k *Client, method, path string, r Reply) string {
	p, err := c.of(k)
	if err != nil {
		return err.Error()
	}
	if p == nil {
		return "" // nobody can be told of the API before the first run
	}
	path, _, _ = strings.Cut(path, "?")
	doc, err := c.document(p, method, path)
	if err != nil {
		return err.Error()
	}
	where, reply := doc.find(method, path, r.Status)
	if reply == nil {
		return where
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	contents, _ := reply["content"].(map[string]any)
	switch {
	case len(contents) == 0 && len(r.Body) > 0:
		return fmt.Sprintf("status %d is documented without a body: %.300s", r.Status, r.Body)
	case len(contents) == 0 || contents["*/*"] != nil:
		return ""
	case contents[kind] == nil:
		return fmt.Sprintf("status %d comes as %q, which is not documented", r.Status, kind)
	case !strings.HasSuffix(kind, "json"):
		return ""
	}
	return doc.validate(where+"/content/"+escape(kind)+"/schema", r.Body)
}

// of gives what documents are made from for the caller now; for an administrator
// when he may not ask for one, nil where there is none.
func (c *contract) of(k *Client) (*promise, error) {
	state, rights := k.c.App.Registry.State(), k.c.App.Rights.Version()
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.told[k.login]; p != nil && p.state == state && p.rights == rights {
		return p, nil
	}
	who, is := k.c.member(k.login)
	if !is {
		if who, is = k.c.member("admin"); !is {
			return nil, nil
		}
	}
	actor, is := k.c.App.Rights.Actor(who.ID)
	if !is {
		return nil, fmt.Errorf("%s has no rights", who.Login)
	}
	like, err := k.c.likenessOf(state, who)
	if err != nil {
		return nil, err
	}
	p := &promise{like, actor, state, rights}
	c.told[k.login] = p
	return p, nil
}

var anID = regexp.MustCompile(`/[0-9A-HJKMNP-TV-Z]{13}\b`)

// document gives the document of a request.
func (c *contract) document(p *promise, method, path string) (*document, error) {
	return documents.document(title{p.like, method, anID.ReplaceAllString(path, "/0000000000000")}, func() []byte {
		return c.server().OpenAPIOf(p.state, p.actor, method, path)
	})
}

// member is who signs in with a login, unless nobody does.
func (c *Company) member(login string) (*access.Member, bool) {
	m, ok := c.App.Dir.MemberByLogin(login)
	return &m, ok && login != "" && !m.Disabled
}

// likeness is the same for callers whose documents are the same.
type likeness [sha256.Size]byte

// likenessOf is of all that a document is made from beside the program itself:
// what administrators added to the registry, and the caller's rights, those that
// pools give him among them.
func (c *Company) likenessOf(state *entity.State, m *access.Member) (likeness, error) {
	type right struct {
		access.Grant
		Depts bool
	}
	of := struct {
		Overlay entity.Overlay
		Admin   bool
		Depts   bool
		Grants  []right
		Fields  []access.FieldGrant
		Roles   int
		Pools   []bool
	}{Overlay: *state.Overlay, Admin: m.Admin}
	of.Overlay.Version = 0
	if !m.Admin {
		of.Depts, of.Roles = len(m.Depts) > 0, len(m.Roles)
		for _, g := range m.Grants {
			one := right{g, len(g.Depts) > 0}
			one.Grant.Depts = nil
			of.Grants = append(of.Grants, one)
		}
		for _, f := range m.Fields {
			f.Role = int64(slices.Index(m.Roles, f.Role)) // ids differ from company to company
			of.Fields = append(of.Fields, f)
		}
		actor, _ := c.App.Rights.Actor(m.ID)
		for _, e := range state.Entities {
			for _, op := range append(access.Ops(), access.Claim) {
				if e.Pool != nil {
					of.Pools = append(of.Pools, actor != nil && actor.May(e, op))
				}
			}
		}
	}
	raw, err := json.Marshal(of)
	return sha256.Sum256(raw), err
}

const docURL = "https://guanxi.invalid/openapi.json"

// document gives the document of a title; make makes one that was not read
// lately.
func (s *shelf) document(of title, make func() []byte) (*document, error) {
	s.mu.Lock()
	at := slices.IndexFunc(s.list, func(d *document) bool { return d.title == of })
	d := &document{title: of}
	if at >= 0 {
		d = s.list[at]
		s.list = slices.Delete(s.list, at, at+1)
	}
	if s.list = append(s.list, d); len(s.list) > documentsKept {
		s.list = slices.Delete(s.list, 0, 1)
	}
	s.mu.Unlock()
	d.read.Do(func() { d.err = s.take(d, make()) })
	return d, d.err
}

// take reads the text of a document, unless one of the same text was read.
func (s *shelf) take(d *document, text []byte) (err error) {
	sum := sha256.Sum256(text)
	s.mu.Lock()
	at := slices.IndexFunc(s.list, func(o *document) bool { return o.content != nil && o.sum == sum })
	var c *content
	if at >= 0 {
		c = s.list[at].content
	}
	s.mu.Unlock()
	if c == nil {
		if c, err = read(text); err != nil {
			return err
		}
	}
	s.mu.Lock()
	d.content, d.sum = c, sum
	s.mu.Unlock()
	return nil
}

func read(text []byte) (*content, error) {
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	doc, ok := raw.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the OpenAPI document is no object")
	}
	c := &content{compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	c.paths, _ = doc["paths"].(map[string]any)
	c.replies, _ = doc["components"].(map[string]any)
	forbidMore(doc)
	return c, c.compiler.AddResource(docURL, doc)
}

// forbidMore lets objects have only the members that the document names: a
// member that nobody described fails the test.
func forbidMore(v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			forbidMore(x)
		}
	case map[string]any:
		for key, x := range v {
			if key != "allOf" {
				forbidMore(x)
			}
		}
		if _, isObject := v["properties"].(map[string]any); isObject && v["additionalProperties"] == nil && v["type"] != nil {
			v["additionalProperties"] = false
		}
	}
}

// find gives the documented reply and its place in the document; without a
// reply the text says what is wrong, if anything is.
func (c *content) find(method, path string, status int) (string, map[string]any) {
	template := c.template(method, path)
	if template == "" {
		switch status {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
			return "", nil // an entity or a route that is not there for this caller
		}
		return fmt.Sprintf("status %d of an operation that is not in the OpenAPI document", status), nil
	}
	place := "/paths/" + escape(template) + "/" + strings.ToLower(method) + "/responses/"
	replies := dig(c.paths, template, strings.ToLower(method), "responses")
	key := strconv.Itoa(status)
	if replies[key] == nil && status >= 500 {
		key = "5XX"
	}
	reply, ok := replies[key].(map[string]any)
	if !ok {
		return fmt.Sprintf("status %d is not in the OpenAPI document (%s %s)", status, method, template), nil
	}
	if ref, ok := reply["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/components/responses/")
		return "/components/responses/" + name, dig(c.replies, "responses", name)
	}
	return place + key, reply
}

func dig(v map[string]any, keys ...string) map[string]any {
	for _, k := range keys {
		v, _ = v[k].(map[string]any)
	}
	return v
}

// template finds the path that a request is about: the one with the fewest parameters.
func (c *content) template(method, path string) string {
	best, fewest := "", 99
	have := strings.Split(path, "/")
	for t := range c.paths {
		want := strings.Split(t, "/")
		if len(want) != len(have) || dig(c.paths, t, strings.ToLower(method)) == nil {
			continue
		}
		n := 0
		for i, w := range want {
			if strings.HasPrefix(w, "{") {
				n++
			} else if w != have[i] {
				n = 99
				break
			}
		}
		if n < fewest {
			best, fewest = t, n
		}
	}
	return best
}

func escape(s string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(s))
}

// schema gives what stands at a place of the document.
func (c *content) schema(place string) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.compiled[place]; s != nil {
		return s, nil
	}
	s, err := c.compiler.Compile(docURL + "#" + place)
	if err == nil {
		c.compiled[place] = s
	}
	return s, err
}

// validate holds a body to a schema of the document.
func (c *content) validate(place string, body []byte) string {
	s, err := c.schema(place)
	if err != nil {
		return err.Error()
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err.Error()
	}
	if err := s.Validate(v); err != nil {
		return fmt.Sprintf("the reply is not what the OpenAPI document says: %v\n%.600s", err, indent(body))
	}
	return ""
}

func indent(b []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, b, "", " ") != nil {
		return b
	}
	return out.Bytes()
}
