package query

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Print is the plainest writing of what Parse reads.
func TestParseAndPrint(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "",
		"  \t\n":                               "",
		"a == 1":                               "a == 1",
		"a==-1.50":                             "a == -1.50",
		"a = 1":                                "!",
		`a == 'it\'s' and b=="x\\y\n\t"`:       `a == "it's" and b == "x\\y\n\t"`,
		`a == "1" or a == "true"`:              "a == 1 or a == true",
		`a == "01.2.3"`:                        `a == "01.2.3"`,
		"((a == 1))":                           "a == 1",
		"a == 1 and b == 2 or c == 3":          "a == 1 and b == 2 or c == 3",
		"a == 1 and (b == 2 or c == 3)":        "a == 1 and (b == 2 or c == 3)",
		"(a == 1 and b == 2) and c == 3":       "(a == 1 and b == 2) and c == 3",
		"a == 1 or (b == 2 or c == 3)":         "a == 1 or (b == 2 or c == 3)",
		"not a == 1 and b == 2":                "not a == 1 and b == 2",
		"not (a == 1 and b == 2)":              "not (a == 1 and b == 2)",
		"not not a == 1":                       "not not a == 1",
		"a is null and b is not null":          "a is null and b is not null",
		"a in ()":                              "a in ()",
		"a in (1,'x' , null,me)":               `a in (1, "x", null, me)`,
		"a not in (1)":                         "a not in (1)",
		"a between 1 and 2 and b == 3":         "a between 1 and 2 and b == 3",
		"a not between today() and days(3)":    "a not between today() and days(3)",
		"a contains '合' or a not contains '合'": `a contains "合" or a not contains "合"`,
		"a starts_with '合'":                    `a starts_with "合"`,
		"a not starts_with '合'":                `a not starts_with "合"`,
		"a under '32' or a not under hw":       "!",
		"a.b.c under my_department":            "a.b.c under my_department",
		"a >= month_start(-1) and a < now":     "a >= month_start(-1) and a < now()",
		"a == me()":                            "a == me",
		"a == null":                            "a == null",
		"a == true and b == false":             "a == true and b == false",
		"a == ":                                "!",
		"a == 1 b":                             "!",
		"a == 1 and":                           "!",
		"(a == 1":                              "!",
		"a == 'x":                              "!",
		"a is nul":                             "!",
		"a not == 1":                           "!",
		"a not is null":                        "!",
		"a in 1":                               "!",
		"a in (1 2)":                           "!",
		"a between 1":                          "!",
		"a == today(x)":                        "!",
		"a == days(99999999999)":               "!",
		"a == days(1":                          "!",
		"a == unknown()":                       "!",
		"1 == a":                               "!",
		"客户 == 1":                              "!",
		"a ~ 1":                                "!",
	} {
		n, err := Parse(text)
		if want == "!" {
			if keyOf(err) != "error.filter_syntax" || !errs.Is(err, errs.BadRequest) {
				t.Errorf("%s: %v, %v", text, n, err)
			}
			continue
		}
		if got := Print(n); err != nil || got != want {
			t.Errorf("%s became %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestSyntaxErrorsNameThePlace(t *testing.T) {
	for text, want := range map[string]string{
		"名称 == 1":       "1 名",
		"a == '你好' ， b": "11 ，",
		"a == 1 and b":  "13 …",
		"a == 1 ) or":   "8 )",
		"a == 'x":       "6 …",
	} {
		_, err := Parse(text)
		e, _ := errors.AsType[*errs.Error](err)
		if e == nil || e.Args["at"]+" "+e.Args["near"] != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestBounds(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) + "a == 1" + strings.Repeat(")", n) }
	nots := func(n int) string { return strings.Repeat("not ", n) + "a == 1" }
	list := func(n int) string { return "a in (" + strings.Repeat("1,", n-1) + "1)" }
	for text, want := range map[string]string{
		deep(maxDepth):     "",
		deep(maxDepth + 1): "error.filter_deep",
		nots(maxDepth):     "",
		nots(maxDepth + 1): "error.filter_deep",
		list(maxArgs):      "",
		list(maxArgs + 1):  "error.filter_long",
		"a == '" + strings.Repeat("x", maxText-7) + "'": "",
		"a == '" + strings.Repeat("x", maxText-6) + "'": "error.filter_long",
	} {
		if _, err := Parse(text); keyOf(err) != want {
			t.Errorf("%.30s… of %d bytes: %v, want %q", text, len(text), err, want)
		}
	}
}

func TestParseJSON(t *testing.T) {
	for text, want := range map[string]string{
		`null`: "", `{}`: "", `"a == 1"`: "a == 1",
		`{"field":"a","op":"==","value":"x"}`:                                                          `a == "x"`,
		`{"field":"a","op":"==","value":1.50}`:                                                         "a == 1.50",
		`{"field":"a","op":"==","value":true}`:                                                         "a == true",
		`{"field":"a","op":"!=","value":null}`:                                                         "a != null",
		`{"field":"a","op":"in","value":["x",2,null,{"fn":"me"}]}`:                                     `a in ("x", 2, null, me)`,
		`{"field":"a","op":"between","value":[{"fn":"month_start","args":[-1]},{"fn":"today"}]}`:       "a between month_start(-1) and today()",
		`{"field":"a","op":"is null"}`:                                                                 "a is null",
		`{"field":"a","op":"is not null","value":3}`:                                                   "a is not null",
		`{"and":[{"field":"a","op":"<","value":1},{"or":[{"not":{"field":"b","op":">","value":2}}]}]}`: "a < 1 and not b > 2",
		`{"and":[]}`: "!", `{"or":[{}]}`: "!", `{"not":null}`: "!", `[]`: "!", `1`: "!", `{"and":1}`: "!",
		`{"and":[{"field":"a","op":"==","value":1}],"field":"b"}`:                        "!",
		`{"field":"a","op":"like","value":1}`:                                            "!",
		`{"field":"","op":"==","value":1}`:                                               "!",
		`{"field":"a","op":"=="}`:                                                        "!",
		`{"field":"a","op":"==","value":[1]}`:                                            "!",
		`{"field":"a","op":"in","value":1}`:                                              "!",
		`{"field":"a","op":"between","value":[1]}`:                                       "!",
		`{"field":"a","op":"==","value":{"fn":"drop"}}`:                                  "!",
		`{"field":"a","op":"==","value":{"fn":"days","args":[1,2]}}`:                     "!",
		`{"field":"a","op":"==","value":{"fn":"days","args":["x"]}}`:                     "!",
		`{"field":"a","op":"==","value":1,"note":2}`:                                     "!",
		strings.Repeat(`{"not":`, maxDepth+2) + "null" + strings.Repeat("}", maxDepth+2): "!",
	} {
		n, err := ParseJSON(rawjson.Value(text))
		if want == "!" {
			if !errs.Is(err, errs.BadRequest) {
				t.Errorf("%.80s: %s, %v", text, Print(n), err)
			}
			continue
		}
		if got := Print(n); err != nil || got != want {
			t.Errorf("%s became %s, %v, want %s", text, got, err, want)
		}
	}
}

// nodes draws conditions of every shape the parser makes.
func nodes(depth int) *rapid.Generator[*Node] {
	return rapid.Custom(func(t *rapid.T) *Node {
		if depth > 0 && rapid.Bool().Draw(t, "branch") {
			kind := rapid.SampledFrom([]Kind{And, Or, Not}).Draw(t, "kind")
			kids := rapid.SliceOfN(nodes(depth-1), 2, 3).Draw(t, "kids")
			if kind == Not {
				kids = kids[:1]
			}
			return &Node{Kind: kind, Kids: kids}
		}
		n := &Node{Kind: Compare, Path: rapid.SampledFrom([]string{"a", "owner.name", "in_stock", "x_1.dept.name"}).Draw(t, "path")}
		n.Op = rapid.SampledFrom([]schema.Op{schema.OpEq, schema.OpNe, schema.OpLt, schema.OpLe, schema.OpGt, schema.OpGe, schema.OpIn,
			schema.OpNotIn, schema.OpContains, schema.OpNotContains, schema.OpStarts, schema.OpNotStarts, schema.OpNull, schema.OpNotNull,
			schema.OpBetween, schema.OpNotBetween, schema.OpUnder, schema.OpNotUnder}).Draw(t, "op")
		least, most := 1, 1
		switch n.Op {
		case schema.OpNull, schema.OpNotNull:
			least, most = 0, 0
		case schema.OpIn, schema.OpNotIn:
			least, most = 0, 4
		case schema.OpBetween, schema.OpNotBetween:
			least, most = 2, 2
		}
		if most > 0 {
			n.Args = rapid.SliceOfN(args(), least, most).Draw(t, "args")
		}
		if len(n.Args) == 0 {
			n.Args = nil
		}
		return n
	})
}

func args() *rapid.Generator[Arg] {
	return rapid.Custom(func(t *rapid.T) Arg {
		switch rapid.IntRange(0, 3).Draw(t, "arg") {
		case 0:
			return Arg{Kind: NullArg}
		case 1:
			a := Arg{Kind: Func, Text: rapid.SampledFrom([]string{"me", "my_department", "today", "days", "week_start", "month_start",
				"quarter_start", "year_start", "now", "hours"}).Draw(t, "fn")}
			if a.HasN = rapid.Bool().Draw(t, "counted"); a.HasN {
				a.N = int64(rapid.Int32().Draw(t, "n"))
			}
			return a
		case 2:
			return Arg{Text: rapid.SampledFrom([]string{"true", "false", "null", "12", "-3.50", "1.", "-", "and", "2026-04-01"}).Draw(t, "word")}
		}
		return Arg{Text: rapid.String().Draw(t, "text")}
	})
}

func TestPrintReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := nodes(4).Draw(t, "node")
		back, err := Parse(Print(n))
		if err != nil {
			t.Fatalf("%s: %v", Print(n), err)
		}
		if diff := cmp.Diff(n, back); diff != "" {
			t.Fatalf("%s reads back differently:\n%s", Print(n), diff)
		}
	})
}

