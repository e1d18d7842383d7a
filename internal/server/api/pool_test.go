package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// salesOf are the grants of salespeople as a new installation gives them.
func salesOf(c *company.Company, code string) int64 {
	work := []access.Op{access.Read, access.Create, access.Update, access.Delete, access.Import, access.Export, access.Print}
	var out []access.Grant
	for _, op := range work {
		out = append(out, access.Grant{Entity: "crm.*", Op: op, Scope: access.Own})
	}
	return c.Role(code, out)
}

// Of a hundred who claim one lead at once exactly one gets it; the others hear
// that another was quicker, and the entry of who has it is one (CUS-5).
func TestAHundredClaimOneLead(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		role := salesOf(c, "claimers")
		for i := range 10 {
			c.Member(company.Person{Login: fmt.Sprintf("s%d", i), Roles: []int64{role}})
		}
		pool := admin.Post("/records/crm.pool", map[string]any{"name": "线索池", "everyone": true}).Want(201).Str("id")
		sellers := make([]*company.Client, 10)
		for i := range sellers {
			sellers[i] = c.As(fmt.Sprintf("s%d", i)).With("If-Match", "*")
		}
		for round := range 3 {
			lead := admin.Post("/records/crm.lead", map[string]any{"name": fmt.Sprintf("争抢线索%d", round), "owner": nil, "pool": pool}).Want(201).Str("id")
			got := race(100, func(i int) company.Reply { return sellers[i%10].Post("/records/crm.lead/"+lead+"/actions/claim", "{}") })
			if got[200] != 1 || got[409] != 99 {
				t.Errorf("answers %v", got)
			}
			owner := admin.Get("/records/crm.lead/" + lead).Want(200).Str("owner.label")
			entries := admin.Get("/records/crm.lead_pool_entry?" + filter(fmt.Sprintf(`lead == %q`, lead))).Want(200).Items()
			if len(entries) != 1 || owner == "" || entries[0]["member"].(map[string]any)["label"] != owner {
				t.Errorf("owned by %q, entries %v", owner, entries)
			}
		}
	})
}

// A hundred leads that come at once are given in turn: each of four members gets
// twenty-five, no turn is taken twice; who may hold fewer gets no more, and the
// rest goes to the others.
func TestAHundredComeAtOnce(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		role := salesOf(c, "claimers")
		var who []string
		for i := range 4 {
			login := fmt.Sprintf("s%d", i)
			c.Member(company.Person{Login: login, Roles: []int64{role}})
			who = append(who, admin.Get("/records/org.member?"+filter(fmt.Sprintf(`login == %q`, login))).Want(200).Str("items.0.id"))
		}
		give := func(what string, most any, want map[string]int) {
			t.Helper()
			pool := admin.Post("/records/crm.pool", map[string]any{"name": what, "everyone": true, "holding": most}).Want(201).Str("id")
			rule := admin.Post("/records/crm.assign_rule", map[string]any{"name": what, "pool": pool, "members": who}).Want(201).Str("id")
			got := race(100, func(i int) company.Reply {
				return admin.Post("/records/crm.lead", map[string]any{"name": fmt.Sprintf("%s %d", what, i), "owner": nil, "pool": pool})
			})
			if got[201] != 100 {
				t.Fatalf("%s: answers %v", what, got)
			}
			turns := admin.Get("/records/crm.assign_turn?fields=member,count,last&" + filter(fmt.Sprintf("rule == %q", rule))).Want(200).Items()
			has, last := map[string]string{}, map[string]bool{}
			for _, turn := range turns {
				has[turn["member"].(map[string]any)["label"].(string)] = fmt.Sprint(turn["count"])
				last[fmt.Sprint(turn["last"])] = true
			}
			if fmt.Sprint(has) != fmt.Sprint(want) || len(last) != len(turns) {
				t.Errorf("%s: %v, want %v; turns %v", what, has, want, last)
			}
			for login, n := range want {
				count := admin.Get("/records/crm.lead?count=true&limit=1&" + filter(fmt.Sprintf("pool == %q and assign_rule == %q and owner.login == %q", pool, rule, login))).Want(200)
				if count.Str("count.value") != fmt.Sprint(n) {
					t.Errorf("%s: %s has %s", what, login, count.Str("count.value"))
				}
			}
		}
		give("轮流", nil, map[string]int{"s0": 25, "s1": 25, "s2": 25, "s3": 25})
		give("库容", 35, map[string]int{"s0": 10, "s1": 10, "s2": 10, "s3": 10}) // each holds 25 already
	})
}

