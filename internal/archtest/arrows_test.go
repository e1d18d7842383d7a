package archtest

import (
	"sort"
	"strings"
	"testing"
)

// storeys of the house, lowest first: a package imports its own storey only
// along an arrow of the table below, any lower storey freely, a higher one
// never.
var storeys = []string{"base", "model", "data", "core", "modules", "server", "app", "cmd"}

// arrows is the one table of the imports inside a storey: package → the
// packages of the same storey that it may import. A package that is not in it
// fails the test, so that a new one is placed on purpose; a folder's entry
// holds for all the packages under it. It is never widened in the change that
// needs it.
var arrows = map[string][]string{
	"base/errs":     {},
	"base/durable":  {},
	"base/rawjson":  {},
	"base/clock":    {},
	"base/decimal":  {"base/errs"},
	"base/money":    {"base/errs", "base/decimal"},
	"base/id":       {"base/errs", "base/clock"},
	"base/text":     {"base/errs"},
	"base/calendar": {"base/errs", "base/clock"},
	"base/i18n":     {"base/errs"},
	"base/region":   {"base/errs"},
	"base/richtext": {},

	"model/record":  {},
	"model/schema":  {"model/record"},
	"model/query":   {"model/record", "model/schema"},
	"model/access":  {"model/record", "model/schema", "model/query"},
	"model/formula": {"model/record", "model/schema", "model/query"},
	"model/entity":  {"model/record", "model/schema", "model/query", "model/access", "model/formula"},

	"data/sqldb":           {},
	"data/sqldb/sqlite":    {"data/sqldb"},
	"data/sqldb/postgres":  {"data/sqldb"},
	"data/sqldb/open":      {"data/sqldb", "data/sqldb/sqlite", "data/sqldb/postgres"},
	"data/sqldb/sqldbtest": {"data/sqldb", "data/sqldb/sqlite", "data/sqldb/postgres", "data/sqldb/open"},
	"data/ddl":             {"data/sqldb"},
	"data/txorder":         {"data/sqldb", "data/ddl"},
	"data/lease":           {"data/sqldb", "data/ddl"},
	"data/secrets":         {"data/sqldb", "data/ddl"},
	"data/store":           {"data/sqldb", "data/ddl"},
	"data/history":         {"data/sqldb", "data/ddl", "data/secrets"},
	"data/audit":           {"data/sqldb", "data/ddl", "data/secrets", "data/lease", "data/txorder"},
	"data/outbox":          {"data/sqldb", "data/ddl", "data/lease", "data/txorder"},
	"data/jobs":            {"data/sqldb", "data/ddl", "data/lease", "data/txorder"},
	"data/search":          {"data/sqldb", "data/ddl"},
	"data/files":           {"data/sqldb", "data/ddl", "data/secrets"},
	"data/dump":            {"data/sqldb", "data/ddl", "data/txorder"},

	"core/egress":     {},
	"core/sheet":      {},
	"core/records":    {},
	"core/customize":  {"core/records"},
	"core/desk":       {},
	"core/session":    {"core/records"},
	"core/importer":   {"core/records", "core/sheet"},
	"core/backup":     {},
	"core/notify":     {"core/records", "core/egress"},
	"core/automation": {"core/records", "core/notify"},
	"core/workflow":   {"core/records", "core/automation", "core/notify"},
	"core/report":     {"core/records"},
	"core/paper":      {"core/records", "core/customize"},

	"modules/org":       {},
	"modules/catalog":   {"modules/org"},
	"modules/crm":       {"modules/org", "modules/catalog"},
	"modules/sales":     {"modules/org", "modules/catalog", "modules/crm"},
	"modules/finance":   {"modules/org", "modules/catalog", "modules/crm", "modules/sales"},
	"modules/targets":   {"modules/org", "modules/catalog", "modules/crm", "modules/sales", "modules/finance"},
	"modules/analysis":  {"modules/org", "modules/catalog", "modules/crm", "modules/sales", "modules/finance", "modules/targets"},
	"modules/purchase":  {"modules/org", "modules/catalog"},
	"modules/marketing": {"modules/org", "modules/crm"},
	"modules/service":   {"modules/org", "modules/crm"},
	"modules/work":      {"modules/org", "modules/crm"},
	"modules/hr":        {"modules/org", "modules/crm"},
	"modules/docs":      {"modules/org", "modules/crm"},
	"modules/comms":     {"modules/org", "modules/crm"},

	"server/webui":  {},
	"server/api":    {"server/webui"},
	"server/dav":    {},
	"server/mcp":    {},
	"server/portal": {"server/webui"},

	"app":        {},
	"cmd":        {},
	"cmd/guanxi": {},
}

