package secrets_test

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

func TestSealOpen(t *testing.T) {
	k := secrets.New(nil)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		class := rapid.SampledFrom([]string{"field", "totp", ""}).Draw(t, "class")
		sealed := k.Seal(class, plain, aad)
		if len(sealed) != len(plain)+secrets.SealOverhead {
			t.Fatalf("%d bytes for %d", len(sealed), len(plain))
		}
		got, err := k.Open(class, sealed, aad)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%x, %v", got, err)
		}
	})
}

func TestSealRefuses(t *testing.T) {
	k := secrets.New(seeded(1))
	sealed := k.Seal("field", []byte("13800138000"), []byte("crm.contact/1/phone"))
	open := func(class string, b []byte, aad string) error {
		_, err := k.Open(class, b, []byte(aad))
		return err
	}
	for bit := range len(sealed) * 8 {
		b := bytes.Clone(sealed)
		b[bit/8] ^= 1 << (bit % 8)
		if err := open("field", b, "crm.contact/1/phone"); !errors.Is(err, secrets.ErrDamaged) && !errors.Is(err, secrets.ErrUnknownKey) {
			t.Fatalf("bit %d: %v", bit, err)
		}
	}
	for n := range len(sealed) {
		if err := open("field", sealed[:n], "crm.contact/1/phone"); err == nil {
			t.Fatalf("%d bytes opened", n)
		}
	}
	for _, c := range [][2]string{{"totp", "crm.contact/1/phone"}, {"field", "crm.contact/2/phone"}, {"field", ""}} {
		if err := open(c[0], sealed, c[1]); !errors.Is(err, secrets.ErrDamaged) {
			t.Fatalf("%v: %v", c, err)
		}
	}
	other := secrets.New(seeded(2))
	if _, err := other.Open("field", sealed, nil); !errors.Is(err, secrets.ErrUnknownKey) {
		t.Fatal(err)
	}
	if bytes.Equal(sealed, k.Seal("field", []byte("13800138000"), []byte("crm.contact/1/phone"))) {
		t.Fatal("two seals are equal: the nonce repeats")
	}
}

// Uses and classes are apart: no two give the same key material.
func TestClassesAreApart(t *testing.T) {
	k := secrets.New(seeded(1))
	seen := map[string]string{}
	for _, class := range []string{"", "a", "b", "ab", "a\x00b"} {
		sub := k.Sub(class)
		for name, out := range map[string][]byte{
			"sub": sub[:16], "mac": k.MAC(class, []byte("x"))[4:20], "index": k.BlindIndex(class, "x"),
		} {
			if other, ok := seen[string(out)]; ok {
				t.Fatalf("%s %q equals %s", name, class, other)
			}
			seen[string(out)] = name + " " + class
		}
	}
}

func TestMAC(t *testing.T) {
	k := secrets.New(seeded(1))
	mac := k.MAC("audit", []byte("row"))
	if len(mac) != secrets.MACSize || !k.CheckMAC("audit", []byte("row"), mac) {
		t.Fatal("own MAC refused")
	}
	for bit := range len(mac) * 8 {
		b := bytes.Clone(mac)
		b[bit/8] ^= 1 << (bit % 8)
		if k.CheckMAC("audit", []byte("row"), b) {
			t.Fatalf("bit %d", bit)
		}
	}
	if k.CheckMAC("audit", []byte("row2"), mac) || k.CheckMAC("other", []byte("row"), mac) || k.CheckMAC("audit", []byte("row"), mac[:35]) {
		t.Fatal("foreign MAC accepted")
	}
}

func TestBlindIndex(t *testing.T) {
	k := secrets.New(seeded(1))
	a := k.BlindIndex("phone", "13800138000")
	if len(a) != secrets.BlindIndexSize || !bytes.Equal(a, k.BlindIndex("phone", "13800138000")) {
		t.Fatal("not the same twice")
	}
	if bytes.Equal(a, k.BlindIndex("phone", "13800138001")) || bytes.Equal(a, secrets.New(seeded(2)).BlindIndex("phone", "13800138000")) {
		t.Fatal("an index repeats")
	}
}

func TestRecordKey(t *testing.T) {
	k := secrets.New(seeded(1))
	wrapped, key := k.NewRecordKey([]byte("crm.customer/1"))
	sealed := key.Seal([]byte("before"), []byte("changeset 7"))
	ring := k.Rotate()
	rewrapped, err := ring.RewrapRecordKey(wrapped, []byte("crm.customer/1"))
	if err != nil || !ring.Stale(wrapped) || ring.Stale(rewrapped) {
		t.Fatalf("rewrap: %v", err)
	}
	for _, w := range [][]byte{wrapped, rewrapped} {
		again, err := ring.UnwrapRecordKey(w, []byte("crm.customer/1"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := again.Open(sealed, []byte("changeset 7"))
		if err != nil || string(got) != "before" {
			t.Fatalf("%q, %v", got, err)
		}
		if _, err := again.Open(sealed, []byte("changeset 8")); !errors.Is(err, secrets.ErrDamaged) {
			t.Fatal(err)
		}
	}
	if _, err := k.UnwrapRecordKey(wrapped, []byte("crm.customer/2")); !errors.Is(err, secrets.ErrDamaged) {
		t.Fatalf("a key of another record: %v", err)
	}
	_, other := k.NewRecordKey([]byte("crm.customer/1"))
	if _, err := other.Open(sealed, []byte("changeset 7")); !errors.Is(err, secrets.ErrDamaged) {
		t.Fatalf("a new key opens what the erased one sealed: %v", err)
	}
	for bit := range len(sealed) * 8 {
		b := bytes.Clone(sealed)
		b[bit/8] ^= 1 << (bit % 8)
		if _, err := key.Open(b, []byte("changeset 7")); !errors.Is(err, secrets.ErrDamaged) {
			t.Fatalf("bit %d: %v", bit, err)
		}
	}
}
