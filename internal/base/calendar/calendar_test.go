package calendar

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z.Loc()
}

// key is the message key of an error, "" for none.
func key(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Key
	}
	if err != nil {
		return "not an *errs.Error"
	}
	return ""
}

func TestLoadZone(t *testing.T) {
	z, err := LoadZone("Asia/Shanghai")
	if err != nil || z.String() != "Asia/Shanghai" {
		t.Errorf("%v, %v", z, err)
	}
	if (Zone{}).Loc() != time.UTC {
		t.Error("the zero zone is not UTC")
	}
	for _, name := range []string{"", "Local", "Asia/Nowhere", "../etc/passwd", "北京"} {
		if _, err := LoadZone(name); key(err) != "error.zone" {
			t.Errorf("LoadZone(%q): %v", name, err)
		}
	}
}

func TestStarts(t *testing.T) {
	shanghai := zone(t, "Asia/Shanghai")
	// 17:00 UTC is 01:00 of the next day, the first of a quarter and a Wednesday, in Shanghai.
	at := time.Date(2026, 9, 30, 17, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		unit Unit
		want string
		next string
	}{
		{Day, "2026-10-01T00:00:00+08:00", "2026-10-02T00:00:00+08:00"},
		{Week, "2026-09-28T00:00:00+08:00", "2026-10-05T00:00:00+08:00"},
		{Month, "2026-10-01T00:00:00+08:00", "2026-11-01T00:00:00+08:00"},
		{Quarter, "2026-10-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00"},
		{Year, "2026-01-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00"},
	} {
		if got := c.unit.Start(at, shanghai).Format(time.RFC3339); got != c.want {
			t.Errorf("%s starts %s, want %s", c.unit, got, c.want)
		}
		if got := c.unit.Next(at, shanghai).Format(time.RFC3339); got != c.next {
			t.Errorf("%s ends %s, want %s", c.unit, got, c.next)
		}
	}
	sunday := time.Date(2026, 11, 22, 12, 0, 0, 0, shanghai)
	if got := WeekStart(sunday, shanghai).Format(time.DateOnly); got != "2026-11-16" {
		t.Errorf("the week of Sunday 2026-11-22 starts %s", got)
	}
	if got := QuarterStart(time.Date(2026, 3, 31, 0, 0, 0, 0, shanghai), shanghai).Format(time.DateOnly); got != "2026-01-01" {
		t.Errorf("the quarter of 2026-03-31 starts %s", got)
	}
}

// The days on which clocks changed at midnight, from the tz database.
func TestDayStartWhereMidnightIsMissingOrDouble(t *testing.T) {
	for _, c := range []struct{ zone, noon, want string }{
		{"America/Sao_Paulo", "2018-11-04T12:00:00-02:00", "2018-11-04T01:00:00-02:00"}, // 00:00 to 01:00
		{"Asia/Beirut", "2024-03-31T12:00:00+03:00", "2024-03-31T01:00:00+03:00"},
		{"Africa/Cairo", "2024-04-26T12:00:00+03:00", "2024-04-26T01:00:00+03:00"},
		{"America/Havana", "2024-11-03T12:00:00-05:00", "2024-11-03T00:00:00-04:00"}, // 01:00 back to 00:00
		{"America/Sao_Paulo", "2018-02-18T12:00:00-03:00", "2018-02-18T00:00:00-03:00"},
		{"Asia/Shanghai", "1991-04-14T12:00:00+09:00", "1991-04-14T00:00:00+08:00"},
		{"Asia/Shanghai", "1940-06-01T12:00:00+09:00", "1940-06-01T01:00:00+09:00"},
		{"Pacific/Apia", "2011-12-31T12:00:00+14:00", "2011-12-31T00:00:00+14:00"}, // 30 December was left out
	} {
		noon, err := time.Parse(time.RFC3339, c.noon)
		if err != nil {
			t.Fatal(err)
		}
		got := DayStart(noon, zone(t, c.zone))
		if got.Format(time.RFC3339) != c.want {
			t.Errorf("%s %s: %s, want %s", c.zone, c.noon, got.Format(time.RFC3339), c.want)
		}
	}
}

func anyZone(t testing.TB) *rapid.Generator[*time.Location] {
	var locs []*time.Location
	for _, name := range []string{"UTC", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "America/Sao_Paulo", "Asia/Beirut",
		"Africa/Cairo", "America/Havana", "Pacific/Apia", "Australia/Lord_Howe", "Europe/Dublin", "America/Asuncion", "Asia/Gaza"} {
		locs = append(locs, zone(t, name))
	}
	return rapid.SampledFrom(locs)
}

