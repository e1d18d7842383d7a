package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/db"
)

func run(t testing.TB, d sqldb.DB, sql ...string) {
	t.Helper()
	if err := d.Exclusive(t.Context(), func(q sqldb.Querier) error {
		for _, s := range sql {
			if _, err := q.Exec(t.Context(), s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, d sqldb.DB, fn func(tx sqldb.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// filled is an index over docs beside an entity table that has their ids and owners.
func filled(t testing.TB, d sqldb.DB, docs []Doc) *Index {
	t.Helper()
	x := New("customer")
	run(t, sqldb.Beside(d), x.DDL(d.Dialect())...)
	run(t, sqldb.Beside(d), x.DDL(d.Dialect())...) // making it again changes nothing
	run(t, d, "CREATE TABLE customer (id BIGINT PRIMARY KEY, owner_id BIGINT, dept_id BIGINT)",
		"CREATE INDEX customer_owner ON customer (owner_id, id)")
	at := 0
	if err := x.Build(t.Context(), d, func(context.Context) ([]Doc, error) {
		piece := docs[at:min(at+700, len(docs))]
		at += len(piece)
		return piece, nil
	}); err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx sqldb.Tx) error {
		var rows []record.Value
		for _, doc := range docs {
			rows = append(rows, record.Int(doc.ID), record.Int(doc.Owner), record.Int(doc.Dept))
		}
		return tx.(sqldb.Bulk).InsertMany(t.Context(), "customer", []string{"id", "owner_id", "dept_id"}, rows)
	})
	run(t, d, "ANALYZE")
	return x
}

// found asks in every form the package offers and gives the ids, newest first.
// It fails when two forms differ.
func found(t testing.TB, d sqldb.DB, x *Index, terms []text.QueryTerm, s Scope) []int64 {
	t.Helper()
	q, ok := x.Query(d.Dialect(), terms, s)
	if !ok {
		return nil
	}
	var all, newest, within, ids []int64
	var complete bool
	if err := d.Read(t.Context(), func(r sqldb.Querier) error {
		sql, args := q.IDs(1)
		var err error
		if all, err = readIDs(t.Context(), r, "SELECT id FROM ("+sql+") AS s ORDER BY id DESC", args...); err != nil {
			return err
		}
		n := q.Newest("c.id", 1)
		if newest, err = readIDs(t.Context(), r, "SELECT c.id FROM "+n.Join+"customer AS c WHERE "+n.Cond+rights(s)+" ORDER BY "+n.Order, n.Args...); err != nil {
			return err
		}
		cond, args := q.Within("c.id", 1)
		if within, err = readIDs(t.Context(), r, "SELECT c.id FROM (SELECT id FROM customer ORDER BY id DESC LIMIT 30) AS c WHERE "+cond+" ORDER BY c.id DESC", args...); err != nil {
			return err
		}
		ids, complete, err = q.Resolve(t.Context(), r)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(all, newest) || !q.narrowed && (len(within) > len(all) || !slices.Equal(all[:len(within)], within)) {
		t.Errorf("IDs %d, Newest %d, Within %d hits differ", len(all), len(newest), len(within))
	}
	if complete && q.narrowed { // a complete answer may hold what the caller's rights take out
		ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !slices.Contains(all, id) })
	}
	if complete && !slices.Equal(ids, all) {
		t.Errorf("Resolve gives %d complete hits, IDs %d", len(ids), len(all))
	}
	if !complete && (len(all) < fewHits || len(ids) > len(all) || !slices.Equal(ids, all[:len(ids)])) {
		t.Errorf("Resolve is not complete for %d hits, or its %d are not the newest", len(all), len(ids))
	}
	return all
}

func same(t testing.TB, what string, got []int64, want map[int64]bool) {
	t.Helper()
	for i := 1; i < len(got); i++ {
		if got[i-1] <= got[i] {
			t.Errorf("%s: not newest first", what)
		}
	}
	n := 0
	for _, id := range got {
		if want[id] {
			n++
		}
	}
	if n != len(want) || n != len(got) {
		t.Errorf("%s: %d hits of %d, and %d that are none", what, n, len(want), len(got)-n)
	}
}

// rights is the exact predicate that the caller adds.
func rights(s Scope) string {
	var list []string
	for _, o := range s.Owners {
		list = append(list, fmt.Sprintf("c.owner_id = %d", o))
	}
	for _, o := range s.Depts {
		list = append(list, fmt.Sprintf("c.dept_id = %d", o))
	}
	if len(list) == 0 {
		return ""
	}
	return " AND (" + strings.Join(list, " OR ") + ")"
}

var everything = Scope{Classes: []uint8{classPhone, classNote}}

func TestSearchEqualsScan(t *testing.T) {
	n := 2500
	if testing.Short() { // for the race detector, under which FTS5 is 30 times slower
		n = 500
	}
	docs := testDocs(n)
	phone := digitsOf(docs[17].Parts[1].Text)
	queries := []string{
		"银行", "招", "公司", "zsyh", "zhaoshangyinhang", "xhzh", "招商银行", "上海招商银行徐汇支行", "银行 上海",
		"gs", "g", "gong", "gongs", "gongsi", "yxgs", "yxzrgs", "zhao", "zhaosh", "shi", "le", "yue", "chang", "zhang", "zh",
		"徐汇zh", "home", "sma", "s", "it", "vip", "ht2024", "2024", "ht", phone, phone[7:], phone[3:], phone[:3], phone[:2], "1",
		"138 0013", "不存在的", "招行", "zsyhh", "行", "x", "六安", "luan", "liuan", "lu an", "dujiangyan", "重要 公司", "ˍ", "'", `"`, "a'b\"c* OR :)",
	}
	// Few hits of the plain forms would prove little.
	atLeast := map[string]int{"银行": 100, "招": 100, "公司": 100, "zsyh": 50, "zhaoshangyinhang": 50, "xhzh": 5, phone[7:]: 1}
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := filled(t, d, docs)
		for _, s := range queries {
			terms := text.QueryTerms(s)
			want := scan(docs, terms, everything)
			if len(want) < atLeast[s]*n/2500 {
				t.Errorf("%q: the scan finds %d", s, len(want))
			}
			same(t, s, found(t, d, x, terms, everything), want)
			narrow := everything
			narrow.Owners, narrow.Depts = []int64{3, 9}, []int64{2}
			same(t, s+" narrowed", found(t, d, x, terms, narrow), scan(docs, terms, narrow))
		}
	})
}

func TestSearchEqualsScanAtRandom(t *testing.T) {
	docs := testDocs(400)
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := filled(t, d, docs)
		rapid.Check(t, func(rt *rapid.T) {
			s := question(rt, docs)
			scope := Scope{}
			for _, c := range []uint8{classPhone, classNote} {
				switch rapid.IntRange(0, 2).Draw(rt, "right") {
				case 1:
					scope.Classes = append(scope.Classes, c)
				case 2:
					scope.Masked = append(scope.Masked, c)
				}
			}
			scope.Owners = rapid.SliceOfN(rapid.Int64Range(1, owners), 0, 3).Draw(rt, "owners")
			terms := text.QueryTerms(s)
			same(t, fmt.Sprintf("%q %+v", s, scope), found(t, d, x, terms, scope), scan(docs, terms, scope))
		})
	})
}

