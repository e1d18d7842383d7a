package schema

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Print is a print layout (打印模板): how a record of an entity looks on paper
// (PLT-19). Base layouts are declared by modules, others made by administrators;
// one of the same key stands in the place of a declared one.
type Print struct {
	Key       string       `json:"key"`
	Label     Labels       `json:"label" doc:"What the layout is called"`
	Language  string       `json:"language" doc:"zh-CN (also without it), en, or both: Chinese above English"`
	Paper     string       `json:"paper,omitempty" doc:"A4 (also without it), A5 or Letter"`
	Landscape bool         `json:"landscape,omitempty"`
	Margins   []int        `json:"margins,omitempty" doc:"Top, right, bottom, left in millimetres; without it 15, 15, 18, 15"`
	Size      int          `json:"size,omitempty" doc:"Of letters, in points; without it 9"`
	Accent    string       `json:"accent,omitempty" doc:"Colour of headings and rules, #rrggbb"`
	Head      Labels       `json:"head,omitempty" doc:"Small line at the top of every page but the first"`
	Foot      Labels       `json:"foot,omitempty" doc:"Small line at the bottom of every page; without it its number"`
	Blocks    []PrintBlock `json:"blocks" doc:"From top to bottom"`
	Hidden    bool         `json:"hidden,omitempty" doc:"No longer offered"`
}

// PrintBlock is one block of a layout. Texts are templates: {field},
// {reference.field}, {@company.name}, {total|upper}.
type PrintBlock struct {
	Kind    string      `json:"kind" doc:"letterhead, title, text, facts, table, totals, bank, signature, rule, space or break"`
	Heading Labels      `json:"heading,omitempty" doc:"Stands above facts, tables, texts and banks"`
	Text    Labels      `json:"text,omitempty" doc:"Of titles and texts"`
	Items   []PrintItem `json:"items,omitempty" doc:"Facts, columns of a table, totals, parties that sign"`
	Lines   string      `json:"lines,omitempty" doc:"Group of detail lines that a table shows"`
	Group   string      `json:"group,omitempty" doc:"Field of the lines: lines with the same value, one after another, stand in a table by themselves under its name"`
	Columns int         `json:"columns,omitempty" doc:"Facts side by side, 1 to 4"`
	Align   string      `json:"align,omitempty" doc:"left, center or right"`
	Size    int         `json:"size,omitempty" doc:"Of letters, in points"`
	Bold    bool        `json:"bold,omitempty"`
	Tone    string      `json:"tone,omitempty" doc:"Empty, muted or accent"`
	Grid    bool        `json:"grid,omitempty" doc:"Lines around every cell"`
	Full    bool        `json:"full,omitempty" doc:"Facts without a value, columns that no line fills and tables without lines are shown too"`
	Logo    bool        `json:"logo,omitempty" doc:"A letterhead shows the company's logo"`
	Seal    bool        `json:"seal,omitempty" doc:"The first party's signature bears the company's seal"`
	Bank    string      `json:"bank,omitempty" doc:"Which accounts: empty = the usual one, currency = those of the record's currency, all"`
	Width   int         `json:"width,omitempty" doc:"Totals: percent of the page's width"`
	Height  int         `json:"height,omitempty" doc:"Space: millimetres"`
}

// PrintItem is a fact, a column, a total or a party.
type PrintItem struct {
	Label Labels `json:"label,omitempty" doc:"Without it the field's own"`
	Value string `json:"value" doc:"A template"`
	Width int    `json:"width,omitempty" doc:"Of a column, in parts of the whole"`
	Align string `json:"align,omitempty" doc:"left, center or right; without it figures are right"`
	Sum   bool   `json:"sum,omitempty" doc:"The column is added up below"`
	Bold  bool   `json:"bold,omitempty"`
}

// What a layout may say.
var (
	PrintKinds     = []string{"letterhead", "title", "text", "facts", "table", "totals", "bank", "signature", "rule", "space", "break"}
	PrintLanguages = []string{"", "zh-CN", "en", "both"}
	PrintPapers    = []string{"", "A4", "A5", "Letter"}
	printAligns    = []string{"", "left", "center", "right"}
	printTones     = []string{"", "muted", "accent"}
	printBanks     = []string{"", "currency", "all"}
	printForms     = []string{"", "upper", "words", "long", "plain"}
)

