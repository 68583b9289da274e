package letter_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/token"
	"facteur/internal/typography"
)

// personal puts what is a reader's own into a part.
func personal(part string, r letter.Reader, lang string) string {
	for p, signed := range r.Tokens {
		part = strings.ReplaceAll(part, token.Placeholder(p), signed)
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	day := typography.Day(r.Consent.In(zone), lang)
	return strings.ReplaceAll(part, token.DayPlaceholder(len(day)), day)
}

func TestCopiesDifferOnlyInTheirSlots(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			l, err := letter.New(g.frame, g.variant)
			if err != nil {
				t.Fatal(err)
			}
			one := g.reader
			two := letter.Reader{
				Address: "a@example.org", MessageID: "hebdo-42.18.1@pandia.example", Date: one.Date.Add(time.Hour),
				Tokens: tokensOf("u-From-From-From-From-From-From-From-From-From-From-From"), Consent: one.Consent.AddDate(-10, 8, 14),
			}
			first, second := mustCopy(t, l, one), mustCopy(t, l, two)
			if again := mustCopy(t, l, one); !bytes.Equal(first, again) {
				t.Error("the same reader's copy has other bytes the second time")
			}
			differ(t, g, first, second)
		})
	}
}

// differ compares the copies of two readers, octet by octet.
func differ(t *testing.T, g golden, first, second []byte) {
	t.Helper()
	one, two := parse(t, first).Header, parse(t, second).Header
	slots := []string{"To", "Message-Id", "Date"}
	if isList(g) {
		slots = append(slots, "List-Unsubscribe")
	}
	for _, slot := range slots {
		if cmp.Equal(one[slot], two[slot]) {
			t.Errorf("%s is the same for both readers: %q", slot, one[slot])
		}
		delete(one, slot)
		delete(two, slot)
	}
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("other fields differ:\n%s", diff)
	}
	_, firstBody, _ := bytes.Cut(first, []byte("\r\n\r\n"))
	_, secondBody, _ := bytes.Cut(second, []byte("\r\n\r\n"))
	if len(firstBody) != len(secondBody) {
		t.Fatalf("bodies have %d and %d octets", len(firstBody), len(secondBody))
	}
	differing, own := 0, 0
	for i := range firstBody {
		if firstBody[i] != secondBody[i] {
			differing++
		}
	}
	for _, part := range []string{g.variant.Text, g.variant.HTML} {
		own += token.Len*strings.Count(part, token.TokenMark) + len("24 Nov 2026")*strings.Count(part, token.DayMark)
	}
	if differing > own || (own > 0 && differing < own/2) {
		t.Errorf("%d octets of the bodies differ, and %d are a reader's own", differing, own)
	}
}

func mustCopy(t testing.TB, l *letter.Letter, r letter.Reader) []byte {
	t.Helper()
	message, err := l.Copy(r)
	if err != nil {
		t.Fatal(err)
	}
	return message.Append(nil)
}

// listFields are the fields that only a list has, and want what a letter of hebdo says there.
var listFields = map[string]string{
	"List-Id":               `"La lettre de PandIA" <hebdo.lettre.pandia.example>`,
	"List-Unsubscribe":      "<https://lettre.pandia.example/u/" + readersToken + ">",
	"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	"List-Help":             "<https://lettre.pandia.example/>",
	"List-Subscribe":        "<https://lettre.pandia.example/inscription>",
	"List-Post":             "NO",
	"List-Owner":            "<mailto:redaction@pandia.example>",
	"List-Archive":          "<https://lettre.pandia.example/archives/hebdo>",
}

func TestListFields(t *testing.T) {
	n := hebdo(t)
	v := rendered(t, n, content(t))
	proof, notice := v, v
	proof.Kind, notice.Kind = newsletter.KindProof, newsletter.KindNotice
	tests := []struct {
		name    string
		frame   letter.Frame
		variant newsletter.Variant
		list    bool
	}{
		{"edition", frame(n, 42), v, true}, {"proof", frame(n, 42), proof, true}, {"notice", frame(n, 0), notice, false},
	}
	r := renderer(t)
	for _, kind := range newsletter.LetterKinds() {
		list := kind == newsletter.LetterWelcome || kind == newsletter.LetterAlready || kind == newsletter.LetterKeep
		tests = append(tests, struct {
			name    string
			frame   letter.Frame
			variant newsletter.Variant
			list    bool
		}{string(kind), singleFrame(n, kind), single(t, r, kind, n), list})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := parse(t, copyOf(t, test.frame, test.variant, reader(t))).Header
			want := map[string]string{"Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "", "Feedback-ID": "", "Precedence": ""}
			if test.frame.Number != 0 {
				want["Auto-Submitted"], want["Feedback-ID"], want["Precedence"] = "", "hebdo-42:hebdo:edition:pandia", "bulk"
			}
			for name, value := range listFields {
				want[name] = ""
				if test.list {
					want[name] = value
				}
			}
			for name, value := range want {
				if got := strings.Join(h[textproto.CanonicalMIMEHeaderKey(name)], " and "); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
		})
	}
}

