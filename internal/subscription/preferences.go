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

// Preferences are a reader's standing in every newsletter, as their own page shows it.
type Preferences struct {
	Link       string // token of the page from here on: an act makes the one before it worthless
	Newsletter string // that the link belongs to
	Choices    []Choice
	Unshown    bool   // something is received that no choice stands for: it is in the settings no longer
	Silenced   bool   // nothing is sent to the address, whatever is chosen
	Asked      bool   // whether they want to go on, without an act of theirs since
	Undo       string // token by which the end of all can be taken back; only in the answer to that very wish, granted or repeated
}

// A Choice is one newsletter on that page.
type Choice struct {
	Newsletter string
	State      newsletter.SubscriptionState // empty: never asked for
	Until      time.Time                    // end of a pause
}

// A Wish is what a reader wants from here on.
type Wish struct {
	Newsletters []string           // to receive; the others are left
	Until       time.Time          // pause them until then; zero: no pause
	KeepPauses  bool               // of them, those that are paused stay so, each until its own day
	Wording     newsletter.Wording // the text of consent beside the newsletters, as whoever showed it names it
}

// LookPreferences tells what the reader of a link receives and changes nothing. A link that is too old is
// [newsletter.ErrState], and its newsletter is told all the same; one that is not ours [newsletter.ErrNotFound].
func (r *Register) LookPreferences(ctx context.Context, link string) (Preferences, error) {
	s, err := r.holder(ctx, link, token.Preferences, 0)
	if err != nil {
		return Preferences{Newsletter: s.Newsletter}, err
	}
	return r.preferences(ctx, s.ID)
}

// preferences makes a reader's page, with a link that is good now.
func (r *Register) preferences(ctx context.Context, id int64) (Preferences, error) {
	all, err := r.Store.Beside(ctx, id)
	if err != nil {
		return Preferences{}, fmt.Errorf("read what the reader of subscription %d receives: %w", id, err)
	}
	var p Preferences
	for _, n := range r.Newsletters {
		c := Choice{Newsletter: n.Name}
		if i := slices.IndexFunc(all, func(s newsletter.Subscription) bool { return s.Newsletter == n.Name }); i >= 0 {
			c.State, c.Until = all[i].State, all[i].Until
		}
		if c.State == newsletter.Paused && !c.Until.After(r.Now()) { // the date counts, and not when it is looked for
			c.State, c.Until = newsletter.Active, time.Time{}
		}
		p.Choices = append(p.Choices, c)
	}
	for _, s := range all {
		isReceived := s.State == newsletter.Active || s.State == newsletter.Paused
		shown := slices.ContainsFunc(r.Newsletters, func(n newsletter.Newsletter) bool { return n.Name == s.Newsletter })
		p.Unshown = p.Unshown || isReceived && !shown
		if s.ID == id {
			p.Link, p.Newsletter = r.link(token.Preferences, s), s.Newsletter
			p.Asked, p.Silenced = !s.Subscriber.Asked.IsZero(), s.Subscriber.Silenced
		}
	}
	return p, nil
}

// Stopped tells of the end of all that this very link has brought about: its button was pressed twice, and the first time
// counted. Where that is not so, errors are as of LookPreferences.
func (r *Register) Stopped(ctx context.Context, link string) (Preferences, error) {
	page, err := r.follow(link, token.Preferences, 0)
	if err != nil {
		return Preferences{}, err
	}
	s, err := r.Store.Subscription(ctx, page.Subscription)
	switch {
	case err != nil && !errors.Is(err, newsletter.ErrNotFound):
		return Preferences{}, fmt.Errorf("find subscription %d: %w", page.Subscription, err)
	case err == nil && s.Epoch == page.Epoch+1 && s.State == newsletter.Unsubscribed:
		if undo := r.undoAll(ctx, s.ID, s.Since); undo != "" {
			p, err := r.preferences(ctx, s.ID)
			p.Undo = undo
			return p, err
		}
	}
	return Preferences{Newsletter: s.Newsletter}, fmt.Errorf("the link to subscription %d was overtaken: %w", page.Subscription, newsletter.ErrState)
}

// Prefer grants a wish. What is chosen newly is received at once: the link proves the mailbox, as a confirmation letter
// would. A wish for nothing ends those too that are published no longer. A request that nobody confirmed and that is not
// chosen stays as it is. A wish for nothing that this link brought about before is granted again. No suppression is lifted. Errors as of LookPreferences; a newsletter that is not ours, and a date
// that is past or more than a year away, is [newsletter.ErrInvalid].
func (r *Register) Prefer(ctx context.Context, link string, w Wish) (Preferences, error) {
	s, err := r.holder(ctx, link, token.Preferences, 0)
	if err != nil {
		return Preferences{}, err
	}
	p, err := r.preference(w)
	if err != nil {
		return Preferences{}, err
	}
	if w.nothing() {
		if p.Shown, err = r.andUnshown(ctx, s.ID, p.Shown); err != nil {
			return Preferences{}, err
		}
	}
	if err := r.Store.Prefer(ctx, Handle{Subscription: s.ID, Epoch: s.Epoch}, p); err != nil {
		return Preferences{}, fmt.Errorf("grant a wish to the reader of subscription %d: %w", s.ID, err)
	}
	ctx = context.WithoutCancel(ctx) // it is granted: whoever is told otherwise is told what is not so
	after, err := r.preferences(ctx, s.ID)
	if err == nil && w.nothing() {
		after.Undo = r.undoAll(ctx, s.ID, r.beginning(link, p.Withdrawn.At))
	}
	return after, err
}

