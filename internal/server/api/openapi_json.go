package api

import (
	"cmp"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/rawjson"
)

// docWriter writes a document as JSON, once over: the standard encoder reads
// again, at every level, what a type has written of itself, and ordered objects
// lie within one another. It knows what the shapes of OpenAPI are made of:
// structs, pointers, slices, texts, numbers, truths, raw JSON, ordered objects.
type docWriter struct {
	out    []byte
	fields map[reflect.Type][]docField
	itself map[reflect.Type]bool // types that are written otherwise than by their kind
}

type docField struct {
	at        int
	key       string
	omitEmpty bool
}

// selfWritten is what is written otherwise than by its kind.
type selfWritten interface{ writeTo(w *docWriter) }

func docJSON(v any) []byte {
	w := docWriter{fields: map[reflect.Type][]docField{}, itself: map[reflect.Type]bool{}}
	w.value(reflect.ValueOf(v))
	return w.out
}

func (w *docWriter) value(v reflect.Value) {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		w.out = append(w.out, "null"...)
		return
	}
	if w.writesItself(v.Type()) {
		switch x := v.Interface().(type) {
		case selfWritten:
			x.writeTo(w)
		case json.RawMessage:
			w.out = append(w.out, x...)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		w.value(v.Elem())
	case reflect.Struct:
		w.object(v)
	case reflect.Slice:
		w.out = append(w.out, '[')
		for i := range v.Len() {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			w.value(v.Index(i))
		}
		w.out = append(w.out, ']')
	case reflect.String:
		w.out = rawjson.AppendString(w.out, v.String())
	case reflect.Bool:
		w.out = strconv.AppendBool(w.out, v.Bool())
	case reflect.Int:
		w.out = strconv.AppendInt(w.out, v.Int(), 10)
	default:
		panic("the document has a " + v.Type().String())
	}
}

func (w *docWriter) writesItself(t reflect.Type) bool {
	is, ok := w.itself[t]
	if !ok {
		is = t.Implements(reflect.TypeFor[selfWritten]()) || t == reflect.TypeFor[json.RawMessage]()
		w.itself[t] = is
	}
	return is
}

func (w *docWriter) object(v reflect.Value) {
	w.out = append(w.out, '{')
	first := true
	for _, f := range w.of(v.Type()) {
		one := v.Field(f.at)
		if f.omitEmpty && (one.IsZero() || one.Kind() == reflect.Slice && one.Len() == 0) {
			continue
		}
		w.key(f.key, first)
		first = false
		w.value(one)
	}
	w.out = append(w.out, '}')
}

func (w *docWriter) key(key string, first bool) {
	if !first {
		w.out = append(w.out, ',')
	}
	w.out = append(rawjson.AppendString(w.out, key), ':')
}

// of gives the members of a struct by their JSON tags.
func (w *docWriter) of(t reflect.Type) []docField {
	list, ok := w.fields[t]
	if ok {
		return list
	}
	for i := range t.NumField() {
		name, more, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		list = append(list, docField{i, cmp.Or(name, t.Field(i).Name), more == "omitempty"})
	}
	w.fields[t] = list
	return list
}
