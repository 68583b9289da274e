package outbox_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/subscription"
)

// providers are two that are told apart, and their readers.
func providers() newsletter.Groups {
	return newsletter.Groups{
		{Name: "orange", Domains: []string{"orange.example", "wanadoo.example"}, AtOnce: 2},
		{Name: "sfr", Domains: []string{"sfr.example", "neuf.example"}},
	}
}

// readersAt makes n readers, in turn at each of the domains.
func (h *house) readersAt(n int, domains ...string) {
	h.t.Helper()
	var people []subscription.Person
	for i := range n {
		people = append(people, subscription.Person{Address: h.parsed(fmt.Sprintf("r%03d@%s", i, domains[i%len(domains)])), Language: "fr"})
	}
	_, err := h.Enrol(h.t.Context(), "hebdo", people, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Origin: "command", Source: "test"})
	h.must(err)
}

// taken counts the letters that the server took, by group.
func (h *house) taken(groups newsletter.Groups) map[string]int {
	got := map[string]int{}
	for _, l := range h.relay.Letters() {
		got[groups.Of(l.To[0])]++
	}
	return got
}

const editor = "redaction@pandia.example"

// hasProof fails the test unless the editor has a letter.
func (h *house) hasProof() {
	h.t.Helper()
	for _, l := range h.relay.Letters() {
		if l.To[0] == editor {
			return
		}
	}
	h.t.Error("the proof waits behind copies")
}

// after lets time pass.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// No span of time sees more letters than its limit, and nothing is lost for it; what goes ahead counts and does not wait.
func TestRun_KeepsThePace(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		for _, test := range []struct {
			pace    newsletter.Pace
			most    int
			span    time.Duration
			readers int
		}{
			{newsletter.Pace{Second: 3}, 3, time.Second, 20},
			{newsletter.Pace{Minute: 10}, 10, time.Minute, 45},
			{newsletter.Pace{Hour: 20}, 20, time.Hour, 70},
			{newsletter.Pace{Day: 25}, 25, 24 * time.Hour, 60},
			{newsletter.Pace{Second: 2, Minute: 10, Hour: 1000}, 10, time.Minute, 45},
		} {
			t.Run(fmt.Sprint(test.pace), func(t *testing.T) {
				inHouse(t, smtptest.Script{Extensions: offers}, func(h *house) {
					h.readersAt(test.readers, "lecteurs.example")
					h.publish()
					s := h.sender()
					s.Pace, s.Policy.Retry.GiveUp = test.pace, 1000*time.Hour
					stop := h.start(s)
					after(test.span * time.Duration(test.readers/test.most+1) * 21 / 20)
					h.must(stop())
					letters := h.relay.Letters()
					if len(letters) != test.readers {
						t.Fatalf("%d of %d letters left", len(letters), test.readers)
					}
					for i := test.most; i < len(letters); i++ {
						if took := letters[i].At.Sub(letters[i-test.most].At); took < test.span {
							t.Errorf("%d letters within %s", test.most+1, took)
						}
					}
				})
			})
		}
	})
}

// A sender that is started anew counts what left before.
func TestRun_KeepsThePaceOverAStart(t *testing.T) {
	groups := providers()
	groups[0].AtOnce, groups[0].Pace.Hour = 0, 10
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readersAt(80, "orange.example", "lecteurs.example")
		h.publish()
		began := time.Now()
		for range 5 {
			s := h.sender()
			s.Pace, s.Groups = newsletter.Pace{Day: 30}, groups
			stop := h.start(s)
			after(5 * time.Minute)
			h.must(stop())
		}
		if got := h.taken(groups); got["orange"] != 10 || got[""] != 20 {
			t.Errorf("%v letters within %s, over five starts", got, time.Since(began))
		}
	})
}

// A drain goes on at its pace until all is sent.
func TestRun_DrainsAtItsPace(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readersAt(25, "lecteurs.example")
		h.publish()
		s := h.sender()
		s.UntilIdle, s.Pace = true, newsletter.Pace{Minute: 10}
		began := time.Now()
		if tally, err := s.Run(h.t.Context()); err != nil || tally.Sent != 25 {
			t.Errorf("%+v, %v", tally, err)
		}
		if took := time.Since(began); took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("it took %s", took)
		}
	})
}

