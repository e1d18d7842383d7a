//go:build testdata

package importer_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// What reports say of the real orders, as an answer, as files, in the lists
// behind their figures and on their pages, is what the files come to.

// figures are what lines come to together.
type figures struct {
	total, cost *big.Int // in cents
	quantity    *big.Rat
	lines       int64
	orders      map[string]bool
}

// tally adds lines up by what they are of.
func tally(lines []sold, by func(sold) string) map[string]*figures {
	out := map[string]*figures{}
	for _, l := range lines {
		f := out[by(l)]
		if f == nil {
			f = &figures{new(big.Int), new(big.Int), new(big.Rat), 0, map[string]bool{}}
			out[by(l)] = f
		}
		f.total.Add(f.total, l.cents)
		if l.cost != nil {
			f.cost.Add(f.cost, l.cost)
		}
		f.quantity.Add(f.quantity, l.quantity)
		f.lines++
		f.orders[l.order] = true
	}
	return out
}

func money(cents *big.Int) *big.Rat { return new(big.Rat).SetFrac(cents, big.NewInt(100)) }

func (f *figures) amount() *big.Rat { return money(f.total) }
func (f *figures) spent() *big.Rat  { return money(f.cost) }
func (f *figures) count() *big.Rat  { return big.NewRat(int64(len(f.orders)), 1) }
func (f *figures) many() *big.Rat   { return big.NewRat(f.lines, 1) }
func (f *figures) pieces() *big.Rat { return f.quantity }
func (f *figures) nothing() *big.Rat {
	return new(big.Rat)
}

// mean is an order's amount, to the cent.
func (f *figures) mean() *big.Rat { return money(roundCents(new(big.Rat).Quo(f.amount(), f.count()))) }
func (f *figures) earned() *big.Rat {
	return money(new(big.Int).Sub(f.total, f.cost))
}

// rate is what is earned of each hundred, to a tenth.
func (f *figures) rate() *big.Rat {
	tenths := new(big.Rat).Quo(f.earned(), f.amount()) // a hundred times a tenth of it
	return new(big.Rat).SetFrac(roundCents(new(big.Rat).Mul(tenths, big.NewRat(10, 1))), big.NewInt(10))
}

// column is one of a report.
type column struct {
	key  string
	of   func(*figures) *big.Rat
	list string // what adds it up in the list behind it; "" where it has none
}

// asked is a report with the columns of its figures, in their order, and what its rows stand for.
type asked struct {
	report  string
	columns []column
	by      []string
	costs   bool // it knows only what has a cost
}

var reports = []asked{
	{report: "turnover", by: []string{"customer", "member", "month", "quarter", "year"}, columns: []column{
		{"total_base", (*figures).amount, "sum:total_base"}, {"net_base", (*figures).amount, "sum:net_base"}, {"orders", (*figures).count, "count"}, {"average", (*figures).mean, ""}}},
	{report: "ranking", by: []string{"member", "customer", "month", "quarter"}, columns: []column{
		{"order_amount", (*figures).amount, "sum:total_base"}, {"orders", (*figures).count, "count"},
		{"won_amount", (*figures).nothing, ""}, {"won", (*figures).nothing, ""}, {"receipts", (*figures).nothing, ""}}},
	{report: "products", by: []string{"category", "product", "customer", "member", "month", "quarter", "year"}, columns: []column{
		{"total", (*figures).amount, "sum:total"}, {"net", (*figures).amount, "sum:net"}, {"quantity", (*figures).pieces, "sum:quantity"}, {"lines", (*figures).many, "count"}}},
	{report: "margin", costs: true, by: []string{"customer", "member", "month", "quarter", "year"}, columns: []column{
		{"net_base", (*figures).amount, "sum:net_base"}, {"cost_base", (*figures).spent, "sum:cost_base"}, {"margin_base", (*figures).earned, "sum:margin_base"},
		{"orders", (*figures).count, "count"}, {"margin_rate", (*figures).rate, ""}}},
	{report: "product_margin", costs: true, by: []string{"category", "product", "customer", "member", "month", "year"}, columns: []column{
		{"net_base", (*figures).amount, "sum:net"}, {"cost_base", (*figures).spent, "sum:cost_amount"}, {"quantity", (*figures).pieces, "sum:quantity"},
		{"margin_base", (*figures).earned, ""}, {"margin_rate", (*figures).rate, ""}}},
}

// names tell by what lines are added up, and in which column a row says it.
var names = map[string]struct {
	column string
	of     func(sold) string
}{
	"customer": {"customer", func(l sold) string { return l.customer }},
	"category": {"category", func(l sold) string { return l.category }},
	"product":  {"product", func(l sold) string { return l.product }},
	"member":   {"owner", func(l sold) string { return l.member }},
	"month":    {"time", func(l sold) string { return l.day[:7] }},
	"quarter": {"time", func(l sold) string {
		return fmt.Sprintf("%s-Q%d", l.day[:4], (int(l.day[5]-'0')*10+int(l.day[6]-'0')+2)/3)
	}},
	"year": {"time", func(l sold) string { return l.day[:4] }},
}

