package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// run is one import on its way.
type run struct {
	deps   Deps
	engine *records.Engine
	actor  *access.Actor
	opt    Options
	ent    *schema.Entity
	plan   *plan
	res    resolver
	owner  int64
	begin  *sample
	name   string
	key    string
	info   sheet.Info
	notes  []Note
	index  *keyIndex // of keys that the database has no index for
	ends   *ends     // of records made of several rows; nil = every row is one

	id      int64 // changeset
	at      point
	pass    int // 0 = the whole file, then the rows that wait
	resumed int
	passed  int // rows that waited and went on, in this pass
	held    map[int]bool
	trial   *trial
	size    atomic.Int64 // rows of the next chunk
	report  func(done, total int)
}

// point is how far a run is.
type point struct {
	begun bool // something is written
	done  int  // rows of the file dealt with in pass 0
	total counts
}

// Run imports a file. Rows that are refused do not stop the others; an error
// means that the import as a whole could not be done or not be finished, and
// the summary tells how far it came. Run again with the same options it goes on
// where it stopped. progress may be nil; it is called with rows.
//
// Errors: Forbidden without the right to import, NotFound for an unknown
// entity, BadRequest for options that do not fit the file, Invalid for a file
// that is no table.
func Run(ctx context.Context, deps Deps, actor *access.Actor, opt Options, progress func(done, total int)) (Summary, error) {
	r, err := prepare(ctx, deps, actor, opt)
	if err != nil {
		return Summary{DryRun: opt.DryRun, Unmapped: []string{}, Mapped: []Mapped{}, Errors: []RowError{}, Notes: []Note{}}, err
	}
	r.report, r.begin = progress, nil
	if m, ok := r.engine.DB.(sqldb.MassWriter); ok && r.trial == nil {
		done := m.MassWrite()
		defer done()
		if r.engine.Search != nil {
			defer r.leadIndex(ctx)()
		}
	}
	if err := r.passes(ctx); err != nil {
		return r.summary(nil), err
	}
	return r.finish(ctx)
}

// prepare opens the file once to decide where its columns go.
func prepare(ctx context.Context, deps Deps, actor *access.Actor, opt Options) (*run, error) {
	r := &run{deps: deps, engine: deps.Engine, actor: actor, opt: opt}
	r.size.Store(firstChunk)
	if r.engine.DB.Dialect() == sqldb.Postgres {
		r.size.Store(chunkPostgres)
	}
	st := r.engine.Registry.State()
	if r.ent = st.Entity(opt.Entity); r.ent == nil {
		return nil, errs.New(errs.NotFound, "error.entity_unknown", "entity", opt.Entity)
	}
	if !actor.May(r.ent, access.Import) {
		return nil, errs.New(errs.Forbidden, "error.forbidden", "op", string(access.Import))
	}
	switch opt.OnMatch {
	case "", Update, Skip:
	default:
		return nil, errs.New(errs.BadRequest, "error.import_on_match", "value", opt.OnMatch)
	}
	if r.name = opt.Name; r.name == "" {
		r.name = filepath.Base(opt.Path)
	}
	if opt.DryRun {
		r.trial = newTrial()
	}
	if err := r.chooseOwner(ctx); err != nil {
		return nil, err
	}
	s, err := r.sample(ctx)
	if err != nil {
		return nil, err
	}
	r.begin = s
	if r.plan, err = newPlan(r.ent, actor, s, &opt); err != nil {
		return nil, err
	}
	for c := range r.plan.every() {
		if c.parts {
			r.note("note.import_parts", map[string]string{"column": c.headers(r.plan.header)})
		}
	}
	r.res = resolver{engine: r.engine, actor: actor, snap: st.Snapshot, self: r.ent}
	if opt.Owner != "" {
		r.res.owner = r.owner
	}
	return r, nil
}

