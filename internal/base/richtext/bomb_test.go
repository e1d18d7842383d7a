package richtext

import (
	"strings"
	"testing"
	"time"
)

// What is written in a field costs time in proportion to its length, whatever
// it is: a look is read once, not once for every word under it.
func TestLongLooksUnderManyWords(t *testing.T) {
	const size = 200_000
	for name, markup := range map[string]string{
		"style":   `<b style="` + strings.Repeat(";", size/2) + `">` + strings.Repeat("a<i>", size/8),
		"frames":  strings.Repeat(`<b style="`+strings.Repeat(";", size/128)+`">`, 64) + strings.Repeat("a<br>", size/10),
		"href":    `<a href="` + strings.Repeat("/x", size/4) + `">` + strings.Repeat("a<i>", size/8),
		"link":    `<a href="` + strings.Repeat("/x", size/4) + `">` + strings.Repeat("a<i>b</i>", size/20),
		"attrs":   "<b " + strings.Repeat("x ", size/2) + ">",
		"lists":   strings.Repeat("<ul><li>", size/8) + "x",
		"endings": strings.Repeat("<ul>", 40) + strings.Repeat("</li>", size/5),
		"raw":     strings.Repeat("<script></", size/10),
		"blanks":  strings.Repeat("<p> a ", size/6),
		"deep":    strings.Repeat("<ol><li>a<br>", 30) + strings.Repeat("b<br>", size/6),
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			got := Read(markup)
			Plain(got)
			if Clean(got) != got {
				t.Error("not canonical")
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("%d characters took %v", len(markup), took)
			}
		})
	}
}
