package letter_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
)

func newKey(t testing.TB, selector string, a letter.Algorithm) *letter.Key {
	t.Helper()
	text, err := letter.NewPrivateKey(rand.Reader, a)
	if err != nil {
		t.Fatal(err)
	}
	key, err := letter.ParseKey("pandia.example", selector, text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func bothKeys(t testing.TB) []*letter.Key {
	t.Helper()
	return []*letter.Key{newKey(t, "r2026", letter.RSA), newKey(t, "e2026", letter.Ed25519)}
}

// published are the records of keys, as the DNS has them.
func published(t testing.TB, keys []*letter.Key) map[string]string {
	t.Helper()
	zone := map[string]string{}
	for _, key := range keys {
		r, err := key.Record()
		if err != nil {
			t.Fatal(err)
		}
		zone[r.Name] = strings.Join(r.Strings(), "")
	}
	return zone
}

// verified says what go-msgauth makes of each signature.
func verified(t testing.TB, zone map[string]string, message []byte) []error {
	t.Helper()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if text, ok := zone[name]; ok {
			return []string{text}, nil
		}
		return nil, errors.New("no such name: " + name)
	}})
	if err != nil {
		return []error{err}
	}
	errs := make([]error, len(found))
	for i, v := range found {
		errs[i] = v.Err
	}
	return errs
}

func signed(t testing.TB, g golden, keys []*letter.Key) []byte {
	t.Helper()
	g.frame.Keys = keys
	return copyOf(t, g.frame, g.variant, g.reader)
}

// Every kind of letter is signed, each signature verifies alone, and behind them stands the letter as it leaves unsigned.
func TestEveryLetterIsSigned(t *testing.T) {
	keys := bothKeys(t)
	zone := published(t, keys)
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			got := signed(t, g, keys)
			if again := signed(t, g, keys); !bytes.Equal(again, got) {
				t.Error("a retry differs")
			}
			plain := copyOf(t, g.frame, g.variant, g.reader)
			head, found := bytes.CutSuffix(got, plain)
			if !found {
				t.Fatalf("signing changed the letter:\n%s", got)
			}
			checkSignatures(t, string(head))
			if errs := verified(t, zone, got); len(errs) != 2 || errs[0] != nil || errs[1] != nil {
				t.Errorf("verified: %v", errs)
			}
			for i := range keys {
				if errs := verified(t, zone, signed(t, g, keys[i:i+1])); len(errs) != 1 || errs[0] != nil {
					t.Errorf("the key %s alone: %v", keys[i].Algorithm(), errs)
				}
			}
		})
	}
}

// checkSignatures holds the fields to what RFC 6376 §3.5 and RFC 8301 ask, and to lines that nobody needs to break.
func checkSignatures(t *testing.T, head string) {
	t.Helper()
	fields := strings.Split(strings.TrimSuffix(strings.ReplaceAll(head, "\r\n ", " "), "\r\n"), "\r\n")
	if len(fields) != 2 {
		t.Fatalf("%d fields: %q", len(fields), head)
	}
	for i, algorithm := range []string{"rsa-sha256", "ed25519-sha256"} {
		begins := "DKIM-Signature: v=1; a=" + algorithm + "; c=relaxed/relaxed; d=pandia.example; s=" + algorithm[:1] + "2026; t=1795500005; h=From:From:To:To:Subject:Subject:"
		if !strings.HasPrefix(strings.ReplaceAll(fields[i], ": ", ":"), strings.ReplaceAll(begins, ": ", ":")) {
			t.Errorf("it begins %.200s", fields[i])
		}
		if len(fields[i]) > letter.SignatureSize {
			t.Errorf("it has %d octets", len(fields[i]))
		}
		if harmful := regexp.MustCompile(`; [lxz]=`).FindString(fields[i]); harmful != "" {
			t.Errorf("it has %s", harmful)
		}
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if len(line) > 78 {
			t.Errorf("a line of %d octets: %s", len(line), line)
		}
	}
}

// The longest key that is taken stays within what is kept free for a signature.
func TestSignatureSize(t *testing.T) {
	key, err := letter.ParseKey("pandia.example", "r2026", pkcs1(t, 4096))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goldens(t) {
		if g.name != "edition" {
			continue
		}
		if n := len(signed(t, g, []*letter.Key{key})) - len(signed(t, g, nil)); n > letter.SignatureSize {
			t.Errorf("a signature has %d octets, more than %d", n, letter.SignatureSize)
		}
	}
}

// A change is what somebody on the way may do to a letter.
type change struct {
	name string
	do   func(message string) string
	pass bool
}

var coveredFields = []string{
	"From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Cc", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "Feedback-ID", "Auto-Submitted",
}

