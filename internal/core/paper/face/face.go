// Package face reads TrueType fonts and cuts out of them what a document uses.
// A font's bytes are read where they lie: a face costs no memory of its own.
package face

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Face is one font with TrueType outlines. It is not changed after Parse.
type Face struct {
	Name string // PostScript name, letters and digits only

	// Measures in thousandths of the font size.
	Ascent, Descent, CapHeight int
	Box                        [4]int // xMin, yMin, xMax, yMax of all glyphs
	Italic                     int    // degrees

	tables   map[string][]byte
	upem     int
	glyphs   int
	metrics  int // glyphs with an advance of their own
	longLoca bool
	segments []byte // of cmap, format 4 or 12
	format   uint16
}

// Parse reads a font, or the first one of a collection. Errors: outlines of
// another kind than TrueType's, a licence that forbids embedding (OS/2 fsType),
// a broken file.
func Parse(data []byte) (*Face, error) {
	at := uint32(0)
	if tag(data, 0) == "ttcf" {
		at = u32(data, 12)
	}
	switch version := u32(data, int(at)); {
	case tag(data, int(at)) == "OTTO":
		return nil, fmt.Errorf("the outlines are PostScript's, not TrueType's")
	case version != 0x00010000 && tag(data, int(at)) != "true":
		return nil, fmt.Errorf("not a TrueType font")
	}
	f := &Face{tables: map[string][]byte{}}
	for i := range int(u16(data, int(at)+4)) {
		entry := int(at) + 12 + 16*i
		off, size := u32(data, entry+8), u32(data, entry+12)
		if uint64(off)+uint64(size) > uint64(len(data)) {
			return nil, fmt.Errorf("table %q lies outside the file", tag(data, entry))
		}
		f.tables[tag(data, entry)] = data[off : off+size : off+size]
	}
	for _, want := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap"} {
		if len(f.tables[want]) == 0 {
			return nil, fmt.Errorf("table %q is missing", want)
		}
	}
	return f, f.read()
}

func (f *Face) read() error {
	head, hhea, os2 := f.tables["head"], f.tables["hhea"], f.tables["OS/2"]
	if f.upem = int(u16(head, 18)); f.upem == 0 || len(head) < 54 || len(hhea) < 36 || len(f.tables["maxp"]) < 6 {
		return fmt.Errorf("no measures")
	}
	for i := range f.Box {
		f.Box[i] = f.scaled(i16(head, 36+2*i))
	}
	f.longLoca = u16(head, 50) == 1
	f.glyphs, f.metrics = int(u16(f.tables["maxp"], 4)), int(u16(hhea, 34))
	if f.metrics == 0 || len(f.tables["hmtx"]) < 4*f.metrics {
		return fmt.Errorf("no widths")
	}
	f.Ascent, f.Descent = f.scaled(i16(hhea, 4)), f.scaled(i16(hhea, 6))
	f.CapHeight = f.Ascent * 7 / 10
	if len(os2) >= 10 {
		if u16(os2, 8)&0xf == 2 {
			return fmt.Errorf("its licence forbids embedding")
		}
		if u16(os2, 0) >= 2 && i16(os2, 88) > 0 {
			f.CapHeight = f.scaled(i16(os2, 88))
		}
	}
	f.Italic = int(i16(f.tables["post"], 4))
	f.Name = postScriptName(f.tables["name"])
	return f.readMap()
}

// readMap finds the best map from characters to glyphs: all of Unicode before
// its first plane.
func (f *Face) readMap() error {
	cmap := f.tables["cmap"]
	best := 0
	for i := range int(u16(cmap, 2)) {
		entry := 4 + 8*i
		platform, encoding, off := u16(cmap, entry), u16(cmap, entry+2), u32(cmap, entry+4)
		if uint64(off) >= uint64(len(cmap)) || platform != 0 && (platform != 3 || encoding != 1 && encoding != 10) {
			continue
		}
		format := u16(cmap, int(off))
		rank := map[uint16]int{4: 1, 12: 2}[format]
		if rank > best {
			best, f.format, f.segments = rank, format, cmap[off:]
		}
	}
	if best == 0 {
		return fmt.Errorf("no map of Unicode")
	}
	return nil
}

