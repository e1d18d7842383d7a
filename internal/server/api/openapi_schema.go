package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// jsonSchema is the part of JSON Schema 2020-12 that the document needs.
type jsonSchema struct {
	Ref         string               `json:"$ref,omitempty"`
	Type        typeNames            `json:"type,omitempty"`
	Title       string               `json:"title,omitempty"`
	Description string               `json:"description,omitempty"`
	Format      string               `json:"format,omitempty"`
	Pattern     string               `json:"pattern,omitempty"`
	MaxLength   int                  `json:"maxLength,omitempty"`
	MinItems    int                  `json:"minItems,omitempty"`
	MaxItems    int                  `json:"maxItems,omitempty"`
	Enum        []*string            `json:"enum,omitempty"`
	Const       *bool                `json:"const,omitempty"`
	Default     json.RawMessage      `json:"default,omitempty"`
	ReadOnly    bool                 `json:"readOnly,omitempty"`
	Items       *jsonSchema          `json:"items,omitempty"`
	Properties  ordered[*jsonSchema] `json:"properties,omitempty"`
	Required    []string             `json:"required,omitempty"`
	Extra       *extra               `json:"additionalProperties,omitempty"`
	AnyOf       []*jsonSchema        `json:"anyOf,omitempty"`
	AllOf       []*jsonSchema        `json:"allOf,omitempty"`
}

// typeNames is one type, or several: written as a text or as an array.
type typeNames []string

func (t typeNames) writeTo(w *docWriter) {
	if len(t) == 1 {
		w.value(reflect.ValueOf(t[0]))
		return
	}
	w.value(reflect.ValueOf([]string(t)))
}

// extra says what members beside the named ones may be; nil = there are none.
type extra struct{ of *jsonSchema }

func (x *extra) writeTo(w *docWriter) {
	if x.of == nil {
		w.out = append(w.out, "false"...)
		return
	}
	w.value(reflect.ValueOf(x.of))
}

// ordered is a JSON object whose members keep their order.
type ordered[T any] []member[T]

type member[T any] struct {
	key string
	val T
}

func (o ordered[T]) writeTo(w *docWriter) {
	w.out = append(w.out, '{')
	for i, m := range o {
		w.key(m.key, i == 0)
		w.value(reflect.ValueOf(m.val))
	}
	w.out = append(w.out, '}')
}

func (o ordered[T]) get(key string) (v T, ok bool) {
	for _, m := range o {
		if m.key == key {
			return m.val, true
		}
	}
	return v, false
}

// property is one member of an object.
type property struct {
	key      string
	s        *jsonSchema
	optional bool
}

func must(key string, s *jsonSchema) property { return property{key: key, s: s} }
func may(key string, s *jsonSchema) property  { return property{key: key, s: s, optional: true} }

func object(ps ...property) *jsonSchema {
	s := &jsonSchema{Type: typeNames{"object"}}
	for _, p := range ps {
		s.Properties = append(s.Properties, member[*jsonSchema]{p.key, p.s})
		if !p.optional {
			s.Required = append(s.Required, p.key)
		}
	}
	return s
}

func typed(name string) *jsonSchema { return &jsonSchema{Type: typeNames{name}} }

func list(of *jsonSchema) *jsonSchema { return &jsonSchema{Type: typeNames{"array"}, Items: of} }

func component(name string) *jsonSchema { return &jsonSchema{Ref: "#/components/schemas/" + name} }

func enum(codes ...string) *jsonSchema {
	s := typed("string")
	for _, c := range codes {
		s.Enum = append(s.Enum, &c)
	}
	return s
}

// nullable is s or null.
func nullable(s *jsonSchema) *jsonSchema {
	if len(s.Type) == 0 {
		return &jsonSchema{AnyOf: []*jsonSchema{s, typed("null")}}
	}
	c := *s
	c.Type = append(append(typeNames{}, s.Type...), "null")
	if c.Enum != nil {
		c.Enum = append(append([]*string{}, s.Enum...), nil)
	}
	return &c
}

