package api

import (
	"net/http"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// definitionOut is an entity as an administrator changes it: also what is
// hidden, and what the program keeps for itself.
type definitionOut struct {
	Name    string              `json:"name"`
	Label   schema.Labels       `json:"label"`
	Plural  schema.Labels       `json:"plural"`
	Icon    string              `json:"icon"`
	Custom  bool                `json:"custom"`
	Title   string              `json:"title"`
	List    []string            `json:"list"`
	Card    []string            `json:"card"`
	Groups  []metaGroup         `json:"groups"`
	Tabs    []metaTab           `json:"tabs"`
	Tag     string              `json:"tag" doc:"Version of what administrators said of the entity, for If-Match"`
	Fields  []definedField      `json:"fields"`
	Patch   *entity.EntityPatch `json:"patch,omitempty" doc:"What administrators said of the entity"`
	Options []string            `json:"option_colors" doc:"The colours that an option may have"`
}

type definedField struct {
	Field   metaField          `json:"field"`
	RuleOps []schema.Op        `json:"rule_ops" doc:"What conditions of other fields may ask of it; empty = they cannot use it"`
	NoRule  bool               `json:"no_visible_when" doc:"Always shown: it stands for the record, or the program requires it"`
	Retired bool               `json:"retired" doc:"Hidden for everybody; its values are kept"`
	Fixed   bool               `json:"fixed" doc:"Required by the program: it stays"`
	Tag     string             `json:"tag" doc:"Version of what administrators said of the field, for If-Match"`
	Patch   *entity.FieldPatch `json:"patch,omitempty" doc:"What administrators said of the field"`
	Number  *schema.Numbering  `json:"numbering,omitempty" doc:"Of an auto number: how it is made"`
}

// definition answers an entity with everything that can be changed of it.
func (s *Server) definition(q *request) error {
	st := s.Engine.Registry.State()
	e := st.Entity(q.r.PathValue("name"))
	if e == nil {
		return notFound()
	}
	out := definitionOut{Name: e.Name, Label: e.Label, Plural: e.Plural, Icon: e.Icon, Custom: e.Custom, Title: e.Title.Key, List: e.Layout.List,
		Card: e.Layout.Card, Groups: []metaGroup{}, Tabs: tabsOf(e), Fields: []definedField{}, Options: optionColors()}
	for _, g := range e.Layout.Groups {
		out.Groups = append(out.Groups, metaGroup{Key: g.Key, Label: g.Label, Fields: append([]string{}, g.Fields...), Columns: max(g.Columns, 1), Tab: g.Tab})
	}
	said := entity.EntityPatch{Name: e.Name}
	for i := range st.Overlay.Entities {
		if p := st.Overlay.Entities[i]; p.Name == e.Name {
			out.Patch, said = &p, p
		}
	}
	out.Tag = tagOf(said)
	for _, f := range e.Fields {
		if f.Key == "deleted_at" || f.Key == "deleted_by" {
			continue
		}
		one := definedField{Field: metaOf(f, schema.Write), Retired: f.Retired, Fixed: f.Required, Number: f.Set.Number}
		one.Field.Required, one.NoRule = f.Required, st.Always(e, f)
		one.Field.VisibleWhen, one.Field.RequiredWhen = ruleOf(st, e, f, func(*schema.Field) bool { return true })
		if one.RuleOps = entity.RuleOps(f); one.RuleOps == nil {
			one.RuleOps = []schema.Op{}
		}
		said := entity.FieldPatch{Entity: e.Name, Key: f.Key, Settings: schema.Settings{Many: f.Set.Many}}
		for i := range st.Overlay.Fields {
			if p := st.Overlay.Fields[i]; p.Entity == e.Name && p.Key == f.Key {
				one.Patch, one.Fixed, said = &p, f.Required && !p.Required, p
			}
		}
		one.Tag = tagOf(said)
		out.Fields = append(out.Fields, one)
	}
	return q.answer(http.StatusOK, out)
}
