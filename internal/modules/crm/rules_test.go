package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/affiliation"
	"github.com/guanxicrm/guanxi/internal/modules/crm/contact"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

// each gives both databases a company with one administrator, who owns what
// the test makes.
func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	house.Each(t, modules(), func(t *testing.T, c *house.House) {
		boss := c.Add("org.member", func(r *record.Record) {
			member.Name.Set(r, "周经理")
			member.Login.Set(r, "zhou")
			member.Admin.Set(r, true)
		})
		fn(t, &desk{House: c, t: t, boss: boss})
	})
}

type desk struct {
	*house.House
	t    *testing.T
	boss int64
}

// put creates a record from fields in text form as the administrator.
func (d *desk) put(name string, fields map[string]string) (records.Result, error) {
	d.t.Helper()
	return d.Engine.Create(d.t.Context(), d.As(d.boss), name, d.Inputs(name, fields), false)
}

func (d *desk) must(name string, fields map[string]string) int64 {
	d.t.Helper()
	r, err := d.put(name, fields)
	if err != nil {
		d.t.Fatalf("%s %v: %v", name, fields, err)
	}
	return r.ID
}

func (d *desk) set(name string, n int64, fields map[string]string) error {
	d.t.Helper()
	_, err := d.Engine.Update(d.t.Context(), d.As(d.boss), name, n, records.AnyVersion, d.Inputs(name, fields))
	return err
}

func (d *desk) drop(name string, n int64) {
	d.t.Helper()
	if _, _, err := d.Engine.Delete(d.t.Context(), d.As(d.boss), name, n, records.AnyVersion); err != nil {
		d.t.Fatal(err)
	}
}

func text(n int64) string { return id.ID(n).String() }

// refused holds an error to its message and field; an empty key wants none.
func refused(t *testing.T, what string, err error, key, field string) {
	t.Helper()
	got, ok := errors.AsType[*errs.Error](err)
	switch {
	case key == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case key != "" && (!ok || got.Key != key || got.Field != field):
		t.Errorf("%s: %v; want %s at %q", what, err, key, field)
	}
}

func TestANewCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		r := d.Read("crm.customer", d.must("crm.customer", map[string]string{"name": "上海云腾商贸有限公司"}))
		if customer.Status.Get(r) != "lead" || customer.Kind.Get(r) != "company" || customer.Owner.Get(r) != d.boss || customer.ContactCount.Get(r) != 0 {
			t.Errorf("status %q, kind %q, owner %d", customer.Status.Get(r), customer.Kind.Get(r), customer.Owner.Get(r))
		}
		_, err := d.put("crm.customer", map[string]string{"industry": "制造"})
		refused(t, "without a name", err, "error.required", "name")
	})
}

// The codes are of GB 32100-2015 with their check characters; one differs by
// its last, one by two neighbours changed over.
func TestUSCC(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		for _, c := range []struct{ code, kept string }{
			{"91350100M000100Y43", "91350100M000100Y43"},
			{" 9135 0100-m000 100y43 ", "91350100M000100Y43"},
			{"９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"},
			{"91350100M000100Y44", ""},
			{"91350100M000010Y43", ""},
			{"91350100M000100Y4", ""},
			{"12345", ""},
		} {
			r, err := d.put("crm.customer", map[string]string{"name": "福州某公司", "uscc": c.code})
			if c.kept == "" {
				refused(t, c.code, err, "error.uscc", "uscc")
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", c.code, err)
				continue
			}
			if got := customer.USCC.Get(d.Read("crm.customer", r.ID)); got != c.kept {
				t.Errorf("%s is kept as %s", c.code, got)
			}
			d.drop("crm.customer", r.ID)
		}
	})
}

func TestDuplicateCustomers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.must("crm.customer", map[string]string{"name": "上海云腾商贸有限公司", "uscc": "91350100M000100Y43", "phone": "138 0013 8000"})
		_, err := d.put("crm.customer", map[string]string{"name": "另一家", "uscc": "91350100m000100y43"})
		if got, ok := errors.AsType[*records.Duplicates](err); !ok || got.Err.Code != errs.Duplicate || got.Err.Field != "uscc" {
			t.Errorf("the same registration: %v", err)
		}
		for _, c := range []struct {
			what   string
			fields map[string]string
			rules  []string
		}{
			{"the same name without its form", map[string]string{"name": "上海云腾商贸"}, []string{"name"}},
			{"the same phone otherwise written", map[string]string{"name": "别家", "phone": "+86-138-0013-8000"}, []string{"phone"}},
			{"another name and phone", map[string]string{"name": "北京云腾商贸有限公司", "phone": "13900139000"}, nil},
		} {
			r, err := d.put("crm.customer", c.fields)
			if err != nil {
				t.Errorf("%s: %v", c.what, err)
				continue
			}
			var rules []string
			for _, h := range r.Hits {
				rules = append(rules, h.Rule)
			}
			if !slices.Equal(rules, c.rules) {
				t.Errorf("%s: hits of %q, want %q", c.what, rules, c.rules)
			}
			d.drop("crm.customer", r.ID)
		}
	})
}

