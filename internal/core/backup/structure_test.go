package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Encryption keeps strangers out; these are backups that hold the key and are
// wrong inside, as a faulty program would write them.
func TestWellSealedAndWrong(t *testing.T) {
	ring := secrets.New(nil)
	passphrase := secrets.NewPassphrase(nil)
	recipient, err := secrets.RecipientFor(passphrase, "")
	if err != nil {
		t.Fatal(err)
	}
	tables := []Table{{Name: "t", Columns: []Column{{"id", record.KindInt}}}}
	rows := func(emit func([]record.Value) error) error { return emit([]record.Value{record.Int(1), record.Int(2)}) }
	table := func(w *Writer) error { return w.AddTable(tables[0], rows) }
	blob := func(name string) func(*Writer) error {
		return func(w *Writer) error { return w.AddBlob(name, bytes.NewReader([]byte("content"))) }
	}
	end := func(w *Writer) error {
		text, err := json.Marshal(ending{Summary: w.sum, Digest: w.chain.Sum(nil)})
		return errors.Join(err, w.add(kindEnd, "", text))
	}
	change := func(fn func(*Writer)) func(*Writer) error {
		return func(w *Writer) error { fn(w); return nil }
	}
	good := []func(*Writer) error{table, blob("a"), blob("b"), end}
	for name, steps := range map[string][]func(*Writer) error{
		"":               good,
		"no end":         {table, blob("a")},
		"no table":       {blob0("a"), end},
		"nothing":        {},
		"table twice":    {table, change(func(w *Writer) { w.sum.Tables = nil }), table, end},
		"blob twice":     {table, blob("a"), change(func(w *Writer) { w.last = "" }), blob("a"), end},
		"after the end":  append(append([]func(*Writer) error(nil), good...), blob("c")),
		"rows too many":  {table, change(func(w *Writer) { w.sum.Rows++ }), end},
		"a table's rows": {table, change(func(w *Writer) { w.sum.Tables[0].Rows++ }), end},
		"files too many": {table, blob("a"), change(func(w *Writer) { w.sum.Blobs++ }), end},
		"bytes of files": {table, blob("a"), change(func(w *Writer) { w.sum.BlobBytes++ }), end},
		"other digest":   {table, change(func(w *Writer) { w.chain.Write([]byte{1}) }), end},
		"entry's digest": {table, func(w *Writer) error {
			err := w.begin(kindBlob, "a")
			w.sum.Blobs++
			return errors.Join(err, w.end(kindBlob, "a", sha256.New()), nil)
		}, func(w *Writer) error {
			err := w.begin(kindBlob, "b")
			_, werr := (&chunkWriter{w: w.out}).Write([]byte("x"))
			w.sum.Blobs, w.sum.BlobBytes = 2, 1
			return errors.Join(err, werr, w.end(kindBlob, "b", sha256.New()))
		}, end},
		"unknown kind": {table, func(w *Writer) error { return w.add('X', "", nil) }, end},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x")
			w, err := Create(path, Options{Keys: ring, Recipient: recipient}, tables)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Abort()
			for _, step := range steps {
				if err := step(w); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(w.out.Flush(), w.seal.Close(), w.f.Close(), os.Rename(path+Partial, path)); err != nil {
				t.Fatal(err)
			}
			w.f = nil
			_, err = Verify(t.Context(), path, Key{Keyring: ring}, nil)
			if name == "" {
				if err != nil {
					t.Fatal(err)
				}
			} else if !errors.Is(err, secrets.ErrDamaged) {
				t.Fatalf("read as good: %v", err)
			}
		})
	}
}

// blob0 writes a file before the tables, which AddBlob refuses.
func blob0(name string) func(*Writer) error {
	return func(w *Writer) error { return w.add(kindBlob, name, []byte("content")) }
}

// What the Writer is asked in the wrong order it refuses.
func TestWriterOrder(t *testing.T) {
	ring := secrets.New(nil)
	recipient, err := secrets.RecipientFor(secrets.NewPassphrase(nil), "")
	if err != nil {
		t.Fatal(err)
	}
	tables := []Table{{Name: "t", Columns: []Column{{"id", record.KindInt}}}}
	none := func(func([]record.Value) error) error { return nil }
	open := func(tables []Table) *Writer {
		w, err := Create(filepath.Join(t.TempDir(), "x"), Options{Keys: ring, Recipient: recipient}, tables)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.Abort)
		return w
	}
	w := open(tables)
	if w.AddBlob("a", bytes.NewReader(nil)) == nil {
		t.Error("a file before the tables")
	}
	if w.AddTable(Table{Name: "u", Columns: tables[0].Columns}, none) == nil {
		t.Error("a table that was not announced")
	}
	if _, err := w.Close(t.Context()); err == nil {
		t.Error("closed before the tables")
	}
	w = open(tables)
	if err := errors.Join(w.AddTable(tables[0], none), w.AddBlob("b", bytes.NewReader(nil))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b", "a", ""} {
		if w.AddBlob(name, bytes.NewReader(nil)) == nil {
			t.Errorf("file %q after b", name)
		}
	}
	if w.AddTable(tables[0], none) == nil {
		t.Error("a table twice")
	}
	for _, bad := range [][]Table{{{Name: "t"}}, {{Name: "t", Columns: []Column{{"a", 99}}}}} {
		if _, err := Create(filepath.Join(t.TempDir(), "x"), Options{Keys: ring, Recipient: recipient}, bad); err == nil {
			t.Errorf("table %+v", bad)
		}
	}
	if _, err := Create(filepath.Join(t.TempDir(), "x"), Options{Keys: ring, Recipient: "age1no"}, tables); err == nil {
		t.Error("a recipient that is none")
	}
}
