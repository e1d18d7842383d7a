package records_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// cases is how many random cases a loop runs: a tenth in the ordinary run.
func cases(n int) int {
	if os.Getenv("GUANXI_SOAK") != "" {
		return n
	}
	return n / 10
}

// staff is a company of random people with random roles and records.
type staff struct {
	c       *company.Company
	r       *rand.Rand
	depts   []int64
	members []int64
}

func newStaff(t *testing.T, c *company.Company, r *rand.Rand) *staff {
	t.Helper()
	s := &staff{c: c, r: r}
	for i := range 8 {
		parent := int64(0)
		if i > 0 {
			parent = s.depts[r.IntN(len(s.depts))]
		}
		s.depts = append(s.depts, c.Dept(fmt.Sprintf("部门%d", i), parent))
	}
	scopes := []access.Scope{access.None, access.Own, access.Subordinates, access.Department, access.Tree, access.Chosen, access.All}
	for i := range 24 {
		var grants []access.Grant
		for _, ent := range []string{"crm.customer", "crm.contact", "crm.follow_up", "work.task"} {
			for range 1 + r.IntN(2) {
				g := access.Grant{Entity: ent, Op: access.Read, Scope: scopes[r.IntN(len(scopes))], Deny: r.IntN(8) == 0}
				if g.Scope == access.Chosen {
					g.Depts = []int64{s.depts[r.IntN(len(s.depts))]}
				}
				grants = append(grants, g)
			}
		}
		for _, op := range []access.Op{access.Read, access.Update} {
			grants = append(grants, access.Grant{Entity: "crm.lead", Op: op, Scope: scopes[r.IntN(len(scopes)-2)], Deny: r.IntN(10) == 0})
		}
		role := c.Role(fmt.Sprintf("r%d", i), grants)
		p := company.Person{Login: fmt.Sprintf("m%d", i), Dept: s.depts[r.IntN(len(s.depts))], Roles: []int64{role}}
		if i > 0 {
			p.Superior = s.members[r.IntN(len(s.members))]
		}
		s.members = append(s.members, c.Member(p))
	}
	return s
}

var words = []string{"上海", "云腾", "银行", "Ａpple", "apple", "有限公司", "A-1", "  ", "é"}

func (s *staff) text() string {
	var b strings.Builder
	for range 1 + s.r.IntN(3) {
		b.WriteString(words[s.r.IntN(len(words))])
	}
	return b.String()
}

