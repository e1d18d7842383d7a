package records_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was; look at the difference, then run with -update", name)
	}
}

// The statements of both databases, one for each scope and kind of question.
func TestGoldenSQL(t *testing.T) {
	c := company.Open(t, company.Options{})
	dept := c.Dept("销售部", 0)
	actors := []struct {
		name  string
		scope access.Scope
	}{{"own", access.Own}, {"subordinates", access.Subordinates}, {"tree", access.Tree}, {"all", access.All}, {"none", access.None}}
	for _, a := range actors {
		role := c.Role("g_"+a.name, []access.Grant{{Entity: "crm.*", Op: access.Read, Scope: a.scope}})
		c.Member(company.Person{Login: a.name, Dept: dept, Roles: []int64{role}})
	}
	both := c.Role("g_both", []access.Grant{{Entity: "crm.*", Op: access.Read, Scope: access.Own}, {Entity: "crm.*", Op: access.Read, Scope: access.Department},
		{Entity: "crm.customer", Op: access.Read, Scope: access.Subordinates, Deny: true}})
	c.Member(company.Person{Login: "both", Dept: dept, Roles: []int64{both}})
	st := c.App.Registry.State()
	questions := []struct{ entity, filter, sort string }{
		{"crm.customer", `status == "won"`, "-source_created_at"},
		{"crm.customer", `owner == me and amount >= 100 and not (name contains "云" or phones == "95588")`, "name"},
		{"crm.customer", `owner.department.name starts_with "销" and region under "31" and tags is null`, "-id"},
		{"crm.customer", `created_at == "2026-01-05" and parent.name != "甲" and remark is not null`, "owner,-amount"},
		{"crm.customer", `id in ("0000000000001", "0000000000002")`, "-source_created_at"},
		{"crm.customer", `status != "won" and not (status == "lost" and name != "甲")`, "-id"},
		{"crm.contact", `customer.status in ("won", "lost") and birthday not between "1980-01-01" and "1990-01-01"`, "-id"},
	}
	for _, d := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		var out strings.Builder
		for _, q := range questions {
			out.WriteString("\n## " + q.entity + " " + q.filter + " by " + q.sort + "\n")
			for _, login := range []string{"all", "own", "subordinates", "tree", "both", "none"} {
				m, _ := c.App.Dir.MemberByLogin(login)
				actor := c.Actor(m.ID)
				ent := st.Entity(q.entity)
				node, err := query.Parse(q.filter)
				if err != nil {
					t.Fatal(err)
				}
				bound, err := query.Bind(st.Snapshot, ent, node, actor.Viewer(), access.System("test"))
				if err != nil {
					t.Fatal(err)
				}
				var sorts []query.Sort
				for s := range strings.SplitSeq(q.sort, ",") {
					key, desc := strings.CutPrefix(s, "-")
					sorts = append(sorts, query.Sort{Field: ent.Field(key), Desc: desc})
				}
				out.WriteString("\n-- " + login + "\n")
				permit := actor.Permit(ent, access.Read)
				if permit.Pred() == nil {
					out.WriteString("(nothing is asked)\n")
					continue
				}
				sql, _ := store.SQL(d, store.Select{Snap: st.Snapshot, Entity: ent, Permit: permit, Rights: actor, Where: bound.Cond,
					Fields: []*schema.Field{ent.Fields[record.SlotID], ent.Title}, Sort: sorts, Limit: 51})
				out.WriteString(sql + "\n")
			}
		}
		golden(t, "list."+string(d)+".sql", out.String())
		var tables strings.Builder
		for _, table := range store.Tables(st.Snapshot) {
			for _, s := range ddl.Create(d, table) {
				tables.WriteString(s + ";\n")
			}
		}
		golden(t, "tables."+string(d)+".sql", tables.String())
	}
}
