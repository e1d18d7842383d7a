package schema

// Level is what a member may do with a field (ORG-4). Levels are ordered.
type Level uint8

// The levels of a field right.
const (
	Hidden Level = iota
	Masked       // sees 138****1234; may compare for equality and by the last four characters
	Read
	Write
)

// String is the level's name in the API.
func (l Level) String() string {
	return [...]string{"hidden", "masked", "read", "write"}[l]
}
