package secrets_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

// seeded gives repeatable randomness.
func seeded(n byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{n}) }

func TestParse(t *testing.T) {
	one := bytes.Repeat([]byte{1}, 32)
	two := bytes.Repeat([]byte{0xfb}, 32)
	b1, b2 := base64.StdEncoding.EncodeToString(one), base64.StdEncoding.EncodeToString(two)
	for _, c := range []struct {
		name, text string
		keys       int
	}{
		{"raw", string(one), 1},
		{"base64", b1, 1},
		{"no padding", strings.TrimRight(b1, "="), 1},
		{"url alphabet", base64.URLEncoding.EncodeToString(two), 1},
		{"two by comma", b1 + "," + b2, 2},
		{"lines and remarks", "# keys\r\n" + b1 + "\r\n\n" + b2 + "\n", 2},
		{"empty", "", 0},
		{"only remarks", "# nothing\n", 0},
		{"short", base64.StdEncoding.EncodeToString(one[:31]), 0},
		{"long", base64.StdEncoding.EncodeToString(append(one, 1)), 0},
		{"not base64", "correct horse battery staple", 0},
		{"listed twice", b1 + "\n" + b1, 0},
		{"one good one bad", b1 + "\nx", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, err := secrets.Parse([]byte(c.text), nil)
			if (err == nil) != (c.keys > 0) {
				t.Fatalf("error %v", err)
			}
			if err != nil {
				if len(c.text) > 8 && strings.Contains(err.Error(), c.text) {
					t.Fatal("the error shows the key")
				}
				return
			}
			if k.Len() != c.keys {
				t.Fatalf("%d keys", k.Len())
			}
			if !mustParse(t, k.Encode()).Same(k) {
				t.Fatal("Encode and Parse differ")
			}
		})
	}
}

