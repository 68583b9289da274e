package subscription

import (
	"context"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// A Store keeps subscriptions and the record of consent.
type Store interface {
	// Enrol makes people active readers of a newsletter, in one transaction and with the consent as the proof of each
	// who was added. It answers one enrolment for each person, in their order; a person named twice is already active
	// the second time. It brings back nobody who left or is suppressed: see [Outcome]. A person with a silence is
	// suppressed instead, unless they are a reader by an act of their own at our pages; a complaint counts always. An
	// address that is suppressed already keeps its kind. A person's own proof joins the consent's source.
	Enrol(ctx context.Context, name string, people []Person, consent newsletter.Consent) ([]Enrolment, error)

	// Foresee answers as Enrol would, and changes nothing.
	Foresee(ctx context.Context, name string, people []Person, consent newsletter.Consent) ([]Enrolment, error)

	// Subscriptions lists the subscriptions that pass the filter, ordered by id.
	Subscriptions(ctx context.Context, f Filter) ([]newsletter.Subscription, error)

	// CountSubscriptions counts a newsletter's subscriptions by state.
	CountSubscriptions(ctx context.Context, name string) (map[newsletter.SubscriptionState]int, error)

	// SubscriptionsOf lists what an address is subscribed to. An address that is not known is
	// [newsletter.ErrNotFound].
	SubscriptionsOf(ctx context.Context, a address.Address) ([]newsletter.Subscription, error)

	// Subscription finds one subscription, or [newsletter.ErrNotFound].
	Subscription(ctx context.Context, id int64) (newsletter.Subscription, error)

	// Consents lists the record of a subscription, oldest first.
	Consents(ctx context.Context, subscription int64) ([]newsletter.Consent, error)

	// Leave ends a subscription and records the withdrawal, in one transaction. It is effective at its commit. Who
	// has left already stays so: changed is false and nothing is recorded. A subscription that is not there is
	// [newsletter.ErrNotFound].
	Leave(ctx context.Context, subscription int64, consent newsletter.Consent) (changed bool, err error)

	// FreezeLetter keeps the text of a single letter, once for each key, and returns its number.
	FreezeLetter(ctx context.Context, v newsletter.Variant) (id int64, err error)

	SignUps
	Wishes
	Dossiers
}

// A Person is who is to be enrolled.
type Person struct {
	Address  address.Address
	Language string // BCP 47, such as "fr"
	Proof    string // what the list they come from knows of their consent; may be empty

	Silence   newsletter.SuppressionKind // not to be enrolled but suppressed, for this reason; "": to be enrolled
	Elsewhere Elsewhere                  // the reason in the words of the list
}

// SourceOf is the source of a person's consent: the operator's words and the list's.
func (p Person) SourceOf(consent newsletter.Consent) string {
	switch {
	case p.Proof == "":
		return consent.Source
	case consent.Source == "":
		return p.Proof
	}
	return consent.Source + "; " + p.Proof
}

// Outcome is what enrolling made of a person.
type Outcome string

const (
	Added         Outcome = "added"          // an active reader from now on; a pending request counts as confirmed
	AlreadyActive Outcome = "already-active" // is a reader already, paused ones included: nothing changed
	Left          Outcome = "left"           // unsubscribed once, or changed for another address: only an act of the person's own brings them back
	Suppressed    Outcome = "suppressed"     // the address receives nothing
	Silenced      Outcome = "silenced"       // the address receives nothing from now on
	Kept          Outcome = "kept"           // an objection from elsewhere to one who reads by their own later act here
)

// An Enrolment is what became of one person.
type Enrolment struct {
	Address string
	Outcome Outcome
}

// A Filter selects subscriptions. Its zero value selects the first of all.
type Filter struct {
	Newsletter string                       // empty: every newsletter
	State      newsletter.SubscriptionState // empty: every state
	After      int64                        // only ids greater than this one
	Limit      int                          // how many at most; 0 means 1,000
}
