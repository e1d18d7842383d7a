package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/clock"
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
	customers := 400
	if testing.Short() {
		customers = 25
	}
	entities := []string{"org.member", "org.department", "crm.customer", "crm.contact", "crm.lead", "crm.follow_up", "crm.follow_plan", "work.task"}
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
			len(now["crm.contact"]) != made.Contacts+converted || len(now["crm.follow_up"]) < made.FollowUps || len(now["work.task"]) != made.Tasks {
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
		if _, refusal := runDemo(t, c, customers); refusal != "error.demo_company" {
			t.Errorf("a second time: %q", refusal)
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
	ids, own := make([]int64, len(recs)), 0
	owner := c.App.Registry.State().Entity("crm.customer").Owner
	for i, r := range recs {
		if ids[i] = r.ID(); r.At(owner.Slot).Equal(record.Int(m.ID)) {
			own++
		}
	}
	seen, err := c.App.Engine.Visible(context.Background(), actor, "crm.customer", ids, false)
	if err != nil || own == 0 || own > customers/2 || len(seen) != own {
		t.Errorf("she owns %d of %d and sees %d, %v", own, len(recs), len(seen), err)
	}
}
