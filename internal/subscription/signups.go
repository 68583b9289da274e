package subscription

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
)

// SignUps is what a store does for people who ask for newsletters and confirm. Each step is one transaction. A step that
// owes a letter whose text the store does not keep yet does nothing and answers an [*Unwritten].
type SignUps interface {
	// SignUp spends the form and its limits, counts the sign-up, makes or keeps a pending subscription for each newsletter,
	// and owes the one letter: that asks for the confirmation of what is pending, or where the address receives all of it
	// already, the short one that says so. What may not be sent is owed all the same, as cancelled. The request is
	// recorded where a subscription becomes pending by it, or its letter may be sent. All addresses take the same kinds
	// and number of statements, whatever is known of them. A form that was used, or is over a limit, changes nothing.
	SignUp(ctx context.Context, a Asking) (Admission, error)

	// AskLink spends the form and its limits and owes the letter with the link to the reader's own page, about the
	// newsletter that the person receives, or the one of a.Newsletters. It is cancelled where nobody is known.
	AskLink(ctx context.Context, a Asking) (Admission, error)

	// Request tells where the request of a subscription stands, as a letter made then named it, or
	// [newsletter.ErrNotFound].
	Request(ctx context.Context, subscription int64, letter time.Time) (Requested, error)

	// ConfirmRequest makes active all that is pending of the request of a subscription, as far as the letter can have
	// named it, records the consent for each,
	// ends a suppression that lifts, and owes the letter of welcome. The link's epoch must be the subscription's:
	// otherwise, and where nothing is pending, nothing is changed, with done false.
	ConfirmRequest(ctx context.Context, c Confirmation) (epoch uint32, done bool, err error)

	// RenewRequest owes the confirmation letter of a pending subscription's request once more. It waits anew from now on,
	// once, and begins at most Extend later than it did. Over the limit of its letters nothing changes. One that is not pending
	// is [newsletter.ErrState].
	RenewRequest(ctx context.Context, n Renewal) (Admission, error)

	// Unreminded lists pending requests that were asked for until then and were sent a letter, once each, that were not
	// reminded, are not held back and whose address may receive it. They come by their ids, those after one.
	Unreminded(ctx context.Context, until time.Time, after int64, limit int) ([]Requested, error)

	// Remind owes the reminder of a request, once.
	Remind(ctx context.Context, n Renewal) error

	// PurgePending forgets people who asked first until then and did not confirm: up to limit of their subscriptions, with all
	// that hangs on them. Who was a reader before is put back to having left, and keeps their history. From its commit
	// on a scrub is due, and the removal of their letters' files. more tells that there may be others.
	PurgePending(ctx context.Context, until time.Time, limit int) (more bool, err error)

	// Holding tells whether confirmation letters are held back, and how many people sign up.
	Holding(ctx context.Context, now time.Time) (Hold, error)

	// SetHolding changes from one state of holding to another and says whether it did. With an attack, confirmation
	// letters are held that were to leave later; with the operator's word all that have not left. The notice, unless nil,
	// is about the newsletter and leaves in the same commit. What came in an attack is not counted as usual once it is over.
	SetHolding(ctx context.Context, from, to HoldState, now time.Time, about string, notice *newsletter.Notice) (changed bool, err error)

	// Release lets up to limit letters go that are held back, or only those whose form came with its work, and that
	// only while nothing is held.
	Release(ctx context.Context, all bool, now time.Time, limit int) (letters int, err error)

	// Discard cancels up to limit letters that are held back, and takes back what they were charged to the limits of their
	// addresses.
	Discard(ctx context.Context, charged func(address.Address) admission.Limit, limit int) (letters int, err error)

	// SignUpCounts is what an operator wants to know of the sign-up.
	SignUpCounts(ctx context.Context, now time.Time) (SignUpCounts, error)

	// SweepSignUps forgets used forms, limits and counts that say nothing any more, and letters with a link that nobody
	// was owed, up to limit of each in one transaction.
	SweepSignUps(ctx context.Context, now time.Time, limit int) (more bool, err error)
}

