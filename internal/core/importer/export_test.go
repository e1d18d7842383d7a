package importer_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

// What was exported and is imported into emptiness is the same, in every
// format: texts that spreadsheets spoil, references, many values, long texts.
func TestExportedTablesComeBackWhole(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.run(importer.Options{Entity: "crm.customer", Path: h.file("c.csv", "name,external_id,phones,tags,region,status,amount,next_follow_on,source_created_at,remark,address,owner,上级单位,website,employees\n"+
			"\"=HYPERLINK(\"\"x\"\")\",007,95588;95566,重点客户；老客户,江苏省南京市,成交,1200.5,2024-01-05,2020-02-03 04:05:06,\"第一行\n第二行\",\"  空格  \",admin,,https://example.com/,3\n"+
			"乙公司,12345678901234567890,+86 138-0013-8000,,,潜在,-0,,,,@at,admin,007,,\n"+
			"丙公司,,,,110105,流失,0.01,,1999-12-31 23:59:59,,-1+2,admin,乙公司,,0\n")}, counts{created: 3})
		for _, o := range []importer.ExportOptions{
			{Format: sheet.CSV}, {Format: sheet.CSV, Encoding: sheet.GB18030}, {Format: sheet.CSV, Keys: true, Encoding: sheet.UTF8},
			{Format: sheet.XLSX}, {Format: sheet.XLSX, Keys: true},
		} {
			o.Entity, o.Sort = "crm.customer", "external_id"
			path := filepath.Join(t.TempDir(), "out."+string(o.Format))
			if n := h.export(o, path); n != 3 {
				t.Fatalf("%d rows", n)
			}
			same := importer.Options{Entity: "crm.customer", Path: path}
			s := h.run(same, counts{unchanged: 3}) // by our own ids
			for _, key := range s.Unmapped {
				if f := h.fieldOf("crm.customer", key); !slices.Contains(keptByRules, f) {
					t.Errorf("%+v: %s does not come back", o, key)
				}
			}
			before := h.values()
			if o.Keys {
				continue // ids of records that are gone name nothing any more
			}
			h.clear("crm.customer")
			h.run(same, counts{created: 3})
			if after := h.values(); !slices.Equal(before, after) {
				t.Errorf("%+v\nbefore %s\nafter  %s", o, strings.Join(before, "\n       "), strings.Join(after, "\n       "))
			}
		}
	})
}

// fieldOf finds a field's key by its key or label.
func (h *house) fieldOf(entity, name string) string {
	for _, f := range h.App.Registry.State().Entity(entity).Fields {
		if f.Key == name || f.Label["zh-CN"] == name {
			return f.Key
		}
	}
	return ""
}

// values writes customers as people would compare them, without ids.
func (h *house) values() []string {
	h.t.Helper()
	all := h.all("crm.customer")
	var out []string
	for _, r := range all {
		line := ""
		for _, f := range h.App.Registry.State().Entity("crm.customer").Fields {
			switch {
			case f.System || f.ReadOnly:
			case f.Key == "parent":
				for _, p := range all {
					if p.ID() == r.At(f.Slot).Int() {
						line += " parent=" + p.Get("name").Str()
					}
				}
			default:
				line += " " + f.Key + "=" + h.show("crm.customer", r, f.Key)
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// clear deletes every record of an entity.
func (h *house) clear(entity string) {
	h.t.Helper()
	var ids []int64
	for _, r := range h.all(entity) {
		ids = append(ids, r.ID())
	}
	h.Write(func(_ context.Context, s *records.Session) error {
		_, err := s.DeleteMany(s.State().Entity(entity), ids, true)
		return err
	})
}

// keptByRules are fields of a customer that an import does not write.
var keptByRules = []string{"created_at", "created_by", "updated_at", "updated_by", "dept", "contact_count", "last_followed_at", "attachments",
	"pooled_at", "pool_cause", "pool_reason", "last_holder", "held_since", "protected_until", "return_on", "assign_rule", "receivable_open",
	"dunning_paused_until", "dunning_pause_reason"}
