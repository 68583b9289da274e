package outbox_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/subscription"
)

func says(reply string) smtptest.Answer { return smtptest.Answer{Reply: reply} }

func TestRun_EverybodyGetsOne(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		all := names(300)
		h.readers(all...)
		e := h.publish()
		if tally := h.drain(); tally != (outbox.Tally{Sent: 300}) {
			t.Errorf("the run counts %+v", tally)
		}
		ids := map[string]bool{}
		for _, name := range all {
			got := h.letters(name)
			if len(got) != 1 {
				t.Fatalf("%s has %d letters", name, len(got))
			}
			ids[field(got[0], "Message-ID")] = true
		}
		if len(ids) != 300 {
			t.Errorf("%d Message-IDs for 300 letters", len(ids))
		}
		e, err := h.EditionByID(h.t.Context(), e.ID)
		h.must(err)
		if made, _ := h.relay.Connections(); e.State != newsletter.EditionDone || made > 2 {
			t.Errorf("the edition is %s after %d connections", e.State, made)
		}
	})
}

func TestRun_PutOffUntilItExpires(t *testing.T) {
	for point, reply := range map[string]string{"lea@lecteurs.example": "450 4.2.0 greylisted", "DOT lea@lecteurs.example": "451 4.3.0 <lea@lecteurs.example>: later"} {
		inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{point: says(reply)}}, func(h *house) {
			h.readers("lea", "noe")
			h.publish()
			stop := h.start(h.sender())
			time.Sleep(48 * time.Hour)
			synctest.Wait()
			h.must(stop())
			h.state("noe", newsletter.Sent)
			h.state("lea", newsletter.Expired)
			tries := h.told("lea").Attempts
			last := time.Duration(0)
			for i, a := range tries[1:] {
				wait := a.Started.Sub(tries[i].Ended)
				if least := min(10*time.Minute<<i, 4*time.Hour); wait < least || wait > least*3/2+time.Second {
					t.Errorf("wait %d was %s, want from %s to half as much again", i+1, wait, least)
				}
				last = a.Started.Sub(tries[0].Started)
			}
			if last > 24*time.Hour || last < 18*time.Hour {
				t.Errorf("the last of %d tries came after %s, want within a day and not long before its end", len(tries), last)
			}
			if state := tries[len(tries)-1].State; state != newsletter.Expired || tries[0].State != newsletter.Deferred {
				t.Errorf("the first try is %s, the last one %s", tries[0].State, state)
			}
		})
	}
}

func TestRun_ARetryIsTheSameLetter(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"DOT lea@lecteurs.example": {Drop: true, Times: 1}}}, func(h *house) {
		h.readers("lea")
		e := h.publish()
		h.drain()
		h.state("lea", newsletter.Sent)
		_, err := h.ResendTo(h.t.Context(), e.Ref(), h.address("lea"), outbox.Order{At: time.Now()})
		h.must(err)
		time.Sleep(time.Hour)
		h.drain()
		got := h.letters("lea")
		if len(got) != 3 {
			t.Fatalf("%d letters, want the one that was lost, its retry and the second copy", len(got))
		}
		for _, name := range []string{"Message-ID", "Date"} {
			lost, retry, second := field(got[0], name), field(got[1], name), field(got[2], name)
			if lost == "" || lost != retry || lost == second {
				t.Errorf("%s: lost %q, retry %q, second copy %q", name, lost, retry, second)
			}
		}
	})
}

