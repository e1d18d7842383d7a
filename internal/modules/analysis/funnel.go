package analysis

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// What the funnel asks beside the time and whose: which opportunities.
var (
	sourceIs = entity.Choice("source", customer.Sources()...).SameAs(customer.Entity.Name, customer.Source)

	reached   = entity.Number("reached")
	worth     = base("amount")
	stepRate  = entity.Percent("step_rate")
	totalRate = entity.Percent("total_rate")
	standing  = entity.Number("standing")
	dropped   = entity.Number("dropped")
)

// funnel is how far the opportunities made in a time came, stage by stage: who
// stands in a later one passed the earlier ones, who was lost passed those up to
// the furthest he stood in (SAL-1).
func funnel() entity.Report {
	return entity.Report{Name: "funnel", Icon: "funnel", Input: []entity.Declared{flow, period, from, to, whose, dept, sourceIs},
		Columns: entity.Fields(ofStage, reached, worth, stepRate, totalRate, standing, dropped),
		Charts:  []entity.Chart{{Kind: entity.ChartFunnel, By: entity.Fields(ofStage), Of: entity.Fields(reached)}, {Kind: entity.ChartFunnel, By: entity.Fields(ofStage), Of: entity.Fields(worth)}},
		Needs:   []entity.Reading{entity.Reads(stage.Entity.Name, stage.Name), entity.Reads(pipeline.Entity.Name, pipeline.Name)}, Run: runFunnel, Opens: openFunnel}
}

// made are the opportunities that the funnel is about.
func made(a asked, flow int64) *query.Node {
	var src *query.Node
	if code := sourceIs.Get(a.input); code != "" {
		src = entity.Is(opportunity.Source, code)
	}
	return query.All(entity.Is(opportunity.Pipeline, id.ID(flow).String()), a.span.on("created_at"), src, of("owner", schema.OpEq, a.input, whose), of("dept", schema.OpUnder, a.input, dept))
}

// step is a stage of the funnel.
type step struct {
	stage, order            int64
	kind                    string
	here, sum, stand, leave int64
}

// stepsOf reads the stages of the pipeline that is asked for, the default one
// where none is: the open ones in their order, and the one that is won.
func stepsOf(ctx context.Context, q entity.Sums, input *record.Record) (int64, []step, error) {
	chosen := flow.Get(input)
	if chosen == 0 {
		rows, _, err := q.Sum(ctx, entity.Sum{Entity: pipeline.Entity.Name, Where: entity.Is(pipeline.Active, "true"), Group: []string{"id", "default"}})
		if err != nil || len(rows) == 0 {
			return 0, nil, err
		}
		first := slices.MaxFunc(rows, func(x, y []record.Value) int { return cmp.Compare(x[1].Int(), y[1].Int()) })
		chosen = first[0].Int()
	}
	rows, _, err := q.Sum(ctx, entity.Sum{Entity: stage.Entity.Name, Where: entity.Is(stage.Pipeline, id.ID(chosen).String()), Group: []string{"order", "id", "kind"}})
	var out []step
	for _, r := range rows {
		if k := r[2].Str(); k != stage.Lost {
			out = append(out, step{stage: r[1].Int(), order: r[0].Int(), kind: k})
		}
	}
	slices.SortStableFunc(out, func(x, y step) int {
		return cmp.Or(cmp.Compare(last(x), last(y)), cmp.Compare(x.order, y.order))
	})
	return chosen, out, err
}

// last puts the stage that is won behind the others.
func last(s step) int {
	if s.kind == stage.Won {
		return 1
	}
	return 0
}

func runFunnel(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, bool, error) {
	a, err := askedOf(q.Here(), input)
	if err != nil {
		return nil, false, err
	}
	of, steps, err := stepsOf(ctx, q, input)
	if err != nil || len(steps) == 0 {
		return nil, false, err
	}
	rows, more, err := q.Sum(ctx, entity.Sum{Entity: opportunity.Entity.Name, Where: made(a, of), Group: []string{"furthest", "stage", "state"}, Of: []string{"amount_base"}})
	if err != nil {
		return nil, false, err
	}
	for _, r := range rows {
		far := cmp.Or(r[0].Int(), r[1].Int())
		n := slices.IndexFunc(steps, func(s step) bool { return s.stage == far })
		n = max(n, 0) // lost before it stood anywhere: it was made
		for i := range steps[:n+1] {
			s := &steps[i]
			s.here += r[4].Int()
			if s.sum, err = decimal.Add(s.sum, r[3].Int()); err != nil {
				return nil, false, err
			}
		}
		switch r[2].Str() {
		case stage.Lost:
			steps[n].leave += r[4].Int()
		default:
			steps[n].stand += r[4].Int()
		}
	}
	out := make([][]record.Value, len(steps))
	for i, s := range steps {
		row := []record.Value{record.Int(s.stage), record.Int(s.here), record.Int(s.sum), record.Null, record.Null, record.Int(s.stand), record.Int(s.leave), record.Int(steps[max(i-1, 0)].here), record.Int(steps[0].here)}
		if err := rate(row, 3, 1, 7); err != nil {
			return nil, false, err
		}
		if err := rate(row, 4, 1, 8); err != nil {
			return nil, false, err
		}
		out[i] = row[:7]
	}
	if steps[0].here == 0 {
		return nil, more, nil
	}
	return out, more, nil
}

func openFunnel(ask entity.Asked, row []record.Value, column string) entity.Place {
	a, err := askedOf(ask.Here, ask.Input)
	if err != nil || column != standing.Key() && column != dropped.Key() {
		return entity.Place{}
	}
	at := id.ID(row[0].Int()).String()
	where := query.All(a.span.on("created_at"), query.Comparing("furthest", schema.OpEq, at), of("owner", schema.OpEq, ask.Input, whose), of("dept", schema.OpUnder, ask.Input, dept))
	if code := sourceIs.Get(ask.Input); code != "" {
		where = query.All(where, entity.Is(opportunity.Source, code))
	}
	if column == dropped.Key() {
		where = query.All(where, entity.Is(opportunity.State, stage.Lost))
	} else {
		where = query.All(where, entity.Not(opportunity.State, stage.Lost))
	}
	return entity.Place{Entity: opportunity.Entity.Name, Filter: query.Print(where)}
}
