package jobs

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

func TestScheduleLast(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		spec string
		zone *time.Location
		now  string // wall clock
		want string // "" = never
	}{
		{"@daily 02:00", shanghai, "2026-03-04 02:00", "2026-03-04 02:00"},
		{"@daily 02:00", shanghai, "2026-03-04 01:59", "2026-03-03 02:00"},
		{"*/15 * * * *", time.UTC, "2026-03-04 00:07", "2026-03-04 00:00"},
		{"*/15 * * * *", time.UTC, "2026-03-04 00:59", "2026-03-04 00:45"},
		{"5-20/5 9-17 * * 1-5", time.UTC, "2026-03-08 12:00", "2026-03-06 17:20"},
		{"0 0 * * 7", time.UTC, "2026-03-04 00:00", "2026-03-01 00:00"},
		{"0 0 * * 0", time.UTC, "2026-03-04 00:00", "2026-03-01 00:00"},
		{"30 6 1 * *", time.UTC, "2026-03-01 06:29", "2026-02-01 06:30"},
		{"0 0 13 * 5", time.UTC, "2026-03-12 00:00", "2026-03-06 00:00"}, // either day suffices
		{"0 0 29 2 *", time.UTC, "2026-03-01 00:00", "2024-02-29 00:00"},
		{"0 0 29 2 *", time.UTC, "2103-03-01 00:00", "2096-02-29 00:00"}, // 2100 has none
		{"0 0 31 2 *", time.UTC, "2026-03-01 00:00", ""},
		{"0 0 1 1 *", shanghai, "2026-12-31 23:59", "2026-01-01 00:00"},
		{"0 3 * * *", berlin, "2026-03-29 12:00", "2026-03-29 03:00"},
		{"30 2 * * *", berlin, "2026-10-25 12:00", "2026-10-25 02:30"}, // comes twice, counts once
		{"1,2,3 4/6 * * *", time.UTC, "2026-03-04 11:00", "2026-03-04 10:03"},
	}
	const layout = "2006-01-02 15:04"
	for _, c := range cases {
		s, err := parseSchedule(c.spec)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		now, err := time.ParseInLocation(layout, c.now, c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if tick, ok := s.last(now); ok {
			got = tick.Format(layout)
		}
		if got != c.want {
			t.Errorf("%s at %s: %q, want %q", c.spec, c.now, got, c.want)
		}
	}
}

func TestScheduleRefuses(t *testing.T) {
	for _, spec := range []string{
		"", "*", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8",
		"-1 * * * *", "+1 * * * *", "5-1 * * * *", "*/0 * * * *", "1/ * * * *", "a * * * *", ", * * * *", "1,,2 * * * *",
		"@daily", "@daily 24:00", "@daily 2", "@weekly 02:00", "99999999999999999999 * * * *",
	} {
		_, err := parseSchedule(spec)
		if e, ok := errors.AsType[*errs.Error](err); !ok || e.Key != "error.cron" {
			t.Errorf("%q: %v", spec, err)
		}
	}
}

// The latest tick is the one that walking back minute by minute finds.
func TestScheduleLastByWalking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		field := func(low, high int) string {
			switch rapid.IntRange(0, 3).Draw(t, "form") {
			case 0:
				return "*"
			case 1:
				return fmt.Sprintf("*/%d", rapid.IntRange(1, high).Draw(t, "step"))
			}
			a := rapid.IntRange(low, high).Draw(t, "from")
			return fmt.Sprintf("%d-%d", a, rapid.IntRange(a, high).Draw(t, "to"))
		}
		spec := fmt.Sprintf("%s %s %s * %s", field(0, 59), field(0, 23), field(1, 28), field(0, 7))
		s, err := parseSchedule(spec)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1_600_000_000, 2_000_000_000).Draw(t, "now"), 0).UTC()
		tick, ok := s.last(now)
		if !ok {
			t.Fatalf("%s: never", spec)
		}
		walk := now.Truncate(time.Minute)
		for !(s.minute>>walk.Minute()&1 == 1 && s.hour>>walk.Hour()&1 == 1 && s.fits(walk)) {
			walk = walk.Add(-time.Minute)
		}
		if !tick.Equal(walk) {
			t.Fatalf("%s at %v: %v, walking finds %v", spec, now, tick, walk)
		}
	})
}

func FuzzSchedule(f *testing.F) {
	f.Add("@daily 02:00")
	f.Add("*/5 1-4 * 2,3 0-7/2")
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := parseSchedule(spec)
		if err != nil {
			return
		}
		now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
		if tick, ok := s.last(now); ok && tick.After(now) {
			t.Errorf("%q: the last tick %v is after %v", spec, tick, now)
		}
	})
}
