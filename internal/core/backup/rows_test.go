package backup_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

func scalar(kind record.Kind) *rapid.Generator[record.Value] {
	switch kind {
	case record.KindInt:
		return rapid.Map(rapid.Int64(), record.Int)
	case record.KindText:
		return rapid.Map(rapid.String(), record.RawText)
	case record.KindBytes:
		return rapid.Map(rapid.SliceOf(rapid.Byte()), record.Bytes)
	case record.KindList:
		return rapid.Map(rapid.SliceOfN(rapid.OneOf(scalar(record.KindInt), scalar(record.KindText), rapid.Just(record.Null)), 0, 5), record.List)
	}
	return rapid.OneOf(scalar(record.KindInt), scalar(record.KindText), scalar(record.KindBytes), scalar(record.KindList))
}

func TestRowsProperty(t *testing.T) {
	kinds := []record.Kind{record.KindNull, record.KindInt, record.KindText, record.KindBytes, record.KindList}
	rapid.Check(t, func(t *rapid.T) {
		cols := rapid.SliceOfN(rapid.Map(rapid.SampledFrom(kinds), func(k record.Kind) backup.Column { return backup.Column{Name: "c", Kind: k} }), 1, 6).Draw(t, "columns")
		var want []record.Value
		for range rapid.IntRange(0, 30).Draw(t, "rows") {
			for _, c := range cols {
				want = append(want, rapid.OneOf(rapid.Just(record.Null), scalar(c.Kind)).Draw(t, "value"))
			}
		}
		var buf bytes.Buffer
		enc := backup.NewRowEncoder(&buf, cols)
		for rest := want; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)/len(cols)).Draw(t, "chunk") * len(cols)
			if err := enc.Encode(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := enc.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := decode(buf.Bytes(), cols)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d values, want %d, %v", len(got), len(want), err)
		}
		for i := range want {
			if got[i].Kind() != want[i].Kind() || !got[i].Equal(want[i]) {
				t.Fatalf("value %d: %v, want %v", i, got[i], want[i])
			}
		}
		for n := range buf.Len() {
			if _, err := decode(buf.Bytes()[:n], cols); !errors.Is(err, secrets.ErrDamaged) {
				t.Fatalf("cut at %d: %v", n, err)
			}
		}
	})
}

func decode(b []byte, cols []backup.Column) (out []record.Value, err error) {
	d := backup.NewRowDecoder(bytes.NewReader(b), cols)
	for {
		rows, err := d.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
}

// Batches stay small, whatever the rows are.
func TestBatches(t *testing.T) {
	cols := []backup.Column{{Name: "t", Kind: record.KindText}}
	big := record.Text(string(bytes.Repeat([]byte("x"), 400_000)))
	rows := []record.Value{big, big, big, big, big}
	for range 3000 {
		rows = append(rows, record.Text("y"))
	}
	var buf bytes.Buffer
	enc := backup.NewRowEncoder(&buf, cols)
	if err := errors.Join(enc.Encode(rows), enc.Close()); err != nil {
		t.Fatal(err)
	}
	d := backup.NewRowDecoder(&buf, cols)
	total := 0
	for {
		batch, err := d.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for i, v := range batch {
			if !v.Equal(rows[total+i]) {
				t.Fatalf("row %d differs", total+i)
			}
			size += len(v.Str())
		}
		if len(batch) > 1024 || size > 2<<20 {
			t.Fatalf("a batch of %d rows, %d bytes", len(batch), size)
		}
		total += len(batch)
	}
	if total != len(rows) {
		t.Fatalf("%d rows", total)
	}
}

func TestEncodeRefuses(t *testing.T) {
	cols := []backup.Column{{Name: "a", Kind: record.KindInt}, {Name: "b", Kind: record.KindText}}
	deep := record.Int(1)
	for range 10 {
		deep = record.List([]record.Value{deep})
	}
	for name, rows := range map[string][]record.Value{
		"half a row": {record.Int(1)},
		"wrong kind": {record.Text("x"), record.Text("y")},
	} {
		if err := backup.NewRowEncoder(io.Discard, cols).Encode(rows); err == nil {
			t.Errorf("%s accepted", name)
		}
	}
	if err := backup.NewRowEncoder(io.Discard, []backup.Column{{Name: "a"}}).Encode([]record.Value{deep}); err == nil {
		t.Error("a list without end accepted")
	}
}

func FuzzRowDecoder(f *testing.F) {
	cols := []backup.Column{{Name: "n", Kind: record.KindInt}, {Name: "any"}}
	f.Add([]byte{1, 1, 2, 2, 1, 'x', 0})
	f.Add([]byte{1, 0, 4, 2, 1, 2, 0, 0})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1, 2, 0xff, 0xff, 0xff, 0xff, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := decode(b, cols)
		if err != nil {
			if !errors.Is(err, secrets.ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		var buf bytes.Buffer
		enc := backup.NewRowEncoder(&buf, cols)
		if err := errors.Join(enc.Encode(rows), enc.Close()); err != nil {
			t.Fatal(err)
		}
		again, err := decode(buf.Bytes(), cols)
		if err != nil || len(again) != len(rows) {
			t.Fatal(err)
		}
	})
}
