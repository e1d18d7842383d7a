package demo

// person is a member of the company. Above counts from 0, the boss; -1 is nobody.
type person struct {
	name, login, gender string
	dept, position      string
	above               int
	role                string // code, "" for none
	branch              string
	extension           string
}

// dept is a department: above is the name of the one it lies below.
type dept struct{ name, above string }

func depts() []dept {
	return []dept{{"总经办", ""}, {"销售部", ""}, {"华东销售部", "销售部"}, {"华北销售部", "销售部"}, {"华南销售部", "销售部"}, {"市场部", ""},
		{"采购部", ""}, {"仓储物流部", ""}, {"客户服务部", ""}, {"财务部", ""}, {"人事行政部", ""}}
}

// rank is a position, with its level.
type rank struct {
	name  string
	level int64
}

func positions() []rank {
	return []rank{{"总经理", 100}, {"副总经理", 90}, {"总监", 80}, {"经理", 60}, {"主管", 50}, {"销售代表", 30}, {"专员", 20}}
}

// place is where the company is.
type place struct{ name, kind, region, address string }

func branches() []place {
	return []place{{"上海总部", "headquarters", "31", "远山路 1 号远山大厦"}, {"北京分公司", "branch", "11", "示例大街 88 号"}, {"深圳办事处", "office", "4403", "样本路 66 号"}}
}

const (
	seat    = "上海总部"
	beijing = "北京分公司"
	shenzen = "深圳办事处"
)

// people are the thirty of the company, the boss first: he is its administrator.
func people() []person {
	return []person{
		{"周启明", "zhouqiming", "male", "总经办", "总经理", -1, "boss", seat, "8001"},
		{"沈若兰", "shenruolan", "female", "总经办", "副总经理", 0, "boss", seat, "8002"},
		{"罗建成", "luojiancheng", "male", "销售部", "总监", 0, "sales_manager", seat, "8010"},
		{"顾晓楠", "guxiaonan", "female", "华东销售部", "经理", 2, "sales_manager", seat, "8011"},
		{"孟凡宇", "mengfanyu", "male", "华北销售部", "经理", 2, "sales_manager", beijing, "8111"},
		{"梁伟杰", "liangweijie", "male", "华南销售部", "经理", 2, "sales_manager", shenzen, "8211"},
		{"王思雨", "wangsiyu", "female", "华东销售部", "销售代表", 3, "sales", seat, "8012"},
		{"李浩", "lihao", "male", "华东销售部", "销售代表", 3, "sales", seat, "8013"},
		{"张敏", "zhangmin", "female", "华东销售部", "销售代表", 3, "sales", seat, "8014"},
		{"陈嘉伟", "chenjiawei", "male", "华东销售部", "销售代表", 3, "sales", seat, "8015"},
		{"刘洋", "liuyang", "male", "华北销售部", "销售代表", 4, "sales", beijing, "8112"},
		{"赵雪", "zhaoxue", "female", "华北销售部", "销售代表", 4, "sales", beijing, "8113"},
		{"韩磊", "hanlei", "male", "华北销售部", "销售代表", 4, "sales", beijing, "8114"},
		{"黄丽娟", "huanglijuan", "female", "华南销售部", "销售代表", 5, "sales", shenzen, "8212"},
		{"何俊", "hejun", "male", "华南销售部", "销售代表", 5, "sales", shenzen, "8213"},
		{"谢婷", "xieting", "female", "华南销售部", "销售代表", 5, "sales", shenzen, "8214"},
		{"唐宁", "tangning", "female", "市场部", "经理", 1, "sales_manager", seat, "8030"},
		{"姚远", "yaoyuan", "male", "市场部", "专员", 16, "sales", seat, "8031"},
		{"秦岚", "qinlan", "female", "市场部", "专员", 16, "sales", seat, "8032"},
		{"郭志明", "guozhiming", "male", "采购部", "经理", 1, "buyer", seat, "8040"},
		{"程静", "chengjing", "female", "采购部", "专员", 19, "buyer", seat, "8041"},
		{"邓凯", "dengkai", "male", "采购部", "专员", 19, "buyer", seat, "8042"},
		{"马文斌", "mawenbin", "male", "仓储物流部", "主管", 1, "buyer", seat, "8050"},
		{"冯刚", "fenggang", "male", "仓储物流部", "专员", 22, "buyer", seat, "8051"},
		{"曹颖", "caoying", "female", "客户服务部", "主管", 1, "sales", seat, "8060"},
		{"彭飞", "pengfei", "male", "客户服务部", "专员", 24, "sales", seat, "8061"},
		{"许佳", "xujia", "female", "客户服务部", "专员", 24, "sales", seat, "8062"},
		{"潘玉珍", "panyuzhen", "female", "财务部", "经理", 0, "boss", seat, "8070"},
		{"丁雯", "dingwen", "female", "财务部", "专员", 27, "buyer", seat, "8071"},
		{"任海波", "renhaibo", "male", "人事行政部", "主管", 0, "buyer", seat, "8080"},
	}
}

// sellers are the members who sell in an area, by their place among people.
func sellers(area string) (out []int) {
	for i, p := range people() {
		if p.dept == area+"销售部" && p.role == "sales" {
			out = append(out, i)
		}
	}
	return out
}

// crew is a group or a project team.
type crew struct {
	name    string
	leader  int
	members []int
}

func groups() []crew {
	return []crew{{"大客户组", 2, []int{2, 3, 6, 10, 13}}, {"新能源行业组", 4, []int{4, 9, 11, 14}}, {"合同评审小组", 1, []int{1, 2, 27}}}
}

func projectTeams() []crew {
	return []crew{{"春季工业展", 16, []int{16, 17, 18, 6, 13}}, {"CRM 上线项目组", 1, []int{1, 2, 24, 29}}}
}
