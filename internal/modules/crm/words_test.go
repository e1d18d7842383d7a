package crm_test

import (
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/guanxicrm/guanxi/internal/model/entity"
)

// keysOf lists the keys of a module's texts.
func keysOf(t *testing.T, m entity.Module) []string {
	t.Helper()
	raw, err := fs.ReadFile(m.Texts, "zh.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	out := make([]string, 0, len(words))
	for k := range words {
		out = append(out, k)
	}
	return out
}
