package subscription

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Request is where a sign-up stands, seen from the link in its confirmation letter.
type Request struct {
	State       RequestState
	Newsletters []string // names, of what was asked for
	Silenced    bool     // nothing is sent to the address, and no press ends that
	Form        Form     // of the page's own button: only a page that was looked at confirms
	Preferences string   // token of the reader's own page, once confirmed by this answer
}

// RequestState is how far a request is.
type RequestState string

const (
	RequestWaiting   RequestState = "waiting"   // for the button
	RequestConfirmed RequestState = "confirmed" // now, or before
	RequestExpired   RequestState = "expired"   // the link is too old, or a later one was sent; a fresh letter can be asked for
	RequestRenewed   RequestState = "renewed"   // a fresh letter is on its way
	RequestLimited   RequestState = "limited"   // one was asked for within a day: none is on its way but that
	RequestLeft      RequestState = "left"      // its person receives nothing of it: they left since, or did not come back
	RequestGone      RequestState = "gone"      // nobody knows of it any more: sign up anew
)

// LookRequest tells what a confirmation link is about and changes nothing. A link that is not ours is
// [newsletter.ErrNotFound].
func (r *Register) LookRequest(ctx context.Context, link string) (Request, error) {
	_, _, request, err := r.lookRequest(ctx, link)
	if err != nil {
		return Request{}, err
	}
	return r.withButton(link, request)
}

// Confirm makes everything active that the request asked for. page is the stamp of the page's button: without a good one
// nothing changes and the state is still waiting. Done twice, it changes nothing more.
func (r *Register) Confirm(ctx context.Context, link, page string) (Request, error) {
	t, found, request, err := r.lookRequest(ctx, link)
	if err != nil {
		return Request{}, err
	}
	now := r.Now()
	_, pressed := r.pressed(link, page, now)
	if pressed {
		request.Preferences = r.pressedBefore(t, found, request, now)
	}
	if request.State != RequestWaiting || !pressed || now.Before(t.Time.Add(scannersHaste)) {
		return r.withButton(link, request)
	}
	who, err := address.Parse(found.Subscriber.Address)
	if err != nil {
		return Request{}, fmt.Errorf("confirm subscription %d: %w", t.Subscription, err)
	}
	confirmation := Confirmation{
		Subscription: t.Subscription, Epoch: t.Epoch, Letter: t.Time,
		Consent: newsletter.Consent{Act: newsletter.ConsentConfirmed, At: now, Origin: newsletter.OriginLetter},
		Letters: r.lettersTo(who),
		Forget:  r.mailboxLimits(who),
	}
	var epoch uint32
	var done bool
	err = r.writing(ctx, func() (err error) {
		epoch, done, err = r.Store.ConfirmRequest(ctx, confirmation)
		return err
	})
	if err != nil {
		return Request{}, fmt.Errorf("confirm subscription %d: %w", t.Subscription, err)
	}
	if !done { // another act was faster: tell what it made of the request
		if t, found, request, err = r.lookRequest(ctx, link); err != nil {
			return Request{}, err
		}
		request.Preferences = r.pressedBefore(t, found, request, now)
		return r.withButton(link, request)
	}
	request.State = RequestConfirmed
	found.Epoch = epoch
	request.Preferences = r.link(token.Preferences, found.Subscription)
	return request, nil
}

// pressedBefore is the token of the reader's own page for who presses a second time, and empty for everybody else.
func (r *Register) pressedBefore(t token.Token, found Requested, request Request, now time.Time) string {
	if request.State != RequestConfirmed || found.Epoch != t.Epoch+1 || now.Sub(found.Confirmed) >= pressedTwice {
		return ""
	}
	return r.link(token.Preferences, found.Subscription)
}

// pressedTwice is within which time a second press of a page's button is the same person's: a browser shows the answer to the
// last, which has to say as much as that to the first.
const pressedTwice = time.Minute

// scannersHaste is within which time of a letter's making a press is a program's that follows every link: nobody opens
// a letter, reads a page and presses a button so fast.
const scannersHaste = 2 * time.Second

// longestPending is how long a sign-up waits at most, from the first request to the purge, where its person asks for the
// letter once more. What others ask for with the address makes nobody's wait longer.
const longestPending = 30 * 24 * time.Hour

