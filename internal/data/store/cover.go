package store

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// SQLite guesses how many rows an index finds, and without figures of the
// tables it guesses that an equality finds ten. It so looks up half a table row
// by row where an index holds all that is asked, in the order of the days that
// are meant. Which one that is is known here.

// covering names the index of an aggregate's entity that holds every column of
// its own table in the texts of a statement: one that the condition enters, else
// any; "" where there is none, or where rights leave only some rows, which
// another way may find sooner.
func covering(a *Aggregate, joined bool, texts ...string) string {
	if _, all := branches(a.Snap, a.Entity, a.Permit.Pred()); !all || a.Permit.Pred().Except != nil || a.Words != nil {
		return ""
	}
	used := ownColumns(texts...)
	best, size, entered := "", 0, false
	for _, x := range indexes(a.Entity) {
		if x.Unique || !holds(x, used) {
			continue
		}
		in := enters(a.Where, x.Columns[0])
		if best == "" || in && !entered || in == entered && len(x.Columns) < size {
			best, size, entered = x.Name, len(x.Columns), in
		}
	}
	if joined && !entered {
		return "" // it may begin with what references lead to
	}
	return best
}

// ownColumns are the columns of the table called t in statements, which name
// others by other names and hold no literal texts.
func ownColumns(texts ...string) (out []string) {
	for _, s := range texts {
		for i := strings.Index(s, "t."); i >= 0; {
			rest := s[i+2:]
			if i == 0 || !wordly(s[i-1]) {
				name, _, quoted := strings.Cut(strings.TrimPrefix(rest, `"`), `"`)
				if !quoted || rest[0] != '"' {
					end := 0
					for end < len(rest) && wordly(rest[end]) {
						end++
					}
					name = rest[:end]
				}
				out = append(out, name)
			}
			next := strings.Index(rest, "t.")
			if next < 0 {
				break
			}
			i += 2 + next
		}
	}
	return out
}

func wordly(c byte) bool {
	return c == '_' || c == '"' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// holds says whether an index holds columns; every one holds the id.
func holds(x ddl.Index, columns []string) bool {
	for _, name := range columns {
		if name != "id" && !slices.ContainsFunc(x.Columns, func(c string) bool { return strings.TrimSuffix(c, " DESC") == name }) {
			return false
		}
	}
	return true
}

// enters says whether a condition limits a column of the table itself.
func enters(c *query.Cond, column string) bool {
	if c == nil {
		return false
	}
	if c.Kind == query.And {
		return slices.ContainsFunc(c.Kids, func(kid *query.Cond) bool { return enters(kid, column) })
	}
	if c.Kind != query.Compare || len(c.Steps) > 0 || !c.Field.Stored() || Column(c.Field) != strings.TrimSuffix(column, " DESC") {
		return false
	}
	switch c.Op {
	case schema.OpEq, schema.OpIn, schema.OpGe, schema.OpGt, schema.OpLe, schema.OpLt, schema.OpBetween:
		return true
	}
	return false
}
