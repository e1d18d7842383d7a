package secrets

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A stream is cut into segments, each AES-256-GCM with the nonce
// prefix (7) + number (4) + last (1), after the STREAM construction of Hoang,
// Reyhanitabar, Rogaway and Vizár (2015): flipped, moved, dropped, repeated
// and appended segments and a cut end are all refused. A key must be used for
// one stream only.
const (
	// SegmentSize is the plaintext of every segment but the last.
	SegmentSize = 64 << 10
	sealedSize  = SegmentSize + tagSize
	// PrefixSize is the size of the nonce prefix.
	PrefixSize  = 7
	maxSegments = 1 << 32
)

// StreamKey is what encrypts one stream.
type StreamKey struct {
	Key    [KeySize]byte
	Prefix [PrefixSize]byte
	AAD    []byte // authenticated with every segment, not stored
}

// NewStreamKey makes a random key for a new stream.
func (k *Keyring) NewStreamKey() StreamKey {
	s := StreamKey{Key: k.NewKey()}
	k.read(s.Prefix[:])
	return s
}

type segments struct {
	gcm    cipher.AEAD
	prefix [PrefixSize]byte
	aad    []byte
}

func (s StreamKey) segments() segments {
	return segments{gcm: newGCM(s.Key[:]), prefix: s.Prefix, aad: s.AAD}
}

func (s *segments) nonce(number int64, last bool) []byte {
	n := make([]byte, 12)
	copy(n, s.prefix[:])
	binary.BigEndian.PutUint32(n[PrefixSize:], uint32(number))
	if last {
		n[11] = 1
	}
	return n
}

// SegmentWriter encrypts what is written to it.
type SegmentWriter struct {
	segments
	w      io.Writer
	plain  []byte
	sealed []byte
	number int64
	err    error
}

// NewSegmentWriter begins a stream on w.
func NewSegmentWriter(w io.Writer, key StreamKey) *SegmentWriter {
	return &SegmentWriter{segments: key.segments(), w: w, plain: make([]byte, 0, SegmentSize), sealed: make([]byte, 0, sealedSize)}
}

// Write encrypts p; a segment goes out when more than it holds is known.
func (s *SegmentWriter) Write(p []byte) (int, error) {
	n := 0
	for len(p) > 0 {
		if len(s.plain) == SegmentSize {
			if err := s.flush(false); err != nil {
				return n, err
			}
		}
		took := min(len(p), SegmentSize-len(s.plain))
		s.plain = append(s.plain, p[:took]...)
		p, n = p[took:], n+took
	}
	return n, s.err
}

// Close writes the last segment. It does not close the writer below. Without
// it the stream is not readable.
func (s *SegmentWriter) Close() error {
	if err := s.flush(true); err != nil {
		return err
	}
	s.err = errors.New("secrets: write to a closed stream")
	return nil
}

func (s *SegmentWriter) flush(last bool) error {
	if s.err != nil {
		return s.err
	}
	if s.number >= maxSegments {
		s.err = errors.New("secrets: a stream holds 256 TiB at most")
		return s.err
	}
	s.sealed = s.gcm.Seal(s.sealed[:0], s.nonce(s.number, last), s.plain, s.aad)
	_, s.err = s.w.Write(s.sealed)
	s.number++
	s.plain = s.plain[:0]
	return s.err
}

// SegmentReader decrypts a stream at any place, a segment at a time. ReadAt
// is safe for many goroutines; Read and Seek share one place.
type SegmentReader struct {
	segments
	r     io.ReaderAt
	base  int64
	count int64 // segments
	size  int64 // plaintext
	body  int64 // ciphertext
	pos   int64

	mu     sync.Mutex
	at     int64 // the segment in plain, -1 for none
	plain  []byte
	sealed []byte
}

// NewSegmentReader opens the stream that lies in r from base and is size
// bytes long. It decrypts the last segment at once, so a cut or longer stream
// is refused here (ErrDamaged) and Size can be trusted.
func NewSegmentReader(r io.ReaderAt, base, size int64, key StreamKey) (*SegmentReader, error) {
	if size < tagSize {
		return nil, fmt.Errorf("%w: too short", ErrDamaged)
	}
	count := (size + sealedSize - 1) / sealedSize
	tail := size - (count-1)*sealedSize
	if count > maxSegments || tail < tagSize || tail == tagSize && count > 1 {
		return nil, fmt.Errorf("%w: not a length a stream can have", ErrDamaged)
	}
	s := &SegmentReader{segments: key.segments(), r: r, base: base, count: count, body: size, size: size - count*tagSize, at: -1}
	if err := s.load(count - 1); err != nil {
		return nil, err
	}
	return s, nil
}

// Size is the length of the plaintext in bytes.
func (s *SegmentReader) Size() int64 { return s.size }

// Read reads on from the place of the last Read or Seek.
func (s *SegmentReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if s.pos >= s.size {
		return 0, io.EOF
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.copyFrom(p, s.pos)
	s.pos += int64(n)
	return n, err
}

// ReadAt reads len(p) bytes from off; fewer only with an error.
func (s *SegmentReader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("secrets: negative offset")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for n < len(p) {
		if off+int64(n) >= s.size {
			return n, io.EOF
		}
		m, err := s.copyFrom(p[n:], off+int64(n))
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// Seek moves the place of the next Read.
func (s *SegmentReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.pos
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 || whence < io.SeekStart || whence > io.SeekEnd {
		return s.pos, errors.New("secrets: seek before the start")
	}
	s.pos = offset
	return offset, nil
}

// copyFrom copies what segment off lies in has from there.
func (s *SegmentReader) copyFrom(p []byte, off int64) (int, error) {
	if err := s.load(off / SegmentSize); err != nil {
		return 0, err
	}
	return copy(p, s.plain[off%SegmentSize:]), nil
}

func (s *SegmentReader) load(number int64) error {
	if s.at == number {
		return nil
	}
	s.at = -1
	start := number * sealedSize
	length := min(sealedSize, s.body-start)
	if int64(cap(s.sealed)) < length {
		s.sealed = make([]byte, length)
	}
	s.sealed = s.sealed[:length]
	if n, err := s.r.ReadAt(s.sealed, s.base+start); n < len(s.sealed) {
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%w: cut off", ErrDamaged)
		}
		return err
	}
	plain, err := s.gcm.Open(s.plain[:0], s.nonce(number, number == s.count-1), s.sealed, s.aad)
	if err != nil {
		return fmt.Errorf("%w: segment %d", ErrDamaged, number)
	}
	s.plain, s.at = plain, number
	return nil
}
