package outbox

import (
	"context"
	"errors"

	"facteur/internal/newsletter"
)

// A Transport opens ways out: an SMTP relay, or a folder.
type Transport interface {
	// Open makes one connection ready to carry letters. Its error speaks of the way out and blames no letter.
	Open(ctx context.Context) (Courier, error)
}

// A Next hands over a letter that is due. It waits until there is one or ctx is done, and returns false then and
// when nothing is to come.
type Next func(ctx context.Context) (newsletter.Parcel, bool)

// A Step makes durable, in one commit, what became of letters already handed over and the attempting marks of those
// whose content goes next. It re-checks that these may still go and returns those that may not. After an error nothing
// of it is durable and nothing may be sent.
type Step func(ctx context.Context, done []newsletter.Settled, begin []newsletter.Parcel) (refused []newsletter.Parcel, err error)

// ErrRecalled ends a connection's context where only what is not marked yet is to go another way.
var ErrRecalled = errors.New("recalled")

// A Courier is one open connection that carries letters one after the other.
//
// Carry goes on until next returns false, or until it was idle for long; then it returns nil with every outcome made
// durable and the connection closed. When the connection is lost it returns why, with every outcome made durable as
// well. That error is logged, so it says at which stage and by which code, and never repeats what the server said from
// MAIL on, which may name the reader: the words stand in the outcome.
//
// No content goes out before its letter's mark, and no final dot before the outcome of the letter before it. Outcomes
// do not wait for a letter that is slow to come: after a short lull they are stepped alone, and next is asked again. In
// a Settled the courier reports what it saw: times, stage and reply; what state that makes is not its business. A
// letter that was refused before its content stands among the outcomes without ever having been marked. One that was
// handed over and stands neither there nor among the refused is as due as before.
//
// A letter may be taken from next while the content of the one before is on the wire; its own content waits for its mark.
//
// When ctx is done the letter whose content is on the wire is brought to its end: in a hurry, unless ctx ended for [ErrRecalled].
type Courier interface {
	Carry(ctx context.Context, next Next, step Step) error
}
