package face

import (
	"bytes"
	"testing"
)

func installed(t testing.TB) *Face {
	t.Helper()
	faces, from, err := Find()
	if err != nil {
		t.Fatalf("scripts/setup-test.sh installs a font: %v", err)
	}
	t.Logf("%s from %s", faces[0].Name, from)
	return faces[0]
}

// A subset has the outlines and widths of what was asked for, under new numbers,
// with the parts of composite glyphs behind.
func TestSubset(t *testing.T) {
	t.Parallel()
	f := installed(t)
	glyphs := []uint16{0}
	for _, r := range "中A，É€" {
		g := f.Glyph(r)
		if g == 0 {
			t.Fatalf("no %q", r)
		}
		glyphs = append(glyphs, g)
	}
	raw := f.Subset(glyphs)
	// What PDF readers need is less than what Parse asks for.
	sub := &Face{tables: map[string][]byte{}}
	for i := range int(u16(raw, 4)) {
		at := 12 + 16*i
		sub.tables[tag(raw, at)] = raw[u32(raw, at+8) : u32(raw, at+8)+u32(raw, at+12)]
		if got := sum(sub.tables[tag(raw, at)]); got != u32(raw, at+4) && tag(raw, at) != "head" {
			t.Errorf("checksum of %s", tag(raw, at))
		}
	}
	sub.upem, sub.longLoca = int(u16(sub.tables["head"], 18)), true
	sub.glyphs, sub.metrics = int(u16(sub.tables["maxp"], 4)), int(u16(sub.tables["hhea"], 34))
	if sub.glyphs < len(glyphs) || sub.glyphs > len(glyphs)+8 || sum(raw) != 0xb1b0afba {
		t.Errorf("%d glyphs, sum %x", sub.glyphs, sum(raw))
	}
	for i, g := range glyphs {
		n := uint16(i)
		if sub.Advance(n) != f.Advance(g) {
			t.Errorf("glyph %d: width %d, want %d", i, sub.Advance(n), f.Advance(g))
		}
		was, is := f.outline(g), sub.outline(n)
		if len(was) > 0 && (len(is) == 0 || !bytes.Equal(was[:10], is[:10])) {
			t.Errorf("glyph %d: another outline", i)
		}
	}
	if len(raw) > 8000 {
		t.Errorf("%d bytes for %d glyphs", len(raw), len(glyphs))
	}
}

func TestOddFonts(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"nothing": nil, "a text": []byte("hello, this is no font at all"), "PostScript outlines": []byte("OTTO\x00\x00\x00\x00\x00\x00\x00\x00"),
		"no tables": {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "a table outside": append([]byte{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, []byte("glyf\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\xff\xff")...)} {
		if _, err := Parse(data); err == nil {
			t.Errorf("%s is taken for a font", name)
		}
	}
}

// Whatever a file says, reading it and cutting it down does not fail.
func FuzzParse(f *testing.F) {
	whole := installed(f)
	raw := whole.Subset([]uint16{0, whole.Glyph('中'), whole.Glyph('É')})
	f.Add(raw, 'A')
	f.Add(append([]byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x10"), raw...), '中')
	f.Fuzz(func(t *testing.T, data []byte, r rune) {
		face, err := Parse(data)
		if err != nil {
			face = &Face{tables: map[string][]byte{"glyf": data, "loca": data, "hmtx": data, "head": make([]byte, 54), "hhea": make([]byte, 36), "maxp": make([]byte, 6)},
				upem: 1000, metrics: 1, glyphs: 4, segments: data, format: 4}
		}
		g := face.Glyph(r)
		if out := face.Subset([]uint16{0, g, 1, 2}); len(out) == 0 {
			t.Error("nothing")
		}
	})
}
