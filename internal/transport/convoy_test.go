package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	letters "facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// whole is what a server offers that takes several letters at once, each in one piece.
var whole = []string{"PIPELINING", "CHUNKING"}

// Only where the server offers both and the settings want more than one letter on the wire does any go in one piece.
func TestConvoy_WhereItIsWanted(t *testing.T) {
	for _, tt := range []struct {
		offers []string
		window int
		whole  bool
	}{
		{whole, 1, false},
		{[]string{"PIPELINING"}, 4, false},
		{[]string{"CHUNKING"}, 4, false},
		{whole, 2, true},
	} {
		server := smtptest.Start(t, smtptest.Script{Extensions: tt.offers})
		o := newOffice(letter(1), letter(2), letter(3))
		if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS, Window: tt.window}), o); err != nil {
			t.Fatal(err)
		}
		if heard := strings.Contains(strings.Join(server.Commands(), " "), "BDAT"); heard != tt.whole || len(server.Letters()) != 3 {
			t.Errorf("%v, a window of %d: %q", tt.offers, tt.window, server.Commands())
		}
	}
}

// So many letters are on the wire and no more, as long as the server says nothing of the first; and each is marked before.
func TestConvoy_FillsItsWindow(t *testing.T) {
	for _, window := range []int{2, 4, 16} {
		synctest.Test(t, func(t *testing.T) {
			server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{"DOT 2@lecteurs.example": {Reply: "250 2.0.0 taken", Slow: time.Second}}})
			o := newOffice()
			for n := range int64(20) {
				o.queue = append(o.queue, letter(n+1))
			}
			went := make(chan error, 1)
			go func() { went <- once(t.Context(), t, inMemory(t, server, transport.Relay{Window: window}), o) }()
			time.Sleep(time.Second / 2)
			synctest.Wait()
			if a := o.attempt(t, 1); a.Reply.Code != 250 {
				t.Errorf("the outcome of the first waits for others: %s", a.Reply)
			}
			if begun := strings.Count(strings.Join(o.lines(), " "), "begin"); begun != window+1 {
				t.Errorf("%d letters were marked, want the first and a window of %d", begun, window)
			}
			if err := <-went; err != nil || len(server.Letters()) != 20 || len(o.settled) != 20 {
				t.Errorf("%v: %d letters arrived, %d ended", err, len(server.Letters()), len(o.settled))
			}
			if made, _ := server.Connections(); made != 1 {
				t.Errorf("%d connections", made)
			}
		})
	}
}

