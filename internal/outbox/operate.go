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

// Delayed reports a letter that leaves later because its form came without the work: nothing else owes one for later.
func (t Told) Delayed(now time.Time) bool {
	return t.Kind == newsletter.KindLetter && t.State == newsletter.Queued && !t.Held && t.Next.After(now)
}

// An Order is what an operator asked for: who, how and when.
type Order struct {
	By    string // the user of the system
	Way   Way
	Flags string // as they were given, but for addresses: who is erased must not stand here
	At    time.Time
}

// A Way is how an order came.
type Way string

const (
	WayTerminal Way = "terminal" // a person typed it
	WayScript   Way = "script"
)

// A Resend is an order to send an edition once more, as it is kept: for each group that it reached, one.
type Resend struct {
	Order
	What     ResendWhat
	Since    time.Time // under [ResendNewcomers]: who became active from then on; zero: all
	People   int       // so far, where it is not whole
	Whole    bool      // false: it is under way, or was cut off and is to be given again
	Delivery int64     // under [ResendTo]
}

// ResendWhat is what was to be sent once more. No reader belongs to two of the first three.
type ResendWhat string

const (
	ResendFailed    ResendWhat = "failed"    // what failed and expired
	ResendUnknown   ResendWhat = "unknown"   // what may have arrived: the same letter again
	ResendNewcomers ResendWhat = "newcomers" // who became active after the audience was fixed
	ResendTo        ResendWhat = "to"        // one reader's copy, or one more
)

// ResendGroups lists the groups of readers that an edition can be sent to once more, in the order in which that is done: a
// letter whose outcome stays unknown in the round itself is not sent once more by it.
func ResendGroups() []ResendWhat {
	return []ResendWhat{ResendUnknown, ResendFailed, ResendNewcomers}
}

// A Round is which groups an edition is to be sent to once more.
type Round struct {
	Groups []ResendWhat
	Since  time.Time // narrows newcomers to who became active from then on; zero: all
}

// A Recipient is whom a round would reach.
type Recipient struct {
	Subscriber int64
	Address    string
	Delivery   int64 // their letter that goes again; 0: it is still to be made
}

// A NextCopy is the copy of an edition that a reader is owed by `resend --to`.
type NextCopy struct {
	Copy       int
	Had        newsletter.DeliveryState // of their latest copy before; empty: they were never owed one
	Subscriber int64
	Delivery   int64 // their letter; 0: it is still to be made
}

// A Ledger is what the operator asks and orders. Errors wrap newsletter.ErrNotFound, ErrState and ErrBusy.
type Ledger interface {
	Edition(ctx context.Context, ref newsletter.EditionRef) (newsletter.Edition, error)
	Editions(ctx context.Context, name string, limit int) ([]newsletter.Edition, error)

	// EditionCounts counts the letters of an edition, further copies included. It reads all of them.
	EditionCounts(ctx context.Context, edition int64) ([]Counted, error)

	// Refusals tells what servers said last of the letters of an edition that have not arrived after a try, the commonest
	// first.
	Refusals(ctx context.Context, edition int64, limit int) ([]Refusal, error)

	// Waiting counts the letters that are to be sent, those whose row is still to be made left out, and Unmade the latter,
	// by edition. Troubled counts those that did not arrive after a try, of the latest edition first, and those on the wire. None of the three reads what arrived.
	Waiting(ctx context.Context, now time.Time) ([]Waiting, error)
	Unmade(ctx context.Context) (map[newsletter.EditionRef]int, error)
	Troubled(ctx context.Context) ([]Trouble, error)
	// Rests lists the relays that take no letters, as the sender that runs has it, or the last one had.
	Rests(ctx context.Context) ([]Rest, error)
	// UnderWay lists the editions that still owe letters, held ones included, the oldest first.
	UnderWay(ctx context.Context) ([]newsletter.Edition, error)

	// Tried counts the tries at letters after a given one, by what they came to, and says which was the last. Below 0 it only
	// says that.
	Tried(ctx context.Context, after int64) (states map[newsletter.DeliveryState]int, last int64, err error)

	// OutboxCounts counts all that there is, and reads it.
	OutboxCounts(ctx context.Context) (map[newsletter.DeliveryState]int, error)

	// CountHeld counts the confirmation letters held back, which OutboxCounts leaves out.
	CountHeld(ctx context.Context) (letters int, err error)

	// Pause holds an edition or lets it go on, Cancel ends it and returns how many letters will not leave. Both count
	// from their first commit. A large edition is cancelled in several: an order that is cut off leaves it held, to be
	// given again. After each commit tell is told how many letters that are so far.
	Pause(ctx context.Context, ref newsletter.EditionRef, paused bool) error
	Cancel(ctx context.Context, ref newsletter.EditionRef, tell func(letters int)) (letters int, err error)

	// Proof queues the exact bytes of an edition for an address.
	Proof(ctx context.Context, ref newsletter.EditionRef, to address.Address, now time.Time) error

	// Resend owes an edition once more to groups of readers: who still is a reader, is not suppressed and has no copy, nor
	// one under way. What was made before goes again as the same letter, with its Message-ID and Date, in a new round of tries; a
	// newcomer gets copy 1 and is not among the planned. It returns how many people of each group that were. A large list is
	// owed in several commits, and tell is told how many people after each. An order that is cut off tells how far it
	// came, and is to be given again: whoever it reached is reached no second time. An edition that was held stays so;
	// one that was done is sending. A cancelled one is ErrState.
	// CountResend says how many people that would be, and ListResend who, of one group, by the number of the subscriber:
	// at most limit, those after the given one. Newcomers who had all articles of the edition by others, and each as new, are passed over:
	// CountSated says how many.
	Resend(ctx context.Context, ref newsletter.EditionRef, r Round, o Order, tell func(people int)) (map[ResendWhat]int, error)
	CountResend(ctx context.Context, ref newsletter.EditionRef, r Round) (map[ResendWhat]int, error)
	CountSated(ctx context.Context, ref newsletter.EditionRef, since time.Time) (int, error)
	ListResend(ctx context.Context, edition int64, what ResendWhat, since time.Time, after int64, limit int) ([]Recipient, error)

	// ResendTo owes one reader an edition once more, at once: the same copy, with its Message-ID and Date, where it did
	// not arrive, and where that is unknown, for mail programs can then tell that it is no other; the next copy where
	// it arrived; copy 1 where the reader was never owed one. NextCopy says what it would be and changes nothing.
	// ErrState: the reader may not receive it, or it is on the wire. ErrNotFound: no subscriber of this newsletter.
	// ErrBusy: rows are still being made.
	ResendTo(ctx context.Context, ref newsletter.EditionRef, to address.Address, o Order) (NextCopy, error)
	NextCopy(ctx context.Context, ref newsletter.EditionRef, to address.Address) (NextCopy, error)

	// Resends tells who had an edition sent once more, to whom and how many, the earliest first.
	Resends(ctx context.Context, edition int64) ([]Resend, error)

	// Letters tells everything that was ever owed to an address, what an edition has yet to make a row for included
	// (its ID is 0), Trouble what of an edition has not arrived after a try, in the given states or else in any; both with
	// every attempt.
	Letters(ctx context.Context, a address.Address, limit int) ([]Told, error)
	Trouble(ctx context.Context, edition int64, states []newsletter.DeliveryState, limit int) ([]Told, error)
}
