package files

import (
	"bytes"
	"path"
	"strings"
)

// SniffSize is how many bytes from the start Sniff wants.
const SniffSize = 512

// OctetStream is the type of what is not known.
const OctetStream = "application/octet-stream"

type signature struct {
	mime   string
	prefix string
	inline bool
}

// What the first bytes say. Only formats that browsers show without running
// anything of the file in the page's origin are inline.
var signatures = [...]signature{
	{"image/png", "\x89PNG\r\n\x1a\n", true},
	{"image/jpeg", "\xff\xd8\xff", true},
	{"image/gif", "GIF87a", true},
	{"image/gif", "GIF89a", true},
	{"application/pdf", "%PDF-", true},
	{"image/tiff", "II*\x00", false},
	{"image/tiff", "MM\x00*", false},
	{"application/gzip", "\x1f\x8b\x08", false},
	{"application/x-7z-compressed", "7z\xbc\xaf\x27\x1c", false},
	{"application/vnd.rar", "Rar!\x1a\x07", false},
	{"audio/ogg", "OggS", false},
	{"audio/amr", "#!AMR", false},
	{"video/webm", "\x1a\x45\xdf\xa3", false},
	{"application/rtf", "{\\rtf", false},
	{"message/rfc822", "Return-Path:", false},
	{"application/x-executable", "\x7fELF", false},
}

// Sniff tells the media type from the first bytes, then, inside containers
// and for text, from the name, and whether a browser may show it in place:
// PNG, JPEG, GIF, WebP and PDF, never HTML, SVG, XML or scripts, whatever
// their name says. The name alone never makes anything inline.
func Sniff(head []byte, filename string) (mime string, inline bool) {
	head = head[:min(len(head), SniffSize)]
	for _, s := range &signatures {
		if hasAt(head, 0, s.prefix) {
			return s.mime, s.inline
		}
	}
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(filename), "."))
	switch {
	case hasAt(head, 0, "RIFF") && hasAt(head, 8, "WEBP"):
		return "image/webp", true
	case hasAt(head, 0, "RIFF") && hasAt(head, 8, "WAVE"):
		return "audio/wav", false
	case hasAt(head, 0, "RIFF") && hasAt(head, 8, "AVI "):
		return "video/x-msvideo", false
	case hasAt(head, 4, "ftyp"):
		return isoMedia(head), false
	case hasAt(head, 0, "PK\x03\x04"), hasAt(head, 0, "PK\x05\x06"):
		return among(ext, zipped(), "application/zip"), false
	case hasAt(head, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return among(ext, compound(), "application/x-ole-storage"), false
	case markup(head) != "":
		return markup(head), false
	case isText(head):
		return among(ext, texts(), "text/plain"), false
	case hasAt(head, 0, "BM"): // two or three letters prove a format only where text is ruled out
		return "image/bmp", false
	case hasAt(head, 0, "MZ"):
		return "application/x-msdownload", false
	case hasAt(head, 0, "ID3"):
		return "audio/mpeg", false
	}
	return OctetStream, false
}

func hasAt(head []byte, at int, s string) bool {
	return len(head) >= at+len(s) && string(head[at:at+len(s)]) == s
}

func among(ext string, kinds map[string]string, otherwise string) string {
	if m, ok := kinds[ext]; ok {
		return m
	}
	return otherwise
}

func zipped() map[string]string {
	return map[string]string{
		"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"odt":  "application/vnd.oasis.opendocument.text",
		"ods":  "application/vnd.oasis.opendocument.spreadsheet",
		"odp":  "application/vnd.oasis.opendocument.presentation",
		"ofd":  "application/ofd",
		"epub": "application/epub+zip",
		"apk":  "application/vnd.android.package-archive",
	}
}

func compound() map[string]string {
	return map[string]string{
		"doc": "application/msword", "wps": "application/vnd.ms-works",
		"xls": "application/vnd.ms-excel", "et": "application/vnd.ms-excel",
		"ppt": "application/vnd.ms-powerpoint", "dps": "application/vnd.ms-powerpoint",
		"msg": "application/vnd.ms-outlook",
	}
}

func texts() map[string]string {
	return map[string]string{
		"csv": "text/csv", "tsv": "text/tab-separated-values", "md": "text/markdown", "json": "application/json",
		"ics": "text/calendar", "vcf": "text/vcard", "eml": "message/rfc822",
		"html": "text/html", "htm": "text/html", "xhtml": "application/xhtml+xml", "svg": "image/svg+xml",
		"xml": "application/xml", "js": "text/javascript", "mjs": "text/javascript", "css": "text/css",
	}
}

func isoMedia(head []byte) string {
	switch {
	case hasAt(head, 8, "avif"):
		return "image/avif"
	case hasAt(head, 8, "hei"), hasAt(head, 8, "mif1"):
		return "image/heic"
	case hasAt(head, 8, "M4A"):
		return "audio/mp4"
	case hasAt(head, 8, "qt"):
		return "video/quicktime"
	}
	return "video/mp4"
}

// markup finds what a browser would run as a page: after blanks and a byte
// order mark, a tag.
func markup(head []byte) string {
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n\f"))
	if len(text) == 0 || text[0] != '<' {
		return ""
	}
	switch {
	case bytes.Contains(text, []byte("<svg")):
		return "image/svg+xml"
	case bytes.Contains(text, []byte("<html")), bytes.Contains(text, []byte("<!doctype html")),
		bytes.Contains(text, []byte("<script")), bytes.Contains(text, []byte("<body")), bytes.Contains(text, []byte("<head")):
		return "text/html"
	case bytes.HasPrefix(text, []byte("<?xml")):
		return "application/xml"
	case len(text) > 1 && (text[1] == '!' || text[1] == '/' || text[1] >= 'a' && text[1] <= 'z'):
		return "text/html"
	}
	return ""
}

// isText: no control characters that text does not have; any 8-bit encoding
// passes (GB18030), and UTF-16 by its byte order mark.
func isText(head []byte) bool {
	if hasAt(head, 0, "\xff\xfe") || hasAt(head, 0, "\xfe\xff") {
		return true
	}
	for _, c := range head {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			return false
		}
	}
	return len(head) > 0
}

// InlineSafe says whether browsers may show content that Sniff gave this type in place.
func InlineSafe(mime string) bool {
	if mime == "image/webp" {
		return true
	}
	for _, s := range &signatures {
		if s.mime == mime {
			return s.inline
		}
	}
	return false
}
