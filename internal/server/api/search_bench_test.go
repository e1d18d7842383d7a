package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/search"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// Who owns what in the company of the search bench: each salesperson 0.5 %.
const (
	benchOwners = 200
	benchSeller = 7
)

// benchCustomer is one customer of the search bench.
type benchCustomer struct{ name, phone string }

// BenchmarkSearch asks the search box and lists with words through the whole
// stack but the network, at one client, as administrator and as a salesperson
// who owns 0.5 %, and holds every count to a scan:
//
//	GUANXI_BENCH_ROWS=1000000 go test -run '^$' -bench 'BenchmarkSearch/sqlite' -benchtime 1x -timeout 60m ./internal/server/api
//
// Without the variable it takes 20,000 customers; 5,000 branches of banks (a
// twentieth of the customers, if that is less) come on top.
func BenchmarkSearch(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchSearch(b, company.Options{}) })
	b.Run("postgres", func(b *testing.B) { benchSearch(b, company.Options{Database: pg.URL(b)}) })
}

func benchSearch(b *testing.B, o company.Options) {
	c := company.Open(b, o)
	role := c.Role("seller", sales())
	var owners []int64
	for i := range benchOwners {
		owners = append(owners, c.Member(company.Person{Login: fmt.Sprintf("s%03d", i), Roles: []int64{role}}))
	}
	start := time.Now()
	all := loadBench(b, c, owners)
	fmt.Fprintf(os.Stderr, "%s: %d customers loaded and indexed in %.0f s; %s\n", b.Name(), len(all), time.Since(start).Seconds(), load())
	tail := all[benchSeller].phone[7:]
	asks := []string{"银行", "招", "公司", "zsyh", "zhaoshangyinhang", "xhzh", tail, "云腾", "yxgs", "gongs", "饕餮"}
	for _, login := range []string{"admin", fmt.Sprintf("s%03d", benchSeller)} {
		k := benchCaller{b: b, handler: c.App.Handler(false), key: c.As(login).Key()}
		for _, ask := range asks {
			want := scanBench(all, ask, login != "admin")
			k.ask(login, ask, "search box       ", "/search?limit=20&q=", want)
			k.ask(login, ask, "list             ", "/records/crm.customer?q=", want)
			k.ask(login, ask, "list, other order", "/records/crm.customer?sort=-source_created_at&q=", want)
			k.ask(login, ask, "list and count   ", "/records/crm.customer?count=true&q=", want)
		}
	}
	fmt.Fprintf(os.Stderr, "%s: %s\n", b.Name(), load())
	for b.Loop() { // the work is timed above
	}
}

