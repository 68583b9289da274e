package transport_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

func TestOpen_CarriesOverEveryKindOfConnection(t *testing.T) {
	users := map[string]string{"pandia": "s3cret"}
	tests := []struct {
		name   string
		script smtptest.Script
		relay  transport.Relay
		tls    bool
	}{
		{name: "plain", relay: transport.Relay{Security: transport.NoTLS}},
		{name: "STARTTLS is what nothing means", script: smtptest.Script{Extensions: []string{"STARTTLS"}}, tls: true},
		{name: "implicit TLS", script: smtptest.Script{TLS: true}, relay: transport.Relay{Security: transport.Implicit}, tls: true},
		{name: "AUTH PLAIN under STARTTLS",
			script: smtptest.Script{Extensions: []string{"STARTTLS", "AUTH LOGIN PLAIN"}, Users: users},
			relay:  transport.Relay{Security: transport.STARTTLS, User: "pandia", Password: "s3cret"}, tls: true},
		{name: "AUTH LOGIN under implicit TLS",
			script: smtptest.Script{TLS: true, Extensions: []string{"AUTH LOGIN"}, Users: users},
			relay:  transport.Relay{Security: transport.Implicit, User: "pandia", Password: "s3cret"}, tls: true},
		{name: "HELO where EHLO is unknown",
			script: smtptest.Script{Answers: map[string]smtptest.Answer{"EHLO": says("502 5.5.1 what?")}},
			relay:  transport.Relay{Security: transport.NoTLS}},
		{name: "a greeting of several lines, byte by byte",
			script: smtptest.Script{Answers: map[string]smtptest.Answer{"CONNECT": {Reply: "220-one\n220 two", Slow: time.Millisecond}}},
			relay:  transport.Relay{Security: transport.NoTLS}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.Start(t, tt.script)
			tt.relay.RootCAs, tt.relay.HELO = server.RootCAs(), "facteur.pandia.example"
			o := newOffice(letter(1), letter(2))
			if err := once(t.Context(), t, byTCP(t, server, tt.relay), o); err != nil {
				t.Fatal(err)
			}
			letters := server.Letters()
			if len(letters) != 2 {
				t.Fatalf("%d letters arrived", len(letters))
			}
			for i, got := range letters {
				want := letter(int64(i + 1))
				if got.From != want.Envelope.From || !slices.Equal(got.To, []string{want.Envelope.To}) || string(got.Content) != string(want.Content.Append(nil)) {
					t.Errorf("arrived: %+v", got)
				}
				if got.TLS != tt.tls || got.User != tt.relay.User {
					t.Errorf("TLS %t, user %q", got.TLS, got.User)
				}
				if a := o.attempt(t, want.Delivery); newsletter.Outcome(a.Stage, a.Reply) != newsletter.Sent || a.Ended.Before(a.Started) {
					t.Errorf("reported %+v", a)
				}
			}
			commands := server.Commands()
			if !slices.Contains(commands, "EHLO facteur.pandia.example") || commands[len(commands)-1] != "QUIT" {
				t.Errorf("commands: %q", commands)
			}
			if made, _ := server.Connections(); made != 1 {
				t.Errorf("%d connections", made)
			}
		})
	}
}

