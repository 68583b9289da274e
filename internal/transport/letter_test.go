package transport_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	letters "facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

func TestCarry_KnowsWhatTheServerCannotTake(t *testing.T) {
	long := letters.Octets(bytes.Repeat([]byte("0123456789\r\n"), 100))
	tests := []struct {
		name       string
		extensions []string
		change     func(*newsletter.Parcel)
		code       int
		enhanced   string
		parameters string // of MAIL, when it goes
	}{
		{"nothing offered, nothing asked", nil, func(p *newsletter.Parcel) {}, 250, "2.0.0", ""},
		{"nothing needed", []string{"SMTPUTF8", "8BITMIME"}, func(p *newsletter.Parcel) {}, 250, "2.0.0", ""},
		{"size told", []string{"SIZE 1200"}, func(p *newsletter.Parcel) { p.Content = long }, 250, "2.0.0", "SIZE=1200"},
		{"size without limit", []string{"SIZE"}, func(p *newsletter.Parcel) { p.Content = long }, 250, "2.0.0", "SIZE=1200"},
		{"size 0 is no limit", []string{"SIZE 0"}, func(p *newsletter.Parcel) { p.Content = long }, 250, "2.0.0", "SIZE=1200"},
		{"dots that stuffing adds do not count", []string{"SIZE 10"}, func(p *newsletter.Parcel) { p.Content = letters.Octets("..\r\n...\r\n\r") }, 554, "5.6.0", ""},
		{"too large", []string{"SIZE 1199"}, func(p *newsletter.Parcel) { p.Content = long }, 552, "5.3.4", ""},
		{"é where it is welcome", []string{"SMTPUTF8"}, func(p *newsletter.Parcel) { p.Envelope.To = "zoé@lecteurs.example" }, 250, "2.0.0", "SMTPUTF8"},
		{"é where it is not", nil, func(p *newsletter.Parcel) { p.Envelope.To = "zoé@lecteurs.example" }, 553, "5.6.7", ""},
		{"é in the return path", nil, func(p *newsletter.Parcel) { p.Envelope.From = "zoé@pandia.example" }, 550, "5.6.7", ""},
		{"é where eight bits are welcome, too", []string{"SMTPUTF8", "8BITMIME"}, func(p *newsletter.Parcel) { p.Envelope.To = "zoé@lecteurs.example" }, 250, "2.0.0", "SMTPUTF8"},
		{"the null return path", []string{"DSN"}, func(p *newsletter.Parcel) { p.Envelope.From = "" }, 250, "2.0.0", ""},
		{"reports", []string{"DSN", "SIZE"}, func(p *newsletter.Parcel) { p.Content = long }, 250, "2.0.0", "SIZE=1200 RET=HDRS ENVID=hebdo-1-1"},
		{"reports about a long name", []string{"DSN"}, func(p *newsletter.Parcel) { p.Name = strings.Repeat("x", 101) }, 250, "2.0.0", "RET=HDRS"},
		{"nobody", nil, func(p *newsletter.Parcel) { p.Envelope.To = "" }, 501, "5.1.3", ""},
		{"a recipient with a line end", nil, func(p *newsletter.Parcel) { p.Envelope.To = "a@b.example>\r\nDATA" }, 501, "5.1.3", ""},
		{"a recipient with a bracket", nil, func(p *newsletter.Parcel) { p.Envelope.To = "a>@b.example" }, 501, "5.1.3", ""},
		{"a recipient with a space", nil, func(p *newsletter.Parcel) { p.Envelope.To = "a@b.example NOTIFY=NEVER" }, 501, "5.1.3", ""},
		{"a return path with a line feed", nil, func(p *newsletter.Parcel) { p.Envelope.From = "a\n@b.example" }, 501, "5.1.7", ""},
		{"a line feed alone", nil, func(p *newsletter.Parcel) { p.Content = letters.Octets("a\n.\r\nMAIL FROM:<>\r\n") }, 554, "5.6.0", ""},
		{"a carriage return alone", nil, func(p *newsletter.Parcel) { p.Content = letters.Octets("a\r.\r\r\n") }, 554, "5.6.0", ""},
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

// Every content whose lines end in CRLF arrives as it was given, dots and strange bytes included (RFC 5321 §4.5.2).
func TestCarry_ContentArrivesUnchanged(t *testing.T) {
	for _, offers := range [][]string{nil, {"PIPELINING", "CHUNKING"}} {
		t.Run(fmt.Sprint(offers), func(t *testing.T) { contentArrivesUnchanged(t, offers) })
	}
}

func contentArrivesUnchanged(t *testing.T, offers []string) {
	server := smtptest.Start(t, smtptest.Script{Extensions: offers})
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
		p.Content = letters.Octets(strings.Join(append(lines, ""), "\r\n"))
		before := len(server.Letters())
		if err := once(t.Context(), t, way, newOffice(p)); err != nil {
			rt.Fatal(err)
		}
		letters := server.Letters()
		if len(letters) != before+1 || !bytes.Equal(letters[before].Content, p.Content.Append(nil)) {
			rt.Fatalf("sent %q, %d letters arrived", p.Content, len(letters)-before)
		}
	})
}

// A server that knows DSN is asked for reports of failures alone; others are asked nothing, and nobody is where nobody could be told.
func TestCarry_AsksForReports(t *testing.T) {
	for _, together := range []string{"SIZE", "PIPELINING"} {
		for _, tt := range []struct{ offer, from, rcpt string }{
			{"DSN", "retour@pandia.example", "RCPT TO:<1@lecteurs.example> NOTIFY=FAILURE"},
			{"DSN", "", "RCPT TO:<1@lecteurs.example>"},
			{"8BITMIME", "retour@pandia.example", "RCPT TO:<1@lecteurs.example>"},
		} {
			server := smtptest.Start(t, smtptest.Script{Extensions: []string{together, tt.offer}})
			p := letter(1)
			p.Envelope.From = tt.from
			if err := once(t.Context(), t, byTCP(t, server, transport.Relay{Security: transport.NoTLS}), newOffice(p)); err != nil {
				t.Fatal(err)
			}
			if commands := server.Commands(); commands[2] != tt.rcpt || len(server.Letters()) != 1 {
				t.Errorf("%s for %q: %q", tt.offer, tt.from, commands)
			}
		}
	}
}