func TestRun_OutcomesByTheServersWords(t *testing.T) {
	for _, test := range []struct {
		name, point string
		answer      smtptest.Answer
		unknown     newsletter.UnknownPolicy
		state       newsletter.DeliveryState
		letters     int                      // that the server has
		next        newsletter.DeliveryState // of the next edition's letter
	}{
		{"no such mailbox", "lea@lecteurs.example", says("550 5.1.1 no such user"), "", newsletter.Failed, 0, newsletter.Cancelled},
		{"refused for its content", "DOT lea@lecteurs.example", says("554 5.7.1 spam"), "", newsletter.Failed, 0, newsletter.Failed},
		{"lost before the dot", "DATA lea@lecteurs.example", smtptest.Answer{Drop: true}, "", newsletter.Deferred, 0, newsletter.Deferred},
		{"lost after the dot, once", "DOT lea@lecteurs.example", smtptest.Answer{Drop: true, Times: 1}, newsletter.UnknownResend, newsletter.Sent, 2, newsletter.Sent},
		{"lost after the dot, again", "DOT lea@lecteurs.example", smtptest.Answer{Drop: true}, newsletter.UnknownResend, newsletter.Unknown, 2, newsletter.Unknown},
		{"lost after the dot, held", "DOT lea@lecteurs.example", smtptest.Answer{Drop: true}, newsletter.UnknownHold, newsletter.Unknown, 1, newsletter.Unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{test.point: test.answer}}, func(h *house) {
				h.readers("lea", "noe")
				h.publish()
				s := h.sender()
				s.UntilIdle, s.Policy.Unknown = true, test.unknown
				if _, err := s.Run(h.t.Context()); err != nil {
					t.Fatal(err)
				}
				h.state("lea", test.state)
				h.state("noe", newsletter.Sent)
				if got := len(h.letters("lea")); got != test.letters {
					t.Errorf("the server has %d letters, want %d", got, test.letters)
				}
				h.publish()
				if _, err := s.Run(h.t.Context()); err != nil {
					t.Fatal(err)
				}
				h.state("lea", test.next)
			})
		})
	}
}

// The operator answers an unknown outcome: the same copy goes again, and if it is lost again it waits again.
func TestRun_TheOperatorSendsAnUnknownOneAgain(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"DOT lea@lecteurs.example": {Drop: true, Times: 3}}}, func(h *house) {
		h.readers("lea")
		e := h.publish()
		h.drain()
		for _, want := range []newsletter.DeliveryState{newsletter.Unknown, newsletter.Sent} {
			next, err := h.ResendTo(h.t.Context(), e.Ref(), h.address("lea"), outbox.Order{At: time.Now()})
			if err != nil || next.Copy != 1 {
				t.Fatalf("copy %d, %v; want copy 1 again", next.Copy, err)
			}
			h.drain()
			h.state("lea", want)
		}
		ids := map[string]bool{}
		for _, l := range h.letters("lea") {
			ids[field(l, "Message-ID")] = true
		}
		if len(ids) != 1 || len(h.letters("lea")) != 4 {
			t.Errorf("%d letters under %d Message-IDs, want 4 under one", len(h.letters("lea")), len(ids))
		}
	})
}

func TestRun_WhatADeadSenderLeft(t *testing.T) {
	for policy, want := range map[newsletter.UnknownPolicy]newsletter.DeliveryState{
		newsletter.UnknownResend: newsletter.Sent, newsletter.UnknownHold: newsletter.Unknown,
	} {
		inHouse(t, smtptest.Script{}, func(h *house) {
			all := names(600) // more than one batch
			h.readers(all...)
			h.publish()
			_, err := h.QueueNext(h.t.Context(), 1000, time.Now())
			h.must(err)
			due, err := h.DueCopies(h.t.Context(), time.Now(), 1000, outbox.Room{})
			h.must(err)
			var parcels []newsletter.Parcel
			for _, d := range due {
				parcels = append(parcels, newsletter.Parcel{Delivery: d.ID, Date: time.Now(), Envelope: newsletter.Envelope{To: d.Address}})
			}
			_, err = h.Step(h.t.Context(), nil, parcels, time.Now())
			h.must(err)
			s := h.sender()
			s.UntilIdle, s.Policy.Unknown = true, policy
			_, err = s.Run(h.t.Context())
			h.must(err)
			for _, name := range []string{all[0], all[599]} {
				h.state(name, want)
				if words := h.told(name).Attempts[0].Reply.Text; !strings.Contains(words, "the program ended") {
					t.Errorf("the first try says %q", words)
				}
			}
		})
	}
}

