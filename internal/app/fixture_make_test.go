package app_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

func both(zh, en string) map[string]string { return map[string]string{"zh-CN": zh, "en": en} }

// maker fills an installation with something of everything.
type maker struct {
	t     *testing.T
	c     *company.Company
	admin *company.Client
	w     *witness
	ids   map[string]string // of what was made, by a short name
}

// makeFixture gives the witness of what it made. A closing that adds something
// that lies in the database adds it here, and makes its own fixture.
func makeFixture(t *testing.T, c *company.Company) *witness {
	t.Helper()
	m := &maker{t: t, c: c, admin: c.As("admin"), ids: map[string]string{},
		w: &witness{MadeAt: c.App.Clock.Now().UTC().Truncate(time.Second), Passphrase: c.Passphrase, Password: company.Password, Key: c.As("admin").Key()}}
	m.people()
	m.customize()
	m.files()
	m.customers()
	m.contacts()
	m.machines()
	m.changes()
	m.imports()
	m.forms()
	m.places()
	m.lines()
	m.leads()
	m.work()
	m.desk()
	m.papers()
	m.cash()
	m.deal()
	m.keys()
	m.sealed()
	m.ask()
	m.askDesk()
	m.askCash()
	m.askDeal()
	return m.w
}

func (m *maker) post(path string, body any) company.Reply {
	m.t.Helper()
	return m.admin.Post(path, body).Want(201)
}

// create makes a record and keeps its id under a short name.
func (m *maker) create(short, entity string, values map[string]any) string {
	m.t.Helper()
	id := m.post("/records/"+entity+"?duplicates=allow", values).Str("id")
	m.ids[short] = id
	return id
}

func (m *maker) path(entity, short string) string {
	m.t.Helper()
	if m.ids[short] == "" {
		m.t.Fatalf("no %s was made", short)
	}
	return "/records/" + entity + "/" + m.ids[short]
}

func (m *maker) people() {
	top := m.c.Dept("总公司", 0)
	east, south := m.c.Dept("华东大区", top), m.c.Dept("华南大区 (粤港澳)", top)
	shanghai := m.c.Dept("上海分公司", east)
	grants := func(scope access.Scope) (out []access.Grant) {
		for _, entity := range []string{"crm.customer", "crm.contact", "crm.lead", "crm.follow_up", "crm.follow_plan", "work.task", "x.machine"} {
			for _, op := range []access.Op{access.Read, access.Create, access.Update, access.Export} {
				g := access.Grant{Entity: entity, Op: op, Scope: scope}
				if op == access.Create {
					g.Scope = access.All
				}
				out = append(out, g)
			}
		}
		return out
	}
	manager := m.c.Role("区域经理", grants(access.Tree))
	clerk := m.c.Role("业务员", grants(access.Own), access.FieldGrant{Entity: "crm.customer", Field: "phone", Level: schema.Masked},
		access.FieldGrant{Entity: "crm.customer", Field: "bank_account", Level: schema.Hidden})
	boss := m.c.Member(company.Person{Login: "wangfang", Dept: east, Roles: []int64{manager}})
	m.c.Member(company.Person{Login: "李雷", Dept: shanghai, Superior: boss, Roles: []int64{clerk}})
	m.c.Member(company.Person{Login: "guli", Dept: south, Roles: []int64{clerk, manager}})
	m.c.Member(company.Person{Login: "left", Dept: south, Roles: []int64{clerk}})
	for _, it := range m.admin.Get("/records/org.member?fields=login").Want(200).Items() {
		m.ids[fmt.Sprint("@", it["login"])] = fmt.Sprint(it["id"])
	}
	change := m.admin.With("If-Match", "*")
	position := m.create("position", "org.position", map[string]any{"name": "高级客户经理", "level": 7})
	change.Patch(m.path("org.member", "@guli"), map[string]any{"name": "古丽·阿不都热合曼", "position": position, "hired_on": "2019-02-28",
		"notes": strings.Repeat("会说维吾尔语和普通话。", 300), "email": "guli@example.com"}).Want(200)
	change.Patch(m.path("org.member", "@wangfang"), map[string]any{"name": "王芳", "locale": "en", "zone": "Asia/Urumqi"}).Want(200)
	change.Post(m.path("org.member", "@left")+"/actions/disable", "{}").Want(200)
	m.w.Disabled = "left"
}

