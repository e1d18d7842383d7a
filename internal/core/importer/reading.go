package importer

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

// ahead is how many chunks may wait to be written.
const ahead = 4

// batch is a chunk between the two goroutines.
type batch struct {
	drafts []*draft
	upTo   int
	total  int // rows of the file, as far as one can tell
}

// through reads the file and writes it: one goroutine reads and understands
// the next rows while the other writes the last ones.
func (r *run) through(ctx context.Context, last bool) error {
	g, ctx := errgroup.WithContext(ctx)
	ready := make(chan batch, ahead)
	g.Go(func() error {
		defer close(ready)
		return r.read(ctx, ready)
	})
	g.Go(func() error {
		for b := range ready {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := r.writeMany(ctx, b, ready, last); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// trail is how long the search index rests beside an import: what gathers goes
// in by few transactions.
const trail = 5 * time.Second

// leadIndex holds the search index and brings it up to date now and then while
// the import goes on: it has a file and a writer of its own. end waits for what
// is being indexed. An error is not the import's: the indexer meets it again
// and tells.
func (r *run) leadIndex(ctx context.Context) (end func()) {
	release := r.engine.Search.Hold()
	enough := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() {
		for {
			select {
			case <-time.After(trail):
				_ = r.engine.Search.CatchUp(ctx)
			case <-enough:
				return
			}
		}
	})
	return func() {
		close(enough)
		beside.Wait()
		release()
	}
}

// read makes chunks of drafts.
func (r *run) read(ctx context.Context, ready chan<- batch) error {
	in, _, err := r.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read

	skip := r.at.done // as it was when the pass began
	if r.pass > 0 {
		skip = 0
	}
	var drafts []*draft
	row, size := 0, 0
	records := gathering{r.ends, map[string]*draft{}}
	send := func() error {
		if len(drafts) == 0 {
			return nil
		}
		if err := r.prepare(ctx, drafts); err != nil {
			return err
		}
		select {
		case ready <- batch{drafts, row, r.rows(in, row)}:
			drafts, size = nil, 0
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for {
		d, err := r.next(in)
		if errors.Is(err, io.EOF) {
			return send()
		}
		if err != nil {
			return err
		}
		row++
		if end := r.ends.of(d.key, row); end <= skip || r.pass > 0 && !r.held[end] {
			continue
		}
		size++
		if d.row = row; r.ends != nil {
			if d = records.add(d, row); d == nil {
				continue
			}
		}
		if drafts == nil {
			drafts = make([]*draft, 0, r.size.Load())
		}
		drafts = append(drafts, d)
		if int64(size) >= r.size.Load() {
			if err := send(); err != nil {
				return err
			}
		}
	}
}

// prepare looks up what rows name and works out what a write would otherwise
// do while it holds the writer.
func (r *run) prepare(ctx context.Context, drafts []*draft) error {
	if err := r.res.resolve(ctx, drafts); err != nil {
		return err
	}
	for _, d := range withLines(drafts) {
		for i := range d.inputs {
			d.inputs[i].Prepare()
		}
	}
	if r.ends != nil {
		for _, d := range drafts {
			d.whole()
		}
	}
	return nil
}

// next reads and understands one row.
func (r *run) next(in sheet.Reader) (*draft, error) { return r.understand(in, r.plan) }

// understand reads one row as a plan has it. Of a row that is no good the key
// is read if it can be: the record that it is a part of is no good either.
func (r *run) understand(in sheet.Reader, p *plan) (*draft, error) {
	cells, err := in.Next()
	var bad *sheet.RowError
	if errors.As(err, &bad) {
		d := &draft{line: bad.Line, err: asOne([]*errs.Error{bad.Err})}
		if p.grouped() || r.ends != nil {
			if n := len(p.header); len(bad.Cells) >= n {
				d.key = p.keyOnly(p.draft(bad.Cells[:n:n], &r.opt, &r.actor.Env))
			}
		}
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	d := p.draft(cells, &r.opt, &r.actor.Env)
	d.line = in.Line()
	p.setKey(d)
	return d, nil
}

// keyOnly is the key of a row that is read for nothing else.
func (p *plan) keyOnly(d *draft) string {
	p.setKey(d)
	return d.key
}

// rows is how many rows the file has, as far as one can tell.
func (r *run) rows(in sheet.Reader, read int) int {
	done, total := in.Done(), in.Total()
	if done <= 0 || done >= total {
		return read
	}
	return int(float64(read) * float64(total) / float64(done))
}
