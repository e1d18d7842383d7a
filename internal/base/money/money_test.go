package money_test

import (
	"math/big"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/money"
)

func TestUpper(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, currency, want string }{
		{"0", "CNY", "零元整"},
		{"0.30", "CNY", "叁角整"},
		{"0.05", "CNY", "伍分"},
		{"0.004", "CNY", "零元整"},
		{"0.005", "CNY", "壹分"},
		{"1", "CNY", "壹元整"},
		{"10", "CNY", "壹拾元整"},
		{"10.05", "CNY", "壹拾元零伍分"},
		{"325.04", "CNY", "叁佰贰拾伍元零肆分"},
		{"1001.00", "CNY", "壹仟零壹元整"},
		{"1409.50", "CNY", "壹仟肆佰零玖元伍角整"},
		{"6007.14", "CNY", "陆仟零柒元壹角肆分"},
		{"10000", "CNY", "壹万元整"},
		{"10001", "CNY", "壹万零壹元整"},
		{"100010.05", "CNY", "壹拾万零壹拾元零伍分"},
		{"107000.53", "CNY", "壹拾万柒仟元伍角叁分"},
		{"1000000", "CNY", "壹佰万元整"},
		{"10000001", "CNY", "壹仟万零壹元整"},
		{"100000000.00", "CNY", "壹亿元整"},
		{"100000001", "CNY", "壹亿零壹元整"},
		{"100010000", "CNY", "壹亿零壹万元整"},
		{"110000000", "CNY", "壹亿壹仟万元整"},
		{"1000000000000", "CNY", "壹万亿元整"},
		{"1000100000000", "CNY", "壹万零壹亿元整"},
		{"1050000000000.01", "CNY", "壹万零伍佰亿元零壹分"},
		{"-1001.00", "CNY", "负壹仟零壹元整"},
		{"-0.30", "CNY", "负叁角整"},
		{"-0.004", "CNY", "零元整"},
		{"-10000", "CNY", "负壹万元整"},
		{"-100010.05", "CNY", "负壹拾万零壹拾元零伍分"},
		{"-100000000.00", "CNY", "负壹亿元整"},
		{"-0.05", "CNY", "负伍分"},
		{"0.30", "JPY", "零元整"},
		{"-0.5", "JPY", "负壹元整"},
		{"-1001", "JPY", "负壹仟零壹元整"},
		{"-100000000", "JPY", "负壹亿元整"},
		{"0.30", "KWD", "叁角整"},
		{"-0.005", "KWD", "负伍厘"},
		{"-1001.000", "KWD", "负壹仟零壹元整"},
		{"-1.234", "KWD", "负壹元贰角叁分肆厘"},
		{"100000000.000", "KWD", "壹亿元整"},
		{"1234", "JPY", "壹仟贰佰叁拾肆元整"},
		{"1234.4", "JPY", "壹仟贰佰叁拾肆元整"},
		{"1.234", "KWD", "壹元贰角叁分肆厘"},
		{"1.204", "KWD", "壹元贰角零肆厘"},
	} {
		n, err := decimal.Parse(c.amount, decimal.MoneyDigits)
		if err != nil {
			t.Fatal(err)
		}
		if got := money.Upper(n, c.currency); got != c.want {
			t.Errorf("%s %s is %s, want %s", c.amount, c.currency, got, c.want)
		}
	}
}

// Each amount in words reads back as the amount it came from.
func TestUpperReadsBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range loops(200_000) {
		cents := r.Int64N(int64(1) << (1 + r.IntN(49)))
		if got := readUpper(t, money.Upper(cents*100, "CNY")); got != cents {
			t.Fatalf("%d cents are %s, which reads %d", cents, money.Upper(cents*100, "CNY"), got)
		}
	}
}

