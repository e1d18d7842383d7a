package demo

import "strings"

// The words that the company is made of. Every name is put together here and
// means nobody.

func list(s string) []string { return strings.Fields(s) }

func surnames() []string {
	return list("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文")
}

func givenNames() []string {
	return list("伟 芳 娜 敏 静 磊 军 洋 勇 艳 杰 涛 明 超 霞 平 刚 建华 志强 海燕 晓东 文博 雨欣 子涵 浩然 佳怡 思远 俊杰 雪梅 国栋 丽华 建国 永强 春燕 晓明 婷婷 嘉豪 雅琴 振宇 立新 宏伟 秀英 玉兰 鹏飞 志远 晨曦 梦洁 天佑 欣怡 少华 文静 家辉 卫东 红梅 一鸣 若琳 向阳 书涵 昊天 凯")
}

// city is where a customer is: its area, its code, and the phone's.
type city struct{ name, region, dial, zone string }

func cities() []city {
	return []city{
		{"上海", "31", "021", east}, {"苏州", "3205", "0512", east}, {"无锡", "3202", "0510", east}, {"南京", "3201", "025", east},
		{"杭州", "3301", "0571", east}, {"宁波", "3302", "0574", east}, {"常州", "3204", "0519", east}, {"嘉兴", "3304", "0573", east},
		{"合肥", "3401", "0551", east}, {"北京", "11", "010", north}, {"天津", "12", "022", north}, {"青岛", "3702", "0532", north},
		{"济南", "3701", "0531", north}, {"沈阳", "2101", "024", north}, {"大连", "2102", "0411", north}, {"西安", "6101", "029", north},
		{"郑州", "4101", "0371", north}, {"深圳", "4403", "0755", south}, {"广州", "4401", "020", south}, {"东莞", "4419", "0769", south},
		{"佛山", "4406", "0757", south}, {"厦门", "3502", "0592", south}, {"长沙", "4301", "0731", south}, {"武汉", "4201", "027", south},
		{"成都", "5101", "028", south}, {"重庆", "50", "023", south},
	}
}

// The areas of the sales departments.
const (
	east  = "华东"
	north = "华北"
	south = "华南"
)

func brandHeads() []string {
	return list("恒 瑞 宏 盛 嘉 华 泰 鑫 诚 远 博 锐 凯 德 永 安 佳 创 智 联 正 金 元 隆 兴 晟 皓 启 拓 润 沃 朗 景 顺 达 益 科 汇 铭 卓")
}

func brandTails() []string {
	return list("远 丰 源 达 通 和 信 泰 业 阳 宇 腾 康 捷 力 辰 航 峰 林 川 海 光 诺 邦 威 驰 美 宁 亚 冠")
}

// trade is a line of business: its industry, how companies in it are called,
// and what they do.
type trade struct{ industry, word, business string }

func trades() []trade {
	return []trade{
		{"manufacturing", "精密机械", "数控机床与非标零部件加工"}, {"manufacturing", "自动化设备", "装配线与工业机器人集成"},
		{"manufacturing", "模具", "注塑与冲压模具"}, {"electronics", "电子", "电路板与连接器"}, {"electronics", "光电科技", "LED 与显示模组"},
		{"automotive", "汽车零部件", "底盘与内饰件"}, {"automotive", "新能源科技", "动力电池与充电设备"}, {"chemicals", "新材料", "工程塑料与胶粘剂"},
		{"chemicals", "化工", "精细化工原料"}, {"wholesale", "贸易", "五金机电批发"}, {"wholesale", "国际贸易", "进出口代理"},
		{"retail", "商贸", "连锁门店零售"}, {"ecommerce", "电子商务", "跨境电商运营"}, {"logistics", "物流", "整车与零担运输"},
		{"logistics", "供应链管理", "仓储与配送"}, {"software", "软件", "行业软件开发"}, {"software", "信息技术", "系统集成与运维"},
		{"internet", "网络科技", "本地生活平台"}, {"construction", "建设工程", "厂房与市政施工"}, {"construction", "装饰工程", "商业空间装修"},
		{"food", "食品", "休闲食品与调味品"}, {"catering", "餐饮管理", "连锁餐饮"}, {"healthcare", "医疗器械", "检验与康复设备"},
		{"healthcare", "医药", "药品与耗材配送"}, {"education", "教育科技", "职业培训"}, {"energy", "电力设备", "开关柜与变压器"},
		{"energy", "环保科技", "水处理与废气治理"}, {"agriculture", "农业发展", "果蔬种植与冷链"}, {"media", "文化传媒", "品牌策划与活动"},
		{"professional", "管理咨询", "税务与管理咨询"},
	}
}

func products() []string {
	return list("数控车床 加工中心 伺服电机 变频器 工业机器人 传送带 空压机 激光切割机 注塑机 检测仪 叉车 货架 包装机 传感器 控制柜")
}

// job is what a contact does at a customer, and his part in a decision.
type job struct{ title, dept, role string }

func jobs() []job {
	return []job{
		{"总经理", "总经办", "decision_maker"}, {"副总经理", "总经办", "decision_maker"}, {"采购经理", "采购部", "influencer"}, {"采购专员", "采购部", "gatekeeper"},
		{"生产总监", "生产部", "decision_maker"}, {"设备主管", "设备部", "evaluator"}, {"技术经理", "技术部", "evaluator"}, {"车间主任", "生产部", "user"},
		{"财务经理", "财务部", "influencer"}, {"行政主管", "行政部", "gatekeeper"}, {"工程师", "技术部", "champion"}, {"仓库主管", "物流部", "user"},
	}
}