func TestOwnerOfAList(t *testing.T) {
	n := hebdo(t)
	n.Sender.Contact = "lettre+aide?cc=x&y@pandia.example"
	h := parse(t, copyOf(t, frame(n, 42), rendered(t, n, content(t)), reader(t))).Header
	if got, want := h.Get("List-Owner"), "<mailto:lettre+aide%3Fcc=x&y@pandia.example>"; got != want {
		t.Errorf("List-Owner is %q, want %q", got, want)
	}
	n.Sender.Contact = "x@pandia.example>\r\nBcc: y"
	if _, err := letter.New(frame(n, 42), rendered(t, n, content(t))); err == nil {
		t.Error("a letter was made whose owner ends the field")
	}
}

func TestLeaveAddressOnLoopback(t *testing.T) {
	n := hebdo(t)
	f := frame(n, 1)
	f.WebURL = "http://127.0.0.1:8080/"
	m := parse(t, copyOf(t, f, rendered(t, n, content(t)), reader(t)))
	if got, want := m.Header.Get("List-Unsubscribe"), "<http://127.0.0.1:8080/u/"+readersToken+">"; got != want {
		t.Errorf("List-Unsubscribe is %q, want %q", got, want)
	}
	if m.Header.Get("List-Unsubscribe-Post") == "" {
		t.Error("List-Unsubscribe-Post is missing")
	}
}

func TestDateHasTheNewslettersZone(t *testing.T) {
	n := hebdo(t)
	v := newsletter.Variant{Kind: newsletter.KindNotice, Subject: "x", Text: "x"}
	tests := []struct{ utc, want string }{
		{"2026-10-25T00:30:00Z", "Sun, 25 Oct 2026 02:30:00 +0200"},
		{"2026-10-25T01:30:00Z", "Sun, 25 Oct 2026 02:30:00 +0100"},
		{"2026-03-29T01:00:00Z", "Sun, 29 Mar 2026 03:00:00 +0200"},
	}
	for _, test := range tests {
		r := reader(t)
		var err error
		if r.Date, err = time.Parse(time.RFC3339, test.utc); err != nil {
			t.Fatal(err)
		}
		if got := parse(t, copyOf(t, frame(n, 0), v, r)).Header.Get("Date"); got != test.want {
			t.Errorf("%s: Date is %q, want %q", test.utc, got, test.want)
		}
	}
}

func TestSize(t *testing.T) {
	n := hebdo(t)
	v := rendered(t, n, content(t))
	l, err := letter.New(frame(n, 42), v)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(mustCopy(t, l, reader(t))); l.Size() < got-200 || l.Size() > got+200 {
		t.Errorf("size %d, and a copy has %d octets", l.Size(), got)
	}
	v.HTML += strings.Repeat("x", letter.MaxSize)
	f := frame(n, 42)
	f.Articles = 34
	_, err = letter.New(f, v)
	if err == nil || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), "34 articles") {
		t.Errorf("error %v, want two lines that name 34 articles", err)
	}
}

