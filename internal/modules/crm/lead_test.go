package crm_test

import (
	"errors"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
)

// seller adds a member who may do with crm records of his own what a starting
// salesperson may, less the named operations on the named entity.
func (d *desk) seller(login, without string, ops ...access.Op) int64 {
	d.t.Helper()
	made := d.Add("org.role", func(r *record.Record) { role.Name.Set(r, "销售 "+login) })
	for _, op := range []access.Op{access.Read, access.Create, access.Update, access.Delete} {
		d.Add("org.grant", func(r *record.Record) {
			grant.Fill(r, made, access.Grant{Entity: "crm.*", Op: op, Scope: access.Own})
		})
	}
	for _, op := range ops {
		d.Add("org.grant", func(r *record.Record) {
			grant.Fill(r, made, access.Grant{Entity: without, Op: op, Scope: access.All, Deny: true})
		})
	}
	return d.Add("org.member", func(r *record.Record) {
		member.Name.Set(r, login)
		member.Login.Set(r, login)
		member.Roles.Set(r, []record.Value{record.Int(made)})
	})
}

// all lists an entity's live records, oldest first.
func (d *desk) all(name string) []*record.Record {
	d.t.Helper()
	list, err := d.Engine.All(d.t.Context(), name)
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

// sees says whether a member can read a record.
func (d *desk) sees(who int64, name string, n int64) bool {
	d.t.Helper()
	ok, err := d.Engine.Visible(d.t.Context(), d.As(who), name, []int64{n}, false)
	if err != nil {
		d.t.Fatal(err)
	}
	return ok[n]
}

var inquiry = map[string]string{"company": "苏州恒远机械有限公司", "contact_name": "陈立", "title": "采购经理", "mobile": "13900001111", "email": "chen@example.com",
	"industry": "manufacturing", "source": "exhibition", "amount": "120000", "uscc": "91350100M000100Y43", "demand": "两台数控机床", "next_follow_on": "2026-04-02"}

func TestALeadIsNamedAfterWhoItIs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		for _, c := range []struct {
			in   map[string]string
			want string
		}{
			{map[string]string{"company": "甲公司", "contact_name": "王五"}, "甲公司"},
			{map[string]string{"contact_name": "王五"}, "王五"},
			{map[string]string{"name": "展会名片 12", "company": "乙公司"}, "展会名片 12"},
		} {
			if got := lead.Name.Get(d.Read("crm.lead", d.must("crm.lead", c.in))); got != c.want {
				t.Errorf("%v is called %q", c.in, got)
			}
		}
		_, err := d.put("crm.lead", map[string]string{"email": "a@example.com"})
		refused(t, "nobody", err, "error.lead_nobody", "name")
	})
}

func TestStatesOfALead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		n := d.must("crm.lead", inquiry)
		act := func(name string, told map[string]string) error {
			return d.ActWith(d.As(d.boss), "crm.lead", name, n, told)
		}
		for _, step := range []struct{ action, reason, want, refusal string }{
			{"reopen", "", lead.New, "error.action_state"},
			{"contact", "", lead.Contacted, ""},
			{"contact", "", lead.Contacted, "error.action_state"},
			{"qualify", "", lead.Qualified, ""},
			{"discard", "no_budget", lead.Discarded, ""},
			{"convert", "no_budget", lead.Discarded, "error.action_state"},
			{"reopen", "", lead.New, ""},
		} {
			refused(t, step.action, act(step.action, map[string]string{"reason": step.reason}), step.refusal, map[bool]string{true: "status"}[step.refusal != ""])
			r := d.Read("crm.lead", n)
			if lead.Status.Get(r) != step.want || lead.DiscardReason.Get(r) != step.reason {
				t.Errorf("after %s it is %s because of %q", step.action, lead.Status.Get(r), lead.DiscardReason.Get(r))
			}
		}
	})
}

