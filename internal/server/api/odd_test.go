package api_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// A choice of no fields is a choice of its own: it does not become everybody's list.
func TestNoFieldsIsNotTheListsColumns(t *testing.T) {
	c := company.Open(t, company.Options{})
	admin := c.As("admin")
	admin.Post("/records/crm.customer", map[string]any{"name": "甲公司"}).Want(201)
	if r := admin.Post("/records/crm.customer/query", map[string]any{"fields": []string{}}).Want(200); r.Str("items.0.id") == "" || r.Str("items.0.name") != "" {
		t.Errorf("no fields: %s", r.Body)
	}
	if r := admin.Get("/records/crm.customer").Want(200); r.Str("items.0.name") != "甲公司" {
		t.Errorf("the list after it: %s", r.Body)
	}
}

// Every order can be paged through, whatever it sorts by: nothing comes twice, nothing is left out.
func TestEveryOrderPages(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		role := c.Role("seller", sales())
		for _, login := range []string{"zhang", "li", "wang"} {
			c.Member(company.Person{Login: login, Roles: []int64{role}})
		}
		top := admin.Post("/records/crm.customer", map[string]any{"name": "总公司"}).Want(201).Str("id")
		for i, login := range []string{"zhang", "li", "wang", "zhang", "li"} {
			body := map[string]any{"name": fmt.Sprintf("公司%d", i), "owner": c.As(login).Get("/me").Str("me.id")}
			if i%2 == 0 {
				body["parent"], body["amount"], body["next_follow_on"], body["region"], body["phone"] = top, fmt.Sprint(i), "2026-01-0"+fmt.Sprint(i+1), "310101", "1380000000"+fmt.Sprint(i)
			}
			admin.Post("/records/crm.customer", body).Want(201)
		}
		for _, f := range admin.Get("/meta").Want(200).JSON()["entities"].(map[string]any)["crm.customer"].(map[string]any)["fields"].([]any) {
			field, _ := f.(map[string]any)
			if field["sortable"] != true {
				continue
			}
			for _, sign := range []string{"", "-"} {
				order := sign + fmt.Sprint(field["key"])
				seen := map[string]bool{}
				var whole, paged []string
				for _, it := range admin.Get("/records/crm.customer?fields=name&sort=" + order).Want(200).Items() {
					whole = append(whole, fmt.Sprint(it["name"]))
				}
				for cursor := ""; ; {
					r := admin.Get("/records/crm.customer?limit=1&fields=name&sort=" + order + "&cursor=" + cursor).Want(200)
					name := r.Str("items.0.name")
					if seen[name] {
						t.Errorf("sort=%s: %s comes twice", order, name)
						break
					}
					seen[name] = true
					paged = append(paged, name)
					if cursor = r.Str("next"); cursor == "" {
						break
					}
				}
				if fmt.Sprint(whole) != fmt.Sprint(paged) {
					t.Errorf("sort=%s: whole %v, page by page %v", order, whole, paged)
				}
			}
		}
	})
}

