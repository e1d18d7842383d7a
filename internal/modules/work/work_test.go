package work_test

import (
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog"
	"github.com/guanxicrm/guanxi/internal/modules/crm"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/modules/work"
	"github.com/guanxicrm/guanxi/internal/modules/work/task"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

// office is a company of sellers with the starting rights.
type office struct {
	*house.House
	t    *testing.T
	role int64
}

func each(t *testing.T, fn func(t *testing.T, o *office)) {
	t.Helper()
	modules := []entity.Module{org.Module(), catalog.Module(), crm.Module(), work.Module()}
	house.Each(t, modules, func(t *testing.T, h *house.House) {
		made := h.Add("org.role", func(r *record.Record) { role.Name.Set(r, "销售") })
		for _, of := range entity.Roles(modules...) {
			if of.Code != "sales" {
				continue
			}
			for _, g := range of.Grants {
				h.Add("org.grant", func(r *record.Record) { grant.Fill(r, made, g) })
			}
		}
		fn(t, &office{h, t, made})
	})
}

func (o *office) member(login string) int64 {
	o.t.Helper()
	return o.Add("org.member", func(r *record.Record) {
		member.Name.Set(r, login)
		member.Login.Set(r, login)
		member.Roles.Set(r, []record.Value{record.Int(o.role)})
	})
}

func (o *office) give(from, to int64, more map[string]string) int64 {
	o.t.Helper()
	fields := map[string]string{"title": "准备样品", "assignee": id.ID(to).String()}
	for k, v := range more {
		fields[k] = v
	}
	r, err := o.Engine.Create(o.t.Context(), o.As(from), "work.task", o.Inputs("work.task", fields), false)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.ID
}

// Who gave a task and who does it see it; nobody else of their rank does.
func TestWhoseATaskIs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		li, zhao, wu := o.member("li"), o.member("zhao"), o.member("wu")
		n := o.give(li, zhao, nil)
		for who, want := range map[int64]bool{li: true, zhao: true, wu: false} {
			got, err := o.Engine.Visible(t.Context(), o.As(who), "work.task", []int64{n}, false)
			if err != nil || got[n] != want {
				t.Errorf("%s sees it: %t, %v", id.ID(who), got[n], err)
			}
		}
		// He who got it may pass it on and does not see it any more; who gave it does.
		_, err := o.Engine.Update(t.Context(), o.As(zhao), "work.task", n, records.AnyVersion, o.Inputs("work.task", map[string]string{"assignee": id.ID(wu).String()}))
		if err != nil {
			t.Fatal(err)
		}
		for who, want := range map[int64]bool{li: true, zhao: false, wu: true} {
			if got, err := o.Engine.Visible(t.Context(), o.As(who), "work.task", []int64{n}, false); err != nil || got[n] != want {
				t.Errorf("passed on, %s sees it: %t, %v", id.ID(who), got[n], err)
			}
		}
	})
}

func TestStatesOfATask(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		li, zhao := o.member("li"), o.member("zhao")
		due := o.Clock.Now().Add(time.Hour)
		n := o.give(li, zhao, map[string]string{"due_at": due.Format(time.RFC3339)})
		left := func() (out int) {
			list, err := o.Engine.All(t.Context(), "org.reminder")
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				if reminder.State.Get(r) == reminder.Waiting && reminder.Owner.Get(r) == zhao {
					out++
				}
			}
			return out
		}
		for _, step := range []struct {
			action, want string
			refused      bool
			reminders    int
		}{
			{"reopen", task.Open, true, 1},
			{"start", task.Doing, false, 1},
			{"done", task.Done, false, 0},
			{"done", task.Done, true, 0},
			{"reopen", task.Open, false, 1},
			{"cancel", task.Cancelled, false, 0},
			{"start", task.Cancelled, true, 0},
			{"reopen", task.Open, false, 1},
		} {
			err := o.Act(o.As(zhao), "work.task", step.action, n)
			r := o.Read("work.task", n)
			if (err != nil) != step.refused || task.Status.Get(r) != step.want || left() != step.reminders || (task.DoneAt.Get(r) != 0) != (step.want == task.Done) {
				t.Errorf("%s: %v; it is %s with %d reminders, done at %d", step.action, err, task.Status.Get(r), left(), task.DoneAt.Get(r))
			}
		}
	})
}
