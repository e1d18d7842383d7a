package sales_test

import (
	"math/big"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/quote"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

// sheet is a quote as the test itself keeps it, in the units in which it is stored.
type sheet struct {
	currency  string
	inclusive bool
	off       int64
	lines     []sheetLine
}

type sheetLine struct{ quantity, price, discount, rate, amount, share, net, tax, total int64 }

// TestDocumentsInTheBooks writes ten thousand quotes (a hundred thousand with
// GUANXI_SOAK) on each database and holds every line and every total of what is
// read back to rational numbers: quantities of six digits, currencies of no, two
// and three minor digits, all the rates of tax, inclusive and not, with discounts
// of lines and of the whole.
func TestDocumentsInTheBooks(t *testing.T) {
	t.Parallel()
	house.Each(t, app.Modules(), func(t *testing.T, h *house.House) {
		most, batch := 10_000, 100
		switch {
		case testing.Short():
			most = 200
		case os.Getenv("GUANXI_SOAK") != "":
			most = 100_000
		}
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 13))
		t.Logf("seed %d", seed)
		owner := h.Add("org.member", func(r *record.Record) {
			member.Name.Set(r, "周经理")
			member.Login.Set(r, "zhou")
		})
		who := h.Add(customer.Entity.Name, func(r *record.Record) {
			customer.Name.Set(r, "苏州恒远机械有限公司")
			customer.Owner.Set(r, owner)
		})
		lines := 0
		for at := 0; at < most; at += batch {
			// What is written is taken back, so that the last is as quick as the first.
			err := h.Write(h.System(), func(s *records.Session) error {
				papers := make([]*sheet, batch)
				patches := make([]records.Patch, batch)
				ent := s.State().Entity(quote.Entity.Name)
				for i := range papers {
					papers[i] = randomSheet(t, r)
					patches[i] = papers[i].patch(ent, who, owner)
					lines += len(papers[i].lines)
				}
				results, err := s.Batch(ent, patches, true)
				if err != nil {
					return err
				}
				checkSheets(t, s, papers, results)
				return errTaken
			})
			if errs.KeyOf(err) != errs.KeyOf(errTaken) {
				t.Fatalf("after %d: %v", at, err)
			}
			if t.Failed() {
				return
			}
		}
		t.Logf("%d documents with %d lines", most, lines)
	})
}

// errTaken takes a batch back.
var errTaken = errs.New(errs.Conflict, "error.paper_empty")

func randomSheet(t *testing.T, r *rand.Rand) *sheet {
	t.Helper()
	p := &sheet{currency: []string{"CNY", "USD", "JPY", "KWD"}[r.IntN(4)], inclusive: r.IntN(2) == 0, lines: make([]sheetLine, 1+r.IntN(4))}
	var whole int64
	largest := 0
	for i := range p.lines {
		l := &p.lines[i]
		l.quantity, l.price = r.Int64N(999_999_999_999), r.Int64N(10_000_000_000)
		if r.IntN(3) == 0 {
			l.discount = r.Int64N(100_000_000)
		}
		l.rate = []int64{13, 9, 6, 3, 1, 0}[r.IntN(6)] * 1_000_000
		n := new(big.Rat).Mul(big.NewRat(l.quantity, 1_000_000), big.NewRat(l.price, 1_000_000))
		l.amount = p.round(t, n.Mul(n, big.NewRat(100_000_000-l.discount, 100_000_000)))
		if whole += l.amount; l.amount > p.lines[largest].amount {
			largest = i
		}
	}
	if r.IntN(2) == 0 && whole > 0 {
		p.off = p.round(t, big.NewRat(r.Int64N(whole), 20_000))
	}
	left := p.off
	for i := range p.lines {
		l := &p.lines[i]
		if p.off > 0 {
			l.share = p.round(t, new(big.Rat).Mul(big.NewRat(l.amount, 10_000), big.NewRat(p.off, whole)))
			left -= l.share
		}
	}
	p.lines[largest].share += left
	for i := range p.lines {
		p.tax(t, &p.lines[i])
	}
	return p
}

