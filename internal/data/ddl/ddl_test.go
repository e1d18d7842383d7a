package ddl_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shop is a small schema with every feature: references, a circle, a composite
// key, partial, unique and descending indexes, names that need quoting.
func shop() []ddl.Table {
	return []ddl.Table{
		{
			Name: "visit",
			Columns: []ddl.Column{
				{Name: "id", Kind: record.KindInt},
				{Name: "customer_id", Kind: record.KindInt, NotNull: true, Ref: "customer"},
				{Name: "order", Kind: record.KindInt, NotNull: true, Default: "0"},
			},
			Key:     []string{"id"},
			Indexes: []ddl.Index{{Name: "visit_customer_id_ix", Columns: []string{"customer_id", "order DESC"}}},
		},
		{
			Name: "customer",
			Columns: []ddl.Column{
				{Name: "id", Kind: record.KindInt},
				{Name: "name", Kind: record.KindText, NotNull: true},
				{Name: "name_k", Kind: record.KindText},
				{Name: "due", Kind: record.KindInt},
				{Name: "face", Kind: record.KindBytes},
				{Name: "parent_id", Kind: record.KindInt, Ref: "customer"},
				{Name: "last_visit_id", Kind: record.KindInt, Ref: "visit"},
				{Name: "deleted_at", Kind: record.KindInt},
			},
			Key: []string{"id"},
			Indexes: []ddl.Index{
				{Name: "customer_name_k_ix", Columns: []string{"name_k"}, Unique: true, Where: "deleted_at IS NULL"},
				{Name: "customer_due_ix", Columns: []string{"due DESC", "id DESC"}},
			},
		},
		{
			Name: "visit_members",
			Columns: []ddl.Column{
				{Name: "id", Kind: record.KindInt, Ref: "visit"},
				{Name: "target", Kind: record.KindInt},
				{Name: `we"ird`, Kind: record.KindText, Default: "'a'"},
			},
			Key:     []string{"id", "target"},
			NoRowid: true,
		},
	}
}

func TestCreateGolden(t *testing.T) {
	for _, d := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(d), func(t *testing.T) {
			var lines []string
			for _, table := range shop() {
				lines = append(lines, ddl.Create(d, table)...)
			}
			golden(t, "create_"+string(d)+".sql", lines)
		})
	}
}

func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	got := strings.Join(lines, ";\n") + ";\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestIndexName(t *testing.T) {
	if got := ddl.IndexName("crm_customer", "owner_id", "id DESC"); got != "crm_customer_owner_id_id_ix" {
		t.Errorf("got %q", got)
	}
	long := ddl.IndexName(strings.Repeat("t", 40), strings.Repeat("c", 40), "d")
	other := ddl.IndexName(strings.Repeat("t", 40), strings.Repeat("c", 40), "e")
	if len(long) != 63 || len(other) != 63 || long == other {
		t.Errorf("long names are cut to 63 bytes and stay different: %q %q", long, other)
	}
}

func TestCheck(t *testing.T) {
	column := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindInt} }
	good := ddl.Table{Name: "a", Columns: []ddl.Column{column("id")}, Key: []string{"id"}}
	cases := map[string]struct {
		tables []ddl.Table
		want   string
	}{
		"good":            {[]ddl.Table{good}, ""},
		"shop":            {shop(), ""},
		"twice":           {[]ddl.Table{good, good}, "already taken"},
		"long name":       {[]ddl.Table{{Name: strings.Repeat("n", 64), Columns: []ddl.Column{column("id")}}}, "1 to 63 bytes"},
		"no columns":      {[]ddl.Table{{Name: "a"}}, "no columns"},
		"column twice":    {[]ddl.Table{{Name: "a", Columns: []ddl.Column{column("x"), column("x")}}}, "declared twice"},
		"no kind":         {[]ddl.Table{{Name: "a", Columns: []ddl.Column{{Name: "x"}}}}, "no storage kind"},
		"unknown key":     {[]ddl.Table{{Name: "a", Columns: []ddl.Column{column("x")}, Key: []string{"y"}}}, "unknown column"},
		"unknown ref":     {[]ddl.Table{{Name: "a", Columns: []ddl.Column{{Name: "x", Kind: record.KindInt, Ref: "b"}}}}, "unknown table"},
		"index column":    {[]ddl.Table{{Name: "a", Columns: []ddl.Column{column("x")}, Indexes: []ddl.Index{{Name: "i", Columns: []string{"y"}}}}}, "unknown column"},
		"index order":     {[]ddl.Table{{Name: "a", Columns: []ddl.Column{column("x")}, Indexes: []ddl.Index{{Name: "i", Columns: []string{"x up"}}}}}, "write"},
		"index empty":     {[]ddl.Table{{Name: "a", Columns: []ddl.Column{column("x")}, Indexes: []ddl.Index{{Name: "i"}}}}, "no columns"},
		"index is table":  {[]ddl.Table{{Name: "a", Columns: []ddl.Column{column("x")}, Indexes: []ddl.Index{{Name: "a", Columns: []string{"x"}}}}}, "already taken"},
		"index elsewhere": {[]ddl.Table{{Name: "a", Columns: []ddl.Column{column("x")}, Indexes: []ddl.Index{{Name: "i", Columns: []string{"x"}}}}, {Name: "b", Columns: []ddl.Column{column("x")}, Indexes: []ddl.Index{{Name: "i", Columns: []string{"x"}}}}}, "already taken"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := ddl.Check(c.tables)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
