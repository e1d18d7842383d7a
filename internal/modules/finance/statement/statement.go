package statement

import (
	"cmp"
	"context"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/finance/instalment"
	"github.com/guanxicrm/guanxi/internal/modules/finance/invoice"
	"github.com/guanxicrm/guanxi/internal/modules/finance/receipt"
	"github.com/guanxicrm/guanxi/internal/modules/finance/refund"
	"github.com/guanxicrm/guanxi/internal/modules/finance/settlement"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// The states: it was made, sent, agreed to by the customer, or not.
const (
	Draft     = "draft"
	Sent      = "sent"
	Confirmed = "confirmed"
	Disputed  = "disputed"
)

// What it is: what was true when it was made, which it keeps.
var (
	Number   = entity.AutoNumber("number", schema.Numbering{Prefix: "DZ", Date: "YYYYMM", Reset: "month"})
	State    = entity.Choice("status", Draft, Sent, Confirmed, Disputed).Colors("gray", "blue", "green", "red").Default(Draft).ReadOnly().Audited().Coded()
	Customer = entity.Ref("customer", customer.Entity.Name).Required()
	From     = entity.Date("starts_on")
	Until    = entity.Date("ends_on").Required().Default("today()")
	SentOn   = entity.Date("sent_on").ReadOnly()
	AgreedOn = entity.Date("confirmed_on").ReadOnly()
	AgreedBy = entity.Text("confirmed_by", 100).ReadOnly()
	Dispute  = entity.Text("dispute", 300).ReadOnly()
	Owner    = entity.Member("owner").Required().Audited()
	Remark   = entity.LongText("remark")
	Files    = entity.Files("attachments")
)

// A line, and what a currency comes to.
var (
	lineCurrency = currency.Choice("currency").ReadOnly()
	lineOn       = entity.Date("date").ReadOnly()
	lineKind     = entity.Choice("kind", kinds...).ReadOnly().Coded()
	lineDocument = entity.AnyRef("document", documents()...).ReadOnly()
	lineNumber   = entity.Text("number", 60).ReadOnly()
	lineDue      = entity.Date("due_on").ReadOnly()
	lineDebit    = entity.Money("debit").In(lineCurrency).ReadOnly()
	lineCredit   = entity.Money("credit").In(lineCurrency).ReadOnly()
	lineBalance  = entity.Money("balance").In(lineCurrency).ReadOnly()
	lineInvoiced = entity.Money("invoiced").In(lineCurrency).ReadOnly()

	sumCurrency = currency.Choice("currency").ReadOnly()
	sumOpening  = entity.Money("opening").In(sumCurrency).ReadOnly()
	sumDebit    = entity.Money("debit").In(sumCurrency).ReadOnly()
	sumCredit   = entity.Money("credit").In(sumCurrency).ReadOnly()
	sumClosing  = entity.Money("closing").In(sumCurrency).ReadOnly()
)

// documents are what a line may be about.
func documents() []string {
	return []string{instalment.Name, invoice.Entity.Name, receipt.Entity.Name, settlement.Entity.Name, refund.Name}
}

// The groups of lines.
const (
	items    = "items"
	balances = "balances"
)

var item = entity.Def{
	Name: "finance.statement_item", Icon: "list", Title: lineNumber,
	Fields: entity.Fields(lineCurrency, lineOn, lineKind, lineDocument, lineNumber, lineDue, lineDebit, lineCredit, lineBalance, lineInvoiced),
	Layout: schema.Layout{
		List: []string{"currency", "date", "kind", "document", "due_on", "debit", "credit", "balance", "invoiced"}, Sort: "id", Card: []string{"number", "balance"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"currency", "date", "kind", "document", "number", "due_on", "debit", "credit", "balance", "invoiced"}, Columns: 2}},
	},
}

