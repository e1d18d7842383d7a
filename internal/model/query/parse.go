package query

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Bounds of what a filter may ask; a longer one is refused, not cut.
const (
	maxText  = 32 << 10
	maxDepth = 32
	maxArgs  = 5000
)

// Parse reads the text form. "" gives nil, which matches everything.
func Parse(s string) (*Node, error) {
	if len(s) > maxText {
		return nil, errs.New(errs.BadRequest, "error.filter_long")
	}
	p := &parser{in: s}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokEnd {
		return nil, nil
	}
	n, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokEnd {
		return nil, p.unexpected()
	}
	return n, nil
}

type tokKind uint8

const (
	tokEnd tokKind = iota
	tokWord
	tokText
	tokNumber
	tokSign // operators and punctuation
)

type token struct {
	kind tokKind
	text string
	at   int
}

type parser struct {
	in  string
	pos int
	tok token
}

func (p *parser) unexpected() error {
	got := p.tok.text
	if p.tok.kind == tokEnd {
		got = "…"
	}
	return errs.New(errs.BadRequest, "error.filter_syntax", "at", strconv.Itoa(utf8.RuneCountInString(p.in[:p.tok.at])+1), "near", got)
}

func (p *parser) next() error {
	for p.pos < len(p.in) {
		r, n := utf8.DecodeRuneInString(p.in[p.pos:])
		if !unicode.IsSpace(r) {
			break
		}
		p.pos += n
	}
	p.tok = token{at: p.pos}
	if p.pos == len(p.in) {
		return nil
	}
	rest := p.in[p.pos:]
	switch c := rest[0]; {
	case c == '"' || c == '\'':
		return p.text(c)
	case c >= '0' && c <= '9' || c == '-' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		n := 1
		for n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || rest[n] == '.') {
			n++
		}
		p.tok.kind, p.tok.text = tokNumber, rest[:n]
	case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		n := 1
		for n < len(rest) && (rest[n] == '_' || rest[n] == '.' || rest[n] >= 'a' && rest[n] <= 'z' || rest[n] >= 'A' && rest[n] <= 'Z' || rest[n] >= '0' && rest[n] <= '9') {
			n++
		}
		p.tok.kind, p.tok.text = tokWord, rest[:n]
	default:
		p.tok.kind = tokSign
		for _, s := range []string{"==", "!=", "<=", ">=", "<", ">", "(", ")", ","} {
			if strings.HasPrefix(rest, s) {
				p.tok.text = s
				break
			}
		}
		if p.tok.text == "" {
			_, n := utf8.DecodeRuneInString(rest)
			p.tok.text = rest[:n]
			return p.unexpected()
		}
	}
	p.pos += len(p.tok.text)
	return nil
}