func TestOpen_SaysWhatIsWrong(t *testing.T) {
	login := transport.Relay{Security: transport.Implicit, User: "pandia", Password: "s3cret"}
	at := func(point string, a smtptest.Answer) map[string]smtptest.Answer {
		return map[string]smtptest.Answer{point: a}
	}
	starttls := []string{"STARTTLS"}
	tests := []struct {
		name     string
		script   smtptest.Script
		relay    transport.Relay
		stranger bool // the server's certificate is not trusted
		sockets  bool // what a pipe cannot: both sides write at once, or one is gone before the other sets its deadlines
		code     int
		words    string
	}{
		{name: "turned away", script: smtptest.Script{Answers: at("CONNECT", says("554 5.7.1 no service"))},
			relay: transport.Relay{Security: transport.NoTLS}, code: 554, words: "no service"},
		{name: "busy", script: smtptest.Script{Answers: at("CONNECT", goodbye)},
			relay: transport.Relay{Security: transport.NoTLS}, code: 421, words: "shutting down"},
		{name: "dropped", sockets: true, script: smtptest.Script{Answers: at("CONNECT", dropped)},
			relay: transport.Relay{Security: transport.NoTLS}, words: "EOF"},
		{name: "silent", script: smtptest.Script{Answers: at("CONNECT", hung)},
			relay: transport.Relay{Security: transport.NoTLS}, words: "5m0s"},
		{name: "silent to EHLO", script: smtptest.Script{Answers: at("EHLO", hung)},
			relay: transport.Relay{Security: transport.NoTLS}, words: "5m0s"},
		{name: "no greeting in TLS", script: smtptest.Script{Answers: at("CONNECT", hung)},
			relay: transport.Relay{Security: transport.Implicit}, words: "5m0s"},
		{name: "EHLO and HELO refused", script: smtptest.Script{Answers: map[string]smtptest.Answer{"EHLO": says("550 5.7.1 bad name"), "HELO": says("550 5.7.1 bad name")}},
			relay: transport.Relay{Security: transport.NoTLS}, code: 550, words: "bad name"},
		{name: "EHLO refused, then silence", script: smtptest.Script{Answers: map[string]smtptest.Answer{"EHLO": says("550 5.7.1 bad name"), "HELO": hung}},
			relay: transport.Relay{Security: transport.NoTLS}, code: 550, words: "bad name"},
		{name: "a greeting of lines without end", script: smtptest.Script{Answers: at("CONNECT", smtptest.Answer{Flood: true, Reply: "220-more\n"})},
			relay: transport.Relay{Security: transport.NoTLS}, words: "and was not ready for letters"},
		{name: "a greeting of one line without end", script: smtptest.Script{Answers: at("CONNECT", smtptest.Answer{Flood: true, Reply: "220 more"})},
			relay: transport.Relay{Security: transport.NoTLS}, words: "and was not ready for letters"},
		{name: "extensions without end under TLS", sockets: true, script: smtptest.Script{TLS: true, Answers: at("EHLO", smtptest.Answer{Flood: true, Reply: "250-SIZE\n"})},
			relay: transport.Relay{Security: transport.Implicit}, words: "and was not ready for letters"},
		{name: "a refusal for the terminal", script: smtptest.Script{Answers: at("CONNECT", says("554-\x1b]0;owned\x07\n554 5.7.1 \x1b[31mno service"))},
			relay: transport.Relay{Security: transport.NoTLS}, code: 554, words: "no service"},
		{name: "a greeting for the terminal", script: smtptest.Script{Answers: at("CONNECT", says("\x1b]0;owned\x07 \x1b[31mno\u202e\xff service"))},
			relay: transport.Relay{Security: transport.NoTLS}, words: "owned"},
		{name: "a greeting longer than is kept", script: smtptest.Script{Answers: at("CONNECT", says("554 "+strings.Repeat("no ", 9999)))},
			relay: transport.Relay{Security: transport.NoTLS}, code: 554, words: "no no"},
		{name: "STARTTLS not offered", words: "does not offer STARTTLS"},
		{name: "STARTTLS hidden by refusing EHLO", script: smtptest.Script{Extensions: starttls, Answers: at("EHLO", says("502 no"))},
			words: "does not offer STARTTLS"},
		{name: "STARTTLS refused", script: smtptest.Script{Extensions: starttls, Answers: at("STARTTLS", says("454 4.7.0 no TLS today"))},
			code: 454, words: "no TLS today"},
		{name: "garbage after STARTTLS", sockets: true, script: smtptest.Script{Extensions: starttls, Answers: at("STARTTLS", says("220 go\n"+strings.Repeat("x", 1<<16)))},
			words: "tls:"},
		{name: "lost in STARTTLS", script: smtptest.Script{Extensions: starttls, Answers: at("STARTTLS", smtptest.Answer{Reply: "220 go", Close: true})},
			words: "STARTTLS"},
		{name: "an unknown certificate", sockets: true, script: smtptest.Script{Extensions: starttls}, stranger: true, words: "certificate"},
		{name: "an unknown certificate in implicit TLS", sockets: true, script: smtptest.Script{TLS: true}, relay: transport.Relay{Security: transport.Implicit}, stranger: true, words: "certificate"},
		{name: "another's certificate", sockets: true, script: smtptest.Script{Extensions: starttls}, relay: transport.Relay{Host: "autre.example"}, words: "not autre.example"},
		{name: "wrong password", script: smtptest.Script{TLS: true, Extensions: []string{"AUTH PLAIN"}}, relay: login, code: 535, words: "wrong user or password"},
		{name: "login put off", script: smtptest.Script{TLS: true, Extensions: []string{"AUTH PLAIN"}, Answers: at("AUTH", says("454 4.7.0 later"))},
			relay: login, code: 454, words: "later"},
		{name: "no login offered", script: smtptest.Script{TLS: true}, relay: login, words: "offers no login"},
		{name: "no known login offered", script: smtptest.Script{TLS: true, Extensions: []string{"AUTH GSSAPI"}}, relay: login, words: "GSSAPI"},
		{name: "only open logins without TLS", script: smtptest.Script{Extensions: []string{"AUTH PLAIN LOGIN"}},
			relay: transport.Relay{Security: transport.NoTLS, User: "pandia", Password: "s3cret"}, words: "without TLS"},
	}
	for _, tt := range tests {
		run := func(t *testing.T) {
			server := smtptest.Start(t, tt.script)
			if tt.relay.Security == "" {
				tt.relay.Security = transport.STARTTLS
			}
			if !tt.stranger {
				tt.relay.RootCAs = server.RootCAs()
			}
			way := inMemory(t, server, tt.relay)
			if tt.sockets {
				way = underTheName(t, server, tt.relay)
			}
			_, err := way.Open(t.Context())
			if err == nil {
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.words) || !strings.Contains(err.Error(), "relay") {
				t.Errorf("error: %v", err)
			}
			if text := err.Error(); len(text) > 1200 || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("not for a terminal, in %d bytes: %q", len(text), text[:min(len(text), 200)])
			}
			if flooded := server.Flooded(); flooded > 16<<20 {
				t.Errorf("listened to %d bytes", flooded)
			}
			if code := codeOf(err); code != tt.code {
				t.Errorf("code %d, want %d: %v", code, tt.code, err)
			}
			if tt.sockets {
				return
			}
			synctest.Wait()
			if _, open := server.Connections(); open != 0 {
				t.Errorf("%d connections were left open", open)
			}
		}
		t.Run(tt.name, func(t *testing.T) {
			if tt.sockets {
				run(t)
				return
			}
			synctest.Test(t, run)
		})
	}
}

