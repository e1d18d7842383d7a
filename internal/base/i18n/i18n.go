// Package i18n holds the texts of the program by locale: zh-CN is the source
// of truth, en is complete (a test holds both). Texts of custom fields and
// entities are data and live elsewhere.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// Locales are the languages of the program, the first is the default.
func Locales() []string { return []string{"zh-CN", "en"} }

// Bundle is a set of texts. It is not changed after loading.
type Bundle struct {
	texts map[string]map[string]string // locale, key
}

// Load reads zh.json and en.json (flat objects, key to text) from each file
// system. A key given twice is an error.
func Load(sources ...fs.FS) (*Bundle, error) {
	b := &Bundle{texts: map[string]map[string]string{}}
	for _, locale := range Locales() {
		b.texts[locale] = map[string]string{}
		for _, src := range sources {
			raw, err := fs.ReadFile(src, strings.TrimSuffix(locale, "-CN")+".json")
			if err != nil {
				return nil, err
			}
			var m map[string]string
			if err := json.Unmarshal(raw, &m); err != nil {
				return nil, fmt.Errorf("texts %s: %w", locale, err)
			}
			for k, v := range m {
				if _, dup := b.texts[locale][k]; dup {
					return nil, fmt.Errorf("text %s is given twice", k)
				}
				b.texts[locale][k] = v
			}
		}
	}
	return b, nil
}

// Match gives the locale for an Accept-Language header or a stored preference.
func Match(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag = strings.ToLower(tag)
		if strings.HasPrefix(tag, "zh") {
			return "zh-CN"
		}
		if strings.HasPrefix(tag, "en") {
			return "en"
		}
	}
	return "zh-CN"
}

// Text gives a text with its {name} places filled; the key itself when there is no such text.
func (b *Bundle) Text(locale, key string, args map[string]string) string {
	s, ok := b.texts[locale][key]
	if !ok {
		if s, ok = b.texts["zh-CN"][key]; !ok {
			return key
		}
	}
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	var out strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		j := strings.IndexByte(s, '}')
		if i < 0 || j < i {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:i])
		out.WriteString(args[s[i+1:j]])
		s = s[j+1:]
	}
}

// Has says whether every locale has the key.
func (b *Bundle) Has(key string) bool {
	for _, l := range Locales() {
		if b.texts[l][key] == "" {
			return false
		}
	}
	return true
}

// All gives the key in every locale; nil when none has it.
func (b *Bundle) All(key string) map[string]string {
	var out map[string]string
	for _, l := range Locales() {
		if s, ok := b.texts[l][key]; ok {
			if out == nil {
				out = map[string]string{}
			}
			out[l] = s
		}
	}
	return out
}

// Missing lists keys that one locale has and another lacks.
func (b *Bundle) Missing() []string {
	var out []string
	for _, a := range Locales() {
		for k := range b.texts[a] {
			for _, c := range Locales() {
				if b.texts[c][k] == "" {
					out = append(out, c+": "+k)
				}
			}
		}
	}
	return out
}
