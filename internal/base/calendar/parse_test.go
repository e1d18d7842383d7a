package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct{ text, want, err string }{
		{"2024-01-05", "2024-01-05", ""},
		{"2024-1-5", "2024-01-05", ""},
		{"2024/1/5", "2024-01-05", ""},
		{"2024.1.5", "2024-01-05", ""},
		{"2024年1月5日", "2024-01-05", ""},
		{"2024年01月05日", "2024-01-05", ""},
		{"2024 年 1 月 5 日", "", "error.date"},
		{"20240105", "2024-01-05", ""},
		{"　2024－01－05 ", "2024-01-05", ""},
		{"２０２４年１月５日", "2024-01-05", ""},
		{"1948-12-08 00:00:00.000", "1948-12-08", ""},
		{"2024-01-05T00:00:00Z", "2024-01-05", ""},
		{"2024/1/5 0:00", "2024-01-05", ""},
		{"2024-02-29", "2024-02-29", ""},
		{"0001-01-01", "0001-01-01", ""},
		{"9999-12-31", "9999-12-31", ""},

		{"2024-01-05 13:04", "", "error.date_has_time"},
		{"2024-01-05 00:00:00.001", "", "error.date_has_time"},
		{"2023-02-29", "", "error.date"},
		{"2024-13-01", "", "error.date"},
		{"2024-00-10", "", "error.date"},
		{"2024-01-00", "", "error.date"},
		{"2024-04-31", "", "error.date"},
		{"0000-01-01", "", "error.date"},
		{"24-01-05", "", "error.date"},
		{"05/01/2024", "", "error.date"},
		{"2024-01/05", "", "error.date"},
		{"2024-01", "", "error.date"},
		{"2024年1月5", "", "error.date"},
		{"202401", "", "error.date"},
		{"2024010", "", "error.date"},
		{"202401051", "", "error.date"},
		{"2024-01-055", "", "error.date"},
		{"2024-01-05x", "", "error.date"},
		{"2024-01-05 25:00", "", "error.date"},
		{"", "", "error.date"},
		{"明天", "", "error.date"},
		{"2024-01-0\x00", "", "error.date"},
	} {
		got, err := ParseDate(c.text)
		if string(got) != c.want || key(err) != c.err {
			t.Errorf("ParseDate(%q) = %q, %v, want %q %s", c.text, got, err, c.want, c.err)
		}
	}
}

func TestParseTimeOfDay(t *testing.T) {
	for text, want := range map[string]int{
		"0:00": 0, "9:05": 32700, "09:05": 32700, "23:59:59": 86399, "13:04:05.678": 47045, "9时5分": 32700, "9点05分30秒": 32730, "9点": 32400, "９：０５": 32700,
		"": -1, "24:00": -1, "12:60": -1, "12:00:60": -1, "12": -1, "12:": -1, "12:0x": -1, "-1:00": -1, "9时5": -1, "123:00": -1, "9:05 pm": -1,
	} {
		got, err := ParseTimeOfDay(text)
		if want < 0 {
			if key(err) != "error.time_of_day" {
				t.Errorf("ParseTimeOfDay(%q) = %d, %v", text, got, err)
			}
		} else if err != nil || got != want {
			t.Errorf("ParseTimeOfDay(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestParseInstant(t *testing.T) {
	shanghai := zone(t, "Asia/Shanghai")
	for text, want := range map[string]string{
		"2024-01-05T05:04:05Z":             "2024-01-05T05:04:05Z",
		"2024-01-05T13:04:05+08:00":        "2024-01-05T05:04:05Z",
		"2024-01-05T13:04:05.1234567+0800": "2024-01-05T05:04:05.123456Z",
		"2024-01-05 13:04":                 "2024-01-05T05:04:00Z",
		"2024-01-05 13:04:05":              "2024-01-05T05:04:05Z",
		"2024-01-05 13:04:05.000":          "2024-01-05T05:04:05Z",
		"2024-01-05 13:04:05,250":          "2024-01-05T05:04:05.25Z",
		"2024/1/5 13:04":                   "2024-01-05T05:04:00Z",
		"2024.1.5 3:04":                    "2024-01-04T19:04:00Z",
		"2024年1月5日 13:04":                  "2024-01-05T05:04:00Z",
		"2024年1月5日13时04分":                  "2024-01-05T05:04:00Z",
		"2024年1月5日 13时4分5秒":                "2024-01-05T05:04:05Z",
		"20240105 13:04":                   "2024-01-05T05:04:00Z",
		"2024-01-05":                       "2024-01-04T16:00:00Z",
		"2024-01-05 13:04 -05":             "2024-01-05T18:04:00Z",
		"2024-01-05 13:04 UTC":             "2024-01-05T13:04:00Z",
		"":                                 "",
		"13:04":                            "",
		"2024-01-05 25:04":                 "",
		"2024-02-30 13:04":                 "",
		"2024-01-05 13:04 CST":             "",
		"2024-01-05 13:04+25:00":           "",
		"2024-01-05 13:04:05.":             "",
		"2024-01-05TT13:04":                "",
		"1704430800":                       "",
		"now":                              "",
	} {
		got, err := ParseInstant(text, shanghai)
		if want == "" {
			if key(err) != "error.instant" {
				t.Errorf("ParseInstant(%q) = %v, %v", text, got, err)
			}
		} else if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("ParseInstant(%q) = %s, %v, want %s", text, got.Format(time.RFC3339Nano), err, want)
		}
	}
}

func TestWrittenDatesReadBack(t *testing.T) {
	zones := anyZone(t)
	rapid.Check(t, func(t *rapid.T) {
		at, loc := anyTime().Draw(t, "time"), zones.Draw(t, "zone")
		layout := rapid.SampledFrom([]string{"2006-01-02", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日"}).Draw(t, "layout")
		got, err := ParseDate(at.In(loc).Format(layout))
		if err != nil || got != DateOf(at, loc) {
			t.Fatalf("%s: %s, %v", at.In(loc).Format(layout), got, err)
		}
		if at.In(loc).Format("-07:00:00") == at.In(loc).Format("-07:00")+":00" { // offsets of old local mean times have seconds
			instant, err := ParseInstant(at.In(loc).Format(time.RFC3339), time.UTC)
			if err != nil || !instant.Equal(at) {
				t.Fatalf("%s: %s, %v", at, instant, err)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2024-1-5", "2024年1月5日13时04分", "1948-12-08 00:00:00.000", "2024-01-05T13:04:05.1+08:00", "9点05分30秒"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s); err == nil {
			if again, err := ParseDate(string(d)); err != nil || again != d || len(d) != 10 {
				t.Fatalf("%q: %q, then %q, %v", s, d, again, err)
			}
		}
		if at, err := ParseInstant(s, time.UTC); err == nil {
			if again, err := ParseInstant(at.Format(time.RFC3339Nano), time.UTC); err == nil && !again.Equal(at) {
				t.Fatalf("%q: %s, then %s", s, at, again)
			}
		}
		if n, err := ParseTimeOfDay(s); err == nil && (n < 0 || n > 86399) {
			t.Fatalf("%q: %d", s, n)
		}
	})
}
