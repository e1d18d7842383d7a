package decimal

import (
	"testing"
)

func TestGroup(t *testing.T) {
	for plain, want := range map[string]string{
		"": "", "0": "0", "999": "999", "1000": "1,000", "-999.5": "-999.5", "-1000": "-1,000",
		"123456.7890": "123,456.7890", "1234567.00": "1,234,567.00", "-1234567": "-1,234,567",
	} {
		if got := Group(plain); got != want {
			t.Errorf("%q is grouped as %q, not %q", plain, got, want)
		}
	}
	if got := Grouped(12_345_678_900, MoneyDigits, 2); got != "1,234,567.89" {
		t.Error(got)
	}
}
