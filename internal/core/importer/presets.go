package importer

import (
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/access"
)

// preset is how one system writes one kind of record: the headers that tell it
// from others. Where the columns go is in the aliases, so that a file that was
// cut down or is not recognised finds its fields too.
type preset struct {
	system, kind string
	marks        []string // as the system spells them

	// Of files whose columns mean something else for each kind of record: where
	// they go, those that are not named are left out. nil = the aliases say.
	columns []Mapping
	keys    []string // fields that tell which record a row is about; nil = as the columns suggest
	onMatch string
	null    string // the word that means empty
}

// told are the columns of a preset that says itself where they go, nil of any
// other, and of one for another kind of record.
func (p *preset) told(entity string) []Mapping {
	if p == nil || !p.of(entity) {
		return nil
	}
	return p.columns
}

// of says whether a preset is for the records of an entity.
func (p *preset) of(entity string) bool { return strings.HasSuffix(entity, "."+p.kind) }

// enoughMarks is how many headers make a file recognised.
const enoughMarks = 3

// presets are of the vendors' documentation: Salesforce's object reference (the
// names that Data Loader and Data Export write) and its report headers, HubSpot's
// export headers, EspoCRM's attribute names, SuiteCRM's vardefs; the last ones
// are what tables in Chinese usually say.
var presets = []preset{
	{system: "salesforce", kind: "customer", marks: []string{"OwnerId", "ParentId", "Type", "Industry", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "BillingCountry", "ShippingStreet",
		"AnnualRevenue", "NumberOfEmployees", "AccountNumber", "AccountSource", "SystemModstamp", "Account Name", "Account Owner", "Billing Street", "Billing City"}},
	{system: "salesforce", kind: "contact", marks: []string{"OwnerId", "AccountId", "FirstName", "LastName", "MobilePhone", "HomePhone", "OtherPhone", "Birthdate", "LeadSource", "ReportsToId", "MailingStreet",
		"MailingCity", "MailingState", "MailingCountry", "SystemModstamp", "Mailing Street", "Mailing City", "Contact Owner ID"}},
	{system: "salesforce", kind: "lead", marks: []string{"OwnerId", "FirstName", "LastName", "Company", "LeadSource", "Status", "Rating", "IsConverted", "ConvertedDate", "ConvertedAccountId", "SystemModstamp",
		"NumberOfEmployees", "Lead Owner", "Company / Account"}},
	{system: "salesforce", kind: "opportunity", marks: []string{"OwnerId", "AccountId", "StageName", "Amount", "Probability", "CloseDate", "NextStep", "IsWon", "IsClosed", "ForecastCategory", "SystemModstamp"}},
	{system: "salesforce", kind: "case", marks: []string{"OwnerId", "AccountId", "ContactId", "CaseNumber", "Subject", "Origin", "Priority", "SuppliedEmail", "SystemModstamp"}},
	{system: "hubspot", kind: "customer", marks: []string{"Record ID", "Company name", "Company Domain Name", "Company owner", "Phone Number", "Country/Region", "Lifecycle Stage", "Create Date",
		"Last Modified Date", "Annual Revenue", "Number of Employees", "Street Address", "State/Region"}},
	{system: "hubspot", kind: "contact", marks: []string{"Record ID", "First Name", "Last Name", "Contact owner", "Phone Number", "Mobile Phone Number", "Job Title", "Associated Company", "Lead Status", "Lifecycle Stage",
		"Create Date", "Last Modified Date", "Primary Associated Company ID"}},
	{system: "hubspot", kind: "opportunity", marks: []string{"Record ID", "Deal Name", "Deal Stage", "Pipeline", "Close Date", "Deal owner", "Create Date", "Last Modified Date"}},
	{system: "hubspot", kind: "case", marks: []string{"Ticket ID", "Ticket name", "Ticket status", "Ticket owner", "Pipeline", "Create Date"}},
	{system: "suitecrm", kind: "customer", marks: []string{"assigned_user_name", "date_entered", "date_modified", "phone_office", "phone_fax", "email1", "account_type", "annual_revenue", "employees", "parent_name",
		"billing_address_street", "billing_address_city", "billing_address_state", "billing_address_postalcode", "billing_address_country", "ownership"}},
	{system: "suitecrm", kind: "contact", marks: []string{"assigned_user_name", "date_entered", "date_modified", "first_name", "last_name", "account_name", "phone_mobile", "phone_work", "phone_home", "email1",
		"primary_address_street", "primary_address_city", "lead_source", "report_to_name", "birthdate"}},
	{system: "suitecrm", kind: "lead", marks: []string{"assigned_user_name", "date_entered", "date_modified", "first_name", "last_name", "account_name", "phone_mobile", "phone_work", "email1",
		"primary_address_street", "lead_source", "status", "status_description", "opportunity_amount", "converted"}},
	{system: "suitecrm", kind: "opportunity", marks: []string{"assigned_user_name", "date_entered", "account_name", "sales_stage", "date_closed", "opportunity_type", "next_step", "amount_usdollar"}},
	{system: "espocrm", kind: "customer", marks: []string{"assignedUserName", "assignedUserId", "createdAt", "modifiedAt", "createdById", "emailAddress", "phoneNumber", "sicCode", "billingAddressStreet",
		"billingAddressCity", "billingAddressState", "billingAddressPostalCode", "billingAddressCountry", "shippingAddressStreet"}},
	{system: "espocrm", kind: "contact", marks: []string{"assignedUserName", "assignedUserId", "createdAt", "modifiedAt", "createdById", "emailAddress", "phoneNumber", "firstName", "lastName", "accountName", "accountId",
		"accountRole", "addressStreet", "addressCity", "doNotCall"}},
	{system: "espocrm", kind: "lead", marks: []string{"assignedUserName", "assignedUserId", "createdAt", "modifiedAt", "createdById", "emailAddress", "phoneNumber", "firstName", "lastName", "accountName", "opportunityAmount",
		"opportunityAmountCurrency", "status", "source", "addressStreet", "convertedAt"}},
	{system: "espocrm", kind: "opportunity", marks: []string{"assignedUserName", "createdAt", "modifiedAt", "accountName", "accountId", "amountCurrency", "stage", "closeDate", "probability", "lastStage"}},
	{system: "chinese", kind: "customer", marks: []string{"客户名称", "公司名称", "单位名称", "企业名称", "客户编号", "客户级别", "客户等级", "客户状态", "客户类型", "客户来源", "客户行业", "所属行业", "统一社会信用代码", "纳税人识别号", "负责人", "业务员",
		"开户行", "省", "市", "区", "公司地址", "联系人", "名称", "行业", "电话", "网址"}},
	{system: "chinese", kind: "contact", marks: []string{"姓名", "联系人姓名", "所属客户", "所属公司", "客户名称", "职务", "职位", "手机", "手机号", "微信", "微信号", "邮箱", "部门", "性别", "生日", "负责人"}},
	{system: "chinese", kind: "member", marks: []string{"姓名", "登录名", "工号", "员工编号", "部门", "职务", "职位", "岗位", "角色", "手机", "手机号", "邮箱", "性别", "入职日期", "直属上级", "直接上级"}},
	{system: "chinese", kind: "order", marks: []string{"订单号", "订单编号", "下单日期", "订单日期", "产品名称", "产品编码", "商品名称", "商品编码", "数量", "单价", "交货日期"}},
	{system: "chinese", kind: "product", marks: []string{"产品名称", "产品编码", "产品编号", "产品类别", "商品名称", "商品编码", "规格", "规格型号", "单位", "成本价", "品牌", "条码"}},
	{system: "chinese", kind: "opportunity", marks: []string{"商机名称", "商机编号", "商机金额", "销售阶段", "商机阶段", "预计成交日期", "预计签单日期", "赢率", "输单原因"}},
	{system: "chinese", kind: "receipt", marks: []string{"回款编号", "回款日期", "回款金额", "回款方式", "收款日期", "收款金额", "收款方式", "到账日期", "银行流水号", "流水号", "付款方", "付款单位", "手续费"}},
	{system: "chinese", kind: "lead", marks: []string{"线索名称", "线索来源", "线索状态", "线索编号", "公司名称", "公司", "联系人", "手机", "需求", "负责人", "跟进状态"}},
}

