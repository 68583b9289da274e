package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// A post is a relay that can be taken away.
type post struct {
	*smtptest.Server
	away  atomic.Bool
	asked atomic.Int64 // how often somebody wanted to connect
}

func (p *post) dial(ctx context.Context, network, address string) (net.Conn, error) {
	p.asked.Add(1)
	if p.away.Load() {
		return nil, errors.New("connection refused")
	}
	return p.Dial(ctx, network, address)
}

// cut takes it away in the middle of whatever it does.
func (p *post) cut() {
	p.away.Store(true)
	p.Disconnect()
}

var compass = []string{"north", "south", "east"}

// relays adds relays to a house, one for each share, and builds a sender over them with two connections to each.
func (h *house) relays(shares ...int) ([]*post, *outbox.Sender) {
	h.t.Helper()
	s := h.sender()
	posts := make([]*post, len(shares))
	for i, share := range shares {
		posts[i] = &post{Server: smtptest.Start(h.t, smtptest.Script{Extensions: h.offers, Answers: map[string]smtptest.Answer{}})}
		way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Dial: posts[i].dial})
		h.must(err)
		s.Relays = append(s.Relays, outbox.Relay{Name: compass[i], Transport: way, Connections: 2, Share: share})
	}
	s.Transport = nil
	return posts, s
}

// took is how many letters each relay has.
func took(posts []*post) []int {
	n := make([]int, len(posts))
	for i, p := range posts {
		n[i] = len(p.Letters())
	}
	return n
}

// copiesOf counts a reader's letters at all relays.
func copiesOf(posts []*post, name string) (n int) {
	for _, p := range posts {
		for _, l := range p.Letters() {
			if l.To[0] == mail(name) {
				n++
			}
		}
	}
	return n
}

// oneEach fails the test unless each reader has one letter of each of their editions, more only for what the ledger calls unknown.
func (h *house) oneEach(posts []*post, all []string) {
	h.t.Helper()
	for _, name := range all {
		told, err := h.Letters(h.t.Context(), h.address(name), 100)
		h.must(err)
		lost := 0
		for _, d := range told {
			if d.State != newsletter.Sent {
				h.t.Errorf("%s is %s: %v", name, d.State, d.Attempts)
			}
			for _, a := range d.Attempts {
				if a.State == newsletter.Unknown {
					lost++
				}
			}
		}
		if n := copiesOf(posts, name); n < len(told) || n > len(told)+lost {
			h.t.Errorf("%s has %d letters of %d editions, %d tries are unknown", name, n, len(told), lost)
		}
	}
}

// about reports that two figures differ by no more than what relays may be ahead of their shares, and their connections hold.
func about(n, want int) bool { return n >= want-12 && n <= want+12 }

func slow(pause time.Duration) smtptest.Answer {
	return smtptest.Answer{Reply: "250 2.0.0 ok", Slow: pause}
}

// Shares hold whichever relay is the faster one.
func TestRelays_Shares(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		for _, test := range []struct {
			shares, want []int
			north        smtptest.Answer
		}{
			{shares: []int{1, 1}, want: []int{60, 60}},
			{shares: []int{3, 1}, want: []int{90, 30}},
			{shares: []int{1, 3}, want: []int{30, 90}},
			{shares: []int{3, 1}, want: []int{90, 30}, north: slow(100 * time.Millisecond)},
			{shares: []int{1, 1, 4}, want: []int{20, 20, 80}},
			{shares: []int{2, 1, 0}, want: []int{80, 40, 0}},
		} {
			t.Run(fmt.Sprint(test.shares, test.north.Slow), func(t *testing.T) {
				inHouse(t, smtptest.Script{Extensions: offers}, func(h *house) {
					all := names(120)
					h.readers(all...)
					h.publish()
					posts, s := h.relays(test.shares...)
					if test.north.Reply != "" {
						posts[0].Answer("DOT", test.north)
					}
					s.UntilIdle = true
					_, err := s.Run(h.t.Context())
					h.must(err)
					h.oneEach(posts, all)
					for i, n := range took(posts) {
						if !about(n, test.want[i]) || test.shares[i] == 0 && n > 0 {
							t.Errorf("the relays have %v, want about %v", took(posts), test.want)
						}
					}
					relay := h.told(all[0]).Attempts[0].Relay
					if i := slices.Index(compass, relay); i < 0 || !slices.ContainsFunc(posts[i].Letters(), func(l smtptest.Letter) bool { return l.To[0] == mail(all[0]) }) {
						t.Errorf("the ledger says that %q took it", relay)
					}
				})
			})
		}
	})
}