func (p *sheet) tax(t *testing.T, l *sheetLine) {
	t.Helper()
	after, rate := big.NewRat(l.amount-l.share, 10_000), big.NewRat(l.rate, 100_000_000)
	tax := new(big.Rat).Mul(after, rate)
	if p.inclusive {
		tax.Quo(tax, new(big.Rat).Add(big.NewRat(1, 1), rate))
	}
	l.tax, l.net, l.total = p.round(t, tax), l.amount-l.share, l.amount-l.share
	if p.inclusive {
		l.net -= l.tax
	} else {
		l.total += l.tax
	}
}

// round rounds half away from zero to the currency's minor unit, by the text form.
func (p *sheet) round(t *testing.T, n *big.Rat) int64 {
	t.Helper()
	out, err := decimal.Parse(n.FloatString(map[string]int{"JPY": 0, "KWD": 3}[p.currency]+map[string]int{"CNY": 2, "USD": 2}[p.currency]), 4)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (p *sheet) patch(ent *schema.Entity, who, owner int64) records.Patch {
	put := func(e *schema.Entity, key string, v record.Value) records.Input {
		return records.Input{Field: e.Field(key), Value: v}
	}
	in := []records.Input{put(ent, "customer", record.Int(who)), put(ent, "owner", record.Int(owner)), put(ent, "currency", record.Text(p.currency)), put(ent, "tax_included", record.Bool(p.inclusive)),
		put(ent, "rate", record.Int(7_000_000)), put(ent, "discount", record.Int(p.off))}
	group := ent.Line(paper.Items)
	list := records.Input{Group: group}
	for _, l := range p.lines {
		one := records.LineInput{}
		for key, n := range map[string]int64{"quantity": l.quantity, "price": l.price, "discount": l.discount, "tax_rate": l.rate} {
			one.Inputs = append(one.Inputs, put(group.Entity, key, record.Int(n)))
		}
		list.Lines = append(list.Lines, records.LineInput{Inputs: append(one.Inputs, put(group.Entity, "name", record.Text("设备")))})
	}
	return records.Patch{Version: records.AnyVersion, Inputs: append(in, list)}
}

// checkSheets reads what was written and holds it to the test's own figures.
func checkSheets(t *testing.T, s *records.Session, papers []*sheet, results []records.Result) {
	t.Helper()
	among := func(path string) *query.Node {
		n := &query.Node{Kind: query.Compare, Path: path, Op: schema.OpIn}
		for _, r := range results {
			n.Args = append(n.Args, query.Arg{Text: id.ID(r.ID).String()})
		}
		return n
	}
	heads, err := s.Find(t.Context(), quote.Entity.Name, among("id"), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Find(t.Context(), "sales.quote_item", among("parent"), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	found, lines := map[int64]*record.Record{}, map[int64][]*record.Record{}
	for _, head := range heads {
		found[head.ID()] = head
	}
	for _, one := range rows {
		n := one.Get("parent").Int()
		lines[n] = append(lines[n], one)
	}
	for i, p := range papers {
		head, got := found[results[i].ID], lines[results[i].ID]
		if head == nil || len(got) != len(p.lines) {
			t.Fatalf("%+v has %d lines", p, len(got))
		}
		var sums [5]int64
		for at, l := range p.lines {
			want := [...]int64{l.amount, l.share, l.net, l.tax, l.total}
			for n, key := range []string{"amount", "discount_share", "net", "tax", "total"} {
				sums[n] += want[n]
				if v := got[at].Get(key).Int(); v != want[n] {
					t.Errorf("%s of line %d of %+v is %d, want %d", key, at, p, v, want[n])
				}
			}
		}
		for n, key := range []string{"amount", "discount_total", "net", "tax", "total"} {
			if v := head.Get(key).Int(); v != sums[n] {
				t.Errorf("%s of %+v is %d, want %d", key, p, v, sums[n])
			}
		}
	}
}