// changes to a letter: each covered field changed, taken out, and put beside; the body; and what leaves it as it was. Signatures
// stand in the first fields, so that a field is looked for behind them.
func changes(message string) []change {
	var all []change
	head, _, _ := strings.Cut(message, "\r\n\r\n")
	for _, name := range coveredFields {
		field := regexp.MustCompile(`(?m)^` + name + `: [^\r]*\r\n([ \t][^\r]*\r\n)*`)
		if field.MatchString(head + "\r\n") {
			all = append(all,
				change{name + " changed", func(m string) string {
					at := field.FindStringIndex(m)
					return m[:at[1]-2] + "x" + m[at[1]-2:]
				}, false},
				change{name + " taken out", func(m string) string {
					at := field.FindStringIndex(m)
					return m[:at[0]] + m[at[1]:]
				}, false},
				change{name + " twice", func(m string) string {
					at := field.FindStringIndex(m)
					return m[:at[1]] + m[at[0]:at[1]] + m[at[1]:]
				}, false},
			)
		}
		all = append(all,
			change{name + " put above", func(m string) string { return name + ": <https://elsewhere.example/>\r\n" + m }, false},
			change{name + " put below", func(m string) string {
				return strings.Replace(m, "\r\n\r\n", "\r\n"+name+": <https://elsewhere.example/>\r\n\r\n", 1)
			}, false},
		)
	}
	body := func(change func(body string) string) func(string) string {
		return func(m string) string {
			head, body, _ := strings.Cut(m, "\r\n\r\n")
			return head + "\r\n\r\n" + change(body)
		}
	}
	return append(all,
		change{"nothing changed", func(m string) string { return m }, true},
		change{"empty lines at the end", func(m string) string { return m + "\r\n\r\n" }, true},
		change{"a field of a server above", func(m string) string { return "Received: from a by b; today\r\n" + m }, true},
		change{"Subject folded anew", func(m string) string {
			return strings.Replace(m, "Subject: ", "SUBJECT:\r\n\t ", 1)
		}, true},
		change{"the first octet of the body", body(func(b string) string { return "x" + b }), false},
		change{"an octet within the body", body(func(b string) string { return b[:len(b)/2] + "x" + b[len(b)/2:] }), false},
		change{"a line added to the body", body(func(b string) string { return b + "x\r\n" }), false},
		change{"the end of the body cut off", body(func(b string) string { return b[:len(b)*3/4] + "\r\n" }), false},
	)
}

func TestWhatWasSignedCannotBeChanged(t *testing.T) {
	keys := bothKeys(t)
	zone := published(t, keys)
	seen := map[string]bool{}
	for _, g := range goldens(t) {
		if !isGolden(g.name) || strings.HasSuffix(g.name, "-english") {
			continue
		}
		message := string(signed(t, g, keys))
		for _, c := range changes(message) {
			seen[c.name] = true
			changed := c.do(message)
			if changed == message && c.name != "nothing changed" {
				t.Fatalf("%s: %s changes nothing", g.name, c.name)
			}
			errs := verified(t, zone, []byte(changed))
			if len(errs) != len(keys) && (c.pass || len(errs) == 0) {
				t.Fatalf("%s: %s: %d signatures", g.name, c.name, len(errs))
			}
			for i, err := range errs {
				if (err == nil) != c.pass {
					t.Errorf("%s: %s: signature %d: %v", g.name, c.name, i, err)
				}
			}
		}
	}
	for _, name := range []string{"List-Unsubscribe", "List-Unsubscribe-Post"} { // RFC 8058 §4
		for _, what := range []string{"changed", "taken out", "twice", "put above", "put below"} {
			if !seen[name+" "+what] {
				t.Errorf("nothing tried %s %s", name, what)
			}
		}
	}
}

// checkWire wants a message to have, on the wire and in its length, just the octets that it has.
func checkWire(t *testing.T, l *letter.Letter, r letter.Reader, message []byte) {
	t.Helper()
	m, err := l.Copy(r)
	if err != nil {
		t.Fatal(err)
	}
	onTheWire := func(m newsletter.Message) []byte {
		pieces, _, err := m.AppendStuffed(nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Join(pieces, nil)
	}
	if got, want := onTheWire(m), onTheWire(letter.Octets(message)); !bytes.Equal(got, want) || m.Len() != len(message) {
		t.Errorf("on the wire it is (%d octets)\n%s\nand not\n%s", m.Len(), got, want)
	}
}

// Each reader's copy has signatures of its own, which verify.
func TestEveryCopyIsSigned(t *testing.T) {
	keys := bothKeys(t)
	zone := published(t, keys)
	f := frame(hebdo(t), 42)
	f.Keys = keys
	l, err := letter.New(f, rendered(t, hebdo(t), everything(t)))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for i := range 20 {
		r := reader(t)
		r.Address, r.MessageID = fmt.Sprintf("lecteur%s@example.net", strings.Repeat("é", i%3)), fmt.Sprintf("%d@pandia.example", i)
		r.Tokens = tokensOf(fmt.Sprintf("%s%02d", readersToken[:len(readersToken)-2], i))
		r.Consent = r.Consent.AddDate(0, 0, -i)
		message := mustCopy(t, l, r)
		checkWire(t, l, r, message)
		if errs := verified(t, zone, message); len(errs) != 2 || errs[0] != nil || errs[1] != nil {
			t.Errorf("%s: %v", r.Address, errs)
		}
		signature, _, _ := bytes.Cut(message, []byte("\r\nMessage-ID"))
		told[string(signature)] = true
	}
	if len(told) != 20 {
		t.Errorf("20 copies have %d signatures", len(told))
	}
}