// confined names outside modules that only some packages may import: a
// library belongs behind one door.
var confined = map[string][]string{
	"modernc.org/":                    {"data/sqldb/sqlite"},
	"github.com/jackc/pgx/":           {"data/sqldb/postgres"},
	"github.com/expr-lang/expr":       {"model/formula"},
	"github.com/xuri/excelize/":       {"core/sheet"},
	"filippo.io/age":                  {"data/secrets", "core/backup"},
	"github.com/alecthomas/kong":      {"cmd"},
	"github.com/wneessen/go-mail":     {"core/notify"},
	"github.com/mozillazg/go-pinyin":  {"base/text"},
	"github.com/nyaruka/phonenumbers": {"base/text"},
}

// baseModules are the only outside modules that base may import.
var baseModules = []string{"golang.org/x/text/", "github.com/mozillazg/go-pinyin", "github.com/nyaruka/phonenumbers"}

// moduleBans are what a business module never imports: it declares, and the
// core, the store and the server do.
var moduleBans = []string{"database/sql", "net/http", "internal/data", "internal/server"}

func TestImportsGoDownOnly(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		if _, known := placed(p.name()); !known && !outside(p.name()) {
			t.Errorf("%s has no place in the table of arrows", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			for _, problem := range judge(p.name(), imp) {
				t.Errorf("%s imports %s: %s", p.ImportPath, imp, problem)
			}
			if !outside(p.name()) && outside(local(imp)) {
				t.Errorf("%s imports %s: only tests do", p.ImportPath, imp)
			}
		}
		for _, imp := range p.TestImports {
			if local(imp) == "" || outside(local(imp)) || opensDatabase(p.name(), local(imp)) {
				continue
			}
			for _, problem := range judge(p.name(), imp) {
				t.Errorf("a test of %s imports %s: %s", p.ImportPath, imp, problem)
			}
		}
	}
}

// The rule itself is held to what it must refuse and allow, so that a tree
// without mistakes does not hide a judge that never objects.
func TestJudge(t *testing.T) {
	t.Parallel()
	cases := []struct {
		from, imp string
		ok        bool
	}{
		{"model/query", module + "/internal/model/schema", true},
		{"model/query", module + "/internal/base/errs", true},
		{"model/schema", module + "/internal/model/query", false},
		{"base/errs", module + "/internal/model/record", false},
		{"base/errs", "golang.org/x/text/language", true},
		{"base/errs", "github.com/shopspring/decimal", false},
		{"core/records", module + "/internal/data/store", true},
		{"core/records", module + "/internal/modules/crm", false},
		{"core/records", "modernc.org/sqlite/lib", false},
		{"modules/crm", module + "/internal/data/store", false},
		{"modules/crm/customer", module + "/internal/modules/org/member", true},
		{"modules/crm/customer", module + "/internal/modules/crm/contact", true},
		{"modules/catalog", module + "/internal/modules/crm", false},
		{"modules/crm", "net/http", false},
		{"server/api", module + "/internal/core/records", true},
		{"data/store/plan", module + "/internal/data/sqldb", true},
		{"nowhere/new", module + "/internal/base/errs", false},
		{"core/newcomer", module + "/internal/base/errs", false},
	}
	for _, c := range cases {
		if got := judge(c.from, c.imp); (len(got) == 0) != c.ok {
			t.Errorf("%s imports %s: objections %q, want allowed %v", c.from, c.imp, got, c.ok)
		}
	}
}

