package api_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/post"
)

// Every route is called until it succeeds once, and its answer is what the
// OpenAPI document says (the client of the tests checks that).
func TestEveryRouteSucceedsAsDocumented(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		done := map[string]bool{}
		call := func(want int, method, route, path string, body any, k *company.Client) company.Reply {
			t.Helper()
			done[method+" "+route] = true
			return k.Do(method, path, body).Want(want)
		}
		at := func(want int, method, path string, body any) company.Reply {
			t.Helper()
			return call(want, method, path, path, body, admin)
		}
		for _, p := range []string{"/health", "/health/detail", "/setup", "/session", "/me", "/me/sessions", "/me/keys", "/meta", "/meta/regions", "/meta/types",
			"/openapi.json", "/changesets", "/settings", "/company", "/backups", "/customize/entities", "/search", "/views", "/me/desk"} {
			at(200, "GET", p, nil)
		}
		sweepAccount(t, c, call)
		sweepRecords(t, admin, call)
		sweepDesk(t, admin, call)
		sweepTransfer(t, admin, call)
		sweepCustomize(t, admin, call)
		sweepPeople(t, c, call)
		sweepSettings(t, c, call)
		if l := admin.Listen(); l.Status == http.StatusOK {
			done["GET /events"] = true
		}
		done["POST /setup"] = true // opens every test; TestSetupOverHTTP
		for _, r := range api.New(api.Options{}).Routes() {
			if name := r.Method + " " + r.Path; !done[name] {
				t.Errorf("%s was not called", name)
			}
		}
	})
}

type caller func(want int, method, route, path string, body any, k *company.Client) company.Reply

func sweepAccount(t *testing.T, c *company.Company, call caller) {
	t.Helper()
	c.Member(company.Person{Login: "zhang"})
	zhang := c.As("zhang")
	in := call(200, "POST", "/session", "/session", map[string]any{"login": "zhang", "password": company.Password}, c.Anonymous())
	cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
	browser := c.Anonymous().With("Cookie", cookie)
	call(200, "PATCH", "/me", "/me", map[string]any{"name": "张"}, zhang)
	call(204, "POST", "/me/password", "/me/password", map[string]any{"old": company.Password, "new": "Otter-lamp-77-cloud"}, browser)
	call(200, "POST", "/session", "/session", map[string]any{"login": "zhang", "password": "Otter-lamp-77-cloud"}, c.Anonymous())
	sessions := zhang.Get("/me/sessions").Want(200).Items()
	if len(sessions) == 0 {
		t.Fatal("no sessions")
	}
	call(204, "DELETE", "/me/sessions/{id}", fmt.Sprint("/me/sessions/", sessions[0]["id"]), nil, zhang)
	key := call(201, "POST", "/me/keys", "/me/keys", map[string]any{"name": "脚本", "scope": map[string]any{"read_only": true}, "expires_at": "2099-01-01T00:00:00Z"}, zhang).Str("id")
	zhang.Get("/me/keys").Want(200)
	call(204, "DELETE", "/me/keys/{id}", "/me/keys/"+key, nil, zhang)
	again := c.Anonymous().Post("/session", map[string]any{"login": "zhang", "password": "Otter-lamp-77-cloud"}).Want(200)
	cookie, _, _ = strings.Cut(again.Header.Get("Set-Cookie"), ";")
	call(204, "DELETE", "/session", "/session", nil, c.Anonymous().With("Cookie", cookie))
}

// sweepPeople calls what administrators do with members and roles.
func sweepPeople(t *testing.T, c *company.Company, call caller) {
	t.Helper()
	admin := c.As("admin")
	call(200, "GET", "/members/access", "/members/access", nil, admin)
	made := admin.Post("/records/org.member", map[string]any{"name": "新人", "login": "xinren"}).Want(201).Str("id")
	link := call(201, "POST", "/members/{id}/link", "/members/"+made+"/link", nil, admin).Str("token")
	call(200, "POST", "/session/link/look", "/session/link/look", map[string]any{"token": link}, c.Anonymous())
	call(200, "POST", "/session/link", "/session/link", map[string]any{"token": link, "password": "Otter-lamp-77-cloud"}, c.Anonymous())
	role := admin.Post("/records/org.role", map[string]any{"name": "试用"}).Want(201).Str("id")
	rights := map[string]any{"grants": []map[string]any{{"entity": "crm.customer", "operation": "read", "scope": "own", "departments": []string{}, "deny": false}},
		"fields": []map[string]any{{"entity": "crm.customer", "field": "phone", "level": "masked"}}}
	call(200, "POST", "/roles/{id}/rights", "/roles/"+role+"/rights", rights, admin)
	call(200, "GET", "/roles/{id}/rights", "/roles/"+role+"/rights", nil, admin)
}

