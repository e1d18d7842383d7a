package richtext

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func vectors(t *testing.T) map[string][][2]string {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][][2]string
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestVectors(t *testing.T) {
	t.Parallel()
	all := vectors(t)
	for name, f := range map[string]func(string) string{"clean": Clean, "read": Read, "plain": Plain} {
		if len(all[name]) == 0 {
			t.Errorf("no vectors of %s", name)
		}
		for _, v := range all[name] {
			if got := f(v[0]); got != v[1] {
				t.Errorf("%s(%q)\n got %q\nwant %q", name, v[0], got, v[1])
			}
		}
		for _, v := range all[name] {
			check(t, v[0])
		}
	}
}

func TestTextIsReadBack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ canonical, text string }{
		{"<p>一</p><p></p><p>二</p>", "一\n\n二"},
		{"<p>a<br>b</p>", "<p>a<br>b</p>"},
		{"<p><strong>粗</strong></p>", "<p><strong>粗</strong></p>"},
		{"<p>&lt;p&gt; ist ein Absatz</p>", "<p>&lt;p&gt; ist ein Absatz</p>"},
		{"<ul><li><p>一</p></li></ul>", "<ul><li><p>一</p></li></ul>"},
		{"", ""},
	} {
		if got := Text(tt.canonical); got != tt.text || Read(got) != tt.canonical {
			t.Errorf("Text(%q) = %q, read back %q", tt.canonical, got, Read(got))
		}
	}
}

// What would take long is cut short: much nesting, much that is left open.
func TestHostileLengths(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"open":    strings.Repeat("<b>x", 50_000),
		"deep":    strings.Repeat("<ul><li>", 20_000) + "x",
		"quotes":  strings.Repeat("<blockquote>", 20_000) + strings.Repeat("</ul>", 20_000) + "x",
		"ends":    strings.Repeat("</b>", 50_000) + "x",
		"text":    strings.Repeat("x", 200_000),
		"tags":    strings.Repeat("<", 200_000),
		"comment": strings.Repeat("<!--", 50_000),
		"attr":    "<p " + strings.Repeat("a=1 ", 50_000) + ">x",
		"raw":     "<script>" + strings.Repeat("</", 100_000),
	} {
		start := time.Now()
		check(t, s)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

var written = regexp.MustCompile(`^(?:</?(?:p|h2|h3|ul|ol|li|blockquote|strong|em|u|s)>|<ol start="[1-9][0-9]{0,5}">|<hr>|<br>|` +
	`<a href="(?:https?://|mailto:|tel:|/)[^"<> \\]*">|</a>|[^<>"]+)*$`)

// check holds what everybody may rely on, judged by another reader than ours.
func check(t interface {
	Helper()
	Errorf(string, ...any)
}, s string) {
	t.Helper()
	got := Clean(s)
	if !written.MatchString(got) {
		t.Errorf("Clean(%.80q) lets something through: %.200q", s, got)
	}
	if again := Clean(got); again != got {
		t.Errorf("Clean(%.200q) is not final:\n%.300q\n%.300q", s, got, again)
	}
	if back := Read(Text(got)); back != got {
		t.Errorf("Text(%.200q) = %.200q is read back as %.200q", got, Text(got), back)
	}
	nodes, err := html.ParseFragment(strings.NewReader(got), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Errorf("%.200q: %v", got, err)
	}
	var b strings.Builder
	for _, n := range nodes {
		render(&b, n)
	}
	if b.String() != got {
		t.Errorf("a browser reads %.300q\nas %.300q", got, b.String())
	}
}

// render writes what a browser made of it, in our way of writing.
func render(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(escape(n.Data))
		return
	}
	b.WriteString("<" + n.Data)
	for _, a := range n.Attr {
		b.WriteString(" " + a.Key + `="` + escape(a.Val) + `"`)
	}
	b.WriteString(">")
	if n.Data == "br" || n.Data == "hr" {
		return
	}
	for kid := n.FirstChild; kid != nil; kid = kid.NextSibling {
		render(b, kid)
	}
	b.WriteString("</" + n.Data + ">")
}

func FuzzClean(f *testing.F) {
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		f.Fatal(err)
	}
	var all map[string][][2]string
	if err := json.Unmarshal(b, &all); err != nil {
		f.Fatal(err)
	}
	for _, vs := range all {
		for _, v := range vs {
			f.Add(v[0])
		}
	}
	f.Add("<ul><li><ol><blockquote><li>x</ul>y<b><p>z")
	f.Add("<a href=\"https://a\x00b\">x\u2028</a>&#x0;&#13;\ufeff")
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}
