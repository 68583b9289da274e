package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/sqlite"
)

// Drained is how far emptying the outbox has come.
type Drained struct {
	outbox.Tally
	Outlook
	Followed bool          // another program sends from this folder: its progress is watched instead
	AtLeast  time.Duration // that the rest takes at the pace of the settings
}

// Patience is how long somebody sits and watches a sender that waits: a provider that is left alone for a short time, and
// the wait behind an edition's first letters, are over by then.
const Patience = 15 * time.Minute

// Drain sends until nothing is due. Beside a running sender it follows that one's progress instead, for as long as something
// leaves within Patience, and takes its place when it ends with letters still due. progress is called every second or so, one
// call at a time. Stopped by ctx it tells how far it came, without an error.
func (a *App) Drain(ctx context.Context, progress func(Drained)) (Drained, error) {
	var follow *watch
	for {
		lock, err := a.Store.LockSender(ctx)
		if err == nil {
			return a.drain(ctx, lock, progress)
		}
		if !errors.Is(err, newsletter.ErrBusy) {
			return Drained{}, err
		}
		if follow == nil {
			if follow, err = a.follow(ctx); err != nil {
				return Drained{}, err
			}
		}
		d, rest, err := follow.look(context.WithoutCancel(ctx))
		if err != nil || !d.Leaves(a.options.Now().Add(Patience)) {
			return d, err
		}
		progress(d)
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return d, nil
		}
	}
}

// drain sends as the holder of the lock, and gives it back.
func (a *App) drain(ctx context.Context, lock *sqlite.SenderLock, progress func(Drained)) (d Drained, err error) {
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	sender, _, err := a.sender()
	if err != nil {
		return d, err
	}
	sender.UntilIdle = true
	own := &tally{}
	sender.Progress = own.set
	watching, stop := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	if progress != nil {
		watcher.Go(func() { (&watch{App: a, tally: own.get}).tell(watching, progress) })
	}
	d.Tally, err = sender.Run(ctx)
	stop()
	watcher.Wait()
	if err != nil {
		return d, err
	}
	d.Outlook, err = a.Outlook(context.WithoutCancel(ctx)) // who stops it asks what is left, too
	return d, err
}

// A tally is handed from the sender to who watches it.
type tally struct {
	mu sync.Mutex
	outbox.Tally
}

func (t *tally) set(now outbox.Tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Tally = now
}

func (t *tally) get(context.Context) (outbox.Tally, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.Tally, nil
}

// A watch looks at a sender from outside.
type watch struct {
	*App
	tally    func(context.Context) (outbox.Tally, error)
	followed bool
}

// follow watches the sender of another program, by the tries that are recorded from now on.
func (a *App) follow(ctx context.Context) (*watch, error) {
	_, last, err := a.Store.Tried(ctx, -1)
	if err != nil {
		return nil, err
	}
	var sum outbox.Tally
	return &watch{App: a, followed: true, tally: func(ctx context.Context) (outbox.Tally, error) {
		states, latest, err := a.Store.Tried(ctx, last)
		for state, n := range states {
			sum.Add(state, n)
		}
		last = latest
		return sum, err
	}}, nil
}

const (
	watchEvery = time.Second // often enough for eyes
	watchShare = 20          // of the time at most one part goes into counting: a million letters take the sender's processor
)

// look says how far the sender has come, and how long to wait before the next look.
func (w *watch) look(ctx context.Context) (d Drained, rest time.Duration, err error) {
	began := w.options.Now()
	d.Followed = w.followed
	if d.Outlook, err = w.Outlook(ctx); err != nil {
		return d, 0, err
	}
	if d.AtLeast, err = w.atLeast(d.Outlook); err != nil {
		return d, 0, err
	}
	d.Tally, err = w.tally(ctx)
	return d, max(watchEvery, watchShare*w.options.Now().Sub(began)), err
}

// tell tells of the sender until ctx is done. A look that fails is left out: watching stops no work.
func (w *watch) tell(ctx context.Context, progress func(Drained)) {
	rest := watchEvery
	for {
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return
		}
		d, wait, err := w.look(ctx)
		if err == nil {
			progress(d)
		}
		rest = max(wait, watchEvery)
	}
}
