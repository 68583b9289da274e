package transport_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// aLongLull is one in which no machine is too busy to answer.
var aLongLull = transport.Timeouts{Lull: time.Minute}

// No content goes before its letter's mark, and no final dot before the outcome of the letter before it: the story of
// three letters, the second of which is refused at RCPT and so never marked.
func TestCarry_OneCommitBetweenTwoLetters(t *testing.T) {
	o := newOffice(letter(1), letter(2), letter(3))
	server := smtptest.Start(t, smtptest.Script{
		Answers: map[string]smtptest.Answer{"2@lecteurs.example": says("550 5.1.1 no")},
		Observe: func(e smtptest.Event) { o.note(e.Line) },
	})
	if err := once(t.Context(), t, inMemory(t, server, transport.Relay{HELO: "pandia.example", Timeouts: aLongLull}), o); err != nil {
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

// The same rules where commands may follow each other: those of a letter travel with the content of the one before, and its
// content waits for its mark all the same.
func TestCarry_TheNextLettersCommandsTravelWithContent(t *testing.T) {
	o := newOffice(letter(1), letter(2), letter(3), letter(4))
	server := smtptest.Start(t, smtptest.Script{
		Extensions: []string{"PIPELINING"},
		Answers:    map[string]smtptest.Answer{"3@lecteurs.example": says("550 5.1.1 no")},
		Observe:    func(e smtptest.Event) { o.note(e.Line) },
	})
	if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS, HELO: "pandia.example", Timeouts: aLongLull}), o); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"EHLO pandia.example",
		"MAIL FROM:<retour+1@pandia.example>", "RCPT TO:<1@lecteurs.example>", "DATA",
		"begin 1", "step",
		"CONTENT", "DOT", "MAIL FROM:<retour+2@pandia.example>", "RCPT TO:<2@lecteurs.example>", "DATA",
		"done 1", "begin 2", "step",
		"CONTENT", "DOT", "MAIL FROM:<retour+3@pandia.example>", "RCPT TO:<3@lecteurs.example>", "DATA", "RSET",
		"MAIL FROM:<retour+4@pandia.example>", "RCPT TO:<4@lecteurs.example>", "DATA",
		"done 2", "done 3", "begin 4", "step",
		"CONTENT", "DOT",
		"done 4", "step",
		"QUIT",
	}
	if diff := cmp.Diff(want, o.lines()); diff != "" {
		t.Errorf("the story (-want +got):\n%s", diff)
	}
}

// DATA may be granted though its only recipient was refused (RFC 2920 §3.1): a dot alone ends that, and nobody gets a letter.
func TestCarry_DataGrantedForNobody(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: []string{"PIPELINING"}, Generous: true, Answers: map[string]smtptest.Answer{"2@lecteurs.example": says("550 5.1.1 no")}})
	o := newOffice(letter(1), letter(2), letter(3))
	if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), o); err != nil {
		t.Fatal(err)
	}
	if a := o.attempt(t, 2); a.Stage != newsletter.StageRcpt || a.Reply.Code != 550 {
		t.Errorf("reported %s, %s", a.Stage, a.Reply)
	}
	if made, _ := server.Connections(); made != 1 || len(server.Letters()) != 2 {
		t.Errorf("%d connections, %d letters", made, len(server.Letters()))
	}
}

// A letter that may not go once its content is awaited leaves no other way than to hang up.
func TestCarry_HangsUpOnAContentThatMayNotGo(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: []string{"PIPELINING"}})
	o := newOffice(letter(1), letter(2), letter(3))
	o.refuse[2] = true
	if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), o); err != nil {
		t.Fatal(err)
	}
	if made, _ := server.Connections(); made != 2 || len(server.Letters()) != 2 || len(o.settled[2]) != 0 {
		t.Errorf("%d connections, %d letters, attempts %v", made, len(server.Letters()), o.settled[2])
	}
}

// No dot goes behind a MAIL that was refused: a server that takes the recipient all the same, and grants DATA, would give them an empty letter.
func TestCarry_DataGrantedBehindARefusedMail(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	dots := make(chan int, 8)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			dots <- lenient(conn)
		}
	}()
	o := newOffice(letter(1))
	relay := transport.Relay{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: transport.NoTLS}
	if err := once(t.Context(), t, newSMTP(t, relay), o); err == nil {
		t.Error("the connection goes on")
	}
	if a := o.attempt(t, 1); a.Stage != newsletter.StageMail || a.Reply.Code != 451 {
		t.Errorf("reported %s, %s", a.Stage, a.Reply)
	}
	if n := <-dots; n > 0 {
		t.Errorf("%d empty letters", n)
	}
}