// What is wrong in a request is the caller's to know, not an accident of ours.
func TestOddInputIsRefusedPlainly(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		for i := range 3 {
			admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprintf("公司%d", i), "amount": fmt.Sprint(i)}).Want(201)
		}
		list := "/records/crm.customer?"
		forged := func(order, from, to string) string {
			next := admin.Get(list + "limit=1&sort=" + order).Want(200).Str("next")
			raw, err := base64.RawURLEncoding.DecodeString(next)
			if err != nil {
				t.Fatal(err)
			}
			return "limit=1&sort=" + order + "&cursor=" + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), from, to, 1)))
		}
		for what, p := range map[string]string{
			"text for a number":   list + forged("amount", "i0", "txx"),
			"number for a text":   list + forged("name", "\x1ft", "\x1fi7\x1ft")[:40],
			"zero byte in cursor": list + forged("name", "\x1ft", "\x1ft\x00"),
			"zero byte":           list + filter("name == \"a\x00b\""),
			"zero byte contains":  list + filter("name contains \"a\x00b\""),
			"zero byte phone":     list + filter("phone == \"1\x0038\""),
			"broken text":         list + "filter=name+%3D%3D+%22%ff%22",
			"broken search":       list + "q=%ff%00x",
			"broken search all":   "/search?q=%ff%00x",
			"broken field":        list + "fields=%ff",
			"broken sort":         list + "sort=%00",
			"broken views":        "/views?entity=%00",
			"empty field":         list + "fields=,",
			"empty sort":          list + "sort=,",
			"id too large":        "/records/crm.customer/zzzzzzzzzzzzz",
			"limit":               list + "limit=99999999999999999999",
			"long":                list + "filter=" + url.QueryEscape(strings.Repeat("(", 5000)),
			"many":                list + "filter=" + url.QueryEscape("name == \"a\""+strings.Repeat(" or name == \"b\"", 900)),
		} {
			if r := admin.Get(p); r.Status >= 500 {
				t.Errorf("%s: status %d: %.300s", what, r.Status, r.Body)
			}
		}
		deep := strings.Repeat(`{"not":`, 100_000) + `{}` + strings.Repeat(`}`, 100_000)
		for what, r := range map[string]company.Reply{
			"deep filter":    admin.Post("/records/crm.customer/query", `{"filter":`+deep+`}`),
			"deep value":     admin.Post("/records/crm.customer", `{"name":`+strings.Repeat("[", 1_000_000)+strings.Repeat("]", 1_000_000)+`}`),
			"deep view":      admin.Post("/views", map[string]any{"entity": "crm.customer", "name": "x", "filter": strings.Repeat("(", 1_000_000)}),
			"zero name":      admin.Post("/records/crm.customer", map[string]any{"name": "a\x00b"}),
			"zero filter":    admin.Post("/records/crm.customer/query", "{\"filter\":{\"field\":\"name\",\"op\":\"==\",\"value\":\"a\\u0000\"}}"),
			"zero search":    admin.Post("/records/crm.customer/query", "{\"q\":\"a\\u0000\"}"),
			"forged key":     admin.Post("/records/crm.customer/query", "{\"cursor\":\"a\\u0000\"}"),
			"zero view":      admin.Post("/views", map[string]any{"entity": "crm.customer", "name": "a\x00b"}),
			"zero entity":    admin.Post("/views", map[string]any{"entity": "\x00", "name": "ab"}),
			"zero login":     c.Anonymous().Post("/session", map[string]any{"login": "a\x00b", "password": "x"}),
			"zero field":     admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "zz", "type": "text", "label": map[string]string{"zh-CN": "a\x00"}}),
			"key not ascii":  admin.With("Idempotency-Key", "k\xff").Post("/records/crm.customer", map[string]any{"name": "x"}),
			"null body":      admin.Post("/records/crm.customer", "null"),
			"list body":      admin.Post("/records/crm.customer", "[]"),
			"no body":        admin.Post("/records/crm.customer", ""),
			"null fields":    admin.Post("/records/crm.customer/query", `{"fields":null,"sort":null,"filter":null,"limit":null,"cursor":null}`),
			"odd sort":       admin.Post("/records/crm.customer/query", `{"sort":[{}]}`),
			"null aggregate": admin.Post("/records/crm.customer/aggregate", `{"group":null,"measures":null}`),
			"measure":        admin.Post("/records/crm.customer/aggregate", `{"group":[],"measures":["sum"]}`),
			"negative match": admin.With("If-Match", `"v-1"`).Patch("/records/crm.customer/0000000000001", map[string]any{"name": "x"}),
			"bulk nothing":   admin.Post("/records/crm.customer/bulk", `{"op":"update","ids":["x"]}`),
			"bulk twice":     admin.Post("/records/crm.customer/bulk", `{"op":"delete","ids":["0000000000001","0000000000001"]}`),
			"bulk null":      admin.Post("/records/crm.customer/bulk", `{"op":"create","items":[null,1,"x",[]]}`),
			"lists":          admin.Post("/records/crm.customer", `{"name":"x","phones":{"add":null},"tags":[null],"attachments":{}}`),
		} {
			if r.Status >= 500 {
				t.Errorf("%s: status %d: %.300s", what, r.Status, r.Body)
			}
		}
	})
}

// A list's own order by a field that somebody may not see is left out for him.
func TestListOfOneWhoMayNotSeeItsOrder(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("clerk", sales(), access.FieldGrant{Entity: "org.department", Field: "order_no", Level: schema.Hidden})
		c.Member(company.Person{Login: "clerk", Roles: []int64{role}})
		c.Dept("销售部", 0)
		if n := len(c.As("clerk").Get("/records/org.department").Want(200).Items()); n != 1 {
			t.Errorf("%d departments", n)
		}
	})
}

// The number of guesses at a masked number is counted however it is written.
func TestGuessesAreCountedHoweverWritten(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("clerk", sales(), access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: schema.Masked})
		for what, ask := range map[string]func(k *company.Client, i int) company.Reply{
			"wide": func(k *company.Client, i int) company.Reply {
				return k.Get("/records/crm.customer?q=" + url.QueryEscape(strings.Map(func(r rune) rune { return r - '0' + '０' }, fmt.Sprintf("%04d", i))))
			},
			"list": func(k *company.Client, i int) company.Reply {
				var list []string
				for n := range 50 {
					list = append(list, fmt.Sprintf(`"138%08d"`, i*50+n))
				}
				return k.Get("/records/crm.customer?" + filter("phone in ("+strings.Join(list, ", ")+")"))
			},
		} {
			c.Member(company.Person{Login: what, Roles: []int64{role}})
			limited := false
			for i := range 70 {
				limited = limited || ask(c.As(what), i).Status == 429
				if what == "list" && i == 1 && !limited {
					t.Error("a hundred comparisons in two questions are not limited")
				}
			}
			if !limited {
				t.Errorf("%s: not limited", what)
			}
		}
	})
}