// inAll is the name of the row that adds up the others.
const inAll = "all"

// cells are the figures of rows by what these stand for.
type cells map[string][]string

// told gives what a report must say.
func (a asked) told(lines []sold, by string) cells {
	out := cells{}
	put := func(name string, f *figures) {
		for _, c := range a.columns {
			out[name] = append(out[name], c.of(f).RatString())
		}
	}
	rows := tally(lines, names[by].of)
	for name, f := range rows {
		put(name, f)
	}
	if len(rows) > 1 {
		put(inAll, tally(lines, func(sold) string { return "" })[""])
	}
	return out
}

// number reads a figure as a file, an answer or a page has it.
func number(t *testing.T, text string) string {
	t.Helper()
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' {
			return r
		}
		return -1
	}, text)
	if digits == "" {
		return ""
	}
	if strings.ContainsAny(text, "-−") {
		digits = "-" + digits
	}
	return rat(t, digits).RatString()
}

// same compares what is told with what the files come to. Of a long table only
// the greatest are told.
func (h *house) same(what string, want, got cells, more bool) {
	h.t.Helper()
	if more {
		if len(got) != 201 {
			h.t.Errorf("%s: %d rows of %d", what, len(got), len(want))
		}
		least := new(big.Rat)
		for name := range got {
			if want[name] == nil {
				continue // the comparison below says so
			}
			if v := rat(h.t, want[name][0]); least.Sign() == 0 || v.Cmp(least) < 0 {
				least = v
			}
		}
		want = maps.Clone(want)
		for name, row := range want {
			if got[name] == nil {
				if rat(h.t, row[0]).Cmp(least) > 0 {
					h.t.Errorf("%s: %s is left out with %s", what, name, row[0])
				}
				delete(want, name)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("%s (- the files, + the program):\n%s", what, diff)
	}
}

// analysed asks for all reports by all that their rows can stand for.
func (h *house) analysed(lines []sold) {
	h.t.Helper()
	k, n := h.As("admin"), 0
	for _, a := range reports {
		known := lines
		if a.costs && lines[0].cost == nil {
			known = nil
		}
		for _, by := range a.by {
			if by == "product" && lines[0].product == "" {
				continue
			}
			what, in := a.report+" by "+by, map[string]any{"by": by, "period": "all"}
			want := a.told(known, by)
			answer := k.Post("/reports/sales.order/"+a.report, in).Want(200).JSON()
			h.same(what, want, h.answered(a, by, answer), answer["more"] == true)
			for _, format := range []string{"csv", "xlsx"} {
				file := k.Post("/reports/sales.order/"+a.report+"/"+format, in).Want(200).Body
				h.same(what+" as "+format, want, h.filed(a, h.sheet(format, file)), false)
			}
			h.opened(k, a, what, answer)
			n += len(want) * len(a.columns)
		}
	}
	year := lines[len(lines)/2].day[:4]
	products := reports[2]
	some := slices.DeleteFunc(slices.Clone(lines), func(l sold) bool { return l.day[:4] != year })
	for _, by := range []string{"category", "customer"} {
		answer := k.Post("/reports/sales.order/products", map[string]any{"by": by, "period": "custom", "from": year + "-01-01", "to": year + "-12-31"}).Want(200).JSON()
		h.same("products by "+by+" in "+year, products.told(some, by), h.answered(products, by, answer), answer["more"] == true)
	}
	h.paged(lines)
	h.t.Logf("reports: %d figures agree", n)
}

// answered reads an answer.
func (h *house) answered(a asked, by string, answer map[string]any) cells {
	h.t.Helper()
	out := cells{}
	put := func(name string, row map[string]any) {
		for _, c := range a.columns {
			out[name] = append(out[name], number(h.t, fmt.Sprint(row[c.key])))
		}
	}
	for _, one := range answer["rows"].([]any) {
		row := one.(map[string]any)
		name, isText := row[names[by].column].(string)
		if !isText {
			name = labelOf(row[names[by].column])
		}
		put(name, row)
	}
	for _, one := range answer["totals"].([]any) {
		put(inAll, one.(map[string]any))
	}
	return out
}

// filed reads the rows of a file or of a page: a name and figures; the last of
// several adds the others up.
func (h *house) filed(a asked, rows [][]string) cells {
	h.t.Helper()
	out := cells{}
	for i, row := range rows[1:] {
		if len(row) != len(a.columns)+1 {
			h.t.Fatalf("row %q of %q", row, rows[0])
		}
		name := row[0]
		if len(rows) > 2 && i == len(rows)-2 {
			name = inAll
		}
		for _, text := range row[1:] {
			out[name] = append(out[name], number(h.t, text))
		}
	}
	return out
}

// sheet reads a file, taking nothing from the program that wrote it.
func (h *house) sheet(format string, file []byte) [][]string {
	h.t.Helper()
	if format == "csv" {
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
		if err != nil {
			h.t.Fatal(err)
		}
		return rows
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		h.t.Fatal(err)
	}
	part, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		h.t.Fatal(err)
	}
	defer part.Close()
	var sheet struct {
		Rows []struct {
			Cells []struct {
				At   string `xml:"r,attr"`
				Text string `xml:"is>t"`
				Num  string `xml:"v"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	raw, err := io.ReadAll(part)
	if err == nil {
		err = xml.Unmarshal(raw, &sheet)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	var out [][]string
	for _, r := range sheet.Rows {
		row := make([]string, len(sheet.Rows[0].Cells))
		for i, c := range r.Cells {
			if c.At != "" {
				i = int(c.At[0] - 'A')
			}
			row[i] = c.Text + c.Num
		}
		out = append(out, row)
	}
	return out
}

// opened adds up the lists behind figures: of the first, the last and two rows
// between all columns, and once record by record.
func (h *house) opened(k *company.Client, a asked, what string, answer map[string]any) {
	h.t.Helper()
	rows, opens := answer["rows"].([]any), answer["opens"].([]any)
	for _, n := range slices.Compact([]int{0, len(rows) / 3, 2 * len(rows) / 3, len(rows) - 1}) {
		if n < 0 || n >= len(rows) {
			continue
		}
		for i, c := range a.columns {
			place, is := opens[n].(map[string]any)[c.key].(map[string]any)
			if !is {
				if c.list != "" {
					h.t.Errorf("%s: %s of row %d opens nothing", what, c.key, n)
				}
				continue
			}
			entity, filter := place["entity"].(string), place["filter"].(string)
			figure := number(h.t, fmt.Sprint(rows[n].(map[string]any)[c.key]))
			sum := k.Post("/records/"+entity+"/aggregate", map[string]any{"filter": filter, "group": []string{}, "measures": []string{c.list}}).Want(200).JSON()["rows"].([]any)[0].([]any)[0]
			if got := number(h.t, fmt.Sprint(sum)); got != figure {
				h.t.Errorf("%s: %s of row %d is %s, the list behind it comes to %s (%s)", what, c.key, n, figure, got, filter)
			}
			if i > 0 || n > 0 {
				continue
			}
			key, all := strings.TrimPrefix(c.list, "sum:"), new(big.Rat)
			h.walk(k, entity, key+"&filter="+url.QueryEscape(filter), func(one map[string]any) { all.Add(all, rat(h.t, fmt.Sprint(one[key]))) })
			if all.RatString() != figure {
				h.t.Errorf("%s: %s of row %d is %s, the records of the list behind it come to %s", what, c.key, n, figure, all.RatString())
			}
		}
	}
}

// paged opens pages of reports in a browser, in both languages, and the list
// behind the first figure of each.
func (h *house) paged(lines []sold) {
	h.t.Helper()
	type page struct {
		asked `json:"-"`
		By    string   `json:"-"`
		Path  string   `json:"path"`
		Langs []string `json:"langs"`
	}
	var pages []page
	add := func(a asked, by string) {
		pages = append(pages, page{a, by, "/reports/sales/order/" + a.report + "?by=" + by + "&period=all", []string{"zh-CN", "en"}})
	}
	add(reports[0], "customer")
	add(reports[2], "category")
	add(reports[0], "year")
	if lines[0].cost != nil {
		add(reports[1], "member")
		add(reports[4], "category")
	}
	ask, err := json.Marshal(map[string]any{"url": h.URL, "login": "admin", "password": company.Password, "pages": pages})
	if err != nil {
		h.t.Fatal(err)
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := exec.CommandContext(h.t.Context(), "node", filepath.Join(root, "e2e", "figures.mjs"))
	cmd.Stdin = bytes.NewReader(ask)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		h.t.Fatalf("the browser: %v\n%s", err, said.String())
	}
	var shown []struct {
		Lang  string
		Path  string
		Rows  [][]string
		More  bool
		Count string   // of the list behind the first figure
		Foot  []string // what its columns come to
	}
	if err := json.Unmarshal(out.Bytes(), &shown); err != nil {
		h.t.Fatalf("%v: %s", err, out.String())
	}
	if len(shown) != 2*len(pages) {
		h.t.Fatalf("%d pages of %d", len(shown), 2*len(pages))
	}
	for i, s := range shown {
		p := pages[i/2]
		what, want := "page "+s.Path+" "+s.Lang, p.told(lines, p.By)
		h.same(what, want, h.filed(p.asked, s.Rows), s.More)
		first := tally(lines, names[p.By].of)[s.Rows[1][0]]
		records := first.count()
		if strings.HasPrefix(p.report, "product") {
			records = first.many()
		}
		if number(h.t, s.Count) != records.RatString() || !slices.ContainsFunc(s.Foot, func(text string) bool { return number(h.t, text) == first.amount().RatString() }) {
			h.t.Errorf("%s: the list behind the figures of %s has %q records and comes to %q, not %s and %s", what, s.Rows[1][0], s.Count, s.Foot, records.RatString(), first.amount().FloatString(2))
		}
	}
	h.t.Logf("pages: %d tables read in a browser", len(shown))
}
