package store

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// join is a record that a reference of another table of the statement leads to.
// What may not be read is not there, as if the reference were empty.
type join struct {
	from  string // alias of the table with the reference
	step  query.Step
	alias string
}

// join finds the tables that groups and conditions of an aggregate lead to. As
// joins the database may begin with them: with the few orders of a month rather
// than with all lines there are.
func (b *builder) join(a *Aggregate) {
	for _, g := range a.Groups {
		b.lead(g.Steps)
	}
	b.leads(a.Where)
	for _, m := range a.Measures {
		b.leads(m.Only)
	}
}

func (b *builder) leads(c *query.Cond) {
	if c == nil {
		return
	}
	for _, kid := range c.Kids {
		b.leads(kid)
	}
	if _, negative := query.Positive(c.Op); c.Kind == query.Compare && !negative {
		b.lead(c.Steps)
	}
}

func (b *builder) lead(steps []query.Step) {
	from := "t"
	for _, s := range steps {
		next := b.next(from, s.Field)
		if next == "" {
			next = b.newAlias()
			b.joins = append(b.joins, join{from, s, next})
		}
		from = next
	}
}

// next is the alias of what a reference of a table leads to, "" where it is not joined.
func (b *builder) next(from string, f *schema.Field) string {
	for _, j := range b.joins {
		if j.from == from && j.step.Field == f {
			return j.alias
		}
	}
	return ""
}

// at is the alias of the table that steps lead to.
func (b *builder) at(steps []query.Step) string {
	at := "t"
	for _, s := range steps {
		at = b.next(at, s.Field)
	}
	return at
}

// joined writes the joins.
func (b *builder) joined(s *schema.Snapshot) {
	for _, j := range b.joins {
		b.add("LEFT JOIN ").col("", j.step.Target.Table).add(" ", j.alias, " ON ", j.alias, ".id = ").col(j.from, Column(j.step.Field))
		b.add(" AND ", j.alias, ".", live, " AND ")
		b.permit(s, j.step.Target, j.alias, b.rights.Permit(j.step.Target, access.Read).Pred())
		b.add(" ")
	}
}

// reaches is the alias that a condition's first step leads to, where its
// operator never holds of what is not there.
func (b *builder) reaches(t string, c *query.Cond) string {
	if _, negative := query.Positive(c.Op); negative {
		return ""
	}
	return b.next(t, c.Steps[0].Field)
}

// within is the question whose least and greatest values say what buckets there
// are: of the table that steps lead to.
func (s Select) within(steps []query.Step) Select {
	if len(steps) == 0 {
		return s
	}
	to := steps[len(steps)-1].Target
	return Select{Snap: s.Snap, Entity: to, Permit: s.Rights.Permit(to, access.Read), Rights: s.Rights}
}
