package formula

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

func TestCondition(t *testing.T) {
	for src, want := range map[string]string{
		"status == \"won\"":                         "status == \"won\"",
		"price > 1000 and not vip":                  "price > 1000 and vip == false",
		"vip or not (price < 0.5 and qty in (1,2))": "vip == true or price >= 0.5 or qty not in (1, 2)",
		"5 < qty":                               "qty > 5",
		"-5 >= qty":                             "qty <= -5",
		"name == null || name != nil":           "name is null or name is not null",
		"is_empty(owner) and not is_empty(due)": "owner is null and due is not null",
		"not (vip == true)":                     "vip != true",
		"due < today() + 3":                     "due < days(3)",
		"due between_":                          "",
		"due >= today() - 7 and due < month_start(1)": "due >= days(-7) and due < month_start(1)",
		"owner == me":                       "owner == me",
		"owner.name contains \"王\"":         "owner.name contains \"王\"",
		"contains(name, \"京\")":             "name contains \"京\"",
		"name not contains \"京\"":           "name not contains \"京\"",
		"due == \"2026-01-31\"":             "due == \"2026-01-31\"",
		"tags in (\"a\", \"b\")":            "tags in (\"a\", \"b\")",
		"won_at >= now()":                   "won_at >= now()",
		"vip and (qty > 1 or qty < 0)":      "vip == true and (qty > 1 or qty < 0)",
		"not (name contains \"x\" or !vip)": "name not contains \"x\" and vip == true",
		"（qty ＞ 1） and status in （“won”）":   "qty > 1 and status in (\"won\")",
	} {
		n, err := Condition(deal(), src)
		if got := query.Print(n); got != want || (err != nil) != (want == "") {
			t.Errorf("%s became %q, %v, want %q", src, got, err, want)
		}
	}
}

func TestConditionsThatNeedAFormula(t *testing.T) {
	for src, want := range map[string]string{
		"qty > price":                       "error.formula_condition",
		"qty + 1 > 2":                       "error.formula_condition",
		"1 < qty < 5 + qty":                 "error.formula_condition",
		"length(name) > 3":                  "error.formula_condition",
		"true":                              "error.formula_condition",
		"1 == 1":                            "error.formula_condition",
		"qty":                               "error.formula_condition",
		"if(vip, true, false)":              "error.formula_condition",
		"qty < null":                        "error.formula_condition",
		"status == \"lost\"":                "error.formula_condition",
		"due > \"soon\"":                    "error.formula_condition",
		"qty == \"many\"":                   "error.formula_condition",
		"due < today(3)":                    "",
		"due < days(0.5)":                   "error.formula_condition",
		"due < days(9999999999)":            "error.formula_condition",
		"due < today() + 1.5":               "error.formula_condition",
		"name contains blank":               "error.formula_condition",
		"qty in (1, price)":                 "error.formula_condition",
		"tags > \"a\"":                      "error.formula_condition",
		"owner == my_department":            "error.formula_condition",
		"salary > 1":                        "error.formula_field",
		"salary.amount > 1":                 "error.formula_field",
		"qty >":                             "error.formula_syntax",
		strings.Repeat("not ", 100):         "error.formula_syntax",
		strings.Repeat("not ", 100) + "vip": "error.formula_complex",
		strings.Repeat("(", 600) + strings.Repeat(")", 600): "error.formula_syntax",
		strings.Repeat("vip or ", 300) + "vip":              "error.formula_complex",
	} {
		if _, err := Condition(deal(), src); keyOf(err) != want {
			t.Errorf("%.60s: %v, want %s", src, err, want)
		}
	}
}

