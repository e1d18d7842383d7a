package app

import (
	"net"
	"os"
	"syscall"
)

// peerAccount names the account at the other end of a socket; ok is false for
// anybody but the server's own account and root.
func peerAccount(c net.Conn) (name string, ok bool) {
	u, is := c.(*net.UnixConn)
	if !is {
		return "", false
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return "", false
	}
	var cred *syscall.Ucred
	var optErr error
	err = raw.Control(func(fd uintptr) {
		cred, optErr = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	if err != nil || optErr != nil || !mayCommand(int(cred.Uid), os.Getuid()) {
		return "", false
	}
	return accountName(int(cred.Uid)), true
}
