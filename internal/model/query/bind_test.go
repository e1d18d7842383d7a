package query

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// show writes a bound condition for comparison in tests.
func show(c *Cond) string {
	if c == nil {
		return "everything"
	}
	switch c.Kind {
	case Constant:
		return fmt.Sprint(c.Const)
	case And, Or:
		word := map[Kind]string{And: " and ", Or: " or "}[c.Kind]
		var parts []string
		for _, k := range c.Kids {
			parts = append(parts, show(k))
		}
		return "(" + strings.Join(parts, word) + ")"
	}
	var b strings.Builder
	for _, s := range c.Steps {
		b.WriteString(s.Field.Key + "→")
	}
	b.WriteString(c.Field.Key + " " + string(c.Op))
	for _, v := range c.Vals {
		b.WriteString(" " + showValue(c.Field, v))
	}
	return b.String()
}

func showValue(f *schema.Field, v record.Value) string {
	switch {
	case v.IsNull():
		return "null"
	case f.Type.Name() == "instant":
		return time.UnixMicro(v.Int()).UTC().Format("01-02T15:04:05")
	case v.Kind() == record.KindRef:
		return fmt.Sprintf("%s:%d", v.Str(), v.Int())
	case v.Kind() == record.KindInt:
		return fmt.Sprint(v.Int())
	}
	return v.Str()
}

