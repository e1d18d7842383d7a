package finance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunning"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunninglevel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

// late is an instalment as the test itself keeps it, days counted from the first.
type late struct {
	id, customer  int64
	due, paused   int
	reached, open int64
}

// On generated histories the dry run tells exactly what the rules then do, and
// both what a plain reading of the levels says; each level reminds once; what is
// paused, paid or too small does not (FIN-1).
func TestDunningOnHistories(t *testing.T) {
	t.Parallel()
	house.Each(t, app.Modules(), func(t *testing.T, h *house.House) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		days := 20
		if os.Getenv("GUANXI_SOAK") != "" {
			days = 200
		}
		r := rand.New(rand.NewPCG(seed, 9))
		levels := []struct{ days, least int64 }{{3, 0}, {10, 500_0000}, {25, 2000_0000}}
		var list []*late
		owner := h.Add("org.member", func(r *record.Record) {
			member.Name.Set(r, "周经理")
			member.Login.Set(r, "zhou")
			member.Admin.Set(r, true)
		})
		write := func(fn func(ctx context.Context, s *records.Session) error) {
			t.Helper()
			if err := h.Write(h.System(), func(s *records.Session) error { return fn(t.Context(), s) }); err != nil {
				t.Fatal(err)
			}
		}
		run := func() {
			for n := 1; n > 0; {
				write(func(ctx context.Context, s *records.Session) (err error) {
					n, err = dunning.Tick(ctx, s, h.Clock.Now())
					return err
				})
			}
		}
		all := func(name string) []*record.Record {
			list, err := h.Engine.All(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		whose := map[int64]int{} // until when a customer is paused
		first := h.Clock.Now().UTC()
		day := func(n int) string { return first.AddDate(0, 0, n).Format(time.DateOnly) }
		write(func(ctx context.Context, s *records.Session) error {
			for i, l := range levels {
				if _, err := s.Create(ctx, dunninglevel.EntityName, func(x *record.Record) {
					dunninglevel.Name.Set(x, fmt.Sprintf("第 %d 级", i+1))
					dunninglevel.Days.Set(x, l.days)
					dunninglevel.Least.Set(x, l.least)
					dunninglevel.Letter.Set(x, "请付款")
				}); err != nil {
					return err
				}
			}
			for i := range 5 {
				who, err := s.Create(ctx, customer.Entity.Name, func(x *record.Record) {
					customer.Name.Set(x, fmt.Sprintf("客户 %d 公司", i))
					customer.Owner.Set(x, owner)
				})
				if err != nil {
					return err
				}
				whose[who] = -1000
				for range 8 {
					o := &late{customer: who, due: r.IntN(50) - 30, open: (1 + r.Int64N(4000)) * 10000, paused: -1000}
					if o.id, err = s.Create(ctx, instalment.Name, func(x *record.Record) {
						instalment.Customer.Set(x, who)
						instalment.Amount.Set(x, o.open)
						instalment.BookedOn.Set(x, day(o.due-30))
						instalment.DueOn.Set(x, day(o.due))
						instalment.Owner.Set(x, owner)
					}); err != nil {
						return err
					}
					list = append(list, o)
				}
			}
			return nil
		})
		reminded, spared := 0, 0
		for today := range days {
			for range 3 {
				o := list[r.IntN(len(list))]
				switch r.IntN(4) {
				case 0:
					if o.open > 0 {
						if err := h.ActWith(h.As(owner), instalment.Name, "write_off", o.id, map[string]string{"reason": "试验"}); err != nil {
							t.Fatal(err)
						}
						o.open = 0
					}
				case 1:
					o.paused = today + r.IntN(8)
					if err := h.ActWith(h.As(owner), instalment.Name, "pause_dunning", o.id, map[string]string{"until": day(o.paused), "reason": "已承诺"}); err != nil {
						t.Fatal(err)
					}
				case 2:
					whose[o.customer] = today + r.IntN(4)
					if err := h.ActWith(h.As(owner), customer.Entity.Name, "pause_dunning", o.customer, map[string]string{"until": day(whose[o.customer]), "reason": "商谈中"}); err != nil {
						t.Fatal(err)
					}
				case 3:
					due := today + r.IntN(10) - 12
					if due != o.due {
						o.due, o.reached = due, 0
					}
					if err := h.Change(instalment.Name, o.id, func(x *record.Record) { instalment.DueOn.Set(x, day(o.due)) }); err != nil {
						t.Fatal(err)
					}
				}
			}
			want := map[string]int64{}
			for _, o := range list {
				for _, l := range levels {
					switch {
					case o.open == 0 || o.open < l.least || int64(today-o.due) < l.days || l.days <= o.reached:
					case o.paused >= today || whose[o.customer] >= today:
						spared++
					default:
						want[idText(o.id)] = l.days
					}
				}
			}
			dry := map[string]int64{}
			write(func(ctx context.Context, s *records.Session) error {
				found, more, err := dunning.Plan(ctx, s, day(today))
				if more {
					t.Error("there is more")
				}
				for _, d := range found {
					l, err := s.Get(ctx, dunninglevel.EntityName, d.Level)
					if err != nil {
						return err
					}
					dry[idText(d.Instalment)] = dunninglevel.Days.Get(l)
				}
				return err
			})
			letters, lines := len(all(dunning.Name)), len(all("finance.dunning_item"))
			run()
			real := map[string]int64{}
			reached := map[int64]int64{}
			for _, letter := range all(dunning.Name)[letters:] {
				reached[letter.ID()] = dunninglevel.Days.Get(h.Read(dunninglevel.EntityName, dunning.Level.Get(letter)))
			}
			for _, line := range all("finance.dunning_item")[lines:] {
				of := idText(line.Get("instalment").Int())
				if real[of] != 0 {
					t.Fatalf("day %d: %s is reminded of twice", today, of)
				}
				real[of] = reached[line.Get("parent").Int()]
			}
			if fmt.Sprint(dry) != fmt.Sprint(want) || fmt.Sprint(real) != fmt.Sprint(want) {
				t.Fatalf("day %d:\n the levels say %v\n the dry run    %v\n the run        %v", today, want, dry, real)
			}
			for _, o := range list {
				if n := real[idText(o.id)]; n != 0 {
					o.reached = n
					reminded++
				}
			}
			letters = len(all(dunning.Name))
			run() // again on the same day: nothing
			if n := len(all(dunning.Name)); n != letters {
				t.Fatalf("day %d: a second run wrote %d more", today, n-letters)
			}
			h.Clock.Advance(24 * time.Hour)
		}
		t.Logf("%d days, %d reminded of, %d times spared", days, reminded, spared)
		if reminded == 0 || spared == 0 {
			t.Error("the histories show nothing")
		}
		for _, told := range all("org.reminder") {
			if reminder.Kind.Get(told) == reminder.Overdue && reminder.Owner.Get(told) == owner {
				return
			}
		}
		t.Error("the bell says nothing")
	})
}
