package sheet

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// gb18030Writer encodes what is written to it, whole characters at a time. The
// library's encoder turns the private characters U+E000 to U+E864 into others;
// the user-defined ones of them are encoded here by the standard's rule, the
// rest are refused.
type gb18030Writer struct {
	w   io.Writer
	enc *encoding.Encoder
	buf []byte
}

func newGB18030Writer(w io.Writer) *gb18030Writer {
	return &gb18030Writer{w: w, enc: simplifiedchinese.GB18030.NewEncoder()}
}

func (g *gb18030Writer) Write(p []byte) (int, error) {
	g.buf = g.buf[:0]
	for rest := p; len(rest) > 0; {
		n := bytes.IndexByte(rest, 0xee) // leads U+E000 to U+EFFF
		if n < 0 {
			n = len(rest)
		}
		if n > 0 {
			out, err := g.enc.Bytes(rest[:n])
			if err != nil {
				return 0, err
			}
			g.buf = append(g.buf, out...)
			rest = rest[n:]
			continue
		}
		r, size := utf8.DecodeRune(rest)
		code, err := g.private(r)
		if err != nil {
			return 0, err
		}
		g.buf = append(g.buf, code...)
		rest = rest[size:]
	}
	if _, err := g.w.Write(g.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (g *gb18030Writer) private(r rune) ([]byte, error) {
	if lead, trail, ok := userDefined(r); ok {
		return []byte{lead, trail}, nil
	}
	out, err := g.enc.Bytes([]byte(string(r)))
	if err != nil {
		return nil, err
	}
	if back, err := simplifiedchinese.GB18030.NewDecoder().Bytes(out); err != nil || string(back) != string(r) {
		return nil, invalid("error.sheet_encoding_char", "char", fmt.Sprintf("%U", r))
	}
	return out, nil
}

// userBlock is one of the three user-defined areas of GBK (GB 18030, 5.3).
type userBlock struct {
	first       rune
	lead, count int
	low         bool // trails 40 to A0 but 7F, else A1 to FE
}

func userBlocks() [3]userBlock {
	return [3]userBlock{
		{first: 0xe000, lead: 0xaa, count: 6 * 94},
		{first: 0xe234, lead: 0xf8, count: 7 * 94},
		{first: 0xe4c6, lead: 0xa1, count: 7 * 96, low: true},
	}
}

// userDefined is the place of a user-defined character.
func userDefined(r rune) (lead, trail byte, ok bool) {
	for _, b := range userBlocks() {
		n := int(r - b.first)
		if n < 0 || n >= b.count {
			continue
		}
		if !b.low {
			return byte(b.lead + n/94), byte(0xa1 + n%94), true
		}
		trail := 0x40 + n%96
		if trail >= 0x7f {
			trail++
		}
		return byte(b.lead + n/96), byte(trail), true
	}
	return 0, 0, false
}

const (
	gbTrails = 0xff - 0x40
	gbLeads  = 0xff - 0x81
)

// gb18030Reader decodes GB18030 and with it GBK and GB2312. The library's
// decoder replaces what it cannot read, so that nobody could tell; this one
// gives an invalid byte there, at which utf8Check stops. Two-byte characters
// come from a table made of the library's.
type gb18030Reader struct {
	r    io.Reader
	pair []uint16 // [lead-0x81][trail-0x40], 0 = not assigned
	raw  [32 << 10]byte
	n    int
	out  []byte
	at   int
	done error
}

func newGB18030Reader(r io.Reader) *gb18030Reader {
	return &gb18030Reader{r: r, pair: gbTable(), out: make([]byte, 0, 64<<10)}
}

// gbTable decodes every pair on a line of its own.
func gbTable() []uint16 {
	src := make([]byte, 0, gbLeads*gbTrails*3)
	for lead := 0x81; lead < 0xff; lead++ {
		for trail := 0x40; trail < 0xff; trail++ {
			src = append(src, byte(lead), byte(trail), '\n')
		}
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(src)
	if err != nil {
		return make([]uint16, gbLeads*gbTrails)
	}
	table := make([]uint16, 0, gbLeads*gbTrails)
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n')
		r, size := utf8.DecodeRune(text[:end])
		if size != end || r == utf8.RuneError || r > 0xffff {
			r = 0
		}
		table = append(table, uint16(r))
		text = text[end+1:]
	}
	for _, b := range userBlocks() {
		for r := b.first; r < b.first+rune(b.count); r++ {
			lead, trail, _ := userDefined(r)
			table[int(lead-0x81)*gbTrails+int(trail-0x40)] = uint16(r)
		}
	}
	return table
}

func (g *gb18030Reader) Read(p []byte) (int, error) {
	for g.at == len(g.out) {
		if g.done != nil {
			return 0, g.done
		}
		m, err := g.r.Read(g.raw[g.n:])
		g.n += m
		g.done = err
		g.convert(err != nil)
	}
	n := copy(p, g.out[g.at:])
	g.at += n
	return n, nil
}

func (g *gb18030Reader) convert(last bool) {
	out, i := g.out[:0], 0
	for i < g.n {
		c := g.raw[i]
		if c < 0x80 {
			j := i + 1
			for j < g.n && g.raw[j] < 0x80 {
				j++
			}
			out = append(out, g.raw[i:j]...)
			i = j
			continue
		}
		r, size := g.char(g.raw[i:g.n])
		if size == 0 && !last {
			break
		}
		if r == utf8.RuneError && size <= 1 {
			out = append(out, 0xff)
			i = g.n
			g.done = io.EOF
			break
		}
		out = utf8.AppendRune(out, r)
		i += size
	}
	g.n = copy(g.raw[:], g.raw[i:g.n])
	g.out, g.at = out, 0
}

// char decodes the character at the start of b. Size 0 asks for more bytes;
// RuneError with size 1 is an invalid one.
func (g *gb18030Reader) char(b []byte) (r rune, size int) {
	c := b[0]
	switch {
	case c == 0x80:
		return '€', 1 // code page 936
	case c == 0xff:
		return utf8.RuneError, 1
	case len(b) < 2:
		return utf8.RuneError, 0
	case b[1] >= 0x40 && b[1] < 0xff:
		if r := g.pair[int(c-0x81)*gbTrails+int(b[1]-0x40)]; r != 0 {
			return rune(r), 2
		}
		return utf8.RuneError, 1
	case b[1] < 0x30 || b[1] > 0x39:
		return utf8.RuneError, 1
	case len(b) < 4:
		return utf8.RuneError, 0
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b[:4])
	r, size = utf8.DecodeRune(text)
	if err != nil || size != len(text) || r == utf8.RuneError && !bytes.Equal(b[:4], []byte("\x84\x31\xa4\x37")) {
		return utf8.RuneError, 1
	}
	return r, 4
}
