package backup_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/backup"
)

func fill(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func holds(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Fatalf("holds %v, want %v", got, want)
	}
}

func stage(t *testing.T, dir string) *backup.Staging {
	t.Helper()
	s, err := backup.Stage(dir, "lock")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStageCommit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	fill(t, dir, "lock")
	s := stage(t, dir)
	fill(t, s.Dir(), "guanxi.db", "files/aa/x", "secret/master.key")
	holds(t, dir, "lock", "restoring")
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	s.Abort()
	holds(t, dir, "files", "guanxi.db", "lock", "secret")
	if b, err := os.ReadFile(filepath.Join(dir, "files", "aa", "x")); err != nil || string(b) != "files/aa/x" {
		t.Fatal(err)
	}
	if err := backup.FinishStaging(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Stage(dir, "lock"); key(err) != "error.restore_not_empty" {
		t.Fatalf("staged over data: %v", err)
	}
}

func TestStageAbortAndInterruption(t *testing.T) {
	dir := t.TempDir()
	s := stage(t, dir)
	fill(t, s.Dir(), "guanxi.db")
	s.Abort()
	holds(t, dir)

	fill(t, stage(t, dir).Dir(), "guanxi.db") // and killed
	if err := backup.FinishStaging(dir); key(err) != "error.restore_unfinished" {
		t.Fatalf("half a restore is opened: %v", err)
	}
	s = stage(t, dir) // the next attempt begins anew
	holds(t, s.Dir())
	if err := backup.FinishStaging(dir); err != nil {
		t.Fatalf("nothing was received: %v", err)
	}
	holds(t, dir)
	if err := backup.FinishStaging(filepath.Join(dir, "none")); err != nil {
		t.Fatal(err)
	}
}

// Killed at any point of the move, the next start completes it.
func TestStageKilledWhileMoving(t *testing.T) {
	names := []string{"files/aa/x", "guanxi.db", "secret/master.key"}
	for moved := range 4 {
		dir := t.TempDir()
		s := stage(t, dir)
		fill(t, s.Dir(), names[moved:]...)
		fill(t, dir, names[:moved]...)
		fill(t, s.Dir(), "WHOLE")
		if _, err := backup.Stage(dir); key(err) != "error.restore_not_empty" {
			t.Fatalf("a whole restore would be thrown away: %v", err)
		}
		s.Abort()
		if err := backup.FinishStaging(dir); err != nil {
			t.Fatal(err)
		}
		holds(t, dir, "files", "guanxi.db", "secret")
	}
}

func TestStageNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	s := stage(t, dir)
	fill(t, s.Dir(), "guanxi.db")
	fill(t, dir, "guanxi.db") // appeared meanwhile
	if err := s.Commit(); err == nil {
		t.Fatal("overwrote a database")
	}
}
