package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/mattn/go-sqlite3"
)

const (
	backupStep  = 256 // pages of 4 KiB
	backupPause = time.Millisecond
)

// Backup copies the database, as it is at this instant, into a new file, marks it as a copy and checks every page of it.
// Nobody waits for that: it reads one committed state, beside which others write on; meanwhile the write-ahead log grows. What
// memory it takes does not depend on the size. progress may be nil; it is told how many pages there are and how many are
// done. An error leaves a file that is not whole.
func (s *Store) Backup(ctx context.Context, path string, now time.Time, progress func(done, pages int)) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := s.copyInto(ctx, path, progress); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := finishCopy(ctx, path, now); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// copyInto copies page by page. The new file needs no journal: it is thrown away unless it becomes whole.
func (s *Store) copyInto(ctx context.Context, path string, progress func(done, pages int)) (err error) {
	from, closeFrom, err := oneConn(ctx, s.path, Options{BusyTimeout: s.patience}, "_query_only=1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFrom()) }()
	into, closeInto, err := oneConn(ctx, path, Options{}, "_journal_mode=OFF")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeInto()) }()
	// A transaction that is kept open holds the state. Without it each commit of others would begin the copy anew
	// (https://sqlite.org/c3ref/backup_finish.html).
	if _, err := from.ExecContext(ctx, `BEGIN`); err != nil {
		return s.explain(err)
	}
	defer func() { _, _ = from.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) }() // nothing was written
	var one int
	if err := from.QueryRowContext(ctx, `SELECT 1 FROM store`).Scan(&one); err != nil {
		return s.explain(err)
	}
	return into.Raw(func(target any) error {
		return from.Raw(func(source any) error {
			if err := copyPages(ctx, target.(*sqlite3.SQLiteConn), source.(*sqlite3.SQLiteConn), progress); err != nil {
				return explain(path, err)
			}
			return nil
		})
	})
}

func oneConn(ctx context.Context, path string, o Options, extra string) (*sql.Conn, func() error, error) {
	db, err := openPool(path, o, extra, 1)
	if err != nil {
		return nil, nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(explain(path, err), db.Close())
	}
	return conn, func() error { return errors.Join(conn.Close(), db.Close()) }, nil
}

func copyPages(ctx context.Context, into, from *sqlite3.SQLiteConn, progress func(done, pages int)) (err error) {
	b, err := into.Backup("main", from, "main")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Finish()) }()
	for {
		done, err := b.Step(backupStep)
		if err != nil || done {
			return err
		}
		if progress != nil {
			progress(b.PageCount()-b.Remaining(), b.PageCount())
		}
		if err := rest(ctx, backupPause); err != nil { // so that the disk serves others in between
			return err
		}
	}
}

// finishCopy makes one file of the copy, marks it and checks it.
func finishCopy(ctx context.Context, path string, now time.Time) (err error) {
	conn, closeConn, err := oneConn(ctx, path, Options{}, "_journal_mode=DELETE")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeConn()) }()
	if _, err := conn.ExecContext(ctx, `UPDATE store SET copied_at = ?`, ms(now)); err != nil {
		return explain(path, err)
	}
	var found string
	if err := conn.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return explain(path, err)
	}
	if found != "ok" {
		return fmt.Errorf("%w; its check found: %s", ErrDamaged, found)
	}
	return nil
}
