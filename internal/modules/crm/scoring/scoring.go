// Package scoring reckons by rules how promising a record is (评分, CUS-4,
// SAL-2): each rule is a condition that is worth points; what a record comes to
// is kept in its score, and in a grade where it has one.
package scoring

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The grades, the best first.
const (
	A = "a"
	B = "b"
	C = "c"
)

// Highest is the highest score; the lowest is 0, whatever the rules come to.
const Highest = 100

// Scored is how the records of one entity are scored.
type Scored struct {
	of    string // name of the entity
	score *entity.Field[int64]
	grade *entity.Field[string] // nil = it has none

	// The model: what counts how much, one of several that is in use.
	Name     *entity.Field[string]
	Active   *entity.Field[bool]
	LeastA   *entity.Field[int64]
	LeastB   *entity.Field[int64]
	Remark   *entity.Field[string]
	Due      *entity.Field[bool]   // its records are being scored anew
	Reached  *entity.Field[string] // … up to this one
	ScoredOn *entity.Field[string] // the day on which all were last
	// Its rules.
	Model    *entity.Field[int64]
	RuleName *entity.Field[string]
	When     *entity.Field[string]
	Points   *entity.Field[int64]
	InUse    *entity.Field[bool]
}

// New makes the scoring of an entity's records by their score, and grade if any.
func New(of string, score *entity.Field[int64], grade *entity.Field[string]) *Scored {
	s := &Scored{of: of, score: score, grade: grade,
		Name:     entity.Text("name", 100).Required().Folded().Sortable().Search(),
		Active:   entity.Switch("active").Default("true").Audited(),
		Remark:   entity.LongText("remark"),
		Due:      entity.Switch("due").ReadOnly(),
		Reached:  entity.Text("reached", 20).ReadOnly(),
		ScoredOn: entity.Date("scored_on").ReadOnly(),
		Model:    entity.Ref("model", modelOf(of)).Required(),
		RuleName: entity.Text("name", 100).Required().Folded().Sortable().Search(),
		When:     entity.Text("condition", 2000).Required().Asks(of),
		Points:   entity.Number("points").Required().Between("-100", "100").Audited(),
		InUse:    entity.Switch("active").Default("true"),
	}
	if grade != nil {
		s.LeastA = entity.Number("least_a").Required().Between("1", "100").Default("70")
		s.LeastB = entity.Number("least_b").Required().Between("1", "100").Default("40")
	}
	return s
}

// Models is the entity of the models. Everybody may know what counts; they are
// made and changed by administrators.
func (s *Scored) Models() entity.Def {
	d := entity.Def{
		Name:    modelOf(s.of),
		Icon:    "gauge",
		Fields:  entity.Fields(s.Name, s.Active, s.Due, s.Reached, s.ScoredOn, s.Remark),
		Title:   s.Name,
		Public:  true,
		Guarded: true,
		Hooks:   entity.Hooks{Validate: s.validModel},
		Layout: schema.Layout{
			List: []string{"name", "active", "due", "scored_on"},
			Sort: "name",
			Card: []string{"name", "active"},
			Views: []schema.View{
				{Key: "all", Sort: "name"},
				{Key: "active", Filter: "active == true", Sort: "name"},
				{Key: "inactive", Filter: "active == false", Sort: "name"},
			},
			Groups: []schema.Group{
				{Key: "basic", Fields: []string{"name", "active"}, Columns: 2},
				{Key: "state", Fields: []string{"due", "reached", "scored_on"}, Columns: 2},
				{Key: "more", Fields: []string{"remark"}, Columns: 1},
			},
		},
	}
	if s.grade != nil {
		d.Fields = append(d.Fields, s.LeastA, s.LeastB)
		d.Layout.List = []string{"name", "active", "least_a", "least_b", "due", "scored_on"}
		d.Layout.Groups[0].Fields = []string{"name", "active", "least_a", "least_b"}
	}
	return d
}

