package secrets

import (
	"encoding/hex"
	"strings"
	"testing"

	"filippo.io/age"
)

// The vectors of c2sp.org/XAES-256-GCM.
func TestXAESVectors(t *testing.T) {
	for _, c := range []struct {
		key        byte
		plain, aad string
		want       string
	}{
		{1, "XAES-256-GCM", "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{3, "XAES-256-GCM", "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		var key [KeySize]byte
		for i := range key {
			key[i] = c.key
		}
		got := newClassKey(key).seal(nil, []byte("ABCDEFGHIJKLMNOPQRSTUVWX"), []byte(c.plain), []byte(c.aad))
		if hex.EncodeToString(got) != c.want {
			t.Errorf("key %d: %x, want %s", c.key, got, c.want)
		}
	}
}

// age reads the keys that bech32 writes and writes them the same.
func TestBech32AsAge(t *testing.T) {
	var raw [KeySize]byte
	for range 50 {
		for i := range raw {
			raw[i] = raw[i]*31 + byte(i) + 7
		}
		text := strings.ToUpper(bech32("age-secret-key-", raw[:]))
		id, err := age.ParseX25519Identity(text)
		if err != nil || id.String() != text {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if got := bech32("a", nil); got != "a12uel5l" { // a vector of BIP 173
		t.Fatal(got)
	}
}
