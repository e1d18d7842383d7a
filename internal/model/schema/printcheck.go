package schema

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Bounds of a layout.
const (
	mostBlocks  = 60
	mostItems   = 40
	mostLetters = 8000 // of one text
)

var (
	printKey   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	printColor = regexp.MustCompile(`^(#[0-9a-f]{6})?$`)
)

// CheckPrint says what is wrong with a layout of e, at the member that is
// wrong: blocks.2.items.0.value.
func (s *Snapshot) CheckPrint(e *Entity, p *Print) error {
	c := &printCheck{snap: s, ent: e}
	if !printKey.MatchString(p.Key) {
		c.add("error.field_key", "key", "key", p.Key)
	}
	if p.Label.In("zh-CN") == "" {
		c.add("error.required", "label")
	}
	c.oneOf("language", p.Language, PrintLanguages)
	c.oneOf("paper", p.Paper, PrintPapers)
	if len(p.Margins) != 0 && len(p.Margins) != 4 || slices.ContainsFunc(p.Margins, func(n int) bool { return n < 5 || n > 60 }) {
		c.add("error.between", "margins", "least", "5", "most", "60")
	}
	c.between("size", p.Size, 6, 16)
	if !printColor.MatchString(p.Accent) {
		c.add("error.print_color", "accent")
	}
	c.texts("head", p.Head, e)
	c.texts("foot", p.Foot, e)
	if len(p.Blocks) == 0 {
		c.add("error.required", "blocks")
	}
	if len(p.Blocks) > mostBlocks {
		c.add("error.too_many", "blocks", "most", strconv.Itoa(mostBlocks))
		return errs.Join(c.list)
	}
	for i := range p.Blocks {
		c.block("blocks."+strconv.Itoa(i)+".", &p.Blocks[i])
	}
	return errs.Join(c.list)
}

type printCheck struct {
	snap *Snapshot
	ent  *Entity
	list []*errs.Error
}

func (c *printCheck) add(key, field string, args ...string) {
	c.list = append(c.list, errs.New(errs.Invalid, key, args...).At(field))
}

func (c *printCheck) oneOf(field, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		c.add("error.print_value", field, "value", value)
	}
}

// between checks a number where 0 is what is usual.
func (c *printCheck) between(field string, n, least, most int) {
	if n != 0 && (n < least || n > most) {
		c.add("error.between", field, "least", strconv.Itoa(least), "most", strconv.Itoa(most))
	}
}

func (c *printCheck) block(at string, b *PrintBlock) {
	c.oneOf(at+"kind", b.Kind, PrintKinds)
	c.oneOf(at+"align", b.Align, printAligns)
	c.oneOf(at+"tone", b.Tone, printTones)
	c.oneOf(at+"bank", b.Bank, printBanks)
	c.between(at+"size", b.Size, 5, 40)
	c.between(at+"columns", b.Columns, 1, 4)
	c.between(at+"width", b.Width, 20, 100)
	c.between(at+"height", b.Height, 1, 250)
	of := c.ent
	if b.Kind == "table" {
		g := c.ent.Line(b.Lines)
		if g == nil {
			c.add("error.print_lines", at+"lines", "lines", b.Lines)
			return
		}
		of = g.Entity
		if b.Group != "" && of.Field(b.Group) == nil {
			c.add("error.print_field", at+"group", "field", b.Group, "entity", of.Label.In("zh-CN"))
		}
		if len(b.Items) == 0 {
			c.add("error.required", at+"items")
		}
	}
	c.texts(at+"heading", b.Heading, c.ent)
	c.texts(at+"text", b.Text, c.ent)
	if (b.Kind == "title" || b.Kind == "text") && b.Text.In("zh-CN") == "" {
		c.add("error.required", at+"text")
	}
	if len(b.Items) > mostItems {
		c.add("error.too_many", at+"items", "most", strconv.Itoa(mostItems))
		return
	}
	for i, item := range b.Items {
		in := at + "items." + strconv.Itoa(i) + "."
		c.oneOf(in+"align", item.Align, printAligns)
		c.between(in+"width", item.Width, 1, 100)
		c.texts(in+"label", item.Label, c.ent)
		c.template(in+"value", item.Value, of)
	}
}

func (c *printCheck) texts(at string, l Labels, of *Entity) {
	for _, locale := range []string{"zh-CN", "en"} {
		c.template(at, l[locale], of)
	}
}

func (c *printCheck) template(at, text string, of *Entity) {
	if len(text) > mostLetters {
		c.add("error.too_many", at, "most", strconv.Itoa(mostLetters))
		return
	}
	pieces, err := PrintPieces(text)
	if err != nil {
		if e, ok := err.(*errs.Error); ok { //nolint:errorlint // bare by contract
			c.list = append(c.list, e.At(at))
		}
		return
	}
	for _, p := range pieces {
		for _, path := range p.Paths() {
			f := c.snap.PrintPath(of, path)
			switch {
			case f == nil:
				c.add("error.print_field", at, "field", strings.Join(path, "."), "entity", of.Label.In("zh-CN"))
			case len(p.More) > 0 && (!TraitsOf(f).Number || f.Many()):
				c.add("error.print_number", at, "field", strings.Join(path, "."))
			}
		}
	}
}