// Glyph gives the glyph of a character, 0 when the face has none.
func (f *Face) Glyph(r rune) uint16 {
	if f.format == 12 {
		return f.glyph12(uint32(r))
	}
	if r > 0xffff {
		return 0
	}
	return f.glyph4(uint16(r))
}

func (f *Face) glyph12(r uint32) uint16 {
	low, high := 0, int(u32(f.segments, 12))
	for low < high {
		mid := (low + high) / 2
		entry := 16 + 12*mid
		switch first, last := u32(f.segments, entry), u32(f.segments, entry+4); {
		case r < first:
			high = mid
		case r > last:
			low = mid + 1
		default:
			return f.known(u32(f.segments, entry+8) + r - first)
		}
	}
	return 0
}

func (f *Face) glyph4(r uint16) uint16 {
	s := f.segments
	n := int(u16(s, 6)) / 2
	low, high := 0, n
	for low < high {
		mid := (low + high) / 2
		if u16(s, 14+2*mid) < r {
			low = mid + 1
		} else {
			high = mid
		}
	}
	first := u16(s, 16+2*n+2*low)
	if low == n || r < first {
		return 0
	}
	delta, offset := u16(s, 16+4*n+2*low), u16(s, 16+6*n+2*low)
	if offset == 0 {
		return f.known(uint32(r + delta))
	}
	g := u16(s, 16+6*n+2*low+int(offset)+2*int(r-first))
	if g == 0 {
		return 0
	}
	return f.known(uint32(g + delta))
}

func (f *Face) known(g uint32) uint16 {
	if g >= uint32(f.glyphs) {
		return 0
	}
	return uint16(g)
}

// Advance is how far a glyph moves on, in thousandths of the font size.
func (f *Face) Advance(g uint16) int {
	at := min(int(g), f.metrics-1)
	return (int(u16(f.tables["hmtx"], 4*at))*1000 + f.upem/2) / f.upem
}

func (f *Face) scaled(n int16) int { return int(n) * 1000 / f.upem }

// outline gives the bytes of a glyph; none for one without ink.
func (f *Face) outline(g uint16) []byte {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	var from, to uint32
	if f.longLoca {
		from, to = u32(loca, 4*int(g)), u32(loca, 4*int(g)+4)
	} else {
		from, to = 2*uint32(u16(loca, 2*int(g))), 2*uint32(u16(loca, 2*int(g)+2))
	}
	if to <= from || uint64(to) > uint64(len(glyf)) || to-from < 10 {
		return nil
	}
	return glyf[from:to]
}

// postScriptName reads name 6, and makes one up where there is none.
func postScriptName(b []byte) string {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' {
				return r
			}
			return -1
		}, s)
	}
	storage := int(u16(b, 4))
	for i := range int(u16(b, 2)) {
		entry := 6 + 12*i
		from := storage + int(u16(b, entry+10))
		to := from + int(u16(b, entry+8))
		if u16(b, entry+6) != 6 || to > len(b) {
			continue
		}
		raw := b[from:to]
		name := clean(string(raw))
		if platform := u16(b, entry); platform == 0 || platform == 3 {
			wide := make([]uint16, len(raw)/2)
			for j := range wide {
				wide[j] = u16(raw, 2*j)
			}
			name = clean(string(utf16.Decode(wide)))
		}
		if name != "" {
			return name
		}
	}
	return "Font"
}

// What lies outside reads as zero: a broken font gives empty glyphs, never a panic.

func u16(b []byte, at int) uint16 {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return binary.BigEndian.Uint16(b[at:])
}

func i16(b []byte, at int) int16 { return int16(u16(b, at)) }

func u32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return binary.BigEndian.Uint32(b[at:])
}

func tag(b []byte, at int) string {
	if at < 0 || at+4 > len(b) {
		return ""
	}
	return string(b[at : at+4])
}