// Of three letters that are on the wire together the second one meets a fault.
func TestConvoy_Faults(t *testing.T) {
	const sent, deferred, failed, unknown = newsletter.Sent, newsletter.Deferred, newsletter.Failed, newsletter.Unknown
	states := func(s ...newsletter.DeliveryState) []newsletter.DeliveryState { return s }
	for _, tt := range []struct {
		name   string
		point  string
		answer smtptest.Answer
		big    bool // the second is more than any buffer holds
		stage  newsletter.Stage
		code   int
		states []newsletter.DeliveryState
		got    int // letters that the server has; -1: what it read before it saw that nobody listens
		lost   bool
	}{
		{"MAIL put off", atMail, says("451 4.3.0 later"), false, newsletter.StageMail, 451, states(sent, deferred, sent), 2, false},
		{"RCPT refused", atRcpt, says("550 5.1.1 no such user"), false, newsletter.StageRcpt, 550, states(sent, failed, sent), 2, false},
		{"RCPT put off in several lines", atRcpt, says("450-4.2.0 grey\n450 4.2.0 listed"), false, newsletter.StageRcpt, 450, states(sent, deferred, sent), 2, false},
		{"refused when it was there", atDot, says("554 5.7.1 spam"), false, newsletter.StageDone, 554, states(sent, failed, sent), 2, false},
		{"taken byte by byte", atDot, smtptest.Answer{Reply: "250-2.0.0 one\n250 2.0.0 two", Slow: time.Millisecond}, false, newsletter.StageDone, 250, states(sent, sent, sent), 3, false},
		{"goodbye at MAIL", atMail, goodbye, false, newsletter.StageMail, 421, states(sent, deferred, deferred), 1, true},
		{"goodbye at RCPT", atRcpt, goodbye, false, newsletter.StageRcpt, 421, states(sent, deferred, deferred), 1, true},
		{"goodbye for the letter", atDot, goodbye, false, newsletter.StageDone, 421, states(sent, deferred, deferred), 1, true},
		{"goodbye, and goes on", atRcpt, says("421 4.7.0 too many"), false, newsletter.StageRcpt, 421, states(sent, deferred, sent), 2, true},
		{"goodbye, then nonsense", atRcpt, smtptest.Answer{Reply: "421 4.3.2 bye\nmerci"}, false, newsletter.StageRcpt, 421, states(sent, deferred, unknown), -1, true},
		{"taken, then goodbye", atDot, smtptest.Answer{Reply: "250 2.0.0 taken", Close: true}, false, newsletter.StageDone, 250, states(sent, sent, unknown), 2, true},
		{"lost at MAIL", atMail, dropped, false, newsletter.StageDot, 0, states(sent, unknown, unknown), 1, true},
		{"lost at RCPT", atRcpt, dropped, false, newsletter.StageDot, 0, states(sent, unknown, unknown), 1, true},
		{"lost behind the letter", atDot, dropped, false, newsletter.StageDot, 0, states(sent, unknown, unknown), 2, true},
		{"silence at RCPT", atRcpt, hung, false, newsletter.StageDot, 0, states(sent, unknown, unknown), 1, true},
		{"silence behind the letter", atDot, hung, false, newsletter.StageDot, 0, states(sent, unknown, unknown), 2, true},
		{"nonsense at MAIL", atMail, says("bonjour"), false, newsletter.StageDot, 0, states(sent, unknown, unknown), -1, true},
		{"354 for the letter", atDot, says("354 more"), false, newsletter.StageDot, 0, states(sent, unknown, unknown), -1, true},
		{"a reply without end", atDot, smtptest.Answer{Flood: true, Reply: "250-taken\n"}, false, newsletter.StageDot, 0, states(sent, unknown, unknown), 2, true},
		{"lost in the content", inText, dropped, true, newsletter.StageData, 0, states(sent, deferred, deferred), 1, true},
		{"refused in the content", inText, smtptest.Answer{Reply: "552 5.3.4 larger than large", Close: true}, true, newsletter.StageData, 552, states(sent, failed, deferred), 1, true},
		{"goodbye in the content", inText, goodbye, true, newsletter.StageData, 421, states(sent, deferred, deferred), 1, true},
		{"thanks in the content", inText, smtptest.Answer{Reply: "250 2.0.0 taken already", Close: true}, true, newsletter.StageData, 0, states(sent, deferred, deferred), 1, true},
	} {
		run := func(t *testing.T, way func(*testing.T, *smtptest.Server, transport.Relay) *transport.SMTP, relay transport.Relay) {
			server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{tt.point: tt.answer}})
			relay.Security = transport.NoTLS
			second := letter(2)
			if tt.big {
				second.Content = letters.Octets(bytes.Repeat([]byte("Rien de neuf sous le soleil.\r\n"), 1<<20))
			}
			o := newOffice(letter(1), second, letter(3))
			if err := once(t.Context(), t, way(t, server, relay), o); (err != nil) != tt.lost {
				t.Errorf("Carry returned %v", err)
			}
			if a := o.attempt(t, 2); a.Stage != tt.stage || a.Reply.Code != tt.code || a.Reply.Text == "" {
				t.Errorf("reported %s, %s; want %s, %d", a.Stage, a.Reply, tt.stage, tt.code)
			}
			for i, want := range tt.states {
				if a := o.attempt(t, int64(i+1)); newsletter.Outcome(a.Stage, a.Reply) != want {
					t.Errorf("letter %d: %s, %s; want %s", i+1, a.Stage, a.Reply, want)
				}
			}
			if n := len(server.Letters()); n != tt.got && tt.got >= 0 {
				t.Errorf("the server has %d letters, want %d", n, tt.got)
			}
		}
		t.Run(tt.name, func(t *testing.T) {
			waits := transport.Timeouts{}
			if tt.answer.Hang {
				waits = transport.Timeouts{Command: time.Second, Dot: time.Second}
			}
			run(t, byTCP, transport.Relay{Timeouts: waits})
			if !tt.big {
				synctest.Test(t, func(t *testing.T) { run(t, inMemory, transport.Relay{}) })
			}
		})
	}
}

