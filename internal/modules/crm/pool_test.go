package crm_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/crm/pool"
)

// write runs fn in one transaction of the system.
func (d *desk) write(fn func(ctx context.Context, tx *records.Session) error) {
	d.t.Helper()
	if err := d.Engine.InTx(d.t.Context(), d.System(), func(s *records.Session) error { return fn(d.t.Context(), s) }); err != nil {
		d.t.Fatal(err)
	}
}

// runRules runs the rules of the lead pools until nothing is left to do.
func (d *desk) runRules() {
	d.t.Helper()
	for n := 1; n > 0; {
		d.write(func(ctx context.Context, tx *records.Session) (err error) {
			n, err = lead.Held.Tick(ctx, tx, d.Clock.Now())
			return err
		})
	}
}

// rules of a pool as the test knows them; a number of days of 0 is no rule.
type rules struct {
	id            int64
	idle, undealt int
	expires       bool
	spare         string
}

// history is a lead as the test keeps it: days are counted from the first; -1 is none.
type history struct {
	owner               int64
	pool                int
	held, last, protect int
	heat, state         string
}

// falls is the plain reading of the rules: on which day it goes back, and why.
func (h *history) falls(r rules) (day int, why string) {
	day = -1
	if h.owner == 0 || h.state == "converted" || h.state == "discarded" || r.spare != "" && h.heat == r.spare {
		return -1, ""
	}
	better := func(on int, cause string) {
		if day < 0 || on < day {
			day, why = on, cause
		}
	}
	if base := max(h.held, h.last); r.idle > 0 && base >= 0 {
		better(base+r.idle, pool.Idle)
	}
	if r.undealt > 0 && h.held >= 0 {
		better(h.held+r.undealt, pool.Undealt)
	}
	if r.expires && h.protect >= 0 {
		better(h.protect+1, pool.Expired)
	}
	if day >= 0 && h.protect >= 0 {
		day = max(day, h.protect+1)
	}
	return day, why
}

// On generated histories the dry run tells exactly what the rules then do, and
// both what a plain reading of the rules says; a missing date never matches;
// nothing goes back twice; who loses something is told before, once (CUS-5).
func TestPoolRulesOnHistories(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		days, events := 40, 10
		if os.Getenv("GUANXI_SOAK") != "" {
			days = 400
		}
		g := &generated{desk: d, r: rand.New(rand.NewPCG(seed, 7)), leads: map[int64]*history{}}
		g.begin(30)
		back, idleMissing := 0, 0
		for day := range days {
			g.today = day
			for range events {
				g.event()
			}
			dry := map[int64]string{}
			want := map[int64]string{}
			for id, h := range g.leads {
				r := g.pools[h.pool]
				if on, why := h.falls(r); on >= 0 && on <= day {
					want[id] = why
				}
				if h.owner != 0 && h.held < 0 && h.last < 0 {
					idleMissing++
				}
			}
			d.write(func(ctx context.Context, tx *records.Session) error {
				for _, r := range g.pools {
					p, err := tx.Get(ctx, "crm.pool", r.id)
					if err != nil {
						return err
					}
					list, _, err := lead.Held.Falls(ctx, tx, p, d.Clock.Now().In(tx.Here().Zone).Format(time.DateOnly), 0, 1000)
					if err != nil {
						return err
					}
					for _, f := range list {
						dry[f.Record] = f.Cause
					}
				}
				return nil
			})
			before := len(d.all("crm.lead_pool_entry"))
			d.runRules()
			real := map[int64]string{}
			for _, e := range d.all("crm.lead_pool_entry")[before:] {
				of := lead.Held.Entry.Of.Get(e)
				if real[of] != "" {
					t.Fatalf("day %d: %s went back twice", day, text(of))
				}
				real[of] = lead.Held.Entry.Kind.Get(e)
			}
			if fmt.Sprint(dry) != fmt.Sprint(want) || fmt.Sprint(real) != fmt.Sprint(want) {
				t.Fatalf("day %d:\n the rules say %v\n the dry run   %v\n the run       %v", day, want, dry, real)
			}
			for id := range real {
				h := g.leads[id]
				h.owner, h.protect = 0, -1
				back++
			}
			d.runRules() // again on the same day: nothing
			if n := len(d.all("crm.lead_pool_entry")); n != before+len(real) {
				t.Fatalf("day %d: a second run took back %d more", day, n-before-len(real))
			}
			d.Clock.Advance(24 * time.Hour)
		}
		t.Logf("%d days, %d went back, %d times a lead without dates stayed", days, back, idleMissing)
		if back == 0 || idleMissing == 0 {
			t.Error("the histories show nothing")
		}
	})
}