// beginning is from when on an act of the link's page counts as that of the one who presses now: links know whole
// seconds, and an act in the second of its making may have been before.
func (r *Register) beginning(link string, now time.Time) time.Time {
	now = now.Truncate(time.Millisecond) // as the store keeps it
	if t, err := r.Keys.Verify(link, token.Preferences); err == nil && t.Time.Add(time.Second).Before(now) {
		return t.Time.Add(time.Second)
	}
	return now
}

// nothing is the wish for an end of all. To keep what is received is none, even of nothing.
func (w Wish) nothing() bool { return len(w.Newsletters) == 0 && !w.KeepPauses }

// andUnshown adds what a person is subscribed to and no page shows: a newsletter that is in the settings no longer, and
// may be again.
func (r *Register) andUnshown(ctx context.Context, id int64, shown []string) ([]string, error) {
	all, err := r.Store.Beside(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read what the reader of subscription %d receives: %w", id, err)
	}
	for _, s := range all {
		if !slices.Contains(shown, s.Newsletter) {
			shown = append(shown, s.Newsletter)
		}
	}
	return shown, nil
}

// undoAll signs the link by which the end of all can be taken back, for as long as it can be since then: where a wish for
// nothing, not granted before since, was the latest act. It is granted, whatever becomes of this.
func (r *Register) undoAll(ctx context.Context, id int64, since time.Time) string {
	all, err := r.Store.Beside(ctx, id)
	if err != nil || len(all) == 0 || slices.ContainsFunc(all, receives) {
		return ""
	}
	last := slices.MaxFunc(all, func(a, b newsletter.Subscription) int { return a.Since.Compare(b.Since) })
	if last.State != newsletter.Unsubscribed || last.Since.Before(since) || !r.Now().Before(last.Since.Add(LinkLife)) {
		return ""
	}
	acts, err := r.Store.Consents(ctx, last.ID)
	if err != nil || len(acts) == 0 || acts[len(acts)-1].Act != newsletter.ConsentWithdrawn || acts[len(acts)-1].Origin != newsletter.OriginPreferences {
		return ""
	}
	return r.Keys.Sign(token.Token{Purpose: token.Undo, Subscription: last.ID, Epoch: last.Epoch, Time: last.Since})
}

func receives(s newsletter.Subscription) bool {
	return s.State == newsletter.Active || s.State == newsletter.Paused
}

// preference checks a wish and puts it into the words of the store.
func (r *Register) preference(w Wish) (Preference, error) {
	p := Preference{
		Chosen: w.Newsletters, Until: w.Until, KeepPauses: w.KeepPauses,
		Given:     newsletter.Consent{Act: newsletter.ConsentConfirmed, At: r.Now(), Origin: newsletter.OriginPreferences, Wording: w.Wording},
		Withdrawn: newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: r.Now(), Origin: newsletter.OriginPreferences},
	}
	for _, n := range r.Newsletters {
		p.Shown = append(p.Shown, n.Name)
	}
	for _, name := range w.Newsletters {
		if !slices.Contains(p.Shown, name) {
			return p, invalid(errors.New("one of the newsletters is not published here"))
		}
	}
	if !w.Until.IsZero() {
		return p, r.checkPause(w.Until)
	}
	return p, nil
}

// lettersADay is how often a reader may have a letter sent to themselves.
const lettersADay = 3

func (r *Register) daily(of string, subscriber int64) admission.Limit {
	return admission.Limit{Key: r.wishKey(of, subscriber, 0), Times: lettersADay, Per: 24 * time.Hour}
}

// SendLatest owes the reader of a preferences link the latest edition that they have not had, of the link's newsletter,
// and tells what came of it. Errors as of LookPreferences.
func (r *Register) SendLatest(ctx context.Context, link string) (Latest, error) {
	s, err := r.holder(ctx, link, token.Preferences, 0)
	if err != nil {
		return "", err
	}
	latest, err := r.Store.OweLatest(ctx, Handle{Subscription: s.ID, Epoch: s.Epoch}, r.daily("latest", s.Subscriber.ID), r.Now())
	if err != nil {
		return "", fmt.Errorf("send the latest edition to the reader of subscription %d: %w", s.ID, err)
	}
	return latest, nil
}

// resumedAtOnce is how many subscriptions one transaction makes active.
const resumedAtOnce = 500

// ResumePaused makes every subscription active whose pause is over, and says how many.
func (r *Register) ResumePaused(ctx context.Context) (n int, err error) {
	for {
		some, err := r.Store.ResumePaused(ctx, r.Now(), resumedAtOnce)
		n += some
		if err != nil {
			return n, fmt.Errorf("end pauses: %w", err)
		}
		if some < resumedAtOnce {
			return n, nil
		}
	}
}
