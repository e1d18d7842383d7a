package session

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Cost of an argon2id hash.
type Cost struct {
	MemoryKiB, Rounds uint32
}

// DefaultCost is the first choice of the OWASP password storage cheat sheet
// for one lane: 19 MiB, 2 rounds.
func DefaultCost() Cost { return Cost{MemoryKiB: 19 * 1024, Rounds: 2} }

const (
	saltBytes = 16
	hashBytes = 32
	// maxWaiting sign-ins wait for their turn, some five seconds of work; more are refused.
	maxWaiting = 128
	// A stored hash that claims more than this was not written by us.
	maxMemoryKiB, maxRounds = 1 << 20, 64
)

// hasher makes and checks password hashes, one at a time: signing in takes one
// core and 19 MiB, however many sign in (PERF.md, sign-in).
type hasher struct {
	cost  Cost
	turn  chan struct{} // holds the one that works
	queue chan struct{} // holds all that wait or work
	dummy string        // checked for logins that do not exist, so that they take as long
}

func newHasher(c Cost) *hasher {
	if c == (Cost{}) {
		c = DefaultCost()
	}
	h := &hasher{cost: c, turn: make(chan struct{}, 1), queue: make(chan struct{}, maxWaiting)}
	h.dummy = phc(c, make([]byte, saltBytes), make([]byte, hashBytes))
	return h
}

// errBusy says that too many sign in at this moment.
var errBusy = errs.New(errs.RateLimited, "error.sign_in_busy", "retry_after", "5")

// enter waits for the turn; leave must follow when it gave nil.
func (h *hasher) enter(ctx context.Context) error {
	select {
	case h.queue <- struct{}{}:
	default:
		return errBusy
	}
	select {
	case h.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-h.queue
		return ctx.Err()
	}
}

func (h *hasher) leave() {
	<-h.turn
	<-h.queue
}

// make hashes a password; the caller has the turn.
func (h *hasher) make(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: crypto/rand ends the program instead
	return phc(h.cost, salt, argon2.IDKey([]byte(password), salt, h.cost.Rounds, h.cost.MemoryKiB, 1, hashBytes))
}

// check compares a password with a stored hash in constant time; the caller
// has the turn. weak: it should be made anew at today's cost.
func (h *hasher) check(stored, password string) (ok, weak bool) {
	c, salt, want, err := parsePHC(stored)
	if err != nil {
		return false, false
	}
	got := argon2.IDKey([]byte(password), salt, c.Rounds, c.MemoryKiB, 1, uint32(len(want)))
	ok = subtle.ConstantTimeCompare(got, want) == 1
	return ok, ok && (c.MemoryKiB < h.cost.MemoryKiB || c.Rounds < h.cost.Rounds)
}

// phc writes the string format of the password hashing competition.
func phc(c Cost, salt, hash []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, c.MemoryKiB, c.Rounds, b64.EncodeToString(salt), b64.EncodeToString(hash))
}

var errPHC = errors.New("session: not a password hash of ours")

func parsePHC(s string) (c Cost, salt, hash []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &c.MemoryKiB, &c.Rounds)
	if n != 2 || err != nil || parts[3] != fmt.Sprintf("m=%d,t=%d,p=1", c.MemoryKiB, c.Rounds) {
		return c, nil, nil, errPHC
	}
	if c.Rounds == 0 || c.Rounds > maxRounds || c.MemoryKiB < 8 || c.MemoryKiB > maxMemoryKiB {
		return c, nil, nil, errPHC
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	hash, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(hash) < 16 || len(hash) > 64 {
		return c, nil, nil, errPHC
	}
	return c, salt, hash, nil
}
