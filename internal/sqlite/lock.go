package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"facteur/internal/newsletter"
)

// A SenderLock is the right to send from a data folder. One program has it at a time.
type SenderLock struct{ file *os.File }

// LockSender takes the sender's lock of a data folder, and does not ask whether it is a copy, as [Store.LockSender] does;
// newsletter.ErrBusy when another program has it. The lock is the kernel's (flock), so that a kill leaves nothing behind.
func LockSender(folder string) (*SenderLock, error) {
	name := lockName(folder)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sender's lock: %w", err)
	}
	for try := 1; ; try++ {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || try == lockTries {
			break
		}
		time.Sleep(lockPause)
	}
	if err == nil {
		return &SenderLock{file: f}, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = newsletter.ErrBusy
	}
	return nil, errors.Join(fmt.Errorf("sender's lock %s: %w", name, err), f.Close())
}

// A program that only asks, as [SenderLocked] does, is in the way for less than a pause.
const (
	lockTries = 3
	lockPause = 20 * time.Millisecond
)

// SenderLocked reports whether a program has the sender's lock of a data folder. It leaves no trace.
func SenderLocked(folder string) (locked bool, err error) {
	f, err := os.Open(lockName(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("sender's lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) // shared: those who ask do not see each other
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, f.Close()
	}
	return false, errors.Join(err, f.Close())
}

func lockName(folder string) string { return filepath.Join(folder, "sender.lock") }

// Unlock gives the right back.
func (l *SenderLock) Unlock() error { return l.file.Close() }
