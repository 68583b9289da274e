package source

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"facteur/internal/collect"
)

// pause is how long a reading waits before it looks again at a file that cannot be read at this moment.
const pause = 10 * time.Millisecond

// errHeld is what [holdShared] says of a file that somebody else holds alone.
var errHeld = errors.New("the file is locked")

// find is the file itself, which a link may lead to: SQLite looks for what belongs to it beside that.
func (f Foreign) find() (path string, err error) {
	path, err = filepath.EvalSymlinks(f.Path)
	if err != nil {
		return "", f.absent(err)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", f.absent(err)
	case info.IsDir():
		return "", collect.Trouble{What: f.Path + " is a folder and no SQLite file", Do: "name the file in path"}
	case !info.Mode().IsRegular():
		return "", collect.Trouble{What: f.Path + " is a pipe, a socket or a device, and no SQLite file", Do: "name the file in path"}
	case info.Size() == 0: // to SQLite a database without a table
		return "", collect.Trouble{What: fmt.Sprintf("the SQLite file %s is empty", f.Path), Do: "bring back a good copy, or name the database of the site in path"}
	}
	return path, nil
}

func (f Foreign) absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return collect.Trouble{What: fmt.Sprintf("the SQLite file %s is not there", f.Path), Do: "correct path in the settings of the source"}
	}
	return collect.Trouble{What: fmt.Sprintf("the SQLite file %s cannot be read: %v", f.Path, plain(err)), Do: "give the user of facteur the right to read it and its folder"}
}

// A standing is what an SQLite file and the files beside it look like at one moment.
type standing struct {
	size    int64
	changed int64 // when, in nanoseconds since 1970
	log     int64 // how large its write-ahead log is; -1: there is none
	index   bool  // that of the log is there
}

func standingOf(path string) standing {
	s := standing{log: -1}
	if info, err := os.Stat(path); err == nil {
		s.size, s.changed = info.Size(), info.ModTime().UnixNano()
	}
	if info, err := os.Stat(path + "-wal"); err == nil {
		s.log = info.Size()
	}
	_, err := os.Stat(path + "-shm")
	s.index = err == nil
	return s
}

// isWhole reports that all that was written stands in the file itself, and nothing in its log.
func (s standing) isWhole() bool { return s.log < 0 || s.log == 0 && !s.index }

// reading has the file read as it is at one moment, and nothing made beside it. SQLite makes the log of a file in WAL mode and the index of the log
// where they are missing (sqlite.org/wal.html#read_only_databases), as files of the user of facteur with the rights of the database, and leaves them:
// who owns the database could then write no more. What is asked may be asked several times; the last time counts.
func (f Foreign) reading(ctx context.Context, ask func(*sql.DB) error) error {
	wait, stop := context.WithTimeout(ctx, f.patience())
	defer stop()
	for {
		waits, err := f.readOnce(wait, ask)
		if !waits {
			return err
		}
		select {
		case <-wait.Done():
			return cmp.Or(ctx.Err(), err)
		case <-time.After(pause):
		}
	}
}

// readOnce reads the file unless it cannot be read at this moment. Who closes a file in WAL mode as the last one takes its log away, and needs a lock for
// it that nobody gets while it is held here: so a log that is there stays, and where none was before and after, there was none, and nobody wrote.
func (f Foreign) readOnce(wait context.Context, ask func(*sql.DB) error) (waits bool, err error) {
	path, err := f.find()
	if err != nil {
		return false, err
	}
	if !hasLog(path) {
		return false, f.open(wait, path, "", ask)
	}
	held, err := holdShared(path)
	switch {
	case errors.Is(err, errHeld):
		return true, f.isLocked()
	case err != nil:
		return false, f.absent(err)
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	before := standingOf(path)
	switch {
	case before.isWhole(): // nobody changes it, and SQLite need make nothing
		err = f.open(wait, path, "&immutable=1", ask)
		if standingOf(path) != before {
			return true, collect.Trouble{What: fmt.Sprintf("the SQLite file %s was written whenever it was read", f.Path), Do: "nothing, it is tried again"}
		}
		return false, err
	case !before.index && !ownsWhatItMakes(held):
		return true, collect.Trouble{
			What: fmt.Sprintf("the SQLite file %s was left with changes that stand in %s-wal alone, and without %[2]s-shm, by a program that ended or by a copy", f.Path, path),
			Do:   f.openedOnce(),
		}
	}
	err = f.open(wait, path, "", ask)
	bad, _ := errors.AsType[sqlite3.Error](err)
	return bad.Code == sqlite3.ErrReadonly, err // whoever opens it at this moment has not made the index yet, which who may only read cannot
}

// hasLog reports that SQLite would open a write-ahead log, or make one. Without locks it can have none, and refuses to.
func hasLog(path string) bool {
	conn, err := connection(path, "&nolock=1").open()
	if err == nil {
		_, err = conn.Exec("PRAGMA schema_version", nil)
		err = errors.Join(err, conn.Close())
	}
	bad, _ := errors.AsType[sqlite3.Error](err)
	return bad.Code == sqlite3.ErrCantOpen
}

func (f Foreign) patience() time.Duration { return cmp.Or(f.Patience, locked) }

// ownsWhatItMakes reports that what SQLite makes beside a file belongs to its owner: it does that for root.
func ownsWhatItMakes(file *os.File) bool {
	info, err := file.Stat()
	if err != nil {
		return false
	}
	user := os.Geteuid()
	stat, is := info.Sys().(*syscall.Stat_t)
	return user == 0 || is && int(stat.Uid) == user
}

// open opens the file and has it asked. A lock is waited for as long as wait lasts.
func (Foreign) open(wait context.Context, path, options string, ask func(*sql.DB) error) (err error) {
	until, _ := wait.Deadline()
	left := max(0, time.Until(until))
	db := sql.OpenDB(connection(path, fmt.Sprintf("&_busy_timeout=%d%s", left.Milliseconds(), options)))
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	return ask(db)
}

// A connector opens an SQLite file for reading; see driver.Connector.
type connector struct{ address string }

func connection(path, options string) connector {
	return connector{"file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&_query_only=1" + options}
}

func (c connector) open() (*sqlite3.SQLiteConn, error) {
	conn, err := c.Driver().Open(c.address)
	if err != nil {
		return nil, err
	}
	return conn.(*sqlite3.SQLiteConn), nil
}

// Connect opens the file; see driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.open()
	if err != nil {
		return nil, err
	}
	conn.RegisterAuthorizer(onlyReads)
	return conn, nil
}

// Driver is SQLite's; see driver.Connector.
func (connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }
