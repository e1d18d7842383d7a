package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type object = map[string]any

// lines gives the lines of a group as "field/field/…" texts, and their ids.
func lines(r company.Reply, group string, fields ...string) (texts, ids []string) {
	list, _ := r.JSON()[group].([]any)
	for _, x := range list {
		line, _ := x.(object)
		parts := make([]string, len(fields))
		for i, f := range fields {
			if line[f] != nil {
				parts[i] = fmt.Sprint(line[f])
			}
		}
		texts = append(texts, strings.Join(parts, "/"))
		ids = append(ids, fmt.Sprint(line["id"]))
	}
	return texts, ids
}

func wantLines(t *testing.T, r company.Reply, group string, want ...string) []string {
	t.Helper()
	got, ids := lines(r, group, "consignee", "address")
	if !slices.Equal(got, want) {
		t.Fatalf("%s: %q, want %q\n%s", group, got, want, r.Body)
	}
	return ids
}

// errorFields are the fields that a problem names.
func errorFields(r company.Reply) []string {
	var out []string
	list, _ := r.JSON()["errors"].([]any)
	for _, x := range list {
		one, _ := x.(object)
		out = append(out, fmt.Sprint(one["field"]))
	}
	slices.Sort(out)
	return out
}

// Lines are written as the whole list of their record: with an id one that is
// there changes, without one it is new, what is not named goes, the order is
// that of the list (DESIGN §4). The record's version rises with them.
func TestLinesAreSavedWithTheirRecord(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		made := admin.Post("/records/crm.customer", object{"name": "甲公司", "addresses": []object{
			{"consignee": "张三", "address": "一号", "region": "上海市", "phone": "13800138000", "is_default": true}, {"consignee": "李四", "address": "二号"}}}).Want(201)
		path := "/records/crm.customer/" + made.Str("id")
		ids := wantLines(t, made, "addresses", "张三/一号", "李四/二号")
		if made.Str("addresses.0.region") != "31" || made.Str("version") != "1" || made.Str("addresses.0.parent") != "" || made.Str("addresses.0.is_default") != "true" {
			t.Errorf("made %s", made.Body)
		}
		wantLines(t, admin.Get(path).Want(200), "addresses", "张三/一号", "李四/二号")
		wantLines(t, admin.Get(path+"?fields=name,addresses").Want(200), "addresses", "张三/一号", "李四/二号")
		if r := admin.Get(path + "?fields=name").Want(200); strings.Contains(string(r.Body), "addresses") {
			t.Errorf("not asked for: %s", r.Body)
		}
		if r := admin.Get("/records/crm.customer").Want(200); strings.Contains(string(r.Body), "addresses") {
			t.Errorf("a list carries lines: %s", r.Body)
		}

		r := admin.With("If-Match", `"v1"`).Patch(path, object{"addresses": []object{
			{"consignee": "新人", "address": "三号"}, {"id": ids[1], "address": "二号乙"}, {"id": ids[0]}}}).Want(200)
		wantLines(t, r, "addresses", "新人/三号", "李四/二号乙", "张三/一号")
		if r.Str("version") != "2" || r.Header.Get("Etag") != `"v2"` {
			t.Errorf("version %s", r.Body)
		}
		admin.With("If-Match", `"v1"`).Patch(path, object{"addresses": []object{}}).Want(412)
		wantLines(t, admin.With("If-Match", `"v2"`).Patch(path, object{"fax": "1"}).Want(200), "addresses", "新人/三号", "李四/二号乙", "张三/一号")

		// The same list again changes nothing, and no version.
		_, now := lines(admin.Get(path), "addresses", "id")
		same := []object{{"id": now[0]}, {"id": now[1]}, {"id": now[2], "consignee": "张三"}}
		if r := admin.With("If-Match", `"v3"`).Patch(path, object{"addresses": same}).Want(200); r.Str("version") != "3" {
			t.Errorf("idle %s", r.Body)
		}
		wantLines(t, admin.With("If-Match", `"v3"`).Patch(path, object{"addresses": same[1:2]}).Want(200), "addresses", "李四/二号乙")
		wantLines(t, admin.With("If-Match", "*").Patch(path, object{"addresses": nil}).Want(200), "addresses")
	})
}

// What is wrong with lines is told at their place, together with what is wrong
// with the record, and nothing is written.
func TestErrorsOfLines(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		other := admin.Post("/records/crm.customer", object{"name": "乙公司", "addresses": []object{{"consignee": "别", "address": "家"}}}).Want(201)
		_, foreign := lines(other, "addresses", "id")
		made := admin.Post("/records/crm.customer", object{"name": "甲公司"}).Want(201)
		path := "/records/crm.customer/" + made.Str("id")
		for _, one := range []struct {
			body   object
			status int
			fields string
		}{
			{object{"name": "", "employees": -1, "addresses": []object{{"consignee": "a", "address": "b"}, {"phone": "13800138000"}}}, 422, "addresses[1].address addresses[1].consignee employees name"},
			{object{"addresses": []object{{"id": foreign[0], "address": "偷"}}}, 422, "addresses[0].id"},
			{object{"addresses": []object{{"consignee": "a", "address": "b", "region": "nowhere"}}}, 422, "addresses[0].region"},
			{object{"addresses": []object{{"consignee": "a", "address": "b", "nothing": 1}}}, 400, "addresses[0].nothing"},
			{object{"addresses": []object{{"consignee": "a", "address": "b", "position": 1}}}, 403, "addresses[0].position"},
			{object{"addresses": "x"}, 422, "addresses"},
			{object{"addresses": []object{{"consignee": "a", "address": "b", "is_default": true}, {"consignee": "c", "address": "d", "is_default": true}}}, 422, "addresses[1].is_default"},
		} {
			r := admin.With("If-Match", "*").Patch(path, one.body).Want(one.status)
			if got := strings.Join(errorFields(r), " "); got != one.fields {
				t.Errorf("%v: %s", one.body, r.Body)
			}
		}
		if r := admin.Get(path).Want(200); r.Str("version") != "1" {
			t.Errorf("written: %s", r.Body)
		}
		p := admin.Post("/records/crm.customer/preview", object{"values": object{"name": "丙", "addresses": []object{{"consignee": "a"}}}}).Want(200)
		if p.Str("errors.0.field") != "addresses[0].address" {
			t.Errorf("preview %s", p.Body)
		}
		if n := admin.Get("/records/crm.customer_address").Want(200).Items(); len(n) != 1 {
			t.Errorf("the preview left lines: %v", n)
		}
	})
}

// Nobody writes lines but through their record.
func TestLinesAloneAreRefused(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		made := admin.Post("/records/crm.customer", object{"name": "甲公司", "addresses": []object{{"consignee": "a", "address": "b"}}}).Want(201)
		_, ids := lines(made, "addresses", "id")
		line := "/records/crm.customer_address/" + ids[0]
		force := admin.With("If-Match", "*")
		for _, r := range []company.Reply{
			force.Post("/records/crm.customer_address", object{"consignee": "x", "address": "y"}), force.Patch(line, object{"address": "z"}), force.Do("DELETE", line, nil),
			force.Post(line+"/restore", nil), force.Post("/records/crm.customer_address/bulk", object{"op": "delete", "filter": ""}),
		} {
			if r.Want(400); r.Str("key") != "error.line_alone" && !strings.Contains(string(r.Body), "明细") {
				t.Errorf("refused with %s", r.Body)
			}
		}
		for _, x := range force.Post("/records/crm.customer_address/bulk", object{"op": "delete", "ids": ids}).Want(200).JSON()["results"].([]any) {
			if x.(object)["status"].(interface{ String() string }).String() != "400" {
				t.Errorf("bulk %v", x)
			}
		}
		if r := admin.Get(line).Want(200); r.Str("parent.label") != "甲公司" {
			t.Errorf("read %s", r.Body)
		}
		force.Post("/records/crm.customer/bulk", object{"op": "update", "filter": "", "patch": object{"addresses": []object{}}}).Want(400)
	})
}

