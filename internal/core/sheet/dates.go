package sheet

import (
	"math"
	"strconv"
	"time"
)

// Days between 1970-01-01 and the day 0 of the two date systems of Excel
// (ECMA-376 part 1, 18.17.4.1). Counting from 1900, Excel believes in the day
// 1900-02-29 (serial 60); the base fits what comes after it.
const (
	base1900   = -25569
	base1904   = -24107
	lastSerial = 2958465 // 9999-12-31, counted from 1900
	dayMillis  = 24 * 60 * 60 * 1000
	leapBug    = 60 // the serial that is no day
)

// dateCell makes the cell of a serial day under a date format. A serial that
// the format cannot show (negative, past 9999, day 0) is no date: false.
func dateCell(b []byte, serial float64, f numFmt, is1904 bool) ([]byte, Cell, bool) {
	if f.kind == fmtDuration {
		return durationCell(b, serial)
	}
	days, millis, ok := splitSerial(serial, f.fraction)
	if !ok {
		return b, Cell{}, false
	}
	kind := f.kind
	if f.either {
		kind = fmtTime
		if millis == 0 && days > 0 {
			kind = fmtDate
		}
	}
	if days == 0 && !is1904 {
		if kind == fmtDate {
			return b, Cell{}, false
		}
		kind = fmtTime
	}
	c := Cell{Kind: Date, Millis: int32(millis)}
	leap := false
	switch {
	case is1904:
		c.Days = int32(days + base1904)
	case days < leapBug:
		c.Days = int32(days + base1900 + 1)
	default:
		leap = days == leapBug
		c.Days = int32(days + base1900)
	}
	switch {
	case kind == fmtTime:
	case leap:
		b = append(b, "1900-02-29"...)
	default:
		b = time.Unix(int64(c.Days)*24*60*60, 0).UTC().AppendFormat(b, time.DateOnly)
	}
	if kind == fmtDateTime {
		b = append(b, ' ')
	}
	if kind != fmtDate {
		b = appendClock(b, millis/1000/3600, millis, 2)
	}
	return b, c, true
}

// splitSerial gives whole days and milliseconds. Binary fractions of a day are
// rounded to the second, or to the millisecond where the format shows parts.
func splitSerial(serial float64, fraction bool) (days, millis int, ok bool) {
	if !(serial >= 0 && serial < lastSerial+1) {
		return 0, 0, false
	}
	whole := math.Floor(serial)
	ms := math.Round((serial - whole) * dayMillis)
	if !fraction {
		ms = math.Round((serial-whole)*dayMillis/1000) * 1000
	}
	days, millis = int(whole), int(ms)
	if millis >= dayMillis {
		days, millis = days+1, 0
	}
	return days, millis, days <= lastSerial
}

// durationCell writes days as hours: 1.5 is 36:00:00.
func durationCell(b []byte, serial float64) ([]byte, Cell, bool) {
	if math.Abs(serial) > lastSerial {
		return b, Cell{}, false
	}
	seconds := int64(math.Round(serial * dayMillis / 1000))
	if seconds < 0 {
		b, seconds = append(b, '-'), -seconds
	}
	b = appendClock(b, int(seconds/3600), int(seconds%3600*1000), 1)
	return b, Cell{Kind: Duration}, true
}

// appendClock writes hours with at least width digits, then :MM:SS and the
// milliseconds when there are some.
func appendClock(b []byte, hours, millis, width int) []byte {
	if width == 2 && hours < 10 {
		b = append(b, '0')
	}
	b = strconv.AppendInt(b, int64(hours), 10)
	b = appendTwo(append(b, ':'), millis/60000%60)
	b = appendTwo(append(b, ':'), millis/1000%60)
	if ms := millis % 1000; ms != 0 {
		b = append(b, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
	}
	return b
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// isoDate reads the date of a cell of type d (ECMA-376 part 1, 18.18.11):
// 2024-01-05T13:04:05Z, or its date or time alone. The clock is taken as it
// stands: Excel has no zones.
func isoDate(s string) (text string, c Cell, ok bool) {
	for _, layout := range []struct {
		in, out string
		dated   bool
	}{
		{"2006-01-02T15:04:05.999Z07:00", "2006-01-02 15:04:05.999", true},
		{"2006-01-02T15:04:05.999", "2006-01-02 15:04:05.999", true},
		{"2006-01-02 15:04:05.999", "2006-01-02 15:04:05.999", true},
		{"2006-01-02T15:04", "2006-01-02 15:04:05", true},
		{time.DateOnly, time.DateOnly, true},
		{"15:04:05.999", "15:04:05.999", false},
		{"T15:04:05.999", "15:04:05.999", false},
	} {
		t, err := time.Parse(layout.in, s)
		if err != nil {
			continue
		}
		c = Cell{Kind: Date}
		if layout.dated {
			y, m, d := t.Date()
			c.Days = int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
		}
		h, m, sec := t.Clock()
		c.Millis = int32(((h*60+m)*60+sec)*1000 + t.Nanosecond()/1e6)
		return t.Format(layout.out), c, true
	}
	return "", Cell{}, false
}
