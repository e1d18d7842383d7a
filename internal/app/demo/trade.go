package demo

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/category"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/product"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/rate"
	"github.com/guanxicrm/guanxi/internal/modules/finance/account"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settle"
	"github.com/guanxicrm/guanxi/internal/modules/sales/competitor"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/forecast"
	"github.com/guanxicrm/guanxi/internal/modules/sales/opportunity"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/quote"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// trade writes what deals are made of: the products, who else sells, rates,
// and where the money arrives.
func (w *Writer) trade(ctx context.Context, tx *records.Session, s *Scene) (err error) {
	groups := map[string]int64{}
	units, err := w.units(ctx, tx)
	if err != nil {
		return err
	}
	for i, p := range s.Products {
		if groups[p.Category] == 0 {
			if groups[p.Category], err = tx.Create(ctx, category.Entity.Name, func(r *record.Record) {
				category.Name.Set(r, p.Category)
				category.MaxDiscount.Set(r, 12*micro)
			}); err != nil {
				return err
			}
		}
		if w.ids.products[i], err = tx.Create(ctx, product.Entity.Name, func(r *record.Record) {
			product.Name.Set(r, p.Name)
			product.Spec.Set(r, p.Spec)
			product.Code.Set(r, p.Code)
			product.Kind.Set(r, p.Kind)
			product.Category.Set(r, groups[p.Category])
			product.Price.Set(r, p.Price*micro)
			product.Cost.Set(r, p.Cost*micro)
			product.MaxDiscount.Set(r, 10*micro)
			if p.Kind == product.Service {
				product.TaxRate.Set(r, 6*micro)
			}
			packs()[i].fill(r, units)
		}, asked(s, &p)); err != nil {
			return err
		}
	}
	if err := w.bundles(ctx, tx, s, units, groups[s.Products[0].Category]); err != nil {
		return err
	}
	if err := w.priceBooks(ctx, tx, s); err != nil {
		return err
	}
	for i, name := range s.Rivals {
		if w.ids.rivals[i], err = tx.Create(ctx, competitor.Entity.Name, func(r *record.Record) {
			competitor.Name.Set(r, name)
			competitor.Threat.Set(r, []string{"high", "medium", "low"}[i%3])
			competitor.Strengths.Set(r, []string{"价格低，现货多", "品牌知名，展会投入大", "本地服务网点密", "进口品牌代理，高端项目占优"}[i%4])
			competitor.Weaknesses.Set(r, []string{"售后响应慢", "交期长，折扣空间小", "产品线窄", "备件贵"}[i%4])
			competitor.Tactics.Set(r, []string{"强调全生命周期成本与 24 小时到场", "以交期和付款条件取胜", "给整线方案", "用国产替代的性价比对比"}[i%4])
		}); err != nil {
			return err
		}
	}
	if w.ids.account, err = tx.Create(ctx, account.Entity.Name, func(r *record.Record) {
		account.Name.Set(r, "基本户")
		account.Bank.Set(r, "示例银行上海分行")
		account.Number.Set(r, "1001 0000 0000 0001")
	}); err != nil {
		return err
	}
	if err := w.rates(ctx, tx, s); err != nil {
		return err
	}
	if err := w.levels(ctx, tx); err != nil {
		return err
	}
	open, err := tx.Find(ctx, stage.Entity.Name, entity.Is(stage.Kind, stage.Open), 100)
	if err != nil {
		return err
	}
	slices.SortFunc(open, func(a, b *record.Record) int { return int(stage.Order.Get(a) - stage.Order.Get(b)) })
	w.ids.stages = nil
	for _, one := range open {
		w.ids.stages = append(w.ids.stages, one.ID())
	}
	return w.gates(ctx, tx)
}

func (w *Writer) rates(ctx context.Context, tx *records.Session, s *Scene) error {
	dollar, err := tx.Find(ctx, currency.Entity.Name, entity.Is(currency.Code, "USD"), 1)
	if err != nil || len(dollar) == 0 {
		return err
	}
	for _, one := range s.Rates {
		if _, err := tx.Create(ctx, rate.Entity.Name, func(r *record.Record) {
			rate.Currency.Set(r, dollar[0].ID())
			rate.On.Set(r, one.Day)
			rate.Rate.Set(r, one.Rate)
		}); err != nil {
			return err
		}
	}
	return nil
}

// foreseen is for how long the demo company has kept its forecast, week by week.
const foreseen = 20 * 7 * 24 * time.Hour

