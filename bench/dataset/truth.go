package dataset

import (
	"sync/atomic"
)

// Truth is what right answers about the customers 1..Rows, and those created
// since, must say. It is safe for concurrent use; Created is called for each
// row that a system has acknowledged.
type Truth struct {
	Rows     int
	byOwner  [Members + 1][len(Statuses)]atomic.Int64
	byStatus [len(Statuses)]atomic.Int64
	rows     atomic.Int64
	cents    atomic.Int64
	words    map[string]int // two characters → names that hold them
}

// NewTruth reads the whole data set once.
func NewTruth(rows int) *Truth {
	t := &Truth{Rows: rows, words: make(map[string]int, 1<<15)}
	for id := 1; id <= rows; id++ {
		c := At(id)
		t.count(c)
		signs := []rune(c.Name)
		for k := 0; k+1 < len(signs); k++ {
			pair := string(signs[k : k+2])
			if !pairBefore(signs, k) {
				t.words[pair]++
			}
		}
	}
	return t
}

// pairBefore says that the pair at k stands in the name already.
func pairBefore(signs []rune, k int) bool {
	for j := 0; j < k; j++ {
		if signs[j] == signs[k] && signs[j+1] == signs[k+1] {
			return true
		}
	}
	return false
}

func (t *Truth) count(c Customer) {
	t.byOwner[c.Owner][c.Status].Add(1)
	t.byStatus[c.Status].Add(1)
	t.rows.Add(1)
	t.cents.Add(c.Cents)
}

// Copy starts a second count at the same rows, for another system.
func (t *Truth) Copy() *Truth {
	n := &Truth{Rows: t.Rows, words: t.words}
	for o := range t.byOwner {
		for s := range t.byOwner[o] {
			n.byOwner[o][s].Store(t.byOwner[o][s].Load())
		}
	}
	for s := range t.byStatus {
		n.byStatus[s].Store(t.byStatus[s].Load())
	}
	n.rows.Store(t.rows.Load())
	n.cents.Store(t.cents.Load())
	return n
}

// Created adds a row that was created after the first ones. Its words are not
// counted: a search may find it or not until its index follows.
func (t *Truth) Created(c Customer) { t.count(c) }

// OfOwner is the number of rows of one owner and status.
func (t *Truth) OfOwner(owner, status int) int { return int(t.byOwner[owner][status].Load()) }

// OfStatus is the number of rows of one status.
func (t *Truth) OfStatus(status int) int { return int(t.byStatus[status].Load()) }

// WithWord is the number of the first rows whose name holds two characters.
func (t *Truth) WithWord(word string) int { return t.words[word] }

// All is the number of rows, and the sum of their amounts in cents.
func (t *Truth) All() (rows, cents int64) { return t.rows.Load(), t.cents.Load() }
