package query

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// pool is the text forms that a field's values and operands are drawn from:
// few, so that they meet.
func pool(f *schema.Field) []string {
	switch f.Type.Name() {
	case "text":
		return []string{"a", "ab", "Ｂ a", "b", "关系", "关系 科技"}
	case "long_text", "rich_text":
		return []string{"long"}
	case "number", "rollup":
		return []string{"0", "1", "-2", "30"}
	case "decimal", "percent", "money", "formula":
		return []string{"0", "0.5", "-1.25", "12"}
	case "date":
		return []string{"2026-03-30", "2026-04-01", "2026-04-02", "2025-12-31"}
	case "time":
		return []string{"00:00:00", "08:30:00", "23:59:59"}
	case "instant":
		return []string{"2026-04-01 00:00:00", "2026-04-01 23:59:59", "2026-04-02 00:00:00", "2026-04-02 00:00:01", "2026-03-30 12:00:00"}
	case "switch":
		return []string{"true", "false"}
	case "choice":
		return []string{"open", "won", "lost"}
	case "tree_choice":
		return []string{"hw", "pc", "laptop", "sw"}
	case "region":
		return []string{"32", "3201", "320102", "33"}
	case "phone":
		return []string{"13800138000", "+86 138 0013 8000", "025-83700000", "110"}
	case "email":
		return []string{"a@b.cn", "A@b.CN", "c@d.cn"}
	case "url":
		return []string{"https://a.cn", "https://b.cn"}
	case "any_ref":
		return []string{"crm.industry:0000000000001", "org.member:0000000000001", "org.member:0000000000002"}
	case "auto_number":
		return []string{"N-1", "N-2"}
	}
	return []string{"0000000000007", "000000000000M", "000000000000Y", "0000000000018"} // ids 7, 20, 30, 40
}

// member is one value of a record beside the text it came from.
type member struct {
	value record.Value
	text  string
}

func drawMembers(t *rapid.T, f *schema.Field) []member {
	texts := rapid.SliceOfNDistinct(rapid.SampledFrom(pool(f)), 0, 3, rapid.ID[string]).Draw(t, f.Key)
	if !f.Many() && len(texts) > 1 {
		texts = texts[:1]
	}
	var out []member
	for _, s := range texts {
		v, err := f.Type.Parse(f, s, &schema.Env{Zone: viewer().Env.Zone})
		if err != nil {
			t.Fatalf("%s: %v", f.Key, err)
		}
		out = append(out, member{v, s})
	}
	return out
}

// operand is what a person writes for a field: mostly a value of the pool.
func drawOperand(t *rapid.T, f *schema.Field, op schema.Op) Arg {
	kind := rapid.IntRange(0, 9).Draw(t, "operand")
	switch {
	case kind == 0:
		return Arg{Kind: NullArg}
	case kind == 1 && schema.IsMember(f):
		return Arg{Kind: Func, Text: "me"}
	case kind <= 2 && schema.IsDepartment(f):
		return Arg{Kind: Func, Text: "my_department"}
	case kind <= 2 && f.Type.Name() == "date":
		return Arg{Kind: Func, Text: "days", N: rapid.Int64Range(-3, 1).Draw(t, "days"), HasN: true}
	case kind <= 2 && f.Type.Name() == "instant":
		return Arg{Kind: Func, Text: rapid.SampledFrom([]string{"today", "now"}).Draw(t, "fn")}
	case kind <= 5 && f.Type.Name() == "instant":
		return Arg{Text: rapid.SampledFrom([]string{"2026-04-01", "2026-03-30"}).Draw(t, "day")}
	}
	if op == schema.OpContains || op == schema.OpNotContains || op == schema.OpStarts || op == schema.OpNotStarts {
		return Arg{Text: rapid.SampledFrom([]string{"a", "A", "ab", " ", "关系科", "系", "138", "https", "N-"}).Draw(t, "part")}
	}
	return Arg{Text: rapid.SampledFrom(pool(f)).Draw(t, "text")}
}

// The oracle decides a comparison from the texts, in its own words.
type oracle struct{ t *rapid.T }

// complements are the operators that hold exactly where their positive one does not.
func complement(op schema.Op) (schema.Op, bool) {
	switch op {
	case schema.OpNe:
		return schema.OpEq, true
	case schema.OpNotIn, schema.OpNotContains, schema.OpNotStarts, schema.OpNotUnder:
		return schema.Op(strings.TrimPrefix(string(op), "not ")), true
	case schema.OpNull:
		return schema.OpNotNull, true
	}
	return op, false
}

func (o oracle) decides(f *schema.Field, op schema.Op, args []Arg, values []member) bool {
	if (op == schema.OpEq || op == schema.OpNe) && args[0].Kind == NullArg {
		return (len(values) == 0) == (op == schema.OpEq)
	}
	positive, negative := complement(op)
	for _, a := range args {
		if a.Kind == NullArg && op != schema.OpIn && op != schema.OpNotIn {
			return negative // nothing compares with an empty operand
		}
	}
	if op == schema.OpNotBetween {
		return slices.ContainsFunc(values, func(v member) bool {
			return o.compare(f, v, args[0]) < 0 || o.compare(f, v, args[1]) > 0
		})
	}
	return slices.ContainsFunc(values, func(v member) bool { return o.one(f, positive, args, v) }) != negative
}

