package sales_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// checks are those of a deal as somebody sees them, and whether each is confirmed.
func checks(k *company.Client, self string) string {
	list, _ := k.Get(self).JSON()["checks"].([]any)
	var out []string
	for _, one := range list {
		line := one.(row)
		mark := "-"
		if line["done"] == true {
			mark = "+"
		}
		out = append(out, mark+line["text"].(string))
	}
	return strings.Join(out, " ")
}

// tickOff writes the checks of a deal as they are, those named confirmed, without
// those in left.
func tickOff(k *company.Client, self string, also row, done, left string) company.Reply {
	list, _ := k.Get(self).JSON()["checks"].([]any)
	var lines []row
	for _, one := range list {
		line := one.(row)
		if text := line["text"].(string); !strings.Contains(left, text) || left == "" {
			lines = append(lines, row{"id": line["id"], "text": text, "done": line["done"] == true || strings.Contains(done, text)})
		}
	}
	body := row{"checks": lines}
	for key, v := range also {
		body[key] = v
	}
	return k.Patch(self, body)
}

// What a stage has people make sure of keeps a deal from going on, however it
// goes on, until it is confirmed; back and lost it goes at any time (SAL-1).
func TestChecksAreConfirmedBeforeADealGoesOn(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		at := stages(k)
		k.Patch("/records/sales.stage/"+at["初步接触"], row{"check": "见到决策人\n\n 预算已核实 \n见到决策人"}).Want(http.StatusOK)
		k.Patch("/records/sales.stage/"+at["方案报价"], row{"check": "方案已讲解", "score": 50}).Want(http.StatusOK)
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		deal := k.Post("/records/sales.opportunity", row{"name": "港口吊机", "customer": customer, "checks": []row{{"text": "样机已看"}}}).Want(http.StatusCreated)
		self := "/records/sales.opportunity/" + deal.Str("id")
		company.Holds(t, deal, "version", "1", "checks_open", "3", "checks.0.text", "样机已看", "checks.1.text", "见到决策人", "checks.1.stage.label", "初步接触", "checks.2.text", "预算已核实")

		for _, to := range []string{"需求确认", "商务谈判", "赢单"} {
			r := k.Patch(self, row{"stage": at[to]}).Want(http.StatusUnprocessableEntity)
			company.Holds(t, r, "errors.0.field", "checks", "errors.0.message", "“初步接触”阶段还有检查项没有确认：样机已看; 见到决策人; 预算已核实。请先在商机的“推进检查项”里逐条确认，再往后推进。")
		}
		k.Post(self+"/actions/win", row{}).Want(http.StatusUnprocessableEntity)
		k.Patch(self, row{"score": 80}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "初步接触") // nor by a score

		tickOff(k, self, nil, "样机已看 见到决策人", "预算已核实").Want(http.StatusOK)
		if got := checks(k, self); got != "+样机已看 +见到决策人 -预算已核实" {
			t.Errorf("what somebody takes away is there again: %s", got)
		}
		r := k.Get(self)
		company.Holds(t, r, "checks_open", "1", "checks.0.done_by.label", "管理员")
		if r.Str("checks.0.done_at") == "" || r.Str("checks.2.done_at") != "" {
			t.Errorf("when: %s", r.Body)
		}
		tickOff(k, self, row{"stage": at["需求确认"]}, "", "预算已核实").Want(http.StatusUnprocessableEntity)
		tickOff(k, self, row{"score": nil}, "", "").Want(http.StatusOK)
		done := tickOff(k, self, row{"stage": at["需求确认"]}, "预算已核实", "").Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "需求确认", "checks_open", "")

		k.Post("/changesets/"+done.Str("changeset")+"/undo", row{}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "初步接触", "checks_open", "1")
		k.Patch(self, row{"score": 80}).Want(http.StatusOK)
		tickOff(k, self, nil, "预算已核实", "").Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "方案报价", "checks_open", "1") // what the score waited for has come

		k.Patch("/records/sales.stage/"+at["方案报价"], row{"check": "方案已讲解\n价格已谈"}).Want(http.StatusOK)
		tickOff(k, self, nil, "方案已讲解", "").Want(http.StatusOK)
		if got := checks(k, self); got != "+样机已看 +见到决策人 +预算已核实 +方案已讲解 -价格已谈" {
			t.Errorf("a longer list: %s", got)
		}
		k.Patch(self, row{"stage": at["需求确认"]}).Want(http.StatusOK) // back
		k.Patch(self, row{"stage": at["方案报价"]}).Want(http.StatusOK)
		if got := checks(k, self); !strings.HasSuffix(got, "+方案已讲解 -价格已谈") {
			t.Errorf("once more: %s", got)
		}
		k.Post(self+"/actions/lose", row{"reason": "price"}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "state", "lost", "checks_open", "")
	})
}

