package api

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
)

const eventText = `Server-sent events: "record" {"entity","id","version","kind"} for each change of a record that the caller may read; ` +
	`kind "lost" for a change after which he may not read it any more; ` +
	`"meta" {"version"} first and whenever the metadata changed, "reset" {} when events were missed and what is shown should be read anew. ` +
	`It ends when the session or key ends; reconnecting with Last-Event-ID begins with reset. At most 6 streams a member.`

const (
	maxStreams = 6    // of one member
	maxQueued  = 1000 // events that wait for one client; more and he reads anew
	// settle is the least time between two deliveries: what was written in it
	// goes out together, after one look at the rights.
	settle    = 200 * time.Millisecond
	watchEach = time.Second // how soon the end of a session or new metadata is noticed
	heartbeat = 25 * time.Second
	slowest   = 10 * time.Second // a client that takes longer to take a piece is gone
)

// streams are the open event streams of this process.
type streams struct {
	mu    sync.Mutex
	open  map[int64]int // by member
	ended chan struct{}
	once  sync.Once
}

// EndStreams ends every event stream: before the server waits for its requests.
func (s *Server) EndStreams() { s.streams.once.Do(func() { close(s.streams.ended) }) }

func (s *streams) enter(member int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[member] >= maxStreams {
		return false
	}
	s.open[member]++
	return true
}

func (s *streams) leave(member int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[member]--; s.open[member] == 0 {
		delete(s.open, member)
	}
}

// mailbox takes what was committed on the goroutine that wrote it, and never
// makes it wait. No events means that some were missed.
type mailbox struct {
	mu     sync.Mutex
	events []outbox.Event
	missed bool
	woken  chan struct{}
}

func (m *mailbox) put(events []outbox.Event) {
	m.mu.Lock()
	if m.missed || len(events) == 0 || len(m.events)+len(events) > maxQueued {
		m.missed, m.events = true, nil
	} else {
		m.events = append(m.events, events...)
	}
	m.mu.Unlock()
	select {
	case m.woken <- struct{}{}:
	default:
	}
}

func (m *mailbox) take() (events []outbox.Event, missed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	events, missed = m.events, m.missed
	m.events, m.missed = nil, false
	return events, missed
}

// stream is one client that listens.
type stream struct {
	*request
	box   *mailbox
	token string
	state *entity.State // what the last "meta" was about
	dir   int64
	meta  string
}

// events answers the stream of what happens.
func (s *Server) events(q *request) error {
	member := q.actor.ID()
	if !s.streams.enter(member) {
		return errs.New(errs.RateLimited, "error.streams_many", "most", itoa(maxStreams))
	}
	defer s.streams.leave(member)
	token, _ := q.token()
	st := &stream{request: q, token: token, box: &mailbox{woken: make(chan struct{}, 1)}}
	defer s.Engine.Outbox.Subscribe(st.box.put)()
	h := q.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy must not collect it
	q.w.WriteHeader(http.StatusOK)
	q.buf = append(q.buf, "retry: 3000\n\n"...)
	if q.r.Header.Get("Last-Event-ID") != "" {
		q.buf = append(q.buf, reset...)
	}
	if err := st.watch(); err != nil {
		s.Log.Warn("event stream", "request", q.id(), "error", err)
		return nil
	}
	st.run()
	return nil
}

const reset = "event: reset\ndata: {}\n\n"

// run sends until the client, the session or the server is gone.
func (st *stream) run() {
	clock := st.s.Clock
	woken, pause := st.box.woken, (<-chan time.Time)(nil)
	watch, beat := clock.After(watchEach), clock.After(heartbeat)
	for st.send() == nil {
		var err error
		select {
		case <-st.ctx.Done():
			return
		case <-st.s.streams.ended:
			return
		case <-woken:
			woken, pause = nil, clock.After(settle)
			err = st.deliver()
		case <-pause:
			woken, pause = st.box.woken, nil
		case <-watch:
			watch = clock.After(watchEach)
			err = st.watch()
		case <-beat:
			beat = clock.After(heartbeat)
			st.buf = append(st.buf, ":\n\n"...)
		}
		if err != nil {
			if !errs.Is(err, errs.Unauthorized) && st.ctx.Err() == nil {
				st.s.Log.Warn("event stream", "request", st.id(), "error", err)
			}
			return
		}
	}
}

