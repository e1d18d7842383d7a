package paper

import (
	"cmp"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/paper/pdf"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Measures in points.
const (
	mm      = 72 / 25.4
	leading = 1.45 // of a line, in sizes
	pad     = 3.0  // within a cell
	hair    = 0.4  // a thin line
	smaller = 0.86 // small print, in sizes
)

// Colours.
const (
	black pdf.Color = 0x1c1f26
	gray  pdf.Color = 0x6b7280
	thin  pdf.Color = 0xc9ced6
	tint  pdf.Color = 0xf3f5f8
)

// sheet is a document being laid out: blocks flow from top to bottom, over as
// many pages as they need.
type sheet struct {
	doc    *pdf.Doc
	layout *schema.Print
	v      *values

	page                     *pdf.Page
	y                        float64 // where the next block begins
	left, right, top, bottom float64
	width, height            float64
	size                     float64
	accent                   pdf.Color
	sealed                   bool
	picture                  func(which customize.Picture, version string) *pdf.Image
}

func newSheet(doc *pdf.Doc, l *schema.Print, v *values) *sheet {
	s := &sheet{doc: doc, layout: l, v: v, size: float64(cmp.Or(l.Size, 9)), accent: 0x1f3a5f}
	if n, err := strconv.ParseUint(trimHash(l.Accent), 16, 32); err == nil {
		s.accent = pdf.Color(n)
	}
	s.width, s.height = paper(l.Paper)
	if l.Landscape {
		s.width, s.height = s.height, s.width
	}
	margins := l.Margins
	if len(margins) != 4 {
		margins = []int{15, 15, 18, 15}
	}
	s.top, s.right = float64(margins[0])*mm, s.width-float64(margins[1])*mm
	s.bottom, s.left = s.height-float64(margins[2])*mm, float64(margins[3])*mm
	s.newPage()
	return s
}

func trimHash(s string) string {
	if s != "" && s[0] == '#' {
		return s[1:]
	}
	return s
}

// paper gives width and height, upright.
func paper(name string) (w, h float64) {
	switch name {
	case "A5":
		return 148 * mm, 210 * mm
	case "Letter":
		return 612, 792
	}
	return 210 * mm, 297 * mm
}

func (s *sheet) newPage() {
	s.page, s.y = s.doc.AddPage(s.width, s.height), s.top
}

// need begins a new page where less than h is left, unless this one is empty.
func (s *sheet) need(h float64) {
	if s.y+h > s.bottom && s.y > s.top {
		s.newPage()
	}
}

// finish writes the small lines of the pages, now that their number is known.
func (s *sheet) finish() {
	foot := s.layout.Foot
	if foot.In("zh-CN") == "" {
		foot = s.v.texts.All("print.foot")
	}
	s.v.pages = len(s.doc.Pages())
	size := s.size * smaller
	for i, p := range s.doc.Pages() {
		s.page, s.v.page = p, i+1
		at := place{leaf: s.v.root}
		s.text(s.v.beside(foot, at, "  "), s.left, s.right, s.bottom+7*mm, style{size: size, color: gray, align: "center"})
		if i > 0 && s.layout.Head.In("zh-CN") != "" {
			s.text(s.v.beside(s.layout.Head, at, "  "), s.left, s.right, s.top-4*mm, style{size: size, color: gray, align: "right"})
		}
	}
}

// style is how letters look.
type style struct {
	size  float64
	color pdf.Color
	bold  bool
	align string
}

// text writes one line that stands on y, between two edges.
func (s *sheet) text(line string, left, right, y float64, st style) {
	x := left
	switch st.align {
	case "right":
		x = right - s.doc.Width(line, st.size)
	case "center":
		x = (left + right - s.doc.Width(line, st.size)) / 2
	}
	s.page.Text(x, y, st.size, st.color, st.bold, line)
}

// wrap cuts a text into lines of a width.
func (s *sheet) wrap(text string, width, size float64) []string {
	return wrap(text, width, func(r rune) float64 { return s.doc.RuneWidth(r, size) })
}

// lines writes lines below y and gives where they end.
func (s *sheet) lines(list []string, left, right, y float64, st style) float64 {
	for _, line := range list {
		s.text(line, left, right, s.base(y, st.size), st)
		y += st.size * leading
	}
	return y
}

// base is what a line of letters stands on that takes its room from y on.
func (s *sheet) base(y, size float64) float64 {
	return y + (size*leading+s.doc.Ascent(size))/2
}

// paragraph writes a text over the whole width, and over pages.
func (s *sheet) paragraph(text string, st style) {
	if text == "" {
		return
	}
	for _, line := range s.wrap(text, s.right-s.left, st.size) {
		s.need(st.size * leading)
		s.y = s.lines([]string{line}, s.left, s.right, s.y, st)
	}
}

// gap leaves room below a block.
func (s *sheet) gap(h float64) { s.y += h }

// frame draws the edges of a cell.
func (s *sheet) frame(x, y, w, h float64) {
	s.page.Line(x, y, x+w, y, hair, thin)
	s.page.Line(x, y+h, x+w, y+h, hair, thin)
	s.page.Line(x, y, x, y+h, hair, thin)
	s.page.Line(x+w, y, x+w, y+h, hair, thin)
}
