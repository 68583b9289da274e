package transport_test

import (
	"bytes"
	"context"
	"errors"
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

func TestCarry_OutcomesDoNotWaitForASlowLetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{})
		o := newOffice(letter(1))
		o.waits = true
		went := make(chan error, 1)
		began := time.Now()
		go func() { went <- once(t.Context(), t, inMemory(t, server, transport.Relay{}), o) }()

		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
		if a := o.attempt(t, 1); a.Reply.Code != 250 {
			t.Errorf("reported %s", a.Reply)
		}
		time.Sleep(20 * time.Second)
		o.bring(letter(2))
		if err := <-went; err != nil {
			t.Error(err)
		}
		if a := o.attempt(t, 2); a.Reply.Code != 250 {
			t.Errorf("reported %s", a.Reply)
		}
		// Idle for 30 seconds after the second letter, the connection was closed politely.
		if waited := time.Since(began).Round(time.Second); waited != 50*time.Second {
			t.Errorf("closed after %s", waited)
		}
		commands := server.Commands()
		if made, _ := server.Connections(); made != 1 || commands[len(commands)-1] != "QUIT" {
			t.Errorf("%d connections, %q", made, commands)
		}
	})
}

// Nor for the server, where that thinks about the next letter, or about a new connection for it.
func TestCarry_OutcomesDoNotWaitForASlowServer(t *testing.T) {
	for _, point := range []string{atMail, atRcpt, atData, "RSET", "CONNECT", "QUIT"} {
		for _, offers := range [][]string{nil, {"PIPELINING"}} {
			if point == atData && offers == nil {
				continue // the next letter is marked by then, and the outcome durable with it
			}
			t.Run(point+" "+strings.Join(offers, " "), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := smtptest.Start(t, smtptest.Script{Extensions: offers, Answers: map[string]smtptest.Answer{point: hung}})
					switch point {
					case "RSET":
						server.Answer(atRcpt, says("550 5.1.1 no"))
					case "CONNECT":
						server.Answer(point, smtptest.Answer{})
						server.Answer("DOT 1@lecteurs.example", smtptest.Answer{Reply: "250 2.0.0 taken", Close: true})
					}
					o := newOffice(letter(1), letter(2))
					o.onStep = func() {
						if point == "CONNECT" {
							server.Answer(point, hung)
						}
					}
					relay := transport.Relay{}
					if point == "QUIT" {
						relay.Letters = 1
					}
					ctx, cancel := context.WithCancel(t.Context())
					went := make(chan error, 1)
					go func() { went <- once(ctx, t, inMemory(t, server, relay), o) }()
					time.Sleep(10 * time.Millisecond)
					synctest.Wait()
					if a := o.attempt(t, 1); a.Reply.Code != 250 {
						t.Errorf("reported %s", a.Reply)
					}
					cancel()
					if err := <-went; err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}

// An answer that comes after a lull is read all the same, in any manner and under TLS.
func TestCarry_ReadsWhatComesAfterALull(t *testing.T) {
	for _, offers := range [][]string{{"STARTTLS"}, {"STARTTLS", "PIPELINING"}} {
		synctest.Test(t, func(t *testing.T) {
			slow := smtptest.Answer{Slow: 20 * time.Millisecond}
			server := smtptest.Start(t, smtptest.Script{Extensions: offers, Answers: map[string]smtptest.Answer{"MAIL": slow, "RCPT": slow, "DATA": slow, "DOT": slow}})
			o := newOffice(letter(1), letter(2), letter(3))
			if err := once(t.Context(), t, inMemory(t, server, transport.Relay{Security: transport.STARTTLS, RootCAs: server.RootCAs()}), o); err != nil {
				t.Fatal(err)
			}
			if made, _ := server.Connections(); made != 1 || len(server.Letters()) != 3 {
				t.Errorf("%d connections, %d letters", made, len(server.Letters()))
			}
		})
	}
}

// What the server said of a letter counts, though it hung up before it read the commands of the next.
func TestCarry_HeardBehindTheContent(t *testing.T) {
	for _, tt := range []struct {
		reply string
		stage newsletter.Stage
		state newsletter.DeliveryState
	}{
		{"250 2.0.0 taken", newsletter.StageDone, newsletter.Sent},
		{"451 4.3.0 later", newsletter.StageDone, newsletter.Deferred},
		{"merci", newsletter.StageDot, newsletter.Unknown},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := smtptest.Start(t, smtptest.Script{Extensions: []string{"PIPELINING"}, Answers: map[string]smtptest.Answer{atDot: {Reply: tt.reply, Close: true}}})
			relay := transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := server.Dial(ctx, network, address)
				return deaf{conn}, err
			}}
			o := newOffice(letter(2), letter(3))
			if err := once(t.Context(), t, newSMTP(t, relay), o); err == nil {
				t.Error("Carry returned nil after a lost connection")
			}
			if a := o.attempt(t, 2); a.Stage != tt.stage || newsletter.Outcome(a.Stage, a.Reply) != tt.state {
				t.Errorf("%s: reported %s, %s", tt.reply, a.Stage, a.Reply)
			}
			o.untouched(t, 3)
		})
	}
}

