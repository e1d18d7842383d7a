package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// xmlKind is the kind of a token.
type xmlKind uint8

const (
	xmlStart xmlKind = iota
	xmlEnd
	xmlText
)

// xmlScanner is a pull scanner for the XML of office files: five times as fast
// as encoding/xml and without anything that can be abused. There are no entity
// definitions and nothing is fetched, for a DOCTYPE is refused; depth and the
// size of a token are bounded. Names come without their prefix, since writers
// choose any.
type xmlScanner struct {
	r        io.Reader
	buf      []byte
	pos, end int
	eof      bool
	limit    int // bytes of one token

	name   []byte // of a start or end tag, valid until the next call
	attrs  []byte
	text   []byte // raw
	cdata  bool
	closed bool // the start tag closes itself; its end comes next
	open   []uint64
}

const maxXMLDepth = 64

// damaged is the error of a workbook that does not hold what it must.
func damaged(what string) *errs.Error {
	return invalid("error.xlsx_damaged", "part", what)
}

func newXMLScanner(r io.Reader, limit int) (*xmlScanner, error) {
	x := &xmlScanner{r: r, buf: make([]byte, 64<<10), limit: limit}
	for x.end < 4 && !x.eof {
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
	switch mark, n := bomOf(x.buf[:x.end]); mark {
	case UTF8:
		x.pos = n
	case UTF16LE, UTF16BE:
		rest := append([]byte(nil), x.buf[n:x.end]...)
		x.r = decode(io.MultiReader(bytes.NewReader(rest), r), mark)
		x.end, x.eof = 0, false
	}
	return x, nil
}

func (x *xmlScanner) fill() error {
	if x.pos > 0 {
		x.end = copy(x.buf, x.buf[x.pos:x.end])
		x.pos = 0
	}
	if x.end == len(x.buf) {
		if x.end > x.limit {
			return tooLarge(int64(x.limit))
		}
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	n, err := x.r.Read(x.buf[x.end:])
	x.end += n
	if errors.Is(err, io.EOF) {
		x.eof = true
		return nil
	}
	if err != nil {
		if e, ok := errors.AsType[*errs.Error](err); ok {
			return e
		}
		return damaged("zip").With(err)
	}
	return nil
}

// until makes sure that the token at pos holds mark behind skip bytes and
// gives where mark begins, counted from pos.
func (x *xmlScanner) until(skip int, mark string) (int, error) {
	from := skip
	for {
		data := x.buf[x.pos:x.end]
		if from < len(data) {
			if i := bytes.Index(data[from:], []byte(mark)); i >= 0 {
				return from + i, nil
			}
			from = max(skip, len(data)-len(mark)+1)
		}
		if x.eof {
			return 0, damaged("xml")
		}
		if err := x.fill(); err != nil {
			return 0, err
		}
	}
}

// next gives the next token; io.EOF behind the root's end.
func (x *xmlScanner) next() (xmlKind, error) {
	if x.closed {
		x.closed = false
		return xmlEnd, x.leave()
	}
	for {
		for x.pos == x.end {
			if x.eof {
				if len(x.open) > 0 {
					return 0, damaged("xml")
				}
				return 0, io.EOF
			}
			if err := x.fill(); err != nil {
				return 0, err
			}
		}
		if x.buf[x.pos] != '<' {
			return xmlText, x.characters()
		}
		kind, skipped, err := x.markup()
		if err != nil || !skipped {
			return kind, err
		}
	}
}

func (x *xmlScanner) characters() error {
	from := 0
	for {
		data := x.buf[x.pos:x.end]
		if i := bytes.IndexByte(data[from:], '<'); i >= 0 {
			x.take(from + i)
			return nil
		}
		from = len(data)
		if x.eof {
			x.take(from)
			return nil
		}
		if err := x.fill(); err != nil {
			return err
		}
	}
}

func (x *xmlScanner) take(n int) {
	x.text, x.cdata = x.buf[x.pos:x.pos+n], false
	x.pos += n
}

// markup reads what begins with <; comments and instructions are skipped.
func (x *xmlScanner) markup() (kind xmlKind, skipped bool, err error) {
	for x.end-x.pos < 9 && !x.eof {
		if err := x.fill(); err != nil {
			return 0, false, err
		}
	}
	data := x.buf[x.pos:x.end]
	switch {
	case bytes.HasPrefix(data, []byte("</")):
		return xmlEnd, false, x.endTag()
	case bytes.HasPrefix(data, []byte("<?")):
		n, err := x.until(2, "?>")
		if err == nil {
			err = checkXMLEncoding(x.buf[x.pos : x.pos+n])
			x.pos += n + 2
		}
		return 0, true, err
	case bytes.HasPrefix(data, []byte("<!--")):
		n, err := x.until(4, "-->")
		x.pos += n + 3
		return 0, true, err
	case bytes.HasPrefix(data, []byte("<![CDATA[")):
		n, err := x.until(9, "]]>")
		if err != nil {
			return 0, false, err
		}
		x.text, x.cdata = x.buf[x.pos+9:x.pos+n], true
		x.pos += n + 3
		return xmlText, false, nil
	case bytes.HasPrefix(data, []byte("<!")):
		return 0, false, invalid("error.xlsx_doctype")
	}
	return xmlStart, false, x.startTag()
}

// checkXMLEncoding refuses a declaration of another encoding than Unicode.
func checkXMLEncoding(decl []byte) error {
	i := bytes.Index(decl, []byte("encoding="))
	if !bytes.HasPrefix(decl, []byte("<?xml")) || i < 0 || i+10 > len(decl) {
		return nil
	}
	name := decl[i+10:]
	if j := bytes.IndexByte(name, decl[i+9]); j >= 0 {
		name = name[:j]
	}
	switch string(bytes.ToLower(name)) {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16":
		return nil
	}
	return damaged("encoding " + string(name))
}

func (x *xmlScanner) endTag() error {
	n, err := x.until(2, ">")
	if err != nil {
		return err
	}
	tag := bytes.TrimRight(x.buf[x.pos+2:x.pos+n], " \t\r\n")
	x.pos += n + 1
	if len(x.open) == 0 || x.open[len(x.open)-1] != nameKey(tag) {
		return damaged("xml")
	}
	x.name = local(tag)
	return x.leave()
}

func (x *xmlScanner) leave() error {
	x.open = x.open[:len(x.open)-1]
	return nil
}

func (x *xmlScanner) startTag() error {
	n, err := x.tagEnd()
	if err != nil {
		return err
	}
	tag := x.buf[x.pos+1 : x.pos+n]
	x.pos += n + 1
	if k := len(tag); k > 0 && tag[k-1] == '/' {
		tag, x.closed = tag[:k-1], true
	}
	i := 0
	for i < len(tag) && tag[i] > ' ' {
		i++
	}
	if i == 0 || len(x.open) >= maxXMLDepth {
		return damaged("xml")
	}
	x.open = append(x.open, nameKey(tag[:i]))
	x.name, x.attrs = local(tag[:i]), tag[i:]
	return nil
}

// tagEnd finds the > that is not inside an attribute's value.
func (x *xmlScanner) tagEnd() (int, error) {
	quote, i := byte(0), 1
	for {
		data := x.buf[x.pos:x.end]
		for ; i < len(data); i++ {
			switch c := data[i]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '>':
				return i, nil
			case c == '"' || c == '\'':
				quote = c
			case c == '<':
				return 0, damaged("xml")
			}
		}
		if x.eof {
			return 0, damaged("xml")
		}
		if err := x.fill(); err != nil {
			return 0, err
		}
	}
}

// nameKey tells names apart well enough to see that tags are nested rightly.
func nameKey(name []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range name {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

func local(name []byte) []byte {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == ':' {
			return name[i+1:]
		}
	}
	return name
}

// attr gives the raw value of an attribute by its name without prefix.
func (x *xmlScanner) attr(name string) ([]byte, bool) {
	a := x.attrs
	for {
		for len(a) > 0 && a[0] <= ' ' {
			a = a[1:]
		}
		eq := bytes.IndexByte(a, '=')
		if eq < 0 {
			return nil, false
		}
		key, rest := a[:eq], a[eq+1:]
		for len(key) > 0 && key[len(key)-1] <= ' ' {
			key = key[:len(key)-1]
		}
		for len(rest) > 0 && rest[0] <= ' ' {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return nil, false
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil, false
		}
		if string(local(key)) == name && !bytes.HasPrefix(key, []byte("xmlns")) {
			return rest[1 : 1+end], true
		}
		a = rest[end+2:]
	}
}

// attrText is attr with its entities resolved.
func (x *xmlScanner) attrText(name string) string {
	raw, _ := x.attr(name)
	b, err := appendXML(nil, raw, false)
	if err != nil {
		return string(raw)
	}
	return string(b)
}

// appendText appends the text of the current token, entities resolved and line
// ends as XML has them.
func (x *xmlScanner) appendText(b []byte) ([]byte, error) { return appendXML(b, x.text, x.cdata) }

// skip passes over the element whose start was just given.
func (x *xmlScanner) skip() error {
	depth := len(x.open)
	for {
		kind, err := x.next()
		if err != nil {
			return err
		}
		if kind == xmlEnd && len(x.open) < depth {
			return nil
		}
	}
}

func appendXML(b, raw []byte, cdata bool) ([]byte, error) {
	if !utf8.Valid(raw) {
		return b, damaged("utf-8")
	}
	if bytes.IndexByte(raw, '&') < 0 && bytes.IndexByte(raw, '\r') < 0 {
		return append(b, raw...), nil
	}
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			return append(b, raw...), nil
		}
		b = append(b, raw[:i]...)
		raw = raw[i:]
		if raw[0] == '\r' {
			b = append(b, '\n')
			raw = bytes.TrimPrefix(raw[1:], []byte{'\n'})
			continue
		}
		if cdata {
			b = append(b, '&')
			raw = raw[1:]
			continue
		}
		end := bytes.IndexByte(raw, ';')
		if end < 0 || end > 12 {
			return b, damaged("xml")
		}
		r, ok := entity(string(raw[1:end]))
		if !ok {
			return b, damaged("xml")
		}
		b = utf8.AppendRune(b, r)
		raw = raw[end+1:]
	}
	return b, nil
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !utf8.ValidRune(rune(n)) || n > utf8.MaxRune {
		return 0, false
	}
	return rune(n), true
}
