// Package dataset is the benchmark's company: customers, members and
// departments, each a pure function of its number. Any row can be made at any
// time on any machine and is always the same, so a check needs no copy of the
// data, only the row's number.
package dataset

import (
	"strconv"
	"time"
)

// The size of the company.
const (
	Members     = 200
	Departments = 20
)

// Statuses are codes, in the order of a sale.
var Statuses = [...]string{"lead", "contacted", "negotiating", "won", "lost"}

// statusShare is how many of a hundred customers stand in each status.
var statusShare = [...]int{30, 25, 20, 15, 10}

// Region is a province: its code of the national division and its short name.
type Region struct{ Code, Name string }

// Regions are the 31 provinces of the mainland.
var Regions = [...]Region{
	{"110000", "北京"}, {"120000", "天津"}, {"130000", "河北"}, {"140000", "山西"}, {"150000", "内蒙古"},
	{"210000", "辽宁"}, {"220000", "吉林"}, {"230000", "黑龙江"}, {"310000", "上海"}, {"320000", "江苏"},
	{"330000", "浙江"}, {"340000", "安徽"}, {"350000", "福建"}, {"360000", "江西"}, {"370000", "山东"},
	{"410000", "河南"}, {"420000", "湖北"}, {"430000", "湖南"}, {"440000", "广东"}, {"450000", "广西"},
	{"460000", "海南"}, {"500000", "重庆"}, {"510000", "四川"}, {"520000", "贵州"}, {"530000", "云南"},
	{"540000", "西藏"}, {"610000", "陕西"}, {"620000", "甘肃"}, {"630000", "青海"}, {"640000", "宁夏"}, {"650000", "新疆"},
}

// Industry is a trade: the product's code of it and its name.
type Industry struct{ Code, Name string }

// Industries and what a company of each calls its trade.
var (
	Industries = [...]Industry{
		{"manufacturing", "制造"}, {"software", "软件"}, {"retail", "零售"}, {"logistics", "物流"}, {"finance", "金融"}, {"healthcare", "医疗"},
		{"education", "教育"}, {"construction", "建筑"}, {"energy", "能源"}, {"agriculture", "农业"}, {"media", "传媒"}, {"catering", "餐饮"},
	}
	trades = [...]string{"机械设备", "网络科技", "商贸", "物流", "投资管理", "医药", "教育咨询", "建筑工程", "新能源", "农业发展", "文化传媒", "餐饮管理"}
	// Sources are codes.
	Sources = [...]string{"web", "phone", "exhibition", "referral", "ads", "partner"}
	forms   = [...]string{"有限公司", "有限责任公司", "股份有限公司", "集团有限公司"}
)

// brandSigns are 120 different characters; two of them make a brand, so that
// a given pair is in one name of 14,400.
var brandSigns = []rune("云腾海天华信中科金东方正大恒瑞泰安盛达宏远博雅新锐明德长江黄河龙凤飞跃星辰光耀联创智慧鼎立卓越百川千里万象顺丰和平广源永嘉利民兴隆春秋佳美康宁铭志诚毅浩宇凯旋启航晨曦蓝图绿洲红杉紫荆银玉泉松柏梅竹兰菊" +
	"虹霞岭岳溪湖晟铠霖煜昊轩琪睿妍涵沐璟曜珩")

var (
	epoch = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	// three years of customers
	spanSeconds = uint64(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Sub(epoch) / time.Second)
)

// Customer is one row: twelve columns with its number.
type Customer struct {
	ID       int // from 1
	Name     string
	Owner    int // member, 1..Members
	Phone    string
	Email    string
	Industry Industry
	Region   Region
	Status   int // index into Statuses
	Source   string
	Cents    int64 // amount
	Created  time.Time
	Remark   string
}

// dice is a small generator (splitmix64), seeded by the row's number alone.
type dice uint64

func (d *dice) roll() uint64 {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (d *dice) below(n int) int { return int(d.roll() % uint64(n)) }

// Seed moves the whole data set; it is written into every report.
const Seed = 0x6775616e7869

// At makes customer id.
func At(id int) Customer {
	d := dice(Seed + uint64(id)*0x2545f4914f6cdd1d)
	c := Customer{ID: id, Region: Regions[d.below(len(Regions))]}
	brand := string([]rune{brandSigns[d.below(len(brandSigns))], brandSigns[d.below(len(brandSigns))]})
	trade := d.below(len(trades))
	c.Name = c.Region.Name + brand + trades[trade] + forms[d.below(len(forms))]
	c.Industry = Industries[trade]
	c.Owner = d.below(Members) + 1
	share := d.below(100)
	for share >= statusShare[c.Status] {
		share -= statusShare[c.Status]
		c.Status++
	}
	c.Source = Sources[d.below(len(Sources))]
	c.Phone = "1" + strconv.Itoa(3+d.below(7)) + digits(d.below(1_000_000_000), 9)
	c.Email = "kf" + strconv.Itoa(id) + "@corp" + strconv.Itoa(d.below(10_000)) + ".example"
	c.Cents = int64(100_000 + d.below(500_000_000))
	c.Created = epoch.Add(time.Duration(d.roll()%spanSeconds) * time.Second)
	c.Remark = "第 " + strconv.Itoa(id) + " 号客户,经" + c.Source + "来,主营" + trades[d.below(len(trades))] + ",需跟进"
	return c
}

// Brand is the two-character word inside customer id's name.
func Brand(id int) string {
	c := At(id)
	r := []rune(c.Name)
	k := len([]rune(c.Region.Name))
	return string(r[k : k+2])
}

// Department of a member, 1..Departments.
func Department(member int) int { return (member-1)%Departments + 1 }

// Login of a member.
func Login(member int) string { return "sales" + digits(member, 3) }

// Password of a member: known to anybody, on loopback only.
func Password(member int) string { return "Bench-" + digits(member, 3) + "-pass!" }

// CreatedText is the row's own date as the floor stores it.
func (c Customer) CreatedText() string { return c.Created.Format("2006-01-02T15:04:05Z") }

// Amount is the row's amount with two decimals.
func (c Customer) Amount() string {
	return strconv.FormatInt(c.Cents/100, 10) + "." + digits(int(c.Cents%100), 2)
}

func digits(n, width int) string {
	s := strconv.Itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}
