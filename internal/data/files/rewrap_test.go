package files_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

// newest is a ring of the newest key alone: what it opens needs no older one.
func newest(t *testing.T, ring *secrets.Keyring) *secrets.Keyring {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(string(ring.Encode())), "\n")
	k, err := secrets.Parse([]byte(lines[len(lines)-1]), nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// After a rotation every blob is sealed by the newest key, under its old name
// and with the same content; a damaged one stays and is told, the others go on.
func TestRewrap(t *testing.T) {
	l, dir, ring := open(t)
	contents := [][]byte{nil, []byte("a"), content(segment), content(3*segment + 7)}
	var blobs []files.Blob
	for _, c := range contents {
		blobs = append(blobs, put(t, l, c))
	}
	if n, err := l.Rewrap(t.Context()); n != 0 || err != nil {
		t.Fatalf("without a rotation: %d, %v", n, err)
	}
	bad := put(t, l, []byte("damaged"))
	path := filepath.Join(dir, bad.Name[:2], bad.Name[2:4], bad.Name)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[40] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}

	rotated := ring.Rotate()
	if l, err = files.OpenLocal(dir, rotated); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Rewrap(t.Context()); n != int64(len(blobs)) || errs.KeyOf(err) != "error.file_damaged" {
		t.Fatalf("%d, %v", n, err)
	}
	if n, _ := l.Rewrap(t.Context()); n != 0 {
		t.Errorf("%d were wrapped twice", n)
	}
	alone, err := files.OpenLocal(dir, newest(t, rotated))
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range blobs {
		if got, err := read(alone, b.Name); err != nil || !bytes.Equal(got, contents[i]) {
			t.Errorf("%d bytes of %d, %v", len(got), len(contents[i]), err)
		}
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, raw) {
		t.Error("what is damaged was touched")
	}
}
