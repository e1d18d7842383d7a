// Package pdf writes PDF documents: text in embedded subsets of fonts that can
// be read back, lines, areas and pictures. A point is 1/72 inch; a page's origin
// is its upper left corner.
package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/guanxicrm/guanxi/internal/core/paper/face"
)

// Color is 0xRRGGBB.
type Color uint32

// Info is what a document says of itself.
type Info struct {
	Title, Author string
	Language      string // of BCP 47
	At            time.Time
}

// Doc is a document while it is written.
type Doc struct {
	faces  []*face.Face
	fonts  []*font // beside faces
	chars  map[rune]char
	pages  []*Page
	images []*Image
}

// char is where a character stands.
type char struct {
	font  int
	glyph uint16
	width float64 // in thousandths of the size
}

// font is what a document uses of a face.
type font struct {
	cids   map[rune]uint16
	glyphs []uint16 // of the face, by number in the document
	runes  []rune
}

// Page is one page.
type Page struct {
	doc           *Doc
	Width, Height float64
	out           bytes.Buffer
	fill          Color
	images        []int
}

// New begins a document; a character is written in the first face that has it.
func New(faces []*face.Face) *Doc {
	d := &Doc{faces: faces, chars: map[rune]char{}}
	for range faces {
		d.fonts = append(d.fonts, &font{cids: map[rune]uint16{}, glyphs: []uint16{0}, runes: []rune{0}})
	}
	return d
}

// AddPage begins a new page.
func (d *Doc) AddPage(width, height float64) *Page {
	p := &Page{doc: d, Width: width, Height: height}
	d.pages = append(d.pages, p)
	return p
}

// Pages are the pages so far.
func (d *Doc) Pages() []*Page { return d.pages }

func (d *Doc) char(r rune) char {
	c, ok := d.chars[r]
	if ok {
		return c
	}
	for i, f := range d.faces {
		if g := f.Glyph(r); g != 0 {
			c = char{font: i, glyph: g}
			break
		}
	}
	c.width = float64(d.faces[c.font].Advance(c.glyph))
	d.chars[r] = c
	return c
}

// Width is how wide a text is in a size.
func (d *Doc) Width(s string, size float64) (w float64) {
	for _, r := range s {
		w += d.char(r).width
	}
	return w * size / 1000
}

// RuneWidth is how wide a character is in a size.
func (d *Doc) RuneWidth(r rune, size float64) float64 { return d.char(r).width * size / 1000 }

// Ascent is how far letters reach above the line they stand on, for a size.
func (d *Doc) Ascent(size float64) float64 { return float64(d.faces[0].CapHeight) * size / 1000 }

// Text writes a line that stands on y. Bold letters are drawn with an edge of
// their own colour: one weight of a Chinese font is large enough.
func (p *Page) Text(x, y, size float64, color Color, bold bool, s string) {
	if s == "" {
		return
	}
	p.color(color)
	b := &p.out
	b.WriteString("BT ")
	if bold {
		fmt.Fprintf(b, "2 Tr %s w %s RG ", num(size*0.028), rgb(color))
	}
	b.WriteString("1 0 0 1 " + num(x) + " " + num(p.Height-y) + " Tm ")
	current := -1
	for _, r := range s {
		c := p.doc.char(r)
		if c.font != current {
			if current >= 0 {
				b.WriteString("> Tj ")
			}
			b.WriteString("/F" + strconv.Itoa(c.font) + " " + num(size) + " Tf <")
			current = c.font
		}
		fmt.Fprintf(b, "%04x", p.doc.fonts[c.font].cid(r, c.glyph))
	}
	b.WriteString("> Tj ")
	if bold {
		b.WriteString("0 Tr ")
	}
	b.WriteString("ET\n")
}

// cid gives a character a number in the document: one for each character, also
// where two share a glyph, so that what is read back is what was written.
func (f *font) cid(r rune, glyph uint16) uint16 {
	if n, ok := f.cids[r]; ok {
		return n
	}
	n := uint16(len(f.glyphs))
	f.cids[r] = n
	f.glyphs, f.runes = append(f.glyphs, glyph), append(f.runes, r)
	return n
}

// Line draws a line of a width.
func (p *Page) Line(x1, y1, x2, y2, width float64, color Color) {
	fmt.Fprintf(&p.out, "%s RG %s w %s %s m %s %s l S\n", rgb(color), num(width), num(x1), num(p.Height-y1), num(x2), num(p.Height-y2))
}

// Fill draws an area.
func (p *Page) Fill(x, y, w, h float64, color Color) {
	p.color(color)
	fmt.Fprintf(&p.out, "%s %s %s %s re f\n", num(x), num(p.Height-y-h), num(w), num(h))
}

// Draw places a picture.
func (p *Page) Draw(im *Image, x, y, w, h float64) {
	at := slices.Index(p.doc.images, im)
	if at < 0 {
		at = len(p.doc.images)
		p.doc.images = append(p.doc.images, im)
	}
	if !slices.Contains(p.images, at) {
		p.images = append(p.images, at)
	}
	fmt.Fprintf(&p.out, "q %s 0 0 %s %s %s cm /I%d Do Q\n", num(w), num(h), num(x), num(p.Height-y-h), at)
}

// color sets the colour of letters and areas; a page begins black.
func (p *Page) color(c Color) {
	if c != p.fill {
		p.fill = c
		p.out.WriteString(rgb(c) + " rg\n")
	}
}

func rgb(c Color) string {
	part := func(n Color) string { return num(float64(n&0xff) / 255) }
	return part(c>>16) + " " + part(c>>8) + " " + part(c)
}

// num writes a number with at most three digits behind the point.
func num(f float64) string {
	b := strconv.AppendFloat(nil, f, 'f', 3, 64)
	b = bytes.TrimRight(b, "0")
	b = bytes.TrimRight(b, ".")
	if len(b) == 0 || string(b) == "-" || string(b) == "-0" {
		return "0"
	}
	return string(b)
}

// text writes a text of a dictionary: UTF-16 in hexadecimal.
func text(s string) string {
	b := []byte("<feff")
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04x", u)
	}
	return string(append(b, '>'))
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}
