package app

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"facteur/internal/outbox"
)

// lookout looks after the ways out.
type lookout []*watched

// watchOver looks after each way out.
func watchOver(ways []outbox.Relay, now func() time.Time) lookout {
	w := make(lookout, len(ways))
	for i := range ways {
		w[i] = &watched{Transport: ways[i].Transport, name: ways[i].Name, share: ways[i].Share, now: now}
		ways[i].Transport = w[i]
	}
	return w
}

// takesUTF8 reports whether each way out that has a share carries addresses that are not ASCII, as far as it is known: a letter may leave by any.
func (w lookout) takesUTF8() bool {
	for _, one := range w {
		if way, ok := one.Transport.(interface{ TakesUTF8() bool }); one.share > 0 && (!ok || !way.TakesUTF8()) {
			return false
		}
	}
	return true
}

// state is one line for everybody. A closed way out is no error: a relay that is away must not take the pages, on which
// readers leave, out of service. Which of several is closed is said, their addresses are not.
func (w lookout) state(context.Context) (string, error) {
	var closed []string
	var last time.Time
	for _, one := range w {
		if since := one.closed(); !since.IsZero() {
			closed = append(closed, fmt.Sprintf("%s has been closed since %s", one.name, since.UTC().Format(time.RFC3339)))
			if since.After(last) {
				last = since
			}
		}
	}
	switch len(closed) {
	case 0:
		return "ready", nil
	case len(w):
		return "no way out since " + last.UTC().Format(time.RFC3339), nil
	default:
		return "ready; " + strings.Join(closed, ", "), nil
	}
}

// watched is a way out that remembers since when it has been closed, for those who ask whether the program is ready.
type watched struct {
	outbox.Transport
	name  string
	share int
	now   func() time.Time

	mu    sync.Mutex
	since time.Time // zero: it was open at the last try
}

func (w *watched) Open(ctx context.Context) (outbox.Courier, error) {
	courier, err := w.Transport.Open(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err == nil:
		w.since = time.Time{}
	case w.since.IsZero() && ctx.Err() == nil:
		w.since = w.now()
	}
	return courier, err
}

func (w *watched) closed() (since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.since
}
