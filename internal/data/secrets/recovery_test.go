package secrets_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

func TestPassphraseForm(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		p := secrets.NewPassphrase(nil)
		if len(p) != 35 || strings.Count(p, "-") != 5 || seen[p] {
			t.Fatalf("passphrase %q", p)
		}
		seen[p] = true
		if got, err := secrets.ParsePassphrase(p); err != nil || got != p {
			t.Fatalf("%q, %v", got, err)
		}
	}
	if again := secrets.NewPassphrase(seeded(1)); again != secrets.NewPassphrase(seeded(1)) {
		t.Fatal("randomness is not the injected one")
	}
}

func TestPassphraseTyping(t *testing.T) {
	p := secrets.NewPassphrase(seeded(3))
	for name, typed := range map[string]string{
		"lower case":   strings.ToLower(p),
		"no dashes":    strings.ReplaceAll(p, "-", ""),
		"blanks":       "  " + strings.ReplaceAll(p, "-", " \t") + "\r\n",
		"long dashes":  strings.ReplaceAll(p, "-", "——"),
		"full width":   fullWidth(p),
		"wide blanks":  strings.ReplaceAll(p, "-", "　"),
		"O for 0":      strings.ReplaceAll(p, "0", "O"),
		"o for 0":      strings.ReplaceAll(p, "0", "o"),
		"I for 1":      strings.ReplaceAll(p, "1", "I"),
		"l for 1":      strings.ReplaceAll(p, "1", "l"),
		"with a stray": "\ufeff" + p,
	} {
		if got, err := secrets.ParsePassphrase(typed); err != nil || got != p {
			t.Errorf("%s: %q gives %q, %v", name, typed, got, err)
		}
	}
	for name, typed := range map[string]string{
		"empty": "", "short": p[:34], "long": p + "0", "letter U": "U" + p[1:], "Han": "密" + p[1:],
	} {
		_, err := secrets.ParsePassphrase(typed)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s accepted: %v", name, err)
		}
	}
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r + '！' - '!' }, s)
}

// Nearly every wrong character is noticed while typing, without the backup.
func TestPassphraseCheckCatchesTypos(t *testing.T) {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	tried, missed := 0, 0
	for seed := range byte(20) {
		p := []byte(secrets.NewPassphrase(seeded(seed)))
		for i := range p {
			if p[i] == '-' {
				continue
			}
			for _, c := range []byte(letters) {
				if c == p[i] {
					continue
				}
				typo := bytes.Clone(p)
				typo[i] = c
				tried++
				if _, err := secrets.ParsePassphrase(string(typo)); err == nil {
					missed++
				}
			}
		}
	}
	if missed*300 > tried {
		t.Fatalf("%d of %d typos pass", missed, tried)
	}
}

func FuzzParsePassphrase(f *testing.F) {
	f.Add(secrets.NewPassphrase(seeded(1)))
	f.Add("７K3QD—")
	f.Fuzz(func(t *testing.T, typed string) {
		p, err := secrets.ParsePassphrase(typed)
		if err != nil {
			return
		}
		if again, err := secrets.ParsePassphrase(p); err != nil || again != p {
			t.Fatalf("%q: %q, %v", p, again, err)
		}
	})
}

func TestRecovery(t *testing.T) {
	p := secrets.NewPassphrase(seeded(1))
	recipient, err := secrets.RecipientFor(p, "inst-1")
	if err != nil || !strings.HasPrefix(recipient, "age1") {
		t.Fatalf("%q, %v", recipient, err)
	}
	if again, _ := secrets.RecipientFor(strings.ToLower(p), "inst-1"); again != recipient {
		t.Fatal("typed in lower case it is another recipient")
	}
	if other, _ := secrets.RecipientFor(p, "inst-2"); other == recipient {
		t.Fatal("two installations share a recipient")
	}
	ring := secrets.New(seeded(2)).Rotate()
	wrapped, err := secrets.WrapKey(recipient, ring.Encode())
	if err != nil {
		t.Fatal(err)
	}
	got, err := secrets.UnwrapKey(p, "inst-1", wrapped)
	if err != nil || !mustParse(t, got).Same(ring) {
		t.Fatalf("%v", err)
	}
	if _, err := secrets.UnwrapKey(secrets.NewPassphrase(seeded(9)), "inst-1", wrapped); !errors.Is(err, secrets.ErrPassphrase) {
		t.Fatalf("wrong passphrase: %v", err)
	}
	if _, err := secrets.UnwrapKey(p, "inst-2", wrapped); !errors.Is(err, secrets.ErrPassphrase) {
		t.Fatalf("wrong installation: %v", err)
	}
	if _, err := secrets.UnwrapKey("hello", "inst-1", wrapped); !errs.Is(err, errs.Invalid) {
		t.Fatalf("not a passphrase: %v", err)
	}
	if _, err := secrets.UnwrapKey(p, "inst-1", wrapped[:len(wrapped)-1]); !errors.Is(err, secrets.ErrDamaged) {
		t.Fatalf("cut: %v", err)
	}
	if _, err := secrets.WrapKey("age1nothing", nil); err == nil {
		t.Fatal("a recipient that is none")
	}
	if _, err := secrets.RecipientFor("hello", "inst-1"); !errs.Is(err, errs.Invalid) {
		t.Fatal(err)
	}
}

func TestParsePassphraseNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { secrets.ParsePassphrase(rapid.String().Draw(t, "typed")) })
}
