package api_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// The golden document is kept in parts, so that two changes of two entities
// meet in no file: base.json without any entity, and one file an entity.
// tools/spec/join.mjs puts them together again.
const (
	goldenFolder = "testdata/openapi"
	goldenBase   = "base.json"
)

// The document of the built-in registry is reviewed like code; run with
// -update after a change.
func TestOpenAPIGolden(t *testing.T) {
	c := company.Open(t, company.Options{})
	got := partsOf(t, c.As("admin").Get("/openapi.json").Want(200).Body)
	kept, err := filepath.Glob(goldenFolder + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range kept {
		if got[filepath.Base(file)] == nil {
			if !*update {
				t.Errorf("%s is of no entity any more", file)
			} else if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, content := range got {
		file := filepath.Join(goldenFolder, name)
		if *update {
			if err := os.WriteFile(file, content, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v (go test ./internal/server/api -run OpenAPI -update)", err)
			continue
		}
		differ(t, file, want, content)
	}
}

func differ(t *testing.T, file string, want, got []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	a, b := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			t.Errorf("%s:%d is\n%s\nnow\n%s\n(go test ./internal/server/api -run OpenAPI -update)", file, i+1, a[i], b[i])
			return
		}
	}
	t.Errorf("%s has %d lines, now %d", file, len(a), len(b))
}

// partsOf gives the files of a document by their names. A path belongs to the
// entity that is one of its segments, a schema to the one that its name
// begins with.
func partsOf(t *testing.T, document []byte) map[string][]byte {
	t.Helper()
	entities := entitiesOf(t, document)
	ofPath := func(path string) string {
		for s := range strings.SplitSeq(path, "/") {
			if slices.Contains(entities, s) {
				return s
			}
		}
		return ""
	}
	ofSchema := func(name string) string {
		for _, e := range entities {
			if name == e || strings.HasPrefix(name, e+".") {
				return e
			}
		}
		return ""
	}
	paths, schemas := map[string][]rawjson.Member{}, map[string][]rawjson.Member{}
	var base []rawjson.Member
	for _, m := range membersOf(t, document) {
		switch m.Key {
		case "paths":
			share(t, m.Val, ofPath, paths)
			m.Val = joined(paths[""])
		case "components":
			var components []rawjson.Member
			for _, part := range membersOf(t, m.Val) {
				if part.Key == "schemas" {
					share(t, part.Val, ofSchema, schemas)
					part.Val = joined(schemas[""])
				}
				components = append(components, part)
			}
			m.Val = joined(components)
		}
		base = append(base, m)
	}
	files := map[string][]byte{goldenBase: pretty(joined(base))}
	for _, e := range entities {
		files[e+".json"] = pretty(joined([]rawjson.Member{{Key: "paths", Val: joined(paths[e])}, {Key: "schemas", Val: joined(schemas[e])}}))
	}
	return files
}

// entitiesOf reads the entities from the document's tags.
func entitiesOf(t *testing.T, document []byte) []string {
	t.Helper()
	tags, _ := rawjson.Value(document).Get("tags")
	items, err := tags.Items()
	if err != nil {
		t.Fatal(err)
	}
	var entities []string
	for _, tag := range items {
		name, _ := tag.Get("name")
		if strings.Contains(name.Text(), ".") {
			entities = append(entities, name.Text())
		}
	}
	if len(entities) < 30 {
		t.Fatalf("only %d entities", len(entities))
	}
	return entities
}

func share(t *testing.T, v rawjson.Value, owner func(string) string, into map[string][]rawjson.Member) {
	t.Helper()
	for _, m := range membersOf(t, v) {
		into[owner(m.Key)] = append(into[owner(m.Key)], m)
	}
}

func membersOf(t *testing.T, v rawjson.Value) []rawjson.Member {
	t.Helper()
	members, err := v.Members()
	if err != nil {
		t.Fatal(err)
	}
	return members
}

func joined(members []rawjson.Member) rawjson.Value {
	out := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(rawjson.AppendString(out, m.Key), ':'), m.Val...)
	}
	return append(out, '}')
}

// pretty writes JSON for people: what is short stands on one line.
func pretty(b []byte) []byte {
	return append(appendPretty(nil, rawjson.Value(b), ""), '\n')
}

func appendPretty(out []byte, v rawjson.Value, indent string) []byte {
	const width = 240
	if len(v)+len(indent) <= width || v.Kind() != '{' && v.Kind() != '[' {
		return append(out, v...)
	}
	inner := indent + " "
	end := byte('}')
	if v.Kind() == '[' {
		end = ']'
		items, _ := v.Items()
		out = append(out, '[')
		for i, it := range items {
			out = appendBreak(out, i, inner)
			out = appendPretty(out, it, inner)
		}
	} else {
		members, _ := v.Members()
		out = append(out, '{')
		for i, m := range members {
			out = appendBreak(out, i, inner)
			out = rawjson.AppendString(out, m.Key)
			out = append(out, ": "...)
			out = appendPretty(out, m.Val, inner)
		}
	}
	return append(append(append(out, '\n'), indent...), end)
}

func appendBreak(out []byte, i int, indent string) []byte {
	if i > 0 {
		out = append(out, ',')
	}
	return append(append(out, '\n'), indent...)
}
