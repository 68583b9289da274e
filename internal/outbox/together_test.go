package outbox_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
)

// What may go wrong where the commands of a letter travel with the content of another.

// A letter of which the server says nothing for long, or nothing at all, holds up no other: neither the one whose commands
// travelled with it, nor the last of the edition; and each of these goes once.
func TestTogether_SilenceHoldsUpOneLetter(t *testing.T) {
	hangs, slow := smtptest.Answer{Hang: true, Times: 1}, slow(400*time.Millisecond) // 5.6 seconds
	slow.Times = 1
	for _, test := range []struct {
		name        string
		silent      string
		answer      smtptest.Answer
		connections int
		soon        int // letters that are sent after four seconds
		copies      int // of the silent letter, in the end
		made        int // connections, at most: one for each, and a new one in place of the silent one
	}{
		{"in the middle, for ever", "r05", hangs, 2, 11, 2, 3},
		{"next to the last, for ever", "r10", hangs, 2, 11, 2, 3},
		{"in the middle, for a while", "r05", slow, 2, 11, 1, 3},
		{"next to the last, for a while", "r10", slow, 2, 11, 1, 3},
		{"with no other connection", "r05", slow, 1, 5, 1, 2},
		{"for ever, with no other connection", "r05", hangs, 1, 5, 2, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			script := smtptest.Script{Extensions: []string{"PIPELINING"}, Answers: map[string]smtptest.Answer{"DOT " + mail(test.silent): test.answer}}
			inHouse(t, script, func(h *house) {
				all := names(12)
				h.readers(all...)
				h.publish()
				s := h.sender()
				s.Connections = test.connections
				stop := h.start(s)
				after(4 * time.Second)
				counts, err := h.OutboxCounts(h.t.Context())
				h.must(err)
				if counts[newsletter.Sent] != test.soon || counts[newsletter.Attempting] != 1 {
					t.Errorf("after four seconds the outbox has %v", counts)
				}
				after(20 * time.Minute)
				h.must(stop())
				for _, name := range all {
					want := 1
					if name == test.silent {
						want = test.copies
					}
					h.state(name, newsletter.Sent)
					if n := len(h.letters(name)); n != want {
						t.Errorf("%s has %d letters, want %d", name, n, want)
					}
				}
				if made, _ := h.relay.Connections(); made > test.made {
					t.Errorf("%d connections were made, want %d at most", made, test.made)
				}
			})
		})
	}
}

// What a slow server says at last to the commands of a letter that another connection has carried meanwhile is about nothing.
func TestTogether_WhatWasTakenBackIsSettledOnce(t *testing.T) {
	slow := slow(400 * time.Millisecond) // 5.6 seconds
	slow.Times = 1
	script := smtptest.Script{Extensions: []string{"PIPELINING"}, Answers: map[string]smtptest.Answer{"DOT " + mail("r05"): slow}}
	inHouse(t, script, func(h *house) {
		h.readers(names(12)...)
		h.publish()
		s := h.sender()
		s.Connections = 2
		var tally outbox.Tally
		s.Progress = func(t outbox.Tally) { tally = t }
		stop := h.start(s)
		after(4 * time.Second)
		for _, name := range names(12) {
			h.relay.Answer("RCPT "+mail(name), smtptest.Answer{Reply: "550 5.1.1 no such user"})
		}
		after(time.Minute)
		h.must(stop())
		if want := (outbox.Tally{Sent: 12}); tally != want {
			t.Errorf("told are %+v, want %+v", tally, want)
		}
	})
}

// What goes ahead of editions never travels with a copy, not even where no other copy is at hand: that one may get stuck.
func TestTogether_WhatGoesAheadTravelsAlone(t *testing.T) {
	for _, when := range []time.Duration{0, 500 * time.Microsecond} { // a companion is waited for a little
		script := smtptest.Script{Extensions: []string{"PIPELINING"}, Answers: map[string]smtptest.Answer{"DOT " + mail("r05"): {Hang: true}}}
		inHouse(t, script, func(h *house) {
			h.readers(names(6)...)
			e := h.publish()
			s := h.sender()
			s.Connections = 1
			s.Store = marked{h.Store, mail("r05"), func() {
				time.Sleep(when)
				for i := range 10 {
					h.must(h.Proof(h.t.Context(), e.Ref(), h.parsed(fmt.Sprintf("%d@pandia.example", i)), time.Now()))
				}
			}}
			stop := h.start(s)
			after(time.Second)
			if n := h.proofs(); n != 10 {
				t.Errorf("%d of 10 proofs are there after a second", n)
			}
			h.must(stop())
		})
	}
}

// A marked store tells, aside, when the letter to an address was marked.
type marked struct {
	outbox.Store
	to   string
	tell func()
}

