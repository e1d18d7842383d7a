package company

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/guanxicrm/guanxi/internal/model/entity"
)

// contract holds every reply to the OpenAPI document that the server gives to
// the caller at that moment: the status must be in it and the body must be what
// it says, with nothing beside it.
type contract struct {
	mu   sync.Mutex
	docs map[string]*promise // by the caller's key
}

// promise is one document, of one state of the registry and the company.
type promise struct {
	*document
	state  *entity.State
	people int64
}

// documents are the last ones that were read, the newest at the end: companies
// that are alike have the same. One takes some ten MiB.
var documents shelf

type shelf struct {
	mu   sync.Mutex
	list []*document
}

const documentsKept = 8

// document is one that was read.
type document struct {
	digest   [sha256.Size]byte
	mu       sync.Mutex
	paths    map[string]any
	replies  map[string]any // components
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

// check says what a reply does that the document does not promise; "" is nothing.
func (c *contract) check(k *Client, method, path string, r Reply) string {
	doc, err := c.of(k)
	if err != nil {
		return err.Error()
	}
	if doc == nil {
		return "" // nobody can be told of the API before the first run
	}
	path, _, _ = strings.Cut(path, "?")
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

// of gives the document as the caller may see it now; an administrator's when
// he may not ask for it.
func (c *contract) of(k *Client) (*promise, error) {
	state, people := k.c.App.Registry.State(), k.c.App.Dir.Version()
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.docs[k.key]; p != nil && p.state == state && p.people == people {
		return p, nil
	}
	body, status, err := k.document()
	if err == nil && status == http.StatusUnauthorized {
		if _, ok := k.c.App.Dir.MemberByLogin("admin"); !ok {
			return nil, nil
		}
		body, status, err = k.c.As("admin").document()
	}
	if err != nil || status != http.StatusOK {
		return nil, fmt.Errorf("no OpenAPI document: %d %w", status, err)
	}
	doc, err := documents.document(body)
	if err != nil {
		return nil, err
	}
	p := &promise{doc, state, people}
	c.docs[k.key] = p
	return p, nil
}

// document asks the server for the document, past the checks of Do.
func (k *Client) document() ([]byte, int, error) {
	req, err := http.NewRequest(http.MethodGet, k.c.URL+"/api/v1/openapi.json", http.NoBody)
	if err != nil {
		return nil, 0, err
	}
	if k.key != "" {
		req.Header.Set("Authorization", "Bearer "+k.key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return body, res.StatusCode, err
}

const docURL = "https://guanxi.invalid/openapi.json"

// document reads a document, unless it was read lately.
func (s *shelf) document(body []byte) (*document, error) {
	digest := sha256.Sum256(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, known := range s.list {
		if known.digest == digest {
			s.list = append(slices.Delete(s.list, i, i+1), known)
			return known, nil
		}
	}
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	doc, ok := raw.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the OpenAPI document is no object")
	}
	p := &document{digest: digest, compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	p.compiler.DefaultDraft(jsonschema.Draft2020)
	p.paths, _ = doc["paths"].(map[string]any)
	p.replies, _ = doc["components"].(map[string]any)
	forbidMore(doc)
	if err := p.compiler.AddResource(docURL, doc); err != nil {
		return nil, err
	}
	if s.list = append(s.list, p); len(s.list) > documentsKept {
		s.list = slices.Delete(s.list, 0, 1)
	}
	return p, nil
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
func (p *document) find(method, path string, status int) (string, map[string]any) {
	template := p.template(method, path)
	if template == "" {
		switch status {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
			return "", nil // an entity or a route that is not there for this caller
		}
		return fmt.Sprintf("status %d of an operation that is not in the OpenAPI document", status), nil
	}
	place := "/paths/" + escape(template) + "/" + strings.ToLower(method) + "/responses/"
	replies := dig(p.paths, template, strings.ToLower(method), "responses")
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
		return "/components/responses/" + name, dig(p.replies, "responses", name)
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
func (p *document) template(method, path string) string {
	best, fewest := "", 99
	have := strings.Split(path, "/")
	for t := range p.paths {
		want := strings.Split(t, "/")
		if len(want) != len(have) || dig(p.paths, t, strings.ToLower(method)) == nil {
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

// validate holds a body to a schema of the document.
func (p *document) validate(place string, body []byte) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.compiled[place]
	if s == nil {
		var err error
		if s, err = p.compiler.Compile(docURL + "#" + place); err != nil {
			return err.Error()
		}
		p.compiled[place] = s
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
