package search

import (
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// fewHits is one more than a page of the search box: a narrowed question with
// fewer hits is complete although its words are frequent.
const fewHits = 21

func (q *Query) pg() bool { return q.dialect == sqldb.Postgres }

// Narrowed says that the index itself keeps the hits to some owners or departments.
func (q *Query) Narrowed() bool { return q.narrowed }

// IDs is a SELECT of the ids (column "id") of all hits in no order, for
// `id IN (…)` or as a table to start from. Its one parameter is number start.
// Right for rare words; frequent ones need Within.
func (q *Query) IDs(start int) (sql string, args []record.Value) {
	name := ddl.Quote(q.index.table)
	if q.pg() {
		return "SELECT id FROM " + name + " WHERE tsv @@ $" + strconv.Itoa(start) + "::tsquery", q.args(q.match)
	}
	return "SELECT rowid AS id FROM " + name + " WHERE " + name + " MATCH ?" + strconv.Itoa(start), q.args(q.match)
}

func (q *Query) args(match string) []record.Value { return []record.Value{record.RawText(match)} }

// Restriction adds hits to a query over the entity's table that runs newest
// first and stops at its limit:
//
//	SELECT … FROM {Join} customer AS c WHERE {Cond} AND {rights} ORDER BY {Order} LIMIT …
type Restriction struct {
	Join  string // "" or a table with CROSS JOIN behind it, which keeps it the outer one
	Cond  string
	Order string // ids, newest first
	Args  []record.Value
}

// Newest restricts a query over the entity, whose id is written id there, to
// hits, newest first, for words of any frequency. The index is the outer table
// and runs backwards by id. Only on PostgreSQL, and when narrowed, the entity's
// own rights index leads and each row is looked up, because GIN knows no order.
func (q *Query) Newest(id string, start int) Restriction {
	if q.pg() && q.narrowed {
		cond, args := q.Within(id, start)
		return Restriction{Cond: cond, Order: id + " DESC", Args: args}
	}
	name, p := ddl.Quote(q.index.table), strconv.Itoa(start)
	if q.pg() {
		return Restriction{ // "IS TRUE" keeps GIN out
			Join:  name + " CROSS JOIN ",
			Cond:  "(" + name + ".tsv @@ $" + p + "::tsquery) IS TRUE AND " + id + " = " + name + ".id",
			Order: name + ".id DESC",
			Args:  q.args(q.words),
		}
	}
	return Restriction{
		Join:  name + " CROSS JOIN ",
		Cond:  name + " MATCH ?" + p + " AND " + id + " = " + name + ".rowid",
		Order: name + ".rowid DESC",
		Args:  q.args(q.match),
	}
}

// Within is a condition on one row whose id is written id: it is looked up in
// the index by its id. Right for frequent words under any order that stops at
// a limit; some 3 µs a row on PostgreSQL, 40 on SQLite. A scalar subquery, so
// that no planner turns it around.
//
// On SQLite a row costs some 5 µs for each way to find the words, and half as
// much for each piece that the index is in, and FTS5 puts all words with a
// beginning together before it looks at the id. Where that is dear the hits are
// collected once, 1 µs each; the plus keeps the planner from going through them
// instead of the order asked for.
func (q *Query) Within(id string, start int) (cond string, args []record.Value) {
	name, p := ddl.Quote(q.index.table), strconv.Itoa(start)
	switch {
	case q.pg():
		return "(SELECT f.tsv @@ $" + p + "::tsquery FROM " + name + " AS f WHERE f.id = " + id + ")", q.args(q.words)
	case q.dear():
		return "+" + id + " IN (SELECT rowid FROM " + name + " WHERE " + name + " MATCH ?" + p + ")", q.args(q.match)
	}
	return "(SELECT 1 FROM " + name + " WHERE " + name + " MATCH ?" + p + " AND " + name + ".rowid = " + id + ")", q.args(q.words)
}

// fewWays is how many ways to find the words are tried on each row.
const fewWays = 20

// dear says that it costs much to try the words on one row of SQLite.
func (q *Query) dear() bool {
	ways := 0
	for _, n := range q.need {
		for _, a := range n.any {
			if a.prefix && a.begin == "" {
				return true
			}
			ways++
		}
	}
	return ways*(1+int(q.index.pieces.Load())/2) > fewWays // each way looks into each piece
}

// Resolve answers how to go on. complete: ids are all hits, newest first, at
// most RankLimit of them (before the caller's rights). Otherwise there are
// more, and the caller goes on with Newest or Within; ids then are the newest
// ones as far as they were found on the way, perhaps none: a page that is full
// after the caller's rights needs no other query.
func (q *Query) Resolve(ctx context.Context, db sqldb.Querier) (ids []int64, complete bool, err error) {
	if q.pg() {
		var a [1]Answer
		err := resolveTogether(ctx, db, []*Query{q}, a[:])
		return a[0].IDs, a[0].Complete, err
	}
	var mine []int64
	if q.narrowed {
		// A person's own few hits first: they cost as much as the words have
		// hits, and then nothing else is needed.
		mine, err = q.newestIDs(ctx, db, q.match, fewHits)
		if err != nil || len(mine) < fewHits {
			return mine, err == nil, err
		}
	}
	ids, err = q.newestIDs(ctx, db, q.words, RankLimit+1)
	switch {
	case err != nil:
		return nil, false, err
	case len(ids) <= RankLimit:
		return ids, true, nil
	case q.narrowed:
		return mine, false, nil
	}
	return ids, false, nil
}

// Answer is what Resolve gives.
type Answer struct {
	IDs      []int64
	Complete bool
}

// ResolveAll is Resolve of several questions of one dialect, on PostgreSQL in
// one round trip.
func ResolveAll(ctx context.Context, db sqldb.Querier, list []*Query) ([]Answer, error) {
	answers := make([]Answer, len(list))
	if db.Dialect() == sqldb.Postgres {
		return answers, resolveTogether(ctx, db, list, answers)
	}
	for i, q := range list {
		var err error
		if answers[i].IDs, answers[i].Complete, err = q.Resolve(ctx, db); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// Before gives the newest hits whose id is below before (0 = any), at most
// limit of them. ok is false when the words are so frequent that walking
// through the records with Within is cheaper.
func (q *Query) Before(ctx context.Context, db sqldb.Querier, before int64, limit int) (ids []int64, ok bool, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	if !q.pg() {
		ids, err = q.newestBelow(ctx, db, q.match, before, limit)
		return ids, err == nil, err
	}
	if walk, err := q.Walks(ctx, db); err != nil || walk {
		return nil, false, err
	}
	ids, err = q.ginIDs(ctx, db, before, limit)
	return ids, err == nil, err
}

// All gives every hit, newest first, when they are at most limit. What it
// costs when they are more is bounded too. It is not complete either when
// walking through the records with Within is cheaper.
func (q *Query) All(ctx context.Context, db sqldb.Querier, limit int) (ids []int64, complete bool, err error) {
	if !q.pg() {
		if dense, err := q.dense(ctx, db); err != nil || dense {
			return nil, false, err
		}
		ids, err = q.newestIDs(ctx, db, q.match, limit+1)
		return ids, err == nil && len(ids) <= limit, err
	}
	if walk, err := q.Walks(ctx, db); err != nil || walk {
		return nil, false, err
	}
	ids, err = q.ginIDs(ctx, db, math.MaxInt64, limit+1)
	return ids, err == nil && len(ids) <= limit, err
}

// dense says whether at least one in five of the newest documents is a hit, and
// trying the words on one costs little; SQLite only. A narrowed question has
// few hits.
func (q *Query) dense(ctx context.Context, db sqldb.Querier) (bool, error) {
	const some, rows = 200, 1000
	if q.narrowed || q.dear() {
		return false, nil
	}
	ids, err := q.newestIDs(ctx, db, q.match, some)
	if err != nil || len(ids) < some {
		return false, err
	}
	n, err := readInt(ctx, db, "SELECT count(*) FROM (SELECT 1 FROM "+ddl.Quote(q.index.table+"_docsize")+" WHERE id >= ?1 LIMIT ?2)",
		record.Int(ids[some-1]), record.Int(rows+1))
	return n <= rows, err
}

// Walks says whether one hit comes after the other at once, so that the first
// ones cost little however many there are: always on SQLite, and where the
// words are frequent on PostgreSQL.
func (q *Query) Walks(ctx context.Context, db sqldb.Querier) (bool, error) {
	if !q.pg() {
		return true, nil
	}
	s, err := q.index.freq.get(ctx, db, q.index.table)
	return err == nil && q.walks(s), err
}

// newestIDs reads up to limit hits backwards; SQLite only.
func (q *Query) newestIDs(ctx context.Context, db sqldb.Querier, match string, limit int) ([]int64, error) {
	return q.newestBelow(ctx, db, match, math.MaxInt64, limit)
}

func (q *Query) newestBelow(ctx context.Context, db sqldb.Querier, match string, before int64, limit int) ([]int64, error) {
	name := ddl.Quote(q.index.table)
	return readIDs(ctx, db, "SELECT rowid FROM "+name+" WHERE "+name+" MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3",
		record.RawText(match), record.Int(before), record.Int(int64(limit)))
}

// ginIDs asks GIN for the newest hits below an id. Materialized, or the planner
// takes the limit for a reason to walk through all documents backwards.
func (q *Query) ginIDs(ctx context.Context, db sqldb.Querier, before int64, limit int) ([]int64, error) {
	ask := q.ginQuestion(before, limit)
	err := db.QueryAll(ctx, ask)
	return firstColumn(ask.Out), err
}

// ginQuestion is what ginIDs asks. GIN knows no places: of a phrase it can only
// say perhaps, so it would try all ways to find it on every candidate, of which
// most are found by the first. It is asked for the words instead, "IS TRUE"
// keeps the phrase out of it, and the row decides: two thirds of the time.
func (q *Query) ginQuestion(before int64, limit int) sqldb.Question {
	phrase := ""
	args := []record.Value{record.RawText(q.match), record.Int(before), record.Int(int64(limit))}
	if q.loose != "" {
		args[0], phrase = record.RawText(q.loose), " AND (tsv @@ $4::tsquery) IS TRUE"
		args = append(args, record.RawText(q.match))
	}
	return sqldb.Question{
		SQL: "WITH hit AS MATERIALIZED (SELECT id FROM " + ddl.Quote(q.index.table) +
			" WHERE tsv @@ $1::tsquery" + phrase + ") SELECT id FROM hit WHERE id < $2 ORDER BY id DESC LIMIT $3",
		Args:  args,
		Kinds: []record.Kind{record.KindInt},
		Out:   new(sqldb.Rows),
	}
}

func readIDs(ctx context.Context, db sqldb.Querier, sql string, args ...record.Value) ([]int64, error) {
	var rows sqldb.Rows
	if err := db.Query(ctx, sql, args, []record.Kind{record.KindInt}, &rows); err != nil {
		return nil, err
	}
	return firstColumn(&rows), nil
}

func firstColumn(rows *sqldb.Rows) []int64 {
	ids := make([]int64, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i, 0).Int()
	}
	return ids
}

// Estimate counts the hits of the words alone, up to RankLimit. capped: there
// are more. On PostgreSQL a capped answer may come from statistics.
func (q *Query) Estimate(ctx context.Context, db sqldb.Querier) (n int, capped bool, err error) {
	wide := *q
	wide.match, wide.narrowed, wide.narrow = q.words, false, nil
	ids, complete, err := wide.Resolve(ctx, db)
	if err != nil {
		return 0, false, err
	}
	if !complete {
		return RankLimit, true, nil
	}
	return len(ids), false, nil
}

// Rank orders the ids of a complete answer in place: first records whose title
// begins with the words, then those with the words in their title, then the
// rest; newest first among equals.
func (q *Query) Rank(ctx context.Context, db sqldb.Querier, ids []int64) error {
	if len(ids) < 2 {
		return nil
	}
	tier, err := q.tiers(ctx, db, ids)
	if err != nil {
		return err
	}
	slices.SortStableFunc(ids, func(a, b int64) int {
		if ta, tb := tier[a], tier[b]; ta != tb {
			return tb - ta
		}
		if a > b {
			return -1
		}
		return 1
	})
	return nil
}

// tiers gives each id 2 (its title begins so), 1 (in its title) or 0.
func (q *Query) tiers(ctx context.Context, db sqldb.Querier, ids []int64) (map[int64]int, error) {
	tier := make(map[int64]int, len(ids))
	if q.title == "" {
		return tier, nil
	}
	if q.pg() {
		var rows sqldb.Rows
		err := db.Query(ctx, "SELECT id, CASE WHEN tsv @@ $3::tsquery THEN 2 ELSE 1 END FROM "+ddl.Quote(q.index.table)+
			" WHERE id = ANY($1) AND (tsv @@ $2::tsquery) IS TRUE",
			[]record.Value{record.Ints(ids), record.RawText(q.title), record.RawText(q.start)}, []record.Kind{record.KindInt, record.KindInt}, &rows)
		for i := range rows.Len() {
			tier[rows.At(i, 0).Int()] = int(rows.At(i, 1).Int())
		}
		return tier, err
	}
	for i, match := range []string{q.title, q.start} {
		if match == "" {
			continue
		}
		hits, err := q.newestIDs(ctx, db, match, RankLimit+1)
		if err != nil {
			return nil, err
		}
		for _, id := range hits {
			tier[id] = i + 1
		}
	}
	return tier, nil
}
