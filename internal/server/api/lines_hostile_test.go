package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Nobody learns of another's lines by a side door.
func TestLinesBySideDoors(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		dept := c.Dept("销售部", 0)
		role := c.Role("seller", sales(), access.FieldGrant{Entity: "crm.customer_address", Field: "remark", Level: schema.Hidden},
			access.FieldGrant{Entity: "crm.customer_address", Field: "phone", Level: schema.Masked}, access.FieldGrant{Entity: "crm.customer", Field: "fax", Level: schema.Hidden})
		zhangID := c.Member(company.Person{Login: "zhang", Dept: dept, Roles: []int64{role}})
		liID := c.Member(company.Person{Login: "li", Dept: dept, Roles: []int64{role}})
		zhang, li, admin := c.As("zhang"), c.As("li"), c.As("admin")
		force := zhang.With("If-Match", "*")
		made := admin.Post("/records/crm.customer", object{"name": "甲公司", "fax": "77665544", "owner": id.ID(zhangID).String(), "addresses": []object{
			{"consignee": "收货人王麻子", "address": "秘密大街一号", "phone": "13812345678", "remark": "绝密暗号"}, {"consignee": "b", "address": "二"}}}).Want(201)
		path := "/records/crm.customer/" + made.Str("id")
		_, ids := lines(made, "addresses", "id")
		line := "/records/crm.customer_address/" + ids[0]
		see := func(who string, r company.Reply, words ...string) {
			t.Helper()
			for _, w := range words {
				if strings.Contains(string(r.Body), w) {
					t.Errorf("%s tells %s: %s", who, w, r.Body)
				}
			}
		}
		secret := []string{"王麻子", "秘密", "12345678", "绝密"}
		see("search", li.Get("/search?fresh=true&q="+"%E7%8E%8B%E9%BA%BB%E5%AD%90"), secret...)
		see("own search hidden", zhang.Get("/search?fresh=true&q=%E7%BB%9D%E5%AF%86%E6%9A%97%E5%8F%B7"), ids[0], "绝密", made.Str("id"))
		see("own search", zhang.Get("/search?fresh=true&q=%E7%8E%8B%E9%BA%BB%E5%AD%90"), "12345678", "绝密")
		see("timeline", li.Get(line+"/timeline"), secret...)
		see("own line timeline", zhang.Get(line+"/timeline"), "12345678", "绝密", "remark")
		see("related", li.Get(line+"/related"), secret...)
		see("aggregate", li.Post("/records/crm.customer_address/aggregate", object{"group": []string{"consignee"}, "measures": []string{"count"}}), secret...)
		see("aggregate hidden", zhang.Post("/records/crm.customer_address/aggregate", object{"group": []string{"remark"}, "measures": []string{"count"}}), secret[2:]...)
		see("aggregate masked", zhang.Post("/records/crm.customer_address/aggregate", object{"group": []string{"phone"}, "measures": []string{"count"}}), secret[2:]...)
		see("filter path hidden", zhang.Get("/records/crm.customer_address?"+filter(`parent.fax == "77665544"`)), "王麻子")
		see("filter hidden", zhang.Get("/records/crm.customer_address?"+filter(`remark contains "绝密"`)), "王麻子")
		see("filter masked", zhang.Get("/records/crm.customer_address?"+filter(`phone contains "1234"`)), "王麻子")
		see("list expand", zhang.Get("/records/crm.customer_address?expand=parent"), "77665544", "绝密", "12345678")
		see("list fields", zhang.Get("/records/crm.customer_address?fields=parent.fax"), "77665544")
		see("list fields lines", zhang.Get("/records/crm.customer?fields=addresses"), "绝密")
		see("expand lines", zhang.Get(path+"?expand=addresses"), "绝密", "12345678")
		see("customer filter lines", zhang.Get("/records/crm.customer?"+filter(`addresses.remark == "绝密暗号"`)), made.Str("id"))
		see("sort hidden", zhang.Get("/records/crm.customer_address?sort=remark"), "王麻子")
		see("export", zhang.Post("/records/crm.customer_address/export", object{"format": "csv", "filter": ""}), "绝密", "12345678")
		see("412", zhang.With("If-Match", `"v9"`).Patch(path, object{"addresses": []object{}}), "绝密", "12345678", "77665544")
		see("409", zhang.Patch(path, object{"version": 9, "addresses": []object{}}), "绝密", "12345678", "77665544")
		see("428", zhang.Patch(path, object{"addresses": []object{}}), "绝密", "12345678")
		see("preview", zhang.Post("/records/crm.customer/preview", object{"id": made.Str("id"), "values": object{"addresses": []object{{"id": ids[0], "address": "x"}}}}), "绝密", "12345678", "77665544")
		see("preview of another's", li.Post("/records/crm.customer/preview", object{"id": made.Str("id"), "values": object{"addresses": []object{{"id": ids[0], "address": ""}}}}), secret...)
		liOwn := li.Post("/records/crm.customer", object{"name": "乙公司", "addresses": []object{{"consignee": "c", "address": "d"}}}).Want(201)
		liPath := "/records/crm.customer/" + liOwn.Str("id")
		see("steal", li.With("If-Match", "*").Patch(liPath, object{"addresses": []object{{"id": ids[0], "address": "x"}}}), secret...)
		see("steal at creation", li.Post("/records/crm.customer", object{"name": "丙公司", "addresses": []object{{"id": ids[0]}}}), secret...)
		see("parent given", li.With("If-Match", "*").Patch(liPath, object{"addresses": []object{{"consignee": "c", "address": "d", "parent": made.Str("id")}}}), secret...)
		see("twice", force.Patch(path, object{"addresses": []object{{"id": ids[0]}, {"id": ids[0]}}}).Want(422), "绝密")
		see("line version", force.Patch(path, object{"addresses": []object{{"id": ids[0], "version": 1}, {"id": ids[1], "version": 77}}}), "绝密")
		many := make([]object, 1001)
		for i := range many {
			many[i] = object{"consignee": fmt.Sprint(i), "address": "x"}
		}
		force.Patch(path, object{"addresses": many}).Want(422)
		for i, odd := range []any{"x", 1, true, object{"a": 1}, []any{nil}, []any{1}, []any{[]any{}}, []object{{"id": 5}}, []object{{"id": "zzz"}}, []object{{"id": object{}}}, []object{{"id": nil, "consignee": "q", "address": nil}}} {
			if r := force.Patch(path, object{"addresses": odd}); r.Status >= 500 || r.Status < 400 {
				t.Errorf("odd %d: %d %s", i, r.Status, r.Body)
			}
		}
		see("transfer", admin.With("If-Match", "*").Patch(path, object{"owner": id.ID(liID).String()}).Want(200))
		see("after transfer", zhang.Get(line), secret...)
		see("after transfer search", zhang.Get("/search?fresh=true&q=%E7%8E%8B%E9%BA%BB%E5%AD%90"), secret...)
		see("after transfer li", li.Get(line).Want(200), "绝密", "12345678")
		see("after transfer history", zhang.Get(line+"/timeline"), secret...)
		del := admin.With("If-Match", "*").Do("DELETE", path, nil).Want(200)
		see("deleted: line", li.Get(line), secret...)
		see("deleted: timeline", li.Get(line+"/timeline"), secret...)
		see("deleted: search", li.Get("/search?fresh=true&q=%E7%8E%8B%E9%BA%BB%E5%AD%90"), secret...)
		see("deleted: undo by another", zhang.Post("/changesets/"+del.Str("changeset")+"/undo", nil), secret...)
		see("audit", li.Get("/audit"), secret...)
	})
}

