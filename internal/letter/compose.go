package letter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"

	"github.com/wneessen/go-mail"

	"facteur/internal/newsletter"
)

// message hands everything to go-mail, which writes the fields in alphabetical order, then To. What it is given is
// encoded already: it folds at spaces and changes nothing else.
func (l *Letter) message(to *netmail.Address, r Reader) *mail.Msg {
	fields := map[string]string{}
	if l.isList() {
		fields = l.listFields(r)
	}
	if !isEdition(l.variant.Kind) {
		fields["Auto-Submitted"] = "auto-generated" // RFC 3834 §5
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP),
		mail.WithBoundary(boundary(l.variant)))
	for name, value := range fields {
		m.SetGenHeader(mail.Header(name), value)
	}
	m.SetGenHeader(mail.HeaderSubject, l.subject)
	m.SetDateWithValue(l.zoned(r.Date))
	m.SetMessageIDWithValue(r.MessageID)
	m.SetGenHeader("From", l.from)
	if l.replyTo != "" {
		m.SetGenHeader("Reply-To", l.replyTo)
	}
	m.ToMailAddress(to)
	m.SetBodyString(mail.TypeTextPlain, l.own(l.variant.Text, r))
	if l.variant.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, l.own(l.variant.HTML, r))
	}
	return m
}

// printable makes a part what its header says it is: valid UTF-8, lines that all end alike, no control characters.
func printable(part string) string {
	part = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(part, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, part)
}

// boundary separates the parts of a variant, the same in all its copies. It is made of their hash, so it cannot stand
// in them (RFC 2046 §5.1.1).
func boundary(v newsletter.Variant) string {
	sum := sha256.Sum256([]byte(v.Text + "\x00" + v.HTML))
	return "facteur-" + hex.EncodeToString(sum[:16])
}

// emptyFirstLine is what go-mail writes where the first word of a field does not fit beside its name. It is valid
// (RFC 5322 §2.2.3), but some readers take the fold for a part of the value, and an address in List-Unsubscribe that
// begins with a space is one they do not follow.
var emptyFirstLine = regexp.MustCompile(`(?m)^([!-9;-~]+:)\r\n `)

func compose(m *mail.Msg) ([]byte, error) {
	var out bytes.Buffer
	if _, err := m.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	head, body, found := bytes.Cut(out.Bytes(), []byte("\r\n\r\n"))
	if !found {
		return nil, errors.New("compose: the header has no end")
	}
	message := make([]byte, 0, out.Len()+256)
	message = append(message, emptyFirstLine.ReplaceAll(head, []byte("$1 "))...)
	message = append(message, "\r\n\r\n"...)
	for line := range bytes.Lines(body) {
		message = appendGuarded(message, bytes.TrimSuffix(line, []byte("\r\n")))
	}
	return message, checkLines(message)
}

// maxEncoded is the longest line of quoted-printable (RFC 2045 §6.7 (5)).
const maxEncoded = 76

// appendGuarded adds a line of an encoded body. A dot or "From " at its beginning is encoded, which go-mail does not do:
// programs on the way have taken them for the end of a message or the beginning of one (RFC 2049 §3). Where the line
// so becomes too long, it goes on after a soft line break.
func appendGuarded(message, line []byte) []byte {
	for {
		switch {
		case bytes.HasPrefix(line, []byte(".")):
			line = append([]byte("=2E"), line[1:]...)
		case bytes.HasPrefix(line, []byte("From ")):
			line = append([]byte("=46"), line[1:]...)
		}
		if len(line) <= maxEncoded {
			return append(append(message, line...), "\r\n"...)
		}
		cut := maxEncoded - 1
		if i := bytes.LastIndexByte(line[:cut], '='); i > cut-3 {
			cut = i // not through an encoded octet
		}
		message = append(append(message, line[:cut]...), "=\r\n"...)
		line = line[cut:]
	}
}

// maxLine is the longest line of a message without its end (RFC 5322 §2.1.1).
const maxLine = 998

// checkLines makes sure of what every server asks, whatever went into the letter: lines that end in CRLF, none too
// long, no NUL (RFC 5321 §2.3.8, §4.5.2).
func checkLines(message []byte) error {
	for line := range bytes.Lines(message) {
		content, ended := bytes.CutSuffix(line, []byte("\r\n"))
		if !ended || bytes.ContainsAny(content, "\r\n\x00") {
			return errors.New("compose: a line does not end in CRLF")
		}
		if len(content) > maxLine {
			return fmt.Errorf("compose: a line begins %q and has %d octets; a message takes %d",
				content[:40], len(content), maxLine)
		}
	}
	return nil
}
