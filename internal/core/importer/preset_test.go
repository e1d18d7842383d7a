package importer_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// Headers of other systems find their fields; what has no place is listed.
func TestHeadersOfOtherSystems(t *testing.T) {
	c := company.Open(t, company.Options{})
	h := &house{Company: c, t: t, actor: c.Actor(mustMember(t, c, "admin"))}
	for _, x := range []struct {
		from, entity, rows string
		want               map[string]string
		unmapped           []string
	}{
		{"Salesforce", "crm.customer", "Id,Name,ParentId,Type,Industry,Phone,Website,AnnualRevenue,NumberOfEmployees,BillingStreet,BillingCity,BillingState,BillingPostalCode,BillingCountry,OwnerId,IsDeleted\n" +
			"001D000000IqhSL,Acme,,Customer - Direct,Apparel,(415) 555-0100,www.acme.com,1000000,12,1 Main St,Boston,MA,02110,USA,005D0000001abcD,false\n",
			map[string]string{"Id": "external_id", "Name": "name", "ParentId": "parent", "Industry": "business", "Phone": "phone", "Website": "website",
				"AnnualRevenue": "annual_revenue", "NumberOfEmployees": "employees", "BillingStreet": "address", "BillingCity": "city", "BillingState": "state",
				"BillingPostalCode": "postal_code", "BillingCountry": "country", "OwnerId": "owner"}, []string{"Type", "IsDeleted"}},
		{"HubSpot", "crm.customer", "Record ID,Company name,Company Domain Name,Phone Number,Industry,City,Country/Region,Lifecycle Stage,Company owner\n77,Acme,acme.com,+1 415 555 0100,SOFTWARE,Boston,USA,lead,a@b.co\n",
			map[string]string{"Record ID": "external_id", "Company name": "name", "Company Domain Name": "website", "Phone Number": "phone", "Industry": "industry",
				"City": "city", "Country/Region": "country", "Lifecycle Stage": "status", "Company owner": "owner"}, nil},
		{"EspoCRM", "crm.customer", "id,name,website,emailAddress,phoneNumber,type,industry,billingAddressStreet,billingAddressCity,billingAddressState,billingAddressPostalCode,billingAddressCountry,assignedUserName\n5f0c,Acme,https://acme.com,a@acme.com,123456,Customer,Apparel,Main,Boston,MA,02110,USA,admin\n",
			map[string]string{"id": "external_id", "name": "name", "website": "website", "emailAddress": "email", "phoneNumber": "phone", "industry": "business",
				"billingAddressStreet": "address", "billingAddressCity": "city", "billingAddressState": "state", "billingAddressPostalCode": "postal_code",
				"billingAddressCountry": "country", "assignedUserName": "owner"}, []string{"type"}},
		{"SuiteCRM", "crm.customer", "id,name,website,phone_office,email1,account_type,industry,annual_revenue,employees,billing_address_street,billing_address_city,billing_address_state,billing_address_postalcode,billing_address_country,assigned_user_name,parent_name\n1-a,Acme,acme.com,123456,a@acme.com,Customer,Apparel,1,2,Main,Boston,MA,02110,USA,admin,\n",
			map[string]string{"id": "external_id", "name": "name", "website": "website", "phone_office": "phone", "email1": "email", "industry": "business",
				"annual_revenue": "annual_revenue", "employees": "employees", "billing_address_street": "address", "billing_address_city": "city",
				"billing_address_state": "state", "billing_address_postalcode": "postal_code", "billing_address_country": "country", "assigned_user_name": "owner",
				"parent_name": "parent"}, []string{"account_type"}},
		{"Salesforce", "crm.contact", "Id,FirstName,LastName,AccountId,Title,Email,Phone,MobilePhone,Birthdate,LeadSource\n003D000000IqhSL,Ann,Lee,001D000000IqhSL,CEO,a@b.co,123456,13800138000,1980-01-02,Web\n",
			map[string]string{"Id": "external_id", "FirstName": "name", "LastName": "name", "AccountId": "customer", "Title": "title", "Email": "email",
				"Phone": "phone", "MobilePhone": "mobile", "Birthdate": "birthday"}, []string{"LeadSource"}},
		{"HubSpot", "crm.contact", "First Name,Last Name,Email,Phone Number,Job Title,Associated Company\nAnn,Lee,a@b.co,123456,CEO,Acme\n",
			map[string]string{"First Name": "name", "Last Name": "name", "Email": "email", "Phone Number": "phone", "Job Title": "title", "Associated Company": "customer"}, nil},
		{"SuiteCRM", "crm.contact", "first_name,last_name,account_name,title,email1,phone_mobile,phone_work\nAnn,Lee,Acme,CEO,a@b.co,13800138000,123456\n",
			map[string]string{"first_name": "name", "last_name": "name", "account_name": "customer", "title": "title", "email1": "email", "phone_mobile": "mobile", "phone_work": "phone"}, nil},
		{"国内表格", "crm.customer", "客户名称,统一社会信用代码,负责人,手机,省,市,区,备注,失败原因\n甲公司,,admin,13800138000,江苏省,南京市,玄武区,好,x\n",
			map[string]string{"客户名称": "name", "统一社会信用代码": "uscc", "负责人": "owner", "手机": "phone", "省": "region", "市": "region", "区": "region", "备注": "remark"}, nil},
	} {
		opt := importer.Options{Entity: x.entity, Path: h.file("headers.csv", x.rows)}
		p, err := importer.Look(context.Background(), h.deps(), h.actor, opt)
		if err != nil {
			t.Fatal(x.from, err)
		}
		for header, field := range x.want {
			if f := h.App.Registry.State().Entity(x.entity).Field(field); f == nil {
				t.Errorf("%s has no field %s", x.entity, field)
			} else if p.Map[header] != field {
				t.Errorf("%s, %s: %s goes to %q, want %q", x.from, x.entity, header, p.Map[header], field)
			}
		}
		for header, field := range p.Map {
			if x.want[header] == "" {
				t.Errorf("%s, %s: %s goes to %q", x.from, x.entity, header, field)
			}
		}
		if !slices.Equal(p.Unmapped, x.unmapped) && len(p.Unmapped)+len(x.unmapped) > 0 {
			t.Errorf("%s, %s: unmapped %v, want %v", x.from, x.entity, p.Unmapped, x.unmapped)
		}
		if headers := slices.Collect(maps.Keys(p.Map)); len(headers)+len(p.Unmapped)+strings.Count(x.rows, "失败原因") != len(p.Header) {
			t.Errorf("%s: of %v some are lost", x.from, p.Header)
		}
	}
	s := h.run(importer.Options{Entity: "crm.customer", Path: h.file("cn.csv", "客户名称,负责人,手机,省,市,区\n甲公司,admin,13800138000/025-12345678,江苏省,南京市,玄武区\n乙公司,管理员,,北京,朝阳区,\n")}, counts{created: 2})
	h.want("crm.customer", h.by("crm.customer", "name", "甲公司"), map[string]string{"region": "江苏省/南京市/玄武区", "phone": "13800138000", "phones": "13800138000|025-12345678"})
	h.want("crm.customer", h.by("crm.customer", "name", "乙公司"), map[string]string{"region": "北京市/朝阳区"})
	if len(s.Unmapped) > 0 {
		t.Errorf("unmapped %v", s.Unmapped)
	}
}

func mustMember(t *testing.T, c *company.Company, login string) int64 {
	t.Helper()
	m, ok := c.App.Dir.MemberByLogin(login)
	if !ok {
		t.Fatalf("no member %s", login)
	}
	return m.ID
}

// The 15 and the 18 characters of a Salesforce id mean the same record.
func TestSalesforceIDs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		opt := importer.Options{Entity: "crm.customer", Key: []string{"Id"}}
		opt.Path = h.file("a.csv", "Id,Name,ParentId,BillingCity,IsDeleted\n001D000000IqhSL,Acme,,Boston,false\n001D000000IqhSM,Child,001D000000IqhSLIAZ,Boston,false\n")
		h.run(opt, counts{created: 2})
		h.want("crm.customer", h.by("crm.customer", "name", "Acme"), map[string]string{"external_id": "001D000000IqhSLIAZ"})
		opt.Path = h.file("b.csv", "Id,Name,ParentId,BillingCity,IsDeleted\n001D000000IqhSLIAZ,Acme,,Boston,false\n001D000000IqhSM,Child,001D000000IqhSL,Boston,false\n")
		h.run(opt, counts{unchanged: 2})
	})
}
