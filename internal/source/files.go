package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"facteur/internal/newsletter"
)

// A File is an article and the file it was read from.
type File struct {
	Path    string
	Article newsletter.Article
	Picture []byte // where the article's picture is a file beside it; nil otherwise
}

// ReadFiles reads one article from each path, dates without an offset in zone. It returns those it could read, in the
// order given, and every error joined.
func ReadFiles(zone *time.Location, paths ...string) ([]File, error) {
	var files []File
	var errs []error
	for _, path := range paths {
		file, err := readFile(path, zone)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files = append(files, file)
	}
	return files, errors.Join(errs...)
}

func readFile(path string, zone *time.Location) (File, error) {
	data, err := load(path)
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	file := File{Path: path}
	if file.Article, err = ParseMarkdown(path, data, zone); err != nil {
		return file, err
	}
	return file.withPicture()
}

// withPicture reads the picture beside an article that names one.
func (file File) withPicture() (File, error) {
	path := file.Path
	if !isBeside(file.Article.Picture) {
		return file, nil
	}
	var err error
	file.Picture, err = loadPicture(filepath.Dir(path), file.Article.Picture)
	if errors.Is(err, fs.ErrPermission) {
		return file, fmt.Errorf("%s: picture %s: %s", path, file.Article.Picture, noRight(err))
	}
	if err != nil {
		return file, fmt.Errorf("%s: picture %s: %w: write an address with https://, or the path of a file in this folder or below", path, file.Article.Picture, err)
	}
	return file, nil
}

// maxPicture, in bytes, is more than any picture that is taken.
const maxPicture = 16 << 20

// loadPicture reads a picture below a folder, and no file outside of it, whatever links say.
func loadPicture(folder, name string) ([]byte, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, plain(err)
	}
	defer func() { _ = root.Close() }() // only read
	f, err := root.Open(name)
	if err != nil {
		return nil, plain(err)
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(f, maxPicture))
	if err != nil {
		return nil, plain(err)
	}
	return data, nil
}

// load reads a file, and one byte more than is allowed, so that a larger one is noticed and not held in memory.
func load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plain(err)
	}
	defer func() { _ = f.Close() }() // only read
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.New("is a folder: name its files, such as folder/*.md")
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, plain(err)
	}
	return data, nil
}

// plain takes the operation and the path off an error that already names the file.
func plain(err error) error {
	if bad := (*fs.PathError)(nil); errors.As(err, &bad) {
		return bad.Err
	}
	return err
}