// loadBench writes rows and index past the write path, which takes an hour for
// a million: nothing that is read here depends on it.
func loadBench(b *testing.B, c *company.Company, owners []int64) []benchCustomer {
	ent := c.App.Registry.State().Entity("crm.customer")
	all := benchCustomers(benchRows())
	const piece = 2000
	var ids []int64
	for from := 0; from < len(all); from += piece {
		var recs []*record.Record
		for i, n := range c.App.IDs.NextN(min(piece, len(all)-from)) {
			at := from + i
			r := record.New(ent.Shape)
			ids = append(ids, int64(n))
			r.SetAt(record.SlotID, record.Int(int64(n)))
			r.Set("version", record.Int(1))
			r.Set("created_at", record.Int(c.App.Clock.Now().UnixMicro()))
			r.Set("updated_at", record.Int(c.App.Clock.Now().UnixMicro()))
			r.Set("owner", record.Int(owners[at%benchOwners]))
			r.Set("name", record.Text(all[at].name))
			r.Set("phone", record.Text(all[at].phone))
			r.Set("kind", record.Text("company"))
			r.Set("status", record.Text([]string{"lead", "contacted", "negotiating", "won", "lost"}[at%5]))
			r.Set("source_created_at", record.Int(int64(uint64(at)*0x9E3779B97F4A7C15>>14)))
			r.Set("contact_count", record.Int(0))
			recs = append(recs, r)
		}
		if err := c.App.DB.Write(b.Context(), func(tx sqldb.Tx) error { return store.Insert(b.Context(), tx, ent, recs...) }); err != nil {
			b.Fatal(err)
		}
	}
	source, _ := c.App.Engine.SearchSource("crm.customer")
	err := source.Index.Build(b.Context(), c.App.DB, func(ctx context.Context) (docs []search.Doc, err error) {
		some := ids[:min(1000, len(ids))]
		ids = ids[len(some):]
		err = c.App.DB.Read(ctx, func(q sqldb.Querier) error { docs, err = source.Load(ctx, q, some); return err })
		return docs, err
	})
	if err == nil {
		err = c.App.DB.Exclusive(b.Context(), func(q sqldb.Querier) error {
			_, err := q.Exec(b.Context(), "ANALYZE")
			return err
		})
	}
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// benchCustomers are n companies (a multiple of the owners) and, evenly between
// them, branches of banks, of which each owner has the same ones.
func benchCustomers(n int) []benchCustomer {
	regions := []string{"北京", "天津", "上海", "江苏", "浙江", "广东", "四川", "重庆", "西安", "内蒙古"}
	banks := []string{"招商银行", "工商银行", "招远"}
	branches := []string{"徐汇", "朝阳", "福田", "长安", "银川路", "乐山", "都江堰", "六安"}
	kinds := []string{"支行", "分行"}
	brands := []rune("云腾海天华信中科金东方正大恒瑞泰安盛达宏远博雅新锐明德长江黄河龙凤飞跃星辰光耀联创智慧鼎立")
	trades := []string{"网络科技", "机械设备", "商贸", "物流", "Smart Home", "医药", "IT咨询"}
	forms := []string{"有限公司", "有限责任公司", "股份有限公司", "集团有限公司"}
	r := rand.New(rand.NewPCG(5, 5))
	phone := func() string { return fmt.Sprintf("1%02d%08d", 30+r.IntN(60), r.IntN(100_000_000)) }
	branchRounds := min(5000, n/20) / benchOwners
	rounds := n/benchOwners + branchRounds
	gap := rounds / branchRounds
	out := make([]benchCustomer, 0, rounds*benchOwners)
	for round := range rounds {
		at, bank := round/gap, round%gap == 0 && round/gap < branchRounds
		for range benchOwners {
			name := pick(r, regions)
			if bank {
				name += banks[at%3] + branches[at%8] + kinds[at/8%2]
			} else {
				name += string([]rune{pick(r, brands), pick(r, brands)}) + pick(r, trades) + pick(r, forms)
			}
			out = append(out, benchCustomer{name, phone()})
		}
	}
	return out
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// scanBench counts by definition.
func scanBench(all []benchCustomer, ask string, own bool) (n int) {
	terms := text.QueryTerms(ask)
	step, from := 1, 0
	if own {
		step, from = benchOwners, benchSeller
	}
	for i := from; i < len(all); i += step {
		if text.Match(terms, all[i].name) || text.Match(terms, all[i].phone) {
			n++
		}
	}
	return n
}

// benchCaller asks as one member.
type benchCaller struct {
	b       *testing.B
	handler http.Handler
	key     string
}

func (k benchCaller) get(path string) string {
	r := httptest.NewRequest("GET", "/api/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+k.key)
	w := httptest.NewRecorder()
	k.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		k.b.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// ask measures a question and holds its answer to the number that a scan found.
func (k benchCaller) ask(login, ask, what, path string, want int) {
	path += url.QueryEscape(ask)
	body := k.get(path)
	k.check(ask, path, body, want)
	var took []time.Duration
	for begin := time.Now(); len(took) < 41 && (len(took) < 5 || time.Since(begin) < 3*time.Second); {
		start := time.Now()
		k.get(path)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Fprintf(os.Stderr, "%-9s %-5s %-17s %s p50 %9.2f ms  p95 %9.2f ms  of %d\n", strings.TrimPrefix(k.b.Name(), "BenchmarkSearch/"), login, ask, what,
		ms(took[len(took)/2]), ms(took[len(took)*19/20]), want)
}

// check compares an answer with the number of hits that a scan found.
func (k benchCaller) check(ask, path, body string, want int) {
	var reply struct {
		Items []struct {
			Entity string `json:"entity"`
		} `json:"items"`
		HasMore bool `json:"has_more"`
		Count   *struct {
			Value int  `json:"value"`
			Exact bool `json:"exact"`
		} `json:"count"`
	}
	if err := json.Unmarshal([]byte(body), &reply); err != nil {
		k.b.Fatal(err)
	}
	limit := records.DefaultLimit
	if strings.HasPrefix(path, "/search") {
		limit = 20
	}
	n := len(reply.Items)
	if n != min(limit, want) || reply.HasMore != (want > limit) {
		k.b.Errorf("%s by %s: %d hits, more %v; the scan finds %d", ask, path, n, reply.HasMore, want)
	}
	if c := reply.Count; c != nil && (c.Value != min(want, records.CountCap) || c.Exact != (want <= records.CountCap)) {
		k.b.Errorf("%s by %s: counts %+v, the scan finds %d", ask, path, *c, want)
	}
}

// load is how busy the machine is, which says how far figures can be trusted.
func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "load unknown"
	}
	return "load " + strings.TrimSpace(string(raw))
}
