package member

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// disable keeps a member from signing in; everything of his stays where it is.
func disable(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	if Disabled.Get(c.After) {
		return nil
	}
	return tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) { Disabled.Set(r, true) })
}

// enable lets a member sign in again; he needs a login for that.
func enable(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	if Login.Get(c.After) == "" {
		return errs.New(errs.Conflict, "error.member_login").At(Login.Key())
	}
	if !Disabled.Get(c.After) {
		return nil
	}
	return tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) { Disabled.Set(r, false) })
}
