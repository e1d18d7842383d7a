package importer

import (
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Percents are often kept as parts of 1: 0.15 for 15 %.

// one is 1 as percents are stored, and hundred how many of them make a whole.
const (
	one     = 1_000_000
	hundred = 100
)

// inParts says whether the texts of a column are parts of 1: all are between 0
// and 1, some between them, and none has a percent sign.
func inParts(texts []string) bool {
	some := false
	for _, t := range texts {
		n, err := decimal.Parse(strings.TrimSpace(t), decimal.DecimalDigits)
		if err != nil || n < 0 || n > one {
			return false
		}
		some = some || n > 0 && n < one
	}
	return some
}

// ofParts reads a part of 1 as a percent; one with a percent sign is one
// already. More than the whole is not guessed at.
func ofParts(f *schema.Field, t string, env *schema.Env) (record.Value, *errs.Error) {
	if strings.ContainsAny(t, "%％") {
		return parse(f, t, env)
	}
	v, err := parse(f, t, env)
	if err != nil || v.IsNull() {
		return v, err
	}
	if n := v.Int(); n < 0 || n > one {
		return record.Null, errs.New(errs.Invalid, "error.import_parts", "value", clip(t))
	}
	return record.Int(v.Int() * hundred), nil
}

// headers names the columns that a field is read from.
func (c *column) headers(header []string) string {
	names := make([]string, len(c.at))
	for i, at := range c.at {
		names[i] = header[at]
	}
	return strings.Join(names, " + ")
}
