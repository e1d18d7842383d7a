package backup_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/backup"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

// tamper restores a changed copy and expects a refusal before Finish.
type tamper struct {
	made
	path string
	raw  []byte
}

func damageable(t *testing.T, src *memory) *tamper {
	t.Helper()
	m := write(t, src)
	raw, err := os.ReadFile(m.path)
	if err != nil {
		t.Fatal(err)
	}
	return &tamper{m, filepath.Join(t.TempDir(), "bad.gxbackup"), raw}
}

func (d *tamper) refused(t *testing.T, what string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(d.path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	sink := &memory{}
	_, err := backup.Restore(t.Context(), d.path, backup.Key{Keyring: d.ring}, sink, backup.RestoreOptions{})
	if err == nil || sink.finished || sink.aborted != 1 {
		t.Fatalf("%s: accepted (%v)", what, err)
	}
	switch key(err) {
	case "error.backup_damaged", "error.backup_foreign", "error.backup_newer":
	default:
		t.Fatalf("%s: told as %v", what, err)
	}
}

// streamStart is where the encrypted part begins.
func (d *tamper) streamStart() int {
	return 8 + int(d.raw[4])<<24 + int(d.raw[5])<<16 + int(d.raw[6])<<8 + int(d.raw[7]) + 32
}

func TestOneBitAnywhere(t *testing.T) {
	d := damageable(t, sample(5, 2, 100))
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range d.raw {
		bad := bytes.Clone(d.raw)
		bad[i] ^= 1 << rnd.IntN(8)
		d.refused(t, fmt.Sprint("byte ", i), bad)
	}
	t.Logf("%d bytes, one random bit of each", len(d.raw))
}

func TestOneBitOfALargeBackup(t *testing.T) {
	d := damageable(t, sample(2000, 4, 100_000))
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		bit := rnd.IntN(len(d.raw) * 8)
		bad := bytes.Clone(d.raw)
		bad[bit/8] ^= 1 << (bit % 8)
		d.refused(t, fmt.Sprint("bit ", bit), bad)
	}
}

func TestCutAppendedRearranged(t *testing.T) {
	d := damageable(t, sample(2000, 4, 70_000))
	const segment = secrets.SegmentSize + 16
	start := d.streamStart()
	cuts := []int{0, 1, 3, 4, 7, 8, 9, start - 33, start - 32, start - 1, len(d.raw) - 1}
	for at := start; at < len(d.raw); at += segment {
		cuts = append(cuts, at-1, at, at+1, at+16, at+17)
	}
	for _, n := range cuts {
		d.refused(t, fmt.Sprint("cut at ", n), d.raw[:n])
	}
	t.Logf("%d cuts of %d bytes", len(cuts), len(d.raw))
	for _, n := range []int{1, 15, 16, 17, segment - 1, segment, segment + 1} {
		d.refused(t, fmt.Sprint("appended ", n), append(bytes.Clone(d.raw), make([]byte, n)...))
	}
	d.refused(t, "twice", append(bytes.Clone(d.raw), d.raw...))
	swapped := bytes.Clone(d.raw)
	copy(swapped[start:], d.raw[start+segment:start+2*segment])
	copy(swapped[start+segment:], d.raw[start:start+segment])
	d.refused(t, "segments swapped", swapped)
	d.refused(t, "segment dropped", append(bytes.Clone(d.raw[:start]), d.raw[start+segment:]...))
}

// The header of one backup on the body of another, by the same keys.
func TestForeignHeader(t *testing.T) {
	d := damageable(t, sample(5, 1, 10))
	m := d.made
	m.options.Info.AppVersion = "9.9.9"
	if _, err := backup.Write(t.Context(), sample(5, 1, 10), m.path, m.options); err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(m.path)
	if err != nil {
		t.Fatal(err)
	}
	front := (&tamper{raw: other}).streamStart()
	d.refused(t, "exchanged header", append(bytes.Clone(other[:front]), d.raw[d.streamStart():]...))
}

// Whoever changes the header makes its checksum fit; the stream tells.
func TestForgedHeader(t *testing.T) {
	d := damageable(t, sample(5, 1, 10))
	end := d.streamStart() - sha256.Size
	head := bytes.Replace(d.raw[:end], []byte(`"data_version":7`), []byte(`"data_version":6`), 1)
	if bytes.Equal(head, d.raw[:end]) {
		t.Fatal("nothing changed")
	}
	sum := sha256.Sum256(head)
	d.refused(t, "forged header", append(append(head, sum[:]...), d.raw[end+sha256.Size:]...))
}

// A sink that ignores the fault it was given cannot finish either, and one
// that calls it something else does not hide it.
func TestSinkThatSwallowsFaults(t *testing.T) {
	d := damageable(t, sample(5, 1, 500_000))
	bad := bytes.Clone(d.raw)
	bad[len(bad)/2] ^= 1
	if err := os.WriteFile(d.path, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, fail := range []string{"swallow", "own"} {
		sink := &memory{fail: fail}
		_, err := backup.Restore(t.Context(), d.path, backup.Key{Keyring: d.ring}, sink, backup.RestoreOptions{})
		if key(err) != "error.backup_damaged" || sink.finished || sink.aborted != 1 {
			t.Fatalf("%s: %v", fail, err)
		}
	}
	sink := &memory{}
	_, err := backup.Restore(t.Context(), d.path, backup.Key{Keyring: d.ring}, sink, backup.RestoreOptions{VerifyFirst: true})
	if key(err) != "error.backup_damaged" || sink.calls != 0 || sink.aborted != 1 {
		t.Fatalf("with VerifyFirst the sink saw %d calls and was aborted %d times: %v", sink.calls, sink.aborted, err)
	}
}
