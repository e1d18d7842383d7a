package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const customers = "external_id,name,phone,whatever\n1,招商银行上海分行,13800138000,x\n2,工商银行,021-55550000,y\n"

// answers are what the installation says of its customers.
func (s *server) answers(key string) string {
	s.t.Helper()
	return s.get("/records/crm.customer?sort=external_id&fields=id,name,phone,external_id,owner,version&expand=owner", key) +
		s.get("/search?q=zsyh&fresh=true", key) + s.get("/changesets", key)
}

// From nothing to a restored installation that gives the same answers, with
// the same key, on the other folder and database.
func TestJourney(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		passphrase := p.init()
		p.run("Other-plum-31-river\n", "user", "add", "--login", "wang.fang", "--name", "王芳", "--admin", "--password-stdin").want(0).says("wang.fang")
		key := p.key("wang.fang")
		in := file(t, "c.csv", customers)
		r := p.run("", "import", "crm.customer", in, "--key", "external_id", "--json").want(0)
		if r.number("created") != 2 || r.number("failed") != 0 || fmt.Sprint(r.json()["unmapped"]) != "[whatever]" {
			t.Fatalf("import: %s", r.out)
		}
		again := p.run("", "import", "crm.customer", in, "--key", "external_id", "--json").want(0)
		if again.number("created") != 0 || again.number("unchanged") != 2 {
			t.Errorf("the second import: %s", again.out)
		}
		bad := file(t, "bad.csv", customers+"3,,1,z\n")
		failed := filepath.Join(t.TempDir(), "failed.csv")
		p.run("", "import", "crm.customer", bad, "--key", "external_id", "--failed", failed).want(1).says("line 4")
		if raw, err := os.ReadFile(failed); err != nil || !strings.Contains(string(raw), "3,,1,z") {
			t.Errorf("failed rows: %q %v", raw, err)
		}
		p.run("", "doctor").want(0)
		exported := p.export(t, "csv")
		if !strings.Contains(exported, "招商银行上海分行") || !strings.Contains(exported, "工商银行") || strings.Count(exported, "\n") != 3 {
			t.Errorf("exported: %s", exported)
		}
		if !strings.HasPrefix(p.export(t, "xlsx"), "PK") {
			t.Error("no workbook")
		}
		none := p.run("", "export", "crm.customer", filepath.Join(t.TempDir(), "n.csv"), "--filter", `external_id == "none"`, "--fields", "name,phone", "--json").want(0)
		if none.number("rows") != 0 {
			t.Errorf("filtered: %s", none.out)
		}

		s := p.serve()
		if p.export(t, "csv") != exported {
			t.Error("the server exports something else")
		}
		want := s.answers(key)
		if !strings.Contains(want, "招商银行上海分行") || !strings.Contains(want, `"wang.fang"`) && !strings.Contains(want, "管理员") && !strings.Contains(want, "admin") {
			t.Fatalf("answers: %s", want)
		}
		backup := filepath.Join(t.TempDir(), "b.gxbackup")
		p.run("", "backup", backup).want(0).says(backup)
		s.term()

		other := newProgram(t, "")
		if p.database == "" {
			other = newProgram(t, newDatabase(t))
		}
		other.run(passphrase+"\n", "restore", backup, "--passphrase-stdin", "--json").want(0)
		s = other.serve()
		if got := s.answers(key); got != want {
			t.Errorf("after the restore:\n%s\nwant\n%s", got, want)
		}
		s.term()
		other.run("", "doctor").want(0)
		undo := other.run("", "import", "--undo", r.text("changeset"), "--json").want(0)
		if undo.number("undone") != 2 {
			t.Errorf("undo: %s", undo.out)
		}
	})
}

