package opportunity

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/reminder"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
	"github.com/guanxicrm/guanxi/internal/modules/sales/visit"
)

// derive makes the amount the sum of the lines, where there are any.
func derive(r *record.Record, n entity.Needs) error {
	lines := n.Lines(paper.Items)
	if len(lines) == 0 {
		return nil
	}
	total, err := Item.Work(Currency.Get(r), lines)
	if err != nil {
		return err
	}
	Amount.Set(r, total)
	return nil
}

// validate puts an opportunity into a stage of its pipeline, holds it to what
// the stage asks, and keeps what follows from the stage.
func validate(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return nil
	}
	at, err := place(ctx, tx, r)
	if err != nil {
		return err
	}
	if err := Scoring.Keep(ctx, tx, r); err != nil {
		return err
	}
	confirm(c)
	if State.Get(r) == stage.Open && !Score.Value(r).IsNull() && (c.Before == nil || !c.Touches(Stage)) {
		if at, err = goOn(ctx, tx, c, at); err != nil {
			return err
		}
	}
	if err := paper.Rated(ctx, tx, r, Currency, Rate, tx.Here().Today()); err != nil {
		return err
	}
	if c.Touches(Stage) || c.Before == nil {
		if err := enter(ctx, tx, c, at); err != nil {
			return err
		}
	}
	ask(c, at)
	if State.Get(r) == stage.Lost && LossReason.Get(r) == "" {
		return errs.New(errs.Invalid, "error.loss_reason").At(LossReason.Key())
	}
	return worth(r, tx.Here().Currency)
}

// worth keeps the amounts in the company's own currency.
func worth(r *record.Record, own string) error {
	if Amount.Value(r).IsNull() {
		AmountBase.Clear(r)
		Weighted.Clear(r)
		return nil
	}
	base, err := money.Convert(Amount.Get(r), paper.RateOf(r, Rate), own)
	if err != nil {
		return err
	}
	weighted, err := money.Percent(base, WinRate.Get(r), own)
	if err != nil {
		return err
	}
	AmountBase.Set(r, base)
	Weighted.Set(r, weighted)
	return nil
}

// place gives the stage, the first of the default pipeline for one that has none.
func place(ctx context.Context, tx entity.Reader, r *record.Record) (*record.Record, error) {
	if Stage.Get(r) != 0 {
		at, err := tx.Get(ctx, stage.Entity.Name, Stage.Get(r))
		if err != nil {
			return nil, err
		}
		if Pipeline.Get(r) == 0 {
			Pipeline.Set(r, stage.Pipeline.Get(at))
		}
		if stage.Pipeline.Get(at) != Pipeline.Get(r) {
			return nil, errs.New(errs.Invalid, "error.stage_elsewhere").At(Stage.Key())
		}
		return at, nil
	}
	if Pipeline.Get(r) == 0 {
		of, err := firstPipeline(ctx, tx)
		if err != nil {
			return nil, err
		}
		Pipeline.Set(r, of)
	}
	at, err := firstOf(ctx, tx, Pipeline.Get(r), State.Get(r))
	if err != nil {
		return nil, err
	}
	Stage.Set(r, at.ID())
	return at, nil
}

func firstPipeline(ctx context.Context, tx entity.Reader) (int64, error) {
	for _, where := range []*query.Node{query.All(entity.Is(pipeline.Default, "true"), entity.Is(pipeline.Active, "true")), entity.Is(pipeline.Active, "true")} {
		list, err := tx.Find(ctx, pipeline.Entity.Name, where, 1)
		if err != nil {
			return 0, err
		}
		if len(list) > 0 {
			return list[0].ID(), nil
		}
	}
	return 0, errs.New(errs.Invalid, "error.pipeline_none").At(Pipeline.Key())
}

// goOn gives the stage that an opportunity has reached, when the write changes
// what a stage waits for: that may have come after the score.
func goOn(ctx context.Context, tx entity.Reader, c entity.Change, at *record.Record) (*record.Record, error) {
	list, err := tx.Find(ctx, stage.Entity.Name, query.All(entity.Is(stage.Pipeline, id.ID(Pipeline.Get(c.After)).String()), entity.Is(stage.Kind, stage.Open)), 1000)
	if err != nil {
		return nil, err
	}
	looked := func(s *record.Record) bool {
		n, err := query.Parse(stage.When.Get(s))
		return err == nil && changes(c, n)
	}
	if !confirmed(c) && !c.Touches(Score, Amount, ExpectedOn, Contact, Competitors, Decision, Budget) && !slices.ContainsFunc(list, looked) {
		return at, nil
	}
	return reached(ctx, tx, c, list, at)
}