func TestRefusals(t *testing.T) {
	n := hebdo(t)
	good := rendered(t, n, content(t))
	frames := map[string]func(*letter.Frame, *newsletter.Variant){
		"empty subject":        func(_ *letter.Frame, v *newsletter.Variant) { v.Subject = " \r\n" },
		"empty text":           func(_ *letter.Frame, v *newsletter.Variant) { v.Text = "\n" },
		"no HTML leave link":   func(_ *letter.Frame, v *newsletter.Variant) { v.HTML = "<p>x</p>" },
		"no text leave link":   func(_ *letter.Frame, v *newsletter.Variant) { v.Text = "x" },
		"two text leave links": func(_ *letter.Frame, v *newsletter.Variant) { v.Text += v.Text },
		"no preferences": func(_ *letter.Frame, v *newsletter.Variant) {
			v.HTML = strings.ReplaceAll(v.HTML, token.Placeholder(token.Preferences), "x")
		},
		"a token of another purpose": func(_ *letter.Frame, v *newsletter.Variant) { v.Text += token.Placeholder(token.Manage) },
		"no day of the consent": func(_ *letter.Frame, v *newsletter.Variant) {
			v.Text = strings.ReplaceAll(v.Text, token.DayMark, "")
		},
		"two days of the consent": func(_ *letter.Frame, v *newsletter.Variant) { v.HTML += token.DayPlaceholder(len("24/11/2026")) },
		"a letter of no kind":     func(_ *letter.Frame, v *newsletter.Variant) { v.Kind = newsletter.KindLetter },
		"a letter that is another": func(f *letter.Frame, v *newsletter.Variant) {
			f.Single, *v = newsletter.LetterConfirm, single(t, renderer(t), newsletter.LetterManage, n)
		},
		"longer than is shown": func(_ *letter.Frame, v *newsletter.Variant) { v.HTML += strings.Repeat("x", 100_000) },
		"list-id with a break": func(f *letter.Frame, _ *newsletter.Variant) { f.Newsletter.ListID = "a>\r\nBcc: x" },
		"list-id too long":     func(f *letter.Frame, _ *newsletter.Variant) { f.Newsletter.ListID = strings.Repeat("a", 256) },
		"no sender":            func(f *letter.Frame, _ *newsletter.Variant) { f.Newsletter.Sender.Address = "" },
		"two senders":          func(f *letter.Frame, _ *newsletter.Variant) { f.Newsletter.Sender.Address = "a@b.example, c@d.example" },
		"address as name":      func(f *letter.Frame, _ *newsletter.Variant) { f.Newsletter.Sender.Name = "chef@banque.example" },
		"address in a name": func(f *letter.Frame, _ *newsletter.Variant) {
			f.Newsletter.Sender.Name = "Banque <chef@banque.example>"
		},
		"sender not ASCII":     func(f *letter.Frame, _ *newsletter.Variant) { f.Newsletter.Sender.Address = "é@b.example" },
		"pages with a break":   func(f *letter.Frame, _ *newsletter.Variant) { f.WebURL = "https://x>\r\nBcc: y" },
		"reply-to with a name": func(f *letter.Frame, _ *newsletter.Variant) { f.Newsletter.Sender.ReplyTo = "x <a@b.example>" },
	}
	for name, spoil := range frames {
		f, v := frame(n, 42), good
		spoil(&f, &v)
		if _, err := letter.New(f, v); err == nil {
			t.Errorf("%s: a letter was made", name)
		}
	}
	l, err := letter.New(frame(n, 42), good)
	if err != nil {
		t.Fatal(err)
	}
	readers := map[string]func(*letter.Reader){
		"address with a break":    func(r *letter.Reader) { r.Address = "a@b.example\r\nBcc: c@d.example" },
		"address with a name":     func(r *letter.Reader) { r.Address = "x <a@b.example>" },
		"domain not ASCII":        func(r *letter.Reader) { r.Address = "a@épicerie.example" },
		"no address":              func(r *letter.Reader) { r.Address = "" },
		"message-id with a break": func(r *letter.Reader) { r.MessageID = "a@b>\r\nBcc: x" },
		"message-id without host": func(r *letter.Reader) { r.MessageID = "a" },
		"short token":             func(r *letter.Reader) { r.Tokens[token.Leave] = "u" },
		"token with a break":      func(r *letter.Reader) { r.Tokens[token.Leave] = "\r\n" + readersToken[2:] },
		"token that is missing":   func(r *letter.Reader) { delete(r.Tokens, token.Preferences) },
		"no consent":              func(r *letter.Reader) { r.Consent = time.Time{} },
	}
	for name, spoil := range readers {
		r := reader(t)
		spoil(&r)
		if _, err := l.Copy(r); err == nil {
			t.Errorf("%s: a copy was made", name)
		}
	}
}