// More lines than a list may hold can come back by undo; they are still one list.
func TestUndoBeyondTheMostLines(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		c := company.Open(t, company.Options{})
		admin := c.As("admin").With("If-Match", "*")
		many := make([]object, 1000)
		for i := range many {
			many[i] = object{"consignee": fmt.Sprint(i), "address": "x"}
		}
		made := admin.Post("/records/crm.customer", object{"name": "甲公司", "addresses": many}).Want(201)
		path := "/records/crm.customer/" + made.Str("id")
		gone := admin.Patch(path, object{"addresses": []object{}}).Want(200)
		admin.Patch(path, object{"addresses": many[:5]}).Want(200)
		admin.Post("/changesets/"+gone.Str("changeset")+"/undo", nil).Want(200)
		_, ids := lines(admin.Get(path).Want(200), "addresses", "id")
		admin.Do("DELETE", path, nil).Want(200)
		if n := admin.Get("/records/crm.customer_address").Want(200).Items(); len(n) != 0 {
			t.Errorf("left behind: %d", len(n))
		}
		admin.Post(path+"/restore", nil).Want(200)
		if _, back := lines(admin.Get(path).Want(200), "addresses", "id"); len(back) != len(ids) {
			t.Errorf("%d came back of %d", len(back), len(ids))
		}
		r := admin.Patch(path, object{"addresses": []object{}}).Want(200)
		if got, _ := lines(r, "addresses", "id"); len(got) != 0 {
			t.Errorf("emptied, %d stay", len(got))
		}
	})
}
