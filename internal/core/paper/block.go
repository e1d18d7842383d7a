package paper

import (
	"cmp"
	"strings"

	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/paper/pdf"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// block draws one block of the layout.
func (s *sheet) block(b *schema.PrintBlock) {
	switch b.Kind {
	case "letterhead":
		s.letterhead(b)
	case "title":
		s.title(b)
	case "text":
		if s.v.beside(b.Text, place{leaf: s.v.root}, "") != "" {
			s.heading(b)
			s.paragraphs(b)
		}
	case "facts":
		s.facts(b)
	case "table":
		s.table(b)
	case "totals":
		s.totals(b)
	case "bank":
		s.bank(b)
	case "signature":
		s.signature(b)
	case "rule":
		s.need(6)
		s.page.Line(s.left, s.y+2, s.right, s.y+2, 0.8, s.accent)
		s.gap(6)
	case "space":
		s.gap(float64(cmp.Or(b.Height, 4)) * mm)
	case "break":
		if s.y > s.top {
			s.newPage()
		}
	}
}

// look is how the letters of a block are written.
func (s *sheet) look(b *schema.PrintBlock, size float64, align string) style {
	st := style{size: size, color: black, bold: b.Bold, align: cmp.Or(b.Align, align)}
	if b.Size > 0 {
		st.size = float64(b.Size)
	}
	switch b.Tone {
	case "muted":
		st.color = gray
	case "accent":
		st.color = s.accent
	}
	return st
}

// heading stands above a block and stays with it; more is said after it.
func (s *sheet) heading(b *schema.PrintBlock, more ...string) {
	text := s.v.beside(b.Heading, place{leaf: s.v.root}, " ")
	for _, m := range more {
		if text != "" && m != "" {
			text += "  "
		}
		text += m
	}
	if text == "" {
		return
	}
	st := style{size: s.size * 1.08, color: s.accent, bold: true}
	s.need(st.size*leading + 3*s.size*leading)
	for _, line := range s.wrap(text, s.right-s.left, st.size) {
		s.y = s.lines([]string{line}, s.left, s.right, s.y, st)
	}
	s.gap(1.5)
}

// title is large, in the middle; a second language stands below in small.
func (s *sheet) title(b *schema.PrintBlock) {
	st := s.look(b, s.size*2, "center")
	st.bold = true
	if b.Tone == "" {
		st.color = s.accent
	}
	at := place{leaf: s.v.root}
	s.gap(2)
	for i, locale := range s.v.languages {
		text := s.v.fill(at, b.Text.In(locale), locale)
		if i > 0 {
			if text == s.v.fill(at, b.Text.In(s.v.languages[0]), s.v.languages[0]) {
				break
			}
			st.size *= 0.62
		}
		s.paragraph(text, st)
	}
	s.gap(5)
}

// paragraphs are a text in the layout's languages, one below the other.
func (s *sheet) paragraphs(b *schema.PrintBlock) {
	st := s.look(b, s.size, "left")
	last := ""
	for _, locale := range s.v.languages {
		text := s.v.fill(place{leaf: s.v.root}, b.Text.In(locale), locale)
		if text != last {
			s.paragraph(text, st)
		}
		last = text
	}
	s.gap(4)
}

// letterhead says whose paper it is: logo, name, how to reach us.
func (s *sheet) letterhead(b *schema.PrintBlock) {
	c, left := s.v.company, s.left
	center := b.Align == "center"
	const tall = 15 * mm
	s.need(tall)
	start := s.y
	bottom := s.y
	if b.Logo {
		if im := s.picture(customize.Logo, c.Logo); im != nil {
			w, h := fit(im, 55*mm, tall)
			x := s.left
			if b.Align == "right" {
				x = s.right - w
			}
			s.page.Draw(im, x, s.y, w, h)
			bottom = s.y + h
			switch {
			case center: // the name stays in the middle of the page
			case b.Align == "right":
			default:
				left += w + 5*mm
			}
		}
	}
	align := "left"
	if center {
		align = "center"
	}
	y := start
	for i, locale := range s.v.languages {
		name := s.v.fill(place{leaf: s.v.root}, "{@company.name}", locale)
		st := style{size: s.size * 1.6, color: black, bold: true, align: align}
		if i > 0 {
			if name == c.Name {
				break
			}
			st.size, st.bold = s.size*1.1, false
		}
		y = s.lines(s.wrap(name, s.right-left, st.size), left, s.right, y, st)
	}
	st := style{size: s.size * smaller, color: gray, align: align}
	for _, line := range s.contact(b) {
		y = s.lines(s.wrap(line, s.right-left, st.size), left, s.right, y, st)
	}
	s.y = max(y, bottom) + 3
	s.page.Line(s.left, s.y, s.right, s.y, 1, s.accent)
	s.gap(5)
}

// contact are the small lines of a letterhead: the block's own, or address and
// numbers of the company.
func (s *sheet) contact(b *schema.PrintBlock) []string {
	at := place{leaf: s.v.root}
	var out []string
	if len(b.Items) > 0 {
		for i := range b.Items {
			value := s.v.value(at, b.Items[i].Value)
			if label := s.v.beside(b.Items[i].Label, at, " "); label != "" && value != "" {
				value = label + " " + value
			}
			if value != "" {
				out = append(out, value)
			}
		}
		return out
	}
	for _, locale := range s.v.languages {
		if a := s.v.fill(at, "{@company.address}", locale); a != "" && (len(out) == 0 || out[0] != a) {
			out = append(out, a)
		}
	}
	c, line := s.v.company, []string{}
	for _, x := range []struct{ key, value string }{{"print.phone", c.Phone}, {"print.email", c.Email}, {"", s.v.fill(at, "{@company.website}", "en")}, {"print.tax_number", c.TaxNumber}} {
		if x.value == "" {
			continue
		}
		if x.key != "" {
			x.value = s.v.beside(s.v.texts.All(x.key), at, " ") + " " + x.value
		}
		line = append(line, x.value)
	}
	if len(line) > 0 {
		out = append(out, strings.Join(line, "   "))
	}
	return out
}

// fit makes a picture as large as fits.
func fit(im *pdf.Image, w, h float64) (float64, float64) {
	f := min(w/float64(im.Width), h/float64(im.Height))
	return float64(im.Width) * f, float64(im.Height) * f
}

// signature is where parties sign, side by side; the first one bears the seal.
func (s *sheet) signature(b *schema.PrintBlock) {
	if len(b.Items) == 0 {
		return
	}
	at := place{leaf: s.v.root}
	w := (s.right - s.left) / float64(len(b.Items))
	cells := make([][]string, len(b.Items))
	tall := 30 * mm
	for i := range b.Items {
		cells[i] = s.wrap(s.v.value(at, b.Items[i].Value), w-4*mm, s.size)
		tall = max(tall, s.size*leading*float64(len(cells[i])+2))
	}
	s.need(tall)
	start := s.y
	for i := range b.Items {
		x := s.left + float64(i)*w
		y := s.lines(s.wrap(s.v.beside(b.Items[i].Label, at, " "), w-4*mm, s.size), x, x+w, start, style{size: s.size, color: black, bold: true})
		s.lines(cells[i], x, x+w, y+2, style{size: s.size, color: black})
	}
	if b.Seal {
		if im := s.picture(customize.Seal, s.v.company.Seal); im != nil {
			sw, sh := fit(im, min(38*mm, w), 38*mm)
			s.page.Draw(im, s.left+min(26*mm, w-sw), max(s.top, start-4*mm), sw, sh)
			s.sealed = true
		}
	}
	s.y = start + tall
}
