// Package richtext keeps formatted text safe: whatever markup comes in, from a
// page, a program, a file or an attacker, one small canonical HTML comes out. It
// has paragraphs, two headings, lists, quotes, lines, bold, italic, underline,
// strike and links; nothing else survives, and the same text is always written
// in the same way. web/src/lib/richtext reads and writes the same form;
// testdata/vectors.json holds both to it.
package richtext

import (
	"bytes"
	"html"
	"strconv"
	"strings"
)

// maxDepth is how deep lists and quotes may stand in one another; what is deeper
// is lifted to the deepest.
const maxDepth = 8

// block is a paragraph or heading (runs), a list, item or quote (kids), or a line.
type block struct {
	tag   string // p h2 h3 ul ol li blockquote hr
	start int    // ol: its first number when that is not 1
	runs  []run
	kids  []*block
}

// run is text of one look; a line break is "\n" in it.
type run struct {
	text []byte
	look look
}

// look is how a run is shown.
type look struct {
	href                                 string
	isStrong, isEm, isUnder, isStruckOut bool
}

// Clean gives the canonical form of any markup: "" when it holds no text.
// Clean(Clean(s)) == Clean(s) for every s.
func Clean(markup string) string {
	return write(read(markup))
}

// FromText gives the canonical form of plain text: each line is a paragraph.
func FromText(text string) string {
	b := builder{root: &block{}}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		b.openPara("p")
		b.text(line)
		b.closePara()
	}
	return write(b.done())
}

// Read takes what a person, a file or a program wrote: markup when it begins
// with a tag, else plain text.
func Read(s string) string {
	if IsMarkup(s) {
		return Clean(s)
	}
	return FromText(s)
}

// Text is the form that Read reads back: plain text where nothing is lost by
// it, else the canonical markup.
func Text(canonical string) string {
	root := read(canonical)
	for _, kid := range root.kids {
		if kid.tag != "p" || len(kid.runs) > 1 || len(kid.runs) == 1 && (kid.runs[0].look != look{} || bytes.IndexByte(kid.runs[0].text, '\n') >= 0) {
			return canonical
		}
	}
	if text := plain(root); !IsMarkup(text) {
		return text
	}
	return canonical
}

// Plain is the text without its looks, for search, lists and print: a line for
// each paragraph, items with their marks.
func Plain(canonical string) string { return plain(read(canonical)) }

// IsMarkup says whether a text begins with a tag that HTML knows, or a comment.
func IsMarkup(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n\f\ufeff")
	if !strings.HasPrefix(s, "<") {
		return false
	}
	if strings.HasPrefix(s, "<!--") || len(s) > 9 && strings.EqualFold(s[:9], "<!doctype") {
		return true
	}
	name, rest := tagName(s[1:])
	return known(name) && rest != "" && strings.IndexByte(" \t\r\n\f/>", rest[0]) >= 0
}

// known says whether a text that begins with a tag of this name is markup.
func known(name string) bool {
	switch name {
	case "a", "b", "br", "del", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "ins", "li", "meta", "ol", "p",
		"s", "script", "span", "strike", "strong", "style", "sub", "sup", "td", "th", "title", "u", "ul", "blockquote":
		return true
	}
	return isBlock(name)
}

func write(root *block) string {
	var b strings.Builder
	for _, kid := range root.kids {
		kid.write(&b)
	}
	return b.String()
}

func (k *block) write(b *strings.Builder) {
	b.WriteByte('<')
	b.WriteString(k.tag)
	if k.start != 0 {
		b.WriteString(` start="` + strconv.Itoa(k.start) + `"`)
	}
	b.WriteByte('>')
	if k.tag == "hr" {
		return
	}
	writeRuns(b, k.runs)
	for _, kid := range k.kids {
		kid.write(b)
	}
	b.WriteString("</" + k.tag + ">")
}

// tags are what a look is written with, outermost first. link is the tag of its href.
func (l look) tags(link string) []string {
	var out []string
	if l.href != "" {
		out = append(out, link)
	}
	for _, t := range [...]struct {
		on  bool
		tag string
	}{{l.isStrong, "strong"}, {l.isEm, "em"}, {l.isUnder, "u"}, {l.isStruckOut, "s"}} {
		if t.on {
			out = append(out, t.tag)
		}
	}
	return out
}

// writeRuns keeps open what the next run has too, so that a look goes on over runs.
func writeRuns(b *strings.Builder, runs []run) {
	var open []string
	shut := func(to int) {
		for i := len(open) - 1; i >= to; i-- {
			name, _, _ := strings.Cut(open[i], " ")
			b.WriteString("</" + name + ">")
		}
		open = open[:to]
	}
	href, link := "", ""
	for _, r := range runs {
		if r.look.href != href { // an address is as long as its author likes: not anew for each run
			href, link = r.look.href, `a href="`+escape(r.look.href)+`"`
		}
		want := r.look.tags(link)
		same := 0
		for same < len(open) && same < len(want) && open[same] == want[same] {
			same++
		}
		shut(same)
		for _, tag := range want[same:] {
			b.WriteString("<" + tag + ">")
			open = append(open, tag)
		}
		b.WriteString(strings.ReplaceAll(escape(string(r.text)), "\n", "<br>"))
	}
	shut(0)
}

// escaper is costly to make and never changes.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(s string) string { return escaper.Replace(s) }

func plain(root *block) string {
	var lines []string
	for _, kid := range root.kids {
		lines = kid.lines(lines)
	}
	return strings.Join(lines, "\n")
}

func (k *block) lines(dst []string) []string {
	switch k.tag {
	case "hr":
		return append(dst, "———")
	case "ul", "ol":
		for i, item := range k.kids {
			mark := "• "
			if k.tag == "ol" {
				mark = strconv.Itoa(max(k.start, 1)+i) + ". "
			}
			for j, line := range item.lines(nil) {
				if j > 0 {
					mark = strings.Repeat(" ", len([]rune(mark)))
				}
				dst = append(dst, mark+line)
			}
		}
		return dst
	case "li", "blockquote":
		for _, kid := range k.kids {
			dst = kid.lines(dst)
		}
		return dst
	}
	var b strings.Builder
	for _, r := range k.runs {
		b.Write(r.text)
	}
	return append(dst, strings.Split(b.String(), "\n")...)
}

// SafeURL gives an address as a link may carry it: to a web page, a mail
// address, a telephone, or a place of this page ("/crm/customer/…"); "" for
// every other scheme and for what only looks like one of these.
func SafeURL(s string) string {
	s = strings.Trim(s, " \t\r\n\f")
	for _, c := range s {
		if c <= ' ' || c == 0x7f || c == '\\' || c >= 0x80 && c < 0xa0 || c == 0xfffd {
			return ""
		}
	}
	if strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") {
		return s
	}
	scheme, rest, found := strings.Cut(s, ":")
	if !found || rest == "" {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "http", "https":
		if host := strings.TrimPrefix(rest, "//"); host == rest || strings.TrimLeft(host, "/?#") != host || host == "" {
			return ""
		}
		return s
	case "mailto", "tel":
		return s
	}
	return ""
}

func unescape(s string) string { return html.UnescapeString(s) }
