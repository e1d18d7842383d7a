package lead

import (
	"cmp"
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// derive names a lead after who it is, and keeps the 统一社会信用代码 in its
// normal form.
func derive(r *record.Record, _ entity.Needs) error {
	if code := USCC.Get(r); code != "" {
		code, _ = text.USCC(code)
		USCC.Set(r, code)
	}
	if Name.Get(r) == "" {
		if name := cmp.Or(Company.Get(r), ContactName.Get(r)); name != "" {
			Name.Set(r, name)
		}
	}
	return nil
}

func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		return nil
	}
	if Name.Get(c.After) == "" {
		return errs.New(errs.Invalid, "error.lead_nobody").At(Name.Key())
	}
	if code := USCC.Get(c.After); code != "" && c.Touches(USCC) {
		if _, ok := text.USCC(code); !ok {
			return errs.New(errs.Invalid, "error.uscc", "value", code).At(USCC.Key())
		}
	}
	if err := Held.Validate(ctx, tx, c); err != nil {
		return err
	}
	return Scoring.Keep(ctx, tx, c.After)
}

// within keeps what was written about a lead with whoever has it: a new owner
// reads what his predecessor noted.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if err := Held.Within(ctx, tx, c); err != nil {
		return err
	}
	if c.Before == nil || c.After == nil || !c.Touches(Owner) {
		return nil
	}
	before := field("lead_owner", schema.OpEq, id.ID(Owner.Get(c.Before)).String())
	if Owner.Get(c.Before) == 0 {
		if Keeper(c.After).IsNull() {
			return nil
		}
		before = field("lead_owner", schema.OpNull)
	}
	return eachAbout(ctx, tx, c.After.ID(), before, func(r *record.Record) { r.Set("lead_owner", Keeper(c.After)) })
}

// Keeper is who reads what is noted about a lead: its owner, until the
// customer that it became decides.
func Keeper(r *record.Record) record.Value {
	if Customer.Get(r) != 0 {
		return record.Null
	}
	return Owner.Value(r)
}
