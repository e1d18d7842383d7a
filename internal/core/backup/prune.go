package backup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/durable"
)

const (
	namePrefix = "guanxi-"
	nameTime   = "20060102-150405"
	// Ending is the ending of a backup's file name.
	Ending = ".gxbackup"
)

// FileName is the name of a daily backup: guanxi-YYYYMMDD-HHMMSS.gxbackup, in
// the time zone of t.
func FileName(t time.Time) string { return namePrefix + t.Format(nameTime) + Ending }

// Prune keeps the newest keep daily backups of a folder, by the time in their
// names, and removes older ones and what interrupted runs left before the
// newest. Files of any other name are never touched; keep ≤ 0 keeps all. It
// gives the names it removed.
func Prune(dir string, keep int) (removed []string, err error) {
	if keep <= 0 {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var whole, partial []string
	for _, e := range entries {
		switch name := e.Name(); {
		case !e.Type().IsRegular():
		case isDaily(name):
			whole = append(whole, name)
		case isDaily(strings.TrimSuffix(name, Partial)):
			partial = append(partial, name)
		}
	}
	slices.Sort(whole)
	old := whole[:max(0, len(whole)-keep)]
	for _, name := range partial {
		if len(whole) > 0 && name < whole[len(whole)-1] {
			old = append(old[:len(old):len(old)], name)
		}
	}
	for _, name := range old {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return removed, err
		}
		removed = append(removed, name)
	}
	if len(removed) == 0 {
		return nil, nil
	}
	return removed, durable.SyncDir(dir)
}

func isDaily(name string) bool {
	stamp, ok := strings.CutPrefix(name, namePrefix)
	if !ok {
		return false
	}
	if stamp, ok = strings.CutSuffix(stamp, Ending); !ok {
		return false
	}
	t, err := time.Parse(nameTime, stamp)
	return err == nil && t.Format(nameTime) == stamp
}
