package formula

import (
	"errors"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// fieldOf declares a field of a test entity.
func fieldOf(key, typ string, set schema.Settings) *schema.Field {
	return &schema.Field{Key: key, Type: schema.TypeNamed(typ), Set: set}
}

// entityOf is an entity of system fields and the given ones.
func entityOf(fields ...*schema.Field) *schema.Entity {
	all := []*schema.Field{
		fieldOf("id", "id", schema.Settings{}), fieldOf("version", "number", schema.Settings{}),
		fieldOf("created_at", "instant", schema.Settings{}), fieldOf("created_by", "member", schema.Settings{}),
		fieldOf("updated_at", "instant", schema.Settings{}), fieldOf("updated_by", "member", schema.Settings{}),
		fieldOf("deleted_at", "instant", schema.Settings{}), fieldOf("deleted_by", "member", schema.Settings{}),
	}
	for _, f := range all {
		f.System = true
	}
	all = append(all, fields...)
	keys := make([]string, len(all))
	for i, f := range all {
		f.Slot, keys[i] = i, f.Key
	}
	return &schema.Entity{Name: "sales.deal", Fields: all, Shape: record.NewShape("sales.deal", keys, record.SystemSlots)}
}

// deal is the entity that most tests compute over.
func deal() *schema.Entity {
	return entityOf(
		fieldOf("qty", "number", schema.Settings{}), fieldOf("weight", "decimal", schema.Settings{}),
		fieldOf("rate", "percent", schema.Settings{}), fieldOf("price", "money", schema.Settings{}),
		fieldOf("none", "money", schema.Settings{}), fieldOf("name", "text", schema.Settings{}),
		fieldOf("blank", "text", schema.Settings{}), fieldOf("due", "date", schema.Settings{}),
		fieldOf("nodate", "date", schema.Settings{}), fieldOf("won_at", "instant", schema.Settings{}),
		fieldOf("vip", "switch", schema.Settings{}), fieldOf("nosw", "switch", schema.Settings{}),
		fieldOf("status", "choice", schema.Settings{Options: []schema.Option{{Code: "open"}, {Code: "won"}}}),
		fieldOf("tags", "choice", schema.Settings{Many: true, Options: []schema.Option{{Code: "a"}, {Code: "b"}}}),
		fieldOf("owner", "member", schema.Settings{}), fieldOf("let", "number", schema.Settings{}),
		fieldOf("paid", "rollup", schema.Settings{Rollup: &schema.Rollup{Op: "sum"}, Result: "money"}),
		fieldOf("code", "auto_number", schema.Settings{}),
	)
}

// filled is a record of deal; none, blank, nodate and nosw are empty.
func filled(e *schema.Entity) *record.Record {
	r := record.New(e.Shape)
	moment := time.Date(2026, 3, 31, 17, 30, 0, 0, time.UTC) // 1 April in China
	for key, v := range map[string]record.Value{
		"qty": record.Int(3), "weight": record.Int(2_500_000), "rate": record.Int(13_000_000), "price": record.Int(19_990_000),
		"name": record.Text("南京关系科技"), "due": record.Text("2026-01-31"), "won_at": record.Int(moment.UnixMicro()),
		"vip": record.Bool(true), "status": record.Text("won"), "tags": record.List([]record.Value{record.Text("a"), record.Text("b")}),
		"owner": record.Int(7), "let": record.Int(5), "paid": record.Int(1_000_000), "code": record.Text("D-1"),
	} {
		r.Set(key, v)
	}
	return r
}

func testEnv() Env {
	return Env{Now: time.Date(2026, 4, 1, 16, 0, 1, 0, time.UTC), Zone: time.FixedZone("CST", 8*3600)}
}

func keyOf(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Key
	}
	return "not an *errs.Error: " + err.Error()
}

// evaluate compiles and evaluates src and gives the result in text form.
func evaluate(e *schema.Entity, rec *record.Record, src, result string) (string, error) {
	f := fieldOf("out", "formula", schema.Settings{Formula: src, Result: result})
	p, err := Compile(e, f)
	if err != nil {
		return "", err
	}
	v, err := p.Eval(rec, testEnv())
	if err != nil || v.IsNull() {
		return "", err
	}
	return f.Type.Text(f, v, &schema.Env{Locale: "en"}), nil
}