func TestBind(t *testing.T) {
	snap, e := world()
	for text, want := range map[string]string{
		"": "everything",
		// Values get the type of the field.
		"staff == 12":                           "staff == 12",
		"area > 1.5 and credit <= 2.5":          "(area > 1500000 and credit <= 25000)",
		"share == '12.5%'":                      "share == 12500000",
		"opens >= '9:05'":                       "opens >= 32700",
		"vip == true or vip == '否'":             "(vip == 1 or vip == 0)",
		"founded == '2026年4月1日'":                "founded == 2026-04-01",
		"status == 'won' and tags in ('open')":  "(status == won and tags in open)",
		"phone == '138 0013 8000'":              "phone == +8613800138000",
		"region under '江苏'":                     "region under 32",
		"about == 'crm.industry:0000000000001'": "about == crm.industry:1",
		"total > 0 and deals >= 2":              "(total > 0 and deals >= 2)",
		// Negation goes to the operators.
		"not (staff < 1 or staff >= 9)":             "(staff >= 1 and staff < 9)",
		"not (staff == 1 and code contains 'x')":    "(staff != 1 or code not contains x)",
		"not code in ('a','b')":                     "code not in a b",
		"not code not starts_with 'a'":              "code starts_with a",
		"not (staff between 1 and 2)":               "staff not between 1 2",
		"not staff is null and not not vip is null": "(staff is not null and vip is null)",
		"not region under '32'":                     "region not under 32",
		// Empty operands.
		"staff == null":                "staff is null",
		"staff != null":                "staff is not null",
		"code == ''":                   "code is null",
		"staff < null":                 "false",
		"staff between null and 3":     "false",
		"staff not between 1 and null": "false",
		"code contains ''":             "false",
		"code not contains ''":         "true",
		"name not starts_with '  '":    "true",
		"code in ()":                   "false",
		"code not in (null)":           "true",
		"code in ('a', null)":          "code in a",
		"seen_at == null":              "seen_at is null",
		"seen_at < null":               "false",
		"not seen_at in ()":            "true",
		// Me, my departments, and those below.
		"owner == me":                    "owner == 7",
		"owner in (me, '0000000000008')": "owner in 7 8",
		"dept == my_department":          "dept in 30 20",
		"dept != my_department":          "dept not in 30 20",
		"dept under my_department":       "dept in 30 20 30 40",
		"dept not under '000000000000M'": "dept not in 20 30 40",
		"product under 'pc'":             "product in pc laptop",
		"product not under hw":           "!error.filter_syntax",
		"product not under 'sw'":         "product not in sw",
		// Days in the viewer's zone, where it is already 2 April, a Thursday.
		"founded == today()":                        "founded == 2026-04-02",
		"founded >= days(-2) and founded < days(1)": "(founded >= 2026-03-31 and founded < 2026-04-03)",
		"founded >= week_start()":                   "founded >= 2026-03-30",
		"founded >= week_start(1)":                  "founded >= 2026-04-06",
		"founded >= month_start(-2)":                "founded >= 2026-02-01",
		"founded >= quarter_start(-1)":              "founded >= 2026-01-01",
		"founded >= year_start(1)":                  "founded >= 2027-01-01",
		"founded == now()":                          "founded == 2026-04-02",
		// A day on a field of moments is all of it.
		"seen_at == today()":                         "(seen_at >= 04-01T16:00:00 and seen_at < 04-02T16:00:00)",
		"seen_at != today()":                         "(seen_at < 04-01T16:00:00 or seen_at >= 04-02T16:00:00 or seen_at is null)",
		"not seen_at == '2026-04-01'":                "(seen_at < 03-31T16:00:00 or seen_at >= 04-01T16:00:00 or seen_at is null)",
		"seen_at < '2026-04-01'":                     "seen_at < 03-31T16:00:00",
		"seen_at <= '2026-04-01'":                    "seen_at < 04-01T16:00:00",
		"seen_at > '2026-04-01'":                     "seen_at >= 04-01T16:00:00",
		"seen_at >= '2026-04-01'":                    "seen_at >= 03-31T16:00:00",
		"seen_at between '2026-04-01' and today()":   "(seen_at >= 03-31T16:00:00 and seen_at < 04-02T16:00:00)",
		"seen_at not between week_start() and now()": "(seen_at < 03-29T16:00:00 or seen_at >= 04-01T16:00:01)",
		"seen_at >= hours(-2)":                       "seen_at >= 04-01T14:00:01",
		"seen_at == now()":                           "seen_at == 04-01T16:00:01",
		"seen_at != '2026-04-01T08:00:00Z'":          "seen_at != 04-01T08:00:00",
		"seen_at <= '2026-04-01 08:00'":              "seen_at < 04-01T00:00:00",
		"seen_at in ('2026-04-01', now())":           "((seen_at >= 03-31T16:00:00 and seen_at < 04-01T16:00:00) or seen_at == 04-01T16:00:01)",
		"seen_at not in ('2026-04-01')":              "((seen_at < 03-31T16:00:00 or seen_at >= 04-01T16:00:00 or seen_at is null))",
		// Functions of time end with the years 1 and 9999.
		"founded >= days(2912351)":        "founded >= 9999-12-31",
		"founded >= days(2912352)":        "!error.filter_far",
		"founded >= days(9999999)":        "!error.filter_far",
		"founded >= year_start(-2025)":    "founded >= 0001-01-01",
		"founded >= year_start(-2026)":    "!error.filter_far",
		"founded >= month_start(9000000)": "!error.filter_far",
		"seen_at >= hours(3000000)":       "seen_at >= 06-27T16:00:01",
		"seen_at >= hours(-18000000)":     "!error.filter_far",
		"seen_at >= hours(80000000)":      "!error.filter_far",
		// Mail addresses have no case.
		"email == ' Wang@Example.COM'":  "email == wang@example.com",
		"email in ('A@b.cn', 'c@D.cn')": "email in a@b.cn c@d.cn",
		// Paths.
		"owner.name == 'x'":               "owner→name == x",
		"industry.head.name contains 'x'": "industry→head→name contains x",
		"owner.dept under my_department":  "owner→dept in 30 20 30 40",
		"created_by.dept.name is null":    "created_by→dept→name is null",
		"industry.head.dept.name == 'x'":  "!error.field_unknown",
		"partners.name == 'x'":            "!error.field_unknown",
		"about.name == 'x'":               "!error.field_unknown",
		"name.first == 'x'":               "!error.field_unknown",
		"owner. == 'x'":                   "!error.field_unknown",
		// What does not fit.
		"nothing == 1":           "!error.field_unknown",
		"staff == 'many'":        "!error.number",
		"staff == 1.5":           "!error.decimal_digits",
		"founded == 'soon'":      "!error.date",
		"status == 'gone'":       "!error.option",
		"staff contains '1'":     "!error.filter_op",
		"vip < true":             "!error.filter_op",
		"note contains 'x'":      "!error.filter_op",
		"note is not null":       "note is not null",
		"files is null":          "files is null",
		"tags contains 'won'":    "!error.filter_op",
		"status under 'won'":     "!error.filter_op",
		"not status < 'won'":     "!error.filter_op",
		"code == today()":        "!error.filter_func",
		"staff == me":            "!error.filter_func",
		"owner == my_department": "!error.filter_func",
		"staff in (1, 'x')":      "!error.number",
		"seen_at == me":          "!error.filter_func",
		"seen_at > 'soon'":       "!error.instant",
	} {
		n, err := Parse(text)
		var b Bound
		if err == nil {
			b, err = Bind(snap, e, n, viewer(), levels{})
		}
		got := show(b.Cond)
		if err != nil {
			got = "!" + keyOf(err)
		}
		if got != want {
			t.Errorf("%s\n got %s (%v)\nwant %s", text, got, err, want)
		}
	}
}

