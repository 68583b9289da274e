package cli

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// A progress tells how far long work has come: one line that is redrawn on a terminal, a plain line now and then
// elsewhere. It may be told from several goroutines.
type progress struct {
	w        io.Writer
	terminal bool
	now      func() time.Time

	mu    sync.Mutex
	last  time.Time
	drawn bool
}

const (
	redraw = 100 * time.Millisecond // often enough for eyes
	again  = 10 * time.Second       // seldom enough for a log
)

func (s *shell) progress() *progress {
	return &progress{w: s.Stderr, terminal: s.ErrTerminal, now: s.Now, last: s.Now()}
}

func (p *progress) tell(format string, values ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	every := again
	if p.terminal {
		every = redraw
	}
	now := p.now()
	if now.Sub(p.last) < every {
		return
	}
	p.last = now
	if p.terminal {
		p.drawn = true
		format = "\r\x1b[K" + format
	} else {
		format += "\n"
	}
	_, _ = fmt.Fprintf(p.w, format, values...) // progress that cannot be shown stops no work
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
	}
}
