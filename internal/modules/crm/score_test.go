package crm_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
)

// tickScores scores what is due until nothing is.
func (d *desk) tickScores() {
	d.t.Helper()
	for n := 1; n > 0; {
		d.write(func(ctx context.Context, tx *records.Session) (err error) {
			n, err = lead.Scoring.Tick(ctx, tx, d.Clock.Now())
			return err
		})
	}
}

// worth is a condition, and what it means in plain Go.
type worth struct {
	when  string
	holds func(l *scored, today time.Time) bool
}

// scored is a lead as the test keeps it; at is when it was followed up last.
type scored struct {
	source, heat string
	amount       int64
	next         string
	at           time.Time
	region       string
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

var worths = []worth{
	{`source == "exhibition"`, func(l *scored, _ time.Time) bool { return l.source == "exhibition" }},
	{`source in ("web", "ads") or heat == "hot"`, func(l *scored, _ time.Time) bool { return l.source == "web" || l.source == "ads" || l.heat == "hot" }},
	{`not (heat == "cold")`, func(l *scored, _ time.Time) bool { return l.heat != "cold" }},
	{`amount >= 1000`, func(l *scored, _ time.Time) bool { return l.amount >= 1000 }},
	{`last_followed_at is null`, func(l *scored, _ time.Time) bool { return l.at.IsZero() }},
	{`last_followed_at >= days(-3)`, func(l *scored, today time.Time) bool {
		return !l.at.IsZero() && day(l.at) >= day(today.AddDate(0, 0, -3))
	}},
	{`next_follow_on < today()`, func(l *scored, today time.Time) bool { return l.next != "" && l.next < day(today) }},
	{`region under "32"`, func(l *scored, _ time.Time) bool { return len(l.region) >= 2 && l.region[:2] == "32" }},
}

// Whatever happens to leads and rules, and as days go by: the score that is kept
// is what a plain reading of the rules comes to, and so is the grade (CUS-4).
func TestScoresAreWhatTheRulesSay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 11))
		days, leads := 12, 120 // more than a page
		if os.Getenv("GUANXI_SOAK") != "" {
			days, leads = 120, 600
		}
		model := d.must("crm.lead_score_model", map[string]string{"name": "标准", "least_a": "60", "least_b": "20"})
		points := make([]int64, len(worths))
		rules := make([]int64, len(worths))
		for i, w := range worths[:4] {
			points[i] = int64(r.IntN(120) - 40)
			points[i] = min(points[i], 60)
			rules[i] = d.must("crm.lead_score_rule", map[string]string{"name": fmt.Sprintf("规则 %d", i), "model": text(model), "condition": w.when, "points": fmt.Sprint(points[i])})
		}
		kept := map[int64]*scored{}
		var order []int64
		pick := func(list ...string) string { return list[r.IntN(len(list))] }
		write := func(n int64, l *scored) int64 {
			fields := map[string]string{"name": "线索", "source": l.source, "heat": l.heat, "amount": fmt.Sprint(l.amount), "next_follow_on": l.next, "region": l.region}
			if n != 0 {
				refused(t, "a change", d.set("crm.lead", n, fields), "", "")
				return n
			}
			return d.must("crm.lead", fields)
		}
		fresh := func() *scored {
			l := &scored{source: pick("", "exhibition", "web", "phone"), heat: pick("", "hot", "cold"), amount: int64(r.IntN(3)) * 900, region: pick("", "3205", "31")}
			if r.IntN(2) == 0 {
				l.next = day(d.Clock.Now().AddDate(0, 0, r.IntN(5)))
			}
			return l
		}
		for range leads {
			l := fresh()
			n := write(0, l)
			kept[n] = l
			order = append(order, n)
		}
		grades := map[string]int{}
		for today := range days {
			for range 8 {
				n := order[r.IntN(len(order))]
				l := kept[n]
				if r.IntN(2) == 0 {
					next := fresh()
					next.at = l.at
					*l = *next
					write(n, l)
					continue
				}
				l.at = d.Clock.Now()
				d.must("crm.follow_up", map[string]string{"about": "crm.lead:" + text(n), "content": "电话", "at": l.at.Format(time.RFC3339), "next_follow_on": l.next})
			}
			i := r.IntN(len(worths))
			switch {
			case rules[i] == 0:
				points[i] = int64(r.IntN(60))
				rules[i] = d.must("crm.lead_score_rule", map[string]string{"name": fmt.Sprintf("规则 %d", i), "model": text(model), "condition": worths[i].when, "points": fmt.Sprint(points[i])})
			case today%3 == 0:
				d.drop("crm.lead_score_rule", rules[i])
				rules[i] = 0
			default:
				points[i] = int64(r.IntN(140) - 60)
				points[i] = min(points[i], 100)
				refused(t, "other points", d.set("crm.lead_score_rule", rules[i], map[string]string{"points": fmt.Sprint(points[i])}), "", "")
			}
			d.tickScores()
			for _, rec := range d.all("crm.lead") {
				l, sum := kept[rec.ID()], int64(0)
				for i, w := range worths {
					if rules[i] != 0 && w.holds(l, d.Clock.Now().In(d.zone())) {
						sum += points[i]
					}
				}
				sum = min(max(sum, 0), 100)
				grade := map[bool]string{true: "a", false: map[bool]string{true: "b", false: "c"}[sum >= 20]}[sum >= 60]
				grades[grade]++
				if lead.Score.Get(rec) != sum || lead.Grade.Get(rec) != grade {
					t.Fatalf("day %d: lead %s has %d %s, the rules say %d %s: %+v", today, text(rec.ID()), lead.Score.Get(rec), lead.Grade.Get(rec), sum, grade, *l)
				}
			}
			d.Clock.Advance(24 * time.Hour)
		}
		t.Logf("%d days, grades %v", days, grades)
		refused(t, "a second model", func() error {
			_, err := d.put("crm.lead_score_model", map[string]string{"name": "另一个"})
			return err
		}(), "error.score_two", "active")
		refused(t, "switched off", d.set("crm.lead_score_model", model, map[string]string{"active": "false"}), "", "")
		d.tickScores()
		for _, rec := range d.all("crm.lead") {
			if !lead.Score.Value(rec).IsNull() || lead.Grade.Get(rec) != "" {
				t.Fatal("without a model there is a score")
			}
		}
	})
}