// text reads a quoted text; \" \' \\ \n \t are the escapes.
func (p *parser) text(quote byte) error {
	var b strings.Builder
	for i := p.pos + 1; i < len(p.in); i++ {
		switch c := p.in[i]; {
		case c == quote:
			p.tok.kind, p.tok.text = tokText, b.String()
			p.pos = i + 1
			return nil
		case c == '\\' && i+1 < len(p.in):
			i++
			switch p.in[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(p.in[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	p.tok.text = string(quote)
	return p.unexpected()
}

func (p *parser) word(w string) bool { return p.tok.kind == tokWord && p.tok.text == w }
func (p *parser) sign(s string) bool { return p.tok.kind == tokSign && p.tok.text == s }

func (p *parser) or(depth int) (*Node, error) { return p.chain(Or, "or", depth, p.and) }

func (p *parser) and(depth int) (*Node, error) { return p.chain(And, "and", depth, p.not) }

func (p *parser) chain(kind Kind, word string, depth int, sub func(int) (*Node, error)) (*Node, error) {
	n, err := sub(depth)
	if err != nil || !p.word(word) {
		return n, err
	}
	out := &Node{Kind: kind, Kids: []*Node{n}}
	for p.word(word) {
		if err := p.next(); err != nil {
			return nil, err
		}
		n, err := sub(depth)
		if err != nil {
			return nil, err
		}
		out.Kids = append(out.Kids, n)
	}
	return out, nil
}

func (p *parser) not(depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, errs.New(errs.BadRequest, "error.filter_deep")
	}
	switch {
	case p.word("not"):
		if err := p.next(); err != nil {
			return nil, err
		}
		n, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return &Node{Kind: Not, Kids: []*Node{n}}, nil
	case p.sign("("):
		if err := p.next(); err != nil {
			return nil, err
		}
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.sign(")") {
			return nil, p.unexpected()
		}
		return n, p.next()
	}
	return p.compare()
}

func (p *parser) compare() (*Node, error) {
	if p.tok.kind != tokWord {
		return nil, p.unexpected()
	}
	n := &Node{Kind: Compare, Path: p.tok.text}
	if err := p.next(); err != nil {
		return nil, err
	}
	if err := p.operator(n); err != nil {
		return nil, err
	}
	return n, p.operands(n)
}

func (p *parser) operator(n *Node) error {
	if p.tok.kind == tokSign {
		switch op := schema.Op(p.tok.text); op {
		case schema.OpEq, schema.OpNe, schema.OpLt, schema.OpLe, schema.OpGt, schema.OpGe:
			n.Op = op
			return p.next()
		}
		return p.unexpected()
	}
	negative := ""
	if p.word("not") {
		negative = "not "
		if err := p.next(); err != nil {
			return err
		}
	}
	switch {
	case p.tok.kind != tokWord:
		return p.unexpected()
	case p.word("is") && negative == "":
		if err := p.next(); err != nil {
			return err
		}
		n.Op = schema.OpNull
		if p.word("not") {
			n.Op = schema.OpNotNull
			if err := p.next(); err != nil {
				return err
			}
		}
		if !p.word("null") {
			return p.unexpected()
		}
	case p.word("in") || p.word("contains") || p.word("starts_with") || p.word("between") || p.word("under"):
		n.Op = schema.Op(negative + p.tok.text)
	default:
		return p.unexpected()
	}
	return p.next()
}

func (p *parser) operands(n *Node) error {
	switch n.Op {
	case schema.OpNull, schema.OpNotNull:
		return nil
	case schema.OpIn, schema.OpNotIn:
		return p.list(n)
	case schema.OpBetween, schema.OpNotBetween:
		if err := p.operand(n); err != nil {
			return err
		}
		if !p.word("and") {
			return p.unexpected()
		}
		if err := p.next(); err != nil {
			return err
		}
	}
	return p.operand(n)
}

func (p *parser) list(n *Node) error {
	if !p.sign("(") {
		return p.unexpected()
	}
	if err := p.next(); err != nil {
		return err
	}
	for !p.sign(")") {
		if len(n.Args) > 0 {
			if !p.sign(",") {
				return p.unexpected()
			}
			if err := p.next(); err != nil {
				return err
			}
		}
		if err := p.operand(n); err != nil {
			return err
		}
		if len(n.Args) > maxArgs {
			return errs.New(errs.BadRequest, "error.filter_long")
		}
	}
	return p.next()
}

func (p *parser) operand(n *Node) error {
	a := Arg{Text: p.tok.text}
	switch {
	case p.tok.kind == tokText, p.tok.kind == tokNumber, p.word("true"), p.word("false"):
	case p.word("null"):
		a = Arg{Kind: NullArg}
	case p.tok.kind == tokWord:
		return p.function(n)
	default:
		return p.unexpected()
	}
	n.Args = append(n.Args, a)
	return p.next()
}

func (p *parser) function(n *Node) error {
	a := Arg{Kind: Func, Text: p.tok.text}
	if !knownFunc(a.Text) {
		return p.unexpected()
	}
	if err := p.next(); err != nil {
		return err
	}
	if p.sign("(") {
		if err := p.next(); err != nil {
			return err
		}
		if p.tok.kind == tokNumber {
			v, err := strconv.ParseInt(p.tok.text, 10, 32)
			if err != nil {
				return p.unexpected()
			}
			a.N, a.HasN = v, true
			if err := p.next(); err != nil {
				return err
			}
		}
		if !p.sign(")") {
			return p.unexpected()
		}
		if err := p.next(); err != nil {
			return err
		}
	}
	n.Args = append(n.Args, a)
	return nil
}
