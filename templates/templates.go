// Package templates holds what readers see before it is filled in: letters in mail/, pages in web/, and their strings
// per language in strings/.
package templates

import (
	"embed"
	"errors"
	"io/fs"
	"os"
)

//go:embed all:mail all:web strings
var builtin embed.FS

// Open returns the built-in files, each replaced by the file of the same path under dir where there is one. An empty
// dir changes nothing; a dir that is not there is an error.
func Open(dir string) (fs.FS, error) {
	if dir == "" {
		return builtin, nil
	}
	if _, err := os.ReadDir(dir); err != nil {
		return nil, err
	}
	return overlay{over: os.DirFS(dir), under: builtin}, nil
}

type overlay struct{ over, under fs.FS }

// Open takes a file from the folder first. Directories are the built-in ones: a folder may replace files, not add any.
func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.over.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.under.Open(name)
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		_ = f.Close()
		return o.under.Open(name)
	}
	return f, nil
}
