package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"facteur/internal/newsletter"
)

// A File is an article and the file it was read from.
type File struct {
	Path    string
	Article newsletter.Article
}

// ReadFiles reads one article from each path, dates without an offset in zone. It returns those it could read, in the
// order given, and every error joined.
func ReadFiles(zone *time.Location, paths ...string) ([]File, error) {
	var files []File
	var errs []error
	for _, path := range paths {
		article, err := readFile(path, zone)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files = append(files, File{Path: path, Article: article})
	}
	return files, errors.Join(errs...)
}

func readFile(path string, zone *time.Location) (newsletter.Article, error) {
	data, err := load(path)
	if err != nil {
		return newsletter.Article{}, fmt.Errorf("%s: %w", path, err)
	}
	return ParseMarkdown(path, data, zone)
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