// generated is a company whose leads have random histories.
type generated struct {
	*desk
	r     *rand.Rand
	today int
	who   []int64
	pools []rules
	leads map[int64]*history
}

func (g *generated) begin(leads int) {
	for i := range 4 {
		g.who = append(g.who, g.seller(fmt.Sprintf("s%d", i), "crm.lead"))
	}
	g.Load()
	g.pools = []rules{{idle: 5, spare: "hot"}, {undealt: 12}, {idle: 7, undealt: 20, expires: true}, {expires: true}, {}} // of the last nothing comes back
	g.write(func(ctx context.Context, tx *records.Session) (err error) {
		for i := range g.pools {
			r := &g.pools[i]
			if r.id, err = tx.Create(ctx, "crm.pool", func(p *record.Record) {
				pool.Name.Set(p, fmt.Sprintf("线索池%d", i))
				pool.Everyone.Set(p, true)
				set(p, pool.IdleDays, r.idle)
				set(p, pool.UndealtDays, r.undealt)
				set(p, pool.RemindDays, i*2)
				pool.Expires.Set(p, r.expires)
				if r.spare != "" {
					pool.SpareHeats.Set(p, []record.Value{record.Text(r.spare)})
				}
			}); err != nil {
				return err
			}
		}
		for i := range leads {
			h := &history{pool: i % len(g.pools), held: -1, last: -1, protect: -1, state: lead.New, heat: []string{"", "hot", "warm"}[g.r.IntN(3)]}
			id, err := tx.Create(ctx, "crm.lead", func(r *record.Record) {
				lead.Name.Set(r, fmt.Sprintf("线索 %d", i))
				lead.Held.Pool.Set(r, g.pools[h.pool].id)
				if h.heat != "" {
					lead.Heat.Set(r, h.heat)
				}
				if g.r.IntN(2) == 0 {
					h.owner, h.held = g.who[g.r.IntN(4)], 0
					lead.Owner.Set(r, h.owner)
				}
			})
			if err == nil && h.owner != 0 && i%3 == 0 { // as those that were there before there were pools
				h.held = -1
				err = tx.Update(ctx, "crm.lead", id, func(r *record.Record) { lead.Held.HeldSince.Clear(r) })
			}
			if err != nil {
				return err
			}
			g.leads[id] = h
		}
		return nil
	})
}

func set(r *record.Record, f *entity.Field[int64], n int) {
	if n > 0 {
		f.Set(r, int64(n))
	}
}

// event has somebody do something with a lead.
func (g *generated) event() {
	g.t.Helper()
	ids := make([]int64, 0, len(g.leads))
	for id := range g.leads {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, cmp.Compare[int64])
	id := ids[g.r.IntN(len(ids))]
	h := g.leads[id]
	g.write(func(ctx context.Context, tx *records.Session) error {
		switch what := g.r.IntN(6); {
		case h.owner == 0:
			h.owner, h.held = g.who[g.r.IntN(4)], g.today
			return tx.Update(ctx, "crm.lead", id, func(r *record.Record) { lead.Owner.Set(r, h.owner) })
		case what == 0 || what == 1:
			h.last = g.today
			if h.state == lead.New {
				h.state = lead.Contacted
			}
			_, err := tx.Create(ctx, "crm.follow_up", func(r *record.Record) {
				r.Set("about", record.Ref("crm.lead", id))
				r.Set("content", record.Text("电话联系"))
				r.Set("at", record.Int(g.Clock.Now().UnixMicro()))
				r.Set("owner", record.Int(h.owner))
			})
			return err
		case what == 2:
			h.protect = g.today + g.r.IntN(9)
			until := g.Clock.Now().In(tx.Here().Zone).AddDate(0, 0, h.protect-g.today).Format(time.DateOnly)
			return tx.Update(ctx, "crm.lead", id, func(r *record.Record) { lead.Held.ProtectedUntil.Set(r, until) })
		case what == 3 && g.r.IntN(6) == 0:
			h.state = lead.Discarded
			return tx.Update(ctx, "crm.lead", id, func(r *record.Record) {
				lead.Status.Set(r, lead.Discarded)
				lead.DiscardReason.Set(r, "other")
			})
		case what == 4 && h.state == lead.Discarded:
			h.state = lead.New
			return tx.Update(ctx, "crm.lead", id, func(r *record.Record) { lead.Status.Set(r, lead.New); lead.DiscardReason.Clear(r) })
		}
		return nil
	})
}