// export gives all customers as a file.
func (p *program) export(t *testing.T, ending string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out."+ending)
	p.run("", "export", "crm.customer", out, "--keys").want(0).says("2 rows exported")
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// While the server runs every command works through it, and only it holds the
// data.
func TestThroughTheServer(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		passphrase := p.init()
		s := p.serve()
		info, err := os.Stat(filepath.Join(p.dir, "guanxi.sock"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("the socket: %v %v", info, err)
		}
		p.run("Other-plum-31-river\n", "user", "add", "--login", "li", "--name", "李雷", "--password-stdin").want(0)
		key := p.key("li")
		if !strings.Contains(s.get("/me", key), "李雷") {
			t.Error("the server does not know whom it added")
		}
		table := file(t, "c.csv", customers)
		p.run("", "import", "crm.customer", table, "--key", "external_id").want(0).says("--data '" + p.dir + "'")
		if r := p.run("", "import", "crm.customer", table, "--key", "external_id").want(0); strings.Contains(r.out, "--undo") {
			t.Errorf("nothing was changed, and can be taken back: %s", r.out)
		}
		if !strings.Contains(s.get("/search?q=zsyh", p.key("admin")), "招商银行上海分行") {
			t.Error("not found after the import")
		}
		p.run("", "doctor").want(0)
		p.run("", "migrate").want(0)
		p.run("", "migrate", "--plan").want(0)
		backup := filepath.Join(t.TempDir(), "b.gxbackup")
		p.run("", "backup", backup, "--json").want(0)
		p.run(passphrase+"\n", "restore", backup, "--passphrase-stdin").want(1).says("Another Guanxi process uses the data folder")
		p.run("", "serve", "--listen", "127.0.0.1:0").want(1).says("Another Guanxi process uses the data folder")

		// As a member: only what he may.
		p.run("", "backup", backup, "--as", "li").want(1).says("needs an administrator")
		p.run("", "key", "add", "--login", "admin", "--as", "li").want(1).says("needs an administrator")
		p.run("", "key", "add", "--login", "li", "--as", "li").want(0)
		p.run("", "import", "crm.customer", file(t, "d.csv", customers), "--as", "li").want(1)
		p.run("", "key", "add", "--login", "li", "--as", "nobody").want(1).says("no member with the login nobody")
		s.term()
		if _, err := os.Stat(filepath.Join(p.dir, "guanxi.sock")); err == nil {
			t.Error("the socket stays behind")
		}
		// The account of the operating system stands in the log.
		p.run("", "doctor").want(0)
	})
}

// What goes wrong is told in the person's language, in plain words, on standard
// error, without any secret.
func TestMessages(t *testing.T) {
	p := newProgram(t, "")
	passphrase := p.init()
	backup := filepath.Join(t.TempDir(), "b.gxbackup")
	p.run("", "backup", backup).want(0)
	other := file(t, "notes.txt", "not a backup")
	secret := "S3cret-words-of-mine"
	cases := []struct {
		stdin  string
		args   []string
		code   int
		en, zh string
	}{
		{"short\n", []string{"user", "add", "--login", "x", "--name", "X", "--password-stdin"}, 1, "password", "密码至少"},
		{"", []string{"user", "add", "--login", "x", "--name", "X", "--password-stdin"}, 1, "Nothing was read", "没有从标准输入读到"},
		{"", []string{"user", "add", "--login", "x", "--name", "X"}, 2, "missing flags", "命令写法不对"},
		{secret + "\n", []string{"user", "add", "--login", "admin", "--name", "X", "--password-stdin"}, 1, "exists already", "已有相同的值"},
		{"", []string{"key", "add", "--login", "nobody"}, 1, "no member with the login nobody", "没有登录名为 nobody 的成员"},
		{secret + "\n", []string{"init", "--company", "Y", "--login", "y", "--password-stdin"}, 1, "set up already", "已经设置过"},
		{"", []string{"backup", other}, 1, "is no backup", "不是备份文件"},
		{"", []string{"backup", "/proc/none/b.gxbackup"}, 1, "was not found", "找不到"},
		{"", []string{"restore", backup}, 1, "--passphrase-stdin", "--passphrase-stdin"},
		{passphrase + "\n", []string{"restore", backup, "--passphrase-stdin"}, 1, "already holds data", "已有数据"},
		{passphrase + "\n", []string{"restore", other, "--passphrase-stdin"}, 1, "notes.txt", "notes.txt"},
		{"", []string{"import", "crm.nothing", other}, 1, "crm.nothing", "crm.nothing"},
		{"", []string{"import", "crm.customer", other + "x"}, 1, "", ""},
		{"", []string{"export", "crm.customer", "out.txt"}, 1, "does not end in .csv", "结尾不是 .csv"},
		{"", []string{"export", "crm.customer", "/proc/none/o.csv"}, 1, "was not found", "找不到"},
		{"", []string{"export", "crm.customer", "o.csv", "--filter", "nonsense =="}, 1, "", ""},
		{"", []string{"import"}, 1, "Name the entity", "请写明对象"},
		{"", []string{"import", "--undo", "what"}, 1, "", ""},
		{"", []string{"nonsense"}, 2, "nonsense", "nonsense"},
		{"", []string{"serve", "--listen", "nowhere:-1"}, 1, "", ""},
	}
	for _, c := range cases {
		for _, lang := range []string{"en_US.UTF-8", "zh_CN.UTF-8"} {
			p.lang = lang
			r := p.run(c.stdin, c.args...).want(c.code)
			want := c.en
			if lang != "en_US.UTF-8" {
				want = c.zh
			}
			if !strings.Contains(r.log, want) || !strings.HasPrefix(lastLine(r.log, "guanxi: "), "guanxi: ") || r.out != "" {
				t.Errorf("%s (%s): want %q on standard error\n%s--\n%s", r.what, lang, want, r.log, r.out)
			}
			for _, never := range []string{secret, passphrase, "goroutine", "panic", ".go:", "error."} {
				if strings.Contains(r.log, never) {
					t.Errorf("%s: %q is shown: %s", r.what, never, r.log)
				}
			}
		}
	}
	p.lang = "C"
	empty := newProgram(t, "")
	for _, c := range []struct{ typed, want string }{
		{secret, "not typed right"},
		{strings.ToLower(passphrase[:len(passphrase)-1]) + "U", "not typed right"},
		{newProgram(t, "").init(), "not the recovery passphrase of the backup"},
	} {
		r := empty.run(c.typed+"\n", "restore", backup, "--passphrase-stdin").want(1).says(c.want)
		if strings.Contains(r.log, c.typed) {
			t.Errorf("what was typed is shown: %s", r.log)
		}
		if _, err := os.Stat(filepath.Join(empty.dir, "guanxi.db")); err == nil {
			t.Error("a database was made")
		}
	}
	if err := os.RemoveAll(empty.dir); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"doctor"}, {"migrate"}, {"migrate", "--plan"}, {"backup", "b"}, {"key", "add", "--login", "a"}} {
		empty.run("", args...).want(1).says("There is no Guanxi data in")
	}
	if _, err := os.Stat(empty.dir); err == nil {
		t.Error("a mistyped folder was made")
	}
	if err := os.Remove(filepath.Join(p.dir, "secret", "master.key")); err != nil {
		t.Fatal(err)
	}
	p.run("", "doctor").want(1).says("master key")
}