func (d *desk) zone() (zone *time.Location) {
	d.write(func(_ context.Context, tx *records.Session) error {
		zone = tx.Here().Zone
		return nil
	})
	return zone
}

// The answer why a lead has its score lists every rule with what it is worth and
// whether it counts, those that do first.
func TestWhyAScore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		model := d.must("crm.lead_score_model", map[string]string{"name": "标准"})
		for _, rule := range [][3]string{{"展会", `source == "exhibition"`, "30"}, {"热", `heat == "hot"`, "50"}, {"冷", `heat == "cold"`, "-20"}} {
			d.must("crm.lead_score_rule", map[string]string{"name": rule[0], "model": text(model), "condition": rule[1], "points": rule[2]})
		}
		n := d.must("crm.lead", map[string]string{"name": "线索", "source": "exhibition"})
		var got []string
		d.write(func(ctx context.Context, tx *records.Session) error {
			rec, err := tx.Get(ctx, "crm.lead", n)
			if err != nil {
				return err
			}
			rows, _, err := lead.Scoring.Why().Answer(ctx, tx, rec, nil, d.Clock.Now())
			for _, row := range rows {
				rule, err := tx.Get(ctx, "crm.lead_score_rule", row[0].Int())
				if err != nil {
					return err
				}
				got = append(got, fmt.Sprint(rule.Get("name").Str(), row[1].Int(), row[2].Bool()))
			}
			if lead.Score.Get(rec) != 30 || lead.Grade.Get(rec) != "c" {
				t.Errorf("the lead has %d %s", lead.Score.Get(rec), lead.Grade.Get(rec))
			}
			return err
		})
		if want := "[展会30 true 热50 false 冷-20 false]"; fmt.Sprint(got) != want {
			t.Errorf("the answer is %v, want %s", got, want)
		}
		_, err := d.put("crm.lead_score_rule", map[string]string{"name": "错", "model": text(model), "condition": "owner == me", "points": "1"})
		refused(t, "a rule about who looks", err, "error.asks_me", "condition")
	})
}