// A line is read by who reads its record and written by who may change that;
// field rights are those of the line's entity, and hold in preview, history and
// export.
func TestRightsOnLines(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		dept := c.Dept("销售部", 0)
		role := c.Role("seller", sales(), access.FieldGrant{Entity: "crm.customer_address", Field: "remark", Level: schema.Hidden},
			access.FieldGrant{Entity: "crm.customer_address", Field: "phone", Level: schema.Masked})
		reader := c.Role("reader", []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.Own}, {Entity: "crm.customer_address", Op: access.Update, Scope: access.All}})
		c.Member(company.Person{Login: "zhang", Dept: dept, Roles: []int64{role}})
		c.Member(company.Person{Login: "li", Dept: dept, Roles: []int64{role}})
		wang := c.Member(company.Person{Login: "wang", Dept: dept, Roles: []int64{reader}})
		zhang, li, admin := c.As("zhang"), c.As("li"), c.As("admin")

		made := zhang.Post("/records/crm.customer", object{"name": "甲公司", "addresses": []object{{"consignee": "a", "address": "b"}}}).Want(201)
		path := "/records/crm.customer/" + made.Str("id")
		_, ids := lines(made, "addresses", "id")
		admin.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": ids[0], "phone": "13812345678", "remark": "绝密"}}}).Want(200)

		li.Get("/records/crm.customer_address/" + ids[0]).Want(404)
		if n := li.Get("/records/crm.customer_address?count=true").Want(200); len(n.Items()) != 0 || n.Str("count.value") != "0" {
			t.Errorf("another's lines: %s", n.Body)
		}
		li.With("If-Match", "*").Patch(path, object{"addresses": []object{}}).Want(404)

		r := zhang.Get(path).Want(200)
		if r.Str("addresses.0.phone.masked") != "138****5678" || strings.Contains(string(r.Body), "remark\":\"") || strings.Contains(string(r.Body), "绝密") {
			t.Errorf("fields %s", r.Body)
		}
		zhang.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": ids[0], "remark": "x"}}}).Want(400)
		zhang.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": ids[0], "phone": "x"}}}).Want(403)
		past := zhang.Get(path + "/timeline").Want(200)
		if s := string(past.Body); strings.Contains(s, "绝密") || strings.Contains(s, "12345678") || strings.Contains(s, "remark") {
			t.Errorf("history tells it: %s", s)
		}
		zhang.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": ids[0], "address": "c"}}}).Want(200)
		if r := admin.Get(path).Want(200); r.Str("addresses.0.remark") != "绝密" || r.Str("addresses.0.address") != "c" {
			t.Errorf("what he does not see is gone: %s", r.Body)
		}
		// Only what he may not see changed: it leaves no trace.
		admin.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": ids[0], "remark": "更密"}}}).Want(200)
		if a, z := len(admin.Get(path+"/timeline").Items()), len(zhang.Get(path+"/timeline").Items()); a != z+1 {
			t.Errorf("history has %d entries, for him %d", a, z)
		}

		mine := admin.Post("/records/crm.customer", object{"name": "乙公司", "owner": id.ID(wang).String(), "addresses": []object{{"consignee": "a", "address": "b"}}}).Want(201)
		c.As("wang").With("If-Match", "*").Patch("/records/crm.customer/"+mine.Str("id"), object{"addresses": []object{}}).Want(403)
	})
}