// A deaf connection takes nothing behind a final dot in the same write.
type deaf struct{ net.Conn }

func (d deaf) Write(b []byte) (int, error) {
	const end = "\r\n.\r\n"
	i := bytes.Index(b, []byte(end))
	if i < 0 || i+len(end) == len(b) {
		return d.Conn.Write(b)
	}
	n, err := d.Conn.Write(b[:i+len(end)])
	return n, errors.Join(err, errors.New("broken pipe"))
}

// The server is not left waiting for a content that may not go.
func TestCarry_HangsUpAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Extensions: []string{"PIPELINING"}})
		o := newOffice(letter(1), letter(2))
		o.refuse[2], o.waits = true, true
		went := make(chan error, 1)
		go func() { went <- once(t.Context(), t, inMemory(t, server, transport.Relay{}), o) }()
		time.Sleep(time.Second)
		synctest.Wait()
		if _, open := server.Connections(); open != 0 {
			t.Errorf("%d connections are open", open)
		}
		if err := <-went; err != nil {
			t.Error(err)
		}
	})
}

// A server may close a connection that waits. That is no fault of the letter that finds it closed.
func TestCarry_OpensAgainWhatTheServerClosed(t *testing.T) {
	tests := []struct {
		name    string
		carried bool // a letter went before
		away    bool // no new connection can be had
	}{
		{"before the first letter", false, false},
		{"after a letter", true, false},
		{"and the server is away", true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{})
				o := newOffice()
				o.waits = true
				if tt.carried {
					o.queue = append(o.queue, letter(1))
				}
				went := make(chan error, 1)
				go func() { went <- once(t.Context(), t, inMemory(t, server, transport.Relay{}), o) }()

				time.Sleep(20 * time.Second)
				server.Disconnect()
				if tt.away {
					server.Answer("CONNECT", goodbye)
				}
				o.bring(letter(2))
				err := <-went
				if tt.away {
					if codeOf(err) != 421 {
						t.Errorf("error: %v", err)
					}
					o.untouched(t, 2)
					return
				}
				if a := o.attempt(t, 2); err != nil || a.Reply.Code != 250 {
					t.Errorf("%v, reported %s", err, a.Reply)
				}
				if made, _ := server.Connections(); made != 2 {
					t.Errorf("%d connections", made)
				}
			})
		})
	}
}

func TestCarry_StopsWithItsContext(t *testing.T) {
	drained := func(want newsletter.Stage) func(*testing.T, *office) {
		return func(t *testing.T, o *office) {
			if a := o.attempt(t, 2); a.Stage != want || a.Reply.Code != 0 {
				t.Errorf("reported %s, %s", a.Stage, a.Reply)
			}
		}
	}
	untouched := func(t *testing.T, o *office) { o.untouched(t, 2) }
	sent := func(t *testing.T, o *office) {
		if a := o.attempt(t, 2); a.Stage != newsletter.StageDone || a.Reply.Code != 250 {
			t.Errorf("reported %s, %s", a.Stage, a.Reply)
		}
	}
	slow := smtptest.Answer{Reply: "250 2.0.0 taken", Slow: 3 * time.Second}
	apart, together := []string{"SIZE"}, []string{"SIZE", "PIPELINING"}
	tests := []struct {
		point  string
		answer smtptest.Answer
		offers []string
		after  time.Duration // from the stop to the end
		check  func(*testing.T, *office)
	}{
		{atMail, hung, apart, 0, untouched},
		{atRcpt, hung, apart, 0, untouched},
		{atData, hung, apart, time.Minute, drained(newsletter.StageData)},
		{inText, hung, apart, time.Minute, drained(newsletter.StageDot)},
		{atDot, slow, apart, 17*3*time.Second - time.Second, sent}, // 17 bytes with the line's end
		{atDot, hung, apart, time.Minute, drained(newsletter.StageDot)},
		{atMail, hung, together, 0, untouched},
		{atRcpt, hung, together, 0, untouched},
		{atData, hung, together, 0, untouched}, // it comes before the mark
		{inText, hung, together, time.Minute, drained(newsletter.StageDot)},
		{atDot, slow, together, 17*3*time.Second - time.Second, sent},
		{atDot, hung, together, time.Minute, drained(newsletter.StageDot)},
	}
	for _, tt := range tests {
		t.Run(tt.point+" "+strings.Join(tt.offers, " "), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{Extensions: tt.offers, Answers: map[string]smtptest.Answer{tt.point: tt.answer}})
				o := newOffice(letter(1), letter(2), letter(3))
				ctx, cancel := context.WithCancel(t.Context())
				stopped := time.Now().Add(time.Second)
				time.AfterFunc(time.Second, cancel)
				_ = once(ctx, t, inMemory(t, server, transport.Relay{}), o)
				if after := time.Since(stopped); after != tt.after {
					t.Errorf("ended %s after the stop, want %s", after, tt.after)
				}
				if a := o.attempt(t, 1); a.Reply.Code != 250 {
					t.Errorf("the first letter: %s", a.Reply)
				}
				tt.check(t, o)
				if o.takeBack(); !o.rest() {
					t.Error("the third letter was touched")
				}
				synctest.Wait()
				if _, open := server.Connections(); open != 0 {
					t.Errorf("%d connections were left open", open)
				}
			})
		})
	}
}

