package archtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// A licence is known by sentences that no other licence holds.
var licences = []struct {
	name string
	has  []string
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0, January 2004"}},
	{"MPL-2.0", []string{"Mozilla Public License", "2.0"}},
	{"MIT", []string{"Permission is hereby granted, free of charge, to any person obtaining a copy", "without restriction"}},
	{"ISC", []string{"Permission to use, copy, modify, and", "distribute this software for any purpose with or without fee"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "Neither the name"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "may not be used to endorse or promote"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms", "THIS SOFTWARE IS PROVIDED"}},
}

var blanks = regexp.MustCompile(`[\s*/#]+`)

// classify names a licence text; "" when it is none that we take.
func classify(text string) string {
	flat := blanks.ReplaceAllString(text, " ")
	for _, l := range licences {
		all := true
		for _, h := range l.has {
			all = all && strings.Contains(flat, h)
		}
		if all {
			return l.name
		}
	}
	return ""
}

// licenceOf reads a module's licence file.
func licenceOf(dir string) string {
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "License*", "license*", "COPYING*"} {
		files, _ := filepath.Glob(filepath.Join(dir, pattern))
		sort.Strings(files)
		for _, f := range files {
			if text, err := os.ReadFile(f); err == nil {
				if name := classify(string(text)); name != "" {
					return name
				}
			}
		}
	}
	return ""
}

func TestLinkedModulesAreFreelyLicensed(t *testing.T) {
	t.Parallel()
	out := run(t, "go", "list", "-deps", "-json=ImportPath,Standard,Module", "./cmd/...")
	notice, err := os.ReadFile(filepath.Join(root(t), "NOTICE"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range decodePackages(t, out) {
		if p.Standard || p.Module == nil || p.Module.Main || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		name := licenceOf(p.Module.Dir)
		if name == "" {
			t.Errorf("%s %s: no MIT, BSD, ISC, Apache-2.0 or MPL-2.0 licence found", p.Module.Path, p.Module.Version)
			continue
		}
		if !strings.Contains(string(notice), p.Module.Path+" ("+name+")\n") {
			t.Errorf("NOTICE lacks the line %q", p.Module.Path+" ("+name+")")
		}
	}
	for _, line := range regexp.MustCompile(`(?m)^(\S+\.\S+) \(.*\)$`).FindAllStringSubmatch(string(notice), -1) {
		if !seen[line[1]] {
			t.Errorf("NOTICE lists %s, which is not linked", line[1])
		}
	}
	t.Logf("%d linked modules", len(seen))
}

// npmLicences are the SPDX words that the page's packages may carry.
var npmLicences = []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "Apache-2.0", "MPL-2.0"}

// npmExceptions carry another licence and are taken for the reason given.
var npmExceptions = map[string]string{
	"node_modules/isbot": "public domain; the router names it for rendering on a server, the page never loads it",
}

// spdx says whether an expression can be met by what we take: one side of an
// OR is enough, every side of an AND is needed.
func spdx(expr string) bool {
	expr = strings.Trim(strings.TrimSpace(expr), "()")
	if parts := strings.Split(expr, " OR "); len(parts) > 1 {
		for _, p := range parts {
			if spdx(p) {
				return true
			}
		}
		return false
	}
	for _, p := range strings.Split(expr, " AND ") {
		if !contains(npmLicences, strings.Trim(strings.TrimSpace(p), "()")) {
			return false
		}
	}
	return true
}

func TestPagePackagesAreFreelyLicensed(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(root(t), "web", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			License           string
			Dev, Optional     bool
			DevOptional, Link bool
		}
	}
	if err := json.Unmarshal(content, &lock); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for name, p := range lock.Packages {
		if name == "" || p.Dev || p.DevOptional || p.Link {
			continue
		}
		checked++
		if p.License == "" {
			p.License = declaredLicence(filepath.Join(root(t), "web", name, "package.json"))
		}
		if !spdx(p.License) && npmExceptions[name] == "" {
			t.Errorf("%s: licence %q", name, p.License)
		}
	}
	if checked == 0 {
		t.Error("web/package-lock.json lists no production package")
	}
	t.Logf("%d packages of the page", checked)
}

func declaredLicence(file string) string {
	var p struct{ License string }
	content, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(content, &p) != nil {
		return ""
	}
	return p.License
}

func TestClassify(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"Apache License\n   Version 2.0, January 2004":                                                          "Apache-2.0",
		"Permission is hereby granted, free of charge, to any person\nobtaining a copy ... without restriction": "MIT",
		"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee":  "ISC",
		"Redistribution and use in source and binary forms ... Neither the name of Google":                      "BSD-3-Clause",
		"Redistribution and use in source and binary forms ... THIS SOFTWARE IS PROVIDED BY":                    "BSD-2-Clause",
		"GNU GENERAL PUBLIC LICENSE Version 3":                                                                  "",
		"GNU AFFERO GENERAL PUBLIC LICENSE":                                                                     "",
		"All rights reserved. You may not copy this":                                                            "",
	}
	for text, want := range cases {
		if got := classify(text); got != want {
			t.Errorf("classify(%.40q) = %q, want %q", text, got, want)
		}
	}
	for expr, want := range map[string]bool{"MIT": true, "(MIT OR GPL-3.0)": true, "GPL-3.0": false, "MIT AND GPL-2.0": false, "": false, "Apache-2.0 AND MIT": true} {
		if spdx(expr) != want {
			t.Errorf("spdx(%q) = %v", expr, !want)
		}
	}
}