func (m *maker) customize() {
	const entities = "/customize/entities"
	m.post(entities, map[string]any{"name": "machine", "label": both("机床", "Machine"), "title": "name", "icon": "factory"})
	field := func(entity, key, typ string, label map[string]string, settings map[string]any, more ...any) {
		m.t.Helper()
		body := map[string]any{"key": key, "type": typ, "label": label, "settings": settings}
		for i := 0; i < len(more); i += 2 {
			body[fmt.Sprint(more[i])] = more[i+1]
		}
		m.post(entities+"/"+entity+"/fields", body)
	}
	none := map[string]any{}
	field("x.machine", "name", "text", both("名称", "Name"), map[string]any{"max": 80}, "search", true, "required", true)
	field("x.machine", "no", "auto_number", both("编号", "Number"), map[string]any{"number": map[string]any{"prefix": "JC-", "digits": 5}})
	field("x.machine", "customer", "reference", both("客户", "Customer"), map[string]any{"target": "crm.customer"})
	field("x.machine", "price", "money", both("单价", "Price"), none)
	field("x.machine", "count", "number", both("数量", "Count"), none)
	field("x.machine", "total", "formula", both("合计", "Total"), map[string]any{"formula": "price * count", "result": "money"})
	field("x.machine", "state", "tree_choice", both("状况", "State"), map[string]any{"options": []map[string]any{
		{"code": "used", "label": both("二手", "Used")}, {"code": "worn", "label": both("磨损", "Worn"), "parent": "used"}, {"code": "new", "label": both("全新", "New"), "color": "green"}}})
	field("x.machine", "bought_on", "date", both("购买日期", "Bought on"), none)
	field("x.machine", "at", "time", both("交接时刻", "Handed over at"), none)
	field("x.machine", "about", "any_ref", both("关于", "About"), map[string]any{"targets": []string{"crm.contact", "x.machine"}})
	field("x.machine", "keepers", "member", both("保管人", "Keepers"), map[string]any{"many": true})
	field("x.machine", "photos", "file", both("照片", "Photos"), none)
	field("x.machine", "ratio", "decimal", both("速比", "Ratio"), map[string]any{"digits": 6})
	field("x.machine", "spec", "long_text", both("规格", "Specification"), none)
	field("crm.customer", "mood", "choice", both("心情", "Mood"), map[string]any{"options": []map[string]any{
		{"code": "good", "label": both("好", "Good")}, {"code": "bad", "label": both("不好", "Bad"), "hidden": true}}}, "after", "status")
	field("crm.customer", "rebate", "percent", both("返点", "Rebate"), none)
	field("crm.customer", "rebate_sum", "formula", both("返利", "Rebate sum"), map[string]any{"formula": "amount * rebate / 100", "result": "money"})
	field("crm.customer", "best_price", "rollup", both("最高单价", "Best price"), map[string]any{"rollup": map[string]any{"entity": "x.machine", "via": "customer", "op": "max", "field": "price"}})
	field("crm.customer", "card_no", "text", both("会员号", "Card number"), none, "unique", true, "search", true)
	field("crm.customer", "gone", "text", both("停用的字段", "Retired"), none)
	m.admin.Do("DELETE", entities+"/crm.customer/fields/gone", nil).Want(200)
	m.admin.Patch(entities+"/crm.customer/fields/level", map[string]any{"label": both("客户等级（自定）", "Our level")}).Want(200)
	m.post(entities, map[string]any{"name": "closed", "label": both("停用的实体", "Retired")})
	field("x.closed", "name", "text", both("名称", "Name"), none)
	m.admin.Do("DELETE", entities+"/x.closed", nil).Want(200)
}

// files holds a text, one longer than a block of the encryption, and nothing.
func (m *maker) files() {
	noise := make([]byte, 70_000)
	for i, x := 0, uint32(2463534242); i < len(noise); i++ {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		noise[i] = byte(x)
	}
	for i, f := range []struct{ name, mime, content string }{
		{"合同（最终版）.txt", "text/plain", "甲方：上海恒远\n乙方：云腾科技\n"}, {"图纸 №7.bin", "application/octet-stream", string(noise)}, {"empty.txt", "text/plain", ""},
	} {
		m.upload(fmt.Sprint("file", i), f.name, f.mime, f.content)
	}
}

func (m *maker) upload(short, name, mime, content string) {
	id := m.admin.With("X-Filename", url.PathEscape(name)).With("Content-Type", mime).Post("/files", content).Want(201).Str("id")
	m.ids[short] = id
	m.w.Files = append(m.w.Files, fileOf{ID: id, Sum: sum([]byte(content))})
}

