package importer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// An import of orders that was stopped goes on with whole orders, also where the
// lines of an order stand far apart.
func TestStoppedOrdersGoOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.basket()
		const orders = 500
		var b strings.Builder
		b.WriteString("订单号,客户名称,产品编码,数量\n")
		for _, product := range []string{"P1", "P2"} {
			for i := range orders {
				fmt.Fprintf(&b, "D%d,甲公司,%s,%d\n", i, product, i%7+1)
			}
		}
		opt := importer.Options{Entity: "sales.order", Key: []string{"number"}, Path: h.file("o.csv", b.String())}
		stop := errors.New("stopped")
		var chunks atomic.Int64
		opt.Fence = func(context.Context, sqldb.Tx) error {
			if chunks.Add(1) > 2 {
				return stop
			}
			return nil
		}
		_, err := h.try(opt)
		if !errors.Is(err, stop) {
			t.Fatalf("not stopped: %v", err)
		}
		some := len(h.all("sales.order"))
		opt.Fence = nil
		h.run(opt, counts{created: orders})
		if n := len(h.all("sales.order_item")); n != 2*orders {
			t.Errorf("%d lines; %d orders were there when it stopped", n, some)
		}
		h.want("sales.order", h.by("sales.order", "number", "D3"), map[string]string{"total": "450.00"})
		t.Logf("%d of %d orders were there when it stopped", some, orders)
		h.run(opt, counts{unchanged: orders})
	})
}