var balance = entity.Def{
	Name: "finance.statement_balance", Icon: "list", Title: sumCurrency,
	Fields: entity.Fields(sumCurrency, sumOpening, sumDebit, sumCredit, sumClosing),
	Layout: schema.Layout{
		List: []string{"currency", "opening", "debit", "credit", "closing"}, Sort: "id", Card: []string{"currency", "closing"},
		Views:  []schema.View{{Key: "all", Sort: "id"}},
		Groups: []schema.Group{{Key: "basic", Fields: []string{"currency", "opening", "debit", "credit", "closing"}, Columns: 2}},
	},
}

// Name is the entity's name.
const Name = "finance.statement"

// What the actions ask for.
var (
	sentOn   = entity.Date("date")
	agreedBy = entity.Text("confirmed_by", 100)
	agreedOn = entity.Date("date")
	dispute  = entity.Text("reason", 300).Required()
	askFrom  = entity.Date("from")
	askUntil = entity.Date("until")
)

// Entity is finance.statement.
var Entity = entity.Def{
	Name:    Name,
	Icon:    "file-text",
	Fields:  entity.Fields(Number, State, Customer, From, Until, SentOn, AgreedOn, AgreedBy, Dispute, Owner, Remark, Files),
	Title:   Number,
	Lines:   entity.Lines(balances, balance).And(items, item),
	Scopes:  entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Customer), {Keys: []string{"status", "-id"}}},
	Prints:  []schema.Print{sheet("statement", ""), sheet("bilingual", "both")},
	Hooks:   entity.Hooks{Validate: validate, Within: within},
	Actions: []entity.Action{
		{Name: "sent", Op: access.Update, Main: true, Only: entity.Is(State, Draft), Move: entity.Move{State: State, From: []string{Draft}, To: Sent}, Input: entity.Fields(sentOn), Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(SentOn.Key(), input.Get(sentOn.Key()))
			return nil
		}},
		{Name: "confirm", Op: access.Update, Main: true, Only: entity.Is(State, Sent), Move: entity.Move{State: State, From: []string{Draft, Sent, Disputed}, To: Confirmed}, Input: entity.Fields(agreedBy, agreedOn), Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(AgreedBy.Key(), input.Get(agreedBy.Key()))
			r.Set(AgreedOn.Key(), input.Get(agreedOn.Key()))
			return nil
		}},
		{Name: "dispute", Op: access.Update, Move: entity.Move{State: State, From: []string{Sent}, To: Disputed}, Input: entity.Fields(dispute), Fill: func(r *record.Record, _ entity.Change, input *record.Record) error {
			r.Set(Dispute.Key(), input.Get(dispute.Key()))
			return nil
		}},
	},
	Layout: schema.Layout{
		LinesAfter: "basic",
		List:       []string{"number", "customer", "starts_on", "ends_on", "status", "sent_on", "confirmed_on", "owner"},
		Sort:       "-id",
		Card:       []string{"number", "customer", "ends_on", "owner"},
		Kanban:     "status",
		Views: []schema.View{
			{Key: "all", Sort: "-id"},
			{Key: "mine", Filter: "owner == me", Sort: "-id"},
			{Key: "sent", Filter: `status == "sent"`, Sort: "id"},
			{Key: "disputed", Filter: `status == "disputed"`, Sort: "id"},
		},
		Groups: []schema.Group{
			{Key: "basic", Fields: []string{"number", "customer", "starts_on", "ends_on", "status", "owner"}, Columns: 2},
			{Key: "course", Fields: []string{"sent_on", "confirmed_on", "confirmed_by", "dispute"}, Columns: 2},
			{Key: "more", Fields: []string{"remark", "attachments"}, Columns: 1},
		},
	},
}