// Whatever is written, parsing ends without a panic, an error is the asker's,
// and what was read prints as something that reads back the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a == 1 and (b != 'x' or not c.d in (1, null, me))", "a between month_start(-1) and now()", "a is not null",
		`a starts_with "\\\"\n"`, "a not under '32'", "a == -0.5", `{"not":{"field":"a","op":"in","value":[1,{"fn":"days","args":[-3]}]}}`, "((((", "a == '\xff'", `"a == 1"`, "[]"} {
		f.Add(s)
	}
	snap, e := world()
	f.Fuzz(func(t *testing.T, s string) {
		check := func(n *Node, err error) {
			if err != nil {
				if !errs.Is(err, errs.BadRequest) {
					t.Fatalf("%q: %v", s, err)
				}
				return
			}
			if _, err := Bind(snap, e, n, viewer(), levels{}); err != nil && !errs.Is(err, errs.BadRequest) {
				t.Fatalf("%q: %v", s, err)
			}
		}
		n, err := Parse(s)
		check(n, err)
		if err == nil && len(Print(n)) <= maxText {
			back, err := Parse(Print(n))
			if err != nil || Print(back) != Print(n) {
				t.Fatalf("%q prints as %q, which reads as %q, %v", s, Print(n), Print(back), err)
			}
		}
		if trimmed := strings.Trim(s, " \t\r\n"); json.Valid([]byte(trimmed)) { // a rawjson.Value is valid and bare
			check(ParseJSON(rawjson.Value(trimmed)))
		}
	})
}
