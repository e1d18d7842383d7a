package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func benchRead(b *testing.B, data []byte, size int64, rows int) {
	b.Helper()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		r, _, err := OpenAt(bytes.NewReader(data), int64(len(data)), Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			if _, err := r.Next(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatalf("%d rows, want %d", n, rows)
		}
	}
}

const benchRows = 100000

func BenchmarkReadCSV(b *testing.B) {
	var plain, quoted strings.Builder
	plain.WriteString("名称,编号,电话,城市,金额,备注\n")
	quoted.WriteString("名称,编号,电话,城市,金额,备注\n")
	for i := range benchRows {
		fmt.Fprintf(&plain, "上海某某科技有限公司%d,C%08d,021-5555%04d,上海,%d.50,none of it matters much\n", i, i, i%10000, i)
		fmt.Fprintf(&quoted, "\"上海某某科技有限公司%d\",\"C%08d\",\"021-5555%04d\",\"上海\",\"%d.50\",\"none, of \"\"it\"\" matters\nmuch\"\n", i, i, i%10000, i)
	}
	gb, err := gb18030Bytes(plain.String())
	if err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"plain": []byte(plain.String()), "quoted": []byte(quoted.String()), "gb18030": gb} {
		b.Run(name, func(b *testing.B) { benchRead(b, data, int64(len(data)), benchRows) })
	}
}

func gb18030Bytes(s string) ([]byte, error) {
	var b bytes.Buffer
	_, err := newGB18030Writer(&b).Write([]byte(s))
	return b.Bytes(), err
}

func BenchmarkXLSX(b *testing.B) {
	write := func(out io.Writer) error {
		w, err := NewXLSX(out, "x")
		if err != nil {
			return err
		}
		if err := w.Header([]string{"名称", "编号", "电话", "城市", "金额", "日期", "数", "备注", "甲", "乙"}); err != nil {
			return err
		}
		row := []Cell{T("上海某某科技有限公司"), T("C00000001"), T("021-55550000"), T("上海"), N("1234.56"), D("2024-01-05"), N("42"), T("none of it"), T("甲"), T("乙")}
		for range benchRows {
			if err := w.Row(row); err != nil {
				return err
			}
		}
		return w.Close()
	}
	var data bytes.Buffer
	if err := write(&data); err != nil {
		b.Fatal(err)
	}
	r, _, err := OpenAt(bytes.NewReader(data.Bytes()), int64(data.Len()), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) { benchRead(b, data.Bytes(), r.Total(), benchRows) })
	b.Run("write", func(b *testing.B) {
		b.SetBytes(r.Total())
		b.ReportAllocs()
		for b.Loop() {
			if err := write(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}
