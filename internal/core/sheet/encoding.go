package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/transform"
)

// Names of encodings as Info gives them.
const (
	UTF8        = "utf-8"
	UTF8BOM     = "utf-8-bom" // for writing: with a byte order mark, as Excel needs it
	GB18030     = "gb18030"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Big5        = "big5"
	Windows1252 = "windows-1252"
)

// bytesError is what a decoder says at bytes that its encoding does not have.
// Everything before them has been given.
type bytesError struct{ nul bool }

func (bytesError) Error() string { return "bytes outside the encoding" }

// canonicalEncoding gives the name of an encoding by its usual spellings, "" for auto.
func canonicalEncoding(name string) (string, error) {
	switch strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-") {
	case "", "auto":
		return "", nil
	case "utf-8", "utf8", "utf-8-bom", "utf-8-sig", "ascii", "us-ascii":
		return UTF8, nil
	case "gb18030", "gbk", "gb2312", "cp936", "windows-936", "ansi":
		return GB18030, nil
	case "utf-16le", "utf-16", "utf16", "utf16le", "unicode":
		return UTF16LE, nil
	case "utf-16be", "utf16be":
		return UTF16BE, nil
	case "big5", "big5-hkscs", "cp950", "windows-950":
		return Big5, nil
	case "windows-1252", "cp1252", "iso-8859-1", "latin1", "latin-1":
		return Windows1252, nil
	}
	return "", invalid("error.sheet_encoding_name", "name", name)
}

// bomOf tells the encoding by its byte order mark.
func bomOf(head []byte) (name string, length int) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return UTF8, 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return UTF16BE, 2
	}
	return "", 0
}

// detectEncoding reads the whole file: one GB18030 name in line 900,000 of an
// otherwise plain file must not be lost. UTF-8 wins when every byte fits it.
func detectEncoding(r io.ReaderAt, size int64) (string, error) {
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", readError(err)
	}
	if name := utf16Pattern(head); name != "" {
		return name, nil
	}
	valid, err := allUTF8(io.NewSectionReader(r, 0, size))
	if err != nil || valid {
		return UTF8, err
	}
	return guessLegacy(io.NewSectionReader(r, 0, size))
}

// utf16Pattern tells UTF-16 without a mark: plain letters, separators and
// line ends leave every other byte 0.
func utf16Pattern(head []byte) string {
	var even, odd int
	for i, b := range head {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	switch n := len(head) / 2; {
	case odd*4 > n && even == 0:
		return UTF16LE
	case even*4 > n && odd == 0:
		return UTF16BE
	}
	return ""
}

func allUTF8(r io.Reader) (bool, error) {
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		n += kept
		whole := wholeRunes(buf[:n])
		if !utf8.Valid(buf[:whole]) {
			return false, nil
		}
		kept = copy(buf, buf[whole:n])
		if errors.Is(err, io.EOF) {
			return kept == 0, nil
		}
		if err != nil {
			return false, readError(err)
		}
	}
}

// wholeRunes is how many bytes of b hold no rune cut off at the end.
func wholeRunes(b []byte) int {
	for i := 1; i <= 3 && i <= len(b); i++ {
		c := b[len(b)-i]
		if utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return len(b) - i
			}
			break
		}
	}
	return len(b)
}

// legacyStats are what tells the two-byte encodings from one another.
type legacyStats struct {
	pairs, lowTrail, oldLead, big5Common int
	runs, singles                        int // runs of bytes ≥ 0x80, those of length 1
}

// guessLegacy chooses among GB18030, Big5 and Windows-1252. Big5 uses no lead
// byte below A1, often a trail byte below 7F (which simplified Chinese rarely
// has), and its 5,401 common characters are A4 to C6. Western text has its
// high bytes one by one between letters.
func guessLegacy(r io.Reader) (string, error) {
	var st legacyStats
	var lead byte
	run := 0
	endRun := func() {
		if run > 0 {
			st.runs++
			if run == 1 {
				st.singles++
			}
		}
		run = 0
	}
	buf := make([]byte, 256<<10)
	for {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			if c >= 0x80 {
				run++
			} else {
				endRun()
			}
			switch {
			case lead != 0:
				st.count(lead, c)
				lead = 0
			case c >= 0x81 && c != 0xff:
				lead = c
			}
		}
		if errors.Is(err, io.EOF) {
			endRun()
			return st.verdict(), nil
		}
		if err != nil {
			return "", readError(err)
		}
	}
}

func (st *legacyStats) count(lead, trail byte) {
	st.pairs++
	if trail < 0x80 {
		st.lowTrail++
	}
	if lead < 0xa1 {
		st.oldLead++
	}
	if lead >= 0xa4 && lead <= 0xc6 {
		st.big5Common++
	}
}

func (st *legacyStats) verdict() string {
	switch {
	case st.runs == st.singles:
		return Windows1252
	case st.pairs >= 8 && st.oldLead == 0 && st.lowTrail*5 >= st.pairs && st.big5Common*4 >= st.pairs*3:
		return Big5
	}
	return GB18030
}

