package lead

import "github.com/guanxicrm/guanxi/internal/model/schema"

// layout shows first who it is, how far, how to reach him, whose turn it is.
var layout = schema.Layout{
	List:   []string{"name", "status", "heat", "contact_name", "mobile", "source", "owner", "next_follow_on", "last_followed_at", "score"},
	Sort:   "-id",
	Card:   []string{"name", "contact_name", "heat", "owner", "next_follow_on"},
	Kanban: "status",
	Views: []schema.View{
		{Key: "all", Sort: "-id"},
		{Key: "mine", Filter: `owner == me and status in ("new", "contacted", "qualified")`, Sort: "-id"},
		{Key: "due", Filter: `owner == me and next_follow_on <= today() and status in ("new", "contacted", "qualified")`, Sort: "next_follow_on", Today: true},
		{Key: "fresh", Filter: `owner == me and status == "new"`, Sort: "-id", Today: true},
		{Key: "untouched", Filter: `status == "new" and last_followed_at is null`, Sort: "-id"},
		{Key: "pool", Filter: "owner is null", Sort: "-pooled_at", Fields: []string{"name", "status", "heat", "score", "contact_name", "mobile", "source", "region", "pool", "pool_cause", "pooled_at"}},
		{Key: "hot", Filter: `grade == "a" and status in ("new", "contacted", "qualified")`, Sort: "-score", Fields: []string{"name", "score", "grade", "status", "contact_name", "mobile", "source", "owner", "next_follow_on", "last_followed_at"}},
		{Key: "returning", Filter: "owner == me and return_on is not null", Sort: "return_on", Today: true},
		{Key: "converted", Filter: `status == "converted"`, Sort: "-converted_at"},
		{Key: "discarded", Filter: `status == "discarded"`, Sort: "-id"},
	},
	Groups: []schema.Group{
		{Key: "basic", Fields: []string{"name", "status", "heat", "score", "grade", "source", "owner", "amount", "demand"}, Columns: 2},
		{Key: "person", Fields: []string{"contact_name", "title", "mobile", "phone", "email", "wechat"}, Columns: 2},
		{Key: "company", Fields: []string{"company", "industry", "region", "address", "website", "uscc"}, Columns: 2},
		{Key: "progress", Fields: []string{"next_follow_on", "last_followed_at", "customer", "contact", "converted_at", "discard_reason"}, Columns: 2},
		Held.Group(),
		{Key: "more", Fields: []string{"remark", "attachments", "source_created_at", "source_updated_at", "external_id"}, Columns: 1},
	},
}
