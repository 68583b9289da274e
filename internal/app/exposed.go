package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Exposed is a file with readers' addresses or the keys in it that is open to others than its owner. The program does
// not go on with one: it makes them with mode 0600, so somebody widened it or put back a copy.
type Exposed struct {
	Path string
	Mode fs.FileMode
}

func (e Exposed) Error() string {
	return fmt.Sprintf("%s is open to others than its owner (mode %04o)", e.Path, e.Mode)
}

// closed wants a file to be its owner's alone. One that is not there is open to nobody.
func closed(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return Exposed{Path: path, Mode: mode}
	}
	return nil
}
