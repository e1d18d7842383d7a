// Package member declares the people of our own company (ORG-1). Passwords and
// sessions are the platform's; here is who somebody is and what he may do.
package member

import (
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. A member has one main department and any number of further ones;
// without a login he is disabled: somebody who is known but cannot sign in.
var (
	Name        = entity.Text("name", 100).Required().Folded().Sortable().Search()
	Login       = entity.Text("login", 64).Unique().Search().Audited()
	EmployeeNo  = entity.Text("employee_no", 50).Folded()
	Email       = entity.Email("email").Search().Sensitive()
	Phone       = entity.Phone("phone").Search().Sensitive()
	Department  = entity.Dept("department").Audited()
	Departments = entity.Depts("departments").Audited()
	Position    = entity.Ref("position", "org.position")
	Branch      = entity.Ref("branch", "org.branch")
	Superior    = entity.Member("superior").Audited()
	Roles       = entity.Refs("roles", "org.role").Audited()
	Admin       = entity.Switch("admin").Default("false").Audited()
	Disabled    = entity.Switch("disabled").ReadOnly().Audited()

	Title      = entity.Text("title", 100)
	Salutation = entity.Text("salutation", 50)
	Gender     = entity.Choice("gender", "male", "female")
	Birthday   = entity.Date("birthday").Sensitive()
	HiredOn    = entity.Date("hired_on")
	AwayFrom   = entity.Date("away_from") // first and last day on which he is not there; without a last one until he is back
	AwayUntil  = entity.Date("away_until")
	HomePhone  = entity.Phone("home_phone").Sensitive()
	Extension  = entity.Text("extension", 20)
	Address    = entity.Text("address", 300).Sensitive()
	City       = entity.Text("city", 100)
	State      = entity.Text("state", 100)
	PostalCode = entity.Text("postal_code", 20)
	Country    = entity.Text("country", 100)

	Locale     = entity.Choice("locale", "zh-CN", "en").Coded()
	Zone       = entity.Text("zone", 64)
	Avatar     = entity.Files("avatar")
	PhotoLink  = entity.Text("photo_link", 500)
	Notes      = entity.LongText("notes")
	ExternalID = entity.Text("external_id", 100)
)

// Entity is org.member. Everybody sees his colleagues.
var Entity = entity.Def{
	Name: schema.MemberEntity,
	Icon: "user",
	Fields: entity.Fields(Name, Login, EmployeeNo, Email, Phone, Department, Departments, Position, Superior, Roles, Admin, Disabled,
		Title, Salutation, Gender, Birthday, HiredOn, HomePhone, Extension, Address, City, State, PostalCode, Country,
		Locale, Zone, Avatar, PhotoLink, Notes, ExternalID, Branch, AwayFrom, AwayUntil),
	Title:  Name,
	Public: true,
	Hooks:  entity.Hooks{Derive: derive, Validate: validate, Within: within},
	Actions: []entity.Action{
		{Name: "disable", Op: access.Update, Admin: true, Run: disable},
		{Name: "enable", Op: access.Update, Admin: true, Run: enable},
		{Name: "give_login", Op: access.Update, Admin: true, Run: giveLogin},
	},
	Layout: layout,
}

var layout = schema.Layout{
	List: []string{"name", "login", "employee_no", "department", "position", "superior", "phone", "email", "roles", "disabled"},
	Sort: "name",
	Card: []string{"name", "department", "position", "phone"},
	Views: []schema.View{
		{Key: "all", Sort: "name"},
		{Key: "mine", Filter: "department == my_department and disabled == false", Sort: "name"},
		{Key: "reports", Filter: "superior == me and disabled == false", Sort: "name"},
		{Key: "disabled", Filter: "disabled == true", Sort: "name"},
	},
	Groups: []schema.Group{
		{Key: "basic", Fields: []string{"name", "login", "employee_no", "title", "phone", "extension", "email", "avatar"}, Columns: 2},
		{Key: "place", Fields: []string{"department", "departments", "position", "branch", "superior", "hired_on", "away_from", "away_until"}, Columns: 2},
		{Key: "rights", Fields: []string{"roles", "admin", "disabled"}, Columns: 2},
		{Key: "personal", Fields: []string{"salutation", "gender", "birthday", "home_phone", "country", "state", "city", "address", "postal_code"}, Columns: 2},
		{Key: "settings", Fields: []string{"locale", "zone"}, Columns: 2},
		{Key: "more", Fields: []string{"notes", "photo_link", "external_id"}, Columns: 1},
	},
}

// Away says whether a member is not there on a day, so that nothing new is given
// to him by rules.
func Away(r *record.Record, day string) bool {
	from, until := AwayFrom.Get(r), AwayUntil.Get(r)
	return (from != "" || until != "") && from <= day && (until == "" || day <= until)
}
