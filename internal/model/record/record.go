package record

// Shape names the slots of a record. It is immutable and belongs to one
// version of the registry; records of an older shape stay readable.
type Shape struct {
	Entity string
	Keys   []string
	Base   int // slot of the first declared field, after the system fields
	index  map[string]int
}

// NewShape makes a shape; keys are the field keys by slot.
func NewShape(entity string, keys []string, base int) *Shape {
	s := &Shape{Entity: entity, Keys: keys, Base: base, index: make(map[string]int, len(keys))}
	for i, k := range keys {
		s.index[k] = i
	}
	return s
}

// Slot finds a field's slot, -1 when there is none.
func (s *Shape) Slot(key string) int {
	if i, ok := s.index[key]; ok {
		return i
	}
	return -1
}

// Slots of the system fields, the same in every entity.
const (
	SlotID = iota
	SlotVersion
	SlotCreatedAt
	SlotCreatedBy
	SlotUpdatedAt
	SlotUpdatedBy
	SlotDeletedAt
	SlotDeletedBy
	SystemSlots // number of system slots
)

// Record is one record: a value for each slot of its shape.
type Record struct {
	Shape *Shape
	vals  []Value
}

// New makes an empty record.
func New(s *Shape) *Record { return &Record{Shape: s, vals: make([]Value, len(s.Keys))} }

// Of wraps values, one for each slot; the slice is kept.
func Of(s *Shape, vals []Value) *Record { return &Record{Shape: s, vals: vals} }

// At is the value in a slot.
func (r *Record) At(slot int) Value { return r.vals[slot] }

// SetAt changes the value in a slot.
func (r *Record) SetAt(slot int, v Value) { r.vals[slot] = v }

// Get is the value of a field by key, null when the shape has no such field.
func (r *Record) Get(key string) Value {
	if i := r.Shape.Slot(key); i >= 0 {
		return r.vals[i]
	}
	return Null
}

// Set changes a field by key and says whether the shape has it.
func (r *Record) Set(key string, v Value) bool {
	i := r.Shape.Slot(key)
	if i >= 0 {
		r.vals[i] = v
	}
	return i >= 0
}

// Clone copies the record; values are shared because they are immutable.
func (r *Record) Clone() *Record {
	return &Record{Shape: r.Shape, vals: append([]Value(nil), r.vals...)}
}

// ID is the record's id, 0 before it has one.
func (r *Record) ID() int64 { return r.vals[SlotID].Int() }

// Version is the record's version, 1 after creation.
func (r *Record) Version() int64 { return r.vals[SlotVersion].Int() }
