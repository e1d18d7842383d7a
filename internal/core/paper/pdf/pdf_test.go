package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/paper/face"
)

func faces(t testing.TB) []*face.Face {
	t.Helper()
	f, _, err := face.Find()
	if err != nil {
		t.Fatalf("scripts/setup-test.sh installs a font: %v", err)
	}
	return f
}

func run(t *testing.T, doc []byte, name string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "doc.pdf")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, append(args, file)...)
	if name == "pdftotext" {
		cmd.Args = append(cmd.Args, "-")
	}
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		t.Fatalf("%s: %v\n%s", name, err, complaints.String())
	}
	return out.String()
}

// What was written is read back, whatever it was, by another program.
func TestTextIsReadBack(t *testing.T) {
	t.Parallel()
	d := New(faces(t))
	texts := []string{"人民币壹拾万零壹拾元零伍分", "SAY US DOLLARS ONE ONLY", "(brackets) \\ <angles> % #", "Guangzhou Éclair €100 ￥1,234.50", "“引号”—…、《书》", "a\u00a0b"}
	p := d.AddPage(595, 842)
	for i, s := range texts {
		p.Text(50, float64(60+30*i), 12, 0, i%2 == 0, s)
	}
	p.Line(50, 400, 500, 400, 1, 0xff0000)
	p.Fill(50, 420, 20, 20, 0x00ff00)
	d.AddPage(842, 595).Text(10, 20, 9, 0x123456, false, "第二页")
	raw := d.Bytes(Info{Title: "试 (一)", Author: "甲", Language: "zh-CN", At: time.Unix(0, 0)})
	text := run(t, raw, "pdftotext", "-layout")
	for _, s := range append(texts[:5], "第二页") {
		if !strings.Contains(text, s) {
			t.Errorf("no %q in\n%s", s, text)
		}
	}
	if info := run(t, raw, "pdfinfo"); !strings.Contains(info, "试 (一)") || !strings.Contains(info, "Pages:           2") {
		t.Errorf("%s", info)
	}
	if again := d.Bytes(Info{Title: "试 (一)", Author: "甲", Language: "zh-CN", At: time.Unix(0, 0)}); !bytes.Equal(raw, again) {
		t.Error("the same document gives other bytes")
	}
	if len(raw) > 40_000 {
		t.Errorf("%d bytes", len(raw))
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	img.Set(3, 3, color.NRGBA{R: 200, A: 120})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	im, err := PNG(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	d := New(faces(t))
	d.AddPage(200, 200).Draw(im, 10, 10, 80, 40)
	d.AddPage(200, 200).Draw(im, 10, 10, 80, 40)
	list := run(t, d.Bytes(Info{}), "pdfimages", "-list")
	if strings.Count(list, "smask") != 2 || strings.Count(list, "image") < 2 || !strings.Contains(list, "  40    20") {
		t.Errorf("%s", list)
	}
	if _, err := PNG([]byte("no picture")); err == nil {
		t.Error("no picture is taken for one")
	}
}
