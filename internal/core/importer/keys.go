package importer

import (
	"context"
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// form is what two values of a key field must agree in to be the same: names
// and unique texts whatever their case, width and blanks, numbers of phones as
// dialled, everything else exactly.
func form(ent *schema.Entity, f *schema.Field, v record.Value) string {
	switch {
	case v.IsNull():
		return ""
	case f.Type.Name() == "phone":
		return text.NormalizePhone(v.Str(), "CN")
	case v.Kind() == record.KindInt:
		return strconv.FormatInt(v.Int(), 10)
	case f.Type.Name() == "text" && (f.Unique || f == ent.Title):
		return text.Key(v.Str())
	}
	return v.Str()
}

// joinForms makes one text of the forms of several fields, "" when all are empty.
func joinForms(ent *schema.Entity, fields []*schema.Field, at func(i int) record.Value) string {
	var b strings.Builder
	some := false
	for i, f := range fields {
		s := form(ent, f, at(i))
		some = some || s != ""
		b.WriteString(s)
		b.WriteByte(0)
	}
	if !some {
		return ""
	}
	return b.String()
}

// setKey works out what tells a row's record from the others.
func (p *plan) setKey(d *draft) {
	if p.byID {
		if d.id != 0 {
			d.key = strconv.FormatInt(d.id, 10)
		}
		return
	}
	if len(p.keys) == 0 {
		return
	}
	d.keys = make([]record.Value, len(p.keys))
	for i, f := range p.keys {
		for _, in := range d.inputs {
			if in.Field == f {
				d.keys[i] = in.Value
			}
		}
	}
	d.key = joinForms(p.ent, p.keys, func(i int) record.Value { return d.keys[i] })
}

// keyIndex finds records by a key that has no index in the database: hashes of
// all keys, read once. Hits are compared again with the records themselves.
type keyIndex struct {
	seed maphash.Seed
	one  map[uint64]int64
	more map[uint64][]int64
}

func newKeyIndex(ctx context.Context, r *run) (*keyIndex, error) {
	x := &keyIndex{seed: maphash.MakeSeed(), one: map[uint64]int64{}, more: map[uint64][]int64{}}
	err := r.engine.Scan(ctx, r.actor, r.ent, r.plan.keys, func(rec *record.Record) error {
		if k := r.keyOf(rec); k != "" {
			x.add(k, rec.ID())
		}
		return nil
	})
	return x, err
}

func (x *keyIndex) add(key string, id int64) {
	h := maphash.String(x.seed, key)
	if old, ok := x.one[h]; ok && old != id {
		x.more[h] = append(x.more[h], id)
		return
	}
	x.one[h] = id
}

func (x *keyIndex) find(key string) []int64 {
	h := maphash.String(x.seed, key)
	id, ok := x.one[h]
	if !ok {
		return nil
	}
	return append([]int64{id}, x.more[h]...)
}

// keyOf is the key of a record.
func (r *run) keyOf(rec *record.Record) string {
	return joinForms(r.ent, r.plan.keys, func(i int) record.Value { return rec.At(r.plan.keys[i].Slot) })
}

// indexedKey is the place of a key field by which the database finds every
// record quickly, -1 when there is none. One of several keys may be empty, and
// empty ones are not in an index.
func (p *plan) indexedKey() int {
	for i, f := range p.keys {
		if (len(p.keys) == 1 || f.Required) && records.Indexed(p.ent, f) {
			return i
		}
	}
	return -1
}

// existing finds, in the transaction of a chunk, the records that rows are about.
func (r *run) existing(s *records.Session, drafts []*draft) (map[string][]*record.Record, error) {
	out := map[string][]*record.Record{}
	var ids []int64
	at := r.plan.indexedKey()
	switch {
	case r.plan.byID:
		for _, d := range drafts {
			ids = append(ids, d.id)
		}
	case at >= 0:
		var vals []record.Value
		for _, d := range drafts {
			if !d.keys[at].IsNull() {
				vals = append(vals, d.keys[at])
			}
		}
		hits, err := s.ByKey(r.ent, r.plan.keys[at], vals, r.plan.keys)
		if err != nil {
			return nil, err
		}
		want := make(map[string]bool, len(drafts))
		for _, d := range drafts {
			want[d.key] = true
		}
		for _, h := range hits {
			if want[r.keyOf(h)] {
				ids = append(ids, h.ID())
			}
		}
	default:
		for _, d := range drafts {
			ids = append(ids, r.index.find(d.key)...)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	recs, err := s.Load(r.ent, ids)
	if err != nil {
		return nil, err
	}
	for _, rec := range recs {
		k := strconv.FormatInt(rec.ID(), 10)
		if !r.plan.byID {
			k = r.keyOf(rec)
		}
		out[k] = append(out[k], rec)
	}
	return out, nil
}
