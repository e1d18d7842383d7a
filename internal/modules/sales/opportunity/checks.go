package opportunity

import (
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// Checks is the name of the group of what its owner makes sure of before an
// opportunity goes on (SAL-1): the list of each stage that it entered, and what
// people added.
const Checks = "checks"

// One of them: of which stage it is, what, and who said so when.
var (
	CheckStage = entity.Ref("stage", stage.Entity.Name).ReadOnly()
	CheckText  = entity.Text("text", stage.LongestCheck).Required()
	CheckDone  = entity.Switch("done")
	CheckBy    = entity.Member("done_by").ReadOnly()
	CheckAt    = entity.Instant("done_at").ReadOnly()
)

// check is sales.opportunity_check.
var check = entity.Def{
	Name:   "sales.opportunity_check",
	Icon:   "list-checks",
	Fields: entity.Fields(CheckDone, CheckText, CheckStage, CheckBy, CheckAt),
	Title:  CheckText,
	Layout: schema.Layout{
		List: []string{"done", "text", "stage", "done_by", "done_at"}, Sort: "id", Card: []string{"text", "stage", "done"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"done", "text", "stage", "done_by", "done_at"}, Columns: 2}},
	},
}

// confirm keeps who confirmed a check when. One that somebody adds is of the
// stage that the opportunity stood in until now.
func confirm(c entity.Change) {
	of := Stage.Get(c.After)
	if c.Before != nil {
		of = Stage.Get(c.Before)
	}
	for _, one := range c.Lines(Checks) {
		if CheckStage.Get(one) == 0 {
			CheckStage.Set(one, of)
		}
		switch {
		case !CheckDone.Get(one):
			CheckBy.Clear(one)
			CheckAt.Clear(one)
		case CheckAt.Value(one).IsNull():
			CheckAt.Set(one, c.Now)
			CheckBy.Set(one, c.Actor.ID())
		}
	}
}

// confirmed says whether a write confirms a check.
func confirmed(c entity.Change) bool {
	return c.Before != nil && slices.ContainsFunc(c.Lines(Checks), func(one *record.Record) bool { return CheckAt.Get(one) == c.Now })
}

// open are the checks of a stage that nobody has confirmed: those there are, and
// those of its list that are not there.
func open(c entity.Change, at *record.Record) (there, missing []string) {
	missing = stage.Checks(at)
	for _, one := range c.Lines(Checks) {
		if CheckStage.Get(one) != at.ID() {
			continue
		}
		text := CheckText.Get(one)
		missing = slices.DeleteFunc(missing, func(s string) bool { return s == text })
		if !CheckDone.Get(one) {
			there = append(there, text)
		}
	}
	return there, missing
}

// ask makes the checks of the stage that an opportunity stands in, those too that
// somebody took away, and counts those that are open.
func ask(c entity.Change, at *record.Record) {
	if c.Restored() {
		return
	}
	ChecksOpen.Clear(c.After)
	if stage.Kind.Get(at) != stage.Open {
		return
	}
	there, missing := open(c, at)
	for _, text := range missing {
		c.Make(Checks, func(r *record.Record) {
			CheckStage.Set(r, at.ID())
			CheckText.Set(r, text)
		})
	}
	if n := len(there) + len(missing); n > 0 {
		ChecksOpen.Set(c.After, int64(n))
	}
}

// held says what keeps an opportunity from going on to a later stage: checks of
// the one that it stood in. What came to that one's list since is not asked.
func held(ctx context.Context, tx entity.Reader, c entity.Change, to *record.Record) ([]*errs.Error, error) {
	if c.Before == nil || Stage.Get(c.Before) == 0 || Stage.Get(c.Before) == to.ID() {
		return nil, nil
	}
	from, err := tx.Get(ctx, stage.Entity.Name, Stage.Get(c.Before))
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil || stage.Pipeline.Get(from) != stage.Pipeline.Get(to) || stage.Kind.Get(from) != stage.Open || stage.Order.Get(from) > stage.Order.Get(to) {
		return nil, err
	}
	list, missing := open(c, from)
	if ChecksOpen.Get(c.Before) > 0 {
		list = append(list, missing...) // taken away by this write
	}
	if len(list) == 0 {
		return nil, nil
	}
	return []*errs.Error{errs.New(errs.Invalid, "error.stage_checks", "stage", stage.Name.Get(from), "checks", strings.Join(list, "; ")).At(Checks)}, nil
}
