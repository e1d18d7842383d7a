package sqlite

// cacheSize is how many statements a connection keeps compiled.
const cacheSize = 256

// stmt is a compiled statement.
type stmt struct {
	sql          string
	h            uintptr
	params, cols int
	prev, next   *stmt // in the order of use, a ring
}

// cache keeps the statements used last, by their text. The zero cache is empty.
type cache struct {
	byText map[string]*stmt
	ring   stmt // next = used last, prev = used longest ago
}

// get gives the statement of the text, or nil.
func (c *cache) get(sql string) *stmt {
	if s := c.ring.next; s != nil && s.sql == sql { // repeated: the strings are mostly identical
		return s
	}
	s := c.byText[sql]
	if s == nil {
		return nil
	}
	s.prev.next, s.next.prev = s.next, s.prev
	c.front(s)
	return s
}

// put adds s and gives the statement that had to leave, or nil.
func (c *cache) put(s *stmt) *stmt {
	if c.byText == nil {
		c.byText = make(map[string]*stmt, 16)
		c.ring.next, c.ring.prev = &c.ring, &c.ring
	}
	c.byText[s.sql] = s
	c.front(s)
	if len(c.byText) <= cacheSize {
		return nil
	}
	old := c.ring.prev
	old.prev.next, old.next.prev = old.next, old.prev
	delete(c.byText, old.sql)
	return old
}

func (c *cache) front(s *stmt) {
	s.prev, s.next = &c.ring, c.ring.next
	s.prev.next, s.next.prev = s, s
}

func (c *cache) each(fn func(*stmt)) {
	for _, s := range c.byText {
		fn(s)
	}
}
