package importer

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

func (r *run) open() (sheet.Reader, sheet.Info, error) {
	o := sheet.Options{Format: r.opt.Format, Encoding: r.opt.Encoding, Sheet: r.opt.Sheet, HeaderRow: r.opt.HeaderRow}
	if r.opt.At != nil {
		return sheet.OpenAt(r.opt.At, r.opt.Size, o)
	}
	return sheet.Open(r.opt.Path, o)
}

// sampleRows is how many rows decide where columns go.
const sampleRows = 500

// sample reads the beginning of the file.
func (r *run) sample(ctx context.Context) (*sample, error) {
	in, info, err := r.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // only read
	r.info = info
	for _, n := range info.Notes {
		r.note(n.Key, n.Args)
	}
	s := &sample{header: slices.Clone(info.Header)}
	for len(s.rows) < sampleRows {
		cells, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *sheet.RowError
		if errors.As(err, &bad) {
			continue
		}
		if err != nil {
			return nil, err
		}
		row := make([]string, len(s.header))
		for i := range min(len(row), len(cells)) {
			if cells[i].Kind != sheet.Error {
				row[i] = cells[i].Text
			}
		}
		s.rows = append(s.rows, row)
	}
	s.known = func(texts []string) bool {
		found, err := r.engine.Identify(ctx, r.actor, r.ent, texts)
		if err != nil {
			return false
		}
		for t, ids := range found {
			if n, err := id.Parse(t); err == nil && slices.Contains(ids, int64(n)) {
				return true
			}
		}
		return false
	}
	return s, nil
}
