package api

import (
	"net/http"

	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/model/entity"
)

type aliveOut struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}

func (s *Server) health(q *request) error {
	return q.answer(http.StatusOK, aliveOut{"ok", s.Version})
}

func (s *Server) healthDetail(q *request) error {
	return q.answer(http.StatusOK, s.Platform.Health(q.ctx))
}

type setupStateOut struct {
	Needed bool `json:"needed"`
}

func (s *Server) setupState(q *request) error {
	return q.answer(http.StatusOK, setupStateOut{s.Platform.NeedsSetup()})
}

type passphraseOut struct {
	Passphrase string `json:"recovery_passphrase" doc:"Opens the backups; nobody can read it again"`
}

// setup does the first run and signs the new administrator in.
func (s *Server) setup(q *request) error {
	var in SetupInput
	if err := q.decode(&in); err != nil {
		return err
	}
	if in.Locale == "" {
		in.Locale = q.locale
	}
	passphrase, err := s.Platform.Setup(q.ctx, in)
	if err != nil {
		return err
	}
	token, cred, err := s.Sessions.SignIn(q.ctx, in.Login, in.Password, q.meta())
	if err != nil {
		return err
	}
	http.SetCookie(q.w, q.sessionCookie(token, cred))
	return q.answer(http.StatusOK, passphraseOut{passphrase})
}

// customizationOut shows what administrators made.
type customizationOut struct {
	Items  []entity.EntityPatch `json:"items"`
	Fields []entity.FieldPatch  `json:"fields"`
}

func (s *Server) customEntities(q *request) error {
	o := s.Engine.Registry.State().Overlay
	return q.answer(http.StatusOK, customizationOut{Items: append([]entity.EntityPatch{}, o.Entities...), Fields: append([]entity.FieldPatch{}, o.Fields...)})
}

func (s *Server) addEntity(q *request) error {
	var p entity.EntityPatch
	if err := q.decode(&p); err != nil {
		return err
	}
	if len(p.Name) < 2 || p.Name[:2] != "x." {
		p.Name = "x." + p.Name
	}
	if err := s.Customize.AddEntity(q.ctx, p); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "entity_add", 0, true, p.Name)
	return q.answer(http.StatusCreated, p)
}

// changeEntity merges the given members into what administrators said of an
// entity. If-Match holds the tag of it that the caller saw.
func (s *Server) changeEntity(q *request) error {
	name := q.r.PathValue("name")
	raw, err := q.body()
	if err != nil {
		return err
	}
	p, err := s.Customize.ChangeEntity(q.ctx, name, func(p *entity.EntityPatch) error {
		if err := q.match(*p); err != nil {
			return err
		}
		*p, err = merged(*p, raw)
		return err
	})
	return q.customized(err, "entity_change", name, p)
}

func (s *Server) retireEntity(q *request) error {
	name := q.r.PathValue("name")
	p, err := s.Customize.ChangeEntity(q.ctx, name, func(p *entity.EntityPatch) error {
		if !p.Add {
			return notFound()
		}
		p.Retired = true
		return nil
	})
	return q.customized(err, "entity_retire", name, p)
}

func (q *request) customized(err error, action, name string, out any) error {
	if err != nil {
		return err
	}
	q.s.Engine.AuditAccess(q.ctx, q.actor, action, 0, true, name)
	return q.tagged(out)
}

func (s *Server) addField(q *request) error {
	var p entity.FieldPatch
	if err := q.decode(&p); err != nil {
		return err
	}
	p.Entity = q.r.PathValue("name")
	if err := s.Customize.AddField(q.ctx, p); err != nil {
		return err
	}
	s.Engine.AuditAccess(q.ctx, q.actor, "field_add", 0, true, p.Entity+"."+p.Key)
	return q.answer(http.StatusCreated, p)
}

// changeField is as changeEntity.
func (s *Server) changeField(q *request) error {
	name, key := q.r.PathValue("name"), q.r.PathValue("key")
	raw, err := q.body()
	if err != nil {
		return err
	}
	p, err := s.Customize.ChangeField(q.ctx, name, key, func(p *entity.FieldPatch) error {
		if err := q.match(*p); err != nil {
			return err
		}
		was := *p
		if *p, err = merged(*p, raw); err != nil {
			return err
		}
		return customize.KeepHeld(was, p, s.declares(name, key), s.held(q, name, key))
	})
	return q.customized(err, "field_change", name+"."+key, p)
}

func (s *Server) retireField(q *request) error {
	name, key := q.r.PathValue("name"), q.r.PathValue("key")
	p, err := s.Customize.ChangeField(q.ctx, name, key, func(p *entity.FieldPatch) error {
		p.Retired = true
		return nil
	})
	return q.customized(err, "field_retire", name+"."+key, p)
}
