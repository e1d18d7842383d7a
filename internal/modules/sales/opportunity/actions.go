package opportunity

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/competitor"
)

// What the actions ask for.
var (
	Why    = entity.Choice("reason", "price", "product", "relation", "service", "brand", "delivery", "other").SameAs("sales.opportunity", WinReason)
	Note   = entity.Text("note", 500)
	Reason = entity.Choice("reason", lossReasons()...).SameAs("sales.opportunity", LossReason).Required()
	To     = entity.Ref("lost_to", competitor.Entity.Name)
	Note2  = entity.Text("note", 500)
)

// The stage follows from the state: the rules find the one of the pipeline.
func win(r *record.Record, _ entity.Change, input *record.Record) error {
	Stage.Clear(r)
	r.Set(WinReason.Key(), input.Get(Why.Key()))
	note(r, input)
	return nil
}

func lose(r *record.Record, _ entity.Change, input *record.Record) error {
	Stage.Clear(r)
	r.Set(LossReason.Key(), input.Get(Reason.Key()))
	r.Set(LostTo.Key(), input.Get(To.Key()))
	note(r, input)
	return nil
}

func reopen(r *record.Record, _ entity.Change, _ *record.Record) error {
	Stage.Clear(r)
	return nil
}

func note(r, input *record.Record) {
	if s := input.Get(Note.Key()).Str(); s != "" {
		Review.Set(r, s)
	}
}
