package completion

import (
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
)

// opens leads to the records that an actual figure is made of, and to the target.
func opens(at entity.Asked, row []record.Value, column string) entity.Place {
	a, err := askOf(at.Here, at.Input)
	if err != nil {
		return entity.Place{}
	}
	switch a.by {
	case ByMonth, ByQuarter:
		length, n := measure.Month, 0
		if a.by == ByQuarter {
			length = measure.Quarter
		}
		for i, part := range a.span.Parts(length) {
			if name := a.named(part, i); name[0].Equal(row[0]) && name[1].Equal(row[1]) {
				n = i
			}
		}
		a.span = a.span.Parts(length)[n]
	case ByMember:
		a.of = measure.Of{Member: row[3].Int(), Dept: a.of.Dept}
	case ByProduct:
		if column != Target.Key() {
			return entity.Place{} // lines have no list of their own
		}
		a.of = measure.Of{Product: row[4].Int()}
	default:
		a.of = measure.Of{Dept: row[2].Int()}
	}
	switch column {
	case Actual.Key(), Last.Key():
		span := a.span
		if column == Last.Key() {
			span = span.LastYear()
		}
		name, filter := a.m.Behind(at.Here, span, a.of)
		return entity.Place{Entity: name, Filter: filter}
	case Target.Key():
		return entity.Place{Entity: target.Entity.Name, Filter: query.Print(query.All(entity.Is(target.Year, a.span.Year()), entity.Is(target.Measure, a.m.Code), a.subject()))}
	}
	return entity.Place{}
}

// subject is the condition on the target of a row.
func (a *ask) subject() *query.Node {
	switch {
	case a.of.Member != 0:
		return entity.Is(target.OfMember, id.ID(a.of.Member).String())
	case a.of.Dept != 0:
		return entity.Is(target.OfDept, id.ID(a.of.Dept).String())
	case a.of.Product != 0:
		return entity.Is(target.OfProduct, id.ID(a.of.Product).String())
	}
	return entity.Is(target.Kind, target.Company)
}
