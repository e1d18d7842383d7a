package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// A backup file is
//
//	magic "GXB" and the format '1'                  4
//	length of the header, big endian                4
//	header, JSON, readable by anyone
//	SHA-256 of all before                          32   finds damage before a key is blamed
//	a stream of secrets.SegmentWriter; that digest is its aad
//
// and the stream, of entries
//
//	kind (1), length of the name, name
//	chunks: length (> 0), bytes; then a 0
//	SHA-256 of the content, of tables before compression
//
// in the order: one manifest (keyring and tables), every table of the
// manifest (rows.go, compressed by zstd), the blobs by ascending name, one end
// (what was written, and a digest over all entries). Lengths are uvarints.
// The stream's key is random and stands twice in the header: sealed by the
// master key, and encrypted for the recovery recipient.
const (
	magic       = "GXB"
	formatByte  = '1'
	format      = 1
	preludeSize = len(magic) + 1 + 4
	maxHeader   = 1 << 20
	maxName     = 4 << 10
	maxManifest = 64 << 20
	chunkSize   = 32 << 10
	keyClass    = "backup key"
)

// Kinds of entries.
const (
	kindManifest = 'M'
	kindTable    = 'T'
	kindBlob     = 'B'
	kindEnd      = 'E'
)

var (
	errNoFile  = errors.New("backup: no such file")
	errForeign = errors.New("backup: not a backup")
	errNewer   = errors.New("backup: made by a newer program")
)

func broken(what string, args ...any) error {
	return fmt.Errorf("%w: %s", secrets.ErrDamaged, fmt.Sprintf(what, args...))
}

// damage marks an error of decoding; faults of the disk stay what they are.
func damage(err error) error {
	if err == nil || errors.Is(err, secrets.ErrDamaged) {
		return err
	}
	if _, disk := errors.AsType[*fs.PathError](err); disk {
		return err
	}
	return broken("%v", err)
}

// Header stands in the clear at the front of a backup.
type Header struct {
	Format       int       `json:"format"`
	AppVersion   string    `json:"app_version"`
	DataVersion  int64     `json:"data_version"`
	Dialect      string    `json:"dialect"`
	CreatedAt    time.Time `json:"created_at"`
	Installation string    `json:"installation"`
	KeyMaster    []byte    `json:"key_master"`   // the stream's key, sealed by the master key
	KeyRecovery  []byte    `json:"key_recovery"` // the same for the recovery passphrase (age)
}

type prelude struct {
	header Header
	sum    [sha256.Size]byte
	size   int64 // where the stream begins
}

// encodePrelude gives all that stands before the stream.
func encodePrelude(h Header) ([]byte, [sha256.Size]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, [sha256.Size]byte{}, err
	}
	b := append([]byte(magic), formatByte)
	b = binary.BigEndian.AppendUint32(b, uint32(len(text)))
	b = append(b, text...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), sum, nil
}

func readPrelude(r io.ReaderAt) (p prelude, err error) {
	front := make([]byte, preludeSize)
	if err := readFull(r, front, 0); err != nil {
		if errors.Is(err, secrets.ErrDamaged) {
			return p, errForeign
		}
		return p, err
	}
	switch {
	case string(front[:len(magic)]) != magic:
		return p, errForeign
	case front[len(magic)] > formatByte:
		return p, errNewer
	}
	length := binary.BigEndian.Uint32(front[len(magic)+1:])
	if length > maxHeader {
		return p, broken("header of %d bytes", length)
	}
	rest := make([]byte, int(length)+sha256.Size)
	if err := readFull(r, rest, int64(preludeSize)); err != nil {
		return p, err
	}
	text := rest[:length]
	p.sum = sha256.Sum256(slices.Concat(front, text))
	if !bytes.Equal(p.sum[:], rest[length:]) {
		return p, broken("header")
	}
	if err := json.Unmarshal(text, &p.header); err != nil {
		return p, broken("header: %v", err)
	}
	if p.header.Format > format {
		return p, errNewer
	}
	p.size = int64(preludeSize + len(rest))
	return p, nil
}

func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return broken("cut off")
	}
	return err
}

func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", errNoFile, err)
	}
	return f, err
}

// manifest is the first entry.
type manifest struct {
	Keyring []byte          `json:"keyring"`
	Tables  []manifestTable `json:"tables"`
}

type manifestTable struct {
	Name    string           `json:"name"`
	Columns []manifestColumn `json:"columns"`
}

type manifestColumn struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// The names of kinds in a manifest.
func kindName(k record.Kind) string {
	switch k {
	case record.KindNull:
		return "any"
	case record.KindInt:
		return "int"
	case record.KindText:
		return "text"
	case record.KindBytes:
		return "bytes"
	case record.KindList:
		return "list"
	}
	return ""
}

func kindOf(name string) (record.Kind, bool) {
	for _, k := range []record.Kind{record.KindNull, record.KindInt, record.KindText, record.KindBytes, record.KindList} {
		if kindName(k) == name {
			return k, true
		}
	}
	return 0, false
}

func encodeManifest(keys *secrets.Keyring, tables []Table) ([]byte, error) {
	m := manifest{Keyring: keys.Encode()}
	for _, t := range tables {
		mt := manifestTable{Name: t.Name}
		for _, c := range t.Columns {
			name := kindName(c.Kind)
			if name == "" {
				return nil, fmt.Errorf("backup: %s.%s is of no known kind", t.Name, c.Name)
			}
			mt.Columns = append(mt.Columns, manifestColumn{c.Name, name})
		}
		if len(mt.Columns) == 0 || len(t.Name) > maxName {
			return nil, fmt.Errorf("backup: table %q cannot be kept", t.Name)
		}
		m.Tables = append(m.Tables, mt)
	}
	return json.Marshal(m)
}

func decodeManifest(text []byte) (keys *secrets.Keyring, tables []Table, err error) {
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, nil, broken("manifest: %v", err)
	}
	if keys, err = secrets.Parse(m.Keyring, nil); err != nil {
		return nil, nil, broken("manifest: %v", err)
	}
	for _, mt := range m.Tables {
		t := Table{Name: mt.Name}
		for _, c := range mt.Columns {
			k, ok := kindOf(c.Kind)
			if !ok {
				return nil, nil, errNewer
			}
			t.Columns = append(t.Columns, Column{c.Name, k})
		}
		if len(t.Columns) == 0 {
			return nil, nil, broken("table %q without columns", t.Name)
		}
		tables = append(tables, t)
	}
	return keys, tables, nil
}

// ending is the last entry.
type ending struct {
	Summary
	Digest []byte `json:"digest"` // SHA-256 over kind, name and digest of all entries before
}