// changes says whether a write changes a field that a condition looks at.
func changes(c entity.Change, n *query.Node) bool {
	if n == nil || c.Before == nil {
		return false
	}
	slot := c.After.Shape.Slot(n.Path)
	return n.Kind == query.Compare && slot >= 0 && !c.Before.At(slot).Equal(c.After.At(slot)) ||
		slices.ContainsFunc(n.Kids, func(k *query.Node) bool { return changes(c, k) })
}

// reached gives the last open stage whose score an opportunity has, from the one
// that it stands in on (SAL-2). It goes no further than to where what the stages
// ask for is filled: nobody is kept from writing by a score.
func reached(ctx context.Context, tx entity.Reader, c entity.Change, list []*record.Record, at *record.Record) (*record.Record, error) {
	r := c.After
	slices.SortStableFunc(list, func(a, b *record.Record) int { return cmp.Compare(stage.Order.Get(a), stage.Order.Get(b)) })
	for _, s := range list {
		if stage.Score.Value(s).IsNull() || stage.Score.Get(s) > Score.Get(r) || stage.Order.Get(s) <= stage.Order.Get(at) {
			continue
		}
		err := ready(ctx, tx, c, s)
		if _, lacks := errors.AsType[*errs.Error](err); lacks {
			break
		}
		if err != nil {
			return nil, err
		}
		at = s
	}
	if at.ID() != Stage.Get(r) {
		Stage.Set(r, at.ID())
		WinRate.Clear(r)
	}
	return at, nil
}

// firstOf is the first stage of a kind in a pipeline.
func firstOf(ctx context.Context, tx entity.Reader, of int64, kind string) (*record.Record, error) {
	list, err := tx.Find(ctx, stage.Entity.Name, query.All(entity.Is(stage.Pipeline, id.ID(of).String()), entity.Is(stage.Kind, kind)), 1000)
	if err != nil {
		return nil, err
	}
	var first *record.Record
	for _, s := range list {
		if first == nil || stage.Order.Get(s) < stage.Order.Get(first) {
			first = s
		}
	}
	if first == nil {
		return nil, errs.New(errs.Invalid, "error.stage_none", "kind", kind).At(Stage.Key())
	}
	return first, nil
}

// enter is what standing in a stage means: its win rate, whether it is over.
func enter(ctx context.Context, tx entity.Reader, c entity.Change, at *record.Record) error {
	r := c.After
	if err := ready(ctx, tx, c, at); err != nil {
		return err
	}
	kind := stage.Kind.Get(at)
	State.Set(r, kind)
	if err := further(ctx, tx, r, at); err != nil {
		return err
	}
	EnteredAt.Set(r, tx.Here().Now.UnixMicro())
	pace(r, at, tx.Here())
	if WinRate.Value(r).IsNull() || kind != stage.Open {
		if v := stage.WinRate.Value(at); !v.IsNull() {
			WinRate.Set(r, v.Int())
		}
	}
	switch {
	case kind == stage.Open:
		ClosedOn.Clear(r)
		LossReason.Clear(r)
		LostTo.Clear(r)
		WinReason.Clear(r)
	case ClosedOn.Get(r) == "":
		ClosedOn.Set(r, tx.Here().Today())
	}
	return nil
}

// further keeps the last stage on the way that an opportunity stood in. Losing
// it is no step on the way.
func further(ctx context.Context, tx entity.Reader, r, at *record.Record) error {
	if stage.Kind.Get(at) == stage.Lost {
		return nil
	}
	if old := Furthest.Get(r); old != 0 && stage.Kind.Get(at) == stage.Open {
		was, err := tx.Get(ctx, stage.Entity.Name, old)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil && stage.Pipeline.Get(was) == stage.Pipeline.Get(at) && stage.Kind.Get(was) == stage.Open && stage.Order.Get(was) >= stage.Order.Get(at) {
			return nil
		}
	}
	Furthest.Set(r, at.ID())
	return nil
}