// readUpper is a reader of 大写 of its own kind: it multiplies up.
func readUpper(t *testing.T, s string) int64 {
	t.Helper()
	var cents, whole, part, last int64
	last = 0
	for _, c := range s {
		if i := indexRune("零壹贰叁肆伍陆柒捌玖", c); i >= 0 {
			last = int64(i)
			continue
		}
		switch c {
		case '拾', '佰', '仟':
			part += last * map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}[c]
		case '万':
			whole += (part + last) * 10_000
			part = 0
		case '亿':
			whole = (whole + part + last) * 100_000_000
			part = 0
		case '元':
			whole += part + last
		case '角':
			cents += last * 10
		case '分':
			cents += last
		case '整':
		default:
			t.Fatalf("%q in %s", c, s)
		}
		last = 0
	}
	return whole*100 + cents
}

func indexRune(s string, c rune) int {
	for i, r := range []rune(s) {
		if r == c {
			return i
		}
	}
	return -1
}

// loops is how often a property is tried: a tenth unless everything is asked for.
func loops(n int) int {
	if testing.Short() {
		return n / 100
	}
	if os.Getenv("GUANXI_SOAK") == "" {
		return n / 10
	}
	return n
}

// Random documents against rationals that are rounded nowhere but where the
// rules say so.
func TestDocumentsAreExact(t *testing.T) {
	t.Parallel()
	n := loops(100_000)
	r := rand.New(rand.NewPCG(7, 11))
	for range n {
		checkDocument(t, r)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d documents", n)
}

func checkDocument(t *testing.T, r *rand.Rand) {
	t.Helper()
	terms := money.Terms{Currency: []string{"CNY", "USD", "JPY", "KWD"}[r.IntN(4)], Inclusive: r.IntN(2) == 0}
	lines := make([]money.Line, 1+r.IntN(12))
	for i := range lines {
		l := &lines[i]
		l.Quantity = r.Int64N(999_999_999_999) // six digits and six decimals
		l.Price = r.Int64N(10_000_000_000)
		if r.IntN(3) == 0 {
			l.Discount = r.Int64N(money.Hundred)
		}
		l.TaxRate = []int64{13, 9, 6, 3, 1, 0}[r.IntN(6)] * money.One
		if r.IntN(9) == 0 {
			l.Given, l.HasGiven = r.Int64N(1_000_000_000), true
		}
	}
	var whole int64
	for _, l := range lines {
		whole += rational(t, lineAmount(l), terms.Currency)
	}
	if r.IntN(2) == 0 && whole > 0 {
		terms.Discount = rational(t, big.NewRat(r.Int64N(whole), 20_000), terms.Currency)
	}
	sums, err := money.Work(terms, lines)
	if err != nil {
		t.Errorf("%+v: %v", terms, err)
		return
	}
	var want money.Totals
	for i, l := range lines {
		amount := rational(t, lineAmount(l), terms.Currency)
		after := big.NewRat(amount-l.Share, 10_000)
		rate := big.NewRat(l.TaxRate, money.Hundred)
		tax := new(big.Rat).Mul(after, rate)
		if terms.Inclusive {
			tax.Quo(tax, new(big.Rat).Add(big.NewRat(1, 1), rate))
		}
		cents := rational(t, tax, terms.Currency)
		net, total := amount-l.Share, amount-l.Share+cents
		if terms.Inclusive {
			net, total = amount-l.Share-cents, amount-l.Share
		}
		if l.Amount != amount || l.Tax != cents || l.Net != net || l.Total != total {
			t.Errorf("line %d of %+v: %+v; want amount %d, tax %d, net %d, total %d", i, terms, l, amount, cents, net, total)
		}
		want.Amount, want.Discount, want.Net, want.Tax, want.Total = want.Amount+amount, want.Discount+l.Share, want.Net+net, want.Tax+cents, want.Total+total
	}
	if sums != want || sums.Discount != terms.Discount || sums.Net+sums.Tax != sums.Total {
		t.Errorf("%+v come to %+v, want %+v", terms, sums, want)
	}
	checkShares(t, terms, lines, whole)
}

// checkShares: all but the largest line bear their exact share, rounded.
func checkShares(t *testing.T, terms money.Terms, lines []money.Line, whole int64) {
	t.Helper()
	largest := 0
	for i := range lines {
		if lines[i].Amount > lines[largest].Amount {
			largest = i
		}
	}
	for i, l := range lines {
		if terms.Discount == 0 || i == largest {
			continue
		}
		want := new(big.Rat).Mul(big.NewRat(l.Amount, 10_000), big.NewRat(terms.Discount, whole))
		if got := rational(t, want, terms.Currency); got != l.Share {
			t.Errorf("line %d bears %d of %d, want %d", i, l.Share, terms.Discount, got)
		}
	}
}

func lineAmount(l money.Line) *big.Rat {
	if l.HasGiven {
		return big.NewRat(l.Given, 10_000)
	}
	n := new(big.Rat).Mul(big.NewRat(l.Quantity, money.One), big.NewRat(l.Price, money.One))
	return n.Mul(n, new(big.Rat).Sub(big.NewRat(1, 1), big.NewRat(l.Discount, money.Hundred)))
}

// rational rounds half away from zero to the minor unit, by the text form.
func rational(t *testing.T, n *big.Rat, currency string) int64 {
	t.Helper()
	out, err := decimal.Parse(n.FloatString(decimal.MinorUnits(currency)), decimal.MoneyDigits)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	big := int64(1) << 62
	for key, c := range map[string]struct {
		terms money.Terms
		line  money.Line
	}{
		"error.discount_above": {money.Terms{Currency: "CNY", Discount: 20_000}, money.Line{Quantity: money.One, Price: money.One}},
		"error.number_range":   {money.Terms{Currency: "CNY"}, money.Line{Quantity: big, Price: big}},
	} {
		if _, err := money.Work(c.terms, []money.Line{c.line}); errs.KeyOf(err) != key {
			t.Errorf("%+v: %v, want %s", c, err, key)
		}
	}
}

func TestSmallReckonings(t *testing.T) {
	t.Parallel()
	check := func(what string, got int64, err error, want int64) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", what, got, err, want)
		}
	}
	n, err := money.Convert(1_000_0000, 7_153_300, "CNY")
	check("1000 USD at 7.1533", n, err, 7153_3000)
	n, err = money.Convert(-1_0050, 46_500, "JPY")
	check("-1.005 at 0.0465 in JPY", n, err, 0)
	n, err = money.Percent(333_3300, 30*money.One, "CNY")
	check("30 % of 333.33", n, err, 100_0000)
	n, err = money.Rate(1, 3)
	check("1 of 3", n, err, 33_330_000)
	n, err = money.Rate(1, 0)
	check("1 of 0", n, err, 0)
	n, err = money.Price(10_0000, 3*money.One)
	check("10 for 3", n, err, 3_333_333)
	n, err = money.Extend(3*money.One, 3_333_333, "CNY")
	check("3 at 3.333333", n, err, 10_0000)
}

