package importer_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guanxicrm/guanxi/internal/core/importer"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
)

// export is a file as another system writes it: each header with the field that
// its column goes to, "" when there is none.
type export struct {
	from, kind, entity string // as it is recognised, and what it is imported as
	columns            []string
	row                string
}

// The headers are those of the vendors' documentation (Salesforce: object
// reference, as Data Loader writes them; HubSpot: export of records; EspoCRM and
// SuiteCRM: the attributes of their entities), with the columns of our fields and some others.
var exports = []export{
	{"salesforce", "customer", "crm.customer", []string{"Id=external_id", "IsDeleted=", "Name=name", "Type=", "ParentId=parent", "BillingStreet=address", "BillingCity=city", "BillingState=state",
		"BillingPostalCode=postal_code", "BillingCountry=country", "Phone=phone", "Fax=fax", "AccountNumber=", "Website=website", "Industry=business", "AnnualRevenue=annual_revenue",
		"NumberOfEmployees=employees", "Rating=", "Description=remark", "OwnerId=owner", "CreatedDate=source_created_at", "LastModifiedDate=source_updated_at", "SystemModstamp="},
		"001D000000IqhSL,false,Acme,Customer - Direct,,1 Main St,Boston,MA,02110,USA,(415) 555-0100,(415) 555-0101,CD451796,www.acme.com,Apparel,1000000,12,Lukewarm,A note,005D0000001abcD,2019-03-04T05:06:07.000Z,2020-01-02T03:04:05.000Z,2020-01-02T03:04:05.000Z"},
	{"salesforce", "contact", "crm.contact", []string{"Id=external_id", "AccountId=customer", "LastName=name", "FirstName=name", "MailingStreet=address", "Phone=phone", "MobilePhone=mobile", "Email=email",
		"Title=title", "Department=department", "Birthdate=birthday", "LeadSource=", "Description=remark", "OwnerId=owner", "CreatedDate=source_created_at", "LastModifiedDate=source_updated_at"},
		"003D000000IqhSL,001D000000IqhSL,Lee,Ann,1 Main St,123456,13800138000,a@b.co,CEO,Sales,1980-01-02,Web,Knows us,005D0000001abcD,2019-03-04T05:06:07.000Z,2020-01-02T03:04:05.000Z"},
	{"salesforce", "lead", "crm.lead", []string{"Id=external_id", "LastName=contact_name", "FirstName=contact_name", "Title=title", "Company=company", "Street=address", "Phone=phone", "MobilePhone=mobile",
		"Email=email", "Website=website", "Description=remark", "LeadSource=", "Status=", "Industry=industry", "Rating=heat", "OwnerId=owner", "IsConverted=", "CreatedDate=source_created_at", "LastModifiedDate=source_updated_at"},
		"00QD000000IqhSL,Lee,Ann,CEO,Acme,1 Main St,123456,13800138000,a@b.co,www.acme.com,A note,Partner Referral,Working - Contacted,Manufacturing,Hot,005D0000001abcD,false,2019-03-04T05:06:07.000Z,2020-01-02T03:04:05.000Z"},
	{"hubspot", "customer", "crm.customer", []string{"Record ID=external_id", "Company name=name", "Company owner=owner", "Create Date=source_created_at", "Phone Number=phone", "Last Modified Date=source_updated_at",
		"City=city", "Country/Region=country", "Industry=industry", "Company Domain Name=website", "Lifecycle Stage=status", "Annual Revenue=annual_revenue", "Number of Employees=employees", "Street Address=address",
		"State/Region=state", "Postal Code=postal_code"},
		"77,Acme,Ann Lee,2019-03-04 05:06,+1 415 555 0100,2020-01-02 03:04,Boston,USA,SOFTWARE,acme.com,lead,1000000,12,1 Main St,MA,02110"},
	{"hubspot", "contact", "crm.contact", []string{"Record ID=external_id", "First Name=name", "Last Name=name", "Email=email", "Phone Number=phone", "Mobile Phone Number=mobile", "Contact owner=owner",
		"Job Title=title", "Associated Company=customer", "Lead Status=", "Create Date=source_created_at", "Last Modified Date=source_updated_at"},
		"501,Ann,Lee,a@b.co,123456,13800138000,Ann Lee,CEO,Acme,OPEN,2019-03-04 05:06,2020-01-02 03:04"},
	{"hubspot", "contact", "crm.lead", []string{"Record ID=external_id", "First Name=contact_name", "Last Name=contact_name", "Email=email", "Phone Number=phone", "Job Title=title", "Company Name=company", "Contact owner=owner",
		"Lead Status=", "Create Date=source_created_at"}, "501,Ann,Lee,a@b.co,123456,CEO,Acme,Ann Lee,OPEN,2019-03-04 05:06"},
	{"espocrm", "customer", "crm.customer", []string{"id=external_id", "name=name", "website=website", "emailAddress=email", "phoneNumber=phone", "type=", "industry=business", "sicCode=", "billingAddressStreet=address",
		"billingAddressCity=city", "billingAddressState=state", "billingAddressCountry=country", "billingAddressPostalCode=postal_code", "description=remark", "createdAt=source_created_at",
		"modifiedAt=source_updated_at", "assignedUserName=owner"},
		"5f0c,Acme,https://acme.com,a@acme.com,123456,Customer,Apparel,0100,Main,Boston,MA,USA,02110,A note,2019-03-04 05:06:07,2020-01-02 03:04:05,admin"},
	{"espocrm", "contact", "crm.contact", []string{"id=external_id", "firstName=name", "lastName=name", "accountName=customer", "title=title", "emailAddress=email", "phoneNumber=phone", "addressStreet=address",
		"description=remark", "createdAt=source_created_at", "modifiedAt=source_updated_at", "assignedUserName=owner"},
		"5f0d,Ann,Lee,Acme,CEO,a@acme.com,123456,Main,A note,2019-03-04 05:06:07,2020-01-02 03:04:05,admin"},
	{"espocrm", "lead", "crm.lead", []string{"id=external_id", "firstName=contact_name", "lastName=contact_name", "accountName=company", "title=title", "status=", "source=source", "opportunityAmount=", "emailAddress=email",
		"phoneNumber=phone", "website=website", "createdAt=source_created_at", "modifiedAt=source_updated_at", "assignedUserName=owner"},
		"5f0e,Ann,Lee,Acme,CEO,New,Web Site,100,a@acme.com,123456,acme.com,2019-03-04 05:06:07,2020-01-02 03:04:05,admin"},
	{"suitecrm", "customer", "crm.customer", []string{"id=external_id", "name=name", "website=website", "phone_office=phone", "phone_fax=fax", "email1=email", "account_type=", "industry=business", "annual_revenue=annual_revenue",
		"employees=employees", "billing_address_street=address", "billing_address_city=city", "billing_address_state=state", "billing_address_postalcode=postal_code", "billing_address_country=country",
		"description=remark", "assigned_user_name=owner", "parent_name=parent", "date_entered=source_created_at", "date_modified=source_updated_at"},
		"1-a,Acme,acme.com,123456,123457,a@acme.com,Customer,Apparel,1,2,Main,Boston,MA,02110,USA,A note,admin,,2019-03-04 05:06:07,2020-01-02 03:04:05"},
	{"suitecrm", "contact", "crm.contact", []string{"id=external_id", "first_name=name", "last_name=name", "account_name=customer", "title=title", "department=department", "email1=email", "phone_mobile=mobile", "phone_work=phone",
		"primary_address_street=address", "birthdate=birthday", "lead_source=", "assigned_user_name=owner", "date_entered=source_created_at", "date_modified=source_updated_at"},
		"1-b,Ann,Lee,Acme,CEO,Sales,a@b.co,13800138000,123456,Main,1980-01-02,Web Site,admin,2019-03-04 05:06:07,2020-01-02 03:04:05"},
	{"suitecrm", "lead", "crm.lead", []string{"id=external_id", "first_name=contact_name", "last_name=contact_name", "account_name=company", "title=title", "email1=email", "phone_mobile=mobile", "phone_work=phone",
		"primary_address_street=address", "lead_source=", "status=", "assigned_user_name=owner", "date_entered=source_created_at", "date_modified=source_updated_at"},
		"1-c,Ann,Lee,Acme,CEO,a@b.co,13800138000,123456,Main,Trade Show,In Process,admin,2019-03-04 05:06:07,2020-01-02 03:04:05"},
	{"chinese", "customer", "crm.customer", []string{"客户编号=external_id", "客户名称=name", "统一社会信用代码=uscc", "客户级别=level", "客户来源=source", "负责人=owner", "手机=phone", "省=region", "市=region", "区=region",
		"详细地址=address", "开户行=bank_name", "备注=remark", "创建时间=source_created_at", "最后修改时间=source_updated_at", "失败原因=-"},
		"K001,甲公司,,A 级（重点）,展会,admin,13800138000,江苏省,南京市,玄武区,中山路 1 号,工商银行,好,2019-03-04 05:06:07,2020-01-02 03:04:05,x"},
	{"chinese", "contact", "crm.contact", []string{"姓名=name", "所属客户=customer", "职务=title", "部门=department", "手机=mobile", "微信号=wechat", "邮箱=email", "生日=birthday", "负责人=owner", "录入时间=source_created_at"},
		"王芳,甲公司,采购经理,采购部,13800138000,wf001,a@b.cn,1990-05-06,admin,2019-03-04"},
	{"chinese", "lead", "crm.lead", []string{"线索名称=name", "公司名称=company", "联系人=contact_name", "手机=mobile", "线索来源=source", "线索状态=", "需求=demand", "负责人=owner", "创建时间=source_created_at"},
		"甲公司电机项目,甲公司,王芳,13800138000,展会,跟进中,要 20 台,admin,2019-03-04"},
	{"chinese", "order", "sales.order", []string{"订单号=number", "客户名称=customer", "下单日期=date", "合同编号=contract", "产品编码=items.product", "规格=items.spec", "单位=items.unit", "数量=items.quantity", "单价=items.price",
		"折扣=items.discount", "税率=items.tax_rate", "业务员=owner", "交货日期=deliver_on", "备注=remark"},
		"D1,甲公司,2024-03-05,,P1,大,件,2,100,5%,13%,admin,2024-04-05,急"},
	{"chinese", "product", "catalog.product", []string{"产品编码=code", "产品名称=name", "规格型号=spec", "产品类别=category", "单位=unit", "单价=price", "成本价=cost", "税率=tax_rate", "备注=description"},
		"P1,电机,大,机电,件,100,60,13%,"},
	{"chinese", "product", "catalog.product", []string{"货号=code", "品名=name", "英文品名=name_en", "规格=spec", "类别=category", "单位=unit", "单价（含税）=price", "成本价=cost", "HS编码=hs_code", "装箱数=per_carton",
		"毛重(kg)=gross_weight", "单价(USD)="}, "P1,电机,Motor,大,机电,件,￥1000.50,60,8501.10,10,1.25,140"},
	{"chinese", "opportunity", "sales.opportunity", []string{"商机名称=name", "商机编号=number", "客户名称=customer", "销售阶段=stage", "商机金额=amount", "预计成交日期=expected_on", "赢率=win_rate", "负责人=owner", "来源=source"},
		"电机项目,S1,甲公司,初步接触,10000,2024-06-01,30,admin,展会"},
	{"salesforce", "opportunity", "sales.opportunity", []string{"Id=external_id", "AccountId=customer", "Name=name", "StageName=stage", "Amount=amount", "Probability=win_rate", "CloseDate=expected_on",
		"ForecastCategory=forecast", "OwnerId=owner", "CreatedDate=source_created_at"},
		"006D000000IqhSL,001D000000IqhSL,Acme motors,Prospecting,1000,30,2024-06-01,Pipeline,005D0000001abcD,2019-03-04T05:06:07.000Z"},
	{"chinese", "receipt", "finance.receipt", []string{"客户名称=customer", "订单号=order", "收款日期=date", "收款金额=amount", "手续费=charges", "收款方式=method", "银行流水号=bank_reference", "付款单位=payer", "币种=currency", "备注=remark"},
		"甲公司,D1,2024-03-05,1000,5,银行转账,L1,甲公司,CNY,定金"},
}