// recognise tells which system wrote a file and which kind of record is in it:
// the preset with the most of its headers there, nil when none has enough. Of two
// with as many, the one that the file is imported as fits better, then the one
// with fewer headers in all.
func recognise(entity string, header []string) *preset {
	var found *preset
	best := 0
	for _, list := range [][]preset{presets, samples} {
		for i := range list {
			p := &list[i]
			n := 0
			for _, mark := range p.marks {
				if slices.Contains(header, mark) {
					n++
				}
			}
			if n < enoughMarks {
				continue
			}
			n *= 2
			if p.of(entity) {
				n++
			}
			if n > best || n == best && len(p.marks) < len(found.marks) {
				best, found = n, p
			}
		}
	}
	return found
}

// asPreset puts the columns where the preset has them. What the importer may
// not fill, or the entity does not have, is left out.
func (p *plan) asPreset(actor *access.Actor, columns []Mapping, taken []bool) error {
	for _, m := range columns {
		in, f := p.field(m.Field)
		there := !slices.ContainsFunc(m.Headers, func(h string) bool { return p.headerAt(h) < 0 })
		if !there || f == nil || !writable(actor, in.ent, f) {
			continue
		}
		if err := p.told(actor, m, taken); err != nil {
			return err
		}
	}
	return nil
}
