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
	Number   int // of the edition; 0 for a notice or a single letter
	Subject  string
	Attempts []newsletter.Attempt // with the server's own words, oldest first
}

// A Ledger is what the operator asks and orders. Errors wrap newsletter.ErrNotFound, ErrState and ErrBusy.
type Ledger interface {
	Edition(ctx context.Context, ref newsletter.EditionRef) (newsletter.Edition, error)
	Editions(ctx context.Context, name string, limit int) ([]newsletter.Edition, error)
	EditionCounts(ctx context.Context, edition int64) (map[newsletter.DeliveryState]int, error)
	OutboxCounts(ctx context.Context) (map[newsletter.DeliveryState]int, error)

	// Pause holds an edition or lets it go on, Cancel ends it and returns how many letters will not leave. Both count
	// from their commit.
	Pause(ctx context.Context, ref newsletter.EditionRef, paused bool) error
	Cancel(ctx context.Context, ref newsletter.EditionRef) (letters int, err error)

	// Proof queues the exact bytes of an edition for an address.
	Proof(ctx context.Context, ref newsletter.EditionRef, to address.Address, now time.Time) error

	// ResendFailed makes failed and expired letters due again, for readers who still are readers and have no copy.
	// CountFailed says how many those are.
	CountFailed(ctx context.Context, ref newsletter.EditionRef) (int, error)
	ResendFailed(ctx context.Context, ref newsletter.EditionRef, by string, now time.Time) (letters int, err error)

	// ResendTo owes one reader an edition once more and returns the number of the copy.
	ResendTo(ctx context.Context, ref newsletter.EditionRef, to address.Address, by string, now time.Time) (copies int, err error)

	// Letters tells everything that was ever owed to an address, Trouble what of an edition did not arrive.
	Letters(ctx context.Context, a address.Address, limit int) ([]Told, error)
	Trouble(ctx context.Context, edition int64, limit int) ([]Told, error)
}
