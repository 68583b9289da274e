package newsletter

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// A Subscriber is a person: an address and a language.
type Subscriber struct {
	ID       int64
	Address  string // as package address writes it: local part as typed, domain as A-label
	Language string
	Created  time.Time
	Acted    time.Time // the latest act of the person's own, or the import that brought them
	Silenced bool      // their address receives nothing, whatever they are subscribed to
	Asked    time.Time // when they were asked since whether they still want the letters; zero: they were not
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
	Confirmed  time.Time // the consent that makes them a reader; zero before
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
	Origin  string // by which way: one of the Origin constants
	Source  string // where an imported or added consent came from, in the operator's words
	Wording Wording
	Network string // from which network, such as "203.0.113.0/24"; kept for a while only, then empty
}

// The ways by which an act of consent reaches Facteur, as its record names them.
const (
	OriginPage        = "page"        // the sign-up page
	OriginForm        = "form"        // the form under the site's articles
	OriginAPI         = "api"         // another program, for somebody at its own form
	OriginLetter      = "letter"      // the link in a letter and the button behind it
	OriginOneClick    = "one-click"   // the mail program's own button, RFC 8058
	OriginPreferences = "preferences" // the reader's own page
	OriginUndo        = "undo"        // the button that takes a leave back
	OriginMove        = "move"        // a change of address
	OriginCommand     = "command"     // the operator, for one person
	OriginImport      = "import"      // the operator, for the people of a file
	OriginRetention   = "retention"   // nobody: what is known was kept for long enough
)

// A Wording is a text that people were shown when they consented, as shown.
type Wording struct {
	Version string // stable name of the text, made from it; empty where Facteur showed none
	Text    string
}

// NewWording names a text by its content, so that two texts never share a version.
func NewWording(language, text string) Wording {
	sum := sha256.Sum256([]byte(text))
	return Wording{Version: language + "-" + hex.EncodeToString(sum[:6]), Text: text}
}

// SuppressionKind is why an address receives nothing.
type SuppressionKind string

const (
	SuppressedHardBounce SuppressionKind = "hard-bounce" // the mailbox does not exist
	SuppressedComplaint  SuppressionKind = "complaint"   // the reader called it spam
	SuppressedRequest    SuppressionKind = "request"     // the person asked for silence
	SuppressedOperator   SuppressionKind = "operator"    // the operator decided it
)

// SuppressionKinds lists every kind in the order in which people are shown them.
func SuppressionKinds() []SuppressionKind {
	return []SuppressionKind{SuppressedHardBounce, SuppressedComplaint, SuppressedRequest, SuppressedOperator}
}

// A Suppression is an address that receives nothing, whatever its subscriptions say.
type Suppression struct {
	Address string // empty: erased
	Kind    SuppressionKind
	Reason  string // the server's or the operator's words
	At      time.Time
}

// ReasonErased is the reason of a suppression whose person was erased: nothing but its hash is kept.
const ReasonErased = "erased"

// ReasonMoved is the reason of a suppression whose address its reader left for another: nothing but its hash is kept.
const ReasonMoved = "moved"

// bounceRest is how long a mailbox that did not exist is left alone before its person may ask again.
const bounceRest = 30 * 24 * time.Hour

// Lifts reports whether a double opt-in of the person's own ends the suppression. What providers and the operator
// decided stays: a complaint came from the mailbox, too.
func (s Suppression) Lifts(now time.Time) bool {
	switch s.Kind {
	case SuppressedRequest:
		return true
	case SuppressedHardBounce:
		return !now.Before(s.At.Add(bounceRest))
	}
	return false
}
