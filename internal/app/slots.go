package app

import (
	"context"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

const (
	// heartbeat bounds a sleep: a timer stands still while the machine sleeps and does not see its clock being set.
	heartbeat = time.Minute
	// again is the wait after a slot could not be decided.
	again = time.Minute
	// missedMost bounds what a long absence is made to say: of more missed slots than this the oldest get no record.
	missedMost = 366
)

// watchSlots decides a newsletter's slots as they come due, those first that were missed while the program was off. An
// error never ends the program: it is tried again, stands in the slot's record and notice, and is said in the log once
// as long as it stays the same.
func (a *App) watchSlots(ctx context.Context, n newsletter.Newsletter) error {
	said := ""
	for {
		wait, err := a.decideDue(ctx, n)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			if said != err.Error() {
				a.options.Log.ErrorContext(ctx, "a slot could not be decided", "newsletter", n.Name, "error", err, "again_in", again)
			}
			said = err.Error()
			wait = a.options.Now().Add(again)
		} else {
			said = ""
		}
		if !a.sleepUntil(ctx, wait) {
			return nil
		}
	}
}

// decideDue decides what is due and returns when the next slot is.
func (a *App) decideDue(ctx context.Context, n newsletter.Newsletter) (time.Time, error) {
	since, err := a.Desk.Since(ctx, n)
	if err != nil {
		return time.Time{}, err
	}
	now, spec := a.options.Now(), a.times[n.Name]
	due := a.due(n, since, now)
	if len(due) == 0 {
		_, next := spec.After(since, n.Zone)
		return next, nil
	}
	records, err := a.Desk.Missed(ctx, n, due, now)
	for _, r := range records {
		a.options.Log.InfoContext(ctx, "slot", "newsletter", n.Name, "slot", r.Slot, "state", r.State, "edition", r.Edition, "reason", r.Reason)
	}
	if err != nil {
		return time.Time{}, err
	}
	_, next := spec.After(due[len(due)-1].Slot, n.Zone)
	return next, nil
}

// due lists a newsletter's slots after one and up to now, the latest missedMost of them.
func (a *App) due(n newsletter.Newsletter, since newsletter.Slot, now time.Time) (due []digest.ScheduledSlot) {
	for slot, at := range a.times[n.Name].Between(since, now, n.Zone) {
		if len(due) == missedMost {
			due = due[1:]
		}
		_, next := a.times[n.Name].After(slot, n.Zone)
		due = append(due, digest.ScheduledSlot{Slot: slot, Due: at, Next: next})
	}
	return due
}

// sleepUntil waits until the clock shows t; false when ctx ended the wait.
func (a *App) sleepUntil(ctx context.Context, t time.Time) bool {
	for {
		left := t.Sub(a.options.Now())
		if left <= 0 {
			return ctx.Err() == nil
		}
		timer := time.NewTimer(min(left, heartbeat))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return false
		}
	}
}
