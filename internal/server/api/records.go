package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/query"
)

// list answers a page of records.
func (s *Server) list(q *request) error {
	v := q.query
	lq := records.ListQuery{Filter: v.Get("filter"), Sort: v.Get("sort"), Cursor: v.Get("cursor"), Words: v.Get("q"),
		Fields: split(v.Get("fields")), Expand: split(v.Get("expand"))}
	var err error
	if lq.Count, err = flag(v, "count"); err != nil {
		return err
	}
	if lq.Deleted, err = flag(v, "deleted"); err != nil {
		return err
	}
	if lq.Limit, err = limit(v.Get("limit")); err != nil {
		return err
	}
	if err := q.fresh(v.Get("fresh")); err != nil {
		return err
	}
	q.buf, err = s.Engine.List(q.ctx, q.actor, q.r.PathValue("entity"), lq, q.buf)
	if err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

// fresh waits until the search index has caught up, when asked to.
func (q *request) fresh(v string) error {
	if v != "true" || q.s.Engine.Search == nil {
		return nil
	}
	return q.s.Engine.Search.Wait(q.ctx)
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func limit(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, errs.New(errs.BadRequest, "error.parameter_value", "name", "limit")
	}
	return n, nil
}

// query is list with the JSON form of the predicate.
func (s *Server) query(q *request) error {
	body, _, err := q.object()
	if err != nil {
		return err
	}
	var lq records.ListQuery
	for _, m := range body {
		switch m.Key {
		case "filter":
			if lq.Where, err = query.ParseJSON(m.Val); err != nil {
				return err
			}
		case "sort":
			if lq.Sort, err = sortSpec(m.Val); err != nil {
				return err
			}
		case "fields":
			lq.Fields, err = texts(m)
		case "expand":
			lq.Expand, err = texts(m)
		case "limit":
			lq.Limit, err = limit(m.Val.Text())
		case "cursor":
			lq.Cursor = m.Val.Text()
		case "q":
			lq.Words = m.Val.Text()
		case "count":
			lq.Count = m.Val.Kind() == 't'
		default:
			return errs.New(errs.BadRequest, "error.parameter_unknown", "name", m.Key)
		}
		if err != nil {
			return err
		}
	}
	q.buf, err = s.Engine.List(q.ctx, q.actor, q.r.PathValue("entity"), lq, q.buf)
	if err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

func texts(m rawjson.Member) ([]string, error) {
	items, err := m.Val.Items()
	if err != nil {
		return nil, errs.New(errs.BadRequest, "error.parameter_value", "name", m.Key)
	}
	out := make([]string, 0, len(items))
	for _, it := range items {
		s, ok := it.Str()
		if !ok {
			return nil, errs.New(errs.BadRequest, "error.parameter_value", "name", m.Key)
		}
		out = append(out, s)
	}
	return out, nil
}

// sortSpec turns [{"field":…,"desc":…}] into the text form.
func sortSpec(v rawjson.Value) (string, error) {
	if s, ok := v.Str(); ok {
		return s, nil
	}
	items, err := v.Items()
	if err != nil {
		return "", errs.New(errs.BadRequest, "error.parameter_value", "name", "sort")
	}
	parts := make([]string, 0, len(items))
	for _, it := range items {
		f, _ := it.Get("field")
		d, _ := it.Get("desc")
		sign := ""
		if d.Kind() == 't' {
			sign = "-"
		}
		parts = append(parts, sign+f.Text())
	}
	return strings.Join(parts, ","), nil
}

func (s *Server) get(q *request) error {
	v := q.query
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	var version int64
	q.buf, version, err = s.Engine.Get(q.ctx, q.actor, q.r.PathValue("entity"), rec,
		records.ListQuery{Fields: split(v.Get("fields")), Expand: split(v.Get("expand"))}, q.buf)
	if err != nil {
		return err
	}
	tag := etag(version)
	q.w.Header()["Etag"] = []string{tag}
	if q.r.Header.Get("If-None-Match") == tag && v.Get("expand") == "" {
		q.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return q.reply(http.StatusOK, q.buf)
}

func etag(version int64) string { return `"v` + strconv.FormatInt(version, 10) + `"` }

// create writes a new record; warned duplicates come back with it.
func (s *Server) create(q *request) error {
	v := q.query
	body, _, err := q.object()
	if err != nil {
		return err
	}
	name := q.r.PathValue("entity")
	return q.once(func(sess *records.Session) (a records.Answer, err error) {
		ent, err := sess.Entity(name)
		if err != nil {
			return a, err
		}
		in, _, err := s.Engine.Decode(q.actor, ent, body)
		if err != nil {
			return a, err
		}
		res, err := sess.CreateOne(ent, in, records.RefuseDuplicates(v.Get("duplicates") == "refuse"))
		if err != nil {
			return a, err
		}
		b, _, err := sess.GetInTx(name, res.ID, nil)
		if errs.Is(err, errs.NotFound) { // he may create, not read
			b, err = []byte(`{"id":"`+id.ID(res.ID).String()+`"}`), nil
		}
		if err != nil {
			return a, err
		}
		b = b[:len(b)-1]
		b = append(b, `,"changeset":"`...)
		b = id.ID(res.Changeset).AppendText(b)
		b = append(b, '"')
		if len(res.Hits) > 0 {
			b = append(b, `,"duplicates":`...)
			b = q.appendHits(b, res.Hits)
		}
		b = append(b, '}')
		return records.Answer{Status: http.StatusCreated, Head: "/api/v1/records/" + name + "/" + id.ID(res.ID).String(), Body: b}, nil
	})
}

// expected reads the version a writer saw: If-Match, or "version" in the body;
// without either nobody may write, and "*" means whatever the version.
func (q *request) expected(inBody int64) (version int64, header bool, err error) {
	switch m := q.r.Header.Get("If-Match"); {
	case m == "*":
		return records.AnyVersion, true, nil
	case m != "":
		n, perr := strconv.ParseInt(strings.Trim(strings.TrimPrefix(strings.Trim(m, `"`), "v"), `"`), 10, 64)
		if perr != nil || n < 0 {
			return 0, true, errs.New(errs.Precondition, "error.version")
		}
		return n, true, nil
	case inBody >= 0:
		return inBody, false, nil
	}
	return 0, false, errs.New(errs.VersionRequired, "error.version_required")
}

// staleBy turns the conflict into 412 when the version came in the header.
func staleBy(err error, header bool) error {
	if st, ok := err.(*records.Stale); ok && header { //nolint:errorlint // bare by contract
		return &records.Stale{Err: errs.New(errs.Precondition, st.Err.Key), Current: st.Current}
	}
	return err
}

func (s *Server) patch(q *request) error {
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	body, _, err := q.object()
	if err != nil {
		return err
	}
	name := q.r.PathValue("entity")
	var version int64
	err = s.Engine.InTx(q.ctx, q.actor, func(sess *records.Session) error {
		ent, err := sess.Entity(name)
		if err != nil {
			return err
		}
		in, inBody, err := s.Engine.Decode(q.actor, ent, body)
		if err != nil {
			return err
		}
		want, header, err := q.expected(inBody)
		if err != nil {
			return err
		}
		res, err := sess.UpdateOne(ent, rec, want, in)
		if err != nil {
			return staleBy(err, header)
		}
		q.buf, version, err = sess.GetInTx(name, rec, q.buf[:0])
		if err == nil {
			q.buf = withChangeset(q.buf, res.Changeset)
		}
		if errs.Is(err, errs.NotFound) { // handed over to somebody else
			q.buf, err = append(q.buf[:0], `{"id":"`+id.ID(rec).String()+`"}`...), nil
		}
		return err
	})
	if err != nil {
		return err
	}
	q.w.Header().Set("ETag", etag(version))
	return q.reply(http.StatusOK, q.buf)
}

func (s *Server) remove(q *request) error {
	v := q.query
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	inBody := int64(-1)
	if t := v.Get("version"); t != "" {
		if inBody, err = strconv.ParseInt(t, 10, 64); err != nil {
			return errs.New(errs.BadRequest, "error.parameter_value", "name", "version")
		}
	}
	want, header, err := q.expected(inBody)
	if err != nil {
		return err
	}
	batch, changeset, err := s.Engine.Delete(q.ctx, q.actor, q.r.PathValue("entity"), rec, want)
	if err != nil {
		return staleBy(err, header)
	}
	return q.reply(http.StatusOK, []byte(`{"batch":"`+id.ID(batch).String()+`","changeset":"`+id.ID(changeset).String()+`"}`))
}

func (s *Server) related(q *request) error {
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	if q.buf, err = s.Engine.Related(q.ctx, q.actor, q.r.PathValue("entity"), rec, q.buf); err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

func (s *Server) timeline(q *request) error {
	v := q.query
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	n, err := limit(v.Get("limit"))
	if err != nil {
		return err
	}
	if q.buf, err = s.Engine.Timeline(q.ctx, q.actor, q.r.PathValue("entity"), rec, v.Get("cursor"), n, q.buf); err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

func (s *Server) aggregate(q *request) error {
	body, _, err := q.object()
	if err != nil {
		return err
	}
	var aq records.AggregateQuery
	for _, m := range body {
		switch m.Key {
		case "filter":
			if aq.Where, err = query.ParseJSON(m.Val); err != nil {
				return err
			}
		case "group":
			aq.Group, err = texts(m)
		case "measures":
			aq.Measures, err = texts(m)
		case "limit":
			aq.Limit, err = limit(m.Val.Text())
		default:
			return errs.New(errs.BadRequest, "error.parameter_unknown", "name", m.Key)
		}
		if err != nil {
			return err
		}
	}
	if q.buf, err = s.Engine.Aggregate(q.ctx, q.actor, q.r.PathValue("entity"), aq, q.buf); err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

func (s *Server) search(q *request) error {
	v := q.query
	n, err := limit(v.Get("limit"))
	if err != nil {
		return err
	}
	if err := q.fresh(v.Get("fresh")); err != nil {
		return err
	}
	if q.buf, err = s.Engine.Find(q.ctx, q.actor, v.Get("q"), split(v.Get("entity")), n, q.buf); err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}
