// Package house gives tests of modules the engine over a fresh database: their
// registry, the write path with its history, audit and outbox, and the
// directory of people. There is no server in it and nobody has signed in.
package house

import (
	"context"
	"crypto/rand"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/i18n/texts"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/audit"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/history"
	"github.com/guanxicrm/guanxi/internal/data/outbox"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/data/store"
	"github.com/guanxicrm/guanxi/internal/data/txorder"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/org"
	dbkit "github.com/guanxicrm/guanxi/internal/testkit/db"
)

// House is the engine of a test with its modules.
type House struct {
	Engine *records.Engine
	Dir    *org.Directory
	Clock  *clock.Fake
	Words  *i18n.Bundle
	t      testing.TB
}

// Each runs fn as the subtests "sqlite" and "postgres", each with a house of
// its own. The clock stands on a Tuesday morning in Shanghai.
func Each(t *testing.T, modules []entity.Module, fn func(t *testing.T, h *House)) {
	t.Helper()
	p := plans.plan(modules)
	words, err := p.words()
	check(t, err)
	fill := func(db sqldb.DB) error {
		registry, err := entity.NewRegistry(words.All, entity.Defs(modules...))
		if err != nil {
			return err
		}
		return prepare(db, registry)
	}
	p.tables.Each(t, fill, func(t *testing.T, db sqldb.DB) { fn(t, open(t, db, words, modules)) })
}

// plan is what houses of the same modules share: their words and their empty
// tables.
type plan struct {
	words  func() (*i18n.Bundle, error)
	tables dbkit.Prepared
}

// drawer keeps the plans of this process.
type drawer struct {
	mu sync.Mutex
	of map[string]*plan // by the modules' names
}

var plans drawer

func (d *drawer) plan(modules []entity.Module) *plan {
	var list []string
	sources := []fs.FS{texts.FS}
	for _, m := range modules {
		list, sources = append(list, m.Name), append(sources, m.Texts)
	}
	names := strings.Join(list, " ")
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of == nil {
		d.of = map[string]*plan{}
	}
	if d.of[names] == nil {
		d.of[names] = &plan{words: sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.Load(sources...) })}
	}
	return d.of[names]
}

// open moves into a database that has the tables.
func open(t *testing.T, db sqldb.DB, words *i18n.Bundle, modules []entity.Module) *House {
	t.Helper()
	registry, err := entity.NewRegistry(words.All, entity.Defs(modules...))
	check(t, err)
	h := &House{Dir: org.NewDirectory(), Clock: clock.NewFake(time.Date(2026, 3, 31, 2, 0, 0, 0, time.UTC)), Words: words, t: t}
	h.Dir.SetZone(time.FixedZone("Asia/Shanghai", 8*3600))
	h.Engine = &records.Engine{DB: db, Registry: registry, Rights: access.NewRights(h.Dir), Dir: h.Dir, IDs: id.NewGenerator(1, h.Clock, 0), Clock: h.Clock,
		History: history.New(secrets.New(rand.Reader)), Outbox: outbox.New(), AuditKey: []byte("key of the tests' audit digests"), Log: slog.New(slog.DiscardHandler)}
	return h
}

func prepare(db sqldb.DB, registry *entity.Registry) error {
	ctx := context.Background()
	want := slices.Concat(store.Tables(registry.State().Snapshot), records.Tables(), txorder.Tables(), audit.Tables(), outbox.Tables(), history.Tables())
	var plan ddl.Plan
	err := db.Read(ctx, func(q sqldb.Querier) (err error) {
		plan, err = ddl.NewPlan(ctx, q, want)
		return err
	})
	if err != nil {
		return err
	}
	return ddl.Apply(ctx, db, plan, func(int, int, string) {})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// System is an actor without limits.
func (h *House) System() *access.Actor {
	a := access.System("set-up of a test")
	a.Now = h.Clock.Now()
	return a
}

// As is an actor for a member, who must be able to sign in.
func (h *House) As(member int64) *access.Actor {
	h.t.Helper()
	a, ok := h.Engine.Rights.Actor(member)
	if !ok {
		h.t.Fatalf("member %s cannot sign in", id.ID(member))
	}
	a.Via, a.Now = "session", h.Clock.Now()
	return a
}

// Load reads the people anew, as the program does after each change to them.
func (h *House) Load() {
	h.t.Helper()
	check(h.t, h.Dir.Load(context.Background(), h.Engine))
}
