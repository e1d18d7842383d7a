package secrets

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
)

// A sealed value is: version (1), id of the master key (4), nonce (24),
// ciphertext with tag (16). Version and id are authenticated.
const (
	sealVersion = 1
	sealHeader  = 1 + 4
	nonceSize   = 24
	tagSize     = 16
)

// SealOverhead is how many bytes Seal adds to a plaintext.
const SealOverhead = sealHeader + nonceSize + tagSize

// classKey is what is derived from one master key for one use and class.
type classKey struct {
	raw   [KeySize]byte
	block cipher.Block
	k1    [aes.BlockSize]byte // CMAC subkey of block
}

func newClassKey(raw [KeySize]byte) *classKey {
	c := &classKey{raw: raw, block: newBlock(raw[:])}
	c.block.Encrypt(c.k1[:], c.k1[:])
	var carry byte
	for i := len(c.k1) - 1; i >= 0; i-- {
		msb := c.k1[i] >> 7
		c.k1[i] = c.k1[i]<<1 | carry
		carry = msb
	}
	c.k1[len(c.k1)-1] ^= carry * 0x87
	return c
}

// aead gives the AES-256-GCM of one message after XAES-256-GCM
// (c2sp.org/XAES-256-GCM): 24-byte random nonces never run out, however many
// values a class seals.
func (c *classKey) aead(nonce []byte) cipher.AEAD {
	var key [KeySize]byte
	for i := range 2 {
		half := key[i*aes.BlockSize : (i+1)*aes.BlockSize]
		copy(half, []byte{0, byte(i + 1), 'X', 0})
		copy(half[4:], nonce[:12])
		subtle.XORBytes(half, half, c.k1[:])
		c.block.Encrypt(half, half)
	}
	return newGCM(key[:])
}

func (c *classKey) seal(dst, nonce, plaintext, aad []byte) []byte {
	return c.aead(nonce).Seal(dst, nonce[12:], plaintext, aad)
}

func (c *classKey) open(nonce, sealed, aad []byte) ([]byte, error) {
	out, err := c.aead(nonce).Open(nil, nonce[12:], sealed, aad)
	if err != nil {
		return nil, ErrDamaged
	}
	return out, nil
}

func newBlock(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only for a wrong key size
	}
	return b
}

func newGCM(key []byte) cipher.AEAD {
	g, err := cipher.NewGCM(newBlock(key))
	if err != nil {
		panic(err) // only for a wrong block size
	}
	return g
}

// class derives (once) the key of a use and class from a master key.
func (k *Keyring) class(m *master, use, class string) *classKey {
	name := string(m.id[:]) + use + "\x00" + class
	k.mu.RLock()
	c := k.derived[name]
	k.mu.RUnlock()
	if c != nil {
		return c
	}
	c = newClassKey([KeySize]byte(derive(m.key[:], use, class, KeySize)))
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.derived == nil {
		k.derived = map[string]*classKey{}
	}
	k.derived[name] = c
	return c
}

// Seal encrypts plaintext under the newest key of the class. Classes are
// names in code ("field", "totp"), never data. aad is authenticated and not
// stored: give what says where the value belongs (entity, record, field), so
// that it cannot be moved.
func (k *Keyring) Seal(class string, plaintext, aad []byte) []byte {
	m := k.newest()
	out := make([]byte, sealHeader+nonceSize, SealOverhead+len(plaintext))
	out[0] = sealVersion
	copy(out[1:], m.id[:])
	nonce := out[sealHeader:]
	k.read(nonce)
	return k.class(m, "seal", class).seal(out, nonce, plaintext, withHeader(out, aad))
}

// Open decrypts what Seal made: ErrUnknownKey, or ErrDamaged when a bit, the
// class or aad differs.
func (k *Keyring) Open(class string, sealed, aad []byte) ([]byte, error) {
	m, err := k.sealedBy(sealed)
	if err != nil {
		return nil, err
	}
	nonce := sealed[sealHeader : sealHeader+nonceSize]
	return k.class(m, "seal", class).open(nonce, sealed[sealHeader+nonceSize:], withHeader(sealed, aad))
}

// Stale says whether sealed was not made by the newest key: the job that
// follows a rotation seals such values again.
func (k *Keyring) Stale(sealed []byte) bool {
	m, err := k.sealedBy(sealed)
	return err != nil || m != k.newest()
}

func (k *Keyring) sealedBy(sealed []byte) (*master, error) {
	if len(sealed) < SealOverhead || sealed[0] != sealVersion {
		return nil, ErrDamaged
	}
	m := k.find([4]byte(sealed[1:sealHeader]))
	if m == nil {
		return nil, ErrUnknownKey
	}
	return m, nil
}

func withHeader(sealed, aad []byte) []byte {
	return append(append(make([]byte, 0, sealHeader+len(aad)), sealed[:sealHeader]...), aad...)
}

// MACSize is the size of a MAC in bytes: id of the key and HMAC-SHA256.
const MACSize = 4 + sha256.Size

// MAC is a keyed digest of data for a class, made with the newest key.
func (k *Keyring) MAC(class string, data []byte) []byte {
	m := k.newest()
	return k.mac(m, class, data)
}

// CheckMAC says whether mac is MAC(class, data) by any key of the ring.
func (k *Keyring) CheckMAC(class string, data, mac []byte) bool {
	if len(mac) != MACSize {
		return false
	}
	m := k.find([4]byte(mac))
	return m != nil && hmac.Equal(mac, k.mac(m, class, data))
}

func (k *Keyring) mac(m *master, class string, data []byte) []byte {
	return digest(k.class(m, "mac", class), m.id[:], data)
}

func digest(c *classKey, prefix, data []byte) []byte {
	h := hmac.New(sha256.New, c.raw[:])
	h.Write(data)
	return h.Sum(prefix[:len(prefix):len(prefix)])
}

// BlindIndexSize is the size of a blind index in bytes.
const BlindIndexSize = 16

// BlindIndex is what is stored beside an encrypted field so that it can be
// found by equality: a keyed digest by the newest key of the normalised text.
func (k *Keyring) BlindIndex(class, normalized string) []byte {
	return k.blind(k.newest(), class, normalized)
}

// BlindIndexes gives the index by every key, newest first: what a search
// looks for while a rotation is not through.
func (k *Keyring) BlindIndexes(class, normalized string) [][]byte {
	out := make([][]byte, 0, len(k.keys))
	for i := len(k.keys) - 1; i >= 0; i-- {
		out = append(out, k.blind(&k.keys[i], class, normalized))
	}
	return out
}

func (k *Keyring) blind(m *master, class, normalized string) []byte {
	return digest(k.class(m, "blind index", class), nil, []byte(normalized))[:BlindIndexSize]
}

// Sub is the newest key of a class, for a use that seals or signs by itself.
// It changes with a rotation; Subs gives the older ones too.
func (k *Keyring) Sub(class string) [KeySize]byte {
	return k.class(k.newest(), "sub", class).raw
}

// Subs gives the key of a class for every master key, newest first.
func (k *Keyring) Subs(class string) [][KeySize]byte {
	out := make([][KeySize]byte, 0, len(k.keys))
	for i := len(k.keys) - 1; i >= 0; i-- {
		out = append(out, k.class(&k.keys[i], "sub", class).raw)
	}
	return out
}
