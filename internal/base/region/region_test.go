package region

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for in, want := range map[string]string{
		"江苏": "32", "江苏省": "32", "320000": "32", "32": "32", "320100": "3201", "320102": "320102",
		"江苏省南京市": "3201", "江苏/南京/玄武区": "320102", "南京": "3201", "南京市玄武": "320102",
		"北京": "11", "北京市朝阳区": "110105", "内蒙古": "15", "广西": "45", "香港": "81", "上海徐汇区": "310104",
		"石家庄市": "1301", "吉林": "22", "重庆市": "50",
		"上海市上海市": "31", "北京市/北京市/朝阳区": "110105", "吉林吉林": "2202",
	} {
		if got, ok := Find(in); !ok || got != want {
			t.Errorf("Find(%q) = %q %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "火星", "99", "朝阳区", "123"} {
		if got, ok := Find(in); ok {
			t.Errorf("Find(%q) = %q, want nothing", in, got)
		}
	}
}

func TestEveryRegionHasItsParents(t *testing.T) {
	if len(All()) < 3200 {
		t.Fatalf("%d regions", len(All()))
	}
	for _, r := range All() {
		for n := 2; n < len(r.Code); n += 2 {
			if !Known(r.Code[:n]) {
				t.Errorf("%s %s: no %s", r.Code, r.Name, r.Code[:n])
			}
		}
		if len(r.Code) != 2 && unnamed(r.Name) {
			continue
		}
		if got, ok := Find(Name(r.Code)); !ok || got != r.Code && Name(got) != Name(r.Code) {
			t.Errorf("%s: its name %s is found as %q", r.Code, Name(r.Code), got)
		}
	}
}

func TestLead(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"江苏苏州工业园区": "3205 工业园区", "江苏省苏州市吴中区木渎镇金枫路": "320506 木渎镇金枫路", "上海市张江高科": "31 张江高科", "广东 深圳 宝安区新安街道": "440306 新安街道",
		"浙江省-宁波市-保税区": "3302 保税区",
		"南京路 100 号":   "", "江苏省姑苏县": "", "苏州园区": "", "江苏省": "", "": "", "海外": "", "上海滩": "",
	} {
		code, rest, ok := Lead(in)
		if got := strings.TrimSpace(code + " " + rest); got != want || ok != (want != "") {
			t.Errorf("Lead(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}
