package formula

import (
	"errors"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Bounds of what a formula may ask.
const (
	maxSource = 4096   // bytes
	maxNodes  = 500    // operators, fields, literals and calls
	maxDepth  = 64     // nesting
	maxResult = 32_768 // bytes of any text on the way
)

// source is the text of a formula, in characters, for positions in errors.
type source []rune

// mark makes an operator word of expr a name: "contain$" is the function
// contains. A formula itself cannot contain the sign outside of a text.
const mark = '$'

// parsed is a formula that has been read.
type parsed struct {
	src    source
	root   ast.Node
	levels map[int]int // how many brackets are open at a token, by its place
}

// parse reads a formula. Only the syntax of expr is taken over: its lexer, its
// precedences and its tree. What a tree means is decided in check.go, because
// expr computes with floats and stops at nil.
func parse(text string) (*parsed, *errs.Error) {
	src := source([]rune(text))
	if len(text) > maxSource {
		return nil, errs.New(errs.Invalid, "error.formula_long", "most", strconv.Itoa(maxSource))
	}
	if strings.TrimSpace(text) == "" {
		return nil, src.syntax(len(src))
	}
	plain, err := src.plain()
	if err != nil {
		return nil, err
	}
	tokens, failed := lexer.Lex(file.NewSource(string(plain)))
	if failed != nil {
		return nil, src.failed(failed)
	}
	rename(plain, tokens)
	node, failed := tree(string(plain))
	if failed != nil {
		return nil, src.failed(failed)
	}
	return &parsed{src: src, root: node, levels: levels(tokens)}, nil
}

func levels(tokens []lexer.Token) map[int]int {
	open := 0
	at := make(map[int]int, len(tokens))
	for _, t := range tokens {
		at[t.From] = open
		if t.Kind == lexer.Bracket {
			switch t.Value {
			case "(", "[", "{":
				open++
			default:
				open--
			}
		}
	}
	return at
}

// loosen gives not its place: expr reads "not a < b" as "(not a) < b", people
// and filters mean "not (a < b)". The node is built anew, because a node of
// expr may hang in two places. Other nodes are given back as they are.
func (p *parsed) loosen(n ast.Node) ast.Node {
	top, ok := n.(*ast.BinaryNode)
	if !ok || logical(top) {
		return n
	}
	level := p.levels[top.Location().From]
	var spine []*ast.BinaryNode
	for at := n; ; {
		if p.levels[at.Location().From] != level {
			return n
		}
		switch x := at.(type) {
		case *ast.BinaryNode:
			if logical(x) {
				return n
			}
			spine, at = append(spine, x), x.Left
			if at == nil {
				return n
			}
			continue
		case *ast.UnaryNode:
			if x.Operator != "not" {
				return n
			}
			return rebuilt(x, spine)
		}
		return n
	}
}

// rebuilt moves not from the left end of a spine to its top.
func rebuilt(not *ast.UnaryNode, spine []*ast.BinaryNode) ast.Node {
	under := not.Node
	for i := len(spine) - 1; i >= 0; i-- {
		b := &ast.BinaryNode{Operator: spine[i].Operator, Left: under, Right: spine[i].Right}
		b.SetLocation(spine[i].Location())
		under = b
	}
	out := &ast.UnaryNode{Operator: "not", Node: under}
	out.SetLocation(not.Location())
	return out
}

// logical says whether a node is an and or or that somebody wrote; the && that
// expr puts between a < b and b < c stands where its second sign does.
func logical(n *ast.BinaryNode) bool {
	switch n.Operator {
	case "and", "or", "||":
		return true
	case "&&":
		right, ok := n.Right.(*ast.BinaryNode)
		return !ok || right.Location() != n.Location()
	}
	return false
}

// tree calls the parser of expr with its own functions switched off.
func tree(text string) (node ast.Node, err error) {
	defer func() {
		if p := recover(); p != nil { // a defect of the parser must not stop the server
			err = errors.New("parser failed")
		}
	}()
	config := conf.CreateNew()
	config.DisableIfOperator = true
	config.MaxNodes = 4 * maxNodes // ours are counted in check.go; these only bound the parser
	for name := range builtin.Index {
		config.Disabled[name] = true
	}
	t, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil, err
	}
	if t.Node == nil {
		return nil, errors.New("no expression")
	}
	return t.Node, nil
}

