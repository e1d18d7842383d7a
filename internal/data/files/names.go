package files

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxName is the longest file name kept, in characters.
const MaxName = 200

// SafeName makes a name that came from outside (an upload, a mail, an
// archive) fit to be stored, shown and offered for saving on every system:
// no folders, control characters, line ends, invisible or direction-changing
// characters ("exe.fdp" shown for "pdf.exe"), none that Windows forbids, at
// most MaxName characters with the ending kept. "" and names of dots only
// become "file".
func SafeName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(safeRune, strings.ToValidUTF8(name, ""))
	name = norm.NFC.String(name) // after the dropping, which brings accents together; macOS sends them apart
	name = shorten(strings.TrimLeft(trimEnd(name), ". "))
	if name == "" {
		return "file"
	}
	if isDevice(name) {
		name = "_" + name
	}
	return name
}

// safeRune: the categories Cf (format: directions, zero width, byte order
// mark) and Cc (control) go, except the joiners that scripts and emoji need.
func safeRune(r rune) rune {
	switch {
	case r == '\u200c' || r == '\u200d':
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
		return -1
	case strings.ContainsRune(`<>:"|?*/\`, r):
		return '_'
	}
	return r
}

// trimEnd: Windows drops dots and blanks at the end, so two names could meet.
func trimEnd(name string) string { return strings.TrimRight(name, ". ") }

func shorten(name string) string {
	n := utf8.RuneCountInString(name)
	if n <= MaxName {
		return name
	}
	ext := path.Ext(name)
	if utf8.RuneCountInString(ext) > 20 {
		ext = ""
	}
	stem := []rune(strings.TrimSuffix(name, ext))
	return trimEnd(string(stem[:MaxName-utf8.RuneCountInString(ext)])) + ext
}

// isDevice says whether Windows takes a name for a device, with any ending.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if len(stem) < 4 || stem[:3] != "COM" && stem[:3] != "LPT" {
		return false
	}
	switch stem[3:] {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}
