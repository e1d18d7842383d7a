package app

import (
	"context"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// InitResult is what init did. The passphrase is shown only here.
type InitResult struct {
	Company    string `json:"company"`
	Login      string `json:"login"`
	Passphrase string `json:"recovery_passphrase"`
}

func initCompany(ctx context.Context, c *call) (any, error) {
	var in api.SetupInput
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Name == "" {
		in.Name = in.Login
	}
	if in.Locale == "" {
		in.Locale = c.locale
	}
	passphrase, err := c.a.Setup(ctx, in)
	if err != nil {
		return nil, err
	}
	c.a.Engine.AuditAccess(ctx, c.actor, "setup", 0, true, in.Login)
	return InitResult{Company: in.Company, Login: member.NormalLogin(in.Login), Passphrase: passphrase}, nil
}

// UserArgs are those of user add.
type UserArgs struct {
	Login    string `json:"login"`
	Name     string `json:"name"`
	Admin    bool   `json:"admin"`
	Password string `json:"password"`
}

// UserResult is the new member.
type UserResult struct {
	ID    string `json:"id"`
	Login string `json:"login"`
}

// addUser makes a member who may sign in. With no roles he sees what everybody
// does; an administrator gives him some on the page.
func addUser(ctx context.Context, c *call) (any, error) {
	var in UserArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := c.admin(); err != nil {
		return nil, err
	}
	in.Login = member.NormalLogin(in.Login)
	hash, err := c.a.Sessions.Prepare(ctx, session.Member{Login: in.Login, Name: in.Name}, in.Password)
	if err != nil {
		return nil, err
	}
	ent := c.a.Registry.State().Entity(schema.MemberEntity)
	field := func(key string, v record.Value) records.Input { return records.Input{Field: ent.Field(key), Value: v} }
	var made int64
	err = c.a.Engine.InTx(ctx, c.actor, func(s *records.Session) error {
		r, err := s.CreateOne(ent, []records.Input{field(member.Login.Key(), record.Text(in.Login)), field(member.Name.Key(), record.Text(in.Name)),
			field(member.Admin.Key(), record.Bool(in.Admin))}, false)
		if err != nil {
			return err
		}
		made = r.ID
		return c.a.Sessions.StorePassword(ctx, s.Tx(), id.ID(r.ID), hash, session.PasswordOptions{By: id.ID(c.actor.ID())})
	})
	if err != nil {
		return nil, err
	}
	return UserResult{ID: id.ID(made).String(), Login: in.Login}, nil
}

// PasswordArgs are those of user password.
type PasswordArgs struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// setPassword gives a member a password: one who forgot his, or who was made
// without one on the page. His sessions end.
func setPassword(ctx context.Context, c *call) (any, error) {
	var in PasswordArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := c.admin(); err != nil {
		return nil, err
	}
	m, ok := c.a.Dir.MemberByLogin(in.Login)
	if !ok {
		return nil, errs.New(errs.NotFound, "error.login_unknown", "login", in.Login)
	}
	err := c.a.Sessions.ResetPassword(ctx, session.Member{ID: id.ID(m.ID), Login: m.Login, Name: m.Name}, in.Password, session.PasswordOptions{By: id.ID(c.actor.ID())})
	if err != nil {
		return nil, err
	}
	c.a.Engine.AuditAccess(ctx, c.actor, "password_set", m.ID, true, m.Login)
	return UserResult{ID: id.ID(m.ID).String(), Login: m.Login}, nil
}

// KeyArgs are those of key add.
type KeyArgs struct {
	Login string `json:"login"`
	Name  string `json:"name"`
}

// KeyResult is a new key, shown only here.
type KeyResult struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Key   string `json:"key"`
}

func addKey(ctx context.Context, c *call) (any, error) {
	var in KeyArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	m, ok := c.a.Dir.MemberByLogin(in.Login)
	if !ok {
		return nil, errs.New(errs.NotFound, "error.login_unknown", "login", in.Login)
	}
	if m.ID != c.actor.ID() {
		if err := c.admin(); err != nil {
			return nil, err
		}
	}
	if in.Name == "" {
		in.Name = "cli " + strconv.FormatInt(c.a.Clock.Now().Unix(), 10)
	}
	key, cred, err := c.a.Sessions.NewKey(ctx, id.ID(m.ID), session.KeyOptions{Name: in.Name, By: id.ID(c.actor.ID())})
	if err != nil {
		return nil, err
	}
	c.a.Engine.AuditAccess(ctx, c.actor, "key_create", int64(cred.ID), true, m.Login)
	return KeyResult{ID: cred.ID.String(), Login: m.Login, Key: key}, nil
}