func (o oracle) one(f *schema.Field, op schema.Op, args []Arg, v member) bool {
	switch op {
	case schema.OpNotNull:
		return true
	case schema.OpEq, schema.OpIn:
		return slices.ContainsFunc(args, func(a Arg) bool { return a.Kind != NullArg && o.same(f, v, a) })
	case schema.OpLt:
		return o.compare(f, v, args[0]) < 0
	case schema.OpLe:
		return o.compare(f, v, args[0]) <= 0
	case schema.OpGt:
		return o.compare(f, v, args[0]) > 0
	case schema.OpGe:
		return o.compare(f, v, args[0]) >= 0
	case schema.OpBetween:
		return o.compare(f, v, args[0]) >= 0 && o.compare(f, v, args[1]) <= 0
	case schema.OpUnder:
		return o.under(f, v, args[0])
	}
	have, want := v.text, args[0].Text
	switch {
	case f.Folded:
		have, want = text.Key(have), text.Key(want)
	case f.Type.Name() == "phone":
		have, want = text.NormalizePhone(have, "CN"), text.NormalizePhone(want, "CN")
	case f.Type.Name() == "email":
		have, want = strings.ToLower(have), strings.ToLower(want)
	}
	if want == "" {
		return false
	}
	if op == schema.OpStarts {
		return strings.HasPrefix(have, want)
	}
	return strings.Contains(have, want)
}

// same says whether a value is the operand, or one of the several it stands for.
func (o oracle) same(f *schema.Field, v member, a Arg) bool {
	switch {
	case a.Kind == Func && a.Text == "me":
		return v.text == "0000000000007"
	case a.Kind == Func && a.Text == "my_department":
		return v.text == "000000000000Y" || v.text == "000000000000M"
	case f.Type.Name() == "phone":
		return text.NormalizePhone(v.text, "CN") == text.NormalizePhone(a.Text, "CN")
	case f.Type.Name() == "email":
		return strings.EqualFold(v.text, a.Text)
	}
	return o.compare(f, v, a) == 0
}

// compare orders a value and an operand; a moment inside an operand's day is equal to it.
func (o oracle) compare(f *schema.Field, v member, a Arg) int {
	x, y := v.text, a.Text
	zone := viewer().Env.Zone
	now := viewer().Now.In(zone)
	switch f.Type.Name() {
	case "number", "rollup", "decimal", "percent", "money", "formula":
		r, _ := new(big.Rat).SetString(x)
		s, _ := new(big.Rat).SetString(y)
		return r.Cmp(s)
	case "date":
		if a.Kind == Func {
			y = now.AddDate(0, 0, int(a.N)).Format(time.DateOnly)
		}
	case "instant":
		switch {
		case a.Text == "now":
			y = now.Format(time.DateTime)
		case a.Text == "today":
			y = now.Format(time.DateOnly)
		}
		x = x[:len(y)] // 2026-04-01 08:00:00 lies in 2026-04-01
	}
	return strings.Compare(x, y)
}

func (o oracle) under(f *schema.Field, v member, a Arg) bool {
	above := map[string]string{"laptop": "pc", "pc": "hw", "320102": "3201", "3201": "32", "000000000000Y": "000000000000M", "0000000000018": "000000000000M"}
	roots := []string{a.Text}
	if a.Kind == Func {
		roots = []string{"000000000000Y", "000000000000M"}
	}
	for at := v.text; at != ""; at = above[at] {
		if slices.Contains(roots, at) {
			return true
		}
	}
	return false
}

// drawCompare draws a comparison over a field and gives its oracle.
func drawCompare(t *rapid.T, f *schema.Field, path string) *Node {
	var ops []schema.Op
	for _, op := range f.Type.Ops(f) {
		if Knows(f, op) {
			ops = append(ops, op)
		}
	}
	n := &Node{Kind: Compare, Path: path, Op: rapid.SampledFrom(ops).Draw(t, "op")}
	count := 1
	switch n.Op {
	case schema.OpNull, schema.OpNotNull:
		count = 0
	case schema.OpIn, schema.OpNotIn:
		count = rapid.IntRange(0, 3).Draw(t, "count")
	case schema.OpBetween, schema.OpNotBetween:
		count = 2
	}
	for range count {
		n.Args = append(n.Args, drawOperand(t, f, n.Op))
	}
	return n
}