// A letter that is refused before its chunk spoils none behind it, whether or not the server clears the transaction by itself.
func TestConvoy_ARefusalIsOneLettersOwn(t *testing.T) {
	for _, refusal := range []string{"550 5.1.1 no such user", "450 4.2.0 grey"} {
		server := smtptest.Start(t, smtptest.Script{Extensions: whole, Holding: true, Answers: map[string]smtptest.Answer{atRcpt: says(refusal)}})
		o := newOffice(letter(1), letter(2), letter(3), letter(4))
		if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), o); err != nil {
			t.Fatal(err)
		}
		for n := range int64(4) {
			if a := o.attempt(t, n+1); a.Reply.OK() != (n != 1) {
				t.Errorf("letter %d: %s, %s", n+1, a.Stage, a.Reply)
			}
		}
		letters := server.Letters()
		for _, l := range letters {
			n := int64(0)
			if len(l.To) != 1 || !scan(l.To[0], "%d@lecteurs.example", &n) || l.From != letter(n).Envelope.From {
				t.Errorf("to %s as from %s", l.To, l.From)
			}
		}
		if len(letters) != 3 {
			t.Errorf("the server has %d letters", len(letters))
		}
	}
}

// A server has as long for what becomes of a letter as if it had come by DATA (RFC 5321 §4.5.3.2.6).
func TestConvoy_WaitsForWhatBecomesOfALetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{atDot: {Reply: "250 2.0.0 taken", Slow: time.Second}}})
		o := newOffice(letter(1), letter(2), letter(3))
		if err := once(t.Context(), t, inMemory(t, server, transport.Relay{Timeouts: transport.Timeouts{Command: time.Second, Dot: time.Minute}}), o); err != nil {
			t.Fatal(err)
		}
		if a := o.attempt(t, 2); !a.Reply.OK() {
			t.Errorf("%s, %s", a.Stage, a.Reply)
		}
	})
}

// What a server took for its recipient was sent, whatever it said to MAIL.
func TestConvoy_TakenAfterAll(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{atMail: says("451 4.3.0 later")}, Lenient: true})
	o := newOffice(letter(1), letter(2), letter(3))
	if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), o); err != nil {
		t.Fatal(err)
	}
	if a := o.attempt(t, 2); a.Stage != newsletter.StageDone || a.Reply.Code != 250 || len(server.Letters()) != 3 {
		t.Errorf("%s, %s; the server has %d letters", a.Stage, a.Reply, len(server.Letters()))
	}
}

// Where a server reads content as commands, its answers judge no letter but the one.
func TestConvoy_AServerThatKnowsNoChunks(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: whole, Deaf: true})
	o := newOffice(letter(1), letter(2), letter(3))
	if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), o); err == nil {
		t.Error("it goes on")
	}
	for n, want := range []newsletter.DeliveryState{newsletter.Failed, newsletter.Unknown, newsletter.Unknown} {
		if a := o.attempt(t, int64(n+1)); newsletter.Outcome(a.Stage, a.Reply) != want {
			t.Errorf("letter %d: %s, %s; want %s", n+1, a.Stage, a.Reply, want)
		}
	}
}

// What may not go is taken out from among the others, and the server hears nothing of it.
func TestConvoy_WhatMayNotGoIsNotSent(t *testing.T) {
	for _, out := range [][]int64{{1}, {2}, {3}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3}} {
		server := smtptest.Start(t, smtptest.Script{Extensions: whole})
		o := newOffice(letter(1), letter(2), letter(3), letter(4))
		for _, n := range out {
			o.refuse[n] = true
		}
		if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), o); err != nil {
			t.Fatal(err)
		}
		if made, _ := server.Connections(); made != 1 || len(server.Letters()) != 4-len(out) {
			t.Errorf("without %v: %d connections, %d letters", out, made, len(server.Letters()))
		}
		for _, l := range server.Letters() {
			n := int64(0)
			if scan(l.To[0], "%d@lecteurs.example", &n); slices.Contains(out, n) || !bytes.Equal(l.Content, letter(n).Content.Append(nil)) {
				t.Errorf("without %v: %s got %q", out, l.To[0], l.Content)
			}
		}
	}
}

// A letter that no server could take is settled in its place.
func TestConvoy_WhatCannotGo(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: whole})
	spoiled := letter(2)
	spoiled.Content = letters.Octets("a\n.\r\n")
	o := newOffice(letter(1), spoiled, letter(3))
	if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), o); err != nil {
		t.Fatal(err)
	}
	if a := o.attempt(t, 2); a.Stage != newsletter.StageMail || a.Reply.Code != 554 || len(server.Letters()) != 2 {
		t.Errorf("reported %s, %s; %d letters arrived", a.Stage, a.Reply, len(server.Letters()))
	}
}

