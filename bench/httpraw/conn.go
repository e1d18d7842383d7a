// Package httpraw is the load's side of HTTP/1.1: requests are bytes, answers
// are read with as little work as the protocol allows. Load and server share
// the cores, so what the client costs is taken from the server.
package httpraw

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Conn is one keep-alive connection, for one goroutine. The zero value with an
// Addr is ready; it dials when it must.
type Conn struct {
	Addr    string        // host:port
	Timeout time.Duration // of one call; 0 = 30 s

	sock   net.Conn
	reader *bufio.Reader
	body   []byte
	until  time.Time // the deadline that is set
}

// Answer of a call. Body is valid until the connection's next call.
type Answer struct {
	Status int
	Body   []byte
}

var errMalformed = errors.New("httpraw: malformed answer")

// Close ends the connection; the next call dials again.
func (c *Conn) Close() {
	if c.sock != nil {
		_ = c.sock.Close() // nothing can be done about it
		c.sock = nil
	}
}

// Call sends a request and reads the whole answer. A connection that the
// server closed while it was idle is replaced once.
func (c *Conn) Call(request []byte) (Answer, error) {
	reused := c.sock != nil
	if !reused {
		if err := c.dial(); err != nil {
			return Answer{}, err
		}
	}
	answer, err := c.exchange(request)
	if reused && isClosed(err) {
		c.Close()
		if err = c.dial(); err != nil {
			return Answer{}, err
		}
		answer, err = c.exchange(request)
	}
	if err != nil {
		c.Close()
	}
	return answer, err
}

// isClosed: nothing of an answer came.
func isClosed(err error) bool {
	var op *net.OpError
	return errors.Is(err, errNoAnswer) || errors.As(err, &op) && op.Op == "write"
}

var errNoAnswer = errors.New("httpraw: closed before an answer")

func (c *Conn) dial() error {
	sock, err := net.DialTimeout("tcp", c.Addr, 5*time.Second)
	if err != nil {
		return err
	}
	c.sock, c.until = sock, time.Time{}
	if c.reader == nil {
		c.reader = bufio.NewReaderSize(sock, 64<<10)
	} else {
		c.reader.Reset(sock)
	}
	return nil
}

func (c *Conn) exchange(request []byte) (Answer, error) {
	limit := c.Timeout
	if limit == 0 {
		limit = 30 * time.Second
	}
	// Setting a deadline is a lock and a timer: once a second is enough.
	if now := time.Now(); c.until.Sub(now) < limit {
		c.until = now.Add(limit + time.Second)
		if err := c.sock.SetDeadline(c.until); err != nil {
			return Answer{}, err
		}
	}
	if _, err := c.sock.Write(request); err != nil {
		return Answer{}, err
	}
	head, err := c.readHead()
	if err != nil {
		return Answer{}, err
	}
	c.body = c.body[:0]
	switch {
	case head.status == 204 || head.status == 304:
	case head.chunked:
		err = c.readChunks()
	case head.length >= 0:
		err = c.readExactly(head.length)
	default: // until the server closes
		var rest []byte
		rest, err = io.ReadAll(c.reader)
		c.body = append(c.body, rest...)
		head.closing = true
	}
	if head.closing {
		c.Close()
	}
	return Answer{head.status, c.body}, err
}

type head struct {
	status, length   int
	chunked, closing bool
}

func (c *Conn) readHead() (head, error) {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			if len(line) == 0 && errors.Is(err, io.EOF) {
				err = errNoAnswer
			}
			return head{}, err
		}
		if len(line) < 13 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
			return head{}, errMalformed
		}
		h := head{length: -1}
		if h.status, err = strconv.Atoi(string(line[9:12])); err != nil {
			return head{}, errMalformed
		}
		if err := c.readFields(&h); err != nil {
			return head{}, err
		}
		if h.status >= 200 { // 1xx are not the answer
			return h, nil
		}
	}
}

// readFields looks at the three header fields that shape the body, told apart
// by their length first: most lines cost one comparison.
func (c *Conn) readFields(h *head) error {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return nil
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 0 {
			return errMalformed
		}
		name, value := line[:colon], bytes.TrimSpace(line[colon+1:])
		switch {
		case colon == len("content-length") && bytes.EqualFold(name, []byte("content-length")):
			if h.length, err = strconv.Atoi(string(value)); err != nil || h.length < 0 {
				return errMalformed
			}
		case colon == len("connection") && bytes.EqualFold(name, []byte("connection")):
			h.closing = bytes.EqualFold(value, []byte("close"))
		case colon == len("transfer-encoding") && bytes.EqualFold(name, []byte("transfer-encoding")):
			h.chunked = bytes.EqualFold(value, []byte("chunked"))
		}
	}
}

func (c *Conn) readExactly(n int) error {
	at := len(c.body)
	if cap(c.body)-at < n {
		c.body = append(make([]byte, 0, 2*(at+n)), c.body...)
	}
	c.body = c.body[:at+n]
	_, err := io.ReadFull(c.reader, c.body[at:])
	return err
}

func (c *Conn) readChunks() error {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, _, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(";"))
		n, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 31)
		if err != nil {
			return fmt.Errorf("%w: chunk size", errMalformed)
		}
		if err := c.readExactly(int(n)); err != nil {
			return err
		}
		// After each chunk, and after the last one's trailer, an empty line.
		if line, err = c.reader.ReadSlice('\n'); err != nil {
			return err
		}
		if len(bytes.TrimRight(line, "\r\n")) != 0 {
			return fmt.Errorf("%w: chunk end", errMalformed)
		}
		if n == 0 {
			return nil
		}
	}
}

// Request begins a request in buf: the line and the header fields that every
// call of one caller repeats. Body ends it.
func Request(buf []byte, method, path, fields string) []byte {
	buf = append(buf, method...)
	buf = append(buf, ' ')
	buf = append(buf, path...)
	buf = append(buf, " HTTP/1.1\r\n"...)
	return append(buf, fields...)
}

// Body ends a request with a JSON body, or with none when it is nil.
func Body(buf, body []byte) []byte {
	if body == nil {
		return append(buf, "\r\n"...)
	}
	buf = append(buf, "Content-Type: application/json\r\nContent-Length: "...)
	buf = strconv.AppendInt(buf, int64(len(body)), 10)
	buf = append(buf, "\r\n\r\n"...)
	return append(buf, body...)
}
