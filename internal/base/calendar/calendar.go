// Package calendar knows time zones, the starts of days, weeks, months,
// quarters and years in a zone, and how people write dates and times. Weeks
// begin on Monday (GB/T 7408, ISO 8601). Working days are not here: they are
// data of a company.
package calendar

import (
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Zone is a time zone of the IANA database. The zero Zone is UTC.
type Zone struct{ loc *time.Location }

// LoadZone finds a zone by its IANA name, such as Asia/Shanghai. An unknown
// name, "" and "Local" are Invalid "error.zone": a zone never depends on the
// machine.
func LoadZone(name string) (Zone, error) {
	if name == "" || name == "Local" {
		return Zone{}, errs.New(errs.Invalid, "error.zone", "value", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return Zone{}, errs.New(errs.Invalid, "error.zone", "value", clip(name)).With(err)
	}
	return Zone{loc}, nil
}

// Loc is the zone for package time and the functions here.
func (z Zone) Loc() *time.Location {
	if z.loc == nil {
		return time.UTC
	}
	return z.loc
}

// String is the IANA name.
func (z Zone) String() string { return z.Loc().String() }

// DayStart is the first instant of t's day in loc. Where midnight does not
// exist (summer time begins at midnight) it is the first instant after it;
// where it exists twice, the earlier one.
func DayStart(t time.Time, loc *time.Location) time.Time {
	y, m, d := t.In(loc).Date()
	return midnight(y, m, d, loc)
}

// WeekStart is the first instant of t's week, a Monday.
func WeekStart(t time.Time, loc *time.Location) time.Time {
	t = t.In(loc)
	y, m, d := t.Date()
	return midnight(y, m, d-(int(t.Weekday())+6)%7, loc)
}

// MonthStart is the first instant of t's month.
func MonthStart(t time.Time, loc *time.Location) time.Time {
	y, m, _ := t.In(loc).Date()
	return midnight(y, m, 1, loc)
}

// QuarterStart is the first instant of t's quarter (January, April, July, October).
func QuarterStart(t time.Time, loc *time.Location) time.Time {
	y, m, _ := t.In(loc).Date()
	return midnight(y, m-(m-1)%3, 1, loc)
}

// YearStart is the first instant of t's year.
func YearStart(t time.Time, loc *time.Location) time.Time {
	return midnight(t.In(loc).Year(), time.January, 1, loc)
}

// AddDays moves t by n days on the wall clock of loc: the time of day stays,
// also over a change to summer time.
func AddDays(t time.Time, n int, loc *time.Location) time.Time {
	return t.In(loc).AddDate(0, 0, n)
}

// AddMonths moves t by n months on the wall clock of loc. A day that the month
// does not have becomes its last day: 31 January + 1 = 28 or 29 February.
func AddMonths(t time.Time, n int, loc *time.Location) time.Time {
	t = t.In(loc)
	y, m, d := t.Date()
	y, m, d = addMonths(y, m, d, n)
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), loc)
}

func addMonths(y int, m time.Month, d, n int) (int, time.Month, int) {
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return first.Year(), first.Month(), min(d, daysIn(first.Year(), first.Month()))
}

// daysIn is how many days a month has.
func daysIn(y int, m time.Month) int {
	return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// midnight is the first instant of a day that package time may normalise
// (day 0, day 32). time.Date does not say which instant it gives when a wall
// time is missing or doubled, so the offsets around it are tried in turn.
func midnight(y int, m time.Month, d int, loc *time.Location) time.Time {
	guess := time.Date(y, m, d, 0, 0, 0, 0, loc)
	wall := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	start, end := guess.ZoneBounds()
	first := time.Time{}
	for _, probe := range []time.Time{guess, start.Add(-time.Second), end} {
		if probe.IsZero() || probe.Before(guess.Add(-48*time.Hour)) || probe.After(guess.Add(48*time.Hour)) {
			continue
		}
		_, offset := probe.In(loc).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		if _, o := at.Zone(); o == offset && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	if !first.IsZero() {
		return first
	}
	// Midnight falls into a gap: the day begins where the gap ends.
	if !start.IsZero() && guess.Sub(start) < 24*time.Hour && guess.Day() == wall.Day() {
		return start.In(loc)
	}
	return end.In(loc)
}

// Unit is a length of time buckets.
type Unit string

// The units. Their strings are part of the filter and report language.
const (
	Day     Unit = "day"
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// Start is the first instant of the unit that t lies in; an unknown unit is a day.
func (u Unit) Start(t time.Time, loc *time.Location) time.Time {
	switch u {
	case Week:
		return WeekStart(t, loc)
	case Month:
		return MonthStart(t, loc)
	case Quarter:
		return QuarterStart(t, loc)
	case Year:
		return YearStart(t, loc)
	}
	return DayStart(t, loc)
}

// Next is the first instant of the unit after the one t lies in.
func (u Unit) Next(t time.Time, loc *time.Location) time.Time {
	y, m, d := u.Start(t, loc).Date()
	switch u {
	case Week:
		return midnight(y, m, d+7, loc)
	case Month:
		return midnight(y, m+1, 1, loc)
	case Quarter:
		return midnight(y, m+3, 1, loc)
	case Year:
		return midnight(y+1, time.January, 1, loc)
	}
	return midnight(y, m, d+1, loc)
}

// Buckets cuts the time from from (inclusive) to to (exclusive) into units in
// loc and gives their boundaries: n+1 instants for n buckets, the first at or
// before from, the last at or after to. It is empty when to is not after from;
// more than most are not given, and false.
func Buckets(from, to time.Time, unit Unit, loc *time.Location, most int) ([]time.Time, bool) {
	if !to.After(from) {
		return nil, true
	}
	bounds := []time.Time{unit.Start(from, loc)}
	for last := bounds[0]; last.Before(to); {
		if len(bounds) > most {
			return nil, false
		}
		last = unit.Next(last, loc)
		bounds = append(bounds, last)
	}
	return bounds, true
}
