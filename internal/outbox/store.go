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

	// Due lists deliveries due at now, single letters, notices and proofs before editions, the longest due first.
	// Those of paused editions are not due. No text comes with them.
	Due(ctx context.Context, now time.Time, limit int) ([]newsletter.Delivery, error)

	// NextDue returns when the next delivery becomes due after the given instant, false when none will.
	NextDue(ctx context.Context, after time.Time) (time.Time, bool, error)

	// Step records what came of letters and marks others attempting. It re-reads subscription, suppression and edition
	// of those to be marked; one that may not go is not marked, is cancelled where that is final, and is returned.
	Step(ctx context.Context, done []Settlement, begin []newsletter.Parcel, now time.Time) (refused []int64, err error)

	// Finish moves editions on to done that are sending and owe nothing, and returns how many.
	Finish(ctx context.Context) (editions int, err error)

	// Changed returns a channel that is closed at the next commit, of this program or another.
	Changed() <-chan struct{}
}

// A Settlement is a try at a delivery and what it makes of the delivery.
type Settlement struct {
	Delivery int64
	Attempt  newsletter.Attempt
	State    newsletter.DeliveryState   // may differ from the attempt's: an unknown outcome is made due once more
	Next     time.Time                  // when it is due again; zero unless State is deferred
	To       string                     // the address that the letter went to
	Suppress newsletter.SuppressionKind // suppresses that address in the same transaction, if it is still the subscriber's; empty: nothing
	Notice   *newsletter.Notice         // queued in the same transaction, the first time for an edition; nil: nothing
}
