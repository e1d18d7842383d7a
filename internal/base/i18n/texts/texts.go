// Package texts holds the words that belong to no single module: system
// fields, views and groups that every entity may have, and what errors say.
package texts

import "embed"

// FS holds zh.json and en.json, for i18n.Load.
//
//go:embed zh.json en.json
var FS embed.FS
