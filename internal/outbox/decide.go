package outbox

import (
	"time"

	"facteur/internal/newsletter"
)

// Policy is how the outbox goes on after a try that did not succeed.
type Policy struct {
	Retry   newsletter.RetryPolicy
	Unknown newsletter.UnknownPolicy
}

// Decide makes of a try what becomes of its delivery. d is the delivery as it was before the try; jitter, in [0, 1),
// spreads retries.
func (p Policy) Decide(d newsletter.Delivery, a newsletter.Attempt, jitter float64) Settlement {
	a.State = newsletter.Outcome(a.Stage, a.Reply)
	s := Settlement{Delivery: d.ID, To: d.Address, State: a.State}
	switch a.State {
	case newsletter.Unknown:
		if p.Unknown == newsletter.UnknownResend && d.Unknowns == 0 {
			s.State, s.Next = newsletter.Deferred, a.Ended
		}
	case newsletter.Deferred:
		first := d.Round
		if first.IsZero() {
			first = a.Started
		}
		next, again := p.Retry.Next(d.Tries+1, first, a.Ended, jitter)
		if again {
			s.Next = next
		} else {
			s.State, a.State = newsletter.Expired, newsletter.Expired
		}
	case newsletter.Failed:
		// Before RCPT no server can know whose mailbox it is about.
		if d.Subscriber != 0 && a.Stage != newsletter.StageMail && a.Reply.NoSuchMailbox() {
			s.Suppress = newsletter.SuppressedHardBounce
		}
	}
	s.Attempt = a
	return s
}

// remnant is the try of which a dead sender left only the mark.
func remnant(now time.Time) newsletter.Attempt {
	return newsletter.Attempt{
		Started: now, Ended: now, Stage: newsletter.StageDot,
		Reply: newsletter.Reply{Text: "the program ended before the server's answer was recorded"},
	}
}