// Files of other systems are recognised, their headers find their fields, what
// has no place is listed.
func TestHeadersOfOtherSystems(t *testing.T) {
	c := company.Open(t, company.Options{})
	h := &house{Company: c, t: t, actor: c.Actor(mustMember(t, c, "admin"))}
	for _, x := range exports {
		want, none, headers := map[string]string{}, []string{}, []string{}
		for _, col := range x.columns {
			header, field, _ := strings.Cut(col, "=")
			headers = append(headers, header)
			switch field {
			case "-": // ours: why a row was refused
			case "":
				none = append(none, header)
			default:
				want[header] = field
			}
		}
		name := x.from + " " + x.kind + " as " + x.entity
		opt := importer.Options{Entity: x.entity, Path: h.file("headers.csv", strings.Join(headers, ",")+"\n"+x.row+"\n")}
		p, err := importer.Look(context.Background(), h.deps(), h.actor, opt)
		if err != nil {
			t.Fatal(name, err)
		}
		if p.Source != x.from || p.Kind != x.kind {
			t.Errorf("%s: recognised as %q %q", name, p.Source, p.Kind)
		}
		if diff := cmp.Diff(want, p.Map); diff != "" {
			t.Errorf("%s: columns go elsewhere (- wanted, + found):\n%s", name, diff)
		}
		if !slices.Equal(p.Unmapped, none) && len(p.Unmapped)+len(none) > 0 {
			t.Errorf("%s: unmapped %v, want %v", name, p.Unmapped, none)
		}
	}
	if p, err := importer.Look(context.Background(), h.deps(), h.actor, importer.Options{Entity: "crm.customer", Path: h.file("own.csv", "name,phone\nA,1\n")}); err != nil || p.Source != "" {
		t.Errorf("a table of nobody: %q, %v", p.Source, err)
	}
	s := h.run(importer.Options{Entity: "crm.customer", Path: h.file("cn.csv", "客户名称,负责人,手机,省,市,区\n甲公司,admin,13800138000/025-12345678,江苏省,南京市,玄武区\n乙公司,管理员,,北京,朝阳区,\n")}, counts{created: 2})
	h.want("crm.customer", h.by("crm.customer", "name", "甲公司"), map[string]string{"region": "江苏省/南京市/玄武区", "phone": "13800138000", "phones": "13800138000|025-12345678"})
	h.want("crm.customer", h.by("crm.customer", "name", "乙公司"), map[string]string{"region": "北京市/朝阳区"})
	if len(s.Unmapped) > 0 {
		t.Errorf("unmapped %v", s.Unmapped)
	}
}