func TestSemantics(t *testing.T) {
	e := deal()
	rec := filled(e)
	for _, c := range []struct{ src, result, want string }{
		// Numbers: one exact type, + and - exact, * and / rounded half away from zero to six digits.
		{"1 + 2 * 3", "number", "7"},
		{"(1 + 2) * 3", "number", "9"},
		{"-qty + 1", "number", "-2"},
		{"+qty", "number", "3"},
		{"qty * price", "money", "5997.00"},
		{"price * rate / 100", "money", "259.87"},
		{"price * (1 + rate / 100)", "money", "2258.87"},
		{"0.1 + 0.2", "decimal", "0.3"},
		{"1 / 3", "decimal", "0.333333"},
		{"2 / 3", "decimal", "0.666667"},
		{"-2 / 3", "decimal", "-0.666667"},
		{"1 / 3 * 3", "decimal", "0.999999"}, {"0.000001 / 2", "decimal", "0.000001"}, {"-0.000001 / 2", "decimal", "-0.000001"}, {"0.000001 / 3", "decimal", "0"},
		{"0.0005 * 0.001", "decimal", "0.000001"},
		{"-0.0005 * 0.001", "decimal", "-0.000001"},
		{"weight * 4", "number", "10"},
		{"weight", "number", "3"},
		{"-weight", "number", "-3"},
		{"12345678901234567.123456 - 12345678901234567", "decimal", "0.123456"},
		{"1_000_000 * 1_000_000 * 1_000_000 * 1_000_000 / 1_000_000_000_000_000_000", "number", "1000000"},
		{"１２＋（３×４）÷２", "number", "18"},
		{"let * 2", "number", "10"},
		{".5 + 5.", "decimal", "5.5"},
		// Division by zero is empty.
		{"price / 0", "money", ""},
		{"coalesce(price / 0, 1)", "money", "1.00"},
		// Rounding.
		{"round(2.5)", "number", "3"}, {"round(-2.5)", "number", "-3"}, {"round(2.345, 2)", "decimal", "2.35"},
		{"round(1250, -2)", "number", "1300"}, {"round(1.5, 9)", "decimal", "1.5"}, {"round(5, -99)", "number", "0"},
		{"floor(-1.1)", "number", "-2"}, {"ceil(-1.9)", "number", "-1"}, {"floor(1.9)", "number", "1"}, {"ceil(1.000001)", "number", "2"},
		{"abs(-3) + abs(3)", "number", "6"}, {"min(3, 1, 2)", "number", "1"}, {"max(3, 1, 2)", "number", "3"},
		{"max(due, \"2026-02-01\")", "date", "2026-02-01"},
		// Empty values.
		{"none + 1", "money", ""}, {"1 * none", "money", ""}, {"-none", "money", ""}, {"abs(none)", "money", ""},
		{"min(1, none)", "money", ""}, {"round(none, 2)", "money", ""}, {"null", "money", ""}, {"1 + nil", "money", ""},
		{"coalesce(none, null, 5)", "money", "5.00"}, {"none ?? 5", "money", "5.00"},
		{"if(none > 0, 1, 2)", "number", "2"}, {"if(nosw, 1, 2)", "number", "2"}, {"vip ? 1 : 2", "number", "1"},
		{"is_empty(none)", "switch", "Yes"}, {"is_empty(price)", "switch", "No"}, {"is_empty(owner)", "switch", "No"},
		{"is_empty(\"\")", "switch", "Yes"}, {"none == null", "switch", "Yes"}, {"price != nil", "switch", "Yes"},
		{"none == 0", "switch", "No"}, {"none != 0", "switch", "Yes"}, {"none < 0", "switch", "No"}, {"none >= 0", "switch", "No"},
		{"none == none", "switch", "No"},
		{"not (none < 0)", "switch", "No"}, {"not (none == 0)", "switch", "Yes"}, {"not (price < 0)", "switch", "Yes"},
		{"not nosw", "switch", ""}, {"nosw and vip", "switch", ""}, {"nosw and false", "switch", "No"}, {"nosw or vip", "switch", "Yes"},
		{"nosw or false", "switch", ""}, {"not (nosw and vip)", "switch", ""}, {"not (none < 0 or none >= 0)", "switch", "No"},
		{"not not vip", "switch", "Yes"}, {"!vip || vip && true", "switch", "Yes"},
		{"not if(vip, none < 0, true)", "switch", "No"},
		{"none in (1, 2)", "switch", "No"}, {"none not in (1, 2)", "switch", "Yes"}, {"qty in [1, null, 3]", "switch", "Yes"},
		{"not (qty in (1, 2))", "switch", "Yes"},
		{"not qty == 3", "switch", "No"}, {"not qty + 1 == 3 and vip", "switch", "Yes"}, {"(not vip) == false", "switch", "Yes"},
		{"not nosw == false", "switch", "Yes"}, {"(not nosw) == false", "switch", "No"}, {"vip and not qty in (3)", "switch", "No"}, {"not 1 < qty < 3", "switch", "Yes"},
		{"1 < qty < 4", "switch", "Yes"}, {"1 < 3 < 2", "switch", "No"}, {"not qty > 1 and not (qty > 1)", "switch", "No"},
		{"!vip == false", "switch", "Yes"}, {"not vip ? 1 == 1 : 1 == 2", "switch", "No"},
		// Texts.
		{"name + \"·\" + status", "text", "南京关系科技·won"}, {"name + blank", "text", "南京关系科技"}, {"blank + blank", "text", ""},
		{"concat(name, qty, \" \", weight, due, null, none)", "text", "南京关系科技3 2.52026-01-31"},
		{"concat(won_at)", "text", "2026-04-01 01:30:00"}, {"qty * 1.10", "text", "3.3"}, {"due", "text", "2026-01-31"},
		{"length(name)", "number", "6"}, {"length(blank)", "number", ""}, {"length(tags)", "number", "2"},
		{"left(name, 2)", "text", "南京"}, {"right(name, 2)", "text", "科技"}, {"left(name, 99)", "text", "南京关系科技"},
		{"left(name, 0)", "text", ""}, {"right(name, -1)", "text", ""}, {"upper(status)", "text", "WON"}, {"lower(\"AbC\")", "text", "abc"},
		{"contains(name, \"关系\")", "switch", "Yes"}, {"name contains \"关系\"", "switch", "Yes"},
		{"name not contains \"关系\"", "switch", "No"}, {"blank contains \"x\"", "switch", "No"}, {"blank not contains \"x\"", "switch", "Yes"},
		{"if(contains(name, \"京\") and contains(status, \"o\"), 1, 0)", "number", "1"},
		{"status == \"won\"", "switch", "Yes"}, {"status in (\"open\", \"won\")", "switch", "Yes"}, {"status <= \"won\"", "switch", "Yes"},
		{"“甲” + ‘乙’", "text", "甲乙"}, {"\"他说“好”，＋\"", "text", "他说“好”，＋"},
		// Dates.
		{"due + 1", "date", "2026-02-01"}, {"1 + due", "date", "2026-02-01"}, {"due - 31", "date", "2025-12-31"},
		{"due - \"2026-01-01\"", "number", "30"}, {"\"2026-01-01\" - due", "number", "-30"}, {"due + 0.5", "date", "2026-02-01"},
		{"days_between(due, \"2026-03-01\")", "number", "29"}, {"add_months(due, 1)", "date", "2026-02-28"},
		{"add_months(due, -11)", "date", "2025-02-28"}, {"add_days(due, 365)", "date", "2027-01-31"},
		{"year(due)", "number", "2026"}, {"month(due)", "number", "1"}, {"day(due)", "number", "31"},
		{"due < \"2026-02-01\"", "switch", "Yes"}, {"due == \"2026-01-31\"", "switch", "Yes"}, {"nodate < today()", "switch", "No"},
		{"nodate + 1", "date", ""}, {"due + none", "date", ""}, {"year(nodate)", "number", ""}, {"due - nodate", "number", ""},
		{"due in (\"2026-01-31\")", "switch", "Yes"},
		// Moments count by the day of the company's zone.
		{"day(won_at)", "number", "1"}, {"won_at", "date", "2026-04-01"}, {"won_at == \"2026-04-01\"", "switch", "Yes"},
		{"won_at > \"2026-04-01\"", "switch", "No"}, {"won_at - due", "number", "60"}, {"today() - won_at", "number", "1"},
		{"now() - won_at", "decimal", "0.937512"}, {"won_at + 0.5", "date", "2026-04-01"}, {"won_at + 1", "date", "2026-04-02"},
		{"add_months(won_at, -1)", "date", "2026-03-01"}, {"won_at in (\"2026-04-01\", \"2026-05-01\")", "switch", "Yes"},
		{"won_at in (today(), now())", "switch", "No"}, {"won_at in (now(), \"2026-04-01\")", "switch", "Yes"},
		{"now() in (\"2026-04-01\", now())", "switch", "Yes"}, {"nosw in (true)", "switch", "No"}, {"today() in (now())", "switch", "Yes"}, {"vip in (false, true)", "switch", "Yes"},
		{"today()", "date", "2026-04-02"}, {"now() > won_at", "switch", "Yes"},
		// Roll-ups and automatic numbers.
		{"price - paid", "money", "1899.00"}, {"concat(\"#\", code)", "text", "#D-1"},
		// Comments and blanks.
		{"1 + /* two */ 2 // three", "number", "3"}, {"　qty　＋ 1", "number", "4"},
	} {
		got, err := evaluate(e, rec, c.src, c.result)
		if err != nil || got != c.want {
			t.Errorf("%s as %s = %q, %v, want %q", c.src, c.result, got, err, c.want)
		}
	}
}