// conditionText draws a condition that both the formula and the filter language know.
func conditionText(t *rapid.T, depth int) string {
	if depth > 0 && rapid.Bool().Draw(t, "branch") {
		a, b := conditionText(t, depth-1), conditionText(t, depth-1)
		return fmt.Sprintf(rapid.SampledFrom([]string{"(%s and %s)", "(%s or %s)", "not (%s and %s)", "not (%s or not %s)"}).Draw(t, "join"), a, b)
	}
	kind := rapid.SampledFrom([]string{"qty", "weight", "price", "name", "due", "won_at", "status", "vip"}).Draw(t, "field")
	if kind == "vip" {
		return rapid.SampledFrom([]string{"vip", "not vip", "vip == true", "vip != true", "not (vip == false)", "is_empty(vip)"}).Draw(t, "switch")
	}
	operands := map[string][]string{
		"qty": {"0", "1", "-2", "5"}, "weight": {"0.5", "2.5", "-1"}, "price": {"0.0001", "100", "-3.5"},
		"name": {`"甲"`, `"乙"`, `"a"`}, "due": {`"2026-01-31"`, "today()", "today() - 3", `"2026-04-01"`},
		"won_at": {`"2026-04-01"`, "today()", `"2026-01-31"`, "now()"}, "status": {`"open"`, `"won"`},
	}[kind]
	x, y := rapid.SampledFrom(operands).Draw(t, "x"), rapid.SampledFrom(operands).Draw(t, "y")
	forms := []string{"%[1]s == %[2]s", "%[1]s != %[2]s", "%[2]s == %[1]s", "%[1]s in (%[2]s, %[3]s)", "%[1]s not in (%[2]s)",
		"is_empty(%[1]s)", "%[1]s == null", "%[1]s != null"}
	if kind != "status" {
		forms = append(forms, "%[1]s < %[2]s", "%[1]s <= %[2]s", "%[1]s > %[2]s", "%[1]s >= %[2]s", "%[2]s < %[1]s")
	}
	if kind == "name" {
		forms = append(forms, "%[1]s contains %[2]s", "not contains(%[1]s, %[2]s)")
	}
	form := rapid.SampledFrom(forms).Draw(t, "form")
	if !strings.Contains(form, "%[3]") {
		form += "%.0[3]s"
	}
	if !strings.Contains(form, "%[2]") {
		form += "%.0[2]s"
	}
	return fmt.Sprintf(form, kind, x, y)
}

func TestAConditionDecidesAsTheFormulaDoes(t *testing.T) {
	e := deal()
	env := testEnv()
	snap := schema.NewSnapshot(0, []*schema.Entity{e})
	who := &query.Viewer{Now: env.Now, Env: schema.Env{Zone: env.Zone}}
	moments := []int64{env.Now.UnixMicro(), time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC).UnixMicro(), time.Date(2026, 4, 1, 15, 59, 59, 0, time.UTC).UnixMicro()}
	rapid.Check(t, func(t *rapid.T) {
		text := conditionText(t, 3)
		rec := record.New(e.Shape)
		draw := func(key string, vals ...record.Value) {
			rec.Set(key, rapid.SampledFrom(append(vals, record.Null)).Draw(t, key))
		}
		draw("qty", record.Int(0), record.Int(1), record.Int(-2), record.Int(7))
		draw("weight", record.Int(500_000), record.Int(2_500_000), record.Int(-1))
		draw("price", record.Int(1), record.Int(1_000_000), record.Int(-35_000))
		draw("name", record.Text("甲"), record.Text("甲乙"), record.Text("a"))
		draw("due", record.Text("2026-01-31"), record.Text("2026-04-02"), record.Text("2026-03-30"))
		draw("won_at", record.Int(moments[0]), record.Int(moments[1]), record.Int(moments[2]))
		draw("status", record.Text("open"), record.Text("won"))
		draw("vip", record.Bool(true), record.Bool(false))
		n, err := Condition(e, text)
		if err != nil {
			t.Fatal(text, err)
		}
		bound, err := query.Bind(snap, e, n, who, everything{})
		if err != nil {
			t.Fatal(query.Print(n), err)
		}
		p, err := CompileCheck(e, text)
		if err != nil {
			t.Fatal(text, err)
		}
		v, err := p.Eval(rec, env)
		if err != nil {
			t.Fatal(text, err)
		}
		if got := query.Eval(bound.Cond, rec, nil); got != v.Bool() {
			t.Fatalf("%s is %v as a formula, %v as the filter %s", text, v.Bool(), got, query.Print(n))
		}
	})
}
