package newsletter

import "time"

// A Subscriber is a person: an address and a language.
type Subscriber struct {
	ID       int64
	Address  string // as package address writes it: local part as typed, domain as A-label
	Language string
	Created  time.Time
}

// SubscriptionState is where a subscriber stands in one newsletter.
type SubscriptionState string

const (
	// Pending: asked, not confirmed; receives no edition. The person's confirmation moves it to active. A crash changes
	// nothing.
	Pending SubscriptionState = "pending"
	// Active: receives every edition approved from now on. The person moves it to paused or unsubscribed. A crash
	// changes nothing.
	Active SubscriptionState = "active"
	// Paused: receives none until a date, then is active again. The person, or that date, moves it on. A crash changes
	// nothing.
	Paused SubscriptionState = "paused"
	// Unsubscribed: receives nothing. Only an act of the person's own moves it on. A crash changes nothing.
	Unsubscribed SubscriptionState = "unsubscribed"
)

// A Subscription is a subscriber's standing in one newsletter.
type Subscription struct {
	ID         int64
	Subscriber Subscriber
	Newsletter string
	State      SubscriptionState
	Epoch      uint32    // rises at each confirmation, leave and change of address; older links lose their power
	Until      time.Time // end of a pause
	Since      time.Time // of the present state
}

// ConsentAct is what a person did about a subscription.
type ConsentAct string

const (
	ConsentRequested ConsentAct = "requested"
	ConsentConfirmed ConsentAct = "confirmed"
	ConsentWithdrawn ConsentAct = "withdrawn"
)

// A Consent is one recorded act on a subscription. The record is append-only: it is the proof that RGPD art. 7(1)
// asks for.
type Consent struct {
	Act     ConsentAct
	At      time.Time
	Origin  string // by which way: "form", "letter", "one-click", "command", "import"
	Source  string // where an imported or added consent came from, in the operator's words
	Wording string // the text the person saw, as shown; empty where none was shown by Facteur
}

// SuppressionKind is why an address receives nothing.
type SuppressionKind string

const (
	SuppressedHardBounce SuppressionKind = "hard-bounce" // the mailbox does not exist
	SuppressedComplaint  SuppressionKind = "complaint"   // the reader called it spam
	SuppressedRequest    SuppressionKind = "request"     // the person asked for silence
	SuppressedOperator   SuppressionKind = "operator"    // the operator decided it
)

// A Suppression is an address that receives nothing, whatever its subscriptions say.
type Suppression struct {
	Address string
	Kind    SuppressionKind
	Reason  string // the server's or the operator's words
	At      time.Time
}
