// Package opportunity declares what a customer may buy, how likely and when
// (商机, SAL-1, SAL-2).
package opportunity

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/catalog/currency"
	"github.com/guanxicrm/guanxi/internal/modules/crm/customer"
	"github.com/guanxicrm/guanxi/internal/modules/crm/scoring"
	"github.com/guanxicrm/guanxi/internal/modules/sales/competitor"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
	"github.com/guanxicrm/guanxi/internal/modules/sales/pipeline"
	"github.com/guanxicrm/guanxi/internal/modules/sales/stage"
)

// Item are the fields of its lines.
var Item = paper.NewItem("sales.opportunity_item", "")

// What it is about. Amount is the sum of the lines where there are any.
var (
	Number     = entity.AutoNumber("number", schema.Numbering{Prefix: "SJ", Date: "YYYYMM", Reset: "month"})
	Name       = entity.Text("name", 200).Required().Folded().Sortable().Search()
	Customer   = entity.Ref("customer", customer.Entity.Name).Required().Audited()
	Contact    = entity.Ref("contact", "crm.contact").Only("customer == {customer}")
	Pipeline   = entity.Ref("pipeline", pipeline.Entity.Name).Only("active == true")
	Stage      = entity.Ref("stage", stage.Entity.Name).Only("pipeline == {pipeline}").Audited()
	State      = entity.Choice("state", stage.Open, stage.Won, stage.Lost).Colors("blue", "green", "gray").Default(stage.Open).ReadOnly()
	Currency   = currency.Choice("currency").Required().Default("currency()")
	Rate       = entity.Decimal("rate", 4).Between("0.000001", "").RateOf(Currency).Apart()
	Amount     = entity.Money("amount").Between("0", "").Audited()
	AmountBase = entity.Money("amount_base").InBase().ReadOnly()
	WinRate    = entity.Percent("win_rate").Between("0", "100")
	Weighted   = entity.Money("weighted").InBase().ReadOnly()
	Forecast   = entity.Choice("forecast", "pipeline", "best", "commit", "omitted").Colors("blue", "purple", "green", "gray").Default("pipeline")
	ExpectedOn = entity.Date("expected_on").Audited()
)

// How it goes on, and how it ended.
var (
	Source         = entity.Choice("source", customer.Sources()...).SameAs(customer.Entity.Name, customer.Source)
	Kind           = entity.Choice("kind", "new", "repeat", "upgrade", "renewal").Colors("blue", "green", "purple", "teal")
	Owner          = entity.Member("owner").Required().Audited()
	Team           = entity.Members("team")
	Score          = entity.Number("score").Between("0", "100")
	Competitors    = entity.Refs("competitors", competitor.Entity.Name)
	Decision       = entity.Text("decision", 300)
	Budget         = entity.Money("budget").Between("0", "")
	Demand         = entity.LongText("demand")
	Lead           = entity.Ref("lead", "crm.lead")
	EnteredAt      = entity.Instant("stage_since").ReadOnly()
	Furthest       = entity.Ref("furthest", stage.Entity.Name).ReadOnly() // the last stage on the way that it stood in, whatever came then
	ChecksOpen     = entity.Number("checks_open").ReadOnly()
	StaleOn        = entity.Date("stale_on").ReadOnly()
	Pace           = entity.Choice("pace", Stale).Colors("orange").ReadOnly().Coded()
	ClosedOn       = entity.Date("closed_on").ReadOnly().Imported()
	LossReason     = entity.Choice("loss_reason", lossReasons()...).VisibleWhen(entity.Is(State, stage.Lost))
	LostTo         = entity.Ref("lost_to", competitor.Entity.Name).VisibleWhen(entity.Is(State, stage.Lost))
	WinReason      = entity.Choice("win_reason", "price", "product", "relation", "service", "brand", "delivery", "other").VisibleWhen(entity.Is(State, stage.Won))
	Review         = entity.LongText("review").VisibleWhen(entity.Not(State, stage.Open))
	NextFollowOn   = entity.Date("next_follow_on")
	LastFollowedAt = entity.Rollup("last_followed_at", schema.Rollup{Entity: "crm.follow_up", Via: "opportunity", Op: "max", Field: "at"})
	Remark         = entity.LongText("remark")
	Attachments    = entity.Files("attachments")
	SourceCreated  = entity.Instant("source_created_at")
	ExternalID     = entity.Text("external_id", 100)
)

func lossReasons() []string {
	return []string{"price", "competitor", "no_budget", "no_need", "delivery", "product", "relation", "delayed", "other"}
}

// Scoring is how promising an opportunity is, by the company's rules; without
// rules people give the score.
var Scoring = scoring.New("sales.opportunity", Score, nil)

