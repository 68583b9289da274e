package letter

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A copy has the octets that go-mail composes for its reader, wherever a line breaks: within a value, before it or behind it.
func TestCopiesAreAsComposed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, language := range []string{"fr", "en"} {
		for i := range 300 {
			l := readersOwn(t, language, strings.Repeat("é", i%7)+strings.Repeat("x", i%80), "\n")
			for range 3 {
				r := anybody(random)
				got := octets(t, l, r)
				if want := composed(t, l, r); !bytes.Equal(got, want) {
					t.Fatalf("%s, %d characters before: the copy is\n%s\nand go-mail composes\n%s", language, i, got, want)
				}
			}
		}
	}
}

// No line begins with "From " (RFC 2049 §3), whatever a reader's token ends with, and what is read stays the same.
func TestNoValueBeginsAnotherMessage(t *testing.T) {
	risked := 0
	for i := range 80 {
		l := readersOwn(t, "fr", strings.Repeat("x", i), " ")
		r := anybody(rand.New(rand.NewPCG(3, 4)))
		for p := range r.Tokens {
			r.Tokens[p] = strings.Repeat("x", token.Len-len("From")) + "From"
		}
		got := octets(t, l, r)
		_, body, _ := bytes.Cut(got, []byte("\r\n\r\n"))
		for line := range bytes.Lines(body) {
			if bytes.HasPrefix(line, []byte("From ")) || len(line) > maxEncoded+len("\r\n") {
				t.Errorf("%d characters before: the line %q", i, line)
			}
		}
		want := composed(t, l, r)
		if !bytes.Equal(got, want) {
			risked++
		}
		if diff := unquoted(t, got); diff != unquoted(t, want) {
			t.Errorf("%d characters before: read as\n%s", i, diff)
		}
	}
	if risked == 0 {
		t.Error("no line began with the end of a token")
	}
}

// A dot behind a value begins no line, although the value does.
func TestCopy_ADotBehindAValue(t *testing.T) {
	octets(t, readersOwn(t, "fr", "\n", ".\n"), anybody(rand.New(rand.NewPCG(5, 6))))
}

// octets are a reader's message, which goes on the wire as any message does.
func octets(t *testing.T, l *Letter, r Reader) []byte {
	t.Helper()
	message, err := l.Copy(r)
	if err != nil {
		t.Fatal(err)
	}
	whole := Octets(message.Append(nil))
	got, err := stuffed(message)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := stuffed(whole); err != nil || !bytes.Equal(got, want) || message.Len() != len(whole) {
		t.Fatalf("%v: %d octets go on the wire as\n%s\nnot as\n%s", err, message.Len(), got, want)
	}
	return whole
}

// stuffed is a message as it goes on the wire, behind something else.
func stuffed(m newsletter.Message) ([]byte, error) {
	pieces, _, err := m.AppendStuffed([][]byte{[]byte("before")}, []byte("others"))
	return bytes.Join(pieces, nil), err
}

// readersOwn is an edition whose parts have before in front of each value, and after behind it.
func readersOwn(t testing.TB, language, before, after string) *Letter {
	t.Helper()
	f := Frame{Newsletter: newsletter.Newsletter{Name: "hebdo", Title: "La lettre", Language: language, ListID: "hebdo.example"}, Number: 7, WebURL: "https://lettre.example"}
	f.Newsletter.Sender.Address = "lettre@pandia.example"
	l := &Letter{frame: f}
	part := before + token.Placeholder(token.Leave) + after + before + l.dayPlaceholder() + after + before + token.Placeholder(token.Preferences) + after
	l, err := New(f, newsletter.Variant{Kind: newsletter.KindEdition, Subject: "Objet", Text: part, HTML: "<p>" + part})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func anybody(random *rand.Rand) Reader {
	at := time.Unix(random.Int64N(4e9), 0)
	r := Reader{
		Address:   strings.Repeat("a", 1+random.IntN(60)) + "@" + strings.Repeat("b", 1+random.IntN(60)) + ".example",
		MessageID: fmt.Sprintf("%d@%s.example", random.Int64(), strings.Repeat("c", 1+random.IntN(30))), Date: at, Consent: at.AddDate(0, 0, -random.IntN(9999)),
		Tokens: map[token.Purpose]string{},
	}
	for _, p := range []token.Purpose{token.Leave, token.Preferences} {
		var signed strings.Builder
		for range token.Len {
			signed.WriteByte("ABCXYZabcxyz0189-_"[random.IntN(18)])
		}
		r.Tokens[p] = signed.String()
	}
	return r
}

func composed(t *testing.T, l *Letter, r Reader) []byte {
	t.Helper()
	message, err := compose(l.message(&netmail.Address{Address: r.Address}, r))
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func unquoted(t *testing.T, message []byte) string {
	t.Helper()
	_, body, _ := bytes.Cut(message, []byte("\r\n\r\n"))
	read, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	return string(read)
}
