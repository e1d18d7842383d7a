package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strings"
)

const (
	secretBytes = 32 // 256 bit (ASVS V7.2.3 asks for 128)
	keyMark     = "gx_"
	hintBytes   = 5 // 8 characters that tell one key from another
	// maxToken is longer than any token of ours; what is longer is not looked at.
	maxToken = 96
)

// digest is how a token is stored and looked up. Tokens have 256 bits of
// randomness, so one round of SHA-256 is enough.
type digest [sha256.Size]byte

// digestOf allocates nothing: it runs for every request.
func digestOf(token string) (digest, bool) {
	var room [maxToken]byte
	if token == "" || len(token) > len(room) {
		return digest{}, false
	}
	n := copy(room[:], token)
	return sha256.Sum256(room[:n]), true
}

// newToken makes the token of a session: 43 characters of base64url.
func newToken() string {
	var b [secretBytes]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// newKey makes an API key "gx_HINT_SECRET" and the part that lists may show.
// The mark lets scanners of leaked secrets find it.
func newKey() (key, hint string) {
	var b [hintBytes]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	hint = keyMark + strings.ToLower(hintEncoding.EncodeToString(b[:]))
	return hint + "_" + newToken(), hint
}

var hintEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// IsKey says whether a token has the form of an API key.
func IsKey(token string) bool { return strings.HasPrefix(token, keyMark) }
