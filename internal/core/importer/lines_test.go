package importer_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// linesOf reads the live lines of an entity of lines.
func (h *house) linesOf(entity string, of *record.Record) []*record.Record {
	h.t.Helper()
	var out []*record.Record
	ent := h.App.Registry.State().Entity(entity)
	for _, r := range h.all(entity) {
		if r.At(ent.Parent.Slot).Int() == of.ID() {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *record.Record) int {
		return int(a.At(ent.Position.Slot).Int() - b.At(ent.Position.Slot).Int())
	})
	return out
}

// basket makes customers and products that orders name.
func (h *house) basket() {
	h.t.Helper()
	h.run(importer.Options{Entity: "crm.customer", Path: h.file("c.csv", "客户编号,客户名称\nK1,甲公司\nK2,乙公司\n")}, counts{created: 2})
	h.run(importer.Options{Entity: "catalog.product", Path: h.file("p.csv", "产品编码,产品名称,单价,税率\nP1,电机,100,13%\nP2,阀门,12.5,13%\n")}, counts{created: 2})
}

// Several rows with one order number are one order with several lines, wherever
// they stand; a second run finds them unchanged; the undo takes all back.
func TestOrdersWithLines(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.basket()
		before, beforeLines := h.dump("sales.order"), h.dump("sales.order_item")
		opt := importer.Options{Entity: "sales.order", Key: []string{"订单号"}, Map: mappings(t, `"done"=status`), Path: h.file("o.csv",
			"订单号,客户名称,下单日期,产品编码,数量,单价,折扣\n"+
				"D1,甲公司,2024-03-05,P1,2,100,0\nD2,乙公司,2024-03-06,P2,4,12.345,0.15\nD1,甲公司,2024-03-05,P2,10,,0.1\nD3,乙公司,2024-03-07,,,,\n")}
		try := opt
		try.DryRun = true
		if s := h.run(try, counts{created: 3}); s.Lines != 3 || s.Rows != 3 {
			t.Errorf("a dry run: %+v", s)
		}
		if now := h.dump("sales.order"); !slices.Equal(before, now) {
			t.Error("a dry run wrote orders")
		}
		s := h.run(opt, counts{created: 3})
		if s.Lines != 3 || len(s.Unmapped) > 0 {
			t.Errorf("%+v", s)
		}
		d1 := h.by("sales.order", "number", "D1")
		h.want("sales.order", d1, map[string]string{"date": "2024-03-05", "status": "已完成", "total": "312.50"})
		lines := h.linesOf("sales.order_item", d1)
		if len(lines) != 2 {
			t.Fatalf("%d lines", len(lines))
		}
		h.want("sales.order_item", lines[0], map[string]string{"name": "电机", "quantity": "2", "amount": "200.00"})
		h.want("sales.order_item", lines[1], map[string]string{"name": "阀门", "quantity": "10", "price": "12.50", "discount": "10", "amount": "112.50"})
		h.want("sales.order", h.by("sales.order", "number", "D2"), map[string]string{"total": "41.97"})
		if n := len(h.linesOf("sales.order_item", h.by("sales.order", "number", "D3"))); n != 0 {
			t.Errorf("an order of nothing has %d lines", n)
		}
		h.run(opt, counts{unchanged: 3})
		h.undo(s.Changeset)
		if now := h.dump("sales.order"); !slices.Equal(before, now) {
			t.Errorf("%d orders after the undo, %d before", len(now), len(before))
		}
		if now := h.dump("sales.order_item"); !slices.Equal(beforeLines, now) {
			t.Errorf("%d lines after the undo, %d before", len(now), len(beforeLines))
		}
	})
}

// An order goes in as a whole or not at all: what is wrong is named at its row,
// the others say where it is, and the file of failed rows has them all.
func TestOneBadLineKeepsTheOrderOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.basket()
		opt := importer.Options{Entity: "sales.order", Key: []string{"number"}, FailedPath: filepath.Join(t.TempDir(), "failed.csv"), Path: h.file("o.csv",
			"订单号,客户名称,产品编码,数量\n"+
				"D1,甲公司,P1,2\nD1,甲公司,P9,1\nD2,乙公司,P2,4\nD3,甲公司,P1,1\nD3,乙公司,P2,1\nD4,甲公司,P1,x\nD4,甲公司,P1,1,zu viel\n,甲公司,P1,1\n")}
		s := h.run(opt, counts{created: 1, failed: 4})
		want := []string{
			"2 : 同一单的第 3 行有误，整单没有导入。",
			"3 items.product: 订单明细 · 产品：没有找到“P9”，请先建立它或改正。",
			"5 : 同一单的第 6 行有误，整单没有导入。",
			"6 customer: 客户：与第 5 行的不同。同一单的各行在这一列要一致，请改正后重新导入。",
		}
		var got []string
		for _, e := range s.Errors[:4] {
			got = append(got, strconv.Itoa(e.Line)+" "+e.Field+": "+e.Message)
		}
		if !slices.Equal(got, want) || len(s.Errors) != 7 || s.Errors[4].Field != "items.quantity" {
			t.Errorf("errors %q\n%+v", got, s.Errors)
		}
		raw, err := os.ReadFile(s.FailedFile)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		if n := strings.Count(text, "\n"); n != 8 || !strings.Contains(text, "D1,甲公司,P1,2,") {
			t.Errorf("failed rows:\n%s", text)
		}
		// Mended, the file of failed rows brings the others.
		text = strings.NewReplacer("P9", "P2", "D3,乙公司", "D3,甲公司", "P1,x", "P1,3", "P1,1,zu viel", "P1,1").Replace(text)
		text = strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.HasPrefix(l, ",") }), "\n")
		opt.Path = h.file("mended.csv", text)
		h.run(opt, counts{created: 3})
	})
}

