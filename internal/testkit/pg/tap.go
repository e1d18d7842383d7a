package pg

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Tap is a relay before a server that notes what its clients send.
type Tap struct {
	URL string // the address to connect to instead

	mu   sync.Mutex
	seen []Sent
}

// Sent is what a client sent from the begin of a transaction to its end or,
// outside of one, between two waits for the answer.
type Sent struct {
	Statements []string // as they were prepared
	Waits      int      // how often the client waited for the server
}

// NewTap starts a relay to address, without TLS, until the test ends.
func NewTap(t testing.TB, address string) *Tap {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u.Host = l.Addr().String()
	tap := &Tap{URL: u.String()}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { tap.relay(client, server) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close() // only ends Accept
		running.Wait()
	})
	return tap
}

// Reset forgets what was seen.
func (t *Tap) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen = nil
}

// Seen is what all clients sent and have had answered, in order.
func (t *Tap) Seen() []Sent {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.seen)
}

func (t *Tap) relay(client net.Conn, address string) {
	defer func() { _ = client.Close() }() // both ends are told by that, whatever it gives
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(client, server) // ends with either connection
		_ = client.Close()
	})
	_ = t.listen(bufio.NewReader(client), server)
	_ = server.Close()
	back.Wait()
}

// listen passes messages on and notes them before the server can answer. The
// first one has no type; the others are as in the PostgreSQL documentation,
// "Frontend/Backend Protocol", "Message Formats".
func (t *Tap) listen(client io.Reader, server io.Writer) error {
	head := make([]byte, 5)
	names := map[string]string{}
	var now Sent
	asked, open := false, false
	for first := true; ; first = false {
		h := head
		if first {
			h = head[1:]
		}
		if _, err := io.ReadFull(client, h); err != nil {
			return err
		}
		n := int(binary.BigEndian.Uint32(head[1:])) - 4
		if n < 0 || n > 64<<20 {
			return errors.New("pg: no message of the protocol")
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(client, body); err != nil {
			return err
		}
		kind := head[0]
		if first {
			kind = 0
		}
		sql := ""
		switch kind {
		case 'P': // Parse: name, text
			if f := bytes.SplitN(body, []byte{0}, 3); len(f) == 3 {
				names[string(f[0])] = string(f[1])
			}
		case 'B': // Bind: portal, name
			if f := bytes.SplitN(body, []byte{0}, 3); len(f) == 3 {
				sql = names[string(f[1])]
			}
		case 'Q': // Query: text
			sql = strings.TrimRight(string(body), "\x00")
		}
		if sql != "" {
			now.Statements, asked = append(now.Statements, sql), true
			switch sql {
			case "BEGIN":
				open = true
			case "COMMIT", "ROLLBACK":
				open = false
			}
		}
		if asked && (kind == 'S' || kind == 'Q') { // Sync, Query
			now.Waits, asked = now.Waits+1, false
			if !open {
				t.note(now)
				now = Sent{}
			}
		}
		if _, err := server.Write(append(slices.Clone(h), body...)); err != nil {
			return err
		}
	}
}

func (t *Tap) note(s Sent) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen = append(t.seen, s)
}