func (m marked) Step(ctx context.Context, done []outbox.Settlement, begin []newsletter.Parcel, now time.Time) ([]int64, error) {
	refused, err := m.Store.Step(ctx, done, begin, now)
	if len(begin) > 0 && begin[0].Envelope.To == m.to {
		go m.tell()
	}
	return refused, err
}

// proofs is how many the relay has.
func (h *house) proofs() (n int) {
	for _, l := range h.relay.Letters() {
		if strings.HasSuffix(l.To[0], "@pandia.example") {
			n++
		}
	}
	return n
}

// Many letters that go ahead are carried by all connections, although there are always copies to travel with copies.
func TestTogether_WhatGoesAheadIsCarriedByAll(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		script := smtptest.Script{Extensions: offers, Answers: map[string]smtptest.Answer{"DOT": slow(20 * time.Millisecond)}} // 280 for each
		inHouse(t, script, func(h *house) {
			h.readers(names(90)...)
			e := h.publish()
			s := h.sender()
			s.Connections = 4
			stop := h.start(s)
			after(time.Second)
			for i := range 25 {
				h.must(h.Proof(h.t.Context(), e.Ref(), h.parsed(fmt.Sprintf("%d@pandia.example", i)), time.Now()))
			}
			after(2500 * time.Millisecond) // five connections carry eight each
			if n := h.proofs(); n != 25 {
				t.Errorf("%d of 25 proofs are there", n)
			}
			h.must(stop())
		})
	})
}

// An edition that is held or ended in the middle costs the relay no more than the letters that were about to be marked: each ends
// its connection at the most.
func TestTogether_AnEditionIsHeld(t *testing.T) {
	const connections, readers = 4, 400
	orders := map[string]func(h *house, e newsletter.Edition) error{
		"paused": func(h *house, e newsletter.Edition) error { return h.Pause(h.t.Context(), e.Ref(), true) },
		"cancelled": func(h *house, e newsletter.Edition) error {
			_, err := h.Cancel(h.t.Context(), e.Ref(), func(int) {})
			return err
		},
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			manners(t, func(t *testing.T, offers []string) {
				var seen atomic.Int64
				var ordered chan struct{}
				script := smtptest.Script{Extensions: offers, Answers: map[string]smtptest.Answer{"DOT": slow(time.Millisecond)}}
				script.Observe = func(e smtptest.Event) {
					if e.Line == "DOT" && seen.Add(1) == 100 {
						close(ordered)
					}
				}
				inHouse(t, script, func(h *house) {
					ordered = make(chan struct{})
					h.readersAt(readers, "lecteurs.example")
					e := h.publish()
					s := h.sender()
					s.Connections = connections
					stop := h.start(s)
					<-ordered
					h.must(order(h, e))
					asked := h.introduced()
					after(time.Minute)
					if made, _ := h.relay.Connections(); made > 2*connections+1 {
						t.Errorf("%d connections were made for %d", made, connections)
					}
					if n := h.introduced() - asked; n > 3*connections {
						t.Errorf("%d letters were brought to the relay that may not go", n)
					}
					if name == "paused" {
						h.must(h.Pause(h.t.Context(), e.Ref(), false))
						after(time.Minute)
						h.everybodyHasOne(readers)
					}
					h.must(stop())
				})
			})
		})
	}
}

// introduced is how many recipients the relay was asked about.
func (h *house) introduced() (n int) {
	for _, line := range h.relay.Commands() {
		if strings.HasPrefix(line, "RCPT") {
			n++
		}
	}
	return n
}

// A relay that always takes its time is spoken to one letter after the other, over the same connections.
func TestTogether_ARelayThatTakesItsTime(t *testing.T) {
	script := smtptest.Script{Extensions: []string{"PIPELINING"}, Answers: map[string]smtptest.Answer{"DOT": slow(250 * time.Millisecond)}} // 3.5 seconds
	inHouse(t, script, func(h *house) {
		h.readersAt(20, "lecteurs.example")
		h.publish()
		stop := h.start(h.sender())
		after(2 * time.Minute)
		h.must(stop())
		h.everybodyHasOne(20)
		if made, _ := h.relay.Connections(); made != 2 {
			t.Errorf("%d connections were made", made)
		}
	})
}

// What a letter came to is recorded while the relay thinks about the next one.
func TestTogether_WhatIsDoneIsRecorded(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		for _, point := range []string{"RCPT " + mail("r03"), mail("r03")} {
			script := smtptest.Script{Extensions: offers, Answers: map[string]smtptest.Answer{point: {Hang: true}}}
			inHouse(t, script, func(h *house) {
				h.readers(names(4)...)
				h.publish()
				s := h.sender()
				s.Connections = 1
				stop := h.start(s)
				after(50 * time.Millisecond)
				h.state("r02", newsletter.Sent)
				h.must(stop())
			})
		}
	})
}
