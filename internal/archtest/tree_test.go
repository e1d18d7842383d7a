// Package archtest holds the tests that look at the tree itself: the arrows
// between packages, the shape of the code, the licences of what is linked and
// what may lie in the repository.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/guanxicrm/guanxi"

// root is the repository's folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatalf("the tests of this package run inside the repository: %v", err)
	}
	return dir
}

// run returns a command's standard output; its failure fails the test.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = root(t)
	var errText bytes.Buffer
	cmd.Stderr = &errText
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, errText.String())
	}
	return out
}

// goPackage is what `go list -json` says of a package.
type goPackage struct {
	ImportPath, Dir                    string
	Standard                           bool
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports               []string
	Module                             *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path, Version, Dir string }
	}
}

// name is the package's path below internal, or cmd/…; "" outside the module.
func (p goPackage) name() string { return local(p.ImportPath) }

func local(importPath string) string {
	rest, ok := strings.CutPrefix(importPath, module+"/")
	if !ok {
		return ""
	}
	return strings.TrimPrefix(rest, "internal/")
}

func decodePackages(t *testing.T, out []byte) []goPackage {
	t.Helper()
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// listPackages lists the packages of the product's module.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	all := decodePackages(t, run(t, "go", "list", "-e", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports", "./..."))
	if len(all) < 3 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}

// tracked lists the files of the repository, by slash-separated paths.
func tracked(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range strings.Split(string(run(t, "git", "ls-files", "-z")), "\x00") {
		if f == "" {
			continue
		}
		// A file deleted and not yet committed is on its way out.
		if _, err := os.Lstat(filepath.Join(root(t), f)); err == nil {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		t.Fatal("git knows no file of this tree")
	}
	return out
}
