// Package stage declares the steps of a pipeline (SAL-1).
package stage

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
)

// What standing in a stage means.
const (
	Open = "open"
	Won  = "won"
	Lost = "lost"
)

// The fields. Needs names fields of opportunities that must be filled before
// one enters, When is what must hold of them then; Check is what people make sure of before one goes on, a line each;
// after Stale days one stands still.
var (
	Name     = entity.Text("name", 60).Required().Folded().Sortable().Search()
	Pipeline = entity.Ref("pipeline", pipeline.Entity.Name).Required()
	Order    = entity.Number("order").Required().Default("10").Between("0", "9999")
	Kind     = entity.Choice("kind", Open, Won, Lost).Colors("blue", "green", "gray").Required().Default(Open).Coded()
	WinRate  = entity.Percent("win_rate").Between("0", "100")
	Score    = entity.Number("score").Between("0", "")
	Stale    = entity.Number("stale_days").Between("1", "")
	Needs    = entity.Choices("needs", "amount", "expected_on", "contact", "items", "competitors", "decision", "budget").Coded()
	When     = entity.Text("needs_when", 2000).Asks("sales.opportunity")
	Check    = entity.LongText("check")
	Tasks    = entity.LongText("tasks")
)

// Entity is sales.stage.
var Entity = entity.Def{
	Name:    "sales.stage",
	Icon:    "milestone",
	Fields:  entity.Fields(Name, Pipeline, Order, Kind, WinRate, Score, Stale, Needs, Check, Tasks, When),
	Title:   Name,
	Public:  true,
	Indexes: []schema.Index{entity.By(Pipeline, Order)},
	Layout: schema.Layout{
		List:   []string{"name", "pipeline", "order", "kind", "win_rate", "stale_days"},
		Sort:   "pipeline,order",
		Card:   []string{"name", "pipeline", "win_rate"},
		Kanban: "kind",
		Views: []schema.View{
			{Key: "all", Sort: "pipeline,order"},
			{Key: "open", Filter: `kind == "open"`, Sort: "pipeline,order"},
			{Key: "closed", Filter: `kind != "open"`, Sort: "pipeline,order"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "pipeline", "order", "kind", "win_rate", "stale_days"}, Columns: 2},
			{Key: "rules", Fields: []string{"needs", "score", "needs_when", "check", "tasks"}, Columns: 2},
		},
	},
}

// LongestCheck is how many characters of a check count.
const LongestCheck = 200

// Checks are what people make sure of before an opportunity leaves a stage, each
// once, in order.
func Checks(r *record.Record) []string {
	var out []string
	for text := range strings.Lines(Check.Get(r)) {
		text = strings.TrimSpace(text)
		if cut := []rune(text); len(cut) > LongestCheck {
			text = string(cut[:LongestCheck])
		}
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