// question is pieces of texts that are there, and some that are not.
func question(rt *rapid.T, docs []Doc) string {
	var words []string
	for range rapid.IntRange(1, 3).Draw(rt, "words") {
		d := docs[rapid.IntRange(0, len(docs)-1).Draw(rt, "doc")]
		r := []rune(d.Parts[rapid.IntRange(0, 2).Draw(rt, "part")].Text)
		from := rapid.IntRange(0, len(r)-1).Draw(rt, "from")
		words = append(words, string(r[from:rapid.IntRange(from+1, len(r)).Draw(rt, "to")]))
	}
	if rapid.IntRange(0, 2).Draw(rt, "letters") == 0 {
		words = append(words, rapid.StringMatching(`(zh|s|y|h|x|g|q)[aeiou]?(ng?)?(sh?i?)?`).Draw(rt, "pinyin"))
	}
	return strings.Join(words, " ")
}

func TestPutReplacesAndRemoveForgets(t *testing.T) {
	docs := testDocs(300)
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := filled(t, d, docs)
		moved := docs[6]
		moved.Owner, moved.Dept = 99, 98
		moved.Parts = []Part{{Title: true, Text: "独一无二"}}
		write(t, sqldb.Beside(d), func(tx sqldb.Tx) error {
			if err := x.Put(t.Context(), tx, []Doc{docs[6], moved}); err != nil { // the last one counts
				return err
			}
			return x.Remove(t.Context(), tx, []int64{docs[9].ID, -5})
		})
		run(t, d, fmt.Sprintf("UPDATE customer SET owner_id = 99, dept_id = 98 WHERE id = %d", moved.ID))
		now := slices.Delete(slices.Clone(docs), 9, 10)
		now[6] = moved
		for _, s := range []string{"独一无二", "银行", "公司", "dywe"} {
			terms := text.QueryTerms(s)
			same(t, s, found(t, d, x, terms, everything), scan(now, terms, everything))
		}
		same(t, "new owner", found(t, d, x, text.QueryTerms("独"), Scope{Owners: []int64{99}}), map[int64]bool{moved.ID: true})
		if err := x.Maintain(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		same(t, "after care", found(t, d, x, text.QueryTerms("银行"), everything), scan(now, text.QueryTerms("银行"), everything))
	})
}

