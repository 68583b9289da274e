package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"facteur/internal/newsletter"
)

const blockSize = 64 << 10 // bytes of content under one deadline

// A line is one connection to a relay, logged in. It speaks and listens; what to say is the courier's business.
type line struct {
	conn   net.Conn     // what deadlines are set on
	client *smtp.Client // what is spoken through
	waits  Timeouts
	offers offers
	opened time.Time
	mails  int  // MAIL commands that were answered
	ended  bool // no command can be sent in step with the server any more

	unwatch func() bool

	mu     sync.Mutex // guards what follows, and the order of deadlines
	end    time.Time  // of all waits, once asked to stop; zero before
	yields bool       // what is being waited for may be given up at once
	armed  time.Time
	until  time.Time
}

// kept reports whether the server had a reason to close the connection: it served already, or waited.
func (l *line) kept() bool { return l.mails > 0 || time.Since(l.opened) > time.Second }

// full reports whether the server wants a new connection for the next letter (RFC 9422 §4.1).
func (l *line) full() bool { return l.offers.maxMails > 0 && l.mails >= l.offers.maxMails }

// watch makes the end of ctx interrupt a wait that yields, and lets all others together last for [Timeouts].Drain more.
func (l *line) watch(ctx context.Context) {
	l.unwatch = context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		now := time.Now()
		l.end = now.Add(l.waits.Drain)
		l.expire(l.bounded(l.until, now))
	})
}

// arm begins a wait.
func (l *line) arm(wait time.Duration, yields bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.yields, l.armed = yields, time.Now()
	l.expire(l.bounded(l.armed.Add(wait), l.armed))
}

// bounded is when a wait ends that would last until an instant, but for a stop.
func (l *line) bounded(until, now time.Time) time.Time {
	end := l.end
	if l.yields {
		end = now
	}
	if l.end.IsZero() || until.Before(end) {
		return until
	}
	return end
}

// waited is how long the wait was that ends now.
func (l *line) waited() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.armed).Round(time.Millisecond)
}

func (l *line) expire(until time.Time) {
	l.until = until
	_ = l.conn.SetDeadline(until) // fails only on a closed connection, which the next read or write tells
}

// mail begins a transaction, with the parameters that the server offers and the letter needs.
func (l *line) mail(p newsletter.Parcel) (newsletter.Reply, error) {
	command := "MAIL FROM:<" + p.Envelope.From + ">"
	if l.offers.size {
		command += fmt.Sprintf(" SIZE=%d", len(p.Content)) // RFC 1870 §4: without doubled dots and the final one
	}
	if !isASCII(p.Envelope.From) || !isASCII(p.Envelope.To) {
		command += " SMTPUTF8"
	}
	reply, err := l.ask(command, 2, l.waits.Command, true)
	if err == nil {
		l.mails++
	}
	return reply, err
}

func (l *line) rcpt(p newsletter.Parcel) (newsletter.Reply, error) {
	return l.ask("RCPT TO:<"+p.Envelope.To+">", 2, l.waits.Command, true)
}

// reset ends a transaction. It fails when the connection cannot be used for another.
func (l *line) reset() error {
	reply, err := l.ask("RSET", 2, l.waits.Command, true)
	if err == nil && !reply.OK() {
		l.ended = true
		return fmt.Errorf("the server refuses RSET: %s", codes(reply))
	}
	return err
}

