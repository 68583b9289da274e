package outbox_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
)

// failures are how often calls of a name fail before they go well.
type failures struct {
	mu   sync.Mutex
	left map[string]int
	err  error
}

func (f *failures) call(name string, after bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if after || f.left[name] == 0 {
		return nil
	}
	f.left[name]--
	return f.err
}

func TestRun_AStoreThatRecovers(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readers("lea", "noe")
		h.publish()
		s := h.sender()
		s.UntilIdle, s.Connections = true, 1
		s.Store = witness{h.Store, (&failures{left: map[string]int{"QueueNext": 5, "Step": 5, "Finish": 5}, err: errors.New("disk full")}).call}
		if tally, err := s.Run(h.t.Context()); err != nil || tally.Sent != 2 {
			t.Errorf("%+v, %v", tally, err)
		}
		if n := len(h.relay.Letters()); n != 2 {
			t.Errorf("%d letters", n)
		}
	})
}

// What the store does not answer now it is asked again, whatever it was asked.
func TestRun_AStoreThatCannotBeReadForAWhile(t *testing.T) {
	for _, call := range []string{"Remnants", "Due", "NextDue", "Variant", "EditionByID"} {
		t.Run(call, func(t *testing.T) {
			inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"noe@lecteurs.example": {Reply: "450 4.2.0 later", Times: 1}}}, func(h *house) {
				h.readers("lea", "noe")
				h.publish()
				fails := &failures{left: map[string]int{call: 5}, err: errUnreadable}
				s := h.sender()
				s.Connections, s.Store = 1, witness{h.Store, fails.call}
				h.post.Texts = reader{h.Store, fails.call}
				stop := h.start(s)
				time.Sleep(time.Hour)
				synctest.Wait()
				h.must(stop())
				h.state("lea", newsletter.Sent)
				h.state("noe", newsletter.Sent)
				if n := fails.left[call]; n > 0 {
					t.Errorf("%s was not asked again: %d failures left", call, n)
				}
			})
		})
	}
}

// A reader stands between a composer and its texts, as a [witness] does between a sender and the store.
type reader struct {
	outbox.Texts
	call func(name string, after bool) error
}

func (r reader) Variant(ctx context.Context, id int64) (newsletter.Variant, error) {
	if err := r.call("Variant", false); err != nil {
		return newsletter.Variant{}, err
	}
	return r.Texts.Variant(ctx, id)
}

func (r reader) EditionByID(ctx context.Context, id int64) (newsletter.Edition, error) {
	if err := r.call("EditionByID", false); err != nil {
		return newsletter.Edition{}, err
	}
	return r.Texts.EditionByID(ctx, id)
}

func TestRun_AStoreThatStaysBroken(t *testing.T) {
	full := errors.New("disk full")
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readers(names(10)...)
		h.publish()
		var steps atomic.Int32
		s := h.sender()
		s.Store = witness{h.Store, func(name string, after bool) error {
			if name == "Step" && !after && steps.Add(1) > 4 {
				return full
			}
			return nil
		}}
		began := time.Now()
		_, err := s.Run(h.t.Context())
		if !errors.Is(err, full) || strings.Count(err.Error(), "disk full") != 1 {
			t.Errorf("the run ends with %v; want the store's error, once", err)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it took %s", took)
		}
		// Four steps are four marks at most, and no content goes without one.
		if n := len(h.relay.Letters()); n > 4 || n == 0 {
			t.Errorf("%d letters left", n)
		}
		before := len(h.relay.Letters())
		h.drain()
		if n := len(h.relay.Letters()) - 10; n > 2 || n < 0 {
			t.Errorf("%d letters in all, %d before the store broke: more than one for each connection is repeated", n+10, before)
		}
	})
}

