// Package analysis declares the reports that stand above several modules:
// funnel, win rate, forecast, rankings, margin, customers, channels (RPT-3,
// CUS-11, SAL-7, SAL-8). It has no records of its own: each report belongs to the
// entity that it is about, and sees what its reader may read.
package analysis

import (
	"embed"

	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followup"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/sales/forecast"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/value"
	"github.com/guanxicrm/guanxi/internal/modules/sales/visit"
)

//go:embed zh.json en.json
var texts embed.FS

// Module declares the reports.
func Module() entity.Module {
	on := func(name string, reports ...entity.Report) entity.Extension {
		return entity.Extension{Of: name, Reports: reports}
	}
	return entity.Module{
		Name:  "analysis",
		Texts: texts,
		Extends: []entity.Extension{
			on(opportunity.Entity.Name, funnel(), winRates(), forecasts()),
			on(visit.Entity.Name, dwell()),
			on(forecast.Row.Name, outlook()),
			on(order.Entity.Name, rankings(), turnover(), products(), margins(), productMargins()),
			on(customer.Entity.Name, statistics()),
			on(value.Name, worthies()),
			on(followup.Entity.Name, activity()),
			on(lead.Entity.Name, channels()),
		},
	}
}