func (m *maker) customers() {
	group := m.create("group", "crm.customer", map[string]any{"name": "恒远工业（集团）股份有限公司", "short_name": "恒远", "status": "won", "level": "a", "industry": "manufacturing",
		"tags": []string{"key", "strategic"}, "phone": "021-55551234", "phones": []string{"138 0013 8000", "+86 10 8888 6666"}, "email": "office@example.com",
		"website": "https://example.com/中文?q=1", "region": "310104", "address": "徐汇区漕溪北路1200号", "uscc": "91350100M000100Y43", "bank_account": "6222 0210 0100 0000 000",
		"employees": 12_000, "annual_revenue": "9876543210.12", "amount": "1250000.50", "rebate": "2.5", "next_follow_on": "2026-03-01",
		"source_created_at": "2019-12-31T16:00:00.123456Z", "mood": "good", "card_no": "V-001",
		"remark": strings.Repeat("第一行：老客户，重视交期。\n第二行：𠮷野家同一集团 👩🏽‍💻\n", 200), "attachments": []string{m.ids["file0"], m.ids["file1"]}})
	owners := []string{"@admin", "@wangfang", "@李雷", "@guli"}
	names := []string{"招商银行上海徐汇支行", "宁波舟山港集团", "乌鲁木齐·天山贸易", "𠮷田（中国）拉链", "Ćwikła & Søn ApS", "شركة النور للتجارة", "ООО «Ромашка»", "株式会社ミドリ",
		"O'Brien \"Ltd\" <x>", "100%_测试\\公司", "重庆火锅餐饮连锁", "ＡＢＣ全角商贸", "e\u0301clair 点心", "长春一汽配件", "🚀星河航天"}
	states := []string{"lead", "contacted", "negotiating", "won", "lost"}
	for i, name := range names {
		values := map[string]any{"name": name, "owner": m.ids[owners[i%len(owners)]], "status": states[i%len(states)], "amount": fmt.Sprintf("%d.%02d", i*1000, i),
			"region": []string{"310000", "330200", "650100", "440300"}[i%4], "phone": fmt.Sprintf("139%08d", 10_000_000+i*137), "external_id": fmt.Sprintf("E%03d", i)}
		if i%3 == 0 {
			values["parent"] = group
		}
		if i%4 == 0 {
			values["remark"] = fmt.Sprintf("备注 %d", i)
			values["mood"], values["rebate"] = "good", "0.125"
		}
		m.create(fmt.Sprint("customer", i), "crm.customer", values)
	}
}

func (m *maker) contacts() {
	for i, stem := range strings.Split("甲乙丙丁戊己庚辛壬癸", "") {
		c := m.create(fmt.Sprint("contact", i), "crm.contact", map[string]any{"name": "联系人" + stem, "customer": m.ids[fmt.Sprint("customer", i%4)],
			"owner": m.ids["@李雷"], "mobile": fmt.Sprintf("137%08d", 20_000_000+i), "role": "decision_maker", "birthday": fmt.Sprintf("198%d-02-2%d", i, i%9), "lunar": i%2 == 0,
			"wechat": fmt.Sprint("wx_", i), "remark": strings.Repeat("喜欢喝茶。", i*100)})
		if i < 4 {
			m.create(fmt.Sprint("affiliation", i), "crm.affiliation", map[string]any{"contact": c, "customer": m.ids["group"], "title": "顾问", "start_on": "2020-01-01", "primary": i == 0})
		}
	}
}

func (m *maker) machines() {
	for i := range 6 {
		values := map[string]any{"name": fmt.Sprintf("五轴加工中心 %d 型", i), "customer": m.ids["group"], "price": fmt.Sprintf("%d.99", 100_000+i), "count": i, "state": "worn",
			"bought_on": "2024-02-29", "at": "08:30:00", "ratio": "3.141593", "keepers": []string{m.ids["@guli"], m.ids["@李雷"]}, "spec": strings.Repeat("主轴转速 12000。", 50),
			"owner": m.ids[[]string{"@wangfang", "@李雷", "@guli"}[i%3]]}
		if i == 1 {
			values["photos"] = []string{m.ids["file2"]}
		}
		if i > 0 {
			values["about"] = map[string]any{"type": "x.machine", "id": m.ids[fmt.Sprint("machine", i-1)]}
		}
		m.create(fmt.Sprint("machine", i), "x.machine", values)
	}
	m.w.Number = "JC-00007"
}