// The history of a record tells what happened to its lines, and undo brings
// every change of them back exactly; the record's version rises.
func TestLinesInHistoryAndUndo(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		made := admin.Post("/records/crm.customer", object{"name": "甲公司", "addresses": []object{
			{"consignee": "张三", "address": "一号"}, {"consignee": "李四", "address": "二号"}, {"consignee": "王五", "address": "三号"}}}).Want(201)
		path := "/records/crm.customer/" + made.Str("id")
		ids := wantLines(t, made, "addresses", "张三/一号", "李四/二号", "王五/三号")
		changed := admin.With("If-Match", "*").Patch(path, object{"fax": "5", "addresses": []object{
			{"id": ids[2]}, {"consignee": "赵六", "address": "四号"}, {"id": ids[0], "address": "一号乙"}}}).Want(200)
		first := admin.Get(path + "/timeline").Want(200).Items()[0]
		kinds := map[string]string{}
		for _, x := range first["lines"].([]any) {
			l := x.(object)
			kinds[fmt.Sprint(l["label"])] = fmt.Sprint(l["kind"])
			if l["label"] == "张三" {
				change := l["changes"].([]any)[0].(object)
				if change["from"] != "一号" || change["to"] != "一号乙" {
					t.Errorf("change %v", change)
				}
			}
		}
		if kinds["李四"] != "delete" || kinds["赵六"] != "create" || kinds["张三"] != "update" || len(first["changes"].([]any)) != 1 {
			t.Errorf("history %v %v", kinds, first)
		}
		back := admin.Post("/changesets/"+changed.Str("changeset")+"/undo", nil).Want(200)
		r := admin.Get(path).Want(200)
		if got := wantLines(t, r, "addresses", "张三/一号", "李四/二号", "王五/三号"); !slices.Equal(got, ids) || r.Str("fax") != "" || r.Str("version") != "3" {
			t.Errorf("undone %s to %s", back.Body, r.Body)
		}
		// The undo taken back.
		admin.Post("/changesets/"+back.Str("changeset")+"/undo", nil).Want(200)
		wantLines(t, admin.Get(path).Want(200), "addresses", "王五/三号", "赵六/四号", "张三/一号乙")

		// A line that changed again stays, the others go back; only lines changed,
		// and the version still rises.
		_, now := lines(admin.Get(path), "addresses", "id")
		both := admin.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": now[0], "address": "A"}, {"id": now[1], "address": "B"}, {"id": now[2]}}}).Want(200)
		admin.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": now[0], "address": "AA"}, {"id": now[1]}, {"id": now[2]}}}).Want(200)
		before := admin.Get(path).Str("version")
		if u := admin.Post("/changesets/"+both.Str("changeset")+"/undo", nil).Want(200); u.Str("undone") != "1" || u.Str("conflicts.0.label") != "王五" {
			t.Errorf("undo %s", u.Body)
		}
		r = admin.Get(path).Want(200)
		wantLines(t, r, "addresses", "王五/AA", "赵六/四号", "张三/一号乙")
		if r.Str("version") == before {
			t.Error("the version did not rise")
		}
	})
}

// Lines go to the recycle bin with their record and come back with it; a record
// taken back by undo takes them along.
func TestLinesAreDeletedAndRestoredWithTheirRecord(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		made := admin.Post("/records/crm.customer", object{"name": "甲公司", "addresses": []object{{"consignee": "a", "address": "1"}, {"consignee": "b", "address": "2"}},
			"invoice_titles": []object{{"title": "甲公司", "tax_no": "91350100m000100y43"}}}).Want(201)
		if made.Str("invoice_titles.0.tax_no") != "91350100M000100Y43" {
			t.Errorf("derived %s", made.Body)
		}
		path := "/records/crm.customer/" + made.Str("id")
		_, ids := lines(made, "addresses", "id")
		admin.With("If-Match", "*").Patch(path, object{"addresses": []object{{"id": ids[1]}}}).Want(200)
		admin.With("If-Match", "*").Do("DELETE", path, nil).Want(200)
		if n := admin.Get("/records/crm.customer_address").Items(); len(n) != 0 {
			t.Errorf("left behind: %v", n)
		}
		if n := admin.Get("/records/crm.customer_address?deleted=true").Want(200).Items(); len(n) != 0 {
			t.Errorf("lines in the bin: %v", n)
		}
		admin.Post(path+"/restore", nil).Want(200)
		wantLines(t, admin.Get(path).Want(200), "addresses", "b/2")
		again := admin.With("If-Match", "*").Do("DELETE", path, nil).Want(200)
		admin.Post("/changesets/"+again.Str("changeset")+"/undo", nil).Want(200)
		wantLines(t, admin.Get(path).Want(200), "addresses", "b/2")

		fresh := admin.Post("/records/crm.customer", object{"name": "乙公司", "addresses": []object{{"consignee": "a", "address": "1"}}}).Want(201)
		if u := admin.Post("/changesets/"+fresh.Str("changeset")+"/undo", nil).Want(200); u.Str("undone") != "2" {
			t.Errorf("undo %s", u.Body)
		}
		admin.Get("/records/crm.customer/" + fresh.Str("id")).Want(404)
	})
}