func TestGroupsOfCustomersHaveNoCircle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		group := d.must("crm.customer", map[string]string{"name": "华信集团"})
		sub := d.must("crm.customer", map[string]string{"name": "华信科技", "parent": text(group)})
		shop := d.must("crm.customer", map[string]string{"name": "华信门店", "parent": text(sub)})
		for _, under := range []int64{group, sub, shop} {
			refused(t, "a circle", d.set("crm.customer", group, map[string]string{"parent": text(under)}), "error.customer_circle", "parent")
		}
		refused(t, "another parent", d.set("crm.customer", shop, map[string]string{"parent": text(group)}), "", "")
		a, b := d.must("crm.customer", map[string]string{"name": "甲"}), d.must("crm.customer", map[string]string{"name": "乙"})
		got, err := d.Batch(d.As(d.boss), "crm.customer", []int64{a, b}, []map[string]string{{"parent": text(b)}, {"parent": text(a)}})
		if err != nil || len(got) != 2 {
			t.Fatal(got, err)
		}
		refused(t, "the first of a circle over a batch", got[0], "", "")
		refused(t, "the second of a circle over a batch", got[1], "error.customer_circle", "parent")
	})
}

func TestContactsAndAffiliations(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		huaxin := d.must("crm.customer", map[string]string{"name": "华信科技"})
		yunteng := d.must("crm.customer", map[string]string{"name": "云腾商贸"})
		contacts := func(n int64) int64 { return customer.ContactCount.Get(d.Read("crm.customer", n)) }
		wang := d.must("crm.contact", map[string]string{"name": "王芳", "customer": text(huaxin), "mobile": "13800138000", "role": "决策人"})
		d.must("crm.contact", map[string]string{"name": "刘洋", "customer": text(huaxin)})
		if contacts(huaxin) != 2 || contacts(yunteng) != 0 {
			t.Errorf("contacts are counted as %d and %d", contacts(huaxin), contacts(yunteng))
		}
		refused(t, "moved", d.set("crm.contact", wang, map[string]string{"customer": text(yunteng)}), "", "")
		if contacts(huaxin) != 1 || contacts(yunteng) != 1 {
			t.Errorf("after a move contacts are counted as %d and %d", contacts(huaxin), contacts(yunteng))
		}
		r, err := d.put("crm.contact", map[string]string{"name": "王小姐", "mobile": "+8613800138000"})
		if err != nil || len(r.Hits) != 1 || r.Hits[0].ID != wang {
			t.Errorf("the same mobile: %v, hits %+v", err, r.Hits)
		}
		place := d.must("crm.affiliation", map[string]string{"contact": text(wang), "customer": text(huaxin), "title": "顾问", "start_on": "2024-01-01"})
		if _, err := d.put("crm.affiliation", map[string]string{"contact": text(wang), "customer": text(huaxin)}); !errs.Is(err, errs.Duplicate) {
			t.Errorf("the same place twice: %v", err)
		}
		refused(t, "ended before it began", d.set("crm.affiliation", place, map[string]string{"end_on": "2023-12-31"}), "error.period", "end_on")
		refused(t, "ended", d.set("crm.affiliation", place, map[string]string{"end_on": "2024-01-01"}), "", "")

		d.drop("crm.contact", wang)
		if d.Read("crm.affiliation", place) != nil || contacts(yunteng) != 0 {
			t.Error("a deleted contact is still somewhere")
		}
		d.drop("crm.customer", huaxin)
		all, err := d.Engine.All(t.Context(), "crm.contact")
		if err != nil || len(all) != 1 || contact.Name.Get(all[0]) != "王小姐" {
			t.Errorf("of a deleted customer are left %d contacts, %v", len(all), err)
		}
	})
}

// A row of the flat files that companies bring: everything comes through as written.
func TestFlatFileFieldsAreKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		fields := map[string]string{
			"external_id": "000123", "name": "  Ana Trujillo Emparedados y helados ", "contact_name": "Ana Trujillo", "contact_title": "Owner",
			"address": "Avda. de la Constitución 2222", "city": "México D.F.", "state": "SP", "postal_code": "05021", "country": "Mexico",
			"phone": "(5) 555-4729", "fax": "(5) 555-3745", "source_created_at": "2024-01-05 13:05", "amount": "1234.50", "region": "110000",
		}
		r := d.Read("crm.customer", d.must("crm.customer", fields))
		for _, key := range []string{"external_id", "name", "contact_name", "contact_title", "address", "city", "state", "postal_code", "country", "phone", "fax"} {
			if got := r.Get(key).Str(); got != fields[key] {
				t.Errorf("%s is kept as %q", key, got)
			}
		}
		if got := customer.Amount.Get(r); got != 1234_5000 {
			t.Errorf("amount is %d", got)
		}
		if got := customer.Region.Get(r); got != "11" {
			t.Errorf("region is %q", got)
		}
		if got := time.UnixMicro(customer.SourceCreatedAt.Get(r)).UTC().Format(time.DateTime); got != "2024-01-05 13:05:00" {
			t.Errorf("originally created at %s", got)
		}
	})
}

// An affiliation is declared over names of other packages: they must meet.
func TestAffiliationNamesMeet(t *testing.T) {
	t.Parallel()
	st, _ := compile(t)
	e := st.Entity(affiliation.Entity.Name)
	if e == nil || e.Name != "crm.affiliation" || e.Field("contact") == nil || e.Through == nil || e.Through.Key != "customer" {
		t.Error("contact looks for its places by other names")
	}
}
