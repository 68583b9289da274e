package outbox

import (
	"context"

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
// of it is durable and nothing may be sent. It keeps nothing of done: the courier writes there again.
type Step func(ctx context.Context, done []newsletter.Settled, begin []newsletter.Parcel) (refused []newsletter.Parcel, err error)

// A Courier is one open connection that carries letters one after the other.
//
// Carry goes on until next returns false, or until it was idle for long; then it returns nil with every outcome made
// durable and the connection closed. When the connection is lost it returns why, with every outcome made durable as
// well. That error is logged, so it says at which stage and by which code, and never repeats what the server said from
// MAIL on, which may name the reader: the words stand in the outcome.
//
// No content goes out before its letter's mark, and no final dot before the outcome of the letter before it; with a window of n, of the n-th
// before. Outcomes do not wait for a letter that is slow to come: after a short lull they are stepped alone, and next is asked again. In
// a Settled the courier reports what it saw: times, stage and reply; what state that makes is not its business. A
// letter that was refused before its content stands among the outcomes without ever having been marked. One that was
// handed over and stands neither there nor among the refused is as due as before.
//
// With a window, letters from beside are marked with that from next or after it, in one step as many as there is room for, and each once it is
// handed over: none waits without a mark for the server.
//
// Without one, before the content of a marked letter goes, another may be taken from beside, whose commands travel with that content; its own content
// waits for its mark, as ever. Beside waits for it no longer than a millisecond. It is none that goes ahead of editions, and may be taken back while
// the server says nothing: then step refuses it, and whatever the courier reports of it counts for nothing.
//
// When ctx is done the letters whose content is on the wire are brought to their end in a hurry.
type Courier interface {
	Carry(ctx context.Context, next, beside Next, step Step) error
}
