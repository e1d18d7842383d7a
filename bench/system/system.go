// Package system knows the servers under measure: how each is started, how a
// call looks on its wire, and what a right answer is.
package system

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/httpraw"
	"github.com/guanxicrm/guanxi/bench/workload"
)

// System is a running server. Its methods are safe for concurrent use.
type System interface {
	// Name in the report.
	Name() string
	// Addr is its host:port.
	Addr() string
	// PID of its process, 0 when it is not ours to watch.
	PID() int
	// Append writes the whole request of a call, or nothing when the system
	// has no such call.
	Append(buf []byte, c *workload.Call) []byte
	// Check says whether an answer is right: the number of rows, the total,
	// no foreign row. Deep reads the answer as JSON and checks order too.
	Check(c *workload.Call, a httpraw.Answer, deep bool) error
	// Truth is what the system must know now.
	Truth() *dataset.Truth
}

var errTotal = errors.New("no total in the answer")

// status checks the answer's HTTP status.
func status(a httpraw.Answer, want int) error {
	if a.Status != want {
		return fmt.Errorf("status %d, want %d: %.200s", a.Status, want, a.Body)
	}
	return nil
}

// occurrences checks how often a mark stands in the answer; a mark is chosen
// so that each right row holds it once.
func occurrences(body []byte, mark string, want int) error {
	if got := bytes.Count(body, []byte(mark)); got != want {
		return fmt.Errorf("%d times %s, want %d: %.200s", got, mark, want, body)
	}
	return nil
}

// numberAfter reads the whole number that follows the last occurrence of mark.
func numberAfter(body []byte, mark string) (int, bool) {
	at := bytes.LastIndex(body, []byte(mark))
	if at < 0 {
		return 0, false
	}
	rest := body[at+len(mark):]
	end := 0
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(string(rest[:end]))
	return n, err == nil
}

// newestFirst checks the order of dates that sort as text.
func newestFirst(dates []string) error {
	for i := 1; i < len(dates); i++ {
		if dates[i] > dates[i-1] {
			return fmt.Errorf("row %d of %s comes after %s", i, dates[i], dates[i-1])
		}
	}
	return nil
}