// Lines of an order that is there are replaced by those of the file, those that
// say the same stay; what is settled stays as it is.
func TestLinesAreUpdated(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.basket()
		opt := importer.Options{Entity: "sales.order", Key: []string{"number"}}
		opt.Path = h.file("a.csv", "订单号,客户名称,产品编码,数量\nD1,甲公司,P1,2\nD1,甲公司,P2,1\n")
		h.run(opt, counts{created: 1})
		was := h.linesOf("sales.order_item", h.by("sales.order", "number", "D1"))
		opt.Path = h.file("b.csv", "订单号,产品编码,数量\nD1,P2,1\nD1,P1,3\nD1,P2,5\n")
		s := h.run(opt, counts{updated: 1})
		now := h.linesOf("sales.order_item", h.by("sales.order", "number", "D1"))
		if len(now) != 3 || now[0].ID() != was[1].ID() || now[1].ID() != was[0].ID() {
			t.Errorf("lines %v became %v", was, now)
		}
		h.want("sales.order", h.by("sales.order", "number", "D1"), map[string]string{"total": "375.00"})
		h.undo(s.Changeset)
		h.want("sales.order", h.by("sales.order", "number", "D1"), map[string]string{"total": "212.50"})
		// Settled by one import, it is changed by none.
		opt.Map = mappings(t, `"confirmed"=status`)
		opt.Path = h.file("c.csv", "订单号,产品编码,数量\nD1,P1,2\nD1,P2,1\n")
		h.run(opt, counts{updated: 1})
		h.run(opt, counts{unchanged: 1})
		opt.Path = h.file("d.csv", "订单号,产品编码,数量\nD1,P1,9\n")
		if s := h.run(opt, counts{failed: 1}); !strings.Contains(s.Errors[0].Message, "已确认") {
			t.Errorf("%+v", s.Errors)
		}
	})
}

// Without a column that tells orders apart, rows with lines are not taken.
func TestLinesNeedAKey(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.basket()
		opt := importer.Options{Entity: "sales.order", Path: h.file("o.csv", "订单号,客户名称,产品编码,数量\nD1,甲公司,P1,2\n")}
		if _, err := h.try(opt); err == nil || !strings.Contains(err.Error(), "import_lines_key") {
			t.Errorf("error %v", err)
		}
		p, err := importer.Look(t.Context(), h.deps(), h.actor, opt)
		if err != nil || !slices.Equal(p.Keys, []string{"number"}) || p.Become[0].Values["items.product"] != "电机" {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

// Receipts come in with the order that they are for; nobody but the finance
// confirms them.
func TestReceipts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.basket()
		h.run(importer.Options{Entity: "sales.order", Key: []string{"number"}, Path: h.file("o.csv", "订单号,客户名称,产品编码,数量\nD1,甲公司,P1,2\n")}, counts{created: 1})
		opt := importer.Options{Entity: "finance.receipt", Key: []string{"bank_reference"}, Path: h.file("r.csv",
			"客户名称,订单号,收款日期,收款金额,手续费,收款方式,银行流水号\n甲公司,D1,2024-03-05,120,5,支付宝,L1\n甲公司,D1,2024-03-09,80.00,,,L2\n")}
		s := h.run(opt, counts{created: 2})
		one := h.by("finance.receipt", "bank_reference", "L1")
		h.want("finance.receipt", one, map[string]string{"date": "2024-03-05", "amount": "120.00", "arrived": "115.00", "method": "支付宝", "status": "待确认"})
		if got, want := one.Get("order").Int(), h.by("sales.order", "number", "D1").ID(); got != want {
			t.Errorf("the receipt is for order %d, want %d", got, want)
		}
		h.run(opt, counts{unchanged: 2})
		h.undo(s.Changeset)
		if n := len(h.all("finance.receipt")); n != 0 {
			t.Errorf("%d receipts after the undo", n)
		}
	})
}
