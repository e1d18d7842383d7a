package value

import (
	"context"
	"slices"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// How scores come about.
const (
	Quintiles  = "quintiles"
	Thresholds = "thresholds"
)

// The fields of the model: how many months count, and from which figures on a
// customer has which score. By quintiles a fifth of the customers has each score
// as far as equal figures allow, and the limits are written every night to say
// which they came to; by thresholds an administrator writes them. A limit that is
// empty is reached by nobody.
var (
	Title     = entity.Text("name", 60).Required().Unique().Folded().Sortable().Search().Default("RFM")
	Active    = entity.Switch("active").Default("true")
	Months    = entity.Number("months").Between("1", "120").Default("12").Required()
	By        = entity.Choice("by", Quintiles, Thresholds).Default(Quintiles).Required().Coded()
	Days      = limits("days", entity.Number)
	Times     = limits("orders", entity.Number)
	Sums      = limits("amount", func(key string) *entity.Field[int64] { return entity.Money(key).InBase() })
	Remark    = entity.Text("remark", 500)
	Reckoned  = entity.Date("reckoned_on").ReadOnly()
	Customers = entity.Number("customers").ReadOnly()
	reached   = entity.Text("reached", 20).ReadOnly() // the last customer of a night's run, while it goes on
	running   = entity.Date("running_on").ReadOnly()  // the day of that run
)

// limits are the fields of what the scores 2 to 5 begin with.
func limits(key string, field func(string) *entity.Field[int64]) (out []*entity.Field[int64]) {
	for score := 2; score <= 5; score++ {
		out = append(out, field(key+strconv.Itoa(score)).Between("0", ""))
	}
	return out
}

// ModelName is the entity's.
const ModelName = "sales.value_model"

// Model is sales.value_model. One is in use.
var Model = entity.Def{
	Name:    ModelName,
	Icon:    "calculator",
	Fields:  entity.Fields(modelFields()...),
	Title:   Title,
	Public:  true,
	Guarded: true,
	Hooks:   entity.Hooks{Validate: validModel},
	Layout: schema.Layout{
		List: []string{"name", "active", "by", "months", "customers", "reckoned_on"},
		Sort: "name",
		Card: []string{"name", "active", "by"},
		Views: []schema.View{
			{Key: "all", Sort: "name"},
			{Key: "active", Filter: "active == true", Sort: "name"},
			{Key: "inactive", Filter: "active == false", Sort: "name"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"name", "active", "months", "by"}, Columns: 2},
			{Key: "recency", Fields: keysOf(Days), Columns: 2},
			{Key: "frequency", Fields: keysOf(Times), Columns: 2},
			{Key: "monetary", Fields: keysOf(Sums), Columns: 2},
			{Key: "more", Fields: []string{"remark", "reckoned_on", "customers", "running_on", "reached"}, Columns: 2},
		},
	},
}

func modelFields() []entity.Declared {
	list := []entity.Declared{Title, Active, Months, By}
	for _, f := range slices.Concat(Days, Times, Sums) {
		list = append(list, f)
	}
	return append(list, Remark, Reckoned, Customers, reached, running)
}

func keysOf(list []*entity.Field[int64]) (out []string) {
	for _, f := range list {
		out = append(out, f.Key())
	}
	return out
}

// validModel keeps one model in use and its thresholds in order; what changes in
// it is reckoned anew.
func validModel(ctx context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		return nil
	}
	if Active.Get(r) && c.Touches(Active) {
		others, err := tx.Find(ctx, ModelName, entity.Is(Active, "true"), 2)
		if err != nil {
			return err
		}
		for _, one := range others {
			if one.ID() != r.ID() {
				return errs.New(errs.Invalid, "error.value_model_second", "name", Title.Get(one)).At(Active.Key())
			}
		}
	}
	if By.Get(r) == Thresholds {
		for i, list := range [][]*entity.Field[int64]{Days, Times, Sums} {
			for n, f := range list {
				if f.Value(r).IsNull() {
					return errs.New(errs.Invalid, "error.required").At(f.Key())
				}
				if n == 0 {
					continue
				}
				if last := list[n-1].Get(r); i == 0 && f.Get(r) >= last || i > 0 && f.Get(r) <= last {
					return errs.New(errs.Invalid, "error.value_limits").At(f.Key())
				}
			}
		}
	}
	asked := []entity.Declared{Active, Months, By}
	if By.Get(r) == Thresholds {
		for _, f := range slices.Concat(Days, Times, Sums) {
			asked = append(asked, f)
		}
	}
	if c.Before != nil && c.Touches(asked...) {
		again(r)
	}
	return nil
}

// again has everything reckoned anew.
func again(r *record.Record) {
	Reckoned.Clear(r)
	running.Clear(r)
	reached.Clear(r)
}
