package faults

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
)

// writer creates and changes customers of its own as fast as it can and notes
// each write when its answer has arrived.
type writer struct {
	name   string
	random *rand.Rand
	rows   []customer // what was acknowledged
	asked  *request   // on its way: nobody knows whether it happened
	serial int

	acknowledged int
}

// request is a write that was sent.
type request struct {
	row   int // which row it changes, -1 = it creates one
	after customer
	key   string // of the repetition of a create
}

// next thinks of a write.
func (w *writer) next() *request {
	w.serial++
	text := fmt.Sprintf("%s-%d", w.name, w.serial)
	if len(w.rows) == 0 || w.random.IntN(3) == 0 {
		return &request{row: -1, after: customer{Version: 1, Name: "客户" + text, Address: "新 " + text}, key: text}
	}
	row := w.random.IntN(len(w.rows))
	after := w.rows[row]
	after.Version++
	after.Address = "改 " + text
	return &request{row: row, after: after}
}

// send sends the write on its way. arrived is false when no answer came; err
// tells of an answer that must not come.
func (w *writer) send(c *client) (arrived bool, err error) {
	q := w.asked
	var r reply
	if q.row < 0 {
		r, err = c.call("POST", "/records/crm.customer", map[string]any{"name": q.after.Name, "address": q.after.Address}, "Idempotency-Key", q.key)
	} else {
		r, err = c.call("PATCH", "/records/crm.customer/"+q.after.ID, map[string]any{"address": q.after.Address}, "If-Match", etag(q.after.Version-1))
	}
	switch {
	case err != nil, r.status >= http.StatusInternalServerError:
		return false, nil //nolint:nilerr // killed, or its database was: nothing is known of the write
	case q.row < 0 && r.status == http.StatusCreated, q.row >= 0 && r.status == http.StatusOK:
	case q.row >= 0 && r.status == http.StatusPreconditionFailed:
		// The repetition of a change that had happened: the row is as asked for.
		var was struct {
			Current json.RawMessage `json:"current"`
		}
		if err := json.Unmarshal(r.body, &was); err != nil {
			return true, err
		}
		r.body = was.Current
	default:
		return true, fmt.Errorf("status %d: %.300s", r.status, r.body)
	}
	var now customer
	if err := json.Unmarshal(r.body, &now); err != nil {
		return true, err
	}
	if q.row < 0 {
		q.after.ID = now.ID
		w.rows = append(w.rows, now)
	} else {
		w.rows[q.row] = now
	}
	if now != q.after {
		return true, fmt.Errorf("wrote %+v, answer %+v", q.after, now)
	}
	w.asked = nil
	return true, nil
}

// write goes on until no answer comes. each is called with every
// acknowledgement.
func (w *writer) write(c *client, each func()) error {
	for {
		w.asked = w.next()
		arrived, err := w.send(c)
		if err != nil || !arrived {
			return err
		}
		w.acknowledged++
		each()
	}
}

// settle repeats the write of which no answer came, so that it happens once
// whether it had happened or not.
func (w *writer) settle(t *testing.T, c *client) {
	t.Helper()
	if w.asked == nil {
		t.Fatalf("%s stopped without a write on its way", w.name)
	}
	arrived, err := w.send(c)
	if err != nil || !arrived {
		t.Fatalf("%s: repeating %+v: no answer or %v", w.name, w.asked.after, err)
	}
}