// Rules is the entity of the rules of the models.
func (s *Scored) Rules() entity.Def {
	return entity.Def{
		Name:    ruleOf(s.of),
		Icon:    "list-checks",
		Fields:  entity.Fields(s.RuleName, s.Model, s.When, s.Points, s.InUse),
		Title:   s.RuleName,
		Public:  true,
		Guarded: true,
		Indexes: []schema.Index{entity.By(s.Model)},
		Hooks:   entity.Hooks{Within: s.withinRule},
		Layout: schema.Layout{
			List: []string{"name", "points", "model", "active"},
			Sort: "-points",
			Card: []string{"name", "points", "active"},
			Views: []schema.View{
				{Key: "all", Sort: "-points"},
				{Key: "active", Filter: "active == true", Sort: "-points"},
				{Key: "inactive", Filter: "active == false", Sort: "-points"},
			},
			Groups: []schema.Group{
				{Key: "basic", Fields: []string{"name", "model", "points", "active"}, Columns: 2},
				{Key: "when", Fields: []string{"condition"}, Columns: 1},
			},
		},
	}
}

func modelOf(of string) string { return of + "_score_model" }
func ruleOf(of string) string  { return of + "_score_rule" }

// validModel keeps the grades in order and one model in use; whatever changes
// what records come to has them scored anew.
func (s *Scored) validModel(ctx context.Context, tx entity.Reader, c entity.Change) error {
	if c.After == nil {
		if s.Active.Get(c.Before) {
			return errs.New(errs.Conflict, "error.score_in_use")
		}
		return nil
	}
	if s.grade != nil && s.LeastA.Get(c.After) <= s.LeastB.Get(c.After) {
		return errs.New(errs.Invalid, "error.score_grades").At(s.LeastA.Key())
	}
	if c.Before == nil || c.Restored() || c.Touches(s.Active) || s.grade != nil && c.Touches(s.LeastA, s.LeastB) {
		s.Due.Set(c.After, true)
		s.Reached.Clear(c.After)
	}
	if !s.Active.Get(c.After) {
		return nil
	}
	if err := tx.Guard(ctx, s.guard()); err != nil {
		return err
	}
	list, err := tx.Find(ctx, modelOf(s.of), entity.Is(s.Active, "true"), 2)
	for _, m := range list {
		if m.ID() != c.After.ID() {
			return errs.New(errs.Conflict, "error.score_two", "name", s.Name.Get(m)).At(s.Active.Key())
		}
	}
	return err
}

func (s *Scored) guard() string { return "scoring " + s.of }

// withinRule has the records scored anew when a rule changes what they come to.
func (s *Scored) withinRule(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before != nil && c.After != nil && !c.Restored() && !c.Touches(s.Model, s.When, s.Points, s.InUse) {
		return nil
	}
	var of []int64
	for _, r := range []*record.Record{c.Before, c.After} {
		if r != nil && !slices.Contains(of, s.Model.Get(r)) {
			of = append(of, s.Model.Get(r))
		}
	}
	for _, m := range of {
		err := tx.Update(ctx, modelOf(s.of), m, func(r *record.Record) {
			s.Due.Set(r, true)
			s.Reached.Clear(r)
		})
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return nil
}

// inUse is the model in use with its rules, the heaviest first; nil without one.
func (s *Scored) inUse(ctx context.Context, tx entity.Reader) (model *record.Record, rules []*record.Record, err error) {
	list, err := tx.Find(ctx, modelOf(s.of), entity.Is(s.Active, "true"), 1)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	rules, err = tx.Find(ctx, ruleOf(s.of), query.All(entity.Is(s.InUse, "true"), entity.Is(s.Model, id.ID(list[0].ID()).String())), mostRules)
	slices.SortStableFunc(rules, func(a, b *record.Record) int { return cmp.Compare(s.Points.Get(b), s.Points.Get(a)) })
	return list[0], rules, err
}

// mostRules is more rules than a model has.
const mostRules = 1000
