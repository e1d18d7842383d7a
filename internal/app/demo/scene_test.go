package demo_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/guanxicrm/guanxi/internal/app/demo"
	"github.com/guanxicrm/guanxi/internal/base/text"
)

func today() time.Time {
	return time.Date(2026, 3, 31, 15, 4, 5, 0, time.FixedZone("Asia/Shanghai", 8*3600))
}

// The same day gives the same company, to the last word.
func TestTheSameDayGivesTheSame(t *testing.T) {
	t.Parallel()
	same := cmp.Options{cmpopts.IgnoreUnexported(demo.Customer{}), cmpopts.IgnoreFields(demo.Scene{}, "Now")}
	if diff := cmp.Diff(demo.Make(today(), 400), demo.Make(today().Add(-10*time.Hour), 400), same); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(demo.Make(today(), 50), demo.Make(today().AddDate(0, 0, 1), 50), same); diff == "" {
		t.Error("the next day is the same")
	}
}

// It is of the size that is promised, and of this day: notes of eighteen
// months and none of tomorrow, dates to come and dates that were missed.
func TestTheCompanyIsAlive(t *testing.T) {
	t.Parallel()
	s := demo.Make(today(), 400)
	if len(demo.Logins()) != 30 || len(s.Customers) != 400 || len(s.Contacts) < 600 || len(s.Leads) != 160 || len(s.Notes) < 1500 || len(s.Plans) < 50 || len(s.Tasks) < 50 {
		t.Errorf("%d members, %d customers, %d contacts, %d leads, %d notes, %d plans, %d tasks", len(demo.Logins()), len(s.Customers), len(s.Contacts), len(s.Leads), len(s.Notes), len(s.Plans), len(s.Tasks))
	}
	names, mobiles := map[string]bool{}, map[string]bool{}
	late, ahead := 0, 0
	for _, c := range s.Customers {
		if names[c.Name] {
			t.Errorf("two customers are called %s", c.Name)
		}
		names[c.Name] = true
		if _, ok := text.USCC(c.USCC); c.USCC != "" && !ok {
			t.Errorf("%s is no code", c.USCC)
		}
		switch {
		case c.Next == "":
		case c.Next < "2026-03-31":
			late++
		default:
			ahead++
		}
	}
	for _, c := range s.Contacts {
		if mobiles[c.Mobile] || text.NormalizePhone(c.Mobile, "CN") == "" {
			t.Errorf("mobile %s", c.Mobile)
		}
		mobiles[c.Mobile] = true
	}
	if late < 20 || ahead < 100 {
		t.Errorf("%d customers are overdue, %d to come", late, ahead)
	}
	first, last := s.Notes[0].At, s.Notes[len(s.Notes)-1].At
	if first.After(today().AddDate(0, -16, 0)) || first.Before(today().AddDate(0, -19, 0)) || last.After(today()) || last.Before(today().AddDate(0, 0, -7)) {
		t.Errorf("notes from %s to %s", first, last)
	}
	for i, n := range s.Notes {
		if n.Customer >= 0 && s.Contacts[n.Contact].Customer != n.Customer {
			t.Errorf("note %d is of somebody else's contact", i)
		}
	}
}

// Every deal goes forward: it is opened first, takes its steps one after
// another, none of them to come, and what is paid was signed before.
func TestDealsGoForward(t *testing.T) {
	t.Parallel()
	s := demo.Make(today(), 400)
	if won, paid := s.Count(demo.Won), s.Count(demo.Paid); len(s.Deals) < 200 || won < 80 || paid < won {
		t.Errorf("%d deals, %d won, %d payments", len(s.Deals), won, paid)
	}
	ways := make([]string, len(s.Deals))
	var last time.Time
	reminded := 0
	for i, p := range s.Steps {
		if p.At.Before(last) || p.At.After(today()) {
			t.Errorf("step %d is at %s, the one before at %s", i, p.At, last)
		}
		last = p.At
		if p.Deal < 0 {
			if p.What == "remind" {
				reminded++
			}
			continue
		}
		ways[p.Deal] += p.What + " "
	}
	way := regexp.MustCompile(`^open (stage )*(quote )?(stage )*(lose |win (sign (deliver |pay |bill )*(finish )?)?)?(pay |bill )*$`)
	for i, w := range ways {
		if !way.MatchString(w) {
			t.Errorf("deal %d goes %s", i, w)
		}
	}
	if reminded < 5 {
		t.Errorf("customers were reminded %d times", reminded)
	}
	if first := s.Steps[0].At; first.After(today().AddDate(0, -16, 0)) {
		t.Errorf("the first deal is of %s", first)
	}
}

// Targets fit what is sold: most who sell reach between a half and one and a
// half of theirs, departments come to what their members do, and so the company.
func TestTargetsFit(t *testing.T) {
	t.Parallel()
	s := demo.Make(today(), 400)
	of := map[string]int64{}
	for _, g := range s.Goals {
		if g.Total <= 0 || g.Year != 2025 && g.Year != 2026 {
			t.Errorf("a target of %+v", g)
		}
		if g.Measure == "order_amount" && g.Product < 0 && g.Year == 2025 {
			switch {
			case g.Member >= 0:
				of["members"] += g.Total
			case g.Dept == "销售部":
				of["all"] += g.Total
			case g.Dept != "":
				of["departments"] += g.Total
			default:
				of["company"] += g.Total
			}
		}
	}
	if of["members"] == 0 || of["members"] != of["departments"] || of["all"] != of["company"] || of["company"] < of["members"] {
		t.Errorf("targets of %v", of)
	}
}
