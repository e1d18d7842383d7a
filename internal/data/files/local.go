package files

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

const tmpDir = "tmp"

// Local keeps blobs in a folder: aa/bb/aabb….
type Local struct {
	dir  string
	ring *secrets.Keyring

	mu        sync.Mutex // a rename into place against a removal
	protected int
}

var _ Store = (*Local)(nil)

// OpenLocal opens the store in dir (made when missing) and clears what a crash
// left in its tmp folder. Only one process may have it open: the lock of the
// data folder sees to that.
func OpenLocal(dir string, ring *secrets.Keyring) (*Local, error) {
	tmp := filepath.Join(dir, tmpDir)
	if err := os.RemoveAll(tmp); err != nil {
		return nil, err
	}
	if err := durable.MkdirAll(tmp, 0o700); err != nil {
		return nil, err
	}
	return &Local{dir: dir, ring: ring}, nil
}

func (l *Local) path(name string) string { return filepath.Join(l.dir, name[:2], name[2:4], name) }

// Put is Store.Put.
func (l *Local) Put(ctx context.Context, r io.Reader, limit int64) (Blob, error) {
	f, err := os.CreateTemp(filepath.Join(l.dir, tmpDir), "put-*")
	if err != nil {
		return Blob{}, err
	}
	defer discard(f)
	key := l.ring.NewStreamKey()
	blob, err := l.encrypt(ctx, f, r, key, limit)
	if err != nil {
		return Blob{}, err
	}
	if _, err := f.WriteAt(encodeHeader(l.ring, key, blob.Name), 0); err != nil {
		return Blob{}, err
	}
	return blob, l.place(f, blob.Name)
}

// encrypt writes the stream of r into f behind the place of the header.
func (l *Local) encrypt(ctx context.Context, f *os.File, r io.Reader, key secrets.StreamKey, limit int64) (Blob, error) {
	if _, err := f.Seek(int64(headerSize), io.SeekStart); err != nil {
		return Blob{}, err
	}
	out := secrets.NewSegmentWriter(f, key)
	sum := sha256.New()
	in := io.Reader(&cancelled{ctx, r})
	if limit > 0 {
		in = io.LimitReader(in, limit+1)
	}
	n, err := io.CopyBuffer(io.MultiWriter(sum, out), in, make([]byte, secrets.SegmentSize))
	if err != nil {
		return Blob{}, err
	}
	if limit > 0 && n > limit {
		return Blob{}, errs.New(errs.TooLarge, "error.file_too_large", "max", strconv.FormatInt(limit, 10))
	}
	if err := out.Close(); err != nil {
		return Blob{}, err
	}
	b := Blob{Size: n, SHA256: [32]byte(sum.Sum(nil))}
	b.Name = nameOf(l.ring, b.SHA256)
	return b, nil
}

// place syncs f and moves it to its name, over one of the same content: that
// renews its age, and mends it if it was damaged.
func (l *Local) place(f *os.File, name string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	path := l.path(name)
	if err := durable.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	l.mu.Lock()
	err := os.Rename(f.Name(), path)
	l.mu.Unlock()
	if err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(path))
}

// discard closes and removes a temporary file that was not placed.
func discard(f *os.File) {
	f.Close()
	os.Remove(f.Name())
}

// Open is Store.Open.
func (l *Local) Open(_ context.Context, name string) (Content, error) {
	f, size, err := l.open(name)
	if err != nil {
		return nil, err
	}
	s, err := openStored(l.ring, f, size, name)
	if err != nil {
		f.Close()
		return nil, damaged(name, err)
	}
	return &content{s, f, name}, nil
}

func (l *Local) open(name string) (*os.File, int64, error) {
	if !isName(name) {
		return nil, 0, missing(name, nil)
	}
	f, err := os.Open(l.path(name))
	if err != nil {
		return nil, 0, missing(name, err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// Has is Store.Has.
func (l *Local) Has(_ context.Context, name string) (bool, error) {
	if !isName(name) {
		return false, nil
	}
	_, err := os.Stat(l.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Remove is Store.Remove.
func (l *Local) Remove(_ context.Context, name string) error {
	if !isName(name) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	err := os.Remove(l.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// OpenRaw is Store.OpenRaw.
func (l *Local) OpenRaw(_ context.Context, name string) (io.ReadCloser, error) {
	f, _, err := l.open(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// PutRaw is Store.PutRaw.
func (l *Local) PutRaw(ctx context.Context, name string, r io.Reader) error {
	if !isName(name) {
		return errs.New(errs.Invalid, "error.file_damaged", "name", name)
	}
	f, err := os.CreateTemp(filepath.Join(l.dir, tmpDir), "raw-*")
	if err != nil {
		return err
	}
	defer discard(f)
	w := bufio.NewWriterSize(f, secrets.SegmentSize)
	size, err := io.Copy(w, &cancelled{ctx, r})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return err
	}
	if _, err := openStored(l.ring, f, size, name); err != nil {
		return damaged(name, err)
	}
	return l.place(f, name)
}

// Verify reads a whole blob and compares content and name: Internal
// "error.file_damaged".
func (l *Local) Verify(ctx context.Context, name string) error {
	c, err := l.Open(ctx, name)
	if err != nil {
		return err
	}
	defer c.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, &cancelled{ctx, c}); err != nil {
		return err
	}
	if !isNameOf(l.ring, name, [32]byte(sum.Sum(nil))) {
		return damaged(name, secrets.ErrDamaged)
	}
	return nil
}

// content is an open blob.
type content struct {
	*secrets.SegmentReader
	f    *os.File
	name string
}

func (c *content) Read(p []byte) (int, error) {
	n, err := c.SegmentReader.Read(p)
	return n, damaged(c.name, err)
}

func (c *content) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.SegmentReader.ReadAt(p, off)
	return n, damaged(c.name, err)
}

func (c *content) Close() error { return c.f.Close() }

// damaged turns what secrets found into an error for a person and leaves
// others (end of file, faults of the disk) as they are.
func damaged(name string, err error) error {
	if errors.Is(err, secrets.ErrDamaged) || errors.Is(err, secrets.ErrUnknownKey) {
		return errs.New(errs.Internal, "error.file_damaged", "name", name).With(err)
	}
	return err
}

func missing(name string, err error) error {
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.NotFound, "error.file_missing", "name", name).With(err)
	}
	return err
}

// cancelled stops a copy when its context ends.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