// The parts of an amount are the amount again, each within a minor unit of its
// share save the largest, which takes the rest.
func TestSplitIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 5))
	for range loops(20_000) {
		currency := []string{"CNY", "JPY", "KWD"}[r.IntN(3)]
		amount := money.Round(r.Int64N(1_000_000_000)-500_000_000, currency)
		weights := make([]int64, 1+r.IntN(9))
		whole, largest := int64(0), 0
		for i := range weights {
			if r.IntN(4) > 0 {
				weights[i] = r.Int64N(1_000_000_000)
			}
			whole += weights[i]
			if weights[i] > weights[largest] {
				largest = i
			}
		}
		parts, err := money.Split(amount, weights, currency)
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for i, p := range parts {
			sum += p
			if money.Round(p, currency) != p {
				t.Fatalf("%d %s is no round amount", p, currency)
			}
			share := big.NewRat(amount, int64(len(weights)))
			if whole > 0 {
				share.Mul(big.NewRat(amount, whole), big.NewRat(weights[i], 1))
			}
			if want := rational(t, share.Quo(share, big.NewRat(10_000, 1)), currency); i != largest && p != want {
				t.Fatalf("part %d of %d by %v is %d, want %d", i, amount, weights, p, want)
			}
		}
		if sum != amount {
			t.Fatalf("%d by %v is %v", amount, weights, parts)
		}
	}
}
