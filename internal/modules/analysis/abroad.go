package analysis

import (
	"context"
	"slices"

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

// abroad adds what of a source is in foreign currencies, each rate by rate, to
// what is in the company's own.
func (s *sheet) abroad(ctx context.Context, q entity.Sums, n int, path string, d *dim) error {
	of := &s.t.sources[n]
	if of.foreign == nil {
		return nil
	}
	codes, err := s.currencies(ctx, q, n)
	if err != nil {
		return err
	}
	for _, code := range codes {
		if err := s.in(ctx, q, n, code, path, d); err != nil {
			return err
		}
	}
	// A row that the others did not know makes the whole another.
	if d != nil && s.all[n] != nil && len(codes) > 0 {
		return s.abroad(ctx, q, n, "", nil)
	}
	return nil
}

// currencies are the foreign ones that a source has anything in. It is asked
// once: most companies have none, and an index finds the records of one.
func (s *sheet) currencies(ctx context.Context, q entity.Sums, n int) ([]string, error) {
	if codes, known := s.foreign[n]; known {
		return codes, nil
	}
	of := &s.t.sources[n]
	ask := entity.Sum{Entity: of.entity, Where: query.All(of.filter(s.asked, nil), query.Comparing(of.foreign.currency, schema.OpNe, s.asked.here.Currency)),
		Group: []string{of.foreign.currency}, Of: []string{"count:"}}
	rows, _, err := q.Sum(ctx, ask)
	if err != nil {
		return nil, err
	}
	codes := []string{}
	for _, row := range rows {
		codes = append(codes, row[0].Str())
	}
	s.foreign[n] = codes
	return codes, nil
}

// in adds what of a source is in one currency.
func (s *sheet) in(ctx context.Context, q entity.Sums, n int, code, path string, d *dim) error {
	of := &s.t.sources[n]
	ask := of.sum(s.asked)
	ask.Where = query.All(ask.Where, query.Comparing(of.foreign.currency, schema.OpEq, code))
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
