package sqlite

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// changes tells waiters that something was committed, here or by another program.
type changes struct {
	mu      sync.Mutex
	current chan struct{}
}

// Changed returns a channel that is closed at the next commit. Take it before looking at the state that is waited
// for, or the commit in between goes unseen.
func (s *Store) Changed() <-chan struct{} {
	s.changes.mu.Lock()
	defer s.changes.mu.Unlock()
	if s.changes.current == nil {
		s.changes.current = make(chan struct{})
	}
	return s.changes.current
}

func (c *changes) notify() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil {
		close(c.current)
		c.current = nil
	}
}

// watchOthers looks for commits of other programs, which PRAGMA data_version shows on a connection that never writes.
func (s *Store) watchOthers(conn *sql.Conn, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var last int64
	for {
		select {
		case <-tick.C:
		case <-s.stop:
			return
		}
		var version int64
		if err := conn.QueryRowContext(context.Background(), `PRAGMA data_version`).Scan(&version); err != nil {
			continue // whoever reads or writes next meets the same error and reports it
		}
		if version != last { // the first look too: somebody may have committed since this store was opened
			s.changes.notify()
		}
		last = version
	}
}
