package api_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type opt = map[string]any

const customers, fieldsOf = "/records/crm.customer", "/customize/entities/crm.customer/fields/"

// option finds one of a dictionary.
func option(t *testing.T, r company.Reply, code string) map[string]any {
	t.Helper()
	var out struct {
		Options []map[string]any `json:"options"`
	}
	if err := json.Unmarshal(r.Body, &out); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(out.Options, func(o map[string]any) bool { return o["code"] == code })
	if i < 0 {
		t.Fatalf("%s is not in %s", code, r.Body)
	}
	return out.Options[i]
}

// A dictionary that several fields use is one: it is kept in one place, counted
// over all of them, and what is added to it is at work in each (PLT-7).
func TestDictionaryIsShared(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Patch(fieldsOf+"source", map[string]any{"settings": opt{"options": []opt{{"code": "douyin", "label": zh("抖音"), "color": "pink"}}}}).Want(200)
		admin.Post("/records/crm.lead", map[string]any{"company": "甲公司", "contact_name": "王", "source": "抖音"}).Want(201)
		made := admin.Post("/records/crm.lead", map[string]any{"company": "乙公司", "contact_name": "李", "source": "douyin"}).Want(201)
		admin.Post("/records/crm.lead/"+made.Str("id")+"/actions/convert", map[string]any{"version": 1}).Want(200)
		d := admin.Get(fieldsOf + "source/options").Want(200)
		if d.Str("fields.1.entity") != "crm.lead" || d.Str("mergeable") != "true" || d.Str("fixed") != "false" {
			t.Errorf("used by %s", d.Body)
		}
		if o := option(t, d, "douyin"); o["live"] != 3.0 || o["own"] != true || option(t, d, "web")["own"] != false {
			t.Errorf("douyin %v", o)
		}
		admin.Get("/customize/entities/crm.lead/fields/source/options").Want(404)
		admin.Patch("/customize/entities/crm.lead/fields/source", map[string]any{"settings": opt{"options": []opt{{"code": "tv", "label": zh("电视")}}}}).Want(422)
		// A field of one's own uses it too; not what has no options of its own, or others.
		add := func(same string) company.Reply {
			return admin.Post("/customize/entities/crm.contact/fields", map[string]any{"key": "heard", "type": "choice", "label": zh("得知渠道"), "settings": opt{"same_as": same}})
		}
		for _, wrong := range []string{"crm.lead.source", "crm.customer.name", "crm.customer.tagss", "no.such.thing", "x"} {
			add(wrong).Want(422)
		}
		add("crm.customer.source").Want(201)
		admin.Post("/records/crm.contact", map[string]any{"name": "王", "heard": "抖音"}).Want(201)
		if o := option(t, admin.Get(fieldsOf+"source/options").Want(200), "douyin"); o["live"] != 4.0 {
			t.Errorf("with contacts %v", o)
		}
		// The options of an action's question are those of the field it fills.
		admin.Patch("/customize/entities/crm.lead/fields/discard_reason", map[string]any{"settings": opt{"options": []opt{{"code": "price", "label": zh("价格")}}}}).Want(200)
		lost := admin.Post("/records/crm.lead", map[string]any{"company": "丙公司", "contact_name": "赵"}).Want(201)
		if r := admin.Post("/records/crm.lead/"+lost.Str("id")+"/actions/discard", map[string]any{"version": 1, "reason": "price"}).Want(200); r.Str("discard_reason") != "price" {
			t.Errorf("discarded %s", r.Body)
		}
		// What actions move is only named and coloured.
		if r := admin.Get("/customize/entities/crm.lead/fields/status/options").Want(200); r.Str("fixed") != "true" || r.Str("mergeable") != "false" {
			t.Errorf("status %s", r.Body)
		}
		admin.Post("/customize/entities/crm.lead/fields/status/merge", opt{"from": "new", "into": "contacted"}).Want(422)
		for want, status := range map[int]opt{
			200: {"code": "new", "label": zh("新来的"), "color": "pink"}, 422: {"code": "sleeping", "label": zh("沉睡")}} {
			admin.Patch("/customize/entities/crm.lead/fields/status", map[string]any{"settings": opt{"options": []opt{status}}}).Want(want)
		}
		admin.Patch("/customize/entities/org.member/fields/locale", map[string]any{"settings": opt{"options": []opt{{"code": "en", "label": zh("英文"), "hidden": true}}}}).Want(422)
	})
}