// plain turns the full-width signs that a Chinese keyboard gives into ASCII,
// outside of texts, one character for one.
func (src source) plain() (source, *errs.Error) {
	out := make(source, len(src))
	var quote, close rune
	for i := 0; i < len(src); i++ {
		r := src[i]
		switch {
		case quote != 0 && r == '\\' && quote != '`' && i+1 < len(src):
			out[i] = r
			i++
			r = src[i]
		case quote != 0 && r == close:
			r, quote = quote, 0
		case quote != 0:
		case r == '"' || r == '\'' || r == '`':
			quote, close = r, r
		case r == '“' || r == '”':
			r, quote, close = '"', '"', '”'
		case r == '‘' || r == '’':
			r, quote, close = '\'', '\'', '’'
		case r == mark || r == 0:
			return nil, src.syntax(i)
		case r == '　' || r == '\u00a0':
			r = ' '
		case r == '、':
			r = ','
		case r == '×':
			r = '*'
		case r == '÷':
			r = '/'
		case r == '−':
			r = '-'
		case r >= '！' && r <= '～':
			r = r - '！' + '!'
		}
		out[i] = r
	}
	return out, nil
}

// rename lets a formula say contains(a, b), in ("a", "b"), and name fields
// whose key is a word of expr. The text keeps its length, so positions hold.
func rename(src source, tokens []lexer.Token) {
	for i, t := range tokens {
		if t.Kind != lexer.Operator {
			continue
		}
		opens := i+1 < len(tokens) && tokens[i+1].Is(lexer.Bracket, "(")
		switch t.Value {
		case "contains":
			if opens && begins(tokens[:i]) {
				src[t.To-1] = mark
			}
		case "let", "matches":
			src[t.To-1] = mark
		case "in":
			if opens {
				bracket(src, tokens[i+1:])
			}
		}
	}
}

// begins says whether an operand is expected after these tokens.
func begins(before []lexer.Token) bool {
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	return last.Kind == lexer.Operator || last.Is(lexer.Bracket, "(") || last.Is(lexer.Bracket, "[")
}

// bracket turns the parentheses of a list into the brackets that expr wants.
func bracket(src source, tokens []lexer.Token) {
	depth := 0
	for _, t := range tokens {
		switch {
		case t.Is(lexer.Bracket, "("):
			depth++
		case t.Is(lexer.Bracket, ")"):
			depth--
		}
		if depth == 0 {
			src[tokens[0].From], src[t.From] = '[', ']'
			return
		}
	}
}

// name undoes rename.
func name(s string) string {
	switch s {
	case "contain$":
		return "contains"
	case "le$":
		return "let"
	case "matche$":
		return "matches"
	}
	return s
}

// failed places an error of expr's lexer or parser; its English text is for the log.
func (src source) failed(err error) *errs.Error {
	at := len(src)
	if e, ok := errors.AsType[*file.Error](err); ok {
		at = e.From
	}
	return src.syntax(at).With(err)
}

func (src source) syntax(at int) *errs.Error {
	return src.err("error.formula_syntax", file.Location{From: at, To: at + 1})
}

// err is an error at a place of the formula: at counts characters from 1, near
// is what stands there.
func (src source) err(key string, loc file.Location, args ...string) *errs.Error {
	from := min(max(loc.From, 0), len(src))
	to := min(max(loc.To, from), len(src), from+20)
	near := string(src[from:to])
	if near == "" {
		near = "…"
	}
	return errs.New(errs.Invalid, key, append([]string{"at", strconv.Itoa(from + 1), "near", near}, args...)...)
}
