package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// maxBulk is how many records one call writes at once; more come by filter, as a job.
const maxBulk = 200

// bulkCall is the body of POST …/bulk.
type bulkCall struct {
	op       string
	items    []rawjson.Value
	ids      []int64
	filter   string
	words    string
	byFilter bool // all that match, but for except; not ids or items
	except   []int64
	patch    []rawjson.Member
	rawPatch rawjson.Value
	owner    rawjson.Value
	input    []rawjson.Member // of an action
	atomic   bool
}

func (q *request) bulkCall() (c bulkCall, err error) {
	body, _, err := q.object()
	if err != nil {
		return c, err
	}
	bad := func(name string) error { return errs.New(errs.BadRequest, "error.parameter_value", "name", name) }
	for _, m := range body {
		switch m.Key {
		case "op":
			c.op = m.Val.Text()
		case "items":
			if c.items, err = m.Val.Items(); err != nil {
				return c, bad("items")
			}
		case "ids":
			if c.ids, err = recordIDs(m); err != nil {
				return c, err
			}
		case "except":
			if c.except, err = recordIDs(m); err != nil {
				return c, err
			}
		case "filter":
			if m.Val.Kind() != '"' {
				return c, bad("filter")
			}
			c.filter, c.byFilter = m.Val.Text(), true
		case "q":
			if m.Val.Kind() != '"' {
				return c, bad("q")
			}
			c.words = m.Val.Text()
		case "patch":
			if c.patch, err = m.Val.Members(); err != nil {
				return c, bad("patch")
			}
			c.rawPatch = m.Val
		case "owner":
			c.owner = m.Val
		case "input":
			if c.input, err = m.Val.Members(); err != nil {
				return c, bad("input")
			}
		case "atomic":
			c.atomic = m.Val.Kind() == 't'
		default:
			return c, errs.New(errs.BadRequest, "error.parameter_unknown", "name", m.Key)
		}
	}
	n := len(c.items) + len(c.ids)
	switch {
	case c.op == records.MassMerge: // only together with the options of the field
		return c, bad("op")
	case c.byFilter && n > 0:
		return c, bad("filter")
	case c.byFilter && c.atomic:
		return c, bad("atomic")
	case len(c.except) > 0 && !c.byFilter || len(c.except) > maxExcept:
		return c, bad("except")
	case c.words != "" && !c.byFilter:
		return c, bad("q")
	case len(c.items) > maxBulk || len(c.ids) > maxBulk && c.atomic:
		return c, errs.New(errs.BadRequest, "error.bulk_size", "most", strconv.Itoa(maxBulk))
	case !c.byFilter && (n == 0 || n > maxIDs):
		return c, errs.New(errs.BadRequest, "error.bulk_size", "most", strconv.Itoa(maxIDs))
	}
	return c, nil
}

// asJob says whether the call is too large to be answered at once.
func (c *bulkCall) asJob() bool { return c.byFilter || len(c.ids) > maxBulk }

// maxIDs is how many records one call may name; more than maxBulk are a job.
const maxIDs = 20_000

// maxExcept is how many records a change by filter may leave out by name.
const maxExcept = 1000

func recordIDs(m rawjson.Member) ([]int64, error) {
	list, err := texts(m)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, t := range list {
		n, err := id.Parse(t)
		if err != nil {
			return nil, errs.New(errs.BadRequest, "error.parameter_value", "name", m.Key)
		}
		out = append(out, int64(n))
	}
	return out, nil
}

// startMass queues a change of all that matches a filter.
func (s *Server) startMass(q *request, c *bulkCall) error {
	m, err := s.mass(q, c)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return q.start(records.MassKind, string(payload), m.Op+" "+m.Entity)
}