// Admission is what the guards in the store say to a form.
type Admission string

const (
	Admitted Admission = "admitted"
	Spent    Admission = "spent"      // the form was used before
	Beyond   Admission = "over-limit" // too many from there, or from everywhere
)

// A Spending is a form that works once.
type Spending struct {
	Nonce []byte
	Until time.Time // when it would be too old anyway
}

// An Asking is a form that passed the guards outside of the store.
type Asking struct {
	Spending
	Limits      []admission.Limit // of everybody: each must let it through
	Person      Person
	Newsletters []string           // at least one
	Consent     newsletter.Consent // the request; its time is now
	Due         time.Time          // when the letter may leave
	Worked      bool               // the form came with its work
	Hold        HoldRule
	Letters     Letters
}

// Letters is what a step needs to owe a letter.
type Letters struct {
	Text  func(kind newsletter.LetterKind, about []string) (variant int64, ok bool)
	Limit func(kind newsletter.LetterKind) admission.Limit // of the address
}

// An Unwritten is a letter whose text is to be frozen first.
type Unwritten struct {
	Kind  newsletter.LetterKind
	About []string
}

func (u *Unwritten) Error() string {
	return fmt.Sprintf("the text of the letter %q about %q is not kept yet", u.Kind, u.About)
}

// A Requested is a subscription and the request that it is part of.
type Requested struct {
	newsletter.Subscription
	Newsletters []string               // names: pending ones of the request where this one is; else those of it that are received
	Suppression newsletter.Suppression // of the address; its kind is empty where there is none
}

// A Confirmation is the button of a confirmation letter, pressed.
type Confirmation struct {
	Subscription int64
	Epoch        uint32             // of the link
	Letter       time.Time          // when it was made: what was asked for since, it does not name
	Consent      newsletter.Consent // its wording is that of the request
	Letters      Letters
	Forget       [][]byte // keys of the limits that end with it
}

// A Renewal is a confirmation letter once more.
type Renewal struct {
	Spending     // of the button; not for a reminder
	Subscription int64
	Now          time.Time
	Extend       time.Duration // by how much the wait may begin later; not for a reminder
	Hold         HoldRule
	Letters      Letters
}

// HoldState says whether confirmation letters are held back at present.
type HoldState string

const (
	HoldNothing  HoldState = "auto"   // they are not, until an attack
	HoldAttack   HoldState = "attack" // for as long as it lasts: those whose forms came without their work
	HoldOperator HoldState = "hold"   // until the operator lets it go on
)

// HoldRule is what the settings and the last look at the traffic say about holding, besides the store's own state.
type HoldRule struct {
	All      bool // whatever that is
	Unworked bool // those whose forms come without their work
	Never    bool // not for an attack
}

// Holds reports that a confirmation letter asked for now is held back, by a form that came with its work or without.
func (r HoldRule) Holds(state HoldState, worked bool) bool {
	return r.All || state == HoldOperator || !worked && (r.Unworked || state == HoldAttack && !r.Never)
}

// A Hold is how holding stands.
type Hold struct {
	State   HoldState
	Since   time.Time // zero while nothing is held
	Traffic admission.Traffic
	Worked  admission.Traffic // of it, those whose forms came with their work
	Keeps   bool              // letters of theirs are held back
}

// SignUpCounts is the sign-up in numbers.
type SignUpCounts struct {
	Held        int                              // letters held back
	Doubted     int                              // of them, those that only the operator lets go: their form came without its work
	Pending     int                              // subscriptions that wait for their confirmation
	Asked       int                              // subscriptions asked for in the last week, up to a day ago
	Unconfirmed int                              // of them, not confirmed yet
	Complaints  int                              // about the letters of the last week, of people who never confirmed anything
	Letters     map[newsletter.DeliveryState]int // that ask for a confirmation of what was asked for in the last week, by state
}
