// Package durable puts files in their places so that a kill or a power cut leaves them whole, or not at all.
//
// A file is written as a draft first: a name of the caller's in the same folder, which nobody else writes at that time and
// which a crash may leave behind. All files are their owner's alone.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Write makes path hold content, in the place of whatever it held. Nobody ever sees half of it.
func Write(path, draft string, content []byte) error {
	return by(draft, content, func() error {
		if err := os.Rename(draft, path); err != nil {
			return err
		}
		return Folder(filepath.Dir(path))
	})
}

// New is Write for a name that nobody has taken: else it is [fs.ErrExist].
func New(path, draft string, content []byte) error {
	return by(draft, content, func() error { return Publish(draft, path) })
}

// by writes a draft, has it put in its place, and leaves none behind.
func by(draft string, content []byte, put func() error) (err error) {
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if gone := os.Remove(draft); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return put()
}

// Publish gives a file that is on the disk already a name that nobody has taken, else it is [fs.ErrExist]. The draft may keep
// its own.
func Publish(draft, path string) error {
	err := os.Link(draft, path)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.ENOSYS) { // no links there: FAT, some shares
		if _, err := os.Lstat(path); err == nil {
			return fs.ErrExist
		}
		err = os.Rename(draft, path)
	}
	if err != nil {
		return err
	}
	return Folder(filepath.Dir(path))
}

// Folder makes durable which files a folder has.
func Folder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