// mass is what a call changes, checked and counted.
func (s *Server) mass(q *request, c *bulkCall) (m records.Mass, err error) {
	m = records.Mass{Who: records.WhoIs(q.actor), Entity: q.r.PathValue("entity"), Op: c.op, Filter: c.filter, Words: c.words, IDs: c.ids,
		Except: c.except, Patch: json.RawMessage(c.rawPatch), Upto: int64(s.Engine.IDs.Next())}
	if ent := s.Engine.Registry.State().Entity(m.Entity); ent != nil && ent.Owner != nil && !c.owner.IsNull() {
		owner, err := ent.Owner.Type.Decode(ent.Owner, c.owner, &q.actor.Env)
		if err != nil {
			return m, err.At("owner")
		}
		m.Owner = owner.Int()
	}
	return m, s.Engine.CheckMass(q.ctx, q.actor, &m)
}

type massOut struct {
	Total int `json:"total" doc:"Records that the call is about"`
	May   int `json:"may" doc:"Those among them that the caller may do it to"`
}

// previewBulk tells how many records a bulk call would be about; it writes nothing.
func (s *Server) previewBulk(q *request) error {
	c, err := q.bulkCall()
	if err != nil {
		return err
	}
	if len(c.items) > 0 {
		return errs.New(errs.BadRequest, "error.parameter_value", "name", "items")
	}
	m, err := s.mass(q, &c)
	if err != nil {
		return err
	}
	return q.answer(http.StatusOK, massOut{m.Total, m.May})
}

// bulk writes up to 200 records and answers for each of them.
func (s *Server) bulk(q *request) error {
	c, err := q.bulkCall()
	if err != nil {
		return err
	}
	if c.asJob() {
		return s.startMass(q, &c)
	}
	name := q.r.PathValue("entity")
	return q.once(func(sess *records.Session) (a records.Answer, err error) {
		ent, err := sess.Entity(name)
		if err != nil {
			return a, err
		}
		results, err := s.bulkWrite(q, sess, ent, &c)
		if err != nil {
			return a, err
		}
		if err := sess.Describe("bulk", c.op+" "+name, 0); err != nil {
			return a, err
		}
		return records.Answer{Status: http.StatusOK, Body: q.appendResults(nil, sess.Changeset(), results)}, nil
	})
}

func (s *Server) bulkWrite(q *request, sess *records.Session, ent *schema.Entity, c *bulkCall) ([]records.Result, error) {
	switch c.op {
	case "create", "update":
		patches, failed, err := s.patches(q, ent, c)
		if err != nil {
			return nil, err
		}
		var good []records.Patch
		for i, p := range patches {
			if failed[i] == nil {
				good = append(good, p)
			}
		}
		done, err := sess.Batch(ent, good, c.atomic)
		if err != nil {
			return nil, err
		}
		out, at := make([]records.Result, len(patches)), 0
		for i := range patches {
			if failed[i] != nil {
				out[i] = records.Result{ID: patches[i].ID, Err: failed[i]}
				continue
			}
			out[i] = done[at]
			at++
		}
		return out, nil
	case "delete":
		return sess.DeleteMany(ent, c.ids, c.atomic)
	case "restore":
		return sess.RestoreMany(ent, c.ids, c.atomic)
	case "transfer":
		if ent.Owner == nil || c.owner.IsNull() {
			return nil, errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.required").At("owner")})
		}
		owner, err := ent.Owner.Type.Decode(ent.Owner, c.owner, &q.actor.Env)
		if err != nil {
			return nil, err.At("owner")
		}
		return sess.Transfer(ent, c.ids, owner.Int(), c.atomic)
	}
	if a := actionOf(sess.State(), ent.Name, c.op); a != nil && a.Bulk {
		input, _, err := sess.State().DecodeInput(a, c.input, &q.actor.Env)
		if err != nil {
			return nil, err
		}
		return sess.ActMany(ent, a, c.ids, input, c.atomic)
	}
	return nil, errs.New(errs.BadRequest, "error.parameter_value", "name", "op")
}

