package backup_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// endless is a source of many rows and one large file that never lie in
// memory at once.
type endless struct {
	memory
	rowCount int
	size     int64
}

func (e *endless) Rows(_ context.Context, t backup.Table, fn func([]record.Value) error) error {
	chunk := make([]record.Value, 0, 500*len(t.Columns))
	rnd := rand.New(rand.NewPCG(1, 1))
	for i := range e.rowCount {
		chunk = append(chunk, record.Int(rnd.Int64()), record.Text(fmt.Sprintf("上海%d贸易有限公司", i)), record.Text("13800138000"))
		if len(chunk) == cap(chunk) || i == e.rowCount-1 {
			if err := fn(chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	return nil
}

func (e *endless) Blobs(_ context.Context, fn func(string) error) error { return fn("a") }

func (e *endless) OpenBlob(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(io.LimitReader(rand.NewChaCha8([32]byte{}), e.size)), nil
}

// BenchmarkBackup writes and verifies 200,000 rows and 256 MiB of files; look
// at the memory of the process too: it does not grow with either.
func BenchmarkBackup(b *testing.B) {
	src := &endless{rowCount: 200_000, size: 256 << 20}
	src.tables = []backup.Table{{Name: "t", Columns: []backup.Column{{"id", record.KindInt}, {"name", record.KindText}, {"phone", record.KindText}}}}
	p := secrets.NewPassphrase(nil)
	recipient, err := secrets.RecipientFor(p, "x")
	if err != nil {
		b.Fatal(err)
	}
	o := backup.Options{Keys: secrets.New(nil), Recipient: recipient, Info: backup.Info{Installation: "x"}}
	path := filepath.Join(b.TempDir(), "x")
	b.Run("write", func(b *testing.B) {
		b.SetBytes(src.size)
		for b.Loop() {
			if _, err := backup.Write(context.Background(), src, path, o); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verify", func(b *testing.B) {
		b.SetBytes(src.size)
		for b.Loop() {
			if _, err := backup.Verify(context.Background(), path, backup.Key{Keyring: o.Keys}, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
