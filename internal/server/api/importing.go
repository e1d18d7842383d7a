package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// importBody is what POST …/import takes; the file was uploaded before.
type importBody struct {
	File      string            `json:"file" api:"id"`
	Key       []string          `json:"key"`
	Map       map[string]string `json:"map"`
	OnMatch   string            `json:"on_match"`
	Encoding  string            `json:"encoding"`
	Sheet     string            `json:"sheet"`
	HeaderRow int               `json:"header_row"`
	Null      string            `json:"null"`
	Owner     string            `json:"owner"`
	DryRun    bool              `json:"dry_run"`

	Given map[string]map[string]string `json:"given" doc:"By field: what texts mean that it does not understand, the code of an option or the id of a record; empty text: nothing"`
}

// importJob reads the body and checks the right to import and to the file.
func (s *Server) importJob(q *request) (j importer.Job, f records.FileRow, err error) {
	var in importBody
	if err := q.decode(&in); err != nil {
		return j, f, err
	}
	name := q.r.PathValue("entity")
	ent := s.Engine.Registry.State().Entity(name)
	if ent == nil {
		return j, f, errs.New(errs.NotFound, "error.entity_unknown", "entity", name)
	}
	if !q.actor.May(ent, access.Import) {
		return j, f, errs.New(errs.Forbidden, "error.forbidden", "op", string(access.Import))
	}
	file, err := id.Parse(in.File)
	if err != nil {
		return j, f, errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.file_unknown").At("file")})
	}
	if f, err = s.Engine.File(q.ctx, q.actor, int64(file)); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.file_unknown").At("file")})
		}
		return j, f, err
	}
	j = importer.Job{Who: records.WhoIs(q.actor), Entity: name, File: f.ID, Key: in.Key, Map: in.Map, OnMatch: in.OnMatch,
		Encoding: in.Encoding, Sheet: in.Sheet, HeaderRow: in.HeaderRow, Null: in.Null, Owner: in.Owner, Given: in.Given, DryRun: in.DryRun}
	return j, f, nil
}

// look opens the file of an import and says where its columns would go.
func (s *Server) look(q *request, j *importer.Job, f *records.FileRow, keys []string) (importer.Preview, error) {
	c, err := s.Files.Open(q.ctx, f.Blob)
	if err != nil {
		return importer.Preview{}, err
	}
	defer c.Close()
	o := j.Options()
	o.At, o.Size, o.Name, o.Key = c, c.Size(), f.Name, keys
	return importer.Look(q.ctx, importer.Deps{Engine: s.Engine, Texts: s.Texts}, q.actor, o)
}

// habit is how a member imported a file of some columns the last time.
type habit struct {
	Map     map[string]string            `json:"map"`
	Key     []string                     `json:"key"`
	OnMatch string                       `json:"on_match"`
	Given   map[string]map[string]string `json:"given"`
}

// habitOf names the habit of files with these columns.
func habitOf(entity string, header []string) string {
	header = slices.Clone(header)
	slices.Sort(header)
	sum := sha256.Sum256([]byte(strings.Join(header, "\n")))
	return "import " + entity + " " + hex.EncodeToString(sum[:12])
}

// previewImport shows the beginning of a file and where its columns would go:
// as told, else as the caller sent them the last time, else as they are named.
func (s *Server) previewImport(q *request) error {
	j, f, err := s.importJob(q)
	if err != nil {
		return err
	}
	p, err := s.look(q, &j, &f, nil)
	if err != nil {
		return err
	}
	if j.Map != nil {
		return q.answer(http.StatusOK, p)
	}
	var h habit
	if err := s.Desk.Note(q.ctx, q.actor.ID(), habitOf(j.Entity, p.Header), &h); err != nil {
		return err
	}
	if h.Map != nil {
		j.Map, j.Given = h.Map, h.Given
		// What was right then may not be now, such as a field that is gone: then the names decide.
		if again, err := s.look(q, &j, &f, h.Key); err == nil {
			p = again
			p.Remembered, p.Keys, p.OnMatch = true, append([]string{}, h.Key...), h.OnMatch
			if h.Given != nil {
				p.Given = h.Given
			}
		}
	}
	return q.answer(http.StatusOK, p)
}

// importTemplate gives a workbook to fill in.
func (s *Server) importTemplate(q *request) error {
	name := q.r.PathValue("entity")
	out := &download{q: q, kind: xlsxKind}
	if ent := s.Engine.Registry.State().Entity(name); ent != nil {
		out.name = s.Texts.Text(q.lang(), "import.template.file", map[string]string{"name": ent.Plural.In(q.lang())}) + ".xlsx"
	}
	return importer.Template(importer.Deps{Engine: s.Engine, Texts: s.Texts}, q.actor, name, out)
}

// startImport checks that the options fit the file and queues the import.
func (s *Server) startImport(q *request) error {
	j, f, err := s.importJob(q)
	if err != nil {
		return err
	}
	p, err := s.look(q, &j, &f, j.Key)
	if err != nil {
		return err
	}
	if !j.DryRun && j.Map != nil {
		h := habit{Map: j.Map, Key: j.Key, OnMatch: j.OnMatch, Given: j.Given}
		if err := s.Desk.Keep(q.ctx, q.actor.ID(), habitOf(j.Entity, p.Header), h); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return q.start(importer.Kind, string(raw), j.Entity+" "+f.Name)
}

// start queues a job and answers with its id.
func (q *request) start(kind, payload, detail string) error {
	err := q.once(func(sess *records.Session) (a records.Answer, err error) {
		job, err := q.s.Queue.Enqueue(q.ctx, sess.Tx(), jobs.Job{Kind: kind, Payload: payload, By: id.ID(q.actor.ID())})
		if err != nil {
			return a, err
		}
		b, err := json.Marshal(jobOut{job.String()})
		return records.Answer{Status: http.StatusAccepted, Body: b}, err
	})
	if err == nil {
		q.s.Engine.AuditAccess(q.ctx, q.actor, kind, 0, true, detail)
	}
	return err
}
