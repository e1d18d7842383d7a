package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/files"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

const segment = secrets.SegmentSize

func content(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

func open(t *testing.T) (*files.Local, string, *secrets.Keyring) {
	t.Helper()
	dir, ring := t.TempDir(), secrets.New(nil)
	l, err := files.OpenLocal(dir, ring)
	if err != nil {
		t.Fatal(err)
	}
	return l, dir, ring
}

func put(t *testing.T, l *files.Local, b []byte) files.Blob {
	t.Helper()
	blob, err := l.Put(t.Context(), bytes.NewReader(b), 0)
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func read(l files.Store, name string) ([]byte, error) {
	c, err := l.Open(context.Background(), name)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return io.ReadAll(c)
}

func onDisk(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPutOpen(t *testing.T) {
	l, dir, _ := open(t)
	for _, n := range []int{0, 1, segment - 1, segment, segment + 1, 3*segment + 5} {
		b := content(n)
		blob := put(t, l, b)
		if blob.Size != int64(n) || blob.SHA256 != sha256.Sum256(b) || len(blob.Name) != 64 {
			t.Fatalf("%d: %+v", n, blob)
		}
		c, err := l.Open(t.Context(), blob.Name)
		if err != nil || c.Size() != int64(n) {
			t.Fatalf("%d: %v", n, err)
		}
		if err := iotest.TestReader(c, b); err != nil {
			t.Fatalf("%d: %v", n, err)
		}
		c.Close()
		if err := l.Verify(t.Context(), blob.Name); err != nil {
			t.Fatal(err)
		}
		if again := put(t, l, b); again != blob {
			t.Fatalf("put again: %+v", again)
		}
	}
	if paths := onDisk(t, dir); len(paths) != 6 {
		t.Fatalf("%d files for 6 contents", len(paths))
	}
}

func TestNothingIsClear(t *testing.T) {
	l, dir, ring := open(t)
	secret := []byte(strings.Repeat("合同机密 contract ", 100))
	blob := put(t, l, secret)
	for _, path := range onDisk(t, dir) {
		raw, err := os.ReadFile(path)
		if err != nil || bytes.Contains(raw, []byte("contract")) {
			t.Fatalf("clear text on disk, %v", err)
		}
		if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
			t.Fatalf("mode %v", info.Mode())
		}
	}
	if blob.Name == fmt.Sprintf("%x", sha256.Sum256(secret)) {
		t.Fatal("the name gives away the content")
	}
	other, _, _ := open(t)
	if put(t, other, secret).Name == blob.Name {
		t.Fatal("two installations give the same name")
	}
	rotated, err := files.OpenLocal(dir, ring.Rotate())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := read(rotated, blob.Name); err != nil || !bytes.Equal(got, secret) {
		t.Fatalf("after rotation: %v", err)
	}
	if err := rotated.Verify(t.Context(), blob.Name); err != nil {
		t.Fatalf("after rotation: %v", err)
	}
}

func TestRanges(t *testing.T) {
	l, _, _ := open(t)
	b := content(4*segment + 321)
	c, err := l.Open(t.Context(), put(t, l, b).Name)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, len(b)-1).Draw(t, "from")
		got := make([]byte, rapid.IntRange(1, len(b)-from).Draw(t, "len"))
		if _, err := c.ReadAt(got, int64(from)); err != nil || !bytes.Equal(got, b[from:from+len(got)]) {
			t.Fatalf("ReadAt: %v", err)
		}
		clear(got)
		c.Seek(int64(from), io.SeekStart)
		if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, b[from:from+len(got)]) {
			t.Fatalf("Read: %v", err)
		}
	})
}

// stored gives a blob's path and raw bytes.
func stored(t *testing.T, l *files.Local, dir string, b []byte) (name, path string, raw []byte) {
	t.Helper()
	name = put(t, l, b).Name
	path = filepath.Join(dir, name[:2], name[2:4], name)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return name, path, raw
}

