package formula

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

func TestErrorsHaveAPlace(t *testing.T) {
	e := deal()
	for _, c := range []struct{ src, result, key, at, near string }{
		{"", "number", "error.formula_syntax", "1", "…"},
		{"1 +", "number", "error.formula_syntax", "3", "+"},
		{"1 + )", "number", "error.formula_syntax", "5", ")"},
		{"金额 + 1", "number", "error.formula_field", "1", "金额"},
		{"qty + 数量", "number", "error.formula_field", "7", "数量"},
		{"qty + salary", "number", "error.formula_field", "7", "salary"},
		{"qty = 1", "switch", "error.formula_syntax", "5", "="},
		{"qty % 2", "number", "error.formula_syntax", "5", "%"},
		{"qty ** 2", "number", "error.formula_syntax", "5", "**"},
		{"'abc", "text", "error.formula_syntax", "5", "…"},
		{"contain$(name, \"x\")", "switch", "error.formula_syntax", "8", "$"},
		{"name[0]", "text", "error.formula_path", "5", "["},
		{"owner.name", "text", "error.formula_path", "7", "name"},
		{"{a: 1}", "number", "error.formula_syntax", "1", "{"},
		{"let x = 1; x", "number", "error.formula_syntax", "5", "x"},
		{"1; 2", "number", "error.formula_syntax", "1", "1"},
		{"[1, 2]", "number", "error.formula_syntax", "1", "["},
		{"b\"raw\"", "text", "error.formula_syntax", "1", "b\"raw\""},
		{"qty in 3", "switch", "error.formula_syntax", "5", "in"},
		{"1..3", "number", "error.formula_syntax", "2", ".."},
		{"filter(tags, true)", "number", "error.formula_function", "1", "filter"},
		{"len(name)", "number", "error.formula_function", "1", "len"},
		{"env(1)", "number", "error.formula_function", "1", "env"},
		{"if(vip, 1)", "number", "error.formula_arguments", "1", "if"},
		{"today(1)", "date", "error.formula_arguments", "1", "today"},
		{"min()", "number", "error.formula_arguments", "1", "min"},
		{"1.1234567", "decimal", "error.formula_number", "1", "1.1234567"},
		{"0x1F + 1", "number", "error.formula_number", "1", "0x1F"},
		{"1e3", "number", "error.formula_number", "1", "1e3"},
		{"qty + name", "number", "error.formula_type", "5", "+"},
		{"name * 2", "number", "error.formula_type", "6", "*"},
		{"due + due", "date", "error.formula_type", "5", "+"},
		{"vip + 1", "number", "error.formula_type", "5", "+"},
		{"vip < true", "switch", "error.formula_type", "5", "<"},
		{"owner == 7", "switch", "error.formula_type", "7", "=="},
		{"tags == \"a\"", "switch", "error.formula_type", "6", "=="},
		{"qty < null", "switch", "error.formula_type", "5", "<"},
		{"name and vip", "switch", "error.formula_type", "6", "and"},
		{"not qty", "switch", "error.formula_type", "5", "qty"},
		{"-name", "number", "error.formula_type", "1", "-"},
		{"upper(qty)", "text", "error.formula_type", "1", "upper"},
		{"year(qty)", "number", "error.formula_type", "1", "year"},
		{"concat(vip)", "text", "error.formula_type", "1", "concat"},
		{"max(vip, true)", "switch", "error.formula_type", "1", "max"},
		{"coalesce(1, name)", "number", "error.formula_type", "1", "coalesce"},
		{"if(vip, 1, name)", "number", "error.formula_type", "12", "name"},
		{"due < \"soon\"", "switch", "error.date", "7", "\"soon\""},
		{"status == \"lost\"", "switch", "error.formula_option", "11", "\"lost\""},
		{"status in (\"open\", \"lost\")", "switch", "error.formula_option", "20", "\"lost\""},
		{"qty", "switch", "error.formula_result", "", ""},
		{"vip", "text", "error.formula_result", "", ""},
		{"name", "number", "error.formula_result", "", ""},
		{"qty", "date", "error.formula_result", "", ""},
		{strings.Repeat("1+", 2100) + "1", "number", "error.formula_long", "", ""},
		{strings.Repeat("1+", 300) + "1", "number", "error.formula_complex", "", ""},
		{strings.Repeat("(1+", 70) + "1" + strings.Repeat(")", 70), "number", "error.formula_complex", "", ""},
		{strings.Repeat("not ", 70) + "vip", "switch", "error.formula_complex", "", ""},
		{strings.Repeat("if(1 < ", 12) + "1" + strings.Repeat(" < 3, 1, 2)", 12), "number", "error.formula_complex", "", ""},
	} {
		_, err := evaluate(e, filled(e), c.src, c.result)
		got, _ := errors.AsType[*errs.Error](err)
		if got == nil || got.Code != errs.Invalid || got.Key != c.key || got.Args["at"] != c.at || got.Args["near"] != c.near {
			t.Errorf("%.60s: %v, want %s at %s near %s", c.src, err, c.key, c.at, c.near)
		}
	}
}

