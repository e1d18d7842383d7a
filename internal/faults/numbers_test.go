package faults

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// Numbers of papers are given without a gap and none twice, also when the
// server is killed between two of them and when papers are refused on the way.
func TestNumbersAfterKill(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { numbersLoop(t, &installation{t: t, dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		numbersLoop(t, &installation{t: t, dir: t.TempDir(), database: pg.Private(t)})
	})
}

func numbersLoop(t *testing.T, in *installation) {
	p := in.serve()
	in.setUp(p.url)
	c := newClient(p.url, in.key)
	var customer struct{ ID string }
	c.want(t, http.StatusCreated, &customer, "POST", "/records/crm.customer", map[string]any{"name": "云腾"})
	c.close()
	clerks := make([]*clerk, writers)
	for i := range clerks {
		clerks[i] = &clerk{name: fmt.Sprintf("c%02d", i), customer: customer.ID, given: map[string]string{}}
	}
	happened, refused := 0, 0
	times := (rounds() + 1) / 2
	for range times {
		clerksWork(t, clerks, p.url, in.key, 20+rand.IntN(300), p.kill)
		p = in.serve()
		c := newClient(p.url, in.key)
		before := len(quotes(t, c))
		for _, k := range clerks {
			if arrived, err := k.send(c); err != nil || !arrived {
				t.Fatalf("%s: repeating: no answer or %v", k.name, err)
			}
		}
		there := quotes(t, c)
		c.close()
		happened += writers - (len(there) - before)
		gapless(t, there, clerks)
	}
	p.kill()
	for _, k := range clerks {
		refused += k.refused
	}
	t.Logf("%d rounds: %d quotes numbered without a gap; of %d unanswered %d had happened; %d refused between",
		times, given(clerks), times*writers, happened, refused)
	if refused == 0 {
		t.Error("none was refused: the test shows less than it says")
	}
}

// clerk writes quotes and notes their numbers.
type clerk struct {
	name     string
	customer string
	serial   int
	refused  int
	given    map[string]string // number of a quote by its id
	asked    bool              // a quote is on its way: its key is of serial
}

// send sends the clerk's quote, the same one again while no answer has come.
func (k *clerk) send(c *client) (arrived bool, err error) {
	if !k.asked {
		k.serial++
		k.asked = true
	}
	r, err := c.call("POST", "/records/sales.quote", map[string]any{"customer": k.customer, "items": []map[string]any{{"name": "吊机", "price": "1"}}},
		"Idempotency-Key", fmt.Sprintf("%s-%d", k.name, k.serial))
	if err != nil {
		return false, nil //nolint:nilerr // killed: nothing is known of the write
	}
	var made struct{ ID, Number string }
	if r.status != http.StatusCreated {
		return true, fmt.Errorf("status %d: %.300s", r.status, r.body)
	}
	if err := json.Unmarshal(r.body, &made); err != nil {
		return true, err
	}
	k.given[made.ID] = made.Number
	k.asked = false
	return true, nil
}

// spoil sends a quote that must be refused.
func (k *clerk) spoil(c *client) error {
	r, err := c.call("POST", "/records/sales.quote", map[string]any{"customer": k.customer, "items": []map[string]any{{"name": "吊机", "price": "1"}, {"price": "2"}}})
	if err != nil {
		return nil //nolint:nilerr // killed
	}
	if r.status != http.StatusUnprocessableEntity {
		return fmt.Errorf("a line without a name: status %d: %.300s", r.status, r.body)
	}
	k.refused++
	return nil
}

// clerksWork lets all write until the server is killed, which happens when so
// many quotes are acknowledged.
func clerksWork(t *testing.T, clerks []*clerk, url, key string, after int, kill func()) {
	t.Helper()
	var count atomic.Int64
	var wg sync.WaitGroup
	for i, k := range clerks {
		wg.Go(func() {
			c := newClient(url, key)
			defer c.close()
			for n := i; ; n++ {
				if n%5 == 0 {
					if err := k.spoil(c); err != nil {
						t.Errorf("%s: %v", k.name, err)
					}
				}
				arrived, err := k.send(c)
				if err != nil {
					t.Errorf("%s: %v", k.name, err)
					kill()
				}
				if err != nil || !arrived {
					return
				}
				if count.Add(1) == int64(after) {
					kill()
				}
			}
		})
	}
	wg.Wait()
}

// quotes gives the numbers of all quotes by their ids.
func quotes(t *testing.T, c *client) map[string]string {
	t.Helper()
	out := map[string]string{}
	for cursor := ""; ; {
		var page struct {
			Items []struct{ ID, Number string }
			Next  string
		}
		path := "/records/sales.quote?sort=id&limit=200&fields=number"
		if cursor != "" {
			path += "&cursor=" + cursor
		}
		c.want(t, http.StatusOK, &page, "GET", path, nil)
		for _, it := range page.Items {
			out[it.ID] = it.Number
		}
		if cursor = page.Next; cursor == "" {
			return out
		}
	}
}

func given(clerks []*clerk) (n int) {
	for _, k := range clerks {
		n += len(k.given)
	}
	return n
}

// gapless holds the numbers against those that were acknowledged: each month's
// begin with 1, none is missing, none is there twice.
func gapless(t *testing.T, there map[string]string, clerks []*clerk) {
	t.Helper()
	if n := given(clerks); n != len(there) {
		t.Errorf("%d quotes, %d were acknowledged", len(there), n)
	}
	for _, k := range clerks {
		for id, number := range k.given {
			if there[id] != number {
				t.Errorf("quote %s was acknowledged as %s and is %q", id, number, there[id])
			}
		}
	}
	months := map[string]map[int]bool{}
	const prefix = len("BJ202611")
	for id, number := range there {
		var n int
		if _, err := fmt.Sscanf(number[prefix:], "%d", &n); err != nil {
			t.Fatalf("quote %s has the number %q", id, number)
		}
		month := months[number[:prefix]]
		if month == nil {
			month = map[int]bool{}
			months[number[:prefix]] = month
		}
		if month[n] {
			t.Errorf("%s is given twice", number)
		}
		month[n] = true
	}
	for month, numbers := range months {
		for n := range len(numbers) {
			if !numbers[n+1] {
				t.Errorf("%s: number %d of %d is missing", month, n+1, len(numbers))
			}
		}
	}
}
