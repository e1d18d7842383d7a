// Package secrets holds the master keys of an installation and everything
// made from them: sealed values, keyed digests, blind indexes, keys of
// records, encrypted streams, and the recovery passphrase.
//
// Only master keys are stored. A key per class is derived from a master key
// by HKDF-SHA256, so a value sealed for one purpose never opens for another.
package secrets

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Errors of opening. They are for programs; callers turn them into a text
// that says which thing cannot be read.
var (
	// ErrDamaged: the data is not what was sealed, or was sealed for another
	// class, place or installation.
	ErrDamaged = errors.New("secrets: damaged or not sealed by this key")
	// ErrUnknownKey: sealed by a master key that this keyring does not hold.
	ErrUnknownKey = errors.New("secrets: sealed by a key that is not in the keyring")
)

// KeySize is the size of every key in bytes.
const KeySize = 32

// Keyring holds the master keys, oldest first. The newest seals, all open.
// It is immutable and safe for many goroutines.
type Keyring struct {
	keys    []master
	source  Source
	rand    io.Reader
	mu      sync.RWMutex
	derived map[string]*classKey
}

type master struct {
	id  [4]byte // derived from the key, so it is the same wherever the key is kept
	key [KeySize]byte
}

// New makes a keyring of one fresh key. random is crypto/rand when nil.
func New(random io.Reader) *Keyring {
	k := &Keyring{rand: orRandom(random)}
	var key [KeySize]byte
	k.read(key[:])
	k.keys = []master{newMaster(key)}
	return k
}

// Rotate gives a keyring with one more key, which seals from now on. The
// caller saves it; what older keys sealed stays readable.
func (k *Keyring) Rotate() *Keyring {
	next := New(k.rand)
	for k.find(next.keys[0].id) != nil { // one in four thousand million
		next = New(k.rand)
	}
	next.keys = append(append([]master(nil), k.keys...), next.keys[0])
	next.source = k.source
	return next
}

// Len is the number of keys.
func (k *Keyring) Len() int { return len(k.keys) }

// Source says where the keys came from.
func (k *Keyring) Source() Source { return k.source }

// Same says whether both hold the same keys in the same order.
func (k *Keyring) Same(o *Keyring) bool { return bytes.Equal(k.Encode(), o.Encode()) }

const keyringHead = `# Master keys of a Guanxi installation, oldest first; the last one seals.
# Whoever holds this file reads everything; without it nothing can be read.
`

// Encode gives the text form that Parse reads: one base64 key a line.
func (k *Keyring) Encode() []byte {
	var b strings.Builder
	b.WriteString(keyringHead)
	for _, m := range k.keys {
		b.WriteString(base64.StdEncoding.EncodeToString(m.key[:]))
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// Parse reads keys, oldest first: 32 raw bytes, or base64 keys apart by line
// ends, blanks or commas; lines that begin with # are remarks. random is
// crypto/rand when nil. The error never contains key material.
func Parse(text []byte, random io.Reader) (*Keyring, error) {
	k := &Keyring{rand: orRandom(random)}
	if len(text) == KeySize {
		k.keys = []master{newMaster([KeySize]byte(text))}
		return k, nil
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range strings.FieldsFunc(line, isGap) {
			key, err := decodeKey(word)
			if err != nil {
				return nil, err
			}
			m := newMaster(key)
			if k.find(m.id) != nil {
				return nil, errors.New("secrets: a key is listed twice")
			}
			k.keys = append(k.keys, m)
		}
	}
	if len(k.keys) == 0 {
		return nil, errors.New("secrets: no key found")
	}
	return k, nil
}

func isGap(r rune) bool { return r == ',' || r == ';' || r <= ' ' || r == '\ufeff' }

func decodeKey(word string) (key [KeySize]byte, err error) {
	word = strings.TrimRight(word, "=")
	enc := base64.RawStdEncoding
	if strings.ContainsAny(word, "-_") {
		enc = base64.RawURLEncoding
	}
	raw, err := enc.Strict().DecodeString(word)
	if err != nil || len(raw) != KeySize {
		return key, fmt.Errorf("secrets: a key must be %d bytes in base64", KeySize)
	}
	return [KeySize]byte(raw), nil
}

func newMaster(key [KeySize]byte) master {
	m := master{key: key}
	id := derive(key[:], "key id", "", len(m.id))
	copy(m.id[:], id)
	return m
}

func (k *Keyring) newest() *master { return &k.keys[len(k.keys)-1] }

func (k *Keyring) find(id [4]byte) *master {
	for i := range k.keys {
		if k.keys[i].id == id {
			return &k.keys[i]
		}
	}
	return nil
}

// KeyID identifies the key that seals now; it reveals nothing about it.
func (k *Keyring) KeyID() uint32 { return binary.BigEndian.Uint32(k.newest().id[:]) }

// derive makes a key for one use; use and class cannot run into each other.
func derive(key []byte, use, class string, size int) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, "guanxi/1/"+use+"\x00"+class, size)
	if err != nil {
		panic(err) // only for sizes above 8 KiB
	}
	return out
}

func orRandom(r io.Reader) io.Reader {
	if r == nil {
		return rand.Reader
	}
	return r
}

// read fills b with randomness. A source that fails stops the program, as
// crypto/rand does: no key and no nonce may ever be guessed.
func (k *Keyring) read(b []byte) {
	if _, err := io.ReadFull(k.rand, b); err != nil {
		panic(fmt.Sprintf("secrets: no randomness: %v", err))
	}
}

// NewKey gives a random key.
func (k *Keyring) NewKey() (key [KeySize]byte) {
	k.read(key[:])
	return key
}