// judge lists what is wrong with package from (a path below internal, or
// cmd/…) importing imp.
func judge(from, imp string) []string {
	if outside(from) {
		return nil
	}
	var out []string
	place, known := placed(from)
	if !known {
		return []string{"the package has no place in the table of arrows"}
	}
	if under(from, "modules") {
		for _, ban := range moduleBans {
			if imp == ban || strings.HasPrefix(imp, ban+"/") || strings.HasPrefix(imp, module+"/"+ban) {
				out = append(out, "a business module never imports it")
			}
		}
	}
	for prefix, homes := range confined {
		if strings.HasPrefix(imp, prefix) && !within(from, homes) {
			out = append(out, "only "+strings.Join(homes, ", ")+" may")
		}
	}
	to := local(imp)
	switch {
	case to != "":
		out = append(out, judgeOwn(from, place, to)...)
	case under(from, "base") && strings.Contains(strings.SplitN(imp, "/", 2)[0], "."):
		if !hasPrefix(imp, baseModules) {
			out = append(out, "base takes the standard library, x/text, go-pinyin and phonenumbers only")
		}
	}
	return out
}

// opensDatabase: a test of the data storey runs on real databases, which the
// package itself never names.
func opensDatabase(from, to string) bool { return under(from, "data") && under(to, "data/sqldb") }

// outside says that a package serves tests only and stands in no storey.
func outside(name string) bool { return within(name, []string{"testkit", "archtest", "faults"}) }

func judgeOwn(from, place, to string) []string {
	target, known := placed(to)
	if !known {
		return []string{"the imported package has no place in the table of arrows"}
	}
	mine, theirs := storey(from), storey(to)
	switch {
	case theirs > mine:
		return []string{"imports go down only"}
	case theirs < mine || place == target:
		return nil
	}
	for _, ok := range arrows[place] {
		if ok == target {
			return nil
		}
	}
	return []string{"no arrow from " + place + " to " + target}
}

// placed finds the longest entry of the table that holds the package.
func placed(name string) (string, bool) {
	for at := name; at != ""; {
		if _, ok := arrows[at]; ok {
			return at, true
		}
		cut := strings.LastIndexByte(at, '/')
		if cut < 0 {
			break
		}
		at = at[:cut]
	}
	return "", false
}

func storey(name string) int {
	first, _, _ := strings.Cut(name, "/")
	for i, s := range storeys {
		if s == first {
			return i
		}
	}
	return len(storeys)
}

func under(name, root string) bool { return name == root || strings.HasPrefix(name, root+"/") }

func within(name string, roots []string) bool {
	for _, r := range roots {
		if under(name, r) {
			return true
		}
	}
	return false
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// The table must not describe a circle: every arrow points to a package that
// can be built before it.
func TestArrowsHaveNoCircle(t *testing.T) {
	t.Parallel()
	state := map[string]int{}
	var walk func(string, []string)
	walk = func(p string, path []string) {
		switch state[p] {
		case 1:
			t.Errorf("circle: %s", strings.Join(append(path, p), " → "))
			return
		case 2:
			return
		}
		state[p] = 1
		for _, next := range arrows[p] {
			if _, ok := arrows[next]; !ok {
				t.Errorf("%s has an arrow to %s, which is not in the table", p, next)
			}
			walk(next, append(path, p))
		}
		state[p] = 2
	}
	names := make([]string, 0, len(arrows))
	for p := range arrows {
		names = append(names, p)
	}
	sort.Strings(names)
	for _, p := range names {
		walk(p, nil)
	}
}
