package files

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

// Rewrap is Store.Rewrap. A blob is copied behind its new header and put in its
// place as a whole: a header written over the old one could be torn, and with it
// the only key of the content would be lost. One that does not open stays as it
// is and is told at the end.
func (l *Local) Rewrap(ctx context.Context) (rewrapped int64, err error) {
	var failed error
	err = l.List(ctx, func(name string) error {
		done, err := l.rewrap(ctx, name)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if done {
			rewrapped++
		}
		if err != nil && !errs.Is(err, errs.NotFound) { // removed meanwhile
			failed = errors.Join(failed, err)
		}
		return nil
	})
	return rewrapped, errors.Join(err, failed)
}

func (l *Local) rewrap(ctx context.Context, name string) (done bool, err error) {
	old, size, err := l.open(name)
	if err != nil {
		return false, err
	}
	defer old.Close()
	key, err := staleKey(l.ring, old, size, name)
	if err != nil || key == nil {
		return false, damaged(name, err)
	}
	f, err := os.CreateTemp(filepath.Join(l.dir, tmpDir), "wrap-*")
	if err != nil {
		return false, err
	}
	defer discard(f)
	if _, err := f.Write(encodeHeader(l.ring, *key, name)); err != nil {
		return false, err
	}
	if _, err := io.Copy(f, &cancelled{ctx, io.NewSectionReader(old, int64(headerSize), size-int64(headerSize))}); err != nil {
		return false, err
	}
	return true, l.place(f, name)
}

// staleKey gives the key of a stored file that is sealed by an older master
// key, nil for one that is sealed by the newest.
func staleKey(ring *secrets.Keyring, r io.ReaderAt, size int64, name string) (*secrets.StreamKey, error) {
	head, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	if !ring.Stale(head[len(magic)+secrets.PrefixSize:]) {
		return nil, nil
	}
	key, err := openHeader(ring, head, name)
	return &key, err
}
