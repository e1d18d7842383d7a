package richtext

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// isRaw tells the elements whose content is no markup and never shown.
func isRaw(name string) bool {
	switch name {
	case "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "template", "object":
		return true
	}
	return false
}

// maxFrames is how many inline elements may be open; what is deeper changes no look.
const maxFrames = 64

// read makes blocks of any markup. It never fails: what is not understood is left out.
func read(markup string) *block {
	b := builder{root: &block{}}
	s := strings.ToValidUTF8(markup, "\ufffd")
	for s != "" {
		at := strings.IndexByte(s, '<')
		if at < 0 {
			b.text(unescape(s))
			break
		}
		if at > 0 {
			b.text(unescape(s[:at]))
			s = s[at:]
		}
		s = b.markup(s)
	}
	return b.done()
}

// markup takes what stands at the "<" that s begins with and gives what follows.
func (b *builder) markup(s string) string {
	switch {
	case strings.HasPrefix(s, "<!--"):
		_, rest, found := strings.Cut(s[4:], "-->")
		if !found {
			return ""
		}
		return rest
	case strings.HasPrefix(s, "<!"), strings.HasPrefix(s, "<?"):
		_, rest, _ := strings.Cut(s, ">")
		return rest
	case strings.HasPrefix(s, "</"):
		name, rest := tagName(s[2:])
		if name == "" {
			break
		}
		_, rest, _ = strings.Cut(rest, ">")
		b.end(name)
		return rest
	default:
		name, rest := tagName(s[1:])
		if name == "" {
			break
		}
		attrs, rest := attributes(rest)
		if isRaw(name) {
			return skipRaw(name, rest)
		}
		b.start(name, attrs)
		return rest
	}
	b.text("<")
	return s[1:]
}

// tagName reads a name of letters and figures, in small letters.
func tagName(s string) (name, rest string) {
	n := 0
	for n < len(s) && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && (s[n] >= '0' && s[n] <= '9' || s[n] == ':' || s[n] == '-')) {
		n++
	}
	return strings.ToLower(s[:n]), s[n:]
}

// attributes reads up to the ">" of a tag; of the values only those asked for
// later matter, so the first of two of the same name wins, as in browsers.
func attributes(s string) (attrs map[string]string, rest string) {
	for {
		s = strings.TrimLeft(s, " \t\r\n\f/")
		if s == "" || s[0] == '>' {
			return attrs, strings.TrimPrefix(s, ">")
		}
		n := 1
		for n < len(s) && strings.IndexByte(" \t\r\n\f/>=", s[n]) < 0 {
			n++
		}
		name, value := strings.ToLower(s[:n]), ""
		s = strings.TrimLeft(s[n:], " \t\r\n\f")
		if strings.HasPrefix(s, "=") {
			value, s = attributeValue(strings.TrimLeft(s[1:], " \t\r\n\f"))
		}
		if _, twice := attrs[name]; !twice && (name == "href" || name == "style" || name == "start") {
			if attrs == nil {
				attrs = map[string]string{}
			}
			attrs[name] = unescape(value)
		}
	}
}

func attributeValue(s string) (value, rest string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		value, rest, _ = strings.Cut(s[1:], s[:1])
		return value, rest
	}
	n := 0
	for n < len(s) && strings.IndexByte(" \t\r\n\f>", s[n]) < 0 {
		n++
	}
	return s[:n], s[n:]
}

// skipRaw goes behind the end tag of an element whose content is no markup.
func skipRaw(name, s string) string {
	for {
		at := strings.Index(s, "</")
		if at < 0 {
			return ""
		}
		s = s[at+2:]
		if found, rest := tagName(s); found == name {
			_, rest, _ = strings.Cut(rest, ">")
			return rest
		}
	}
}

// builder puts what is read into blocks.
type builder struct {
	root   *block
	open   []*block // lists, items and quotes that are open, outermost first
	para   *block
	frames []frame        // inline elements that are open
	lifted map[string]int // lists and quotes that stood too deep
	cells  int            // of the row that is open
	pre    int            // elements open in which line ends count
}

type frame struct {
	tag string
	set func(*look)
}

