package pictures

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"facteur/internal/durable"
	"facteur/internal/newsletter"
)

// A Folder holds the kept pictures, each a file named by its content.
type Folder struct{ path string }

// NewFolder names a folder. It is made with its first picture.
func NewFolder(path string) Folder { return Folder{path} }

const (
	unfinished = ".new-" // begins the name of a file that is being written
	hashed     = 16      // bytes of the SHA-256 in a name
)

// keep writes a picture. When it returns, the file outlives a power cut.
func (f Folder) keep(m made) (newsletter.Picture, error) {
	sum := sha256.Sum256(m.content)
	p := newsletter.Picture{Name: hex.EncodeToString(sum[:hashed]) + "." + m.kind, Width: m.width, Height: m.height}
	path := filepath.Join(f.path, p.Name)
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, m.content) {
		now := time.Now()
		return p, os.Chtimes(path, now, now) // young again, for Prune
	}
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return p, err
	}
	return p, durable.Write(path, filepath.Join(f.path, unfinished+rand.Text()), m.content)
}

// Read gives the bytes of a kept picture, or newsletter.ErrNotFound.
func (f Folder) Read(name string) ([]byte, error) {
	if !newsletter.ValidPictureName(name) {
		return nil, fmt.Errorf("picture %q: %w", name, newsletter.ErrNotFound)
	}
	content, err := os.ReadFile(filepath.Join(f.path, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("picture %s: %w", name, newsletter.ErrNotFound)
	}
	return content, err
}

// Names lists the kept pictures. No folder holds none.
func (f Folder) Names() ([]string, error) {
	entries, err := f.entries()
	var names []string
	for _, e := range entries {
		if newsletter.ValidPictureName(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

func (f Folder) entries() ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}

// Prune removes files of ours that were written before an instant and that are in no use, and tells how many. Younger ones may be
// on their way into use.
func (f Folder) Prune(before time.Time, used func(name string) bool) (removed int, err error) {
	entries, err := f.entries()
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		ours := newsletter.ValidPictureName(e.Name()) && !used(e.Name()) || len(e.Name()) > len(unfinished) && e.Name()[:len(unfinished)] == unfinished
		info, err := e.Info()
		if !ours || err != nil || !info.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(f.path, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
