package member

import (
	"context"
	"strings"
	"unicode"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// NormalLogin is how a login is stored and compared: small letters, no blanks around it.
func NormalLogin(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func derive(r *record.Record, _ entity.Needs) error {
	Login.Set(r, NormalLogin(Login.Get(r)))
	if Login.Get(r) == "" {
		Disabled.Set(r, true)
	} else if Disabled.Value(r).IsNull() {
		Disabled.Set(r, false)
	}
	if Admin.Value(r).IsNull() {
		Admin.Set(r, false)
	}
	return nil
}

// validate lets members with the right to it mend facts about colleagues;
// whatever decides what somebody may see or do is the administrators'.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.Before == nil || c.After == nil || c.Restored() ||
		c.Touches(Login, Department, Departments, Position, Superior, Roles, Admin, Disabled) || c.Touches(Email) && signsIn(c) {
		if err := admin.Only(c); err != nil {
			return err
		}
	}
	if c.After != nil {
		if err := wellFormed(c); err != nil {
			return err
		}
		if err := entity.NoCircle(ctx, tx, c, Superior, "error.superior_circle"); err != nil {
			return err
		}
	}
	return adminRemains(ctx, tx, c)
}

// signsIn says whether a change is of a member who signs in. The link that sets
// his password anew goes to his address: who changes that could become him.
func signsIn(c entity.Change) bool { return Login.Get(c.Before) != "" || Login.Get(c.After) != "" }

func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if err := entity.NoCircle(ctx, tx, c, Superior, "error.superior_circle"); err != nil {
		return err
	}
	return adminRemains(ctx, tx, c)
}

func wellFormed(c entity.Change) error {
	if login := Login.Get(c.After); c.Touches(Login) && strings.ContainsFunc(login, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@+", r)
	}) {
		return errs.New(errs.Invalid, "error.login", "value", login).At(Login.Key())
	}
	if from, until := AwayFrom.Get(c.After), AwayUntil.Get(c.After); c.Touches(AwayFrom, AwayUntil) && until != "" && until < from {
		return errs.New(errs.Invalid, "error.away_order").At(AwayUntil.Key())
	}
	if zone := Zone.Get(c.After); c.Touches(Zone) && zone != "" {
		if _, err := calendar.LoadZone(zone); err != nil {
			return errs.New(errs.Invalid, "error.zone", "value", zone).At(Zone.Key())
		}
	}
	return nil
}

func administers(r *record.Record) bool { return r != nil && Admin.Get(r) && !Disabled.Get(r) }

// adminRemains keeps at least one administrator who can sign in: without one
// nobody could undo the mistake. It holds for each record and, run again after
// the write, for all records of it together.
func adminRemains(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if !administers(c.Before) || administers(c.After) {
		return nil
	}
	if err := tx.Guard(ctx, "org.member.admin"); err != nil {
		return err
	}
	found, err := tx.Find(ctx, schema.MemberEntity, query.All(entity.Is(Admin, "true"), entity.Is(Disabled, "false")), 2)
	if err != nil {
		return err
	}
	for _, r := range found {
		if r.ID() != c.Before.ID() {
			return nil
		}
	}
	return errs.New(errs.Conflict, "error.last_admin").At(Admin.Key())
}
