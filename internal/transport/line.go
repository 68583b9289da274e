package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"facteur/internal/newsletter"
)

const crlf = "\r\n"

const blockSize = 64 << 10 // bytes of content under one deadline

// A line is one connection to a relay, logged in. It speaks and listens; what to say is the courier's business.
type line struct {
	conn   net.Conn     // what deadlines are set on
	client *smtp.Client // what is spoken through
	bare   *net.TCPConn // what takes pieces in one call; nil where they are enciphered, or there is no such call
	joined []byte       // room for all pieces
	waits  Timeouts
	offers offers
	opened time.Time
	age    time.Duration // at which it takes no more letters; 0 is never
	window int           // how many letters may have their content on the wire
	mails  int           // MAIL commands that were answered
	heard  time.Time     // of the last answer
	ended  bool          // no command can be sent in step with the server any more

	meanwhile func() // called where the answer to a letter without a mark does not come within a lull
	unwatch   func() bool
	goodbye   newsletter.Reply // the 421 by which the server ended it
	told      newsletter.Reply // what letters are told where it was lost
	cause     error            // why it ended

	mu     sync.Mutex // guards what follows, and the order of deadlines
	end    time.Time  // of all waits, once asked to stop; zero before
	yields bool       // what is being waited for may be given up at once
	armed  time.Time
	until  time.Time
}

// kept reports whether the server had a reason to close the connection: it served already, or waited.
func (l *line) kept() bool { return l.mails > 0 || time.Since(l.opened) > time.Second }

// spent reports that the next letter needs a new connection: this one was given up, carried as many letters as it may, or is old.
func (l *line) spent() bool {
	return l.ended || l.offers.maxMails > 0 && l.mails >= l.offers.maxMails || l.age > 0 && time.Since(l.opened) >= l.age
}

// takesMore reports that the commands of another letter may travel with the content of one.
func (l *line) takesMore() bool { return l.offers.pipeline && !l.spent() }

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

// mail appends the command that begins a transaction, with the parameters that the server offers and the letter needs. It needs no BODY (RFC 6152):
// only fields of the header are ever beyond ASCII, which SMTPUTF8 says, and without a BODY that the rest is not (RFC 6531 §3.6).
func (l *line) mail(dst []byte, p newsletter.Parcel) []byte {
	dst = append(append(append(dst, "MAIL FROM:<"...), p.Envelope.From...), '>')
	if l.offers.size {
		dst = strconv.AppendInt(append(dst, " SIZE="...), int64(p.Content.Len()), 10) // RFC 1870 §4: without doubled dots and the final one
	}
	if !isASCII(p.Envelope.From) || !isASCII(p.Envelope.To) {
		dst = append(dst, " SMTPUTF8"...)
	}
	if l.reports(p) {
		dst = append(append(dst, " RET=HDRS"...), envid(p.Name)...)
	}
	return append(dst, crlf...)
}

func (l *line) rcpt(dst []byte, p newsletter.Parcel) []byte {
	dst = append(append(append(dst, "RCPT TO:<"...), p.Envelope.To...), '>')
	if l.reports(p) {
		dst = append(dst, " NOTIFY=FAILURE"...)
	}
	return append(dst, crlf...)
}

// reports says that the server is told what to report of a letter, and that there is somebody to report to.
func (l *line) reports(p newsletter.Parcel) bool { return l.offers.dsn && p.Envelope.From != "" }

// appendIntroduction appends a letter's commands up to the content, which may be one write where the server reads them so
// (RFC 2920 §3.1).
func (l *line) appendIntroduction(dst []byte, p newsletter.Parcel) []byte {
	return append(l.rcpt(l.mail(dst, p), p), "DATA"+crlf...)
}

