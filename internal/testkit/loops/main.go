// Command loops runs a command with the tests that do less under -short, named
// by -run, and their packages at its end:
//
//	go run ./internal/testkit/loops -- go test -timeout 15m
//
// The other tests did the same work in the run with -short before it. With -list
// it only prints what it would run.
package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() { os.Exit(run(os.Args[1:])) }

// run gives the exit code of the command.
func run(args []string) int {
	packages, tests, err := find(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if len(tests) == 0 {
		fmt.Fprintln(os.Stderr, "no test asks testing.Short(): this is not the root of the repository")
		return 1
	}
	if len(args) == 1 && args[0] == "-list" {
		fmt.Fprintln(os.Stdout, strings.Join(tests, "\n"))
		return 0
	}
	if len(args) < 2 || args[0] != "--" {
		fmt.Fprintln(os.Stderr, "usage: loops -list | -- COMMAND [ARGUMENT…]")
		return 2
	}
	args = append(args[1:], "-run", "^("+strings.Join(tests, "|")+")$")
	cmd := exec.Command(args[0], append(args[1:], packages...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = cmd.Run()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		return ended.ExitCode()
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// longest are the packages that take longest, which go first so that none is
// left for the end, when the other cores have nothing to do.
var longest = []string{"./internal/app", "./internal/modules/finance", "./internal/core/records"}

func rank(folder string) int {
	if at := slices.Index(longest, folder); at >= 0 {
		return at
	}
	return len(longest)
}

// find lists the folders that hold such tests, as packages, and the tests.
func find(root string) (packages, tests []string, err error) {
	files := map[string][]string{} // test files by folder
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata"):
			return fs.SkipDir
		case strings.HasSuffix(path, "_test.go"):
			files[filepath.Dir(path)] = append(files[filepath.Dir(path)], path)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for _, dir := range slices.Sorted(maps.Keys(files)) {
		here, err := short(files[dir])
		if err != nil {
			return nil, nil, err
		}
		if len(here) > 0 {
			packages, tests = append(packages, "./"+filepath.ToSlash(dir)), append(tests, here...)
		}
	}
	slices.SortStableFunc(packages, func(a, b string) int { return rank(a) - rank(b) })
	slices.Sort(tests)
	return packages, slices.Compact(tests), nil
}

// short gives the tests of one folder that ask testing.Short(), themselves,
// through a function of the folder's test files, or through rapid, which draws a
// fifth under it.
func short(files []string) ([]string, error) {
	uses := map[string]map[string]bool{} // by function: what it calls or names
	for _, path := range files {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				uses[fn.Name.Name] = names(fn.Body)
			}
		}
	}
	asks := map[string]bool{"testing.Short": true, "rapid.Check": true, "rapid.MakeCheck": true}
	for grown := true; grown; {
		grown = false
		for fn, used := range uses {
			for name := range used {
				if asks[name] && !asks[fn] {
					asks[fn], grown = true, true
				}
			}
		}
	}
	var tests []string
	for fn := range uses {
		if asks[fn] && strings.HasPrefix(fn, "Test") && fn != "TestMain" {
			tests = append(tests, fn)
		}
	}
	return tests, nil
}

// names are the identifiers in a body, and the selectors of packages as
// "package.Name".
func names(body ast.Node) map[string]bool {
	found := map[string]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			found[n.Name] = true
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				found[x.Name+"."+n.Sel.Name] = true
			}
		}
		return true
	})
	return found
}
