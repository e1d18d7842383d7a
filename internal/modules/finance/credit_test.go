package finance_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// ordered makes a draft order over an amount.
func ordered(k *company.Client, customer, amount string) string {
	return k.Post("/records/sales.order", row{"customer": customer, "items": []row{{"name": "设备", "quantity": "1", "given_amount": amount}}}).Want(http.StatusCreated).Str("id")
}

// A score gives a level, a level a limit, and the limit holds orders up.
func TestCredit(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		model := k.Post("/records/finance.credit_model", row{"name": "标准模型", "weight_payments": 40, "limit_b": "10000"}).Want(http.StatusCreated).Str("id")
		profile := k.Post("/records/finance.credit_profile", row{"customer": customer, "model": model, "points_payments": 100, "points_finances": 80, "points_profile": 90,
			"points_bank_credit": 70, "points_on_site": 60, "points_related": 50, "points_public_record": 0}).Want(http.StatusCreated)
		// (100×40 + (80 + 90 + 70 + 60 + 50 + 0)×10) ÷ 100 = 75
		company.Holds(t, profile, "score", "75", "level", "b", "suggested", "10000.00", "status", "draft")
		k.Post("/records/finance.credit_profile", row{"customer": customer}).Want(http.StatusConflict)
		at := "/records/finance.credit_profile/" + profile.Str("id")
		act(k, "finance.credit_profile", profile.Str("id"), "approve", row{}).Want(http.StatusOK)

		k.Post("/records/finance.instalment", row{"customer": customer, "amount": "4000", "due_on": "2026-03-01"}).Want(http.StatusCreated)
		company.Holds(t, k.Get(at), "used", "4000.00", "free", "6000.00", "standing", "fine")
		first, second := ordered(k, customer, "5000"), ordered(k, customer, "1000.01")
		act(k, "sales.order", first, "confirm", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "used", "9000.00", "standing", "near")
		bell := k.Get("/records/org.reminder?filter=kind%20==%20%22credit%22").Want(http.StatusOK)
		if n := len(bell.Items()); n != 1 || bell.Str("items.0.title") != "苏州恒远机械有限公司" {
			t.Errorf("%d warnings when 90 %% were used: %s", n, bell.Body)
		}
		company.Holds(t, k.Get("/records/sales.order/"+first), "credit", "near")
		refused := act(k, "sales.order", second, "confirm", row{}).Want(http.StatusConflict)
		company.Holds(t, refused, "key", "error.credit_over", "offer", "ask_credit", "detail", "超过信用额度：额度 10,000.00，已用 9,000.00，本单 1,000.01，超出 0.01（本位币）。请先收款、调整额度，或申请放行。")
		company.Holds(t, k.Get("/records/sales.order/"+second), "status", "draft")
		company.Holds(t, k.Get(at), "used", "9000.00")
		act(k, "sales.order", first, "plan", row{"split": "full", "first_on": "2026-06-01"}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "used", "9000.00") // planned, it is owed and no longer only ordered
		// The page says so before anybody tries, on quotes as well.
		company.Holds(t, k.Get("/records/sales.order/"+second), "credit", "fine") // as it was when it was written
		for amount, want := range map[string]string{"100": "near", "1000.01": "over"} {
			quote := k.Post("/records/sales.quote", row{"customer": customer, "items": []row{{"name": "设备", "quantity": "1", "given_amount": amount}}}).Want(http.StatusCreated)
			company.Holds(t, quote, "credit", want)
		}
		act(k, "sales.order", second, "refuse_credit", row{"reason": "没人申请"}).Want(http.StatusConflict)
		act(k, "sales.order", second, "ask_credit", row{"reason": "货已备好"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.order/"+second), "credit", "over", "credit_request", "货已备好")
		act(k, "sales.order", second, "refuse_credit", row{"reason": "先收款"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.order/"+second), "credit_request", "", "credit_reason", "先收款")
		act(k, "sales.order", second, "ask_credit", row{"reason": "客户今天付了一半"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.order/"+second), "credit_request", "客户今天付了一半", "credit_reason", "")
		act(k, "sales.order", second, "release_credit", row{"reason": "老客户，已谈好付款"}).Want(http.StatusOK)
		act(k, "sales.order", second, "confirm", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.order/"+second), "credit", "released", "credit_reason", "老客户，已谈好付款")
		company.Holds(t, k.Get(at), "used", "10000.01", "standing", "over")
		act(k, "sales.order", second, "cancel", row{"reason": "不要了"}).Want(http.StatusOK)
		act(k, "finance.credit_profile", profile.Str("id"), "suspend", row{"reason": "逾期"}).Want(http.StatusOK)
		third := ordered(k, customer, "1")
		act(k, "sales.order", third, "confirm", row{}).Want(http.StatusConflict)
	})
}

// However many orders are confirmed at once, the limit is never exceeded.
func TestOrdersRaceOneLimit(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		orders := 100
		if testing.Short() {
			orders = 20
		}
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司"}).Want(http.StatusCreated).Str("id")
		profile := k.Post("/records/finance.credit_profile", row{"customer": customer}).Want(http.StatusCreated).Str("id")
		act(k, "finance.credit_profile", profile, "approve", row{"credit_limit": "1050"}).Want(http.StatusOK)
		ids := make([]string, orders)
		for i := range ids {
			ids[i] = ordered(k, customer, "100")
		}
		var won, lost atomic.Int64
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				switch r := act(k, "sales.order", id, "confirm", row{}); r.Status {
				case http.StatusOK:
					won.Add(1)
				case http.StatusConflict:
					lost.Add(1)
				default:
					t.Errorf("%d %s", r.Status, r.Body)
				}
			})
		}
		all.Wait()
		if won.Load() != 10 || lost.Load() != int64(orders-10) {
			t.Errorf("%d orders of 100 fit into 1050, %d were refused", won.Load(), lost.Load())
		}
		company.Holds(t, k.Get("/records/finance.credit_profile/"+profile), "used", "1000.00", "standing", "near")
		if n := len(k.Get("/records/sales.order?limit=200&filter=status%20==%20%22confirmed%22").Items()); n != 10 {
			t.Errorf("%d orders are confirmed", n)
		}
	})
}
