package smtptest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"

	"facteur/internal/smtptest"
)

// startSink sets a sink going that ends with the test, and returns where it listens.
func startSink(t testing.TB, faults smtptest.Faults) (*smtptest.Sink, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sink := smtptest.NewSink(faults)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- sink.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return sink, l.Addr().String()
}

func dialSink(t *testing.T, address string) *smtp.Client {
	t.Helper()
	client, err := smtp.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

const letter = "Subject: a\r\nMessage-ID: <%s@site.example>\r\n\r\n.\r\nText\r\n"

func TestSink_CountsCopies(t *testing.T) {
	sink, address := startSink(t, smtptest.Faults{})
	client := dialSink(t, address)
	for _, l := range []struct{ to, content string }{
		{"once", fmt.Sprintf(letter, "1")},
		{"same", fmt.Sprintf(letter, "2")},
		{"same", "message-id:\r\n <2@site.example>\r\nSubject: folded, and another case\r\n\r\n"},
		{"same", fmt.Sprintf(letter, "2")},
		{"other", fmt.Sprintf(letter, "3")},
		{"other", fmt.Sprintf(letter, "4")},
		{"nameless", "Subject: a\r\n\r\nMessage-ID: <5@site.example>, but in the text\r\n"},
		{"nameless", "Subject: a\r\n\r\n"},
		{"empty", ""},
	} {
		if err := send(client, l.to+"@lecteurs.example", l.content); err != nil {
			t.Fatal(err)
		}
	}
	for to, want := range map[string]smtptest.Copies{
		"once": {Number: 1}, "same": {Number: 3}, "other": {Number: 2, Strange: 1}, "nameless": {Number: 2, Strange: 1}, "empty": {Number: 1}, "nobody": {},
	} {
		if got := sink.Copies(to + "@lecteurs.example"); got != want {
			t.Errorf("%s got %+v, want %+v", to, got, want)
		}
	}
	r := sink.Report()
	r.Took, r.Bytes = 0, 0
	if want := (smtptest.Report{Letters: 9, Connections: 1, Recipients: 5, Once: 2, More: 3, Extra: 4, Strange: 2}); r != want {
		t.Errorf("report %+v, want %+v", r, want)
	}
}

// Commands that come together are answered in their order (RFC 2920), and so are chunks in the middle of them (RFC 3030).
func TestSink_Pipelining(t *testing.T) {
	sink, address := startSink(t, smtptest.Faults{})
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	text := textproto.NewConn(conn)
	content := fmt.Sprintf(letter, "1")
	chunks := fmt.Sprintf("BDAT %d\r\n%sBDAT %d LAST\r\n%s", 20, content[:20], len(content)-20, content[20:])
	_, err = io.WriteString(conn, "EHLO a.example\r\n"+
		"MAIL FROM:<a@site.example> BODY=8BITMIME\r\nRCPT TO:<lea@lecteurs.example>\r\n"+chunks+
		"MAIL FROM:<>\r\nRCPT TO:<lea@lecteurs.example>\r\nDATA\r\n"+strings.ReplaceAll(content, "\r\n.", "\r\n..")+".\r\n"+ // pipelined against RFC 2920 §3.1, and taken
		"BDAT 3 LAST\r\nabc"+"RSET\r\nWHAT\r\nDATA\r\nMAIL x\r\nRCPT TO:<a@b.example>\r\nNOOP\nQUIT\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, code := range []int{220, 250, 250, 250, 250, 250, 250, 250, 354, 250, 503, 250, 500, 503, 501, 503, 500, 221} {
		if _, _, err := text.ReadResponse(code); err != nil {
			t.Fatalf("reply %d: %v", i, err)
		}
	}
	if got := sink.Copies("lea@lecteurs.example"); got != (smtptest.Copies{Number: 2}) {
		t.Errorf("Léa got %+v: by BDAT and by DATA the same letter should be the same", got)
	}
}

// A letter that comes in pieces, whose ends fall anywhere, is the letter.
func TestSink_Pieces(t *testing.T) {
	sink, address := startSink(t, smtptest.Faults{})
	client := dialSink(t, address)
	whole := fmt.Sprintf(letter, "1")
	for cut := range len(whole) {
		if err := errors.Join(client.Mail("a@site.example"), client.Rcpt("lea@lecteurs.example")); err != nil {
			t.Fatal(err)
		}
		w, err := client.Data()
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(w, whole[:cut])
		err = errors.Join(err, client.Text.W.Flush())
		_, bad := io.WriteString(w, whole[cut:])
		if err := errors.Join(err, bad, w.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if got := sink.Copies("lea@lecteurs.example"); got != (smtptest.Copies{Number: len(whole)}) {
		t.Errorf("Léa got %+v of %d", got, len(whole))
	}
}

func TestSink_Faults(t *testing.T) {
	const many = 200
	for name, test := range map[string]struct {
		faults      smtptest.Faults
		taken, told int // letters, all or none; and the code that the client is told, 0 for a lost connection
	}{
		"later":       {smtptest.Faults{Later: 1}, 0, 451},
		"later dot":   {smtptest.Faults{LaterDot: 1}, 0, 451},
		"no mailbox":  {smtptest.Faults{NoMailbox: 1}, 0, 550},
		"drop before": {smtptest.Faults{DropBefore: 1}, 0, 0},
		"drop after":  {smtptest.Faults{DropAfter: 1}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			sink, address := startSink(t, test.faults)
			err := send(dialSink(t, address), "lea@lecteurs.example", strings.Repeat("a\r\n", 100))
			refusal, refused := errors.AsType[*textproto.Error](err)
			if err == nil || refused != (test.told > 0) || refused && refusal.Code != test.told {
				t.Errorf("told %v", err)
			}
			if sink.Letters() != test.taken {
				t.Errorf("%d letters were taken", sink.Letters())
			}
		})
	}
	t.Run("a share", func(t *testing.T) {
		sink, address := startSink(t, smtptest.Faults{NoMailbox: 0.5})
		client, known := dialSink(t, address), map[string]bool{}
		for i := range 2 * many {
			to := fmt.Sprintf("r%d@lecteurs.example", i%many)
			err := send(client, to, "a\r\n")
			if i >= many && (err == nil) != known[to] {
				t.Fatalf("%s has a mailbox at times", to)
			}
			known[to] = err == nil
		}
		if n := sink.Report().Recipients; n < many/4 || n > 3*many/4 {
			t.Errorf("%d of %d have a mailbox", n, many)
		}
	})
	t.Run("limits", func(t *testing.T) {
		_, address := startSink(t, smtptest.Faults{Letters: 1, Connections: 1})
		client := dialSink(t, address)
		if err := send(client, "lea@lecteurs.example", "a\r\n"); err != nil {
			t.Fatal(err)
		}
		_, err := smtp.Dial(address)
		for what, err := range map[string]error{"a second connection": err, "a second letter": client.Mail("a@site.example")} {
			if refusal, refused := errors.AsType[*textproto.Error](err); !refused || refusal.Code != 421 {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestSink_Reached(t *testing.T) {
	sink, address := startSink(t, smtptest.Faults{})
	two, one, again := sink.Reached(2), sink.Reached(1), sink.Reached(2)
	client := dialSink(t, address)
	for range 2 {
		if err := send(client, "lea@lecteurs.example", "a\r\n"); err != nil {
			t.Fatal(err)
		}
		<-one // closed for good
		select {
		case <-two:
			if sink.Letters() != 2 {
				t.Error("told too early")
			}
		default:
			if sink.Letters() == 2 {
				t.Error("not told before the reply")
			}
		}
	}
	<-again
	<-sink.Reached(1)
}

// Whatever comes, the sink answers or hangs up, and counts only what a transaction brought.
func FuzzSink(f *testing.F) {
	f.Add([]byte("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\nMessage-ID: <1>\r\n\r\n.\r\nQUIT\r\n"))
	f.Add([]byte("MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nBDAT 2\r\n\r\nBDAT 0 LAST\r\nRSET\r\n"))
	f.Add([]byte("MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n.\r\n.\r\n\r\n.\r\n"))
	f.Add([]byte("BDAT 99999999999999999999 LAST\r\nBDAT\nrcpt TO:<\r\n\r\n \r\n"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		sink, address := startSink(t, smtptest.Faults{})
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			_, _ = conn.Write(sent)
			_ = conn.(*net.TCPConn).CloseWrite()
		}()
		given := map[string]int{}
		replies := bufio.NewScanner(conn)
		for replies.Scan() {
			line := replies.Text()
			if len(line) < 4 || line[0] < '2' || line[0] > '5' {
				t.Fatalf("no reply: %q", line)
			}
			given[line]++
		}
		_ = conn.Close()
		if r := sink.Report(); r.Letters > given["250 2.0.0 OK"] || r.Recipients+r.Extra > given["250 2.1.5 OK"] || r.Letters > r.Recipients+r.Extra {
			t.Fatalf("counted %+v, replied %v", r, given)
		}
	})
}
