package formula

import (
	"errors"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

func formulaField(key, result, src string) *schema.Field {
	return fieldOf(key, "formula", schema.Settings{Formula: src, Result: result})
}

func keysOf(programs []*Program) (keys string) {
	for _, p := range programs {
		keys += p.Field().Key + " "
	}
	return keys
}

func TestSetComputesInOrderOfDependence(t *testing.T) {
	retired := formulaField("gone", "number", "no_such_field")
	retired.Retired = true
	e := entityOf(
		formulaField("total", "money", "net + tax"), formulaField("tax", "money", "net * rate / 100"),
		formulaField("late", "switch", "overdue > 3"), formulaField("overdue", "number", "today() - due"),
		formulaField("net", "money", "qty * price"), fieldOf("due", "date", schema.Settings{}),
		fieldOf("qty", "number", schema.Settings{}), fieldOf("price", "money", schema.Settings{}), fieldOf("rate", "percent", schema.Settings{}),
		retired)
	set, err := CompileAll(e)
	if err != nil {
		t.Fatal(err)
	}
	if got := keysOf(set.Stored()); got != "net tax total " {
		t.Errorf("stored: %s", got)
	}
	if got := keysOf(set.Volatile()); got != "overdue late " {
		t.Errorf("volatile: %s", got)
	}
	rec := record.New(e.Shape)
	rec.Set("qty", record.Int(3))
	rec.Set("price", record.Int(333_300))
	rec.Set("rate", record.Int(13_000_000))
	rec.Set("due", record.Text("2026-03-01"))
	if err := set.Compute(rec, testEnv()); err != nil {
		t.Fatal(err)
	}
	if rec.Get("net").Int() != 999_900 || rec.Get("tax").Int() != 129_987 || rec.Get("total").Int() != 1_129_887 || !rec.Get("overdue").IsNull() {
		t.Errorf("%v", rec)
	}
	if err := set.Fill(rec, testEnv()); err != nil || rec.Get("overdue").Int() != 32 || !rec.Get("late").Bool() {
		t.Errorf("%v %v", rec.Get("overdue"), err)
	}
	rec.Set("qty", record.Null)
	if err := set.Compute(rec, testEnv()); err != nil || !rec.Get("net").IsNull() || !rec.Get("total").IsNull() {
		t.Errorf("an emptied field keeps its sums: %v %v", rec.Get("total"), err)
	}
}

func TestCirclesAreRefused(t *testing.T) {
	for _, c := range []struct{ a, b, c, fields, at string }{
		{"a + 1", "1", "1", "a → a", "a"},
		{"b + 1", "c + 1", "a + 1", "a → b → c → a", "a"},
		{"b + 1", "c + 1", "b + 1", "b → c → b", "b"},
		{"if(is_empty(today()), b, 1)", "a", "1", "a → b → a", "a"},
	} {
		e := entityOf(formulaField("a", "number", c.a), formulaField("b", "number", c.b), formulaField("c", "number", c.c))
		_, err := CompileAll(e)
		got, _ := errors.AsType[*errs.Error](err)
		if got == nil || got.Key != "error.formula_circle" || got.Args["fields"] != c.fields || got.Field != c.at {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A field is checked before it is part of its entity, or against its own older version.
func TestCompileFindsCirclesOfANewField(t *testing.T) {
	e := entityOf(formulaField("a", "number", "b + 1"), formulaField("b", "number", "1"), fieldOf("qty", "number", schema.Settings{}),
		formulaField("clock", "date", "today()"), formulaField("broken", "number", "nothing + 1"))
	for src, key := range map[string]string{"a + 1": "error.formula_circle", "b + 1": "error.formula_circle", "qty": "", "broken + qty": ""} {
		if _, err := Compile(e, formulaField("b", "number", src)); keyOf(err) != key {
			t.Errorf("b = %s: %v", src, err)
		}
	}
	p, err := Compile(e, formulaField("new", "date", "clock + 1"))
	if err != nil || !p.Volatile() {
		t.Errorf("a formula over a volatile one: %v, %v", p, err)
	}
}

func TestErrorsAreJoinedByField(t *testing.T) {
	e := entityOf(formulaField("a", "number", "1 +"), formulaField("b", "number", "x"), formulaField("c", "number", "1"))
	_, err := CompileAll(e)
	got, _ := errors.AsType[*errs.Error](err)
	if got == nil || len(got.Sub) != 2 || got.Sub[0].Field != "a" || got.Sub[1].Field != "b" {
		t.Errorf("%v", err)
	}
	e = entityOf(fieldOf("p", "decimal", schema.Settings{}), formulaField("a", "number", "p * p"), formulaField("b", "decimal", "p + p"), formulaField("c", "number", "a"))
	set, err := CompileAll(e)
	if err != nil {
		t.Fatal(err)
	}
	rec := record.New(e.Shape)
	rec.Set("p", record.Int(9_000_000_000_000_000_000))
	rec.Set("c", record.Int(1))
	got, _ = errors.AsType[*errs.Error](set.Compute(rec, testEnv()))
	if got == nil || len(got.Sub) != 2 || got.Sub[0].Field != "a" || got.Sub[1].Field != "b" || !rec.Get("c").IsNull() {
		t.Errorf("%v, c = %v", got, rec.Get("c"))
	}
}
