package api

import (
	"encoding/json"
	"net/http"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// workOut is how far a job is.
type workOut struct {
	ID     string          `json:"id" api:"id"`
	Kind   string          `json:"kind"`
	Entity string          `json:"entity,omitempty" doc:"Whose records it is about"`
	State  string          `json:"state"` // queued, running, done, failed, cancelled
	Done   int64           `json:"done"`
	Total  int64           `json:"total"` // 0 = not known
	Result json.RawMessage `json:"result"`
	Error  *jobProblem     `json:"error"`
	Begun  string          `json:"created_at" api:"instant"`
	Ended  string          `json:"finished_at,omitempty" api:"instant"`
}

// jobProblem is why a job failed.
type jobProblem struct {
	Code   string `json:"code"`
	Key    string `json:"key"`
	Detail string `json:"detail"`
}

// ownJob finds a job that the caller started; administrators see every one.
func (s *Server) ownJob(q *request) (j jobs.Job, err error) {
	n, err := q.path("id")
	if err != nil {
		return j, err
	}
	err = s.Engine.DB.Read(q.ctx, func(db sqldb.Querier) error {
		j, err = jobs.Get(q.ctx, db, id.ID(n))
		return err
	})
	if err == nil && !q.actor.Admin() && int64(j.By) != q.actor.ID() {
		err = errs.New(errs.NotFound, "error.job_not_found")
	}
	return j, err
}

// jobsOf reads the page of jobs that the request asks for.
func (s *Server) jobsOf(q *request, f jobs.Filter) (list []jobs.Job, err error) {
	if f.Limit, err = limit(q.query.Get("limit")); err != nil {
		return nil, err
	}
	if c := q.query.Get("cursor"); c != "" {
		if f.Before, err = id.Parse(c); err != nil {
			return nil, errs.New(errs.BadRequest, "error.cursor")
		}
	}
	err = s.Engine.DB.Read(q.ctx, func(db sqldb.Querier) error {
		list, err = jobs.List(q.ctx, db, f)
		return err
	})
	return list, err
}

// listJobs lists jobs, the newest first: the caller's own, for administrators
// everybody's and those that the platform does for itself.
func (s *Server) listJobs(q *request) error {
	f := jobs.Filter{By: id.ID(q.actor.ID()), Kind: q.query.Get("kind")}
	if q.actor.Admin() {
		f.By = 0
	}
	list, err := s.jobsOf(q, f)
	if err != nil {
		return err
	}
	out := []workOut{}
	for _, j := range list {
		out = append(out, q.work(j))
	}
	return q.answer(http.StatusOK, itemsOf[workOut]{out})
}

func (s *Server) job(q *request) error {
	j, err := s.ownJob(q)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, q.work(j))
}

func (q *request) work(j jobs.Job) workOut {
	out := workOut{ID: j.ID.String(), Kind: j.Kind, State: string(j.State), Done: j.Done, Total: j.Total, Result: json.RawMessage("null"),
		Begun: rfc3339(j.CreatedAt), Ended: rfc3339(j.FinishedAt)}
	var about struct {
		Entity string `json:"entity"`
	}
	if json.Unmarshal([]byte(j.Payload), &about) == nil {
		out.Entity = about.Entity
	}
	if j.State == jobs.Dead {
		out.State = string(jobs.Failed)
	}
	if json.Valid([]byte(j.Result)) {
		out.Result = json.RawMessage(j.Result)
	}
	if e := j.Error; e != nil && j.State.Over() {
		out.Error = &jobProblem{Code: string(e.Code), Key: e.Key, Detail: q.s.Texts.Text(q.lang(), e.Key, e.Args)}
	}
	return out
}

// cancelJob stops a job; what it did until then stays and can be undone.
func (s *Server) cancelJob(q *request) error {
	j, err := s.ownJob(q)
	if err != nil {
		return err
	}
	err = s.Engine.DB.Write(q.ctx, func(tx sqldb.Tx) error {
		_, err := s.Queue.Cancel(q.ctx, tx, j.ID)
		return err
	})
	if err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "job_cancel", int64(j.ID), true, j.Kind)
	return s.job(q)
}
