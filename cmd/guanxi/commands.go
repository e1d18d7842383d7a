package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/server/api"
)

// shell is what every command works with.
type shell struct {
	*terminal
	flags
}

func (s *shell) options() app.Options {
	return app.Options{DataDir: s.Data, Database: s.Database, KeyFile: s.KeyFile, Version: version, Words: s.words, Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelWarn}))}
}

func (s *shell) request(command string, args any) (app.Request, error) {
	raw, err := json.Marshal(args)
	return app.Request{Command: command, As: s.As, Locale: s.locale, Args: raw}, err
}

// where repeats --data for a command that is shown to be copied.
func (s *shell) where() string {
	if here, err := filepath.Abs("data"); err == nil && here == s.Data {
		return ""
	}
	return " --data '" + strings.ReplaceAll(s.Data, "'", `'\''`) + "'"
}

// invoke runs a command and decodes its result.
func (s *shell) invoke(ctx context.Context, command string, args, result any) error {
	r, err := s.request(command, args)
	if err != nil {
		return err
	}
	raw, err := app.Invoke(ctx, s.options(), r, s.progress)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, result)
}

type serveCmd struct {
	Listen  string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"${help_listen}"`
	TLSCert string `name:"tls-cert" placeholder:"FILE" help:"${help_tls_cert}"`
	TLSKey  string `name:"tls-key" placeholder:"FILE" help:"${help_tls_key}"`
	TLSSelf bool   `name:"tls-self" help:"${help_tls_self}"`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(ctx context.Context, s *shell) error {
	o := s.options()
	o.Log = slog.New(slog.NewTextHandler(s.log, nil))
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	scheme := "http://"
	if c.TLSSelf || c.TLSCert != "" {
		scheme = "https://"
	}
	err = a.Serve(ctx, app.ServeOptions{Listen: c.Listen, TLSCert: c.TLSCert, TLSKey: c.TLSKey, TLSSelf: c.TLSSelf,
		Ready: func(address string) { o.Log.Info("guanxi is ready", "address", scheme+address, "version", version) }})
	if cerr := a.Close(); err == nil {
		err = cerr
	}
	return err
}

type initCmd struct {
	Company       string `required:"" help:"${help_company}"`
	Currency      string `default:"CNY" help:"${help_currency}"`
	Login         string `required:"" help:"${help_login}"`
	Name          string `help:"${help_name}"`
	Zone          string `default:"Asia/Shanghai" help:"${help_zone}"`
	Locale        string `help:"${help_locale}"`
	PasswordStdin bool   `required:"" help:"${help_password_stdin}"`
}

// Run does what the first-run wizard does.
func (c *initCmd) Run(ctx context.Context, s *shell) error {
	password, err := s.secret("cli.ask.password")
	if err != nil {
		return err
	}
	var out app.InitResult
	in := api.SetupInput{Company: c.Company, Currency: c.Currency, Zone: c.Zone, Locale: c.Locale, Login: c.Login, Name: c.Name, Password: password}
	if err := s.invoke(ctx, "init", in, &out); err != nil {
		return err
	}
	return s.result(out, func() {
		s.say("cli.done.init", "company", out.Company, "login", out.Login)
		s.line(out.Passphrase)
	})
}

type demoCmd struct {
	Customers int `default:"400" help:"${help_demo_customers}"`
}

// Run makes the demo company and says how to sign in.
func (c *demoCmd) Run(ctx context.Context, s *shell) error {
	var out app.DemoResult
	if err := s.invoke(ctx, "demo", app.DemoArgs{Customers: c.Customers}, &out); err != nil {
		return err
	}
	return s.result(out, func() {
		s.say("cli.done.demo", "company", out.Company, "login", out.Login, "members", strconv.Itoa(out.Members), "customers", strconv.Itoa(out.Customers),
			"contacts", strconv.Itoa(out.Contacts), "leads", strconv.Itoa(out.Leads), "follow_ups", strconv.Itoa(out.FollowUps),
			"plans", strconv.Itoa(out.Plans), "tasks", strconv.Itoa(out.Tasks),
			"deals", strconv.Itoa(out.Deals), "orders", strconv.Itoa(out.Orders), "receipts", strconv.Itoa(out.Receipts))
		s.line(out.Password)
		s.line(out.Passphrase)
	})
}

type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"${help_user_add}"`
	Password userPasswordCmd `cmd:"" help:"${help_user_password}"`
}

type userPasswordCmd struct {
	Login         string `required:"" help:"${help_login}"`
	PasswordStdin bool   `required:"" help:"${help_password_stdin}"`
}

// Run gives a member a new password.
func (c *userPasswordCmd) Run(ctx context.Context, s *shell) error {
	password, err := s.secret("cli.ask.password")
	if err != nil {
		return err
	}
	var out app.UserResult
	if err := s.invoke(ctx, "user password", app.PasswordArgs{Login: c.Login, Password: password}, &out); err != nil {
		return err
	}
	return s.result(out, func() { s.say("cli.done.user_password", "login", out.Login) })
}

