package org_test

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/branch"
	"github.com/guanxicrm/guanxi/internal/modules/org/group"
	"github.com/guanxicrm/guanxi/internal/modules/org/team"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

func TestBranchesGroupsAndTeams(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		boss := c.Add("org.member", person("周经理", "zhou", asAdmin))
		li := c.Add("org.member", person("李雷", "li"))
		named := func(name string, above int64) func(*record.Record) {
			return func(r *record.Record) {
				branch.Name.Set(r, name)
				branch.Parent.Set(r, above)
			}
		}
		seat := c.Add("org.branch", named("总部", 0))
		east := c.Add("org.branch", named("华东分公司", seat))
		refused(t, "below itself", c.Change("org.branch", seat, named("总部", east)), "error.branch_circle", "parent")
		_, err := c.Create("org.branch", named("华东分公司", 0))
		refused(t, "the same name", err, "error.unique", "name")

		_, err = c.Create("org.project_team", func(r *record.Record) {
			team.Name.Set(r, "年会")
			team.Leader.Set(r, li)
			team.StartOn.Set(r, "2026-05-02")
			team.EndOn.Set(r, "2026-05-01")
		})
		refused(t, "an end before the start", err, "error.team_period", "end_on")

		// Colleagues see who belongs together and do not decide it.
		fields := map[string]string{"name": "大客户组", "members": id.ID(li).String()}
		_, err = c.Engine.Create(t.Context(), c.As(li), "org.group", c.Inputs("org.group", fields), false)
		refused(t, "made by a member", err, "error.forbidden", "")
		made, err := c.Engine.Create(t.Context(), c.As(boss), "org.group", c.Inputs("org.group", fields), false)
		if err != nil {
			t.Fatal(err)
		}
		if seen, err := c.Engine.Visible(t.Context(), c.As(li), "org.group", []int64{made.ID}, false); err != nil || !seen[made.ID] {
			t.Errorf("a member sees it: %v, %v", seen, err)
		}
		if got := group.Members.Get(c.Read("org.group", made.ID)); len(got) != 1 || got[0].Int() != li {
			t.Errorf("its members are %v", got)
		}
	})
}