// A reader's local part that is not ASCII is kept (RFC 6532 §3.2): whether the letter can leave is for the wire to say. What is below the header
// stays ASCII, as a wire without BODY promises it (RFC 6531 §3.6).
func TestInternationalLocalPart(t *testing.T) {
	n := hebdo(t)
	r := reader(t)
	r.Address = "zoé@example.net"
	raw := copyOf(t, frame(n, 42), rendered(t, n, content(t)), r)
	if got := parse(t, raw).Header.Get("To"); got != "<zoé@example.net>" {
		t.Errorf("To is %q", got)
	}
	_, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	if i := bytes.IndexFunc(body, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 || len(body) == 0 {
		t.Errorf("not ASCII in the body: %q", body[max(0, i-20):i+2])
	}
}

func FuzzLetter(f *testing.F) {
	f.Add("Objet", "PandIA", "La lettre", "Texte\n.\nFrom x \n", "<p>x</p>")
	f.Add("a\r\nBcc: x@example.org", "a\"\\\r\n\r\n", "=?utf-8?b?AAAA?=", "\r\r\n\n.\r\n", "\x00\xff")
	f.Add(longSubject, "Zoé (x), \"y\"", "«\u00a0»", hardText, strings.Repeat("<b>é</b>", 400))
	f.Add("x", strings.Repeat("x", 2000), strings.Repeat("y", 2000), strings.Repeat("z", 2000), "--facteur-")
	f.Add("x", "x", "x", "\n\n3\r\xd8\n\nx", "x")
	own := token.Placeholder(token.Leave) + " " + token.Placeholder(token.Preferences) + " " + token.DayPlaceholder(len("24/11/2026"))
	f.Fuzz(func(t *testing.T, subject, name, title, text, html string) {
		n := hebdo(t)
		n.Sender.Name, n.Title = name, title
		v := newsletter.Variant{
			Kind: newsletter.KindEdition, Subject: subject,
			Text: text + "\n" + own + "\n", HTML: html + own,
		}
		l, err := letter.New(frame(n, 1), v)
		if err != nil {
			return
		}
		message := mustCopy(t, l, reader(t))
		if err := sound(message); err != nil {
			t.Fatalf("%v\n%s", err, message)
		}
		m := parse(t, message)
		if len(m.Header) != len(parse(t, copyOf(t, frame(hebdo(t), 1), newsletter.Variant{
			Kind: v.Kind, Subject: "x", Text: own, HTML: own,
		}, reader(t))).Header) {
			t.Fatalf("the header has other fields:\n%s", message)
		}
		got := parts(t, m)
		for i, want := range []string{v.Text, v.HTML} {
			if got[i] != asRead(want, reader(t)) {
				t.Fatalf("part %d was %q, came back as %q", i, want, got[i])
			}
		}
	})
}

func TestGoldenLettersAreSound(t *testing.T) {
	for _, g := range goldens(t) {
		if err := sound(copyOf(t, g.frame, g.variant, g.reader)); err != nil {
			t.Errorf("%s: %v", g.name, err)
		}
	}
}

// sound checks what every message here promises of its bytes.
func sound(message []byte) error {
	head, body, _ := strings.Cut(string(message), "\r\n\r\n")
	if head, ended := strings.CutSuffix(string(message), "\r\n"); !ended || strings.ContainsAny(strings.ReplaceAll(head, "\r\n", ""), "\r\n\x00") {
		return fmt.Errorf("a line does not end in CRLF")
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if len(line) > 998 || strings.TrimSpace(line) == "" {
			return fmt.Errorf("header line of %d octets: %q", len(line), line)
		}
	}
	for line := range strings.SplitSeq(body, "\r\n") {
		switch {
		case len(line) > 76:
			return fmt.Errorf("body line of %d octets: %q", len(line), line)
		case strings.HasPrefix(line, ".") || strings.HasPrefix(line, "From "):
			return fmt.Errorf("body line %q begins as it must not", line)
		case strings.HasSuffix(line, " ") || strings.HasSuffix(line, "\t"):
			return fmt.Errorf("body line %q ends in white space", line)
		case strings.ContainsFunc(line, func(r rune) bool { return r > '~' }):
			return fmt.Errorf("body line %q is not ASCII", line)
		}
	}
	return nil
}

func parse(t testing.TB, message []byte) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatalf("%v\n%s", err, message)
	}
	return m
}

func parts(t testing.TB, m *mail.Message) []string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q, %v", kind, err)
	}
	var all []string
	reader := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(decoded))
	}
}

// crlf is what becomes of line ends in a text part (RFC 2046 §4.1.1).
func crlf(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// asRead is a hostile part as a mail program may read it.
func asRead(part string, reader letter.Reader) string {
	return strings.Map(func(r rune) rune {
		if r != '\r' && r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, crlf(strings.ToValidUTF8(personal(part, reader, "fr"), "\ufffd")))
}
