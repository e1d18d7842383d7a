//go:build !linux

package sqlite

// spread does nothing where the system cannot write a part of a file.
func (c *conn) spread(<-chan struct{}) {}