// introduce takes a letter's transaction up to its content, and returns how far it came: a refusal, or the last answer that
// is waited for before the letter is marked. announced says that the commands are written already.
func (l *line) introduce(p newsletter.Parcel, announced bool) (newsletter.Stage, newsletter.Reply, error) {
	if !l.offers.pipeline {
		reply, err := l.ask(l.mail(nil, p), 2, l.waits.Command, true)
		if err != nil {
			return newsletter.StageMail, reply, err
		}
		if l.mails++; !reply.OK() {
			return newsletter.StageMail, reply, nil
		}
		reply, err = l.ask(l.rcpt(nil, p), 2, l.waits.Command, true)
		return newsletter.StageRcpt, reply, err
	}
	if !announced {
		if reply, err := l.say(l.appendIntroduction(nil, p), l.waits.Command, true); err != nil {
			return newsletter.StageMail, reply, err
		}
	}
	return l.introduced()
}

// introduced reads the answers to commands that were written together. The first refusal is the letter's; the others are
// read, so that what comes next is answered in its turn. DATA may be granted all the same, and ends with no content then (RFC 2920 §3.1), or with the
// connection where the recipient was taken: to them a dot would be an empty letter.
func (l *line) introduced() (stage newsletter.Stage, reply newsletter.Reply, err error) {
	var refusal newsletter.Reply
	for _, step := range []struct {
		stage newsletter.Stage
		class int
		wait  time.Duration
	}{{newsletter.StageMail, 2, l.waits.Command}, {newsletter.StageRcpt, 2, l.waits.Command}, {newsletter.StageData, 3, l.waits.Data}} {
		l.arm(step.wait, true)
		answer, failed := l.answer(step.class)
		if step.stage == newsletter.StageMail && failed == nil {
			l.mails++
		}
		switch {
		case refusal.Code != 0 && failed != nil:
			return stage, refusal, failed
		case refusal.Code != 0:
		case failed != nil || answer.Code >= 400:
			if stage, refusal = step.stage, answer; failed != nil {
				return stage, refusal, failed
			}
		}
		reply = answer
	}
	switch {
	case refusal.Code == 0:
		return newsletter.StageRcpt, reply, nil
	case reply.Code < 400 && stage == newsletter.StageMail:
		_, err = l.lost(&oddity{what: fmt.Sprintf("an answer %d behind a refused MAIL", reply.Code), words: reply.Text})
	case reply.Code < 400:
		reply, err = l.say([]byte("."+crlf), l.waits.Dot, true)
		if err == nil {
			_, err = l.answer(2)
		}
	}
	return stage, refusal, err
}

// reset ends a transaction. It fails when the connection cannot be used for another.
func (l *line) reset() error {
	reply, err := l.ask([]byte("RSET"+crlf), 2, l.waits.Command, true)
	if err == nil && !reply.OK() {
		l.ended = true
		return fmt.Errorf("the server refuses RSET: %s", reply.Codes())
	}
	return err
}

// content sends a letter that is stuffed already, up to its final dot, of so many bytes, and what follows it; it returns how far it came.
func (l *line) content(stuffed net.Buffers, size int) (newsletter.Stage, newsletter.Reply, error) {
	if !l.offers.pipeline {
		reply, err := l.ask([]byte("DATA"+crlf), 3, l.waits.Data, false)
		if err != nil || reply.Code >= 400 {
			return newsletter.StageData, reply, err
		}
	}
	if l.unasked() {
		reply, err := l.outOfTurn()
		return newsletter.StageData, reply, err
	}
	if written, err := l.write(stuffed); err != nil {
		return l.interrupted(written >= size, err)
	}
	l.arm(l.waits.Dot, false)
	reply, err := l.answer(2)
	if err != nil && reply.Code == 0 {
		return newsletter.StageDot, reply, err
	}
	return newsletter.StageDone, reply, err
}

// write sends pieces of content, and returns how many bytes of them can have left.
func (l *line) write(pieces net.Buffers) (n int, err error) {
	for len(pieces) > 0 && err == nil {
		var block net.Buffers
		block, pieces = cut(pieces, blockSize)
		l.arm(l.waits.Block, false)
		var taken int
		taken, err = l.put(block)
		n += taken
	}
	return n, err
}

