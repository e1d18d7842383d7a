package face

import (
	"encoding/binary"
	"slices"
)

// Flags of a part of a composite glyph (OpenType, glyf).
const (
	wideArguments    = 0x0001
	oneScale         = 0x0008
	moreParts        = 0x0020
	twoScales        = 0x0040
	fourScales       = 0x0080
	haveInstructions = 0x0100
)

// Subset makes a font of the given glyphs, which get the numbers 0, 1, 2 … in
// this order; parts of composite ones come behind. Hints are left out: paper
// has pixels enough.
func (f *Face) Subset(glyphs []uint16) []byte {
	list := slices.Clone(glyphs)
	number := make(map[uint16]uint16, len(list))
	for i, g := range list {
		if _, double := number[g]; !double {
			number[g] = uint16(i)
		}
	}
	var glyf []byte
	var loca []uint32
	for i := 0; i < len(list); i++ {
		loca = append(loca, uint32(len(glyf)))
		out := f.outline(list[i])
		switch {
		case len(out) == 0:
		case i16(out, 0) >= 0:
			glyf = append(glyf, unhinted(out)...)
		default:
			glyf = append(glyf, f.composite(out, number, &list)...)
		}
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = append(loca, uint32(len(glyf)))
	return f.assemble(list, glyf, loca)
}

// unhinted is a simple glyph without its instructions.
func unhinted(out []byte) []byte {
	at := 10 + 2*int(i16(out, 0))
	n := int(u16(out, at))
	if n == 0 || at+2+n > len(out) {
		return out
	}
	b := slices.Clone(out[:at])
	return append(append(b, 0, 0), out[at+2+n:]...)
}

// composite is a glyph of parts, with the parts' new numbers.
func (f *Face) composite(out []byte, number map[uint16]uint16, list *[]uint16) []byte {
	b := slices.Clone(out)
	at := 10
	for at+4 <= len(b) {
		flags, part := u16(b, at), u16(b, at+2)
		to, ok := number[part]
		if !ok && len(*list) < 0xffff {
			to = uint16(len(*list))
			number[part] = to
			*list = append(*list, part)
		}
		binary.BigEndian.PutUint16(b[at:], flags&^haveInstructions)
		binary.BigEndian.PutUint16(b[at+2:], to)
		at += 6
		if flags&wideArguments != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&fourScales != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			break
		}
	}
	return b[:min(at, len(b))]
}

// assemble writes the tables that a font in a document needs.
func (f *Face) assemble(list []uint16, glyf []byte, loca []uint32) []byte {
	be := binary.BigEndian
	head, hhea, maxp := slices.Clone(f.tables["head"]), slices.Clone(f.tables["hhea"]), slices.Clone(f.tables["maxp"])
	be.PutUint32(head[8:], 0)
	be.PutUint16(head[50:], 1)
	be.PutUint16(hhea[34:], uint16(len(list)))
	be.PutUint16(maxp[4:], uint16(len(list)))
	hmtx := make([]byte, 0, 4*len(list))
	from := f.tables["hmtx"]
	for _, g := range list {
		at := min(int(g), f.metrics-1)
		hmtx = be.AppendUint16(hmtx, u16(from, 4*at))
		if int(g) < f.metrics {
			hmtx = be.AppendUint16(hmtx, u16(from, 4*at+2))
		} else {
			hmtx = be.AppendUint16(hmtx, u16(from, 4*f.metrics+2*(int(g)-f.metrics)))
		}
	}
	long := make([]byte, 0, 4*len(loca))
	for _, n := range loca {
		long = be.AppendUint32(long, n)
	}
	return file([]table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", long}, {"maxp", maxp}})
}

type table struct {
	tag  string
	data []byte
}

// file puts tables, sorted by tag, into a font file with its checksums.
func file(tables []table) []byte {
	be := binary.BigEndian
	n, power, log := len(tables), 1, 0
	for 2*power <= n {
		power, log = 2*power, log+1
	}
	out := be.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, 16 * power, log, 16 * (n - power)} {
		out = be.AppendUint16(out, uint16(v))
	}
	at, headAt := len(out)+16*n, 0
	for _, t := range tables {
		out = append(out, t.tag...)
		for _, v := range []uint32{sum(t.data), uint32(at), uint32(len(t.data))} {
			out = be.AppendUint32(out, v)
		}
		if t.tag == "head" {
			headAt = at
		}
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	be.PutUint32(out[headAt+8:], 0xb1b0afba-sum(out))
	return out
}

func sum(b []byte) (n uint32) {
	for i := 0; i < len(b); i += 4 {
		var word [4]byte
		copy(word[:], b[i:])
		n += binary.BigEndian.Uint32(word[:])
	}
	return n
}
