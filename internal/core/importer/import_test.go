package importer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// exact are texts that a careless importer spoils.
var exact = []string{"1234567890123456789012", "007", "  blanks around  ", "two\nlines, \"quoted\"", "1e5", "2024-01-05", "0x1F", "TRUE", "=1+1", "　全角　", "+86 138", "-5", "a;b,c"}

// What a CSV or a workbook holds comes through exactly: long numbers, zeros in
// front, blanks, line breaks, what looks like something else.
func TestTextsComeThroughExactly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.entity("x.exact", field{"name", "text", "名称"}, field{"body", "text", "正文"}, field{"story", "long_text", "长文"})
		for _, kind := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			path := filepath.Join(t.TempDir(), "exact."+string(kind))
			writeTable(t, path, kind, []string{"名称", "正文", "长文"}, func(row func(...sheet.Cell)) {
				for i, s := range exact {
					row(sheet.T(fmt.Sprintf("%s %d", kind, i)), sheet.T(s), sheet.T(s))
				}
			})
			opt := importer.Options{Entity: "x.exact", Path: path, Key: []string{"name"}}
			h.run(opt, counts{created: len(exact)})
			for i, s := range exact {
				h.want("x.exact", h.by("x.exact", "name", fmt.Sprintf("%s %d", kind, i)), map[string]string{"body": s, "story": s})
			}
			h.run(opt, counts{unchanged: len(exact)})
		}
	})
}

func writeTable(t *testing.T, path string, kind sheet.Format, header []string, fill func(row func(...sheet.Cell))) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	var w sheet.Writer
	if kind == sheet.XLSX {
		w, err = sheet.NewXLSX(f, "Sheet1")
	} else {
		w, err = sheet.NewCSV(f, sheet.CSVOptions{})
	}
	if err == nil {
		err = w.Header(header)
	}
	fill(func(cells ...sheet.Cell) {
		if err == nil {
			err = w.Row(cells)
		}
	})
	if err == nil {
		err = w.Close()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Values of each type as other systems write them.
func TestValues(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := h.file("values.csv", "名称,编号x,金额,日期,时刻,是否,标签,地区,创建时间\n"+
			"甲,1,\"1,200.50\",2024年1月5日,2024/1/5 13:04,是,\"重点客户；老客户\",江苏省南京市,2020-02-03 04:05:06\n"+
			"乙,2,,,,,,,\n")
		h.entity("x.v", field{"name", "text", "名称"}, field{"no", "number", "编号x"}, field{"sum", "money", "金额"}, field{"day", "date", "日期"},
			field{"at", "instant", "时刻"}, field{"yes", "switch", "是否"}, field{"place", "region", "地区"})
		s := h.run(importer.Options{Entity: "x.v", Path: path, Key: []string{"no"}}, counts{created: 2})
		if !slices.Equal(s.Unmapped, []string{"标签", "创建时间"}) {
			t.Errorf("unmapped %v", s.Unmapped)
		}
		h.want("x.v", h.by("x.v", "name", "甲"), map[string]string{"no": "1", "sum": "1200.50", "day": "2024-01-05", "at": "2024-01-05 13:04:00", "yes": "是", "place": "江苏省/南京市"})

		h.run(importer.Options{Entity: "crm.customer", Path: path, Key: []string{"name"}}, counts{created: 2})
		r := h.by("crm.customer", "name", "甲")
		h.want("crm.customer", r, map[string]string{"amount": "1200.50", "region": "江苏省/南京市", "tags": "重点客户|老客户", "source_created_at": "2020-02-03 04:05:06", "status": "潜在"})
	})
}

// An empty cell says nothing, the word for empty clears, both leave a new
// record its defaults only where nothing is said.
func TestEmptyAndNull(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Key: []string{"external_id"}, Null: "NULL"}
		opt.Path = h.file("a.csv", "external_id,name,fax,city,status\n1,甲,111,南京,\n2,乙,NULL,NULL,won\n")
		h.run(opt, counts{created: 2})
		h.want("crm.customer", h.by("crm.customer", "external_id", "1"), map[string]string{"fax": "111", "status": "潜在"})
		h.want("crm.customer", h.by("crm.customer", "external_id", "2"), map[string]string{"fax": "", "city": "", "status": "成交"})
		opt.Path = h.file("b.csv", "external_id,name,fax,city\n1,,NULL,\n")
		h.run(opt, counts{updated: 1})
		h.want("crm.customer", h.by("crm.customer", "external_id", "1"), map[string]string{"name": "甲", "fax": "", "city": "南京"})
	})
}

