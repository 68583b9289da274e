package subscription

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// LinkLife is how long a link lives that more depends on than a letter more or less.
const LinkLife = 30 * time.Minute

// follow reads a link that was made for a purpose. One that is not ours, and one of a proof, which is nobody's, is
// [newsletter.ErrNotFound]; one that is older than its life, unless that is 0, is [newsletter.ErrState]. So is one from
// further ahead than it could live: it was made before the clock was set back, and nobody knows how long ago.
func (r *Register) follow(text string, purpose token.Purpose, life time.Duration) (token.Token, error) {
	link, err := r.Keys.Verify(text, purpose)
	if err != nil {
		return link, fmt.Errorf("read a link: %w: %w", newsletter.ErrNotFound, err)
	}
	if link.Subscription == 0 {
		return link, fmt.Errorf("the link stands in a proof: %w", newsletter.ErrNotFound)
	}
	if now := r.Now(); life > 0 && (link.Expired(now, life) || link.Time.After(now.Add(life))) {
		return link, fmt.Errorf("the link is too old: %w", newsletter.ErrState)
	}
	return link, nil
}

// handle is what a step of the store needs of a link.
func handle(link token.Token) Handle {
	return Handle{Subscription: link.Subscription, Epoch: link.Epoch}
}

// holder finds whose a link is. One that is too old, or that another act made worthless, is [newsletter.ErrState], and
// its holder is told all the same: the answer is in their language.
func (r *Register) holder(ctx context.Context, text string, purpose token.Purpose, life time.Duration) (newsletter.Subscription, error) {
	link, old := r.follow(text, purpose, life)
	if old != nil && !errors.Is(old, newsletter.ErrState) {
		return newsletter.Subscription{}, old
	}
	s, err := r.Store.Subscription(ctx, link.Subscription)
	switch {
	case old != nil:
		return s, old
	case errors.Is(err, newsletter.ErrNotFound) || err == nil && (s.Epoch != link.Epoch || s.Subscriber.Address == ""):
		return s, fmt.Errorf("the link to subscription %d was overtaken: %w", link.Subscription, newsletter.ErrState)
	case err != nil:
		return newsletter.Subscription{}, fmt.Errorf("find subscription %d: %w", link.Subscription, err)
	}
	return s, nil
}

// link signs a link to a subscription as it stands.
func (r *Register) link(purpose token.Purpose, s newsletter.Subscription) string {
	return r.Keys.Sign(token.Token{Purpose: purpose, Subscription: s.ID, Epoch: s.Epoch, Time: r.Now()})
}

// checkPause refuses a pause that is over before it begins, and one that is a leave in disguise.
func (r *Register) checkPause(until time.Time) error {
	switch now := r.Now(); {
	case !until.After(now):
		return invalid(errors.New("the pause ends before it begins: give a day to come"))
	case until.After(now.AddDate(1, 0, 0)):
		return invalid(errors.New("the pause is longer than a year: give a nearer day"))
	}
	return nil
}
