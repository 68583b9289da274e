package subscription

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// MoveBy sends a letter to a new address of the reader of a managing link. Whose that address may be besides, the answer
// does not tell. Errors as of LookManage.
func (r *Register) MoveBy(ctx context.Context, link, text string, sure bool) (Answer, error) {
	s, err := r.holder(ctx, link, token.Manage, LinkLife)
	if err != nil {
		return Answer{}, err
	}
	to, reason := r.checkAddress(ctx, text)
	if reason != "" {
		return Answer{Verdict: Mistaken, Reason: reason}, nil
	}
	if own, err := address.Parse(s.Subscriber.Address); err == nil && own.Key() == to.Key() {
		return Answer{Verdict: Mistaken, Reason: ReasonOwn}, nil
	}
	if r.Suggest != nil && !sure {
		if suggestion, ok := r.Suggest(to); ok {
			return Answer{Verdict: Doubtful, Reason: ReasonSuggestion, Suggestion: suggestion}, nil
		}
	}
	variant, err := r.ownLetter(ctx, newsletter.LetterMove, s)
	if err != nil {
		return Answer{}, err
	}
	m := NewAddress{Address: to, Variant: variant, At: r.Now(), Asking: r.daily("move", s.Subscriber.ID), Mailbox: r.letterLimit(r.mailbox(to), newsletter.LetterMove)}
	opened, err := r.Store.OpenMove(ctx, Handle{Subscription: s.ID, Epoch: s.Epoch}, m)
	if err != nil {
		return Answer{}, fmt.Errorf("open a change of address for the reader of subscription %d: %w", s.ID, err)
	}
	if !opened {
		return Answer{Verdict: TooMany, Reason: ReasonMoves}, nil
	}
	return Answer{Verdict: Received}, nil
}

// A Moving is a change of address that waits for the button behind the link in its letter.
type Moving struct {
	To       string // the new address, as people write it
	Language string // the reader's
	Form     Form   // of the page's own button: only a page that was looked at makes the change
}

// LookMove tells whether a link from a new address still works and what it is about, and changes nothing. Errors as of
// LookManage.
func (r *Register) LookMove(ctx context.Context, link string) (Moving, error) {
	move, err := r.follow(link, token.Move, LinkLife)
	if err != nil {
		return Moving{}, err
	}
	who, language, err := r.Store.MoveTo(ctx, move.Subscription)
	if errors.Is(err, newsletter.ErrNotFound) {
		return Moving{}, fmt.Errorf("the change of address %d is done or forgotten: %w", move.Subscription, newsletter.ErrState)
	}
	if err != nil {
		return Moving{}, fmt.Errorf("look up the change of address %d: %w", move.Subscription, err)
	}
	form, err := r.button(link)
	return Moving{To: who.Display(), Language: language, Form: form}, err
}

// Move makes the new address the reader's. All that they receive goes there from its commit on; the address before is
// forgotten, and free for a sign-up; imports pass it over. The leave links of older letters still work. page is the stamp
// of the page's button: without a good one, or pressed faster than people read, it is [newsletter.ErrInvalid]. Other errors
// as of LookManage.
func (r *Register) Move(ctx context.Context, link, page string) (Preferences, error) {
	move, err := r.follow(link, token.Move, LinkLife)
	if err != nil {
		return Preferences{}, err
	}
	now := r.Now()
	if _, pressed := r.pressed(link, page, now); !pressed || now.Before(move.Time.Add(scannersHaste)) {
		return Preferences{}, invalid(errors.New("the button of the link's own page was not pressed"))
	}
	confirmed := newsletter.Consent{Act: newsletter.ConsentConfirmed, At: now, Origin: newsletter.OriginMove}
	id, err := r.Store.Move(ctx, move.Subscription, confirmed)
	if err != nil {
		return Preferences{}, fmt.Errorf("change an address by %d: %w", move.Subscription, err)
	}
	r.forgot()
	return r.preferences(ctx, id)
}

const (
	// movesKept is how long a change of address waits: its letter may be deferred for a while.
	movesKept  = 24 * time.Hour
	movesSwept = 500 // in one transaction
)

// SweepMoves forgets changes of address that nobody confirmed, and says how many.
func (r *Register) SweepMoves(ctx context.Context) (n int, err error) {
	for {
		some, err := r.Store.SweepMoves(ctx, r.Now().Add(-movesKept), movesSwept)
		n += some
		if err != nil {
			return n, fmt.Errorf("forget changes of address: %w", err)
		}
		if some < movesSwept {
			return n, nil
		}
	}
}
