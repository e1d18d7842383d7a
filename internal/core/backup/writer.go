package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Partial is the ending of a backup that is being written.
const Partial = ".partial"

// Writer writes one backup: the tables named at Create, then the blobs, then
// Close. After an error only Abort makes sense.
type Writer struct {
	path   string
	opts   Options
	tables []Table
	key    secrets.StreamKey
	f      *os.File
	out    *bufio.Writer // chunks above encrypted segments
	seal   *secrets.SegmentWriter
	zip    *zstd.Encoder
	chain  hash.Hash // over all entries
	sum    Summary
	last   string // name of the last blob
}

// Create begins a backup at path + Partial.
func Create(path string, o Options, tables []Table) (*Writer, error) {
	zip, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, err
	}
	text, err := encodeManifest(o.Keys, tables)
	if err != nil {
		return nil, err
	}
	w := &Writer{path: path, opts: o, tables: tables, key: o.Keys.NewStreamKey(), zip: zip, chain: sha256.New()}
	front, err := w.prelude()
	if err != nil {
		return nil, err
	}
	if err := durable.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if w.f, err = os.OpenFile(path+Partial, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	if _, err = w.f.Write(front); err == nil {
		w.seal = secrets.NewSegmentWriter(w.f, w.key)
		w.out = bufio.NewWriterSize(w.seal, secrets.SegmentSize)
		err = w.add(kindManifest, "", text)
	}
	if err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// prelude makes the header and ties the stream to it.
func (w *Writer) prelude() ([]byte, error) {
	i := w.opts.Info
	h := Header{
		Format: format, AppVersion: i.AppVersion, DataVersion: i.DataVersion, Dialect: i.Dialect,
		CreatedAt: i.CreatedAt.UTC(), Installation: i.Installation,
	}
	secret := encodeKey(w.key)
	h.KeyMaster = w.opts.Keys.Seal(keyClass, secret, nil)
	var err error
	if h.KeyRecovery, err = secrets.WrapKey(w.opts.Recipient, secret); err != nil {
		return nil, err
	}
	front, sum, err := encodePrelude(h)
	w.key.AAD = sum[:]
	w.sum.Header = h
	return front, err
}

// AddTable writes the next table; rows calls emit with its rows.
func (w *Writer) AddTable(t Table, rows func(emit func([]record.Value) error) error) error {
	n := len(w.sum.Tables)
	if n >= len(w.tables) || w.tables[n].Name != t.Name {
		return fmt.Errorf("backup: table %s out of order", t.Name)
	}
	if err := w.begin(kindTable, t.Name); err != nil {
		return err
	}
	chunks := &chunkWriter{w: w.out}
	buffered := bufio.NewWriterSize(chunks, chunkSize)
	w.zip.Reset(buffered)
	sum := sha256.New()
	enc := NewRowEncoder(io.MultiWriter(sum, w.zip), t.Columns)
	count := TableCount{Name: t.Name}
	err := rows(func(chunk []record.Value) error {
		count.Rows += int64(len(chunk) / len(t.Columns))
		w.progress(phaseTables, t.Name, count.Rows)
		return enc.Encode(chunk)
	})
	if err != nil {
		return err
	}
	if err := errors.Join(enc.Close(), w.zip.Close(), buffered.Flush()); err != nil {
		return err
	}
	w.sum.Tables = append(w.sum.Tables, count)
	w.sum.Rows += count.Rows
	return w.end(kindTable, t.Name, sum)
}

// AddBlob writes a file as it is stored; names must ascend.
func (w *Writer) AddBlob(name string, r io.Reader) error {
	if name <= w.last || len(name) > maxName {
		return fmt.Errorf("backup: file %q after %q", name, w.last)
	}
	if len(w.sum.Tables) != len(w.tables) {
		return errors.New("backup: files before the last table")
	}
	w.last = name
	if err := w.begin(kindBlob, name); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.CopyBuffer(&chunkWriter{w: w.out}, io.TeeReader(r, sum), make([]byte, chunkSize))
	if err != nil {
		return err
	}
	w.sum.Blobs++
	w.sum.BlobBytes += n
	w.progress(phaseFiles, "", 0)
	return w.end(kindBlob, name, sum)
}

// Missing notes a file that should be there and is not.
func (w *Writer) Missing(name string) {
	w.sum.Missing++
	if len(w.sum.Names) < MaxMissing {
		w.sum.Names = append(w.sum.Names, name)
	}
}

// Close ends the backup, syncs it, reads it back when asked for, and gives it
// its name.
func (w *Writer) Close(ctx context.Context) (Summary, error) {
	if len(w.sum.Tables) != len(w.tables) {
		return Summary{}, errors.New("backup: closed before the last table")
	}
	text, err := json.Marshal(ending{Summary: w.sum, Digest: w.chain.Sum(nil)})
	if err != nil {
		return Summary{}, err
	}
	if err := w.add(kindEnd, "", text); err != nil {
		return Summary{}, err
	}
	if err := errors.Join(w.out.Flush(), w.seal.Close(), w.f.Sync()); err != nil {
		return Summary{}, err
	}
	info, err := w.f.Stat()
	if err != nil {
		return Summary{}, err
	}
	w.sum.FileSize = info.Size()
	if w.opts.ReadBack {
		check := func(p Progress) {
			p.Phase = phaseCheck
			report(w.opts.Progress, p)
		}
		if _, err := read(ctx, w.f.Name(), Key{Keyring: w.opts.Keys}, nil, check); err != nil {
			return Summary{}, err
		}
	}
	if err := w.f.Close(); err != nil {
		return Summary{}, err
	}
	if err := durable.Rename(w.f.Name(), w.path); err != nil {
		return Summary{}, err
	}
	w.f = nil
	return w.sum, nil
}

// Abort removes an unfinished backup; after Close it does nothing.
func (w *Writer) Abort() {
	if w.f == nil {
		return
	}
	w.f.Close()
	os.Remove(w.f.Name())
	w.f = nil
}

func (w *Writer) progress(phase, table string, rows int64) {
	report(w.opts.Progress, Progress{Phase: phase, Table: table, Rows: w.sum.Rows + rows, Blobs: w.sum.Blobs, Bytes: w.sum.BlobBytes})
}

// add writes a small entry.
func (w *Writer) add(kind byte, name string, content []byte) error {
	if err := w.begin(kind, name); err != nil {
		return err
	}
	if _, err := (&chunkWriter{w: w.out}).Write(content); err != nil {
		return err
	}
	sum := sha256.New()
	sum.Write(content)
	return w.end(kind, name, sum)
}

func (w *Writer) begin(kind byte, name string) error {
	b := binary.AppendUvarint([]byte{kind}, uint64(len(name)))
	_, err := w.out.Write(append(b, name...))
	return err
}

func (w *Writer) end(kind byte, name string, sum hash.Hash) error {
	digest := sum.Sum(nil)
	link(w.chain, kind, name, digest)
	_, err := w.out.Write(append([]byte{0}, digest...))
	return err
}

// link adds an entry to the digest over all entries.
func link(chain hash.Hash, kind byte, name string, digest []byte) {
	b := binary.AppendUvarint([]byte{kind}, uint64(len(name)))
	chain.Write(append(append(b, name...), digest...))
}

// chunkWriter makes a chunk of every write.
type chunkWriter struct{ w io.Writer }

func (c *chunkWriter) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if _, err := c.w.Write(binary.AppendUvarint(nil, uint64(len(p)))); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}

func encodeKey(k secrets.StreamKey) []byte {
	return append(append([]byte(nil), k.Key[:]...), k.Prefix[:]...)
}

func decodeKey(b []byte) (k secrets.StreamKey, err error) {
	if len(b) != len(k.Key)+len(k.Prefix) {
		return k, broken("key")
	}
	copy(k.Key[:], b)
	copy(k.Prefix[:], b[len(k.Key):])
	return k, nil
}
