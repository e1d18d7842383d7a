package finance_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// no makes a number of twenty digits.
func no(n string) string { return strings.Repeat("0", 20-len(n)) + n }

// An invoice goes from the request to the customer, and red ones take it back,
// never more of it than there is; what is invoiced stands beside the contract.
func TestInvoice(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "苏州恒远机械有限公司", "invoice_titles": []row{
			{"title": "苏州恒远机械有限公司", "tax_no": "91320594MA1MYHPX8T"},
			{"title": "苏州恒远集团", "tax_no": "91320594MA1MYHPX8T", "bank_name": "工行园区支行", "is_default": true}}}).Want(http.StatusCreated)
		who := customer.Str("id")
		deal := k.Post("/records/sales.contract", row{"name": "数控车床", "customer": who, "items": []row{
			{"name": "车床", "quantity": "3", "price": "1000.01", "tax_rate": "13"}, {"name": "安装", "quantity": "1", "price": "600", "tax_rate": "6"}}}).Want(http.StatusCreated).Str("id")
		act(k, "sales.contract", deal, "invoice", row{}).Want(http.StatusConflict)
		act(k, "sales.contract", deal, "submit", row{}).Want(http.StatusOK)
		act(k, "sales.contract", deal, "approve", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "total", "3600.03", "invoiced", "0.00", "invoice_left", "3600.03", "invoicing", "none")

		act(k, "sales.contract", deal, "invoice", row{"amount": "1000"}).Want(http.StatusOK)
		first := k.Get("/records/finance.invoice?sort=-id").Want(http.StatusOK).Str("items.0.id")
		at := "/records/finance.invoice/" + first
		// 1000 × 3000.03 ÷ 3600.03 = 833.3347… → 833.33; the rest of 166.67 goes with the second line
		got := k.Get(at).Want(http.StatusOK)
		company.Holds(t, got, "total", "1000.00", "status", "requested", "buyer_name", "苏州恒远集团", "buyer_tax_no", "91320594MA1MYHPX8T", "buyer_bank", "工行园区支行", "booked", "0.00")
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "invoiced", "0.00")
		act(k, "finance.invoice", first, "issue", row{"invoice_number": "123"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.invoice", first, "issue", row{"invoice_number": no("1"), "date": "2026-03-05"}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "status", "issued", "booked", "1000.00", "invoice_number", no("1"), "issued_on", "2026-03-05", "reversal", "none", "items.0.total", "833.33", "items.1.total", "166.67")
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "invoiced", "1000.00", "invoice_left", "2600.03", "invoicing", "part")
		k.With("If-Match", "*").Patch(at, row{"buyer_name": "别人"}).Want(http.StatusLocked)

		act(k, "sales.contract", deal, "invoice", row{}).Want(http.StatusOK)
		act(k, "sales.contract", deal, "invoice", row{}).Want(http.StatusConflict)
		second := k.Get("/records/finance.invoice?sort=-id").Str("items.0.id")
		act(k, "finance.invoice", second, "issue", row{"invoice_number": no("1")}).Want(http.StatusConflict)
		act(k, "finance.invoice", second, "issue", row{"invoice_number": no("2")}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "invoiced", "3600.03", "invoice_left", "0.00", "invoicing", "full")

		act(k, "finance.invoice", first, "hand_over", row{"handed_to": "王会计"}).Want(http.StatusOK)
		act(k, "finance.invoice", first, "reverse", row{"reason": "returned", "amount": "1000.01"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.invoice", first, "reverse", row{"reason": "returned", "amount": "400"}).Want(http.StatusOK)
		red := k.Get("/records/finance.invoice?sort=-id").Str("items.0.id")
		company.Holds(t, k.Get("/records/finance.invoice/"+red), "total", "-400.00", "status", "requested", "red_reason", "returned", "red_of.id", first)
		company.Holds(t, k.Get(at), "reversed", "0.00")
		act(k, "finance.invoice", first, "reverse", row{"reason": "returned", "amount": "600.01"}).Want(http.StatusUnprocessableEntity)
		act(k, "finance.invoice", red, "issue", row{"invoice_number": no("3")}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "reversed", "400.00", "reversal", "part")
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "invoiced", "3200.03", "invoice_left", "400.00", "invoicing", "part")
		act(k, "finance.invoice", red, "reverse", row{"reason": "mistake"}).Want(http.StatusConflict)
		act(k, "finance.invoice", first, "reverse", row{"reason": "mistake"}).Want(http.StatusOK)
		rest := k.Get("/records/finance.invoice?sort=-id").Str("items.0.id")
		company.Holds(t, k.Get("/records/finance.invoice/"+rest), "total", "-600.00")
		act(k, "finance.invoice", rest, "issue", row{"invoice_number": no("4")}).Want(http.StatusOK)
		company.Holds(t, k.Get(at), "reversed", "1000.00", "reversal", "full")
		act(k, "finance.invoice", first, "reverse", row{"reason": "mistake"}).Want(http.StatusConflict)
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "invoiced", "2600.03", "invoice_left", "1000.00")

		// What is above the contract passes when somebody lets it.
		third := k.Post("/records/finance.invoice", row{"customer": who, "contract": deal, "kind": "ordinary", "items": []row{{"name": "余款", "given_amount": "1100", "tax_rate": "13"}}}).Want(http.StatusCreated).Str("id")
		over := act(k, "finance.invoice", third, "issue", row{"invoice_number": no("5")}).Want(http.StatusConflict)
		company.Holds(t, over, "key", "error.invoice_above", "detail", "超过可开票金额：总额 3,600.03，已开 2,600.03，超出 100.00。请改金额，或请有审批权的人“超额放行”。")
		act(k, "finance.invoice", third, "allow_above", row{"reason": "含运费"}).Want(http.StatusOK)

		month := k.Post("/records/finance.period", row{"name": "2026 年 1 月", "starts_on": "2026-01-01", "ends_on": "2026-01-31"}).Want(http.StatusCreated).Str("id")
		act(k, "finance.period", month, "close", row{}).Want(http.StatusOK)
		act(k, "finance.invoice", third, "issue", row{"invoice_number": no("5"), "date": "2026-01-31"}).Want(http.StatusLocked)
		act(k, "finance.invoice", third, "issue", row{"invoice_number": no("5"), "date": "2026-02-01"}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/sales.contract/"+deal), "invoiced", "3700.03", "invoice_left", "0.00", "invoicing", "full")
		act(k, "finance.invoice", third, "cancel", row{"reason": "不开了"}).Want(http.StatusConflict)
	})
}

