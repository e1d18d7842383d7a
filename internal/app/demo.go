package app

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/app/demo"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/session"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// DemoArgs are those of demo.
type DemoArgs struct {
	Customers int `json:"customers"` // 0 = 400; the rest follows
}

// DemoResult says what demo made and how to sign in. Password and passphrase
// are shown only here.
type DemoResult struct {
	Company    string `json:"company"`
	Login      string `json:"login"`
	Password   string `json:"password"` // every member's
	Passphrase string `json:"recovery_passphrase"`
	Members    int    `json:"members"`
	Customers  int    `json:"customers"`
	Contacts   int    `json:"contacts"`
	Leads      int    `json:"leads"`
	FollowUps  int    `json:"follow_ups"`
	Plans      int    `json:"plans"`
	Tasks      int    `json:"tasks"`
	Deals      int    `json:"deals"`
	Orders     int    `json:"orders"` // each with its contract
	Receipts   int    `json:"receipts"`
}

// demoCustomers is how large the demo company is unless asked otherwise, and at most.
const (
	demoCustomers     = 400
	demoCustomersMost = 20_000
)

// makeDemo fills an empty installation with a company that does not exist
// (PLT-22). One that holds a company already is left alone.
func makeDemo(ctx context.Context, c *call) (any, error) {
	var in DemoArgs
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.Customers == 0 {
		in.Customers = demoCustomers
	}
	if in.Customers < 1 || in.Customers > demoCustomersMost {
		return nil, errs.New(errs.Invalid, "error.demo_customers", "most", count(demoCustomersMost))
	}
	a := c.a
	if !a.NeedsSetup() {
		return nil, errs.New(errs.Conflict, "error.demo_company")
	}
	name, login := demo.Boss()
	password := secrets.NewPassphrase(nil)[:17]
	passphrase, err := a.Setup(ctx, api.SetupInput{Company: demo.Name, Currency: "CNY", Locale: "zh-CN", Login: login, Name: name, Password: password})
	if err != nil {
		return nil, err
	}
	a.Engine.AuditAccess(ctx, c.actor, "setup", 0, true, login)
	boss, ok := a.Dir.MemberByLogin(login)
	if !ok {
		return nil, errs.New(errs.Internal, "error.internal")
	}
	c.actor.Env.Zone = a.Dir.Zone()
	scene := demo.Make(a.Clock.Now().In(a.Dir.Zone()), in.Customers)
	w := &demo.Writer{Engine: a.Engine, Actor: c.actor, Reload: a.Reload,
		Progress: func(done, total int) {
			c.progress(Progress{Key: "cli.progress.records", Done: int64(done), Total: int64(total)})
		}}
	members, err := w.Write(ctx, boss.ID, scene)
	if err != nil {
		return nil, err
	}
	if err := a.demoPasswords(ctx, members, password); err != nil {
		return nil, err
	}
	return DemoResult{Company: demo.Name, Login: login, Password: password, Passphrase: passphrase, Members: len(members), Customers: len(scene.Customers),
		Contacts: len(scene.Contacts), Leads: len(scene.Leads), FollowUps: len(scene.Notes), Plans: len(scene.Plans), Tasks: len(scene.Tasks),
		Deals: scene.Sales(), Orders: scene.Count(demo.Won), Receipts: scene.Count(demo.Paid)}, a.Tick(ctx)
}

// demoPasswords gives every member but the first, who has it, the same password.
func (a *App) demoPasswords(ctx context.Context, members []int64, password string) error {
	logins := demo.Logins()
	hashes := make([]string, len(members))
	for i := range members[1:] {
		var err error
		if hashes[i+1], err = a.Sessions.Prepare(ctx, session.Member{Login: logins[i+1], Name: demo.NameOf(i + 1)}, password); err != nil {
			return err
		}
	}
	return a.Engine.InTx(ctx, access.System("passwords of the demo company"), func(s *records.Session) error {
		for i, n := range members[1:] {
			if err := a.Sessions.StorePassword(ctx, s.Tx(), id.ID(n), hashes[i+1], session.PasswordOptions{By: id.ID(members[0])}); err != nil {
				return err
			}
		}
		return nil
	})
}
