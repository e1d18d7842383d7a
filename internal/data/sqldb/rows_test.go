package sqldb

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Values handed out keep their content whatever happens to the Rows after.
func TestRowsKeepValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Rows
		type pair struct {
			v    record.Value
			want string
		}
		var kept []pair
		for range rapid.IntRange(1, 30).Draw(t, "results") {
			r.Reset(2)
			n := rapid.IntRange(0, 40).Draw(t, "rows")
			size := rapid.SampledFrom([]int{0, 1, 10, 300, 1000, 5000, 70_000}).Draw(t, "size")
			for i := range n {
				text := strings.Repeat(string(rune('a'+i%26)), size+i)
				p := []byte(text)
				r.AppendText(p)
				r.AppendInt(int64(i))
				clear(p) // the driver's memory is used again
				kept = append(kept, pair{r.At(i, 0), text})
			}
			if r.Len() != n || r.Cols() != 2 {
				t.Fatalf("%d rows of %d columns, want %d", r.Len(), r.Cols(), n)
			}
			for i := range n {
				if row := r.Row(i); len(row) != 2 || cap(row) != 2 || row[1].Int() != int64(i) {
					t.Fatalf("row %d: %v", i, row)
				}
			}
		}
		for i, k := range kept {
			if k.v.Str() != k.want {
				t.Fatalf("value %d of %d bytes changed", i, len(k.want))
			}
		}
	})
}

// The memory that many small results share does not grow with their number.
func TestRowsShareMemory(t *testing.T) {
	var r Rows
	text := []byte("上海市招商银行徐汇支行")
	n := testing.AllocsPerRun(1000, func() {
		r.Reset(1)
		for range 10 {
			r.AppendText(text)
		}
	})
	if n > 1 {
		t.Errorf("%v allocations for ten texts", n)
	}
}

func TestRowsBegin(t *testing.T) {
	var r Rows
	if err := errors.Join(r.Begin(0), r.Begin(3), r.Begin(1)); err != nil {
		t.Fatal(err)
	}
	r.AppendNull()
	if err := r.Begin(1); err != nil {
		t.Error(err)
	}
	if err := r.Begin(2); err == nil {
		t.Error("two columns were mixed with one")
	}
	r.Reset(0)
	if r.Len() != 0 {
		t.Error("rows without columns")
	}
}

func TestCheckText(t *testing.T) {
	for text, want := range map[string]error{
		"": nil, "银行": nil, "\ufeff\u0001\U0010ffff": nil, "\ufffd": nil,
		"\x00": ErrTextNul, "a\x00\xff": ErrTextNul, "\xff": ErrTextUTF8, "\xc0\x80": ErrTextUTF8, "银\xe8": ErrTextUTF8,
	} {
		if got := CheckText(text); !errors.Is(got, want) {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestUniqueColumns(t *testing.T) {
	err := error(ErrDuplicate.With(&ViolationError{Table: "t", Index: "i", Columns: []string{"c"}, Err: errors.New("driver")}))
	table, index, columns, ok := UniqueColumns(err)
	if !ok || table != "t" || index != "i" || len(columns) != 1 || !errs.Is(err, errs.Duplicate) || !strings.Contains(err.Error(), "driver") {
		t.Errorf("%q %q %q %v", table, index, columns, ok)
	}
	if ErrDuplicate.Cause != nil {
		t.Error("the shared error was changed")
	}
	if _, _, _, ok := UniqueColumns(ErrDuplicate); ok {
		t.Error("a violation without a cause")
	}
}
