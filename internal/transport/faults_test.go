package transport_test

import (
	"bytes"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	letters "facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// A fault is met by the second of three letters. The other two must arrive whatever happens to it.
type fault struct {
	name        string
	point       string // see [smtptest.Answer]
	answer      smtptest.Answer
	after       smtptest.Answer // at RSET
	big         bool            // the content is more than any buffer holds
	stage       newsletter.Stage
	code        int
	enhanced    string
	state       newsletter.DeliveryState
	connections int // 1: reused; 2: closed; 3: a second one was tried for the letter
	got         int // letters that the server really has

	together func(*fault) // how it comes out where commands are sent together
}

func says(reply string) smtptest.Answer { return smtptest.Answer{Reply: reply} }

const (
	atMail = "MAIL retour+2@pandia.example"
	atRcpt = "RCPT 2@lecteurs.example"
	atData = "DATA 2@lecteurs.example"
	inText = "CONTENT 2@lecteurs.example"
	atDot  = "DOT 2@lecteurs.example"
)

var (
	dropped = smtptest.Answer{Drop: true}
	hung    = smtptest.Answer{Hang: true}
	goodbye = smtptest.Answer{Reply: "421 4.3.2 shutting down", Close: true}
)

func faults() []fault {
	const (
		mail, rcpt, data, dot, done = newsletter.StageMail, newsletter.StageRcpt, newsletter.StageData, newsletter.StageDot, newsletter.StageDone

		sent, deferred, failed, unknown = newsletter.Sent, newsletter.Deferred, newsletter.Failed, newsletter.Unknown
	)
	once := func(a smtptest.Answer) smtptest.Answer { a.Times = 1; return a }
	return []fault{
		{name: "MAIL put off", point: atMail, answer: says("451 4.3.0 later"), stage: mail, code: 451, enhanced: "4.3.0", state: deferred, connections: 1, got: 2},
		{name: "MAIL refused", point: atMail, answer: says("550 5.7.1 not you"), stage: mail, code: 550, enhanced: "5.7.1", state: failed, connections: 1, got: 2},
		{name: "MAIL wants a login", point: atMail, answer: says("530 5.7.0 log in first"), stage: mail, code: 530, enhanced: "5.7.0", state: deferred, connections: 1, got: 2},
		{name: "MAIL answered 421 once", point: atMail, answer: once(goodbye), stage: done, code: 250, enhanced: "2.0.0", state: sent, connections: 2, got: 3},
		{name: "MAIL answered 421 again", point: atMail, answer: goodbye, stage: mail, code: 421, enhanced: "4.3.2", state: deferred, connections: 3, got: 2},
		{name: "lost at MAIL once", point: atMail, answer: once(dropped), stage: done, code: 250, enhanced: "2.0.0", state: sent, connections: 2, got: 3},
		{name: "lost at MAIL again", point: atMail, answer: dropped, stage: mail, state: deferred, connections: 3, got: 2},
		{name: "silence at MAIL", point: atMail, answer: hung, stage: mail, state: deferred, connections: 3, got: 2},
		{name: "nonsense at MAIL", point: atMail, answer: says("bonjour"), stage: mail, state: deferred, connections: 3, got: 2},

		{name: "RCPT put off", point: atRcpt, answer: says("450 4.2.0 greylisted"), stage: rcpt, code: 450, enhanced: "4.2.0", state: deferred, connections: 1, got: 2},
		{name: "RCPT refused", point: "2@lecteurs.example", answer: says("550 5.1.1 no such user"), stage: rcpt, code: 550, enhanced: "5.1.1", state: failed, connections: 1, got: 2},
		{name: "RCPT refused in several lines", point: atRcpt, answer: says("550-5.1.1 no\n550-5.1.1 such\n550 5.1.1 user"), stage: rcpt, code: 550, enhanced: "5.1.1", state: failed, connections: 1, got: 2},
		{name: "RCPT refused without enhanced code", point: atRcpt, answer: says("550 no"), stage: rcpt, code: 550, state: failed, connections: 1, got: 2},
		{name: "RCPT refused with a contrary enhanced code", point: atRcpt, answer: says("550 4.1.1 perhaps"), stage: rcpt, code: 550, enhanced: "4.1.1", state: failed, connections: 1, got: 2},
		{name: "RCPT answered 421", point: atRcpt, answer: goodbye, stage: rcpt, code: 421, enhanced: "4.3.2", state: deferred, connections: 2, got: 2},
		{name: "lost at RCPT", point: atRcpt, answer: dropped, stage: rcpt, state: deferred, connections: 2, got: 2},
		{name: "silence at RCPT", point: atRcpt, answer: hung, stage: rcpt, state: deferred, connections: 2, got: 2},
		{name: "lines that disagree at RCPT", point: atRcpt, answer: says("250-yes\n550 never"), stage: rcpt, state: deferred, connections: 2, got: 2},
		{name: "RCPT answered twice", point: atRcpt, answer: says("250 2.1.5 yes\n550 5.1.1 nobody"), stage: data, state: deferred, connections: 2, got: 2, together: func(f *fault) {
			f.code, f.enhanced, f.state = 550, "5.1.1", failed // it is taken for the answer to DATA
		}},
		{name: "a reply without end at RCPT", point: atRcpt, answer: smtptest.Answer{Flood: true, Reply: "550-no\n"}, stage: rcpt, state: deferred, connections: 2, got: 2},
		{name: "a line without end at RCPT", point: atRcpt, answer: smtptest.Answer{Flood: true, Reply: "550 no "}, stage: rcpt, state: deferred, connections: 2, got: 2},
		{name: "354 at RCPT", point: atRcpt, answer: says("354 go on"), stage: rcpt, state: deferred, connections: 2, got: 2},
		{name: "RSET refused", point: atRcpt, answer: says("550 5.1.1 no"), after: says("502 5.5.1 no"), stage: rcpt, code: 550, enhanced: "5.1.1", state: failed, connections: 2, got: 2},
		{name: "lost at RSET", point: atRcpt, answer: says("550 5.1.1 no"), after: dropped, stage: rcpt, code: 550, enhanced: "5.1.1", state: failed, connections: 2, got: 2},

		{name: "DATA put off", point: atData, answer: says("451 4.3.1 disk full"), stage: data, code: 451, enhanced: "4.3.1", state: deferred, connections: 1, got: 2},
		{name: "DATA refused", point: atData, answer: says("554 5.5.1 no valid recipients"), stage: data, code: 554, enhanced: "5.5.1", state: failed, connections: 1, got: 2},
		{name: "DATA answered 421", point: atData, answer: goodbye, stage: data, code: 421, enhanced: "4.3.2", state: deferred, connections: 2, got: 2},
		{name: "DATA answered 250", point: atData, answer: says("250 2.0.0 thanks"), stage: data, state: deferred, connections: 2, got: 2},
		{name: "DATA answered twice", point: atData, answer: says("354 go on\n250 2.0.0 thanks"), stage: data, state: deferred, connections: 2, got: 2},
		{name: "lost at DATA", point: atData, answer: dropped, stage: data, state: deferred, connections: 2, got: 2},
		{name: "silence at DATA", point: atData, answer: hung, stage: data, state: deferred, connections: 2, got: 2},
		{name: "lost in the content", point: inText, answer: dropped, big: true, stage: data, state: deferred, connections: 2, got: 2},
		{name: "refused in the content", point: inText, answer: smtptest.Answer{Reply: "552 5.3.4 larger than large", Close: true}, big: true, stage: data, code: 552, enhanced: "5.3.4", state: failed, connections: 2, got: 2},
		{name: "put off in the content", point: inText, answer: smtptest.Answer{Reply: "452 4.3.1 disk full", Close: true}, big: true, stage: data, code: 452, enhanced: "4.3.1", state: deferred, connections: 2, got: 2},
		{name: "goodbye in the content", point: inText, answer: goodbye, big: true, stage: data, code: 421, enhanced: "4.3.2", state: deferred, connections: 2, got: 2},
		{name: "thanks in the content", point: inText, answer: smtptest.Answer{Reply: "250 2.0.0 taken already", Close: true}, big: true, stage: data, state: deferred, connections: 2, got: 2},

		{name: "content put off", point: atDot, answer: says("451 4.7.1 later"), stage: done, code: 451, enhanced: "4.7.1", state: deferred, connections: 1, got: 2},
		{name: "content refused", point: atDot, answer: says("554 5.7.1 spam"), stage: done, code: 554, enhanced: "5.7.1", state: failed, connections: 1, got: 2},
		{name: "mailbox full", point: atDot, answer: says("552 5.2.2 full"), stage: done, code: 552, enhanced: "5.2.2", state: failed, connections: 1, got: 2},
		{name: "content answered 421", point: atDot, answer: goodbye, stage: done, code: 421, enhanced: "4.3.2", state: deferred, connections: 2, got: 2},
		{name: "taken, then goodbye", point: atDot, answer: smtptest.Answer{Reply: "250 2.0.0 taken", Close: true}, stage: done, code: 250, enhanced: "2.0.0", state: sent, connections: 2, got: 3},
		{name: "taken without a word", point: atDot, answer: says("250"), stage: done, code: 250, state: sent, connections: 1, got: 3},
		{name: "taken byte by byte", point: atDot, answer: smtptest.Answer{Reply: "250-2.0.0 one\n250 2.0.0 two", Slow: time.Millisecond}, stage: done, code: 250, enhanced: "2.0.0", state: sent, connections: 1, got: 3},
		{name: "taken, then asked for more", point: atDot, answer: says("250 2.0.0 taken\n354 more"), stage: done, code: 250, enhanced: "2.0.0", state: sent, connections: 2, got: 3},
		{name: "a reply without end after the dot", point: atDot, answer: smtptest.Answer{Flood: true, Reply: "250-taken\n"}, stage: dot, state: unknown, connections: 2, got: 3},
		{name: "lost after the dot", point: atDot, answer: dropped, stage: dot, state: unknown, connections: 2, got: 3},
		{name: "silence after the dot", point: atDot, answer: hung, stage: dot, state: unknown, connections: 2, got: 3},
		{name: "nonsense after the dot", point: atDot, answer: says("merci"), stage: dot, state: unknown, connections: 2, got: 3},
		{name: "354 after the dot", point: atDot, answer: says("354 more"), stage: dot, state: unknown, connections: 2, got: 3},
		{name: "goodbye refused", point: "QUIT", answer: says("500 5.5.1 stay"), stage: done, code: 250, enhanced: "2.0.0", state: sent, connections: 1, got: 3},
		{name: "silence at the goodbye", point: "QUIT", answer: hung, stage: done, code: 250, enhanced: "2.0.0", state: sent, connections: 1, got: 3},
	}
}

// words are what the server says at the end of a reply, behind the codes.
func (f fault) words() string { return f.answer.Reply[strings.LastIndexByte(f.answer.Reply, ' ')+1:] }

// run carries three letters, opening a new connection as long as there are any, and compares.
func (f fault) run(t *testing.T, server *smtptest.Server, way *transport.SMTP) {
	server.Answer(f.point, f.answer)
	if f.after != (smtptest.Answer{}) {
		server.Answer("RSET", f.after)
	}
	second := letter(2)
	if f.big {
		second.Content = letters.Octets(bytes.Repeat([]byte("Rien de neuf sous le soleil.\r\n"), 1<<20))
	}
	o := newOffice(letter(1), second, letter(3))
	for tries := 0; tries == 0 || o.rest(); tries++ {
		if tries == 3 {
			t.Fatal("the letters do not come to an end")
		}
		err := once(t.Context(), t, way, o)
		if err == nil && o.rest() {
			t.Error("Carry returned nil with letters left")
		}
		if err != nil && f.words() != "" && strings.Contains(err.Error(), f.words()) {
			t.Errorf("Carry returned %q, which may name a reader", err)
		}
		o.takeBack()
	}

	got := o.attempt(t, 2)
	if got.Stage != f.stage || got.Reply.Code != f.code || got.Reply.Enhanced != f.enhanced {
		t.Errorf("reported %s, %s; want %s, %d %s", got.Stage, got.Reply, f.stage, f.code, f.enhanced)
	}
	if state := newsletter.Outcome(got.Stage, got.Reply); state != f.state {
		t.Errorf("outcome %s, want %s", state, f.state)
	}
	if got.Reply.Text == "" && f.name != "taken without a word" {
		t.Error("the report has no words")
	}
	for _, n := range []int64{1, 3} {
		if other := o.attempt(t, n); newsletter.Outcome(other.Stage, other.Reply) != newsletter.Sent {
			t.Errorf("letter %d: %s, %s", n, other.Stage, other.Reply)
		}
	}
	if made, _ := server.Connections(); made != f.connections {
		t.Errorf("%d connections, want %d", made, f.connections)
	}
	if n := len(server.Letters()); n != f.got {
		t.Errorf("the server has %d letters, want %d", n, f.got)
	}
}

func TestFaults_OnSockets(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var waits transport.Timeouts
			if f.answer.Hang {
				waits = onlyShort(f.point)
			}
			for f, extensions := range f.manners() {
				server := smtptest.Start(t, smtptest.Script{Extensions: extensions})
				f.run(t, server, byTCP(t, server, transport.Relay{Security: transport.NoTLS, Timeouts: waits}))
			}
		})
	}
}

