// Package admin holds the rule that only administrators change who may do
// what: no grant, however wide, lets a member give himself more.
package admin

import (
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
)

// Only refuses a change by anybody but an administrator or the system itself.
func Only(c entity.Change) error {
	if c.Actor.Admin() {
		return nil
	}
	return errs.New(errs.Forbidden, "error.admin_only")
}
