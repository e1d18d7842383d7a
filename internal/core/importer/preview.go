package importer

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/access"
)

// previewRows is how many rows of a file a preview shows.
const previewRows = 20

// Preview is what a file looks like before it is imported.
type Preview struct {
	Header   []string          `json:"header"`
	Map      map[string]string `json:"map"` // header → field, as it would go
	Unmapped []string          `json:"unmapped"`
	Sample   [][]string        `json:"sample"`
	Sheets   []string          `json:"sheets"`
	Sheet    string            `json:"sheet"`
	Encoding string            `json:"encoding"`
	Rows     int64             `json:"rows"` // about
	Notes    []Note            `json:"notes"`
}

// Look reads the beginning of a file and says where its columns would go. It
// takes the same options as Run and gives the same errors.
func Look(ctx context.Context, deps Deps, actor *access.Actor, opt Options) (Preview, error) {
	r, err := prepare(ctx, deps, actor, opt)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Header: append([]string{}, r.plan.header...), Map: map[string]string{}, Unmapped: append([]string{}, r.plan.unmapped...),
		Sample: [][]string{}, Sheets: append([]string{}, r.info.Sheets...), Sheet: r.info.Sheet, Encoding: r.info.Encoding, Rows: r.info.Rows,
		Notes: append([]Note{}, r.notes...)}
	for _, m := range r.plan.mapped() {
		p.Map[m.Header] = m.Field
	}
	p.Sample = append(p.Sample, r.begin.rows[:min(len(r.begin.rows), previewRows)]...)
	return p, nil
}
