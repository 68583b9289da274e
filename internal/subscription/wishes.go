package subscription

import (
	"context"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
)

// Wishes is what a store does for readers who undo, pause, choose, and change their address. Each step is one
// transaction. One that takes a [Handle] is [newsletter.ErrState], and changes nothing, where the subscription is no
// longer on record, its person was erased, or its epoch is another. Acts are remembered as the person's latest.
type Wishes interface {
	// Beside lists what the person of a subscription is subscribed to, in the order of ids. A subscription that is not
	// on record, or whose person was erased, is [newsletter.ErrNotFound].
	Beside(ctx context.Context, subscription int64) ([]newsletter.Subscription, error)

	// TakeBack makes a subscription that was left what it was before, or where until is not zero, paused until then, and
	// records the consent. So it does to the person's others that the same act ended, and that nobody has touched since;
	// it returns the names of their newsletters, that of the handle first. A pause that is over by now is not taken up
	// again. Editions under way still owe what they owed the reader. One that was not left, and one that was not
	// confirmed and is to be paused, is [newsletter.ErrState].
	TakeBack(ctx context.Context, h Handle, until time.Time, consent newsletter.Consent) (names []string, err error)

	// SayGoodbye keeps a reason for a leave, as far as the limit goes, for each newsletter that the same act ended, and
	// not whose it is. A subscription that was not left is [newsletter.ErrState].
	SayGoodbye(ctx context.Context, h Handle, reason string, once admission.Limit, now time.Time) error

	// Prefer gives a reader the newsletters that they chose and ends the others that they were shown.
	Prefer(ctx context.Context, h Handle, p Preference) error

	// OweLatest owes an active reader the latest edition of the newsletter that is neither held nor cancelled, ahead of
	// editions and not as a part of its run, and says what came of it.
	OweLatest(ctx context.Context, h Handle, most admission.Limit, now time.Time) (Latest, error)

	// OweManage owes the reader the letter that leads to export, erasure and change of address, and says what came of it.
	// Over the limit, and where the address is suppressed, it is written as cancelled.
	OweManage(ctx context.Context, h Handle, variant int64, most admission.Limit, now time.Time) (Owed, error)

	// OpenMove writes a change of address down, in place of the reader's one before, and owes the letter to the new
	// address. Where that is another reader's, is suppressed or over its limit, the letter is written as cancelled, and
	// nothing else tells. Where the reader asked too often, nothing changes, and the one before stays open; so does one to the
	// same address that was asked for within [LinkLife].
	OpenMove(ctx context.Context, h Handle, m NewAddress) (opened bool, err error)

	// MoveTo tells to which address a change that is open leads, and the reader's language, or [newsletter.ErrNotFound].
	MoveTo(ctx context.Context, move int64) (to address.Address, language string, err error)

	// Move makes a new address the reader's, with the consent for all that they receive, and forgets the change and the
	// address before: from its commit on a scrub is due, and the removal of the files of letters to it, as after an
	// erasure. A sign-up with the new address that nobody confirmed is forgotten. It returns one of the reader's
	// subscriptions. A change that is not open, and one whose address meanwhile is another reader's or suppressed, or
	// whose reader is suppressed for another reason than that the old mailbox is gone, is [newsletter.ErrState]; while
	// a letter of that sign-up is on the wire, it is [newsletter.ErrBusy].
	Move(ctx context.Context, move int64, consent newsletter.Consent) (subscription int64, err error)

	// ResumePaused makes up to limit paused subscriptions active whose date has come. They are part of each edition
	// approved from then on.
	ResumePaused(ctx context.Context, now time.Time, limit int) (n int, err error)

	// SweepMoves forgets up to limit changes of address that were asked for until then, and the addresses with them. What
	// is left in files goes with the next scrub.
	SweepMoves(ctx context.Context, until time.Time, limit int) (n int, err error)
}

// A Handle is a subscription and the epoch that a link to it was made in.
type Handle struct {
	Subscription int64
	Epoch        uint32
}

// Latest is what came of the wish for the latest edition.
type Latest string

const (
	LatestSent    Latest = "sent"    // it is owed
	LatestNone    Latest = "none"    // there is none, or the reader receives nothing
	LatestHad     Latest = "had"     // they have it, or it is on its way
	LatestPaused  Latest = "paused"  // they receive nothing until a date
	LatestLimited Latest = "limited" // they asked for it too often
)

// Owed is what came of the wish for the managing letter.
type Owed string

const (
	OwedSent     Owed = "sent"     // it is owed
	OwedLimited  Owed = "limited"  // they asked for it too often
	OwedSilenced Owed = "silenced" // their address receives nothing
)

// A Preference is a wish in the words of the store.
type Preference struct {
	Shown      []string           // names of the newsletters that it is about: no other is touched
	Chosen     []string           // of them, those to receive
	Until      time.Time          // pause them until then; zero: no pause
	KeepPauses bool               // of them, those that are paused stay so, each until its own day
	Given      newsletter.Consent // for each that is chosen newly; its time is now
	Withdrawn  newsletter.Consent // for each that is left
}

// A NewAddress is where a reader wants their letters from here on.
type NewAddress struct {
	Address address.Address
	Variant int64           // the letter's text
	Asking  admission.Limit // of the reader
	Mailbox admission.Limit // of the new address
	At      time.Time
}
