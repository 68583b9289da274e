package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"

	"github.com/mattn/go-sqlite3"

	"facteur/internal/newsletter"
)

// A tx is one caller's part of a transaction. What it does is undone as a whole when its function returns an error.
type tx struct{ conn *sql.Conn }

// The statements of a transaction carry no deadline: a group is short, and the driver would start a goroutine for
// each statement to watch over it.
func (t tx) exec(query string, args ...any) (sql.Result, error) {
	return t.conn.ExecContext(context.Background(), query, args...)
}

func (t tx) query(query string, args ...any) (*sql.Rows, error) {
	return t.conn.QueryContext(context.Background(), query, args...)
}

func (t tx) row(query string, args ...any) *sql.Row {
	return t.conn.QueryRowContext(context.Background(), query, args...)
}

// changed reports how many rows a statement touched.
func changed(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

type job struct {
	work func(tx) error
	err  error
	done chan struct{}
}

// groupMost bounds a group, so that nobody waits for the whole of a long queue.
const groupMost = 256

// update runs work in a transaction and returns once it is durable. Only waiting for a turn ends with ctx; work that
// has begun is finished.
func (s *Store) update(ctx context.Context, work func(tx) error) error {
	j := &job{work: work, done: make(chan struct{})}
	select {
	case s.jobs <- j:
	case <-s.stop:
		return errors.New("the database is closed")
	case <-ctx.Done():
		return ctx.Err()
	}
	<-j.done
	return j.err
}

func (s *Store) start(ctx context.Context, o Options) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("database %s: %w", s.path, err)
	}
	s.ended.Go(func() {
		s.writeLoop(tx{conn})
		_ = conn.Close()
	})
	if o.Poll <= 0 {
		return nil
	}
	watch, err := s.read.Conn(ctx)
	if err != nil {
		return fmt.Errorf("database %s: %w", s.path, err)
	}
	s.ended.Go(func() {
		s.watchOthers(watch, o.Poll)
		_ = watch.Close()
	})
	return nil
}

func (s *Store) writeLoop(t tx) {
	for {
		select {
		case j := <-s.jobs:
			s.commit(t, s.gather(j))
		case <-s.stop:
			for { // those that were accepted before the stop
				select {
				case j := <-s.jobs:
					s.commit(t, s.gather(j))
				default:
					return
				}
			}
		}
	}
}

// gather takes everyone who waits already. Giving way once lets callers that are just about to ask join the group; a
// fixed wait was measured to halve the rate.
func (s *Store) gather(first *job) []*job {
	runtime.Gosched()
	group := []*job{first}
	for len(group) < groupMost {
		select {
		case j := <-s.jobs:
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

func (s *Store) commit(t tx, group []*job) {
	err := s.transact(t, group)
	for _, j := range group {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
	if err == nil {
		s.changes.notify()
	}
}

// transact runs the group in one transaction. An error is everyone's; a member's own stays with the member.
func (s *Store) transact(t tx, group []*job) error {
	if _, err := t.exec(`BEGIN IMMEDIATE`); err != nil {
		return s.explainBusy(err)
	}
	for _, j := range group {
		if j.err = member(t, j.work); j.err != nil && t.ended() {
			return fmt.Errorf("database %s: %w", s.path, j.err) // a full disk ends the whole transaction
		}
	}
	if _, err := t.exec(`COMMIT`); err != nil {
		if !t.ended() {
			_, rollback := t.exec(`ROLLBACK`)
			err = errors.Join(err, rollback)
		}
		return s.explainBusy(err)
	}
	return nil
}

// member runs one caller's work in a savepoint of its own.
func member(t tx, work func(tx) error) error {
	if _, err := t.exec(`SAVEPOINT member`); err != nil {
		return err
	}
	err := work(t)
	if err != nil && !t.ended() {
		if _, undo := t.exec(`ROLLBACK TO member`); undo != nil {
			return errors.Join(err, undo)
		}
	}
	if !t.ended() {
		if _, release := t.exec(`RELEASE member`); release != nil {
			return errors.Join(err, release)
		}
	}
	return err
}

// ended reports that SQLite ended the transaction by itself, as it does when the disk is full.
func (t tx) ended() bool {
	ended := false
	_ = t.conn.Raw(func(driver any) error {
		ended = driver.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return ended
}

func (s *Store) explainBusy(err error) error {
	if e, ok := errors.AsType[sqlite3.Error](err); ok && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked) {
		return fmt.Errorf("database %s: another program holds it locked: %w", s.path, errors.Join(newsletter.ErrBusy, err))
	}
	return fmt.Errorf("database %s: %w", s.path, err)
}
