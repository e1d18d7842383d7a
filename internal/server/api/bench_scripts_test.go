package api_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// The benchmark asks PostgreSQL alone what a call of the API asks it. Its
// copies are still what is sent, in as many round trips as are said here.
func TestBenchScripts(t *testing.T) {
	tap := pg.NewTap(t, pg.URL(t))
	c := company.Open(t, company.Options{Database: tap.URL})
	admin := c.As("admin")
	role := admin.Get("/records/org.role?" + filter(`code == "sales"`)).Want(200).Str("items.0.id")
	dept := admin.Post("/records/org.department", map[string]any{"name": "销售一部"}).Want(201).Str("id")
	seller := admin.Post("/records/org.member", map[string]any{"name": "甲", "login": "seller", "department": dept, "roles": []string{role}}).Want(201).Str("id")
	made := 0
	create := func() string {
		made++
		return admin.Post("/records/crm.customer", map[string]any{"name": fmt.Sprintf("浙江云腾%d网络科技有限公司", made), "owner": seller,
			"phone": fmt.Sprint(13800000000 + made), "email": "kf1@corp1.example", "industry": "software", "region": "330000", "status": "lead", "source": "web",
			"amount": "12.50", "source_created_at": "2024-01-01T00:00:00Z", "remark": "需跟进"}).Want(201).Str("id")
	}
	id := create()
	list := func(as *company.Client, where string) {
		as.Get("/records/crm.customer?" + filter(where) + "&sort=-source_created_at&limit=50&count=true").Want(200)
	}
	for _, op := range []struct {
		name  string
		waits int
		call  func()
	}{
		{"W1", 2, func() { admin.Get("/records/crm.customer/" + id).Want(200) }},
		{"W2", 1, func() { list(admin, fmt.Sprintf("owner == %q and status == \"lead\"", seller)) }},
		{"W2b", 1, func() { list(admin, `status == "lead"`) }},
		{"W3", 1, func() { list(c.As("seller"), `status == "lead"`) }},
		{"W5", 10, func() { create() }},
		{"W6", 12, func() {
			made++
			admin.With("If-Match", "*").Patch("/records/crm.customer/"+id, map[string]any{"phone": fmt.Sprint(13800000000 + made)}).Want(200)
			id = create() // the key of a record's history is made once
		}},
	} {
		want := scriptStatements(t, op.name)
		least, best := 0, ""
		for range 3 { // what a connection never asked before is prepared on the way
			tap.Reset()
			op.call()
			for _, sent := range tap.Seen() {
				diff := cmp.Diff(want, plainStatements(strings.Join(sent.Statements, ";")))
				if diff == "" && (least == 0 || sent.Waits < least) {
					least = sent.Waits
				} else if diff != "" && (best == "" || len(diff) < len(best)) {
					best = diff
				}
			}
		}
		if least == 0 {
			t.Errorf("bench/pgbench/%s.sql is not what is sent any more (-script +sent): %s", op.name, best)
		} else if least != op.waits {
			t.Errorf("%s waits %d times for PostgreSQL, want %d", op.name, least, op.waits)
		}
	}
}

var (
	scriptPart      = regexp.MustCompile(`\{[a-z]+\}`)
	scriptCommand   = regexp.MustCompile(`(?m)^\\.*$`)
	scriptParameter = regexp.MustCompile(`«[^»]*»|\$\d+`)
)

// scriptStatements are those of a script of the benchmark.
func scriptStatements(t *testing.T, name string) []string {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "bench", "pgbench", name+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(text))
	}
	text := read(name)
	for scriptPart.MatchString(text) {
		text = scriptPart.ReplaceAllStringFunc(text, func(part string) string { return read(strings.Trim(part, "{}")) })
	}
	return plainStatements(scriptCommand.ReplaceAllString(text, ""))
}

// plainStatements are the statements of a text without their parameters.
func plainStatements(text string) []string {
	var out []string
	for one := range strings.SplitSeq(scriptParameter.ReplaceAllString(text, "?"), ";") {
		if one = strings.Join(strings.Fields(strings.ReplaceAll(one, ",", ", ")), " "); one != "" {
			out = append(out, one)
		}
	}
	return out
}
