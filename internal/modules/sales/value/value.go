// Package value declares what customers are worth by what they buy (客户价值,
// RFM, CUS-11): how recently, how often and for how much, each scored from 1 to
// 5, and the segment that follows from the three. It is kept by customer and
// reckoned anew every night: a report adds up rows that are there.
package value

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
)

// Segments, by which of the three scores are high: recent, frequent, large.
const (
	Key      = "key"      // all three: 重要价值
	Winback  = "winback"  // frequent and large: 重要唤回
	Grow     = "grow"     // recent and large: 重要深耕
	Retain   = "retain"   // large: 重要挽留
	Promise  = "promise"  // recent and frequent: 潜力
	Fresh    = "fresh"    // recent: 新客户
	Regular  = "regular"  // frequent: 一般维持
	Fading   = "fading"   // none: 流失
	Sleeping = "sleeping" // bought, but nothing in the time that counts: 沉睡
)

// Segments are all of them, the most valuable first.
func Segments() []string {
	return []string{Key, Winback, Grow, Retain, Promise, Fresh, Regular, Fading, Sleeping}
}

// High is the least score that is high.
const High = "4"

func scores() []string { return []string{"5", "4", "3", "2", "1"} }

// The fields. Orders and Amount are those of the model's span up to On, LastOn
// is of all times, Level and Owner are the customer's, kept here to be counted
// by; a customer who bought nothing in the span has no scores.
var (
	Customer  = entity.Ref("customer", customer.Entity.Name).Required().ReadOnly()
	Segment   = entity.Choice("segment", Segments()...).Colors("red", "orange", "purple", "pink", "green", "teal", "blue", "gray", "gray").ReadOnly().Coded()
	Recency   = entity.Choice("recency", scores()...).Colors("green", "teal", "blue", "orange", "red").ReadOnly().Coded()
	Frequency = entity.Choice("frequency", scores()...).Colors("green", "teal", "blue", "orange", "red").ReadOnly().Coded()
	Monetary  = entity.Choice("monetary", scores()...).Colors("green", "teal", "blue", "orange", "red").ReadOnly().Coded()
	LastOn    = entity.Date("last_order_on").ReadOnly()
	Orders    = entity.Number("orders").ReadOnly()
	Amount    = entity.Money("amount_base").InBase().ReadOnly()
	Level     = entity.Choice("level", "a", "b", "c", "d").Colors("red", "orange", "blue", "gray").SameAs(customer.Entity.Name, customer.Level).ReadOnly()
	Owner     = entity.Member("owner").ReadOnly()
	On        = entity.Date("reckoned_on").ReadOnly()
)

// Name is the entity's.
const Name = "sales.customer_value"

// Entity is sales.customer_value, one for each customer who ever ordered.
var Entity = entity.Def{
	Name:    Name,
	Icon:    "gauge",
	Fields:  entity.Fields(Customer, Segment, Recency, Frequency, Monetary, LastOn, Orders, Amount, Level, Owner, On),
	Title:   Customer,
	Scopes:  entity.OwnedBy(Owner).SeenThrough(Customer),
	Guarded: true,
	Indexes: []schema.Index{entity.UniqueBy(Customer), {Keys: []string{"segment", "orders", "amount_base"}}, {Keys: []string{"-amount_base", "-id"}},
		{Keys: []string{"recency", "frequency", "monetary", "orders", "amount_base"}}, {Keys: []string{"level", "segment", "orders", "amount_base"}},
		{Keys: []string{"owner", "segment", "orders", "amount_base"}}},
	Layout: schema.Layout{
		List:   []string{"customer", "segment", "recency", "frequency", "monetary", "last_order_on", "orders", "amount_base", "owner"},
		Sort:   "-amount_base",
		Card:   []string{"customer", "segment", "amount_base", "last_order_on"},
		Kanban: "segment",
		Views: []schema.View{
			{Key: "all", Sort: "-amount_base"},
			{Key: "important", Filter: `segment in ("key", "winback", "grow", "retain")`, Sort: "-amount_base"},
			{Key: "winback", Filter: `segment in ("winback", "retain", "sleeping")`, Sort: "-amount_base"},
			{Key: "mine", Filter: "owner == me", Sort: "-amount_base"},
		},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"customer", "segment", "recency", "frequency", "monetary", "last_order_on", "orders", "amount_base", "level", "owner", "reckoned_on"}, Columns: 2}},
	},
}

// segmentOf follows from three scores; none is a customer who sleeps.
func segmentOf(r, f, m string) string {
	if r == "" {
		return Sleeping
	}
	at := 0
	for i, score := range []string{r, f, m} {
		if score >= High {
			at |= 4 >> i
		}
	}
	return []string{Fading, Retain, Regular, Winback, Fresh, Grow, Promise, Key}[at]
}
