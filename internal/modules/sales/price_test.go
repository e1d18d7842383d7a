package sales_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// first is the first line of a record's answer.
func first(r company.Reply) row {
	lines, _ := r.JSON()["items"].([]any)
	if len(lines) == 0 {
		return row{}
	}
	line, _ := lines[0].(row)
	return line
}

// priced checks price and book of the first line.
func priced(t *testing.T, what string, r company.Reply, price, book string) {
	t.Helper()
	line, got := first(r), ""
	if b, ok := line["price_book"].(row); ok {
		got, _ = b["label"].(string)
	}
	if line["price"] != price || got != book {
		t.Errorf("%s: price %v of book %q, want %s of %q", what, line["price"], got, price, book)
	}
}

// A line takes its price from the best price book, says which, and follows
// quantity, customer, day and currency until somebody types a price (SAL-9).
func TestLinesTakePricesFromBooks(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		valve := post("catalog.product", row{"name": "球阀", "price": "100", "cost": "60", "tax_rate": "13"})
		post("catalog.price_book", row{"name": "批发价", "items": []row{{"product": valve, "price": "95"}, {"product": valve, "quantity_from": "100", "price": "90"}}})
		post("catalog.price_book", row{"name": "江苏重点客户", "levels": []string{"a"}, "region": "32", "items": []row{{"product": valve, "price": "88"}}})
		post("catalog.price_book", row{"name": "出口价", "currency": "USD", "items": []row{{"product": valve, "price": "14.5"}}})
		post("catalog.price_book", row{"name": "去年", "priority": 9, "valid_until": "2025-12-31", "items": []row{{"product": valve, "price": "1"}}})
		post("catalog.rate", row{"currency": k.Get("/records/catalog.currency?filter=code%20%3D%3D%20%22USD%22").Items()[0]["id"], "date": "2020-01-01", "rate": "7"})
		k.Post("/records/catalog.price_book", row{"name": "重复", "items": []row{{"product": valve, "price": "1"}, {"product": valve, "price": "2"}}}).Want(http.StatusUnprocessableEntity)
		plain := post("crm.customer", row{"name": "上海一般客户有限公司", "level": "b", "region": "310115"})
		good := post("crm.customer", row{"name": "苏州重点客户有限公司", "level": "a", "region": "320505"})

		quote := row{"customer": plain, "date": "2026-03-01", "items": []row{{"product": valve, "quantity": "10"}}}
		seen := k.Post("/records/sales.quote/preview", row{"values": quote}).Want(http.StatusOK).JSON()["values"].(row)["items"].([]any)[0].(row)
		if seen["price"] != "95.00" || seen["list_price"] != "95.00" {
			t.Errorf("the preview says %v", seen)
		}
		made := k.Post("/records/sales.quote", quote).Want(http.StatusCreated)
		priced(t, "wholesale", made, "95.00", "批发价")
		at := "/records/sales.quote/" + made.Str("id")
		line := first(made)["id"]
		change := func(v row) company.Reply {
			k.Patch(at, v).Want(http.StatusOK)
			return k.Get(at)
		}
		priced(t, "more of it", change(row{"items": []row{{"id": line, "quantity": "100"}}}), "90.00", "批发价")
		priced(t, "a good customer", change(row{"customer": good}), "88.00", "江苏重点客户")
		priced(t, "in dollars", change(row{"currency": "USD"}), "14.50", "出口价")
		priced(t, "back, and last year", change(row{"currency": "CNY", "date": "2025-06-01"}), "1.00", "去年")
		priced(t, "typed", change(row{"items": []row{{"id": line, "price": "89"}}}), "89.00", "")
		priced(t, "typed stays", change(row{"date": "2026-03-01", "items": []row{{"id": line, "quantity": "5"}}}), "89.00", "")
		if got := first(k.Get(at))["list_price"]; got != "88.00" {
			t.Errorf("list price %v", got)
		}

		// What was agreed on goes along as it is, and a settled paper keeps its prices.
		priced(t, "again from the book", change(row{"items": []row{{"product": valve, "quantity": "3"}}}), "88.00", "江苏重点客户")
		k.Post(at+"/actions/submit", row{}).Want(http.StatusOK)
		book := k.Get("/records/catalog.price_book?filter=name%20%3D%3D%20%22%E6%B1%9F%E8%8B%8F%E9%87%8D%E7%82%B9%E5%AE%A2%E6%88%B7%22").Items()[0]["id"].(string)
		k.Patch("/records/catalog.price_book/"+book, row{"active": false}).Want(http.StatusOK)
		k.Post(at+"/actions/accept", row{"make": "order"}).Want(http.StatusOK)
		priced(t, "accepted", k.Get(at), "88.00", "江苏重点客户")
		priced(t, "ordered", k.Get("/records/sales.order/"+k.Get(at).Str("order.id")), "88.00", "江苏重点客户")
	})
}

// A quote was sent when it was sent, not when it was last changed.
func TestSentIsWhenItWasSent(t *testing.T) {
	t.Parallel()
	at := clock.NewFake(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	k := company.Open(t, company.Options{Clock: at}).As("admin").With("If-Match", "*")
	customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
	quote := "/records/sales.quote/" + k.Post("/records/sales.quote", row{"customer": customer, "items": []row{{"name": "吊机", "price": "1"}}}).Want(http.StatusCreated).Str("id")
	k.Post(quote+"/actions/submit", row{}).Want(http.StatusOK)
	at.Advance(90 * time.Minute)
	k.Post(quote+"/actions/send", row{}).Want(http.StatusOK)
	company.Holds(t, k.Get(quote), "sent_at", "2026-03-02T10:30:00Z")
}
