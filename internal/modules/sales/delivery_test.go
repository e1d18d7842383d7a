package sales_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Orders go out in parts and come back in parts; what is with the customer is the
// sum of that (SAL-6).
func TestOrdersAreDeliveredInParts(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		line := func(at string, i int) row {
			return k.Get(at).JSON()["items"].([]any)[i].(row)
		}
		is := func(at string, i int, want ...string) {
			t.Helper()
			for n, key := range []string{"delivered", "returned", "recorded"} {
				got, _ := line(at, i)[key].(string)
				if got != want[n] {
					t.Errorf("line %d: %s = %q, want %q", i, key, got, want[n])
				}
			}
		}
		refused := func(r company.Reply, key, field string) {
			t.Helper()
			r.Want(http.StatusUnprocessableEntity)
			one := r.JSON()["errors"].([]any)[0].(row)
			if one["code"] != key || one["field"] != field {
				t.Errorf("refused with %v at %v, want %s at %s", one["code"], one["field"], key, field)
			}
		}
		customer := post("crm.customer", row{"name": "宁波海运有限公司"})
		valve := post("catalog.product", row{"name": "球阀", "price": "113", "tax_rate": "13"})
		at := "/records/sales.order/" + post("sales.order", row{"customer": customer, "items": []row{{"product": valve, "quantity": "10"}, {"name": "垫片", "quantity": "4", "price": "1"}}})
		a, b := line(at, 0)["id"], line(at, 1)["id"]
		refused(k.Patch(at, row{"deliveries": []row{{"line": a, "quantity": "1"}}}), "error.delivery_closed", "deliveries[0].line")
		k.Patch(at, row{"items": []row{{"id": a, "delivered": "3"}}}).Want(http.StatusForbidden)
		k.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "delivery", "none")

		// A part of one line, then of both; by hand, with how it goes.
		k.Patch(at, row{"deliveries": []row{{"line": a, "quantity": "3", "date": "2026-01-05", "carrier": "顺丰", "waybill": "SF1"}}}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "delivery", "part")
		is(at, 0, "3", "", "3")
		is(at, 1, "", "", "")
		first := k.Get(at).JSON()["deliveries"].([]any)[0].(row)
		if first["waybill"] != "SF1" || first["line"].(row)["label"] != "球阀" || first["kind"] != "out" {
			t.Errorf("the first delivery is %v", first)
		}
		kept := row{"id": first["id"]}
		refused(k.Patch(at, row{"deliveries": []row{kept, {"line": a, "quantity": "7.5"}}}), "error.delivery_above", "deliveries[1].quantity")
		refused(k.Patch(at, row{"deliveries": []row{kept, {"line": valve, "quantity": "1"}}}), "error.delivery_line", "deliveries[1].line")
		refused(k.Patch(at, row{"deliveries": []row{kept, {"line": a, "quantity": "-1"}}}), "error.too_low", "deliveries[1].quantity")
		other := "/records/sales.order/" + post("sales.order", row{"customer": customer, "items": []row{{"product": valve, "quantity": "1"}}})
		refused(k.Patch(at, row{"deliveries": []row{kept, {"line": line(other, 0)["id"], "quantity": "1"}}}), "error.delivery_line", "deliveries[1].line")
		k.Patch(at, row{"deliveries": []row{kept, {"line": b, "quantity": "4"}}}).Want(http.StatusOK)
		is(at, 1, "4", "", "4")
		company.Holds(t, k.Get(at), "delivery", "part")

		// What comes back is told why, and is no more than went out.
		rows := func() []row {
			var out []row
			for _, one := range k.Get(at).JSON()["deliveries"].([]any) {
				out = append(out, row{"id": one.(row)["id"]})
			}
			return out
		}
		refused(k.Patch(at, row{"deliveries": append(rows(), row{"line": a, "kind": "back", "quantity": "3"})}), "error.required", "deliveries[2].reason")
		refused(k.Patch(at, row{"deliveries": append(rows(), row{"line": a, "kind": "back", "quantity": "3.1", "reason": "漏气"})}), "error.delivery_back", "deliveries[2].quantity")
		k.Patch(at, row{"deliveries": append(rows(), row{"line": a, "kind": "back", "quantity": "1", "reason": "漏气"})}).Want(http.StatusOK)
		is(at, 0, "2", "1", "2")

		// All that is left goes out at once, on a day that may be told.
		k.Post(at+"/actions/deliver", row{"date": "2026-02-01", "waybill": "SF2"}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "delivery", "full")
		is(at, 0, "10", "1", "10")
		list := k.Get(at).JSON()["deliveries"].([]any)
		if last := list[len(list)-1].(row); len(list) != 4 || last["quantity"] != "8" || last["date"] != "2026-02-01" || last["waybill"] != "SF2" {
			t.Errorf("%d deliveries, the last %v", len(list), last)
		}

		// A change makes no line smaller than what is with the customer: less after a return.
		smaller := func(quantity string, want int) {
			t.Helper()
			k.Post(at+"/actions/change", row{"reason": "客户减量"}).Want(http.StatusOK)
			made := k.Get("/records/sales.change?sort=-id").Items()[0]
			change := "/records/sales.change/" + made["id"].(string)
			lines := k.Get(change).JSON()["items"].([]any)
			k.Patch(change, row{"items": []row{{"id": lines[0].(row)["id"], "quantity": quantity}, {"id": lines[1].(row)["id"]}}}).Want(http.StatusOK)
			k.Post(change+"/actions/submit", row{}).Want(http.StatusOK)
			r := k.Post(change+"/actions/approve", row{}).Want(want)
			if want != http.StatusOK {
				if r.Str("key") != "error.change_delivered" {
					t.Errorf("refused with %s", r.Body)
				}
				k.Post(change+"/actions/drop", row{}).Want(http.StatusOK)
			}
		}
		smaller("6", http.StatusConflict)
		k.Patch(at, row{"deliveries": append(rows(), row{"line": a, "kind": "back", "quantity": "4", "reason": "多订"})}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "delivery", "part")
		smaller("6", http.StatusOK)
		company.Holds(t, k.Get(at), "delivery", "full")
		is(at, 0, "6", "5", "6")

		// Returned after it was finished, too.
		k.Post(at+"/actions/finish", row{}).Want(http.StatusOK)
		k.Patch(at, row{"deliveries": append(rows(), row{"line": a, "kind": "back", "quantity": "6", "reason": "退货"}, row{"line": b, "kind": "back", "quantity": "4", "reason": "退货"})}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "delivery", "returned", "status", "done")
	})
}

