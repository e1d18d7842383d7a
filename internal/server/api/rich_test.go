package api_test

import (
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Formatted text: whatever is sent, only the canonical form is kept, answered,
// searched (its words) and put back by an undo.
func TestFormattedText(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		admin.Post("/customize/entities/crm.customer/fields", map[string]any{"key": "story", "type": "rich_text", "label": zh("介绍"), "search": true}).Want(201)
		hostile := `<h1 onclick="x()">背景</h1><script>alert('偷')</script><p>轴承<b>交期</b> <a href="javascript:alert(1)">链</a><img src=x onerror=alert(1)></p>`
		clean := `<h2>背景</h2><p>轴承<strong>交期</strong> 链</p>`
		made := admin.Post("/records/crm.customer", map[string]any{"name": "甲", "story": hostile}).Want(201)
		if made.Str("story") != clean {
			t.Errorf("kept %s", made.Str("story"))
		}
		at := "/records/crm.customer/" + made.Str("id")
		for _, step := range []struct {
			sent any
			want string
		}{
			{"第一行\n<b>不是格式", "<p>第一行</p><p>&lt;b&gt;不是格式</p>"},
			{"<p> </p>", ""}, {clean, clean}, {nil, ""}, {"<blockquote>引", "<blockquote><p>引</p></blockquote>"},
		} {
			got := admin.With("If-Match", "*").Patch(at, map[string]any{"story": step.sent}).Want(200)
			if got.Str("story") != step.want && (step.want != "" || got.Str("story") != "<nil>") {
				t.Errorf("%v is kept as %q", step.sent, got.Str("story"))
			}
		}
		changed := admin.With("If-Match", "*").Patch(at, map[string]any{"story": clean}).Want(200)
		hits := func(words string) string { return string(admin.Get("/search?fresh=true&q=" + words).Want(200).Body) }
		if got := hits("轴承交期"); !strings.Contains(got, made.Str("id")) || strings.Contains(got, "strong") {
			t.Errorf("the words are not found as words: %s", got)
		}
		if got := hits("strong"); strings.Contains(got, made.Str("id")) {
			t.Errorf("a tag is found: %s", got)
		}
		admin.Post("/changesets/"+changed.Str("changeset")+"/undo", nil).Want(200)
		if got := admin.Get(at).Str("story"); got != "<blockquote><p>引</p></blockquote>" {
			t.Errorf("after the undo %q", got)
		}
		admin.Post("/records/crm.customer", map[string]any{"name": "乙", "story": strings.Repeat("长", 200_001)}).Want(422)
		admin.Post("/records/crm.customer", map[string]any{"name": "乙", "story": 7}).Want(422)
		for i, filter := range []string{"story%20is%20null", "story%20is%20not%20null"} {
			if n := len(admin.Get("/records/crm.customer?filter=" + filter).Want(200).Items()); n != i {
				t.Errorf("%s: %d customers", filter, n)
			}
		}
	})
}