// Renew sends the confirmation letter of an expired request once more, once a day. page
// is the stamp of the page's button, as of Confirm.
func (r *Register) Renew(ctx context.Context, link, page string) (Request, error) {
	t, found, request, err := r.lookRequest(ctx, link)
	if err != nil {
		return Request{}, err
	}
	now := r.Now()
	stamp, pressed := r.pressed(link, page, now)
	if request.State != RequestExpired || !pressed {
		return r.withButton(link, request)
	}
	who, err := address.Parse(found.Subscriber.Address)
	if err != nil {
		return Request{}, fmt.Errorf("renew the request of subscription %d: %w", t.Subscription, err)
	}
	hold, err := r.holding(ctx)
	if err != nil {
		return Request{}, fmt.Errorf("renew the request of subscription %d: %w", t.Subscription, err)
	}
	renewal := Renewal{Spending: spending(stamp), Subscription: t.Subscription, Now: now, Extend: max(0, longestPending-r.Rules.Pending), Hold: r.holdRule(hold), Letters: r.lettersTo(who)}
	renewal.Letters.Limit = func(newsletter.LetterKind) admission.Limit { return r.renewLimit(r.mailbox(who)) }
	var renewed Admission
	err = r.writing(ctx, func() (err error) {
		renewed, err = r.Store.RenewRequest(ctx, renewal)
		return err
	})
	if errors.Is(err, newsletter.ErrState) || errors.Is(err, newsletter.ErrNotFound) { // another act was faster
		return r.LookRequest(ctx, link)
	}
	if err != nil {
		return Request{}, fmt.Errorf("renew the request of subscription %d: %w", t.Subscription, err)
	}
	request.State = RequestRenewed // a button pressed twice was pressed
	if renewed == Beyond {
		request.State = RequestLimited
	}
	return request, nil
}

// lookRequest follows a link to its subscription and tells where its request stands.
func (r *Register) lookRequest(ctx context.Context, link string) (token.Token, Requested, Request, error) {
	t, err := r.Keys.Verify(link, token.Confirm)
	if err != nil {
		return t, Requested{}, Request{}, fmt.Errorf("read a confirmation link: %w: %w", newsletter.ErrNotFound, err)
	}
	found, err := r.Store.Request(ctx, t.Subscription, t.Time)
	if errors.Is(err, newsletter.ErrNotFound) {
		return t, found, Request{State: RequestGone}, nil
	}
	if err != nil {
		return t, found, Request{}, fmt.Errorf("find the request of subscription %d: %w", t.Subscription, err)
	}
	request := Request{State: r.requestState(t, found), Newsletters: found.Newsletters}
	request.Silenced = found.Suppression.Kind != "" && !found.Suppression.Lifts(r.Now())
	if request.State == RequestLeft {
		request.Newsletters = []string{found.Newsletter}
	}
	return t, found, request, nil
}

func (r *Register) requestState(t token.Token, found Requested) RequestState {
	now := r.Now()
	early := t.Time.After(now.Add(scannersHaste)) // made before the clock was set back, and nobody knows how long ago
	current := t.Epoch == found.Epoch && !t.Expired(now, r.Rules.Link) && !early
	switch found.State {
	case newsletter.Active, newsletter.Paused:
		if current && found.Suppression.Lifts(now) { // the press of its person ends the silence
			return RequestWaiting
		}
		return RequestConfirmed
	case newsletter.Pending:
		if current {
			return RequestWaiting
		}
		return RequestExpired
	case newsletter.Unsubscribed:
		if found.Subscriber.Address != "" {
			return RequestLeft
		}
	}
	return RequestGone
}

// withButton adds what the page's button needs, where there is one.
func (r *Register) withButton(link string, request Request) (Request, error) {
	if request.State != RequestWaiting && request.State != RequestExpired {
		return request, nil
	}
	form, err := r.button(link)
	request.Form = form
	return request, err
}

// button stamps the button of a link's own page, which pressed knows again.
func (r *Register) button(link string) (Form, error) {
	stamp := token.Stamp{For: token.ForPage, Time: r.Now()}
	if _, err := io.ReadFull(r.Random, stamp.Nonce[:pageRandom]); err != nil {
		return Form{}, fmt.Errorf("make a button: %w", err)
	}
	copy(stamp.Nonce[pageRandom:], r.pageMark(link, stamp.Nonce[:pageRandom]))
	return Form{Stamp: r.Keys.Stamp(stamp)}, nil
}

const pageRandom = 8 // octets of a page's nonce; the others tie it to its link

// pageMark ties a page's stamp to the link that the page is about, so that no other form's stamp presses its button.
func (r *Register) pageMark(link string, random []byte) []byte {
	return r.Keys.Hash("page of a link", append([]byte(link), random...))
}

// pressed reports that the button of a link's own page was pressed, while the page was fresh.
func (r *Register) pressed(link, page string, now time.Time) (token.Stamp, bool) {
	stamp, err := r.Keys.ReadStamp(page, token.ForPage)
	if err != nil || !now.Before(stamp.Time.Add(admission.Oldest)) {
		return stamp, false
	}
	mark := r.pageMark(link, stamp.Nonce[:pageRandom])
	return stamp, bytes.Equal(stamp.Nonce[pageRandom:], mark[:len(stamp.Nonce)-pageRandom])
}
