package schema

import (
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// dateType is a calendar day, stored as YYYY-MM-DD.
type dateType struct{}

func (dateType) Name() string                                 { return "date" }
func (dateType) Check(*Field) *errs.Error                     { return nil }
func (dateType) Columns(_ *Field, base string) []Column       { return single(base, record.KindText) }
func (dateType) Text(_ *Field, v record.Value, _ *Env) string { return v.Str() }
func (dateType) Ops(*Field) []Op                              { return orderOps }

func (dateType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (dateType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	d, err := calendar.ParseDate(s)
	if err != nil {
		return record.Null, asError(err)
	}
	return record.Text(string(d)), nil
}

func (dateType) Validate(f *Field, v record.Value) *errs.Error {
	if f.Set.Low != "" && v.Str() < f.Set.Low {
		return wrong("error.too_low", "least", f.Set.Low)
	}
	if f.Set.High != "" && v.Str() > f.Set.High {
		return wrong("error.too_high", "most", f.Set.High)
	}
	return nil
}

func (t dateType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (dateType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return rawjson.AppendString(b, v.Str())
}

// timeType is a time of day, stored as seconds since midnight.
type timeType struct{}

func (timeType) Name() string                              { return "time" }
func (timeType) Check(*Field) *errs.Error                  { return nil }
func (timeType) Columns(_ *Field, base string) []Column    { return single(base, record.KindInt) }
func (timeType) Validate(*Field, record.Value) *errs.Error { return nil }
func (timeType) Ops(*Field) []Op                           { return orderOps }

func (timeType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (timeType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	n, err := calendar.ParseTimeOfDay(s)
	if err != nil {
		return record.Null, asError(err)
	}
	return record.Int(int64(n)), nil
}

func (timeType) Text(_ *Field, v record.Value, _ *Env) string {
	if v.IsNull() {
		return ""
	}
	return string(appendClock(nil, v.Int()))
}

func appendClock(b []byte, n int64) []byte {
	for i, part := range []int64{n / 3600, n / 60 % 60, n % 60} {
		if i > 0 {
			b = append(b, ':')
		}
		if part < 10 {
			b = append(b, '0')
		}
		b = strconv.AppendInt(b, part, 10)
	}
	return b
}

func (t timeType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (timeType) Encode(_ *Field, b []byte, v record.Value) []byte {
	b = append(b, '"')
	b = appendClock(b, v.Int())
	return append(b, '"')
}

// instantType is a moment, stored as microseconds UTC.
type instantType struct{}

func (instantType) Name() string                              { return "instant" }
func (instantType) Check(*Field) *errs.Error                  { return nil }
func (instantType) Columns(_ *Field, base string) []Column    { return single(base, record.KindInt) }
func (instantType) Validate(*Field, record.Value) *errs.Error { return nil }
func (instantType) Ops(*Field) []Op                           { return orderOps }

func (instantType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (instantType) Parse(_ *Field, s string, env *Env) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	t, err := calendar.ParseInstant(s, env.zone())
	if err != nil {
		return record.Null, asError(err)
	}
	return record.Int(t.UnixMicro()), nil
}

func (instantType) Text(_ *Field, v record.Value, env *Env) string {
	if v.IsNull() {
		return ""
	}
	t := time.UnixMicro(v.Int()).In(env.zone())
	if t.Nanosecond() != 0 {
		return t.Format("2006-01-02 15:04:05.999999")
	}
	return t.Format("2006-01-02 15:04:05")
}

func (t instantType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return decodeByParse(t, f, j, env)
}

func (instantType) Encode(_ *Field, b []byte, v record.Value) []byte {
	b = append(b, '"')
	b = AppendInstant(b, v.Int())
	return append(b, '"')
}

// AppendInstant appends microseconds UTC as RFC 3339 with Z.
func AppendInstant(b []byte, micros int64) []byte {
	return time.UnixMicro(micros).UTC().AppendFormat(b, "2006-01-02T15:04:05.999999Z07:00")
}

func (e *Env) zone() *time.Location {
	if e == nil || e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// decodeByParse decodes a JSON string (or number, boolean) by the type's text form.
func decodeByParse(t Type, f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	if j.IsNull() {
		return record.Null, nil
	}
	if k := j.Kind(); k == '{' || k == '[' {
		return record.Null, wrong("error.want_text")
	}
	return t.Parse(f, j.Text(), env)
}
