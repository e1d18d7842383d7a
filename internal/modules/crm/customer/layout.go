package customer

import "github.com/guanxicrm/guanxi/internal/model/schema"

// layout shows first what a salesperson asks of a list: who, how far, whose,
// how to reach, when next.
var layout = schema.Layout{
	List:   []string{"name", "status", "level", "owner", "industry", "region", "phone", "amount", "next_follow_on", "last_followed_at"},
	Sort:   "-id",
	Card:   []string{"name", "level", "amount", "owner", "next_follow_on"},
	Kanban: "status",
	Views: []schema.View{
		{Key: "all", Sort: "-id"},
		{Key: "mine", Filter: "owner == me", Sort: "-id"},
		{Key: "due", Filter: `owner == me and next_follow_on <= today() and status not in ("won", "lost")`, Sort: "next_follow_on", Today: true},
		{Key: "quiet", Filter: `owner == me and status not in ("won", "lost") and (last_followed_at is null or last_followed_at < days(-30))`, Sort: "last_followed_at"},
		{Key: "pool", Filter: "owner is null", Sort: "-pooled_at", Fields: []string{"name", "status", "level", "industry", "region", "phone", "last_followed_at", "pool", "pool_cause", "pooled_at"}},
		{Key: "returning", Filter: "owner == me and return_on is not null", Sort: "return_on", Today: true},
		{Key: "key", Filter: `level in ("a", "b")`, Sort: "level,-id"},
		{Key: "new", Filter: "created_at >= month_start()", Sort: "-id"},
	},
	Groups: []schema.Group{
		{Key: "basic", Fields: []string{"name", "short_name", "kind", "status", "level", "owner", "industry", "business", "source", "tags", "parent"}, Columns: 2},
		{Key: "contact", Fields: []string{"contact_name", "contact_title", "phone", "phones", "email", "fax", "website", "contact_count"}, Columns: 2, Tab: "contact"},
		{Key: "address", Fields: []string{"region", "address", "country", "state", "city", "postal_code"}, Columns: 2, Tab: "contact"},
		{Key: "sale", Fields: []string{"amount", "next_follow_on", "last_followed_at", "employees", "annual_revenue"}, Columns: 2, Tab: "sale"},
		{Key: "tax", Fields: []string{"uscc", "invoice_title", "invoice_address", "invoice_phone", "bank_name", "bank_account"}, Columns: 2, Tab: "tax"},
		Held.Group(),
		{Key: "more", Fields: []string{"remark", "attachments", "source_created_at", "source_updated_at", "external_id"}, Columns: 1, Tab: "more"},
	},
	Tabs: []schema.Tab{{Key: "contact"}, {Key: "sale"}, {Key: "tax"}, {Key: "more"}},
}
