package api

import (
	"net/http"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// restore takes a record out of the recycle bin.
func (s *Server) restore(q *request) error {
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	name := q.r.PathValue("entity")
	return q.once(func(sess *records.Session) (a records.Answer, err error) {
		ent, err := sess.Entity(name)
		if err != nil {
			return a, err
		}
		if err := sess.RestoreOne(ent, rec); err != nil {
			return a, err
		}
		return q.after(sess, name, rec)
	})
}

// after answers a write with the record as it is now and what to undo it by; he
// who may no longer read it gets no body.
func (q *request) after(sess *records.Session, name string, rec int64) (a records.Answer, err error) {
	q.buf, _, err = sess.GetInTx(name, rec, q.buf[:0])
	if errs.Is(err, errs.NotFound) {
		return records.Answer{Status: http.StatusNoContent}, nil
	}
	if err == nil {
		q.buf = withChangeset(q.buf, sess.Changeset())
	}
	return records.Answer{Status: http.StatusOK, Body: q.buf}, err
}

// withChangeset adds to the JSON of a record what its write is undone by.
func withChangeset(record []byte, changeset int64) []byte {
	record = append(record[:len(record)-1], `,"changeset":"`...)
	return append(id.ID(changeset).AppendText(record), '"', '}')
}

// act runs a verb on a record.
func (s *Server) act(q *request) error {
	rec, err := q.path("id")
	if err != nil {
		return err
	}
	body, _, err := q.object()
	if err != nil {
		return err
	}
	name, verb := q.r.PathValue("entity"), q.r.PathValue("name")
	return q.once(func(sess *records.Session) (a records.Answer, err error) {
		if err := s.actIn(q, sess, name, verb, rec, body); err != nil {
			return a, err
		}
		return q.after(sess, name, rec)
	})
}

func (s *Server) actIn(q *request, sess *records.Session, name, verb string, rec int64, body []rawjson.Member) error {
	ent, err := sess.Entity(name)
	if err != nil {
		return err
	}
	if verb == "transfer" && ent.Owner != nil {
		return s.transferOne(q, sess, ent, rec, body)
	}
	a := actionOf(sess.State(), name, verb)
	if a == nil {
		return notFound()
	}
	input, inBody, err := sess.State().DecodeInput(a, body, &q.actor.Env)
	if err != nil {
		return err
	}
	want, header, err := q.expected(inBody)
	if err != nil {
		return err
	}
	_, err = sess.Act(ent, a, rec, want, input)
	return staleBy(err, header)
}

func actionOf(st *entity.State, name, verb string) *entity.Action {
	def := st.Def(name)
	if def == nil {
		return nil
	}
	for i := range def.Actions {
		if def.Actions[i].Name == verb {
			return &def.Actions[i]
		}
	}
	return nil
}

func (s *Server) transferOne(q *request, sess *records.Session, ent *schema.Entity, rec int64, body []rawjson.Member) error {
	owner, inBody := record.Null, int64(-1)
	for _, m := range body {
		switch m.Key {
		case "owner":
			v, err := ent.Owner.Type.Decode(ent.Owner, m.Val, &q.actor.Env)
			if err != nil {
				return err.At("owner")
			}
			owner = v
		case "version":
			v, err := schema.TypeNamed("number").Decode(nil, m.Val, nil)
			if err != nil {
				return err.At("version")
			}
			inBody = v.Int()
		default:
			return errs.New(errs.BadRequest, "error.field_unknown", "field", m.Key)
		}
	}
	if owner.IsNull() {
		return errs.Join([]*errs.Error{errs.New(errs.Invalid, "error.required").At("owner")})
	}
	want, header, err := q.expected(inBody)
	if err != nil {
		return err
	}
	_, err = sess.TransferOne(ent, rec, want, owner.Int())
	return staleBy(err, header)
}
