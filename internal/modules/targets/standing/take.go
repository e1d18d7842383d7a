package standing

import (
	"context"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
	"github.com/guanxicrm/guanxi/internal/modules/targets/tree"
)

// monthsBack is how many months that are over are taken where they are missing:
// those of the quarter before somebody began with targets, or that went by while
// the program did not run.
const monthsBack = 3

// Tick takes how far everybody was at the end of a month, one measure of one
// month at a time, once: the company's is always written and says that it was.
// Companies without targets keep none.
func Tick(ctx context.Context, tx entity.Writer, now time.Time) (int, error) {
	used, err := tx.Find(ctx, target.Entity.Name, nil, 1)
	if err != nil || len(used) == 0 {
		return 0, err
	}
	month, err := measure.SpanOf(now.In(tx.Here().Zone).Format(time.DateOnly), measure.Month)
	if err != nil {
		return 0, err
	}
	for range monthsBack {
		month = month.Before()
		taken, err := tx.Find(ctx, name, query.All(entity.Is(Month, month.From()), entity.Is(Kind, target.Company)), len(measure.Codes()))
		if err != nil {
			return 0, err
		}
		if len(taken) == len(measure.Codes()) {
			continue
		}
		done := map[string]bool{}
		for _, r := range taken {
			done[Measure.Get(r)] = true
		}
		for _, code := range measure.Codes() {
			if done[code] {
				continue
			}
			if err := tx.Guard(ctx, "targets.standing"); err != nil {
				return 0, err
			}
			return take(ctx, tx, month, code, now)
		}
	}
	return 0, nil
}

// taking is one measure of one month while it is taken.
type taking struct {
	tx     entity.Writer
	month  measure.Span
	code   string
	now    time.Time
	wanted map[string]int64 // by the target's Key
	there  map[string]bool  // Keys that were written before
	made   int
}

// take writes down one measure of a month.
func take(ctx context.Context, tx entity.Writer, month measure.Span, code string, now time.Time) (int, error) {
	t := taking{tx: tx, month: month, code: code, now: now, wanted: map[string]int64{}, there: map[string]bool{}}
	if err := t.read(ctx); err != nil {
		return 0, err
	}
	if t.there[keyOf(month, code, target.Company, 0)] {
		return 1, nil // another node was first
	}
	m, spans := measure.Named(code), []measure.Span{month}
	whole, err := m.By(ctx, tx, spans, measure.Nobody, measure.Of{})
	if err != nil {
		return 0, err
	}
	if err := t.write(ctx, target.Company, 0, 0, tx.Here().Company+" ", first(whole[0])); err != nil {
		return 0, err
	}
	people, err := tree.Read(ctx, tx)
	if err != nil {
		return 0, err
	}
	depts, err := m.By(ctx, tx, spans, measure.Depts, measure.Of{})
	if err == nil {
		err = people.Up(depts)
	}
	if err != nil {
		return 0, err
	}
	for _, d := range people.Under(0) {
		if err := t.named(ctx, target.Department, schema.DepartmentEntity, d, d, department.Name, first(depts[d])); err != nil {
			return 0, err
		}
	}
	each, err := m.By(ctx, tx, spans, measure.Members, measure.Of{})
	if err != nil {
		return 0, err
	}
	for _, one := range people.Everybody() {
		if err := t.named(ctx, target.Member, schema.MemberEntity, one, people.DeptOf(one), member.Name, first(each[one])); err != nil {
			return 0, err
		}
	}
	return t.made, nil
}

func first(list []int64) int64 {
	if len(list) == 0 {
		return 0
	}
	return list[0]
}

// read reads what was wanted, and what is written already.
func (t *taking) read(ctx context.Context) error {
	rows, _, err := t.tx.Sum(ctx, entity.Sum{Entity: target.Entity.Name, Where: query.All(entity.Is(target.Year, t.month.Year()), entity.Is(target.Measure, t.code)),
		Group: []string{target.Key.Key()}, Of: []string{target.Month(t.month.At()).Key()}})
	if err != nil {
		return err
	}
	for _, row := range rows {
		t.wanted[row[0].Str()] = row[1].Int()
	}
	rows, _, err = t.tx.Sum(ctx, entity.Sum{Entity: name, Where: query.All(entity.Is(Month, t.month.From()), entity.Is(Measure, t.code)), Group: []string{Key.Key()}})
	for _, row := range rows {
		t.there[row[0].Str()] = true
	}
	return err
}

func keyOf(month measure.Span, code, kind string, of int64) string {
	return month.From()[:7] + " " + code + " " + kind + " " + id.ID(of).String()
}

// named is write for who has figures or a target, under his name.
func (t *taking) named(ctx context.Context, kind, of string, subject, dept int64, called *entity.Field[string], actual int64) error {
	if _, has := t.wanted[target.KeyOf(t.month.Year(), t.code, kind, subject)]; !has && actual == 0 {
		return nil
	}
	r, err := t.tx.Get(ctx, of, subject)
	if err != nil {
		return err
	}
	return t.write(ctx, kind, subject, dept, called.Get(r)+" ", actual)
}

func (t *taking) write(ctx context.Context, kind string, subject, dept int64, called string, actual int64) error {
	key := keyOf(t.month, t.code, kind, subject)
	if t.there[key] {
		return nil
	}
	want, has := t.wanted[target.KeyOf(t.month.Year(), t.code, kind, subject)]
	rate, err := money.Rate(actual, want)
	if err != nil {
		return err
	}
	t.made++
	_, err = t.tx.Create(ctx, name, func(r *record.Record) {
		Name.Set(r, called+t.month.From()[:7])
		Month.Set(r, t.month.From())
		Measure.Set(r, t.code)
		Kind.Set(r, kind)
		Actual.Set(r, actual)
		if has {
			Target.Set(r, want)
		}
		if has && want != 0 {
			Rate.Set(r, rate)
		}
		TakenAt.Set(r, t.now.UnixMicro())
		Key.Set(r, key)
		switch kind {
		case target.Member:
			OfMember.Set(r, subject)
			Owner.Set(r, subject)
		case target.Department:
			OfDept.Set(r, subject)
		}
	})
	return err
}