// patches reads what each record shall become; a record that cannot be read
// fails alone, unless the call is atomic.
func (s *Server) patches(q *request, ent *schema.Entity, c *bulkCall) ([]records.Patch, []error, error) {
	if len(c.ids) > 0 {
		in, _, err := s.Engine.Decode(q.actor, ent, c.patch)
		if err != nil {
			return nil, nil, err
		}
		out := make([]records.Patch, len(c.ids))
		for i, n := range c.ids {
			out[i] = records.Patch{ID: n, Version: records.AnyVersion, Inputs: in}
		}
		return out, make([]error, len(out)), nil
	}
	out, failed := make([]records.Patch, len(c.items)), make([]error, len(c.items))
	for i, it := range c.items {
		out[i], failed[i] = s.onePatch(q, ent, c.op, it)
		if failed[i] != nil && c.atomic {
			return nil, nil, failed[i]
		}
	}
	return out, failed, nil
}

func (s *Server) onePatch(q *request, ent *schema.Entity, op string, it rawjson.Value) (p records.Patch, err error) {
	ms, err := it.Members()
	if err != nil {
		return p, errs.New(errs.BadRequest, "error.body_json")
	}
	var fields []rawjson.Member
	for _, m := range ms {
		if m.Key != "id" {
			fields = append(fields, m)
			continue
		}
		n, err := id.Parse(m.Val.Text())
		if err != nil || op == "create" {
			return p, notFound()
		}
		p.ID = int64(n)
	}
	if op == "update" && p.ID == 0 {
		return p, errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.required").At("id")})
	}
	p.Inputs, p.Version, err = s.Engine.Decode(q.actor, ent, fields)
	if err == nil && op == "update" && p.Version < 0 {
		err = errs.New(errs.VersionRequired, "error.version_required")
	}
	return p, err
}

func (q *request) appendResults(b []byte, changeset int64, results []records.Result) []byte {
	done, failed := 0, 0
	b = append(b, `{"changeset":"`...)
	b = id.ID(changeset).AppendText(b)
	b = append(b, `","results":[`...)
	for i, r := range results {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"index":`...)
		b = strconv.AppendInt(b, int64(i), 10)
		if r.ID != 0 {
			b = append(b, `,"id":"`...)
			b = id.ID(r.ID).AppendText(b)
			b = append(b, '"')
		}
		if r.Err == nil {
			done++
			b = append(b, `,"status":200,"version":`...)
			b = strconv.AppendInt(b, r.Version, 10)
			if len(r.Hits) > 0 {
				b = append(b, `,"duplicates":`...)
				b = q.appendHits(b, r.Hits)
			}
		} else {
			failed++
			e, ok := errors.AsType[*errs.Error](r.Err)
			if !ok {
				e = errs.New(errs.Internal, "error.internal")
			}
			b = append(b, `,"status":`...)
			b = strconv.AppendInt(b, int64(status(e.Code)), 10)
			b = append(b, `,"error":`...)
			b = q.problem(b, e)
		}
		b = append(b, '}')
	}
	b = append(b, `],"done":`...)
	b = strconv.AppendInt(b, int64(done), 10)
	b = append(b, `,"failed":`...)
	b = strconv.AppendInt(b, int64(failed), 10)
	return append(b, '}')
}

// preview computes what a form would save, and what is wrong with it, without writing.
func (s *Server) preview(q *request) error {
	return s.dryRun(q, func(b []byte, res records.Preview, ent *schema.Entity) []byte {
		b = append(b, `{"values":{`...)
		b = q.appendComputed(b, ent, res.Record)
		b = q.appendComputedLines(b, ent, res)
		b = append(b, `},"errors":[`...)
		if e, ok := errors.AsType[*errs.Error](res.Err); ok && res.Err != nil {
			list := e.Sub
			if len(list) == 0 {
				list = []*errs.Error{e}
			}
			for i, sub := range list {
				if i > 0 {
					b = append(b, ',')
				}
				b = append(b, `{"field":`...)
				b = rawjson.AppendString(b, sub.Field)
				b = append(b, `,"code":`...)
				b = rawjson.AppendString(b, sub.Key)
				b = append(b, `,"message":`...)
				b = rawjson.AppendString(b, s.Texts.Text(q.lang(), sub.Key, sub.Args))
				b = append(b, '}')
			}
		}
		b = append(b, `],"duplicates":`...)
		b = q.appendHits(b, res.Hits)
		return append(b, '}')
	})
}