// Claims at once by one member do not go over what he may claim a day or hold.
func TestClaimsAtOnceKeepTheLimits(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		c.Member(company.Person{Login: "zhang", Roles: []int64{salesOf(c, "claimers")}})
		for _, limit := range []string{"claim_per_day", "claim_per_week", "holding"} {
			pool := admin.Post("/records/crm.pool", map[string]any{"name": limit, "everyone": true, limit: 7}).Want(201).Str("id")
			leads := make([]string, 20)
			for i := range leads {
				leads[i] = admin.Post("/records/crm.lead", map[string]any{"name": fmt.Sprintf("%s %d", limit, i), "owner": nil, "pool": pool}).Want(201).Str("id")
			}
			zhang := c.As("zhang").With("If-Match", "*")
			got := race(20, func(i int) company.Reply { return zhang.Post("/records/crm.lead/"+leads[i]+"/actions/claim", "{}") })
			if got[200] != 7 || got[409] != 13 {
				t.Errorf("%s: answers %v", limit, got)
			}
			for _, lead := range leads { // none is held for the next round
				if r := admin.Get("/records/crm.lead/" + lead).Want(200); r.Str("owner.id") != "" {
					zhang.Post("/records/crm.lead/"+lead+"/actions/release", map[string]any{"reason": "no_time"}).Want(200)
				}
			}
		}
	})
}

