package newsletter

import "time"

// DeliveryKind is what a delivery carries, in the order in which the outbox prefers them.
type DeliveryKind string

const (
	KindLetter  DeliveryKind = "letter"  // a single letter to a reader, such as a confirmation
	KindNotice  DeliveryKind = "notice"  // a letter to the operator or an editor
	KindProof   DeliveryKind = "proof"   // an edition's exact bytes, to an editor
	KindEdition DeliveryKind = "edition" // a reader's copy of an edition
)

// LetterKind is which single letter a delivery of [KindLetter] is.
type LetterKind string

const (
	LetterConfirm LetterKind = "confirm" // asks whether a sign-up was meant; holds nothing else (double opt-in)
	LetterRemind  LetterKind = "remind"  // the same once more, the last time
	LetterWelcome LetterKind = "welcome" // the sign-up is confirmed
	LetterAlready LetterKind = "already" // somebody asked for what the address receives already
	LetterLink    LetterKind = "link"    // the way to the reader's own page
	LetterManage  LetterKind = "manage"  // the way to export, erasure and change of address, for 30 minutes
	LetterMove    LetterKind = "move"    // to a new address: asks whether it is the reader's, for 30 minutes
	LetterKeep    LetterKind = "keep"    // asks who was silent for years whether they still want the letters
)

// LetterKinds lists every kind of single letter.
func LetterKinds() []LetterKind {
	return []LetterKind{LetterConfirm, LetterRemind, LetterWelcome, LetterAlready, LetterLink, LetterManage, LetterMove, LetterKeep}
}

// Confirms reports a letter that asks for a confirmation: only who is pending gets it, and it may go to an address
// whose suppression a confirmation would lift.
func (k LetterKind) Confirms() bool { return k == LetterConfirm || k == LetterRemind }

// DeliveryState is where one message owed to one address stands.
type DeliveryState string

const (
	// Queued: nothing was tried yet. The sender moves it to attempting. A crash changes nothing.
	Queued DeliveryState = "queued"
	// Attempting: its content may be on the wire. The sender moves it on as soon as the outcome is known. After a
	// crash the next sender finds it so and calls it unknown.
	Attempting DeliveryState = "attempting"
	// Deferred: the server asked for patience, or was not reached, or nobody knows and it is tried once more. Due again at its next time. A
	// crash changes nothing.
	Deferred DeliveryState = "deferred"
	// Unknown: the connection or the program ended after the content and before the answer. Policy makes it due once
	// more, unless its edition was ended; or it waits until `resend --unknown` or `resend --to` makes it queued. A crash changes nothing.
	Unknown DeliveryState = "unknown"
	// Sent: the server took responsibility (RFC 5321 §4.2.5). Final but for a bounce. A crash changes nothing.
	Sent DeliveryState = "sent"
	// Failed: refused for good. Final until `resend --failed` or `resend --to` makes it queued. A crash changes nothing.
	Failed DeliveryState = "failed"
	// Expired: deferred for longer than the policy tries. Final until `resend --failed` or `resend --to` makes it
	// queued. A crash changes nothing.
	Expired DeliveryState = "expired"
	// Cancelled: not sent, because the reader left, the address is suppressed or the operator ended the edition. Final
	// until the reader comes back or asks for it, or `resend --newcomers` or `resend --to` makes it queued, which an
	// edition that was ended refuses. A crash changes nothing.
	Cancelled DeliveryState = "cancelled"
	// Bounced: sent, and a report came back (RFC 3464). Final. A crash changes nothing.
	Bounced DeliveryState = "bounced"
)

// DeliveryStates lists all states in the order in which people are shown them.
func DeliveryStates() []DeliveryState {
	return []DeliveryState{Queued, Attempting, Deferred, Unknown, Sent, Failed, Expired, Cancelled, Bounced}
}

// Open reports whether the outbox still owes something to a delivery in this state.
func (s DeliveryState) Open() bool {
	return s == Queued || s == Attempting || s == Deferred
}