// Of a provider that allows two connections two letters are on the wire at most, over all of its domains; the others do
// not wait for it.
func TestRun_AProviderThatIsSlow(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		groups := providers()
		answers := map[string]smtptest.Answer{}
		for i := range 60 {
			for _, domain := range []string{"orange.example", "wanadoo.example"} {
				answers[fmt.Sprintf("DOT r%03d@%s", i, domain)] = smtptest.Answer{Reply: "250 2.0.0 ok", Slow: time.Second} // 14 seconds
			}
		}
		inHouse(t, smtptest.Script{Extensions: offers, Answers: answers}, func(h *house) {
			h.readersAt(60, "orange.example", "wanadoo.example", "sfr.example", "lecteurs.example")
			h.publish()
			s := h.sender()
			s.Groups, s.Connections = groups, 8
			stop := h.start(s)
			after(10 * time.Second)
			if got := h.taken(groups); got["sfr"] != 15 || got[""] != 15 {
				t.Errorf("after ten seconds the others have %v, want 15 each", got)
			}
			after(time.Hour)
			h.must(stop())
			got := h.taken(groups)
			if got["orange"] != 30 {
				t.Errorf("the slow one has %d letters, want 30", got["orange"])
			}
			var slow []time.Time
			for _, l := range h.relay.Letters() {
				if groups.Of(l.To[0]) == "orange" {
					slow = append(slow, l.At)
				}
			}
			for i := 2; i < len(slow); i++ {
				if took := slow[i].Sub(slow[i-2]); took < 14*time.Second {
					t.Errorf("three letters within %s: more than two were on the wire", took)
				}
			}
		})
	})
}

// A provider that never answers holds up nobody else, nor what goes ahead of editions.
func TestRun_AProviderThatHangs(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		groups := providers()
		answers := map[string]smtptest.Answer{}
		for i := range 40 {
			answers[fmt.Sprintf("DOT r%03d@sfr.example", i)] = smtptest.Answer{Hang: true}
		}
		inHouse(t, smtptest.Script{Extensions: offers, Answers: answers}, func(h *house) {
			h.readersAt(40, "sfr.example", "lecteurs.example")
			e := h.publish()
			s := h.sender()
			s.Groups = groups
			stop := h.start(s)
			after(5 * time.Second)
			if got := h.taken(groups); got[""] != 20 {
				t.Errorf("the others have %d letters, want 20", got[""])
			}
			h.must(h.Proof(h.t.Context(), e.Ref(), h.parsed(editor), time.Now()))
			after(5 * time.Second)
			h.hasProof()
			h.must(stop())
		})
	})
}

// Two providers that hang, one after the other, leave a connection to everybody else; once they answer again they get the rest.
func TestRun_TwoProvidersThatHang(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		answers := map[string]smtptest.Answer{}
		for i := range 90 {
			for _, domain := range []string{"sfr.example", "orange.example"} {
				answers[fmt.Sprintf("DOT r%03d@%s", i, domain)] = slow(12 * time.Second) // three minutes in all
			}
		}
		inHouse(t, smtptest.Script{Extensions: offers, Answers: answers}, func(h *house) {
			h.readersAt(90, "sfr.example", "orange.example", "lecteurs.example", "sfr.example", "lecteurs.example", "orange.example")
			h.publish()
			s := h.sender()
			s.Connections, s.Groups = 8, providers()
			s.Groups[0].AtOnce = 0
			stop := h.start(s)
			after(30 * time.Second)
			if got := h.taken(s.Groups); got[""] != 30 {
				t.Errorf("after half a minute: %v; want all 30 of the others", got)
			}
			after(2 * time.Hour)
			if got := h.taken(s.Groups); got["sfr"] != 30 || got["orange"] != 30 {
				t.Errorf("at last: %v", got)
			}
			h.must(stop())
		})
	})
}

// The same of two that hang in the midst of it, when they have had many letters already.
func TestRun_ProvidersThatBeginToHang(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.relay.Answer("DOT", slow(20*time.Millisecond))
		for i := range 900 {
			if i%3 == 0 && i > 15 {
				h.relay.Answer(fmt.Sprintf("DOT r%03d@sfr.example", i), smtptest.Answer{Hang: true})
			}
			if i%3 == 1 && i > 300 {
				h.relay.Answer(fmt.Sprintf("DOT r%03d@orange.example", i), smtptest.Answer{Hang: true})
			}
		}
		h.readersAt(900, "sfr.example", "orange.example", "lecteurs.example")
		h.publish()
		s := h.sender()
		s.Connections, s.Groups = 8, providers()
		s.Groups[0].AtOnce = 0
		stop := h.start(s)
		after(5 * time.Minute)
		if got := h.taken(s.Groups); got[""] != 300 {
			t.Errorf("after five minutes: %v; want all 300 of the others", got)
		}
		h.must(stop())
	})
}

// A provider has all connections where nobody else has a letter.
func TestRun_AProviderAlone(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"DOT": slow(70 * time.Millisecond)}}, func(h *house) {
		h.readersAt(80, "sfr.example")
		h.publish()
		s := h.sender()
		s.Connections, s.Groups, s.UntilIdle = 8, providers(), true
		began := time.Now()
		_, err := s.Run(h.t.Context())
		h.must(err)
		if took := time.Since(began); took > 11*time.Second {
			t.Errorf("80 letters of a second each took %s over 8 connections", took)
		}
	})
}

