package lead

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// aboutPage is how many records about a lead are changed at a time.
const aboutPage = 200

// noted are the entities whose records may be about a lead; each keeps the
// lead, the customer and the lead's owner beside what it is about.
func noted() []string { return []string{"crm.follow_up", "crm.follow_plan"} }

// eachAbout changes all that was noted about a lead and is as rest says; the
// change makes that no longer so.
func eachAbout(ctx context.Context, tx entity.Writer, lead int64, rest *query.Node, change func(*record.Record)) error {
	where := query.All(field("lead", schema.OpEq, id.ID(lead).String()), rest)
	for _, name := range noted() {
		for {
			page, err := tx.Find(ctx, name, where, aboutPage)
			if err != nil {
				return err
			}
			for _, r := range page {
				if err := tx.Update(ctx, name, r.ID(), change); err != nil {
					return err
				}
			}
			if len(page) < aboutPage {
				break
			}
		}
	}
	return nil
}

// field is a condition on a field of the noted entities.
func field(key string, op schema.Op, args ...string) *query.Node {
	n := &query.Node{Kind: query.Compare, Path: key, Op: op}
	for _, a := range args {
		n.Args = append(n.Args, query.Arg{Text: a})
	}
	return n
}