func TestResultsThatDoNotFit(t *testing.T) {
	e := deal()
	rec := filled(e)
	rec.Set("price", record.Int(math.MaxInt64))
	rec.Set("qty", record.Int(1<<53))
	rec.Set("name", record.Text(strings.Repeat("长", 4000)))
	rec.Set("due", record.Text("9999-12-31"))
	for _, c := range []struct{ src, result, key string }{
		{"price", "money", ""}, {"price", "percent", "error.number_range"}, {"price + 0.0001", "money", "error.number_range"},
		{"qty", "number", ""}, {"qty + 1", "number", "error.number_range"}, {"qty * 1000", "decimal", "error.number_range"},
		{"price * price * price", "money", "error.number_range"}, {"if(false, price * price * price, 1)", "money", ""},
		{"0 * (price * price * price)", "money", "error.number_range"},
		{"name", "text", "error.text_long"}, {"left(name, 255)", "text", ""},
		{"length(name + name + name)", "number", "error.text_long"}, {"length(concat(name, name, name))", "number", "error.text_long"},
		{"due + 1", "date", "error.date_range"}, {"due - 4000000", "date", "error.date_range"}, {"due + price", "date", "error.date_range"},
		{"add_months(due, 1)", "date", "error.date_range"}, {"add_days(due, 99999999999)", "date", "error.date_range"},
		{"won_at + 10000000", "date", "error.date_range"}, {"won_at - price * 100000", "date", "error.date_range"},
		{"add_months(won_at, -100000000000)", "date", "error.date_range"}, {"add_days(won_at, 1000000)", "date", ""},
	} {
		_, err := evaluate(e, rec, c.src, c.result)
		if keyOf(err) != c.key {
			t.Errorf("%s as %s: %v, want %q", c.src, c.result, err, c.key)
		}
		if got, _ := errors.AsType[*errs.Error](err); got != nil && got.Field != "out" {
			t.Errorf("%s: the error is at %q", c.src, got.Field)
		}
	}
}

func TestFieldsAndVolatility(t *testing.T) {
	e := deal()
	for _, c := range []struct {
		src      string
		fields   string
		volatile bool
	}{
		{"qty * price + qty", "qty price", false},
		{"1", "", false},
		{"days_between(due, today())", "due", true},
		{"now() - won_at", "won_at", true},
		{"price - paid", "price paid", true},
		{"length(code)", "code", true},
		{"day(created_at)", "created_at", true},
		{"let + length(tags)", "let tags", false},
	} {
		p, err := Compile(e, fieldOf("out", "formula", schema.Settings{Formula: c.src}))
		if err != nil {
			t.Fatal(c.src, err)
		}
		var keys []string
		for _, f := range p.Fields() {
			keys = append(keys, f.Key)
		}
		if got := strings.Join(keys, " "); got != c.fields || p.Volatile() != c.volatile {
			t.Errorf("%s reads %q, volatile %v", c.src, got, p.Volatile())
		}
	}
}

func TestARecordOfAnOlderShapeIsReadByKey(t *testing.T) {
	older := entityOf(fieldOf("price", "money", schema.Settings{}))
	rec := record.New(older.Shape)
	rec.Set("price", record.Int(30_000))
	if got, err := evaluate(deal(), rec, "coalesce(qty, 2) * price", "money"); err != nil || got != "6.00" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestCompileCheck(t *testing.T) {
	e := deal()
	p, err := CompileCheck(e, "price > 0 and due >= today()")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]record.Value{"2026-01-31": record.Bool(true), "2026-02-01": record.Bool(false)} {
		now, _ := time.Parse(time.DateOnly, day)
		if v, err := p.Eval(filled(e), Env{Now: now}); err != nil || !v.Equal(want) {
			t.Errorf("on %s: %v, %v", day, v, err)
		}
	}
	if _, err := CompileCheck(e, "price"); keyOf(err) != "error.formula_result" {
		t.Errorf("a number as a condition: %v", err)
	}
}
