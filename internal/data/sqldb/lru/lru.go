// Package lru keeps compiled statements by their text, the ones used last.
package lru

// Cache holds at most a fixed number of values. It is for one goroutine.
type Cache[V any] struct {
	size   int
	byText map[string]*entry[V]
	ring   entry[V] // next = used last, prev = used longest ago
}

type entry[V any] struct {
	text       string
	value      V
	prev, next *entry[V]
}

// New makes a cache for size values.
func New[V any](size int) *Cache[V] {
	c := &Cache[V]{size: size, byText: make(map[string]*entry[V], 16)}
	c.ring.next, c.ring.prev = &c.ring, &c.ring
	return c
}

// Get gives the value of the text.
func (c *Cache[V]) Get(text string) (v V, ok bool) {
	if e := c.ring.next; e.text == text && e != &c.ring { // repeated: no hash of a long text
		return e.value, true
	}
	e := c.byText[text]
	if e == nil {
		return v, false
	}
	e.unlink()
	c.front(e)
	return e.value, true
}

// Put adds a value that is not yet there and gives the one that had to leave.
func (c *Cache[V]) Put(text string, v V) (old V, left bool) {
	e := &entry[V]{text: text, value: v}
	c.byText[text] = e
	c.front(e)
	if len(c.byText) <= c.size {
		return old, false
	}
	last := c.ring.prev
	last.unlink()
	delete(c.byText, last.text)
	return last.value, true
}

// Drop takes the value of the text out.
func (c *Cache[V]) Drop(text string) {
	if e := c.byText[text]; e != nil {
		e.unlink()
		delete(c.byText, text)
	}
}

// Len is how many values are held.
func (c *Cache[V]) Len() int { return len(c.byText) }

// All calls fn with every value.
func (c *Cache[V]) All(fn func(V)) {
	for _, e := range c.byText {
		fn(e.value)
	}
}

func (e *entry[V]) unlink() { e.prev.next, e.next.prev = e.next, e.prev }

func (c *Cache[V]) front(e *entry[V]) {
	e.prev, e.next = &c.ring, c.ring.next
	e.prev.next, e.next.prev = e, e
}
