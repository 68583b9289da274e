package source

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// holdShared opens an SQLite file and takes the lock that every reader of it has (SHARED of sqlite.org/lockingv3.html, on the bytes that SQLite's os.h
// names), until it is closed. The lock is of the open file and not of the process (fcntl(2), F_OFD_SETLK), which SQLite's own are: closing the file
// here takes those from the process, so whoever reads a file with a log in it holds this one besides. Where the file system knows no such
// locks, none is taken.
func holdShared(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	const sharedFirst, sharedSize = 0x40000000 + 2, 510
	lock := unix.Flock_t{Type: unix.F_RDLCK, Whence: io.SeekStart, Start: sharedFirst, Len: sharedSize}
	err = unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, &lock)
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		return nil, errors.Join(errHeld, file.Close())
	}
	return file, nil
}
