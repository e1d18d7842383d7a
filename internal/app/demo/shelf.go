package demo

import (
	"context"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/pricebook"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/unit"
)

// pack is how a product is called, packed and declared abroad: weights in kg,
// volume in litres, of one carton.
type pack struct {
	English, Unit, HS  string
	Net, Gross, Litres int64
}

// packs are those of the goods, in their order; services have a unit only.
func packs() []pack {
	return []pack{
		{"CNC lathe", "unit", "8458110090", 1_850, 2_100, 5_200}, {"Machining centre", "unit", "8457101000", 5_600, 6_050, 14_300},
		{"Laser cutting machine", "unit", "8456110090", 3_900, 4_350, 17_800}, {"Injection moulding machine", "unit", "8477101090", 5_200, 5_500, 16_400},
		{"Industrial robot", "unit", "8479501000", 165, 240, 1_150}, {"Servo motor", "ea", "8501520000", 6, 7, 12}, {"Frequency converter", "ea", "8504409999", 5, 6, 14},
		{"Photoelectric sensor", "ea", "9031499090", 1, 1, 1}, {"Control cabinet", "set", "8537101190", 48, 62, 310}, {"Vision measuring machine", "unit", "9031491000", 210, 285, 980},
		{"Screw air compressor", "unit", "8414804090", 420, 480, 1_760}, {"Electric forklift", "unit", "8427109000", 4_100, 4_180, 8_900},
		{"Conveyor belt", "set", "8428330000", 85, 110, 640}, {"Heavy-duty rack", "set", "9403200000", 96, 104, 280}, {"Vertical packing machine", "unit", "8422301090", 380, 450, 2_300},
		{"Installation", "unit", "", 0, 0, 0}, {"Annual maintenance", "ea", "", 0, 0, 0},
	}
}

// suppliers are where the goods come from, by their category.
func suppliers(category string) [2]string {
	switch category {
	case "机床设备":
		return [2]string{"沈北机床制造（示例）", "台中精机代理（示例）"}
	case "自动化":
		return [2]string{"苏南自动化元件（示例）", "深圳联控电子（示例）"}
	}
	return [2]string{"合工物流装备（示例）", "永康动力机械（示例）"}
}

// units are the ids of units by their code.
func (w *Writer) units(ctx context.Context, tx *records.Session) (map[string]int64, error) {
	list, err := tx.Find(ctx, unit.Entity.Name, nil, 100)
	out := make(map[string]int64, len(list))
	for _, one := range list {
		out[unit.Code.Get(one)] = one.ID()
	}
	return out, err
}

// pack fills in how a product is packed.
func (p pack) fill(r *record.Record, units map[string]int64) {
	product.NameEn.Set(r, p.English)
	if n := units[p.Unit]; n != 0 {
		product.Unit.Set(r, n)
	}
	if p.HS == "" {
		return
	}
	product.HSCode.Set(r, p.HS)
	product.Origin.Set(r, "中国")
	product.PerCarton.Set(r, micro)
	product.Volume.Set(r, p.Litres*micro/1_000)
	product.NetWeight.Set(r, p.Net*micro)
	product.GrossWeight.Set(r, p.Gross*micro)
}

// asked is what suppliers asked for a product of late.
func asked(s *Scene, p *Product) entity.Made {
	out := entity.Made{Group: product.SupplierPrices}
	if p.Kind == product.Service {
		return out
	}
	for i, name := range suppliers(p.Category) {
		out.Fill = append(out.Fill, func(r *record.Record) {
			product.Supplier.Set(r, name)
			product.Asked.Set(r, p.Cost*micro/100*int64(99+2*i))
			product.On.Set(r, s.Day.AddDate(0, -2-5*i, 0).Format(time.DateOnly))
			product.From.Set(r, int64(1+4*(1-i))*micro)
			product.Note.Set(r, []string{"含税含运，账期 30 天", "含税自提，款到发货"}[i])
		})
	}
	return out
}