func (b *builder) start(name string, attrs map[string]string) {
	switch name {
	case "br":
		b.append("\n")
	case "hr":
		b.closePara()
		b.add(&block{tag: "hr"})
	case "p", "h1", "h2", "h3", "h4", "h5", "h6":
		b.closePara()
		b.openPara(heading(name))
	case "ul", "ol":
		b.openList(name, attrs["start"])
	case "li":
		b.closePara()
		b.popTo("li", "ul", "ol")
		if top := b.top(); top.tag == "ul" || top.tag == "ol" {
			b.push("li")
		}
	case "blockquote":
		b.closePara()
		b.push(name)
	case "tr":
		b.closePara()
		b.cells = 0
	case "td", "th":
		if b.cells > 0 && b.para != nil {
			b.append(" | ")
		}
		b.cells++
	default:
		if set := inline(name, attrs); set != nil {
			if len(b.frames) < maxFrames {
				b.frames = append(b.frames, frame{name, set})
			}
		} else if isBlock(name) {
			b.closePara()
			if name == "pre" {
				b.pre++
			}
		}
	}
}

func (b *builder) end(name string) {
	switch name {
	case "p":
		if b.para == nil {
			return
		}
		b.closePara()
	case "ul", "ol", "li", "blockquote":
		b.closePara()
		b.pop(name)
	case "br":
		b.append("\n")
	default:
		for i := len(b.frames) - 1; i >= 0; i-- {
			if b.frames[i].tag == name {
				b.frames = append(b.frames[:i:i], b.frames[i+1:]...)
				return
			}
		}
		if isBlock(name) || heading(name) != "p" {
			b.closePara()
			if name == "pre" && b.pre > 0 {
				b.pre--
			}
		}
	}
}

// heading gives the tag that a paragraph or heading is kept as.
func heading(name string) string {
	switch name {
	case "h1", "h2":
		return "h2"
	case "h3", "h4", "h5", "h6":
		return "h3"
	}
	return "p"
}

func isBlock(name string) bool {
	switch name {
	case "address", "article", "aside", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure",
		"footer", "form", "header", "html", "main", "nav", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "caption":
		return true
	}
	return false
}

// inline says how an element changes the look of what is in it; nil for those that do not.
func inline(name string, attrs map[string]string) func(*look) {
	switch name {
	case "a":
		href := SafeURL(attrs["href"])
		return func(l *look) { l.href = href }
	case "b", "strong", "i", "em", "u", "ins", "s", "del", "strike", "span", "font":
	default:
		return nil
	}
	style := styled(strings.ToLower(attrs["style"]))
	return func(l *look) {
		switch name {
		case "b", "strong":
			l.isStrong = true
		case "i", "em":
			l.isEm = true
		case "u", "ins":
			l.isUnder = true
		case "s", "del", "strike":
			l.isStruckOut = true
		}
		style(l)
	}
}

// styled reads what editors write instead of tags, once for all the text that
// is under it: a style is as long as its author likes.
func styled(style string) func(*look) {
	var strong, em *bool // nil = nothing said of it
	var under, struckOut bool
	for part := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(part, ":")
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		switch strings.TrimSpace(name) {
		case "font-weight":
			weight, err := strconv.Atoi(value)
			is := value == "bold" || value == "bolder" || err == nil && weight >= 600
			strong = &is
		case "font-style":
			is := value == "italic" || value == "oblique"
			em = &is
		case "text-decoration", "text-decoration-line":
			under = under || strings.Contains(value, "underline")
			struckOut = struckOut || strings.Contains(value, "line-through")
		}
	}
	return func(l *look) {
		if strong != nil {
			l.isStrong = *strong
		}
		if em != nil {
			l.isEm = *em
		}
		l.isUnder, l.isStruckOut = l.isUnder || under, l.isStruckOut || struckOut
	}
}

func (b *builder) top() *block {
	if len(b.open) == 0 {
		return b.root
	}
	return b.open[len(b.open)-1]
}

// add puts a block where it belongs: in a list only items stand.
func (b *builder) add(k *block) {
	if top := b.top(); top.tag == "ul" || top.tag == "ol" {
		if k.tag != "li" {
			b.pushBlock(&block{tag: "li"})
		}
	}
	top := b.top()
	top.kids = append(top.kids, k)
}

func (b *builder) push(tag string) { b.pushBlock(&block{tag: tag}) }

func (b *builder) pushBlock(k *block) {
	if len(b.open) >= 2*maxDepth && k.tag != "li" {
		if b.lifted == nil {
			b.lifted = map[string]int{}
		}
		b.lifted[k.tag]++
		return
	}
	b.add(k)
	b.open = append(b.open, k)
}

