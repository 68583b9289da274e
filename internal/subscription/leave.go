package subscription

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Standing is what a leave link is about.
type Standing struct {
	Newsletter string // name; empty for a proof, and where the subscription is no longer on record
	State      newsletter.SubscriptionState
	Proof      bool      // the link stands in a proof, or in an archived edition: it is nobody's
	Undo       string    // token by which this very leave can be taken back; only in the answer to it
	Until      time.Time // end of a pause
}

// Gone reports that there is nothing left to leave.
func (s Standing) Gone() bool { return s.State == newsletter.Unsubscribed }

// Look tells what a leave link is about and changes nothing. A link that is not ours is [newsletter.ErrNotFound].
func (r *Register) Look(ctx context.Context, text string) (Standing, error) {
	_, standing, err := r.look(ctx, text)
	return standing, err
}

// Leave ends the subscription that a link is about, at once, and tells how it stands then. Only the answer to the very
// leave that ended it can take it back. Done twice, it changes nothing more. The link of a proof changes nothing at all.
// A link that is not ours is [newsletter.ErrNotFound].
func (r *Register) Leave(ctx context.Context, text, origin string) (Standing, error) {
	id, standing, err := r.look(ctx, text)
	if err != nil || standing.Proof || standing.Gone() {
		return standing, err
	}
	withdrawn := newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: r.Now(), Origin: origin}
	left, err := r.Store.Leave(ctx, id, withdrawn)
	if err != nil && !errors.Is(err, newsletter.ErrNotFound) {
		return Standing{}, fmt.Errorf("leave subscription %d: %w", id, err)
	}
	standing.State, standing.Until = newsletter.Unsubscribed, time.Time{}
	if left {
		standing.Undo = r.undo(ctx, id)
	}
	return standing, nil
}

// undo signs the link by which a leave just made can be taken back. The leave is made, whatever becomes of this: without
// it there is nothing to offer.
func (r *Register) undo(ctx context.Context, id int64) string {
	s, err := r.Store.Subscription(ctx, id)
	if err != nil || s.State != newsletter.Unsubscribed {
		return ""
	}
	return r.link(token.Undo, s)
}

// look follows a link, of any epoch, to its subscription. Subscription 0 is that of a proof's links. One that is no longer
// on record receives nothing, which is all that its person wants to know: it stands as one that has left.
func (r *Register) look(ctx context.Context, text string) (int64, Standing, error) {
	link, err := r.Keys.Verify(text, token.Leave)
	if err != nil {
		return 0, Standing{}, fmt.Errorf("read a leave link: %w: %w", newsletter.ErrNotFound, err)
	}
	id := link.Subscription
	if id == 0 {
		return 0, Standing{Proof: true}, nil
	}
	s, err := r.Store.Subscription(ctx, id)
	if errors.Is(err, newsletter.ErrNotFound) {
		return id, Standing{State: newsletter.Unsubscribed}, nil
	}
	if err != nil {
		return id, Standing{}, fmt.Errorf("find subscription %d: %w", id, err)
	}
	return id, Standing{Newsletter: s.Newsletter, State: s.State, Until: s.Until}, nil
}
