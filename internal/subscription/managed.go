package subscription

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// managed follows a managing link to its reader. One that is too old, or was overtaken by another act, is
// [newsletter.ErrState], and the reader is told all the same; one that is not ours is [newsletter.ErrNotFound].
func (r *Register) managed(ctx context.Context, text string) (newsletter.Subscriber, error) {
	const life = 30 * time.Minute
	link, err := r.Keys.Verify(text, token.Manage)
	if err != nil {
		return newsletter.Subscriber{}, fmt.Errorf("read a managing link: %w: %w", newsletter.ErrNotFound, err)
	}
	if link.Expired(r.Now(), life) {
		return newsletter.Subscriber{}, fmt.Errorf("a managing link of %s: too old: %w", link.Time.Format(time.RFC3339), newsletter.ErrState)
	}
	s, err := r.Store.Subscription(ctx, link.Subscription)
	if errors.Is(err, newsletter.ErrNotFound) {
		return newsletter.Subscriber{}, fmt.Errorf("a managing link: nobody is known there any more: %w", newsletter.ErrState)
	}
	if err != nil {
		return newsletter.Subscriber{}, fmt.Errorf("find subscription %d: %w", link.Subscription, err)
	}
	if s.Epoch != link.Epoch {
		return s.Subscriber, fmt.Errorf("a managing link: another act came after it: %w", newsletter.ErrState)
	}
	return s.Subscriber, nil
}
