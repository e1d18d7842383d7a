// Package workload is the list of questions that every system is asked, and
// the drawing of their parameters.
package workload

import (
	"math/rand/v2"
	"strconv"

	"github.com/guanxicrm/guanxi/bench/dataset"
)

// Op is one kind of call.
type Op string

// The workload. W7, the bulk import, is no call: the loading of the data is
// its measure.
const (
	Open   Op = "W1"  // one record by its id, signed in
	List   Op = "W2"  // the 50 newest of one owner and status, with the total
	Wide   Op = "W2b" // the 50 newest of one status, with the total
	Own    Op = "W3"  // Wide, asked by a salesperson who sees only his own rows
	Search Op = "W4"  // the 50 newest whose name holds two given characters
	Create Op = "W5"  // one new record
	Update Op = "W6"  // one field of one record
	Report Op = "W8"  // sum and count by region and month
)

// Ops are all, in the order they run: those that only read first, the one that
// makes the data larger last.
var Ops = []Op{Open, List, Wide, Own, Search, Report, Update, Create}

// Titles say what one call does.
var Titles = map[Op]string{
	Open: "open one record", List: "50 newest of owner and status + total", Wide: "50 newest of status + total", Own: "the same as a salesperson",
	Search: "50 newest by two characters", Create: "create", Update: "change one field", Report: "sum by region and month",
}

// Page is the length of a list.
const Page = 50

// Call is one call's parameters; which of them count depends on Op.
type Call struct {
	Op     Op
	ID     int // Open, Update: 1..rows; Create: the number of the new customer
	Member int // Own: who asks
	Owner  int // List: whose customers
	Status int // List, Wide, Own
	Word   string
	Phone  string
}

// Source draws calls; each client has its own.
type Source struct {
	op   Op
	rows int
	rnd  *rand.Rand
	next func() int // the number of the next created customer
	call Call
	text [11]byte
}

// NewSource makes one. Next is called for Create only and must be safe for
// concurrent use.
func NewSource(op Op, rows int, seed uint64, next func() int) *Source {
	return &Source{op: op, rows: rows, rnd: rand.New(rand.NewPCG(dataset.Seed, seed)), next: next}
}

// Draw makes the next call; it is valid until the one after.
func (s *Source) Draw() *Call {
	s.call = Call{Op: s.op}
	c := &s.call
	switch s.op {
	case Open:
		c.ID = 1 + s.rnd.IntN(s.rows)
	case List:
		c.Owner, c.Status = 1+s.rnd.IntN(dataset.Members), s.rnd.IntN(len(dataset.Statuses))
	case Wide:
		c.Status = s.rnd.IntN(len(dataset.Statuses))
	case Own:
		c.Member, c.Status = 1+s.rnd.IntN(dataset.Members), s.rnd.IntN(len(dataset.Statuses))
	case Search:
		c.Word = dataset.Brand(1 + s.rnd.IntN(s.rows))
	case Update:
		c.ID = 1 + s.rnd.IntN(s.rows)
		c.Phone = string(strconv.AppendInt(append(s.text[:0], "139"...), 10_000_000+s.rnd.Int64N(90_000_000), 10))
	case Create:
		c.ID = s.next()
	}
	return c
}