// sweepSettings calls what administrators do with the company's settings.
func sweepSettings(t *testing.T, c *company.Company, call caller) {
	t.Helper()
	admin := c.As("admin")
	const pictures = "/settings/pictures/{name}"
	logo := picture(t, 64, 32, func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) })
	call(200, "POST", pictures, "/settings/pictures/logo", logo, admin)
	call(200, "GET", pictures, "/settings/pictures/logo", nil, admin)
	call(200, "GET", "/company/logo", "/company/logo", nil, c.Anonymous())
	call(200, "DELETE", pictures, "/settings/pictures/logo", nil, admin)
	box := post.Start(t, post.Options{Rcpt: func(to string) error {
		if to == "full@example.org" {
			return &smtp.SMTPError{Code: 550, Message: "full"}
		}
		return nil
	}})
	server := map[string]any{"host": "127.0.0.1", "port": box.Port, "security": "none", "sender": "crm@example.com", "private": true}
	call(200, "PATCH", "/settings/mail", "/settings/mail", server, admin)
	call(200, "GET", "/settings/mail", "/settings/mail", nil, admin)
	server["to"] = "boss@example.org"
	call(204, "POST", "/settings/mail/test", "/settings/mail/test", server, admin)
	admin.Patch("/settings", map[string]any{"page_url": "https://crm.example.com"}).Want(200)
	full := admin.Post("/records/org.member", map[string]any{"name": "满", "login": "man", "email": "full@example.org"}).Want(201).Str("id")
	call(202, "POST", "/members/{id}/mail", "/members/"+full+"/mail", nil, admin)
	stuck := fmt.Sprint(letterIn(t, admin, "failed")["id"])
	call(200, "GET", "/settings/mail/letters", "/settings/mail/letters", nil, admin)
	call(200, "POST", "/settings/mail/letters/{id}/retry", "/settings/mail/letters/"+stuck+"/retry", nil, admin)
	call(204, "POST", "/session/forgot", "/session/forgot", map[string]any{"login": "man"}, c.Anonymous())
	c.Member(company.Person{Login: "renew"})
	call(200, "POST", "/session/renew", "/session/renew", map[string]any{"login": "renew", "password": company.Password, "new": "Otter-lamp-77-cloud"}, c.Anonymous())
}

