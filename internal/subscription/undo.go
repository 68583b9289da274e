package subscription

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Return is what taking back a leave came to.
type Return struct {
	Newsletters []string                     // names, of all that the act had ended
	State       newsletter.SubscriptionState // of the first
	Until       time.Time                    // end of its pause
	Silenced    bool                         // nothing is sent to the address all the same
}

// LookUndo tells whether a leave can still be taken back by a link, and changes nothing. Errors as of Undo.
func (r *Register) LookUndo(ctx context.Context, link string) error {
	s, err := r.holder(ctx, link, token.Undo, LinkLife)
	if err == nil && s.State != newsletter.Unsubscribed {
		err = fmt.Errorf("subscription %d is %s: %w", s.ID, s.State, newsletter.ErrState)
	}
	return err
}

// Undo takes back a leave just made, with all that the same act ended. The link is the one that the answer to it gave out
// (Standing.Undo, Preferences.Undo), and pressed twice it says the same again. One that is too old, or was overtaken by another act, is
// [newsletter.ErrState]; one that is not ours [newsletter.ErrNotFound].
func (r *Register) Undo(ctx context.Context, link string) (Return, error) {
	left, err := r.follow(link, token.Undo, LinkLife)
	if err != nil {
		return Return{}, err
	}
	return r.takeBack(ctx, left, time.Time{})
}

// PauseInstead turns a leave just made into a pause until a date. Errors as of Undo; a date that is past or more than a
// year away is [newsletter.ErrInvalid].
func (r *Register) PauseInstead(ctx context.Context, link string, until time.Time) (Return, error) {
	left, err := r.follow(link, token.Undo, LinkLife)
	if err == nil {
		err = r.checkPause(until)
	}
	if err != nil {
		return Return{}, err
	}
	return r.takeBack(ctx, left, until)
}

func (r *Register) takeBack(ctx context.Context, left token.Token, until time.Time) (Return, error) {
	confirmed := newsletter.Consent{Act: newsletter.ConsentConfirmed, At: r.Now(), Origin: newsletter.OriginUndo}
	names, err := r.Store.TakeBack(ctx, handle(left), until, confirmed)
	if errors.Is(err, newsletter.ErrState) {
		if back, before, err := r.tookBack(ctx, left, until); before || err != nil {
			return back, err
		}
	}
	if err != nil {
		return Return{}, fmt.Errorf("take back the leave of subscription %d: %w", left.Subscription, err)
	}
	s, err := r.Store.Subscription(ctx, left.Subscription)
	if err != nil {
		return Return{}, fmt.Errorf("find subscription %d: %w", left.Subscription, err)
	}
	return Return{Newsletters: names, State: s.State, Until: s.Until, Silenced: s.Subscriber.Silenced}, nil
}

// tookBack is what the first press came to of a button that is pressed twice; before is false where it was another act that came first.
func (r *Register) tookBack(ctx context.Context, left token.Token, until time.Time) (back Return, before bool, err error) {
	all, err := r.Store.Beside(ctx, left.Subscription)
	if errors.Is(err, newsletter.ErrNotFound) {
		return back, false, nil
	}
	if err != nil {
		return back, false, fmt.Errorf("find what subscription %d came to: %w", left.Subscription, err)
	}
	s := all[slices.IndexFunc(all, func(one newsletter.Subscription) bool { return one.ID == left.Subscription })]
	wanted := s.State != newsletter.Unsubscribed && (s.State == newsletter.Paused) == !until.IsZero() && s.Until.Equal(until)
	if !wanted || s.Epoch != left.Epoch+1 || r.Now().Sub(s.Since) >= pressedTwice {
		return back, false, nil
	}
	back = Return{Newsletters: []string{s.Newsletter}, State: s.State, Until: s.Until, Silenced: s.Subscriber.Silenced}
	for _, one := range all {
		if one.ID != s.ID && one.Since.Equal(s.Since) && one.State != newsletter.Unsubscribed {
			back.Newsletters = append(back.Newsletters, one.Newsletter)
		}
	}
	return back, true, nil
}

// SayWhy keeps a reason for leaving, one of [GoodbyeReasons], for nobody in particular: once for each leave and
// newsletter, and said again it changes nothing. Errors as of Undo; another reason is [newsletter.ErrInvalid].
func (r *Register) SayWhy(ctx context.Context, link, reason string) error {
	left, err := r.follow(link, token.Undo, LinkLife)
	if err != nil {
		return err
	}
	if !slices.Contains(GoodbyeReasons(), reason) {
		return invalid(errors.New("the reason is none of those that can be given"))
	}
	// The reason is forgotten to be given long after the link that could give it once more.
	once := admission.Limit{Key: r.wishKey("goodbye", left.Subscription, left.Epoch), Times: 1, Per: 2 * LinkLife}
	if err := r.Store.SayGoodbye(ctx, handle(left), reason, once, r.Now()); err != nil {
		return fmt.Errorf("say why subscription %d ends: %w", left.Subscription, err)
	}
	return nil
}

// wishKey is what a limit of a reader's acts is remembered under. Nobody can read in it who is meant.
func (r *Register) wishKey(of string, id int64, epoch uint32) []byte {
	return r.Keys.Hash("limit of "+of, fmt.Appendf(nil, "%d/%d", id, epoch))[:16]
}

// GoodbyeReasons are the reasons that people can give, in the order in which they are shown them.
func GoodbyeReasons() []string {
	return []string{"too-often", "not-relevant", "never-asked", "unreadable", "other"}
}
