package calendar

import (
	"strings"
	"time"
)

// reader takes the parts of a written date off the front of a text.
type reader struct{ rest string }

// number reads between low and high digits; as many as there are.
func (r *reader) number(low, high int) (n int, ok bool) {
	i := 0
	for i < len(r.rest) && i < high && r.rest[i] >= '0' && r.rest[i] <= '9' {
		n = n*10 + int(r.rest[i]-'0')
		i++
	}
	if i < low {
		return 0, false
	}
	r.rest = r.rest[i:]
	return n, true
}

// accept takes prefix off when it is there.
func (r *reader) accept(prefix string) bool {
	rest, ok := strings.CutPrefix(r.rest, prefix)
	r.rest = rest
	return ok
}

// spaces takes blanks off and says whether there were any.
func (r *reader) spaces() bool {
	rest := strings.TrimLeft(r.rest, " ")
	found := len(rest) < len(r.rest)
	r.rest = rest
	return found
}

// date reads year, month and day, all with one kind of separator.
func (r *reader) date() (y int, m time.Month, d int, ok bool) {
	y, ok = r.number(4, 4)
	if !ok || y == 0 {
		return 0, 0, 0, false
	}
	var month int
	if len(r.rest) > 0 && r.rest[0] >= '0' && r.rest[0] <= '9' {
		month, _ = r.number(2, 2)
		d, ok = r.number(2, 2)
		if ok && r.rest != "" && r.rest[0] != ' ' && r.rest[0] != 'T' {
			return 0, 0, 0, false
		}
	} else {
		month, d, ok = r.monthDay()
	}
	if !ok || month < 1 || month > 12 || d < 1 || d > daysIn(y, time.Month(month)) {
		return 0, 0, 0, false
	}
	return y, time.Month(month), d, true
}

func (r *reader) monthDay() (month, d int, ok bool) {
	for _, sep := range [...][3]string{{"-", "-", ""}, {"/", "/", ""}, {".", ".", ""}, {"年", "月", "日"}} {
		if !r.accept(sep[0]) {
			continue
		}
		r.spaces()
		if month, ok = r.number(1, 2); !ok || !r.accept(sep[1]) {
			return 0, 0, false
		}
		r.spaces()
		if d, ok = r.number(1, 2); !ok {
			return 0, 0, false
		}
		return month, d, r.accept(sep[2])
	}
	return 0, 0, false
}

// timeAfterDate reads what follows a date to the end: T or blanks (none after
// 日), a time, and perhaps an offset.
func (r *reader) timeAfterDate() (of time.Duration, zone *time.Location, ok bool) {
	r.accept("T")
	r.spaces()
	if of, ok = r.time(); !ok {
		return 0, nil, false
	}
	zone, ok = r.offset()
	return of, zone, ok && r.rest == ""
}

// time reads hours, minutes and perhaps seconds with a fraction.
func (r *reader) time() (time.Duration, bool) {
	h, ok := r.number(1, 2)
	if !ok || h > 23 {
		return 0, false
	}
	chinese := false
	switch {
	case r.accept(":"):
	case r.accept("时"), r.accept("点"):
		chinese = true
	default:
		return 0, false
	}
	of := time.Duration(h) * time.Hour
	if chinese && r.rest == "" {
		return of, true
	}
	m, ok := r.number(1, 2)
	if !ok || m > 59 || chinese && !r.accept("分") {
		return 0, false
	}
	of += time.Duration(m) * time.Minute
	if chinese && (r.rest == "" || r.rest[0] < '0' || r.rest[0] > '9') || !chinese && !r.accept(":") {
		return of, true
	}
	s, ok := r.number(1, 2)
	if !ok || s > 59 {
		return 0, false
	}
	of += time.Duration(s) * time.Second
	if r.accept(".") || r.accept(",") {
		part, ok := r.fraction()
		if !ok {
			return 0, false
		}
		of += part
	}
	return of, !chinese || r.accept("秒")
}

// fraction reads the digits after the point of a second, cut to microseconds.
func (r *reader) fraction() (time.Duration, bool) {
	unit, sum, n := 100*time.Millisecond, time.Duration(0), 0
	for ; n < len(r.rest) && r.rest[n] >= '0' && r.rest[n] <= '9'; n++ {
		if unit >= time.Microsecond {
			sum += time.Duration(r.rest[n]-'0') * unit
			unit /= 10
		}
	}
	r.rest = r.rest[n:]
	return sum, n > 0
}

// offset reads nothing, Z, +08:00, +0800 or +08, after blanks or not.
func (r *reader) offset() (*time.Location, bool) {
	r.spaces()
	switch {
	case r.rest == "":
		return nil, true
	case r.accept("Z"), r.accept("z"), r.accept("UTC"):
		return time.UTC, true
	}
	sign := 1
	if !r.accept("+") {
		if !r.accept("-") {
			return nil, false
		}
		sign = -1
	}
	h, ok := r.number(2, 2)
	if !ok || h > 23 {
		return nil, false
	}
	m := 0
	if r.rest != "" {
		r.accept(":")
		if m, ok = r.number(2, 2); !ok || m > 59 {
			return nil, false
		}
	}
	return time.FixedZone("", sign*(h*3600+m*60)), true
}
