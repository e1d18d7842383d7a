package customer

import (
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/entity"
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
	return entity.NoCircle(ctx, tx, c, Parent, "error.customer_circle")
}

func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	return entity.NoCircle(ctx, tx, c, Parent, "error.customer_circle")
}
