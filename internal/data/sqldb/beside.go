package sqldb

// Besider is implemented by a DB that keeps what can be made again from its
// other tables in a second file (SQLite), with a writer of its own: filling it
// never makes a Write of the DB wait. Whoever reads the DB sees the tables of
// both. They have no common transaction, and a Tx of the DB does not see the
// second file.
type Besider interface {
	// Beside is the second file, to be written to; nil when there is none. It
	// is another one after Reopen: do not keep it.
	Beside() DB
	// Reopen closes the second file and opens it again: after a commit to it
	// failed in a way that leaves it in doubt, or anew, empty.
	Reopen(anew bool) error
	// Damaged says whether an error of the second file tells that it must be
	// made anew.
	Damaged(err error) bool
}

// Beside is where the tables are written that can be made again: the second
// file of a DB that has one, otherwise the DB itself.
func Beside(db DB) DB {
	if b, is := db.(Besider); is {
		if second := b.Beside(); second != nil {
			return second
		}
	}
	return db
}
