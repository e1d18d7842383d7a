package finance

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
)

// agreed keeps contracts and orders from becoming less than what was paid or
// invoiced of them.
func agreed() []entity.Extension {
	var out []entity.Extension
	for i, total := range []*entity.Field[int64]{contract.Head.Total, order.Head.Total} {
		name := []string{contract.Entity.Name, order.Entity.Name}[i]
		out = append(out, entity.Extension{Of: name, Validate: func(_ context.Context, _ entity.Reader, c entity.Change) error {
			if c.Before == nil || c.After == nil || c.Restored() || total.Get(c.After) >= total.Get(c.Before) {
				return nil
			}
			for _, by := range []struct{ key, message string }{{"received", "error.below_received"}, {"invoiced", "error.below_invoiced"}} {
				if least := c.After.Get(by.key).Int(); total.Get(c.After) < least {
					return errs.New(errs.Conflict, by.message, "total", money.Text(total.Get(c.After)), "least", money.Text(least)).At(total.Key())
				}
			}
			return nil
		}})
	}
	return out
}
