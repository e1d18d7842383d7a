//go:build !linux

package sqlite

// syncData is for Linux only: elsewhere SQLite's own way does.
func syncData(uintptr) (rc int32, can bool) { return 0, false }

// mapFile is for Linux only, and with it the two that follow.
func mapFile(uintptr, int64) []byte { return nil }

func unmapFile([]byte) {}

func fileLength(uintptr) int64 { return 0 }
