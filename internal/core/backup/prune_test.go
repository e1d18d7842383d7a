package backup_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/backup"
)

func TestFileName(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	if got := backup.FileName(time.Date(2026, 1, 2, 3, 4, 5, 6, shanghai)); got != "guanxi-20260102-030405.gxbackup" {
		t.Fatal(got)
	}
}

func TestPrune(t *testing.T) {
	foreign := []string{
		"guanxi-before-upgrade.gxbackup", "guanxi-20260101-000000.gxbackup.old", "guanxi-20269901-000000.gxbackup",
		"guanxi-20260101-0000001.gxbackup", "xguanxi-20260101-000000.gxbackup", "notes.txt", "guanxi-20260101-000000", "other.gxbackup.partial",
	}
	const folderName = "guanxi-20250101-000000.gxbackup"
	daily := []string{
		"guanxi-20251231-235959.gxbackup", "guanxi-20260101-000000.gxbackup", "guanxi-20260102-020000.gxbackup",
		"guanxi-20260103-020000.gxbackup", "guanxi-20260103-140000.gxbackup",
	}
	stale, running := "guanxi-20260102-120000.gxbackup.partial", "guanxi-20260104-020000.gxbackup.partial"
	for _, c := range []struct {
		keep    int
		removed []string
	}{
		{0, nil}, {-1, nil}, {5, []string{stale}}, {99, []string{stale}},
		{2, []string{daily[0], daily[1], daily[2], stale}}, {1, append(slices.Clone(daily[:4]), stale)},
	} {
		dir := t.TempDir()
		all := slices.Concat(foreign, daily, []string{stale, running})
		for _, name := range all {
			if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Mkdir(filepath.Join(dir, folderName), 0o700); err != nil {
			t.Fatal(err)
		}
		removed, err := backup.Prune(dir, c.keep)
		if err != nil || !slices.Equal(removed, c.removed) {
			t.Fatalf("keep %d removed %v, %v", c.keep, removed, err)
		}
		for _, name := range append(all, folderName) {
			_, err := os.Stat(filepath.Join(dir, name))
			if gone := err != nil; gone != slices.Contains(c.removed, name) {
				t.Errorf("keep %d: %s gone %v", c.keep, name, gone)
			}
		}
	}
	if _, err := backup.Prune(filepath.Join(t.TempDir(), "none"), 1); err == nil {
		t.Fatal("a folder that is not there")
	}
}
