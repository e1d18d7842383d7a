package files

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// List is Store.List. Files that are not ours are passed over.
func (l *Local) List(ctx context.Context, fn func(name string) error) error {
	tops, err := os.ReadDir(l.dir)
	if err != nil {
		return err
	}
	for _, top := range tops {
		if !isPair(top) {
			continue
		}
		subs, err := os.ReadDir(filepath.Join(l.dir, top.Name()))
		if err != nil {
			return err
		}
		for _, sub := range subs {
			if !isPair(sub) {
				continue
			}
			if err := l.listFolder(ctx, top.Name()+sub.Name(), fn); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Local) listFolder(ctx context.Context, prefix string, fn func(string) error) error {
	entries, err := os.ReadDir(filepath.Join(l.dir, prefix[:2], prefix[2:]))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := e.Name()
		if !isName(name) || name[:len(prefix)] != prefix {
			continue
		}
		if err := fn(name); err != nil {
			return err
		}
	}
	return nil
}

func isPair(e fs.DirEntry) bool { return e.IsDir() && len(e.Name()) == 2 }

// Protect is Store.Protect.
func (l *Local) Protect() (release func()) {
	l.mu.Lock()
	l.protected++
	l.mu.Unlock()
	return sync.OnceFunc(func() {
		l.mu.Lock()
		l.protected--
		l.mu.Unlock()
	})
}

var errPaused = errors.New("files: protected")

// Sweep is Store.Sweep. Age and protection are looked at again under the lock
// that Put's rename takes, so content put anew in this moment stays.
func (l *Local) Sweep(ctx context.Context, referenced func(name string) (bool, error), before time.Time) (Swept, error) {
	var s Swept
	err := l.List(ctx, func(name string) error {
		if l.younger(name, before) {
			s.Kept++
			return nil
		}
		used, err := referenced(name)
		if err != nil {
			return err
		}
		if used {
			s.Kept++
			return nil
		}
		freed, removed, err := l.removeOlder(name, before)
		switch {
		case err != nil:
			return err
		case removed:
			s.Removed++
			s.Freed += freed
		default:
			s.Kept++
		}
		return nil
	})
	if errors.Is(err, errPaused) {
		s.Paused, err = true, nil
	}
	return s, err
}

// younger spares the question whether a fresh blob is referenced.
func (l *Local) younger(name string, before time.Time) bool {
	info, err := os.Stat(l.path(name))
	return err == nil && !info.ModTime().Before(before)
}

func (l *Local) removeOlder(name string, before time.Time) (freed int64, removed bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.protected > 0 {
		return 0, false, errPaused
	}
	info, err := os.Stat(l.path(name))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
		return 0, false, nil
	}
	if err == nil {
		err = os.Remove(l.path(name))
	}
	if err != nil {
		return 0, false, err
	}
	return info.Size(), true, nil
}
