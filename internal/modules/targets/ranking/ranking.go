// Package ranking declares who sells the most (排行榜, SAL-7): a ranking is
// published to everybody who may read it, with the figures of everybody in it,
// whatever records of theirs he may see.
package ranking

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
)

// Whom a ranking is of, and by what.
const (
	Members = "member"
	Depts   = "department"

	ByActual = "actual"
	ByRate   = "rate"
)

// Codes of the period.
const (
	Month   = "month"
	Quarter = "quarter"
	Year    = "year"
)

// The fields. Measures are shown one after the other. A ranking of departments
// has those right below Dept; at the top, those of the first level that has more
// than one.
var (
	Name     = entity.Text("name", 100).Required().Folded().Sortable().Search()
	Subjects = entity.Choice("subjects", Members, Depts).Colors("blue", "purple").Required().Default(Members).Coded()
	Measures = entity.Choices("measures", measure.Codes()...).Required().Coded()
	Period   = entity.Choice("period", Month, Quarter, Year).Colors("blue", "teal", "purple").Required().Default(Month).Coded()
	By       = entity.Choice("by", ByActual, ByRate).Required().Default(ByActual).Coded()
	Within   = entity.Dept("department")
	Shown    = entity.Number("shown").Between("3", "100").Default("10").Required()
	Seconds  = entity.Number("seconds").Between("5", "600").Default("15").Required()
	Remark   = entity.Text("remark", 500)
)

// name is the entity's.
const name = "targets.ranking"

// Entity is targets.ranking.
var Entity = entity.Def{
	Name:   name,
	Icon:   "trophy",
	Fields: entity.Fields(Name, Subjects, Measures, Period, By, Within, Shown, Seconds, Remark),
	Title:  Name,
	Hooks:  entity.Hooks{Derive: derive},
	Questions: []entity.Question{{Name: "places", Op: access.Read, Input: entity.Fields(Of, On),
		Columns: entity.Fields(Place, Before, Member, Dept, Actual, Target, Rate, Last), Answer: answer}},
	Layout: schema.Layout{
		List:   []string{"name", "subjects", "measures", "period", "by", "department"},
		Sort:   "name",
		Card:   []string{"name", "measures", "period"},
		Kanban: "period",
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "members", Filter: `subjects == "member"`, Sort: "name"},
			{Key: "departments", Filter: `subjects == "department"`, Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "subjects", "measures", "period", "by", "department"}, Columns: 2},
			{Key: "screen", Fields: []string{"shown", "seconds"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}

// derive gives a ranking without measures that of orders.
func derive(r *record.Record, _ entity.Needs) error {
	if len(Measures.Get(r)) == 0 {
		Measures.Set(r, []record.Value{record.Text(measure.OrderAmount)})
	}
	return nil
}
