package subscription

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// Suppress makes an address receive nothing, whatever its subscriptions say. added is false where it was suppressed
// already: that suppression is the one that is told, and it stays as it is.
func (r *Register) Suppress(ctx context.Context, text string, kind newsletter.SuppressionKind, reason string) (s newsletter.Suppression, added bool, err error) {
	who, err := address.Parse(text)
	if err != nil {
		return s, false, invalid(err)
	}
	reason = strings.TrimSpace(reason)
	if !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl) || utf8.RuneCountInString(reason) > maxSource {
		return s, false, invalid(fmt.Errorf("the reason is no single line of at most %d characters: shorten it", maxSource))
	}
	s, err = r.Store.Suppression(ctx, who)
	if err == nil || !errors.Is(err, newsletter.ErrNotFound) {
		return s, false, err
	}
	if err := r.Store.Suppress(ctx, who, kind, reason, r.Now()); err != nil {
		return s, false, fmt.Errorf("suppress an address: %w", err)
	}
	s, err = r.Store.Suppression(ctx, who) // another program may have been faster
	return s, err == nil && s.Kind == kind && s.Reason == reason, err
}

// Unsubscribe ends what an address is subscribed to, one newsletter or all under the empty name, as its person asked
// the operator to. It tells the subscriptions as they were. An address that is not known, or never asked for that
// newsletter, is [newsletter.ErrNotFound].
func (r *Register) Unsubscribe(ctx context.Context, text, name string) ([]newsletter.Subscription, error) {
	who, err := address.Parse(text)
	if err != nil {
		return nil, invalid(err)
	}
	all, err := r.Store.SubscriptionsOf(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("look up the address: %w", err)
	}
	var ended []newsletter.Subscription
	for _, s := range all {
		if name != "" && s.Newsletter != name {
			continue
		}
		if _, err := r.Store.Leave(ctx, s.ID, r.withdrawn(newsletter.OriginCommand)); err != nil {
			return ended, fmt.Errorf("leave subscription %d: %w", s.ID, err)
		}
		ended = append(ended, s)
	}
	if ended == nil {
		return nil, fmt.Errorf("a subscription to %s: %w", name, newsletter.ErrNotFound)
	}
	return ended, nil
}