// chooseOwner finds who gets rows without an owner: the one asked for, for the
// system the administrator who was there first, for members themselves.
func (r *run) chooseOwner(ctx context.Context) error {
	if r.ent.Owner == nil {
		return nil
	}
	members := r.engine.Registry.State().Entity(schema.MemberEntity)
	if r.opt.Owner != "" {
		found, err := r.engine.Identify(ctx, r.actor, members, []string{r.opt.Owner})
		if err != nil {
			return err
		}
		if len(found[r.opt.Owner]) != 1 {
			return errs.New(errs.BadRequest, "error.import_owner", "value", r.opt.Owner)
		}
		r.owner = found[r.opt.Owner][0]
		return nil
	}
	if must := r.ent.Owner.Required || r.ent.Owner.RequiredWhen != ""; !r.actor.IsSystem() || members == nil || !must {
		return nil
	}
	return r.engine.Scan(ctx, r.actor, members, nil, func(rec *record.Record) error {
		if m, ok := r.engine.Dir.Member(rec.ID()); ok && r.owner == 0 && m.Admin && !m.Disabled {
			r.owner = m.ID
		}
		return nil
	})
}

func (r *run) note(key string, args map[string]string) {
	r.notes = append(r.notes, Note{key, r.deps.Texts.Text(r.locale(), key, args)})
}

func (r *run) locale() string {
	if r.actor.Env.Locale == "" {
		return "zh-CN"
	}
	return r.actor.Env.Locale
}

// reason is the text of an error and the field it is about.
func (r *run) reason(err *errs.Error) (field, message string) {
	list := err.Sub
	if len(list) == 0 {
		list = []*errs.Error{err}
	}
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = r.deps.Texts.Text(r.locale(), e.Key, e.Args)
		if label := r.label(e.Field); label != "" {
			between := ": "
			if r.locale() == "zh-CN" {
				between = "："
			}
			parts[i] = label + between + parts[i]
		}
	}
	return list[0].Field, strings.Join(parts, betweenReasons)
}

// label names a field by its path, "" for none.
func (r *run) label(path string) string {
	in, f := r.plan.field(path)
	switch {
	case f == nil:
		return ""
	case in != r.plan:
		return in.ent.Group().Label.In(r.locale()) + " · " + f.Label.In(r.locale())
	}
	return f.Label.In(r.locale())
}

// betweenReasons stands between several reasons of a row where they are kept,
// so that each is counted by itself; people read a blank.
const betweenReasons = "\n"

func readable(message string) string { return strings.ReplaceAll(message, betweenReasons, " ") }

