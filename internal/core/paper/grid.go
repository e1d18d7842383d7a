package paper

import (
	"cmp"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// pair is a fact that is shown.
type pair struct{ label, value string }

// facts stand side by side in columns, labels before values.
func (s *sheet) facts(b *schema.PrintBlock) {
	at := place{leaf: s.v.root}
	var list []pair
	for i := range b.Items {
		p := pair{s.v.label(&b.Items[i], s.v.root.Entity, " "), s.v.value(at, b.Items[i].Value)}
		if p.value != "" || b.Full && !s.v.hidden(b.Items[i].Value, s.v.root.Entity) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return
	}
	s.heading(b)
	s.pairs(list, cmp.Or(b.Columns, 2), b.Grid)
}

// pairs lays facts out in rows of some columns.
func (s *sheet) pairs(list []pair, columns int, grid bool) {
	w := (s.right - s.left) / float64(columns)
	label := 0.0
	for _, p := range list {
		label = max(label, s.doc.Width(p.label, s.size)+2*pad)
	}
	label = min(label, w*0.45)
	for from := 0; from < len(list); from += columns {
		row := list[from:min(from+columns, len(list))]
		names, texts, tall := make([][]string, len(row)), make([][]string, len(row)), 0
		for i, p := range row {
			names[i] = s.wrap(p.label, label-2*pad, s.size)
			texts[i] = s.wrap(p.value, w-label-2*pad, s.size)
			tall = max(tall, len(names[i]), len(texts[i]))
		}
		for tall > 0 { // a row that is taller than a page goes over several
			fits := s.room(tall)
			h := float64(fits)*s.size*leading + pad
			for i := range row {
				x := s.left + float64(i)*w
				if grid {
					s.page.Fill(x, s.y, label, h, tint)
					s.frame(x, s.y, label, h)
					s.frame(x+label, s.y, w-label, h)
				}
				s.lines(take(&names[i], fits), x+pad, x+label-pad, s.y+pad/2, style{size: s.size, color: gray})
				s.lines(take(&texts[i], fits), x+label+pad, x+w-pad, s.y+pad/2, style{size: s.size, color: black})
			}
			s.y += h
			tall -= fits
		}
	}
	s.gap(5)
}

// room says how many of n lines come next: all of them, on a new page if need
// be, or as many as a page holds.
func (s *sheet) room(n int) int {
	line := s.size * leading
	s.need(float64(n)*line + pad)
	return max(1, min(n, int((s.bottom-s.y-pad)/line)))
}

// take gives the first lines and leaves the others.
func take(list *[]string, n int) []string {
	n = min(n, len(*list))
	out := (*list)[:n]
	*list = (*list)[n:]
	return out
}

// column is a column of a table as it is drawn.
type column struct {
	item  *schema.PrintItem
	title []string
	x, w  float64
	align string
	sum   int64
	field *schema.Field
	last  found // the last value that was added, whose currency the sum has
	added bool  // something was added up
	lost  bool  // the sum cannot be told: too large, or not all of it is to be seen
}

// table shows detail lines; columns that the reader may not see are not there.
func (s *sheet) table(b *schema.PrintBlock) {
	g := s.v.root.Entity.Line(b.Lines)
	if g == nil || len(s.v.root.Lines[b.Lines]) == 0 && !b.Full {
		return
	}
	lines := s.v.root.Lines[b.Lines]
	if g.Entity.Field(b.Group) == nil || len(lines) == 0 {
		s.tableOf(b, g.Entity, lines, "")
		return
	}
	name := func(leaf *records.Leaf) string { return s.v.value(place{leaf: leaf}, "{"+b.Group+"}") }
	for from, i := 0, 1; i <= len(lines); i++ {
		if i == len(lines) || name(lines[i]) != name(lines[from]) {
			s.tableOf(b, g.Entity, lines[from:i], name(lines[from]))
			from = i
		}
	}
}

// tableOf shows some lines, under the name of what they have in common.
func (s *sheet) tableOf(b *schema.PrintBlock, of *schema.Entity, lines []*records.Leaf, name string) {
	cols := s.columns(b, of)
	if len(cols) == 0 {
		return
	}
	s.heading(b, name)
	s.tableHead(cols)
	for i, leaf := range lines {
		at := place{leaf: leaf, no: i + 1}
		cells := make([][]string, len(cols))
		for j := range cols {
			cells[j] = s.wrap(s.v.value(at, cols[j].item.Value), cols[j].w-2*pad, s.size)
			s.add(&cols[j], at)
		}
		s.row(cols, cells, b.Grid, false)
	}
	s.sums(cols, b.Grid)
	s.gap(5)
}

// isEmpty says whether none of the lines has anything to say in a column.
func (s *sheet) isEmpty(b *schema.PrintBlock, template string) bool {
	for i, leaf := range s.v.root.Lines[b.Lines] {
		if s.v.value(place{leaf: leaf, no: i + 1}, template) != "" {
			return false
		}
	}
	return len(s.v.root.Lines[b.Lines]) > 0
}

// columns shares the width out and writes the titles. Columns that every line
// leaves empty are there only where the table is shown in full; one that holds
// no field is there to be written in by hand.
func (s *sheet) columns(b *schema.PrintBlock, of *schema.Entity) []column {
	var cols []column
	whole := 0
	for i := range b.Items {
		item := &b.Items[i]
		if s.v.hidden(item.Value, of) {
			continue
		}
		f := s.v.fieldOf(item.Value, of)
		if !b.Full && f != nil && s.isEmpty(b, item.Value) {
			continue
		}
		c := column{item: item, align: item.Align, field: f}
		if c.align == "" {
			if c.align = "left"; f != nil && schema.TraitsOf(f).Number {
				c.align = "right"
			}
		}
		cols = append(cols, c)
		whole += cmp.Or(item.Width, 10)
	}
	x := s.left
	for i := range cols {
		c := &cols[i]
		c.x, c.w = x, (s.right-s.left)*float64(cmp.Or(c.item.Width, 10))/float64(whole)
		x += c.w
		c.title = s.wrap(s.v.label(c.item, of, "\n"), c.w-2*pad, s.size)
	}
	return cols
}

// tableHead writes the titles; it is repeated on every page.
func (s *sheet) tableHead(cols []column) {
	tall := 1
	for i := range cols {
		tall = max(tall, len(cols[i].title))
	}
	h := float64(tall)*s.size*leading + 2*pad
	s.need(h + 2*s.size*leading)
	s.page.Fill(s.left, s.y, s.right-s.left, h, s.accent)
	for i := range cols {
		c := &cols[i]
		y := s.y + (h-float64(len(c.title))*s.size*leading)/2
		s.lines(c.title, c.x+pad, c.x+c.w-pad, y, style{size: s.size, color: 0xffffff, bold: true, align: c.align})
	}
	s.y += h
}

// row writes the cells of a line; one that does not fit begins a new page
// under the titles, one taller than a page goes over several.
func (s *sheet) row(cols []column, cells [][]string, grid, bold bool) {
	tall := 1
	for _, c := range cells {
		tall = max(tall, len(c))
	}
	for tall > 0 {
		line := s.size * leading
		if s.y+float64(min(tall, 8))*line+2*pad > s.bottom {
			s.newPage()
			s.tableHead(cols)
		}
		fits := max(1, min(tall, int((s.bottom-s.y-2*pad)/line)))
		h := float64(fits)*line + 2*pad
		if bold {
			s.page.Fill(s.left, s.y, s.right-s.left, h, tint)
		}
		for i := range cols {
			c := &cols[i]
			if grid {
				s.frame(c.x, s.y, c.w, h)
			}
			s.lines(take(&cells[i], fits), c.x+pad, c.x+c.w-pad, s.y+pad, style{size: s.size, color: black, bold: bold, align: c.align})
		}
		s.page.Line(s.left, s.y+h, s.right, s.y+h, hair, thin)
		s.y += h
		tall -= fits
	}
}

// add adds the value of a line to the sum of its column.
func (s *sheet) add(c *column, at place) {
	if !c.item.Sum || c.field == nil || !schema.TraitsOf(c.field).Number {
		return
	}
	pieces, err := schema.PrintPieces(c.item.Value)
	if err != nil {
		return
	}
	f, ok := s.v.reckon(at, &pieces[0])
	switch {
	case !ok || f.shown.Value.IsNull() && !f.shown.Masked:
	case f.shown.Masked:
		c.lost = true
	default:
		n, err := decimal.Add(c.sum, f.shown.Value.Int())
		c.sum, c.last, c.added, c.lost = n, f, true, c.lost || err != nil
	}
}

// sums writes the last row of a table.
func (s *sheet) sums(cols []column, grid bool) {
	cells := make([][]string, len(cols))
	first, any := -1, false
	for i := range cols {
		c := &cols[i]
		switch {
		case c.item.Sum && c.added && !c.lost:
			pieces, err := schema.PrintPieces(c.item.Value)
			if err != nil {
				continue
			}
			f := c.last
			f.shown.Value = record.Int(c.sum)
			cells[i] = s.wrap(s.v.show(f, pieces[0].Form, s.v.languages[0]), c.w-2*pad, s.size)
			any = true
		case first < 0 && !c.item.Sum:
			first = i
		}
	}
	if !any {
		return
	}
	if first >= 0 {
		cells[first] = s.wrap(s.v.beside(s.v.texts.All("print.sum"), place{leaf: s.v.root}, "\n"), cols[first].w-2*pad, s.size)
	}
	s.row(cols, cells, grid, true)
}

// totals stand below a table at the right, the last one stressed where it says so.
func (s *sheet) totals(b *schema.PrintBlock) {
	at := place{leaf: s.v.root}
	w := (s.right - s.left) * float64(cmp.Or(b.Width, 45)) / 100
	left := s.right - w
	if b.Align == "left" {
		left = s.left
	}
	for i := range b.Items {
		item := &b.Items[i]
		value := s.v.value(at, item.Value)
		if value == "" {
			continue
		}
		st := style{size: s.size, color: black, bold: item.Bold, align: "right"}
		if item.Bold {
			st.size = s.size * 1.1
		}
		label := s.v.label(item, s.v.root.Entity, " ")
		texts := s.wrap(value, w-min(s.doc.Width(label, st.size), w*0.5)-3*pad, st.size)
		h := float64(len(texts))*st.size*leading + pad
		s.need(h)
		if item.Bold {
			s.page.Line(left, s.y, left+w, s.y, 0.8, s.accent)
		}
		s.lines(s.wrap(label, w*0.5, st.size)[:1], left+pad, left+w, s.y+pad/2, style{size: st.size, color: gray, bold: item.Bold})
		s.lines(texts, left, left+w-pad, s.y+pad/2, st)
		s.y += h
	}
	s.gap(5)
}

// bank shows the accounts that are paid to.
func (s *sheet) bank(b *schema.PrintBlock) {
	list := s.v.banks(b.Bank)
	if len(list) == 0 {
		return
	}
	s.heading(b)
	usual := s.v.bank
	for i := range list {
		s.v.bank = list[i]
		var facts []pair
		for _, key := range []string{"bank", "branch", "account", "number", "swift", "currency"} {
			if value := s.v.bankFact("bank." + key); value != "" {
				facts = append(facts, pair{s.v.beside(s.v.texts.All("print.bank_"+key), place{leaf: s.v.root}, " "), value})
			}
		}
		s.pairs(facts, cmp.Or(b.Columns, 2), b.Grid)
	}
	s.v.bank = usual
}
