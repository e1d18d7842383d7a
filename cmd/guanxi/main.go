// Command guanxi is the whole program: server, command line, backup.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	_ "time/tzdata" // zones where the system has none

	"github.com/alecthomas/kong"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
)

// version is set by the build.
var version = "dev"

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // not everything asked for happened
	exitUsage  = 2 // the command line itself is wrong
)

// flags are taken by every command.
type flags struct {
	Data     string `default:"./data" placeholder:"DIR" help:"${help_data}"`
	Database string `placeholder:"URL" help:"${help_database}"`
	KeyFile  string `placeholder:"FILE" help:"${help_key_file}"`
	JSON     bool   `name:"json" help:"${help_json}"`
	As       string `placeholder:"LOGIN" help:"${help_as}"`
}

// commandLine is DESIGN §7.
type commandLine struct {
	flags

	Serve   serveCmd   `cmd:"" help:"${help_serve}"`
	Init    initCmd    `cmd:"" help:"${help_init}"`
	Demo    demoCmd    `cmd:"" help:"${help_demo}"`
	User    userCmd    `cmd:"" help:"${help_user}"`
	Key     keyCmd     `cmd:"" help:"${help_key}"`
	Import  importCmd  `cmd:"" help:"${help_import}"`
	Export  exportCmd  `cmd:"" help:"${help_export}"`
	Backup  backupCmd  `cmd:"" help:"${help_backup}"`
	Restore restoreCmd `cmd:"" help:"${help_restore}"`
	Migrate migrateCmd `cmd:"" help:"${help_migrate}"`
	Doctor  doctorCmd  `cmd:"" help:"${help_doctor}"`
	Version versionCmd `cmd:"" help:"${help_version}"`
}

func main() {
	app.KeepHeapSlack()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program without its surroundings.
func run(ctx context.Context, args []string, in io.Reader, out, log io.Writer) int {
	words, err := app.Words()
	if err != nil {
		_, _ = io.WriteString(log, "guanxi: "+err.Error()+"\n")
		return exitFailed
	}
	t := &terminal{words: words, locale: userLocale(os.Getenv), in: in, out: out, log: log}
	var cli commandLine
	parsed, code, done := t.parse(&cli, args)
	if done {
		return code
	}
	s := &shell{terminal: t, flags: cli.flags}
	s.JSON = cli.JSON
	if s.Data, err = filepath.Abs(cli.Data); err != nil {
		return t.fail(err)
	}
	t.asJSON = cli.JSON
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(s)
	t.endProgress()
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errIncomplete):
		return exitFailed
	}
	return t.fail(err)
}

// errIncomplete says that the result was shown and is not all that was asked for.
var errIncomplete = errors.New("not everything happened")

// parse reads the command line; done says that there is nothing to run.
func (t *terminal) parse(cli *commandLine, args []string) (parsed *kong.Context, code int, done bool) {
	exit := -1
	parser, err := kong.New(cli, kong.Name("guanxi"), kong.Description(t.text("cli.help.program")), kong.Vars(t.help()),
		kong.Writers(t.out, t.log), kong.Exit(func(c int) { exit = c }), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return nil, t.fail(err), true
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err = parser.Parse(args)
	switch {
	case exit >= 0: // help was shown
		return nil, exit, true
	case err != nil:
		t.show(errs.New(errs.BadRequest, "error.usage", "text", err.Error()))
		return nil, exitUsage, true
	}
	return parsed, 0, false
}

// helpKeys are the texts that the flags name as ${help_…}.
var helpKeys = []string{"data", "database", "key_file", "json", "as", "serve", "init", "demo", "demo_customers", "user", "user_add", "user_password", "key", "key_add", "backup", "restore",
	"migrate", "doctor", "version", "listen", "tls_cert", "tls_key", "tls_self", "company", "currency", "login", "name", "zone", "locale",
	"password_stdin", "passphrase_stdin", "admin", "key_name", "backup_file", "restore_file", "plan", "import", "import_entity", "import_file", "import_key", "import_map", "import_on_match",
	"import_encoding", "import_sheet", "import_header_row", "import_null", "import_owner", "import_dry_run", "import_failed", "import_undo",
	"export", "export_file", "export_filter", "export_fields", "export_encoding", "export_keys"}

func (t *terminal) help() map[string]string {
	out := map[string]string{}
	for _, k := range helpKeys {
		out["help_"+k] = t.text("cli.help." + k)
	}
	return out
}

// userLocale is the user's language: Chinese when the system says so, else English.
func userLocale(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "zh") {
				return i18n.Locales()[0]
			}
			return "en"
		}
	}
	return "en"
}
