package sheet

import "strings"

// fmtKind is what a number format makes of a number.
type fmtKind uint8

const (
	fmtNumber fmtKind = iota
	fmtDate
	fmtTime
	fmtDateTime
	fmtDuration // [h]:mm: hours that may pass 24
)

// numFmt is a number format, as far as values depend on it.
type numFmt struct {
	kind     fmtKind
	fraction bool // shows parts of a second
	either   bool // a built-in that is a time in Chinese and a date in Japanese Excel: the value tells
}

// builtinFmt knows the formats that a file names by number alone (ECMA-376
// part 1, 18.8.30, with the Chinese meaning of 27 to 36 and 50 to 58).
func builtinFmt(id int) numFmt {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numFmt{kind: fmtDate}
	case id >= 18 && id <= 21, id == 32, id == 33, id == 45:
		return numFmt{kind: fmtTime}
	case id == 34, id == 35, id == 55, id == 56:
		return numFmt{kind: fmtTime, either: true}
	case id == 22:
		return numFmt{kind: fmtDateTime}
	case id == 46:
		return numFmt{kind: fmtDuration}
	case id == 47:
		return numFmt{kind: fmtTime, fraction: true}
	}
	return numFmt{}
}

// customFmt reads a format code (ECMA-376 part 1, 18.8.31): its section for
// positive numbers, without what stands in quotes, brackets or behind an
// escape.
func customFmt(code string) numFmt {
	tokens, duration := fmtLetters(code)
	if duration {
		return numFmt{kind: fmtDuration}
	}
	var date, clock, fraction bool
	for i, c := range tokens {
		switch c {
		case 'y', 'd', 'e', 'g', 'b', 'a':
			date = true
		case 'h', 's', 'p':
			clock = true
		case 'm':
			if minute(tokens, i) {
				clock = true
			} else {
				date = true
			}
		case '0':
			if i < 2 || tokens[i-1] != '.' && tokens[i-1] != '0' || !afterSeconds(tokens, i) {
				return numFmt{}
			}
			fraction = true
		case '#', '?', '@':
			return numFmt{}
		}
	}
	switch {
	case date && clock:
		return numFmt{kind: fmtDateTime, fraction: fraction}
	case date:
		return numFmt{kind: fmtDate}
	case clock:
		return numFmt{kind: fmtTime, fraction: fraction}
	}
	return numFmt{}
}

// minute says whether the m at i stands behind hours or before seconds.
func minute(tokens string, i int) bool {
	for j := i - 1; j >= 0; j-- {
		switch tokens[j] {
		case 'm', '.', 'p':
			continue
		case 'h':
			return true
		}
		break
	}
	for j := i + 1; j < len(tokens); j++ {
		switch tokens[j] {
		case 'm', '.':
			continue
		case 's':
			return true
		}
		break
	}
	return false
}

// afterSeconds says whether the 0 at i belongs to ss.00.
func afterSeconds(tokens string, i int) bool {
	for i > 0 && tokens[i] == '0' {
		i--
	}
	return i > 0 && tokens[i] == '.' && tokens[i-1] == 's'
}

// fmtLetters leaves of the first section the letters and marks that mean
// something; p stands for a mark of morning or afternoon.
func fmtLetters(code string) (letters string, duration bool) {
	var b strings.Builder
	low := strings.ToLower(code)
	for i := 0; i < len(low); {
		rest := low[i:]
		switch c := low[i]; {
		case c == ';':
			return b.String(), duration
		case c == '"':
			n := strings.IndexByte(rest[1:], '"')
			if n < 0 {
				return b.String(), duration
			}
			i += n + 2
		case c == '\\' || c == '_' || c == '*':
			i += 2
		case c == '[':
			n := strings.IndexByte(rest, ']')
			if n < 0 {
				return b.String(), duration
			}
			if in := rest[1:n]; in != "" && (strings.Trim(in, "h") == "" || strings.Trim(in, "m") == "" || strings.Trim(in, "s") == "") {
				duration = true
			}
			i += n + 1
		case strings.HasPrefix(rest, "general"):
			i += len("general")
		case strings.HasPrefix(rest, "standard"): // General, as some German writers spell it
			i += len("standard")
		case strings.HasPrefix(rest, "g/通用格式"):
			i += len("g/通用格式")
		case strings.HasPrefix(rest, "am/pm"):
			b.WriteByte('p')
			i += len("am/pm")
		case strings.HasPrefix(rest, "a/p"):
			b.WriteByte('p')
			i += len("a/p")
		case strings.HasPrefix(rest, "上午/下午"):
			b.WriteByte('p')
			i += len("上午/下午")
		case strings.HasPrefix(rest, "e+"), strings.HasPrefix(rest, "e-"):
			b.WriteByte('#') // scientific
			i += 2
		default:
			if strings.IndexByte("ymdhsegba0#?@.", c) >= 0 {
				b.WriteByte(c)
			}
			i++
		}
	}
	return b.String(), duration
}