// An instalment is invoiced by itself; it and its contract know.
func TestInvoiceOfInstalment(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin")
		customer := k.Post("/records/crm.customer", row{"name": "Hamburg Maschinen GmbH"}).Want(http.StatusCreated).Str("id")
		deal := k.Post("/records/sales.order", row{"customer": customer, "items": []row{{"name": "Lathe", "quantity": "2", "price": "50", "tax_rate": "13"}}}).Want(http.StatusCreated).Str("id")
		act(k, "sales.order", deal, "confirm", row{}).Want(http.StatusOK)
		act(k, "sales.order", deal, "plan", row{"split": "s30_70", "first_on": "2026-02-01"}).Want(http.StatusOK)
		part := k.Get("/records/finance.instalment?sort=term").Str("items.0.id")
		act(k, "finance.instalment", part, "invoice", row{"kind": "ordinary"}).Want(http.StatusOK)
		made := k.Get("/records/finance.invoice").Str("items.0.id")
		company.Holds(t, k.Get("/records/finance.invoice/"+made), "total", "30.00", "net", "26.55", "tax", "3.45", "order.id", deal, "buyer_name", "Hamburg Maschinen GmbH")
		act(k, "finance.invoice", made, "issue", row{"invoice_number": no("77")}).Want(http.StatusOK)
		company.Holds(t, k.Get("/records/finance.instalment/"+part), "invoiced", "30.00", "invoicing", "full")
		company.Holds(t, k.Get("/records/sales.order/"+deal), "invoiced", "30.00", "invoice_left", "70.00", "invoicing", "part")
	})
}
