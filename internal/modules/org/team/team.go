// Package team declares project teams (项目组): members who work on one thing
// for a time (ORG-1).
package team

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/admin"
)

// The fields. An empty EndOn means that the team goes on.
var (
	Name       = entity.Text("name", 100).Required().Folded().Sortable().Search()
	Leader     = entity.Member("leader").Required()
	Members    = entity.Members("members")
	StartOn    = entity.Date("start_on")
	EndOn      = entity.Date("end_on")
	Remark     = entity.LongText("remark")
	ExternalID = entity.Text("external_id", 100)
)

// Entity is org.project_team. Everybody sees who is in it.
var Entity = entity.Def{
	Name:   "org.project_team",
	Icon:   "flag",
	Fields: entity.Fields(Name, Leader, Members, StartOn, EndOn, Remark, ExternalID),
	Title:  Name,
	Public: true,
	Hooks:  entity.Hooks{Validate: validate},
	Layout: schema.Layout{
		List: []string{"name", "leader", "members", "start_on", "end_on"},
		Sort: "-id",
		Card: []string{"name", "leader", "end_on"},
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "members == me or leader == me", Sort: "-id"},
			{Key: "running", Filter: "end_on is null or end_on >= today()", Sort: "-id"},
			{Key: "ended", Filter: "end_on < today()", Sort: "-end_on"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "leader", "members", "start_on", "end_on"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "external_id"}, Columns: 1},
		},
	},
}

func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if err := admin.Only(c); err != nil || c.After == nil {
		return err
	}
	start, end := StartOn.Get(c.After), EndOn.Get(c.After)
	if c.Touches(StartOn, EndOn) && start != "" && end != "" && end < start {
		return errs.New(errs.Invalid, "error.team_period", "start", start, "end", end).At(EndOn.Key())
	}
	return nil
}
