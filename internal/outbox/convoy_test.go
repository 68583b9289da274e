package outbox_test

import (
	"fmt"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// What may go wrong where several letters of a connection are on the wire.

// wide is a sender that has up to four letters of a connection on the wire, where the relay takes them so.
func (h *house) wide(connections int) *outbox.Sender {
	h.t.Helper()
	way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Window: 4, Dial: h.relay.Dial})
	h.must(err)
	s := h.sender()
	s.Transport, s.Connections = way, connections
	return s
}

// A server that falls silent keeps what is on the wire, and no letter that has no mark.
func TestConvoy_SilenceHoldsUpAWindow(t *testing.T) {
	for _, connections := range []int{1, 2} {
		script := smtptest.Script{Extensions: []string{"PIPELINING", "CHUNKING"}, Answers: map[string]smtptest.Answer{"DOT " + mail("r05"): {Hang: true, Times: 1}}}
		inHouse(t, script, func(h *house) {
			all := names(20)
			h.readers(all...)
			h.publish()
			stop := h.start(h.wide(connections))
			after(4 * time.Second)
			counts, err := h.OutboxCounts(h.t.Context())
			h.must(err)
			if n := counts[newsletter.Attempting]; n < 2 || n > 4 || connections > 1 && counts[newsletter.Sent] != 20-n {
				t.Errorf("after four seconds on %d connections the outbox has %v", connections, counts)
			}
			after(20 * time.Minute)
			h.must(stop())
			twice := 0
			for _, name := range all {
				h.state(name, newsletter.Sent)
				if n := len(h.letters(name)); n == 2 {
					twice++
				} else if n != 1 {
					t.Errorf("%s has %d letters", name, n)
				}
			}
			if twice > 4 {
				t.Errorf("%d letters went twice", twice)
			}
		})
	}
}

// What goes ahead of editions waits behind no window, not even one that is stuck.
func TestConvoy_WhatGoesAheadDoesNotWait(t *testing.T) {
	script := smtptest.Script{Extensions: []string{"PIPELINING", "CHUNKING"}, Answers: map[string]smtptest.Answer{"DOT " + mail("r05"): {Hang: true}}}
	inHouse(t, script, func(h *house) {
		h.readers(names(20)...)
		e := h.publish()
		stop := h.start(h.wide(1))
		after(time.Second)
		for i := range 10 {
			h.must(h.Proof(h.t.Context(), e.Ref(), h.parsed(fmt.Sprintf("%d@pandia.example", i)), time.Now()))
		}
		after(time.Second)
		if n := h.proofs(); n != 10 {
			t.Errorf("%d of 10 proofs are there after a second", n)
		}
		h.must(stop())
	})
}
