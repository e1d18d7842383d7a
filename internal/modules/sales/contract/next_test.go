package contract_test

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
)

func TestNextTerm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, start, end string }{
		{"2026-01-01", "2026-12-31", "2027-01-01", "2027-12-31"},
		{"2023-03-01", "2024-02-29", "2024-03-01", "2025-02-28"},
		{"2026-04-15", "2026-07-14", "2026-07-15", "2026-10-14"},
		{"2026-01-31", "2026-02-09", "2026-02-10", "2026-02-19"},
		{"2026-05-05", "2026-05-05", "2026-05-06", "2026-05-06"},
		{"", "2026-12-31", "2027-01-01", ""},
		{"2027-01-01", "2026-12-31", "2027-01-01", ""},
		{"2026-01-01", "", "", ""},
	} {
		if start, end, ok := contract.Next(c.from, c.to); start != c.start || end != c.end || ok != (c.to != "") {
			t.Errorf("after %s to %s comes %s to %s", c.from, c.to, start, end)
		}
	}
}
