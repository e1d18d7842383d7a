package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

// GUANXI_BENCH=1M go test -run '^$' -bench Search -benchtime 1x -timeout 60m ./internal/data/search
// prints build speed, size and latencies; without the variable it takes 20,000 records.

func benchDocs() int {
	if os.Getenv("GUANXI_BENCH") == "1M" {
		return 1_000_000
	}
	return 20_000
}

// benchDoc is record i of the bench: 200 owners, 0.5 % of the records each;
// one in 200 is a bank.
func benchDoc(i int) Doc {
	r := rand.New(rand.NewPCG(uint64(i), 11))
	var name string
	if i%200 == 0 {
		name = pick(r, regions) + pick(r, banks) + pick(r, branches) + pick(r, kinds)
	} else {
		name = pick(r, regions) + string([]rune{pick(r, brands), pick(r, brands)}) + pick(r, trades) + pick(r, forms)
	}
	owner := int64(1 + r.IntN(200))
	return Doc{ID: int64(i/16)<<21 | int64(i%16) + 1, Owner: owner, Dept: 1 + owner%20,
		Parts: []Part{{Title: true, Text: name}, {Class: classPhone, Text: fmt.Sprintf("1%02d%08d", 30+r.IntN(60), r.IntN(100000000))}}}
}

func BenchmarkSearch(b *testing.B) {
	for _, open := range []func(testing.TB) sqldb.DB{db.SQLite, db.Postgres} {
		d := open(b)
		b.Run(string(d.Dialect()), func(b *testing.B) { benchSearch(b, d) })
	}
}

func benchSearch(b *testing.B, d sqldb.DB) {
	x := New("customer")
	run(b, sqldb.Beside(d), x.DDL(d.Dialect())...)
	run(b, d, "CREATE TABLE customer (id BIGINT PRIMARY KEY, owner_id BIGINT, dept_id BIGINT, name TEXT)")
	if d.Dialect() == sqldb.SQLite {
		run(b, d, "DROP TABLE customer", "CREATE TABLE customer (id INTEGER PRIMARY KEY, owner_id INTEGER, dept_id INTEGER, name TEXT)")
	}
	n := benchDocs()
	for at := 0; at < n; at += 5000 {
		write(b, d, func(tx sqldb.Tx) error {
			var rows []record.Value
			for i := at; i < min(at+5000, n); i++ {
				doc := benchDoc(i)
				rows = append(rows, record.Int(doc.ID), record.Int(doc.Owner), record.Int(doc.Dept), record.Text(doc.Parts[0].Text))
			}
			return tx.(sqldb.Bulk).InsertMany(b.Context(), "customer", []string{"id", "owner_id", "dept_id", "name"}, rows)
		})
	}
	run(b, d, "CREATE INDEX customer_owner ON customer (owner_id, id)", "ANALYZE customer")
	at := 0
	start := time.Now()
	if err := x.Build(b.Context(), d, func(context.Context) ([]Doc, error) {
		var docs []Doc
		for ; at < n && len(docs) < 1000; at++ {
			docs = append(docs, benchDoc(at))
		}
		return docs, nil
	}); err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "%s: %d documents, built at %.0f a second, %d bytes each\n", d.Dialect(), n, float64(n)/time.Since(start).Seconds(), benchSize(b, d, x)/int64(n))
	benchPut(b, d, x, n)
	for _, ask := range []string{"银行", "招", "公司", "zsyh", "zhaoshangyinhang", "xhzh", "云腾", "上海 商贸", "医药", "科", "gs", "g", "gong", "gongsi", "yxgs", "zhang", "3456", "139", "招商银行徐汇"} {
		for _, owner := range []int64{0, 7} {
			benchAsk(b, d, x, ask, owner)
		}
	}
	for b.Loop() {
	}
}

