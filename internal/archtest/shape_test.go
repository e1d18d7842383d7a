package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// looseMaps are the packages where map[string]any is at home: the JSON edge.
var looseMaps = []string{"server", "core/customize", "app", "cmd", "testkit", "archtest"}

// longFiles may pass maxLines; the value is the reason.
var longFiles = map[string]string{}

const maxLines = 500

// parsed is one Go file of the product with its syntax tree.
type parsed struct {
	path string // from the repository's root
	pkg  string // below internal
	test bool
	src  []byte
	file *ast.File
	fset *token.FileSet
}

func (p parsed) line(n ast.Node) int { return p.fset.Position(n.Pos()).Line }

// goFiles parses every tracked Go file of the product's module, and those not
// yet committed: git ls-files would let a new file pass.
func goFiles(t *testing.T) []parsed {
	t.Helper()
	var out []parsed
	for _, p := range listPackages(t) {
		names := append(append(append([]string{}, p.GoFiles...), p.TestGoFiles...), p.XTestGoFiles...)
		for _, name := range names {
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, name, src, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(root(t), filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, parsed{rel, p.name(), strings.HasSuffix(name, "_test.go"), src, file, fset})
		}
	}
	return out
}

// objections returns what the rules of the house have against a file.
func objections(p parsed) []string {
	var out []string
	object := func(n ast.Node, what string) {
		out = append(out, p.path+":"+strconv.Itoa(p.line(n))+": "+what)
	}
	if p.test {
		objectToTest(p, object)
		return out
	}
	core := within(p.pkg, []string{"model", "core", "modules"})
	for _, imp := range p.file.Imports {
		if name, _ := strconv.Unquote(imp.Path.Value); name == "reflect" && core {
			object(imp, "no reflection in the core")
		}
	}
	globals := packageVars(p.file)
	ast.Inspect(p.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				object(n, "no init(): what must be made is made by the one who needs it")
			}
		case *ast.MapType:
			if looseMap(n) && !within(p.pkg, looseMaps) {
				object(n, "map[string]any outside the JSON edge")
			}
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				if g := globalOf(left, globals); g != "" && n.Tok != token.DEFINE {
					object(n, "package variable "+g+" is written: no global mutable state")
				}
			}
		case *ast.IncDecStmt:
			if g := globalOf(n.X, globals); g != "" {
				object(n, "package variable "+g+" is written: no global mutable state")
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				objectToText(p, n, object)
			}
		}
		return true
	})
	return out
}

// objectToTest: no test waits by the clock, none leaves itself out.
func objectToTest(p parsed, object func(ast.Node, string)) {
	ast.Inspect(p.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		on, _ := sel.X.(*ast.Ident)
		switch {
		case on != nil && on.Name == "time" && sel.Sel.Name == "Sleep":
			object(call, "no sleeping in tests")
		case on != nil && (on.Name == "t" || on.Name == "b" || on.Name == "tb") && strings.HasPrefix(sel.Sel.Name, "Skip"):
			object(call, "no test skips itself")
		}
		return true
	})
}

