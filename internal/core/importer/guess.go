package importer

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/region"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// guesser maps the columns nobody spoke of.
type guesser struct {
	p     *plan
	actor *access.Actor
	s     *sample
	null  string
	taken []bool
}

// guess goes from the surest to the least sure; a field is filled once.
func (g *guesser) guess() {
	for _, j := range joins {
		g.join(j)
	}
	for i, h := range g.s.header {
		if g.taken[i] {
			continue
		}
		if f, sure := g.named(h); f != nil {
			g.offer(i, append([]string{f.Key}, fallbacks[f.Key]...), sure)
		}
	}
	for i, h := range g.s.header {
		if !g.taken[i] {
			g.offer(i, aliasOf(h), false)
		}
	}
	for i, h := range g.s.header {
		if !g.taken[i] {
			g.offer(i, g.ofLines(h), false)
		}
	}
}

// ofLines are the fields of detail lines that a header names by key or label.
func (g *guesser) ofLines(h string) (paths []string) {
	want := sheet.MatchHeader(h)
	for _, l := range g.p.lines {
		for _, f := range l.group.Entity.Fields {
			if f.System || f.Retired || sheet.MatchHeader(f.Key) != want && sheet.MatchHeader(f.Label["zh-CN"]) != want && sheet.MatchHeader(f.Label["en"]) != want {
				continue
			}
			paths = append(paths, l.group.Key+"."+f.Key)
		}
	}
	return paths
}

// named finds the field that a header names by its key or a label. It is sure
// of a key and of a label in the importer's language; a label in another
// language may be another system's word for something else.
func (g *guesser) named(h string) (found *schema.Field, sure bool) {
	want := sheet.MatchHeader(h)
	locale := g.actor.Env.Locale
	if locale == "" {
		locale = "zh-CN"
	}
	for _, f := range g.p.ent.Fields {
		if f.System || f.Retired || !g.fits(g.p, f) {
			continue
		}
		switch {
		case sheet.MatchHeader(f.Key) == want:
			return f, true
		case sure:
		case sheet.MatchHeader(f.Label[locale]) == want:
			found, sure = f, true
		case found == nil && (sheet.MatchHeader(f.Label["zh-CN"]) == want || sheet.MatchHeader(f.Label["en"]) == want):
			found = f
		}
	}
	return found, sure
}

// fits says whether a column may go to a field by itself.
func (g *guesser) fits(in *plan, f *schema.Field) bool {
	return f != nil && writable(g.actor, in.ent, f) && !schema.IsFile(f)
}

// offer gives a column to the first field that reads it. When none does, sure
// means that the first one gets it all the same: its rows then fail with a
// reason, rather than losing the column.
func (g *guesser) offer(at int, keys []string, sure bool) {
	first := ""
	for _, key := range keys {
		if g.p.columnOf(key) != nil {
			continue
		}
		in, f := g.p.field(key)
		if key == "id" && f != nil {
			if g.ownIDs(at) {
				g.put(key, true, at)
				return
			}
			continue
		}
		if !g.fits(in, f) {
			continue
		}
		if g.reads(f, at) {
			g.put(key, false, at)
			return
		}
		if first == "" {
			first = key
		}
	}
	if sure && first != "" {
		g.put(first, false, at)
	}
}

func (g *guesser) put(path string, isID bool, at ...int) {
	for _, i := range at {
		g.taken[i] = true
	}
	in, f := g.p.field(path)
	in.columns = append(in.columns, column{field: f, path: path, at: at, isID: isID})
}

// ownIDs says whether a column holds ids of records that are here.
func (g *guesser) ownIDs(at int) bool {
	texts := g.s.column(g.null, at)
	for _, t := range texts {
		if _, err := id.Parse(t); err != nil {
			return false
		}
	}
	return len(texts) > 0 && g.s.known != nil && g.s.known(texts[:min(len(texts), 20)])
}

// reads says whether a field understands at least half of the different values
// of a column: a slip of the pen does not send a whole column elsewhere.
func (g *guesser) reads(f *schema.Field, at int) bool {
	if schema.IsRef(f) || schema.IsAnyRef(f) || f.Type.Name() == "text" || schema.IsLong(f) {
		return true
	}
	return g.understands(f, g.s.column(g.null, at))
}

func (g *guesser) understands(f *schema.Field, texts []string) bool {
	if f.Type.Name() == "text" {
		return true
	}
	bad := 0
	for _, t := range texts {
		v, err := parse(f, t, &g.actor.Env)
		if err == nil && !v.IsNull() && !f.Many() {
			err = f.Type.Validate(f, v)
		}
		if err != nil && schema.IsRegion(f) {
			if _, _, ok := region.Lead(t); ok {
				continue
			}
		}
		if err != nil && !f.Many() && len(split(f, t)) < 2 {
			bad++
		}
	}
	return 2*bad <= len(texts)
}

// join maps columns that make one field together, when all are there, none
// has the field to itself, and the field understands what they make.
func (g *guesser) join(j joined) {
	f := g.p.ent.Field(j.field)
	if !g.fits(g.p, f) || g.p.columnOf(j.field) != nil {
		return
	}
	for i, h := range g.s.header {
		if named, _ := g.named(h); named == f && !g.taken[i] {
			return
		}
	}
	var at []int
	for _, names := range j.parts {
		i := slices.IndexFunc(g.s.header, func(h string) bool { return slices.Contains(names, sheet.MatchHeader(h)) })
		if i < 0 || g.taken[i] {
			return
		}
		at = append(at, i)
	}
	if g.understands(f, g.s.column(g.null, at...)) {
		g.put(j.field, false, at...)
	}
}

// looksLikeSalesforce knows a file by two headers that only Salesforce writes.
func looksLikeSalesforce(header []string) bool {
	n := 0
	for _, h := range header {
		switch h {
		case "OwnerId", "AccountId", "ParentId", "IsDeleted", "CreatedById", "LastModifiedById", "SystemModstamp", "BillingStreet", "BillingCity", "RecordTypeId", "StageName":
			n++
		}
	}
	return n >= 2
}
