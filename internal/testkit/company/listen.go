package company

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 2 * time.Minute

// Listener reads a stream of server-sent events.
type Listener struct {
	t      testing.TB
	lines  *bufio.Scanner
	Status int
}

// Event is one server-sent event; a comment has only its text in Data.
type Event struct {
	Name, ID, Data string
}

// Listen opens the stream of events; it ends with the test.
func (k *Client) Listen() *Listener {
	k.c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	k.c.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.c.URL+"/api/v1/events", http.NoBody)
	if err != nil {
		k.c.t.Fatal(err)
	}
	for name, v := range k.Header {
		req.Header[name] = v
	}
	req.Header.Set("Authorization", "Bearer "+k.key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		k.c.t.Fatal(err)
	}
	k.c.t.Cleanup(func() { _ = res.Body.Close() })
	if got := res.Header.Get("Content-Type"); res.StatusCode == http.StatusOK && got != "text/event-stream" {
		k.c.t.Errorf("events come as %q", got)
	}
	return &Listener{t: k.c.t, lines: bufio.NewScanner(res.Body), Status: res.StatusCode}
}

// Next waits for the next event or comment; io.EOF when the server ended the stream.
func (l *Listener) Next() (Event, error) {
	var e Event
	for l.lines.Scan() {
		name, val, _ := strings.Cut(l.lines.Text(), ":")
		val = strings.TrimPrefix(val, " ")
		switch name {
		case "event":
			e.Name = val
		case "id":
			e.ID = val
		case "data":
			e.Data = val
		case "retry":
			l.lines.Scan() // its blank line
		case "":
			if l.lines.Text() != "" {
				e.Data = "comment"
				continue
			}
			return e, nil
		}
	}
	if err := l.lines.Err(); err != nil {
		return e, err
	}
	return e, io.EOF
}

// Want waits for an event of a name and gives its data.
func (l *Listener) Want(name string) Event {
	l.t.Helper()
	e, err := l.Next()
	if err != nil || e.Name != name {
		l.t.Fatalf("event %+v (%v), want %q", e, err, name)
	}
	return e
}

// WantEnd waits until the server ends the stream; events before that are skipped.
func (l *Listener) WantEnd() {
	l.t.Helper()
	for {
		if _, err := l.Next(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			l.t.Fatalf("the stream did not end: %v", err)
		}
	}
}