// computed says whether a preview tells a field: it follows from others.
func computed(ent *schema.Entity, f *schema.Field) bool {
	if schema.IsRollup(f) {
		return slices.ContainsFunc(ent.Lines, func(g schema.Lines) bool { return g.Entity.Name == f.Set.Rollup.Entity })
	}
	derived := f.ReadOnly && !f.System && f != ent.Dept && f != ent.Parent && f != ent.Position && !schema.IsAutoNumber(f) && f.Stored()
	led := slices.ContainsFunc(ent.Fields, func(by *schema.Field) bool { return slices.Contains(by.Leads, f.Key) })
	return schema.IsFormula(f) || led || derived && (len(ent.Lines) > 0 || ent.Of != nil)
}

// appendComputed writes the computed fields of a record that the caller may see.
func (q *request) appendComputed(b []byte, ent *schema.Entity, rec *record.Record) []byte {
	n := 0
	for _, f := range ent.Fields {
		if f.Retired || !computed(ent, f) || schema.IsRef(f) || schema.IsAnyRef(f) || q.actor.Level(ent, f) < schema.Read {
			continue
		}
		if n > 0 {
			b = append(b, ',')
		}
		n++
		b = rawjson.AppendString(b, f.Key)
		b = append(b, ':')
		if v := rec.At(f.Slot); v.IsNull() {
			b = append(b, "null"...)
		} else {
			b = f.Type.Encode(f, b, v)
		}
	}
	return b
}

// appendComputedLines writes those of the lines that were given.
func (q *request) appendComputedLines(b []byte, ent *schema.Entity, res records.Preview) []byte {
	for _, g := range ent.Lines {
		lines, given := res.Lines[g.Key]
		if !given {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = rawjson.AppendString(b, g.Key)
		b = append(b, ":["...)
		for i, line := range lines {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(q.appendComputed(append(b, '{'), g.Entity, line), '}')
		}
		b = append(b, ']')
	}
	return b
}

// duplicates asks the duplicate check before a record is written.
func (s *Server) duplicates(q *request) error {
	return s.dryRun(q, func(b []byte, res records.Preview, _ *schema.Entity) []byte {
		b = append(b, `{"items":`...)
		b = q.appendHits(b, res.Hits)
		return append(b, '}')
	})
}

func (s *Server) dryRun(q *request, write func([]byte, records.Preview, *schema.Entity) []byte) error {
	body, _, err := q.object()
	if err != nil {
		return err
	}
	name := q.r.PathValue("entity")
	ent := s.Engine.Registry.State().Entity(name)
	if ent == nil {
		return errs.New(errs.NotFound, "error.entity_unknown", "entity", name)
	}
	var values []rawjson.Member
	rec := record.Null
	for _, m := range body {
		switch m.Key {
		case "values":
			if values, err = m.Val.Members(); err != nil {
				return errs.New(errs.BadRequest, "error.body_json")
			}
		case "id":
			if n, err := id.Parse(m.Val.Text()); err == nil {
				rec = record.Int(int64(n))
			}
		default:
			return errs.New(errs.BadRequest, "error.parameter_unknown", "name", m.Key)
		}
	}
	in, _, err := s.Engine.Decode(q.actor, ent, values)
	if err != nil {
		return err
	}
	res, err := s.Engine.Preview(q.ctx, q.actor, ent, rec.Int(), in)
	if err != nil {
		return err
	}
	return q.reply(http.StatusOK, write(q.buf, res, ent))
}