// Where the clock is put forward at midnight, the day begins at one.
func TestDaysBeginWhereTheZoneSaysSo(t *testing.T) {
	snap, e := world()
	loc, err := time.LoadLocation("America/Asuncion")
	if err != nil {
		t.Fatal(err)
	}
	who := &Viewer{Now: time.Date(2023, 10, 1, 12, 0, 0, 0, loc), Env: schema.Env{Zone: loc}}
	for text, want := range map[string]string{
		"seen_at == today()":       "(seen_at >= 10-01T04:00:00 and seen_at < 10-02T03:00:00)",
		"seen_at >= days(-1)":      "seen_at >= 09-30T04:00:00",
		"seen_at >= month_start()": "seen_at >= 10-01T04:00:00",
	} {
		n, _ := Parse(text)
		b, err := Bind(snap, e, n, who, levels{})
		if got := show(b.Cond); err != nil || got != want {
			t.Errorf("%s\n got %s (%v)\nwant %s", text, got, err, want)
		}
	}
	n, _ := Parse("seen_at == today()")
	b, err := Bind(snap, e, n, &Viewer{Now: time.Date(2026, 4, 1, 23, 0, 0, 0, time.UTC)}, levels{})
	if got := show(b.Cond); err != nil || got != "(seen_at >= 04-01T00:00:00 and seen_at < 04-02T00:00:00)" {
		t.Errorf("without a zone: %s, %v", got, err)
	}
}

// A roll-up of moments or days is asked for as they are.
func TestTimeInRollups(t *testing.T) {
	last := func(key, result string) *schema.Field {
		return field(key, "rollup", schema.Settings{Rollup: &schema.Rollup{Op: "max"}, Result: result})
	}
	e := entity("crm.customer", last("seen_last", "instant"), last("due_last", "date"))
	snap := schema.NewSnapshot(1, []*schema.Entity{e})
	who := &Viewer{Now: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC), Env: schema.Env{Zone: time.UTC}}
	for text, want := range map[string]string{
		"seen_last == today()":  "(seen_last >= 1774915200000000 and seen_last < 1775001600000000)",
		"seen_last < days(-30)": "seen_last < 1772323200000000",
		"due_last >= days(1)":   "due_last >= 2026-04-01",
	} {
		n, _ := Parse(text)
		b, err := Bind(snap, e, n, who, levels{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := show(b.Cond); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// A hidden field is not told apart from one that does not exist; a masked one
// may be compared for equality only, and each time is counted.
func TestFieldRights(t *testing.T) {
	snap, e := world()
	for _, c := range []struct {
		rights levels
		text   string
		err    string
		masked int
	}{
		{levels{"code": schema.Hidden}, "code == 'x'", "error.field_unknown", 0},
		{levels{"code": schema.Hidden}, "staff == 1 or not code is null", "error.field_unknown", 0},
		{levels{"owner": schema.Hidden}, "owner.name == 'x'", "error.field_unknown", 0},
		{levels{"owner": schema.Masked}, "owner.name == 'x'", "error.field_unknown", 0},
		{levels{"name": schema.Hidden}, "owner.name == 'x'", "error.field_unknown", 0},
		{levels{"owner": schema.Read}, "owner.name == 'x'", "", 0},
		{levels{"phone": schema.Read}, "phone contains '138'", "", 0},
		{levels{"phone": schema.Masked}, "phone == '13800138000'", "", 1},
		{levels{"phone": schema.Masked}, "phone in ('1', '2') or staff == 1 or phone == '3'", "", 3},
		{levels{"phone": schema.Masked}, "not phone != '1'", "", 1},
		{levels{"name": schema.Masked}, "owner.name == 'x'", "", 1},
		{levels{"phone": schema.Masked}, "phone != '1'", "error.field_masked", 0},
		{levels{"phone": schema.Masked}, "not phone == '1'", "error.field_masked", 0},
		{levels{"phone": schema.Masked}, "phone not in ('1')", "error.field_masked", 0},
		{levels{"phone": schema.Masked}, "phone contains '1'", "error.field_masked", 0},
		{levels{"phone": schema.Masked}, "phone is null", "error.field_masked", 0},
		{levels{"credit": schema.Masked}, "credit > 1", "error.field_masked", 0},
		{levels{"credit": schema.Masked}, "credit between 1 and 2", "error.field_masked", 0},
		{levels{"code": schema.Masked}, "code starts_with 'x'", "error.field_masked", 0},
	} {
		n, err := Parse(c.text)
		if err != nil {
			t.Fatal(c.text, err)
		}
		b, err := Bind(snap, e, n, viewer(), c.rights)
		if keyOf(err) != c.err || err == nil && b.Masked != c.masked {
			t.Errorf("%s with %v: %v, %d masked", c.text, c.rights, err, b.Masked)
		}
	}
}
