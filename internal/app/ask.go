package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"facteur/internal/config"
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