// validate fills in the days of what happens today. Whose it is and of which
// days never changes: its lines say what was true then.
func validate(_ context.Context, tx entity.Reader, c entity.Change) error {
	r := c.After
	if r == nil {
		if State.Get(c.Before) == Confirmed {
			return errs.New(errs.Conflict, "error.statement_confirmed")
		}
		return nil
	}
	if from := From.Get(r); from != "" && from > Until.Get(r) {
		return errs.New(errs.Invalid, "error.ends_before").At(Until.Key())
	}
	if c.Before != nil && (Customer.Get(r) != Customer.Get(c.Before) || From.Get(r) != From.Get(c.Before) || Until.Get(r) != Until.Get(c.Before)) {
		return errs.New(errs.Conflict, "error.statement_fixed")
	}
	for _, one := range []struct {
		state string
		day   *entity.Field[string]
	}{{Sent, SentOn}, {Confirmed, AgreedOn}} {
		if State.Get(r) == one.state && one.day.Get(r) == "" {
			one.day.Set(r, tx.Here().Today())
		}
	}
	return nil
}

// Extensions are what statements add to customers: to make one.
func Extensions() []entity.Extension {
	return []entity.Extension{{Of: customer.Entity.Name, Actions: []entity.Action{{Name: "statement", Op: access.Read, Makes: Name, Input: entity.Fields(askFrom, askUntil), Run: draw}}}}
}

// draw makes a statement of a customer's account.
func draw(ctx context.Context, tx entity.Writer, c entity.Change, said *record.Record) error {
	until := said.Get(askUntil.Key()).Str()
	if until == "" {
		until = tx.Here().Today()
	}
	_, err := tx.Create(ctx, Name, func(r *record.Record) {
		Customer.Set(r, c.After.ID())
		r.Set(From.Key(), said.Get(askFrom.Key()))
		Until.Set(r, until)
		Owner.Set(r, cmp.Or(c.Actor.ID(), customer.Owner.Get(c.After)))
	})
	return err
}

// within writes the lines of a new statement: what is in the books now.
func within(ctx context.Context, tx entity.Writer, c entity.Change) error {
	if c.Before != nil || c.After == nil {
		return nil
	}
	there, err := tx.Count(ctx, item.Name, entity.Is(parent, id.ID(c.After.ID()).String()), 1)
	if err != nil || there > 0 {
		return err // it is brought along
	}
	rows, sums, more, err := Ask{Customer.Get(c.After), From.Get(c.After), Until.Get(c.After)}.Ledger(ctx, tx)
	switch {
	case err != nil:
		return err
	case more || len(rows) > mostRows:
		return errs.New(errs.Invalid, "error.statement_long").At(From.Key())
	case len(rows) == 0:
		return errs.New(errs.Conflict, "error.statement_empty")
	}
	put := func(name string, at int, fields []entity.Declared, values []record.Value) error {
		_, err := tx.Create(ctx, name, func(r *record.Record) {
			r.Set(parent.Key(), record.Int(c.After.ID()))
			r.Set("position", record.Int(int64(at+1)))
			for i, f := range fields {
				r.Set(entity.KeyOf(f), values[i])
			}
		})
		return err
	}
	for i, b := range sums {
		if err := put(balance.Name, i, balance.Fields, []record.Value{record.Text(b.Currency), record.Int(b.Opening), record.Int(b.Debit), record.Int(b.Credit), record.Int(b.Closed)}); err != nil {
			return err
		}
	}
	for i, row := range rows {
		if err := put(item.Name, i, item.Fields, row.values()); err != nil {
			return err
		}
	}
	return nil
}

// parent stands for the reference of a line to its statement, and mostRows is
// how many lines one has at most.
var parent = entity.Ref("parent", Name)

const mostRows = 1000

// values are a row's cells in the order of the line's fields; what does not
// move anything is left empty.
func (r Row) values() []record.Value {
	text := func(s string) record.Value {
		if s == "" {
			return record.Null
		}
		return record.Text(s)
	}
	amount := func(n int64) record.Value {
		if n == 0 {
			return record.Null
		}
		return record.Int(n)
	}
	return []record.Value{text(r.Currency), text(r.On), text(r.Kind), r.Document, text(r.Number), text(r.DueOn), amount(r.Debit), amount(r.Credit), record.Int(r.Balance), amount(r.InvoicedFor)}
}

// What the report asks for.
var (
	repCustomer = entity.Ref("customer", customer.Entity.Name).Required()
	repFrom     = entity.Date("from")
	repUntil    = entity.Date("until")
)