// put writes pieces together: the commands that travel with content are in the same packet, and the same record of TLS.
func (l *line) put(pieces net.Buffers) (n int, err error) {
	if l.bare != nil {
		taken, err := pieces.WriteTo(l.bare)
		return int(taken), err
	}
	l.joined = l.joined[:0]
	for _, piece := range pieces {
		l.joined = append(l.joined, piece...)
	}
	n, err = l.client.Text.W.Write(l.joined)
	if err == nil {
		err = l.client.Text.W.Flush()
	}
	return n - l.client.Text.W.Buffered(), err
}

// interrupted ends the connection when a write of content failed, or of the commands behind a whole one. A server that refuses content before
// its end says why and hangs up, and one may hang up behind its answer; that is what the letter is told then.
func (l *line) interrupted(whole bool, cause error) (newsletter.Stage, newsletter.Reply, error) {
	told, cause := l.lost(cause)
	l.arm(l.waits.Quit, false)
	reply, err := readReply(l.client.Text.R)
	switch {
	case err == nil && whole && (reply.OK() || reply.Code >= 400):
		return newsletter.StageDone, reply, cause
	case err == nil && reply.Code >= 400:
		return newsletter.StageData, reply, fmt.Errorf("the server refuses to read on: %s", reply.Codes())
	case whole:
		return newsletter.StageDot, told, cause
	default: // the last byte of the final dot did not leave
		return newsletter.StageData, told, cause
	}
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
func (l *line) ask(command []byte, class int, wait time.Duration, yields bool) (newsletter.Reply, error) {
	if reply, err := l.say(command, wait, yields); err != nil {
		return reply, err
	}
	return l.answer(class)
}

// say sends commands whose answers are to be read. While others are outstanding nothing may be said.
func (l *line) say(commands []byte, wait time.Duration, yields bool) (newsletter.Reply, error) {
	l.arm(wait, yields)
	if l.unasked() {
		return l.outOfTurn()
	}
	_, err := l.client.Text.W.Write(commands)
	if err == nil {
		err = l.client.Text.W.Flush()
	}
	if err != nil {
		return l.lost(err)
	}
	return newsletter.Reply{}, nil
}

// answer reads a reply of the given class, or a refusal. The error says that the connection ends here, and why; the
// reply is what the letter is told in every case.
func (l *line) answer(class int) (newsletter.Reply, error) {
	l.linger()
	reply, err := readReply(l.client.Text.R)
	l.heard = time.Now()
	switch {
	case err != nil:
		return l.lost(err)
	case reply.Code == 421: // RFC 5321 §3.8: the server closes after it
		l.ended, l.goodbye, l.cause = true, reply, fmt.Errorf("the server closes the connection: %s", reply.Codes())
		return reply, l.cause
	case reply.Code/100 == class || reply.Code >= 400:
		return reply, nil
	default:
		return l.lost(&oddity{what: fmt.Sprintf("an answer %d out of place", reply.Code), words: reply.Text})
	}
}

// linger waits for the beginning of an answer, and has done meanwhile what is to be done where it does not come within a lull. What is
// wrong with the connection shows again when the answer is read.
func (l *line) linger() {
	l.mu.Lock()
	until, soon := l.until, l.armed.Add(l.waits.Lull)
	waits := l.yields && l.client.Text.R.Buffered() == 0 && soon.Before(until)
	if waits {
		l.expire(soon)
	}
	l.mu.Unlock()
	if !waits {
		return
	}
	if _, err := l.client.Text.R.Peek(1); errors.Is(err, os.ErrDeadlineExceeded) {
		l.meanwhile()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expire(l.bounded(until, time.Now()))
}

// lost ends the connection for a reason, and returns what the letter is told and what may be logged.
func (l *line) lost(err error) (newsletter.Reply, error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("no answer within %s: %w", l.waited(), os.ErrDeadlineExceeded)
	}
	told := newsletter.NewReply(0, err.Error())
	if odd, ok := errors.AsType[*oddity](err); ok {
		told = newsletter.NewReply(0, odd.what+": "+odd.words)
	}
	if l.told.Text == "" {
		l.told = told
	}
	if l.cause == nil {
		l.cause = err
	}
	l.ended = true
	return told, err
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
		_, _ = l.ask([]byte("QUIT"+crlf), 2, l.waits.Quit, false)
	}
	l.ended = true
	_ = l.client.Close()
}
