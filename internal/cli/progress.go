package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// A progress tells how far long work has come: one line that is redrawn on a terminal, a plain line now and then
// elsewhere. It may be told from several goroutines.
type progress struct {
	w        io.Writer
	terminal bool
	now      func() time.Time

	began time.Time
	every time.Duration // between two lines where there is no terminal

	mu    sync.Mutex
	last  time.Time
	drawn bool
}

const (
	redraw = 100 * time.Millisecond // often enough for eyes
	again  = 10 * time.Second       // seldom enough for a log
	slow   = time.Minute            // for work that may take long
	width  = 20                     // characters of a bar
)

func (s *shell) progress() *progress {
	return &progress{w: s.Stderr, terminal: s.ErrTerminal, now: s.Now, began: s.Now(), every: again, last: s.Now()}
}

// slowly has a line once a minute where there is no terminal.
func (p *progress) slowly() *progress {
	p.every = slow
	return p
}

// bar draws how much of a known whole is done, with the rate of what is counted and the time that is left; of an
// unknown whole (0) only the rate.
func (p *progress) bar(done, whole int64, n int, what string) {
	took := p.now().Sub(p.began)
	rate := 0.0
	if took > 0 {
		rate = float64(n) / took.Seconds()
	}
	if whole <= 0 || done <= 0 {
		p.tell("%d %s, %.0f a second", n, what, rate)
		return
	}
	done = min(done, whole)
	left := time.Duration(float64(took) * float64(whole-done) / float64(done)).Round(time.Second)
	full := int(done * width / whole)
	p.tell("[%s%s] %d %%, %d %s, %.0f a second, %s left",
		strings.Repeat("#", full), strings.Repeat(".", width-full), done*100/whole, n, what, rate, left)
}

func (p *progress) tell(format string, values ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	every := p.every
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