// Entity is sales.opportunity.
var Entity = entity.Def{
	Name: "sales.opportunity",
	Icon: "trending-up",
	Fields: entity.Fields(Number, Name, Customer, Contact, Pipeline.Leads(Stage), Stage.Leads(WinRate), State, Currency.Leads(Rate), Rate, Amount, AmountBase, WinRate, Weighted,
		Forecast, ExpectedOn, Source, Kind, Owner, Team, Score, Competitors, Decision, Budget, Demand, Lead, EnteredAt, Furthest, ClosedOn, LossReason, LostTo,
		WinReason, Review, NextFollowOn, LastFollowedAt, Remark, Attachments, SourceCreated, ExternalID, ChecksOpen, StaleOn, Pace),
	Title:  Name,
	Lines:  entity.Lines(paper.Items, Item.Def()).And(Checks, check),
	Scopes: entity.OwnedBy(Owner).SeenThrough(Customer),
	Indexes: []schema.Index{entity.By(Customer), {Keys: []string{"stage", "-id"}}, {Keys: []string{"owner", "state", "-id"}}, {Keys: []string{"state", "expected_on"}},
		{Keys: []string{"pipeline", "state", "-id"}}, // What reports add up and tell apart is answered by these alone: what ended when, what is expected when, how far what was made came.
		{Keys: []string{"closed_on", "state", "pipeline", "owner", "dept", "customer", "source", "amount_base"}},
		{Keys: []string{"expected_on", "state", "pipeline", "owner", "dept", "customer", "forecast", "amount_base", "weighted"}},
		{Keys: []string{"created_at", "pipeline", "state", "stage", "furthest", "owner", "dept", "customer", "source", "amount_base"}},
		entity.By(Pace, StaleOn),
		{Keys: []string{"stage", "currency", "state", "pipeline", "owner", "amount", "amount_base", "weighted"}}}, // the board's columns are added up by it alone
	Hooks: entity.Hooks{Derive: derive, Validate: validate, Within: within, WithLines: true, WithRollups: true},
	Actions: []entity.Action{
		{Name: "win", Op: access.Update, Move: entity.Move{State: State, From: []string{stage.Open}, To: stage.Won}, Input: entity.Fields(Why, Note), Fill: win},
		{Name: "lose", Op: access.Update, Move: entity.Move{State: State, From: []string{stage.Open}, To: stage.Lost}, Input: entity.Fields(Reason, To, Note2), Fill: lose},
		{Name: "reopen", Op: access.Update, Move: entity.Move{State: State, From: []string{stage.Won, stage.Lost}, To: stage.Open}, Fill: reopen},
	},
	Questions: []entity.Question{Scoring.Why()},
	Layout:    layout,
}

// layout shows first what a manager asks of the pipeline: how much, how far,
// when, whose.
var layout = schema.Layout{
	List:   []string{"name", "customer", "stage", "amount", "win_rate", "weighted", "expected_on", "forecast", "owner", "next_follow_on"},
	Sort:   "-id",
	Card:   []string{"name", "customer", "amount", "owner", "expected_on", "pace"},
	Kanban: "stage",
	Views: []schema.View{
		{Key: "all", Sort: "-id"},
		{Key: "open", Filter: `state == "open"`, Sort: "-id"},
		{Key: "mine", Filter: `owner == me and state == "open"`, Sort: "expected_on", Fields: []string{"name", "customer", "stage", "pace", "amount", "win_rate", "weighted", "expected_on", "forecast", "next_follow_on"}},
		{Key: "closing", Filter: `state == "open" and expected_on < month_start(1)`, Sort: "expected_on"},
		{Key: "overdue", Filter: `owner == me and state == "open" and expected_on < today()`, Sort: "expected_on", Today: true},
		{Key: "stale", Filter: `pace == "stale"`, Sort: "stale_on", Fields: []string{"name", "customer", "stage", "stage_since", "stale_on", "checks_open", "amount", "owner", "last_followed_at", "next_follow_on"}},
		{Key: "commit", Filter: `state == "open" and forecast == "commit"`, Sort: "expected_on"},
		{Key: "won", Filter: `state == "won"`, Sort: "-closed_on"},
		{Key: "lost", Filter: `state == "lost"`, Sort: "-closed_on"},
	},
	Groups: []schema.Group{
		{Key: "basic", Fields: []string{"name", "number", "customer", "contact", "owner", "team", "kind", "source", "lead"}, Columns: 2},
		{Key: "deal", Fields: []string{"pipeline", "stage", "state", "stage_since", "checks_open", "stale_on", "pace", "furthest", "amount", "currency", "rate", "amount_base", "win_rate", "weighted", "forecast", "expected_on", "closed_on"}, Columns: 2},
		{Key: "need", Fields: []string{"demand", "decision", "budget", "competitors", "score", "next_follow_on", "last_followed_at"}, Columns: 2},
		{Key: "end", Fields: []string{"win_reason", "loss_reason", "lost_to", "review"}, Columns: 2},
		{Key: "more", Fields: []string{"remark", "attachments", "source_created_at", "external_id"}, Columns: 1},
	},
}