func sweepRecords(t *testing.T, admin *company.Client, call caller) {
	t.Helper()
	const all, one = "/records/{entity}", "/records/{entity}/{id}"
	to := func(route, id string) string {
		return strings.NewReplacer("{entity}", "crm.customer", "{id}", id, "{name}", "transfer").Replace(route)
	}
	me := admin.Get("/me").Str("me.id")
	whatever := admin.With("If-Match", "*")
	full := map[string]any{"name": "上海甲公司", "phone": "13812345678", "phones": []string{"10086"}, "tags": []string{"key"}, "amount": "1.5", "employees": 12, "region": "310000",
		"next_follow_on": "2026-01-05", "source_created_at": "2026-01-05T01:02:03Z", "remark": "备注", "website": "example.com", "email": "a@example.com"}
	id := call(201, "POST", all, to(all, ""), full, admin).Str("id")
	twin := admin.Post(to(all, ""), map[string]any{"name": "上海甲有限公司", "parent": id}).Want(201)
	if twin.Str("duplicates.0.id") != id {
		t.Errorf("no duplicates in %s", twin.Body)
	}
	call(200, "GET", all, to(all, "")+"?count=true&expand=owner,parent&fields=name,owner,parent,tags,phones&limit=1", nil, admin)
	call(200, "GET", one, to(one, id), nil, admin)
	call(200, "PATCH", one, to(one, id), map[string]any{"status": "won", "amount": nil}, whatever)
	call(200, "GET", one+"/related", to(one+"/related", id), nil, admin)
	call(200, "GET", one+"/timeline", to(one+"/timeline", id), nil, admin)
	call(200, "POST", one+"/actions/{name}", to(one+"/actions/{name}", id), map[string]any{"owner": me}, whatever)
	pool := admin.Post("/records/crm.pool", map[string]any{"name": "线索池", "idle_days": 7}).Want(201).Str("id")
	call(200, "POST", "/reports/{entity}/{report}", "/reports/finance.instalment/ageing", map[string]any{"date": "2030-01-05"}, admin)
	call(200, "POST", "/reports/{entity}/{report}/{format}", "/reports/finance.instalment/ageing/xlsx", map[string]any{"date": "2030-01-05"}, admin)
	call(200, "POST", one+"/questions/{question}", "/records/crm.pool/"+pool+"/questions/preview", map[string]any{"as_of": "2030-01-05"}, admin)
	call(200, "DELETE", one, to(one, id), nil, whatever)
	if bin := admin.Get(to(all, "") + "?deleted=true&fields=name,deleted_at,deleted_by").Want(200); bin.Str("items.0.id") != id || bin.Str("items.0.deleted_by.id") != me {
		t.Errorf("the bin: %s", bin.Body)
	}
	call(200, "POST", one+"/restore", to(one+"/restore", id), "{}", admin)
	call(200, "POST", all+"/bulk", to(all+"/bulk", ""), map[string]any{"op": "update", "ids": []string{id, "0000000000001"}, "patch": map[string]any{"level": "a"}}, admin)
	call(200, "POST", all+"/bulk/preview", to(all+"/bulk/preview", ""), map[string]any{"op": "update", "filter": "", "q": "上海", "patch": map[string]any{"level": "a"}}, admin)
	call(200, "POST", all+"/query", to(all+"/query", ""), map[string]any{"filter": map[string]any{"field": "status", "op": "==", "value": "won"}, "count": true}, admin)
	call(200, "POST", all+"/board", to(all+"/board", ""), map[string]any{"by": "status", "measures": []string{"sum:amount"}, "filter": "amount is not null"}, admin)
	call(200, "POST", all+"/aggregate", to(all+"/aggregate", ""), map[string]any{"group": []string{"owner", "created_at:month"}, "measures": []string{"count", "sum:amount"}}, admin)
	call(200, "POST", all+"/preview", to(all+"/preview", ""), map[string]any{"values": map[string]any{"name": "上海甲公司", "email": "nobody"}}, admin)
	call(200, "POST", all+"/duplicates", to(all+"/duplicates", ""), map[string]any{"values": map[string]any{"name": "上海甲公司"}}, admin)
	if n := len(call(200, "GET", "/search", "/search?fresh=true&q=shanghai", nil, admin).Items()); n != 2 {
		t.Errorf("%d found", n)
	}
	// Every built-in entity is read as its schema says.
	for _, e := range []string{"org.member", "org.department", "org.position", "org.role", "org.grant", "org.field_right", "catalog.currency", "catalog.rate", "catalog.unit", "crm.contact", "crm.affiliation"} {
		for _, it := range admin.Get("/records/" + e).Want(200).Items() {
			admin.Get(fmt.Sprint("/records/", e, "/", it["id"])).Want(200)
		}
	}
}

func sweepDesk(t *testing.T, admin *company.Client, call caller) {
	t.Helper()
	view := map[string]any{"entity": "crm.customer", "name": "赢单", "filter": `status == "won"`, "sort": "-created_at", "columns": []string{"name"}}
	id := call(201, "POST", "/views", "/views", view, admin).Str("id")
	admin.Get("/views?entity=crm.customer").Want(200)
	call(200, "PATCH", "/views/{id}", "/views/"+id, view, admin)
	call(204, "DELETE", "/views/{id}", "/views/"+id, nil, admin)

	call(200, "PATCH", "/me/look", "/me/look", map[string]any{"theme": "dark"}, admin)
	mine := map[string]any{"entity": "org.member", "record": admin.Get("/me").Str("me.id")}
	call(204, "POST", "/me/starred", "/me/starred", mine, admin)
	call(204, "POST", "/me/seen", "/me/seen", mine, admin)
	admin.Get("/me/desk").Want(200)
	call(200, "POST", "/meta/spelling", "/meta/spelling", map[string]any{"texts": []string{"商机"}}, admin)

	file := call(201, "POST", "/files", "/files", "内容", admin.With("X-Filename", "a.txt").With("Content-Type", "text/plain")).Str("id")
	call(200, "GET", "/files/{id}", "/files/"+file, nil, admin)
	admin.With("Range", "bytes=0-2").Get("/files/" + file).Want(206)

	made := admin.Post("/records/crm.customer", map[string]any{"name": "附件公司", "attachments": []string{file}}).Want(201)
	if made.Str("attachments.0.name") != "a.txt" {
		t.Errorf("attachments %s", made.Body)
	}
	admin.Get("/changesets").Want(200)
	call(200, "POST", "/changesets/{id}/undo", "/changesets/"+made.Str("changeset")+"/undo", "{}", admin)

	call(200, "PATCH", "/settings", "/settings", map[string]any{"backup_keep": 3, "audit_keep": 365}, admin)
	stored := call(202, "POST", "/backup", "/backup", "{}", admin).Str("job")
	if j := ended(t, admin, "/jobs/"+stored); j.Str("state") != "done" {
		t.Fatalf("the backup: %s", j.Body)
	}
	name := admin.Get("/backups").Want(200).Str("items.0.name")
	call(200, "GET", "/backups/{name}", "/backups/"+name, nil, admin)
	drill := ended(t, admin, "/jobs/"+call(202, "POST", "/backups/{name}/drill", "/backups/"+name+"/drill", "{}", admin).Str("job"))
	if drill.Str("state") != "done" || drill.Str("result.tables") == "0" || drill.Str("result.name") != name {
		t.Errorf("the drill: %s", drill.Body)
	}
	admin.Get("/backups/nothing").Want(404)
	admin.Post("/backups/..%2Fguanxi.db/drill", "{}").Want(404)
	call(200, "POST", "/settings/recovery", "/settings/recovery", "{}", admin)
}