// decode gives r as UTF-8 without 0 bytes. Bytes outside the encoding end the
// stream with bytesError after everything before them was given; nothing is
// replaced.
func decode(r io.Reader, name string) io.Reader {
	switch name {
	case GB18030:
		return &utf8Check{r: newGB18030Reader(r)}
	case UTF16LE, UTF16BE:
		return &utf8Check{r: &utf16Reader{r: r, big: name == UTF16BE}}
	case Big5:
		return &utf8Check{r: transform.NewReader(r, traditionalchinese.Big5.NewDecoder()), noFFFD: true}
	case Windows1252:
		return &utf8Check{r: transform.NewReader(r, charmap.Windows1252.NewDecoder()), noFFFD: true}
	}
	return &utf8Check{r: r}
}

// utf8Check passes UTF-8 through and stops at the first byte that is not, or
// is 0; what it gives ends with a whole character. noFFFD also stops at the character with which a decoder marks what it
// could not read.
type utf8Check struct {
	r      io.Reader
	kept   [4]byte
	nKept  int
	noFFFD bool
	err    error
	small  [64]byte
	out    []byte // rest of small
}

// Read never gives less than a character, so a smaller p is served from small.
func (u *utf8Check) Read(p []byte) (int, error) {
	if len(u.out) == 0 && len(p) >= len(u.small) {
		return u.read(p)
	}
	if len(u.out) == 0 {
		n, err := u.read(u.small[:])
		if n == 0 {
			return 0, err
		}
		u.out = u.small[:n]
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf8Check) read(p []byte) (int, error) {
	if u.err != nil {
		return 0, u.err
	}
	n := copy(p, u.kept[:u.nKept])
	u.nKept = 0
	m, err := u.r.Read(p[n:])
	n += m
	whole := n
	if err == nil {
		whole = wholeRunes(p[:n])
		u.nKept = copy(u.kept[:], p[whole:n])
	}
	u.err = err
	good, nul := u.good(p[:whole])
	if good < whole {
		u.err = bytesError{nul: nul}
	}
	if good == 0 && u.err != nil {
		return 0, u.err
	}
	return good, nil
}

// good is how many bytes of b may pass.
func (u *utf8Check) good(b []byte) (n int, nul bool) {
	n = len(b)
	if !utf8.Valid(b) {
		n = 0
		for n < len(b) {
			r, size := utf8.DecodeRune(b[n:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			n += size
		}
	}
	if i := bytes.IndexByte(b[:n], 0); i >= 0 {
		n, nul = i, true
	}
	if u.noFFFD {
		if i := bytes.Index(b[:n], []byte("\ufffd")); i >= 0 {
			n, nul = i, false
		}
	}
	return n, nul
}

// utf16Reader decodes UTF-16; half a surrogate pair becomes an invalid byte,
// at which utf8Check stops.
type utf16Reader struct {
	r    io.Reader
	big  bool
	raw  [32 << 10]byte
	n    int // bytes in raw
	out  []byte
	at   int
	done error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for u.at == len(u.out) {
		if u.done != nil {
			return 0, u.done
		}
		m, err := u.r.Read(u.raw[u.n:])
		u.n += m
		u.done = err
		u.convert(err != nil)
	}
	n := copy(p, u.out[u.at:])
	u.at += n
	return n, nil
}

func (u *utf16Reader) unit(i int) rune {
	if u.big {
		return rune(u.raw[i])<<8 | rune(u.raw[i+1])
	}
	return rune(u.raw[i+1])<<8 | rune(u.raw[i])
}

func (u *utf16Reader) convert(last bool) {
	u.out, u.at = u.out[:0], 0
	i := 0
	for i+2 <= u.n {
		c := u.unit(i)
		if c < 0xd800 || c > 0xdfff {
			u.out = utf8.AppendRune(u.out, c)
			i += 2
			continue
		}
		if i+4 > u.n && !last {
			break
		}
		if i+4 <= u.n && c < 0xdc00 {
			if d := u.unit(i + 2); d >= 0xdc00 && d <= 0xdfff {
				u.out = utf8.AppendRune(u.out, 0x10000+(c-0xd800)<<10+(d-0xdc00))
				i += 4
				continue
			}
		}
		u.out = append(u.out, 0xff)
		i += 2
	}
	if last && i < u.n {
		u.out = append(u.out, 0xff)
		i = u.n
	}
	u.n = copy(u.raw[:], u.raw[i:u.n])
}

// decodeError turns what a decoder or a disk said into words for people.
func decodeError(err error, encodingName string, line int) error {
	bad, ok := errors.AsType[bytesError](err)
	switch {
	case !ok:
		return err
	case bad.nul:
		return invalid("error.sheet_nul", "line", strconv.Itoa(line))
	}
	return invalid("error.sheet_encoding", "encoding", strings.ToUpper(encodingName), "line", strconv.Itoa(line))
}
