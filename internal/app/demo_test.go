package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// demo runs the command and gives what it made, or the key of its refusal.
func runDemo(t *testing.T, c *company.Company, customers int) (out app.DemoResult, refusal string) {
	t.Helper()
	args, err := json.Marshal(app.DemoArgs{Customers: customers})
	if err != nil {
		t.Fatal(err)
	}
	c.App.Run(t.Context(), "test", app.Request{Command: "demo", Args: args}, func(e app.Event) {
		switch {
		case e.Error != nil:
			refusal = e.Error.Key
		case e.Result != nil:
			if err := json.Unmarshal(e.Result, &out); err != nil {
				t.Fatal(err)
			}
		}
	})
	return out, refusal
}

// words is what an entity's records say, in order, less what is of the moment
// of writing: ids, and who wrote when.
func words(t *testing.T, c *company.Company, name string) (out []string) {
	t.Helper()
	recs, err := c.App.Engine.All(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	ent := c.App.Registry.State().Entity(name)
	for _, r := range recs {
		line := ""
		for _, f := range ent.Fields {
			v := r.At(f.Slot)
			if f.System || v.IsNull() || f.Many() || f.Key == "converted_at" || f.Key == "done_at" || f.Type.Name() == "reference" || f.Type.Name() == "member" ||
				f.Type.Name() == "department" || f.Type.Name() == "any_ref" || f.Type.Name() == "rollup" {
				continue
			}
			line += f.Key + "=" + f.Type.Text(f, v, nil) + " "
		}
		out = append(out, line)
	}
	return out
}

// The demo company is the same on both databases, of the promised size, and
// open to its members; where a company is, it is not made.
func TestDemoCompany(t *testing.T) {
	customers := 160
	if testing.Short() {
		customers = 25
	}
	entities := []string{"org.member", "org.department", "crm.customer", "crm.contact", "crm.lead", "crm.follow_up", "crm.follow_plan", "work.task",
		"catalog.product", "catalog.price_book", "crm.pool", "targets.target", "targets.standing", "finance.invoice", "finance.dunning", "sales.opportunity", "sales.stage_visit", "sales.quote", "sales.contract", "sales.order", "finance.instalment", "finance.receipt", "finance.settlement"}
	var first map[string][]string
	for _, database := range []string{"", pg.URL(t)} {
		c := company.Open(t, company.Options{Database: database, NoSetup: true, Clock: clock.NewFake(time.Date(2026, 3, 31, 6, 0, 0, 0, time.UTC))})
		made, refusal := runDemo(t, c, customers)
		if refusal != "" {
			t.Fatal(refusal)
		}
		now := map[string][]string{}
		for _, name := range entities {
			now[name] = words(t, c, name)
		}
		converted := len(now["crm.customer"]) - customers
		if len(now["org.member"]) != 30 || made.Members != 30 || made.Customers != customers || converted < 1 || len(now["crm.lead"]) != made.Leads ||
			len(now["crm.contact"]) != made.Contacts+converted || len(now["crm.follow_up"]) < made.FollowUps || len(now["work.task"]) != made.Tasks ||
			len(now["sales.opportunity"]) != made.Deals || len(now["sales.order"]) != made.Orders || len(now["sales.contract"]) < made.Orders || len(now["finance.receipt"]) < made.Receipts {
			t.Errorf("made %+v; %d customers, %d contacts, %d follow-ups", made, len(now["crm.customer"]), len(now["crm.contact"]), len(now["crm.follow_up"]))
		}
		if first == nil {
			first = now
		}
		for _, name := range entities {
			if a, b := fmt.Sprint(first[name]), fmt.Sprint(now[name]); a != b {
				t.Errorf("%s is another company on this database", name)
			}
		}
		demoSellerWorks(t, c, customers)
		demoPapersAreOld(t, c)
		if !testing.Short() {
			demoFiguresFit(t, c)
		}
		if _, refusal := runDemo(t, c, customers); refusal != "error.demo_company" {
			t.Errorf("a second time: %q", refusal)
		}
	}
}

// demoPapersAreOld says that papers have the numbers and dates of the months in
// which they came about, and that nothing can be of a moment to come.
func demoPapersAreOld(t *testing.T, c *company.Company) {
	t.Helper()
	months := map[string]bool{}
	for _, line := range words(t, c, "sales.quote") {
		number := regexp.MustCompile(`number=BJ(\d{4})(\d{2})\d{4} `).FindStringSubmatch(line)
		if len(number) != 3 || !strings.Contains(line, "date="+number[1]+"-"+number[2]) {
			t.Fatalf("a quote of another month: %s", line)
		}
		months[number[1]+number[2]] = true
	}
	if len(months) < 3 {
		t.Errorf("quotes of %d months", len(months))
	}
	err := c.App.Engine.InTx(t.Context(), access.System("test"), func(s *records.Session) error { return s.Backdate(c.App.Clock.Now().Add(time.Second)) })
	if !errs.Is(err, errs.Internal) {
		t.Errorf("a write of tomorrow: %v", err)
	}
}

// demoFiguresFit says that every page that sells has something to show, that
// orders earn what such orders earn, and that last year's target was nearly met.
func demoFiguresFit(t *testing.T, c *company.Company) {
	t.Helper()
	for _, one := range []struct {
		name, field, code string
		least             int
	}{
		{"targets.standing", "", "", 400}, {"targets.ranking", "", "", 3}, {"catalog.price_book", "", "", 4}, {"catalog.product", "kind", "bundle", 2}, {"finance.invoice", "status", "delivered", 20},
		{"finance.invoice", "red_reason", "allowance", 2}, {"finance.dunning", "status", "closed", 5}, {"finance.dunning", "status", "sent", 5}, {"finance.refund", "", "", 1},
		{"finance.settlement", "kind", "bad_debt", 2}, {"finance.settlement", "kind", "recovery", 1}, {"finance.statement", "status", "confirmed", 2}, {"finance.credit_profile", "standing", "near", 1},
		{"finance.period", "status", "closed", 3}, {"sales.change", "status", "applied", 1}, {"sales.contract", "status", "draft", 1}, {"sales.order", "costing", "actual", 20},
		{"crm.lead_pool_entry", "kind", "auto", 3}, {"crm.customer_pool_entry", "kind", "released", 3}, {"crm.assign_turn", "", "", 3}, {"crm.lead", "grade", "a", 3},
	} {
		list, err := c.App.Engine.All(context.Background(), one.name)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, r := range list {
			if one.field == "" || r.Get(one.field).Str() == one.code {
				n++
			}
		}
		if n < one.least {
			t.Errorf("%d records of %s with the %s %q", n, one.name, one.field, one.code)
		}
	}
	orders, err := c.App.Engine.All(context.Background(), "sales.order")
	if err != nil {
		t.Fatal(err)
	}
	low := 0
	var sold int64
	for _, r := range orders {
		if rate := r.Get("margin_rate").Int() / 1_000_000; rate < 10 || rate > 45 {
			low++
		}
		if strings.HasPrefix(r.Get("date").Str(), "2025") {
			sold += r.Get("total_base").Int() / 10_000
		}
	}
	if low > len(orders)/20 {
		t.Errorf("%d of %d orders earn too much or too little", low, len(orders))
	}
	goals, err := c.App.Engine.All(context.Background(), "targets.target")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range goals {
		if r.Get("kind").Str() != "company" || r.Get("measure").Str() != "order_amount" || r.Get("year").Str() != "2025" {
			continue
		}
		if met := sold * 100 * 1_000_000 / r.Get("total").Int(); met < 60 || met > 120 {
			t.Errorf("last year's target was met by %d %%", met)
		}
	}
}

// demoSellerWorks says that a seller of the demo company sees his customers and no others.
func demoSellerWorks(t *testing.T, c *company.Company, customers int) {
	t.Helper()
	m, ok := c.App.Dir.MemberByLogin("wangsiyu")
	if !ok || m.Disabled || len(m.Grants) == 0 || len(m.Depts) != 1 {
		t.Fatalf("the seller is %+v", m)
	}
	actor, ok := c.App.Rights.Actor(m.ID)
	if !ok {
		t.Fatal("she cannot sign in")
	}
	recs, err := c.App.Engine.All(context.Background(), "crm.customer")
	if err != nil {
		t.Fatal(err)
	}
	ids, own, lying := make([]int64, len(recs)), 0, 0
	owner := c.App.Registry.State().Entity("crm.customer").Owner
	for i, r := range recs {
		ids[i] = r.ID()
		switch at := r.At(owner.Slot); {
		case at.IsNull(): // she may claim those
			lying++
		case at.Equal(record.Int(m.ID)):
			own++
		}
	}
	seen, err := c.App.Engine.Visible(context.Background(), actor, "crm.customer", ids, false)
	if err != nil || own == 0 || own > customers/2 || len(seen) != own+lying {
		t.Errorf("she owns %d of %d and sees %d, %v", own, len(recs), len(seen), err)
	}
}