// What is ordered counts from its commit, in the middle of a run to a slow relay.
func TestRun_InTheMiddleOfARun(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		for _, test := range []struct {
			name    string
			happens func(h *house, e newsletter.Edition) error
			reaches func(letters int) bool
			last    newsletter.DeliveryState
			after   newsletter.DeliveryState // once the edition is let go on
		}{
			{"pause", func(h *house, e newsletter.Edition) error { return h.Pause(h.t.Context(), e.Ref(), true) },
				func(n int) bool { return n >= 2 && n <= 5 }, newsletter.Queued, newsletter.Sent},
			{"cancel", func(h *house, e newsletter.Edition) error {
				_, err := h.Cancel(h.t.Context(), e.Ref(), func(int) {})
				return err
			},
				func(n int) bool { return n >= 2 && n <= 5 }, newsletter.Cancelled, newsletter.Cancelled},
			{"the last reader leaves", func(h *house, _ newsletter.Edition) error {
				subs, err := h.SubscriptionsOf(h.t.Context(), h.address("r39"))
				if err == nil {
					_, err = h.Leave(h.t.Context(), subs[0].ID, newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.Now()})
				}
				return err
			}, func(n int) bool { return n == 39 }, newsletter.Cancelled, newsletter.Cancelled},
			{"the last reader is suppressed", func(h *house, _ newsletter.Edition) error {
				return h.Suppress(h.t.Context(), h.address("r39"), newsletter.SuppressedComplaint, "spam", time.Now())
			}, func(n int) bool { return n == 39 }, newsletter.Cancelled, newsletter.Cancelled},
		} {
			t.Run(test.name, func(t *testing.T) {
				script := smtptest.Script{Extensions: offers, Answers: map[string]smtptest.Answer{"DOT": {Reply: "250 2.0.0 ok", Slow: time.Second}}}
				inHouse(t, script, func(h *house) {
					h.readers(names(40)...)
					e := h.publish()
					stop := h.start(h.sender())
					time.Sleep(20 * time.Second) // an answer to the final dot takes 14
					h.must(test.happens(h, e))
					time.Sleep(time.Hour)
					synctest.Wait()
					if n := len(h.relay.Letters()); !test.reaches(n) {
						t.Errorf("%d letters left", n)
					}
					h.state("r39", test.last)
					if err := h.Pause(h.t.Context(), e.Ref(), false); err != nil && !errors.Is(err, newsletter.ErrState) {
						t.Error(err)
					}
					time.Sleep(time.Hour)
					synctest.Wait()
					h.state("r39", test.after)
					h.must(stop())
				})
			})
		}
	})
}

// A polite stop brings what is on the wire to its end and records it; nothing is lost, nothing is left attempting.
func TestRun_StopsPolitely(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		inHouse(t, smtptest.Script{Extensions: offers, Answers: map[string]smtptest.Answer{"DOT": {Reply: "250 2.0.0 ok", Slow: time.Second}}}, func(h *house) {
			all := names(20)
			h.readers(all...)
			h.publish()
			stop := h.start(h.sender())
			time.Sleep(30 * time.Second)
			began := time.Now()
			h.must(stop())
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("stopping took %s", took)
			}
			sent := len(h.relay.Letters())
			counts, err := h.OutboxCounts(h.t.Context())
			h.must(err)
			if sent == 0 || counts[newsletter.Sent] != sent || counts[newsletter.Queued] != 20-sent {
				t.Errorf("the server has %d letters, the ledger says %v", sent, counts)
			}
			h.drain()
			for _, name := range all {
				if n := len(h.letters(name)); n != 1 {
					t.Errorf("%s has %d letters", name, n)
				}
			}
		})
	})
}

func TestRun_TheWayOutIsClosed(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"CONNECT": {Reply: "421 4.3.2 closed", Close: true}}}, func(h *house) {
		h.readers("lea")
		h.publish()
		s := h.sender()
		s.UntilIdle = true
		if _, err := s.Run(h.t.Context()); err == nil || !strings.Contains(err.Error(), "4.3.2 closed") {
			t.Errorf("draining ends with %v, want the server's words", err)
		}
		stop := h.start(h.sender())
		time.Sleep(time.Hour)
		synctest.Wait()
		if made, _ := h.relay.Connections(); made > 60 {
			t.Errorf("a closed relay was asked %d times in an hour", made)
		}
		h.relay.Answer("CONNECT", smtptest.Answer{})
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		h.state("lea", newsletter.Sent)
		if n := len(h.told("lea").Attempts); n != 1 {
			t.Errorf("%d tries: the letter was blamed for the relay", n)
		}
		h.must(stop())
	})
}