// A deal that stands in a stage for longer than the stage allows is marked, until
// it goes on.
func TestDealsThatStandStillAreMarked(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { standsStill(t, company.Options{}) })
	t.Run("postgres", func(t *testing.T) { standsStill(t, company.Options{Database: pg.URL(t)}) })
}

func standsStill(t *testing.T, o company.Options) {
	now := clock.NewFake(time.Date(2026, 5, 7, 23, 30, 0, 0, time.FixedZone("+8", 8*60*60)))
	o.Clock = now
	c := company.Open(t, o)
	k := c.As("admin").With("If-Match", "*")
	at := stages(k)
	k.Patch("/records/sales.stage/"+at["初步接触"], row{"stale_days": 2}).Want(http.StatusOK)
	customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
	deal := k.Post("/records/sales.opportunity", row{"name": "港口吊机", "customer": customer}).Want(http.StatusCreated)
	self := "/records/sales.opportunity/" + deal.Str("id")
	company.Holds(t, deal, "stale_on", "2026-05-09", "pace", "")
	for day, want := range []string{"", "", "", "stale", "stale"} { // the 7th to the 11th
		if err := c.App.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := k.Get(self).Str("pace"); got != want {
			t.Errorf("after %d days: %q, want %q", day, got, want)
		}
		now.Advance(24 * time.Hour)
	}
	if list := k.Get("/records/sales.opportunity?filter=pace%20%3D%3D%20%22stale%22").Items(); len(list) != 1 {
		t.Errorf("the view: %v", list)
	}
	k.Patch(self, row{"stage": at["需求确认"]}).Want(http.StatusOK)
	company.Holds(t, k.Get(self), "stale_on", "", "pace", "")
}

// A stage may ask whatever can be asked of a deal, of the company's own fields
// too; what is not met is said in words, at its field (SAL-1).
func TestStagesAskConditions(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		k := c.As("admin").With("If-Match", "*")
		at := stages(k)
		k.Post("/customize/entities/sales.opportunity/fields", row{"key": "trial", "type": "choice", "label": row{"zh-CN": "试用结果", "en": "Trial"},
			"settings": row{"options": []row{{"code": "good", "label": row{"zh-CN": "满意", "en": "Good"}}, {"code": "bad", "label": row{"zh-CN": "不满意", "en": "Bad"}}}}}).Want(http.StatusCreated)
		stage := "/records/sales.stage/" + at["方案报价"]
		for _, bad := range []string{"amount >", `nothing == "x"`, `customer.name == "x"`, "owner == me"} {
			k.Patch(stage, row{"needs_when": bad}).Want(http.StatusUnprocessableEntity)
		}
		when := `amount >= 100000 and trial == "good" and (expected_on >= today() or kind in ("repeat", "renewal"))`
		k.Patch(stage, row{"needs_when": when, "score": 50}).Want(http.StatusOK)
		customer := k.Post("/records/crm.customer", row{"name": "宁波海运有限公司"}).Want(http.StatusCreated).Str("id")
		deal := k.Post("/records/sales.opportunity", row{"name": "港口吊机", "customer": customer, "amount": "99999.99", "score": 60}).Want(http.StatusCreated)
		self := "/records/sales.opportunity/" + deal.Str("id")
		company.Holds(t, deal, "stage.label", "初步接触")

		r := k.Patch(self, row{"stage": at["方案报价"]}).Want(http.StatusUnprocessableEntity)
		today := c.App.Clock.Now().In(c.App.Dir.Zone()).Format("2006-01-02")
		company.Holds(t, r, "errors.0.field", "amount", "errors.0.message", "进入“方案报价”阶段的条件没有满足：预计金额 不低于 100,000.00。",
			"errors.1.field", "trial", "errors.1.message", "进入“方案报价”阶段的条件没有满足：试用结果 为 满意。",
			"errors.2.field", "stage", "errors.2.message", "进入“方案报价”阶段的条件没有满足：预计成交日期 不低于 "+today+"，或 商机类型 是以下之一： 老客户复购、续约。")
		k.Patch(self, row{"amount": "100000", "kind": "repeat"}).Want(http.StatusOK)
		company.Holds(t, k.Patch(self, row{"stage": at["方案报价"]}).Want(http.StatusUnprocessableEntity), "errors.0.field", "trial", "errors.1.field", "")
		k.Patch(self, row{"trial": "good"}).Want(http.StatusOK)
		company.Holds(t, k.Get(self), "stage.label", "方案报价") // the score waited for it

		// What the program reads no administrator adds to.
		company.Holds(t, k.Get("/customize/entities/sales.stage/fields/needs/options").Want(http.StatusOK), "fixed", "true")
	})
}