func mustParse(t *testing.T, text []byte) *secrets.Keyring {
	t.Helper()
	k, err := secrets.Parse(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestLoadOrder(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	file, cred := filepath.Join(out, "k"), t.TempDir()
	keys := map[secrets.Origin]*secrets.Keyring{}
	for i, o := range []secrets.Origin{secrets.FromKeyFile, secrets.FromEnvironment, secrets.FromCredential, secrets.FromDataFolder} {
		keys[o] = secrets.New(seeded(byte(i)))
	}
	save := func(o secrets.Origin, path string) {
		if err := keys[o].Save(path); err != nil {
			t.Fatal(err)
		}
	}
	save(secrets.FromKeyFile, file)
	save(secrets.FromCredential, filepath.Join(cred, secrets.CredentialName))
	save(secrets.FromDataFolder, secrets.KeyPath(dir))

	o := secrets.Options{DataDir: dir, KeyFile: file, Env: string(keys[secrets.FromEnvironment].Encode()), CredentialsDir: cred}
	check := func(want secrets.Origin, beside bool) {
		t.Helper()
		k := load(t, o)
		s := k.Source()
		if s.Origin != want || s.BesideData != beside || s.Exposed || s.Created {
			t.Fatalf("source %+v, want %s", s, want)
		}
		if !k.Same(keys[want]) {
			t.Fatalf("%s: another key", want)
		}
	}
	check(secrets.FromKeyFile, false)
	o.KeyFile = ""
	check(secrets.FromEnvironment, false)
	o.Env = ""
	check(secrets.FromCredential, false)
	o.CredentialsDir = t.TempDir() // systemd gave other credentials only
	check(secrets.FromDataFolder, true)
}

func load(t *testing.T, o secrets.Options) *secrets.Keyring {
	t.Helper()
	k, err := secrets.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestFirstStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, err := secrets.Load(secrets.Options{DataDir: dir})
	wantKey(t, err, errs.Unavailable, "error.master_key_missing")

	first := load(t, secrets.Options{DataDir: dir, Create: true})
	if s := first.Source(); !s.Created || !s.BesideData || s.Exposed || s.Origin != secrets.FromDataFolder {
		t.Fatalf("source %+v", s)
	}
	info, err := os.Stat(secrets.KeyPath(dir))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	second := load(t, secrets.Options{DataDir: dir, Create: true})
	if second.Source().Created || !second.Same(first) {
		t.Fatal("the second start made another key")
	}
	if err := os.Chmod(secrets.KeyPath(dir), 0o644); err != nil {
		t.Fatal(err)
	}
	if !load(t, secrets.Options{DataDir: dir}).Source().Exposed {
		t.Fatal("a key that all may read is not reported")
	}
}

// A fault in the place that was named is an error; no other key is taken and
// none is made.
func TestFaultsAreNotStepedOver(t *testing.T) {
	dir := t.TempDir()
	if err := secrets.New(nil).Save(secrets.KeyPath(dir)); err != nil {
		t.Fatal(err)
	}
	_, err := secrets.Load(secrets.Options{DataDir: dir, KeyFile: filepath.Join(dir, "none"), Create: true})
	wantKey(t, err, errs.Unavailable, "error.master_key_missing")
	_, err = secrets.Load(secrets.Options{DataDir: dir, Env: "nonsense"})
	wantKey(t, err, errs.Unavailable, "error.master_key_invalid")
	if strings.Contains(err.Error(), "nonsense") {
		t.Fatal("the error shows the key")
	}
	if err := os.WriteFile(secrets.KeyPath(dir), []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = secrets.Load(secrets.Options{DataDir: dir, Create: true})
	wantKey(t, err, errs.Unavailable, "error.master_key_invalid")
}

func wantKey(t *testing.T, err error, code errs.Code, key string) {
	t.Helper()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Code != code || e.Key != key {
		t.Fatalf("error %v, want %s %s", err, code, key)
	}
}

func TestSourceFollowsLinks(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	file := filepath.Join(out, "k")
	if err := secrets.New(nil).Save(file); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if load(t, secrets.Options{DataDir: dir, KeyFile: link}).Source().BesideData {
		t.Fatal("a link to elsewhere counts as beside the data")
	}
	alias := filepath.Join(out, "alias")
	if err := os.Symlink(dir, alias); err != nil {
		t.Fatal(err)
	}
	inner := filepath.Join(dir, "sub", "k")
	if err := secrets.New(nil).Save(inner); err != nil {
		t.Fatal(err)
	}
	if !load(t, secrets.Options{DataDir: alias, KeyFile: inner}).Source().BesideData {
		t.Fatal("the data folder by another name is not seen")
	}
}

func TestRotate(t *testing.T) {
	old := secrets.New(seeded(1))
	sealed := old.Seal("field", []byte("secret"), nil)
	mac := old.MAC("audit", []byte("row"))
	ring := old.Rotate()
	if ring.Len() != 2 || old.Len() != 1 || ring.KeyID() == old.KeyID() {
		t.Fatal("not one key more")
	}
	if got, err := ring.Open("field", sealed, nil); err != nil || string(got) != "secret" {
		t.Fatalf("old value: %q, %v", got, err)
	}
	if !ring.Stale(sealed) || ring.Stale(ring.Seal("field", nil, nil)) {
		t.Fatal("Stale is wrong")
	}
	if !ring.CheckMAC("audit", []byte("row"), mac) {
		t.Fatal("old MAC refused")
	}
	if _, err := old.Open("field", ring.Seal("field", nil, nil), nil); !errors.Is(err, secrets.ErrUnknownKey) {
		t.Fatalf("error %v", err)
	}
	if old.CheckMAC("audit", nil, ring.MAC("audit", nil)) {
		t.Fatal("MAC by an unknown key accepted")
	}
	indexes := ring.BlindIndexes("phone", "13800138000")
	if !bytes.Equal(indexes[1], old.BlindIndex("phone", "13800138000")) || !bytes.Equal(indexes[0], ring.BlindIndex("phone", "13800138000")) {
		t.Fatal("indexes are not newest first")
	}
	if subs := ring.Subs("cookie"); subs[0] != ring.Sub("cookie") || subs[1] != old.Sub("cookie") {
		t.Fatal("subs are not newest first")
	}
	if !mustParse(t, ring.Encode()).Same(ring) {
		t.Fatal("the file form loses a key")
	}
}

func TestManyGoroutines(t *testing.T) {
	k := secrets.New(nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			class := string(rune('a' + i%3))
			for range 50 {
				got, err := k.Open(class, k.Seal(class, []byte(class), nil), nil)
				if err != nil || string(got) != class {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

func TestNoRandomnessStops(t *testing.T) {
	k, err := secrets.Parse(bytes.Repeat([]byte{1}, 32), broken{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Fatal("sealed with a guessable nonce")
		}
	}()
	k.Seal("x", nil, nil)
}