// A relay that takes connections and no letters is not besieged, although each letter comes to an outcome: put off.
func TestRun_ARelayThatTakesNothing(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		for _, point := range []string{"MAIL", "RCPT", "DATA", "DOT"} {
			t.Run(point, func(t *testing.T) {
				answers := map[string]smtptest.Answer{point: {Reply: "421 4.7.0 not now", Close: true}}
				inHouse(t, smtptest.Script{Extensions: offers, Answers: answers}, func(h *house) {
					all := names(200)
					h.readers(all...)
					h.publish()
					stop := h.start(h.sender())
					time.Sleep(time.Minute)
					synctest.Wait()
					if made, _ := h.relay.Connections(); made < 4 || made > 14 { // 0, 1, 3, 7, 15, 31 seconds; a fresh one may be lost at once
						t.Errorf("%d connections in a minute", made)
					}
					h.relay.Answer(point, smtptest.Answer{})
					time.Sleep(6 * time.Hour)
					synctest.Wait()
					h.must(stop())
					for _, name := range all {
						h.state(name, newsletter.Sent)
					}
				})
			})
		}
	})
}

// One letter that the relay hangs up on holds up the others for a second, and drains go on behind it.
func TestRun_ALetterThatTheRelayHangsUpOn(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		answers := map[string]smtptest.Answer{}
		for _, name := range []string{"r03", "r07", "r11"} {
			answers["DATA "+mail(name)] = smtptest.Answer{Drop: true}
		}
		inHouse(t, smtptest.Script{Extensions: offers, Answers: answers}, func(h *house) {
			h.readers(names(20)...)
			h.publish()
			began := time.Now()
			if tally := h.drain(); tally != (outbox.Tally{Sent: 17, Deferred: 3}) || time.Since(began) > 5*time.Second {
				t.Errorf("%+v after %s", tally, time.Since(began))
			}
		})
	})
}

// Draining to a relay that hangs up on every letter ends soon, and says why.
func TestRun_DrainingIntoARelayThatTakesNothing(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"MAIL": {Reply: "421 4.7.0 not now", Close: true}}}, func(h *house) {
		h.readers(names(200)...)
		h.publish()
		s := h.sender()
		s.UntilIdle = true
		began := time.Now()
		tally, err := s.Run(h.t.Context())
		if !errors.Is(err, outbox.ErrNoWayOut) || !strings.Contains(err.Error(), "421 4.7.0") {
			t.Errorf("draining ends with %v", err)
		}
		if took := time.Since(began); took > time.Minute || tally.Deferred > 14 {
			t.Errorf("%+v after %s", tally, took)
		}
	})
}

// The first letters of a large edition leave once few rows are made, and the other rows are made in few steps.
func TestRun_TheFirstLetterWaitsForFewRows(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		people := make([]subscription.Person, 1000)
		for i := range people {
			people[i] = subscription.Person{Address: h.address(fmt.Sprintf("r%04d", i)), Language: "fr"}
		}
		_, err := h.Enrol(h.t.Context(), "hebdo", people, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Origin: "command", Source: "test"})
		h.must(err)
		e := h.publish()
		chunks, rows := 0, -1
		var mu sync.Mutex // connections step at once
		s := h.sender()
		s.UntilIdle = true
		s.Store = witness{h.Store, func(name string, after bool) error {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case name == "QueueNext" && after:
				chunks++
			case name == "Step" && !after && rows < 0:
				counts, err := h.EditionCounts(h.t.Context(), e.ID)
				rows = outbox.ByState(counts, false)[newsletter.Queued]
				return err
			}
			return nil
		}}
		_, err = s.Run(h.t.Context())
		h.must(err)
		if n := len(h.relay.Letters()); n != len(people) || rows < 1 || rows > 100 {
			t.Errorf("%d letters left, the first of them with %d rows made", n, rows)
		}
		if chunks > 20 {
			t.Errorf("the rows were made in %d steps", chunks)
		}
	})
}
