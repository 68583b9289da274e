package transport

import (
	"context"
	"slices"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// A round is one Carry: the hands that the caller lends, and the outcomes that are not durable yet.
type round struct {
	next   outbox.Next
	beside outbox.Next
	step   outbox.Step
	lull   time.Duration // how long outcomes wait for the next letter
	idle   time.Duration // how long to wait for a letter at all; 0 is without end
	done   []newsletter.Settled
}

// mostDone is how many outcomes may be at hand. More than one gather only while no letter is marked, that is while each
// is refused before its content: few, for whoever decides to ask no more of a server that refuses everything must hear of it soon,
// and an edition that is held for that is held with the step.
const mostDone = 4

// take waits for the next letter. When that takes longer than a lull, or when many outcomes are at hand, they are made
// durable first. It returns false when the round is over: nothing is to come, idle is over, or ctx is done.
func (r *round) take(ctx context.Context) (newsletter.Parcel, bool, error) {
	if n := len(r.done); n > 0 {
		if n < mostDone {
			if p, ok := await(ctx, r.next, r.lull); ok {
				return p, true, nil
			}
		}
		if err := r.flush(ctx); err != nil {
			return newsletter.Parcel{}, false, err
		}
	}
	p, ok := await(ctx, r.next, r.idle)
	return p, ok, nil
}

func await(ctx context.Context, next outbox.Next, limit time.Duration) (newsletter.Parcel, bool) {
	if ctx.Err() != nil {
		return newsletter.Parcel{}, false
	}
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return next(ctx)
}

// companion is a letter to travel with another, where one is at hand.
func (r *round) companion(ctx context.Context) (newsletter.Parcel, bool) {
	if ctx.Err() != nil {
		return newsletter.Parcel{}, false
	}
	return r.beside(ctx)
}

// begin marks p, together with the outcomes at hand. It returns false when p may not go.
func (r *round) begin(ctx context.Context, p newsletter.Parcel) (bool, error) {
	refused, err := r.commit(ctx, []newsletter.Parcel{p})
	stands := func(other newsletter.Parcel) bool { return other.Delivery == p.Delivery }
	return err == nil && !slices.ContainsFunc(refused, stands), err
}

// flush makes the outcomes at hand durable on their own.
func (r *round) flush(ctx context.Context) error {
	if len(r.done) == 0 {
		return nil
	}
	_, err := r.commit(ctx, nil)
	return err
}

// commit steps. What was sent must be recorded, so it does so even when ctx is done; after an error the outcomes stay
// at hand for another try.
func (r *round) commit(ctx context.Context, begin []newsletter.Parcel) ([]newsletter.Parcel, error) {
	refused, err := r.step(context.WithoutCancel(ctx), r.done, begin)
	if err == nil {
		r.done = r.done[:0]
	}
	return refused, err
}

// settle keeps what came of p for the next step.
func (r *round) settle(p newsletter.Parcel, started time.Time, stage newsletter.Stage, reply newsletter.Reply) {
	attempt := newsletter.Attempt{Started: started, Ended: time.Now(), Stage: stage, Reply: reply}
	r.done = append(r.done, newsletter.Settled{Delivery: p.Delivery, Attempt: attempt})
}
