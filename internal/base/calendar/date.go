package calendar

import (
	"fmt"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Date is a day without zone, written YYYY-MM-DD; "" is none. Dates compare
// as texts.
type Date string

// DateOf is t's day in loc.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return makeDate(y, m, d)
}

func makeDate(y int, m time.Month, d int) Date {
	return Date(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
}

// split gives the parts of a valid date.
func (d Date) split() (int, time.Month, int) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 1, time.January, 1
	}
	return t.Date()
}

// Start is the first instant of the day in loc.
func (d Date) Start(loc *time.Location) time.Time {
	y, m, day := d.split()
	return midnight(y, m, day, loc)
}

// AddDays moves the date by n days.
func (d Date) AddDays(n int) Date {
	y, m, day := d.split()
	return makeDate(time.Date(y, m, day+n, 0, 0, 0, 0, time.UTC).Date())
}

// AddMonths moves the date by n months; a day the month does not have becomes
// its last day.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.split()
	return makeDate(addMonths(y, m, day, n))
}

// DaysUntil is how many days o is after d, negative when it is before.
func (d Date) DaysUntil(o Date) int {
	return int(o.Start(time.UTC).Sub(d.Start(time.UTC)) / (24 * time.Hour))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.Start(time.UTC).Weekday() }

// ParseDate reads a date as people and other programs write it: 2024-1-5,
// 2024/1/5, 2024.1.5, 2024年1月5日, 20240105, each also with a time of day
// that is zero (what databases export for a date). A time that is not zero is
// Invalid "error.date_has_time", anything else "error.date". Years are 1 to 9999
// with four digits.
func ParseDate(s string) (Date, error) {
	r := reader{rest: plain(s)}
	y, m, d, ok := r.date()
	if !ok {
		return "", errs.New(errs.Invalid, "error.date", "value", clip(s))
	}
	date := makeDate(y, m, d)
	if r.rest == "" {
		return date, nil
	}
	of, _, ok := r.timeAfterDate()
	if !ok {
		return "", errs.New(errs.Invalid, "error.date", "value", clip(s))
	}
	if of != 0 {
		return "", errs.New(errs.Invalid, "error.date_has_time", "value", clip(s))
	}
	return date, nil
}

// ParseTimeOfDay reads 9:05, 09:05:30, 9时5分, 9点05分30秒 and gives the seconds
// since midnight, 0 to 86399; fractions of seconds are cut. Anything else is
// Invalid "error.time_of_day".
func ParseTimeOfDay(s string) (int, error) {
	r := reader{rest: plain(s)}
	of, ok := r.time()
	if !ok || r.rest != "" {
		return 0, errs.New(errs.Invalid, "error.time_of_day", "value", clip(s))
	}
	return int(of / time.Second), nil
}

// ParseInstant reads a date with a time: RFC 3339, and every date form of
// ParseDate followed by a time form of ParseTimeOfDay, fractions to the
// microsecond (more are cut). A zone offset in the text counts, otherwise the
// text is wall time in loc; without a time it is the start of the day.
// Anything else is Invalid "error.instant". The result is UTC.
func ParseInstant(s string, loc *time.Location) (time.Time, error) {
	r := reader{rest: plain(s)}
	y, m, d, ok := r.date()
	if !ok {
		return time.Time{}, errs.New(errs.Invalid, "error.instant", "value", clip(s))
	}
	if r.rest == "" {
		return midnight(y, m, d, loc).UTC(), nil
	}
	of, zone, ok := r.timeAfterDate()
	if !ok {
		return time.Time{}, errs.New(errs.Invalid, "error.instant", "value", clip(s))
	}
	if zone != nil {
		loc = zone
	}
	sec := int(of / time.Second)
	return time.Date(y, m, d, sec/3600, sec/60%60, sec%60, int(of%time.Second), loc).UTC(), nil
}

// plain trims white space and makes full-width digits and signs ASCII.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '　' || r == '\u00a0' || r == '\t':
			return ' '
		}
		return r
	}, strings.TrimSpace(s))
}

// clip keeps messages short.
func clip(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