// A server that closed a connection which waited costs no letter its certainty: it is asked before content goes.
func TestConvoy_AsksWhetherAServerIsThere(t *testing.T) {
	for _, away := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			server := smtptest.Start(t, smtptest.Script{Extensions: whole})
			o := newOffice(letter(1))
			o.waits = true
			went := make(chan error, 1)
			go func() { went <- once(t.Context(), t, inMemory(t, server, transport.Relay{}), o) }()
			time.Sleep(20 * time.Second)
			if away {
				server.Disconnect()
			}
			o.bring(letter(2))
			if err := <-went; err != nil {
				t.Error(err)
			}
			if a := o.attempt(t, 2); a.Reply.Code != 250 {
				t.Errorf("reported %s, %s", a.Stage, a.Reply)
			}
			if made, _ := server.Connections(); made != 1 && !away || made != 2 && away {
				t.Errorf("%d connections", made)
			}
		})
	}
}

// Said unasked, words would be taken for the answer to a letter.
func TestConvoy_TakesNoWordsForAnothers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{"DOT 3@lecteurs.example": says("250 2.0.0 taken\n550 5.1.1 nobody")}})
		o := newOffice(letter(1), letter(2), letter(3))
		o.waits = true
		went := make(chan error, 1)
		go func() { went <- once(t.Context(), t, inMemory(t, server, transport.Relay{}), o) }()
		time.Sleep(100 * time.Millisecond)
		o.bring(letter(4))
		if err := <-went; err != nil {
			t.Error(err)
		}
		for n := int64(3); n <= 4; n++ {
			if a := o.attempt(t, n); a.Reply.Code != 250 {
				t.Errorf("letter %d: %s, %s", n, a.Stage, a.Reply)
			}
		}
		if made, _ := server.Connections(); made != 2 {
			t.Errorf("%d connections", made)
		}
	})
}

// Nor where the next letter is at hand when they come.
func TestConvoy_TakesNoLetterAfterWordsOutOfTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{"DOT 1@lecteurs.example": says("250 2.0.0 taken\n550 5.1.1 nobody")}})
		o := newOffice(letter(1), letter(2))
		asked := 0
		beside := func(ctx context.Context) (newsletter.Parcel, bool) {
			if asked++; asked == 1 {
				return newsletter.Parcel{}, false
			}
			return o.next(ctx)
		}
		if err := carry(t.Context(), t, inMemory(t, server, transport.Relay{}), o, beside); err != nil {
			t.Error(err)
		}
		if a := o.attempt(t, 2); a.Reply.Code != 250 {
			t.Errorf("reported %s, %s", a.Stage, a.Reply)
		}
	})
}

// A letter that comes with the stop has no mark, and goes no more.
func TestConvoy_StopsBeforeAMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Extensions: whole})
		o := newOffice(letter(1), letter(2))
		ctx, cancel := context.WithCancel(t.Context())
		beside := func(ctx context.Context) (newsletter.Parcel, bool) {
			defer cancel()
			return o.next(ctx)
		}
		if err := carry(ctx, t, inMemory(t, server, transport.Relay{}), o, beside); err != nil {
			t.Error(err)
		}
		o.untouched(t, 1)
		o.untouched(t, 2)
		if commands := server.Commands(); commands[len(commands)-1] != "QUIT" || len(server.Letters()) != 0 {
			t.Errorf("the server heard %q", commands)
		}
	})
}

// Asked to stop, the courier brings to its end what is on the wire, and takes no more; but not for ever.
func TestConvoy_Drains(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer smtptest.Answer
		after  time.Duration // from the stop to the end
		state  newsletter.DeliveryState
	}{
		{"slow", smtptest.Answer{Reply: "250 2.0.0 taken", Slow: 3 * time.Second}, 17*3*time.Second - time.Second, newsletter.Sent},
		{"silent", hung, time.Minute, newsletter.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{atDot: tt.answer}})
				o := newOffice(letter(1), letter(2), letter(3), letter(4), letter(5), letter(6))
				ctx, cancel := context.WithCancel(t.Context())
				stopped := time.Now().Add(time.Second)
				time.AfterFunc(time.Second, cancel)
				_ = once(ctx, t, inMemory(t, server, transport.Relay{}), o)
				if after := time.Since(stopped); after != tt.after {
					t.Errorf("ended %s after the stop, want %s", after, tt.after)
				}
				for n := int64(2); n <= 4; n++ {
					if a := o.attempt(t, n); newsletter.Outcome(a.Stage, a.Reply) != tt.state {
						t.Errorf("letter %d: %s, %s", n, a.Stage, a.Reply)
					}
				}
				if o.takeBack(); len(o.queue) != 2 {
					t.Errorf("%d letters are untouched, want 2", len(o.queue))
				}
			})
		})
	}
}

