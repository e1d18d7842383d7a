package api

import (
	"encoding/json"
	"net/http"

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
		Encoding: in.Encoding, Sheet: in.Sheet, HeaderRow: in.HeaderRow, Null: in.Null, Owner: in.Owner, DryRun: in.DryRun}
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

// previewImport shows the beginning of a file and where its columns would go.
func (s *Server) previewImport(q *request) error {
	j, f, err := s.importJob(q)
	if err != nil {
		return err
	}
	p, err := s.look(q, &j, &f, nil)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, p)
}

// startImport checks that the options fit the file and queues the import.
func (s *Server) startImport(q *request) error {
	j, f, err := s.importJob(q)
	if err != nil {
		return err
	}
	if _, err := s.look(q, &j, &f, j.Key); err != nil {
		return err
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
