package texts_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// root is the repository, seen from this package.
const root = "../../../.."

// wordFiles are the folders of the program that hold zh.json and en.json.
func wordFiles(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "zh.json" {
			out = append(out, filepath.Dir(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// entry is one key with its text; a map would hide a key written twice.
type entry struct{ key, text string }

func read(t *testing.T, file string) []entry {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	var out []entry
	if _, err := dec.Token(); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var text string
		if err := dec.Decode(&text); err != nil {
			t.Fatalf("%s: %v: %v", file, key, err)
		}
		out = append(out, entry{key.(string), text})
	}
	return out
}

// both gives every key of the program with its texts, Chinese and English.
func both(t *testing.T) (zh, en map[string]string) {
	t.Helper()
	folders := wordFiles(t)
	if len(folders) < 4 {
		t.Fatalf("texts in %d folders only: %q", len(folders), folders)
	}
	load := func(name string) map[string]string {
		out := map[string]string{}
		for _, dir := range folders {
			for _, e := range read(t, filepath.Join(dir, name)) {
				if _, dup := out[e.key]; dup {
					t.Errorf("%s/%s: %q is given twice", dir, name, e.key)
				}
				out[e.key] = e.text
			}
		}
		return out
	}
	return load("zh.json"), load("en.json")
}

var place = regexp.MustCompile(`\{[a-z_]+\}`)

func places(s string) []string {
	found := place.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	zh, en := both(t)
	for k, s := range zh {
		switch other, ok := en[k]; {
		case !ok:
			t.Errorf("%s has no English text", k)
		case strings.TrimSpace(s) == "" || strings.TrimSpace(other) == "":
			t.Errorf("%s is empty", k)
		case !slices.Equal(places(s), places(other)):
			t.Errorf("%s: the languages fill in different values: %q, %q", k, places(s), places(other))
		case strings.ContainsFunc(strings.ReplaceAll(other, "有限公司", ""), func(r rune) bool { return unicode.Is(unicode.Han, r) }):
			t.Errorf("%s: Chinese in the English text: %s", k, other)
		case strings.HasPrefix(k, "error.") && !strings.ContainsAny(s[len(s)-3:], "。"):
			t.Errorf("%s: an error is a sentence: %s", k, s)
		}
	}
	for k := range en {
		if _, ok := zh[k]; !ok {
			t.Errorf("%s has no Chinese text", k)
		}
	}
}

// use is one place in the program that names the key of a message.
type use struct {
	at   string
	key  string
	args []string // names of the values given with it
	open bool     // more values may be given than are seen here
}

var messageKey = regexp.MustCompile(`^(error|note|undo)\.[a-z0-9_]+$`)

// uses finds every message key in the program's source and, where it is an
// argument of a call, the names of the values given with it.
func uses(t *testing.T, fset *token.FileSet, file *ast.File) []use {
	t.Helper()
	called := map[*ast.BasicLit]use{}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		for i, arg := range call.Args {
			lit, key := keyOf(arg)
			if lit == nil {
				continue
			}
			u := use{key: key, open: call.Ellipsis.IsValid() || !makesError(call)}
			for j := i + 1; j < len(call.Args); j += 2 {
				if name, ok := call.Args[j].(*ast.BasicLit); ok && name.Kind == token.STRING {
					s, _ := strconv.Unquote(name.Value)
					u.args = append(u.args, "{"+s+"}")
				} else {
					u.open = true
				}
			}
			called[lit] = u
		}
		return true
	})
	var out []use
	ast.Inspect(file, func(n ast.Node) bool {
		lit, key := keyOf(n)
		if lit == nil {
			return true
		}
		u, ok := called[lit]
		if !ok {
			u = use{key: key, open: true}
		}
		u.at = fset.Position(lit.Pos()).String()
		out = append(out, u)
		return true
	})
	return out
}

// makesError says whether a call takes a key followed by names and values.
func makesError(call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		on, ok := f.X.(*ast.Ident)
		return ok && on.Name == "errs" && f.Sel.Name == "New"
	case *ast.Ident:
		return f.Name == "wrong"
	}
	return false
}

func keyOf(n ast.Node) (*ast.BasicLit, string) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return nil, ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil || !messageKey.MatchString(s) {
		return nil, ""
	}
	return lit, s
}

func source(t *testing.T) []use {
	t.Helper()
	fset := token.NewFileSet()
	var out []use
	for _, dir := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			out = append(out, uses(t, fset, file)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A person who meets an error reads a sentence in his language, with every
// value that it speaks of.
func TestEveryMessageHasItsText(t *testing.T) {
	t.Parallel()
	zh, en := both(t)
	found := source(t)
	if len(found) < 100 {
		t.Fatalf("only %d messages found in the source", len(found))
	}
	for _, u := range found {
		text, ok := zh[u.key]
		if _, too := en[u.key]; !ok || !too {
			t.Errorf("%s: %s has no text in both languages", u.at, u.key)
			continue
		}
		for _, p := range places(text) {
			if !u.open && !slices.Contains(u.args, p) {
				t.Errorf("%s: the text of %s speaks of %s, which is not given: %s", u.at, u.key, p, text)
			}
		}
	}
}

// The finder itself must see keys, wherever they stand, and their values.
func TestUses(t *testing.T) {
	t.Parallel()
	const src = `package x
var a = errs.New(errs.Invalid, "error.one", "name", n, "most", "3")
var b = wrong("error.two")
var c = E{Key: "note.three"}
var d = errs.New(errs.Invalid, "error.four", list...)
var e = "error.five and more"
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range uses(t, fset, file) {
		got = append(got, u.key+strings.Join(u.args, "")+strconv.FormatBool(u.open))
	}
	if want := []string{"error.one{name}{most}false", "error.twofalse", "note.threetrue", "error.fourtrue"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// Texts of messages that nothing says any more are dead.
func TestNoDeadMessages(t *testing.T) {
	t.Parallel()
	zh, _ := both(t)
	said := map[string]bool{}
	for _, u := range source(t) {
		said[u.key] = true
	}
	for k := range zh {
		if messageKey.MatchString(k) && !said[k] {
			t.Errorf("%s: nothing says it", k)
		}
	}
}