// Rows may name each other in any order; who waits for nobody in the end is
// refused by name, and a circle where the entity's rule forbids it.
func TestReferencesWithinTheFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Key: []string{"external_id"}}
		opt.Path = h.file("tree.csv", "external_id,name,上级单位\n3,孙公司,2\n2,子公司,母公司\n9,孤儿,没有的公司\n1,母公司,\n7,圈一,8\n8,圈二,7\n")
		s := h.run(opt, counts{created: 3, failed: 3})
		for i, e := range s.Errors {
			if e.Field != "parent" || e.Line != []int{4, 6, 7}[i] {
				t.Errorf("%+v", e)
			}
		}
		for child, parent := range map[string]string{"3": "2", "2": "1"} {
			if h.by("crm.customer", "external_id", child).Get("parent").Int() != h.by("crm.customer", "external_id", parent).ID() {
				t.Errorf("%s is not under %s", child, parent)
			}
		}
		if r := h.by("crm.customer", "external_id", "3"); r.Version() != 1 {
			t.Errorf("a row that waited was written %d times", r.Version())
		}
		dry := opt
		dry.DryRun = true
		dry.Path = h.file("tree2.csv", "external_id,name,上级单位\n13,孙公司二,12\n12,子公司二,母公司二\n11,母公司二,\n12,子公司又,\n14,丁,谁也不是\n")
		h.run(dry, counts{created: 3, updated: 1, failed: 1})
		if n := len(h.all("crm.customer")); n != 3 {
			t.Errorf("a dry run left %d customers", n)
		}
		h.run(importer.Options{Entity: "crm.customer", Path: dry.Path, Key: dry.Key}, counts{created: 3, updated: 1, failed: 1})
	})
}

// Rows in a circle are written together, also with others that hang on them;
// a row of it that is refused takes the others of the circle with it, and no
// row of another.
func TestCirclesWithinTheFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.entity("x.node", field{"name", "text", "名称"}, field{"no", "number", "数"})
		h.reference("x.node", "partner", "x.node", false)
		h.reference("x.node", "friends", "x.node", true)
		file := "name,数,partner,friends\n甲,1,乙,\n乙,2,丙,甲；丁\n丙,3,甲,\n丁,4,,丁\n戊,5,甲,\n" + // one knot, one who names himself
			"己,6,庚,\n庚,七,己,\n辛,8,庚,\n" + // 庚 is refused for its number, and the two that need it
			"壬,9,没有,\n癸,10,壬,\n" // nobody is called that
		for _, key := range [][]string{nil, {"name"}} {
			opt := importer.Options{Entity: "x.node", Path: h.file("circle.csv", file), Key: key}
			dry := opt
			dry.DryRun = true
			h.run(dry, counts{created: 5, failed: 5})
			if n := len(h.all("x.node")); n != 0 {
				t.Fatalf("a dry run left %d", n)
			}
			s := h.run(opt, counts{created: 5, failed: 5})
			for i, line := range []int{7, 8, 9, 10, 11} {
				if s.Errors[i].Line != line {
					t.Errorf("%+v", s.Errors[i])
				}
			}
			id := func(name string) int64 { return h.by("x.node", "name", name).ID() }
			for name, partner := range map[string]string{"甲": "乙", "乙": "丙", "丙": "甲", "戊": "甲"} {
				if got := h.by("x.node", "name", name).Get("partner").Int(); got != id(partner) {
					t.Errorf("%s has not %s", name, partner)
				}
			}
			if got := h.by("x.node", "name", "乙").Get("friends").List(); len(got) != 2 || got[0].Int() != id("甲") || got[1].Int() != id("丁") {
				t.Errorf("friends %v", got)
			}
			if got := h.by("x.node", "name", "丁").Get("friends").List(); len(got) != 1 || got[0].Int() != id("丁") {
				t.Errorf("himself %v", got)
			}
			h.undo(s.Changeset)
		}
	})
}

