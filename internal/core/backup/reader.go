package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// reader goes through a backup once, from front to end.
type reader struct {
	ctx      context.Context
	f        *os.File
	in       *bufio.Reader
	zip      *zstd.Decoder
	chain    hash.Hash
	sum      Summary
	progress func(Progress)
}

// read goes through the whole file; sink may be nil. sink.Finish is the
// caller's: when read returns without error, everything was good.
func read(ctx context.Context, path string, key Key, sink Sink, progress func(Progress)) (Summary, error) {
	if sink == nil {
		sink = nowhere{}
	}
	r, err := openReader(ctx, path, key)
	if err != nil {
		return Summary{}, told(path, err)
	}
	defer r.close()
	r.progress = progress
	if err := r.run(sink); err != nil {
		return Summary{}, told(path, err)
	}
	return r.sum, nil
}

func openReader(ctx context.Context, path string, key Key) (*reader, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, f: f, chain: sha256.New()}
	if err := r.open(key); err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

func (r *reader) open(key Key) error {
	info, err := r.f.Stat()
	if err != nil {
		return err
	}
	p, err := readPrelude(r.f)
	if err != nil {
		return err
	}
	stream, err := unwrap(p.header, key)
	if err != nil {
		return err
	}
	stream.AAD = p.sum[:]
	plain, err := secrets.NewSegmentReader(r.f, p.size, info.Size()-p.size, stream)
	if err != nil {
		return err
	}
	r.sum.Header, r.sum.FileSize = p.header, info.Size()
	r.in = bufio.NewReaderSize(plain, chunkSize)
	r.zip, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
	return err
}

func (r *reader) close() {
	r.zip.Close()
	r.f.Close()
}

// unwrap gets the key of the stream.
func unwrap(h Header, key Key) (secrets.StreamKey, error) {
	var secret []byte
	var err error
	switch {
	case key.Keyring != nil:
		secret, err = key.Keyring.Open(keyClass, h.KeyMaster, nil)
	default:
		secret, err = secrets.UnwrapKey(key.Passphrase, h.Installation, h.KeyRecovery)
	}
	if err != nil {
		return secrets.StreamKey{}, err
	}
	return decodeKey(secret)
}

func (r *reader) run(sink Sink) error {
	tables, err := r.manifest(sink)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := r.table(sink, t); err != nil {
			return err
		}
	}
	last := ""
	for {
		kind, name, err := r.next()
		switch {
		case err != nil:
			return err
		case kind == kindBlob && name > last:
			last = name
			if err := r.blob(sink, name); err != nil {
				return err
			}
		case kind == kindEnd:
			return r.ending()
		default:
			return broken("entry %q %q", kind, name)
		}
	}
}

func (r *reader) manifest(sink Sink) ([]Table, error) {
	kind, _, err := r.next()
	if err != nil {
		return nil, err
	}
	if kind != kindManifest {
		return nil, broken("no manifest")
	}
	text, err := r.small(kindManifest)
	if err != nil {
		return nil, err
	}
	keys, tables, err := decodeManifest(text)
	if err != nil {
		return nil, err
	}
	return tables, sink.Begin(r.ctx, Contents{Header: r.sum.Header, Keys: keys, Tables: tables})
}

func (r *reader) table(sink Sink, t Table) error {
	kind, name, err := r.next()
	if err != nil {
		return err
	}
	if kind != kindTable || name != t.Name {
		return broken("%q %q where table %q should be", kind, name, t.Name)
	}
	if err := sink.CreateTable(r.ctx, t); err != nil {
		return err
	}
	e := &entry{in: r.in}
	if err := r.zip.Reset(e); err != nil {
		return damage(err)
	}
	sum := sha256.New()
	rows := NewRowDecoder(io.TeeReader(r.zip, sum), t.Columns)
	count := TableCount{Name: t.Name}
	for {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		batch, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damage(err)
		}
		if err := sink.InsertRows(r.ctx, t, batch); err != nil {
			return err
		}
		count.Rows += int64(len(batch) / len(t.Columns))
		r.tell(phaseTables, t.Name, count.Rows)
	}
	r.sum.Tables = append(r.sum.Tables, count)
	r.sum.Rows += count.Rows
	return r.finish(kindTable, name, e, sum)
}

