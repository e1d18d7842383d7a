//go:build testdata

package importer_test

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// inDollars runs fn on both databases for a company whose money is the dollar.
func inDollars(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	open := func(t *testing.T, o company.Options) {
		c := company.Open(t, o)
		_, err := c.App.Setup(t.Context(), api.SetupInput{Company: "Northwind", Currency: "USD", Login: "admin", Name: "Admin", Password: company.Password})
		if err != nil {
			t.Fatal(err)
		}
		actor := access.System("import by a test")
		actor.Env.Zone, actor.Env.Region = c.App.Dir.Zone(), "US"
		fn(t, &house{c, t, actor})
	}
	t.Run("sqlite", func(t *testing.T) { open(t, company.Options{NoSetup: true}) })
	t.Run("postgres", func(t *testing.T) { open(t, company.Options{NoSetup: true, Database: pg.URL(t)}) })
}

// wizard imports a file as the wizard proposes it.
func (h *house) wizard(entity, path, system string, want counts) importer.Summary {
	h.t.Helper()
	opt := importer.Options{Entity: entity, Path: path}
	p, err := importer.Look(h.t.Context(), h.deps(), h.actor, opt)
	if err != nil {
		h.t.Fatal(err)
	}
	if p.Source != system || !strings.HasSuffix(entity, "."+p.Kind) {
		h.t.Fatalf("%s for %s is recognised as %s %s", path, entity, p.Source, p.Kind)
	}
	opt.Exact, opt.Key, opt.Null, opt.OnMatch, opt.FailedPath = p.Map, p.Keys, p.Null, p.OnMatch, filepath.Join(h.t.TempDir(), "failed.csv")
	began := time.Now()
	s := h.run(opt, want)
	h.t.Logf("%s into %s: %d records, %d lines in %s", filepath.Base(path), entity, s.Rows, s.Lines, time.Since(began).Round(time.Millisecond))
	return s
}

// mend joins the two pieces into which a comma without quotes cut a cell of the
// rows of a file of failed rows.
func (h *house) mend(path string, columns, at int) string {
	h.t.Helper()
	rows := table(h.t, path)
	var out strings.Builder
	w := csv.NewWriter(&out)
	for i, r := range rows {
		if i > 0 {
			if len(r) != columns+2 { // one more, and the reason
				h.t.Fatalf("row %q", r)
			}
			r = slices.Concat(r[:at], []string{r[at] + "," + r[at+1]}, r[at+2:])
		}
		if err := w.Write(r); err != nil {
			h.t.Fatal(err)
		}
	}
	w.Flush()
	return h.file("mended.csv", out.String())
}