// sweepTransfer moves data in and out.
func sweepTransfer(t *testing.T, admin *company.Client, call caller) {
	t.Helper()
	var lines strings.Builder
	lines.WriteString("名称,电话\n")
	for i := range 50 {
		fmt.Fprintf(&lines, "导入公司%d,021-%08d\n", i, i)
	}
	file := admin.With("X-Filename", "customers.csv").With("Content-Type", "text/csv").Post("/files", lines.String()).Want(201).Str("id")
	body := map[string]any{"file": file, "key": []string{"name"}}
	call(200, "POST", "/import/{entity}/preview", "/import/crm.customer/preview", body, admin)
	job := call(202, "POST", "/import/{entity}", "/import/crm.customer", body, admin).Str("job")
	call(200, "GET", "/jobs/{id}", "/jobs/"+job, nil, admin)
	call(200, "GET", "/jobs", "/jobs?limit=10", nil, admin)
	drills := call(200, "GET", "/jobs", "/jobs?kind=drill", nil, admin).Items()
	if len(drills) != 1 || drills[0]["kind"] != "drill" {
		t.Errorf("jobs of one kind: %v", drills)
	}
	call(200, "POST", "/jobs/{id}/cancel", "/jobs/"+job+"/cancel", "{}", admin)
	call(200, "GET", "/import/{entity}/template", "/import/crm.customer/template", nil, admin)
	call(202, "POST", "/export/{entity}", "/export/crm.customer", map[string]any{"format": "xlsx", "fields": []string{"name"}}, admin)
	call(200, "GET", "/export/{entity}", "/export/crm.customer?format=csv&fields=name,phone", nil, admin)
}

// answered checks that the answer to a write is what reading the record then
// gives, and gives its id.
func answered(t *testing.T, c *company.Client, entity string, written company.Reply) string {
	t.Helper()
	id := written.Str("id")
	got, want := written.JSON(), c.Get("/records/"+entity+"/"+id).Want(200).JSON()
	for key, v := range want {
		if !reflect.DeepEqual(got[key], v) {
			t.Errorf("%s of %s: answered %v, read %v", key, entity, got[key], v)
		}
	}
	if len(want) == 0 || len(got) < len(want) {
		t.Errorf("%d fields of %s were answered, %d are read", len(got), entity, len(want))
	}
	return id
}

