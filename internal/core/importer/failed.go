package importer

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

// writeFailed writes the refused rows with their reasons, so that the file can
// be mended and imported by itself. It reads the source once more, in place of
// keeping rows that are seldom needed.
func (r *run) writeFailed(ctx context.Context, failed []mark) (string, error) {
	fill := func(w io.Writer) error { return r.fillFailed(ctx, w, failed) }
	switch {
	case r.opt.Failed != nil:
		return r.opt.Failed(ctx, fill)
	case r.opt.FailedPath == "":
		return "", nil
	}
	f, err := os.CreateTemp(filepath.Dir(r.opt.FailedPath), ".failed-*")
	if err != nil {
		return "", err
	}
	err = fill(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), r.opt.FailedPath)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return r.opt.FailedPath, nil
}

func (r *run) fillFailed(ctx context.Context, w io.Writer, failed []mark) error {
	in, info, err := r.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	reason := sheet.ReasonZh
	if r.locale() == "en" {
		reason = sheet.ReasonEn
	}
	out, err := sheet.NewFailedRows(w, info.Header, reason)
	if err != nil {
		return err
	}
	for row := 1; len(failed) > 0; row++ {
		if row%1000 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		cells, err := in.Next()
		var bad *sheet.RowError
		if errors.As(err, &bad) {
			cells, err = bad.Cells, nil
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if row != failed[0].row {
			continue
		}
		if err := out.Row(cells, readable(failed[0].message)); err != nil {
			return err
		}
		failed = failed[1:]
	}
	return out.Close()
}