// Whoever may claim sees what lies in his pool with personal data masked: not in
// any answer, and he cannot find out by filter, order, group, words or export.
func TestAPoolIsSeenMasked(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		role := salesOf(c, "claimers")
		dept := c.Dept("销售部", 0)
		for _, login := range []string{"zhang", "li"} {
			c.Member(company.Person{Login: login, Roles: []int64{role}, Dept: map[string]int64{"zhang": dept}[login]})
		}
		deptID := admin.Get("/records/org.department?" + filter(`name == "销售部"`)).Want(200).Str("items.0.id")
		pool := admin.Post("/records/crm.pool", map[string]any{"name": "销售部线索池", "departments": []string{deptID}}).Want(201).Str("id")
		lead := admin.Post("/records/crm.lead", map[string]any{"name": "宁波海天机械", "mobile": "13812345678", "wechat": "haitian_wx_998877", "email": "boss@haitian.example", "owner": nil, "pool": pool}).Want(201).Str("id")
		if r := admin.Post("/records/crm.lead", map[string]any{"name": "只写了池", "pool": pool}).Want(201); r.Str("owner.id") != "" {
			t.Errorf("a new lead that names a pool and nobody is %s", r.Body)
		} else {
			admin.With("If-Match", "*").Do("DELETE", "/records/crm.lead/"+r.Str("id"), nil).Want(200)
		}
		path := "/records/crm.lead/" + lead
		zhang, li := c.As("zhang"), c.As("li")

		free := filter("owner is null")
		secret := []string{"13812345678", "12345678", "haitian_wx_998877", "boss@haitian"}
		silent := func(what string, r company.Reply) company.Reply {
			t.Helper()
			for _, s := range secret {
				if strings.Contains(string(r.Body), s) {
					t.Errorf("%s tells %s: %.300s", what, s, r.Body)
				}
			}
			return r
		}
		// A seat in the pool, and none.
		list := silent("list", zhang.Get("/records/crm.lead?"+free+"&fields=name,mobile,wechat,email,pool&count=true")).Want(200)
		if list.Str("items.0.mobile.masked") != "138****5678" || list.Str("count.value") != "1" {
			t.Errorf("the pool's list is %s", list.Body)
		}
		if n := len(li.Get("/records/crm.lead?" + free).Want(200).Items()); n != 0 {
			t.Errorf("without a seat %d are seen", n)
		}
		li.Get(path).Want(404)
		li.With("If-Match", "*").Post(path+"/actions/claim", "{}").Want(404)
		if n := len(zhang.Get("/records/crm.lead").Want(200).Items()); n != 0 {
			t.Errorf("the list of his own holds %d of the pool", n)
		}
		for what, r := range map[string]company.Reply{
			"record":   zhang.Get(path),
			"fields":   zhang.Get(path + "?fields=mobile,wechat"),
			"timeline": zhang.Get(path + "/timeline"),
			"related":  zhang.Get(path + "/related"),
		} {
			silent(what, r).Want(200)
		}
		// Ways round the mask.
		for what, f := range map[string]string{
			"contains":    `owner is null and wechat contains "998877"`,
			"starts with": `owner is null and email starts_with "boss"`,
			"greater":     `owner is null and wechat > "h"`,
		} {
			if r := silent(what, zhang.Get("/records/crm.lead?"+filter(f))); r.Status != 400 {
				t.Errorf("%s: status %d: %.200s", what, r.Status, r.Body)
			}
		}
		for what, f := range map[string]string{
			"or":         `owner is null or wechat contains "998877"`,
			"not filled": `not (owner is not null) and wechat contains "998877"`,
			"without":    `wechat contains "998877"`,
			"of me":      `owner in (me) or wechat starts_with "hai"`,
		} {
			if r := silent(what, zhang.Get("/records/crm.lead?"+filter(f)+"&count=true")); r.Status == 200 && len(r.Items()) > 0 {
				t.Errorf("%s: found %.200s", what, r.Body)
			}
		}
		for what, r := range map[string]company.Reply{
			"sort":      zhang.Get("/records/crm.lead?" + free + "&sort=wechat"),
			"group":     zhang.Post("/records/crm.lead/aggregate", map[string]any{"filter": map[string]any{"field": "owner", "op": "is null"}, "group": []string{"wechat"}, "measures": []string{"count"}}),
			"patch":     zhang.With("If-Match", "*").Patch(path, map[string]any{"remark": "x"}),
			"take":      zhang.With("If-Match", "*").Patch(path, map[string]any{"owner": admin.Get("/records/org.member?" + filter(`login == "zhang"`)).Want(200).Str("items.0.id")}),
			"delete":    zhang.With("If-Match", "*").Do("DELETE", path, nil),
			"discard":   zhang.With("If-Match", "*").Post(path+"/actions/discard", map[string]any{"reason": "other"}),
			"assign":    zhang.With("If-Match", "*").Post(path+"/actions/assign", map[string]any{"member": admin.Get("/records/org.member?" + filter(`login == "zhang"`)).Want(200).Str("items.0.id")}),
			"pool rule": zhang.With("If-Match", "*").Patch("/records/crm.pool/"+pool, map[string]any{"everyone": true}),
			"own pool":  zhang.Post("/records/crm.pool", map[string]any{"name": "我的池"}),
		} {
			if r := silent(what, r); r.Status < 400 || r.Status >= 500 {
				t.Errorf("%s: status %d: %.200s", what, r.Status, r.Body)
			}
		}
		if err := c.App.Engine.Search.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"haitian_wx", "99887", "123456"} {
			r := silent("words "+words, zhang.Get("/records/crm.lead?"+free+"&q="+words))
			if r.Status == 200 && len(r.Items()) > 0 {
				t.Errorf("the words %s find %.200s", words, r.Body)
			}
		}
		if n := len(zhang.Get("/records/crm.lead?" + free + "&q=宁波").Want(200).Items()); n != 1 {
			t.Errorf("the name finds %d", n)
		}
		silent("search", zhang.Get("/search?q=998877"))
		silent("export", zhang.Get("/records/crm.lead/export?format=csv&"+free))

		// Claimed, it is his: he sees everything. Given back, nothing again.
		if r := zhang.With("If-Match", "*").Post(path+"/actions/claim", "{}").Want(200); r.Str("mobile") != "13812345678" {
			t.Errorf("claimed: %.300s", r.Body)
		}
		zhang.With("If-Match", "*").Patch(path, map[string]any{"owner": nil}).Want(422)
		silent("given back", zhang.With("If-Match", "*").Post(path+"/actions/release", map[string]any{"reason": "unreachable", "note": "三次未接"}).Want(200))
		silent("afterwards", zhang.Get(path).Want(200))
	})
}

