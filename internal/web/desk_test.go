package web_test

import (
	"context"
	"fmt"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// Links of confirmation letters, by how far their requests are.
const (
	waitingLink   = "cWaiting"
	doneLink      = "cDone"
	expiredLink   = "cExpired"
	forgottenLink = "cForgotten"
	leftLink      = "cLeft"
)

// desk stands for the story of signing up. It writes down what gets past its guards, and what it is handed at all.
type desk struct {
	forms   int // given out
	bits    int // what each costs
	handed  []subscription.SignUp
	taken   []subscription.SignUp
	visits  []subscription.Visit // by which a link was asked for
	changed []string             // confirmed and renewed
	silent  bool                 // the address behind a link receives nothing
	fault   error                // what it answers instead
}

func newDesk() *desk { return &desk{bits: 4} }

func (d *desk) NewForm(ctx context.Context) (subscription.Form, error) {
	d.forms++
	return subscription.Form{Stamp: fmt.Sprintf("stamp-%d", d.forms), Bits: d.bits}, ctx.Err()
}

// answer is the verdict on a visit and an address: the story's order of guards, in short. Stamps that it did not give
// out are named for what is wrong with them.
func (d *desk) answer(v subscription.Visit, address string, sure bool) subscription.Answer {
	switch {
	case v.Trap != "":
		return subscription.Answer{Verdict: subscription.Received}
	case v.Stamp == "young" || v.Stamp == "old" || v.Stamp == "used":
		return subscription.Answer{Verdict: subscription.FormAgain, Reason: "stamp-" + v.Stamp}
	case v.Stamp == "" || v.Stamp == "forged":
		return subscription.Answer{Verdict: subscription.FormAgain, Reason: subscription.ReasonStampMissing}
	case v.Client == "203.0.113.66":
		return subscription.Answer{Verdict: subscription.TooMany, Reason: subscription.ReasonLimited}
	case address == "":
		return subscription.Answer{Verdict: subscription.Mistaken, Reason: "empty"}
	case address == "lea@gmial.com" && !sure:
		return subscription.Answer{Verdict: subscription.Doubtful, Reason: subscription.ReasonSuggestion, Suggestion: "lea@gmail.com"}
	case strings.Contains(address, "\u200b"):
		return subscription.Answer{Verdict: subscription.Received, Reason: subscription.ReasonInvisible}
	}
	return subscription.Answer{Verdict: subscription.Received}
}

func (d *desk) SignUp(ctx context.Context, s subscription.SignUp) (subscription.Answer, error) {
	if d.handed = append(d.handed, s); d.fault != nil {
		return subscription.Answer{}, d.fault
	}
	a := d.answer(s.Visit, s.Address, s.Sure)
	if a.Verdict == subscription.Received && len(s.Newsletters) == 0 && s.Trap == "" {
		a = subscription.Answer{Verdict: subscription.Mistaken, Reason: subscription.ReasonNewsletters}
	}
	if a.Verdict == subscription.Received && s.Trap == "" {
		d.taken = append(d.taken, s)
	}
	return a, ctx.Err()
}

func (d *desk) AskLink(ctx context.Context, v subscription.Visit, text string) (subscription.Answer, error) {
	a := d.answer(v, text, true)
	if a.Verdict == subscription.Received && v.Trap == "" {
		d.visits = append(d.visits, v)
	}
	return a, ctx.Err()
}

func (d *desk) LookRequest(ctx context.Context, link string) (subscription.Request, error) {
	state, known := map[string]subscription.RequestState{
		waitingLink: subscription.RequestWaiting, doneLink: subscription.RequestConfirmed,
		expiredLink: subscription.RequestExpired, forgottenLink: subscription.RequestGone, leftLink: subscription.RequestLeft,
	}[link]
	if !known {
		return subscription.Request{}, newsletter.ErrNotFound
	}
	r := subscription.Request{State: state, Newsletters: []string{"hebdo", "weekly"}, Silenced: d.silent}
	if state == subscription.RequestWaiting || state == subscription.RequestExpired {
		r.Form.Stamp = "of-the-page"
	}
	if state == subscription.RequestGone {
		r.Newsletters = nil
	}
	return r, ctx.Err()
}

func (d *desk) Confirm(ctx context.Context, link, page string) (subscription.Request, error) {
	r, err := d.LookRequest(ctx, link)
	if err == nil && r.State == subscription.RequestWaiting && page == "of-the-page" {
		d.changed = append(d.changed, "confirm "+link)
		r.State, r.Preferences, r.Form = subscription.RequestConfirmed, "pOfTheReader", subscription.Form{}
	}
	return r, err
}

func (d *desk) Renew(ctx context.Context, link, page string) (subscription.Request, error) {
	r, err := d.LookRequest(ctx, link)
	if err == nil && r.State == subscription.RequestExpired && page == "of-the-page" {
		d.changed = append(d.changed, "renew "+link)
		r.State = "renewed"
	}
	return r, err
}
