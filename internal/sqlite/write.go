package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// A tx is one caller's part of a transaction. What it does is undone as a whole when its function returns an error.
type tx struct {
	conn conn
	hash func(address.Address) []byte
}

// conn is what a transaction needs of a [*direct].
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	Raw(do func(driver any) error) error
	each(query string, args []any, row func([]driver.Value) error) error
}

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

// only hands over the one row of a query, with the values that the driver makes, and says whether there is one. It is for what is asked
// for each letter: t.row costs about twice as much.
func (t tx) only(query string, row func([]driver.Value), args ...any) (found bool, err error) {
	err = t.conn.each(query, args, func(values []driver.Value) error {
		found = true
		row(values)
		return nil
	})
	return found, err
}

// truth is a condition as SQLite answers it.
func truth(v driver.Value) bool { return v.(int64) != 0 }

// changed reports how many rows a statement touched.
func changed(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

type job struct {
	work  func(tx) error
	quiet bool // nobody waits for what it does
	back  int  // letters of which it says what came
	away  int  // letters that it lets go; its work says so
	err   error
	done  chan struct{}
}

// groupMost bounds a group, so that nobody waits for the whole of a long queue.
const groupMost = 256

// update runs work in a transaction and returns once it is durable. Only waiting for a turn ends with ctx; work whose
// turn has come is finished, and its caller waits for that. After an error nothing of it is durable. Work may be run
// twice: what it did the first time is undone then, and it must leave behind what it says the second time.
func (s *Store) update(ctx context.Context, work func(tx) error) error {
	return s.hand(ctx, s.jobs, &job{work: work})
}

// updateAlone is update for work that takes milliseconds, such as thousands of rows: nobody shares its transaction, and
// whoever asked meanwhile is next.
func (s *Store) updateAlone(ctx context.Context, work func(tx) error) error {
	return s.hand(ctx, s.long, &job{work: work})
}

func (s *Store) hand(ctx context.Context, to chan<- *job, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.done = make(chan struct{})
	select {
	case to <- j:
	case <-s.stop:
		return fmt.Errorf("database %s is closed", s.path)
	case <-ctx.Done():
		return ctx.Err()
	}
	<-j.done
	return j.err
}

// start takes the connection that writes and sets its goroutine going.
func (s *Store) start(ctx context.Context, poll time.Duration) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("database %s: %w", s.path, err)
	}
	for _, pragma := range []string{
		// What a savepoint needs to undo its member stays in memory: SQLite would make a temporary file for each member that
		// changes more than sixteen pages.
		`PRAGMA temp_store = MEMORY`,
		fmt.Sprintf(`PRAGMA wal_autocheckpoint = %d`, logPages),
		fmt.Sprintf(`PRAGMA busy_timeout = %d`, lookEvery),
	} {
		if _, err := conn.ExecContext(ctx, pragma); err != nil {
			return errors.Join(fmt.Errorf("database %s: %w", s.path, err), conn.Close())
		}
	}
	mover, err := openPool(s.path, Options{BusyTimeout: time.Millisecond}, "", 1)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	s.ended.Go(func() {
		s.moveLog(mover)
		_ = mover.Close()
	})
	writing := newDirect(conn)
	w := tx{writing, s.hashOf}
	var version int64
	w.othersCommitted(&version) // from here on
	s.ended.Go(func() {
		s.writeLoop(w, poll, version)
		_ = writing.Close()
	})
	return nil
}

// writeLoop commits what is asked for, and looks for commits of other programs in between.
func (s *Store) writeLoop(t tx, poll time.Duration, version int64) {
	var p policy
	var tick <-chan time.Time
	if poll > 0 {
		ticker := time.NewTicker(poll)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case j := <-s.jobs:
			group := s.gather(j, &p)
			began := time.Now()
			s.commit(t, group)
			p.committed(time.Since(began))
			p.count(group)
		case j := <-s.long:
			s.commit(t, []*job{j})
			if group := s.join(nil); len(group) > 0 {
				s.commit(t, group)
				p.count(group)
			}
			select {
			case s.logged <- struct{}{}:
			default: // it has yet to look at what was written before
			}
		case <-tick:
			if t.othersCommitted(&version) {
				s.changes.notify()
			}
		case <-s.stop:
			return
		}
	}
}

// A policy says how long a group waits for more to share its commit.
type policy struct {
	hurry        int           // groups that do not give way
	last, before time.Duration // of the commits
	away         int           // letters of which it is not known yet what came
}

func (p *policy) committed(took time.Duration) { p.last, p.before = took, p.last }

// count keeps count of the letters that are away.
func (p *policy) count(group []*job) {
	for _, j := range group {
		if j.err == nil {
			p.away += j.away - j.back
		}
	}
	p.away = max(0, p.away) // those of a dead sender were let go by none of these
}

// all reports that of every letter that is away a group says what came: nobody else is to be waited for.
func (p *policy) all(group []*job) bool {
	back := 0
	for _, j := range group {
		back += j.back
	}
	return back > 0 && back >= p.away
}

// slow is how long the commits of a disk take that is worth waiting for.
const slow = time.Millisecond

// worth is how long a commit takes that a group of letters waits for, to share it: none, but on a disk that confirms slowly. A single
// commit that stalled says nothing of the next.
func (p *policy) worth() time.Duration {
	if took := min(p.last, p.before); took > slow {
		return took
	}
	return 0
}