// manners are the ways in which a server may want letters: one command after the other, or several together (RFC 2920).
func (f fault) manners() iter.Seq2[fault, []string] {
	return func(yield func(fault, []string) bool) {
		if !yield(f, nil) {
			return
		}
		if f.together != nil {
			f.together(&f)
		}
		yield(f, []string{"PIPELINING"})
	}
}

// onlyShort shortens the wait at a point and leaves the others long enough for a busy machine.
func onlyShort(point string) transport.Timeouts {
	const short = time.Second
	switch point {
	case atMail, atRcpt:
		return transport.Timeouts{Command: short}
	case atData:
		return transport.Timeouts{Data: short}
	case atDot:
		return transport.Timeouts{Dot: short}
	default:
		return transport.Timeouts{Quit: short}
	}
}

// The same faults with the waits that RFC 5321 §4.5.3.2 asks for, in virtual time and under TLS.
func TestFaults_InVirtualTime(t *testing.T) {
	for _, f := range faults() {
		if f.big {
			continue // nothing but time for a pipe
		}
		t.Run(f.name, func(t *testing.T) {
			for f, extensions := range f.manners() {
				synctest.Test(t, func(t *testing.T) {
					server := smtptest.Start(t, smtptest.Script{Extensions: append(extensions, "STARTTLS", "SIZE 100000")})
					f.run(t, server, inMemory(t, server, transport.Relay{Security: transport.STARTTLS, RootCAs: server.RootCAs()}))
					synctest.Wait()
					if _, open := server.Connections(); open != 0 {
						t.Errorf("%d connections were left open", open)
					}
				})
			}
		})
	}
}