// atNumber is where a line's number stands among its values.
const atNumber = 4

// Report is the statement as a table, the report "statement" of finance.instalment.
func Report() entity.Report {
	return entity.Report{Name: "statement", Icon: "file-text", Input: entity.Fields(repCustomer, repFrom, repUntil), Columns: slices.Delete(slices.Clone(item.Fields), atNumber, atNumber+1),
		Needs: []entity.Reading{entity.Reads(receipt.Entity.Name, receipt.Amount), entity.Reads(settlement.Entity.Name, settlement.Credit), entity.Reads(refund.Name, refund.Amount),
			entity.Reads(invoice.Entity.Name, invoice.Booked)},
		Run: func(ctx context.Context, q entity.Sums, input *record.Record) ([][]record.Value, bool, error) {
			a := Ask{Customer: repCustomer.Get(input), From: repFrom.Get(input), Until: repUntil.Get(input)}
			list, _, more, err := a.Ledger(ctx, q)
			out := make([][]record.Value, len(list))
			for i, r := range list {
				out[i] = slices.Delete(r.values(), atNumber, atNumber+1) // the document says it
			}
			return out, more, err
		}}
}

// sheet is a statement on paper: what each currency comes to, in figures and in
// words, and a table for each.
func sheet(key, language string) schema.Print {
	p := paper.Sheet{Key: key, Language: language, Title: paper.Text("对账单", "STATEMENT OF ACCOUNT"), Seal: true, Bank: true,
		Facts: []schema.PrintItem{paper.Fact("客户", "Customer", "{customer.name}"), paper.Fact("对账单号", "No.", "{number}"),
			paper.Fact("账期", "Period", "{starts_on} – {ends_on}"), paper.Fact("制单人", "Prepared by", "{owner}")},
		Table: schema.PrintBlock{Kind: "table", Lines: balances, Grid: true, Heading: paper.Text("余额", "Balances"), Items: []schema.PrintItem{
			{Label: paper.Text("币种", "Currency"), Value: "{currency|plain}", Width: 8},
			{Label: paper.Text("期初余额", "Opening"), Value: "{opening}", Width: 15},
			{Label: paper.Text("本期应收", "Charges"), Value: "{debit}", Width: 15},
			{Label: paper.Text("本期收款及减免", "Payments and credits"), Value: "{credit}", Width: 15},
			{Label: paper.Text("期末余额", "Closing"), Value: "{closing}", Width: 15},
			{Label: paper.Text("期末余额大写", "Closing in words"), Value: paper.InWords("closing", language), Width: 32}}},
		After: []schema.PrintBlock{
			{Kind: "table", Lines: items, Group: "currency", Grid: true, Heading: paper.Text("往来明细", "Transactions"), Items: []schema.PrintItem{
				{Label: paper.Text("日期", "Date"), Value: "{date}", Width: 13},
				{Label: paper.Text("摘要", "Item"), Value: "{kind}", Width: 14},
				{Label: paper.Text("单号", "No."), Value: "{number}", Width: 17},
				{Label: paper.Text("到期日", "Due"), Value: "{due_on}", Width: 13},
				{Label: paper.Text("应收", "Charge"), Value: "{debit}", Width: 14},
				{Label: paper.Text("收款及减免", "Credit"), Value: "{credit}", Width: 14},
				{Label: paper.Text("余额", "Balance"), Value: "{balance}", Width: 15},
				{Label: paper.Text("开票", "Invoiced"), Value: "{invoiced}", Width: 13}}},
			paper.Notes(),
			{Kind: "text", Text: paper.Text("请核对以上余额。如有不符，请于收到后 7 日内书面告知；逾期未回复视为无异议。",
				"Please check the balances above and tell us in writing within 7 days if they differ from your books.")},
		},
		Parties: paper.Signed(paper.Text("我方（盖章）", "For us (seal)"), paper.Text("客户确认（盖章）", "Confirmed by the customer (seal)"))}
	return p.Print()
}
