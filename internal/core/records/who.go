package records

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// Who is an actor as a job keeps him: the job acts with the rights he has when
// it runs, never more than the credential had that asked for it.
type Who struct {
	Member int64          `json:"member"`
	Cred   int64          `json:"cred,omitempty"`
	IP     string         `json:"ip,omitempty"`
	ReqID  string         `json:"request,omitempty"`
	Locale string         `json:"locale,omitempty"`
	Narrow *access.Narrow `json:"narrow,omitempty"`
}

// WhoIs keeps an actor.
func WhoIs(a *access.Actor) Who {
	return Who{Member: a.ID(), Cred: a.Cred, IP: a.IP, ReqID: a.ReqID, Locale: a.Env.Locale, Narrow: a.Narrow}
}

// Actor is the kept actor again; Forbidden when he may not sign in any more.
func (e *Engine) Actor(w Who) (*access.Actor, error) {
	a, ok := e.Rights.Actor(w.Member)
	if !ok {
		return nil, errs.New(errs.Forbidden, "error.job_actor")
	}
	a.Via, a.Cred, a.IP, a.ReqID, a.Narrow, a.Now = "job", w.Cred, w.IP, w.ReqID, w.Narrow, e.Clock.Now()
	a.Env.Locale, a.Env.Zone, a.Env.Region = w.Locale, e.Dir.Zone(), "CN"
	return a, nil
}
