package member

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
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

// giveLogin lets a member sign in who has no login yet, such as one of a list of
// staff that was imported: he gets the first part of his mail address, or else
// his name as it is typed, with a number behind it where that is taken.
func giveLogin(ctx context.Context, tx entity.Writer, c entity.Change, _ *record.Record) error {
	if Login.Get(c.After) != "" {
		return nil
	}
	if err := tx.Guard(ctx, "org.member.login"); err != nil {
		return err
	}
	wish := loginFor(c.After)
	login := wish
	for n := 2; ; n++ {
		found, err := tx.Find(ctx, c.Entity.Name, entity.Is(Login, login), 1)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			break
		}
		login = wish + strconv.Itoa(n)
	}
	return tx.Update(ctx, c.Entity.Name, c.After.ID(), func(r *record.Record) {
		Login.Set(r, login)
		Disabled.Set(r, false)
	})
}

// loginFor is what a member would call himself to sign in.
func loginFor(r *record.Record) string {
	name, _, _ := strings.Cut(Email.Get(r), "@")
	if name == "" {
		var typed strings.Builder
		for syllable := range strings.FieldsSeq(text.Spelling(Name.Get(r))) {
			first, _, _ := strings.Cut(syllable, "/")
			typed.WriteString(first)
		}
		name = typed.String()
	}
	name = strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("._-", c) {
			return c
		}
		return -1
	}, NormalLogin(name))
	if name == "" {
		return "user"
	}
	runes := []rune(name)
	return string(runes[:min(len(runes), 50)])
}
