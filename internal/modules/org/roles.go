package org

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
)

// CreateRoles writes the roles that a new installation starts with and gives
// their ids by code. text gives the words of a key in the company's language.
func CreateRoles(ctx context.Context, tx entity.Writer, roles []entity.RoleTemplate, text func(key string) string) (map[string]int64, error) {
	ids := make(map[string]int64, len(roles))
	for _, t := range roles {
		id, err := tx.Create(ctx, role.Entity.Name, func(r *record.Record) {
			role.Name.Set(r, text("role."+t.Code))
			role.Code.Set(r, t.Code)
			role.Description.Set(r, text("role."+t.Code+"?"))
		})
		if err != nil {
			return nil, err
		}
		ids[t.Code] = id
		for _, g := range t.Grants {
			if _, err := tx.Create(ctx, grant.Entity.Name, func(r *record.Record) { grant.Fill(r, id, g) }); err != nil {
				return nil, err
			}
		}
		for _, f := range t.Fields {
			if _, err := tx.Create(ctx, fieldright.Entity.Name, func(r *record.Record) { fieldright.Fill(r, id, f) }); err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}
