package entity_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// vectors are what the server's and the page's evaluators of conditions must
// agree about (DESIGN §6); web/src/meta/condition.test.ts reads the same file.
type vectors struct {
	Fields []struct {
		Key, Type string
		Settings  schema.Settings
	}
	Cases []struct {
		When         string
		IR           json.RawMessage
		Holds, Fails []json.RawMessage
	}
	Refused []struct{ When, Key string }
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	raw, err := os.ReadFile("testdata/conditions.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

const thing = "x.thing"

func words(string) map[string]string { return nil }

// overlay makes the entity of the vectors with more fields.
func (v vectors) overlay(more ...entity.FieldPatch) *entity.Overlay {
	zh := schema.Labels{"zh-CN": "物"}
	o := &entity.Overlay{Entities: []entity.EntityPatch{{Name: thing, Add: true, Shared: true, Label: zh, Title: "title"}},
		Fields: []entity.FieldPatch{{Entity: thing, Key: "title", Add: true, Type: "text", Label: zh}}}
	for _, f := range v.Fields {
		o.Fields = append(o.Fields, entity.FieldPatch{Entity: thing, Key: f.Key, Add: true, Type: f.Type, Settings: f.Settings, Label: zh})
	}
	for _, p := range more {
		p.Entity = thing
		o.Fields = append(o.Fields, p)
	}
	return o
}

func compile(t *testing.T, o *entity.Overlay) *entity.State {
	t.Helper()
	r, err := entity.NewRegistry(words, nil)
	if err != nil {
		t.Fatal(err)
	}
	st, err := r.Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func probe(when string) entity.FieldPatch {
	return entity.FieldPatch{Key: "probe", Add: true, Type: "text", VisibleWhen: when, RequiredWhen: when}
}

func decode(t *testing.T, e *schema.Entity, raw json.RawMessage) *record.Record {
	t.Helper()
	rec := record.New(e.Shape)
	members, err := rawjson.Value(raw).Members()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		f := e.Field(m.Key)
		values := []rawjson.Value{m.Val}
		if f.Many() {
			if values, err = m.Val.Items(); err != nil {
				t.Fatal(err)
			}
		}
		var list []record.Value
		for _, j := range values {
			v, ferr := f.Type.Decode(f, j, &schema.Env{Region: "CN"})
			if ferr != nil {
				t.Fatal(ferr)
			}
			list = append(list, v)
		}
		if f.Many() {
			rec.SetAt(f.Slot, record.List(list))
		} else {
			rec.SetAt(f.Slot, list[0])
		}
	}
	return rec
}

// canonical writes JSON in one way.
func canonical(t *testing.T, raw []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestConditionsAsTheVectorsSay(t *testing.T) {
	v := readVectors(t)
	for _, c := range v.Cases {
		st := compile(t, v.overlay(probe(c.When)))
		if st.Fault != nil {
			t.Errorf("%s: %v", c.When, st.Fault)
			continue
		}
		e, rules := st.Entity(thing), st.Rules(thing)
		f := e.Field("probe")
		if got, want := canonical(t, query.AppendJSON(nil, rules.Of(f).Visible)), canonical(t, c.IR); got != want {
			t.Errorf("%s: written as\n%s, want\n%s", c.When, got, want)
		}
		for _, raw := range c.Holds {
			if rec := decode(t, e, raw); !rules.Visible(f, rec) || !rules.Required(f, rec) {
				t.Errorf("%s does not hold for %s", c.When, raw)
			}
		}
		for _, raw := range c.Fails {
			if rec := decode(t, e, raw); rules.Visible(f, rec) || rules.Required(f, rec) {
				t.Errorf("%s holds for %s", c.When, raw)
			}
		}
	}
	for _, c := range v.Refused {
		if err := compile(t, v.overlay(probe(c.When))).Fault; errs.KeyOf(err) != c.Key || !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want %s", c.When, err, c.Key)
		} else if coded, _ := errors.AsType[*errs.Error](err); coded.Field != "visible_when" {
			t.Errorf("%s: the error is at %q", c.When, coded.Field)
		}
	}
}

// What a condition looks at must stay, nothing may be shown because it is
// shown, and what stands for a record is always there.
func TestConditionsThatCannotBe(t *testing.T) {
	v := readVectors(t)
	a := entity.FieldPatch{Key: "a", Add: true, Type: "text", VisibleWhen: `b is null`}
	b := entity.FieldPatch{Key: "b", Add: true, Type: "text", VisibleWhen: `c is null`}
	c := entity.FieldPatch{Key: "c", Add: true, Type: "text"}
	if st := compile(t, v.overlay(a, b, c)); st.Fault != nil || len(st.Skipped) != 0 {
		t.Errorf("a chain: %v, %v", st.Fault, st.Skipped)
	}
	c.VisibleWhen = `a is null`
	if err := compile(t, v.overlay(a, b, c)).Fault; errs.KeyOf(err) != "error.rule_circle" {
		t.Errorf("a circle: %v", err)
	}
	c.VisibleWhen, c.RequiredWhen = "", `a is null`
	if err := compile(t, v.overlay(a, b, c)).Fault; err != nil {
		t.Errorf("to be required by what one shows is no circle: %v", err)
	}
	c.RequiredWhen, c.Retired = "", true
	st := compile(t, v.overlay(a, b, c))
	if errs.KeyOf(st.Fault) != "error.rule_retired" || len(st.Skipped) != 1 {
		t.Errorf("a field that a condition needs is hidden: %v, %v", st.Fault, st.Skipped)
	}
	if st.Rules(thing).Of(st.Entity(thing).Field("b")) != nil {
		t.Error("a condition that is wrong is still applied")
	}
	for key, p := range map[string]entity.FieldPatch{
		"error.rule_always":     {Key: "title", VisibleWhen: "vip == true"},
		"error.rule_unfillable": {Key: "no", Add: true, Type: "auto_number", RequiredWhen: "vip == true", Settings: schema.Settings{Number: &schema.Numbering{}}},
	} {
		if err := compile(t, v.overlay(p)).Fault; errs.KeyOf(err) != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}