// A wait ends when RFC 5321 §4.5.3.2 lets it end, not before; and a fresh connection is not tried twice.
func TestFaults_Waits(t *testing.T) {
	tests := []struct {
		point string
		want  time.Duration
	}{
		{atMail, 5 * time.Minute},
		{atRcpt, 5 * time.Minute},
		{atData, 2 * time.Minute},
		{atDot, 10 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.point, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{tt.point: hung}})
				o := newOffice(letter(2))
				if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); err == nil {
					t.Error("Carry returned nil after a lost connection")
				}
				a := o.attempt(t, 2)
				if waited := a.Ended.Sub(a.Started); waited != tt.want {
					t.Errorf("waited %s, want %s", waited, tt.want)
				}
				if made, _ := server.Connections(); made != 1 {
					t.Errorf("%d connections", made)
				}
			})
		})
	}
}

// A server that stops reading has often said why.
func TestFaults_TheReasonWhyNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{inText: says("552 5.3.4 larger than large")}})
		p := letter(2)
		p.Content = letters.Octets(bytes.Repeat([]byte("Rien de neuf sous le soleil.\r\n"), 10000))
		o := newOffice(p)
		if err := once(t.Context(), t, inMemory(t, server, transport.Relay{}), o); err == nil {
			t.Error("Carry returned nil after a lost connection")
		}
		a := o.attempt(t, 2)
		if a.Stage != newsletter.StageData || a.Reply.Code != 552 {
			t.Errorf("reported %s, %s", a.Stage, a.Reply)
		}
		if waited := a.Ended.Sub(a.Started); waited != 3*time.Minute {
			t.Errorf("waited %s, want what RFC 5321 §4.5.3.2.5 gives a block", waited)
		}
	})
}
