package formula

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Whatever is written, compiling and evaluating end without a panic, errors
// are meant for people, and what is stored fits the result type.
func FuzzFormula(f *testing.F) {
	for _, s := range []string{"qty * price", "if(vip, name + \"x\", concat(due, price))", "round(price / qty, 2) ?? 0", "not (due < today()) and status in (\"won\")",
		"add_months(won_at, qty)", "1 < qty < 3", "vip ? 1 : 2", "“甲”＋name", "a | b", "x?.y[1:2]", "{a:1}", "contains(name, `x`)", "/* */ -1 // x"} {
		f.Add(s)
	}
	e := deal()
	rec := filled(e)
	f.Fuzz(func(t *testing.T, src string) {
		for _, result := range []string{"decimal", "money", "number", "date", "switch", "text"} {
			field := fieldOf("out", "formula", schema.Settings{Formula: src, Result: result})
			p, err := Compile(e, field)
			if err != nil {
				if keyOf(err)[:6] != "error." {
					t.Fatal(err)
				}
				continue
			}
			for _, r := range []*record.Record{rec, record.New(e.Shape)} {
				v, err := p.Eval(r, testEnv())
				if err != nil && keyOf(err)[:6] != "error." {
					t.Fatal(err)
				}
				want := record.KindInt
				if result == "text" || result == "date" {
					want = record.KindText
				}
				if !v.IsNull() && v.Kind() != want {
					t.Fatalf("%q gives a value of kind %d", src, v.Kind())
				}
			}
		}
		if n, err := Condition(e, src); err == nil {
			if _, err := query.Parse(query.Print(n)); err != nil {
				t.Fatalf("%q became %q: %v", src, query.Print(n), err)
			}
		}
	})
}

func BenchmarkEval(b *testing.B) {
	e := deal()
	rec, env := filled(e), testEnv()
	for name, src := range map[string]string{
		"sum":       "qty * price",
		"tax":       "round(qty * price * (1 - weight / 100) * (1 + rate / 100), 2)",
		"condition": "if(is_empty(due) or due < \"2026-01-01\" and status != \"won\", price, price * 0.95)",
		"text":      "name + \" \" + status",
		"overdue":   "max(0, days_between(due, today()))",
	} {
		result := "money"
		if name == "text" {
			result = "text"
		}
		p, err := Compile(e, fieldOf("out", "formula", schema.Settings{Formula: src, Result: result}))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Eval(rec, env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	e := deal()
	f := fieldOf("out", "formula", schema.Settings{Formula: "round(qty * price * (1 - weight / 100) * (1 + rate / 100), 2)", Result: "money"})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(e, f); err != nil {
			b.Fatal(err)
		}
	}
}
