package app

import (
	"cmp"
	"context"
	"maps"
	"slices"
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

// watchSlots decides the slots of newsletters that share readers as they come due, those first that were missed while the program was off. An
// error never ends the program, nor does it hold up the others: it is tried again, stands in the slot's record and notice, and is said in the log once
// as long as it stays the same.
func (a *App) watchSlots(ctx context.Context, family []newsletter.Newsletter) error {
	said, waits := make(map[string]string), make(map[string]time.Time)
	for {
		for _, n := range a.dueFirst(ctx, family) {
			if waits[n.Name].After(a.options.Now()) {
				continue
			}
			wait, err := a.decideDue(ctx, n)
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				if said[n.Name] != err.Error() {
					a.options.Log.ErrorContext(ctx, "a slot could not be decided", "newsletter", n.Name, "error", err, "again_in", again)
				}
				said[n.Name], wait = err.Error(), a.options.Now().Add(again)
			} else {
				delete(said, n.Name)
			}
			waits[n.Name] = wait
		}
		if !a.sleepUntil(ctx, slices.MinFunc(slices.Collect(maps.Values(waits)), time.Time.Compare)) {
			return nil
		}
	}
}

// families are the newsletters, those together that share readers: what one brings is news in no other.
func families(all []newsletter.Newsletter) (families [][]newsletter.Newsletter) {
	for _, n := range all {
		i := slices.IndexFunc(families, func(f []newsletter.Newsletter) bool { return slices.Contains(n.Sisters, f[0].Name) })
		if i < 0 {
			families = append(families, []newsletter.Newsletter{n})
		} else {
			families[i] = append(families[i], n)
		}
	}
	return families
}

// dueFirst orders a family by when each has its latest slot that is due. At one minute who recalls what the others brought goes behind them, and those that
// have none, or of which that is not known, go last.
func (a *App) dueFirst(ctx context.Context, family []newsletter.Newsletter) []newsletter.Newsletter {
	if len(family) == 1 {
		return family
	}
	now := a.options.Now()
	at := make(map[string]time.Time, len(family))
	for _, n := range family {
		at[n.Name] = now
		since, err := a.Desk.Since(ctx, n)
		if err != nil {
			continue // and is met again where the slot is decided
		}
		if due := a.due(n, since, now); len(due) > 0 {
			at[n.Name] = due[len(due)-1].Due
		}
	}
	return slices.SortedStableFunc(slices.Values(family), func(one, two newsletter.Newsletter) int {
		return cmp.Or(at[one.Name].Compare(at[two.Name]), turn(one, two))
	})
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
