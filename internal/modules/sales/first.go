package sales

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// CreateFirst writes the pipeline that a new installation starts with. text
// gives the words of a key in the company's language.
func CreateFirst(ctx context.Context, tx entity.Writer, text func(key string) string) error {
	of, err := tx.Create(ctx, pipeline.Entity.Name, func(r *record.Record) {
		pipeline.Name.Set(r, text("pipeline.default"))
		pipeline.Default.Set(r, true)
	})
	if err != nil {
		return err
	}
	for i, s := range []struct {
		name, kind string
		rate       int64
	}{{"contact", stage.Open, 10}, {"need", stage.Open, 30}, {"proposal", stage.Open, 50}, {"negotiation", stage.Open, 80}, {"won", stage.Won, 100}, {"lost", stage.Lost, 0}} {
		if _, err := tx.Create(ctx, stage.Entity.Name, func(r *record.Record) {
			stage.Name.Set(r, text("stage."+s.name))
			stage.Pipeline.Set(r, of)
			stage.Order.Set(r, int64(i+1)*10)
			stage.Kind.Set(r, s.kind)
			stage.WinRate.Set(r, s.rate*money.One)
		}); err != nil {
			return err
		}
	}
	return nil
}
