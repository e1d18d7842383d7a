package analysis

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	exact "github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// foreign are the records of a source whose amounts are in another currency than
// the company's own: in which, and at which rate. Of are the columns of such
// amounts; they are converted before they are added to the others.
type foreign struct {
	currency, rate string // paths
	of             []entity.Declared
}

// abroad adds what of a source is in foreign currencies, rate by rate, to what
// is in the company's own.
func (s *sheet) abroad(ctx context.Context, q entity.Sums, n int, path string, d *dim) error {
	of := &s.t.sources[n]
	if of.foreign == nil {
		return nil
	}
	ask := of.sum(s.asked)
	ask.Where = query.All(ask.Where, query.Comparing(of.foreign.currency, schema.OpNe, s.asked.here.Currency))
	ask.Group = []string{of.foreign.rate}
	if d != nil {
		ask.Group = []string{path, of.foreign.rate}
		if s.more && d.unit == "" { // the others chose the rows
			ask.Where = query.All(ask.Where, among(path, s.lines))
		}
	}
	rows, more, err := q.Sum(ctx, ask)
	if err != nil {
		return err
	}
	s.more = s.more || more
	for _, row := range rows {
		sums := row[len(ask.Group):]
		if err := of.convert(sums, row[len(ask.Group)-1], s.asked.here.Currency); err != nil {
			return err
		}
		if d != nil {
			err = s.put(n, *d, append([]record.Value{row[0]}, sums...))
		} else {
			err = addTo(s.all[n], sums)
		}
		if err != nil {
			return err
		}
	}
	// A row that the others did not know makes the whole another.
	if d != nil && s.all[n] != nil {
		return s.abroad(ctx, q, n, "", nil)
	}
	return nil
}

// convert makes amounts in a foreign currency such in the company's own.
func (s *source) convert(sums []record.Value, rate record.Value, own string) error {
	if rate.IsNull() {
		return nil
	}
	for i, f := range s.figures {
		if !slices.Contains(s.foreign.of, f.column) {
			continue
		}
		n, err := exact.Convert(sums[i].Int(), rate.Int(), own)
		if err != nil {
			return err
		}
		sums[i] = record.Int(n)
	}
	return nil
}

func addTo(all, sums []record.Value) error {
	for i := range all {
		n, err := decimal.Add(all[i].Int(), sums[i].Int())
		if err != nil {
			return err
		}
		all[i] = record.Int(n)
	}
	return nil
}