// A letter that is marked when the stop comes is brought to its end, but not for ever.
func TestCarry_DrainsWhatIsMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{atDot: hung}})
		ctx, cancel := context.WithCancel(t.Context())
		o := newOffice(letter(2))
		o.onStep = cancel
		began := time.Now()
		_ = once(ctx, t, inMemory(t, server, transport.Relay{Timeouts: transport.Timeouts{Drain: 7 * time.Second}}), o)
		if waited := time.Since(began); waited != 7*time.Second {
			t.Errorf("drained for %s", waited)
		}
		if a := o.attempt(t, 2); a.Stage != newsletter.StageDot || a.Reply.Code != 0 {
			t.Errorf("reported %s, %s", a.Stage, a.Reply)
		}
	})
}

// All that a slow server is waited for after a stop ends one Drain after the stop, not one Drain after each answer.
func TestCarry_DrainsOnceForAllWaits(t *testing.T) {
	const drain = 30 * time.Second
	slow := func(reply string) smtptest.Answer { return smtptest.Answer{Reply: reply, Slow: time.Second} }
	tests := []struct {
		name    string
		answers map[string]smtptest.Answer
		reading time.Duration // of a line of 1000 bytes
		size    int           // of the content, in lines
		stage   newsletter.Stage
		most    time.Duration // from the stop to the end
	}{
		{"a slow 354, then silence", map[string]smtptest.Answer{"DATA": slow("354 go ahead"), "DOT": hung}, 0, 1, newsletter.StageDot, drain},
		{"slow blocks", nil, time.Second / 4, 1000, newsletter.StageData, drain},
		{"a slow 354 and slow blocks", map[string]smtptest.Answer{"DATA": slow("354 go ahead")}, time.Second / 4, 1000, newsletter.StageData, drain},
		{"slow blocks, then silence", map[string]smtptest.Answer{"DOT": hung}, time.Second / 4, 100, newsletter.StageDot, drain},
		{"all of it", map[string]smtptest.Answer{"DATA": slow("354 go ahead"), "DOT": slow("250 2.0.0 taken at last")}, time.Second / 10, 100, newsletter.StageDot, drain},
		{"nothing too slow", map[string]smtptest.Answer{"DATA": slow("354 go"), "DOT": slow("250 2.0.0"), "QUIT": hung}, time.Second / 100, 100, newsletter.StageDone, drain + 5*time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{Answers: tt.answers, Reading: tt.reading})
				p := letter(1)
				p.Content = letters.Octets(bytes.Repeat([]byte(strings.Repeat("x", 998)+"\r\n"), tt.size))
				o := newOffice(p)
				ctx, cancel := context.WithCancel(t.Context())
				o.onStep = cancel // in the commit of the mark
				began := time.Now()
				_ = once(ctx, t, inMemory(t, server, transport.Relay{Timeouts: transport.Timeouts{Drain: drain}}), o)
				if took := time.Since(began); took > tt.most {
					t.Errorf("the stop took %s, want %s at most", took, tt.most)
				}
				if a := o.attempt(t, 1); a.Stage != tt.stage {
					t.Errorf("reported %s, %s", a.Stage, a.Reply)
				}
			})
		})
	}
}

// Stopped between letters, or in the commit of a mark, the courier takes its leave and returns nil.
func TestCarry_StopsPolitely(t *testing.T) {
	tests := []struct {
		name  string
		stop  string // the line of the log at which the stop comes
		sent  int
		whole []string // what the server heard last
	}{
		{"while waiting", "", 2, []string{"DOT", "QUIT"}},
		{"in the commit of a mark", "begin", 2, []string{"DATA", "CONTENT", "DOT", "QUIT"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				o := newOffice(letter(1), letter(2))
				o.waits = true
				if tt.stop == "" {
					time.AfterFunc(time.Second, cancel)
				} else {
					o.onStep = func() {
						if len(o.handed) == 2 {
							cancel()
						}
					}
				}
				if err := once(ctx, t, inMemory(t, server, transport.Relay{}), o); err != nil {
					t.Error(err)
				}
				if a := o.attempt(t, 2); a.Reply.Code != 250 || len(server.Letters()) != tt.sent {
					t.Errorf("reported %s; %d letters", a.Reply, len(server.Letters()))
				}
				commands := server.Commands()
				if last := commands[len(commands)-len(tt.whole):]; !slices.Equal(last, tt.whole) {
					t.Errorf("the server heard %q", commands)
				}
			})
		})
	}
}