// bundles are sold as one and made of others.
func (w *Writer) bundles(ctx context.Context, tx *records.Session, s *Scene, units map[string]int64, category int64) error {
	for i, b := range []struct {
		name, english string
		asOne         bool
		parts         [][2]int64 // product, how many
	}{
		{"自动上下料单元", "Robot loading cell", false, [][2]int64{{4, 1}, {8, 1}, {12, 2}, {services, 1}}},
		{"机加工起步套装", "Machining starter set", true, [][2]int64{{0, 1}, {9, 1}, {10, 1}, {services, 1}}},
	} {
		made, price, cost := entity.Made{Group: product.Parts}, int64(0), int64(0)
		for _, p := range b.parts {
			price += s.Products[p[0]].Price * p[1]
			cost += s.Products[p[0]].Cost * p[1]
			made.Fill = append(made.Fill, func(r *record.Record) {
				product.Of.Set(r, w.ids.products[p[0]])
				product.HowMany.Set(r, p[1]*micro)
			})
		}
		if _, err := tx.Create(ctx, product.Entity.Name, func(r *record.Record) {
			product.Name.Set(r, b.name)
			product.NameEn.Set(r, b.english)
			product.Code.Set(r, "TC-00"+strconv.Itoa(i+1))
			product.Kind.Set(r, product.Bundle)
			product.AsOne.Set(r, b.asOne)
			product.Category.Set(r, category)
			product.Unit.Set(r, units["set"])
			product.Price.Set(r, price*95/100/100*100*micro)
			product.Cost.Set(r, cost*micro)
			product.MaxDiscount.Set(r, 5*micro)
		}, made); err != nil {
			return err
		}
	}
	return nil
}

// book is a price book: percent of the usual price, from the second quantity on
// a little less; a Per other than 0 is what one unit of its currency is worth.
type book struct {
	name, code, currency, region string
	levels                       []string
	from, until                  string
	priority, percent, per       int64
	goods                        []int
}

// books are of this year but for the last one, which has run out.
func books(day time.Time) []book {
	year := day.Format("2006")
	before := strconv.Itoa(day.Year() - 1)
	return []book{
		{"重点客户协议价 " + year, "VIP" + year, "CNY", "", []string{"a", "b"}, year + "-01-01", year + "-12-31", 20, 97, 0, []int{0, 1, 2, 4, 5, 6, 8, 9}},
		{"华南区域价", "HN" + year, "CNY", "44", nil, year + "-01-01", "", 10, 98, 0, []int{5, 6, 7, 10, 11, 12, 13, 14}},
		{"美元出口价 FOB 上海", "USD" + year, "USD", "", nil, year + "-01-01", "", 0, 104, 7, []int{0, 1, 3, 4, 5, 6, 8, 12}},
		{"年末促销价 " + before, "CX" + before, "CNY", "", nil, before + "-11-01", before + "-12-31", 30, 95, 0, []int{5, 6, 7, 13}},
	}
}

// priceBooks writes them.
func (w *Writer) priceBooks(ctx context.Context, tx *records.Session, s *Scene) error {
	for _, b := range books(s.Day) {
		made := entity.Made{Group: pricebook.Items}
		for _, at := range b.goods {
			price := s.Products[at].Price * micro / 100 * b.percent
			if b.per != 0 {
				price /= b.per
			}
			for step := range int64(2) {
				if step > 0 && s.Products[at].Price > 100_000 {
					continue
				}
				made.Fill = append(made.Fill, func(r *record.Record) {
					pricebook.Product.Set(r, w.ids.products[at])
					pricebook.AtLeast.Set(r, step*50*micro)
					pricebook.Price.Set(r, price/100*(100-2*step)/10_000*10_000)
					if step > 0 {
						pricebook.MaxDiscount.Set(r, 5*micro)
					}
				})
			}
		}
		if _, err := tx.Create(ctx, pricebook.Entity.Name, func(r *record.Record) {
			pricebook.Name.Set(r, b.name)
			pricebook.Code.Set(r, b.code)
			pricebook.Currency.Set(r, b.currency)
			pricebook.From.Set(r, b.from)
			setText(r, pricebook.Until, b.until)
			setText(r, pricebook.Region, b.region)
			pricebook.Priority.Set(r, b.priority)
			if len(b.levels) > 0 {
				pricebook.Levels.Set(r, texts(b.levels))
			}
		}, made); err != nil {
			return err
		}
	}
	return nil
}

// texts are values of a field with several choices.
func texts(list []string) (out []record.Value) {
	for _, s := range list {
		out = append(out, record.Text(s))
	}
	return out
}