// gather takes everyone who waits already, and gives way once to those just about to ask: callers with little to do in
// between are back by then, and share the commit. Where that brought nobody they have more to do, and the wait was lost:
// the next groups do without, but who would be alone. Letters wait longer, where that is worth it; nobody waits with them who
// looks at a page meanwhile.
func (s *Store) gather(first *job, p *policy) []*job {
	group := s.join([]*job{first})
	if p.hurry--; p.hurry <= 0 || len(group) == 1 {
		before := len(group)
		runtime.Gosched()
		if group = s.join(group); len(group) == before {
			p.hurry = hurried
		}
	}
	if took := p.worth(); took > 0 && !slices.ContainsFunc(group, hasty) {
		return s.linger(group, took, p)
	}
	return group
}

// hasty reports a job that somebody waits for.
func hasty(j *job) bool { return !j.quiet }

// linger waits for more as long as they keep coming: an eighth of a commit for the next, half of one for all, and no longer once all are there
// or somebody is in a hurry.
func (s *Store) linger(group []*job, took time.Duration, p *policy) []*job {
	next := time.NewTimer(took / 8)
	defer next.Stop()
	for end := time.Now().Add(took / 2); len(group) < groupMost && !p.all(group); {
		select {
		case j := <-s.jobs:
			if group = append(group, j); hasty(j) {
				return s.join(group)
			}
			next.Reset(min(took/8, time.Until(end)))
		case <-next.C:
			return group
		}
	}
	return group
}

// hurried is how many groups do not give way after one that did so in vain.
const hurried = 8

// join adds those who wait to a group.
func (s *Store) join(group []*job) []*job {
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
	if err == nil && slices.ContainsFunc(group, hasty) {
		s.changes.notify() // before anyone returns: a channel taken after one's own commit waits for the next
	}
	for _, j := range group {
		if err != nil {
			j.err = err
		} else if ofTheFile(j.err) {
			j.err = s.explain(j.err)
		}
		close(j.done)
	}
}

// errMember undoes a group in which a member failed.
var errMember = errors.New("a member of the group failed")

// transact runs the group in one transaction. An error is everyone's, and nothing is durable; a member's own error
// stays with the member. For a savepoint SQLite copies each page that its member changes, and hardly a member ever
// fails: so the group is run without, and where one did fail, undone and run once more with a savepoint for each.
func (s *Store) transact(t tx, group []*job) error {
	err := s.transaction(t, func() error { return t.together(group) })
	switch {
	case !errors.Is(err, errMember):
		return err
	case len(group) == 1: // all that it did is undone
		return nil
	}
	return s.transaction(t, func() error { return t.apart(group) })
}

func (s *Store) transaction(t tx, work func() error) (err error) {
	if err := s.begin(t); err != nil {
		return s.explain(err)
	}
	defer func() {
		if !t.ended() {
			_, undo := t.exec(`ROLLBACK`)
			err = errors.Join(err, undo)
		}
	}()
	if err := work(); err != nil {
		return s.explain(err)
	}
	if _, err := t.exec(`COMMIT`); err != nil {
		return s.explain(err)
	}
	return nil
}

// lookEvery is how often a transaction looks whether another program's has ended, in milliseconds.
const lookEvery = 1

// begin waits for another program's transaction. SQLite itself looks less and less often, at last ten times a second,
// and would find a file that is written all the time locked time after time.
func (s *Store) begin(t tx) error {
	for since := time.Now(); ; {
		_, err := t.exec(`BEGIN IMMEDIATE`) // waits for lookEvery where it has to
		if !busy(err) || time.Since(since) >= s.patience {
			return err
		}
	}
}

// busy reports that another connection holds what was asked for.
func busy(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

// together runs the members one after the other, up to one that fails.
func (t tx) together(group []*job) error {
	for _, j := range group {
		if j.err = j.work(t); j.err != nil {
			if t.ended() {
				return j.err
			}
			return errMember
		}
	}
	return nil
}

// apart runs each member in a savepoint of its own.
func (t tx) apart(group []*job) (fatal error) {
	for _, j := range group {
		if j.err, fatal = t.member(j.work); fatal != nil {
			return fatal
		}
	}
	return nil
}

// member runs one caller's work in a savepoint of its own. A fatal error is one that the savepoint could not contain.
func (t tx) member(work func(tx) error) (err, fatal error) {
	if _, fatal := t.exec(`SAVEPOINT member`); fatal != nil {
		return nil, fatal
	}
	if err = work(t); err != nil {
		if t.ended() {
			return nil, err
		}
		if _, fatal := t.exec(`ROLLBACK TO member`); fatal != nil {
			return nil, errors.Join(err, fatal)
		}
	}
	_, fatal = t.exec(`RELEASE member`)
	return err, fatal
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

// ofTheFile reports an error that is none of what a member asked for. SQLite leaves the transaction open for it where it could
// undo the statement alone, so that it comes as a member's own.
func ofTheFile(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && e.Code != sqlite3.ErrConstraint && e.Code != sqlite3.ErrError
}

// explain names the file, and the product's word for a lock that did not go away.
func (s *Store) explain(err error) error { return explain(s.path, err) }

func explain(path string, err error) error {
	if busy(err) {
		return fmt.Errorf("database %s: another program holds it locked: %w: %w", path, newsletter.ErrBusy, err)
	}
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		if e.SystemErrno == syscall.ENOSPC { // SQLite calls it an error of the disk in some places
			e.Code = sqlite3.ErrFull
		}
		switch e.Code {
		case sqlite3.ErrFull:
			return fmt.Errorf("database %s: %w: %w", path, ErrFull, err)
		case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrNotADB, sqlite3.ErrCorrupt, sqlite3.ErrIoErr, sqlite3.ErrPerm:
			return fmt.Errorf("database %s: %w: %w", path, ErrUnusable, err)
		}
	}
	return fmt.Errorf("database %s: %w", path, err)
}
