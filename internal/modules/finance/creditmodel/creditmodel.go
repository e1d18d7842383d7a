// Package creditmodel declares how a customer's credit is reckoned (评估模型,
// CUS-10): what counts how much, and which score is worth which limit.
package creditmodel

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Aspects are the keys of what is looked at: profile, finances, credit at
// banks, how it paid, a visit on site, related parties, public record.
func Aspects() []string {
	return []string{"profile", "finances", "bank_credit", "payments", "on_site", "related", "public_record"}
}

// Levels are the codes of the levels, the best first.
func Levels() []string { return []string{"a", "b", "c", "d"} }

// What it is: a weight for each aspect, the least score and the limit of each level.
var (
	Name    = entity.Text("name", 100).Required().Unique()
	Weights = weights()
	LeastA  = entity.Number("least_a").Required().Between("0", "100").Default("85")
	LeastB  = entity.Number("least_b").Required().Between("0", "100").Default("70")
	LeastC  = entity.Number("least_c").Required().Between("0", "100").Default("55")
	LimitA  = entity.Money("limit_a").InBase().Required().Between("0", "").Default("1000000")
	LimitB  = entity.Money("limit_b").InBase().Required().Between("0", "").Default("500000")
	LimitC  = entity.Money("limit_c").InBase().Required().Between("0", "").Default("200000")
	LimitD  = entity.Money("limit_d").InBase().Required().Between("0", "").Default("0")
	Active  = entity.Switch("active").Default("true")
	Remark  = entity.LongText("remark")
)

func weights() (out []*entity.Field[int64]) {
	for _, key := range Aspects() {
		out = append(out, entity.Number("weight_"+key).Required().Between("0", "100").Default("10"))
	}
	return out
}

// Entity is finance.credit_model.
var Entity = entity.Def{
	Name:   "finance.credit_model",
	Icon:   "calculator",
	Fields: entity.Fields(fields()...),
	Title:  Name,
	Hooks:  entity.Hooks{Validate: validate},
	Layout: schema.Layout{
		List: []string{"name", "limit_a", "limit_b", "limit_c", "limit_d", "active"},
		Sort: "name",
		Card: []string{"name", "active"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "active", Filter: "active == true", Sort: "name"},
			{Key: "inactive", Filter: "active == false", Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "active"}, Columns: 2},
			{Key: "weights", Fields: keys(Weights), Columns: 2},
			{Key: "levels", Fields: []string{"least_a", "limit_a", "least_b", "limit_b", "least_c", "limit_c", "limit_d"}, Columns: 2},
			{Key: "more", Fields: []string{"remark"}, Columns: 1},
		},
	},
}

func fields() []entity.Declared {
	list := []entity.Declared{Name}
	for _, w := range Weights {
		list = append(list, w)
	}
	return append(list, LeastA, LimitA, LeastB, LimitB, LeastC, LimitC, LimitD, Active, Remark)
}

func keys(list []*entity.Field[int64]) (out []string) {
	for _, f := range list {
		out = append(out, f.Key())
	}
	return out
}

func validate(_ context.Context, _ entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return nil
	}
	if a, b, c := LeastA.Get(r), LeastB.Get(r), LeastC.Get(r); a < b || b < c {
		return errs.New(errs.Invalid, "error.credit_levels").At(LeastA.Key())
	}
	var sum int64
	for _, w := range Weights {
		sum += w.Get(r)
	}
	if sum == 0 {
		return errs.New(errs.Invalid, "error.credit_weights").At(Weights[0].Key())
	}
	return nil
}

// Level gives the level of a score and its limit.
func Level(m *record.Record, score int64) (string, int64) {
	switch {
	case score >= LeastA.Get(m):
		return "a", LimitA.Get(m)
	case score >= LeastB.Get(m):
		return "b", LimitB.Get(m)
	case score >= LeastC.Get(m):
		return "c", LimitC.Get(m)
	}
	return "d", LimitD.Get(m)
}