func (r *reader) blob(sink Sink, name string) error {
	e := &entry{in: r.in}
	sum := sha256.New()
	b := &blobReader{ctx: r.ctx, e: e, sum: sum}
	err := sink.PutBlob(r.ctx, name, b)
	if b.err == nil && err == nil && !e.done {
		if n, _ := b.Read(make([]byte, 1)); n > 0 {
			err = errors.New("backup: the sink did not read a file to its end")
		}
	}
	if b.err != nil {
		return b.err
	}
	if err != nil {
		return err
	}
	r.sum.Blobs++
	r.sum.BlobBytes += b.n
	r.tell(phaseFiles, "", 0)
	return r.finish(kindBlob, name, e, sum)
}

// ending compares what was read with what was written.
func (r *reader) ending() error {
	want := r.chain.Sum(nil)
	text, err := r.small(kindEnd)
	if err != nil {
		return err
	}
	var end ending
	if err := json.Unmarshal(text, &end); err != nil {
		return broken("end: %v", err)
	}
	if !bytes.Equal(end.Digest, want) || !sameCounts(end.Summary, r.sum) {
		return broken("the end tells of other content")
	}
	r.sum.Missing, r.sum.Names = end.Missing, end.Names
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = broken("bytes after the end")
		}
		return err
	}
	return nil
}

func sameCounts(a, b Summary) bool {
	return a.Rows == b.Rows && a.Blobs == b.Blobs && a.BlobBytes == b.BlobBytes && slices.Equal(a.Tables, b.Tables)
}

// next reads the front of an entry.
func (r *reader) next() (kind byte, name string, err error) {
	if kind, err = r.in.ReadByte(); err != nil {
		return 0, "", cutOff(err)
	}
	n, err := binary.ReadUvarint(r.in)
	if err != nil {
		return 0, "", cutOff(err)
	}
	if n > maxName {
		return 0, "", broken("name of %d bytes", n)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r.in, b); err != nil {
		return 0, "", cutOff(err)
	}
	return kind, string(b), nil
}

// small reads an entry that fits in memory.
func (r *reader) small(kind byte) ([]byte, error) {
	e := &entry{in: r.in}
	text, err := io.ReadAll(io.LimitReader(e, maxManifest))
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write(text)
	return text, r.finish(kind, "", e, sum)
}

// finish reads the digest at the end of an entry and compares.
func (r *reader) finish(kind byte, name string, e *entry, sum hash.Hash) error {
	if n, err := e.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return broken("entry %q %q is longer than its content", kind, name)
	}
	want := make([]byte, sha256.Size)
	if _, err := io.ReadFull(r.in, want); err != nil {
		return cutOff(err)
	}
	if !bytes.Equal(want, sum.Sum(nil)) {
		return broken("entry %q %q", kind, name)
	}
	link(r.chain, kind, name, want)
	return nil
}

func (r *reader) tell(phase, table string, rows int64) {
	report(r.progress, Progress{Phase: phase, Table: table, Rows: r.sum.Rows + rows, Blobs: r.sum.Blobs, Bytes: r.sum.BlobBytes})
}

// entry reads the chunks of one entry.
type entry struct {
	in   *bufio.Reader
	left uint64
	done bool
}

func (e *entry) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if e.left == 0 && !e.done {
		n, err := binary.ReadUvarint(e.in)
		if err != nil {
			return 0, cutOff(err)
		}
		e.left, e.done = n, n == 0
	}
	if e.done {
		return 0, io.EOF
	}
	n, err := e.in.Read(p[:min(uint64(len(p)), e.left)])
	e.left -= uint64(n)
	return n, cutOff(err)
}

// blobReader gives a file to the sink and remembers what went wrong, so that
// a sink cannot turn damage into something else.
type blobReader struct {
	ctx context.Context
	e   *entry
	sum hash.Hash
	n   int64
	err error
}

func (b *blobReader) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		b.err = err
		return 0, err
	}
	n, err := b.e.Read(p)
	b.sum.Write(p[:n])
	b.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// nowhere is the sink of Verify.
type nowhere struct{}

func (nowhere) Begin(context.Context, Contents) error                   { return nil }
func (nowhere) CreateTable(context.Context, Table) error                { return nil }
func (nowhere) InsertRows(context.Context, Table, []record.Value) error { return nil }
func (nowhere) Finish(context.Context, Summary) error                   { return nil }
func (nowhere) Abort()                                                  {}
func (nowhere) PutBlob(_ context.Context, _ string, r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}