// What cannot be recorded during a stop holds it up for seconds only: whoever asked for the stop kills who does not end.
func TestRun_AStopDoesNotWaitForABrokenStore(t *testing.T) {
	full := errors.New("disk full")
	for _, test := range []struct {
		name         string
		breaks, most time.Duration // an answer to a final dot comes at 14, 28 and 42 seconds, the stop at 30
	}{
		{"while a step is tried again", 27 * time.Second, 3 * time.Second},
		{"while letters are on the wire", 29 * time.Second, 15 * time.Second},
		{"in the stop", 31 * time.Second, 15 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"DOT": {Reply: "250 2.0.0 ok", Slow: time.Second}}}, func(h *house) {
				h.readers(names(20)...)
				h.publish()
				broken := time.Now().Add(test.breaks)
				s := h.sender()
				s.Store = witness{h.Store, func(_ string, after bool) error {
					if !after && time.Now().After(broken) {
						return full
					}
					return nil
				}}
				stop := h.start(s)
				time.Sleep(30 * time.Second)
				began := time.Now()
				if err := stop(); !errors.Is(err, full) {
					t.Errorf("the run ends with %v; want the store's error", err)
				}
				if took := time.Since(began); took > test.most {
					t.Errorf("stopping took %s, want %s at most", took, test.most)
				}
			})
		})
	}
}

// With nothing due the sender sleeps: no look at the store for as long as nothing changes.
func TestRun_RestsWhenNothingIsDue(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"noe@lecteurs.example": {Reply: "450 4.2.0 later", Times: 1}}}, func(h *house) {
		h.readers("lea", "noe", "zoe")
		h.publish()
		var calls atomic.Int32
		s := h.sender()
		s.Store = witness{h.Store, func(_ string, after bool) error {
			if !after {
				calls.Add(1)
			}
			return nil
		}}
		stop := h.start(s)
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := calls.Load(); n > 60 {
			t.Errorf("three letters took %d looks at the store", n)
		}
		calls.Store(0)
		time.Sleep(8 * time.Minute)
		synctest.Wait()
		if n := calls.Load(); n != 0 {
			t.Errorf("%d looks at the store while a letter waited for its time", n)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		h.state("noe", newsletter.Sent)
		calls.Store(0)
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := calls.Load(); n != 0 {
			t.Errorf("%d looks at the store in an hour with nothing to send", n)
		}
		h.readers("new") // a change: one look at what goes ahead, and one at copies
		synctest.Wait()
		if n := calls.Load(); n < 1 || n > 6 {
			t.Errorf("a change made the sender look %d times", n)
		}
		h.must(stop())
	})
}

// A letter that is settled while the store is asked what is due is not taken from that old answer.
func TestRun_AnOldAnswerHandsNothingOver(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"DOT": {Drop: true}}}, func(h *house) {
		all := names(20)
		h.readers(all...)
		h.publish()
		s := h.sender()
		s.Connections = 4
		s.Store = witness{h.Store, func(name string, after bool) error {
			if name == "Due" && after {
				time.Sleep(time.Second) // meanwhile letters land
			}
			return nil
		}}
		stop := h.start(s)
		time.Sleep(time.Hour)
		synctest.Wait()
		h.must(stop())
		for _, name := range all {
			if d := h.told(name); d.State != newsletter.Unknown || len(d.Attempts) != 2 || len(h.letters(name)) != 2 {
				t.Errorf("%s: %s after %d tries; want unknown after exactly two", name, d.State, len(d.Attempts))
			}
		}
	})
}

// Draining ends only when what was in flight at the last look has landed and is not due again.
func TestRun_DrainsWhatLandsDuringTheLastLook(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"DOT": {Drop: true, Times: 1}}}, func(h *house) {
		h.readers("lea")
		h.publish()
		s := h.sender()
		s.UntilIdle = true
		s.Store = witness{h.Store, func(name string, after bool) error {
			if name == "Due" && after {
				time.Sleep(time.Second)
			}
			return nil
		}}
		_, err := s.Run(h.t.Context())
		h.must(err)
		h.state("lea", newsletter.Sent)
	})
}
