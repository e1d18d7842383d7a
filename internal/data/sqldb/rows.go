package sqldb

import (
	"fmt"
	"slices"
	"sync"
	"unsafe"

	"github.com/guanxicrm/guanxi/internal/model/record"
)

const (
	firstChunk = 2 << 10  // enough for a few records
	lastChunk  = 64 << 10 // chunks double up to here
	keepTail   = 4 << 10  // a chunk larger than this is given up at Reset
	keepVals   = 16 << 10 // values kept for the next result (40 bytes each)
	firstVals  = 64       // room for a record of an ordinary entity
)

// Rows holds the result of a query row-major. Texts are copied once, into
// chunks that many values share and that are only ever appended to: a value
// stays valid for as long as somebody holds it, also after Reset. Rows is not
// safe for several goroutines. The zero Rows is empty and ready.
type Rows struct {
	cols  int
	vals  []record.Value
	chunk []byte
}

// RowsPool keeps Rows for the next question. The zero RowsPool is ready; it is
// safe for many goroutines.
type RowsPool struct{ p sync.Pool }

// Get gives empty Rows.
func (p *RowsPool) Get() *Rows {
	if r, ok := p.p.Get().(*Rows); ok {
		return r
	}
	return new(Rows)
}

// Put takes Rows back; the caller keeps neither them nor a slice of Row.
func (p *RowsPool) Put(r *Rows) {
	clear(r.vals) // the texts of the last result are not held
	r.Reset(0)
	p.p.Put(r)
}

// Reset empties r and sets the number of columns. Values handed out before
// stay valid, slices given by Row do not.
func (r *Rows) Reset(cols int) {
	r.cols = cols
	r.vals = r.vals[:0]
	if cap(r.vals) > keepVals {
		r.vals = nil
	}
	if cap(r.chunk) > keepTail {
		r.chunk = nil
	}
}

// Len is the number of rows.
func (r *Rows) Len() int {
	if r.cols == 0 {
		return 0
	}
	return len(r.vals) / r.cols
}

// Cols is the number of columns.
func (r *Rows) Cols() int { return r.cols }

// Row is row i; valid until Reset.
func (r *Rows) Row(i int) []record.Value { return r.vals[i*r.cols : (i+1)*r.cols : (i+1)*r.cols] }

// At is column j of row i.
func (r *Rows) At(i, j int) record.Value { return r.vals[i*r.cols+j] }

// Begin is for drivers: it is called once before the rows of a query are
// appended. It sets the number of columns of an empty r and refuses another
// number when r holds rows.
func (r *Rows) Begin(cols int) error {
	if len(r.vals) == 0 {
		r.cols = cols
		if r.vals == nil {
			r.vals = make([]record.Value, 0, firstVals)
		}
		return nil
	}
	if r.cols != cols {
		return fmt.Errorf("sqldb: %d columns appended to rows of %d", cols, r.cols)
	}
	return nil
}

// Cut is for drivers: the rows from n on are forgotten.
func (r *Rows) Cut(n int) { r.vals = r.vals[:n*r.cols] }

// AppendValues appends columns of a row from values at hand, after Begin.
func (r *Rows) AppendValues(vals ...record.Value) { r.vals = append(r.vals, vals...) }

// AppendNull is for drivers: the next column is null.
func (r *Rows) AppendNull() { r.vals = append(r.room(), record.Value{}) }

// AppendInt is for drivers: the next column is n.
func (r *Rows) AppendInt(n int64) { r.vals = append(r.room(), record.Int(n)) }

// AppendText is for drivers: the next column is the text p, copied. An empty
// text stays a text.
func (r *Rows) AppendText(p []byte) { r.vals = append(r.room(), record.RawText(r.keep(p))) }

// AppendBytes is for drivers: the next column is the bytes p, copied.
func (r *Rows) AppendBytes(p []byte) { r.vals = append(r.room(), record.RawBytes(r.keep(p))) }

// room is r's values with room for one more: a long result doubles, so that its
// values are moved twice and not five times.
func (r *Rows) room() []record.Value {
	if n := len(r.vals); n == cap(r.vals) {
		r.vals = slices.Grow(r.vals, max(n, firstVals))
	}
	return r.vals
}

// keep copies p behind the texts of earlier columns.
func (r *Rows) keep(p []byte) string {
	if len(p) == 0 {
		return ""
	}
	at := len(r.chunk)
	if cap(r.chunk)-at < len(p) {
		size := min(max(2*cap(r.chunk), firstChunk), lastChunk)
		if len(p) > size/4 {
			return string(p) // a long text gets its own memory and leaves the chunk for short ones
		}
		r.chunk, at = make([]byte, 0, size), 0
	}
	r.chunk = append(r.chunk, p...)
	return unsafe.String(&r.chunk[at], len(p))
}
