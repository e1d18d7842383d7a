package store

import (
	"context"
	"errors"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// A row found through an index of SQLite costs some five times what it costs
// where the table is read as it lies. How many rows an index will find is not
// known before, so it is tried.
const (
	fewRows    = 20_000 // are found through an index whatever the size of the table
	worthShare = 8      // and at most one row in so many of a larger one
)

var errManyRows = errors.New("store: more rows than an index is worth")

// tableRows is some rows of a table, called t, on SQLite.
type tableRows struct {
	columns, table, where string // where begins with WHERE
	joins                 string // of tables that references lead to
	cover                 string // index that holds all of them, "" = SQLite finds its way
	args                  []record.Value
}

// read hands each row to what begin gives, in no order. It may begin anew.
func (r *tableRows) read(ctx context.Context, q sqldb.Querier, scan sqldb.Scanner, begin func() func([]record.Value) error) error {
	from := `FROM "` + r.table + `" t `
	if r.cover != "" {
		return scan.Scan(ctx, r.columns, from+`INDEXED BY "`+r.cover+`" `+r.joins+r.where, r.args, begin())
	}
	if r.joins != "" { // each row costs a look into another table, however it is found
		return scan.Scan(ctx, r.columns, from+r.joins+r.where, r.args, begin())
	}
	whole := func() error { return scan.Scan(ctx, r.columns, from+"NOT INDEXED "+r.where, r.args, begin()) }
	w, err := r.way(ctx, q, from)
	switch {
	case err != nil:
		return err
	case w == walked:
		return whole()
	case w == direct:
		return scan.Scan(ctx, r.columns, from+r.where, r.args, begin())
	}
	most := func(n int) error {
		each, left := begin(), n
		return scan.Scan(ctx, r.columns, from+r.where, r.args, func(row []record.Value) error {
			if left--; left < 0 {
				return errManyRows
			}
			return each(row)
		})
	}
	if err := most(fewRows); !errors.Is(err, errManyRows) {
		return err
	}
	var rows sqldb.Rows
	if err := q.Query(ctx, "SELECT count(*) "+from+"WHERE t."+live, nil, []record.Kind{record.KindInt}, &rows); err != nil {
		return err
	}
	if n := int(rows.At(0, 0).Int() / worthShare); n > fewRows {
		if err := most(n); !errors.Is(err, errManyRows) {
			return err
		}
	}
	return whole()
}

// way is how SQLite would find rows.
type way uint8

const (
	direct   way = iota // in the table's own order, by their ids, or in an index that holds all that is asked
	searched            // through an index, which leads to some rows
	walked              // through all of an index: it takes one over the live rows for a short one
)

func (r *tableRows) way(ctx context.Context, q sqldb.Querier, from string) (way, error) {
	var plan sqldb.Rows
	kinds := []record.Kind{record.KindInt, record.KindInt, record.KindInt, record.KindText}
	if err := q.Query(ctx, "EXPLAIN QUERY PLAN SELECT "+r.columns+" "+from+r.where, r.args, kinds, &plan); err != nil {
		return direct, err
	}
	for i := range plan.Len() {
		switch step := plan.At(i, 3).Str(); {
		case strings.HasPrefix(step, "SCAN t USING INDEX "):
			return walked, nil
		case strings.HasPrefix(step, "SEARCH t USING INDEX "):
			return searched, nil
		}
	}
	return direct, nil
}
