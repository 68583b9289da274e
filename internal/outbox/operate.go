package outbox

import (
	"context"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// Told is a delivery with its whole history, for people who ask what happened.
type Told struct {
	newsletter.Delivery
	Subject  string
	Held     bool                 // back, as confirmations are in an attack: no sender owes it anything
	Attempts []newsletter.Attempt // with the server's own words, oldest first
}

// A Resend is one order to send an edition once more, and who gave it.
type Resend struct {
	What     ResendWhat
	By       string
	At       time.Time
	People   int
	Delivery int64 // under [ResendTo]
}

// ResendWhat is what was to be sent once more.
type ResendWhat string

const (
	ResendFailed ResendWhat = "failed" // what failed and expired
	ResendTo     ResendWhat = "to"     // one reader's copy, or one more
)

// A NextCopy is the copy of an edition that a reader is owed by `resend --to`.
type NextCopy struct {
	Copy int
	Had  newsletter.DeliveryState // of their latest copy before; empty: they were never owed one
}

// A Ledger is what the operator asks and orders. Errors wrap newsletter.ErrNotFound, ErrState and ErrBusy.
type Ledger interface {
	Edition(ctx context.Context, ref newsletter.EditionRef) (newsletter.Edition, error)
	Editions(ctx context.Context, name string, limit int) ([]newsletter.Edition, error)
	EditionCounts(ctx context.Context, edition int64) (map[newsletter.DeliveryState]int, error)
	OutboxCounts(ctx context.Context) (map[newsletter.DeliveryState]int, error)

	// CountHeld counts the confirmation letters held back, which OutboxCounts leaves out.
	CountHeld(ctx context.Context) (letters int, err error)

	// Pause holds an edition or lets it go on, Cancel ends it and returns how many letters will not leave. Both count
	// from their first commit. A large edition is cancelled in several: an order that is cut off leaves it held, to be
	// given again.
	Pause(ctx context.Context, ref newsletter.EditionRef, paused bool) error
	Cancel(ctx context.Context, ref newsletter.EditionRef) (letters int, err error)

	// Proof queues the exact bytes of an edition for an address.
	Proof(ctx context.Context, ref newsletter.EditionRef, to address.Address, now time.Time) error

	// ResendFailed makes failed and expired letters due again, for readers who still are readers and have no copy.
	// Message-ID and Date stay, and a new round of tries begins. A cancelled edition is ErrState.
	// CountFailed says how many those are.
	CountFailed(ctx context.Context, ref newsletter.EditionRef) (int, error)
	ResendFailed(ctx context.Context, ref newsletter.EditionRef, by string, now time.Time) (letters int, err error)

	// ResendTo owes one reader an edition once more, at once: the same copy, with its Message-ID and Date, where it did
	// not arrive, and where that is unknown, for mail programs can then tell that it is no other; the next copy where
	// it arrived; copy 1 where the reader was never owed one. NextCopy says what it would be and changes nothing.
	// ErrState: the reader may not receive it, or it is on the wire. ErrNotFound: no subscriber of this newsletter.
	// ErrBusy: rows are still being made.
	ResendTo(ctx context.Context, ref newsletter.EditionRef, to address.Address, by string, now time.Time) (NextCopy, error)
	NextCopy(ctx context.Context, ref newsletter.EditionRef, to address.Address) (NextCopy, error)

	// Resends tells who had an edition sent once more, the earliest first.
	Resends(ctx context.Context, edition int64) ([]Resend, error)

	// Letters tells everything that was ever owed to an address, what an edition has yet to make a row for included
	// (its ID is 0), Trouble what of an edition has not arrived after a try; both with every attempt.
	Letters(ctx context.Context, a address.Address, limit int) ([]Told, error)
	Trouble(ctx context.Context, edition int64, limit int) ([]Told, error)
}
