package crm_test

import (
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followplan"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
)

// tick does what is due at the moment of the house's clock.
func (d *desk) tick() (n int) {
	d.t.Helper()
	err := d.Write(d.System(), func(s *records.Session) (err error) {
		n, err = reminder.Tick(d.t.Context(), s, d.Clock.Now())
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// The reminder of a plan comes in time, follows the plan and ends with it.
func TestAPlanReminds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		li := d.seller("li", "")
		c := d.must("crm.customer", map[string]string{"name": "甲公司", "owner": text(li)})
		start := d.Clock.Now()
		at := func(after time.Duration) string { return start.Add(after).Format(time.RFC3339) }
		plan := d.must("crm.follow_plan", map[string]string{"about": "crm.customer:" + text(c), "title": "回访", "at": at(2 * time.Hour), "owner": text(li)})
		one := func(state string, due time.Duration) *record.Record {
			t.Helper()
			var open []*record.Record
			for _, r := range d.all("org.reminder") {
				if s := reminder.State.Get(r); s != reminder.Cancelled {
					open = append(open, r)
				}
			}
			if state == "" {
				if len(open) > 0 {
					t.Errorf("%d reminders are left", len(open))
				}
				return nil
			}
			if len(open) != 1 || reminder.State.Get(open[0]) != state || reminder.At.Get(open[0]) != start.Add(due).UnixMicro() || reminder.Owner.Get(open[0]) != li {
				t.Fatalf("reminders are %v, want one %s", open, state)
			}
			return open[0]
		}
		one(reminder.Waiting, 105*time.Minute)
		if d.tick() != 0 {
			t.Error("it came too early")
		}
		if err := d.set("crm.follow_plan", plan, map[string]string{"at": at(time.Hour), "remind": "at_time"}); err != nil {
			t.Fatal(err)
		}
		one(reminder.Waiting, time.Hour)
		d.Clock.Advance(time.Hour)
		if n := d.tick(); n != 1 {
			t.Errorf("%d became due", n)
		}
		r := one(reminder.Due, time.Hour)
		if !d.sees(d.boss, "org.reminder", r.ID()) || d.sees(d.seller("zhao", ""), "org.reminder", r.ID()) {
			t.Error("a reminder is its owner's")
		}
		if err := d.Act(d.As(d.boss), "crm.follow_plan", "cancel", plan); err != nil {
			t.Fatal(err)
		}
		one("", 0)
		if err := d.Act(d.As(d.boss), "crm.follow_plan", "reopen", plan); err != nil {
			t.Fatal(err)
		}
		one(reminder.Waiting, time.Hour)
		d.drop("crm.follow_plan", plan)
		one("", 0)
	})
}

// What is imported from long ago, or is to remind of nothing, does not.
func TestNoReminder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.must("crm.customer", map[string]string{"name": "甲公司"})
		d.must("crm.follow_plan", map[string]string{"about": "crm.customer:" + text(c), "title": "旧的", "at": "2025-01-05T01:00:00Z"})
		d.must("crm.follow_plan", map[string]string{"about": "crm.customer:" + text(c), "title": "不提醒", "at": "2026-05-05T01:00:00Z", "remind": "none"})
		if n := len(d.all("org.reminder")); n != 0 {
			t.Errorf("%d reminders", n)
		}
	})
}

func TestAReminderIsSeenOrPutOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.must("crm.customer", map[string]string{"name": "甲公司"})
		d.must("crm.follow_plan", map[string]string{"about": "crm.customer:" + text(c), "title": "回访", "at": d.Clock.Now().Format(time.RFC3339)})
		d.tick()
		n := d.all("org.reminder")[0].ID()
		later := d.Clock.Now().Add(time.Hour)
		if err := d.ActWith(d.As(d.boss), "org.reminder", "snooze", n, map[string]string{"until": later.Format(time.RFC3339)}); err != nil {
			t.Fatal(err)
		}
		if d.tick() != 0 {
			t.Error("it came before it was put off to")
		}
		d.Clock.Advance(time.Hour)
		if d.tick() != 1 {
			t.Error("it did not come again")
		}
		if err := d.Act(d.As(d.boss), "org.reminder", "seen", n); err != nil {
			t.Fatal(err)
		}
		d.Clock.Advance(time.Hour)
		if d.tick() != 0 || reminder.State.Get(d.Read("org.reminder", n)) != reminder.Seen {
			t.Error("what was seen came again")
		}
	})
}

// A plan that is done becomes a note about the same.
func TestAPlanIsDone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		li, mute := d.seller("li", ""), d.seller("mute", "crm.follow_up", access.Create)
		c := d.must("crm.customer", map[string]string{"name": "甲公司", "owner": text(li)})
		fields := map[string]string{"about": "crm.customer:" + text(c), "title": "回访", "kind": "visit", "at": "2026-03-31T01:00:00Z", "owner": text(mute)}
		plan := d.must("crm.follow_plan", fields)
		told := map[string]string{"content": "客户满意", "next_follow_on": "2026-04-15", "at": "2026-03-30T03:00:00Z"}
		refused(t, "without the right to notes", d.ActWith(d.As(mute), "crm.follow_plan", "complete", plan, told), "error.plan_may_not", "")
		if err := d.ActWith(d.As(li), "crm.follow_plan", "complete", plan, told); err != nil {
			t.Fatal(err)
		}
		p := d.Read("crm.follow_plan", plan)
		notes := d.all("crm.follow_up")
		if len(notes) != 1 || followplan.FollowUp.Get(p) != notes[0].ID() || followplan.Status.Get(p) != followplan.Done {
			t.Fatalf("%d notes, the plan is %s", len(notes), followplan.Status.Get(p))
		}
		n := notes[0]
		if followup.Content.Get(n) != "客户满意" || followup.Kind.Get(n) != "visit" || followup.Owner.Get(n) != li || followup.At.Get(n) != time.Date(2026, 3, 30, 3, 0, 0, 0, time.UTC).UnixMicro() || followup.Customer.Get(n) != c || followup.NextFollowOn.Get(n) != "2026-04-15" {
			t.Errorf("the note is %v", n)
		}
	})
}
