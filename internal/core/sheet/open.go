package sheet

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Open opens a table file. Errors are *errs.Error with words for people: not
// there, a folder, empty, too large, an old .xls, a file with a password, a
// web page named .xls, not a table at all. Close the Reader.
func Open(path string, opt Options) (Reader, Info, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, Info{}, errs.New(errs.NotFound, "error.sheet_no_file", "name", name).With(err)
		}
		return nil, Info{}, invalid("error.sheet_unreadable", "name", name).With(err)
	}
	st, err := f.Stat()
	switch {
	case err != nil:
		err = invalid("error.sheet_unreadable", "name", name).With(err)
	case st.IsDir():
		err = invalid("error.sheet_folder", "name", name)
	case !st.Mode().IsRegular():
		err = invalid("error.sheet_unreadable", "name", name)
	}
	if err != nil {
		_ = f.Close()
		return nil, Info{}, err
	}
	r, info, err := OpenAt(f, st.Size(), opt)
	if err != nil {
		_ = f.Close()
		return nil, Info{}, err
	}
	return &fileReader{Reader: r, file: f}, info, nil
}

// fileReader closes the file with its reader.
type fileReader struct {
	Reader
	file *os.File
}

func (f *fileReader) Close() error { return errors.Join(f.Reader.Close(), f.file.Close()) }

// OpenAt is Open over any bytes with random access, such as a stored upload.
// It does not close r.
func OpenAt(r io.ReaderAt, size int64, opt Options) (Reader, Info, error) {
	if size == 0 {
		return nil, Info{}, invalid("error.sheet_empty")
	}
	head := make([]byte, min(size, 8192))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, Info{}, readError(err)
	}
	format, err := detect(r, size, head)
	if err != nil && (opt.Format != CSV || errs.CodeOf(err) == errs.Internal) {
		return nil, Info{}, err
	}
	if opt.Format != Auto {
		if format != opt.Format && (format == XLSX || opt.Format == XLSX) {
			return nil, Info{}, invalid("error.sheet_other_format", "format", string(opt.Format))
		}
		format = opt.Format
	}
	opt.Limits = opt.Limits.withDefaults(format)
	if size > opt.Limits.File {
		return nil, Info{}, tooLarge(opt.Limits.File)
	}
	switch format {
	case XLSX:
		return openXLSX(r, size, opt)
	case SFTree:
		return openTree(r, size)
	}
	return openCSV(r, size, opt)
}

func tooLarge(limit int64) *errs.Error {
	return errs.New(errs.TooLarge, "error.sheet_too_large", "limit", megabytes(limit))
}

// readError is a failure of the disk or the network, not of the content.
func readError(err error) error {
	return errs.New(errs.Internal, "error.sheet_read").With(err)
}

// detect tells the format by the first bytes and refuses what is known not to
// be a table.
func detect(r io.ReaderAt, size int64, head []byte) (Format, error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return XLSX, nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return Auto, refuseOLE2(r, size)
	case hasMagic(head, "\x1f\x8b", "Rar!\x1a", "7z\xbc\xaf"):
		return Auto, invalid("error.sheet_zip")
	case hasMagic(head, "%PDF-", "{\\rtf", "\x89PNG", "\xff\xd8\xff", "GIF8", "SQLite format 3\x00", "\x7fELF", "MZ\x90\x00"):
		return Auto, invalid("error.sheet_not_table")
	case bytes.HasPrefix(text, []byte("{")):
		return SFTree, nil
	case bytes.HasPrefix(text, []byte("[")) && bytes.HasPrefix(bytes.TrimLeft(text[1:], " \t\r\n"), []byte("{")):
		return Auto, invalid("error.sheet_json")
	case bytes.HasPrefix(text, []byte("<")) && isMarkup(text):
		return Auto, invalid("error.sheet_html")
	}
	return CSV, nil
}

func hasMagic(head []byte, magic ...string) bool {
	for _, m := range magic {
		if bytes.HasPrefix(head, []byte(m)) {
			return true
		}
	}
	return false
}

// isMarkup tells a web page or an XML file by its first tag; many systems
// "export to Excel" by naming such a file .xls.
func isMarkup(text []byte) bool {
	low := bytes.ToLower(text[:min(len(text), 64)])
	for _, tag := range []string{"<?xml", "<!doctype", "<html", "<head", "<meta", "<table", "<style", "<body", "<div", "<!--"} {
		if bytes.HasPrefix(low, []byte(tag)) {
			return true
		}
	}
	return false
}

// refuseOLE2 tells an XLSX with a password, which is wrapped in the container
// of the old formats ([MS-OFFCRYPTO] 2.3.4), from an old .xls.
func refuseOLE2(r io.ReaderAt, size int64) error {
	mark := make([]byte, 0, 32)
	for _, c := range "EncryptedPackage" {
		mark = append(mark, byte(c), 0)
	}
	buf := make([]byte, 64<<10)
	for at := int64(0); at < min(size, 1<<30); at += int64(len(buf) - len(mark)) {
		n, err := r.ReadAt(buf, at)
		if bytes.Contains(buf[:n], mark) {
			return invalid("error.xlsx_password")
		}
		if err != nil {
			break
		}
	}
	return invalid("error.xls_old")
}

// counted counts the bytes that were read, for progress.
type counted struct {
	r io.Reader
	n atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) {
		if _, ours := errors.AsType[*errs.Error](err); !ours {
			err = readError(err)
		}
	}
	return n, err
}
