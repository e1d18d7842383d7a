package text

import "strings"

// Match says whether a text holds all terms, by definition and without the
// index; it is what the index is tested against, and good for a text at hand.
// A query without terms matches nothing.
//
//   - Han: the characters stand next to each other in a run (no blank or sign between).
//   - Letters: a word, or what follows a change of letters and digits in it,
//     begins with them; or the initials of characters next to each other are
//     them; or the pinyin from some character on, in some reading, begins with them.
//   - Digits: as letters for words; or, from four digits on, a number ends with
//     them. A number also counts without the hyphens and blanks inside it, and a
//     mobile number also without 86.
func Match(terms []QueryTerm, s string) bool {
	if len(terms) == 0 {
		return false
	}
	var m room
	sc := m.scan(s)
	for _, t := range terms {
		if !t.matches(sc) {
			return false
		}
	}
	return true
}

func (q QueryTerm) matches(sc scanned) bool {
	letters := ""
	if !q.han {
		letters = latin(q.Text)
	}
	left := fullBudget()
	for i := 0; i < len(sc.runs); {
		r, next := sc.runs[i], sc.group(i)
		switch {
		case r.kind == hanRun && q.han:
			if strings.Contains(string(sc.text[r.start:r.end]), q.Text) {
				return true
			}
		case r.kind == hanRun && letters != "":
			if sounds(sc, r, letters, &left) {
				return true
			}
		case r.kind == wordRun && !q.han:
			for _, part := range sc.runs[i:next] {
				if wordMatches(sc.text[part.start:part.end], q.Text) {
					return true
				}
			}
			if next > i+1 && numberMatches(string(sc.digits(i, next, nil)), q.Text) {
				return true
			}
		}
		i = next
	}
	return false
}

// wordMatches compares with the word and what follows each change in it.
func wordMatches(word []rune, q string) bool {
	for i := range word {
		if i > 0 && isDigit(word[i]) == isDigit(word[i-1]) {
			continue
		}
		rest := string(word[i:])
		if strings.HasPrefix(rest, q) {
			return true
		}
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		if tailMatches(digits, q) {
			return true
		}
		if digits == rest && shortMatches(digits, q) {
			return true
		}
	}
	return false
}

// numberMatches compares with a number that was written in pieces.
func numberMatches(number, q string) bool {
	return strings.HasPrefix(number, q) || tailMatches(number, q) || shortMatches(number, q)
}

// tailMatches compares the end of a number with q, with and without country code.
func tailMatches(number, q string) bool {
	short := string(afterCountry([]byte(q)))
	for _, tail := range [...]string{q, short} {
		if len(tail) >= minTail && len(tail) <= maxDigits && strings.HasSuffix(number, tail) {
			return true
		}
	}
	return false
}

// shortMatches compares both without the country code.
func shortMatches(number, q string) bool {
	short := string(afterCountry([]byte(number)))
	return short != "" && strings.HasPrefix(short, q)
}

// sounds looks for letters as initials and as pinyin from every character of a run.
func sounds(sc scanned, r run, letters string, left *budget) bool {
	t := readings()
	var v voice
	for from := r.start; v.next(t, sc, r, from, left); from = v.end {
		choices := v.choices[:v.end-v.start]
		for i := range choices {
			if beginsInitials(t, choices[i:], letters) || beginsPinyin(t, choices[i:], letters) {
				return true
			}
		}
	}
	return false
}

func beginsInitials(t *table, choices [][]uint16, letters string) bool {
	if len(letters) > len(choices) {
		return false
	}
	for i := range len(letters) {
		ok := false
		for _, id := range choices[i] {
			ok = ok || t.syllables[id][0] == letters[i]
		}
		if !ok {
			return false
		}
	}
	return true
}

func beginsPinyin(t *table, choices [][]uint16, letters string) bool {
	if len(choices) == 0 {
		return false
	}
	for _, id := range choices[0] {
		syllable := t.syllables[id]
		if strings.HasPrefix(syllable, letters) {
			return true
		}
		if rest, ok := strings.CutPrefix(letters, syllable); ok && beginsPinyin(t, choices[1:], rest) {
			return true
		}
	}
	return false
}