func (b *builder) openList(tag, start string) {
	b.closePara()
	list := &block{tag: tag}
	if n, err := strconv.Atoi(strings.TrimSpace(start)); tag == "ol" && err == nil && n > 1 && n < 1_000_000 {
		list.start = n
	}
	if top := b.top(); (top.tag == "ul" || top.tag == "ol") && len(top.kids) > 0 { // a list right in a list belongs to the item before
		b.open = append(b.open, top.kids[len(top.kids)-1])
	}
	b.pushBlock(list)
}

// pop closes the innermost open block of a kind with what is in it; nothing when there is none.
func (b *builder) pop(tag string) {
	if b.lifted[tag] > 0 {
		b.lifted[tag]--
		return
	}
	for i := len(b.open) - 1; i >= 0; i-- {
		if b.open[i].tag == tag {
			b.open = b.open[:i]
			return
		}
	}
}

// popTo closes the innermost tag, unless one of the others stands within it.
func (b *builder) popTo(tag string, others ...string) {
	for i := len(b.open) - 1; i >= 0; i-- {
		if b.open[i].tag == tag {
			b.open = b.open[:i]
			return
		}
		for _, other := range others {
			if b.open[i].tag == other {
				b.open = b.open[:i+1]
				return
			}
		}
	}
}

func (b *builder) openPara(tag string) {
	b.para = &block{tag: tag}
	b.add(b.para)
}

func (b *builder) closePara() {
	if b.para == nil {
		return
	}
	for n := len(b.para.runs); n > 0; n = len(b.para.runs) {
		last := &b.para.runs[n-1]
		if last.text = bytes.TrimRight(last.text, " \n"); len(last.text) > 0 {
			break
		}
		b.para.runs = b.para.runs[:n-1]
	}
	b.para = nil
}

// text adds text as a browser would show it: blanks and line ends are one blank.
func (b *builder) text(s string) {
	if b.para == nil && strings.Trim(s, " \t\r\n\f\ufeff") == "" {
		return
	}
	var out strings.Builder
	for _, c := range s {
		switch {
		case c == '\n' && b.pre > 0:
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			c = ' '
		case c < ' ' || c >= 0x7f && c < 0xa0 || c == 0xfeff:
			continue
		}
		out.WriteRune(c)
	}
	b.append(out.String())
}

// append adds text to the paragraph, "\n" for a line break; no blank follows
// another, begins a line or ends one.
func (b *builder) append(s string) {
	if b.para == nil {
		if strings.Trim(s, " ") == "" {
			return
		}
		b.openPara("p")
	}
	var l look
	for _, f := range b.frames {
		f.set(&l)
	}
	for _, c := range s {
		last := b.last()
		if c == ' ' && (last == 0 || last == ' ' || last == '\n') {
			continue
		}
		if c == '\n' && last == ' ' {
			b.unblank()
		}
		b.put(c, l)
	}
}

func (b *builder) last() rune {
	if n := len(b.para.runs); n > 0 {
		c, _ := utf8.DecodeLastRune(b.para.runs[n-1].text)
		return c
	}
	return 0
}

func (b *builder) unblank() {
	n := len(b.para.runs)
	last := &b.para.runs[n-1]
	if last.text = bytes.TrimSuffix(last.text, []byte(" ")); len(last.text) == 0 {
		b.para.runs = b.para.runs[:n-1]
	}
}

func (b *builder) put(c rune, l look) {
	if n := len(b.para.runs); n > 0 && b.para.runs[n-1].look == l {
		b.para.runs[n-1].text = utf8.AppendRune(b.para.runs[n-1].text, c)
		return
	}
	b.para.runs = append(b.para.runs, run{utf8.AppendRune(nil, c), l})
}

// done closes what is open and drops what is empty: only between paragraphs of
// the outermost level an empty one is a blank line.
func (b *builder) done() *block {
	b.closePara()
	b.root.prune()
	kids := b.root.kids
	for len(kids) > 0 && kids[0].isEmpty() {
		kids = kids[1:]
	}
	for len(kids) > 0 && kids[len(kids)-1].isEmpty() {
		kids = kids[:len(kids)-1]
	}
	b.root.kids = kids
	return b.root
}

func (k *block) isEmpty() bool { return k.tag != "hr" && len(k.runs) == 0 && len(k.kids) == 0 }

func (k *block) prune() {
	kept := k.kids[:0]
	for _, kid := range k.kids {
		kid.prune()
		if !kid.isEmpty() || k.tag == "" && kid.tag == "p" {
			kept = append(kept, kid)
		}
	}
	k.kids = kept
}
