package importer

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// maxKnotted is up to how many waiting rows are looked through for those that
// wait for one another; more are not a circle but a file whose other half is
// missing.
const maxKnotted = 20_000

// tieKnots writes the rows that wait for one another: each knot of them in a
// transaction of its own, first without the references that make the circle,
// then with them. A knot one of whose rows is refused is refused as a whole, so
// that no record is left half as the file has it.
func (r *run) tieKnots(ctx context.Context) error {
	if len(r.held) > maxKnotted {
		return nil
	}
	drafts, err := r.waitingDrafts(ctx)
	if err != nil {
		return err
	}
	for _, k := range knots(r, drafts) {
		if err := r.tie(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// waitingDrafts reads the rows that wait.
func (r *run) waitingDrafts(ctx context.Context) (drafts []*draft, err error) {
	g, ctx := errgroup.WithContext(ctx)
	ready := make(chan batch, ahead)
	g.Go(func() error {
		defer close(ready)
		return r.read(ctx, ready)
	})
	for b := range ready {
		drafts = append(drafts, b.drafts...)
	}
	return drafts, g.Wait()
}

// knot is rows that name each other, and nobody else who is not there.
type knot struct {
	rows  []*draft
	names map[string]*draft // who a missing text means
}

// knots parts the rows whose references can all be met among themselves.
func knots(r *run, drafts []*draft) []*knot {
	var alive []*draft
	for _, d := range drafts {
		if d.err == nil && d.held != nil {
			alive = append(alive, d)
		}
	}
	names := map[string]*draft{}
	for before := -1; before != len(alive); { // who waits for somebody who is left out is left out too
		before = len(alive)
		names = named(r, alive)
		alive = slices.DeleteFunc(alive, func(d *draft) bool {
			return slices.ContainsFunc(d.missing, func(t string) bool { return names[text.Key(t)] == nil })
		})
	}
	above := map[*draft]*draft{}
	root := func(d *draft) *draft {
		for above[d] != nil {
			d = above[d]
		}
		return d
	}
	for _, d := range alive {
		for _, t := range d.missing {
			if a, b := root(d), root(names[text.Key(t)]); a != b {
				above[a] = b
			}
		}
	}
	var out []*knot
	of := map[*draft]*knot{}
	for _, d := range alive {
		k := of[root(d)]
		if k == nil {
			k = &knot{names: names}
			of[root(d)], out = k, append(out, k)
		}
		k.rows = append(k.rows, d)
	}
	return out
}

// named tells which row each name means; a name of several rows means none.
func named(r *run, drafts []*draft) map[string]*draft {
	out := map[string]*draft{}
	for _, d := range drafts {
		for _, name := range namesOf(r.ent, d) {
			if other, taken := out[name]; taken && other != d {
				out[name] = nil
				continue
			}
			out[name] = d
		}
	}
	return out
}

// errRefused takes a knot back.
var errRefused = errors.New("importer: a row of a knot is refused")

// tie writes a knot.
func (r *run) tie(ctx context.Context, k *knot) error {
	var out outcome
	var at point
	err := r.transact(ctx, func(s *records.Session) error {
		out, at = outcome{}, r.at
		rows := make([]*draft, len(k.rows))
		twin := make(map[*draft]*draft, len(k.rows))
		for i, d := range k.rows {
			rows[i] = d.loosened()
			twin[d] = rows[i]
		}
		if err := r.apply(s, rows, map[string]int64{}, &out); err != nil {
			return err
		}
		if out.Failed == 0 && r.trial == nil {
			if err := r.tighten(s, k, twin, &out); err != nil {
				return err
			}
		}
		if out.Failed > 0 {
			return errRefused
		}
		return r.keep(ctx, s, &out, r.at.done, &at)
	})
	switch {
	case errors.Is(err, errRefused):
		return r.refuse(ctx, k, out.marks)
	case err != nil:
		return err
	}
	r.at = at
	r.took(&out)
	return nil
}

// loosened is the row without the references that nothing fits yet.
func (d *draft) loosened() *draft {
	c := *d
	c.held, c.made, c.inputs = nil, 0, nil
	for i, in := range d.inputs {
		waits := slices.ContainsFunc(d.refs, func(p pending) bool { return p.input == i && d.waitsFor(p) })
		if !waits || in.Field.Many() {
			c.inputs = append(c.inputs, in)
		}
	}
	return &c
}

func (d *draft) waitsFor(p pending) bool {
	return slices.ContainsFunc(p.texts, func(t string) bool { return slices.Contains(d.missing, t) })
}

// tighten writes the references of a knot whose records are there now.
func (r *run) tighten(s *records.Session, k *knot, twin map[*draft]*draft, out *outcome) error {
	var patches []records.Patch
	var asked []*draft
	for _, d := range k.rows {
		var inputs []records.Input
		for _, p := range d.refs {
			f := d.inputs[p.input].Field
			if schema.RefTarget(f) != r.ent.Name || !d.waitsFor(p) {
				continue
			}
			var ids []record.Value
			for _, t := range p.texts {
				if n, ok := r.res.known[r.ent.Name][t]; ok {
					ids = append(ids, record.Int(n))
				} else if other := k.names[text.Key(t)]; other != nil && twin[other] != nil {
					ids = append(ids, record.Int(twin[other].made))
				}
			}
			in := records.Input{Field: f, Value: record.List(unique(ids))}
			if !f.Many() {
				in.Value = ids[0]
			}
			in.Prepare()
			inputs = append(inputs, in)
		}
		patches = append(patches, records.Patch{ID: twin[d].made, Version: records.AnyVersion, Inputs: inputs})
		asked = append(asked, d)
	}
	results, err := s.Batch(r.ent, patches, false)
	if err != nil {
		return err
	}
	for i, res := range results {
		if res.Err == nil {
			continue
		}
		if !records.AboutRow(res.Err) {
			return res.Err
		}
		r.fail(asked[i], coded(res.Err), out)
	}
	return nil
}

// refuse keeps why each row of a knot is not written: its own reason, or that
// the one it names is not there.
func (r *run) refuse(ctx context.Context, k *knot, own []mark) error {
	var out outcome
	for _, d := range k.rows {
		i := slices.IndexFunc(own, func(m mark) bool { return m.row == d.row && !m.held })
		if i < 0 {
			r.fail(d, d.held, &out)
			continue
		}
		out.Failed++
		out.passed++
		out.marks = append(out.marks, own[i])
	}
	var at point
	err := r.transact(ctx, func(s *records.Session) error {
		at = r.at
		return r.keep(ctx, s, &out, r.at.done, &at)
	})
	if err != nil {
		return err
	}
	r.at = at
	r.took(&out)
	return nil
}
