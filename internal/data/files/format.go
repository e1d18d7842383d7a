package files

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/guanxicrm/guanxi/internal/data/secrets"
)

// A stored file is a header and a stream of secrets.SegmentWriter:
//
//	magic "GXF1"                   4
//	nonce prefix of the stream     7
//	key of the stream, sealed     77   under the class "file key", with magic, prefix and name as aad
//
// So the header is as fixed as the rest, and a file under another's name does
// not open. It is written last, when the name is known.
const (
	magic      = "GXF1"
	keyClass   = "file key"
	nameClass  = "file name"
	headerSize = len(magic) + secrets.PrefixSize + secrets.KeySize + secrets.SealOverhead
	nameSize   = 64 // hex digits
)

func encodeHeader(ring *secrets.Keyring, key secrets.StreamKey, name string) []byte {
	head := append([]byte(magic), key.Prefix[:]...)
	return append(head, ring.Seal(keyClass, key.Key[:], headerAAD(head, name))...)
}

func headerAAD(head []byte, name string) []byte {
	return append(append([]byte(nil), head...), name...)
}

// openStored reads the header in r and opens the stream behind it. Errors
// other than those of r wrap secrets.ErrDamaged or secrets.ErrUnknownKey.
func openStored(ring *secrets.Keyring, r io.ReaderAt, size int64, name string) (*secrets.SegmentReader, error) {
	head, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	key, err := openHeader(ring, head, name)
	if err != nil {
		return nil, err
	}
	return secrets.NewSegmentReader(r, int64(headerSize), size-int64(headerSize), key)
}

func readHeader(r io.ReaderAt, size int64) ([]byte, error) {
	if size < int64(headerSize) {
		return nil, fmt.Errorf("%w: no header", secrets.ErrDamaged)
	}
	head := make([]byte, headerSize)
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if string(head[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: not a stored file", secrets.ErrDamaged)
	}
	return head, nil
}

func openHeader(ring *secrets.Keyring, head []byte, name string) (key secrets.StreamKey, err error) {
	front := len(magic) + secrets.PrefixSize
	raw, err := ring.Open(keyClass, head[front:], headerAAD(head[:front], name))
	if err != nil {
		return key, err
	}
	return secrets.StreamKey{Key: [secrets.KeySize]byte(raw), Prefix: [secrets.PrefixSize]byte(head[len(magic):])}, nil
}

// nameOf is HMAC-SHA256 of the content's SHA-256 by the newest key: equal
// content, equal name, and no name can be checked against a known file
// without the key. Names stay when the key is rotated.
func nameOf(ring *secrets.Keyring, sum [32]byte) string {
	return keyedName(ring.Sub(nameClass), sum)
}

// isNameOf says whether name was given to the content by any key of the ring.
func isNameOf(ring *secrets.Keyring, name string, sum [32]byte) bool {
	for _, key := range ring.Subs(nameClass) {
		if keyedName(key, sum) == name {
			return true
		}
	}
	return false
}

func keyedName(key [secrets.KeySize]byte, sum [32]byte) string {
	h := hmac.New(sha256.New, key[:])
	h.Write(sum[:])
	return hex.EncodeToString(h.Sum(nil))
}

// isName keeps anything that is not a name away from the file system.
func isName(name string) bool {
	if len(name) != nameSize {
		return false
	}
	for _, c := range []byte(name) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