type userAddCmd struct {
	Login         string `required:"" help:"${help_login}"`
	Name          string `required:"" help:"${help_name}"`
	Admin         bool   `help:"${help_admin}"`
	PasswordStdin bool   `required:"" help:"${help_password_stdin}"`
}

// Run makes a member who may sign in.
func (c *userAddCmd) Run(ctx context.Context, s *shell) error {
	password, err := s.secret("cli.ask.password")
	if err != nil {
		return err
	}
	var out app.UserResult
	if err := s.invoke(ctx, "user add", app.UserArgs{Login: c.Login, Name: c.Name, Admin: c.Admin, Password: password}, &out); err != nil {
		return err
	}
	return s.result(out, func() { s.say("cli.done.user_add", "login", out.Login) })
}

type keyCmd struct {
	Add keyAddCmd `cmd:"" help:"${help_key_add}"`
}

type keyAddCmd struct {
	Login string `required:"" help:"${help_login}"`
	Name  string `help:"${help_key_name}"`
}

// Run prints a new key, once.
func (c *keyAddCmd) Run(ctx context.Context, s *shell) error {
	var out app.KeyResult
	if err := s.invoke(ctx, "key add", app.KeyArgs{Login: c.Login, Name: c.Name}, &out); err != nil {
		return err
	}
	return s.result(out, func() {
		s.say("cli.done.key_add", "login", out.Login)
		s.line(out.Key)
	})
}

type backupCmd struct {
	File string `arg:"" help:"${help_backup_file}"`
}

// Run writes a backup.
func (c *backupCmd) Run(ctx context.Context, s *shell) error {
	file, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	var out app.BackupResult
	if err := s.invoke(ctx, "backup", app.BackupArgs{File: file}, &out); err != nil {
		return err
	}
	if err := s.showBackup("cli.done.backup", out); err != nil || out.Missing == 0 {
		return err
	}
	s.say("cli.missing_files", "count", strconv.FormatInt(out.Missing, 10))
	return errIncomplete
}

func (s *shell) showBackup(key string, r app.BackupResult) error {
	return s.result(r, func() {
		s.say(key, "file", r.File, "rows", strconv.FormatInt(r.Rows, 10), "files", strconv.FormatInt(r.Files, 10), "bytes", strconv.FormatInt(r.Bytes, 10))
	})
}

type restoreCmd struct {
	File            string `arg:"" help:"${help_restore_file}"`
	PassphraseStdin bool   `help:"${help_passphrase_stdin}"`
}

// Run brings a backup into an empty data folder.
func (c *restoreCmd) Run(ctx context.Context, s *shell) error {
	file, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	o := app.RestoreOptions{Options: s.options(), File: file, Progress: func() func(backup.Progress) {
		tell := app.Slowly(s.progress)
		return func(p backup.Progress) { tell(app.BackupProgress(p)) }
	}()}
	if c.PassphraseStdin {
		if o.Passphrase, err = s.secret("cli.ask.passphrase"); err != nil {
			return err
		}
	}
	sum, err := app.Restore(ctx, o)
	if err != nil {
		return err
	}
	if err := app.Settle(ctx, o, s.progress); err != nil {
		return err
	}
	return s.showBackup("cli.done.restore", app.BackupSummary(file, sum))
}

type migrateCmd struct {
	Plan bool `help:"${help_plan}"`
}

// Run brings the tables up to date, or says what that would do.
func (c *migrateCmd) Run(ctx context.Context, s *shell) error {
	out, err := app.Migrate(ctx, s.options(), c.Plan, s.progress)
	if errs.KeyOf(err) == "error.data_locked" { // a running server has done it; it says so itself
		err = s.invoke(ctx, "migrate", struct{}{}, &out)
	}
	if err != nil {
		return err
	}
	return s.result(out, func() {
		for _, step := range out.Steps {
			s.line(step)
		}
		key := "cli.done.migrate"
		if c.Plan {
			key = "cli.done.plan"
		}
		s.say(key, "count", strconv.Itoa(len(out.Steps)), "version", strconv.Itoa(out.Version))
		if out.Kept != "" {
			s.say("cli.done.kept", "file", out.Kept)
		}
	})
}

type doctorCmd struct{}

// Run looks at everything; it fails when something is wrong.
func (c *doctorCmd) Run(ctx context.Context, s *shell) error {
	r, err := s.request("doctor", struct{}{})
	if err != nil {
		return err
	}
	out, err := app.Examine(ctx, s.options(), r, s.progress)
	if err != nil {
		return err
	}
	err = s.result(out, func() {
		for _, f := range out.Findings {
			mark := "- "
			if f.Wrong {
				mark = "! "
			}
			s.line(mark + s.words.Text(s.locale, f.Key, f.Args))
		}
		if out.OK {
			s.line(s.text("cli.done.doctor", "count", strconv.Itoa(len(out.Checks))))
		}
	})
	if err == nil && !out.OK {
		err = errIncomplete
	}
	return err
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s *shell) error {
	return s.result(struct {
		Version string `json:"version"`
	}{version}, func() { s.line(version) })
}
