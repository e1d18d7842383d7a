package schema

import (
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// numberType is a whole number within ±2^53, so that every JSON reader keeps it exact.
type numberType struct{}

const safeInteger = 1 << 53

func (numberType) Name() string               { return "number" }
func (numberType) Check(f *Field) *errs.Error { return checkBounds(f, 0) }
func (numberType) Columns(_ *Field, base string) []Column {
	return single(base, record.KindInt)
}

func (numberType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (numberType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	return parseScaled(s, 0)
}

func (numberType) Text(_ *Field, v record.Value, _ *Env) string {
	if v.IsNull() {
		return ""
	}
	return strconv.FormatInt(v.Int(), 10)
}

func (numberType) Validate(f *Field, v record.Value) *errs.Error {
	if v.Int() > safeInteger || v.Int() < -safeInteger {
		return wrong("error.number_range")
	}
	return bounds(f, v, 0)
}

func (t numberType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return t.Parse(f, j.Text(), env)
}

func (numberType) Encode(_ *Field, b []byte, v record.Value) []byte {
	return strconv.AppendInt(b, v.Int(), 10)
}
func (numberType) Ops(*Field) []Op { return orderOps }

// Digits of the stored scales (DESIGN §3).
const (
	moneyDigits   = 4
	decimalDigits = 6
)

// decimalType is an exact decimal in units of 1/1,000,000; digits only set how many are shown at least.
type decimalType struct{}

func (decimalType) Name() string               { return "decimal" }
func (decimalType) Check(f *Field) *errs.Error { return checkBounds(f, decimalDigits) }
func (decimalType) Columns(_ *Field, base string) []Column {
	return single(base, record.KindInt)
}

func (decimalType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (decimalType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	return parseScaled(s, decimalDigits)
}

func (decimalType) Text(f *Field, v record.Value, _ *Env) string {
	if v.IsNull() {
		return ""
	}
	return decimal.Format(v.Int(), decimalDigits, f.Set.Digits)
}

func (decimalType) Validate(f *Field, v record.Value) *errs.Error {
	return bounds(f, v, decimalDigits)
}

func (t decimalType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return t.Parse(f, j.Text(), env)
}

func (decimalType) Encode(f *Field, b []byte, v record.Value) []byte {
	b = append(b, '"')
	b = decimal.Append(b, v.Int(), decimalDigits, f.Set.Digits)
	return append(b, '"')
}
func (decimalType) Ops(*Field) []Op { return orderOps }

// percentType is a decimal that people read with a % sign: 12.5 means 12.5 %.
type percentType struct{ decimalType }

func (percentType) Name() string { return "percent" }

func (percentType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	for len(s) > 0 && (s[len(s)-1] == '%' || s[len(s)-1] == ' ') {
		s = s[:len(s)-1]
	}
	if n := len("％"); len(s) >= n && s[len(s)-n:] == "％" {
		s = s[:len(s)-n]
	}
	return parseScaled(s, decimalDigits)
}

func (t percentType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return t.Parse(f, j.Text(), env)
}

// moneyType is an amount in units of 1/10,000 of a currency.
type moneyType struct{}

func (moneyType) Name() string               { return "money" }
func (moneyType) Check(f *Field) *errs.Error { return checkBounds(f, moneyDigits) }
func (moneyType) Columns(_ *Field, base string) []Column {
	return single(base, record.KindInt)
}

func (moneyType) Expand(_ *Field, v record.Value, dst []record.Value) []record.Value {
	return append(dst, v)
}

func (moneyType) Parse(_ *Field, s string, _ *Env) (record.Value, *errs.Error) {
	return parseScaled(s, moneyDigits)
}

func (moneyType) Text(_ *Field, v record.Value, _ *Env) string {
	if v.IsNull() {
		return ""
	}
	return decimal.Format(v.Int(), moneyDigits, 2)
}
func (moneyType) Validate(f *Field, v record.Value) *errs.Error { return bounds(f, v, moneyDigits) }

func (t moneyType) Decode(f *Field, j JSON, env *Env) (record.Value, *errs.Error) {
	return t.Parse(f, j.Text(), env)
}

func (moneyType) Encode(_ *Field, b []byte, v record.Value) []byte {
	b = append(b, '"')
	b = decimal.Append(b, v.Int(), moneyDigits, 2)
	return append(b, '"')
}
func (moneyType) Ops(*Field) []Op { return orderOps }

func parseScaled(s string, digits int) (record.Value, *errs.Error) {
	if s == "" {
		return record.Null, nil
	}
	n, err := decimal.Parse(s, digits)
	if err != nil {
		return record.Null, asError(err)
	}
	return record.Int(n), nil
}

func asError(err error) *errs.Error {
	if e, ok := err.(*errs.Error); ok { //nolint:errorlint // base packages return it bare
		return e
	}
	return wrong("error.value").With(err)
}

func checkBounds(f *Field, digits int) *errs.Error {
	for _, s := range []string{f.Set.Low, f.Set.High} {
		if _, err := parseScaled(s, digits); err != nil {
			return err
		}
	}
	if f.Set.Digits < 0 || f.Set.Digits > decimalDigits {
		return wrong("error.setting_digits", "most", strconv.Itoa(decimalDigits))
	}
	return nil
}

// bounds checks a number against the field's Low and High.
func bounds(f *Field, v record.Value, digits int) *errs.Error {
	if f.Set.Low != "" {
		if low, err := parseScaled(f.Set.Low, digits); err == nil && v.Int() < low.Int() {
			return wrong("error.too_low", "least", decimal.Group(f.Set.Low))
		}
	}
	if f.Set.High != "" {
		if high, err := parseScaled(f.Set.High, digits); err == nil && v.Int() > high.Int() {
			return wrong("error.too_high", "most", decimal.Group(f.Set.High))
		}
	}
	return nil
}