// Custom fields and roll-ups made at run time work on lines as anywhere.
func TestCustomFieldsOnLines(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		field := func(entity string, body object) {
			t.Helper()
			admin.Post("/customize/entities/"+entity+"/fields", body).Want(201)
		}
		const line = "crm.customer_address"
		field(line, object{"key": "fee", "type": "money", "label": zh("运费")})
		field(line, object{"key": "boxes", "type": "number", "label": zh("箱数")})
		field(line, object{"key": "cost", "type": "formula", "label": zh("小计"), "settings": object{"formula": "fee * boxes", "result": "money"}})
		field(line, object{"key": "labels", "type": "choice", "label": zh("标签"), "settings": object{"many": true, "options": []object{{"code": "a", "label": zh("甲")}, {"code": "b", "label": zh("乙")}}}})
		field(line, object{"key": "note", "type": "long_text", "label": zh("说明")})
		field("crm.customer", object{"key": "costs", "type": "rollup", "label": zh("合计"), "settings": object{"rollup": object{"entity": line, "via": "parent", "op": "sum", "field": "fee"}}})
		admin.Post("/customize/entities/crm.customer/fields", object{"key": "addresses", "type": "text", "label": zh("重名")}).Want(409)

		list := []object{{"consignee": "a", "address": "1", "fee": "10.50", "boxes": 3, "labels": []string{"b", "a"}, "note": "长"}, {"consignee": "b", "address": "2", "fee": "1", "boxes": 1}}
		p := admin.Post("/records/crm.customer/preview", object{"values": object{"name": "甲公司", "addresses": list}}).Want(200)
		if p.Str("values.addresses.0.cost") != "31.50" || p.Str("values.costs") != "11.50" {
			t.Errorf("preview %s", p.Body)
		}
		made := admin.Post("/records/crm.customer", object{"name": "甲公司", "addresses": list}).Want(201)
		if made.Str("costs") != "11.50" || made.Str("addresses.0.cost") != "31.50" || made.Str("addresses.0.labels.0") != "b" || made.Str("addresses.0.note") != "长" {
			t.Errorf("made %s", made.Body)
		}
		_, ids := lines(made, "addresses", "id")
		r := admin.With("If-Match", "*").Patch("/records/crm.customer/"+made.Str("id"), object{"addresses": []object{{"id": ids[0], "fee": "2"}}}).Want(200)
		if r.Str("costs") != "2.00" || r.Str("addresses.0.cost") != "6.00" || r.Str("addresses.0.note") != "长" {
			t.Errorf("changed %s", r.Body)
		}
	})
}

// Of many who save lists over one version one wins, and no line is lost or
// doubled by those who save over any.
func TestRacesOverLines(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		path := "/records/crm.customer/" + admin.Post("/records/crm.customer", object{"name": "甲公司"}).Want(201).Str("id")
		list := func(i int) object {
			return object{"addresses": []object{{"consignee": fmt.Sprint(i), "address": "x"}, {"consignee": fmt.Sprint(i), "address": "y"}}}
		}
		got := race(10, func(i int) company.Reply { return admin.With("If-Match", `"v1"`).Patch(path, list(i)) })
		if got[200] != 1 || got[412] != 9 {
			t.Errorf("over a version: %v", got)
		}
		if got = race(10, func(i int) company.Reply { return admin.With("If-Match", "*").Patch(path, list(i)) }); got[200] != 10 {
			t.Errorf("over any: %v", got)
		}
		texts, _ := lines(admin.Get(path), "addresses", "consignee", "address")
		if len(texts) != 2 || texts[0][0] != texts[1][0] {
			t.Errorf("lines of two writers: %q", texts)
		}
	})
}
