// Package rate declares what a currency is worth in the base currency from a
// day on (PLT-21).
package rate

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. Rate is base units for one unit of the currency, in 1/1,000,000
// as every decimal is kept; it holds from On until the next rate's day.
var (
	Currency = entity.Ref("currency", "catalog.currency").Required()
	On       = entity.Date("date").Required().Default("today()")
	Rate     = entity.Decimal("rate", 4).Required().Between("0.000001", "").Audited()
	Source   = entity.Text("source", 100)
)

// Entity is catalog.rate: one rate for a currency and a day.
var Entity = entity.Def{
	Name:    "catalog.rate",
	Icon:    "banknote",
	Fields:  entity.Fields(Currency, On, Rate, Source),
	Title:   On,
	Public:  true,
	Indexes: []schema.Index{entity.UniqueBy(Currency, On)},
	Layout: schema.Layout{
		List: []string{"currency", "date", "rate", "source", "updated_at"},
		Sort: "-date",
		Card: []string{"currency", "date", "rate"},
		Views: []schema.View{
			{Key: "all", Sort: "-date"},
			{Key: "month", Filter: "date >= month_start()", Sort: "-date"},
			{Key: "year", Filter: "date >= year_start()", Sort: "-date"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"currency", "date", "rate", "source"}, Columns: 2}},
	},
}
