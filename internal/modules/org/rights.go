package org

import (
	"context"
	"fmt"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/fieldright"
	"github.com/guanxicrm/guanxi/internal/modules/org/grant"
	"github.com/guanxicrm/guanxi/internal/modules/org/role"
)

// mostRights is more than any role can have: entities by operations.
const mostRights = 20000

// RightsOf reads all that a role grants. Errors: NotFound.
func RightsOf(ctx context.Context, tx entity.Reader, of int64) ([]access.Grant, []access.FieldGrant, error) {
	if _, err := tx.Get(ctx, role.Entity.Name, of); err != nil {
		return nil, nil, err
	}
	grants, fields, err := rightsOf(ctx, tx, of)
	if err != nil {
		return nil, nil, err
	}
	gs, fs := make([]access.Grant, len(grants)), make([]access.FieldGrant, len(fields))
	for i, r := range grants {
		gs[i] = grant.Of(r)
	}
	for i, r := range fields {
		fs[i] = fieldright.Of(r)
	}
	return gs, fs, nil
}

func rightsOf(ctx context.Context, tx entity.Reader, of int64) (grants, fields []*record.Record, err error) {
	self := id.ID(of).String()
	if grants, err = tx.Find(ctx, grant.Entity.Name, entity.Is(grant.Role, self), mostRights); err != nil {
		return nil, nil, err
	}
	fields, err = tx.Find(ctx, fieldright.Entity.Name, entity.Is(fieldright.Role, self), mostRights)
	return grants, fields, err
}

// SetRights gives a role these rights and no others. What it has already is
// left as it is, so that history tells only what changed. Errors: NotFound;
// Invalid for a right that is none; Duplicate for a field named twice.
func SetRights(ctx context.Context, tx entity.Writer, of int64, grants []access.Grant, fields []access.FieldGrant) error {
	if _, err := tx.Get(ctx, role.Entity.Name, of); err != nil {
		return err
	}
	if err := tx.Guard(ctx, "org.role.rights "+id.ID(of).String()); err != nil {
		return err
	}
	hadGrants, hadFields, err := rightsOf(ctx, tx, of)
	if err != nil {
		return err
	}
	wantGrants, wantFields := map[string]access.Grant{}, map[string]access.FieldGrant{}
	for _, g := range grants {
		wantGrants[grantKey(g)] = g
	}
	seen := map[string]bool{}
	for _, f := range fields {
		at := f.Entity + " " + f.Field
		if seen[at] {
			return errs.New(errs.Duplicate, "error.field_right_twice", "field", f.Field).At("fields")
		}
		seen[at] = true
		wantFields[fieldKey(f)] = f
	}
	if err := drop(ctx, tx, grant.Entity.Name, hadGrants, func(r *record.Record) string { return grantKey(grant.Of(r)) }, wantGrants); err != nil {
		return err
	}
	if err := drop(ctx, tx, fieldright.Entity.Name, hadFields, func(r *record.Record) string { return fieldKey(fieldright.Of(r)) }, wantFields); err != nil {
		return err
	}
	for _, key := range sortedKeys(wantGrants) {
		if _, err := tx.Create(ctx, grant.Entity.Name, func(r *record.Record) { grant.Fill(r, of, wantGrants[key]) }); err != nil {
			return err
		}
	}
	for _, key := range sortedKeys(wantFields) {
		if _, err := tx.Create(ctx, fieldright.Entity.Name, func(r *record.Record) { fieldright.Fill(r, of, wantFields[key]) }); err != nil {
			return err
		}
	}
	return nil
}

// drop deletes what is no longer wanted and takes what is there already out of want.
func drop[T any](ctx context.Context, tx entity.Writer, name string, had []*record.Record, key func(*record.Record) string, want map[string]T) error {
	for _, r := range had {
		k := key(r)
		if _, stays := want[k]; stays {
			delete(want, k)
			continue
		}
		if err := tx.Delete(ctx, name, r.ID()); err != nil {
			return err
		}
	}
	return nil
}

func grantKey(g access.Grant) string {
	depts := slices.Sorted(slices.Values(g.Depts))
	return fmt.Sprint(g.Entity, " ", g.Op, " ", g.Scope, " ", depts, " ", g.Deny)
}

func fieldKey(f access.FieldGrant) string { return fmt.Sprint(f.Entity, " ", f.Field, " ", f.Level) }

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
