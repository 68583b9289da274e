package app

import (
	"context"
	"sync"
	"time"

	"facteur/internal/outbox"
)

// watched is a way out that remembers since when it has been closed, for those who ask whether the program is ready.
type watched struct {
	outbox.Transport
	now func() time.Time

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

// takesUTF8 reports whether the way out carries addresses that are not ASCII, as far as it is known.
func (w *watched) takesUTF8() bool {
	way, ok := w.Transport.(interface{ TakesUTF8() bool })
	return ok && way.TakesUTF8()
}

// state is one line for everybody. A closed way out is no error: a relay that is away must not take the pages, on which
// readers leave, out of service.
func (w *watched) state(context.Context) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.since.IsZero() {
		return "ready", nil
	}
	return "no way out since " + w.since.UTC().Format(time.RFC3339), nil
}
