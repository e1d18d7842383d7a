package session

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// SYS-6, ASVS V6.4.1: a link sets a password once, for its owner, for some days.
func TestLinkSetsAPasswordOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		open, _ := h.in("li.na", password)
		first, _, err := h.one.NewLink(ctx, h.li, 1)
		h.must(err)
		second, c, err := h.one.NewLink(ctx, h.li, 1)
		h.must(err)
		if c.ExpiresAt.Sub(h.clock.Now()) != LinkFor {
			t.Errorf("the link ends %v", c.ExpiresAt)
		}
		h.alive(false, "a link as a token", h.one, second)
		_, err = h.one.LinkOf(ctx, first, here.IP)
		h.fails(errs.NotFound, "a replaced link", err)
		m, err := h.other.LinkOf(ctx, second, here.IP)
		h.must(err)
		if m.ID != h.li.ID {
			t.Errorf("the link is of %v", m)
		}
		_, _, err = h.one.UseLink(ctx, second, "12345678", here)
		h.fails(errs.Invalid, "a weak password", err)
		token, _, err := h.one.UseLink(ctx, second, "completely new words", here)
		h.must(err)
		h.alive(true, "the session behind the link", h.one, token)
		h.alive(false, "what was open before", h.one, open)
		_, _, err = h.one.UseLink(ctx, second, "other words again", here)
		h.fails(errs.NotFound, "the link a second time", err)
		h.in("li.na", "completely new words")
	})
}

func TestLinkEnds(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		link, _, err := h.one.NewLink(ctx, h.li, 1)
		h.must(err)
		out := h.wang
		out.Disabled = true
		h.staff.set(out)
		_, _, err = h.one.NewLink(ctx, out, 1)
		h.fails(errs.Conflict, "a link for somebody disabled", err)
		_, _, err = h.one.NewLink(ctx, Member{ID: 13, Name: "丁"}, 1)
		h.fails(errs.Conflict, "a link for somebody without login", err)
		h.clock.Advance(LinkFor)
		_, _, err = h.one.UseLink(ctx, link, "completely new words", here)
		h.fails(errs.NotFound, "an expired link", err)
		link, _, err = h.one.NewLink(ctx, h.li, 1)
		h.must(err)
		gone := h.li
		gone.Disabled = true
		h.staff.set(gone)
		_, err = h.one.LinkOf(ctx, link, here.IP)
		h.fails(errs.NotFound, "the link of somebody disabled", err)
	})
}

// Who tries links from one address waits; others do not.
func TestGuessingLinksWaits(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		link, _, err := h.one.NewLink(ctx, h.li, 1)
		h.must(err)
		for range pairLimit {
			_, err := h.one.LinkOf(ctx, "guess", here.IP)
			h.fails(errs.NotFound, "a guess", err)
		}
		_, err = h.one.LinkOf(ctx, link, here.IP)
		h.fails(errs.RateLimited, "after many guesses", err)
		_, err = h.one.LinkOf(ctx, link, "198.51.100.9")
		h.must(err)
	})
}

// A leaver's sessions and keys stay dead when he is enabled again; links and
// the state of each member are told.
func TestLeaversAndAccesses(t *testing.T) {
	each(t, func(h *house) {
		ctx := t.Context()
		session, _ := h.in("wang", other)
		key, _, err := h.one.NewKey(ctx, h.wang.ID, KeyOptions{Name: "k"})
		h.must(err)
		mine, _ := h.in("li.na", password)
		out := h.wang
		out.Disabled = true
		h.staff.set(out)
		if n, err := h.one.EndLeavers(ctx); err != nil || n != 2 {
			t.Errorf("%d ended, %v", n, err)
		}
		h.staff.set(h.wang)
		h.alive(false, "the leaver's session", h.one, session)
		h.alive(false, "the leaver's key", h.one, key)
		h.alive(true, "another's session", h.one, mine)
		_, _, err = h.one.NewLink(ctx, h.wang, 1)
		h.must(err)
		all, err := h.one.Accesses(ctx)
		h.must(err)
		if w := all[h.wang.ID]; !w.Password || w.LinkEnds.IsZero() {
			t.Errorf("wang: %+v", w)
		}
		if l := all[h.li.ID]; !l.Password || !l.LinkEnds.IsZero() || l.LastUsed.IsZero() {
			t.Errorf("li: %+v", l)
		}
	})
}
