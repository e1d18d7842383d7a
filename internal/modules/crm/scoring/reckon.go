package scoring

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Keep sets the score of a record by the rules in use; the entity's own Validate
// calls it. Without a model a grade means nothing and there is none, nor a score;
// an entity without grades keeps what people gave.
func (s *Scored) Keep(ctx context.Context, tx entity.Reader, r *record.Record) error {
	model, rules, err := s.inUse(ctx, tx)
	if err != nil {
		return err
	}
	s.put(r, model, s.sum(ctx, tx, rules, r))
	return nil
}

// sum is what a record comes to, between 0 and Highest.
func (s *Scored) sum(ctx context.Context, tx entity.Reader, rules []*record.Record, r *record.Record) int64 {
	total := int64(0)
	for _, rule := range rules {
		if tx.Holds(ctx, s.of, s.When.Get(rule), r) {
			total += s.Points.Get(rule)
		}
	}
	return min(max(total, 0), Highest)
}

func (s *Scored) put(r, model *record.Record, total int64) {
	switch {
	case model == nil && s.grade == nil:
	case model == nil:
		s.score.Clear(r)
		s.grade.Clear(r)
	default:
		s.score.Set(r, total)
		if s.grade != nil {
			s.grade.Set(r, s.gradeOf(model, total))
		}
	}
}

// gradeOf is the grade of a score.
func (s *Scored) gradeOf(model *record.Record, total int64) string {
	switch {
	case total >= s.LeastA.Get(model):
		return A
	case total >= s.LeastB.Get(model):
		return B
	}
	return C
}

// Why is the question how a record comes to its score: every rule in use, what
// it is worth, and whether it counts for the record.
func (s *Scored) Why() entity.Question {
	return entity.Question{Name: "why_score", Op: access.Read,
		Columns: entity.Fields(entity.Ref("rule", ruleOf(s.of)), entity.Number("points"), entity.Switch("counts")),
		Answer: func(ctx context.Context, tx entity.Reader, r, _ *record.Record, _ time.Time) (rows [][]record.Value, more bool, err error) {
			_, rules, err := s.inUse(ctx, tx)
			if err != nil {
				return nil, false, err
			}
			for _, counts := range []bool{true, false} {
				for _, rule := range rules {
					if tx.Holds(ctx, s.of, s.When.Get(rule), r) == counts {
						rows = append(rows, []record.Value{record.Int(rule.ID()), s.Points.Value(rule), record.Bool(counts)})
					}
				}
			}
			return rows[:min(len(rows), entity.MostAnswers)], len(rows) > entity.MostAnswers, nil
		}}
}

// page is how many records a transaction looks at.
const page = 100

// Tick scores the records anew, a page at a time, after the rules have changed,
// and once a day of the company's where a condition depends on the day.
func (s *Scored) Tick(ctx context.Context, tx entity.Writer, _ time.Time) (int, error) {
	today := tx.Here().Today()
	late := query.All(entity.Is(s.Active, "true"), &query.Node{Kind: query.Or, Kids: []*query.Node{entity.Empty(s.ScoredOn),
		{Kind: query.Compare, Path: s.ScoredOn.Key(), Op: schema.OpLt, Args: []query.Arg{{Text: today}}}}})
	list, err := tx.Find(ctx, modelOf(s.of), &query.Node{Kind: query.Or, Kids: []*query.Node{entity.Is(s.Due, "true"), late}}, 1)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	if err := tx.Guard(ctx, s.guard()); err != nil {
		return 0, err
	}
	m, err := tx.Get(ctx, modelOf(s.of), list[0].ID())
	if err != nil {
		return 0, err
	}
	model, rules, err := s.inUse(ctx, tx)
	if err != nil {
		return 0, err
	}
	if !s.Due.Get(m) {
		if s.ScoredOn.Get(m) >= today {
			return 1, nil // another node was quicker
		}
		return 1, tx.Update(ctx, modelOf(s.of), m.ID(), func(r *record.Record) {
			s.ScoredOn.Set(r, today)
			s.Due.Set(r, s.timed(rules))
			s.Reached.Clear(r)
		})
	}
	after, _ := id.Parse(s.Reached.Get(m)) // 0 from the beginning
	recs, err := tx.Next(ctx, s.of, nil, int64(after), page)
	if err != nil {
		return 0, err
	}
	for _, r := range recs {
		if err := s.again(ctx, tx, model, rules, r); err != nil {
			return 0, err
		}
	}
	return 1, tx.Update(ctx, modelOf(s.of), m.ID(), func(r *record.Record) {
		if len(recs) == page {
			s.Reached.Set(r, id.ID(recs[page-1].ID()).String())
			return
		}
		s.Due.Set(r, false)
		s.Reached.Clear(r)
		s.ScoredOn.Set(r, today)
	})
}

// again writes a record whose score is not what it comes to: its own hooks set
// it. One that its rules refuse to write stays as it is.
func (s *Scored) again(ctx context.Context, tx entity.Writer, model *record.Record, rules []*record.Record, r *record.Record) error {
	now := r.Clone()
	s.put(now, model, s.sum(ctx, tx, rules, r))
	if s.score.Value(now).Equal(s.score.Value(r)) && (s.grade == nil || s.grade.Value(now).Equal(s.grade.Value(r))) {
		return nil
	}
	err := tx.Update(ctx, s.of, r.ID(), func(*record.Record) {})
	if _, refused := errors.AsType[*errs.Error](err); refused {
		return nil
	}
	return err
}

// timed says whether what rules come to depends on the day.
func (s *Scored) timed(rules []*record.Record) bool {
	return slices.ContainsFunc(rules, func(rule *record.Record) bool {
		n, err := query.Parse(s.When.Get(rule))
		return err == nil && moves(n)
	})
}

// moves says whether a condition names a moment that moves with the calendar.
func moves(n *query.Node) bool {
	return n != nil && (slices.ContainsFunc(n.Args, func(a query.Arg) bool { return a.Kind == query.Func }) || slices.ContainsFunc(n.Kids, moves))
}
