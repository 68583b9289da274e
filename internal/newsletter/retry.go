package newsletter

import "time"

// UnknownPolicy says what becomes of a letter whose outcome was lost.
type UnknownPolicy string

const (
	UnknownResend UnknownPolicy = "resend" // due at once, one time for each copy; unknown again, it waits
	UnknownHold   UnknownPolicy = "hold"   // waits for the operator
)

// A RetryPolicy says when a deferred letter is tried again and when that ends.
type RetryPolicy struct {
	First   time.Duration // wait before the second try; greylisting servers ask for 5 to 15 minutes
	Longest time.Duration // the wait doubles up to this
	GiveUp  time.Duration // from the first try on; a digest is stale after a day or two (RFC 5321 §4.5.4.1 allows 4–5 days)
}

// Furthest is how far off a next try is at most.
func (p RetryPolicy) Furthest() time.Duration { return p.Longest + p.Longest/2 }

// Next returns when a letter is due again after the given number of tries, the first of which was made at first.
// jitter, in [0, 1), spreads letters over half the wait, so that those refused together do not return together. It
// returns false when the letter has expired: the next try would come after the give-up.
func (p RetryPolicy) Next(tries int, first, now time.Time, jitter float64) (time.Time, bool) {
	wait := p.First
	for i := 1; i < tries && wait < p.Longest; i++ {
		wait *= 2
	}
	wait = min(wait, p.Longest)
	wait += time.Duration(jitter * float64(wait) / 2)
	next := now.Add(wait)
	return next, !next.After(first.Add(p.GiveUp))
}
