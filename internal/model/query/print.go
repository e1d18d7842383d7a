package query

import (
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Print writes a condition in the text form. Parse reads it back as a
// condition that means the same; nil is "".
func Print(n *Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	b.Grow(128)
	printNode(&b, n, 0)
	return b.String()
}

// How strongly a place in the text binds.
const (
	bindsOr = iota
	bindsAnd
	bindsNot
)

func printNode(b *strings.Builder, n *Node, place int) {
	switch n.Kind {
	case Not:
		b.WriteString("not ")
		printNode(b, n.Kids[0], bindsNot)
	case And, Or:
		printChain(b, n, place)
	default:
		printCompare(b, n)
	}
}

// printChain writes kids joined by and or or, in brackets where the place
// binds at least as strongly: (a and b) and c keeps its shape.
func printChain(b *strings.Builder, n *Node, place int) {
	word, binds := " or ", bindsOr
	if n.Kind == And {
		word, binds = " and ", bindsAnd
	}
	if len(n.Kids) == 1 {
		printNode(b, n.Kids[0], place)
		return
	}
	if place > binds {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, k := range n.Kids {
		if i > 0 {
			b.WriteString(word)
		}
		printNode(b, k, binds+1)
	}
}

func printCompare(b *strings.Builder, n *Node) {
	b.WriteString(n.Path)
	b.WriteByte(' ')
	b.WriteString(string(n.Op))
	switch n.Op {
	case schema.OpNull, schema.OpNotNull:
	case schema.OpIn, schema.OpNotIn:
		b.WriteString(" (")
		for i, a := range n.Args {
			if i > 0 {
				b.WriteString(", ")
			}
			printArg(b, a)
		}
		b.WriteByte(')')
	default:
		for i, a := range n.Args {
			if i > 0 {
				b.WriteString(" and")
			}
			b.WriteByte(' ')
			printArg(b, a)
		}
	}
}

func printArg(b *strings.Builder, a Arg) {
	switch a.Kind {
	case NullArg:
		b.WriteString("null")
	case Func:
		b.WriteString(a.Text)
		switch {
		case a.HasN:
			b.WriteString("(" + strconv.FormatInt(a.N, 10) + ")")
		case a.Text != "me" && a.Text != "my_department":
			b.WriteString("()")
		}
	default:
		printLiteral(b, a.Text)
	}
}

// printLiteral writes a literal bare when it reads back as itself: what kind of
// literal it was is not kept, because only the field gives it a meaning.
func printLiteral(b *strings.Builder, s string) {
	if s == "true" || s == "false" || bareNumber(s) {
		b.WriteString(s)
		return
	}
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}

// bareNumber says whether s is a number as people write one, at most one point.
func bareNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, frac, point := strings.Cut(s, ".")
	return decimalDigits(whole) && (!point || decimalDigits(frac))
}

func decimalDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// IsFunction says whether a name is a function of filters: me, today, month_start …
func IsFunction(name string) bool { return knownFunc(name) }
