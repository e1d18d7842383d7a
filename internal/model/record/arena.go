package record

// RawBytes makes a value of raw bytes that s already holds: nothing is copied.
// For readers of a database, whose texts and bytes share one arena.
func RawBytes(s string) Value { return Value{k: KindBytes, s: s} }
