package sqlite

import "sync"

// changes tells waiters that something was committed, here or by another program.
type changes struct {
	mu      sync.Mutex
	current chan struct{}
}

// Changed returns a channel that is closed at the next commit but those that bring nothing about. Take it before looking at the state that is waited
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

// othersCommitted reports whether another connection committed since version was read, and reads it anew: a
// connection's data_version changes by the commits of others only.
func (t tx) othersCommitted(version *int64) bool {
	last := *version
	if err := t.row(`PRAGMA data_version`).Scan(version); err != nil {
		return false // whoever reads or writes next meets the same error and reports it
	}
	return *version != last
}
