// Package currency declares the units of money (PLT-21).
package currency

import (
	"context"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. Code is of ISO 4217; Digits are its minor unit's, to which
// amounts are rounded.
var (
	Code   = entity.Text("code", 3).Required().Unique().Search().Audited()
	Name   = entity.Text("name", 60).Required().Folded().Sortable().Search()
	Digits = entity.Number("minor_digits").Between("0", "4").Audited()
	Symbol = entity.Text("symbol", 8)
	Active = entity.Switch("active").Default("true")
)

// Codes are those that prices and papers are offered in; administrators add others.
func Codes() []string {
	return []string{"CNY", "USD", "EUR", "HKD", "JPY", "GBP", "AUD", "CAD", "CHF", "SGD", "TWD", "KRW", "THB", "VND", "MYR", "INR", "KWD"}
}

// Choice is a field that says a currency. All of them offer what price books
// offer: who adds one there has it on every paper.
func Choice(key string) *entity.Field[string] {
	return entity.Choice(key, Codes()...).SameAs("catalog.price_book", entity.Choice("currency"))
}

// Entity is catalog.currency.
var Entity = entity.Def{
	Name:   "catalog.currency",
	Icon:   "coins",
	Fields: entity.Fields(Code, Name, Digits, Symbol, Active),
	Title:  Name,
	Public: true,
	Hooks:  entity.Hooks{Derive: derive, Validate: validate},
	Layout: schema.Layout{
		List: []string{"code", "name", "symbol", "minor_digits", "active"},
		Sort: "code",
		Card: []string{"code", "name", "symbol"},
		Views: []schema.View{
			{Key: "all", Sort: "code"},
			{Key: "active", Filter: "active == true", Sort: "code"},
			{Key: "inactive", Filter: "active == false", Sort: "code"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"code", "name", "symbol", "minor_digits", "active"}, Columns: 2}},
	},
}

func derive(r *record.Record, _ entity.Needs) error {
	Code.Set(r, strings.ToUpper(strings.TrimSpace(Code.Get(r))))
	if Digits.Value(r).IsNull() && Code.Get(r) != "" {
		Digits.Set(r, int64(decimal.MinorUnits(Code.Get(r))))
	}
	return nil
}

// validate holds new codes to ISO 4217; a code that was withdrawn since stays.
func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if !c.Touches(Code) {
		return nil
	}
	if code := Code.Get(c.After); !slices.Contains(decimal.Currencies(), code) {
		return errs.New(errs.Invalid, "error.currency", "value", code).At(Code.Key())
	}
	return nil
}
