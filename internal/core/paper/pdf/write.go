package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/guanxicrm/guanxi/internal/core/paper/face"
)

// writer numbers objects and notes where they begin.
type writer struct {
	out bytes.Buffer
	at  []int // of object n+1
}

// reserve gives the number of an object that is written later.
func (w *writer) reserve() int {
	w.at = append(w.at, 0)
	return len(w.at)
}

func (w *writer) object(n int, body string) int {
	if n == 0 {
		n = w.reserve()
	}
	w.at[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n%s\nendobj\n", n, body)
	return n
}

// stream writes an object with bytes that are deflated already.
func (w *writer) stream(dict string, packed []byte) int {
	n := w.reserve()
	w.at[n-1] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n<< %s /Filter /FlateDecode /Length %d >>\nstream\n", n, dict, len(packed))
	w.out.Write(packed)
	w.out.WriteString("\nendstream\nendobj\n")
	return n
}

// Bytes ends the document and gives it; the same document gives the same bytes.
func (d *Doc) Bytes(info Info) []byte {
	w := &writer{}
	w.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	catalog, tree := w.reserve(), w.reserve()
	var fonts, images strings.Builder
	for i, f := range d.fonts {
		if len(f.glyphs) > 1 {
			fmt.Fprintf(&fonts, "/F%d %d 0 R ", i, w.font(d.faces[i], f))
		}
	}
	numbers := make([]int, len(d.images))
	for i, im := range d.images {
		numbers[i] = w.image(im)
		fmt.Fprintf(&images, "/I%d %d 0 R ", i, numbers[i])
	}
	resources := w.object(0, fmt.Sprintf("<< /Font << %s>> /XObject << %s>> >>", fonts.String(), images.String()))
	var kids strings.Builder
	for _, p := range d.pages {
		content := w.stream("", deflate(p.out.Bytes()))
		n := w.object(0, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources %d 0 R /Contents %d 0 R >>",
			tree, num(p.Width), num(p.Height), resources, content))
		fmt.Fprintf(&kids, "%d 0 R ", n)
	}
	w.object(tree, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [ %s] >>", len(d.pages), kids.String()))
	w.object(catalog, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang %s /ViewerPreferences << /DisplayDocTitle true >> >>", tree, text(info.Language)))
	about := w.object(0, fmt.Sprintf("<< /Title %s /Author %s /Producer (Guanxi) /CreationDate (D:%sZ) >>",
		text(info.Title), text(info.Author), info.At.UTC().Format("20060102150405")))
	return w.end(catalog, about)
}

// end writes the table of objects and the trailer.
func (w *writer) end(catalog, about int) []byte {
	id := sha256.Sum256(w.out.Bytes())
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.at)+1)
	for _, at := range w.at {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.out, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(w.at)+1, catalog, about, id[:16], id[:16], start)
	return w.out.Bytes()
}

// font embeds what is used of a face (ISO 32000-1, 9.7 and 9.9): numbers of
// characters are those of the subset's glyphs, ToUnicode reads them back.
func (w *writer) font(f *face.Face, used *font) int {
	subset := f.Subset(used.glyphs)
	program := w.stream(fmt.Sprintf("/Length1 %d", len(subset)), deflate(subset))
	name := prefix(subset) + "+" + f.Name
	descriptor := w.object(0, fmt.Sprintf("<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle %d /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R >>",
		name, f.Box[0], f.Box[1], f.Box[2], f.Box[3], f.Italic, f.Ascent, f.Descent, f.CapHeight, program))
	var widths strings.Builder
	for _, g := range used.glyphs {
		fmt.Fprintf(&widths, "%d ", f.Advance(g))
	}
	cid := w.object(0, fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /DW 1000 /W [0 [ %s]] /CIDToGIDMap /Identity >>",
		name, descriptor, widths.String()))
	unicode := w.stream("", deflate(toUnicode(used.runes)))
	return w.object(0, fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>", name, cid, unicode))
}

// prefix is the six capitals that mark a subset, other ones for another subset.
func prefix(subset []byte) string {
	sum := sha256.Sum256(subset)
	b := make([]byte, 6)
	for i := range b {
		b[i] = 'A' + sum[i]%26
	}
	return string(b)
}

// mostPairs is how many pairs a block of a character map may hold.
const mostPairs = 100

func toUnicode(runes []rune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n")
	for from := 1; from < len(runes); from += mostPairs {
		to := min(from+mostPairs, len(runes))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "<%04x> <", i)
			for _, u := range utf16.Encode(runes[i : i+1]) {
				fmt.Fprintf(&b, "%04x", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