// decide evaluates a tree in three values, as the written semantics do: a
// comparison that is undecided for an empty value stays so under not.
func (o oracle) decide(n *Node, negated bool, at func(*Node) (*schema.Field, []member)) bool {
	switch n.Kind {
	case Not:
		return o.decide(n.Kids[0], !negated, at)
	case And, Or:
		all := (n.Kind == And) != negated
		for _, k := range n.Kids {
			if o.decide(k, negated, at) != all {
				return !all
			}
		}
		return all
	}
	op := n.Op
	if negated {
		op = map[schema.Op]schema.Op{schema.OpEq: schema.OpNe, schema.OpNe: schema.OpEq, schema.OpLt: schema.OpGe, schema.OpGe: schema.OpLt,
			schema.OpGt: schema.OpLe, schema.OpLe: schema.OpGt, schema.OpIn: schema.OpNotIn, schema.OpNotIn: schema.OpIn,
			schema.OpNull: schema.OpNotNull, schema.OpNotNull: schema.OpNull, schema.OpContains: schema.OpNotContains,
			schema.OpNotContains: schema.OpContains, schema.OpStarts: schema.OpNotStarts, schema.OpNotStarts: schema.OpStarts,
			schema.OpBetween: schema.OpNotBetween, schema.OpNotBetween: schema.OpBetween, schema.OpUnder: schema.OpNotUnder,
			schema.OpNotUnder: schema.OpUnder}[op]
	}
	f, values := at(n)
	return o.decides(f, op, n.Args, values)
}

func fill(rec *record.Record, f *schema.Field, values []member) {
	switch {
	case f.Many():
		vs := make([]record.Value, len(values))
		for i, m := range values {
			vs[i] = m.value
		}
		rec.SetAt(f.Slot, record.List(vs))
	case len(values) > 0:
		rec.SetAt(f.Slot, values[0].value)
	}
}

// Every field type and operator, empty values and operands included, alone and
// under and, or, not: the bound condition decides as the oracle does.
func TestEvalAgreesWithTheOracle(t *testing.T) {
	snap, e := world()
	for _, f := range e.Fields {
		if f.System {
			continue
		}
		t.Run(f.Key, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				values := drawMembers(t, f)
				rec := record.New(e.Shape)
				fill(rec, f, values)
				n := drawCompare(t, f, f.Key)
				if rapid.Bool().Draw(t, "tree") {
					kids := []*Node{n, {Kind: Not, Kids: []*Node{drawCompare(t, f, f.Key)}}}
					n = &Node{Kind: rapid.SampledFrom([]Kind{And, Or}).Draw(t, "kind"), Kids: kids}
				}
				if rapid.Bool().Draw(t, "not") {
					n = &Node{Kind: Not, Kids: []*Node{n}}
				}
				b, err := Bind(snap, e, n, viewer(), levels{})
				if err != nil {
					t.Fatalf("%s: %v", Print(n), err)
				}
				want := oracle{t}.decide(n, false, func(*Node) (*schema.Field, []member) { return f, values })
				if got := Eval(b.Cond, rec, nil); got != want {
					t.Fatalf("%s (%s) over %v is %v, want %v", Print(n), show(b.Cond), texts(values), got, want)
				}
			})
		})
	}
}

func texts(values []member) (out []string) {
	for _, m := range values {
		out = append(out, m.text)
	}
	return out
}

// A path ends in the record that the reference points to; where there is none,
// or none that may be read, it behaves as an empty value.
func TestPathsFollowReferences(t *testing.T) {
	snap, e := world()
	industry, person := snap.Entity("crm.industry"), snap.Entity(schema.MemberEntity)
	boss := record.New(person.Shape)
	boss.Set("name", record.Text("王五"))
	branch := record.New(industry.Shape)
	branch.Set("name", record.Text("机械"))
	branch.Set("head", record.Int(5))
	full := record.New(e.Shape)
	full.Set("industry", record.Int(3))
	unreadable := record.New(e.Shape)
	unreadable.Set("industry", record.Int(4))
	look := func(s Step, id int64) *record.Record {
		return map[string]*record.Record{"industry 3": branch, "head 5": boss}[fmt.Sprintf("%s %d", s.Field.Key, id)]
	}
	for _, c := range []struct {
		text              string
		full, none, blind bool
	}{
		{"industry.name == '机械'", true, false, false},
		{"industry.name != '机械'", false, true, true},
		{"industry.name is null", false, true, true},
		{"industry.name is not null", true, false, false},
		{"industry.head.name contains '五'", true, false, false},
		{"industry.head.name not contains '五'", false, true, true},
		{"industry.head.name < '王'", false, false, false},
		{"not industry.head.name < '王'", true, false, false},
		{"industry.head.dept is null", true, true, true},
		{"industry is null", false, true, false},
	} {
		n, err := Parse(c.text)
		if err != nil {
			t.Fatal(c.text, err)
		}
		b, err := Bind(snap, e, n, viewer(), levels{})
		if err != nil {
			t.Fatal(c.text, err)
		}
		for rec, want := range map[*record.Record]bool{full: c.full, record.New(e.Shape): c.none, unreadable: c.blind} {
			if got := Eval(b.Cond, rec, look); got != want {
				t.Errorf("%s with industry %v is %v", c.text, rec.Get("industry").Int(), got)
			}
		}
		if got := Eval(b.Cond, full, nil); c.text != "industry is null" && got != c.none {
			t.Errorf("%s with nothing to look in is %v", c.text, got)
		}
	}
	if !Eval(nil, full, nil) {
		t.Error("no condition does not match everything")
	}
}