// ready refuses a stage whose fields are not filled, and one that is further on
// than what is confirmed of the present one. A lost one lacks what it lacks.
func ready(ctx context.Context, tx entity.Reader, c entity.Change, at *record.Record) error {
	if stage.Kind.Get(at) == stage.Lost {
		return nil
	}
	list, err := held(ctx, tx, c, at)
	if err != nil {
		return err
	}
	for _, v := range stage.Needs.Get(at) {
		key := v.Str()
		if key == paper.Items {
			if c.Before == nil {
				continue // a new one comes with its lines
			}
			lines, err := entity.LinesOf(ctx, tx, "sales.opportunity_item", c.After.ID())
			if err != nil {
				return err
			}
			if len(lines) == 0 && Amount.Get(c.After) == 0 {
				list = append(list, errs.New(errs.Invalid, "error.stage_items", "stage", stage.Name.Get(at)).At(paper.Items))
			}
			continue
		}
		if c.After.Shape.Slot(key) >= 0 && c.After.Get(key).IsNull() { // older versions let options be added that are no fields
			list = append(list, errs.New(errs.Invalid, "error.stage_needs", "stage", stage.Name.Get(at)).At(key))
		}
	}
	unmet, err := tx.Unmet(ctx, c.Entity.Name, stage.When.Get(at), c.After)
	if err != nil {
		return err
	}
	for _, one := range unmet {
		list = append(list, errs.New(errs.Invalid, "error.stage_when", "stage", stage.Name.Get(at), "condition", one.Words).At(cmp.Or(one.Field, Stage.Key())))
	}
	return errs.Join(list)
}

// within keeps the history of the stages.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.After == nil || c.Restored() || c.Before != nil && !c.Touches(Stage) {
		return nil
	}
	if err := begin(ctx, tx, c); err != nil {
		return err
	}
	now := tx.Here().Now.UnixMicro()
	var from int64
	if c.Before != nil {
		from = Stage.Get(c.Before)
		open, err := tx.Find(ctx, visit.Entity.Name, query.All(entity.Is(visit.Opportunity, id.ID(c.After.ID()).String()), entity.Empty(visit.LeftAt)), 10)
		if err != nil {
			return err
		}
		for _, v := range open {
			stay, err := decimal.MulDiv(now-visit.EnteredAt.Get(v), money.One, day)
			if err != nil {
				return err
			}
			if err := tx.Update(ctx, visit.Entity.Name, v.ID(), func(r *record.Record) {
				visit.LeftAt.Set(r, now)
				visit.Days.Set(r, stay)
			}); err != nil {
				return err
			}
		}
	}
	_, err := tx.Create(ctx, visit.Entity.Name, func(r *record.Record) {
		visit.Opportunity.Set(r, c.After.ID())
		visit.Pipeline.Set(r, Pipeline.Get(c.After))
		visit.Stage.Set(r, Stage.Get(c.After))
		visit.From.Set(r, from)
		visit.EnteredAt.Set(r, now)
		visit.Customer.Set(r, Customer.Get(c.After))
		visit.Owner.Set(r, Owner.Get(c.After))
		if v := AmountBase.Value(c.After); !v.IsNull() {
			visit.Amount.Set(r, v.Int())
		}
	})
	return err
}

// begin makes the tasks of the stage that an opportunity enters, and tells its
// owner when the score moved it.
func begin(ctx context.Context, tx entity.Writer, c entity.Change) error {
	at, err := tx.Get(ctx, stage.Entity.Name, Stage.Get(c.After))
	if err != nil {
		return err
	}
	about := record.Ref(c.Entity.Name, c.After.ID())
	for title := range strings.Lines(stage.Tasks.Get(at)) {
		if title = strings.TrimSpace(title); title == "" {
			continue
		}
		if _, err := tx.Create(ctx, "work.task", func(r *record.Record) {
			r.Set("title", record.Text(title))
			r.Set("assignee", Owner.Value(c.After))
			r.Set("about", about)
			r.Set("due_at", record.Int(tx.Here().Now.AddDate(0, 0, taskDays).UnixMicro()))
		}); err != nil {
			return err
		}
	}
	if c.Before == nil || !c.Touches(Score) {
		return nil
	}
	return reminder.Tell(ctx, tx, reminder.Notice{Kind: reminder.Moment, Owner: Owner.Get(c.After), About: about,
		Title: Name.Get(c.After) + " → " + stage.Name.Get(at), Count: 1, Of: c.Entity.Name, At: tx.Here().Now.UnixMicro()})
}

// taskDays is how long the tasks of a stage may take.
const taskDays = 3

// day is a day in µs.
const day = 24 * 3600 * 1_000_000
