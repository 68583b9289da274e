package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// A progress tells how far long work has come: one line that is redrawn on a terminal, a plain line each minute
// elsewhere. It may be told from several goroutines.
type progress struct {
	w        io.Writer
	terminal *screen // nil: elsewhere
	now      func() time.Time

	mu   sync.Mutex
	last time.Time
	seen []sample // the latest ones, the oldest first
}

// A sample is how far the work had come at an instant.
type sample struct {
	at      time.Time
	done, n int64
}

const (
	redraw       = 100 * time.Millisecond // often enough for eyes
	again        = time.Minute            // seldom enough for a log
	recent       = 10 * time.Second       // over which a rate is taken
	often        = time.Second            // between two samples
	width        = 20                     // characters of a bar
	columnsLeast = 79                     // columns of the narrowest terminal: a longer line cannot be redrawn
)

func (s *shell) progress() *progress {
	terminal, _ := s.Stderr.(*screen)
	return &progress{w: s.Stderr, terminal: terminal, now: s.Now, last: s.Now(), seen: []sample{{at: s.Now()}}}
}

// A headway is how far work has come.
type headway struct {
	done, whole int64 // whole 0: nobody knows
	n           int   // of what is counted for people, such as lines where done is bytes
	what        string
	besides     string        // what else is to be told
	least       time.Duration // that it takes at least, whatever the rate is
	waits       string        // instead of the time that is left: what it waits for
}

// bar draws how much of a whole is done, with the rate of the last seconds and the time that is left.
func (p *progress) bar(h headway) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sample(h)
	if !p.time() {
		return
	}
	first := p.seen[0]
	took := p.now().Sub(first.at)
	rate := 0.0
	if took > 0 {
		rate = float64(int64(h.n)-first.n) / took.Seconds()
	}
	var parts []string
	if h.whole > 0 {
		share := min(h.done, h.whole)
		part := fmt.Sprintf("%d %%", share*100/h.whole)
		if full := int(share * width / h.whole); p.terminal != nil {
			part = fmt.Sprintf("[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", width-full), part)
		}
		parts = append(parts, part)
	}
	parts = append(parts, fmt.Sprintf("%d %s", h.n, h.what))
	if h.waits == "" || rate >= 1 {
		parts = append(parts, fmt.Sprintf("%.0f/s", rate))
	}
	switch moved := h.done - first.done; {
	case h.waits != "":
		parts = append(parts, h.waits)
	case h.whole > 0 && moved > 0:
		left := time.Duration(float64(took) * float64(max(0, h.whole-h.done)) / float64(moved))
		if left <= h.least || h.least == 0 {
			parts = append(parts, span(max(left, h.least))+" left")
			break
		}
		fallthrough // a pace comes in bursts: a rate between two says nothing
	case h.least > 0:
		parts = append(parts, "at least "+span(h.least)+" left")
	}
	if h.besides != "" { // last: a narrow terminal cuts it off
		parts = append(parts, h.besides)
	}
	p.write(strings.Join(parts, ", "))
}

// sample remembers how far the work is, and forgets what is too long ago to say anything about its rate.
func (p *progress) sample(h headway) {
	now := p.now()
	for len(p.seen) > 1 && now.Sub(p.seen[1].at) >= recent {
		p.seen = p.seen[1:]
	}
	if now.Sub(p.seen[len(p.seen)-1].at) >= often {
		p.seen = append(p.seen, sample{now, h.done, int64(h.n)})
	}
}

// span writes a length of time as precisely as somebody who waits wants to know it.
func span(d time.Duration) string {
	if d < time.Hour {
		return d.Round(time.Second).String()
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
}

// begin says on a terminal what takes a moment. Elsewhere nobody waits for it.
func (p *progress) begin(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal != nil {
		p.write(what)
	}
}

func (p *progress) tell(format string, values ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.time() {
		p.write(fmt.Sprintf(format, values...))
	}
}

// time reports that a line is due, and counts it as written.
func (p *progress) time() bool {
	every := again
	if p.terminal != nil {
		every = redraw
	}
	now := p.now()
	if now.Sub(p.last) < every {
		return false
	}
	p.last = now
	return true
}

func (p *progress) write(line string) {
	if p.terminal != nil {
		p.terminal.draw(clip(line, columnsLeast))
		return
	}
	_, _ = io.WriteString(p.w, line+"\n") // progress that cannot be shown stops no work
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal != nil {
		_, _ = p.terminal.Write(nil)
	}
}

// A screen is a terminal with at most one line that is redrawn. Whatever else is written there takes its place: the log has
// lines of its own while work goes on.
type screen struct {
	w io.Writer

	mu    sync.Mutex
	drawn bool
}

const wipe = "\r\x1b[K"

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drawn {
		s.drawn = false
		if _, err := io.WriteString(s.w, wipe); err != nil {
			return 0, err
		}
	}
	if len(p) == 0 {
		return 0, nil
	}
	return s.w.Write(p)
}

// draw shows a line in the place of the one before.
func (s *screen) draw(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn = true
	_, _ = io.WriteString(s.w, wipe+line) // progress that cannot be shown stops no work
}
