package search

import (
	"context"
	"math"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// GIN collects all hits before it gives the first, and fetches the row of
// each, so a frequent word must not be asked of it: 公司 among a million
// records takes it most of a second. The planner sees parameters, limits and
// rights too late to know. So we keep the frequencies of a sample of documents
// and choose by them.

const (
	// frequencyAge is how long a sample is used; frequencies move slowly.
	frequencyAge = 10 * time.Minute
	// sampleDocs tells words of 1 in 250 documents, where the choice tips, from
	// those of 1 in 1,000.
	sampleDocs = 3000
	// sampleSpread is over how many times as many blocks as it needs the sample
	// is spread: what came in one import lies in the same blocks, and ten rows
	// of one block tell hardly more than one.
	sampleSpread = 8
	// smallIndex is asked without a choice: no question to it is dear.
	smallIndex = 4000
)

// frequencies keeps the sample of an index.
type frequencies struct {
	mu      sync.Mutex
	current *sample
	at      time.Time
	asked   bool // somebody is taking a new one
}

// sample is what some documents hold. It is not changed any more.
type sample struct {
	docs   float64 // in the index
	looked float64 // in the sample
	tokens []string
	// upTo[i] is how often the tokens before i were seen, so that a beginning
	// costs two searches.
	upTo []int
}

// get gives the sample at hand and takes a new one when it is old; others go
// on with the old one meanwhile.
func (f *frequencies) get(ctx context.Context, db sqldb.Querier, table string) (*sample, error) {
	now := time.Now()
	f.mu.Lock()
	if f.current != nil && (f.asked || now.Sub(f.at) < frequencyAge) {
		defer f.mu.Unlock()
		return f.current, nil
	}
	f.asked = true
	f.mu.Unlock()
	s, err := takeSample(ctx, db, table)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = false
	if err != nil {
		return nil, err
	}
	f.current, f.at = s, now
	return s, nil
}

func takeSample(ctx context.Context, db sqldb.Querier, table string) (*sample, error) {
	// reltuples is -1 before the first ANALYZE; some 800 bytes are one document.
	docs, err := readInt(ctx, db, "SELECT CASE WHEN reltuples > 0 THEN reltuples::bigint ELSE pg_relation_size(oid) / 800 END FROM pg_class WHERE oid = $1::text::regclass",
		record.RawText(ddl.Quote(table)))
	if err != nil || docs < smallIndex {
		return &sample{docs: float64(docs)}, err
	}
	var rows sqldb.Rows
	// Billionths, because a parameter is a whole number.
	const all = 1_000_000_000
	share := sampleDocs * 5 / 4 * all / docs
	blocks := min(all, sampleSpread*share)
	if err := db.Query(ctx, "SELECT array_to_string(tsvector_to_array(tsv), ' ') FROM "+ddl.Quote(table)+
		" TABLESAMPLE SYSTEM (($1::bigint / 1e7)::real) WHERE random() < $2::bigint / 1e9 LIMIT $3",
		[]record.Value{record.Int(blocks), record.Int(share * all / blocks), record.Int(sampleDocs * 2)}, []record.Kind{record.KindText}, &rows); err != nil {
		return nil, err
	}
	s := &sample{docs: float64(docs), looked: float64(rows.Len())}
	seen := map[string]int{}
	for i := range rows.Len() {
		for t := range strings.SplitSeq(rows.At(i, 0).Str(), " ") {
			seen[t]++
		}
	}
	for t := range seen {
		s.tokens = append(s.tokens, strings.Clone(t))
	}
	sort.Strings(s.tokens)
	s.upTo = make([]int, 1, len(s.tokens)+1)
	for i, t := range s.tokens {
		s.upTo = append(s.upTo, s.upTo[i]+seen[t])
	}
	return s, nil
}

// of is the share of documents that hold a token, or one that begins so; 0 for
// one that the sample does not know.
func (s *sample) of(token string, prefix bool) float64 {
	from := sort.SearchStrings(s.tokens, token)
	to := from
	switch {
	case prefix:
		to = from + sort.Search(len(s.tokens)-from, func(i int) bool { return !strings.HasPrefix(s.tokens[from+i], token) })
	case from < len(s.tokens) && s.tokens[from] == token:
		to = from + 1
	}
	if to == from {
		return 0
	}
	return min(float64(s.upTo[to]-s.upTo[from])/s.looked, 1)
}

// words is the expected share of documents that hold all terms.
func (s *sample) words(list []need) float64 {
	all := 1.0
	for _, n := range list {
		sum := 0.0
		for _, a := range n.any {
			least := 1.0
			for i, t := range a.tokens {
				least = min(least, s.of(t, a.prefix && i == len(a.tokens)-1))
			}
			sum += least
		}
		all *= min(sum, 1)
	}
	return all
}

// atLeast is a share as small as it may well be when the sample says share: a
// word seen ten times in it may have been met half as often with other luck.
func (s *sample) atLeast(share float64) float64 {
	seen := share * s.looked
	return max(0, seen-1.5*math.Sqrt(seen)) / s.looked
}

// narrow is the share of documents that hold one of the tokens.
func (s *sample) narrow(tokens []string) float64 {
	sum := 0.0
	for _, t := range tokens {
		sum += s.of(t, false)
	}
	return min(sum, 1)
}

// The costs in µs, measured; only their ratios count.
const (
	hitCost  = 1.2  // one hit of GIN: its row lies on a page of its own
	nextCost = 2.5  // a hit of GIN whose words must stand next to each other: the row is read
	itemCost = 0.15 // one entry of the shortest list
	rowCost  = 0.3  // the next row of the index's table
	ownCost  = 2.5  // one row found through the entity's own index
	wayCost  = 0.05 // one way to find a term, tried on a row

	// GIN costs the same wherever the hits lie. A walk costs many times what the
	// average says when they were all written on one day long ago: so GIN is
	// asked where it costs no more than ginEnough, or less than walkRisk walks.
	ginEnough = 10_000
	walkRisk  = 2
)

// resolveTogether chooses between asking GIN for everything and leaving the
// work to the entity's own order.
func resolveTogether(ctx context.Context, db sqldb.Querier, list []*Query, answers []Answer) error {
	var asked []int
	var ask []sqldb.Question
	for i, q := range list {
		s, err := q.index.freq.get(ctx, db, q.index.table)
		if err != nil {
			return err
		}
		if !q.streams(s) {
			asked, ask = append(asked, i), append(ask, q.ginQuestion(math.MaxInt64, RankLimit+1))
		}
	}
	if err := db.QueryAll(ctx, ask...); err != nil {
		return err
	}
	for k, i := range asked {
		answers[i].IDs = firstColumn(ask[k].Out)
		answers[i].Complete = len(answers[i].IDs) <= RankLimit
	}
	return nil
}

// shares are of all documents: words the expected share of those that hold the
// terms, hits the one to reckon GIN's cost by, mine that of those the asker may
// see. A walk for a word that is rarer than thought goes through all documents,
// so hits is as small as the sample allows for; his own are few enough to walk.
func (q *Query) shares(s *sample) (words, hits, mine float64) {
	words = s.words(q.need)
	if q.narrowed {
		return words, words, s.narrow(q.narrow)
	}
	return words, s.atLeast(words), 1
}

// walks says whether a page of a list is found sooner by trying the words on
// one record after the other, in any order, than by asking GIN for all hits
// and reading their records.
func (q *Query) walks(s *sample) bool {
	if s.looked == 0 {
		return false
	}
	share, hits, mine := q.shares(s)
	const page = 50
	rows := s.docs * mine
	return share > 0 && q.sooner(rows*hits*(hitCost+ownCost), min(page/share, rows)*ownCost, rows*ownCost)
}

// streams says whether the words are so frequent that walking through the
// records, newest first, finds a page sooner than GIN.
func (q *Query) streams(s *sample) bool {
	if s.looked == 0 {
		return false
	}
	share, hits, mine := q.shares(s)
	hit, row := hitCost, rowCost
	if q.narrowed {
		row = ownCost
	}
	for _, n := range q.need {
		row += wayCost * float64(len(n.any))
	}
	if share*s.docs <= RankLimit || share*mine*s.docs < 2*fewHits {
		return false // complete and ranked
	}
	if q.phrases() {
		hit += nextCost
	}
	gin := s.docs * (hits*mine*hit + min(hits, mine)*itemCost)
	return q.sooner(gin, min(fewHits/share, s.docs*mine)*row, s.docs*mine*row)
}

// sooner chooses a walk by what GIN costs, what the walk should cost and what
// it costs at worst.
func (q *Query) sooner(gin, walk, worst float64) bool {
	if q.narrowed { // a person's records are few, and they are his
		return gin > walk
	}
	return gin > min(worst, max(ginEnough, walkRisk*walk))
}

// phrases says whether words must stand next to each other.
func (q *Query) phrases() bool {
	for _, n := range q.need {
		for _, a := range n.any {
			if len(a.tokens) > 1 {
				return true
			}
		}
	}
	return false
}