// A conversion carries everything over in one step, and what was noted about
// the lead is the customer's (CUS-4).
func TestConversion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		li, zhao := d.seller("li", ""), d.seller("zhao", "")
		n := d.must("crm.lead", inquiry)
		if err := d.set("crm.lead", n, map[string]string{"owner": text(li)}); err != nil {
			t.Fatal(err)
		}
		note := d.must("crm.follow_up", map[string]string{"about": "crm.lead:" + text(n), "content": "展位上谈了半小时", "at": "2026-03-30T02:00:00Z"})
		plan := d.must("crm.follow_plan", map[string]string{"about": "crm.lead:" + text(n), "title": "寄样本", "at": "2026-04-03T02:00:00Z"})
		if !d.sees(li, "crm.follow_up", note) || d.sees(zhao, "crm.follow_up", note) {
			t.Error("a note about a lead is for whoever has the lead")
		}
		if err := d.Act(d.As(li), "crm.lead", "convert", n); err != nil {
			t.Fatal(err)
		}
		refused(t, "what is done is not protected", d.ActWith(d.As(d.boss), "crm.lead", "protect", n, map[string]string{"until": "2026-12-31"}), "error.pool_done", "")
		l, customers, contacts := d.Read("crm.lead", n), d.all("crm.customer"), d.all("crm.contact")
		if len(customers) != 1 || len(contacts) != 1 {
			t.Fatalf("%d customers, %d contacts", len(customers), len(contacts))
		}
		c, p := customers[0], contacts[0]
		if lead.Status.Get(l) != lead.Converted || lead.Customer.Get(l) != c.ID() || lead.Contact.Get(l) != p.ID() || lead.ConvertedAt.Get(l) == 0 {
			t.Errorf("the lead is %s, customer %d, contact %d", lead.Status.Get(l), lead.Customer.Get(l), lead.Contact.Get(l))
		}
		if customer.Name.Get(c) != inquiry["company"] || customer.USCC.Get(c) != inquiry["uscc"] || customer.Industry.Get(c) != "manufacturing" ||
			customer.Source.Get(c) != "exhibition" || customer.Amount.Get(c) != 1200000000 || customer.Owner.Get(c) != li || customer.NextFollowOn.Get(c) != "2026-04-02" ||
			customer.Remark.Get(c) != "两台数控机床" {
			t.Errorf("not all came to the customer: %v", c)
		}
		if contact.Name.Get(p) != "陈立" || contact.Title.Get(p) != "采购经理" || contact.Mobile.Get(p) == "" || contact.Customer.Get(p) != c.ID() || contact.Owner.Get(p) != li {
			t.Errorf("not all came to the contact: %v", p)
		}
		f := d.Read("crm.follow_up", note)
		if followup.Customer.Get(f) != c.ID() || followup.Lead.Get(f) != n || followup.LeadOwner.Get(f) != 0 || followup.Contact.Get(f) != p.ID() {
			t.Errorf("the note belongs to customer %d, lead %d, of %d", followup.Customer.Get(f), followup.Lead.Get(f), followup.LeadOwner.Get(f))
		}
		if got := customer.LastFollowedAt.Get(c); got != followup.At.Get(f) {
			t.Errorf("last followed at %d", got)
		}
		if !d.sees(li, "crm.follow_up", note) || !d.sees(li, "crm.follow_plan", plan) {
			t.Error("who has the customer sees what was noted about the lead")
		}
		if err := d.set("crm.customer", c.ID(), map[string]string{"owner": text(zhao)}); err != nil {
			t.Fatal(err)
		}
		if d.sees(li, "crm.follow_up", note) || !d.sees(zhao, "crm.follow_up", note) {
			t.Error("the note goes along with the customer")
		}
	})
}

