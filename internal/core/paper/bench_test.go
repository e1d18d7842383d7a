package paper

import (
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/paper/face"
	"github.com/guanxicrm/guanxi/internal/core/paper/pdf"
)

// BenchmarkPage writes a full page of 2,000 different Chinese characters.
func BenchmarkPage(b *testing.B) {
	faces, _, err := face.Find()
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	for b.Loop() {
		d := pdf.New(faces)
		p := d.AddPage(595, 842)
		for row := range 50 {
			var s strings.Builder
			for col := range 40 {
				s.WriteRune(rune(0x4e00 + row*40 + col))
			}
			p.Text(50, float64(40+15*row), 10, 0, false, s.String())
		}
		size = len(d.Bytes(pdf.Info{At: time.Unix(0, 0)}))
	}
	b.ReportMetric(float64(size), "bytes")
}
