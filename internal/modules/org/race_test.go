package org_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/org/department"
	"github.com/guanxicrm/guanxi/internal/modules/org/member"
	"github.com/guanxicrm/guanxi/internal/testkit/house"
)

// together runs two writes at the same time and says how many were refused; an
// error that is not meant for a person fails the test.
func together(t *testing.T, one, two func() error) (refusals int) {
	t.Helper()
	var wg sync.WaitGroup
	start, got := make(chan struct{}), make([]error, 2)
	for i, fn := range []func() error{one, two} {
		wg.Go(func() {
			<-start
			got[i] = fn()
		})
	}
	close(start)
	wg.Wait()
	for _, err := range got {
		switch {
		case err == nil:
		case errs.CodeOf(err) == errs.Internal || errs.CodeOf(err) == errs.Unavailable:
			t.Errorf("together: %v", err)
		default:
			refusals++
		}
	}
	return refusals
}

const raceRounds = 12

// Each of two writes is well by itself; the rule holds over both.
func TestRulesHoldWhenTwoWriteAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c *house.House) {
		one, two := c.Add("org.member", person("一", "one", asAdmin)), c.Add("org.member", person("二", "two", asAdmin))
		a, b := c.Add("org.department", dept("甲", 0)), c.Add("org.department", dept("乙", 0))
		unmake := func(n int64) func() error {
			return func() error {
				return c.Change("org.member", n, func(r *record.Record) { member.Admin.Set(r, false) })
			}
		}
		put := func(n, under int64) func() error {
			return func() error {
				return c.Change("org.department", n, func(r *record.Record) { department.Parent.Set(r, under) })
			}
		}
		for round := range raceRounds {
			if n := together(t, unmake(one), unmake(two)); n != 1 {
				t.Errorf("round %d: %d of two administrators kept", round, n)
			}
			if n := together(t, put(a, b), put(b, a)); n != 1 {
				t.Errorf("round %d: %d of two moves below each other refused", round, n)
			}
			name := func() error {
				_, err := c.Create("org.department", dept("部门"+strconv.Itoa(round), 0))
				return err
			}
			if n := together(t, name, name); n != 1 {
				t.Errorf("round %d: %d of two departments of one name refused", round, n)
			}
			for _, n := range []int64{one, two} {
				if err := c.Change("org.member", n, asAdmin); err != nil {
					t.Fatal(err)
				}
			}
			for _, n := range []int64{a, b} {
				if err := put(n, 0)(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
