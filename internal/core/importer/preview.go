package importer

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
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
	Source   string            `json:"source,omitempty"` // the system that wrote the file, when its columns tell
	Kind     string            `json:"kind,omitempty"`   // which of its records are in there: customer, contact, lead, opportunity, case
	Become   []Become          `json:"become"`           // the first rows as they would be
	Unknown  []Unknown         `json:"unknown"`          // texts that no option and no record fits, the most frequent first

	// How the member mapped a file of these columns the last time, where somebody remembers that.
	Remembered bool     `json:"remembered"`
	Keys       []string `json:"key"`
	OnMatch    string   `json:"on_match"`

	Null string `json:"null,omitempty"` // the word that means empty in files of that system

	Given map[string]map[string]string `json:"given"` // field → text → what it means
}

// Become is a row as it would be, or why it would be refused.
type Become struct {
	Line   int               `json:"line"`
	Values map[string]string `json:"values"` // field → text as people read it
	Errors []RowError        `json:"errors"`
}

// Unknown is a text in a column that its field does not understand.
type Unknown struct {
	Field   string `json:"field"`
	Value   string `json:"value"`
	Rows    int    `json:"rows"`              // of those that were looked at
	Several bool   `json:"several,omitempty"` // several records are called so
}

// Look reads the beginning of a file and says where its columns would go. It
// takes the same options as Run and gives the same errors.
func Look(ctx context.Context, deps Deps, actor *access.Actor, opt Options) (Preview, error) {
	r, err := prepare(ctx, deps, actor, opt)
	if err != nil {
		return Preview{}, err
	}
	if known := r.plan.preset; opt.Null == "" && opt.Exact == nil && known != nil && known.of(opt.Entity) && known.null != "" {
		opt.Null = known.null
		return Look(ctx, deps, actor, opt)
	}
	p := Preview{Header: append([]string{}, r.plan.header...), Map: map[string]string{}, Unmapped: append([]string{}, r.plan.unmapped...),
		Sample: [][]string{}, Sheets: append([]string{}, r.info.Sheets...), Sheet: r.info.Sheet, Encoding: r.info.Encoding, Rows: r.info.Rows,
		Notes: append([]Note{}, r.notes...), Keys: []string{}, Given: map[string]map[string]string{}}
	for _, m := range r.plan.mapped() {
		p.Map[m.Header] = m.Field
	}
	p.Sample = append(p.Sample, r.begin.rows[:min(len(r.begin.rows), previewRows)]...)
	if len(opt.Key) == 0 {
		p.Keys = append(p.Keys, r.plan.ownKey()...)
	}
	if known := r.plan.preset; known != nil {
		p.Source, p.Kind = known.system, known.kind
		if opt.Exact == nil && known.of(r.ent.Name) {
			p.Null, p.OnMatch = r.opt.Null, known.onMatch
		}
	}
	return p, r.imagine(ctx, &p)
}

// ownKey proposes the field that tells which record a row is about: one that no
// two records share, or the name of a company, so that the same company twice in
// a file, or in a file that comes again, is one record. None when the file has
// no such column.
func (p *plan) ownKey() []string {
	if p.byID {
		return nil
	}
	if p.preset != nil && p.preset.of(p.ent.Name) && len(p.preset.keys) > 0 &&
		!slices.ContainsFunc(p.preset.keys, func(key string) bool { return p.columnOf(key) == nil }) {
		return p.preset.keys
	}
	for _, f := range p.ent.Fields {
		if c := p.columnOf(f.Key); c != nil && !c.fixed && f.Unique && f.Stored() && !f.Many() {
			return []string{f.Key}
		}
	}
	if p.grouped() {
		for _, f := range []*schema.Field{p.ent.Field("external_id"), p.ent.Title} {
			if f != nil && p.columnOf(f.Key) != nil {
				return []string{f.Key}
			}
		}
	}
	for _, rule := range p.ent.Duplicates {
		if len(rule.Match) == 1 && rule.Match[0].By == "company" && p.columnOf(rule.Match[0].Field) != nil {
			return []string{rule.Match[0].Field}
		}
	}
	return nil
}
