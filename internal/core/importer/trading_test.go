package importer_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/core/importer"
)

// A trading company's own table comes in as it is: what people write for
// amounts, days, levels and places is understood, the same company twice is one
// record, a total below is none, and each reason of a refused row is counted.
func TestATradingCompanysTable(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := h.file("客户.csv", "客户名称,客户等级,省市区,详细地址,职务,业务员,建档日期,预计成交额,所属行业\n"+
			"苏州恒远机械有限公司,A类,江苏苏州工业园区,兴业路 1 号,采购经理,admin,25-6-8,12.5万元,制造\n"+
			"上海兴达贸易有限公司,重点,上海市浦东新区张江镇,,厂长,admin,25.12.3,3千万,软件\n"+
			"苏州恒远机械有限公司 ,B级,江苏省苏州市工业园区,工业园区兴业路 1 号,采购经理,admin,2025年6月8日,￥36000,制造业\n"+
			"北京泰源实业有限公司,C,北京 朝阳,,,admin,去年底,面议,制造\n"+
			"天津宏通电子厂,D,天津滨海新区,,,admin,2025-01-02,面议,制造\n"+
			"合计,,,,,,,,5 家\n")
		look, err := importer.Look(context.Background(), h.deps(), h.actor, importer.Options{Entity: "crm.customer", Path: path})
		if err != nil {
			t.Fatal(err)
		}
		if look.Map["职务"] != "contact_title" || look.Map["省市区"] != "region" || !slices.Equal(look.Keys, []string{"name"}) || len(look.Unknown) != 0 {
			t.Fatalf("columns %v, key %v, unknown %v", look.Map, look.Keys, look.Unknown)
		}
		failed := h.file("failed.csv", "")
		s := h.run(importer.Options{Entity: "crm.customer", Path: path, Key: look.Keys, FailedPath: failed}, counts{created: 2, updated: 1, failed: 3})
		h.want("crm.customer", h.by("crm.customer", "name", "上海兴达贸易有限公司"), map[string]string{
			"level": "A 级（重点）", "region": "上海市/浦东新区", "address": "张江镇", "contact_title": "厂长", "amount": "30000000.00", "source_created_at": "2025-12-03 00:00:00", "industry": "软件"})
		for _, r := range h.all("crm.customer") {
			if strings.HasPrefix(r.Get("name").Str(), "苏州恒远") {
				h.want("crm.customer", r, map[string]string{"level": "B 级（重要）", "region": "江苏省/苏州市", "address": "工业园区兴业路 1 号", "amount": "36000.00", "source_created_at": "2025-06-08 00:00:00"})
			}
		}
		reasons := map[string]int{}
		for _, one := range s.Reasons {
			reasons[one.Message] = one.Rows
		}
		if diff := cmp.Diff(map[string]int{"预计金额：“面议”不是数字，请只填写数字，例如 1234.50。": 2, "原始创建时间：“去年底”不是有效的日期时间，请按 2024-01-05 13:05 的格式填写。": 1, "这是合计行，没有导入。": 1}, reasons); diff != "" {
			t.Errorf("reasons (- wanted, + told):\n%s", diff)
		}
		text, err := os.ReadFile(failed)
		if err != nil || !strings.Contains(string(text), "去年底") || strings.Count(string(text), "\n") != 4 {
			t.Errorf("the failed rows: %v\n%s", err, text)
		}
	})
}

// A list of staff is one on the page of members, and a list of contacts on
// that of contacts; where somebody works is his position.
func TestAListOfStaff(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := h.file("员工.csv", "姓名,部门,职位,手机,邮箱\n王芳,销售部,销售代表,13800138000,wf@acme.example\n")
		for entity, want := range map[string][2]string{"org.member": {"member", "position"}, "crm.contact": {"contact", "title"}} {
			p, err := importer.Look(context.Background(), h.deps(), h.actor, importer.Options{Entity: entity, Path: path})
			if err != nil || p.Kind != want[0] || p.Map["职位"] != want[1] {
				t.Errorf("%s: %q, position to %q, %v", entity, p.Kind, p.Map["职位"], err)
			}
		}
	})
}

// What stands behind the names of a region becomes the address of a record that
// has none; one that the file does not name stays.
func TestAnAddressThatIsThereStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		bring := func(text string, want counts) {
			t.Helper()
			h.run(importer.Options{Entity: "crm.customer", Path: h.file("客户.csv", text), Key: []string{"name"}}, want)
		}
		bring("客户名称,详细地址\n恒远公司,兴业路 1 号\n泰源公司,\n", counts{created: 2})
		bring("客户名称,省市区\n恒远公司,江苏苏州工业园区\n泰源公司,江苏苏州工业园区\n", counts{updated: 2})
		for name, address := range map[string]string{"恒远公司": "兴业路 1 号", "泰源公司": "工业园区"} {
			h.want("crm.customer", h.by("crm.customer", "name", name), map[string]string{"address": address, "region": "江苏省/苏州市"})
		}
		bring("客户名称,省市区\n恒远公司,江苏苏州工业园区\n", counts{unchanged: 1})
	})
}

// A w behind a figure is 万 of money; of anything else it may be watts.
func TestAWIsTenThousandOfMoneyOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.run(importer.Options{Entity: "crm.customer", Path: h.file("客户.csv", "客户名称,员工人数,预计成交额\n甲公司,6千,12w\n乙公司,60W,12W\n")}, counts{created: 1, failed: 1})
		h.want("crm.customer", h.by("crm.customer", "name", "甲公司"), map[string]string{"employees": "6000", "amount": "120000.00"})
	})
}
