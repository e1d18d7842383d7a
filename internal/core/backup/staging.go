package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/errs"
)

const (
	stagingDir = "restoring"
	wholeMark  = "WHOLE" // in stagingDir once everything there is verified and on disk
)

// Staging is a data folder that is being restored: everything is built in a
// folder inside of it (it may be a mount point that cannot be renamed) and
// moved up when it is whole. A crash leaves either nothing of the restored
// data in place, or a mark with which FinishStaging completes the move.
type Staging struct{ dir, tmp string }

// Stage begins a restore into dir, which must hold nothing but the named
// files (the lock and socket of the running command): Conflict
// "error.restore_not_empty". What an interrupted restore left is cleared.
func Stage(dir string, besides ...string) (*Staging, error) {
	if err := durable.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &Staging{dir: dir, tmp: filepath.Join(dir, stagingDir)}
	if s.whole() {
		return nil, errs.New(errs.Conflict, "error.restore_not_empty", "dir", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Name() != stagingDir && !slices.Contains(besides, e.Name()) {
			return nil, errs.New(errs.Conflict, "error.restore_not_empty", "dir", dir)
		}
	}
	if err := os.RemoveAll(s.tmp); err != nil {
		return nil, err
	}
	return s, durable.MkdirAll(s.tmp, 0o700)
}

// Dir is where the restored folder is built.
func (s *Staging) Dir() string { return s.tmp }

// Commit puts everything in place. Files must be closed and synced.
func (s *Staging) Commit() error {
	if err := syncFolders(s.tmp); err != nil {
		return err
	}
	if err := durable.CreateFile(filepath.Join(s.tmp, wholeMark), nil, 0o600); err != nil {
		return err
	}
	return s.moveUp()
}

// Abort throws the staged folder away; after Commit began it does nothing.
func (s *Staging) Abort() {
	if !s.whole() {
		os.RemoveAll(s.tmp)
	}
}

// FinishStaging is called before a data folder is opened. It completes a
// restore that was cut off while being put in place; one that was cut off
// earlier is told: Conflict "error.restore_unfinished".
func FinishStaging(dir string) error {
	s := &Staging{dir: dir, tmp: filepath.Join(dir, stagingDir)}
	if s.whole() {
		return s.moveUp()
	}
	// An empty folder holds nothing that could be lost: the end of moveUp, or
	// a restore that received nothing.
	if err := os.Remove(s.tmp); err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errs.New(errs.Conflict, "error.restore_unfinished", "dir", s.tmp)
}

func (s *Staging) whole() bool {
	_, err := os.Lstat(filepath.Join(s.tmp, wholeMark))
	return err == nil
}

// moveUp may be repeated until it is through: the mark goes last.
func (s *Staging) moveUp() error {
	entries, err := os.ReadDir(s.tmp)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == wholeMark {
			continue
		}
		to := filepath.Join(s.dir, e.Name())
		if _, err := os.Lstat(to); err == nil {
			return &fs.PathError{Op: "restore", Path: to, Err: fs.ErrExist}
		}
		if err := os.Rename(filepath.Join(s.tmp, e.Name()), to); err != nil {
			return err
		}
	}
	if err := durable.SyncDir(s.dir); err != nil {
		return err
	}
	if err := os.RemoveAll(s.tmp); err != nil {
		return err
	}
	return durable.SyncDir(s.dir)
}

func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return durable.SyncDir(path)
	})
}