// benchPut measures what the indexer does behind running writes.
func benchPut(b *testing.B, d sqldb.DB, x *Index, n int) {
	var docs []Doc
	for i := range 4000 {
		docs = append(docs, benchDoc(i*(n/4000)))
	}
	start := time.Now()
	for piece := range slices.Chunk(docs, batchDocs) {
		write(b, sqldb.Beside(d), func(tx sqldb.Tx) error { return x.Put(b.Context(), tx, piece) })
	}
	fmt.Fprintf(os.Stderr, "%s: replaced at %.0f a second in batches of %d\n", d.Dialect(), float64(len(docs))/time.Since(start).Seconds(), batchDocs)
}

func benchSize(b *testing.B, d sqldb.DB, x *Index) (n int64) {
	sql := "SELECT pg_total_relation_size('customer_fts'::regclass)"
	if d.Dialect() == sqldb.SQLite {
		sql = "SELECT (SELECT sum(length(block)) FROM customer_fts_data) + (SELECT sum(length(sz) + 12) FROM customer_fts_docsize)"
	}
	if err := d.Read(b.Context(), func(q sqldb.Querier) error {
		var err error
		n, err = readInt(b.Context(), q, sql)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return n
}

// benchAsk asks for a page of 20 as the search box does, rights included.
func benchAsk(b *testing.B, d sqldb.DB, x *Index, ask string, owner int64) {
	var took []time.Duration
	hits, how := 0, ""
	for range 41 {
		start := time.Now()
		if err := d.Read(b.Context(), func(q sqldb.Querier) error {
			ids, h, err := benchPage(b, q, x, ask, owner)
			hits, how = len(ids), h
			return err
		}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	fmt.Fprintf(os.Stderr, "%-9s %-18s owner %d: p50 %8.3f ms  p95 %8.3f ms  %3d hits, %s\n", d.Dialect(), ask, owner,
		float64(took[len(took)/2].Microseconds())/1000, float64(took[len(took)*19/20].Microseconds())/1000, hits, how)
}

// benchScope is what the bench may search.
var benchScope = Scope{Classes: []uint8{classPhone}}

func benchPage(b *testing.B, r sqldb.Querier, x *Index, ask string, owner int64) ([]int64, string, error) {
	scope := benchScope
	rights, mark := "", "?"
	if r.Dialect() == sqldb.Postgres {
		mark = "$"
	}
	if owner > 0 {
		scope.Owners = []int64{owner}
		rights = " AND c.owner_id = " + fmt.Sprint(owner)
	}
	q, ok := x.Query(r.Dialect(), text.QueryTerms(ask), scope)
	if !ok {
		return nil, "nothing", nil
	}
	ids, complete, err := q.Resolve(b.Context(), r)
	if err != nil {
		return nil, "", err
	}
	how := fmt.Sprintf("ranked of %d", len(ids))
	if complete {
		err = q.Rank(b.Context(), r, ids)
	} else {
		how = fmt.Sprintf("newest of %d", len(ids))
	}
	if err != nil {
		return nil, "", err
	}
	sql := "SELECT c.id, c.name FROM json_each(?1) AS j CROSS JOIN customer AS c WHERE c.id = j.value" + rights + " ORDER BY j.key LIMIT 20"
	if mark == "$" {
		sql = "SELECT c.id, c.name FROM unnest($1::bigint[]) WITH ORDINALITY AS j(id, n) JOIN customer AS c ON c.id = j.id" + rights + " ORDER BY j.n LIMIT 20"
	}
	page, err := readNamed(b.Context(), r, sql, record.Ints(ids))
	if err != nil || complete || len(page) == 20 {
		return page, how, err
	}
	n := q.Newest("c.id", 1)
	page, err = readNamed(b.Context(), r, "SELECT c.id, c.name FROM "+n.Join+"customer AS c WHERE "+n.Cond+rights+" ORDER BY "+n.Order+" LIMIT 20", n.Args...)
	return page, "newest", err
}

func readNamed(ctx context.Context, q sqldb.Querier, sql string, args ...record.Value) ([]int64, error) {
	var rows sqldb.Rows
	if err := q.Query(ctx, sql, args, []record.Kind{record.KindInt, record.KindText}, &rows); err != nil {
		return nil, err
	}
	ids := make([]int64, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i, 0).Int()
	}
	return ids, nil
}
