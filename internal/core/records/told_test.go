package records_test

import (
	"context"
	"errors"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Subscribers hear of a transaction once, however many writes it is made of, and
// not of what was taken back in it: each time they hear of people, the company's
// directory is read anew.
func TestATransactionIsToldOnce(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		var heard [][]outbox.Event // on this goroutine: nobody else writes departments
		defer c.App.Outbox.Subscribe(func(events []outbox.Event) {
			if len(events) == 0 || events[0].Entity == department.Entity.Name {
				heard = append(heard, events)
			}
		})()
		create := func(ctx context.Context, s *records.Session, name string) error {
			_, err := s.Create(ctx, department.Entity.Name, func(r *record.Record) { department.Name.Set(r, name) })
			return err
		}
		back := errors.New("taken back")
		before := c.App.Dir.Version()
		c.Write(func(ctx context.Context, s *records.Session) error {
			for _, name := range []string{"东区", "西区", "南区"} {
				if err := create(ctx, s, name); err != nil {
					return err
				}
			}
			err := s.Tx().Sub(ctx, func() error { return errors.Join(create(ctx, s, "北区"), back) })
			if !errors.Is(err, back) {
				return err
			}
			return nil
		})
		if len(heard) != 1 || len(heard[0]) != 3 {
			t.Errorf("heard %v", heard)
		}
		if n := c.App.Dir.Version() - before; n != 1 {
			t.Errorf("the directory was read %d times", n)
		}
		c.Write(func(context.Context, *records.Session) error { return nil })
		if len(heard) != 1 {
			t.Errorf("heard of nothing: %v", heard)
		}
	})
}