// changes makes a past: changes by several members, a transfer, deletions, one
// that was taken back.
func (m *maker) changes() {
	boss, free := m.c.As("wangfang").With("If-Match", "*"), m.admin.With("If-Match", "*")
	mine := m.path("crm.customer", "customer1")
	boss.Patch(mine, map[string]any{"status": "negotiating", "amount": "77.70"}).Want(200)
	boss.Patch(mine, map[string]any{"status": "won", "tags": []string{"repeat"}, "remark": "谈成了"}).Want(200)
	free.Patch(m.path("crm.customer", "group"), map[string]any{"remark": "改短了", "amount": nil, "attachments": []string{m.ids["file0"], m.ids["file1"]}}).Want(200)
	free.Post(m.path("crm.customer", "customer2")+"/actions/transfer", map[string]any{"owner": m.ids["@wangfang"]}).Want(200)
	free.Patch(m.path("x.machine", "machine0"), map[string]any{"count": 3, "price": "250000.00"}).Want(200)
	for _, short := range []string{"customer10", "customer12"} {
		free.Do("DELETE", m.path("crm.customer", short), nil).Want(200)
	}
	m.admin.Post(m.path("crm.customer", "customer12")+"/restore", "{}").Want(200)
	free.Do("DELETE", m.path("x.machine", "machine5"), nil).Want(200)
	m.w.Deleted, m.w.Hidden = m.path("crm.customer", "customer10"), []string{"chongqinghuoguo", url.QueryEscape("火锅")}
	bulk := map[string]any{"op": "update", "ids": []string{m.ids["customer5"], m.ids["customer6"]}, "patch": map[string]any{"level": "b"}}
	m.admin.Post("/records/crm.customer/bulk", bulk).Want(200)
	undone := m.admin.Post("/records/crm.customer", map[string]any{"name": "撤销的公司"}).Want(201)
	m.admin.Post("/changesets/"+undone.Str("changeset")+"/undo", "{}").Want(200)
}

func (m *maker) imports() {
	table := "客户名称,客户状态,外部编号,手机\n导入一号公司,成交,I-1,13700000001\n\"导入二号, 公司\",潜在,I-2,13700000002\n导入三号公司,,I-3,\n"
	file := m.admin.With("X-Filename", "customers.csv").With("Content-Type", "text/csv").Post("/files", table).Want(201).Str("id")
	job := "/jobs/" + m.admin.Post("/import/crm.customer", map[string]any{"file": file, "key": []string{"external_id"}, "map": map[string]string{"客户名称": "name", "客户状态": "status", "外部编号": "external_id", "手机": "phone"}}).Want(202).Str("job")
	var done company.Reply
	m.until("the import has ended", func() bool { done = m.admin.Get(job).Want(200); return done.Str("state") == "done" })
	m.w.Changeset = done.Str("result.changeset")
	for _, it := range m.admin.Get("/records/crm.customer?fields=id&filter=" + url.QueryEscape(`external_id starts_with "I-"`)).Want(200).Items() {
		m.w.Undone = append(m.w.Undone, fmt.Sprint("/records/crm.customer/", it["id"]))
	}
	if len(m.w.Undone) != 3 {
		m.t.Fatalf("imported: %v of %s", m.w.Undone, done.Body)
	}
}

