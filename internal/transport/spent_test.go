package transport_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// A connection ends after as many letters as we or the server want on it, whichever are fewer, before the server has to say so
// (RFC 9422 §4.1).
func TestCarry_TakesANewConnectionWhenOneIsFull(t *testing.T) {
	for _, tt := range []struct {
		offer string
		ours  int
		want  []int
	}{
		{"LIMITS RCPTMAX=1 MAILMAX=2", 0, []int{1, 1, 2, 2, 3}},
		{"LIMITS RCPTMAX=1 MAILMAX=2", 3, []int{1, 1, 2, 2, 3}},
		{"LIMITS RCPTMAX=1 MAILMAX=3", 1, []int{1, 2, 3, 4, 5}},
		{"LIMITS MAILMAX=-1", 3, []int{1, 1, 1, 2, 2}},
		{"SIZE", 3, []int{1, 1, 1, 2, 2}},
		{"SIZE", 0, []int{1, 1, 1, 1, 1}},
	} {
		for _, offers := range [][]string{{tt.offer}, {tt.offer, "PIPELINING"}, {tt.offer, "PIPELINING", "CHUNKING"}} {
			t.Run(fmt.Sprint(offers, tt.ours), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := smtptest.Start(t, smtptest.Script{Extensions: offers})
					o := newOffice(letter(1), letter(2), letter(3), letter(4), letter(5))
					if err := once(t.Context(), t, inMemory(t, server, transport.Relay{Letters: tt.ours}), o); err != nil {
						t.Fatal(err)
					}
					if got := connections(server); !slices.Equal(got, tt.want) {
						t.Errorf("connections %v, want %v", got, tt.want)
					}
					endPolitely(t, server)
				})
			})
		}
	}
}

// The goodbye comes behind the outcome of the last letter, and with it nothing of the next.
func TestCarry_EndsAFullConnectionBehindItsOutcomes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(letter(1), letter(2), letter(3))
		server := smtptest.Start(t, smtptest.Script{Extensions: []string{"PIPELINING"}, Observe: func(e smtptest.Event) { o.note(e.Line) }})
		if err := once(t.Context(), t, inMemory(t, server, transport.Relay{HELO: "pandia.example", Letters: 2}), o); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"EHLO pandia.example",
			"MAIL FROM:<retour+1@pandia.example>", "RCPT TO:<1@lecteurs.example>", "DATA",
			"begin 1", "step",
			"CONTENT", "DOT", "MAIL FROM:<retour+2@pandia.example>", "RCPT TO:<2@lecteurs.example>", "DATA",
			"done 1", "begin 2", "step",
			"CONTENT", "DOT", "done 2", "step", "QUIT",
			"EHLO pandia.example",
			"MAIL FROM:<retour+3@pandia.example>", "RCPT TO:<3@lecteurs.example>", "DATA",
			"begin 3", "step",
			"CONTENT", "DOT", "done 3", "step", "QUIT",
		}
		if diff := cmp.Diff(want, o.lines()); diff != "" {
			t.Errorf("the story (-want +got):\n%s", diff)
		}
	})
}

// An old connection takes no letter, however few it carried.
func TestCarry_TakesANewConnectionWhenOneIsOld(t *testing.T) {
	for age, want := range map[time.Duration][]int{0: {1, 1, 1}, time.Minute: {1, 1, 2}} {
		synctest.Test(t, func(t *testing.T) {
			server := smtptest.Start(t, smtptest.Script{})
			o := newOffice(letter(1))
			o.waits = true
			went := make(chan error, 1)
			relay := transport.Relay{Age: age, Timeouts: transport.Timeouts{Idle: 10 * time.Minute}}
			go func() { went <- once(t.Context(), t, inMemory(t, server, relay), o) }()
			time.Sleep(time.Minute - time.Millisecond)
			o.bring(letter(2))
			time.Sleep(time.Millisecond)
			o.bring(letter(3))
			if err := <-went; err != nil {
				t.Error(err)
			}
			if got := connections(server); !slices.Equal(got, want) {
				t.Errorf("at %s: connections %v, want %v", age, got, want)
			}
			endPolitely(t, server)
		})
	}
}

// A connection that grows old while letters are on their way brings those to their end whose commands it has, and takes no more.
func TestCarry_BringsToItsEndWhatAnOldConnectionHas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := smtptest.Answer{Reply: "250 2.0.0 taken", Slow: time.Second} // 17 bytes with the line's end
		server := smtptest.Start(t, smtptest.Script{Extensions: []string{"PIPELINING"}, Answers: map[string]smtptest.Answer{"DOT": slow}})
		o := newOffice(letter(1), letter(2), letter(3), letter(4), letter(5))
		if err := once(t.Context(), t, inMemory(t, server, transport.Relay{Age: 30 * time.Second}), o); err != nil {
			t.Fatal(err)
		}
		if got, want := connections(server), []int{1, 1, 1, 2, 2}; !slices.Equal(got, want) {
			t.Errorf("connections %v, want %v", got, want)
		}
		for n := range int64(5) {
			if a := o.attempt(t, n+1); a.Reply.Code != 250 {
				t.Errorf("letter %d: %s", n+1, a.Reply)
			}
		}
		endPolitely(t, server)
	})
}

// connections are those by which the letters came.
func connections(server *smtptest.Server) (numbers []int) {
	for _, l := range server.Letters() {
		numbers = append(numbers, l.Connection)
	}
	return numbers
}

// endPolitely fails the test unless each connection ended with a goodbye behind a letter.
func endPolitely(t *testing.T, server *smtptest.Server) {
	t.Helper()
	said := map[int][]string{}
	for _, e := range server.Events() {
		said[e.Connection] = append(said[e.Connection], e.Line)
	}
	for number, lines := range said {
		if !strings.HasSuffix(strings.Join(lines, " "), "DOT QUIT") {
			t.Errorf("connection %d: %q", number, lines)
		}
	}
}