// What takes a relay away while an edition leaves. mended makes it well again.
func outages() map[string]struct{ breaks, mended func(*post) } {
	answer := func(point string, a smtptest.Answer) func(*post) {
		return func(p *post) {
			p.Answer(point, a)
			p.Disconnect()
		}
	}
	bye := smtptest.Answer{Reply: "421 4.3.2 closing", Close: true}
	all := map[string]struct{ breaks, mended func(*post) }{
		"it cannot be reached": {(*post).cut, func(p *post) { p.away.Store(false) }},
	}
	for name, o := range map[string]struct {
		point string
		a     smtptest.Answer
	}{
		"it greets with 421": {"CONNECT", bye}, "it greets with 554": {"CONNECT", smtptest.Answer{Reply: "554 5.3.2 no", Close: true}}, "it never greets": {"CONNECT", smtptest.Answer{Hang: true}},
		"it hangs at EHLO": {"EHLO", smtptest.Answer{Hang: true}}, "it closes at MAIL": {"MAIL", bye}, "it drops at MAIL": {"MAIL", smtptest.Answer{Drop: true}}, "it hangs at MAIL": {"MAIL", smtptest.Answer{Hang: true}},
		"it closes at RCPT": {"RCPT", bye}, "it drops at RCPT": {"RCPT", smtptest.Answer{Drop: true}}, "it hangs at RCPT": {"RCPT", smtptest.Answer{Hang: true}},
		"it drops at DATA": {"DATA", smtptest.Answer{Drop: true}}, "it closes at DATA": {"DATA", bye},
	} {
		all[name] = struct{ breaks, mended func(*post) }{answer(o.point, o.a), answer(o.point, smtptest.Answer{})}
	}
	return all
}

// One relay goes in the middle of an edition: the other takes over within seconds, nobody is put off for it, nobody is forgotten and nobody written to twice. The relay
// is asked now and then, and has its share again once it is well.
func TestRelays_Takeover(t *testing.T) {
	manners(t, func(t *testing.T, offers []string) {
		for name, outage := range outages() {
			t.Run(name, func(t *testing.T) {
				inHouse(t, smtptest.Script{Extensions: offers}, func(h *house) {
					posts, s := h.relays(1, 1)
					for _, p := range posts {
						p.Answer("DOT", slow(20*time.Millisecond)) // 280 for each letter
					}
					stop := h.start(s)
					all := names(60)
					h.readers(all...)
					h.publish()
					time.Sleep(3 * time.Second)
					outage.breaks(posts[0])
					before, asked := took(posts)[0], posts[0].asked.Load()
					time.Sleep(time.Minute)
					synctest.Wait()
					h.oneEach(posts, all)
					if n := took(posts)[0]; n > before+2 || before < 10 {
						t.Errorf("the relay had %d letters when it broke and %d a minute later", before, n)
					}
					if n := posts[0].asked.Load() - asked; n > 12 {
						t.Errorf("it was asked %d times in a minute", n)
					}
					outage.mended(posts[0])
					h.readers("back")
					h.publish()
					time.Sleep(6 * time.Minute)
					h.publish()
					before = took(posts)[0]
					time.Sleep(10 * time.Minute)
					synctest.Wait()
					h.oneEach(posts, append(all, "back"))
					if n := took(posts)[0] - before; !about(n, 30) {
						t.Errorf("it is well again and has %d of 61 letters", n)
					}
					h.must(stop())
				})
			})
		}
	})
}

// A letter behind the final dot of a relay that says nothing stays there: nobody knows whether it arrived. All others go by the other relay,
// whether or not they were at hand when it fell silent.
func TestRelays_SilentBehindTheDot(t *testing.T) {
	for _, pace := range []newsletter.Pace{{}, {Second: 2}} {
		manners(t, func(t *testing.T, offers []string) {
			inHouse(t, smtptest.Script{Extensions: offers}, func(h *house) {
				posts, s := h.relays(1, 1)
				posts[0].Answer("DOT", smtptest.Answer{Hang: true})
				s.Policy.Unknown, s.Pace = newsletter.UnknownHold, pace
				all := names(60)
				h.readers(all...)
				h.publish()
				stop := h.start(s)
				time.Sleep(time.Minute)
				synctest.Wait()
				counts, err := h.OutboxCounts(h.t.Context())
				h.must(err)
				if counts[newsletter.Attempting] != 2 || counts[newsletter.Sent] < 50 {
					t.Errorf("after a minute the outbox has %v", counts)
				}
				posts[0].Answer("DOT", smtptest.Answer{})
				time.Sleep(time.Hour)
				synctest.Wait()
				h.must(stop())
				counts, err = h.OutboxCounts(h.t.Context())
				h.must(err)
				if n := counts[newsletter.Unknown]; n < 2 || n > 4 || counts[newsletter.Sent] != 60-n {
					t.Errorf("in the end the outbox has %v", counts)
				}
			})
		})
	}
}

