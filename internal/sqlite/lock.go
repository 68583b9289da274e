package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"facteur/internal/newsletter"
)

// A SenderLock is the right to send from a data folder. One program has it at a time.
type SenderLock struct{ file *os.File }

// LockSender takes the sender's lock of a data folder without waiting; newsletter.ErrBusy when another program has it.
// The lock is the kernel's (flock), so that a kill leaves nothing behind.
func LockSender(folder string) (*SenderLock, error) {
	name := filepath.Join(folder, "sender.lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sender's lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return &SenderLock{file: f}, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = newsletter.ErrBusy
	}
	return nil, errors.Join(fmt.Errorf("sender's lock %s: %w", name, err), f.Close())
}

// Unlock gives the right back.
func (l *SenderLock) Unlock() error { return l.file.Close() }
