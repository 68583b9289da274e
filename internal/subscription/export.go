package subscription

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// Export gives everything known about an address as JSON (RGPD art. 15 and 20). docs/privacy.md is its contract. An
// address of which nothing is known is [newsletter.ErrNotFound].
func (r *Register) Export(ctx context.Context, text string) ([]byte, error) {
	who, err := address.Parse(text)
	if err != nil {
		return nil, invalid(err)
	}
	dossier, err := r.Store.Dossier(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("gather what is known: %w", err)
	}
	out, err := json.MarshalIndent(exportOf(dossier, r.Now()), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write what is known: %w", err)
	}
	return append(out, '\n'), nil
}

// ExportBy gives everything known about the reader of a managing link, as JSON. Errors as of LookManage.
func (r *Register) ExportBy(ctx context.Context, link string) ([]byte, error) {
	s, err := r.holder(ctx, link, token.Manage, LinkLife)
	if err != nil {
		return nil, err
	}
	out, err := r.Export(ctx, s.Subscriber.Address)
	if errors.Is(err, newsletter.ErrNotFound) || errors.Is(err, newsletter.ErrInvalid) { // erased since
		return nil, fmt.Errorf("export subscriber %d: %w", s.Subscriber.ID, newsletter.ErrState)
	}
	return out, err
}

// exportFormat names the contract of the fields below. Fields may be added; a change of those that are there changes it.
const exportFormat = "facteur-export-1"

type exported struct {
	Format        string                 `json:"format"`
	Made          time.Time              `json:"made_at"`
	Subscriber    *exportedSubscriber    `json:"subscriber,omitempty"`
	Suppression   *exportedSuppression   `json:"suppression,omitempty"`
	Move          *exportedMove          `json:"move,omitempty"`
	Left          time.Time              `json:"left_at,omitzero"`
	Subscriptions []exportedSubscription `json:"subscriptions"`
	Letters       []exportedLetter       `json:"letters"`
}

type exportedSubscriber struct {
	ID       int64     `json:"id"`
	Address  string    `json:"address,omitempty"`
	Language string    `json:"language"`
	Created  time.Time `json:"created_at"`
	Acted    time.Time `json:"acted_at"`
	Asked    time.Time `json:"asked_at,omitzero"`
}

type exportedSuppression struct {
	Address string                     `json:"address,omitempty"`
	Kind    newsletter.SuppressionKind `json:"kind"`
	Reason  string                     `json:"reason,omitempty"`
	At      time.Time                  `json:"at"`
}

type exportedMove struct {
	Address string    `json:"address"`
	At      time.Time `json:"at"`
}

type exportedSubscription struct {
	ID         int64                        `json:"id"`
	Newsletter string                       `json:"newsletter"`
	State      newsletter.SubscriptionState `json:"state"`
	Epoch      uint32                       `json:"epoch"`
	Since      time.Time                    `json:"since_at"`
	Until      time.Time                    `json:"until_at,omitzero"`
	Confirmed  time.Time                    `json:"confirmed_at,omitzero"`
	Reminded   time.Time                    `json:"reminded_at,omitzero"`
	Consents   []exportedConsent            `json:"consents"`
}

type exportedConsent struct {
	Act     newsletter.ConsentAct `json:"act"`
	At      time.Time             `json:"at"`
	Origin  string                `json:"origin"`
	Source  string                `json:"source,omitempty"`
	Version string                `json:"wording_version,omitempty"`
	Wording string                `json:"wording,omitempty"`
	Network string                `json:"network,omitempty"`
}

type exportedLetter struct {
	ID         int64                    `json:"id"`
	Kind       newsletter.DeliveryKind  `json:"kind"`
	Letter     newsletter.LetterKind    `json:"letter,omitempty"`
	Newsletter string                   `json:"newsletter,omitempty"`
	Number     int                      `json:"number,omitempty"`
	Subject    string                   `json:"subject"`
	Address    string                   `json:"address,omitempty"`
	Copy       int                      `json:"copy"`
	State      newsletter.DeliveryState `json:"state"`
	Reason     newsletter.CancelReason  `json:"reason,omitempty"`
	Tries      int                      `json:"tries"`
	Unknowns   int                      `json:"unknowns"`
	First      time.Time                `json:"first_at,omitzero"`
	Round      time.Time                `json:"round_at,omitzero"`
	Next       time.Time                `json:"next_at,omitzero"`
	Attempts   []exportedAttempt        `json:"attempts"`
	Again      []exportedResend         `json:"resends,omitempty"`
}

type exportedAttempt struct {
	Started  time.Time                `json:"started_at"`
	Ended    time.Time                `json:"ended_at"`
	Stage    newsletter.Stage         `json:"stage"`
	State    newsletter.DeliveryState `json:"state"`
	Code     int                      `json:"code"`
	Enhanced string                   `json:"enhanced,omitempty"`
	Text     string                   `json:"text,omitempty"`
}

type exportedResend struct {
	By string    `json:"asked_by"`
	At time.Time `json:"asked_at"`
}

func exportOf(d Dossier, now time.Time) exported {
	e := exported{Format: exportFormat, Made: now.UTC(), Left: d.Left, Subscriptions: []exportedSubscription{}, Letters: []exportedLetter{}}
	if b := d.Subscriber; b.ID != 0 {
		e.Subscriber = &exportedSubscriber{b.ID, b.Address, b.Language, b.Created, b.Acted, d.Asked}
	}
	if s := d.Suppression; s != nil {
		e.Suppression = &exportedSuppression{s.Address, s.Kind, s.Reason, s.At}
	}
	if d.MoveTo != "" {
		e.Move = &exportedMove{d.MoveTo, d.MoveAt}
	}
	for _, s := range d.Subscriptions {
		e.Subscriptions = append(e.Subscriptions, exportSubscription(s))
	}
	for _, l := range d.Letters {
		e.Letters = append(e.Letters, exportLetter(l))
	}
	return e
}

func exportSubscription(s DossierSubscription) exportedSubscription {
	e := exportedSubscription{
		ID: s.ID, Newsletter: s.Newsletter, State: s.State, Epoch: s.Epoch, Since: s.Since, Until: s.Until, Confirmed: s.Confirmed,
		Reminded: s.Reminded, Consents: []exportedConsent{},
	}
	for _, c := range s.Consents {
		e.Consents = append(e.Consents, exportedConsent{c.Act, c.At, c.Origin, c.Source, c.Wording.Version, c.Wording.Text, c.Network})
	}
	return e
}

func exportLetter(l DossierLetter) exportedLetter {
	e := exportedLetter{
		ID: l.ID, Kind: l.Kind, Letter: l.Letter, Newsletter: l.Newsletter, Number: l.Number, Subject: l.Subject, Address: l.Address, Copy: l.Copy,
		State: l.State, Reason: l.Reason, Tries: l.Tries, Unknowns: l.Unknowns, First: l.First, Round: l.Round, Next: l.Next,
		Attempts: []exportedAttempt{},
	}
	for _, a := range l.Attempts {
		e.Attempts = append(e.Attempts, exportedAttempt{a.Started, a.Ended, a.Stage, a.State, a.Reply.Code, a.Reply.Enhanced, a.Reply.Text})
	}
	for _, a := range l.Again {
		e.Again = append(e.Again, exportedResend{By: "operator", At: a.At})
	}
	return e
}