// Owners are found by mail, login and name; an unknown one goes to the chosen
// default with a warning, or is refused when none is chosen.
func TestOwners(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.run(importer.Options{Entity: "org.department", Path: h.file("d.csv", "name,parent\n一组,总公司/销售部\n销售部,总公司\n总公司,\n")}, counts{created: 3})
		h.run(importer.Options{Entity: "org.member", Key: []string{"login"}, Path: h.file("m.csv",
			"姓名,登录名,邮箱,所属部门,工号\n李雷,li,li@example.com,总公司/销售部/一组,007\n王芳,wang,wang@example.com,销售部,008\n王芳,wang2,w2@example.com,,009\n")}, counts{created: 3})
		h.want("org.member", h.by("org.member", "login", "li"), map[string]string{"employee_no": "007", "email": "li@example.com"})
		if h.by("org.member", "login", "li").Get("department").Int() != h.by("org.department", "name", "一组").ID() {
			t.Error("the path of a department is not read")
		}
		file := h.file("c.csv", "客户名称,负责人\n一,li@example.com\n二,WANG\n三,李雷\n四,王芳\n五,外人\n六,\n")
		s := h.run(importer.Options{Entity: "crm.customer", Path: file}, counts{created: 4, failed: 2})
		if s.Errors[0].Line != 5 || s.Errors[1].Line != 6 || s.Errors[0].Field != "owner" {
			t.Errorf("%+v", s.Errors)
		}
		li := h.by("org.member", "login", "li").ID()
		for name, who := range map[string]string{"一": "li", "二": "wang", "三": "li", "六": "admin"} {
			if got := h.by("crm.customer", "name", name).Get("owner").Int(); got != h.by("org.member", "login", who).ID() {
				t.Errorf("%s belongs to %d, not to %s", name, got, who)
			}
		}
		h.undo(s.Changeset)
		h.run(importer.Options{Entity: "crm.customer", Path: file, Owner: "li"}, counts{created: 5, failed: 1, warned: 1})
		if h.by("crm.customer", "name", "五").Get("owner").Int() != li || h.by("crm.customer", "name", "六").Get("owner").Int() != li {
			t.Error("the chosen owner did not get what nobody has")
		}
	})
}

// Strict duplicates refuse their row alone, likely ones are counted and
// written; a unique value that is taken refuses its row alone, also when the
// database has the last word.
func TestDuplicatesAndUniqueValues(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", FailedPath: filepath.Join(t.TempDir(), "f.csv")}
		opt.Path = h.file("c.csv", "name,uscc,phone\n甲,91350100M000100Y43,\n乙,91350100m000100y43,\n甲有限公司,,\n丙,,13800138000\n丁,,+86 138-0013-8000\n")
		s := h.run(opt, counts{created: 4, failed: 1, warned: 2})
		if s.Errors[0].Line != 3 || s.Errors[0].Field != "uscc" || !strings.Contains(s.Errors[0].Message, "“甲”") {
			t.Errorf("%+v", s.Errors)
		}
		var rows strings.Builder
		rows.WriteString("name,login\n")
		for i := range 300 {
			fmt.Fprintf(&rows, "员工%d,user%d\n", i, i%290)
		}
		rows.WriteString("冒名,ADMIN\n")
		m := h.run(importer.Options{Entity: "org.member", Path: h.file("m.csv", rows.String())}, counts{created: 290, failed: 11})
		if m.Errors[0].Line != 292 || m.Errors[0].Field != "login" || m.Errors[10].Line != 302 {
			t.Errorf("%+v", m.Errors)
		}
	})
}

// A text that no database holds, which a workbook can hold, refuses its row
// alone: as a value, as the key that rows are matched by, as the name of
// another record.
func TestTextWithAZeroByte(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const bad = "甲_x0000_乙"
		for _, c := range []struct {
			entity, key string
			rows        [][]string
		}{
			{"crm.customer", "", [][]string{{"名称", "地址"}, {"一", "x"}, {"二", bad}, {"三", "x"}}},
			{"crm.customer", "name", [][]string{{"名称", "地址"}, {"四", "x"}, {bad, "x"}, {"五", "x"}}},
			{"crm.contact", "", [][]string{{"姓名", "客户"}, {"张三", "一"}, {"李四", bad}, {"王五", "三"}}},
		} {
			opt := importer.Options{Entity: c.entity, Path: h.workbook(c.rows)}
			if c.key != "" {
				opt.Key = []string{c.key}
			}
			if s := h.run(opt, counts{created: 2, failed: 1}); s.Errors[0].Line != 3 {
				t.Errorf("%+v", s.Errors)
			}
		}
	})
}