// PrintFacts are what templates know beside the record, after an @.
var PrintFacts = []string{"company.name", "company.name_en", "company.short_name", "company.tax_number", "company.address", "company.address_en",
	"company.phone", "company.email", "company.website", "company.currency",
	"bank.bank", "bank.branch", "bank.account", "bank.number", "bank.swift", "bank.currency", "today", "now", "member", "page", "pages", "no"}

// PrintPiece is a part of a template: a text, or what stands in for a value.
type PrintPiece struct {
	Text string
	Path []string // keys of fields, one step each; nil for a text
	More []PrintTerm
	Fact string // "company.name" of {@company.name}
	Form string // upper: amount in Chinese capitals; words: in English words; long: a date in words; plain: digits alone, the code of an option
}

// PrintTerm is a further number that the first one is reckoned with, from left
// to right: {quantity/^product.per_carton*product.gross_weight}.
type PrintTerm struct {
	Op   string // "*", "/" or "/^", which rounds up to a whole number
	Path []string
}

// PrintPieces takes a template apart. {{ is a brace. Error: error.print_template.
func PrintPieces(s string) ([]PrintPiece, error) {
	var out []PrintPiece
	bad := func(at string) error { return errs.New(errs.Invalid, "error.print_template", "text", at) }
	var text strings.Builder
	for s != "" {
		at := strings.IndexByte(s, '{')
		if at < 0 {
			text.WriteString(s)
			break
		}
		text.WriteString(s[:at])
		if s = s[at:]; strings.HasPrefix(s, "{{") {
			text.WriteByte('{')
			s = s[2:]
			continue
		}
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return nil, bad(s)
		}
		inner := strings.TrimSpace(s[1:end])
		piece := PrintPiece{}
		path, form, _ := strings.Cut(inner, "|")
		path, piece.Form = strings.TrimSpace(path), strings.TrimSpace(form)
		if !slices.Contains(printForms, piece.Form) {
			return nil, bad(s[:end+1])
		}
		if fact, ok := strings.CutPrefix(path, "@"); ok {
			if piece.Fact = fact; !slices.Contains(PrintFacts, fact) {
				return nil, bad(s[:end+1])
			}
		} else if !piece.reckon(path) {
			return nil, bad(s[:end+1])
		}
		if text.Len() > 0 {
			out = append(out, PrintPiece{Text: text.String()})
			text.Reset()
		}
		out = append(out, piece)
		s = s[end+1:]
	}
	if text.Len() > 0 {
		out = append(out, PrintPiece{Text: text.String()})
	}
	return out, nil
}

// reckon takes the paths of a value and what stands between them.
func (p *PrintPiece) reckon(text string) bool {
	op := ""
	for {
		next := strings.IndexAny(text, "*/")
		one := text
		if next >= 0 {
			one = text[:next]
		}
		path := strings.Split(strings.TrimSpace(one), ".")
		if len(path) > 3 || slices.Contains(path, "") {
			return false
		}
		if op == "" {
			p.Path = path
		} else {
			p.More = append(p.More, PrintTerm{op, path})
		}
		if next < 0 {
			return true
		}
		if op, text = text[next:next+1], text[next+1:]; op == "/" && strings.HasPrefix(text, "^") {
			op, text = "/^", text[1:]
		}
	}
}

// Paths are all the paths of a piece.
func (p *PrintPiece) Paths() [][]string {
	if p.Path == nil {
		return nil
	}
	out := [][]string{p.Path}
	for _, t := range p.More {
		out = append(out, t.Path)
	}
	return out
}

// PrintPath gives the field that a path of a template ends at; nil when there
// is none. Steps in between are references to one record.
func (s *Snapshot) PrintPath(e *Entity, path []string) *Field {
	for i, key := range path {
		f := e.Field(key)
		if f == nil || i == len(path)-1 {
			return f
		}
		if !IsRef(f) || f.Many() || IsAnyRef(f) {
			return nil
		}
		if e = s.Entity(RefTarget(f)); e == nil {
			return nil
		}
	}
	return nil
}
