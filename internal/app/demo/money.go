package demo

import (
	"cmp"
	"context"
	"fmt"
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
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/credit"
	"github.com/guanxicrm/guanxi/internal/modules/finance/creditmodel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunning"
	"github.com/guanxicrm/guanxi/internal/modules/finance/dunninglevel"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interest"
	"github.com/guanxicrm/guanxi/internal/modules/finance/interestrule"
	"github.com/guanxicrm/guanxi/internal/modules/finance/invoice"
	"github.com/guanxicrm/guanxi/internal/modules/finance/period"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/statement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
)

func idText(n int64) string { return id.ID(n).String() }

// levels are when customers are reminded of what they should have paid.
func (w *Writer) levels(ctx context.Context, tx *records.Session) error {
	for _, l := range []struct {
		name   string
		days   int64
		letter string
	}{
		{"友情提醒", 7, "贵司下列款项已到付款日，可能因工作繁忙未及安排，烦请核对并尽快付款。如已付款，请忽略本函。"},
		{"正式催款", 30, "贵司下列款项已逾期一个月以上，请于收到本函后五个工作日内付清，或与我司财务部书面确认付款日期。"},
		{"法务函", 90, "贵司下列款项已逾期三个月以上。如十日内仍未付款，我司将暂停发货并依合同约定主张违约金。"},
	} {
		if _, err := tx.Create(ctx, dunninglevel.EntityName, func(r *record.Record) {
			dunninglevel.Name.Set(r, l.name)
			dunninglevel.Days.Set(r, l.days)
			dunninglevel.Least.Set(r, 1_000*yuan)
			dunninglevel.Letter.Set(r, l.letter)
			if l.days == 90 {
				dunninglevel.Tell.Set(r, w.several([]int{27}))
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// remind reminds customers of what is overdue at a moment; the letters of the
// time before went out, and of some something came.
func (w *Writer) remind(ctx context.Context, tx *records.Session, p *Step) error {
	day := p.At.Format(time.DateOnly)
	before, err := tx.Find(ctx, dunning.Name, entity.Not(dunning.State, dunning.Closed), 1000)
	if err != nil {
		return err
	}
	for i, one := range before {
		switch {
		case dunning.State.Get(one) == dunning.Open:
			err = w.act(tx, &dunning.Entity, "sent", one.ID(), told("date", dunning.On.Get(one)))
		case i%3 == 0:
			err = w.act(tx, &dunning.Entity, "close", one.ID(), told("outcome", []string{"款项已到账", "已付一半，余款下月付清", "客户要求延期，已报批"}[i/3%3]))
		case i%3 == 1:
			err = tx.Update(ctx, dunning.Name, one.ID(), func(r *record.Record) { dunning.Promised.Set(r, p.At.AddDate(0, 0, 20).Format(time.DateOnly)) })
		}
		if err != nil {
			return err
		}
	}
	for {
		n, err := dunning.Tick(ctx, tx, p.At)
		if err != nil || n == 0 {
			return err
		}
		late, err := tx.Count(ctx, dunninglevel.EntityName, entity.Not(dunninglevel.RanOn, day), 1)
		if err != nil || late == 0 {
			return err
		}
	}
}

// bill asks for the invoice of a deal and issues it; most are handed over. A few
// were wrong and are taken back in part.
func (w *Writer) bill(ctx context.Context, tx *records.Session, p *Step) error {
	of, _, err := w.papers(ctx, tx, p.Deal)
	if err != nil {
		return err
	}
	sold, err := tx.Get(ctx, contract.Entity.Name, of)
	if err != nil {
		return err
	}
	who, err := tx.Get(ctx, customer.Entity.Name, contract.Head.Customer.Get(sold))
	if err != nil {
		return err
	}
	kind := invoice.Special
	switch {
	case contract.Head.Currency.Get(sold) != "CNY":
		kind = invoice.Other
	case customer.USCC.Get(who) == "":
		kind = invoice.Ordinary
	}
	if err := w.act(tx, &contract.Entity, "invoice", of, told("kind", kind)); err != nil {
		return err
	}
	made, err := w.newest(ctx, tx, invoice.Entity.Name, entity.Is(invoice.Contract, idText(of)))
	if err != nil || made == nil || p.N == 0 {
		return err
	}
	if err := w.issue(tx, made.ID(), kind, p); err != nil || p.N == 1 {
		return err
	}
	if err := w.act(tx, &invoice.Entity, "hand_over", made.ID(), told("handed_to", "客户财务部（邮箱）"), told("date", p.At.Format(time.DateOnly))); err != nil || p.N == 2 {
		return err
	}
	if err := w.act(tx, &invoice.Entity, "reverse", made.ID(), told("amount", plain(money.Round(invoice.Total.Get(made)/20, invoice.Currency.Get(made)))),
		told("reason", "allowance"), told("confirmation", "HZ"+p.At.Format("20060102")+"000"+strconv.Itoa(p.Deal))); err != nil {
		return err
	}
	red, err := w.newest(ctx, tx, invoice.Entity.Name, entity.Is(invoice.RedOf, idText(made.ID())))
	if err != nil || red == nil {
		return err
	}
	return w.issue(tx, red.ID(), kind, p)
}

// issue gives an invoice its number: twenty digits, of the year and the place.
func (w *Writer) issue(tx *records.Session, n int64, kind string, p *Step) error {
	w.bills++
	number := fmt.Sprintf("%s312%015d", p.At.Format("06"), 7_204_000_000+int64(p.Deal)*1_000+int64(w.bills%1_000))
	if kind == invoice.Other {
		number = fmt.Sprintf("CI-%s-%04d-%d", p.At.Format("2006"), p.Deal, w.bills)
	}
	return w.act(tx, &invoice.Entity, "issue", n, told("invoice_number", number), told("date", p.At.Format(time.DateOnly)))
}

// newest is the last record made that a condition holds for; nil when there is none.
func (w *Writer) newest(ctx context.Context, tx *records.Session, name string, where *query.Node) (*record.Record, error) {
	list, err := tx.Find(ctx, name, where, 100)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return slices.MaxFunc(list, func(a, b *record.Record) int { return cmp.Compare(a.ID(), b.ID()) }), nil
}

// afterwards is what finance did at the end of it all: a refund, bad debts and
// one that was recovered, statements of account, credit limits, closed months.
func (w *Writer) afterwards(ctx context.Context, tx *records.Session, s *Scene) error {
	for _, do := range []func(context.Context, *records.Session, *Scene) error{w.refunds, w.badDebts, w.statements, w.interest, w.credits, w.close} {
		if err := do(ctx, tx, s); err != nil {
			return err
		}
	}
	return tx.Backdate(s.Now)
}

// refunds gives back what some paid too much.
func (w *Writer) refunds(ctx context.Context, tx *records.Session, s *Scene) error {
	list, err := tx.Find(ctx, receipt.Entity.Name, query.All(entity.Is(receipt.State, receipt.Confirmed), above(receipt.Left, "0")), 3)
	if err != nil {
		return err
	}
	for i, one := range list[:min(len(list), 2)] {
		on, err := time.ParseInLocation(time.DateOnly, receipt.On.Get(one), s.Day.Location())
		if err != nil {
			return err
		}
		if on = on.AddDate(0, 0, 6).Add(10 * time.Hour); on.After(s.Now) {
			continue
		}
		if err := tx.Backdate(on); err != nil {
			return err
		}
		if err := w.act(tx, &receipt.Entity, "refund", one.ID(), told("reason", "客户重复付款，原路退回"), told("bank_reference", "TK"+on.Format("20060102")+strconv.Itoa(i)),
			told("date", on.Format(time.DateOnly))); err != nil {
			return err
		}
	}
	return nil
}

// badDebts gives up the oldest that is open; of one a part came after all.
func (w *Writer) badDebts(ctx context.Context, tx *records.Session, s *Scene) error {
	list, err := tx.Find(ctx, instalment.Name, query.All(entity.Is(instalment.State, instalment.Open), below(instalment.DueOn, s.Day.AddDate(0, -5, 0)), entity.Is(instalment.Currency, "CNY")), 1000)
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b *record.Record) int {
		return cmp.Or(cmp.Compare(instalment.DueOn.Get(a), instalment.DueOn.Get(b)), cmp.Compare(a.ID(), b.ID()))
	})
	for i, one := range list[:min(len(list), 3)] {
		day := s.Day.AddDate(0, 0, -60+5*i)
		if err := tx.Backdate(day.Add(11 * time.Hour)); err != nil {
			return err
		}
		if err := w.act(tx, &instalment.Entity, "write_off", one.ID(), told("reason", "客户停产，法务确认难以收回"), told("date", day.Format(time.DateOnly))); err != nil {
			return err
		}
		if i != 0 {
			continue
		}
		day = s.Day.AddDate(0, 0, -12)
		if err := tx.Backdate(day.Add(15 * time.Hour)); err != nil {
			return err
		}
		from, err := w.receive(ctx, tx, one, money.Round(instalment.Amount.Get(one)*2/5, "CNY"), day, "HS"+day.Format("20060102"))
		if err != nil {
			return err
		}
		if err := w.act(tx, &receipt.Entity, "recover", from, told("instalment", idText(one.ID())), told("date", day.Format(time.DateOnly))); err != nil {
			return err
		}
	}
	return nil
}

// receive writes money that came from an instalment's customer.
func (w *Writer) receive(ctx context.Context, tx *records.Session, of *record.Record, amount int64, day time.Time, reference string) (int64, error) {
	n, err := tx.Create(ctx, receipt.Entity.Name, func(r *record.Record) {
		receipt.Customer.Set(r, instalment.Customer.Get(of))
		receipt.Contract.Set(r, instalment.Contract.Get(of))
		receipt.Owner.Set(r, instalment.Owner.Get(of))
		receipt.Currency.Set(r, instalment.Currency.Get(of))
		receipt.Account.Set(r, w.ids.account)
		receipt.On.Set(r, day.Format(time.DateOnly))
		receipt.Amount.Set(r, amount)
		receipt.Reference.Set(r, reference)
	})
	if err != nil {
		return 0, err
	}
	return n, w.act(tx, &receipt.Entity, "confirm", n)
}

// statements sends some customers their accounts of the quarter before.
func (w *Writer) statements(ctx context.Context, tx *records.Session, s *Scene) error {
	until := time.Date(s.Day.Year(), (s.Day.Month()-1)/3*3+1, 0, 0, 0, 0, 0, s.Day.Location())
	list, err := tx.Find(ctx, contract.Entity.Name, query.All(below(contract.SignedOn, until), above(contract.SignedOn, until.AddDate(0, -11, 0).Format(time.DateOnly))), 1000)
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	for _, one := range list {
		of := contract.Head.Customer.Get(one)
		if seen[of] || len(seen) == 7 {
			continue
		}
		i := len(seen)
		seen[of] = true
		if err := tx.Backdate(until.AddDate(0, 0, 4).Add(time.Duration(14*60+i) * time.Minute)); err != nil {
			return err
		}
		if err := w.act(tx, &customer.Entity, "statement", of, told("from", until.AddDate(0, -12, 1).Format(time.DateOnly)), told("until", until.Format(time.DateOnly))); err != nil {
			return err
		}
		made, err := w.newest(ctx, tx, statement.Name, entity.Is(statement.Customer, idText(of)))
		if err != nil || made == nil || i == 6 {
			return err
		}
		if err := w.act(tx, &statement.Entity, "sent", made.ID()); err != nil {
			return err
		}
		switch i {
		case 0, 1, 3:
			err = w.act(tx, &statement.Entity, "confirm", made.ID(), told("confirmed_by", "客户财务"))
		case 2:
			err = w.act(tx, &statement.Entity, "dispute", made.ID(), told("reason", "少计一笔承兑汇票，请核对"))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// interest is what is asked for late payment; one customer was charged it.
func (w *Writer) interest(ctx context.Context, tx *records.Session, s *Scene) error {
	at := s.Day.AddDate(0, 0, -20).Add(16 * time.Hour)
	if err := tx.Backdate(at); err != nil {
		return err
	}
	if _, err := tx.Create(ctx, interestrule.EntityName, func(r *record.Record) {
		interestrule.Name.Set(r, "逾期违约金（日万分之五）")
		interestrule.Rate.Set(r, micro/20)
		interestrule.Per.Set(r, interestrule.Day)
		interestrule.Grace.Set(r, 7)
		interestrule.Cap.Set(r, 20*micro)
		interestrule.From.Set(r, s.Day.AddDate(-2, 0, 0).Format(time.DateOnly))
	}); err != nil {
		return err
	}
	late, err := tx.Find(ctx, instalment.Name, query.All(entity.Not(instalment.State, instalment.Paid), below(instalment.DueOn, at.AddDate(0, 0, -60)), entity.Is(instalment.Currency, "CNY")), 1)
	if err != nil || len(late) == 0 {
		return err
	}
	_, err = tx.Create(ctx, interest.Name, func(r *record.Record) {
		interest.Customer.Set(r, instalment.Customer.Get(late[0]))
		interest.Currency.Set(r, "CNY")
		interest.Until.Set(r, at.Format(time.DateOnly))
		interest.Owner.Set(r, w.ids.members[27])
	})
	return err
}

// credits says how much those may owe who owe something.
func (w *Writer) credits(ctx context.Context, tx *records.Session, s *Scene) error {
	if err := tx.Backdate(s.Now); err != nil {
		return err
	}
	model, err := tx.Create(ctx, creditmodel.Entity.Name, func(r *record.Record) { creditmodel.Name.Set(r, "标准信用模型") })
	if err != nil {
		return err
	}
	list, err := tx.Find(ctx, instalment.Name, entity.Not(instalment.State, instalment.Paid), 1000)
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	for _, one := range list {
		of := instalment.Customer.Get(one)
		if seen[of] || len(seen) == 20 {
			continue
		}
		i := len(seen)
		seen[of] = true
		n, err := tx.Create(ctx, credit.Name, func(r *record.Record) {
			credit.Customer.Set(r, of)
			credit.Model.Set(r, model)
			for k, p := range credit.Points {
				p.Set(r, int64(55+(i*17+k*11)%45))
			}
			credit.Until.Set(r, s.Day.AddDate(0, 1+i%9, 0).Format(time.DateOnly))
		})
		if err != nil || i%7 == 6 {
			if err != nil {
				return err
			}
			continue // nobody has approved it yet
		}
		made, err := tx.Get(ctx, credit.Name, n)
		if err != nil {
			return err
		}
		limit := (credit.Used.Get(made)/(10_000*yuan)*[]int64{3, 2, 4}[i%3] + 20) * 10_000 * yuan
		var opinion []rawjson.Member
		switch i % 9 {
		case 4: // nearly used up
			limit = (credit.Used.Get(made)/95*100/(1_000*yuan) + 1) * 1_000 * yuan
		case 8: // above
			limit = credit.Used.Get(made) / 120 * 100 / (1_000 * yuan) * 1_000 * yuan
			opinion = append(opinion, told("comment", "老客户，逐步压降"))
		}
		if err := w.act(tx, &credit.Entity, "approve", n, append(opinion, told("credit_limit", plain(money.Round(limit, "CNY"))))...); err != nil {
			return err
		}
	}
	return nil
}

// close closes the months before the last two.
func (w *Writer) close(ctx context.Context, tx *records.Session, s *Scene) error {
	for ago := 5; ago >= 1; ago-- {
		first := time.Date(s.Day.Year(), s.Day.Month()-time.Month(ago), 1, 0, 0, 0, 0, s.Day.Location())
		if err := tx.Backdate(first.AddDate(0, 1, 5).Add(17 * time.Hour)); err != nil {
			continue // this month has only begun
		}
		n, err := tx.Create(ctx, period.Entity.Name, func(r *record.Record) {
			period.Name.Set(r, first.Format("2006 年 01 月"))
			period.StartsOn.Set(r, first.Format(time.DateOnly))
			period.EndsOn.Set(r, first.AddDate(0, 1, -1).Format(time.DateOnly))
		})
		if err != nil {
			return err
		}
		if ago < 3 {
			continue
		}
		if err := w.act(tx, &period.Entity, "close", n); err != nil {
			return err
		}
	}
	return nil
}
