package outbox_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// Two relays on sockets, in real time; one is gone in the middle of an edition, with a letter of its under way. Each reader has exactly one letter.
func TestRelays_OneIsGoneFromItsSocket(t *testing.T) {
	newHouse(t, smtptest.Script{}, func(h *house) {
		s := h.sender()
		s.UntilIdle = true
		var posts [2]*smtptest.Server
		var seen atomic.Int64
		gone := func(e smtptest.Event) {
			if strings.HasPrefix(e.Line, "RCPT") && seen.Add(1) == 30 {
				posts[0].Answer("CONNECT", smtptest.Answer{Drop: true})
				posts[0].Disconnect()
			}
		}
		for i, script := range []smtptest.Script{{Observe: gone}, {}} {
			posts[i] = smtptest.Start(t, script)
			host, port := posts[i].Listen(t)
			way, err := transport.NewSMTP(transport.Relay{Host: host, Port: port, Security: transport.NoTLS, Pipelining: true})
			h.must(err)
			s.Relays = append(s.Relays, outbox.Relay{Name: compass[i], Transport: way, Connections: 1, Share: 1})
		}
		all := names(200)
		h.readers(all...)
		h.publish()
		if _, err := s.Run(h.t.Context()); err != nil {
			t.Fatal(err)
		}
		letters := map[string]int{}
		for _, p := range posts {
			for _, l := range p.Letters() {
				letters[l.To[0]]++
			}
		}
		for _, name := range all {
			if n := letters[mail(name)]; n != 1 {
				t.Errorf("%s has %d letters", name, n)
			}
		}
		if n := len(posts[0].Letters()); n != 29 {
			t.Errorf("the relay that is gone has %d letters, want those before the last that was under way", n)
		}
	})
}
