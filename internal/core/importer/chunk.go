package importer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Sizes of a chunk: it grows and shrinks so that it holds the writer of SQLite
// for some 40 ms, and others write in between. On PostgreSQL nobody waits for a
// writer; there every row takes locks for its duplicate rules, whose number a
// server bounds.
const (
	firstChunk    = 200
	leastChunk    = 200
	mostChunk     = 1000
	chunkPostgres = 400
	chunkTime     = 40 * time.Millisecond
)

// outcome is what a chunk did.
type outcome struct {
	counts
	marks  []mark
	drop   []int // rows that waited and are done
	keys   []newKey
	passed int // rows that waited and went on, or failed for good
}

type newKey struct {
	key string
	id  int64
}

// longest is how long one transaction goes on taking chunks while nobody waits.
const longest = time.Second

// writeMany writes a chunk and, while no other write waits behind it, the ones
// that are ready, all in one transaction: a page of an index that many rows
// touch is then written once.
func (r *run) writeMany(ctx context.Context, first batch, ready <-chan batch, last bool) error {
	batches := []batch{first}
	r.judge(first.drafts, last)
	var outs []outcome
	var at point
	var p pace
	err := r.transact(ctx, func(s *records.Session) error {
		s.Silent()
		began := time.Now()
		outs, at, p = outs[:0], r.at, pace{}
		made := map[string]int64{}
		for i := 0; i < len(batches); i++ {
			var out outcome
			start := time.Now()
			if err := r.apply(s, batches[i].drafts, made, &out); err != nil {
				return err
			}
			if err := r.keep(ctx, s, &out, batches[i].upTo, &at); err != nil {
				return err
			}
			outs = append(outs, out)
			p.add(rowsOf(batches[i].drafts), time.Since(start))
			if i < len(batches)-1 || !goOn(s, began) {
				continue
			}
			select {
			case b, ok := <-ready:
				if ok {
					r.judge(b.drafts, last)
					batches = append(batches, b)
				}
			default:
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.pace(p)
	r.at = at
	for i := range outs {
		r.took(&outs[i])
	}
	r.tell(batches[len(batches)-1])
	return nil
}

// goOn says whether a transaction may take another chunk.
func goOn(s *records.Session, began time.Time) bool {
	p, ok := s.Tx().(sqldb.Patient)
	return ok && !p.Waiting() && time.Since(began) < longest
}

func (r *run) tell(b batch) {
	if r.report != nil {
		r.report(r.at.done, max(b.total, r.at.done))
	}
}

// transact runs one chunk under the changeset of the import, or tries it only.
func (r *run) transact(ctx context.Context, fn func(*records.Session) error) error {
	if r.opt.DryRun {
		return r.engine.Trial(ctx, r.actor, fn)
	}
	return r.engine.InChangeset(ctx, r.actor, r.id, fn)
}

// coded is an error in words for people.
func coded(err error) *errs.Error {
	if d, ok := errors.AsType[*records.Duplicates](err); ok && len(d.Hits) > 0 {
		return errs.New(errs.Duplicate, "error.import_duplicate", "label", d.Hits[0].Label).At(d.Err.Field)
	}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e
	}
	return errs.New(errs.Internal, "error.internal")
}

// keep notes in the chunk's transaction how far the import is.
func (r *run) keep(ctx context.Context, s *records.Session, out *outcome, upTo int, at *point) error {
	begun := at.begun
	at.total.add(out.counts)
	at.done = max(at.done, upTo)
	if r.trial != nil {
		return nil
	}
	if r.opt.Fence != nil {
		if err := r.opt.Fence(ctx, s.Tx()); err != nil {
			return err
		}
	}
	if !begun {
		if err := s.Describe("import", r.name+" → "+r.ent.Name, 0); err != nil {
			return err
		}
	}
	if err := r.save(ctx, s.Tx(), *at, out.marks, out.drop); err != nil {
		return err
	}
	at.begun = true
	return nil
}

// took takes over what a committed chunk did.
func (r *run) took(out *outcome) {
	r.passed += out.passed
	for _, k := range out.keys {
		if r.index != nil {
			r.index.add(k.key, k.id)
		}
		if r.trial != nil {
			r.trial.keys[k.key] = true
		}
	}
	if r.trial != nil {
		r.trial.took(out)
	}
}

// pace is how long rows took.
type pace struct {
	rows int
	took time.Duration
}

func (p *pace) add(rows int, took time.Duration) {
	p.rows += rows
	p.took += took
}

// pace sets the size of the next chunks by the time the last ones took.
func (r *run) pace(p pace) {
	if p.rows < leastChunk || r.engine.DB.Dialect() == sqldb.Postgres {
		return
	}
	fit := int64(p.rows) * int64(chunkTime) / max(int64(p.took), 1)
	r.size.Store(min(max((r.size.Load()+fit)/2, leastChunk), mostChunk))
}

// apply writes rows in the session's transaction; made are the records that
// earlier rows of it made, by key. Rows about the same record
// go one behind the other.
func (r *run) apply(s *records.Session, drafts []*draft, made map[string]int64, out *outcome) error {
	waves := r.waves(drafts, out)
	for _, wave := range waves {
		if err := r.wave(s, wave, made, out); err != nil {
			return err
		}
	}
	return nil
}

// waves leaves out rows that cannot be written and parts the others so that
// each part has one row for a record.
func (r *run) waves(drafts []*draft, out *outcome) [][]*draft {
	var waves [][]*draft
	seen := map[string]int{}
	for _, d := range drafts {
		if r.pass == 0 {
			out.Rows++
		}
		if d.err == nil && r.keyed() && d.key == "" {
			d.err = errs.New(errs.Invalid, "error.import_key_empty")
			if len(r.plan.keys) > 0 { // of several all are empty
				d.err = d.err.At(r.plan.keys[0].Key)
			}
		}
		switch {
		case d.err != nil:
			r.fail(d, d.err, out)
			continue
		case d.held != nil:
			if r.pass == 0 {
				out.marks = append(out.marks, mark{row: d.row, line: d.line, held: true})
			}
			continue
		}
		n := 0
		if d.key != "" {
			n = seen[d.key]
			seen[d.key]++
		}
		if n == len(waves) {
			waves = append(waves, nil)
		}
		waves[n] = append(waves[n], d)
	}
	return waves
}

// keyed says whether rows are matched with records.
func (r *run) keyed() bool { return r.plan.byID || len(r.plan.keys) > 0 }

// wave writes rows about different records.
func (r *run) wave(s *records.Session, wave []*draft, made map[string]int64, out *outcome) error {
	found := map[string][]*record.Record{}
	if r.keyed() {
		var err error
		if found, err = r.existing(s, wave); err != nil {
			return err
		}
		if err := r.justMade(s, wave, made, found); err != nil {
			return err
		}
	}
	lines, err := r.linesThere(s, found)
	if err != nil {
		return err
	}
	patches := make([]records.Patch, 0, len(wave))
	asked := make([]*draft, 0, len(wave))
	for _, d := range wave {
		hits, inputs := found[d.key], d.inputs
		was := int64(0)
		if len(hits) == 1 {
			inputs, was = d.over(hits[0], r.plan.address), hits[0].ID()
		}
		groups, asBefore := r.groups(d, func(g *schema.Lines) []*record.Record { return lines[g][was] })
		switch {
		case len(hits) > 1:
			r.fail(d, errs.New(errs.Invalid, "error.import_key_several"), out)
			continue
		case len(hits) == 0 && r.plan.byID:
			r.fail(d, errs.New(errs.NotFound, "error.import_id"), out)
			continue
		case len(hits) == 1 && r.opt.OnMatch == Skip:
			out.Skipped++
			d.made = hits[0].ID()
			r.settled(d, out)
			continue
		case len(hits) == 1 && asBefore && same(hits[0], inputs):
			out.Unchanged++
			d.made = hits[0].ID()
			r.settled(d, out)
			continue
		}
		p := records.Patch{Inputs: inputs}
		if len(hits) == 1 {
			p.ID, p.Version = hits[0].ID(), records.AnyVersion
		} else {
			p.Inputs = r.withOwner(d)
		}
		if len(groups) > 0 {
			p.Inputs = slices.Concat(p.Inputs, groups)
		}
		patches, asked = append(patches, p), append(asked, d)
	}
	if len(patches) == 0 {
		return nil
	}
	results, err := s.Batch(r.ent, patches, false)
	if err != nil {
		return err
	}
	return r.tally(asked, patches, results, made, out)
}

// justMade adds the records that earlier rows of the same chunk made.
func (r *run) justMade(s *records.Session, wave []*draft, made map[string]int64, found map[string][]*record.Record) error {
	for _, d := range wave {
		n, ok := made[d.key]
		if !ok || len(found[d.key]) > 0 || n == 0 {
			continue
		}
		recs, err := s.Load(r.ent, []int64{n})
		if err != nil {
			return err
		}
		found[d.key] = recs
	}
	return nil
}

// withOwner gives a new record its owner where the file names none; one that
// names a pool instead lies there.
func (r *run) withOwner(d *draft) []records.Input {
	if r.owner == 0 || r.ent.Owner == nil || records.InPool(r.ent, d.inputs) {
		return d.inputs
	}
	for i, in := range d.inputs {
		if in.Field == r.ent.Owner {
			if !in.Value.IsNull() {
				return d.inputs
			}
			inputs := slices.Clone(d.inputs) // a chunk that runs again may find the record
			inputs[i].Value = record.Int(r.owner)
			return inputs
		}
	}
	return append(d.inputs[:len(d.inputs):len(d.inputs)], records.Input{Field: r.ent.Owner, Value: record.Int(r.owner)})
}

func same(rec *record.Record, in []records.Input) bool {
	for i := range in {
		if !rec.At(in[i].Field.Slot).Equal(in[i].Value) {
			return false
		}
	}
	return true
}

// tally counts what the write path did with each row.
func (r *run) tally(asked []*draft, patches []records.Patch, results []records.Result, made map[string]int64, out *outcome) error {
	for i, res := range results {
		d := asked[i]
		if res.Err != nil {
			if !records.AboutRow(res.Err) {
				return res.Err
			}
			r.fail(d, coded(res.Err), out)
			continue
		}
		if len(res.Hits) > 0 || d.warned {
			out.Warned++
		}
		d.made = res.ID
		_, again := made[d.key]
		switch {
		case patches[i].ID == 0 && r.trial != nil && d.key != "" && (again || r.trial.keys[d.key]):
			out.Updated++ // of a record that an earlier row would have made
		case patches[i].ID == 0:
			out.Created++
			made[d.key] = res.ID
			if d.key != "" && (r.index != nil || r.trial != nil) {
				out.keys = append(out.keys, newKey{d.key, res.ID})
			}
		case res.Idle:
			out.Unchanged++
		default:
			out.Updated++
		}
		r.settled(d, out)
	}
	return nil
}

// settled notes that a row that waited is done.
func (r *run) settled(d *draft, out *outcome) {
	out.Lines += len(d.lines)
	if r.pass > 0 {
		out.drop = append(out.drop, d.row)
		out.passed++
	}
	if r.trial != nil {
		r.trial.name(r.ent, d)
	}
}

// fail keeps why a row was refused.
func (r *run) fail(d *draft, err *errs.Error, out *outcome) {
	out.Failed++
	if r.pass > 0 {
		out.passed++
	}
	if d.parts != nil {
		r.failRows(d, err, out)
		return
	}
	field, message := r.reason(err)
	out.marks = append(out.marks, mark{row: d.row, line: d.line, field: field, message: message})
}