// until asks until it is so.
func (m *maker) until(what string, so func() bool) {
	m.t.Helper()
	late := time.After(time.Minute)
	for !so() {
		select {
		case <-late:
			m.t.Fatalf("waited too long until %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (m *maker) desk() {
	m.post("/views", map[string]any{"entity": "crm.customer", "name": "大客户", "filter": `amount >= 5000 and status != "lost"`, "sort": "-amount", "columns": []string{"name", "amount", "mood"}, "shared": true})
	view := map[string]any{"entity": "x.machine", "name": "我的机床", "filter": `total > 0`, "sort": "name", "columns": []string{"no", "name", "total"}}
	m.c.As("guli").Post("/views", view).Want(201)
	m.admin.Patch("/settings", map[string]any{"name": "云腾科技（上海）有限公司", "backup_at": "03:15", "backup_keep": 9, "zone": "Asia/Urumqi"}).Want(200)
	m.admin.Patch("/me", map[string]any{"name": "总管理员", "phone": "13800000000"}).Want(200)
}

func (m *maker) keys() {
	key := func(scope map[string]any) company.Reply {
		return m.post("/me/keys", map[string]any{"name": "脚本", "scope": scope})
	}
	m.w.ReadOnly = key(map[string]any{"read_only": true, "entities": []string{"crm.customer"}}).Str("key")
	revoked := key(map[string]any{})
	m.admin.Do("DELETE", "/me/keys/"+revoked.Str("id"), nil).Want(204)
	m.w.Revoked = revoked.Str("key")
}

// sealed waits until the audit log has a seal: a fixture carries one.
func (m *maker) sealed() {
	now, is := m.c.App.Clock.(*clock.Fake)
	if !is {
		m.t.Fatal("a fixture is made at a time that is set")
	}
	m.until("the audit log is sealed", func() bool {
		now.Advance(time.Second)
		var rows sqldb.Rows
		if err := m.c.App.DB.ReadOne(context.Background(), "SELECT count(*) FROM audit_seal", nil, []record.Kind{record.KindInt}, &rows); err != nil {
			m.t.Fatal(err)
		}
		return rows.At(0, 0).Int() > 0
	})
}

// ask keeps the answers to everything that a later version must answer alike.
func (m *maker) ask() {
	for _, ent := range m.c.App.Registry.State().Entities {
		if slices.Contains([]string{"crm.pool", "sales.forecast", "sales.forecast_row", "sales.value_model", "sales.customer_value", "targets.standing"}, ent.Name) {
			continue // each start of the program writes there what its day brings
		}
		var keys []string
		for _, f := range ent.Fields {
			if !f.Retired && f.Key != "deleted_at" && f.Key != "deleted_by" {
				keys = append(keys, f.Key)
			}
		}
		m.keep("admin", "/records/"+ent.Name+"?limit=200&count=true&sort=id&fields="+strings.Join(keys, ","))
	}
	m.finds("admin", "/records/crm.customer?deleted=true&fields=name,deleted_at,deleted_by", "/records/x.machine?deleted=true&fields=name,no")
	for _, as := range []string{"wangfang", "李雷", "guli"} {
		m.finds(as, "/records/crm.customer?sort=id&limit=200", "/records/x.machine?sort=id")
		m.keep(as, "/records/crm.contact?sort=id&fields=name,mobile", "/views", "/search?fresh=true&q=1391")
	}
	m.finds("wangfang", "/search?fresh=true&q=1391")
	m.keep("李雷", m.path("crm.customer", "customer6"))
	for _, filter := range []string{`owner.name == "王芳"`, `region under "310000" and amount > 10`, `mood == "good" or card_no is not null`, `tags in ("key", "repeat")`, `rebate_sum >= 1`,
		`best_price > 100000`, `parent.name contains "恒远"`, `name contains "100%_"`, `next_follow_on between "2026-01-01" and "2026-12-31"`, `not (status == "won")`} {
		m.finds("admin", "/records/crm.customer?sort=id&fields=name&filter="+url.QueryEscape(filter))
	}
	for _, word := range []string{"招商", "zhaoshang", "zsyh", "1234", "徐汇", "V-001", "拉链", "Ромашка", "ミドリ", "Ćwik", "加工", "五轴", "联系人丙", "abc"} {
		m.finds("admin", "/search?fresh=true&q="+url.QueryEscape(word))
	}
	for _, short := range []string{"group", "customer1", "customer2", "customer12", "customer5"} {
		m.finds("admin", m.path("crm.customer", short)+"/timeline")
		m.keep("admin", m.path("crm.customer", short), m.path("crm.customer", short)+"/related")
	}
	m.finds("admin", m.path("x.machine", "machine0")+"/timeline", m.path("org.member", "@guli")+"/timeline", "/views", "/customize/entities", "/changesets?limit=100")
	m.keep("admin", m.path("org.member", "@guli"), "/settings", "/me")
}

// keep asks as a member.
func (m *maker) keep(as string, paths ...string) {
	m.t.Helper()
	for _, path := range paths {
		m.w.answers = append(m.w.answers, answer{As: as, Path: path, Body: m.c.As(as).Get(path).Want(200).Body})
	}
}

// finds is keep where something must come, or the question proves nothing.
func (m *maker) finds(as string, paths ...string) {
	m.t.Helper()
	for _, path := range paths {
		if got := m.c.As(as).Get(path).Want(200); len(got.Items()) == 0 {
			m.t.Errorf("%s, %s: %s", as, path, got.Body)
		}
		m.keep(as, path)
	}
}