// step does what happened to a deal at its moment.
func (w *Writer) step(ctx context.Context, tx *records.Session, s *Scene, p *Step) error {
	if err := tx.Backdate(p.At); err != nil {
		return err
	}
	if p.What == reminds {
		return w.remind(ctx, tx, p)
	}
	if w.Engine.Clock.Now().Sub(p.At) < foreseen {
		if _, err := forecast.Tick(ctx, tx, p.At); err != nil {
			return err
		}
	}
	of := w.ids.deals[p.Deal]
	switch p.What {
	case opens:
		return w.open(ctx, tx, s, p)
	case moves:
		return w.goOn(ctx, tx, of, w.ids.stages[p.N])
	case offers:
		return w.offer(ctx, tx, s, p)
	case Won:
		return w.win(ctx, tx, p)
	case loses:
		input := []rawjson.Member{told(opportunity.Reason.Key(), p.Reason)}
		if n := s.Deals[p.Deal].Competitor; n >= 0 && p.Reason == "competitor" {
			input = append(input, told(opportunity.To.Key(), id.ID(w.ids.rivals[n]).String()))
		}
		return w.act(tx, &opportunity.Entity, "lose", of, input...)
	case signs:
		return w.sign(ctx, tx, p)
	case delivers, ends:
		return w.carryOn(ctx, tx, p)
	case bills:
		return w.bill(ctx, tx, p)
	}
	return w.pay(ctx, tx, p)
}

// items are the lines of a deal.
func (w *Writer) items(s *Scene, d *Deal) entity.Made {
	out := entity.Made{Group: paper.Items}
	for _, l := range d.Lines {
		out.Fill = append(out.Fill, func(r *record.Record) {
			opportunity.Item.Product.Set(r, w.ids.products[l.Product])
			opportunity.Item.Quantity.Set(r, l.Quantity*micro)
			if l.Discount > 0 {
				opportunity.Item.Discount.Set(r, l.Discount*micro)
			}
			if d.Currency != "" { // products have their price in yuan
				opportunity.Item.Price.Set(r, s.Products[l.Product].Price*micro/7/10_000*10_000)
			}
		})
	}
	return out
}

func (w *Writer) open(ctx context.Context, tx *records.Session, s *Scene, p *Step) (err error) {
	d := &s.Deals[p.Deal]
	w.ids.deals[p.Deal], err = tx.Create(ctx, opportunity.Entity.Name, func(r *record.Record) {
		opportunity.Name.Set(r, d.Name)
		opportunity.Customer.Set(r, w.ids.customers[d.Customer])
		opportunity.Owner.Set(r, w.ids.members[d.Owner])
		opportunity.Source.Set(r, d.Source)
		opportunity.Kind.Set(r, d.Kind)
		opportunity.Forecast.Set(r, d.Forecast)
		opportunity.ExpectedOn.Set(r, d.Expected)
		opportunity.Demand.Set(r, d.Demand)
		setText(r, opportunity.Currency, d.Currency)
		if d.Competitor >= 0 {
			opportunity.Competitors.Set(r, []record.Value{record.Int(w.ids.rivals[d.Competitor])})
		}
	}, w.items(s, d))
	return err
}

// offer writes the quote of a deal and sends it, once it is approved where the
// discount needs that. Some wait.
func (w *Writer) offer(ctx context.Context, tx *records.Session, s *Scene, p *Step) (err error) {
	d := &s.Deals[p.Deal]
	if w.ids.quotes[p.Deal], err = tx.Create(ctx, quote.Entity.Name, func(r *record.Record) {
		quote.Name.Set(r, d.Name)
		quote.Opportunity.Set(r, w.ids.deals[p.Deal])
		quote.Head.Customer.Set(r, w.ids.customers[d.Customer])
		quote.Head.Owner.Set(r, w.ids.members[d.Owner])
		setText(r, quote.Head.Currency, d.Currency)
		quote.ValidUntil.Set(r, p.At.AddDate(0, 0, 30).Format(time.DateOnly))
	}, w.items(s, d)); err != nil {
		return err
	}
	if err := w.act(tx, &quote.Entity, "submit", w.ids.quotes[p.Deal]); err != nil {
		return err
	}
	now, err := tx.Get(ctx, quote.Entity.Name, w.ids.quotes[p.Deal])
	if err != nil {
		return err
	}
	if quote.Status.Get(now) == quote.Pending {
		if p.Deal%2 == 0 && !sold(s, p.Deal) {
			return nil
		}
		if err := w.act(tx, &quote.Entity, "approve", now.ID(), told(quote.Comment.Key(), "同意，注意回款")); err != nil {
			return err
		}
	}
	return w.act(tx, &quote.Entity, "send", now.ID())
}

// sold says whether a deal was won.
func sold(s *Scene, deal int) bool {
	return slices.ContainsFunc(s.Steps, func(p Step) bool { return p.Deal == deal && p.What == Won })
}

func (w *Writer) win(ctx context.Context, tx *records.Session, p *Step) error {
	if err := w.confirm(ctx, tx, w.ids.deals[p.Deal], -1); err != nil {
		return err
	}
	if err := w.act(tx, &opportunity.Entity, "win", w.ids.deals[p.Deal], told(opportunity.Why.Key(), p.Reason)); err != nil {
		return err
	}
	return w.act(tx, &quote.Entity, "accept", w.ids.quotes[p.Deal], told(quote.Make.Key(), "both"))
}

