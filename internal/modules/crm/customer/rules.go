package customer

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// derive keeps the 统一社会信用代码 in its normal form, so that the same code
// typed with blanks or small letters is the same.
func derive(r *record.Record) error {
	if code := USCC.Get(r); code != "" {
		code, _ = text.USCC(code)
		USCC.Set(r, code)
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