// A field that is hidden from somebody is not found by him, a masked one only
// by its last four digits or as a whole (DESIGN §5).
func TestClassesHideAndMask(t *testing.T) {
	doc := Doc{ID: 1, Parts: []Part{{Title: true, Text: "上海云腾"}, {Class: 1, Text: "+86 138-0013-8765"}, {Class: 200, Text: "绝密"}}}
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := filled(t, d, []Doc{doc})
		for _, c := range []struct {
			ask   string
			scope Scope
			hit   bool
		}{
			{"云腾", Scope{}, true},
			{"8765", Scope{}, false},
			{"13800138765", Scope{}, false},
			{"绝密", Scope{Classes: []uint8{1}}, false},
			{"绝密", Scope{Classes: []uint8{200}}, true},
			{"jm", Scope{Classes: []uint8{200}}, true},
			{"jue", Scope{Classes: []uint8{20}}, false},
			{"jm", Scope{Classes: []uint8{200}, Plain: []uint8{200}}, false},
			{"绝密", Scope{Classes: []uint8{200}, Plain: []uint8{200}}, true},
			{"8765", Scope{Classes: []uint8{1}, Plain: []uint8{1}}, true},
			{"云腾", Scope{Closed: true}, false},
			{"8765", Scope{Classes: []uint8{1}}, true},
			{"38765", Scope{Classes: []uint8{1}}, true},
			{"138", Scope{Classes: []uint8{1}}, true},
			{"8765", Scope{Masked: []uint8{1}}, true},
			{"38765", Scope{Masked: []uint8{1}}, false},
			{"138", Scope{Masked: []uint8{1}}, false},
			{"1380", Scope{Masked: []uint8{1}}, false},
			{"0013", Scope{Masked: []uint8{1}}, false},
			{"1380013876", Scope{Masked: []uint8{1}}, false},
			{"13800138765", Scope{Masked: []uint8{1}}, true},
			{"138-0013-8765", Scope{Masked: []uint8{1}}, true},
			{"8613800138765", Scope{Masked: []uint8{1}}, true},
			{"绝密", Scope{Masked: []uint8{200}}, false},
			{"绝", Scope{Masked: []uint8{200}}, false},
		} {
			if got := len(found(t, d, x, text.QueryTerms(c.ask), c.scope)) > 0; got != c.hit {
				t.Errorf("%s %+v: found %v", c.ask, c.scope, got)
			}
		}
	})
}

