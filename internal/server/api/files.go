package api

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/files"
)

// maxFile is the largest file that can be uploaded.
const maxFile = 512 << 20

func ref(n int64) string { return id.ID(n).String() }

// upload stores the body as a file that belongs to nobody but its uploader
// until a record takes it in.
func (s *Server) upload(q *request) error {
	if err := q.writingKey(); err != nil {
		return err
	}
	name, err := url.PathUnescape(q.r.Header.Get("X-Filename"))
	if err != nil {
		return errs.New(errs.BadRequest, "error.file_name")
	}
	if err := http.NewResponseController(q.w).SetReadDeadline(time.Now().Add(30 * time.Minute)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	head := &firstBytes{}
	body := http.MaxBytesReader(q.w, q.r.Body, maxFile)
	blob, err := s.Files.Put(q.r.Context(), head.of(body), maxFile)
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return errs.New(errs.TooLarge, "error.file_too_large", "max", strconv.Itoa(maxFile))
		}
		return err
	}
	name = files.SafeName(name)
	kind, _ := files.Sniff(head.b, name)
	row, err := s.Engine.AddFile(q.r.Context(), q.actor, records.FileRow{Blob: blob.Name, Name: name, Size: blob.Size, Mime: kind})
	if err != nil {
		return err
	}
	return q.reply(http.StatusCreated, row.AppendJSON(q.buf))
}

// download gives a file to those who may read the record that holds it: as an
// attachment, or inline for the few types that cannot run anything.
func (s *Server) download(q *request) error {
	v := q.query
	n, err := q.path("id")
	if err != nil {
		return err
	}
	f, err := s.Engine.File(q.ctx, q.actor, n)
	if err != nil {
		return err
	}
	c, err := s.Files.Open(q.r.Context(), f.Blob)
	if err != nil {
		return err
	}
	defer c.Close()
	h := q.w.Header()
	disposition := "attachment"
	if v.Get("inline") == "1" && files.InlineSafe(f.Mime) {
		disposition = "inline"
	}
	h.Set("Content-Type", f.Mime)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'")
	h.Set("ETag", `"`+f.Blob[:16]+`"`)
	h.Set("Cache-Control", "private, no-cache")
	s.Engine.AuditAccess(q.ctx, q.actor, "download", f.ID, true, f.Name)
	http.ServeContent(q.w, q.r.WithContext(q.r.Context()), "", time.UnixMicro(f.Created), c)
	return nil
}

// firstBytes remembers the beginning of what passes through.
type firstBytes struct{ b []byte }

func (f *firstBytes) of(r interface{ Read([]byte) (int, error) }) *tee { return &tee{r, f} }

type tee struct {
	r interface{ Read([]byte) (int, error) }
	f *firstBytes
}

// sniffBytes is how much of a file tells its type.
const sniffBytes = 3072

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if room := sniffBytes - len(t.f.b); room > 0 {
		t.f.b = append(t.f.b, p[:min(n, room)]...)
	}
	return n, err
}
