package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// No content goes before its letter's mark, and no final dot before the outcome of the letter before it: the story of
// three letters, the second of which is refused at RCPT and so never marked.
func TestCarry_OneCommitBetweenTwoLetters(t *testing.T) {
	o := newOffice(letter(1), letter(2), letter(3))
	server := smtptest.Start(t, smtptest.Script{
		Answers: map[string]smtptest.Answer{"2@lecteurs.example": says("550 5.1.1 no")},
		Observe: func(e smtptest.Event) { o.note(e.Line) },
	})
	if err := once(t.Context(), t, inMemory(t, server, transport.Relay{HELO: "pandia.example"}), o); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"EHLO pandia.example",
		"MAIL FROM:<retour+1@pandia.example>", "RCPT TO:<1@lecteurs.example>",
		"begin 1", "step",
		"DATA", "CONTENT", "DOT",
		"MAIL FROM:<retour+2@pandia.example>", "RCPT TO:<2@lecteurs.example>", "RSET",
		"MAIL FROM:<retour+3@pandia.example>", "RCPT TO:<3@lecteurs.example>",
		"done 1", "done 2", "begin 3", "step",
		"DATA", "CONTENT", "DOT",
		"done 3", "step",
		"QUIT",
	}
	if diff := cmp.Diff(want, o.lines()); diff != "" {
		t.Errorf("the story (-want +got):\n%s", diff)
	}
}

// The same two rules, and that every letter ends exactly once, for any mixture of faults.
func TestCarry_KeepsItsContractUnderAnyFaults(t *testing.T) {
	points := []string{"MAIL retour+%d@pandia.example", "RCPT %d@lecteurs.example", "DATA %d@lecteurs.example", "DOT %d@lecteurs.example"}
	answers := []smtptest.Answer{says("450 4.2.0 later"), says("550 5.1.1 no"), goodbye, dropped, says("?")}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64Range(1, 6).Draw(rt, "letters")
		o := newOffice()
		server := smtptest.Start(t, smtptest.Script{Observe: func(e smtptest.Event) { o.note(e.Line) }})
		for i := range n {
			o.queue = append(o.queue, letter(i+1))
			switch what := rapid.IntRange(0, 3).Draw(rt, "what"); what {
			case 0:
				o.refuse[i+1] = true
			case 1:
				a := rapid.SampledFrom(answers).Draw(rt, "answer")
				a.Times = rapid.IntRange(0, 1).Draw(rt, "times")
				server.Answer(fmt.Sprintf(rapid.SampledFrom(points).Draw(rt, "point"), i+1), a)
			}
		}
		for range 3 * n {
			if o.rest() {
				_ = once(t.Context(), t, inMemory(t, server, transport.Relay{}), o) // what it says is the faults' affair
			}
		}
		if broken := contract(n, o); broken != "" {
			rt.Fatalf("%s in:\n%s", broken, strings.Join(o.lines(), "\n"))
		}
	})
}

// contract names what is broken in the log of n letters, each carried once.
func contract(n int64, o *office) string {
	var current, previous int64
	begun, done, refused := map[int64]bool{}, map[int64]bool{}, map[int64]bool{}
	for _, line := range o.lines() {
		var id int64
		switch {
		case scan(line, "RCPT TO:<%d@lecteurs.example>", &id):
			current = id
		case scan(line, "begin %d", &id):
			begun[id] = true
		case scan(line, "refuse %d", &id):
			refused[id] = true
		case scan(line, "done %d", &id):
			if done[id] {
				return fmt.Sprintf("letter %d ended twice", id)
			}
			done[id] = true
		case line == "CONTENT" && !begun[current]:
			return fmt.Sprintf("content of letter %d before its mark", current)
		case line == "DOT":
			if previous != 0 && !done[previous] {
				return fmt.Sprintf("dot of letter %d before the outcome of %d", current, previous)
			}
			previous = current
		}
	}
	for id := int64(1); id <= n; id++ {
		if done[id] == refused[id] {
			return fmt.Sprintf("letter %d: done %t, refused %t", id, done[id], refused[id])
		}
	}
	return ""
}

func scan(line, format string, id *int64) bool {
	_, err := fmt.Sscanf(line, format, id)
	return err == nil
}

func TestCarry_WhatMayNotGoIsNotSent(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{})
	o := newOffice(letter(1), letter(2), letter(3))
	o.refuse[2] = true
	if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); err != nil {
		t.Fatal(err)
	}
	if len(o.settled[2]) != 0 || len(server.Letters()) != 2 {
		t.Errorf("attempts %v, %d letters", o.settled[2], len(server.Letters()))
	}
	if n := strings.Count(strings.Join(server.Commands(), "\n"), "RSET"); n != 1 {
		t.Errorf("RSET was sent %d times", n)
	}
}

