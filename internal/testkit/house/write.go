package house

import (
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Write runs fn in one transaction.
func (h *House) Write(actor *access.Actor, fn func(*records.Session) error) error {
	return h.Engine.InTx(context.Background(), actor, fn)
}

// Add creates a record without limits and loads the people anew.
func (h *House) Add(name string, fill func(*record.Record)) int64 {
	h.t.Helper()
	n, err := h.Create(name, fill)
	check(h.t, err)
	h.Load()
	return n
}

// Create creates a record without limits; its rules hold.
func (h *House) Create(name string, fill func(*record.Record)) (n int64, err error) {
	err = h.Write(h.System(), func(s *records.Session) error {
		n, err = s.Create(context.Background(), name, fill)
		return err
	})
	return n, err
}

// Change changes a record without limits; its rules hold.
func (h *House) Change(name string, n int64, change func(*record.Record)) error {
	return h.Write(h.System(), func(s *records.Session) error { return s.Update(context.Background(), name, n, change) })
}

// Inputs reads fields of an entity from their text form, as an import would.
func (h *House) Inputs(name string, fields map[string]string) []records.Input {
	h.t.Helper()
	ent := h.Engine.Registry.State().Entity(name)
	var out []records.Input
	for key, text := range fields {
		f := ent.Field(key)
		if f == nil {
			h.t.Fatalf("%s has no field %s", name, key)
		}
		env := h.System().Env
		v, err := f.Type.Parse(f, text, &env)
		if err != nil {
			h.t.Fatalf("%s.%s: %v", name, key, err)
		}
		if f.Many() && !v.IsNull() {
			v = record.List([]record.Value{v})
		}
		out = append(out, records.Input{Field: f, Value: v})
	}
	return out
}

// Batch writes several records of an entity in one go, each from fields in
// text form; an id of 0 creates. It gives one error for each record, and the
// one of the whole.
func (h *House) Batch(actor *access.Actor, name string, ids []int64, fields []map[string]string) (each []error, err error) {
	h.t.Helper()
	patches := make([]records.Patch, len(ids))
	for i, n := range ids {
		patches[i] = records.Patch{ID: n, Version: records.AnyVersion, Inputs: h.Inputs(name, fields[i])}
	}
	err = h.Write(actor, func(s *records.Session) error {
		each = nil // it may run again
		results, err := s.Batch(s.State().Entity(name), patches, false)
		for _, r := range results {
			each = append(each, r.Err)
		}
		return err
	})
	return each, err
}

// Act runs an action on a record.
func (h *House) Act(actor *access.Actor, name, action string, n int64) error {
	return h.ActWith(actor, name, action, n, nil)
}

// ActWith runs an action that is told something, in text form.
func (h *House) ActWith(actor *access.Actor, name, action string, n int64, told map[string]string) error {
	h.t.Helper()
	return h.Write(actor, func(s *records.Session) error {
		def := s.State().Def(name)
		i := slices.IndexFunc(def.Actions, func(a entity.Action) bool { return a.Name == action })
		if i < 0 {
			h.t.Fatalf("%s has no action %s", name, action)
		}
		a := &def.Actions[i]
		input, _, err := s.State().DecodeInput(a, nil, &actor.Env)
		if err != nil && len(told) == 0 {
			return err
		}
		for _, f := range a.InputFields() {
			v, err := f.Type.Parse(f, told[f.Key], &actor.Env)
			if err != nil {
				h.t.Fatalf("%s of %s: %v", f.Key, action, err)
			}
			input.SetAt(f.Slot, v)
		}
		_, err = s.Act(s.State().Entity(name), a, n, records.AnyVersion, input)
		return err
	})
}

// Read reads a record without limits; nil when it is not there.
func (h *House) Read(name string, n int64) *record.Record {
	h.t.Helper()
	r, err := h.Engine.Record(context.Background(), h.System(), name, n)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	check(h.t, err)
	return r
}