// All are away: nothing is charged to a letter, nobody is besieged, and a drain says why it ends.
func TestRelays_AllAway(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readers("lea", "noe")
		h.publish()
		posts, s := h.relays(1, 1, 0)
		for _, p := range posts {
			p.cut()
		}
		s.UntilIdle = true
		if _, err := s.Run(h.t.Context()); !errors.Is(err, outbox.ErrNoWayOut) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("draining ends with %v", err)
		}
		_, s = h.relays(1) // counts from here
		for i, p := range posts {
			p.asked.Store(0)
			way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Dial: p.dial})
			h.must(err)
			s.Relays = append(s.Relays[:i], outbox.Relay{Name: compass[i], Transport: way, Connections: 2, Share: 1 - i/2})
		}
		stop := h.start(s)
		time.Sleep(time.Hour)
		synctest.Wait()
		for i, p := range posts {
			if n := p.asked.Load(); n < 5 || n > 25 {
				t.Errorf("%s was asked %d times in an hour", compass[i], n)
			}
		}
		posts[1].away.Store(false)
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		h.oneEach(posts, []string{"lea", "noe"})
		if n := len(h.told("lea").Attempts); n != 1 {
			t.Errorf("%d tries: the letter was blamed for the relays", n)
		}
		h.must(stop())
	})
}

// rests are the relays of which the store says that they take no letters.
func (h *house) rests() string {
	h.t.Helper()
	synctest.Wait()
	all, err := h.Rests(h.t.Context())
	h.must(err)
	var b strings.Builder
	for _, r := range all {
		fmt.Fprintf(&b, "%s %s-%s %s\n", r.Relay, r.Since.Format(time.TimeOnly), r.Until.Format(time.TimeOnly), r.Why)
	}
	return b.String()
}

// Which relay takes no letters, since when and why can be asked of the store, one by itself included; until it takes one
// again, or another sender begins.
func TestRelays_TheStoreTellsOfThem(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		posts, s := h.relays(1, 1)
		posts[0].cut()
		stop := h.start(s)
		h.readers(names(20)...)
		h.publish()
		time.Sleep(500 * time.Millisecond)
		if got, want := h.rests(), "north 00:00:00-00:00:01 connect to relay relay.example:25: connection refused\n"; got != want {
			t.Errorf("the relay is away, and the store has\n%q, want\n%q", got, want)
		}
		posts[0].away.Store(false)
		time.Sleep(time.Second)
		h.publish()
		time.Sleep(time.Minute)
		if got := h.rests(); got != "" || took(posts)[0] == 0 {
			t.Errorf("the relay is back with %d letters, and the store has %q", took(posts)[0], got)
		}
		h.must(stop())

		s.Relays = s.Relays[:1]
		s.Relays[0].Name = ""
		posts[0].cut()
		stop = h.start(s)
		h.publish()
		time.Sleep(2 * time.Second)
		if got, want := h.rests(), " 00:01:01-00:01:04 connect to relay relay.example:25: connection refused\n"; got != want {
			t.Errorf("the only relay is away, and the store has\n%q, want\n%q", got, want)
		}
		h.must(stop())
		posts[0].away.Store(false)
		stop = h.start(s)
		if got := h.rests(); got != "" {
			t.Errorf("a new sender begins, and the store has %q", got)
		}
		h.must(stop())
	})
}

// A relay without a share takes letters only while no other does, and a single letter that goes ahead finds its way as well.
func TestRelays_OneStandsBy(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		posts, s := h.relays(1, 0)
		stop := h.start(s)
		h.readers(names(20)...)
		h.publish()
		time.Sleep(time.Minute)
		if n := took(posts); n[0] != 20 || n[1] != 0 {
			t.Errorf("the relays have %v", n)
		}
		posts[0].cut()
		e := h.publish()
		h.must(h.Proof(h.t.Context(), e.Ref(), h.address("nora"), time.Now()))
		time.Sleep(10 * time.Second)
		if n := took(posts); n[0] != 20 || n[1] != 21 {
			t.Errorf("with the first away the relays have %v", n)
		}
		posts[0].away.Store(false)
		h.publish()
		time.Sleep(6 * time.Minute)
		h.publish()
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		if n := took(posts); n[0]+n[1] != 81 || n[0] < 40 {
			t.Errorf("with the first back the relays have %v", n)
		}
		h.must(stop())
	})
}