// After a step that failed nothing more goes, and what is on the wire is heard.
func TestConvoy_NothingIsSentAfterAFailedStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Extensions: whole, Answers: map[string]smtptest.Answer{atDot: {Reply: "250 2.0.0 taken", Slow: time.Second}}})
		o := newOffice(letter(1), letter(2), letter(3), letter(4), letter(5))
		broken, steps := errors.New("disk full"), 0
		o.onStep = func() {
			if o.stepErr, steps = nil, steps+1; steps == 2 {
				o.stepErr = broken
			}
		}
		if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); !errors.Is(err, broken) {
			t.Errorf("error: %v", err)
		}
		for n := int64(1); n <= 3; n++ {
			if a := o.attempt(t, n); a.Reply.Code != 250 {
				t.Errorf("letter %d: %s, %s", n, a.Stage, a.Reply)
			}
		}
		o.untouched(t, 4)
		if len(server.Letters()) != 3 {
			t.Errorf("%d letters arrived", len(server.Letters()))
		}
	})
}

// Answers are read however they are cut, and under TLS.
func TestConvoy_ReadsAnswersInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := smtptest.Answer{Slow: 20 * time.Millisecond}
		server := smtptest.Start(t, smtptest.Script{Extensions: append([]string{"STARTTLS"}, whole...), Answers: map[string]smtptest.Answer{"MAIL": slow, "RCPT": slow, "DOT": slow}})
		o := newOffice(letter(1), letter(2), letter(3), letter(4), letter(5), letter(6))
		if err := once(t.Context(), t, inMemory(t, server, transport.Relay{Security: transport.STARTTLS, RootCAs: server.RootCAs()}), o); err != nil {
			t.Fatal(err)
		}
		if made, _ := server.Connections(); made != 1 || len(server.Letters()) != 6 {
			t.Errorf("%d connections, %d letters", made, len(server.Letters()))
		}
	})
}

// Whatever a server says, each letter that was marked has one outcome, in order, and is sent only where three answers were positive.
func FuzzConvoy(f *testing.F) {
	f.Add("250 a\r\n250 b\r\n250 c\r\n250 a\r\n550 5.1.1 b\r\n503 c\r\n421 bye\r\n", 7)
	f.Add("250-a\r\n250 a\r\n250\r\n250 c\r\n354 go\r\n", 1)
	f.Add("421 bye\r\n250 b\r\n250 c\r\n", 30)
	f.Add("25", 2)
	f.Fuzz(func(t *testing.T, answers string, cut int) {
		synctest.Test(t, func(t *testing.T) {
			dial := func(context.Context, string, string) (net.Conn, error) {
				return &parrot{in: "220 a\r\n250-a\r\n250-PIPELINING\r\n250 CHUNKING\r\n", then: answers, cut: max(1, cut)}, nil
			}
			way := newSMTP(t, transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Dial: dial})
			o := newOffice(letter(1), letter(2), letter(3))
			_ = once(t.Context(), t, way, o)
			sent := 0
			for n := int64(1); n <= 3; n++ {
				if a := o.attempt(t, n); newsletter.Outcome(a.Stage, a.Reply) == newsletter.Sent {
					sent++
				}
			}
			if positive := strings.Count("\n"+answers, "\n2"); positive < 3*sent {
				t.Errorf("%d letters were sent by %d positive answers: %q", sent, positive, answers)
			}
		})
	})
}

// A parrot is a connection that says what it was taught, cut in pieces, whatever it hears.
type parrot struct {
	net.Conn
	in, then string
	cut      int
}

func (p *parrot) Read(b []byte) (int, error) {
	if p.in == "" {
		return 0, io.EOF
	}
	n := copy(b, p.in[:min(p.cut, len(p.in))])
	p.in = p.in[n:]
	return n, nil
}

func (p *parrot) Write(b []byte) (int, error) {
	if bytes.HasPrefix(b, []byte("MAIL")) {
		p.in, p.then = p.in+p.then, ""
	}
	return len(b), nil
}

func (p *parrot) Close() error                     { return nil }
func (p *parrot) SetDeadline(time.Time) error      { return nil }
func (p *parrot) SetReadDeadline(time.Time) error  { return nil }
func (p *parrot) SetWriteDeadline(time.Time) error { return nil }