// lastLine is the first line that begins with a word, "" without one.
func lastLine(s, word string) string {
	for line := range strings.Lines(s) {
		if strings.HasPrefix(line, word) {
			return line
		}
	}
	return ""
}

// A password in the database's address is never shown.
func TestDatabaseAddressIsNotShown(t *testing.T) {
	p := newProgram(t, "postgres://guanxi:S3cret-words@127.0.0.1:1/none?connect_timeout=2")
	for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"init", "--company", "X", "--login", "x", "--password-stdin"}} {
		r := p.run(testPassword+"\n", args...).want(1)
		if strings.Contains(r.log+r.out, "S3cret") || strings.Contains(r.log+r.out, testPassword) {
			t.Errorf("%s: a secret is shown: %s", r.what, r.log)
		}
	}
}

// Killed while it writes, the server starts again with all that it had
// answered, and the socket that it left is in nobody's way.
func TestKilledServerStartsAgain(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.init()
		key := p.key("admin")
		for round := range 3 {
			s := p.serve()
			var mu sync.Mutex
			var kept []string
			var done atomic.Int64
			var all sync.WaitGroup
			for w := range 4 {
				all.Go(func() {
					for n := 0; ; n++ {
						name := fmt.Sprintf("公司 %d-%d-%d", round, w, n)
						code, raw, err := s.call("POST", "/records/crm.customer", key, `{"name":"`+name+`"}`)
						if err != nil || code == http.StatusServiceUnavailable {
							return // killed
						}
						if code != http.StatusCreated {
							t.Errorf("%d %s", code, raw)
							return
						}
						mu.Lock()
						kept = append(kept, name)
						mu.Unlock()
						if done.Add(1) == 20 {
							go s.stop(os.Kill)
						}
					}
				})
			}
			all.Wait()
			p.run("", "doctor").want(0)
			s = p.serve()
			for _, name := range kept {
				found := s.get("/records/crm.customer?fields=name&filter="+url.QueryEscape(`name == "`+name+`"`), key)
				if !strings.Contains(found, name) {
					t.Fatalf("%s was answered and is gone: %s", name, found)
				}
			}
			s.term()
		}
	})
}

// Help and version need no installation; the language is the person's.
func TestHelp(t *testing.T) {
	p := newProgram(t, "")
	if r := p.run("", "version").want(0); r.out != "v-test\n" {
		t.Errorf("version: %q", r.out)
	}
	if p.run("", "version", "--json").want(0).text("version") != "v-test" {
		t.Error("version as JSON")
	}
	for lang, want := range map[string]string{"zh_CN.UTF-8": "备份到一个文件", "en_GB.UTF-8": "Back up into one file", "C": "Back up into one file"} {
		p.lang = lang
		r := p.run("", "--help").want(0).says(want)
		if strings.Contains(r.out, "${") || strings.Contains(r.out, "cli.help") {
			t.Errorf("help lacks texts: %s", r.out)
		}
		for _, command := range []string{"serve", "init", "user add", "user password", "key add", "import", "export", "backup", "restore", "migrate", "doctor", "version"} {
			if r := p.run("", append(strings.Fields(command), "--help")...).want(0); strings.Contains(r.out, "cli.help") || r.log != "" {
				t.Errorf("%s: %s%s", r.what, r.out, r.log)
			}
		}
	}
	if _, err := os.Stat(p.dir); err == nil {
		t.Error("asking for help made a data folder")
	}
}
