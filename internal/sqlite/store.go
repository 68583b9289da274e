// Package sqlite is the store: every SQL statement of the product, its migrations and its schema.
//
// One goroutine writes, in groups: callers that wait at the same time share a transaction and its durability. They share
// a commit but never a fate: where one fails, each has a savepoint of its own. Readers have connections of their own and see
// only committed states. synchronous=FULL: what a call reports as done survives a power cut.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver, under the name "sqlite3"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// Options say how a store is opened.
type Options struct {
	// Create makes the file, its folder and its schema where they are missing, and brings an older schema up to date.
	// Without it a missing file is newsletter.ErrNotFound and an older schema ErrOlder.
	Create bool
	// BusyTimeout is how long a write waits for another program's transaction; 0 means five seconds.
	BusyTimeout time.Duration
	// Poll is how often commits of other programs are looked for, for those who wait on [Store.Changed]; 0 never.
	Poll time.Duration
	// Hash is the keyed hash by which an address is recognised, even after it was erased. It is asked for
	// address.Address.Key, always gives as many bytes, and must stay the same for the life of the file. Required.
	Hash func(addressKey string) []byte
}

// A Store is one open database file. Its methods may be called from any goroutine.
type Store struct {
	path  string
	write *sql.DB
	read  *sql.DB
	jobs  chan *job
	long  chan *job // work that shares its transaction with nobody
	stop  chan struct{}

	logged chan struct{} // long work has made the write-ahead log grow
	ended  sync.WaitGroup

	patience time.Duration // how long a write waits for another program's transaction

	changes changes
	looker  looker
	erased  erased
	schema  int64
	hash    func(string) []byte
}

// ErrOlder and ErrNewer report a file whose schema is not this program's, ErrForeign one that is another program's,
// ErrFull a disk without room, ErrUnusable a file that cannot be read or written, and ErrDamaged one whose pages contradict
// each other.
var (
	ErrFull     = errors.New("no room on the disk")
	ErrUnusable = errors.New("the file cannot be used")
	ErrOlder    = errors.New("the database is older than this program")
	ErrNewer    = errors.New("the database is newer than this program")
	ErrForeign  = errors.New("the database belongs to another program")
	ErrDamaged  = errors.New("the database is damaged")
)

// Open opens the database at path.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.BusyTimeout == 0 {
		o.BusyTimeout = 5 * time.Second
	}
	if o.Hash == nil {
		return nil, errors.New("a store needs the hash by which it recognises addresses")
	}
	if err := prepareFile(path, o.Create); err != nil {
		return nil, err
	}
	s := &Store{path: path, hash: o.Hash, patience: o.BusyTimeout, jobs: make(chan *job), long: make(chan *job), stop: make(chan struct{}), logged: make(chan struct{}, 1)}
	var err error
	if s.write, err = openPool(path, o, "_journal_mode=WAL&_txlock=immediate&_cache_size=-8000&_stmt_cache_size=128&_secure_delete=1", 1); err != nil {
		return nil, err
	}
	if s.read, err = openPool(path, o, "_query_only=1&_stmt_cache_size=32", 4); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := s.migrate(ctx, o.Create); err != nil {
		return nil, errors.Join(err, s.write.Close(), s.read.Close())
	}
	if err := s.start(ctx, o.Poll); err != nil {
		return nil, errors.Join(err, s.write.Close(), s.read.Close())
	}
	if o.Create {
		if err := s.name(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// prepareFile makes an empty file that only its owner may read: the driver would make it readable for all.
func prepareFile(path string, create bool) error {
	_, err := os.Stat(path)
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("database %s: %w", path, err)
	case !create:
		return fmt.Errorf("database %s: %w", path, newsletter.ErrNotFound)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("database folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) { // another command was faster
		return nil
	}
	if err != nil {
		return fmt.Errorf("database %s: %w", path, err)
	}
	return f.Close()
}

// openPool opens connections. Each is used by one goroutine at a time, which is what SQLite needs to do without a lock
// around every call.
func openPool(path string, o Options, extra string, conns int) (*sql.DB, error) {
	dsn := fmt.Sprintf("file:%s?_synchronous=FULL&_foreign_keys=1&_mutex=no&_busy_timeout=%d&%s",
		(&url.URL{Path: path}).EscapedPath(), o.BusyTimeout.Milliseconds(), extra)
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Path is the database file.
func (s *Store) Path() string { return s.path }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, `SELECT 1 FROM store`).Scan(&one)
}

// Close waits for the writes under way, refuses those that still wait for their turn, and closes the file. No call may
// follow.
func (s *Store) Close() error {
	close(s.stop)
	s.ended.Wait()
	return errors.Join(s.read.Close(), s.write.Close())
}

// ms and instant convert between instants and their form in the file. The zero time is NULL.
func ms(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func instant(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

// found turns the driver's "no rows" into the product's word.
func found(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, newsletter.ErrNotFound)
	}
	return err
}

// hashOf is by what an address is recognised.
func (s *Store) hashOf(a address.Address) []byte { return s.hash(a.Key()) }