// What was delivered before orders had deliveries stays, and counts.
func TestWhatWasDeliveredBeforeStays(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		at := "/records/sales.order/" + k.Post("/records/sales.order", row{"customer": customer, "items": []row{{"name": "球阀", "quantity": "10", "price": "1"}}}).Want(http.StatusCreated).Str("id")
		k.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		line := func() row { return k.Get(at).JSON()["items"].([]any)[0].(row) }
		of, err := id.Parse(line()["id"].(string))
		if err != nil {
			t.Fatal(err)
		}
		c.Write(func(ctx context.Context, s *records.Session) error {
			return s.Update(ctx, "sales.order_item", int64(of), func(r *record.Record) { order.Delivered.Set(r, 5_000_000) })
		})
		company.Holds(t, k.Get(at), "delivery", "part")
		k.Patch(at, row{"remark": "x"}).Want(http.StatusOK)
		if line()["delivered"] != "5" {
			t.Errorf("delivered became %v", line()["delivered"])
		}
		k.Patch(at, row{"deliveries": []row{{"line": line()["id"], "quantity": "2"}}}).Want(http.StatusOK)
		if one := line(); one["delivered"] != "7" || one["recorded"] != "2" {
			t.Errorf("the line is %v", one)
		}
		k.Patch(at, row{"deliveries": []row{{"line": line()["id"], "kind": "back", "quantity": "5", "reason": "x"}}}).Want(http.StatusOK)
		if one := line(); one["delivered"] != "0" || one["recorded"] != "-5" {
			t.Errorf("the line is %v", one)
		}
		company.Holds(t, k.Get(at), "delivery", "returned")
		k.Patch(at, row{"deliveries": []row{}}).Want(http.StatusOK)
		k.Post(at+"/actions/deliver", row{}).Want(http.StatusOK)
		if one := line(); one["delivered"] != "10" || one["recorded"] != "5" {
			t.Errorf("the line is %v", one)
		}
	})
}
