package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A request has a time limit; a stream has none, or it would be cut each minute.
func TestOnlyStreamsHaveNoTimeLimit(t *testing.T) {
	s := &Server{Options: Options{Log: slog.New(slog.DiscardHandler)}}
	limited := func(rt route) (yes bool) {
		rt.fn = func(q *request) error {
			var at time.Time
			at, yes = q.ctx.Deadline()
			if yes && time.Until(at) > requestTimeout {
				t.Errorf("the limit is %v away", time.Until(at))
			}
			return q.empty()
		}
		s.handle(rt)(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/api/v1/x", http.NoBody))
		return yes
	}
	plain := line("GET", "/x", Public, nil)
	if !limited(plain) || limited(plain.streaming()) {
		t.Error("time limits are the wrong way round")
	}
	for _, rt := range s.table() {
		if may := rt.Path == "/events" || rt.Path == "/export/{entity}" || rt.Path == "/backups/{name}"; rt.stream && !may || rt.Path == "/events" && !rt.stream {
			t.Errorf("%s %s: stream %v", rt.Method, rt.Path, rt.stream)
		}
	}
}
