package archtest

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// ban is a text that no tracked file may hold.
type ban struct {
	why     string
	pattern *regexp.Regexp
	except  []string // files that must name it
}

// The words are put together here so that this file does not hold them.
func bans() []ban {
	word := func(parts ...string) string { return regexp.QuoteMeta(strings.Join(parts, "")) }
	return []ban{
		{"a host of a package registry", regexp.MustCompile(strings.Join([]string{
			word("registry.", "npmjs"), word("registry.", "yarnpkg"), word("proxy.", "golang"), word("sum.", "golang"),
			word("deb.", "debian"), word("pypi.", "org"), word("files.", "pythonhosted")}, "|")), nil},
		{"a path of one machine", regexp.MustCompile(`(^|[^\w.~-])/(` + strings.Join([]string{"wo" + "rk/", "fa" + "rm/", "ro" + "ot/", "home/" + `\w`, "tmp/" + `\w`}, "|") + `)`), nil},
		{"work left for later", regexp.MustCompile(`\b(` + strings.Join([]string{"TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"}, "|") + `)\b`), nil},
		{"the folder beside the repository", regexp.MustCompile(regexp.QuoteMeta("../" + "shared")), []string{"Makefile", ".ci/run"}},
		{"the number of an issue", regexp.MustCompile(`(?i)\bissue #?\d+\b|\(#\d+\)|\b(fixes|closes) #\d+`), nil},
	}
}

// generated is what other files make and nobody commits.
var generated = regexp.MustCompile(`(^|/)(node_modules|dist|bin|coverage|shots|out|__pycache__)/[^.]|\.(test|prof|exe|o|so|a|db|db-wal|db-shm|log|tmp|orig|rej|pyc)$|(^|/)\.DS_Store$`)

const biggest = 2 << 20

func TestRepositoryIsClean(t *testing.T) {
	t.Parallel()
	list := bans()
	for _, f := range tracked(t) {
		if generated.MatchString(f) && !strings.Contains("/"+f, "/testdata/") {
			t.Errorf("%s: generated output is not committed", f)
		}
		content, err := os.ReadFile(filepath.Join(root(t), f))
		if err != nil {
			t.Error(err)
			continue
		}
		if len(content) > biggest {
			t.Errorf("%s: %d bytes; at most %d are committed", f, len(content), biggest)
		}
		if bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0 {
			continue // not text
		}
		for i, line := range strings.Split(string(content), "\n") {
			for _, b := range list {
				if hit := b.pattern.FindString(line); hit != "" && !contains(b.except, f) {
					t.Errorf("%s:%d: %s: %q", f, i+1, b.why, hit)
				}
			}
		}
	}
}

// Each ban must bite on what it is for and leave the ordinary alone.
func TestBansBite(t *testing.T) {
	t.Parallel()
	bad := []string{
		"https://registry." + "npmjs.org/x", "GOPROXY=https://proxy." + "golang.org", "cd /wo" + "rk/main", `"/ro` + `ot/go"`, "/ho" + "me/someone", "/tm" + "p/x",
		"// TO" + "DO: later", "../" + "shared/data", "see issue " + "12", "fix (#" + "12)",
	}
	for _, line := range bad {
		hit := false
		for _, b := range bans() {
			hit = hit || b.pattern.MatchString(line)
		}
		if !hit {
			t.Errorf("no ban bites on %q", line)
		}
	}
	good := []string{"golang.org/x/text", "/api/v1/records", "framework/main", "a homework/plan", "#fff000", "rework / main", "npm ci", "https://example.com/home"}
	for _, line := range good {
		for _, b := range bans() {
			if hit := b.pattern.FindString(line); hit != "" {
				t.Errorf("%q is refused as %s (%q)", line, b.why, hit)
			}
		}
	}
}

// A lock file with hosts in it ties every build to one registry.
func TestLockFilesNameNoHost(t *testing.T) {
	t.Parallel()
	for _, f := range tracked(t) {
		if path.Base(f) != "package-lock.json" {
			continue
		}
		var lock struct {
			Packages map[string]struct{ Resolved string }
		}
		content, err := os.ReadFile(filepath.Join(root(t), f))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(content, &lock); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		for name, p := range lock.Packages {
			if strings.Contains(p.Resolved, "://") {
				t.Errorf("%s: %s is resolved to a host; set omit-lockfile-registry-resolved in .npmrc and write it anew", f, name)
				break
			}
		}
	}
}

func TestScriptsAreExecutable(t *testing.T) {
	t.Parallel()
	for _, f := range tracked(t) {
		if f != ".ci/run" && !strings.HasPrefix(f, "scripts/") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(root(t), f))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(content, []byte("#!")) {
			continue // sourced by others
		}
		if !bytes.Contains(content, []byte("\nset -euo pipefail\n")) {
			t.Errorf("%s: a script stops at the first failure: set -euo pipefail", f)
		}
		if info, err := os.Stat(filepath.Join(root(t), f)); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s is not executable", f)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
