package dataset

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBrandSignsDiffer(t *testing.T) {
	seen := map[rune]bool{}
	for _, r := range brandSigns {
		if seen[r] {
			t.Errorf("%c stands twice", r)
		}
		seen[r] = true
	}
	if len(brandSigns) != 120 {
		t.Errorf("%d signs, want 120", len(brandSigns))
	}
}

// The rows are pinned: results of different days are compared.
func TestRowsNeverChange(t *testing.T) {
	const want = "海南东民商贸有限责任公司|sales029|13513424868|kf1@corp4725.example|零售|460000|lead|ads|3823950.70|2023-05-18T22:34:18Z|第 1 号客户,经ads来,主营教育咨询,需跟进"
	c := At(1)
	got := strings.Join([]string{c.Name, Login(c.Owner), c.Phone, c.Email, c.Industry.Name, c.Region.Code, Statuses[c.Status], c.Source, c.Amount(), c.CreatedText(), c.Remark}, "|")
	if got != want {
		t.Errorf("customer 1 is\n%s\nwant\n%s", got, want)
	}
}

// Shares are near what the workload promises: 30 % in the largest status, one
// owner and status about 0.1 %, a brand about one name of 14,400.
func TestTruth(t *testing.T) {
	const rows = 20_000
	truth := NewTruth(rows)
	sum := 0
	for s := range Statuses {
		sum += truth.OfStatus(s)
		owners := 0
		for o := 1; o <= Members; o++ {
			owners += truth.OfOwner(o, s)
		}
		if owners != truth.OfStatus(s) {
			t.Errorf("%s: owners hold %d, the status %d", Statuses[s], owners, truth.OfStatus(s))
		}
	}
	if sum != rows {
		t.Errorf("statuses hold %d of %d", sum, rows)
	}
	if n := truth.OfStatus(0); n < rows*28/100 || n > rows*32/100 {
		t.Errorf("%d leads", n)
	}
	for id := 1; id <= 200; id++ {
		word, n := Brand(id), 0
		for k := 1; k <= rows; k++ {
			if strings.Contains(At(k).Name, word) {
				n++
			}
		}
		if n != truth.WithWord(word) || n == 0 {
			t.Fatalf("%s: %d names by scan, %d by count", word, n, truth.WithWord(word))
		}
		if id == 20 {
			break
		}
	}
	other := truth.Copy()
	other.Created(At(rows + 1))
	if a, _ := truth.All(); a != rows {
		t.Error("a copy writes into the first")
	}
	if b, _ := other.All(); b != rows+1 {
		t.Error("a created row is not counted")
	}
}

func TestRowsAreSound(t *testing.T) {
	for id := 1; id <= 5_000; id++ {
		c := At(id)
		if len(c.Phone) != 11 || c.Owner < 1 || c.Owner > Members || utf8.RuneCountInString(Brand(id)) != 2 || c.Created.Year() < 2023 || c.Created.Year() > 2025 {
			t.Fatalf("%+v", c)
		}
	}
}