func TestCarry_NothingIsSentAfterAFailedStep(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{})
	o := newOffice(letter(1), letter(2), letter(3))
	broken := errors.New("disk full")
	o.onStep = func() { // the second step and the one that tries again fail
		if o.stepErr = nil; len(o.handed) > 1 {
			o.stepErr = broken
		}
	}
	err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o)
	if !errors.Is(err, broken) {
		t.Errorf("error: %v", err)
	}
	if len(server.Letters()) != 1 || !o.rest() {
		t.Errorf("%d letters arrived", len(server.Letters()))
	}
	o.untouched(t, 2)
}

// A step that failed is tried once more at the end, for what was sent must not be forgotten.
func TestCarry_TriesAFailedStepAgain(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{})
	o := newOffice(letter(1), letter(2))
	locked, steps := errors.New("database is locked"), 0
	o.onStep = func() {
		if o.stepErr, steps = nil, steps+1; steps == 2 {
			o.stepErr = locked
		}
	}
	if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); !errors.Is(err, locked) {
		t.Errorf("error: %v", err)
	}
	if a := o.attempt(t, 1); a.Reply.Code != 250 {
		t.Errorf("reported %s", a.Reply)
	}
	o.untouched(t, 2)
}

func TestCarry_OutcomesDoNotWaitForASlowLetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{})
		o := newOffice(letter(1))
		o.waits = true
		went := make(chan error)
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
				went := make(chan error)
				go func() { went <- once(t.Context(), t, inMemory(t, server, transport.Relay{}), o) }()

				time.Sleep(20 * time.Second)
				server.Disconnect()
				if tt.away {
					server.Answer("CONNECT", goodbye)
				}
				o.bring(letter(2))
				err := <-went
				if tt.away {
					if newsletter.ReplyOf(err).Code != 421 {
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
	tests := []struct {
		point  string
		answer smtptest.Answer
		after  time.Duration // from the stop to the end
		check  func(*testing.T, *office)
	}{
		{atMail, hung, 0, untouched},
		{atRcpt, hung, 0, untouched},
		{atData, hung, time.Minute, drained(newsletter.StageData)},
		{inText, hung, time.Minute, drained(newsletter.StageDot)},
		{atDot, slow, 17*3*time.Second - time.Second, sent}, // 17 bytes with the line's end
		{atDot, hung, time.Minute, drained(newsletter.StageDot)},
	}
	for _, tt := range tests {
		t.Run(tt.point, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{tt.point: tt.answer}})
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
				if !o.rest() {
					t.Error("the third letter was handed over")
				}
				synctest.Wait()
				if _, open := server.Connections(); open != 0 {
					t.Errorf("%d connections were left open", open)
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

func TestCarry_KnowsWhatTheServerCannotTake(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789\r\n"), 100)
	tests := []struct {
		name       string
		extensions []string
		change     func(*newsletter.Parcel)
		code       int
		enhanced   string
		parameters string // of MAIL, when it goes
	}{
		{"nothing offered, nothing asked", nil, func(p *newsletter.Parcel) {}, 250, "2.0.0", ""},
		{"nothing needed", []string{"SMTPUTF8", "8BITMIME", "DSN"}, func(p *newsletter.Parcel) {}, 250, "2.0.0", ""},
		{"size told", []string{"SIZE 1200"}, func(p *newsletter.Parcel) { p.Content = long }, 250, "2.0.0", "SIZE=1200"},
		{"size without limit", []string{"SIZE"}, func(p *newsletter.Parcel) { p.Content = long }, 250, "2.0.0", "SIZE=1200"},
		{"size 0 is no limit", []string{"SIZE 0"}, func(p *newsletter.Parcel) { p.Content = long }, 250, "2.0.0", "SIZE=1200"},
		{"dots that stuffing adds do not count", []string{"SIZE 10"}, func(p *newsletter.Parcel) { p.Content = []byte("..\r\n...\r\n\r") }, 554, "5.6.0", ""},
		{"too large", []string{"SIZE 1199"}, func(p *newsletter.Parcel) { p.Content = long }, 552, "5.3.4", ""},
		{"é where it is welcome", []string{"SMTPUTF8"}, func(p *newsletter.Parcel) { p.Envelope.To = "zoé@lecteurs.example" }, 250, "2.0.0", "SMTPUTF8"},
		{"é where it is not", nil, func(p *newsletter.Parcel) { p.Envelope.To = "zoé@lecteurs.example" }, 553, "5.6.7", ""},
		{"é in the return path", nil, func(p *newsletter.Parcel) { p.Envelope.From = "zoé@pandia.example" }, 550, "5.6.7", ""},
		{"the null return path", nil, func(p *newsletter.Parcel) { p.Envelope.From = "" }, 250, "2.0.0", ""},
		{"nobody", nil, func(p *newsletter.Parcel) { p.Envelope.To = "" }, 501, "5.1.3", ""},
		{"a recipient with a line end", nil, func(p *newsletter.Parcel) { p.Envelope.To = "a@b.example>\r\nDATA" }, 501, "5.1.3", ""},
		{"a recipient with a bracket", nil, func(p *newsletter.Parcel) { p.Envelope.To = "a>@b.example" }, 501, "5.1.3", ""},
		{"a recipient with a space", nil, func(p *newsletter.Parcel) { p.Envelope.To = "a@b.example NOTIFY=NEVER" }, 501, "5.1.3", ""},
		{"a return path with a line feed", nil, func(p *newsletter.Parcel) { p.Envelope.From = "a\n@b.example" }, 501, "5.1.7", ""},
		{"a line feed alone", nil, func(p *newsletter.Parcel) { p.Content = []byte("a\n.\r\nMAIL FROM:<>\r\n") }, 554, "5.6.0", ""},
		{"a carriage return alone", nil, func(p *newsletter.Parcel) { p.Content = []byte("a\r.\r\r\n") }, 554, "5.6.0", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := smtptest.Start(t, smtptest.Script{Extensions: tt.extensions})
			p := letter(1)
			tt.change(&p)
			o := newOffice(p)
			if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); err != nil {
				t.Fatal(err)
			}
			a := o.attempt(t, 1)
			if a.Reply.Code != tt.code || a.Reply.Enhanced != tt.enhanced {
				t.Errorf("reported %s, %s", a.Stage, a.Reply)
			}
			letters := server.Letters()
			if tt.code != 250 {
				if a.Stage != newsletter.StageMail || len(letters) != 0 || strings.Contains(strings.Join(server.Commands(), " "), "MAIL") {
					t.Errorf("stage %s; the server heard %q", a.Stage, server.Commands())
				}
				return
			}
			if len(letters) != 1 || letters[0].Parameters != tt.parameters || letters[0].To[0] != p.Envelope.To {
				t.Errorf("arrived: %+v", letters)
			}
		})
	}
}

// A server that limits the letters of one connection is obeyed before it has to say so (RFC 9422 §4.1).
func TestCarry_TakesANewConnectionWhenOneIsFull(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: []string{"LIMITS RCPTMAX=1 MAILMAX=2"}})
	o := newOffice(letter(1), letter(2), letter(3), letter(4), letter(5))
	if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); err != nil {
		t.Fatal(err)
	}
	var connections []int
	for _, l := range server.Letters() {
		connections = append(connections, l.Connection)
	}
	if want := []int{1, 1, 2, 2, 3}; !slices.Equal(connections, want) {
		t.Errorf("connections %v, want %v", connections, want)
	}
}

// Every content whose lines end in CRLF arrives as it was given, dots and strange bytes included (RFC 5321 §4.5.2).
func TestCarry_ContentArrivesUnchanged(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{})
	way := inMemory(t, server, transport.Relay{})
	line := rapid.OneOf(
		rapid.SampledFrom([]string{"", ".", "..", ".\t", " .", "From moi"}),
		rapid.StringOfN(rapid.RuneFrom([]rune{'.', 'a', 0, ' '}), 0, 5, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 5000), func(b []byte) string {
			return strings.NewReplacer("\r", "", "\n", "").Replace(string(b))
		}))
	rapid.Check(t, func(rt *rapid.T) {
		p := letter(1)
		lines := rapid.SliceOf(line).Draw(rt, "lines")
		p.Content = []byte(strings.Join(append(lines, ""), "\r\n"))
		before := len(server.Letters())
		if err := once(t.Context(), t, way, newOffice(p)); err != nil {
			rt.Fatal(err)
		}
		letters := server.Letters()
		if len(letters) != before+1 || !bytes.Equal(letters[before].Content, p.Content) {
			rt.Fatalf("sent %q, %d letters arrived", p.Content, len(letters)-before)
		}
	})
}
