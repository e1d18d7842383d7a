// Package target declares what the company, a department, a member or a product
// is to reach in a year, month by month (业绩目标, SAL-7).
package target

import (
	"slices"

	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/targets/measure"
)

// Whose target it is.
const (
	Company    = "company"
	Department = "department"
	Member     = "member"
	Product    = "product"
)

// Months and Quarters are how many a year has.
const (
	Months   = 12
	Quarters = 4
	perPart  = Months / Quarters
)

// The fields. Amounts are in the company's own currency; they stand in decimals,
// as do the numbers of what is counted. Name follows from subject and year, Key
// tells targets of the same subject, year and measure. No year is this one.
var (
	Name       = entity.Text("name", 220).ReadOnly().Folded().Sortable().Search()
	Year       = entity.Text("year", 4).Audited()
	Measure    = entity.Choice("measure", measure.Codes()...).Colors(measure.Colors()...).Default(measure.OrderAmount).Required().Audited().Coded()
	Kind       = entity.Choice("kind", Member, Department, Company, Product).Colors("blue", "purple", "teal", "orange").Required().Audited().Coded()
	OfMember   = entity.Member("member").VisibleWhen(entity.Is(Kind, Member)).RequiredWhen(entity.Is(Kind, Member)).Audited()
	OfDept     = entity.Dept("department").VisibleWhen(entity.Is(Kind, Department)).RequiredWhen(entity.Is(Kind, Department)).Audited()
	OfProduct  = entity.Ref("product", product.Entity.Name).VisibleWhen(entity.Is(Kind, Product)).RequiredWhen(entity.Is(Kind, Product)).Audited()
	quarters   = parts("q1", "q2", "q3", "q4")
	months     = parts("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12")
	Total      = entity.Decimal("total", 0).Between("0", "").AmountWhen(Measure, measure.Amounts()...).Required().Audited()
	Owner      = entity.Member("owner").Required().Audited()
	StartsOn   = entity.Date("starts_on").ReadOnly()
	Key        = entity.Text("key", 100).Unique().ReadOnly()
	Remark     = entity.LongText("remark")
	ExternalID = entity.Text("external_id", 100)
)

func parts(keys ...string) []*entity.Field[int64] {
	out := make([]*entity.Field[int64], len(keys))
	for i, key := range keys {
		out[i] = entity.Decimal(key, 0).Between("0", "").AmountWhen(Measure, measure.Amounts()...).Audited()
	}
	return out
}

// Month is the field of a month, 0 for January; Quarter that of a quarter.
func Month(n int) *entity.Field[int64] { return months[n] }

// Quarter is the field of a quarter, 0 for the first.
func Quarter(n int) *entity.Field[int64] { return quarters[n] }

// MonthKeys are the api names of the months, January first.
func MonthKeys() []string {
	out := make([]string, Months)
	for i, m := range months {
		out[i] = m.Key()
	}
	return out
}

// fields lists the year before its quarters and those before their months: a
// month that changes empties its quarter and the year, a quarter the year, the
// year its quarters; what was emptied so empties nothing further.
func fields() []entity.Declared {
	below := make([]entity.Declared, 0, Months+Quarters)
	for i, q := range quarters {
		q.Leads(Total)
		Total.Leads(q)
		for _, m := range quarter(i) {
			m.Leads(q, Total)
		}
		below = append(below, q)
	}
	for _, m := range months {
		below = append(below, m)
	}
	return entity.Fields(slices.Concat([]entity.Declared{Name, Year, Measure, Kind, OfMember, OfDept, OfProduct, Total}, below,
		[]entity.Declared{Owner, StartsOn, Key, Remark, ExternalID})...)
}

// quarter are the months of a quarter, 0 for the first.
func quarter(n int) []*entity.Field[int64] { return months[n*perPart : (n+1)*perPart] }

func keys(list []*entity.Field[int64]) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.Key()
	}
	return out
}

// name is the entity's.
const name = "targets.target"

// Entity is targets.target.
var Entity = entity.Def{
	Name:    name,
	Icon:    "goal",
	Fields:  fields(),
	Title:   Name,
	Scopes:  entity.OwnedBy(Owner),
	Indexes: []schema.Index{{Keys: []string{"year", "measure", "kind"}}, {Keys: []string{"-year", "-id"}}, entity.By(OfMember), entity.By(OfDept), entity.By(OfProduct)},
	Hooks:   entity.Hooks{Derive: derive, Needs: []entity.Need{entity.NeedOf(OfMember), entity.NeedOf(OfDept), entity.NeedOf(OfProduct)}, Validate: validate},
	Actions: []entity.Action{
		{Name: "spread", Op: access.Update, Bulk: true, Input: entity.Fields(Way, Sum), Run: spread},
		{Name: "copy", Op: access.Update, Bulk: true, Input: entity.Fields(Into, Growth), Run: copied},
	},
	Questions: []entity.Question{{Name: "breakdown", Op: access.Read, Columns: entity.Fields(Row, Part, RowTotal, RowParts[0], RowParts[1], RowParts[2], RowParts[3]), Answer: breakdown}},
	Layout: schema.Layout{
		List:   []string{"name", "measure", "kind", "year", "total", "q1", "q2", "q3", "q4", "owner"},
		Sort:   "-year",
		Card:   []string{"name", "measure", "total", "owner"},
		Kanban: "measure",
		Views: []schema.View{
			{Key: "all", Sort: "-year"},
			{Key: "sheet", Filter: "starts_on == year_start()", Sort: "kind,name", Fields: slices.Concat([]string{"name", "kind", "measure"}, keys(months), []string{"total"})},
			{Key: "departments", Filter: `kind == "department" and starts_on == year_start()`, Sort: "name"},
			{Key: "members", Filter: `kind == "member" and starts_on == year_start()`, Sort: "name"},
			{Key: "mine", Filter: `member == me`, Sort: "-year"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "measure", "kind", "member", "department", "product", "year", "total", "owner"}, Columns: 2},
			{Key: "quarters", Fields: keys(quarters), Columns: 2},
			{Key: "months", Fields: keys(months), Columns: 2},
			{Key: "more", Fields: []string{"remark", "starts_on", "key", "external_id"}, Columns: 2},
		},
	},
}
