package api

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

const xlsxKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// exportBody is what POST …/export takes.
type exportBody struct {
	Filter   string   `json:"filter"`
	Sort     string   `json:"sort"`
	Words    string   `json:"q"`
	Fields   []string `json:"fields" doc:"Without it all that the caller may see"`
	Format   string   `json:"format" doc:"csv (also without it) or xlsx"`
	Encoding string   `json:"encoding" doc:"Of CSV: utf-8-bom (also without it), utf-8 or gb18030"`
	Keys     bool     `json:"keys" doc:"Keys of fields, codes of options, ids of references"`
}

// startExport queues an export whose file is fetched later.
func (s *Server) startExport(q *request) error {
	var in exportBody
	if err := q.decode(&in); err != nil {
		return err
	}
	name := q.r.PathValue("entity")
	ent := s.Engine.Registry.State().Entity(name)
	if ent == nil {
		return errs.New(errs.NotFound, "error.entity_unknown", "entity", name)
	}
	if !q.actor.May(ent, access.Export) {
		return errs.New(errs.Forbidden, "error.forbidden", "op", string(access.Export))
	}
	if !slices.Contains([]string{"", "csv", "xlsx"}, in.Format) {
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "format")
	}
	if !slices.Contains([]string{"", "utf-8-bom", "utf-8", "gb18030"}, in.Encoding) {
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "encoding")
	}
	if err := s.Engine.CheckList(q.actor, name, in.Filter, in.Sort, in.Fields); err != nil {
		return err
	}
	if in.Encoding == "utf-8-bom" {
		in.Encoding = ""
	}
	j := importer.ExportJob{Who: records.WhoIs(q.actor), Entity: name, Filter: in.Filter, Sort: in.Sort, Words: in.Words, Fields: in.Fields,
		Format: in.Format, Encoding: in.Encoding, Keys: in.Keys}
	raw, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return q.start(importer.ExportKind, string(raw), name)
}

// exportTime bounds one export.
const exportTime = 30 * time.Minute

// export streams a list as a file. What goes wrong before the first byte is a
// problem as everywhere; later the connection breaks off, so that half a file
// is not taken for a whole one.
func (s *Server) export(q *request) error {
	v := q.query
	name := q.r.PathValue("entity")
	o := importer.ExportOptions{Entity: name, Filter: v.Get("filter"), Sort: v.Get("sort"), Words: v.Get("q"), Encoding: v.Get("encoding"), Format: sheet.CSV}
	if f := v.Get("fields"); f != "" {
		o.Fields = strings.Split(f, ",")
	}
	kind := "text/csv; charset=utf-8"
	switch v.Get("format") {
	case "", "csv":
		if o.Encoding == sheet.GB18030 {
			kind = "text/csv; charset=gb18030"
		}
	case "xlsx":
		o.Format, kind = sheet.XLSX, xlsxKind
	default:
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "format")
	}
	switch v.Get("headers") {
	case "", "labels":
	case "keys":
		o.Keys = true
	default:
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "headers")
	}
	out := &download{q: q, kind: kind}
	if ent := s.Engine.Registry.State().Entity(name); ent != nil {
		out.name = ent.Plural.In(q.locale) + " " + s.Clock.Now().In(s.Engine.Dir.Zone()).Format("2006-01-02") + "." + string(o.Format)
	}
	_, err := importer.Export(q.r.Context(), importer.Deps{Engine: s.Engine, Texts: s.Texts}, q.actor, o, out)
	if err == nil || !out.begun {
		return err
	}
	s.Log.Error("an export broke off", "entity", name, "request", q.id(), "error", err)
	panic(http.ErrAbortHandler)
}

// download sends its headers with the first bytes of the file.
type download struct {
	q          *request
	kind, name string
	begun      bool
}

// Write implements io.Writer.
func (d *download) Write(p []byte) (int, error) {
	if !d.begun {
		d.begun = true
		if err := http.NewResponseController(d.q.w).SetWriteDeadline(time.Now().Add(exportTime)); err != nil {
			d.q.s.Log.Debug("no write deadline", "error", err)
		}
		h := d.q.w.Header()
		h.Set("Content-Type", d.kind)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.name}))
		d.q.w.WriteHeader(http.StatusOK)
	}
	return d.q.w.Write(p)
}