// A customer pool: what nobody follows up falls back by the program's own tick
// after the dry run told so, its lines stay masked, and many are claimed at once.
func TestCustomersFallIntoTheirPool(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		role := salesOf(c, "claimers")
		for _, login := range []string{"zhang", "li"} {
			c.Member(company.Person{Login: login, Roles: []int64{role}})
		}
		zhang, li := c.As("zhang"), c.As("li")
		pool := admin.Post("/records/crm.pool", map[string]any{"name": "客户公海", "holds": "customer", "everyone": true, "is_default": true, "undealt_days": 1}).Want(201).Str("id")
		customer := zhang.Post("/records/crm.customer", map[string]any{"name": "嘉兴纺织", "phone": "13812345678", "addresses": []any{map[string]any{"consignee": "王", "phone": "13700001111", "address": "中山路 1 号"}}}).Want(201).Str("id")
		path := "/records/crm.customer/" + customer
		kept := zhang.Post("/records/crm.customer", map[string]any{"name": "已成交客户", "status": "won"}).Want(201).Str("id")
		zhang.Post("/records/crm.contact", map[string]any{"name": "陈立", "customer": customer, "mobile": "13900001111"}).Want(201)

		ask := "/records/crm.pool/" + pool + "/questions/preview"
		if rows := admin.Post(ask, "{}").Want(200).JSON()["rows"].([]any); len(rows) != 0 {
			t.Errorf("today falls %v", rows)
		}
		dry := admin.Post(ask, map[string]any{"as_of": "2030-01-01"}).Want(200)
		if dry.Str("rows.0.record.id") != customer || dry.Str("rows.0.holder.label") != "zhang" || dry.Str("rows.0.cause") != "undealt" || dry.Str("rows.1") != "" {
			t.Errorf("the dry run says %s", dry.Body)
		}
		zhang.Post(ask, "{}").Want(404)

		c.Write(func(ctx context.Context, s *records.Session) error {
			n, err := id.Parse(customer)
			if err != nil {
				return err
			}
			return s.Update(ctx, "crm.customer", int64(n), func(r *record.Record) { r.Set("held_since", record.Int(1_700_000_000_000_000)) })
		})
		if err := c.App.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		seen := li.Get(path).Want(200)
		if seen.Str("phone.masked") == "" || seen.Str("addresses.0.phone.masked") == "" || seen.Str("pool_cause") != "undealt" || seen.Str("owner.id") != "" {
			t.Errorf("in the pool: %s", seen.Body)
		}
		zhang.Get("/records/crm.customer/" + kept).Want(200)
		notices := zhang.Get("/records/org.reminder?" + filter(`owner == me and kind == "returned"`)).Want(200).Items()
		if len(notices) != 1 {
			t.Errorf("told by %v", notices)
		}
		bulk := li.Post("/records/crm.customer/bulk", map[string]any{"op": "claim", "ids": []string{customer, kept}}).Want(200)
		if bulk.Str("done") != "1" || bulk.Str("failed") != "1" || li.Get(path).Want(200).Str("phone") != "13812345678" {
			t.Errorf("claimed %s", bulk.Body)
		}
		if n := len(li.Get("/records/crm.contact?" + filter("owner == me")).Want(200).Items()); n != 1 {
			t.Errorf("%d contacts came along", n)
		}
		zhang.Get(path).Want(404)
	})
}