// papers are the contract and the order that a deal's quote became.
func (w *Writer) papers(ctx context.Context, tx *records.Session, deal int) (of, sale int64, err error) {
	q, err := tx.Get(ctx, quote.Entity.Name, w.ids.quotes[deal])
	if err != nil {
		return 0, 0, err
	}
	return quote.Contract.Get(q), quote.Order.Get(q), nil
}

// sign has the contract approved and in force, plans what is to be paid when,
// and confirms the order.
func (w *Writer) sign(ctx context.Context, tx *records.Session, p *Step) error {
	of, sale, err := w.papers(ctx, tx, p.Deal)
	if err != nil {
		return err
	}
	day := p.At.Format(time.DateOnly)
	if err := tx.Update(ctx, contract.Entity.Name, of, func(r *record.Record) {
		contract.SignedOn.Set(r, day)
		contract.StartsOn.Set(r, day)
		contract.EndsOn.Set(r, p.At.AddDate(1, 0, 0).Format(time.DateOnly))
	}); err != nil {
		return err
	}
	for _, name := range []string{"submit", "approve", "activate"} {
		if err := w.act(tx, &contract.Entity, name, of); err != nil {
			return err
		}
	}
	if err := w.act(tx, &contract.Entity, "plan", of, told(instalment.Split.Key(), "s30_60_10"), told(instalment.First.Key(), day)); err != nil {
		return err
	}
	if err := tx.Update(ctx, order.Entity.Name, sale, func(r *record.Record) {
		order.DeliverOn.Set(r, p.At.AddDate(0, 0, 30).Format(time.DateOnly))
	}); err != nil {
		return err
	}
	return w.act(tx, &order.Entity, "confirm", sale)
}

// carryOn has the order delivered, or contract and order finished.
func (w *Writer) carryOn(ctx context.Context, tx *records.Session, p *Step) error {
	of, sale, err := w.papers(ctx, tx, p.Deal)
	if err != nil {
		return err
	}
	if p.What == delivers {
		if err := w.sendOut(ctx, tx, p, sale); err != nil {
			return err
		}
		return w.spend(ctx, tx, p, sale)
	}
	if err := w.act(tx, &order.Entity, "finish", sale); err != nil {
		return err
	}
	return w.act(tx, &contract.Entity, "finish", of)
}

// pay brings the money for an instalment, or a part of it, and settles it.
func (w *Writer) pay(ctx context.Context, tx *records.Session, p *Step) error {
	of, _, err := w.papers(ctx, tx, p.Deal)
	if err != nil {
		return err
	}
	due, err := tx.Find(ctx, instalment.Name, query.All(entity.Is(instalment.Contract, id.ID(of).String()), entity.Is(instalment.Term, strconv.Itoa(p.N))), 1)
	if err != nil || len(due) == 0 {
		return err
	}
	day, code := p.At.Format(time.DateOnly), instalment.Currency.Get(due[0])
	amount := money.Round(instalment.Amount.Get(due[0])/100*int64(p.Part), code)
	settled := []rawjson.Member{told(settle.To.Key(), idText(due[0].ID())), told(settle.SettleOn.Key(), day)}
	switch {
	case code != "CNY":
	case p.Part == 100 && p.Deal%13 == 5 && p.N == 2: // who pays at once keeps a hundredth
		off := money.Round(amount/100, code)
		amount -= off
		settled = append(settled, told(settle.Off.Key(), plain(off)))
	case p.Part == 100 && p.Deal%29 == 7 && p.N == 1: // too much
		settled = append(settled, told(settle.HowMuch.Key(), plain(amount)))
		amount += money.Round(amount/10, code)
	}
	from, err := tx.Create(ctx, receipt.Entity.Name, func(r *record.Record) {
		receipt.Customer.Set(r, instalment.Customer.Get(due[0]))
		receipt.Contract.Set(r, of)
		receipt.Owner.Set(r, instalment.Owner.Get(due[0]))
		receipt.Currency.Set(r, code)
		receipt.Account.Set(r, w.ids.account)
		receipt.On.Set(r, day)
		receipt.Amount.Set(r, amount)
		if code != "CNY" {
			receipt.Charges.Set(r, 25*yuan)
		}
		if p.Deal%11 == 3 {
			receipt.Method.Set(r, "acceptance")
		}
		receipt.Reference.Set(r, "YS"+p.At.Format("20060102")+strconv.Itoa(1000+p.Deal)+strconv.Itoa(p.N))
	})
	if err != nil {
		return err
	}
	if err := w.act(tx, &receipt.Entity, "confirm", from); err != nil {
		return err
	}
	return w.act(tx, &receipt.Entity, "settle", from, settled...)
}
