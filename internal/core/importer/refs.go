package importer

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// maxNames bounds the names remembered for each entity.
const maxNames = 100_000

// resolver turns texts into the records they name.
type resolver struct {
	engine *records.Engine
	actor  *access.Actor
	snap   *schema.Snapshot
	self   *schema.Entity
	owner  int64                       // who gets rows with an unknown owner; 0 = nobody
	known  map[string]map[string]int64 // target → text → id
}

// resolve looks up the references of many rows at once. A text that nothing
// fits makes the row wait when a row of the same file may be meant, and fail
// otherwise.
func (r *resolver) resolve(ctx context.Context, drafts []*draft) error {
	drafts = withLines(drafts)
	asked := map[string]map[string]bool{}
	for _, d := range drafts {
		for _, ref := range d.refs {
			target := schema.RefTarget(d.inputs[ref.input].Field)
			for _, t := range ref.texts {
				if _, ok := r.known[target][t]; ok {
					continue
				}
				if asked[target] == nil {
					asked[target] = map[string]bool{}
				}
				asked[target][t] = true
			}
		}
	}
	several := map[string]map[string]bool{}
	for target, set := range asked {
		if err := r.ask(ctx, target, set, several); err != nil {
			return err
		}
	}
	for _, d := range drafts {
		r.fill(d, several)
	}
	return nil
}

func (r *resolver) ask(ctx context.Context, target string, set map[string]bool, several map[string]map[string]bool) error {
	ent := r.snap.Entity(target)
	if ent == nil {
		return nil
	}
	texts := make([]string, 0, len(set))
	for t := range set {
		texts = append(texts, t)
	}
	found, err := r.engine.Identify(ctx, r.actor, ent, texts)
	if err != nil {
		return err
	}
	if r.known == nil {
		r.known = map[string]map[string]int64{}
	}
	if r.known[target] == nil || len(r.known[target]) > maxNames {
		r.known[target] = map[string]int64{}
	}
	for t, ids := range found {
		if len(ids) == 1 {
			r.known[target][t] = ids[0]
			continue
		}
		if several[target] == nil {
			several[target] = map[string]bool{}
		}
		several[target][t] = true
	}
	return nil
}

// fill puts the records found into a row.
func (r *resolver) fill(d *draft, several map[string]map[string]bool) {
	var bad []*errs.Error
	if d.err != nil {
		bad = d.err.Sub
	}
	for _, ref := range d.refs {
		in := &d.inputs[ref.input]
		target := schema.RefTarget(in.Field)
		var ids []record.Value
		for _, t := range ref.texts {
			n, ok := r.known[target][t]
			switch {
			case ok:
				ids = append(ids, record.Int(n))
			case several[target][t]:
				bad = append(bad, errs.New(errs.Invalid, "error.import_reference_several", "value", clip(t)).At(d.path(in.Field)))
			case in.Field == r.self.Owner && r.owner != 0:
				ids = append(ids, record.Int(r.owner))
				d.warned = true
			case target == r.self.Name && d.group == nil:
				d.missing = append(d.missing, t)
				d.held = errs.New(errs.Invalid, "error.import_reference", "value", clip(t)).At(d.path(in.Field))
			default:
				bad = append(bad, errs.New(errs.Invalid, "error.import_reference", "value", clip(t)).At(d.path(in.Field)))
			}
		}
		ids = unique(ids)
		switch {
		case in.Field.Many():
			in.Value = record.List(ids)
		case len(ids) > 0:
			in.Value = ids[0]
		}
	}
	if len(bad) > 0 {
		d.err = asOne(bad)
	}
}