// What was noted about a lead follows it to another owner, and is hidden from the last.
func TestNotesFollowTheirLead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		li, zhao := d.seller("li", ""), d.seller("zhao", "")
		n := d.must("crm.lead", map[string]string{"company": "甲公司", "owner": text(li)})
		note := d.must("crm.follow_up", map[string]string{"about": "crm.lead:" + text(n), "content": "谈价格"})
		for _, c := range []struct{ owner, other int64 }{{li, zhao}, {zhao, li}} {
			if err := d.set("crm.lead", n, map[string]string{"owner": text(c.owner)}); err != nil {
				t.Fatal(err)
			}
			if !d.sees(c.owner, "crm.follow_up", note) || d.sees(c.other, "crm.follow_up", note) {
				t.Errorf("owner sees %t, the other %t", d.sees(c.owner, "crm.follow_up", note), d.sees(c.other, "crm.follow_up", note))
			}
		}
		// Whoever cannot see the lead learns nothing by naming it.
		_, err := d.Engine.Create(t.Context(), d.As(li), "crm.follow_up", d.Inputs("crm.follow_up", map[string]string{"about": "crm.lead:" + text(n), "content": "猜"}), false)
		if got, ok := errors.AsType[*errs.Error](err); !ok || len(got.Sub) != 0 && got.Sub[0].Key != "error.reference" || got.Key != "error.reference" && len(got.Sub) == 0 {
			t.Errorf("a note about what he cannot see: %v", err)
		}
	})
}

func TestConversionIntoWhatIsThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.must("crm.customer", map[string]string{"name": "苏州恒远机械股份有限公司"})
		other := d.must("crm.customer", map[string]string{"name": "另一家"})
		p := d.must("crm.contact", map[string]string{"name": "陈立", "customer": text(c)})
		n := d.must("crm.lead", inquiry)
		convert := func(told map[string]string) error { return d.ActWith(d.As(d.boss), "crm.lead", "convert", n, told) }

		var dup *records.Duplicates
		if err := convert(map[string]string{}); !errors.As(err, &dup) || len(dup.Hits) != 1 || dup.Hits[0].ID != c {
			t.Fatalf("a similar customer: %v", err)
		}
		refused(t, "a contact of another customer", convert(map[string]string{"customer": text(other), "contact": text(p)}), "error.lead_contact_elsewhere", "contact")
		if lead.Status.Get(d.Read("crm.lead", n)) != lead.New || len(d.all("crm.customer")) != 2 {
			t.Error("a refused conversion left something")
		}
		if err := convert(map[string]string{"customer": text(c)}); err != nil {
			t.Fatal(err)
		}
		l := d.Read("crm.lead", n)
		if lead.Customer.Get(l) != c || lead.Contact.Get(l) != p || len(d.all("crm.contact")) != 1 {
			t.Errorf("customer %d, contact %d of %d", lead.Customer.Get(l), lead.Contact.Get(l), len(d.all("crm.contact")))
		}
	})
}

// A code that is another customer's refuses the whole conversion, however much
// it is wanted.
func TestConversionRefusedKeepsEverything(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.must("crm.customer", map[string]string{"name": "完全不同的公司", "uscc": inquiry["uscc"]})
		n := d.must("crm.lead", inquiry)
		before := d.Read("crm.lead", n)
		var dup *records.Duplicates
		if err := d.ActWith(d.As(d.boss), "crm.lead", "convert", n, map[string]string{"anyway": "true"}); !errors.As(err, &dup) {
			t.Fatalf("the same code: %v", err)
		}
		if after := d.Read("crm.lead", n); after.Version() != before.Version() || len(d.all("crm.customer")) != 1 || len(d.all("crm.contact")) != 0 {
			t.Error("a refused conversion left something")
		}
	})
}

