// Package interestrule declares what is charged for paying late (滞纳金规则,
// FIN-1): how much, for which days, from whom.
package interestrule

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
)

// What a rate is for, how long a year is, and where the days begin: with the day
// on which it was due, or where the days of grace end.
const (
	Year      = "year"
	Day       = "day"
	FromDue   = "due"
	FromGrace = "grace"
)

// What it is. What is left empty holds for all; of several rules that hold on a
// day, the one with the higher priority counts. It bears interest for the days
// from From to Until; Cap is of what was owed, Least what is worth charging.
var (
	Name       = entity.Text("name", 60).Required().Unique()
	Rate       = entity.Percent("rate").Required().Between("0", "100").Apart().Audited()
	Per        = entity.Choice("per", Year, Day).Required().Default(Year).Coded().Audited()
	Basis      = entity.Choice("basis", "365", "360").Default("365").Coded().VisibleWhen(entity.Is(Per, Year)).Audited()
	Grace      = entity.Number("grace_days").Required().Between("0", "365").Default("0").Audited()
	Counts     = entity.Choice("counts_from", FromDue, FromGrace).Required().Default(FromDue).Coded().Audited()
	Cap        = entity.Percent("cap").Between("0.01", "1000").Apart().Audited()
	Least      = entity.Money("least").InBase().Between("0", "").Audited()
	Currency   = currency.Choice("currency")
	Level      = entity.Choice("level", "a", "b", "c", "d").SameAs("crm.customer", entity.Choice("level"))
	From       = entity.Date("starts_on").Required().Default("today()").Audited()
	Until      = entity.Date("ends_on").Audited()
	OnInterest = entity.Switch("on_interest").Audited()
	Priority   = entity.Number("priority").Apart().Between("0", "1000").Default("0").Audited()
	Active     = entity.Switch("active").Default("true").Audited()
	Remark     = entity.LongText("remark")
)

// EntityName is the entity's name.
const EntityName = "finance.interest_rule"

// Entity is finance.interest_rule.
var Entity = entity.Def{
	Name:   EntityName,
	Icon:   "percent",
	Fields: entity.Fields(Name, Rate, Per, Basis, Grace, Counts, Cap, Least, Currency, Level, From, Until, OnInterest, Priority, Active, Remark),
	Title:  Name,
	Hooks:  entity.Hooks{Validate: validate},
	Layout: schema.Layout{
		List: []string{"name", "rate", "per", "grace_days", "cap", "currency", "level", "starts_on", "ends_on", "active"},
		Sort: "name",
		Card: []string{"name", "rate", "per", "starts_on"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "valid", Filter: "active == true and starts_on <= today() and (ends_on is null or ends_on >= today())", Sort: "-priority"},
			{Key: "stopped", Filter: "active == false", Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "rate", "per", "basis", "grace_days", "counts_from", "cap", "least", "active"}, Columns: 2},
			{Key: "scope", Fields: []string{"starts_on", "ends_on", "currency", "level", "priority", "on_interest"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}

func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	if c.After == nil || !c.Touches(From, Until) {
		return nil
	}
	if until := Until.Get(c.After); until != "" && until < From.Get(c.After) {
		return errs.New(errs.Invalid, "error.ends_before").At(Until.Key())
	}
	return nil
}
