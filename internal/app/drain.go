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

// Drain sends until nothing is due. Beside a running sender it follows that one's progress instead. progress may be
// nil; it is called from several goroutines.
func (a *App) Drain(ctx context.Context, progress func(outbox.Tally)) (d Drained, err error) {
	lock, err := sqlite.LockSender(a.Config.Data)
	if errors.Is(err, newsletter.ErrBusy) {
		return a.follow(ctx, progress)
	}
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	sender, err := a.sender()
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

// follow watches another sender until nothing is due.
func (a *App) follow(ctx context.Context, progress func(outbox.Tally)) (Drained, error) {
	d := Drained{Followed: true}
	before, err := a.Store.OutboxCounts(ctx)
	if err != nil {
		return d, err
	}
	for {
		busy, err := a.Store.Busy(ctx, a.options.Now())
		if err != nil {
			return d, err
		}
		if d.Left, err = a.Store.OutboxCounts(ctx); err != nil {
			return d, err
		}
		d.Tally = outbox.Tally{
			Sent: d.Left[newsletter.Sent] - before[newsletter.Sent], Failed: d.Left[newsletter.Failed] - before[newsletter.Failed],
			Deferred: max(0, d.Left[newsletter.Deferred]-before[newsletter.Deferred]),
			Expired:  d.Left[newsletter.Expired] - before[newsletter.Expired], Unknown: d.Left[newsletter.Unknown] - before[newsletter.Unknown],
		}
		if !busy {
			return d, nil
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