// A conversion is no way round the right to create customers, nor to learn of
// one by its id.
func TestConversionNeedsTheRights(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		li := d.seller("li", "crm.customer", access.Create)
		foreign := d.must("crm.customer", map[string]string{"name": "别人的客户"})
		n := d.must("crm.lead", map[string]string{"company": "甲公司", "owner": text(li)})
		refused(t, "without the right", d.Act(d.As(li), "crm.lead", "convert", n), "error.lead_may_not", "")
		err := d.ActWith(d.As(li), "crm.lead", "convert", n, map[string]string{"customer": text(foreign)})
		if got, ok := errors.AsType[*errs.Error](err); !ok || got.Code != errs.Invalid {
			t.Errorf("into a customer he cannot see: %v", err)
		}
	})
}

func TestAFollowUpTellsItsSubject(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		c := d.must("crm.customer", map[string]string{"name": "甲公司", "next_follow_on": "2026-03-31"})
		p := d.must("crm.contact", map[string]string{"name": "王五", "customer": text(c)})
		l := d.must("crm.lead", map[string]string{"company": "乙公司"})
		at := func(s string) int64 {
			v, err := time.Parse(time.RFC3339, s)
			if err != nil {
				t.Fatal(err)
			}
			return v.UnixMicro()
		}
		first := d.must("crm.follow_up", map[string]string{"about": "crm.contact:" + text(p), "content": "第一行\n第二行", "at": "2026-03-31T01:00:00Z", "next_follow_on": "2026-04-10"})
		r, f := d.Read("crm.customer", c), d.Read("crm.follow_up", first)
		if customer.LastFollowedAt.Get(r) != at("2026-03-31T01:00:00Z") || customer.NextFollowOn.Get(r) != "2026-04-10" {
			t.Errorf("last %d, next %s", customer.LastFollowedAt.Get(r), customer.NextFollowOn.Get(r))
		}
		if followup.Summary.Get(f) != "第一行 第二行" || followup.Contact.Get(f) != p || followup.Customer.Get(f) != c || followup.Kind.Get(f) != "call" {
			t.Errorf("summary %q, contact %d", followup.Summary.Get(f), followup.Contact.Get(f))
		}
		version := r.Version()
		older := d.must("crm.follow_up", map[string]string{"about": "crm.customer:" + text(c), "content": "以前的", "at": "2026-01-05T01:00:00Z", "next_follow_on": "2026-01-20"})
		r = d.Read("crm.customer", c)
		if customer.LastFollowedAt.Get(r) != at("2026-03-31T01:00:00Z") || customer.NextFollowOn.Get(r) != "2026-04-10" || r.Version() != version {
			t.Errorf("an older note changed the customer: last %d, next %s", customer.LastFollowedAt.Get(r), customer.NextFollowOn.Get(r))
		}
		d.drop("crm.follow_up", first)
		if got := customer.LastFollowedAt.Get(d.Read("crm.customer", c)); got != followup.At.Get(d.Read("crm.follow_up", older)) {
			t.Errorf("after the newest is gone: %d", got)
		}
		d.must("crm.follow_up", map[string]string{"about": "crm.lead:" + text(l), "content": "打了电话", "next_follow_on": "2026-04-05"})
		if r := d.Read("crm.lead", l); lead.Status.Get(r) != lead.Contacted || lead.NextFollowOn.Get(r) != "2026-04-05" || lead.LastFollowedAt.Get(r) == 0 {
			t.Errorf("the lead is %s, next %s, last %d", lead.Status.Get(r), lead.NextFollowOn.Get(r), lead.LastFollowedAt.Get(r))
		}
	})
}

// A date that has come is done with by a note of that day; one to come stays.
func TestANoteWithoutANextDate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		for next, want := range map[string]string{"2026-03-30": "", "2026-03-31": "", "2026-04-01": "2026-04-01"} {
			c := d.must("crm.customer", map[string]string{"name": "甲公司 " + next, "next_follow_on": next})
			d.must("crm.follow_up", map[string]string{"about": "crm.customer:" + text(c), "content": "谈过了"})
			if got := customer.NextFollowOn.Get(d.Read("crm.customer", c)); got != want {
				t.Errorf("%s became %q", next, got)
			}
		}
	})
}
