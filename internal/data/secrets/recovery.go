package secrets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/argon2"
)

// ErrPassphrase says that the passphrase is well typed and not the one.
var ErrPassphrase = errors.New("secrets: not the passphrase of this installation")

// Cost of stretching a passphrase. It carries 140 bits of randomness, so the
// smallest setting of RFC 9106's spirit is plenty and runs on any machine.
const (
	argonTime    = 2
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
)

// RecipientFor gives the age recipient ("age1…") that belongs to a recovery
// passphrase and an installation. The installation keeps only this; it can
// encrypt for the passphrase and never decrypt. It is no secret, and no
// reason to publish it either. Invalid "error.passphrase_typed" for a
// passphrase that cannot be one.
func RecipientFor(passphrase, installation string) (string, error) {
	id, err := identity(passphrase, installation)
	if err != nil {
		return "", err
	}
	return id.Recipient().String(), nil
}

// WrapKey encrypts a small secret (a key) for a recipient.
func WrapKey(recipient string, secret []byte) ([]byte, error) {
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, fmt.Errorf("secrets: recovery recipient: %w", err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(secret); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// UnwrapKey decrypts what WrapKey made: "error.passphrase_typed" (Invalid),
// ErrPassphrase, ErrDamaged.
func UnwrapKey(passphrase, installation string, wrapped []byte) ([]byte, error) {
	id, err := identity(passphrase, installation)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(wrapped), id)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return out, nil
}

func identity(passphrase, installation string) (*age.X25519Identity, error) {
	p, err := ParsePassphrase(passphrase)
	if err != nil {
		return nil, err
	}
	salt := []byte("guanxi recovery 1\x00" + installation)
	scalar := argon2.IDKey([]byte(p), salt, argonTime, argonMemory, argonThreads, KeySize)
	return age.ParseX25519Identity(strings.ToUpper(bech32("age-secret-key-", scalar)))
}

// bech32 writes data the way age writes keys (BIP 173 without its limit of
// length); hrp is lower case.
func bech32(hrp string, data []byte) string {
	const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	words := fiveBits(data)
	sum := bech32Checksum(hrp, words)
	var b strings.Builder
	b.WriteString(hrp)
	b.WriteByte('1')
	for _, w := range append(words, sum...) {
		b.WriteByte(charset[w])
	}
	return b.String()
}

// fiveBits cuts bytes into groups of five bits, the last filled with zeros.
func fiveBits(data []byte) []byte {
	var out []byte
	var acc, bits uint
	for _, v := range data {
		acc, bits = acc<<8|uint(v), bits+8
		for bits >= 5 {
			bits -= 5
			out = append(out, byte(acc>>bits)&31)
		}
	}
	if bits > 0 {
		out = append(out, byte(acc<<(5-bits))&31)
	}
	return out
}

func bech32Checksum(hrp string, words []byte) []byte {
	generator := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	check := uint32(1)
	step := func(w byte) {
		top := check >> 25
		check = check&0x1ffffff<<5 ^ uint32(w)
		for i, g := range generator {
			if top>>i&1 == 1 {
				check ^= g
			}
		}
	}
	for _, c := range []byte(hrp) {
		step(c >> 5)
	}
	step(0)
	for _, c := range []byte(hrp) {
		step(c & 31)
	}
	for _, w := range words {
		step(w)
	}
	for range 6 {
		step(0)
	}
	check ^= 1
	sum := make([]byte, 6)
	for i := range sum {
		sum[i] = byte(check>>(5*(5-i))) & 31
	}
	return sum
}
