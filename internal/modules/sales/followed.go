package sales

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/quote"
)

// of is the opportunity that a follow-up belongs to: what it is about, or what
// the paper belongs to that it is about.
var of = entity.Ref("opportunity", opportunity.Entity.Name).ReadOnly()

// targets let notes and tasks be about what is sold.
func targets() []entity.Target {
	names := []string{opportunity.Entity.Name, quote.Entity.Name, contract.Entity.Name, order.Entity.Name}
	var out []entity.Target
	for _, name := range []string{"crm.follow_up", "crm.follow_plan", "work.task"} {
		out = append(out, entity.Target{Entity: name, Field: "about", To: names})
	}
	return out
}

// authority says of roles how much they may give away.
func authority() entity.Extension {
	return entity.Extension{Of: role.Entity.Name, Fields: []entity.Declared{paper.RoleLimit}, Groups: []schema.Group{{Key: "sales", Fields: []string{paper.RoleLimit.Key()}, Columns: 2}}}
}

// followed keeps with a follow-up the opportunity that it belongs to, and with
// the opportunity when the next one is.
func followed() entity.Extension {
	return entity.Extension{
		Of:     followup.Entity.Name,
		Fields: []entity.Declared{of},
		Groups: []schema.Group{{Key: "sales", Fields: []string{of.Key()}, Columns: 2}},
		Validate: func(ctx context.Context, tx entity.Reader, c entity.Change) error {
			if c.After == nil || !c.Touches(followup.About) || c.Restored() {
				return nil
			}
			about := followup.About.Get(c.After)
			if about.Str() == opportunity.Entity.Name {
				of.Set(c.After, about.Int())
				return nil
			}
			of.Clear(c.After)
			if about.Str() != quote.Entity.Name && about.Str() != contract.Entity.Name && about.Str() != order.Entity.Name {
				return nil
			}
			paper, err := tx.Get(ctx, about.Str(), about.Int())
			if err != nil {
				return err
			}
			of.Set(c.After, paper.Get(of.Key()).Int())
			return nil
		},
		Within: func(ctx context.Context, tx entity.Writer, c entity.Change) error {
			if c.After == nil || c.Restored() || of.Get(c.After) == 0 || c.Before != nil && !c.Touches(followup.NextFollowOn) {
				return nil
			}
			deal, err := tx.Get(ctx, opportunity.Entity.Name, of.Get(c.After))
			if errs.Is(err, errs.NotFound) {
				return nil // deleted: there is nothing to go on with
			}
			next := followup.NextFollowOn.Get(c.After)
			if err != nil || next == opportunity.NextFollowOn.Get(deal) || next != "" && next < tx.Here().Today() {
				return err
			}
			return tx.Update(ctx, opportunity.Entity.Name, deal.ID(), func(r *record.Record) {
				opportunity.NextFollowOn.Set(r, next)
				if next == "" {
					opportunity.NextFollowOn.Clear(r)
				}
			})
		},
	}
}