// content sends DATA and a letter that is stuffed already, and returns how far it came.
func (l *line) content(stuffed []byte) (newsletter.Stage, newsletter.Reply, error) {
	reply, err := l.ask("DATA", 3, l.waits.Data, false)
	if err == nil && reply.Code < 400 && l.unasked() {
		reply, err = l.outOfTurn()
	}
	if err != nil || reply.Code >= 400 {
		return newsletter.StageData, reply, err
	}
	for block := range slices.Chunk(stuffed, blockSize) {
		l.arm(l.waits.Block, false)
		_, err := l.client.Text.W.Write(block)
		if err == nil {
			err = l.client.Text.W.Flush()
		}
		if err != nil { // so the last byte of the final dot did not leave: nothing can have been delivered
			reply, err := l.interrupted(err)
			return newsletter.StageData, reply, err
		}
	}
	l.arm(l.waits.Dot, false)
	reply, err = l.answer(2)
	if err != nil && reply.Code == 0 {
		return newsletter.StageDot, reply, err
	}
	return newsletter.StageDone, reply, err
}

// interrupted ends the connection when a write of content failed. A server that refuses content before its end says why
// and hangs up; that is what the letter is told then.
func (l *line) interrupted(cause error) (newsletter.Reply, error) {
	told, cause := l.lost(cause)
	l.arm(l.waits.Quit, false)
	if reply, err := readReply(l.client.Text.R); err == nil && reply.Code >= 400 {
		return reply, fmt.Errorf("the server refuses to read on: %s", codes(reply))
	}
	return told, cause
}

// unasked reports that the server said more than it was asked for: its next answer would be taken for another's.
func (l *line) unasked() bool { return l.client.Text.R.Buffered() > 0 }

// outOfTurn ends the connection for what the server said unasked.
func (l *line) outOfTurn() (newsletter.Reply, error) {
	reply, err := l.answer(2)
	if err != nil {
		return reply, err
	}
	return l.lost(&oddity{what: fmt.Sprintf("an answer %d out of turn", reply.Code), words: reply.Text})
}

// ask sends a command and reads the answer. See [line.answer].
func (l *line) ask(command string, class int, wait time.Duration, yields bool) (newsletter.Reply, error) {
	l.arm(wait, yields)
	if l.unasked() {
		return l.outOfTurn()
	}
	_, err := l.client.Text.W.WriteString(command + "\r\n")
	if err == nil {
		err = l.client.Text.W.Flush()
	}
	if err != nil {
		return l.lost(err)
	}
	return l.answer(class)
}

// answer reads a reply of the given class, or a refusal. The error says that the connection ends here, and why; the
// reply is what the letter is told in every case.
func (l *line) answer(class int) (newsletter.Reply, error) {
	reply, err := readReply(l.client.Text.R)
	switch {
	case err != nil:
		return l.lost(err)
	case reply.Code == 421: // RFC 5321 §3.8: the server closes after it
		l.ended = true
		return reply, fmt.Errorf("the server closes the connection: %s", codes(reply))
	case reply.Code/100 == class || reply.Code >= 400:
		return reply, nil
	default:
		return l.lost(&oddity{what: fmt.Sprintf("an answer %d out of place", reply.Code), words: reply.Text})
	}
}

// lost ends the connection for a reason, and returns what the letter is told and what may be logged.
func (l *line) lost(err error) (newsletter.Reply, error) {
	l.ended = true
	if odd, ok := errors.AsType[*oddity](err); ok {
		return newsletter.NewReply(0, odd.what+": "+odd.words), err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("no answer within %s: %w", l.waited(), os.ErrDeadlineExceeded)
	}
	return newsletter.NewReply(0, err.Error()), err
}

// quit ends the connection, politely where that is still possible. Nothing that goes wrong here matters to a letter. A
// server that took its time until the end of a stop is still told goodbye.
func (l *line) quit() {
	if l.unwatch != nil {
		l.unwatch()
	}
	l.mu.Lock()
	l.end = time.Time{}
	l.mu.Unlock()
	if !l.ended {
		_, _ = l.ask("QUIT", 2, l.waits.Quit, false)
	}
	l.ended = true
	_ = l.client.Close()
}

// codes are what of a refusal may stand in an error: the words may name a reader.
func codes(reply newsletter.Reply) string {
	return newsletter.Reply{Code: reply.Code, Enhanced: reply.Enhanced}.String()
}