// What is merged is offered no more, what is written with it becomes the other,
// its records are changed and can be changed back; nothing loses its name.
func TestOptionsAreMerged(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		names := func(filter string) int {
			t.Helper()
			return len(admin.Get(customers + "?filter=" + url.QueryEscape(filter)).Want(200).Items())
		}
		made := func(values map[string]any) string {
			t.Helper()
			return admin.Post(customers, values).Want(201).Str("id")
		}
		one := made(map[string]any{"name": "甲公司", "industry": "software", "tags": []string{"key", "potential"}})
		made(map[string]any{"name": "乙公司", "industry": "telecom", "tags": []string{"potential"}})
		binned := made(map[string]any{"name": "丙公司", "industry": "telecom"})
		admin.With("If-Match", "*").Do("DELETE", customers+"/"+binned, nil).Want(200)
		admin.Post("/records/crm.lead", map[string]any{"company": "丁公司", "contact_name": "王", "industry": "telecom"}).Want(201)

		d := admin.Get(fieldsOf + "industry/options").Want(200)
		if o := option(t, d, "telecom"); o["live"] != 2.0 || o["binned"] != 1.0 {
			t.Errorf("before %v", o)
		}
		merge := func(k *company.Client, key, from, into string) company.Reply {
			return k.Post(fieldsOf+key+"/merge", opt{"from": from, "into": into})
		}
		for _, wrong := range [][2]string{{"telecom", "telecom"}, {"telecom", "nothing"}, {"nothing", "telecom"}} {
			merge(admin, "industry", wrong[0], wrong[1]).Want(422)
		}
		c.Member(company.Person{Login: "clerk", Roles: []int64{c.Role("clerk", sales())}})
		merge(c.As("clerk"), "industry", "telecom", "software").Want(403)
		c.As("clerk").Get(fieldsOf + "industry/options").Want(403)
		for _, k := range []*company.Client{admin, c.As("clerk")} { // no side door
			k.Post(customers+"/bulk", opt{"op": "merge", "filter": "", "patch": opt{"field": "industry", "from": "telecom", "into": "software"}}).Want(400)
		}
		if r := merge(admin.With("If-Match", `"old"`), "industry", "telecom", "software").Want(412); r.Str("code") == "" {
			t.Errorf("moved %s", r.Body)
		}
		done := merge(admin.With("If-Match", `"`+d.Str("tag")+`"`), "industry", "telecom", "software").Want(202)
		mine := ended(t, admin, "/jobs/"+done.Str("jobs.0"))
		ended(t, admin, "/jobs/"+done.Str("jobs.1"))
		d = admin.Get(fieldsOf + "industry/options").Want(200)
		if o := option(t, d, "telecom"); o["live"] != 0.0 || o["binned"] != 1.0 || o["active"] != false || o["into"] != "software" {
			t.Errorf("after %v", o)
		}
		if o := option(t, d, "software"); o["live"] != 3.0 {
			t.Errorf("software %v", o)
		}
		// Its name and its code mean the other one now, in forms, files and filters.
		for _, written := range []string{"telecom", option(t, d, "telecom")["label"].(map[string]any)["zh-CN"].(string)} {
			if r := admin.Post(customers, map[string]any{"name": "戊公司" + written, "industry": written}).Want(201); r.Str("industry") != "software" {
				t.Errorf("%s is written as %s", written, r.Str("industry"))
			}
		}
		if n := names(`industry == "telecom"`); n != 4 {
			t.Errorf("%d records by the old code", n)
		}
		// Of what was chosen several times each is there once.
		ended(t, admin, "/jobs/"+merge(admin, "tags", "potential", "key").Want(202).Str("jobs.0"))
		if r := admin.Get(customers + "/" + one).Want(200); r.Str("tags.0") != "key" || r.Str("tags.1") != "" {
			t.Errorf("tags %s", r.Body)
		}
		// Taken back, records hold what they held; it still has its name.
		admin.Post("/changesets/"+mine.Str("result.changeset")+"/undo", nil).Want(200)
		if o := option(t, admin.Get(fieldsOf+"industry/options").Want(200), "telecom"); o["live"] != 1.0 {
			t.Errorf("undone %v", o)
		}
	})
}

// An option that records hold stays, hidden, when a change leaves it out; one
// that nobody holds goes.
func TestHeldOptionsStay(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		put := func(codes ...string) {
			t.Helper()
			var options []opt
			for _, code := range codes {
				options = append(options, opt{"code": code, "label": zh(code)})
			}
			admin.Patch(fieldsOf+"grade", map[string]any{"settings": opt{"options": options}}).Want(200)
		}
		admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "grade", "type": "tree_choice", "label": zh("等级"),
			"settings": opt{"options": []opt{{"code": "a", "label": zh("a")}, {"code": "b", "label": zh("b"), "parent": "a"}, {"code": "c", "label": zh("c")}}}}).Want(201)
		id := admin.Post(customers, map[string]any{"name": "甲公司", "grade": "b"}).Want(201).Str("id")
		put("c")
		d := admin.Get(fieldsOf + "grade/options").Want(200)
		if option(t, d, "b")["active"] != false || len(d.Body) == 0 {
			t.Errorf("after %s", d.Body)
		}
		if r := admin.Get(customers + "/" + id).Want(200); r.Str("grade") != "b" {
			t.Errorf("kept %s", r.Body)
		}
		admin.With("If-Match", "*").Patch(customers+"/"+id, map[string]any{"grade": "c"}).Want(200)
		put("c")
		if d := admin.Get(fieldsOf + "grade/options").Want(200); d.Str("options.1.code") != "" {
			t.Errorf("nobody holds it: %s", d.Body)
		}
		// Below itself nothing is merged, and what stood below moves along.
		put("a", "c")
		admin.Patch(fieldsOf+"grade", map[string]any{"settings": opt{"options": []opt{{"code": "a", "label": zh("a")}, {"code": "b", "label": zh("b"), "parent": "a"}, {"code": "c", "label": zh("c")}}}}).Want(200)
		admin.Post(fieldsOf+"grade/merge", opt{"from": "a", "into": "b"}).Want(422)
		ended(t, admin, "/jobs/"+admin.Post(fieldsOf+"grade/merge", opt{"from": "a", "into": "c"}).Want(202).Str("jobs.0"))
		if o := option(t, admin.Get(fieldsOf+"grade/options").Want(200), "b"); o["parent"] != "c" {
			t.Errorf("below %v", o)
		}
		for _, wrong := range []opt{{"code": "z", "label": zh("z"), "into": "c"}, {"code": "z", "label": zh("z"), "hidden": true, "into": "y"}, {"code": "z", "label": zh("z"), "hidden": true, "into": "z"}} {
			admin.Patch(fieldsOf+"grade", map[string]any{"settings": opt{"options": []opt{wrong, {"code": "c", "label": zh("c")}}}}).Want(422)
		}
	})
}
