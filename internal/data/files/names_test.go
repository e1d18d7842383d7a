package files_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/data/files"
)

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"合同.pdf":                      "合同.pdf",
		"年度 报价 (终版).xlsx":             "年度 报价 (终版).xlsx",
		"../../etc/passwd":            "passwd",
		`C:\Users\王\合同.docx`:          "合同.docx",
		"a/b\\c.txt":                  "c.txt",
		"invoice\u202efdp.exe":        "invoicefdp.exe",
		"\u2066x\u2069\u200e\u061c.t": "x.t",
		"a\x00b\x1b[31m\r\n.txt":      "ab[31m  .txt",
		"x\ufeff\u200b.csv":           "x.csv",
		"a<b>c:d\"e|f?g*.txt":         "a_b_c_d_e_f_g_.txt",
		"":                            "file",
		"..":                          "file",
		" . . ":                       "file",
		"dir/":                        "file",
		".htaccess":                   "htaccess",
		"name.txt. . ":                "name.txt",
		"CON":                         "_CON",
		"com1.txt":                    "_com1.txt",
		"nul .x":                      "_nul .x",
		"COM10":                       "COM10",
		"console.log":                 "console.log",
		"bad\xff\xfeutf.txt":          "badutf.txt",
		"e\u0301.txt":                 "é.txt",
		"👩\u200d💻.png":                "👩\u200d💻.png",
	} {
		if got := files.SafeName(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
	long := strings.Repeat("合", 300) + ".pdf"
	if got := files.SafeName(long); utf8.RuneCountInString(got) != files.MaxName || !strings.HasSuffix(got, "合.pdf") {
		t.Errorf("long name: %q", got)
	}
	if got := files.SafeName("a." + strings.Repeat("b", 300)); utf8.RuneCountInString(got) != files.MaxName {
		t.Errorf("long ending: %d", utf8.RuneCountInString(got))
	}
}

func checkSafe(t interface{ Fatalf(string, ...any) }, in string) {
	got := files.SafeName(in)
	switch {
	case got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > files.MaxName+1:
		t.Fatalf("%q gives %q", in, got)
	case strings.ContainsAny(got, "/\\:*?\"<>|"), got[0] == '.', strings.HasSuffix(got, "."), strings.HasSuffix(got, " "):
		t.Fatalf("%q gives %q", in, got)
	}
	for _, r := range got {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Fatalf("%q gives %q", in, got)
		}
	}
	if again := files.SafeName(got); again != got {
		t.Fatalf("%q gives %q, then %q", in, got, again)
	}
}

func TestSafeNameProperties(t *testing.T) {
	odd := rapid.StringOf(rapid.SampledFrom([]rune("ab./\\ :*\u202e\u200f\u00a0\t\x00合é\u0301CONul1")))
	rapid.Check(t, func(t *rapid.T) {
		checkSafe(t, rapid.OneOf(rapid.String(), odd).Draw(t, "name"))
	})
}

func FuzzSafeName(f *testing.F) {
	f.Add("../合同\u202e.exe")
	f.Add("con.txt")
	f.Add("\u064e\xa9\x17\u05bb") // accents that meet when what is between them goes
	f.Fuzz(func(t *testing.T, in string) { checkSafe(t, in) })
}

func TestSniff(t *testing.T) {
	const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	for _, c := range []struct {
		head, name, mime string
		inline           bool
	}{
		{"\x89PNG\r\n\x1a\n....", "a.png", "image/png", true},
		{"\x89PNG\r\n\x1a\n....", "a.html", "image/png", true},
		{"\xff\xd8\xff\xe0", "", "image/jpeg", true},
		{"GIF89a", "a", "image/gif", true},
		{"RIFF\x00\x00\x00\x00WEBPVP8 ", "a", "image/webp", true},
		{"%PDF-1.7", "合同", "application/pdf", true},
		{" %PDF-1.7", "a.pdf", "text/plain", false},
		{"<svg xmlns='http://www.w3.org/2000/svg'>", "a.png", "image/svg+xml", false},
		{"<?xml version='1.0'?>\n<svg>", "a.svg", "image/svg+xml", false},
		{"<?xml version='1.0'?><a/>", "a.jpg", "application/xml", false},
		{"\xef\xbb\xbf \n<!DOCTYPE HTML><p>", "a.png", "text/html", false},
		{"<script>alert(1)</script>", "a.pdf", "text/html", false},
		{"<!-- x --><b>", "a.gif", "text/html", false},
		{"alert(1)", "a.js", "text/javascript", false},
		{"alert(1)", "a.png", "text/plain", false},
		{"body{}", "a.css", "text/css", false},
		{"not a picture", "a.jpeg", "text/plain", false},
		{"plain", "a.svg", "image/svg+xml", false},
		{"姓名,电话\n", "客户.csv", "text/csv", false},
		{"\xd0\xd5\xc3\xfb,\xb5\xe7\xbb\xb0", "gbk.CSV", "text/csv", false},
		{"BMW,Audi\n", "cars.csv", "text/csv", false},
		{"MZ,ID3", "x.csv", "text/csv", false},
		{"BM\x00\x00\x00\x00\x00\x00", "x", "image/bmp", false},
		{"MZ\x90\x00\x03", "setup.pdf", "application/x-msdownload", false},
		{"PK\x03\x04....", "a.docx", docx, false},
		{"PK\x03\x04....", "a.png", "application/zip", false},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "t01.xls", "application/vnd.ms-excel", false},
		{"\x00\x00\x00\x18ftypmp42", "a.mp4", "video/mp4", false},
		{"\x00\x00\x00\x18ftypheic", "a.jpg", "image/heic", false},
		{"\x00\x01\x02", "a.png", files.OctetStream, false},
		{"", "a.png", files.OctetStream, false},
	} {
		mime, inline := files.Sniff([]byte(c.head), c.name)
		if mime != c.mime || inline != c.inline {
			t.Errorf("%q %s: %s %v, want %s %v", c.head, c.name, mime, inline, c.mime, c.inline)
		}
	}
}

// Whatever follows and whatever it is called: what a browser could run is
// never shown in place.
func TestSniffNeverInlinesMarkup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head := rapid.StringMatching(`[ \t\r\n]{0,5}<(svg|html|script|\?xml|!DOCTYPE|body|img)[ -~]{0,40}`).Draw(t, "head")
		name := rapid.SampledFrom([]string{"a.png", "a.pdf", "a.jpg", "", "a.svg"}).Draw(t, "name")
		if mime, inline := files.Sniff([]byte(head), name); inline || mime == "text/plain" {
			t.Fatalf("%q: %s %v", head, mime, inline)
		}
	})
}
