package search

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// GIN collects all hits before it gives the first, so a frequent word must not
// be asked of it: 公司 among a million records takes it hundreds of
// milliseconds. PostgreSQL knows the frequent words of the column from ANALYZE;
// we keep a copy and choose by it, because the planner sees parameters, limits
// and rights too late to choose well.

// frequencyAge is how long a copy is used; frequencies move slowly.
const frequencyAge = time.Minute

// frequencies is the share of documents that hold each frequent token.
type frequencies struct {
	mu    sync.Mutex
	at    time.Time
	docs  float64
	share map[string]float64
	least float64 // a token that is not in share is rarer than this
}

// get gives the current copy; the maps in it are not changed any more.
func (f *frequencies) get(ctx context.Context, db sqldb.Querier, table string) (*frequencies, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now() //nolint:forbidigo // ages a cache, decides nothing that is stored
	if f.share == nil || now.Sub(f.at) > frequencyAge {
		if err := f.load(ctx, db, table); err != nil {
			return nil, err
		}
		f.at = now
	}
	return &frequencies{docs: f.docs, share: f.share, least: f.least}, nil
}

const frequencySQL = `SELECT u.e, (u.f * 1e9)::bigint
FROM pg_stats AS s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs::float8[]) WITH ORDINALITY AS u(e, f, n)
WHERE s.schemaname = current_schema() AND s.tablename = $1 AND s.attname = 'tsv' AND u.e IS NOT NULL`

func (f *frequencies) load(ctx context.Context, db sqldb.Querier, table string) error {
	var rows sqldb.Rows
	if err := db.Query(ctx, "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = $1::text::regclass",
		[]record.Value{record.RawText(ddl.Quote(table))}, []record.Kind{record.KindInt}, &rows); err != nil {
		return err
	}
	f.docs = float64(rows.At(0, 0).Int())
	rows.Reset(2)
	if err := db.Query(ctx, frequencySQL, []record.Value{record.RawText(table)},
		[]record.Kind{record.KindText, record.KindInt}, &rows); err != nil {
		return err
	}
	f.share, f.least = make(map[string]float64, rows.Len()), 1
	for i := range rows.Len() {
		v := float64(rows.At(i, 1).Int()) / 1e9
		f.share[rows.At(i, 0).Str()] = v
		f.least = min(f.least, v)
	}
	if rows.Len() == 0 {
		f.least = 0
	}
	return nil
}

// of is the share of documents that hold a token, or one that begins so.
func (f *frequencies) of(token string, prefix bool) float64 {
	if !prefix {
		if v, ok := f.share[token]; ok {
			return v
		}
		return f.least / 2
	}
	sum := 0.0
	for t, v := range f.share {
		if strings.HasPrefix(t, token) {
			sum += v
		}
	}
	return min(max(sum, f.least/2), 1)
}

// words is the expected share of documents that hold all terms.
func (f *frequencies) words(list []need) float64 {
	all := 1.0
	for _, n := range list {
		any := 0.0
		for _, a := range n.any {
			any += f.alternative(a)
		}
		all *= min(any, 1)
	}
	return all
}

func (f *frequencies) alternative(a alternative) float64 {
	if a.begin != "" {
		return f.of(a.begin, false)
	}
	least := 1.0
	for i, t := range a.tokens {
		least = min(least, f.of(t, a.prefix && i == len(a.tokens)-1))
	}
	return least
}

// longest is the length of the shortest list that must be read in full.
func (f *frequencies) narrow(tokens []string) float64 {
	sum := 0.0
	for _, t := range tokens {
		sum += f.of(t, false)
	}
	return min(sum, 1)
}

// The costs in µs, measured on this house's hardware; only their ratios count.
const (
	hitCost  = 1.5 // one hit of GIN: its row is fetched and checked
	itemCost = 0.3 // one entry of the shortest list
	rowCost  = 3.0 // one row of the entity looked up in the index's table
)

// resolvePostgres chooses between asking GIN for everything and leaving the
// work to the entity's own order.
func (q *Query) resolvePostgres(ctx context.Context, db sqldb.Querier) ([]int64, bool, error) {
	f, err := q.index.freq.get(ctx, db, q.index.table)
	if err != nil {
		return nil, false, err
	}
	share, mine := f.words(q.need), 1.0
	if q.narrowed {
		mine = f.narrow(q.narrow)
	}
	hits := f.docs * share * mine
	if gin := hits*hitCost + f.docs*min(share, mine)*itemCost; hits > RankLimit {
		rows := min(fewHits/share, f.docs*mine)
		if gin > rows*rowCost || hits > 4*RankLimit {
			return nil, false, nil
		}
	}
	ids, err := readIDs(ctx, db, "SELECT id FROM "+ddl.Quote(q.index.table)+
		" WHERE tsv @@ $1::tsquery ORDER BY id DESC LIMIT $2", record.RawText(q.match), record.Int(RankLimit+1))
	if err != nil || len(ids) <= RankLimit {
		return ids, err == nil, err
	}
	return nil, false, nil
}