// Where every connection is stuck in copies, one is left for what people wait for.
func TestRun_WhatGoesAheadNeverWaitsForCopies(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		answers := map[string]smtptest.Answer{}
		for i := range 40 {
			answers[fmt.Sprintf("DOT r%03d@lecteurs.example", i)] = smtptest.Answer{Hang: true}
		}
		inHouse(t, smtptest.Script{Extensions: offers, Answers: answers}, func(h *house) {
			h.readersAt(40, "lecteurs.example")
			e := h.publish()
			stop := h.start(h.sender())
			after(5 * time.Second)
			h.must(h.Proof(h.t.Context(), e.Ref(), h.parsed(editor), time.Now()))
			after(5 * time.Second)
			h.hasProof()
			h.must(stop())
		})
	})
}

// A provider that says that it is too much is left alone for as long as it wants, also by the next sender; then all of its
// readers get their letter. The others go on meanwhile.
func TestRun_AProviderThatWantsToBeLeftAlone(t *testing.T) {
	groups := providers()
	const words = "421 4.7.0 Service refuse. Please try later. OFR_999 [999]"
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"r000@orange.example": {Reply: words, Close: true, Times: 1}}}, func(h *house) {
		h.readersAt(60, "orange.example", "lecteurs.example")
		h.publish()
		s := h.sender()
		s.Groups = groups
		stop := h.start(s)
		after(time.Minute)
		before := h.taken(groups)
		if before[""] != 30 || before["orange"] > 2 {
			t.Errorf("after a minute: %v; want all others and hardly one of the provider's", before)
		}
		closings, err := h.Closings(h.t.Context(), time.Now())
		h.must(err)
		if len(closings) != 1 || closings[0].Group != "orange" || time.Until(closings[0].Until) < 118*time.Minute {
			t.Errorf("left alone: %+v", closings)
		}
		h.must(stop())

		drain := h.sender()
		drain.UntilIdle, drain.Groups = true, groups
		tally, err := drain.Run(h.t.Context())
		if err != nil || tally.Sent != 0 {
			t.Errorf("a drain in between: %+v, %v", tally, err)
		}

		again := h.sender()
		again.Groups = groups
		stop = h.start(again)
		after(115 * time.Minute)
		if got := h.taken(groups); got["orange"] != before["orange"] {
			t.Errorf("it was not left alone: %d letters, then %d", before["orange"], got["orange"])
		}
		after(time.Hour)
		h.must(stop())
		if got := h.taken(groups); got["orange"] != 30 {
			t.Errorf("it has %d letters in the end, want 30", got["orange"])
		}
	})
}

// One that names no time is left alone for longer each time that it complains, and gets as much as ever when it takes
// letters again.
func TestRun_AProviderThatComplainsAgain(t *testing.T) {
	groups := newsletter.Groups{{Name: "yahoo", Domains: []string{"yahoo.example"}}}
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"RCPT": {Reply: "421 4.7.0 [TSS04] temporarily deferred due to unexpected volume"}}}, func(h *house) {
		h.readersAt(300, "yahoo.example")
		h.publish()
		s := h.sender()
		s.Groups = groups
		stop := h.start(s)
		after(3 * time.Hour)
		tries := 0
		for _, e := range h.relay.Events() {
			if e.Line[:4] == "RCPT" {
				tries++
			}
		}
		if tries < 4 || tries > 16 { // rests of 5, 10, 20, 40, 80 minutes, two letters in flight each time
			t.Errorf("it was asked %d times in three hours", tries)
		}
		h.relay.Answer("RCPT", smtptest.Answer{})
		after(8 * time.Hour)
		h.must(stop())
		if got := h.taken(groups); got["yahoo"] != 300 {
			t.Errorf("it has %d letters in the end, want 300", got["yahoo"])
		}
	})
}

// Where providers are not told apart, what the relay says goes for all.
func TestRun_ARelayThatWantsLess(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"DOT": {Reply: "454 4.7.0 Throttling failure: Maximum sending rate exceeded.", Times: 6}}}, func(h *house) {
		h.readersAt(60, "orange.example", "lecteurs.example")
		h.publish()
		began := time.Now()
		stop := h.start(h.sender())
		after(8 * time.Second)
		if n := len(h.relay.Letters()); n > 0 {
			t.Errorf("%d letters went while the relay wanted none", n)
		}
		after(time.Hour)
		h.must(stop())
		letters := h.relay.Letters()
		if len(letters) != 60 {
			t.Fatalf("%d letters in the end, want 60", len(letters))
		}
		if first := letters[0].At.Sub(began); first < 10*time.Second {
			t.Errorf("the first letter went after %s", first)
		}
	})
}