// runKey names the run by what is imported and how.
func (r *run) runKey() (string, error) {
	if r.opt.Run != "" {
		return r.opt.Run, nil
	}
	h := sha256.New()
	o := &r.opt
	fmt.Fprintf(h, "%s %d %q %q %q %d %q %q %q %q %q %q %q\n", o.Entity, r.actor.ID(), o.Format, o.Encoding, o.Sheet, o.HeaderRow, o.Key, o.Map, o.Exact, o.Given, o.OnMatch, o.Null, o.Owner)
	var in io.Reader
	if o.At != nil {
		in = io.NewSectionReader(o.At, 0, o.Size)
	} else {
		f, err := os.Open(o.Path)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	if _, err := io.Copy(h, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// passes goes through the file once, and then again for the rows that wait for
// others, as long as some of them come on.
func (r *run) passes(ctx context.Context) error {
	if r.trial == nil {
		var err error
		if r.key, err = r.runKey(); err != nil {
			return err
		}
		if err := r.resume(ctx); err != nil {
			return err
		}
	}
	if r.plan.grouped() {
		if !r.keyed() {
			return errs.New(errs.BadRequest, "error.import_lines_key")
		}
		if err := r.findEnds(ctx); err != nil {
			return err
		}
	}
	if len(r.plan.keys) > 0 && r.plan.indexedKey() < 0 {
		var err error
		if r.index, err = newKeyIndex(ctx, r); err != nil {
			return err
		}
	}
	for last := false; ; {
		r.passed = 0
		if err := r.through(ctx, last); err != nil {
			return err
		}
		r.pass++
		var err error
		if r.held, err = r.stillWaiting(ctx); err != nil || len(r.held) == 0 {
			return err
		}
		if last = r.pass > 1 && r.passed == 0; !last {
			continue
		}
		// Nothing comes on any more: what waits for one another is written
		// together, and what waits then fails.
		if err := r.tieKnots(ctx); err != nil {
			return err
		}
		if r.held, err = r.stillWaiting(ctx); err != nil || len(r.held) == 0 {
			return err
		}
	}
}

func (r *run) stillWaiting(ctx context.Context) (map[int]bool, error) {
	if r.trial != nil {
		held := make(map[int]bool, len(r.trial.held))
		for row := range r.trial.held {
			held[row] = true
		}
		return held, nil
	}
	return r.waiting(ctx)
}

// judge decides about rows that wait for others.
func (r *run) judge(drafts []*draft, last bool) {
	for _, d := range drafts {
		switch {
		case d.held == nil || d.err != nil || r.pass == 0:
		case r.trial != nil && r.trial.meant(d):
			d.held = nil
		case last:
			d.err = d.held
		}
	}
}

// finish writes the file of failed rows, forgets the state and sums up.
func (r *run) finish(ctx context.Context) (Summary, error) {
	var failed []mark
	var err error
	if r.trial != nil {
		failed = r.trial.refused()
	} else if r.at.total.Failed > 0 {
		if failed, err = r.refused(ctx); err != nil {
			return r.summary(nil), err
		}
	}
	s := r.summary(failed)
	if len(failed) > 0 {
		if s.FailedFile, err = r.writeFailed(ctx, failed); err != nil {
			return s, err
		}
	}
	if r.trial != nil {
		if r.opt.Finish == nil {
			return s, nil
		}
		return s, r.engine.DB.Write(ctx, func(tx sqldb.Tx) error { return r.opt.Finish(ctx, tx, &s) })
	}
	err = r.engine.DB.Write(ctx, func(tx sqldb.Tx) error {
		if r.opt.Finish != nil {
			if err := r.opt.Finish(ctx, tx, &s); err != nil {
				return err
			}
		}
		return r.forget(ctx, tx)
	})
	return s, err
}

// summary tells how far the import is.
func (r *run) summary(failed []mark) Summary {
	c := r.at.total
	s := Summary{Rows: c.Rows, Created: c.Created, Updated: c.Updated, Skipped: c.Skipped, Unchanged: c.Unchanged, Failed: c.Failed, Warned: c.Warned, Lines: c.Lines,
		Unmapped: append([]string{}, r.plan.unmapped...), Mapped: r.plan.mapped(), Errors: []RowError{}, Notes: append([]Note{}, r.notes...),
		DryRun: r.opt.DryRun, Resumed: r.resumed}
	if r.at.begun && r.trial == nil {
		s.Changeset = id.ID(r.id).String()
	}
	s.Reasons = reasons(failed)
	for _, m := range failed[:min(len(failed), maxErrors)] {
		s.Errors = append(s.Errors, RowError{Line: m.line, Field: m.field, Message: readable(m.message)})
	}
	return s
}

// reasons counts why rows were refused; a row may have several reasons.
func reasons(failed []mark) []Reason {
	at := map[string]int{}
	var out []Reason
	for _, m := range failed {
		for n, message := range strings.Split(m.message, betweenReasons) {
			i, ok := at[message]
			if !ok {
				i = len(out)
				at[message] = i
				out = append(out, Reason{Message: message, Line: m.line})
			}
			if n == 0 {
				out[i].Field = m.field
			}
			out[i].Rows++
		}
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return b.Rows - a.Rows })
	return out[:min(len(out), maxReasons)]
}
