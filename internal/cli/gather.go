package cli

import (
	"io"
	"sync"
	"time"
)

const (
	gathering  = 5 * time.Millisecond // a line waits no longer for others
	gatherMost = 32 << 10             // bytes of lines that wait
)

// A gatherer writes lines on: one that comes by itself at once, those that come soon after it together. Where letters leave by the thousand, a system
// call for each line, and waking whoever reads it, would take longer than its letter's commit. What waits is lost with a process that is killed.
type gatherer struct {
	to io.Writer

	mu      sync.Mutex
	waiting []byte
	err     error       // of a write that nobody waited for
	timer   *time.Timer // runs while lines wait; nil before the first line
	soon    bool        // a line was written a short time ago
}

func (g *gatherer) Write(line []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.soon && len(g.waiting)+len(line) <= gatherMost {
		g.waiting = append(g.waiting, line...)
		return len(line), g.err
	}
	g.flush()
	g.soon = true
	if g.timer == nil {
		g.timer = time.AfterFunc(gathering, g.rested)
	} else {
		g.timer.Reset(gathering)
	}
	return g.to.Write(line)
}

// rested writes what came in the meantime.
func (g *gatherer) rested() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.soon = len(g.waiting) > 0; g.soon {
		g.flush()
		g.timer.Reset(gathering)
	}
}

func (g *gatherer) flush() {
	if len(g.waiting) > 0 {
		_, g.err = g.to.Write(g.waiting)
		g.waiting = g.waiting[:0]
	}
}

// Close writes what waits. Lines that come later are written at once, or soon.
func (g *gatherer) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.flush()
	return g.err
}
