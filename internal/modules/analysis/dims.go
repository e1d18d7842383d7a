package analysis

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/category"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/sales/competitor"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
	"github.com/guanxicrm/guanxi/internal/modules/sales/value"
)

// The columns that say what a row stands for.
var (
	ofMember     = entity.Member("owner")
	ofDept       = entity.Ref("dept", "org.department")
	ofCustomer   = entity.Ref("customer", customer.Entity.Name)
	ofProduct    = entity.Ref("product", product.Entity.Name)
	ofCategory   = entity.Ref("category", category.Entity.Name)
	ofStage      = entity.Ref("stage", stage.Entity.Name)
	ofCompetitor = entity.Ref("lost_to", competitor.Entity.Name)
	ofSource     = entity.Choice("source", customer.Sources()...).SameAs(customer.Entity.Name, customer.Source)
	ofIndustry   = entity.Choice("industry", customer.Industries()...).SameAs(customer.Entity.Name, customer.Industry)
	ofLevel      = entity.Choice("level", "a", "b", "c", "d").SameAs(customer.Entity.Name, customer.Level)
	ofLoss       = entity.Choice("loss_reason", "other").SameAs(opportunity.Entity.Name, opportunity.LossReason)
	ofWin        = entity.Choice("win_reason", "other").SameAs(opportunity.Entity.Name, opportunity.WinReason)
	ofTime       = entity.Text("time", 10)
	ofRegion     = entity.Region("region")
	ofSegment    = entity.Choice("segment", value.Segments()...).SameAs(value.Name, value.Segment)
	ofRecency    = entity.Choice("recency", "5").SameAs(value.Name, value.Recency)
	ofFrequency  = entity.Choice("frequency", "5").SameAs(value.Name, value.Frequency)
	ofMonetary   = entity.Choice("monetary", "5").SameAs(value.Name, value.Monetary)
)

// The dimensions.
var (
	byMember     = dim{code: "member", column: ofMember}
	byDept       = dim{code: "department", column: ofDept}
	byCustomer   = dim{code: "customer", column: ofCustomer}
	byProduct    = dim{code: "product", column: ofProduct}
	byCategory   = dim{code: "category", column: ofCategory}
	byStage      = dim{code: "stage", column: ofStage}
	byCompetitor = dim{code: "competitor", column: ofCompetitor}
	bySource     = dim{code: "source", column: ofSource}
	byIndustry   = dim{code: "industry", column: ofIndustry}
	byLevel      = dim{code: "level", column: ofLevel}
	byLoss       = dim{code: "loss_reason", column: ofLoss}
	byWin        = dim{code: "win_reason", column: ofWin}
	byRegion     = dim{code: "region", column: ofRegion, digits: 2}
	byMonth      = dim{code: "month", column: ofTime, unit: "month"}
	byQuarter    = dim{code: "quarter", column: ofTime, unit: "quarter"}
	bySegment    = dim{code: "segment", column: ofSegment}
	byRecency    = dim{code: "recency", column: ofRecency}
	byFrequency  = dim{code: "frequency", column: ofFrequency}
	byMonetary   = dim{code: "monetary", column: ofMonetary}
	byYear       = dim{code: "year", column: ofTime, unit: "year"}
)

func chart(kind string, of ...entity.Declared) entity.Chart { return entity.Chart{Kind: kind, Of: of} }

// through are the paths to what customers are told apart by.
func through(customer string, more map[string]string) map[string]string {
	at := customer + "."
	if customer == "" {
		at = ""
	}
	out := map[string]string{"industry": at + "industry", "level": at + "level", "region": at + "region", "source": at + "source"}
	for k, v := range more {
		out[k] = v
	}
	return out
}
