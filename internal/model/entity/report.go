package entity

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Sum asks for figures of many records of an entity: sums by group. Rows come
// in the order of their keys: the groups, the bucket when Cut is given, the
// sums in the order of Of, and at last how many records there are.
type Sum struct {
	Entity string
	Where  *query.Node // nil = all
	Group  []string    // keys of fields
	Cut    string      // date field whose days are put into buckets; "" = none
	At     []string    // days, ascending: a day's bucket is how many of them are not after it
	Of     []string    // fields that are added up
}

// Sums gives the figures that a Sum asks for. more says that there are groups
// beyond what is read.
type Sums interface {
	Sum(ctx context.Context, s Sum) (rows [][]record.Value, more bool, err error)
	// Here is where and when it is asked.
	Here() Here
}

// Report is a table that is computed from many records under the rights of who
// asks (POST /records/{entity}/reports/{name}): it sees what he may read and
// nothing else.
type Report struct {
	Name    string
	Input   []Declared // typed input, by place
	Columns []Declared // of a row, by place
	Run     func(ctx context.Context, q Sums, input *record.Record) (rows [][]record.Value, more bool, err error)
}
