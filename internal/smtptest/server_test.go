package smtptest_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"

	"facteur/internal/smtptest"
)

// dial takes a client that is not ours to server.
func dial(t *testing.T, server *smtptest.Server) *smtp.Client {
	t.Helper()
	host, port := server.Listen(t)
	client, err := smtp.Dial(net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func send(client *smtp.Client, to, content string) error {
	if err := client.Mail("redaction@pandia.example"); err != nil {
		return err
	}
	if err := client.Rcpt(to); err != nil {
		return errors.Join(err, client.Reset())
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, content)
	return errors.Join(err, w.Close())
}

func TestServer_Obeys(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{
		Extensions: []string{"STARTTLS", "AUTH PLAIN", "8BITMIME"},
		Users:      map[string]string{"pandia": "s3cret"},
	})
	client := dial(t, server)
	if err := client.StartTLS(&tls.Config{ServerName: smtptest.Host, RootCAs: server.RootCAs(), MinVersion: tls.VersionTLS12}); err != nil {
		t.Fatal(err)
	}
	if again, _ := client.Extension("STARTTLS"); again {
		t.Error("STARTTLS is offered under TLS")
	}
	if err := client.Auth(smtp.PlainAuth("", "pandia", "s3cret", "127.0.0.1")); err != nil {
		t.Fatal(err)
	}
	content := "Subject: a\r\n\r\n.\r\n..b\r\n"
	if err := errors.Join(send(client, "lea@lecteurs.example", content), client.Quit()); err != nil {
		t.Fatal(err)
	}
	letters := server.Letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	got := letters[0]
	if !got.TLS || got.User != "pandia" || got.Connection != 1 || got.At.IsZero() || got.Parameters != "BODY=8BITMIME" ||
		got.From != "redaction@pandia.example" || !slices.Equal(got.To, []string{"lea@lecteurs.example"}) || string(got.Content) != content {
		t.Errorf("letter: %+v", got)
	}
}

func TestServer_RepliesAsTold(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{
		"lea@lecteurs.example":     {Reply: "550-5.1.1 no\n550 5.1.1 Léa"},
		"RCPT":                     {Reply: "450 4.2.0 later", Times: 2},
		"DOT noe@lecteurs.example": {Reply: "554 5.7.1 no"},
	}})
	client := dial(t, server)
	var codes []string
	for _, name := range []string{"lea", "max", "max", "max", "lea", "noe"} {
		err := send(client, name+"@lecteurs.example", "a\r\n")
		code := "250"
		if refusal, refused := errors.AsType[*textproto.Error](err); refused {
			code = strconv.Itoa(refusal.Code)
		} else if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	if want := []string{"550", "450", "450", "250", "550", "554"}; !slices.Equal(codes, want) {
		t.Errorf("codes %q, want %q", codes, want)
	}
	if n := len(server.Letters()); n != 1 {
		t.Errorf("%d letters were kept", n)
	}
	server.Answer("lea@lecteurs.example", smtptest.Answer{})
	if err := send(client, "lea@lecteurs.example", "a\r\n"); err != nil {
		t.Error(err)
	}
}

// A server that drops the connection after the dot has the letter; before the dot it has not.
func TestServer_Drops(t *testing.T) {
	for point, want := range map[string]int{"CONTENT": 0, "DOT": 1, "DATA": 0, "MAIL": 0} {
		server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{point: {Drop: true}}})
		if err := send(dial(t, server), "lea@lecteurs.example", "a\r\n"); err == nil {
			t.Errorf("%s: no error", point)
		}
		if n := len(server.Letters()); n != want {
			t.Errorf("%s: %d letters, want %d", point, n, want)
		}
	}
}

func TestServer_KeepsTheOrderOfCommands(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{})
	conn, err := server.Dial(t.Context(), "tcp", "anywhere:25")
	if err != nil {
		t.Fatal(err)
	}
	text := textproto.NewConn(conn)
	for _, turn := range []struct {
		command string
		code    int
	}{
		{"", 220}, {"RCPT TO:<a@b.example>", 503}, {"DATA", 503}, {"MAIL FROM:a@b.example", 501}, {"MAIL FROM:<>", 250},
		{"MAIL FROM:<>", 503}, {"DATA", 503}, {"RCPT a@b.example", 501}, {"RSET", 250}, {"RCPT TO:<a@b.example>", 503},
		{"AUTH GSSAPI", 504}, {"AUTH PLAIN AAAA", 535}, {"WHAT", 500}, {"NOOP", 250}, {"QUIT", 221},
	} {
		if turn.command != "" {
			if err := text.PrintfLine("%s", turn.command); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := text.ReadResponse(turn.code); err != nil {
			t.Errorf("%q: %v", turn.command, err)
		}
	}
	if _, err := text.ReadLine(); !errors.Is(err, io.EOF) {
		t.Errorf("after QUIT: %v", err)
	}
	heard := strings.Join(server.Commands(), "|")
	if !strings.HasPrefix(heard, "RCPT TO:<a@b.example>|DATA|") || !strings.HasSuffix(heard, "|QUIT") {
		t.Errorf("heard %s", heard)
	}
	if made, open := server.Connections(); made != 1 || open > 1 {
		t.Errorf("%d connections, %d open", made, open)
	}
}

// A flood ends when the client has had enough, and is counted.
func TestServer_Floods(t *testing.T) {
	server := smtptest.Start(t, smtptest.Script{Answers: map[string]smtptest.Answer{"NOOP": {Flood: true, Reply: "250-more\n"}}})
	client := dial(t, server)
	if _, err := client.Text.Cmd("NOOP"); err != nil {
		t.Fatal(err)
	}
	for range 10000 {
		if line, err := client.Text.ReadLine(); err != nil || line != "250-more" {
			t.Fatalf("%q, %v", line, err)
		}
	}
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	if n := server.Flooded(); n < 10000 {
		t.Errorf("%d bytes are counted", n)
	}
}
