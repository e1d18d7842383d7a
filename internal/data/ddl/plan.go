package ddl

import (
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Step is one statement of a plan. What says in a few plain words what it
// does, for the log and the progress line.
type Step struct {
	SQL   string
	Table string
	What  string

	stage stage
	index string
}

// stage orders the steps: tables with their first indexes in one transaction,
// then columns one by one, then indexes over rows that exist.
type stage uint8

const (
	stageTables stage = iota
	stageColumns
	stageIndexes
)

// Plan is what is missing in a database. Unknown lists what it holds beyond
// the declaration ("table x", "column t.c", "index i"): kept as it is.
type Plan struct {
	Unknown []string

	want  []Table
	steps []Step
}

// Steps are the statements in the order Apply runs them.
func (p Plan) Steps() []Step { return slices.Clone(p.steps) }

// Indexes names the indexes that tables which are there lack.
func (p Plan) Indexes() []string {
	var out []string
	for _, s := range p.steps {
		if s.stage == stageIndexes {
			out = append(out, s.index)
		}
	}
	return out
}

// Empty says whether nothing is missing.
func (p Plan) Empty() bool { return len(p.steps) == 0 }

// NewPlan compares the declared tables with the live catalogue. A column or an
// index that exists with another meaning is a Conflict ("error.schema_column",
// "error.schema_key", "error.schema_index"), a new NOT NULL column without a
// default "error.schema_default": nothing of that can be added online.
func NewPlan(ctx context.Context, q sqldb.Querier, want []Table) (Plan, error) {
	if err := Check(want); err != nil {
		return Plan{}, err
	}
	cat, err := readCatalogue(ctx, q)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{want: slices.Clone(want)}
	b := builder{dialect: q.Dialect(), cat: cat, plan: &p}
	if err := b.build(sortByReference(want)); err != nil {
		return Plan{}, err
	}
	p.Unknown = unknown(cat, want)
	return p, nil
}

// builder collects the steps of a plan.
type builder struct {
	dialect sqldb.Dialect
	cat     *catalogue
	plan    *Plan
	made    map[string]bool // tables that exist when a step runs
	late    []Step          // references to tables made further down
}

func (b *builder) build(tables []Table) error {
	b.made = make(map[string]bool, len(tables))
	for name := range b.cat.tables {
		b.made[name] = true
	}
	for i := range tables {
		if b.cat.tables[tables[i].Name] == nil {
			b.newTable(&tables[i])
		}
	}
	b.plan.steps = append(b.plan.steps, b.late...)
	for i := range tables {
		t := &tables[i]
		live := b.cat.tables[t.Name]
		if live == nil {
			continue
		}
		if err := b.columns(t, live); err != nil {
			return err
		}
		if err := b.indexes(t, live); err != nil {
			return err
		}
	}
	slices.SortStableFunc(b.plan.steps, func(x, y Step) int { return int(x.stage) - int(y.stage) })
	return nil
}

func (b *builder) add(s Step) { b.plan.steps = append(b.plan.steps, s) }

// newTable adds the table and its indexes: over no rows they cost nothing.
func (b *builder) newTable(t *Table) {
	later := b.later(t)
	b.made[t.Name] = true
	b.add(Step{SQL: createTable(b.dialect, *t, later), Table: t.Name, What: "create table " + t.Name})
	for _, ix := range t.Indexes {
		if !ix.on(b.dialect) {
			continue
		}
		b.add(Step{SQL: createIndex(b.dialect, *t, ix, false), Table: t.Name, What: "create index " + ix.Name, index: ix.Name})
	}
}

// later names the columns whose target does not exist yet (a circle of
// references). PostgreSQL adds those constraints at the end of the same
// transaction; SQLite resolves a target only when rows are written.
func (b *builder) later(t *Table) map[string]bool {
	later := map[string]bool{}
	for _, c := range t.Columns {
		if b.dialect == sqldb.SQLite || c.Ref == "" || c.Ref == t.Name || b.made[c.Ref] {
			continue
		}
		later[c.Name] = true
		b.late = append(b.late, Step{
			SQL:   addReference(b.dialect, t.Name, c),
			Table: t.Name, What: "add reference " + t.Name + "." + c.Name,
		})
	}
	return later
}

func (b *builder) columns(t *Table, live *liveTable) error {
	for _, c := range t.Columns {
		have, ok := live.columns[c.Name]
		if ok {
			if err := sameColumn(t, c, have); err != nil {
				return err
			}
			continue
		}
		if t.inKey(c.Name) {
			return keyDiffers(t)
		}
		if c.NotNull && (c.Default == "" || strings.EqualFold(c.Default, "NULL")) {
			return errs.New(errs.Conflict, "error.schema_default", "table", t.Name, "column", c.Name)
		}
		if c.Ref != "" && c.Default != "" && !strings.EqualFold(c.Default, "NULL") {
			return errs.New(errs.Conflict, "error.schema_reference_default", "table", t.Name, "column", c.Name)
		}
		b.add(Step{
			SQL:   "ALTER TABLE " + Quote(t.Name) + " ADD COLUMN " + columnText(b.dialect, c),
			Table: t.Name, What: "add column " + t.Name + "." + c.Name, stage: stageColumns,
		})
	}
	for name, c := range live.columns {
		if c.key > 0 && (c.key > len(t.Key) || t.Key[c.key-1] != name) {
			return keyDiffers(t)
		}
	}
	return nil
}

func keyDiffers(t *Table) error {
	return errs.New(errs.Conflict, "error.schema_key", "table", t.Name, "key", strings.Join(t.Key, ", "))
}

// sameColumn refuses a live column that cannot serve as the declared one.
func sameColumn(t *Table, c Column, have liveColumn) error {
	want := columnType(sqldb.SQLite, c.Kind)
	if have.kind != want {
		return errs.New(errs.Conflict, "error.schema_column", "table", t.Name, "column", c.Name, "have", have.kind, "want", want)
	}
	if t.inKey(c.Name) != (have.key > 0) {
		return keyDiffers(t)
	}
	if notNull := c.NotNull; have.key == 0 && have.notNull != notNull {
		nullness := map[bool]string{true: want + " NOT NULL", false: want + " NULL"}
		return errs.New(errs.Conflict, "error.schema_column", "table", t.Name, "column", c.Name,
			"have", nullness[have.notNull], "want", nullness[notNull])
	}
	return nil
}

func (b *builder) indexes(t *Table, live *liveTable) error {
	for _, ix := range t.Indexes {
		if !ix.on(b.dialect) {
			continue
		}
		have := live.indexes[ix.Name]
		if have != nil && have.valid {
			if !slices.EqualFunc(ix.Columns, have.columns, sameOrder) || have.unique != ix.Unique || have.partial != (ix.Where != "") {
				return errs.New(errs.Conflict, "error.schema_index", "table", t.Name, "index", ix.Name)
			}
			continue
		}
		if have != nil {
			b.add(Step{
				SQL: "DROP INDEX CONCURRENTLY IF EXISTS " + Quote(ix.Name), Table: t.Name,
				What: "drop unfinished index " + ix.Name, stage: stageIndexes, index: ix.Name,
			})
		}
		b.add(Step{
			SQL: createIndex(b.dialect, *t, ix, true), Table: t.Name,
			What: "create index " + ix.Name, stage: stageIndexes, index: ix.Name,
		})
	}
	return nil
}

func sameOrder(a, b string) bool {
	an, ad := splitColumn(a)
	bn, bd := splitColumn(b)
	return an == bn && ad == bd
}

// sortByReference puts the targets of references first; tables in a circle
// keep their declared order.
func sortByReference(tables []Table) []Table {
	at := make(map[string]int, len(tables))
	for i := range tables {
		at[tables[i].Name] = i
	}
	out := make([]Table, 0, len(tables))
	seen := make([]bool, len(tables))
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, c := range tables[i].Columns {
			if c.Ref != "" {
				visit(at[c.Ref])
			}
		}
		out = append(out, tables[i])
	}
	for i := range tables {
		visit(i)
	}
	return out
}

// unknown lists what the database holds and nobody declares.
func unknown(cat *catalogue, want []Table) []string {
	declared := make(map[string]*Table, len(want))
	for i := range want {
		declared[want[i].Name] = &want[i]
	}
	var list []string
	for _, name := range cat.order {
		t, live := declared[name], cat.tables[name]
		if t == nil {
			list = append(list, "table "+name)
			continue
		}
		for _, c := range live.order {
			if t.column(c) == nil {
				list = append(list, "column "+name+"."+c)
			}
		}
		for _, ix := range live.names {
			if !slices.ContainsFunc(t.Indexes, func(d Index) bool { return d.Name == ix }) {
				list = append(list, "index "+ix)
			}
		}
	}
	return list
}