func sweepCustomize(t *testing.T, admin *company.Client, call caller) {
	t.Helper()
	const entities = "/customize/entities"
	name := entities + "/{name}"
	call(201, "POST", entities, entities, map[string]any{"name": "thing", "label": zh("东西"), "title": "name"}, admin)
	call(200, "PATCH", name, entities+"/x.thing", map[string]any{"icon": "star"}, admin)
	call(200, "GET", name, entities+"/x.thing", nil, admin)
	admin.Get(entities + "/crm.customer").Want(200)
	call(201, "POST", name+"/fields", entities+"/x.thing/fields", map[string]any{"key": "name", "type": "text", "label": zh("名称")}, admin)
	call(200, "PATCH", name+"/fields/{key}", entities+"/x.thing/fields/name", map[string]any{"label": zh("叫法")}, admin)
	// One field of every type, with a value and without one.
	options := map[string]any{"options": []map[string]any{{"code": "a", "label": zh("甲")}, {"code": "b", "label": zh("乙"), "parent": "a"}}}
	values := map[string]any{"name": "一个"}
	for typ, x := range map[string]struct {
		settings map[string]any
		value    any
	}{
		"long_text": {nil, "长\n文"}, "rich_text": {nil, "<p>长<strong>文</strong></p>"}, "number": {nil, 7}, "decimal": {nil, "1.250001"}, "money": {nil, "12.3456"}, "percent": {nil, "12.5"}, "date": {nil, "2026-02-28"},
		"time": {nil, "09:30:00"}, "instant": {nil, "2026-02-28T01:02:03.5Z"}, "switch": {nil, true}, "choice": {options, "a"}, "tree_choice": {options, "b"},
		"reference": {map[string]any{"target": "x.thing"}, nil}, "any_ref": {map[string]any{"targets": []string{"crm.customer", "x.thing"}}, nil},
		"member": {map[string]any{"many": true}, []string{admin.Get("/me").Str("me.id")}}, "department": {nil, nil}, "region": {nil, "310104"}, "phone": {nil, "021-55551234"},
		"email": {nil, "a@example.com"}, "url": {nil, "https://example.com/中"}, "file": {nil, nil}, "auto_number": {map[string]any{"number": map[string]any{"prefix": "T"}}, nil},
	} {
		if x.settings == nil {
			x.settings = map[string]any{}
		}
		key := typ
		if typ != "number" {
			key = "f_" + typ
		}
		if x.value != nil {
			values[key] = x.value
		}
		admin.Post(entities+"/x.thing/fields", map[string]any{"key": key, "type": typ, "label": zh(typ), "settings": x.settings}).Want(201)
	}
	admin.Post(entities+"/x.thing/fields", map[string]any{"key": "f_formula", "type": "formula", "label": zh("formula"), "settings": map[string]any{"formula": "number + 1", "result": "number"}}).Want(201)
	first := answered(t, admin, "x.thing", admin.Post("/records/x.thing", values).Want(201))
	second := answered(t, admin, "x.thing", admin.Post("/records/x.thing", map[string]any{"name": "另一个", "f_reference": first, "f_any_ref": map[string]any{"type": "x.thing", "id": first}}).Want(201))
	for _, change := range []map[string]any{
		{"number": 8, "f_long_text": "短", "f_member": []string{}}, // what is computed, what lies beside
		{"number": 8}, // nothing changes: nothing is written
		{"f_reference": second, "f_long_text": nil, "f_date": nil, "f_switch": false},
		{"f_any_ref": map[string]any{"type": "x.thing", "id": second}},
	} {
		answered(t, admin, "x.thing", admin.With("If-Match", "*").Patch("/records/x.thing/"+first, change).Want(200))
	}
	admin.Get("/records/x.thing/" + first).Want(200)
	admin.Get("/records/x.thing/" + second + "?expand=f_reference").Want(200)
	admin.Get("/records/x.thing/" + first + "/related").Want(200)
	admin.Get(entities).Want(200)
	choice := entities + "/x.thing/fields/f_choice"
	call(200, "GET", name+"/fields/{key}/options", choice+"/options", nil, admin)
	ended(t, admin, "/jobs/"+call(202, "POST", name+"/fields/{key}/merge", choice+"/merge", map[string]any{"from": "b", "into": "a"}, admin).Str("jobs.0"))
	layout := map[string]any{"label": zh("一张"), "blocks": []map[string]any{{"kind": "title", "text": zh("{name}")}}}
	call(200, "POST", name+"/prints/{key}", entities+"/x.thing/prints/paper", layout, admin)
	call(200, "GET", name+"/prints", entities+"/x.thing/prints", nil, admin)
	call(200, "GET", "/records/{entity}/{id}/print/{layout}", "/records/x.thing/"+first+"/print/paper?inline=1", nil, admin)
	layout["key"] = "paper"
	call(200, "POST", name+"/print-preview", entities+"/x.thing/print-preview", map[string]any{"print": layout}, admin)
	call(204, "DELETE", name+"/prints/{key}", entities+"/x.thing/prints/paper", nil, admin)
	call(200, "DELETE", name+"/fields/{key}", entities+"/x.thing/fields/name", nil, admin)
	call(200, "DELETE", name, entities+"/x.thing", nil, admin)
}

func TestSetupOverHTTP(t *testing.T) {
	c := company.Open(t, company.Options{NoSetup: true})
	none := c.Anonymous()
	if none.Get("/setup").Want(200).Str("needed") != "true" {
		t.Fatal("no setup is needed")
	}
	body := map[string]any{"company": "甲", "currency": "CNY", "login": "admin", "name": "管理员", "password": company.Password}
	none.Post("/setup", map[string]any{"company": "甲"}).Want(422)
	if r := none.Post("/setup", body).Want(200); r.Str("recovery_passphrase") == "" || r.Header.Get("Set-Cookie") == "" {
		t.Errorf("setup %s", r.Body)
	}
	none.Post("/setup", body).Want(409)
	if none.Get("/setup").Want(200).Str("needed") != "false" {
		t.Error("setup is still needed")
	}
}