func (s *jsonSchema) says(text string) *jsonSchema {
	s.Description = text
	return s
}

func (s *jsonSchema) titled(text string) *jsonSchema {
	s.Title = text
	return s
}

func (s *jsonSchema) atMost(n int) *jsonSchema {
	s.MaxItems = n
	return s
}

// none of the other members than the named ones may be there.
func (s *jsonSchema) closed() *jsonSchema {
	s.Extra = &extra{}
	return s
}

// itemsOf is the answer of a list that comes whole.
type itemsOf[T any] struct {
	Items []T `json:"items"`
}

// goType gives the schema of what encoding/json makes of a Go type, so that an
// answer and its description are one. Named structs become components. The tag
// `api:"id"` or `api:"instant"` says what a text is.
func (d *document) goType(t reflect.Type, input bool) *jsonSchema {
	switch t {
	case reflect.TypeFor[schema.Labels]():
		return component("Labels")
	case reflect.TypeFor[time.Time]():
		return component("Instant")
	case reflect.TypeFor[json.RawMessage]():
		return &jsonSchema{}
	}
	switch t.Kind() {
	case reflect.Bool:
		return typed("boolean")
	case reflect.Int, reflect.Int64, reflect.Int32:
		return typed("integer")
	case reflect.String:
		return typed("string")
	case reflect.Pointer:
		return nullable(d.goType(t.Elem(), input))
	case reflect.Slice:
		return list(d.goType(t.Elem(), input))
	case reflect.Map:
		return &jsonSchema{Type: typeNames{"object"}, Extra: &extra{d.goType(t.Elem(), input)}}
	case reflect.Struct:
		return d.goStruct(t, input)
	}
	panic("no JSON schema for " + t.String())
}

func (d *document) goStruct(t reflect.Type, input bool) *jsonSchema {
	name := componentName(t, input)
	if name != "" {
		if had, ok := d.types[name]; ok && had == t {
			return component(name)
		}
		d.types[name] = t
		d.declare(name, nil) // a type may hold itself
	}
	s := object()
	for _, f := range reflect.VisibleFields(t) { // of embedded types too
		key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key == "-" || !f.IsExported() || key == "" {
			continue
		}
		v := d.goType(f.Type, input)
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		if f.Type == reflect.TypeFor[schema.Labels]() && !optional {
			v = nullable(v)
		}
		v = tagged(v, f.Tag.Get("api"))
		if text := f.Tag.Get("doc"); text != "" {
			v = described(v, text)
		}
		s.Properties = append(s.Properties, member[*jsonSchema]{key, v})
		if !optional && !input || f.Tag.Get("api") == "required" {
			s.Required = append(s.Required, key)
		}
	}
	if input {
		s.closed()
	}
	if name == "" {
		return s
	}
	d.declare(name, s)
	return component(name)
}

// tagged makes a text what the tag says it is.
func tagged(s *jsonSchema, tag string) *jsonSchema {
	name := map[string]string{"id": "Id", "instant": "Instant"}[tag]
	if name == "" {
		return s
	}
	if s.Items != nil {
		return list(component(name))
	}
	return component(name)
}

// described adds a sentence, beside a reference too: JSON Schema 2020-12 allows it.
func described(s *jsonSchema, text string) *jsonSchema {
	c := *s
	c.Description = text
	return &c
}

// componentName is a Go type's name in the document; "" keeps it in place.
func componentName(t reflect.Type, input bool) string {
	name := t.Name()
	if name == "" || strings.Contains(name, "[") {
		return ""
	}
	r := []rune(strings.TrimSuffix(name, "Out"))
	r[0] = unicode.ToUpper(r[0])
	if input && !strings.HasSuffix(name, "Body") && !strings.HasSuffix(name, "Input") {
		return string(r) + "Input"
	}
	return string(r)
}