// CancelReason says why a delivery was cancelled.
type CancelReason string

const (
	CancelLeft       CancelReason = "left"       // the reader left before the mark
	CancelPaused     CancelReason = "paused"     // the reader paused before the mark
	CancelSuppressed CancelReason = "suppressed" // the address receives nothing
	CancelOperator   CancelReason = "operator"   // the operator ended the edition, or discarded the letter
	CancelLimited    CancelReason = "limited"    // the address was sent enough letters of this kind
	CancelOver       CancelReason = "over"       // what the letter asks has been answered, or has expired
	CancelTaken      CancelReason = "taken"      // the address belongs to another reader
	CancelErased     CancelReason = "erased"     // nobody is known there any more
)

// A Delivery is one message owed to one address. The outbox is the set of those that are open.
type Delivery struct {
	ID           int64
	Kind         DeliveryKind
	Letter       LetterKind // under [KindLetter]
	Edition      int64      // 0 but for copies and proofs
	Number       int        // of that edition
	Variant      int64
	Newsletter   string
	Subscriber   int64     // 0 for proofs and notices
	Subscription int64     // 0 for proofs and notices
	Epoch        uint32    // of the subscription, for the links
	Confirmed    time.Time // the reader's consent, which letters name; zero where there is none
	Move         int64     // the change of address that it is about; 0 for all others
	Copy         int       // 1, or more where a copy had arrived and another was asked for
	Address      string
	Group        string // of the address; empty: of no provider that is told apart, or not of an edition
	State        DeliveryState
	Reason       CancelReason // under [Cancelled]
	Tries        int          // in this round; a resend begins a new one
	Unknowns     int          // how often its outcome stayed unknown
	First        time.Time    // the first try of all: the Date of the message on every retry; zero before
	Round        time.Time    // the first try of this round, from which giving up counts; zero before
	Next         time.Time    // when it is due; zero in every state but queued and deferred
}

// A Stage is how far an SMTP transaction came, in its order.
type Stage string

const (
	StageConnect Stage = "connect" // dial, greeting, EHLO, STARTTLS, AUTH
	StageMail    Stage = "mail"
	StageRcpt    Stage = "rcpt"
	StageData    Stage = "data" // DATA and the content, the final dot not yet written
	StageDot     Stage = "dot"  // the final dot may have reached the server
	StageDone    Stage = "done" // the answer to the final dot was read
)

// An Attempt is one try at a delivery. Attempts are kept, for the history is what the operator asks for.
type Attempt struct {
	Started time.Time
	Ended   time.Time
	Stage   Stage
	State   DeliveryState // what the outbox made of it: sent, deferred, failed, expired or unknown
	Reply   Reply
	Relay   string // which of several; empty: there is one, or none was reached
}

// An Envelope is what SMTP needs to know of a message (RFC 5321 §2.3.1).
type Envelope struct {
	From string // return path; empty is the null path
	To   string
}

// A Settled is what came of one letter that was handed over.
type Settled struct {
	Delivery int64
	Attempt  Attempt
}

// A Message is one letter's octets, in lines that end with CRLF (RFC 5322 §2.1). It does not change.
type Message interface {
	// Len is how many octets it has.
	Len() int
	// Append appends them.
	Append(dst []byte) []byte
	// AppendStuffed appends them, piece by piece, as they follow DATA: dots doubled where a line begins with one, and the line with the
	// final dot (RFC 5321 §4.5.2). Long pieces may be common to many letters, so nobody changes them; what is this one's own is appended
	// to room first. What no server could take alike is an error.
	AppendStuffed(pieces [][]byte, room []byte) ([][]byte, []byte, error)
}

// A Parcel is a letter ready to go: its delivery, its envelope and its message.
type Parcel struct {
	Delivery int64
	Name     string    // tells it from others in a folder, such as "hebdo-42-17"; letters, digits and hyphens
	Date     time.Time // the message's Date, which its mark makes durable
	Envelope Envelope
	Content  Message
}