var (
	entityName = regexp.MustCompile(`^(org|catalog|crm|sales|finance|purchase|marketing|service|work|hr|docs|comms)\.[a-z_]+$`)
	sqlText    = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\b`)
	// The field types member and department refer to these two by name.
	namedEntities = map[string][]string{"model/schema": {"org.member", "org.department"}}
	dialectName   = regexp.MustCompile(`(?i)\b(sqlite|postgres(ql)?)\b`)
)

// objectToText: the core names no business entity, a module no SQL and no
// dialect.
func objectToText(p parsed, lit *ast.BasicLit, object func(ast.Node, string)) {
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return
	}
	switch {
	case within(p.pkg, []string{"base", "model", "data", "core"}) && entityName.MatchString(text) && !contains(namedEntities[p.pkg], text):
		object(lit, "the core never names a business entity: "+text)
	case under(p.pkg, "modules") && sqlText.MatchString(text):
		object(lit, "a module never writes SQL")
	case under(p.pkg, "modules") && dialectName.MatchString(text):
		object(lit, "a module never names a dialect")
	}
}

func looseMap(m *ast.MapType) bool {
	key, ok := m.Key.(*ast.Ident)
	if !ok || key.Name != "string" {
		return false
	}
	switch v := m.Value.(type) {
	case *ast.Ident:
		return v.Name == "any"
	case *ast.InterfaceType:
		return len(v.Methods.List) == 0
	}
	return false
}

// packageVars are the names of the file's package-level variables. Those of
// the package's other files are not seen, which is enough: a variable and
// what writes it lie together.
func packageVars(f *ast.File) map[string]*ast.ValueSpec {
	out := map[string]*ast.ValueSpec{}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					for _, name := range v.Names {
						out[name.Name] = v
					}
				}
			}
		}
	}
	return out
}

// globalOf names the package variable that an assignment's left side reaches.
func globalOf(e ast.Expr, globals map[string]*ast.ValueSpec) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			spec, ok := globals[x.Name]
			if ok && x.Obj != nil && x.Obj.Decl == spec {
				return x.Name
			}
			return ""
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}

func TestShapeOfTheCode(t *testing.T) {
	t.Parallel()
	for _, p := range goFiles(t) {
		for _, o := range objections(p) {
			t.Error(o)
		}
		if lines := strings.Count(string(p.src), "\n"); !p.test && lines > maxLines && longFiles[p.path] == "" {
			t.Errorf("%s: %d lines; a file over %d has a reason, written in longFiles", p.path, lines, maxLines)
		}
	}
}

// The rules are shown to bite, each on the least text that breaks it.
func TestShapeRulesBite(t *testing.T) {
	t.Parallel()
	cases := []struct {
		pkg, body string
		test      bool
		want      int
	}{
		{"core/records", "func init() {}", false, 1},
		{"core/records", `import _ "reflect"`, false, 1},
		{"base/text", `import _ "reflect"`, false, 0},
		{"core/records", "var m map[string]any", false, 1},
		{"core/records", "var m map[string]interface{}", false, 1},
		{"server/api", "var m map[string]any", false, 0},
		{"core/records", "var n int\nfunc f() { n = 1 }", false, 1},
		{"core/records", "var m = map[string]int{}\nfunc f() { m[\"a\"]++ }", false, 1},
		{"core/records", "var n int\nfunc f() { n := 0; n++; _ = n }", false, 0},
		{"core/records", `const e = "crm.customer"`, false, 1},
		{"modules/crm", `const e = "crm.customer"`, false, 0},
		{"modules/crm", `const q = "SELECT 1"`, false, 1},
		{"modules/crm", `const d = "sqlite"`, false, 1},
		{"core/records", "func TestX() { time.Sleep(1) }", true, 1},
		{"core/records", "func TestX() { t.Skip() }", true, 1},
	}
	for _, c := range cases {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "x.go", "package x\n"+c.body, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := objections(parsed{"x.go", c.pkg, c.test, nil, file, fset}); len(got) != c.want {
			t.Errorf("%s, %q: objections %q, want %d", c.pkg, c.body, got, c.want)
		}
	}
}

// vague package names say where code was put, not what it is about.
var vague = []string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "shared", "lib"}

func TestPackagesAreNouns(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		if contains(vague, path.Base(p.ImportPath)) {
			t.Errorf("%s: a package is a noun in the field's words", p.ImportPath)
		}
	}
}

// Tests behind the tag testdata run by name, see scripts/test-data.sh: one
// called otherwise would never run.
func TestDataTestsAreNamedSo(t *testing.T) {
	t.Parallel()
	tag := regexp.MustCompile(`(?m)^//go:build .*\btestdata\b`)
	for _, f := range tracked(t) {
		if !strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(filepath.Join(root(t), f))
		if err != nil {
			t.Fatal(err)
		}
		if !tag.Match(src) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") && fn.Name.Name != "TestMain" && !strings.HasPrefix(fn.Name.Name, "TestData") {
				t.Errorf("%s: %s would not run; its name starts with TestData", f, fn.Name.Name)
			}
		}
	}
}
