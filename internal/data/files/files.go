// Package files keeps the content of files: encrypted, named by content,
// readable at any place without reading the rest. What a file is called, who
// may see it and what it belongs to are rows elsewhere; here are only bytes.
package files

import (
	"context"
	"io"
	"time"
)

// Blob describes stored content.
type Blob struct {
	Name   string   // 64 hex digits: keyed digest of the content; says nothing to who lacks the key
	Size   int64    // bytes of content
	SHA256 [32]byte // digest of the content (the fingerprint of DOC-3)
}

// Store keeps blobs. It is safe for many goroutines.
type Store interface {
	// Put stores what r gives and returns when it is on disk, so a row that
	// names it may be committed. The same content has the same name and is
	// kept once. More than limit bytes (0 = any): TooLarge
	// "error.file_too_large". An error of r is returned as it is.
	Put(ctx context.Context, r io.Reader, limit int64) (Blob, error)
	// Open reads a blob. NotFound "error.file_missing", Internal
	// "error.file_damaged". Damage further inside is found when read.
	Open(ctx context.Context, name string) (Content, error)
	// Has says whether a blob is stored.
	Has(ctx context.Context, name string) (bool, error)
	// Remove forgets a blob; one that is not there is no error.
	Remove(ctx context.Context, name string) error
	// List calls fn once for every blob, in order of the names.
	List(ctx context.Context, fn func(name string) error) error
	// Sweep removes the blobs that referenced denies and that were put before
	// the given time. While anything is protected it removes nothing.
	Sweep(ctx context.Context, referenced func(name string) (bool, error), before time.Time) (Swept, error)
	// Protect keeps Sweep from removing anything until release is called: a
	// backup holds it from before its snapshot to its last blob.
	Protect() (release func())
	// Rewrap seals the key of every blob that an older master key sealed by the
	// newest, and says how many: after it the older key opens nothing here. It
	// goes on past a blob that is damaged, and tells of it.
	Rewrap(ctx context.Context) (int64, error)

	// OpenRaw reads a blob as it is stored (encrypted), for a backup.
	OpenRaw(ctx context.Context, name string) (io.ReadCloser, error)
	// PutRaw stores what OpenRaw gave under the same name. Content that was
	// not stored by this keyring under this name is refused.
	PutRaw(ctx context.Context, name string, r io.Reader) error
}

// Content is an open blob. It is what http.ServeContent wants, and io.ReaderAt
// for archives; reads decrypt only the segments they touch.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64
}

// Swept says what a sweep did.
type Swept struct {
	Kept, Removed int
	Freed         int64 // bytes on disk
	Paused        bool  // something was protected: try again later
}