// underTheName leads to server over a real socket, under the name that relay has.
func underTheName(t *testing.T, server *smtptest.Server, relay transport.Relay) *transport.SMTP {
	t.Helper()
	host, port := server.Listen(t)
	relay.Host = cmp.Or(relay.Host, smtptest.Host)
	relay.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(host, strconv.Itoa(port)))
	}
	return newSMTP(t, relay)
}

// Without TLS no form of the password goes out, whatever the server offers (RFC 4954 §4), not even to this machine.
func TestOpen_NeverShowsThePassword(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: []string{"AUTH PLAIN LOGIN"}})
	way := byTCP(t, server, transport.Relay{Security: transport.NoTLS, User: "pandia", Password: "s3cret"})
	if _, err := way.Open(t.Context()); err == nil {
		t.Fatal("opened")
	}
	for _, command := range server.Commands() {
		if strings.HasPrefix(command, "AUTH") || strings.Contains(command, base64.StdEncoding.EncodeToString([]byte("s3cret"))) {
			t.Errorf("sent %q", command)
		}
	}
}

// What a third party slips in behind the answer to STARTTLS is thrown away with it (RFC 3207 §6).
func TestOpen_ForgetsWhatCameBeforeTLS(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Extensions: []string{"STARTTLS"},
		Answers: map[string]smtptest.Answer{"STARTTLS": says("220 go\n250-evil.example\n250 SIZE 1")}})
	o := newOffice(letter(1))
	way := inMemory(t, server, transport.Relay{Security: transport.STARTTLS, RootCAs: server.RootCAs()})
	if err := once(t.Context(), t, way, o); err != nil {
		t.Fatal(err)
	}
	if a := o.attempt(t, 1); a.Reply.Code != 250 {
		t.Errorf("reported %s", a.Reply)
	}
}

func TestOpen_StopsWithItsContext(t *testing.T) {
	for _, point := range []string{"CONNECT", "EHLO", "STARTTLS", "AUTH"} {
		t.Run(point, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := smtptest.Start(t, smtptest.Script{
					Extensions: []string{"STARTTLS", "AUTH PLAIN"},
					Answers:    map[string]smtptest.Answer{point: hung},
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				began := time.Now()
				way := inMemory(t, server, transport.Relay{Security: transport.STARTTLS, RootCAs: server.RootCAs(), User: "pandia", Password: "x"})
				_, err := way.Open(ctx)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error: %v", err)
				}
				if waited := time.Since(began); waited != time.Second {
					t.Errorf("waited %s", waited)
				}
			})
		})
	}
}

func TestOpen_NoOneThere(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = newSMTP(t, transport.Relay{Host: "127.0.0.1", Port: address.Port}).Open(t.Context())
	if err == nil || !strings.Contains(err.Error(), address.String()) {
		t.Errorf("error: %v", err)
	}
	if _, answered := errors.AsType[*textproto.Error](err); answered {
		t.Error("nobody answered")
	}
}

func TestNewSMTP_RefusesWhatCannotWork(t *testing.T) {
	for _, relay := range []transport.Relay{{}, {Host: "relay.example", Security: "ssl"}} {
		if _, err := transport.NewSMTP(relay); err == nil {
			t.Errorf("accepted %+v", relay)
		}
	}
}

// codeOf is that of the answer in an error's chain; 0: there is none.
func codeOf(err error) int {
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		return answer.Code
	}
	return 0
}
