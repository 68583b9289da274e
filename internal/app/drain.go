package app

import (
	"context"
	"errors"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/sqlite"
)

// Drained is what came of emptying the outbox.
type Drained struct {
	outbox.Tally
	Followed bool                             // another program sends from this folder: its progress was watched instead
	Left     map[newsletter.DeliveryState]int // the outbox afterwards, by state
}

// Drain sends until nothing is due. Beside a running sender it follows that one's progress instead, and takes its place
// when it ends with letters still due. progress may be nil; it is called from several goroutines.
func (a *App) Drain(ctx context.Context, progress func(outbox.Tally)) (Drained, error) {
	var watch *watch
	for {
		lock, err := a.Store.LockSender(ctx)
		if err == nil {
			return a.drain(ctx, lock, progress)
		}
		if !errors.Is(err, newsletter.ErrBusy) {
			return Drained{}, err
		}
		if watch == nil {
			if watch, err = a.watch(ctx); err != nil {
				return Drained{}, err
			}
		}
		d, busy, err := watch.look(ctx)
		if err != nil || !busy {
			return d, err
		}
		if progress != nil {
			progress(d.Tally)
		}
		select {
		case <-time.After(time.Second): // counting a million letters at each commit would slow the sender down
		case <-ctx.Done():
			return d, ctx.Err()
		}
	}
}

// drain sends as the holder of the lock, and gives it back.
func (a *App) drain(ctx context.Context, lock *sqlite.SenderLock, progress func(outbox.Tally)) (d Drained, err error) {
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	sender, _, err := a.sender()
	if err != nil {
		return d, err
	}
	sender.UntilIdle, sender.Progress = true, progress
	if d.Tally, err = sender.Run(ctx); err != nil {
		return d, err
	}
	d.Left, err = a.Store.OutboxCounts(ctx)
	return d, err
}

// A watch follows another program's sender from outside.
type watch struct {
	*App
	before map[newsletter.DeliveryState]int
}

func (a *App) watch(ctx context.Context) (*watch, error) {
	before, err := a.Store.OutboxCounts(ctx)
	return &watch{App: a, before: before}, err
}

// look counts what has changed since the watch began; busy says whether the sender still owes anything.
func (w *watch) look(ctx context.Context) (d Drained, busy bool, err error) {
	d.Followed = true
	if busy, err = w.Store.Busy(ctx, w.options.Now()); err != nil {
		return d, false, err
	}
	if d.Left, err = w.Store.OutboxCounts(ctx); err != nil {
		return d, false, err
	}
	more := func(state newsletter.DeliveryState) int { return max(0, d.Left[state]-w.before[state]) }
	d.Tally = outbox.Tally{
		Sent: more(newsletter.Sent), Deferred: more(newsletter.Deferred), Failed: more(newsletter.Failed),
		Expired: more(newsletter.Expired), Unknown: more(newsletter.Unknown),
	}
	return d, busy, nil
}
