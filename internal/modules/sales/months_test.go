package sales_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// monthsHouse is a company whose orders' months are kept added up.
type monthsHouse struct {
	t       *testing.T
	c       *company.Company
	settled string // table of the months that are
	sums    string
}

func (h *monthsHouse) exec(sql string) {
	h.t.Helper()
	err := h.c.App.DB.Exclusive(h.t.Context(), func(q sqldb.Querier) error {
		_, err := q.Exec(h.t.Context(), sql)
		return err
	})
	if err != nil {
		h.t.Fatal(sql, err)
	}
}

// months are those that are settled.
func (h *monthsHouse) months() string {
	h.t.Helper()
	var rows sqldb.Rows
	if err := h.c.App.DB.ReadOne(h.t.Context(), `SELECT parent_date FROM "`+h.settled+`" ORDER BY 1`, nil, []record.Kind{record.KindText}, &rows); err != nil {
		h.t.Fatal(err)
	}
	var list []string
	for i := range rows.Len() {
		list = append(list, rows.At(i, 0).Str()[5:7])
	}
	return strings.Join(list, " ")
}

// settle is the night; it adds up want months.
func (h *monthsHouse) settle(want int64) {
	h.t.Helper()
	if n, err := h.c.App.Engine.SettleMonths(h.t.Context(), "sales.order_item", "2026-07-01", 2); err != nil || n != want {
		h.t.Errorf("%d months were added up, want %d (%v)", n, want, err)
	}
}

// answers are what the reports say, for many ways to ask.
func (h *monthsHouse) answers(k *company.Client) map[string]string {
	h.t.Helper()
	out := map[string]string{}
	for _, report := range []string{"products", "product_margin"} {
		for _, by := range []string{"product", "category", "month", "year", "customer"} {
			for name, time := range map[string]row{"all": {"period": "all"}, "whole": {"period": "custom", "from": "2026-01-01", "to": "2026-05-31"},
				"part": {"period": "custom", "from": "2026-01-15", "to": "2026-04-10"}, "open": {"period": "custom", "from": "2026-02-01"}, "month": {"period": "custom", "from": "2026-02-03", "to": "2026-02-20"}} {
				time["by"] = by
				key := report + " " + by + " " + name
				out[key] = string(k.Post("/reports/sales.order/"+report, time).Want(http.StatusOK).Body)
			}
		}
	}
	return out
}

// agree fails where the reports tell another thing with the sums than without,
// or other months are settled.
func (h *monthsHouse) agree(what, months string) {
	h.t.Helper()
	if got := h.months(); got != months {
		h.t.Errorf("%s: settled are %q, not %q", what, got, months)
	}
	k := h.c.As("admin")
	with := h.answers(k)
	h.exec(`CREATE TABLE held AS SELECT * FROM "` + h.settled + `"`)
	h.exec(`DELETE FROM "` + h.settled + `"`)
	without := h.answers(k)
	h.exec(`INSERT INTO "` + h.settled + `" SELECT * FROM held`)
	h.exec(`DROP TABLE held`)
	for key, want := range without {
		if with[key] != want {
			h.t.Errorf("%s: %s\n%s, by its rows\n%s", what, key, with[key], want)
		}
	}
}

// Months that are kept added up never make a report tell another thing than its
// lines do, whatever becomes of those, and are what it is answered by.
func TestMonthsKeptAddedUp(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		h := &monthsHouse{t: t, c: c}
		for _, table := range store.Tables(c.App.Registry.State().Snapshot) {
			switch {
			case strings.HasPrefix(table.Name, "sales_order_item__") && strings.HasSuffix(table.Name, "_months"):
				h.settled = table.Name
			case strings.HasPrefix(table.Name, "sales_order_item__") && strings.HasSuffix(table.Name, "_sums"):
				h.sums = table.Name
			}
		}
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		first, second := post("crm.customer", row{"name": "甲公司"}), post("crm.customer", row{"name": "乙公司"})
		category := post("catalog.category", row{"name": "泵"})
		pump, valve := post("catalog.product", row{"name": "水泵", "category": category, "price": "10"}), post("catalog.product", row{"name": "阀门", "price": "7"})
		order := func(customer, day string) string {
			at := "/records/sales.order/" + post("sales.order", row{"customer": customer, "date": day, "items": []row{
				{"product": pump, "name": "泵", "price": "10", "quantity": "2", "cost": "4"}, {"product": pump, "name": "泵", "price": "11"},
				{"product": valve, "name": "阀", "price": "7", "cost": "3"}, {"name": "人工", "price": "100"}}})
			k.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
			return at
		}
		var orders []string
		for _, day := range []string{"2026-01-01", "2026-01-20", "2026-02-03", "2026-02-28", "2026-03-31", "2026-05-05", "2026-07-01"} {
			orders = append(orders, order(map[bool]string{true: first, false: second}[len(orders)%2 == 0], day))
		}
		h.agree("nothing is settled", "")
		h.settle(4)
		h.agree("settled", "01 02 03 05")
		h.settle(0)

		before := h.answers(k)
		h.exec(`UPDATE "` + h.sums + `" SET total = total + 10000, net = net + 10000`)
		after := h.answers(k)
		for key := range before {
			asked := !strings.Contains(key, "customer") && !strings.HasSuffix(key, "month") // the sums do not know the customer, nor parts of a month
			if (before[key] != after[key]) != asked {
				t.Errorf("%s: the sums are asked: %t", key, !asked)
			}
		}
		h.settle(4)
		h.agree("mended", "01 02 03 05")

		open := func(at string, change row) {
			k.Post(at+"/actions/reopen", row{}).Want(http.StatusOK)
			k.Do("PATCH", at, change).Want(http.StatusOK)
			k.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		}
		open(orders[0], row{"date": "2026-03-05"})
		h.agree("moved to another month", "02 05")
		h.settle(2)
		open(orders[2], row{"items": []row{{"product": valve, "name": "阀", "price": "9", "quantity": "5"}}})
		h.agree("other lines", "01 03 05")
		h.settle(1)
		orders = append(orders, order(second, "2026-05-31"))
		h.agree("another order", "01 02 03")
		h.settle(1)
		k.Do("PATCH", orders[4], row{"remark": "远"}).Want(http.StatusOK)
		h.agree("what is in no sum", "01 02 03 05")
		k.Post(orders[4]+"/actions/reopen", row{}).Want(http.StatusOK)
		h.agree("another state", "01 02 05")
		h.settle(1)
		k.Do("DELETE", orders[4], nil).Want(http.StatusOK)
		h.agree("deleted", "01 02 05")
		h.settle(1)
		k.Post(orders[4]+"/restore", row{}).Want(http.StatusOK)
		h.agree("restored", "01 02 05")
	})
}