// Keys: several fields, fields that have no index, rows of one file about the
// same record, our own ids.
func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.entity("x.k", field{"name", "text", "名称"}, field{"year", "number", "年"}, field{"note", "text", "备注"})
		opt := importer.Options{Entity: "x.k", Key: []string{"name", "年"}}
		opt.Path = h.file("k.csv", "名称,年,备注\n甲,2024,一\n甲,2025,二\n甲,2024,三\n乙,,四\n,,五\n")
		s := h.run(opt, counts{created: 3, updated: 1, failed: 1})
		if s.Errors[0].Line != 6 {
			t.Errorf("%+v", s.Errors)
		}
		h.run(opt, counts{updated: 2, unchanged: 2, failed: 1}) // the first row of a pair is undone by its second
		h.want("x.k", h.by("x.k", "note", "三"), map[string]string{"name": "甲", "year": "2024"})

		out := filepath.Join(t.TempDir(), "out.csv")
		h.export(importer.ExportOptions{Entity: "x.k"}, out)
		raw, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		changed := h.file("changed.csv", strings.Replace(string(raw), "四", "四又", 1))
		h.run(importer.Options{Entity: "x.k", Path: changed}, counts{updated: 1, unchanged: 2})
		for _, bad := range []importer.Options{{Key: []string{"nothing"}}, {Key: []string{"created_at"}}, {Map: mappings(t, "没有=name")}, {Map: mappings(t, "备注=created_by")}, {OnMatch: "merge"}} {
			bad.Entity, bad.Path = "x.k", opt.Path
			if _, err := h.try(bad); err == nil || errs.Is(err, errs.Internal) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// Undoing an older run leaves what later runs touched and says so; newest
// first everything is as before.
func TestUndoOfSeveralRuns(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Key: []string{"external_id"}}
		before := h.dump("crm.customer")
		opt.Path = h.file("1.csv", "external_id,name,city,phones\n1,甲,南京,\n2,乙,上海,95588;95566\n")
		first := h.run(opt, counts{created: 2})
		between := h.dump("crm.customer")
		opt.Path = h.file("2.csv", "external_id,name,city,phones\n1,甲,苏州,10086;95588\n3,丙,北京,\n")
		second := h.run(opt, counts{created: 1, updated: 1})

		early := h.undo(first.Changeset)
		if early.Undone != 1 || len(early.Conflicts) != 1 || early.Conflicts[0].Label != "甲" || early.Conflicts[0].Reason != "undo.changed_since" {
			t.Errorf("%+v", early)
		}
		h.undo(ref(early.Changeset))
		if h.undo(second.Changeset); !slices.Equal(between, h.dump("crm.customer")) {
			t.Errorf("after the second is undone:\n%s\nwant\n%s", strings.Join(h.dump("crm.customer"), "\n"), strings.Join(between, "\n"))
		}
		if h.undo(first.Changeset); !slices.Equal(before, h.dump("crm.customer")) {
			t.Errorf("after both are undone: %v", h.dump("crm.customer"))
		}
	})
}

// A member imports with his own rights: what he may not change or see is
// neither changed nor told.
func TestRightsOfAnImport(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		grants := []access.Grant{{Entity: "crm.*", Op: access.Read, Scope: access.All}}
		for _, op := range []access.Op{access.Create, access.Update, access.Import} {
			grants = append(grants, access.Grant{Entity: "crm.*", Op: op, Scope: access.Own})
		}
		role := h.Role("seller", grants, access.FieldGrant{Entity: "crm.customer", Field: "level", Level: 2})
		li := h.Actor(h.Member(company.Person{Login: "li", Roles: []int64{role}}))
		other := h.Actor(h.Member(company.Person{Login: "none"}))
		opt := importer.Options{Entity: "crm.customer", Key: []string{"external_id"}, Path: h.file("c.csv", "external_id,name,level\n1,甲,a\n2,乙,b\n")}
		h.run(importer.Options{Entity: "crm.customer", Path: h.file("o.csv", "external_id,name\n1,别人的\n")}, counts{created: 1})
		h.actor = other
		if _, err := h.try(opt); !errs.Is(err, errs.Forbidden) {
			t.Errorf("without the right to import: %v", err)
		}
		h.actor = li
		s := h.run(opt, counts{created: 1, failed: 1})
		if !slices.Equal(s.Unmapped, []string{"level"}) || s.Errors[0].Line != 2 {
			t.Errorf("%+v", s)
		}
		opt.Map = mappings(t, "level=level")
		if _, err := h.try(opt); !errs.Is(err, errs.Forbidden) {
			t.Errorf("into a field that may only be read: %v", err)
		}
		if r := h.by("crm.customer", "external_id", "1"); r.Get("name").Str() != "别人的" {
			t.Error("another's customer was changed")
		}
		if r := h.by("crm.customer", "external_id", "2"); r.Get("owner").Int() != li.ID() {
			t.Error("the importer is not the owner")
		}
	})
}