// fill makes customers and contacts with random and empty values.
func (s *staff) fill(customers int) {
	ent := s.c.App.Registry.State().Entity("crm.customer")
	contact := s.c.App.Registry.State().Entity("crm.contact")
	s.c.Write(func(ctx context.Context, w *records.Session) error {
		var ids []int64
		for i := range customers {
			id, err := w.Create(ctx, ent.Name, func(r *record.Record) {
				s.fillRecord(ent, r)
				r.Set("name", record.Text(s.text()+fmt.Sprint(i)))
				r.Set("owner", record.Int(s.members[s.r.IntN(len(s.members))]))
				if len(ids) > 0 && s.r.IntN(3) == 0 {
					r.Set("parent", record.Int(ids[s.r.IntN(len(ids))]))
				}
			})
			if err != nil {
				return err
			}
			ids = append(ids, id)
			for range s.r.IntN(3) {
				line := s.c.App.Registry.State().Entity("crm.customer_address")
				if _, err := w.Create(ctx, line.Name, func(r *record.Record) {
					s.fillRecord(line, r)
					r.Set("consignee", record.Text(s.text()))
					r.Set("address", record.Text(s.text()))
					r.Set("parent", record.Int(id))
					r.Set("position", record.Int(1))
				}); err != nil {
					return err
				}
			}
			if s.r.IntN(2) == 0 {
				if _, err := w.Create(ctx, contact.Name, func(r *record.Record) {
					r.Set("name", record.Text(s.text()))
					r.Set("customer", record.Int(id))
					r.Set("owner", record.Int(s.members[s.r.IntN(len(s.members))]))
				}); err != nil {
					return err
				}
			}
		}
		for i, id := range ids {
			if i%3 == 0 {
				if err := s.note(ctx, w, record.Ref(ent.Name, id)); err != nil {
					return err
				}
			}
			if i%17 == 0 {
				if err := w.Delete(ctx, ent.Name, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// pools makes pools with random seats, and leads that lie there or are somebody's.
func (s *staff) pools(leads int) {
	some := func(list []int64, most int) record.Value {
		var out []record.Value
		for range s.r.IntN(most + 1) {
			out = append(out, record.Int(list[s.r.IntN(len(list))]))
		}
		return record.List(out)
	}
	s.c.Write(func(ctx context.Context, w *records.Session) error {
		var made []int64
		for i := range 6 {
			id, err := w.Create(ctx, "crm.pool", func(r *record.Record) {
				r.Set("name", record.Text(fmt.Sprintf("线索池%d", i)))
				r.Set("active", record.Bool(i != 5))
				r.Set("everyone", record.Bool(i == 0))
				r.Set("members", some(s.members, 4))
				r.Set("managers", some(s.members, 2))
				r.Set("departments", some(s.depts, 2))
			})
			if err != nil {
				return err
			}
			made = append(made, id)
		}
		for i := range leads {
			if _, err := w.Create(ctx, "crm.lead", func(r *record.Record) {
				r.Set("name", record.Text(fmt.Sprintf("线索%d", i)))
				if s.r.IntN(3) > 0 {
					r.Set("pool", record.Int(made[s.r.IntN(5)]))
				}
				if r.Get("pool").IsNull() || s.r.IntN(2) == 0 {
					r.Set("owner", record.Int(s.members[s.r.IntN(len(s.members))]))
				}
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// note makes a task and a follow-up about a customer, and one about a lead of
// its own: seen by two members, through a root, or neither.
func (s *staff) note(ctx context.Context, w *records.Session, customer record.Value) error {
	anyone := func() record.Value { return record.Int(s.members[s.r.IntN(len(s.members))]) }
	lead, err := w.Create(ctx, "crm.lead", func(r *record.Record) {
		r.Set("name", record.Text(s.text()+"1"))
		r.Set("owner", anyone())
	})
	if err != nil {
		return err
	}
	for _, about := range []record.Value{customer, record.Ref("crm.lead", lead)} {
		if _, err := w.Create(ctx, "crm.follow_up", func(r *record.Record) {
			r.Set("about", about)
			r.Set("content", record.Text(s.text()+"1"))
			r.Set("owner", anyone())
		}); err != nil {
			return err
		}
	}
	_, err = w.Create(ctx, "work.task", func(r *record.Record) {
		r.Set("title", record.Text(s.text()+"1"))
		r.Set("assignee", anyone())
		if s.r.IntN(3) > 0 {
			r.Set("creator", anyone())
		}
	})
	return err
}

func (s *staff) fillRecord(ent *schema.Entity, r *record.Record) {
	for _, f := range ent.Fields {
		if f.System || f.ReadOnly || schema.IsRef(f) || schema.IsFile(f) || s.r.IntN(3) == 0 || f.Key == "uscc" {
			continue
		}
		if v := s.value(f); !v.IsNull() {
			if f.Many() {
				v = record.List([]record.Value{v})
			}
			r.SetAt(f.Slot, v)
		}
	}
}

func (s *staff) value(f *schema.Field) record.Value {
	switch f.Type.Name() {
	case "text":
		return record.Text(s.text())
	case "long_text":
		return record.Text(s.text())
	case "rich_text":
		return record.Text("<p>" + s.text() + "</p>")
	case "number":
		return record.Int(int64(s.r.IntN(5)))
	case "money", "decimal", "percent":
		return record.Int(int64(s.r.IntN(4)) * 10_000)
	case "date":
		return record.Text(fmt.Sprintf("2026-01-%02d", 1+s.r.IntN(9)))
	case "instant":
		return record.Int(1_760_000_000_000_000 + int64(s.r.IntN(5))*43_200_000_000)
	case "switch":
		return record.Bool(s.r.IntN(2) == 0)
	case "choice", "tree_choice":
		if n := len(f.Set.Options); n > 0 {
			return record.Text(f.Set.Options[s.r.IntN(n)].Code)
		}
	case "region":
		return record.Text([]string{"31", "3101", "310104", "32", "3201"}[s.r.IntN(5)])
	case "phone":
		return record.Text([]string{"13800138000", "138 0013 8000", "95588", "021-55551234"}[s.r.IntN(4)])
	case "email":
		return record.Text([]string{"a@b.cn", "A@B.cn", "c@d.cn"}[s.r.IntN(3)])
	case "url":
		return record.Text("https://example.com")
	}
	return record.Null
}

// node makes a random condition over an entity's fields.
func (s *staff) node(ent *schema.Entity, depth int) *query.Node {
	if depth > 0 && s.r.IntN(2) == 0 {
		switch s.r.IntN(3) {
		case 0:
			return &query.Node{Kind: query.Not, Kids: []*query.Node{s.node(ent, depth-1)}}
		case 1:
			return &query.Node{Kind: query.And, Kids: []*query.Node{s.node(ent, depth-1), s.node(ent, depth-1)}}
		default:
			return &query.Node{Kind: query.Or, Kids: []*query.Node{s.node(ent, depth-1), s.node(ent, depth-1)}}
		}
	}
	for {
		f := ent.Fields[s.r.IntN(len(ent.Fields))]
		ops := f.Type.Ops(f)
		if f.Retired || len(ops) == 0 || f.Key == "deleted_at" || f.Key == "deleted_by" {
			continue
		}
		n := &query.Node{Kind: query.Compare, Path: f.Key, Op: ops[s.r.IntN(len(ops))]}
		if f.Many() && !slices.Contains([]schema.Op{schema.OpEq, schema.OpNe, schema.OpIn, schema.OpNotIn, schema.OpNull, schema.OpNotNull}, n.Op) {
			continue
		}
		want := 1
		switch n.Op {
		case schema.OpNull, schema.OpNotNull:
			want = 0
		case schema.OpBetween, schema.OpNotBetween:
			want = 2
		case schema.OpIn, schema.OpNotIn:
			want = s.r.IntN(4)
		}
		for range want {
			n.Args = append(n.Args, s.arg(f))
		}
		return n
	}
}

func (s *staff) arg(f *schema.Field) query.Arg {
	switch {
	case schema.IsMember(f):
		if s.r.IntN(3) == 0 {
			return query.Arg{Kind: query.Func, Text: "me"}
		}
		return query.Arg{Text: f.Type.Text(f, record.Int(s.members[s.r.IntN(len(s.members))]), nil)}
	case schema.IsDepartment(f):
		return query.Arg{Text: f.Type.Text(f, record.Int(s.depts[s.r.IntN(len(s.depts))]), nil)}
	case schema.IsRef(f) || f.Type.Name() == "id":
		return query.Arg{Text: "0000000000001"}
	}
	if v := s.value(f); !v.IsNull() {
		return query.Arg{Text: f.Type.Text(f, v, nil)}
	}
	if schema.IsAnyRef(f) {
		return query.Arg{Text: f.Set.Targets[0] + ":0000000000001"}
	}
	if f.Set.Result == "instant" {
		return query.Arg{Text: "2026-01-02T03:04:05Z"}
	}
	if schema.IsFormula(f) || schema.IsRollup(f) {
		return query.Arg{Text: "1"}
	}
	return query.Arg{Text: "x"}
}

// The two back ends of a predicate agree: what the database gives for a random
// member, condition and scope is what deciding in memory gives (DESIGN §5).
func TestSQLEqualsMemory(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		s := newStaff(t, c, rand.New(rand.NewPCG(seed, 1)))
		s.fill(150)
		s.pools(60)
		total := cases(100_000)
		if testing.Short() {
			total = 400
		}
		e, st := c.App.Engine, c.App.Registry.State()
		all := map[string][]*record.Record{}
		byID := map[int64]*record.Record{}
		names := []string{"crm.customer", "crm.contact", "crm.follow_up", "work.task", "crm.customer_address", "crm.lead"}
		for _, name := range names {
			list, err := e.All(context.Background(), name)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = list
			for _, r := range list {
				byID[r.ID()] = r
			}
		}
		n, hits, inPools := 0, 0, 0
		for n < total {
			ent := st.Entity(names[s.r.IntN(len(names))])
			actor := c.Actor(s.members[s.r.IntN(len(s.members))])
			node := s.node(ent, 2)
			bound, err := query.Bind(st.Snapshot, ent, node, actor.Viewer(), actor)
			if err != nil {
				t.Fatalf("%s: %v", query.Print(node), err)
			}
			permit := actor.Permit(ent, access.Read)
			if at, ok := actor.AtPools(ent); ok && s.r.IntN(2) == 0 {
				permit = at.Permit(ent, access.Read)
				inPools++
			} else if ent.Pool != nil && s.r.IntN(2) == 0 {
				permit = actor.Permit(ent, access.Update) // of who looks after a pool
			}
			rootEnt := st.Entity("crm.customer")
			var want []int64
			for _, r := range all[ent.Name] {
				var root *record.Record
				if ent.Through != nil {
					root = byID[r.At(ent.Through.Slot).Int()]
				}
				of, whole := ent, r
				if ent.Of != nil {
					of, whole = ent.Of, byID[r.At(ent.Parent.Slot).Int()]
				}
				if whole != nil && permit.Allows(of, whole, root, rootEnt) && query.Eval(bound.Cond, r, nil) {
					want = append(want, r.ID())
				}
			}
			got := sqlIDs(t, c.App.DB, store.Select{Snap: st.Snapshot, Entity: ent, Permit: permit, Rights: actor, Where: bound.Cond,
				Fields: []*schema.Field{ent.Fields[record.SlotID]}, Sort: []query.Sort{{Field: ent.Fields[record.SlotID]}}, Limit: 10_000})
			if !slices.Equal(got, want) {
				t.Fatalf("member %s, %s: %s\n SQL    %v\n memory %v", actor.Member.Login, ent.Name, query.Print(node), got, want)
			}
			n++
			hits += len(got)
		}
		t.Logf("%d cases, %d hits, %d looks into pools", n, hits, inPools)
		if hits == 0 || inPools == 0 {
			t.Error("no case hit anything")
		}
	})
}

func sqlIDs(t *testing.T, db sqldb.DB, sel store.Select) []int64 {
	t.Helper()
	var rows sqldb.Rows
	if err := db.Read(context.Background(), func(q sqldb.Querier) error { return store.Page(context.Background(), q, sel, &rows) }); err != nil {
		t.Fatal(err)
	}
	var out []int64
	for i := range rows.Len() {
		out = append(out, rows.At(i, 0).Int())
	}
	n := int64(0)
	err := db.Read(context.Background(), func(q sqldb.Querier) (err error) {
		n, err = store.Count(context.Background(), q, sel, 10_000)
		return err
	})
	if err != nil || n != int64(len(out)) {
		t.Fatalf("count %d, page %d, %v", n, len(out), err)
	}
	return out
}

// Pages by key, in any order and scope, are the slices of the whole list: no
// record twice, none missed, empty values last both ways.
func TestPagesAreTheWholeList(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		s := newStaff(t, c, rand.New(rand.NewPCG(7, 7)))
		s.fill(120)
		ent := c.App.Registry.State().Entity("crm.customer")
		rounds := cases(1000)
		if testing.Short() {
			rounds = 20
		}
		for range rounds {
			actor := c.Actor(s.members[s.r.IntN(len(s.members))])
			if !actor.May(ent, access.Read) {
				continue
			}
			sort := s.sort(ent)
			whole := walk(t, c, actor, records.ListQuery{Sort: sort, Limit: 200})
			parts := walk(t, c, actor, records.ListQuery{Sort: sort, Limit: 1 + s.r.IntN(9)})
			if !slices.Equal(whole, parts) {
				t.Fatalf("sort %s as %s:\n whole %v\n parts %v", sort, actor.Member.Login, whole, parts)
			}
			if seen := slices.Compact(slices.Sorted(slices.Values(parts))); len(seen) != len(parts) {
				t.Fatalf("sort %s: a record came twice", sort)
			}
		}
	})
}

func (s *staff) sort(ent *schema.Entity) string {
	var keys []string
	for range 1 + s.r.IntN(2) {
		for {
			f := ent.Fields[s.r.IntN(len(ent.Fields))]
			if schema.TraitsOf(f).Sortable && f.Stored() && f.Key != "deleted_at" && f.Key != "deleted_by" {
				keys = append(keys, []string{"", "-"}[s.r.IntN(2)]+f.Key)
				break
			}
		}
	}
	return strings.Join(keys, ",")
}

func walk(t *testing.T, c *company.Company, actor *access.Actor, q records.ListQuery) []string {
	t.Helper()
	q.Fields = []string{"name"}
	var ids []string
	for {
		raw, err := c.App.Engine.List(context.Background(), actor, "crm.customer", q, nil)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		if err := json.Unmarshal(raw, &page); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		for _, it := range page.Items {
			ids = append(ids, it.ID)
		}
		if page.Next == "" {
			return ids
		}
		q.Cursor = page.Next
	}
}