func refused(t *testing.T, l *files.Local, name, path, what string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := read(l, name)
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Key != "error.file_damaged" {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestEveryBitOfASmallFile(t *testing.T) {
	l, dir, _ := open(t)
	name, path, raw := stored(t, l, dir, []byte("客户名单"))
	for bit := range len(raw) * 8 {
		bad := bytes.Clone(raw)
		bad[bit/8] ^= 1 << (bit % 8)
		refused(t, l, name, path, fmt.Sprint("bit ", bit), bad)
	}
	for n := range raw {
		refused(t, l, name, path, fmt.Sprint("cut at ", n), raw[:n])
	}
	t.Logf("%d bits, %d cuts", len(raw)*8, len(raw))
}

func TestDamageOfALargeFile(t *testing.T) {
	l, dir, _ := open(t)
	name, path, raw := stored(t, l, dir, content(3*segment+1000))
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		bit := rnd.IntN(len(raw) * 8)
		bad := bytes.Clone(raw)
		bad[bit/8] ^= 1 << (bit % 8)
		refused(t, l, name, path, fmt.Sprint("bit ", bit), bad)
	}
	header := len(raw) - (3*segment + 1000) - 4*16
	for i := range 4 {
		for d := -1; d <= 1; d++ {
			n := header + i*(segment+16) + d
			refused(t, l, name, path, fmt.Sprint("cut at ", n), raw[:n])
		}
	}
	refused(t, l, name, path, "appended", append(bytes.Clone(raw), 0))
	swapped := bytes.Clone(raw)
	copy(swapped[header:], raw[header+segment+16:header+2*(segment+16)])
	copy(swapped[header+segment+16:], raw[header:header+segment+16])
	refused(t, l, name, path, "segments swapped", swapped)
}

// One file under the name of another is refused, so nobody with access to the
// folder can exchange two contracts.
func TestExchangedFiles(t *testing.T) {
	l, dir, _ := open(t)
	name, path, _ := stored(t, l, dir, []byte("one"))
	_, _, two := stored(t, l, dir, []byte("two"))
	refused(t, l, name, path, "exchanged", two)
	put(t, l, []byte("one"))
	if got, err := read(l, name); err != nil || string(got) != "one" {
		t.Fatalf("putting the content again does not mend: %v", err)
	}
}

func TestUnknownNames(t *testing.T) {
	l, dir, _ := open(t)
	if err := os.WriteFile(filepath.Join(dir, "outside"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "outside", "../outside", strings.Repeat("a", 64), strings.Repeat("A", 64), strings.Repeat("../", 21) + "x", strings.Repeat("a", 63) + "/"} {
		if _, err := l.Open(t.Context(), name); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := l.OpenRaw(t.Context(), name); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q raw: %v", name, err)
		}
		if has, err := l.Has(t.Context(), name); has || err != nil {
			t.Errorf("%q: has %v, %v", name, has, err)
		}
		if err := l.Remove(t.Context(), name); err != nil {
			t.Errorf("%q: remove %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "outside")); err != nil {
		t.Fatal("removed by a name that is none")
	}
}

func TestRemove(t *testing.T) {
	l, _, _ := open(t)
	name := put(t, l, []byte("x")).Name
	if has, err := l.Has(t.Context(), name); !has || err != nil {
		t.Fatal(has, err)
	}
	if err := l.Remove(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if has, err := l.Has(t.Context(), name); has || err != nil {
		t.Fatal(has, err)
	}
}

func TestTooLargeAndFaultsLeaveNothing(t *testing.T) {
	l, dir, _ := open(t)
	if _, err := l.Put(t.Context(), bytes.NewReader(content(1000)), 1000); err != nil {
		t.Fatal(err)
	}
	_, err := l.Put(t.Context(), bytes.NewReader(content(1001)), 1000)
	if !errs.Is(err, errs.TooLarge) {
		t.Fatal(err)
	}
	broken := errors.New("line cut")
	if _, err := l.Put(t.Context(), io.MultiReader(bytes.NewReader(content(200_000)), iotest.ErrReader(broken)), 0); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := l.Put(ctx, io.MultiReader(bytes.NewReader(content(200_000)), cancelReader(cancel), bytes.NewReader(content(10))), 0); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if paths := onDisk(t, dir); len(paths) != 1 {
		t.Fatalf("left: %v", paths)
	}
}

type cancelReader context.CancelFunc

func (c cancelReader) Read([]byte) (int, error) { c(); return 0, io.EOF }

func TestCrashLeftoversAreCleared(t *testing.T) {
	l, dir, ring := open(t)
	name := put(t, l, []byte("kept")).Name
	for _, f := range []string{"put-1", "raw-2"} {
		if err := os.WriteFile(filepath.Join(dir, "tmp", f), content(10), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again, err := files.OpenLocal(dir, ring)
	if err != nil {
		t.Fatal(err)
	}
	if paths := onDisk(t, dir); len(paths) != 1 {
		t.Fatalf("left: %v", paths)
	}
	if got, err := read(again, name); err != nil || string(got) != "kept" {
		t.Fatal(err)
	}
}

func TestConcurrentPutsOfTheSame(t *testing.T) {
	l, dir, _ := open(t)
	same := content(segment + 9)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			blob, err := l.Put(t.Context(), bytes.NewReader(same), 0)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := read(l, blob.Name); err != nil || !bytes.Equal(got, same) {
				t.Errorf("read after put %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if paths := onDisk(t, dir); len(paths) != 1 {
		t.Fatalf("on disk: %v", paths)
	}
}

func TestRaw(t *testing.T) {
	l, _, ring := open(t)
	b := content(2*segment + 3)
	name := put(t, l, b).Name
	r, err := l.OpenRaw(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	r.Close()
	if err != nil {
		t.Fatal(err)
	}
	to, err := files.OpenLocal(t.TempDir(), ring)
	if err != nil {
		t.Fatal(err)
	}
	if err := to.PutRaw(t.Context(), name, bytes.NewReader(raw)); err != nil {
		t.Fatal(err)
	}
	if got, err := read(to, name); err != nil || !bytes.Equal(got, b) {
		t.Fatal(err)
	}
	other := name[:63] + "0"
	if name[63] == '0' {
		other = name[:63] + "1"
	}
	for what, err := range map[string]error{
		"other name": to.PutRaw(t.Context(), other, bytes.NewReader(raw)),
		"no name":    to.PutRaw(t.Context(), "../x", bytes.NewReader(raw)),
		"cut":        to.PutRaw(t.Context(), name, bytes.NewReader(raw[:len(raw)-1])),
		"empty":      to.PutRaw(t.Context(), name, bytes.NewReader(nil)),
	} {
		if e, ok := errors.AsType[*errs.Error](err); !ok || e.Key != "error.file_damaged" {
			t.Errorf("%s: %v", what, err)
		}
	}
	strange, _, _ := open(t)
	if err := strange.PutRaw(t.Context(), name, bytes.NewReader(raw)); err == nil {
		t.Error("accepted without the key")
	}
	if err := to.Verify(t.Context(), name); err != nil {
		t.Fatal(err)
	}
}

func TestListAndSweep(t *testing.T) {
	l, dir, _ := open(t)
	var names []string
	old := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	age := func(name string) {
		if err := os.Chtimes(filepath.Join(dir, name[:2], name[2:4], name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		name := put(t, l, content(i+1)).Name
		names = append(names, name)
		if i != 19 {
			age(name)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, names[0][:2], "README"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	list := func() (out []string) {
		if err := l.List(t.Context(), func(n string) error { out = append(out, n); return nil }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := list(); len(got) != 20 {
		t.Fatalf("lists %d", len(got))
	}
	used := func(name string) (bool, error) { return name == names[3], nil }
	limit := old.Add(time.Hour)

	release := l.Protect()
	if s, err := l.Sweep(t.Context(), used, limit); err != nil || !s.Paused || s.Removed != 0 || len(list()) != 20 {
		t.Fatalf("swept under protection: %+v, %v", s, err)
	}
	release()
	release() // a second call changes nothing
	// names[5] is put again while the sweep asks about it: it must stay.
	asked := func(name string) (bool, error) {
		if name == names[5] {
			put(t, l, content(6))
		}
		return used(name)
	}
	s, err := l.Sweep(t.Context(), asked, limit)
	if err != nil || s.Paused || s.Removed != 17 || s.Kept != 3 || s.Freed == 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	left := strings.Join(list(), " ")
	for _, i := range []int{3, 5, 19} {
		if !strings.Contains(left, names[i]) {
			t.Errorf("blob %d is gone", i)
		}
	}
	broken := errors.New("database away")
	age(names[5])
	if _, err := l.Sweep(t.Context(), func(string) (bool, error) { return false, broken }, limit); !errors.Is(err, broken) || len(list()) != 3 {
		t.Fatal("swept without knowing what is referenced")
	}
}

// A disk that fails is not "damaged", and a reader sees the fault.
func TestReadOnlyFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := files.OpenLocal(filepath.Join(file, "x"), secrets.New(nil)); err == nil {
		t.Fatal("opened inside a file")
	}
}

func BenchmarkPut(b *testing.B) {
	l, err := files.OpenLocal(b.TempDir(), secrets.New(nil))
	if err != nil {
		b.Fatal(err)
	}
	data := content(8 << 20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := l.Put(context.Background(), bytes.NewReader(data), 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenRange(b *testing.B) {
	l, err := files.OpenLocal(b.TempDir(), secrets.New(nil))
	if err != nil {
		b.Fatal(err)
	}
	blob, err := l.Put(context.Background(), bytes.NewReader(content(8<<20)), 0)
	if err != nil {
		b.Fatal(err)
	}
	p := make([]byte, 1000)
	for b.Loop() {
		c, err := l.Open(context.Background(), blob.Name)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.ReadAt(p, 3<<20); err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}
