package secrets_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

const sealedSegment = secrets.SegmentSize + 16

func content(n int) []byte {
	b := make([]byte, n)
	seeded(77).Read(b)
	return b
}

func sealStream(t *testing.T, key secrets.StreamKey, plain []byte, piece int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := secrets.NewSegmentWriter(&out, key)
	for rest := plain; len(rest) > 0; {
		n := min(piece, len(rest))
		if m, err := w.Write(rest[:n]); m != n || err != nil {
			t.Fatal(m, err)
		}
		rest = rest[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte{1}); err == nil {
		t.Fatal("written after Close")
	}
	return out.Bytes()
}

func openStream(key secrets.StreamKey, sealed []byte) (*secrets.SegmentReader, error) {
	return secrets.NewSegmentReader(bytes.NewReader(sealed), 0, int64(len(sealed)), key)
}

func readStream(key secrets.StreamKey, sealed []byte) ([]byte, error) {
	r, err := openStream(key, sealed)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestStreamSizes(t *testing.T) {
	const s = secrets.SegmentSize
	key := secrets.New(seeded(1)).NewStreamKey()
	for _, n := range []int{0, 1, 100, s - 1, s, s + 1, 2*s - 1, 2 * s, 3*s + 7} {
		for _, piece := range []int{s, s + 1, 1000, 10 * s} {
			t.Run(fmt.Sprint(n, "/", piece), func(t *testing.T) {
				plain := content(n)
				sealed := sealStream(t, key, plain, piece)
				r, err := openStream(key, sealed)
				if err != nil || r.Size() != int64(n) {
					t.Fatalf("size %v", err)
				}
				if err := iotest.TestReader(r, plain); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

func TestStreamRanges(t *testing.T) {
	plain := content(5*secrets.SegmentSize + 123)
	key := secrets.New(seeded(1)).NewStreamKey()
	r, err := openStream(key, sealStream(t, key, plain, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(seeded(5))
	for range 300 {
		from := rnd.IntN(len(plain))
		to := from + rnd.IntN(min(len(plain)-from, 200_000)+1)
		got := make([]byte, to-from)
		if _, err := r.Seek(int64(from), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(r, got); err != nil && to > from {
			t.Fatal(err)
		}
		if !bytes.Equal(got, plain[from:to]) {
			t.Fatalf("%d to %d by Read", from, to)
		}
		clear(got)
		if _, err := r.ReadAt(got, int64(from)); err != nil || !bytes.Equal(got, plain[from:to]) {
			t.Fatalf("%d to %d by ReadAt: %v", from, to, err)
		}
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Fatal("seek before the start")
	}
}

// counting counts the bytes that are read below.
type counting struct {
	*bytes.Reader
	n int
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	c.n += len(p)
	return c.Reader.ReadAt(p, off)
}

func TestRangeReadsOnlyItsSegments(t *testing.T) {
	plain := content(50 * secrets.SegmentSize)
	key := secrets.New(seeded(1)).NewStreamKey()
	sealed := sealStream(t, key, plain, 1<<20)
	c := &counting{Reader: bytes.NewReader(sealed)}
	r, err := secrets.NewSegmentReader(c, 0, int64(len(sealed)), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ReadAt(make([]byte, 1000), 20*secrets.SegmentSize-500); err != nil {
		t.Fatal(err)
	}
	if c.n != 3*sealedSegment { // the last one at opening, two for the range
		t.Fatalf("read %d bytes for 1,000", c.n)
	}
}

func TestStreamEveryBit(t *testing.T) {
	key := secrets.New(seeded(1)).NewStreamKey()
	for _, n := range []int{0, 40} {
		sealed := sealStream(t, key, content(n), 1<<20)
		for bit := range len(sealed) * 8 {
			b := bytes.Clone(sealed)
			b[bit/8] ^= 1 << (bit % 8)
			if _, err := readStream(key, b); !errors.Is(err, secrets.ErrDamaged) {
				t.Fatalf("bit %d: %v", bit, err)
			}
		}
	}
}

func TestStreamRearranged(t *testing.T) {
	key := secrets.New(seeded(1)).NewStreamKey()
	sealed := sealStream(t, key, content(3*secrets.SegmentSize+10), 1<<20)
	seg := func(i int) []byte { return sealed[i*sealedSegment : min((i+1)*sealedSegment, len(sealed))] }
	other := sealStream(t, secrets.New(seeded(2)).NewStreamKey(), content(3*secrets.SegmentSize+10), 1<<20)
	bad := map[string][]byte{
		"swapped":        bytes.Join([][]byte{seg(1), seg(0), seg(2), seg(3)}, nil),
		"dropped":        bytes.Join([][]byte{seg(0), seg(2), seg(3)}, nil),
		"repeated":       bytes.Join([][]byte{seg(0), seg(0), seg(1), seg(2), seg(3)}, nil),
		"appended":       bytes.Join([][]byte{sealed, {0}}, nil),
		"appended self":  bytes.Join([][]byte{sealed, sealed}, nil),
		"other stream":   other,
		"mixed streams":  bytes.Join([][]byte{other[:sealedSegment], sealed[sealedSegment:]}, nil),
		"no last":        sealed[:3*sealedSegment],
		"only last":      seg(3),
		"empty":          nil,
		"full plus none": bytes.Join([][]byte{sealed[:3*sealedSegment], seg(3)[:16]}, nil),
	}
	for i := range 4 {
		for d := -1; d <= 1; d++ {
			if n := i*sealedSegment + d; n >= 0 {
				bad[fmt.Sprint("cut at ", n)] = sealed[:n]
			}
		}
	}
	bad["cut by one"] = sealed[:len(sealed)-1]
	for name, b := range bad {
		if _, err := readStream(key, b); !errors.Is(err, secrets.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*secrets.StreamKey){
		"key":    func(k *secrets.StreamKey) { k.Key[0] ^= 1 },
		"prefix": func(k *secrets.StreamKey) { k.Prefix[0] ^= 1 },
		"aad":    func(k *secrets.StreamKey) { k.AAD = []byte("x") },
	} {
		k := key
		change(&k)
		if _, err := readStream(k, sealed); !errors.Is(err, secrets.ErrDamaged) {
			t.Errorf("other %s: %v", name, err)
		}
	}
}

// Faults of the disk are told as such, not as damage.
func TestStreamDiskFault(t *testing.T) {
	key := secrets.New(seeded(1)).NewStreamKey()
	sealed := sealStream(t, key, content(100), 1<<20)
	_, err := secrets.NewSegmentReader(faulty{}, 0, int64(len(sealed)), key)
	if !errors.Is(err, errDisk) || errors.Is(err, secrets.ErrDamaged) {
		t.Fatal(err)
	}
	w := secrets.NewSegmentWriter(faulty{}, key)
	w.Write(content(10))
	if err := w.Close(); !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
}

var errDisk = errors.New("disk")

type faulty struct{}

func (faulty) ReadAt([]byte, int64) (int, error) { return 0, errDisk }
func (faulty) Write([]byte) (int, error)         { return 0, errDisk }

func BenchmarkSeal(b *testing.B) {
	k := secrets.New(nil)
	plain := content(100)
	for b.Loop() {
		k.Seal("field", plain, nil)
	}
}

func BenchmarkStream(b *testing.B) {
	key := secrets.New(nil).NewStreamKey()
	plain := content(1 << 20)
	b.SetBytes(1 << 20)
	for b.Loop() {
		w := secrets.NewSegmentWriter(io.Discard, key)
		w.Write(plain)
		w.Close()
	}
}
