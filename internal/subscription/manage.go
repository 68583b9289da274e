package subscription

import (
	"context"
	"fmt"
	"slices"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// AskManage sends the reader of a preferences link the letter that leads to export, erasure and change of address, and
// tells what came of it. Errors as of LookPreferences.
func (r *Register) AskManage(ctx context.Context, link string) (Owed, error) {
	s, err := r.holder(ctx, link, token.Preferences, 0)
	if err != nil {
		return "", err
	}
	variant, err := r.ownLetter(ctx, newsletter.LetterManage, s)
	if err != nil {
		return "", err
	}
	owed, err := r.Store.OweManage(ctx, Handle{Subscription: s.ID, Epoch: s.Epoch}, variant, r.daily("manage", s.Subscriber.ID), r.Now())
	if err != nil {
		return "", fmt.Errorf("send a managing link to the reader of subscription %d: %w", s.ID, err)
	}
	return owed, nil
}

// ownLetter is the text of a letter about the newsletter of a subscription; of one that is no longer published, about
// the first that is.
func (r *Register) ownLetter(ctx context.Context, kind newsletter.LetterKind, s newsletter.Subscription) (int64, error) {
	i := slices.IndexFunc(r.Newsletters, func(n newsletter.Newsletter) bool { return n.Name == s.Newsletter })
	i = max(i, 0)
	if i >= len(r.Newsletters) {
		return 0, fmt.Errorf("write the letter %q: no newsletter is published: %w", kind, newsletter.ErrState)
	}
	return r.letter(ctx, kind, r.Newsletters[i:i+1])
}

// LookManage tells whether a managing link still works, and whose it is. One that is too old is [newsletter.ErrState],
// and whose it is is told all the same; one that is not ours [newsletter.ErrNotFound].
func (r *Register) LookManage(ctx context.Context, link string) (newsletter.Subscriber, error) {
	s, err := r.holder(ctx, link, token.Manage, LinkLife)
	return s.Subscriber, err
}
