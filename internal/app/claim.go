package app

import (
	"context"
	"errors"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
)

// IsCopy reports an error of a data folder that does not send because it is a copy.
func IsCopy(err error) bool {
	_, ok := errors.AsType[sqlite.Copy](err)
	return ok
}

// A Claimable is a copy as it knows itself. What the folder that it was copied from did since is not known here.
type Claimable struct {
	Why      string
	Made     time.Time                        // when facteur backup made it; zero where that is not known
	Latest   time.Time                        // the last try at a letter that it knows of; zero: none
	Letters  map[newsletter.DeliveryState]int // all, by state
	Editions []newsletter.Edition             // with letters to leave, the latest first
	Slots    []PassedSlot                     // due since, and decided elsewhere or nowhere
}

// A PassedSlot is a slot that a claim passes over.
type PassedSlot struct {
	Newsletter newsletter.Newsletter
	Slot       newsletter.Slot
}

// Copy tells what this folder knows if it is a copy; false when it is the one that sends.
func (a *App) Copy(ctx context.Context) (c Claimable, is bool, err error) {
	err = a.Store.IsCopy(ctx)
	why, is := errors.AsType[sqlite.Copy](err)
	if !is {
		return c, false, err
	}
	c.Why, c.Made = why.Why, why.Made
	if c.Latest, err = a.Store.LastAttempt(ctx); err != nil {
		return c, true, err
	}
	if c.Letters, err = a.Store.OutboxCounts(ctx); err != nil {
		return c, true, err
	}
	all, err := a.Store.Editions(ctx, "", -1)
	if err != nil {
		return c, true, err
	}
	for _, e := range all {
		if e.State == newsletter.EditionQueueing || e.State == newsletter.EditionSending {
			c.Editions = append(c.Editions, e)
		}
	}
	for _, n := range a.Newsletters {
		slots, err := a.slotsSince(ctx, n)
		if err != nil {
			return c, true, err
		}
		for _, s := range slots {
			c.Slots = append(c.Slots, PassedSlot{n, s.Slot})
		}
	}
	return c, true, nil
}

// slotsSince are the slots that were due since the last one that is known here.
func (a *App) slotsSince(ctx context.Context, n newsletter.Newsletter) ([]digest.ScheduledSlot, error) {
	since, err := a.Desk.Since(ctx, n)
	if errors.Is(err, newsletter.ErrNotFound) { // a newsletter that is new in the settings
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return a.due(n, since, a.options.Now()), nil
}

// Claim makes this folder the one that sends. Slots due meanwhile are passed over: whether they brought an edition is not
// known here, and nobody may get one twice. newsletter.ErrBusy: a program sends from here, so that there is nothing to claim.
func (a *App) Claim(ctx context.Context) (err error) {
	lock, err := sqlite.LockSender(a.Config.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	for _, n := range a.Newsletters {
		slots, err := a.slotsSince(ctx, n)
		if err != nil {
			return err
		}
		if err := a.Desk.PassOver(ctx, n, slots, a.options.Now()); err != nil {
			return err
		}
	}
	return a.Store.Claim(ctx)
}