// table reads a file of comma-separated values, for the reckoning of the tests,
// which takes nothing from the program.
func table(t *testing.T, path string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// sold is a line of an order, as the files have it.
type sold struct {
	order, day, customer, category, member string
	product                                string // "" where names do not tell products apart
	quantity                               *big.Rat
	cents                                  *big.Int // what it comes to
	cost                                   *big.Int // what it costs us, in cents; nil where nobody knows
}

// sums are amounts in cents by what they are of: "customer Alfreds",
// "category Beverages", "year 1996".
type sums map[string]*big.Int

func (s sums) add(key string, cents *big.Int) {
	if s[key] == nil {
		s[key] = new(big.Int)
	}
	s[key].Add(s[key], cents)
}

func sumsOf(lines []sold) sums {
	s := sums{}
	for _, l := range lines {
		s.add("customer "+l.customer, l.cents)
		s.add("category "+l.category, l.cents)
		s.add("year "+l.day[:4], l.cents)
	}
	return s
}

// of gives the sums of one kind as texts.
func (s sums) of(kind string) map[string]string {
	out := map[string]string{}
	for key, cents := range s {
		if name, ok := strings.CutPrefix(key, kind+" "); ok {
			out[name] = new(big.Rat).SetFrac(cents, big.NewInt(100)).FloatString(2)
		}
	}
	return out
}

// roundCents rounds half away from zero.
func roundCents(amount *big.Rat) *big.Int {
	n := new(big.Int).Mul(amount.Num(), big.NewInt(200))
	d := new(big.Int).Mul(amount.Denom(), big.NewInt(2))
	if n.Sign() < 0 {
		n.Sub(n, amount.Denom())
	} else {
		n.Add(n, amount.Denom())
	}
	return n.Quo(n, d)
}

func rat(t *testing.T, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return r
}

// compare wants what the files come to from groups, lists, records and exports.
func (h *house) compare(lines []sold) {
	h.t.Helper()
	k, want := h.As("admin"), sumsOf(lines)
	all := map[string]sums{"groups": h.grouped(k), "records": h.recorded(k), "exports": h.exported()}
	for _, kind := range []string{"customer", "category", "year"} {
		for from, got := range all {
			if diff := cmp.Diff(want.of(kind), got.of(kind)); diff != "" {
				h.t.Errorf("by %s, %s (- the file, + the program):\n%s", kind, from, diff)
			}
		}
		h.t.Logf("by %s: %d sums agree", kind, len(want.of(kind)))
	}
}

func (h *house) cents(s string) *big.Int { return roundCents(rat(h.t, s)) }

// grouped asks for groups with totals.
func (h *house) grouped(k *company.Client) sums {
	h.t.Helper()
	out := sums{}
	rows := func(entity string, body map[string]any) []any {
		body["limit"] = 1000
		reply := k.Post("/records/"+entity+"/aggregate", body).Want(200).JSON()
		if reply["truncated"] == true {
			h.t.Fatalf("groups of %s are cut off", entity)
		}
		return reply["rows"].([]any)
	}
	for _, row := range rows("sales.order", map[string]any{"group": []string{"customer"}, "measures": []string{"sum:total"}}) {
		cells := row.([]any)
		out.add("customer "+cells[0].(map[string]any)["label"].(string), h.cents(cells[1].(string)))
	}
	for _, row := range rows("sales.order", map[string]any{"group": []string{"date:year"}, "measures": []string{"sum:total"}}) {
		cells := row.([]any)
		out.add("year "+cells[0].(string)[:4], h.cents(cells[1].(string)))
	}
	for _, one := range k.Get("/records/catalog.category?fields=name&limit=100").Want(200).Items() {
		filter := `product.category == "` + one["id"].(string) + `"`
		for _, row := range rows("sales.order_item", map[string]any{"filter": filter, "group": []string{}, "measures": []string{"sum:total"}}) {
			if cells := row.([]any); cells[0] != nil {
				out.add("category "+one["name"].(string), h.cents(cells[0].(string)))
			}
		}
	}
	return out
}

// walk reads a whole list by its pages.
func (h *house) walk(k *company.Client, entity, fields string, each func(map[string]any)) {
	h.t.Helper()
	for cursor := ""; ; {
		page := k.Get("/records/" + entity + "?limit=200&fields=" + fields + "&cursor=" + url.QueryEscape(cursor)).Want(200)
		for _, one := range page.Items() {
			each(one)
		}
		next, _ := page.JSON()["next"].(string)
		if cursor = next; cursor == "" {
			return
		}
	}
}

func labelOf(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["label"].(string)
	return s
}

// recorded adds up records, those of lines for the categories of their products.
func (h *house) recorded(k *company.Client) sums {
	h.t.Helper()
	out, category := sums{}, map[string]string{}
	h.walk(k, "sales.order", "customer,date,total", func(one map[string]any) {
		out.add("customer "+labelOf(one["customer"]), h.cents(one["total"].(string)))
		out.add("year "+one["date"].(string)[:4], h.cents(one["total"].(string)))
	})
	h.walk(k, "catalog.product", "category", func(one map[string]any) { category[one["id"].(string)] = labelOf(one["category"]) })
	h.walk(k, "sales.order_item", "product,total", func(one map[string]any) {
		out.add("category "+category[one["product"].(map[string]any)["id"].(string)], h.cents(one["total"].(string)))
	})
	return out
}

// exported adds up what the files of lists say.
func (h *house) exported() sums {
	h.t.Helper()
	out, category := sums{}, map[string]string{}
	read := func(entity string, keys bool, fields ...string) [][]string {
		path := filepath.Join(h.t.TempDir(), "export.csv")
		h.export(importer.ExportOptions{Entity: entity, Fields: fields, Keys: keys}, path)
		return table(h.t, path)[1:]
	}
	for _, row := range read("sales.order", false, "customer", "date", "total") {
		out.add("customer "+row[0], h.cents(row[2]))
		out.add("year "+row[1][:4], h.cents(row[2]))
	}
	for _, row := range read("catalog.category", false, "id", "name") {
		category["of "+row[0]] = row[1]
	}
	for _, row := range read("catalog.product", true, "id", "category") {
		category[row[0]] = category["of "+row[1]]
	}
	for _, row := range read("sales.order_item", true, "product", "total") {
		out.add("category "+category[row[0]], h.cents(row[1]))
	}
	return out
}

func TestDataNorthwindOrders(t *testing.T) {
	inDollars(t, func(t *testing.T, h *house) {
		file := func(name string) string { return source(t, "trade-orders/"+name+".csv") }
		first := h.wizard("crm.customer", file("customers"), "northwind", counts{created: 67, failed: 24})
		h.wizard("crm.customer", h.mend(first.FailedFile, 11, 4), "northwind", counts{created: 24})
		h.wizard("org.member", file("employees"), "northwind", counts{created: 9})
		h.wizard("catalog.category", file("categories"), "northwind", counts{created: 8})
		h.wizard("catalog.product", file("products"), "northwind", counts{created: 77})
		h.run(importer.Options{Entity: "catalog.product", Path: h.costs(file("products")), Key: []string{"external_id"}}, counts{updated: 77})
		heads := h.wizard("sales.order", file("orders"), "northwind", counts{created: 654, failed: 176})
		h.wizard("sales.order", h.mend(heads.FailedFile, 14, 9), "northwind", counts{created: 176})
		s := h.wizard("sales.order", file("order-details"), "northwind", counts{updated: 830})
		if s.Lines != 2155 {
			t.Errorf("%d lines", s.Lines)
		}
		one := h.by("sales.order", "number", "10250")
		h.want("sales.order", one, map[string]string{"date": "1996-07-08", "deliver_on": "1996-08-05", "status": "已完成", "currency": "美元", "total": "1552.60", "recipient": "Hanari Carnes"})
		if got, want := one.Get("owner").Int(), h.by("org.member", "external_id", "4").ID(); got != want {
			t.Errorf("order 10250 belongs to %d, want %d", got, want)
		}
		lines := northwind(t)
		h.compare(lines)
		h.analysed(lines)

		h.undo(s.Changeset)
		if n := len(h.all("sales.order_item")); n != 0 {
			t.Errorf("%d lines after the undo", n)
		}
		h.want("sales.order", h.by("sales.order", "number", "10250"), map[string]string{"status": "草稿", "total": "0.00"})
	})
}

// northwind reckons what the files come to: unit price × quantity × (1 − discount).
// Customers who never ordered are in no sum.
func northwind(t *testing.T) (lines []sold) {
	t.Helper()
	file := func(name string) [][]string { return table(t, source(t, "trade-orders/"+name+".csv"))[1:] }
	by := func(name string, key, value int) map[string]string {
		out := map[string]string{}
		for _, row := range file(name) {
			out[row[key]] = row[value]
		}
		return out
	}
	customers, categories, products, kinds, prices := by("customers", 0, 1), by("categories", 0, 1), by("products", 0, 1), by("products", 0, 3), by("products", 0, 5)
	who, when, whose, members := by("orders", 0, 1), by("orders", 0, 3), by("orders", 0, 2), map[string]string{}
	for _, row := range file("employees") {
		members[row[0]] = row[2] + " " + row[1]
	}
	for _, row := range file("order-details") {
		quantity, price := rat(t, row[3]), rat(t, row[2])
		amount := new(big.Rat).Mul(price, quantity)
		amount.Mul(amount, new(big.Rat).Sub(big.NewRat(1, 1), rat(t, row[4])))
		cost := new(big.Int).Mul(costOf(t, prices[row[1]]), quantity.Num()) // whole pieces
		lines = append(lines, sold{order: row[0], day: when[row[0]][:10], customer: customers[who[row[0]]], category: categories[kinds[row[1]]], product: products[row[1]],
			member: members[whose[row[0]]], quantity: quantity, cents: roundCents(amount), cost: cost})
	}
	return lines
}

// costOf is what a product costs us, in cents: three fifths of its price. The
// files say nothing of it.
func costOf(t *testing.T, price string) *big.Int {
	t.Helper()
	return roundCents(new(big.Rat).Mul(rat(t, price), big.NewRat(3, 5)))
}

// costs writes a table of what products cost.
func (h *house) costs(products string) string {
	h.t.Helper()
	var out strings.Builder
	out.WriteString("external_id,cost\n")
	for _, row := range table(h.t, products)[1:] {
		out.WriteString(row[0] + "," + new(big.Rat).SetFrac(costOf(h.t, row[5]), big.NewInt(100)).FloatString(2) + "\n")
	}
	return h.file("costs.csv", out.String())
}

func TestDataSuperstoreOrders(t *testing.T) {
	inDollars(t, func(t *testing.T, h *house) {
		path := source(t, "retail-orders/superstore.csv")
		h.wizard("crm.customer", path, "superstore", counts{created: 793, skipped: 9994 - 793})
		h.wizard("catalog.category", path, "superstore", counts{created: 3, skipped: 9994 - 3})
		h.wizard("catalog.product", path, "superstore", counts{created: 1862, skipped: 9994 - 1862})
		before := h.dump("sales.order")
		s := h.wizard("sales.order", path, "superstore", counts{created: 5009})
		if s.Lines != 9994 || !slices.Equal(s.Unmapped, []string{"Row ID", "Customer Name", "Segment", "Country", "Region", "Category", "Sub-Category", "Profit"}) {
			t.Errorf("%d lines, unmapped %q", s.Lines, s.Unmapped)
		}
		one := h.by("sales.order", "number", "US-2015-108966")
		h.want("sales.order", one, map[string]string{"date": "2015-10-11", "deliver_on": "2015-10-18", "status": "已完成", "currency": "美元", "total": "979.95", "carrier": "Standard Class"})
		line := h.linesOf("sales.order_item", one)[0]
		h.want("sales.order_item", line, map[string]string{"given_amount": "957.5775", "amount": "957.58", "quantity": "5", "price": "191.5155", "discount": "45"})
		lines := superstore(t, path)
		h.compare(lines)
		h.analysed(lines)
		h.wizard("sales.order", path, "superstore", counts{unchanged: 5009})
		h.undo(s.Changeset)
		if now := h.dump("sales.order"); !slices.Equal(before, now) || len(h.all("sales.order_item")) != 0 {
			t.Errorf("%d orders after the undo, %d before", len(now), len(before))
		}
	})
}

// superstore reckons what the file comes to: its Sales.
func superstore(t *testing.T, path string) (lines []sold) {
	t.Helper()
	rows := table(t, path)
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	for _, row := range rows[1:] {
		lines = append(lines, sold{order: row[at["Order ID"]], day: row[at["Order Date"]], customer: row[at["Customer Name"]], category: row[at["Category"]], member: "Admin",
			quantity: rat(t, row[at["Quantity"]]), cents: roundCents(rat(t, row[at["Sales"]]))})
	}
	return lines
}