// A relay that refuses what the others take, for what it says about the sender, is left alone for an hour; the edition goes on. Where all refuse, it is held.
func TestRelays_RefusedForTheSender(t *testing.T) {
	const refusal = "554 5.7.1 sender address rejected"
	inHouse(t, smtptest.Script{}, func(h *house) {
		posts, s := h.relays(1, 1)
		posts[0].Answer("MAIL", says(refusal))
		h.readers(names(400)...)
		e := h.publish()
		stop := h.start(s)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		counts, err := h.OutboxCounts(h.t.Context())
		h.must(err)
		if n := counts[newsletter.Failed]; n < 10 || n > 24 || counts[newsletter.Sent] != 400-n {
			t.Errorf("the outbox has %v", counts)
		}
		e, err = h.EditionByID(h.t.Context(), e.ID)
		h.must(err)
		if e.Paused || e.State != newsletter.EditionDone {
			t.Errorf("the edition is %s, held: %t", e.State, e.Paused)
		}
		posts[1].Answer("MAIL", says(refusal))
		e = h.publish()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		h.must(stop())
		if e, err = h.EditionByID(h.t.Context(), e.ID); err != nil || !e.Paused {
			t.Errorf("all refuse and the edition is held: %t, %v", e.Paused, err)
		}
	})
}

// A relay that says that it is too much rests, and the other has its letters; what a provider says through any relay goes for the provider.
func TestRelays_TooMuch(t *testing.T) {
	const much = "451 4.7.1 too many messages, slow down"
	for _, test := range []struct {
		point  string
		groups newsletter.Groups
	}{{"MAIL", providers()}, {"MAIL", nil}, {"RCPT", nil}} {
		inHouse(t, smtptest.Script{}, func(h *house) {
			posts, s := h.relays(1, 1)
			s.Groups = test.groups
			posts[0].Answer(test.point, smtptest.Answer{Reply: much})
			h.readers(names(100)...)
			h.publish()
			began := time.Now()
			s.UntilIdle = true
			_, err := s.Run(h.t.Context())
			h.must(err)
			counts, err := h.OutboxCounts(h.t.Context())
			h.must(err)
			if n := counts[newsletter.Deferred]; n == 0 || n > 16 || counts[newsletter.Sent] != 100-n || time.Since(began) > time.Minute {
				t.Errorf("%s: after %s the outbox has %v", test.point, time.Since(began), counts)
			}
			if closed, err := h.Closings(h.t.Context(), time.Now()); err != nil || len(closed) != 0 {
				t.Errorf("%s: closed is %v, %v", test.point, closed, err)
			}
		})
	}
}

// A letter that every relay hangs up on goes to another at once, and then waits as any other.
func TestRelays_ALetterThatEachHangsUpOn(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		posts, s := h.relays(1, 1)
		for _, p := range posts {
			p.Answer("DATA "+mail("r03"), smtptest.Answer{Drop: true})
		}
		all := names(20)
		h.readers(all...)
		h.publish()
		stop := h.start(s)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		d := h.told("r03")
		if d.State != newsletter.Deferred || len(d.Attempts) != 2 {
			t.Errorf("it is %s after %v", d.State, d.Attempts)
		}
		h.oneEach(posts, slices.DeleteFunc(all, func(name string) bool { return name == "r03" }))
		h.must(stop())
	})
}

// A letter that is slow at each relay is not taken from one to the other without end.
func TestRelays_ALetterThatIsSlowEverywhere(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		posts, s := h.relays(1, 1)
		for _, p := range posts {
			p.Answer("RCPT", slow(time.Second)) // 14 in all
		}
		h.readers("lea")
		h.publish()
		stop := h.start(s)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		h.oneEach(posts, []string{"lea"})
		h.must(stop())
	})
}

// The mail log and the warnings name the relay, and none where there is one.
func TestRelays_TheMailLogNamesThem(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		posts, s := h.relays(1, 1)
		var lines strings.Builder
		s.UntilIdle, s.Log = true, slog.New(slog.NewTextHandler(&lines, nil))
		posts[0].cut()
		h.readers(names(10)...)
		h.publish()
		_, err := s.Run(h.t.Context())
		h.must(err)
		for _, want := range []string{`msg="a relay is left alone" relay=north error=`, "relay=south"} {
			if !strings.Contains(lines.String(), want) {
				t.Errorf("the log lacks %q:\n%s", want, lines.String())
			}
		}
		lines.Reset()
		s = h.sender()
		s.UntilIdle, s.Log = true, slog.New(slog.NewTextHandler(&lines, nil))
		h.publish()
		_, err = s.Run(h.t.Context())
		h.must(err)
		if strings.Contains(lines.String(), "relay=") || h.told("r00").Attempts[0].Relay != "" {
			t.Errorf("one relay is named:\n%s", lines.String())
		}
	})
}
