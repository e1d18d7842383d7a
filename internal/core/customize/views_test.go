package customize_test

import (
	"context"
	"errors"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// twice takes back the first run of every write and runs it once more.
type twice struct{ sqldb.DB }

func (d twice) Write(ctx context.Context, fn func(sqldb.Tx) error) error {
	undone := errors.New("undone")
	return d.DB.Write(ctx, func(tx sqldb.Tx) error {
		err := tx.Sub(ctx, func() error { return errors.Join(fn(tx), undone) })
		if !errors.Is(err, undone) {
			return err
		}
		return fn(tx)
	})
}

// A new view is there although the write that adds it ran more than once.
func TestViewAddedInSecondRun(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		ctx := context.Background()
		var p ddl.Plan
		err := d.Read(ctx, func(q sqldb.Querier) (err error) {
			p, err = ddl.NewPlan(ctx, q, customize.Tables())
			return err
		})
		if err == nil {
			err = ddl.Apply(ctx, d, p, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		s := customize.New(twice{d}, nil, id.NewGenerator(1, clock.System{}, 0), nil, nil)
		v, err := s.SaveView(ctx, customize.Keeper{Member: 7}, customize.View{Entity: "crm.customer", Name: "我的"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.Views(ctx, 7, "crm.customer")
		if err != nil || len(list) != 1 || list[0].ID != v.ID || list[0].Owner != 7 || list[0].Name != "我的" {
			t.Errorf("%+v, %v; added %+v", list, err, v)
		}
	})
}