func anyTime() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(-2e9, 4e9), func(s int64) time.Time { return time.Unix(s, 0).UTC() })
}

// DayStart is what a walk back in minutes finds: the first instant of the date.
func TestDayStartIsTheFirstInstant(t *testing.T) {
	zones := anyZone(t)
	rapid.Check(t, func(t *rapid.T) {
		loc, at := zones.Draw(t, "zone"), anyTime().Draw(t, "time")
		start := DayStart(at, loc)
		if start.After(at) || at.Sub(start) > 26*time.Hour {
			t.Fatalf("%s starts %s", at, start)
		}
		if DateOf(start, loc) != DateOf(at, loc) || DateOf(start.Add(-1), loc) >= DateOf(at, loc) {
			t.Fatalf("%s in %s: the day starts %s", at, loc, start)
		}
	})
}

func TestBucketsCoverWithoutGap(t *testing.T) {
	zones := anyZone(t)
	rapid.Check(t, func(t *rapid.T) {
		loc, from := zones.Draw(t, "zone"), anyTime().Draw(t, "from")
		to := from.Add(time.Duration(rapid.Int64Range(1, 400*24*3600).Draw(t, "seconds")) * time.Second)
		unit := rapid.SampledFrom([]Unit{Day, Week, Month, Quarter, Year}).Draw(t, "unit")
		bounds, ok := Buckets(from, to, unit, loc, 500)
		if !ok {
			t.Fatal("too many")
		}
		if bounds[0].After(from) || bounds[len(bounds)-1].Before(to) || !bounds[len(bounds)-2].Before(to) || !bounds[1].After(from) {
			t.Fatalf("%s to %s: %v", from, to, bounds)
		}
		for i, b := range bounds {
			if !unit.Start(b, loc).Equal(b) {
				t.Fatalf("%s is no start of a %s", b, unit)
			}
			if i > 0 && !unit.Start(b.Add(-1), loc).Equal(bounds[i-1]) {
				t.Fatalf("between %s and %s starts another %s", bounds[i-1], b, unit)
			}
		}
	})
}

func TestBucketsAreBounded(t *testing.T) {
	from := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, ok := Buckets(from, from.AddDate(9000, 0, 0), Day, time.UTC, 1000); ok {
		t.Error("9000 years of days are given")
	}
	if b, ok := Buckets(from, from.AddDate(0, 0, 1000), Day, time.UTC, 1000); !ok || len(b) != 1001 {
		t.Errorf("%d bounds, %v", len(b), ok)
	}
	if b, ok := Buckets(from, from, Day, time.UTC, 1000); !ok || len(b) != 0 {
		t.Errorf("an empty range: %v, %v", b, ok)
	}
}

func TestAddMonthsClamps(t *testing.T) {
	ny := zone(t, "America/New_York")
	at := time.Date(2024, 1, 31, 10, 0, 0, 0, ny)
	for n, want := range map[int]string{
		1: "2024-02-29T10:00:00-05:00", 2: "2024-03-31T10:00:00-04:00", 13: "2025-02-28T10:00:00-05:00",
		-1: "2023-12-31T10:00:00-05:00", -11: "2023-02-28T10:00:00-05:00", 0: "2024-01-31T10:00:00-05:00",
	} {
		if got := AddMonths(at, n, ny).Format(time.RFC3339); got != want {
			t.Errorf("%+d months: %s, want %s", n, got, want)
		}
	}
	if got := AddDays(time.Date(2024, 3, 9, 10, 0, 0, 0, ny), 1, ny).Format(time.RFC3339); got != "2024-03-10T10:00:00-04:00" {
		t.Errorf("a day over the change to summer time: %s", got)
	}
}

func TestDateArithmetic(t *testing.T) {
	d := Date("2024-01-31")
	for _, c := range []struct{ got, want Date }{
		{d.AddDays(1), "2024-02-01"}, {d.AddDays(-31), "2023-12-31"}, {d.AddMonths(1), "2024-02-29"}, {d.AddMonths(-2), "2023-11-30"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	if n := d.DaysUntil("2025-01-31"); n != 366 {
		t.Errorf("%d days", n)
	}
	if Date("2026-11-22").Weekday() != time.Sunday {
		t.Error("2026-11-22 is a Sunday")
	}
	if got := Date("2018-11-04").Start(zone(t, "America/Sao_Paulo")).Format(time.RFC3339); got != "2018-11-04T01:00:00-02:00" {
		t.Errorf("start %s", got)
	}
}
