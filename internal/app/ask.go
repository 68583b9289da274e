package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"facteur/internal/collect"
	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/source"
	"facteur/internal/sqlite"
)

// HasDatabase reports whether a data folder holds a database. A folder that cannot be looked into counts as one that
// does: opening it tells why.
func HasDatabase(cfg *config.Config) bool {
	_, err := os.Stat(filepath.Join(cfg.Data, databaseFile))
	return !errors.Is(err, fs.ErrNotExist)
}

const databaseFile = "facteur.db"

// IsOlder reports a database whose schema is one of an earlier program.
func IsOlder(err error) bool { return errors.Is(err, sqlite.ErrOlder) }

// IsNewer reports a database whose schema is one of a later program.
func IsNewer(err error) bool { return errors.Is(err, sqlite.ErrNewer) }

// IsForeign reports a database that is another program's.
func IsForeign(err error) bool { return errors.Is(err, sqlite.ErrForeign) }

// IsFull reports a disk without room.
func IsFull(err error) bool { return errors.Is(err, sqlite.ErrFull) }

// IsUnusable reports a database that cannot be read or written.
func IsUnusable(err error) bool { return errors.Is(err, sqlite.ErrUnusable) }

// SenderRuns reports whether another program sends from a data folder at this moment.
func SenderRuns(cfg *config.Config) (bool, error) { return sqlite.SenderLocked(cfg.Data) }

// BadFiles names files that cannot become articles: one line for each mistake, with the file's line where there is one.
// It is a [newsletter.ErrInvalid].
type BadFiles []string

func (b BadFiles) Error() string { return strings.Join(b, "\n") }

// Unwrap gives the sentinel.
func (b BadFiles) Unwrap() error { return newsletter.ErrInvalid }

// AddFiles stores the articles of Markdown files, dates without an offset read in the zone of the first newsletter.
// Unless every file is good nothing is stored, and the error is [BadFiles].
func (a *App) AddFiles(ctx context.Context, paths ...string) ([]collect.Put, error) {
	var bad BadFiles
	files, err := source.ReadFiles(a.Newsletters[0].Zone, paths...)
	if err != nil {
		bad = strings.Split(err.Error(), "\n")
	}
	articles := make([]newsletter.Article, len(files))
	for i, f := range files {
		if f.Picture != nil {
			kept, err := a.gallery.Keep(f.Picture)
			if err != nil {
				bad = append(bad, fmt.Sprintf("%s: picture %s: %v", f.Path, f.Article.Picture, err))
				continue
			}
			f.Article.Picture = kept.Address()
		}
		if articles[i], err = a.Collector.Check(f.Article); err != nil {
			bad = append(bad, f.Path+": "+strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
	if bad != nil {
		return nil, bad
	}
	return a.Collector.Add(ctx, articles)
}
