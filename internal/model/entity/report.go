package entity

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Sum asks for figures of many records of an entity: sums by group. Rows come
// in the order of their keys: the groups, the bucket when Cut is given, the
// sums in the order of Of, and at last how many records there are.
type Sum struct {
	Entity string
	Where  *query.Node   // nil = all
	Group  []string      // keys of fields, or paths to them; with ":month" and the like the days and moments of one are put into calendar buckets, told by their first day
	Cut    string        // date field whose days are put into buckets; "" = none
	At     []string      // days, ascending: a day's bucket is how many of them are not after it
	Across bool          // the buckets are no key: a figure, which is a sum, stands once for each of them, 0 where there is nothing
	Of     []string      // fields that are added up; "max:KEY" and "min:KEY" give the greatest and least instead, "count:" how many records there are
	Only   []*query.Node // by place of Of: of which of the records a figure is; nil, or none at that place, for all
	Most   int           // only so many groups, those with the most of the first figure, which comes first; 0 = all, in order of their keys
	Whole  bool          // with Most: where there are more, the last row is what all come to together, its keys empty
}

// Sums gives the figures that a Sum asks for. more says that there are groups
// beyond what is read.
type Sums interface {
	Sum(ctx context.Context, s Sum) (rows [][]record.Value, more bool, err error)
	// Here is where and when it is asked.
	Here() Here
}

// Report is a table that is computed from many records under the rights of who
// asks (POST /reports/{entity}/{name}): it sees what he may read and nothing
// else. Its page is drawn from what is declared here: the input is a form in the
// address, figures open the lists behind them, charts stand beside the table.
//
// It is called "ENTITY~NAME", with "?" behind what it is for; inputs and columns
// "ENTITY~NAME.KEY", their options "…=CODE". What has no such text is called as
// the entity's field of the same key, else as "report.KEY".
type Report struct {
	Name    string
	Icon    string     // name of an icon of the page; the entity's when empty
	Input   []Declared // typed input, by place; VisibleWhen over other inputs shows them only then
	Columns []Declared // of a row, by place
	// Needs are what is read beside the entity itself: who may not read it all
	// has no such report.
	Needs []Reading
	// Adds are the columns whose figures add up in a last row, in one for each
	// currency where there is a column "currency".
	Adds []Declared
	// Work fills the columns of a row that follow from its others: shares,
	// rates. It is called for every row and for the last ones; nil for none.
	Work func(row []record.Value) error
	// Charts draw columns of the table, the first one unless another is chosen.
	Charts []Chart
	// Opens tells the list behind a figure; the zero Place is none, nil opens nothing.
	Opens func(at Asked, row []record.Value, column string) Place
	Run   func(ctx context.Context, q Sums, input *record.Record) (rows [][]record.Value, more bool, err error)
	// RunWhole is Run of a report that also knows what all rows come to where it
	// tells not all of them: the last rows. Without them those that are told are
	// added up.
	RunWhole func(ctx context.Context, q Sums, input *record.Record) (rows, totals [][]record.Value, more bool, err error)
}

// Reading is an entity, and fields of it, that something reads.
type Reading struct {
	Entity string
	Fields []string
}

// Reads says that fields of an entity are read.
func Reads(entity string, fields ...Declared) Reading {
	r := Reading{Entity: entity}
	for _, f := range fields {
		r.Fields = append(r.Fields, f.declaration().Key)
	}
	return r
}

// Kinds of charts.
const (
	ChartBars    = "bars"    // lying, one for each row, its columns one behind the other: rankings
	ChartColumns = "columns" // standing, the same: what came when
	ChartLines   = "lines"   // one for each column: how something went
	ChartFunnel  = "funnel"  // each step as wide as what is left of the first
)

// Chart draws figures of a report's table.
type Chart struct {
	Kind string
	By   []Declared // columns that name a row, the first that is filled in
	Of   []Declared // columns that are drawn
}

// Asked is what a report was asked, and where and when.
type Asked struct {
	Here  Here
	Input *record.Record
}

// Place is a list: the records of an entity under a filter in its text form.
type Place struct{ Entity, Filter string }

// At is the place of a column in a row, -1 for one that is not there.
func (r *Report) At(key string) int {
	return slices.IndexFunc(r.Columns, func(c Declared) bool { return c.declaration().Key == key })
}
