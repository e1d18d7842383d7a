// Package fieldright declares what a role may do with single fields (ORG-4).
package fieldright

import (
	"context"
	"regexp"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields. On is one entity, Field the key of one of its fields.
var (
	Role  = entity.Ref("role", "org.role").Required().Audited()
	On    = entity.Text("entity", 90).Required().Audited()
	Field = entity.Text("field", 40).Required().Audited()
	Level = entity.Choice("level", schema.Hidden.String(), schema.Masked.String(), schema.Read.String(), schema.Write.String()).Coded().Required().Audited()
)

// Entity is org.field_right.
var Entity = entity.Def{
	Name:    "org.field_right",
	Icon:    "shield",
	Fields:  entity.Fields(Role, On, Field, Level),
	Title:   Field,
	Scopes:  entity.SeenThrough(Role),
	Indexes: []schema.Index{entity.UniqueBy(Role, On, Field)},
	Hooks:   entity.Hooks{Validate: validate},
	Layout: schema.Layout{
		List: []string{"role", "entity", "field", "level"},
		Sort: "entity",
		Card: []string{"entity", "field", "level"},
		Views: []schema.View{
			{Key: "all", Sort: "entity"},
			{Key: "hidden", Filter: `level == "hidden"`, Sort: "entity"},
			{Key: "masked", Filter: `level == "masked"`, Sort: "entity"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"role", "entity", "field", "level"}, Columns: 2}},
	},
}

// Of reads a field right as the rights layer takes it.
func Of(r *record.Record) access.FieldGrant {
	return access.FieldGrant{Role: Role.Get(r), Entity: On.Get(r), Field: Field.Get(r), Level: level(Level.Get(r))}
}

// Fill writes a field right into a new record.
func Fill(r *record.Record, role int64, g access.FieldGrant) {
	Role.Set(r, role)
	On.Set(r, g.Entity)
	Field.Set(r, g.Field)
	Level.Set(r, g.Level.String())
}

// level reads the name of a level; one that is not known hides.
func level(name string) schema.Level {
	for _, l := range []schema.Level{schema.Masked, schema.Read, schema.Write} {
		if l.String() == name {
			return l
		}
	}
	return schema.Hidden
}

var entityName = regexp.MustCompile(`^[a-z][a-z0-9]*\.[a-z][a-z0-9_]*$`)

func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if err := admin.Only(c); err != nil || c.After == nil {
		return err
	}
	if !entityName.MatchString(On.Get(c.After)) {
		return errs.New(errs.Invalid, "error.field_right_entity", "value", On.Get(c.After)).At(On.Key())
	}
	return nil
}
