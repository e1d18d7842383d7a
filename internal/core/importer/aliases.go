package importer

import (
	"strings"

	"github.com/guanxicrm/guanxi/internal/core/sheet"
)

// fallbacks are where a column goes whose values its own field does not
// understand: a region abroad is a state, a trade that is not in the
// dictionary is a line of business.
var fallbacks = map[string][]string{"region": {"state"}, "industry": {"business"}}

// joined is a field made of several columns.
type joined struct {
	field string
	parts [][]string // spellings of each part, folded, in order
}

var joins = []joined{
	{"region", [][]string{{"省", "省份", "省/直辖市", "所在省"}, {"市", "城市", "地市", "所在市"}, {"区", "县", "区县", "区/县", "县区", "所在区"}}},
	{"region", [][]string{{"省", "省份", "所在省"}, {"市", "城市", "地市", "所在市"}}},
	{"contact_name", [][]string{{"姓"}, {"名"}}},
	{"contact_name", [][]string{{"firstname"}, {"lastname"}}},
	{"name", [][]string{{"姓"}, {"名"}}},
	{"name", [][]string{{"firstname"}, {"lastname"}}},
}

// aliases say what Salesforce, HubSpot, EspoCRM, SuiteCRM, Northwind and
// Chinese files call the fields, folded as sheet.MatchHeader does. The first
// field that the entity has and that reads the column gets it.
var aliases = invert(map[string][]string{
	"id external_id":                {"id", "recordid", "referenceid", "编号", "客户编号", "联系人编号", "线索编号", "外部编号"},
	"customer external_id":          {"customerid", "客户id"},
	"external_id employee_no":       {"employeeid", "contactid", "accountnumber", "supplierid", "userid"},
	"employee_no external_id":       {"工号", "员工编号", "员工号", "employeenumber", "staffno"},
	"customer company account name": {"accountname", "account", "associatedcompany", "company/account", "所属客户", "所属公司"},
	"customer account external_id":  {"accountid"},
	"name customer":                 {"customername", "客户名称", "名称", "企业名称", "客户", "全称", "dealname", "ticketname", "线索名称"},
	"company name customer":         {"companyname", "company", "公司名称", "公司", "单位名称"},
	"name":                          {"姓名", "fullname", "name"},
	"short_name":                    {"简称", "客户简称", "公司简称", "shortname"},
	"parent":                        {"parentid", "parentname", "parentaccount", "parentcompany", "上级单位", "上级客户", "母公司", "上级部门"},
	"owner": {"ownerid", "owner", "assignedusername", "assigneduser", "companyowner", "contactowner", "leadowner", "accountowner", "dealowner", "owneremail", "ownername", "assignedto",
		"负责人", "业务员", "销售", "销售员", "负责销售", "负责业务员", "所属销售", "销售人员", "跟进人", "归属人", "客户经理", "所有者", "拥有者"},
	"phone mobile": {"phonenumber", "phoneoffice", "phonework", "workphone", "tel", "telephone", "电话", "联系电话", "公司电话", "座机", "电话号码", "固定电话", "固话",
		"总机", "phone1", "businessphone", "officephone"},
	"mobile phone phones":          {"手机", "手机号", "手机号码", "移动电话", "mobile", "mobilephone", "phonemobile", "mobilephonenumber", "cell", "cellphone"},
	"phones":                       {"phones", "otherphone", "phoneother", "其他电话", "备用电话"},
	"home_phone phones":            {"phonehome", "家庭电话"},
	"fax":                          {"phonefax", "faxnumber", "传真", "传真号码"},
	"email":                        {"email1", "emailaddress", "mail", "邮箱", "电子邮箱", "电子邮件", "邮件", "e-mail", "企业邮箱", "公司邮箱"},
	"website":                      {"url", "companydomainname", "domain", "domainname", "网站", "网址", "官网", "主页", "公司网址", "公司网站", "homepage", "web"},
	"industry business":            {"行业", "所属行业", "客户行业", "industrytype"},
	"business":                     {"主营业务", "经营范围", "主营", "业务范围"},
	"kind":                         {"type", "accounttype", "companytype", "客户类型", "类型"},
	"status":                       {"leadstatus", "lifecyclestage", "客户状态", "状态", "accountstatus"},
	"level heat":                   {"rating", "客户级别", "客户等级", "级别", "等级"},
	"source":                       {"leadsource", "客户来源", "线索来源", "来源", "来源渠道", "originalsource"},
	"tags":                         {"标签", "客户标签", "tag"},
	"address":                      {"billingstreet", "billingaddressstreet", "billingaddress", "addressstreet", "street", "streetaddress", "mailingstreet", "primaryaddressstreet", "地址", "公司地址", "详细地址", "联系地址", "办公地址", "通讯地址"},
	"city":                         {"billingcity", "billingaddresscity", "addresscity", "mailingcity", "primaryaddresscity", "城市"},
	"region state":                 {"region", "billingstate", "billingaddressstate", "mailingstate", "primaryaddressstate", "stateregion", "state/region", "province", "省", "省份", "地区", "区域", "所在地", "所在地区", "省市区"},
	"postal_code":                  {"billingpostalcode", "billingzip", "billingaddresspostalcode", "mailingpostalcode", "primaryaddresspostalcode", "zip", "zipcode", "postcode", "邮编", "邮政编码"},
	"country":                      {"billingcountry", "billingaddresscountry", "mailingcountry", "primaryaddresscountry", "countryregion", "country/region", "国家", "国家/地区"},
	"uscc":                         {"统一社会信用代码", "社会信用代码", "信用代码", "税号", "纳税人识别号", "纳税识别号", "taxid", "vatnumber"},
	"invoice_title":                {"发票抬头", "开票名称"},
	"bank_name":                    {"开户行", "开户银行"},
	"bank_account":                 {"银行账号", "银行账户", "账号", "开户账号"},
	"annual_revenue":               {"annualrevenue", "revenue", "年营业额", "年收入", "营业额"},
	"employees":                    {"numberofemployees", "employeecount", "员工人数", "员工数", "人数", "公司规模"},
	"amount":                       {"预计金额", "金额", "商机金额", "预计成交额", "预计成交金额", "收款金额", "到账金额", "交易金额"},
	"contact_name name":            {"primarycontact", "首要联系人", "主要联系人", "联系人", "联系人姓名", "contactname", "contact"},
	"contact_title":                {"联系人职务", "联系人职位"},
	"title position":               {"jobtitle"},
	"position title contact_title": {"职务", "职位", "岗位"},
	"title contact_title":          {"头衔"},
	"salutation":                   {"titleofcourtesy", "称谓", "称呼"},
	"department":                   {"部门", "所属部门", "所在部门", "dept"},
	"superior":                     {"reportsto", "reportstoid", "manager", "managerid", "上级", "直属上级", "直接上级", "汇报对象"},
	"birthday":                     {"birthdate", "dateofbirth", "出生日期", "生日"},
	"hired_on":                     {"hiredate", "入职日期", "入职时间"},
	"gender":                       {"sex", "性别"},
	"extension":                    {"ext", "分机", "分机号"},
	"photo_link":                   {"photopath", "photourl"},
	"source_created_at":            {"createddate", "createdate", "createdat", "dateentered", "created", "datecreated", "创建时间", "创建日期", "录入时间", "建档日期", "登记日期"},
	"source_updated_at":            {"lastmodifieddate", "datemodified", "modifiedat", "modified", "lastmodified", "updatedat", "dateupdated", "更新时间", "更新日期", "修改时间", "修改日期", "最后修改时间", "最近修改时间", "最后更新时间"},
	"next_follow_on":               {"下次跟进", "下次跟进时间", "下次跟进日期", "nextactivitydate"},
	"demand":                       {"需求", "需求描述", "客户需求", "requirements"},
	"remark notes description":     {"description", "notes", "note", "comment", "comments", "备注", "说明", "描述", "附注", "remarks"},
	"login email":                  {"username", "登录名", "账户", "用户名"},
	"employee_no":                  {"employeeno"},
	"wechat":                       {"微信", "微信号"},
	// Papers and their lines. A column of a shop's flat file means something else for products themselves.
	"number":                           {"orderno", "ordernumber", "orderid", "单号", "单据编号", "商机编号"},
	"order number":                     {"订单号", "订单编号", "销售订单号"},
	"contract number":                  {"合同编号", "合同号"},
	"charges":                          {"手续费", "银行费用", "bankcharges"},
	"bank_reference":                   {"流水号", "交易流水号", "银行流水", "交易号", "bankreference", "transactionid"},
	"payer":                            {"付款单位", "付款人", "对方户名", "付款账户名", "payername"},
	"method":                           {"收款方式", "回款方式", "结算方式", "支付方式", "paymentmethod"},
	"their_number":                     {"ponumber", "customerpo", "客户单号", "客户订单号", "采购单号"},
	"date signed_on":                   {"orderdate", "下单日期", "下单时间", "订单日期", "单据日期", "签订日期", "签约日期", "日期", "收款日期", "到账日期", "交易日期"},
	"deliver_on":                       {"requireddate", "duedate", "deliverydate", "交货日期", "交期", "要求交期", "发货日期"},
	"currency":                         {"currency", "currencycode", "currencyisocode", "币种", "货币", "币别"},
	"recipient":                        {"shipname", "consignee", "收货人", "收件人"},
	"items.product":                    {"产品", "商品", "货品", "物料", "sku", "lineitemname", "item"},
	"code items.product":               {"产品编号", "产品编码", "商品编号", "商品编码", "货号", "物料编码", "料号", "productcode", "itemcode"},
	"external_id items.product":        {"productid", "产品id"},
	"name items.product":               {"productname", "产品名称", "商品名称", "货品名称", "物料名称", "品名"},
	"spec items.spec":                  {"规格", "规格型号", "型号", "model", "specification", "quantityperunit"},
	"company name items.unit customer": {"单位"},
	"unit items.unit":                  {"计量单位", "unit", "uom"},
	"items.quantity":                   {"数量", "订购数量", "qty", "quantity", "lineitemquantity"},
	"price items.price":                {"单价", "含税单价", "售价", "销售单价", "unitprice", "lineitemprice", "listprice", "标准价", "销售价"},
	"items.discount discount":          {"折扣", "折扣率", "discount"},
	"tax_rate items.tax_rate":          {"税率", "taxrate", "vat"},
	"items.given_amount":               {"行金额", "明细金额", "小计", "lineamount", "linetotal", "subtotal"},
	"items.remark":                     {"行备注", "明细备注"},
	"name_en":                          {"英文品名", "英文名", "英文名称", "产品英文名", "产品英文名称", "商品英文名", "englishname", "nameinenglish"},
	"hs_code":                          {"hs编码", "hs码", "hscode", "海关编码", "税则号", "商品编码(hs)"},
	"per_carton":                       {"装箱数", "装箱量", "箱装数", "每箱数量", "每箱数", "pcs/ctn", "qty/ctn"},
	"carton_size":                      {"外箱尺寸", "纸箱尺寸", "箱规", "cartonsize"},
	"carton_volume":                    {"体积", "每箱体积", "箱体积", "cbm"},
	"net_weight":                       {"净重", "每箱净重", "箱净重", "netweight", "n.w."},
	"gross_weight":                     {"毛重", "每箱毛重", "箱毛重", "grossweight", "g.w."},
	"barcode":                          {"条形码", "商品条码", "ean", "upc"},
	"category":                         {"类别", "产品类别", "产品分类", "分类", "商品分类", "品类", "category", "productcategory"},
	"cost items.cost":                  {"成本", "成本价", "进价", "采购价", "costprice"},
	"stage":                            {"stagename", "dealstage", "salesstage", "stage", "阶段", "销售阶段", "商机阶段"},
	"expected_on":                      {"closedate", "dateclosed", "预计成交日期", "预计签单日期", "预计结单日期", "预计成交时间"},
	"closed_on":                        {"成交日期", "赢单日期", "结单日期"},
	"win_rate":                         {"probability", "赢率", "成交概率", "可能性"},
	"pipeline":                         {"pipeline", "销售流程", "商机流程"},
	"loss_reason":                      {"closedlostreason", "lossreason", "输单原因", "丢单原因"},
})

// asides are what a header says in brackets of a field that is the same without:
// 单价（含税）, 毛重(kg). Another currency is not among them: it is another price.
var asides = map[string]bool{"含税": true, "元": true, "人民币": true, "rmb": true, "cny": true, "¥": true, "kg": true, "kgs": true, "公斤": true, "千克": true,
	"m3": true, "cbm": true, "立方米": true, "cm": true, "pcs": true, "%": true, "必填": true, "选填": true}

// aliasOf is where a header goes, also one with an aside behind it.
func aliasOf(header string) []string {
	h := sheet.MatchHeader(header)
	if keys := aliases[h]; keys != nil {
		return keys
	}
	before, aside, ok := strings.Cut(h, "(")
	if ok && asides[strings.TrimSuffix(aside, ")")] {
		return aliases[before]
	}
	return nil
}

// invert turns "fields in order → headers" into "header → fields in order".
func invert(table map[string][]string) map[string][]string {
	out := make(map[string][]string, 4*len(table))
	for keys, headers := range table {
		for _, h := range headers {
			out[sheet.MatchHeader(h)] = strings.Fields(keys)
		}
	}
	return out
}