// lenient serves a connection as no server should, and counts the dots that end a letter.
func lenient(conn net.Conn) (dots int) {
	defer func() { _ = conn.Close() }()
	say := func(reply string) { _, _ = io.WriteString(conn, reply+"\r\n") }
	say("220 here")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		switch verb, _, _ := strings.Cut(lines.Text(), " "); verb {
		case "EHLO":
			say("250-here\r\n250 PIPELINING")
		case "MAIL":
			say("451 4.3.0 later")
		case "DATA":
			say("354 go on")
		case ".":
			dots++
			say("250 2.0.0 taken")
		default:
			say("250 2.1.5 yes")
		}
	}
	return dots
}

// The same two rules, and that every letter ends exactly once, for any mixture of faults.
func TestCarry_KeepsItsContractUnderAnyFaults(t *testing.T) {
	points := []string{"MAIL retour+%d@pandia.example", "RCPT %d@lecteurs.example", "DATA %d@lecteurs.example", "DOT %d@lecteurs.example"}
	answers := []smtptest.Answer{says("450 4.2.0 later"), says("550 5.1.1 no"), goodbye, dropped, says("?")}
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64Range(1, 6).Draw(rt, "letters")
		o := newOffice()
		script := smtptest.Script{Observe: func(e smtptest.Event) { o.note(e.Line) }}
		script.Extensions = rapid.SampledFrom([][]string{nil, {"PIPELINING"}, {"PIPELINING", "CHUNKING"}}).Draw(rt, "offers")
		window := 1
		if len(script.Extensions) == 2 {
			window = rapid.IntRange(1, 4).Draw(rt, "window")
		}
		script.Generous = rapid.Bool().Draw(rt, "generous")
		server := smtptest.Start(t, script)
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
				_ = once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS, Window: window}), o) // what it says is the faults' affair
				o.takeBack()
			}
		}
		if broken := contract(n, window, o); broken != "" {
			rt.Fatalf("%s in:\n%s", broken, strings.Join(o.lines(), "\n"))
		}
	})
}

// contract names what is broken in the log of n letters, each carried once.
func contract(n int64, window int, o *office) string {
	var current int64
	begun, done, refused, open := map[int64]bool{}, map[int64]bool{}, map[int64]bool{}, map[int64]bool{}
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
			delete(open, id)
		case line == "CONTENT" && !begun[current]:
			return fmt.Sprintf("content of letter %d before its mark", current)
		case line == "DOT":
			if open[current] = true; len(open) > window {
				return fmt.Sprintf("the end of letter %d while no outcome is known of so many: %v", current, open)
			}
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

// Where every letter is refused, none is marked; their outcomes become durable all the same, and do not pile up.
func TestCarry_RefusalsDoNotPileUp(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{"RCPT": says("550 5.7.1 no")}})
	o := newOffice()
	for n := range int64(300) {
		o.queue = append(o.queue, letter(n+1))
	}
	if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); err != nil {
		t.Fatal(err)
	}
	if len(o.settled) != 300 {
		t.Errorf("%d letters ended", len(o.settled))
	}
	for commit := range strings.SplitSeq(strings.Join(o.lines(), " "), "step") {
		if n := strings.Count(commit, "done"); n > 4 {
			t.Errorf("%d outcomes in one step", n)
		}
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

// Commands are sent one by one where nobody asked for more, whatever the server offers.
func TestCarry_OneCommandAfterTheOther(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: []string{"PIPELINING"}})
	host, port := server.Listen(t)
	way, err := transport.NewSMTP(transport.Relay{Host: host, Port: port, Security: transport.NoTLS})
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(letter(1), letter(2), letter(3))
	o.refuse[2] = true
	if err := once(t.Context(), t, way, o); err != nil {
		t.Fatal(err)
	}
	if made, _ := server.Connections(); made != 1 || len(server.Letters()) != 2 {
		t.Errorf("%d connections, %d letters: a letter that may not go costs its connection", made, len(server.Letters()))
	}
}
