package subscription

import (
	"context"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

// Dossiers is what a store does to show, erase and outlast what is known about people.
type Dossiers interface {
	// Dossier gathers everything known about an address: of the subscriber it belongs to, and what was sent to it
	// otherwise. An address of which nothing is known is [newsletter.ErrNotFound].
	Dossier(ctx context.Context, a address.Address) (Dossier, error)

	// Erase forgets who somebody is, in one transaction: their subscriptions end, letters that have not left do not
	// leave, and what stays is the keyed hash with a suppression, the dates of consent and the numbers of letters. What
	// is on the wire comes to its end, and no words about it are kept. From its commit on a scrub is due, and the
	// removal of the letters' files, until they are done. Done before, it changes nothing: found by their number, who
	// was erased has nothing to do with whoever uses the address since. Nobody known is [newsletter.ErrNotFound].
	Erase(ctx context.Context, e Erasure) (Erased, error)

	// OnTheWire tells whether any of these letters is being carried at this moment.
	OnTheWire(ctx context.Context, deliveries []int64) (bool, error)

	// FilesDue lists letters whose files are to be removed, because who they name was forgotten: all but those that are
	// being carried at this moment.
	FilesDue(ctx context.Context) ([]int64, error)

	// FilesGone says that they are removed.
	FilesGone(ctx context.Context, deliveries []int64) error

	// Scrub sees to it that no file of the store holds any longer what this program forgot, nor what others did before
	// that instant and left undone; the zero time: nothing of others. Where nothing is due it does nothing. It waits for
	// readers of older states for a while; then it is [newsletter.ErrBusy], and stays due.
	Scrub(ctx context.Context, others time.Time) error

	// Suppression finds why an address receives nothing; [newsletter.ErrNotFound] when nothing forbids it.
	Suppression(ctx context.Context, a address.Address) (newsletter.Suppression, error)

	// LeftAddress tells when a reader changed an address for another, if nobody has come back with it by an act of their own
	// since: no import and no command makes it a reader's. Otherwise it is [newsletter.ErrNotFound].
	LeftAddress(ctx context.Context, a address.Address) (time.Time, error)

	// Suppress makes an address receive nothing. One that is suppressed already keeps its kind.
	Suppress(ctx context.Context, a address.Address, kind newsletter.SuppressionKind, reason string, now time.Time) error

	// Unsuppress takes a suppression away and tells what it was. [newsletter.ErrNotFound] when there is none.
	Unsuppress(ctx context.Context, a address.Address) (newsletter.Suppression, error)

	// Suppressions lists those of a kind, all under the empty kind, the latest first, at most limit.
	Suppressions(ctx context.Context, kind newsletter.SuppressionKind, limit int) ([]newsletter.Suppression, error)

	// CountSuppressions counts them by kind.
	CountSuppressions(ctx context.Context) (map[newsletter.SuppressionKind]int, error)

	// CountIdle counts the people of the list and those of them whom Idle is about.
	CountIdle(ctx context.Context, i Idle) (IdleNumbers, error)

	// AllowRetention keeps that the operator let retention act, and on how many people; the zero value takes it back.
	AllowRetention(ctx context.Context, a Allowance) error

	// RetentionAllowed tells whether and when the operator did; the zero value: no.
	RetentionAllowed(ctx context.Context) (Allowance, error)

	// BeginRetention makes the day one on which retention has acted. It is false where it was one already.
	BeginRetention(ctx context.Context, now time.Time) (bool, error)

	// IdleReaders lists readers who are to be asked whether they still want the letters, the longest silent first.
	IdleReaders(ctx context.Context, i Idle, limit int) ([]IdleReader, error)

	// AskIdle owes each the letter that asks and notes that they were asked, in one transaction. Who has acted since
	// the list was made is left out. It returns how many were asked.
	AskIdle(ctx context.Context, questions []Question, i Idle, now time.Time) (int, error)

	// IdleGone lists people whom nothing keeps any longer, the longest silent first.
	IdleGone(ctx context.Context, i Idle, limit int) ([]int64, error)

	// DropNetworks deletes the networks of consents older than before, at most limit in one transaction, and returns how many.
	DropNetworks(ctx context.Context, before time.Time, limit int) (int, error)
}

// A Dossier is everything known about one person.
type Dossier struct {
	Subscriber    newsletter.Subscriber // ID 0: nobody subscribed with the address, or they were erased
	Asked         time.Time             // when they were asked whether they still want the letters
	Suppression   *newsletter.Suppression
	MoveTo        string // the new address of a change that waits for its confirmation
	MoveAt        time.Time
	Left          time.Time // when a reader changed this address for another; who that is, nothing tells
	Subscriptions []DossierSubscription
	Letters       []DossierLetter // the earliest first
}

// A DossierSubscription is one subscription and the record of its consents, the earliest first.
type DossierSubscription struct {
	newsletter.Subscription
	Reminded time.Time // when a request was reminded of its confirmation
	Consents []newsletter.Consent
}

// A DossierLetter is one letter owed to the person, and every attempt, the earliest first.
type DossierLetter struct {
	newsletter.Delivery
	Subject  string
	Attempts []newsletter.Attempt
	Again    []DossierResend
}

// A DossierResend is one order to send a letter once more. Whose it was among the operator's people is no data of the
// reader's.
type DossierResend struct {
	At time.Time
}

// An Erasure says who is to be erased.
type Erasure struct {
	Address    address.Address // whose, or
	Subscriber int64           // who
	Unless     *Idle           // only who is still without an act of their own; nil: whoever it is
	Withdrawal newsletter.Consent

	Forget func(address.Address) [][]byte // keys of the limits that end with the person, who may ask anew; nil: none
}

// Erased is what came of an erasure.
type Erased struct {
	Done       bool    // false: it was done before, or is not to be done
	Deliveries []int64 // whose letters may lie in files
	OnTheWire  []int64 // those of them that were being carried at that instant
}

// Idle says from when on silence counts: RGPD art. 5(1)(e).
type Idle struct {
	Since time.Time // who has not acted after this
	Asked time.Time // and, where they could be asked, was asked before this
}

// IdleNumbers counts people.
type IdleNumbers struct {
	People  int // the list: everybody whose address is known
	ToAsk   int // readers who are to be asked
	Waiting int // who were asked, and whose time to answer is not over
	ToErase int // who did not answer, and who receive nothing any more
}

// An IdleReader is a reader of whom nothing was heard for long, and what they read.
type IdleReader struct {
	Subscriber  int64
	Newsletters []string // names; at least one
}

// A Question is a letter that asks one reader.
type Question struct {
	Subscriber int64
	Newsletter string // whose subscription the letter's links are about
	Variant    int64
}

// An Allowance is the operator's word that retention may act.
type Allowance struct {
	At     time.Time // zero: it may not
	People int       // on how many it would have acted then
}
