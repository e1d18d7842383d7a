package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func TestEncodingIsFound(t *testing.T) {
	t.Parallel()
	simplified := "名称,负责人,电话\n上海招商银行徐汇支行,张伟,021-55558888\n北京中关村科技有限公司,李娜,010-66667777\n朱镕基研究所,朱镕基,1\n"
	traditional := "名稱,負責人,電話\n臺灣積體電路製造股份有限公司,張忠謀,03-5636688\n開發及測試軟體的速度是不容忽視的課題,陳,2\n"
	western := "name,city\nBlondel père et fils,Strasbourg\nFrédérique Citeaux,München\n"
	late := strings.Repeat("plain,line,of,ascii\n", 60000) + "招商银行,丙,丁,戊\n"
	enc := func(e interface{ String(string) (string, error) }, s string) []byte {
		b, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(b)
	}
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()
	noBOM := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()
	for _, c := range []struct {
		name string
		data []byte
		want string
		text string
	}{
		{"utf-8", []byte(simplified), UTF8, simplified},
		{"utf-8 with mark", []byte("\ufeff" + simplified), UTF8, simplified},
		{"western utf-8", []byte(western), UTF8, western},
		{"gb18030", enc(simplifiedchinese.GB18030.NewEncoder(), simplified+"𠮷野家,😀,2\n"), GB18030, simplified + "𠮷野家,😀,2\n"},
		{"gbk of traditional words", enc(simplifiedchinese.GBK.NewEncoder(), traditional), GB18030, traditional},
		{"gb18030 in the last line", enc(simplifiedchinese.GB18030.NewEncoder(), late), GB18030, late},
		{"big5", enc(traditionalchinese.Big5.NewEncoder(), traditional), Big5, traditional},
		{"windows-1252", latin(western), Windows1252, western},
		{"utf-16le", enc(utf16le, strings.ReplaceAll(simplified, ",", "\t")+"𠮷\t1\t2\n"), UTF16LE, strings.ReplaceAll(simplified, ",", "\t") + "𠮷\t1\t2\n"},
		{"utf-16be", enc(utf16be, simplified), UTF16BE, simplified},
		{"utf-16le without mark", enc(noBOM, western), UTF16LE, western},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, info := openBytes(t, c.data, Options{})
			if info.Encoding != c.want {
				t.Fatalf("encoding %s, want %s", info.Encoding, c.want)
			}
			plain, _ := openBytes(t, []byte(c.text), Options{Encoding: "utf-8"})
			if diff := cmp.Diff(readAll(t, plain), readAll(t, r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Characters that lie across the ends of buffers of any size stay whole.
func TestDecodersAtAnyBoundary(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a招é商😀银,\n", 4000)
	wide := func(big bool) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			if big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return b
	}
	gb, err := gb18030Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{UTF8: []byte(text), GB18030: gb, UTF16LE: wide(false), UTF16BE: wide(true)} {
		for _, size := range []int{1, 2, 3, 5, 63, 64, 65, 4096, 100000} {
			for how, from := range map[string]io.Reader{"whole": bytes.NewReader(raw), "byte by byte": iotest.OneByteReader(bytes.NewReader(raw)), "with EOF": iotest.DataErrReader(bytes.NewReader(raw))} {
				var out []byte
				r, p := decode(from, name), make([]byte, size)
				for err = nil; err == nil; {
					var n int
					n, err = r.Read(p)
					out = append(out, p[:n]...)
				}
				if !errors.Is(err, io.EOF) || string(out) != text {
					t.Fatalf("%s read %s by %d: %d bytes of %d, %v", name, how, size, len(out), len(text), err)
				}
			}
		}
	}
}

func latin(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return b
}

// Every character of Unicode comes back from GB18030 or is refused; refused are
// only some of the private ones.
func TestGB18030HasAllOfUnicode(t *testing.T) {
	t.Parallel()
	var in strings.Builder
	for r := rune(1); r <= 0x10ffff; r++ {
		if r >= 0xd800 && r <= 0xdfff {
			continue
		}
		if r >= 0xe766 && r <= 0xe864 {
			if _, err := newGB18030Writer(io.Discard).Write([]byte(string(r))); err != nil {
				if key := keyOf(t, err); key != "error.sheet_encoding_char" {
					t.Fatal(key)
				}
				continue
			}
		}
		in.WriteRune(r)
	}
	var enc bytes.Buffer
	if _, err := newGB18030Writer(&enc).Write([]byte(in.String())); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(decode(&enc, GB18030))
	if err != nil {
		t.Fatal(err)
	}
	want, got := []rune(in.String()), []rune(string(out))
	if len(want) != len(got) {
		t.Fatalf("%d characters, want %d", len(got), len(want))
	}
	wrong := 0
	for i := range want {
		if want[i] != got[i] {
			if wrong++; wrong < 5 {
				t.Errorf("%U became %U", want[i], got[i])
			}
		}
	}
}

// User-defined characters have their places by the standard: the codes are
// those that Python's codec gives.
func TestGB18030UserDefined(t *testing.T) {
	t.Parallel()
	for r, code := range map[rune]string{0xe000: "aaa1", 0xe233: "affe", 0xe234: "f8a1", 0xe4c5: "fefe", 0xe4c6: "a140", 0xe765: "a7a0", 0xe5e5: "a3a0"} {
		var b bytes.Buffer
		if _, err := newGB18030Writer(&b).Write([]byte(string(r))); err != nil || fmt.Sprintf("%x", b.Bytes()) != code {
			t.Errorf("%U is %x, want %s (%v)", r, b.Bytes(), code, err)
		}
	}
}
