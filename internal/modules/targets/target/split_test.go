package target_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/modules/targets/target"
)

// What is shared out comes to the whole, in steps, each part as a rational says
// rounded down, the rest with the last that has a share.
func TestSplitAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		step := rapid.SampledFrom([]int64{1_000_000, 10_000, 1_000}).Draw(r, "step")
		whole := rapid.Int64Range(0, 9_000_000_000_000/step).Draw(r, "whole") * step
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 12).Draw(r, "weights")
		var all int64
		last := -1
		for i, w := range weights {
			if all += w; w > 0 {
				last = i
			}
		}
		parts := target.Split(whole, weights, len(weights), step)
		var sum int64
		for i, n := range parts {
			sum += n
			if n%step != 0 || n < 0 || weights[i] == 0 && n != 0 {
				r.Fatalf("part %d is %d of %d by %v", i, n, whole, weights)
			}
			exact := big.NewRat(0, 1)
			if all > 0 {
				exact = new(big.Rat).Mul(big.NewRat(whole/step, 1), big.NewRat(weights[i], all))
			}
			whole := new(big.Int).Div(exact.Num(), exact.Denom()).Int64()
			if i != last && n/step != whole {
				r.Fatalf("part %d is %d steps, exactly %s", i, n/step, exact)
			}
		}
		if want := whole; last >= 0 && sum != want || last < 0 && sum != 0 {
			r.Fatalf("%v come to %d, not %d", parts, sum, want)
		}
	})
}
