package text

import "unicode"

// Spelling gives how a short text is typed in pinyin: the syllables of its
// characters with a blank between two, several readings of one with a slash
// (商机 is "shang ji", 重 is "zhong/chong"). What is not Chinese stays as it is,
// in small letters. It is for lists of commands and labels, which the page
// filters by itself.
func Spelling(s string) string {
	t := readings()
	out := make([]byte, 0, 2*len(s))
	after := false // a syllable stands before
	for _, r := range s {
		h := t.of(r)
		if h.first == 0 {
			if after && !unicode.IsSpace(r) {
				out = append(out, ' ')
			}
			after = false
			out = append(out, string(unicode.ToLower(r))...)
			continue
		}
		if len(out) > 0 && out[len(out)-1] != ' ' {
			out = append(out, ' ')
		}
		for i, id := range t.all(h) {
			if i > 0 {
				out = append(out, '/')
			}
			out = append(out, t.syllables[id]...)
		}
		after = true
	}
	return string(out)
}