// Owners of the other system are found by mail, then by name; its dates are kept,
// and a second run finds what the first brought by the other system's number.
func TestOwnersAndDatesAreKept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.run(importer.Options{Entity: "org.member", Path: h.file("m.csv", "登录名,姓名,邮箱\nwangfang,王芳,wang.fang@acme.example\nannlee,Ann Lee,lee@acme.example\n")}, counts{created: 2})
		opt := importer.Options{Entity: "crm.customer", Key: []string{"Record ID"}, Path: h.file("hs.csv", "Record ID,Company name,Company owner,Create Date,Last Modified Date\n"+
			"1,甲公司,Wang.Fang@acme.example,2019-03-04 05:06,2020-01-02 03:04\n2,乙公司,Ann Lee,2019-03-04 05:06,2020-01-02 03:04\n")}
		h.run(opt, counts{created: 2})
		for name, login := range map[string]string{"甲公司": "wangfang", "乙公司": "annlee"} {
			r := h.by("crm.customer", "name", name)
			if r.Get("owner").Int() != mustMember(t, h.Company, login) {
				t.Errorf("%s belongs to another than %s", name, login)
			}
			h.want("crm.customer", r, map[string]string{"source_created_at": "2019-03-04 05:06:00", "source_updated_at": "2020-01-02 03:04:00"})
		}
		h.run(opt, counts{unchanged: 2})
	})
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
