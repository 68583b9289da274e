package outbox

import (
	"context"
	"time"

	"facteur/internal/newsletter"
)

// A Store keeps the deliveries. Its methods are steps of the story: each is one transaction, durable when it returns.
type Store interface {
	// Remnants lists the deliveries that a dead sender left attempting. The caller holds the sender's lock.
	Remnants(ctx context.Context, limit int) ([]newsletter.Delivery, error)

	// QueueNext makes rows for the next readers, at most limit, of one edition that is queueing, and moves it on to
	// sending behind the last of them. It returns false when no edition is queueing.
	QueueNext(ctx context.Context, limit int, now time.Time) (more bool, err error)

	// SetGroups makes the providers that are told apart those given, from the next row of an edition on.
	SetGroups(ctx context.Context, groups newsletter.Groups) error

	// Closings lists the groups that are left alone at now, by what [Settlement] Closing recorded.
	Closings(ctx context.Context, now time.Time) ([]newsletter.Closing, error)

	// SetRests makes the relays that take no letters those given, for [Ledger] to tell.
	SetRests(ctx context.Context, rests []Rest) error

	// Departures counts the tries at letters that began after an instant and went beyond the connection, the earliest first.
	Departures(ctx context.Context, after time.Time) ([]Departure, error)

	// Rewind changes letters, at most limit, that a clock which was ahead left behind, and returns how many: what was never
	// tried and waits for nothing is due at now, nothing is due later than latest, and no round of tries began after now.
	// Confirmations wait for reasons of their own. No group is left alone for longer either.
	Rewind(ctx context.Context, now, latest time.Time, limit int) (letters int, err error)

	// DueAhead lists what is due at now and goes ahead of editions: single letters, notices, proofs and copies for one
	// reader, the longest due first. No text comes with them.
	DueAhead(ctx context.Context, now time.Time, limit int) ([]newsletter.Delivery, error)

	// DueCopies lists copies of editions due at now, those of the oldest edition first and of its groups in turn; of each
	// group and each edition no more than there is room for. Those of paused editions are not due.
	DueCopies(ctx context.Context, now time.Time, limit int, room Room) ([]newsletter.Delivery, error)

	// Unopened lists the editions under way with that many readers or more whose first letters only may go at now, and Open
	// sets when the rest may.
	Unopened(ctx context.Context, readers int, now time.Time) ([]Unopened, error)
	Open(ctx context.Context, edition int64, at time.Time) error

	// NextDue returns when the next delivery becomes due after the given instant, false when none will.
	NextDue(ctx context.Context, after time.Time) (time.Time, bool, error)

	// Step records what came of letters and marks others attempting. It re-reads subscription, suppression and edition
	// of those to be marked; one that may not go is not marked, is cancelled where that is final, and is returned.
	Step(ctx context.Context, done []Settlement, begin []newsletter.Parcel, now time.Time) (refused []int64, err error)

	// Finish moves editions on to done that are sending and owe nothing, and returns how many.
	Finish(ctx context.Context) (editions int, err error)

	// Changed returns a channel that is closed at the next commit, of this program or another, by which something may be due
	// that was not. A Step makes nothing due where all its letters were sent.
	Changed() <-chan struct{}
}

// Room is how many copies are wanted at most, of a group and of an edition. A function that is nil wants any number.
type Room struct {
	Group   func(name string) int
	Edition func(id int64) int
}

// A Rest is why a relay takes no letters.
type Rest struct {
	Relay string // empty: the only one
	Since time.Time
	Until time.Time // left alone until then; after that a letter shows whether it is back
	Why   string    // names nobody
}

// A Departure is how many letters left in one minute.
type Departure struct {
	Minute  time.Time
	Group   string // of copies; letters that go ahead are of none
	Letters int
}

// A Settlement is a try at a delivery and what it makes of the delivery.
type Settlement struct {
	Delivery int64
	Attempt  newsletter.Attempt
	State    newsletter.DeliveryState   // may differ from the attempt's: an unknown outcome is made due once more
	Next     time.Time                  // when it is due again; zero unless State is deferred
	To       string                     // the address that the letter went to
	Suppress newsletter.SuppressionKind // suppresses that address in the same transaction, if it is still the subscriber's; empty: nothing
	Closing  *newsletter.Closing        // recorded in the same transaction: its group is left alone; nil: nothing
	Hold     *Hold                      // pauses the edition and queues its notice, in the same transaction, if the edition is under way; nil: nothing
	Notice   *newsletter.Notice         // queued in the same transaction, the first time for an edition; nil: nothing
}
