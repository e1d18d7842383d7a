package store

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// FirstPages is Page for several questions at once, none of them behind a
// cursor; the rows of each go to the out of its place.
func FirstPages(ctx context.Context, q sqldb.Querier, list []Select, out []*sqldb.Rows) error {
	questions := make([]sqldb.Question, 0, len(list))
	for i := range list {
		if list[i].Permit.Pred() != nil && list[i].Limit > 0 {
			questions = append(questions, list[i].page(q.Dialect(), whole, out[i]))
		}
	}
	if len(questions) == 0 {
		return nil
	}
	return q.QueryAll(ctx, questions...)
}