func TestRankPutsTitlesThatBeginSoFirst(t *testing.T) {
	docs := []Doc{
		{ID: 1, Parts: []Part{{Title: true, Text: "华为技术"}}},
		{ID: 2, Parts: []Part{{Title: true, Text: "深圳华为"}}},
		{ID: 3, Parts: []Part{{Title: true, Text: "云腾"}, {Text: "华为的供应商"}}},
		{ID: 4, Parts: []Part{{Title: true, Text: "上海华为"}}},
		{ID: 5, Parts: []Part{{Title: true, Text: "华"}}},
	}
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := filled(t, d, docs)
		for s, want := range map[string][]int64{"华为": {1, 4, 2, 3}, "hw": {4, 2, 1, 3}, "华": {5, 1, 4, 2, 3}, "华为 技术": {1}} {
			q, _ := x.Query(d.Dialect(), text.QueryTerms(s), Scope{})
			if err := d.Read(t.Context(), func(r sqldb.Querier) error {
				ids, complete, err := q.Resolve(t.Context(), r)
				if err != nil || !complete {
					return fmt.Errorf("complete %v: %w", complete, err)
				}
				if err := q.Rank(t.Context(), r, ids); err != nil {
					return err
				}
				if !slices.Equal(ids, want) {
					t.Errorf("%s: %v, want %v", s, ids, want)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestEstimateIsCapped(t *testing.T) {
	docs := testDocs(RankLimit*2 + 200)
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := filled(t, d, docs)
		for s, want := range map[string]bool{"公司": true, "徐汇": false, "不存在": false} {
			terms := text.QueryTerms(s)
			q, _ := x.Query(d.Dialect(), terms, Scope{Owners: []int64{1}})
			if err := d.Read(t.Context(), func(r sqldb.Querier) error {
				n, capped, err := q.Estimate(t.Context(), r)
				exact := len(scan(docs, terms, Scope{}))
				if capped != want || !capped && n != exact || capped && n != RankLimit {
					t.Errorf("%s: %d, capped %v, want %d", s, n, capped, exact)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestNothingToAsk(t *testing.T) {
	x := New("customer")
	for _, d := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		if _, ok := x.Query(d, text.QueryTerms(" ,。"), Scope{}); ok {
			t.Error("a question without words is asked")
		}
	}
}

func TestBuildStopsAtAnError(t *testing.T) {
	db.Each(t, func(t *testing.T, d sqldb.DB) {
		x := New("customer")
		run(t, sqldb.Beside(d), x.DDL(d.Dialect())...)
		n := 0
		err := x.Build(t.Context(), d, func(context.Context) ([]Doc, error) {
			if n++; n > 2 {
				return nil, context.DeadlineExceeded
			}
			return testDocs(5), nil
		})
		if err != context.DeadlineExceeded {
			t.Errorf("Build gives %v", err)
		}
	})
}

// More owners than NarrowLimit are not put to the index; the caller's rights
// decide alone.
func TestManyOwnersAreNotNarrowed(t *testing.T) {
	var s Scope
	for i := range NarrowLimit + 1 {
		s.Owners = append(s.Owners, int64(i+1000))
	}
	q, _ := New("customer").Query(sqldb.SQLite, text.QueryTerms("公司"), s)
	if q.narrowed || q.match != q.words {
		t.Errorf("narrowed to %s", q.match)
	}
}

// On PostgreSQL a frequent word is not asked of GIN, a rare one always.
func TestFrequentWordsAreStreamed(t *testing.T) {
	d := db.Postgres(t)
	x := filled(t, d, testDocs(6000))
	for ask, owner := range map[string][]int64{"公司": nil, "g": nil, "云腾": nil, "不存在": nil, "公": {3}} {
		q, _ := x.Query(d.Dialect(), text.QueryTerms(ask), Scope{Owners: owner})
		want := ask == "公司" || ask == "g" || ask == "公"
		if err := d.Read(t.Context(), func(r sqldb.Querier) error {
			s, err := x.freq.get(t.Context(), r, x.table)
			if err == nil && q.streams(s) != want {
				t.Errorf("%s: streamed %v, share %v", ask, !want, s.words(q.need))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// A word of one import lies in few blocks of the table. Samples know it all the
// same, and of about its frequency.
func TestWordsOfOneImportAreSampled(t *testing.T) {
	const docs, from, hits = 60_000, 30_000, 240
	d := db.Postgres(t)
	x := New("customer")
	run(t, d, x.DDL(d.Dialect())...)
	// Ten rows fill a block, as documents of customers do.
	run(t, d, fmt.Sprintf(`INSERT INTO customer_fts SELECT i,
		((CASE WHEN i BETWEEN %d AND %d THEN 'word' ELSE 'other' END) || ' ' || repeat('x', 350) || ' ' || repeat('y', 350))::tsvector
		FROM generate_series(1, %d) i`, from, from+hits-1, docs), "ANALYZE customer_fts")
	sum, samples := 0.0, 20
	for range samples {
		if err := d.Read(t.Context(), func(r sqldb.Querier) error {
			s, err := takeSample(t.Context(), r, x.table)
			if err != nil {
				return err
			}
			share := s.of("word", false)
			if share == 0 {
				t.Errorf("a sample of %.0f documents knows nothing of one in %d", s.looked, docs/hits)
			}
			sum += share
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if mean := sum / float64(samples) * docs; mean < hits/2 || mean > hits*2 {
		t.Errorf("%d documents hold the word, the samples say %.0f", hits, mean)
	}
}

func TestHighlight(t *testing.T) {
	for _, c := range []struct{ text, ask, want string }{
		{"上海招商银行徐汇支行", "银行", "上海招商[银行]徐汇支行"},
		{"上海招商银行徐汇支行", "行", "上海招商银[行]徐汇支[行]"},
		{"上海招商银行徐汇支行", "zsyh", "上海[招商银行]徐汇支行"},
		{"上海招商银行徐汇支行", "zhaoshangyin", "上海[招商银]行徐汇支行"},
		{"上海招商银行徐汇支行", "zhaoshangyinh", "上海[招商银行]徐汇支行"},
		{"上海招商银行徐汇支行", "xhzh 上海", "[上海]招商银行[徐汇支行]"},
		{"招商银行与招商银行", "zsyh", "[招商银行]与[招商银行]"},
		{"138-0013-8765", "8765", "138-0013-[8765]"},
		{"138-0013-8765", "138", "[138]-0013-8765"},
		{"138-0013-8765", "38765", "138-001[3-8765]"},
		{"13800138765", "8765", "1380013[8765]"},
		{"Acme IT咨询 GmbH", "gmb", "Acme IT咨询 [Gmb]H"},
		{"Acme IT咨询 GmbH", "it zx", "Acme [IT咨询] GmbH"},
		{"HT2024-07", "2024", "HT[2024]-07"},
		{"云腾", "银行", "云腾"},
		{"", "银行", ""},
	} {
		got := []rune(c.text)
		marks := Highlight(c.text, text.QueryTerms(c.ask))
		for _, m := range slices.Backward(marks) {
			got = slices.Insert(slices.Insert(got, m[1], ']'), m[0], '[')
		}
		if string(got) != c.want {
			t.Errorf("%s in %s: %s, want %s", c.ask, c.text, string(got), c.want)
		}
	}
}

func TestHighlightStaysInTheText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("上海行长乐Ab1 2-，é\u0301ｚ！"))).Draw(rt, "text")
		terms := text.QueryTerms(rapid.StringOf(rapid.RuneFrom([]rune("上行长chang12 le"))).Draw(rt, "ask"))
		last := -1
		for _, m := range Highlight(s, terms) {
			if m[0] <= last || m[1] <= m[0] || m[1] > len([]rune(s)) {
				rt.Fatalf("%q: %v", s, m)
			}
			last = m[1]
		}
		for i := range terms {
			if got := len(Highlight(s, terms[i:i+1])) > 0; got != text.Match(terms[i:i+1], s) && len(s) < 100 {
				rt.Fatalf("%q in %q: marked %v", terms[i].Text, s, got)
			}
		}
	})
}
