package records_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

type boardAnswer struct {
	By      string
	Columns []struct {
		Value  json.RawMessage
		Count  int
		Totals []struct {
			Currency *string
			Values   []*string
		}
		Items []struct {
			ID, Name string
			Amount   *string
		}
		HasMore bool `json:"has_more"`
		Next    *string
	}
	More bool
}

func askBoard(t *testing.T, k *company.Client, entity string, body map[string]any) (b boardAnswer) {
	t.Helper()
	r := k.Post("/records/"+entity+"/board", body).Want(200)
	if err := json.Unmarshal(r.Body, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// A board says what the list and the aggregate say of each column, to whoever
// asks, and its cursors go on where its cards end; on both databases.
func TestBoardIsTheListInColumns(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("seller", []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.Own}, {Entity: "crm.customer", Op: access.Create, Scope: access.Own}})
		owners := []int64{c.Member(company.Person{Login: "s0", Roles: []int64{role}}), c.Member(company.Person{Login: "s1", Roles: []int64{role}})}
		loadSales(c, owners, 200)
		for _, who := range []string{"admin", "s1"} {
			k := c.As(who)
			for _, filter := range []string{"", "amount > 5000", "next_follow_on is not null"} {
				for _, sort := range []string{"-id", "-amount", "name"} {
					b := askBoard(t, k, "crm.customer", map[string]any{"by": "status", "filter": filter, "sort": sort, "limit": 10,
						"fields": []string{"name", "amount"}, "measures": []string{"sum:amount"}})
					var states []string
					for _, col := range b.Columns {
						state := strings.Trim(string(col.Value), `"`)
						states = append(states, state)
						only := fmt.Sprintf("status == %q", state)
						if filter != "" {
							only += " and " + filter
						}
						var ids, want []string
						for _, it := range col.Items {
							ids = append(ids, it.ID)
						}
						at := "/records/crm.customer?limit=200&count=true&sort=" + sort + "&filter=" + url.QueryEscape(only)
						if col.Next != nil {
							for _, it := range k.Get(at + "&cursor=" + url.QueryEscape(*col.Next)).Want(200).Items() {
								ids = append(ids, it["id"].(string))
							}
						}
						for _, it := range k.Get(at).Want(200).Items() {
							want = append(want, it["id"].(string))
						}
						if !slices.Equal(ids, want) || col.Count != len(want) || col.HasMore != (len(want) > 10) {
							t.Errorf("%s, %q by %s, %s: %d of %d cards differ from the list of %d", who, filter, sort, state, len(ids), col.Count, len(want))
						}
						sum := askSum(t, k, only)
						if got := totalsOf(col.Totals); got != sum {
							t.Errorf("%s, %q, %s: %s, the aggregate says %s", who, filter, state, got, sum)
						}
					}
					if got := strings.Join(states, " "); got != "lead contacted negotiating won lost" {
						t.Errorf("columns %s", got)
					}
				}
			}
		}
	})
}

func totalsOf(list []struct {
	Currency *string
	Values   []*string
}) string {
	out := ""
	for _, one := range list {
		out += *one.Values[0] + " "
	}
	return out
}

func askSum(t *testing.T, k *company.Client, filter string) (out string) {
	t.Helper()
	var a struct{ Rows [][]any }
	r := k.Post("/records/crm.customer/aggregate", map[string]any{"group": []string{"status"}, "measures": []string{"sum:amount"}, "filter": filter}).Want(200)
	if err := json.Unmarshal(r.Body, &a); err != nil {
		t.Fatal(err)
	}
	for _, row := range a.Rows {
		out += row[1].(string) + " "
	}
	return out
}

// The columns of a reference are the records of its entity, narrowed by what
// the filter says of them; what has no value stands last.
func TestBoardOfReferences(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		add := func(entity string, values map[string]any) string {
			return k.Post("/records/"+entity, values).Want(201).Str("id")
		}
		north := add("crm.customer", map[string]any{"name": "北方"})
		add("crm.customer", map[string]any{"name": "南方"})
		add("crm.customer", map[string]any{"name": "北方一厂", "parent": north})
		add("crm.customer", map[string]any{"name": "北方二厂", "parent": north})
		ask := func(filter string) (out []string) {
			b := askBoard(t, k, "crm.customer", map[string]any{"by": "parent", "filter": filter, "fields": []string{"name"}, "sort": "name"})
			for _, col := range b.Columns {
				var ref struct{ Label string }
				if err := json.Unmarshal(col.Value, &ref); err != nil {
					t.Fatal(err)
				}
				out = append(out, fmt.Sprint(ref.Label, " ", col.Count))
			}
			slices.Sort(out)
			return out
		}
		if got, want := ask(""), []string{" 2", "北方 2", "北方一厂 0", "北方二厂 0", "南方 0"}; !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%v, want %v", got, want)
		}
		if got, want := ask(`parent.name == "北方"`), []string{"北方 2"}; !slices.Equal(got, want) {
			t.Errorf("through the path: %v, want %v", got, want)
		}
		for _, body := range []map[string]any{{"by": "name"}, {"by": "tags"}, {"by": "gone"}, {"by": "status", "limit": 51}, {"by": "status", "measures": []string{"sum:name"}}, {"by": "created_at"}} {
			k.Post("/records/crm.customer/board", body).Want(400)
		}
	})
}

// Words narrow a board, its counts and its totals.
func TestBoardOfWords(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		for i, name := range []string{"宁波轴承厂", "宁波港务", "杭州轴承"} {
			k.Post("/records/crm.customer", map[string]any{"name": name, "status": "won", "amount": fmt.Sprint(i+1, "00.00")}).Want(201)
		}
		k.Get("/records/crm.customer?q=宁波&fresh=true").Want(200)
		b := askBoard(t, k, "crm.customer", map[string]any{"by": "status", "q": "宁波", "fields": []string{"name"}, "measures": []string{"sum:amount"}})
		for _, col := range b.Columns {
			if string(col.Value) == `"won"` && (col.Count != 2 || len(col.Items) != 2 || totalsOf(col.Totals) != "300.00 ") {
				t.Errorf("%+v", col)
			}
		}
	})
}

// Whoever may not see a field makes no columns and no totals of it.
func TestBoardUnderFieldRights(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		role := c.Role("blind", []access.Grant{{Entity: "crm.customer", Op: access.Read, Scope: access.All}},
			access.FieldGrant{Entity: "crm.customer", Field: "amount", Level: schema.Hidden}, access.FieldGrant{Entity: "crm.customer", Field: "level", Level: schema.Hidden})
		c.Member(company.Person{Login: "li", Roles: []int64{role}})
		li := c.As("li")
		li.Post("/records/crm.customer/board", map[string]any{"by": "status"}).Want(200)
		li.Post("/records/crm.customer/board", map[string]any{"by": "status", "measures": []string{"sum:amount"}}).Want(400)
		li.Post("/records/crm.customer/board", map[string]any{"by": "level"}).Want(400)
		c.Member(company.Person{Login: "none"})
		c.As("none").Post("/records/crm.customer/board", map[string]any{"by": "status"}).Want(403)
	})
}
