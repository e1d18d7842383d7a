package customer

import (
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/crm/address"
	"github.com/guanxicrm/guanxi/internal/modules/crm/invoicetitle"
)

// derive keeps the 统一社会信用代码 in its normal form, so that the same code
// typed with blanks or small letters is the same, and refuses a second default
// among the lines.
func derive(r *record.Record, n entity.Needs) error {
	if code := USCC.Get(r); code != "" {
		code, _ = text.USCC(code)
		USCC.Set(r, code)
	}
	if err := oneDefault(addresses, n.Lines(addresses), address.Default); err != nil {
		return err
	}
	return oneDefault(invoiceTitles, n.Lines(invoiceTitles), invoicetitle.Default)
}

// oneDefault refuses a second line that is the default: an order would not know
// which to take.
func oneDefault(group string, lines []*record.Record, is *entity.Field[bool]) error {
	found := false
	for i, line := range lines {
		if is.Get(line) && found {
			return errs.New(errs.Invalid, "error.line_default").At(group + "[" + strconv.Itoa(i) + "]." + is.Key())
		}
		found = found || is.Get(line)
	}
	return nil
}

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	if code := USCC.Get(c.After); code != "" && c.Touches(USCC) {
		if _, ok := text.USCC(code); !ok {
			return errs.New(errs.Invalid, "error.uscc", "value", code).At(USCC.Key())
		}
	}
	if err := entity.NoCircle(ctx, tx, c, Parent, "error.customer_circle"); err != nil {
		return err
	}
	return Held.Validate(ctx, tx, c)
}

func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if err := entity.NoCircle(ctx, tx, c, Parent, "error.customer_circle"); err != nil {
		return err
	}
	if err := Held.Within(ctx, tx, c); err != nil {
		return err
	}
	return handContacts(ctx, tx, c)
}

// handContacts gives whoever gets a customer out of a pool the contacts that his
// predecessor had there.
func handContacts(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before == nil || c.After == nil || c.Restored() || Owner.Get(c.Before) != 0 || Owner.Get(c.After) == 0 {
		return nil
	}
	from, to := Held.LastHolder.Get(c.After), Owner.Get(c.After)
	if from == 0 || from == to {
		return nil
	}
	where := query.All(entity.Is(contactOf, id.ID(c.After.ID()).String()), entity.Is(Owner, id.ID(from).String()))
	for at := int64(0); ; {
		list, err := tx.Next(ctx, "crm.contact", where, at, contactPage)
		if err != nil {
			return err
		}
		for _, r := range list {
			at = r.ID()
			if err := tx.Update(ctx, "crm.contact", at, func(r *record.Record) { r.Set(Owner.Key(), record.Int(to)) }); err != nil {
				return err
			}
		}
		if len(list) < contactPage {
			return nil
		}
	}
}

// contactOf stands for a contact's reference to its customer.
var contactOf = entity.Ref("customer", "crm.customer")

const contactPage = 200
