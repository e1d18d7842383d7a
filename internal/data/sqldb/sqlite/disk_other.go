//go:build !linux

package sqlite

// syncData is for Linux only: elsewhere SQLite's own way does.
func syncData(uintptr) (rc int32, can bool) { return 0, false }
