package subscription

import (
	"context"
	"errors"
	"fmt"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// PurgePending forgets sign-ups that were not confirmed in time, and all that came with them. What is left of them in
// files goes with the next [Register.Clean].
func (r *Register) PurgePending(ctx context.Context) error {
	until := r.Now().Add(-r.Rules.Pending)
	return r.inBatches(ctx, "forget sign-ups that were not confirmed", func() (bool, error) {
		return r.Store.PurgePending(ctx, until, batch)
	})
}

// Remind asks once more, and only once, those who did not confirm yet.
func (r *Register) Remind(ctx context.Context) error {
	if r.Rules.Reminder <= 0 {
		return nil
	}
	until := r.Now().Add(-r.Rules.Reminder)
	var after int64
	var unreadable []error
	err := r.inBatches(ctx, "remind of sign-ups", func() (bool, error) {
		some, err := r.Store.Unreminded(ctx, until, after, batch)
		for _, one := range some {
			if err == nil {
				err = r.remind(ctx, one)
			}
			if errors.Is(err, newsletter.ErrInvalid) { // one that cannot be read keeps nobody else from theirs
				unreadable, err = append(unreadable, err), nil
			}
			after = one.ID
		}
		return len(some) == batch, err
	})
	return errors.Join(append(unreadable, err)...)
}

func (r *Register) remind(ctx context.Context, one Requested) error {
	who, err := address.Parse(one.Subscriber.Address)
	if err != nil {
		return fmt.Errorf("remind of subscription %d, whose address cannot be read: %w", one.ID, invalid(err))
	}
	reminder := Renewal{Subscription: one.ID, Now: r.Now(), Letters: r.lettersTo(who)}
	err = r.writing(ctx, func() error { return r.Store.Remind(ctx, reminder) })
	if errors.Is(err, newsletter.ErrState) || errors.Is(err, newsletter.ErrNotFound) { // confirmed or forgotten meanwhile
		return nil
	}
	return err
}

// Sweep forgets what the guards of the sign-up need no longer.
func (r *Register) Sweep(ctx context.Context) error {
	return r.inBatches(ctx, "sweep the guards of the sign-up", func() (bool, error) {
		return r.Store.SweepSignUps(ctx, r.Now(), batch)
	})
}
