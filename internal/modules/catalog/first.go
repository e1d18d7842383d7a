package catalog

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/unit"
)

// firstCurrencies are the ones a new company meets first.
func firstCurrencies() []string { return []string{"CNY", "USD", "EUR", "HKD", "JPY", "GBP"} }

// firstUnits are codes of the units a new company starts with.
func firstUnits() []string {
	return []string{"piece", "pc", "ea", "unit", "set", "pair", "box", "pack", "roll", "sheet", "bottle", "kg", "t", "m", "m2", "hour", "day"}
}

// CreateFirst writes the currencies and units of a new installation, the base
// currency first. text gives the words of a key in the company's language.
func CreateFirst(ctx context.Context, tx entity.Writer, base string, text func(key string) string) error {
	codes := []string{base}
	for _, c := range firstCurrencies() {
		if c != base {
			codes = append(codes, c)
		}
	}
	for _, code := range codes {
		name := text("currency." + code)
		if name == "currency."+code {
			name = code
		}
		if _, err := tx.Create(ctx, currency.Entity.Name, func(r *record.Record) {
			currency.Code.Set(r, code)
			currency.Name.Set(r, name)
		}); err != nil {
			return err
		}
	}
	for _, code := range firstUnits() {
		if _, err := tx.Create(ctx, unit.Entity.Name, func(r *record.Record) {
			unit.Code.Set(r, code)
			unit.Name.Set(r, text("unit."+code))
		}); err != nil {
			return err
		}
	}
	return nil
}
