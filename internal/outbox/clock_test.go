package outbox_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
)

// A wallClock is one that can be set. Timers do not heed it.
type wallClock struct{ ahead atomic.Int64 }

func (c *wallClock) Now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *wallClock) set(ahead time.Duration) { c.ahead.Store(int64(ahead)) }

// clocked couriers read the same clock as everybody.
type clocked struct {
	outbox.Transport
	clock *wallClock
}

func (c clocked) Open(ctx context.Context) (outbox.Courier, error) {
	courier, err := c.Transport.Open(ctx)
	return clockedCourier{courier, c.clock}, err
}

type clockedCourier struct {
	outbox.Courier
	clock *wallClock
}

func (c clockedCourier) Carry(ctx context.Context, next, beside outbox.Next, step outbox.Step) error {
	return c.Courier.Carry(ctx, next, beside, func(ctx context.Context, done []newsletter.Settled, begin []newsletter.Parcel) ([]newsletter.Parcel, error) {
		ahead := time.Duration(c.clock.ahead.Load())
		for i := range done {
			done[i].Attempt.Started, done[i].Attempt.Ended = done[i].Attempt.Started.Add(ahead), done[i].Attempt.Ended.Add(ahead)
		}
		return step(ctx, done, begin)
	})
}

// A step of the clock in the middle of an edition, while its first letters are waited for or later, seen by a sender that
// runs or by the next one: the pace is kept, what is queued goes on at once, what waits does so no longer than it would have
// and the step, but for years that it never waits; and everybody has one letter.
func TestRun_TheClockIsSet(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for _, test := range []struct {
		name         string
		before, then time.Duration // how far the clock is ahead
		stopped      bool          // it is set between two senders
		pace         int           // letters in a minute that are seen at most
		end          time.Duration // when everybody has their letter, at the latest
	}{
		{"an hour back", time.Hour, 0, false, 20, 4 * time.Hour},
		{"an hour forward", 0, time.Hour, false, 40, 3 * time.Hour},
		{"a year back", year, 0, false, 20, 8 * time.Hour},
		{"a year forward", 0, year, false, 40, 3 * time.Hour},
		{"an hour back, with nobody there", time.Hour, 0, true, 20, 4 * time.Hour},
		{"a year back, with nobody there", year, 0, true, 20, 8 * time.Hour},
	} {
		for when, at := range map[string]time.Duration{"behind the first letters": 5 * time.Minute, "in the middle": 13 * time.Minute} {
			t.Run(test.name+", "+when, func(t *testing.T) {
				answers := map[string]smtptest.Answer{
					"r000@orange.example":   {Reply: "421 4.7.0 Service refuse. Please try later. OFR_999 [999]", Close: true, Times: 1},
					"r001@lecteurs.example": {Reply: "450 4.2.0 Greylisted", Times: 1},
				}
				inHouse(t, smtptest.Script{Answers: answers}, func(h *house) {
					clock := &wallClock{}
					clock.set(test.before)
					h.readersAt(200, "orange.example", "lecteurs.example", "lecteurs.example", "lecteurs.example", "lecteurs.example")
					h.publish()
					stop := h.start(h.clockedSender(clock))
					after(at)
					if test.stopped {
						h.must(stop())
					}
					clock.set(test.then)
					if test.stopped {
						stop = h.start(h.clockedSender(clock))
					}
					after(25 * time.Minute)
					if got := h.taken(providers()); got[""] < 159 {
						t.Errorf("25 minutes later %d of 160 letters left that nothing holds up", got[""])
					}
					after(test.end - at - 25*time.Minute)
					h.must(stop())
					h.everybodyHasOne(200)
					h.neverMore(test.pace, time.Minute)
				})
			})
		}
	}
}

// clockedSender is one whose first letters go ahead and whose providers are told apart, at twenty letters a minute.
func (h *house) clockedSender(clock *wallClock) *outbox.Sender {
	s := h.sender()
	s.Transport, s.Now = clocked{s.Transport, clock}, clock.Now
	s.Groups, s.Pace = providers(), newsletter.Pace{Minute: 20}
	s.Canary = outbox.Canary{Letters: 10, Wait: 10 * time.Minute, From: 1}
	return s
}

// neverMore fails the test if the relay took more letters than that within a span.
func (h *house) neverMore(most int, span time.Duration) {
	h.t.Helper()
	letters := h.relay.Letters()
	for i := most; i < len(letters); i++ {
		if took := letters[i].At.Sub(letters[i-most].At); took < span {
			h.t.Errorf("%d letters within %s", most+1, took)
			return
		}
	}
}
