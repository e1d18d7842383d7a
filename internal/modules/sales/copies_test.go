package sales_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Lines of orders keep who bought and sold them, when, in what and how far it
// is: as long as the order is changed, deleted, brought back and taken back, and
// where an earlier program or somebody else wrote them without.
func TestLinesKeepWhatTheirOrderSays(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		item := c.App.Registry.State().Entity("sales.order_item")
		if len(item.Copies) < 6 {
			t.Fatalf("%d fields are kept", len(item.Copies))
		}
		k := c.As("admin").With("If-Match", "*")
		post := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		other := id.ID(c.Member(company.Person{Login: "xiaoli", Dept: c.Dept("销售部", 0)})).String()
		first, second := post("crm.customer", row{"name": "甲公司"}), post("crm.customer", row{"name": "乙公司"})
		lines := []row{{"name": "一", "price": "10"}, {"name": "二", "price": "20", "quantity": "3"}}
		order := post("sales.order", row{"customer": first, "date": "2026-03-01", "items": lines})
		gone := post("sales.order", row{"customer": second, "date": "2026-03-02", "items": lines})
		at := "/records/sales.order/" + order
		agree(t, c, item, 4)

		k.Do("PATCH", at, row{"date": "2026-05-06", "customer": second}).Want(http.StatusOK)
		agree(t, c, item, 4)
		k.Do("PATCH", at, row{"date": "2026-07-08", "items": append([]row{{"name": "三", "price": "30"}}, lines...)}).Want(http.StatusOK)
		agree(t, c, item, 3+2)
		k.Do("PATCH", at, row{"owner": other}).Want(http.StatusOK)
		agree(t, c, item, 5)
		k.Post(at+"/actions/confirm", row{}).Want(http.StatusOK)
		agree(t, c, item, 5)
		k.Do("DELETE", "/records/sales.order/"+gone, nil).Want(http.StatusOK)
		agree(t, c, item, 3)

		spoil := func(sql string) {
			t.Helper()
			err := c.App.DB.Exclusive(t.Context(), func(q sqldb.Querier) error {
				_, err := q.Exec(t.Context(), sql)
				return err
			})
			if err != nil {
				t.Fatal(sql, err)
			}
		}
		kept := store.Column(item.Copies[0].Field)
		spoil("UPDATE " + ddl.Quote(item.Table) + " SET " + ddl.Quote(kept) + " = 'spoilt' WHERE id = (SELECT max(id) FROM " + ddl.Quote(item.Table) + ")")
		if n, err := c.App.Engine.RepairCopies(t.Context(), item.Name); n != 1 || err != nil {
			t.Errorf("%d lines were mended: %v", n, err)
		}
		agree(t, c, item, 3)

		for _, name := range store.CopyIndexes(item) { // as an earlier program left it
			spoil("DROP INDEX " + ddl.Quote(name))
		}
		for _, x := range item.Copies {
			spoil("ALTER TABLE " + ddl.Quote(item.Table) + " DROP COLUMN " + ddl.Quote(store.Column(x.Field)))
		}
		if err := c.App.Prepare(t.Context(), c.App.Registry.State()); err != nil {
			t.Fatal(err)
		}
		agree(t, c, item, 3)
	})
}

// agree fails where a line keeps what its record does not say, or where there
// are other than so many live lines.
func agree(t *testing.T, c *company.Company, item *schema.Entity, live int64) {
	t.Helper()
	wrong := ""
	for i, x := range item.Copies {
		if i > 0 {
			wrong += " OR "
		}
		wrong += "t." + ddl.Quote(store.Column(x.Field)) + " IS DISTINCT FROM r." + ddl.Quote(store.Column(x.Of))
	}
	from := " FROM " + ddl.Quote(item.Table) + " t JOIN " + ddl.Quote(item.Of.Table) + " r ON r.id = t." + ddl.Quote(store.Column(item.Parent)) + " WHERE "
	for want, sql := range map[int64]string{0: "SELECT count(*)" + from + "(" + wrong + ")", live: "SELECT count(*)" + from + "t.deleted_at IS NULL"} {
		var rows sqldb.Rows
		if err := c.App.DB.ReadOne(context.Background(), sql, nil, []record.Kind{record.KindInt}, &rows); err != nil {
			t.Fatal(err)
		}
		if n := rows.At(0, 0).Int(); n != want {
			t.Errorf("%d rows, not %d: %s", n, want, sql)
		}
	}
}
