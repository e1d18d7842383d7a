package api

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/paper"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

const pdfKind = "application/pdf"

// metaPaper is a layout as those who print with it know it.
type metaPaper struct {
	Key      string        `json:"key"`
	Label    schema.Labels `json:"label"`
	Language string        `json:"language"`
}

// printsOf are the layouts that the caller may print with.
func (q *request) printsOf(e *schema.Entity) []metaPaper {
	out := []metaPaper{}
	if !records.Printable(q.actor, e) {
		return out
	}
	for _, p := range e.Prints {
		if !p.Hidden {
			out = append(out, metaPaper{p.Key, p.Label, p.Language})
		}
	}
	return out
}

// printRecord answers a record on paper. Who printed what is written down.
func (s *Server) printRecord(q *request) error {
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	name, layout := q.r.PathValue("entity"), q.r.PathValue("layout")
	doc, err := s.Printer.Print(q.ctx, q.actor, name, rec, layout)
	if err != nil {
		return err
	}
	detail := name + " " + layout
	if doc.Seal {
		detail += " seal"
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "print", rec, true, detail)
	return q.paper(doc)
}

func (q *request) paper(p *paper.Document) error {
	h := q.w.Header()
	disposition := "attachment"
	if q.query.Get("inline") == "1" {
		disposition = "inline"
	}
	h.Set("Content-Type", pdfKind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": p.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(p.PDF)))
	q.w.WriteHeader(http.StatusOK)
	_, _ = q.w.Write(p.PDF) // the client may be gone; there is nobody to tell
	return nil
}

// keptPrintOut is a layout as administrators edit it.
type keptPrintOut struct {
	Print    schema.Print `json:"print"`
	Declared bool         `json:"declared" doc:"The program has a layout of this key"`
	Own      bool         `json:"own" doc:"An administrator made or changed it; deleting it gives the program's back, if there is one"`
	Tag      string       `json:"tag" doc:"Version, for If-Match"`
}

func (s *Server) prints(q *request) error {
	st := s.Engine.Registry.State()
	e := st.Entity(q.r.PathValue("name"))
	if e == nil || e.Of != nil {
		return notFound()
	}
	out := []keptPrintOut{}
	for _, p := range e.Prints {
		out = append(out, s.printOut(e, p))
	}
	return q.answer(http.StatusOK, itemsOf[keptPrintOut]{out})
}

func (s *Server) printOut(e *schema.Entity, p schema.Print) keptPrintOut {
	st := s.Engine.Registry.State()
	out := keptPrintOut{Print: p, Declared: st.DeclaredPrint(e.Name, p.Key) != nil, Tag: tagOf(p)}
	for _, o := range st.Overlay.Prints {
		out.Own = out.Own || o.Entity == e.Name && o.Print.Key == p.Key && !o.Gone
	}
	return out
}

// savePrint keeps a layout; with If-Match not over one that somebody else changed.
func (s *Server) savePrint(q *request) error {
	var p schema.Print
	if err := q.decode(&p); err != nil {
		return err
	}
	name := q.r.PathValue("name")
	p.Key = q.r.PathValue("key")
	match := func(now *schema.Print) error {
		if now == nil {
			now = &schema.Print{}
		}
		return q.match(*now)
	}
	if err := s.Customize.SavePrint(q.ctx, name, p, match); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "print_change", 0, true, name+" "+p.Key)
	e := s.Engine.Registry.State().Entity(name)
	if e == nil || e.PrintNamed(p.Key) == nil {
		return notFound()
	}
	return q.answer(http.StatusOK, s.printOut(e, *e.PrintNamed(p.Key)))
}

func (s *Server) removePrint(q *request) error {
	name, key := q.r.PathValue("name"), q.r.PathValue("key")
	if err := s.Customize.RemovePrint(q.ctx, name, key); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "print_remove", 0, true, name+" "+key)
	return q.empty()
}

// tryBody is a layout that is being edited, and the record to look at.
type tryBody struct {
	Print  schema.Print `json:"print"`
	Record string       `json:"record" doc:"Without it the newest one that the caller may print"`
}

// tryPrint shows what a layout would look like, kept or not.
func (s *Server) tryPrint(q *request) error {
	var in tryBody
	if err := q.decode(&in); err != nil {
		return err
	}
	name := q.r.PathValue("name")
	st := s.Engine.Registry.State()
	e := st.Entity(name)
	if e == nil || e.Of != nil {
		return notFound()
	}
	if err := st.CheckPrint(e, &in.Print); err != nil {
		return err
	}
	var rec int64
	if in.Record != "" {
		n, err := id.Parse(in.Record)
		if err != nil {
			return notFound()
		}
		rec = int64(n)
	} else {
		n, err := s.newest(q.ctx, q, name)
		if err != nil {
			return err
		}
		rec = n
	}
	doc, err := s.Printer.Try(q.ctx, q.actor, name, rec, &in.Print)
	if err != nil {
		return err
	}
	if doc.Seal {
		s.Engine.AuditAccess(q.ctx, q.actor, "seal_read", rec, true, "print preview")
	}
	return q.paper(doc)
}

// errNoRecord says that there is nothing to look at a layout with.
var errNoRecord = errs.New(errs.NotFound, "error.print_no_record")

// newest is the newest record of an entity that the caller may read.
func (s *Server) newest(ctx context.Context, q *request, name string) (int64, error) {
	raw, err := s.Engine.List(ctx, q.actor, name, records.ListQuery{Sort: "-id", Fields: []string{"id"}, Limit: 1}, nil)
	if err != nil {
		return 0, err
	}
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		return 0, err
	}
	if len(page.Items) == 0 {
		return 0, errNoRecord
	}
	n, err := id.Parse(page.Items[0].ID)
	if err != nil {
		return 0, errors.Join(errNoRecord, err)
	}
	return int64(n), nil
}
