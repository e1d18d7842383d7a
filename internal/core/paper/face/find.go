package face

import (
	"embed"
	"errors"
	"fmt"
	"os"
)

// A font that was built in lies here: `make` puts one there where the machine
// that builds has one. A program without it looks for one where it runs.
//
//go:embed all:builtin
var builtin embed.FS

// builtinName is the file of a font that was built in.
const builtinName = "builtin/sans.ttf"

// Variable is the environment variable that names a font file to print with
// before all others.
const Variable = "GUANXI_FONT"

// places are where systems keep fonts with Chinese characters and TrueType
// outlines, good ones first.
var places = []string{
	"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
	"/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
	"/usr/share/fonts/wenquanyi/wqy-microhei/wqy-microhei.ttc",
	"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/google-droid/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/google-droid-sans-fonts/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/TTF/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
	"/System/Library/Fonts/STHeiti Light.ttc",
	`C:\Windows\Fonts\msyh.ttc`,
	`C:\Windows\Fonts\simsun.ttc`,
}

// ErrNone says that there is no font to print with.
var ErrNone = errors.New("no font with Chinese characters and TrueType outlines was found")

// probe is what a font for Chinese papers must be able to write.
const probe = "中文报价单￥0Aa，。"

// Find gives the fonts to print with, the first one first; the others have the
// characters that it lacks. It tells where the first one came from. Errors:
// ErrNone, or what is wrong with the file that Variable names.
func Find() (faces []*Face, from string, err error) {
	add := func(data []byte, name string) error {
		f, err := Parse(data)
		if err != nil {
			return err
		}
		if from != "" {
			faces = append(faces, f)
			return nil
		}
		for _, r := range probe {
			if f.Glyph(r) == 0 {
				return fmt.Errorf("it has no %q", r)
			}
		}
		faces, from = append(faces, f), name
		return nil
	}
	if name := os.Getenv(Variable); name != "" {
		data, err := os.ReadFile(name)
		if err == nil {
			err = add(data, name)
		}
		if err != nil {
			return nil, "", fmt.Errorf("%s names %s: %w", Variable, name, err)
		}
	}
	if data, err := builtin.ReadFile(builtinName); err == nil {
		_ = add(data, "built in") // the next ones stand in
	}
	for _, name := range places {
		if len(faces) >= 2 {
			break
		}
		if data, err := os.ReadFile(name); err == nil {
			_ = add(data, name) // the next ones stand in
		}
	}
	if from == "" {
		return nil, "", ErrNone
	}
	return faces, from, nil
}