// send writes what is in the buffer.
func (st *stream) send() error {
	if len(st.buf) == 0 {
		return nil
	}
	out := http.NewResponseController(st.w)
	if err := out.SetWriteDeadline(time.Now().Add(slowest)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := st.w.Write(st.buf); err != nil {
		return err
	}
	st.buf = st.buf[:0]
	return out.Flush()
}

// renew looks at the credential and the rights of the moment; Unauthorized when they are gone.
func (st *stream) renew() error {
	who, err := st.s.Sessions.Check(st.ctx, st.token)
	if err != nil {
		return err
	}
	actor, ok := st.s.Rights.Actor(int64(who.Member))
	if !ok {
		return errs.New(errs.Unauthorized, "error.unauthorized")
	}
	st.who, st.actor = who, actor
	st.dress()
	return nil
}

// watch notices the end of the credential and new metadata.
func (st *stream) watch() error {
	if err := st.renew(); err != nil {
		return err
	}
	state, dir := st.s.Engine.Registry.State(), st.s.Engine.Dir.Version()
	if state == st.state && dir == st.dir {
		return nil
	}
	company, _, err := st.s.Customize.Company(st.ctx)
	if err != nil {
		return err
	}
	st.state, st.dir = state, dir
	version, err := st.s.metaVersion(st.request, state, company)
	if err != nil || version == st.meta {
		return err
	}
	st.meta = version
	st.buf = append(st.buf, "event: meta\ndata: {\"version\":\""+version+"\"}\n\n"...)
	return nil
}

// deliver writes the waiting events that the caller may read.
func (st *stream) deliver() error {
	events, missed := st.box.take()
	if missed {
		st.buf = append(st.buf, reset...)
		return nil
	}
	if err := st.renew(); err != nil {
		return err
	}
	type group struct {
		entity  string
		deleted bool
	}
	ids := map[group][]int64{}
	for _, e := range events {
		g := group{e.Entity, e.Kind == string(access.Delete)}
		ids[g] = append(ids[g], int64(e.Record))
	}
	visible := map[group]map[int64]bool{}
	for g, list := range ids {
		var err error
		if visible[g], err = st.s.Engine.Visible(st.ctx, st.actor, g.entity, list, g.deleted); err != nil {
			return err
		}
	}
	var unseen []outbox.Event
	for _, e := range events {
		if visible[group{e.Entity, e.Kind == string(access.Delete)}][int64(e.Record)] {
			st.buf = appendEvent(st.buf, e)
		} else if len(e.Payload) > 0 {
			unseen = append(unseen, e)
		}
	}
	lost, err := st.s.Engine.Lost(st.ctx, st.actor, unseen)
	for _, e := range unseen {
		if e.Kind = kindLost; lost[e.ID] {
			st.buf = appendEvent(st.buf, e)
		}
	}
	return err
}

// kindLost is what a change is to those who may not read the record any more:
// which it was is not theirs to know.
const kindLost = "lost"

func appendEvent(b []byte, e outbox.Event) []byte {
	b = append(b, "event: record\nid: "...)
	b = e.ID.AppendText(b)
	b = append(b, "\ndata: {\"entity\":"...)
	b = rawjson.AppendString(b, e.Entity)
	b = append(b, `,"id":"`...)
	b = e.Record.AppendText(b)
	b = append(b, `","version":`...)
	b = append(b, itoa(int(e.Version))...)
	b = append(b, `,"kind":`...)
	b = rawjson.AppendString(b, e.Kind)
	return append(b, "}\n\n"...)
}
