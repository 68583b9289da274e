package preflight

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"facteur/internal/token"
)

// A message is one that was composed, taken apart again.
type message struct {
	header     mail.Header
	html, text string
	encoded    int // octets of the HTML on the wire
}

func readMessage(content []byte) (message, error) {
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return message{}, err
	}
	read := message{header: m.Header}
	return read, read.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, 0)
}

// part reads a part, and those within it.
func (m *message) part(contentType, encoding string, body io.Reader, depth int) error {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("content type %q: %w", contentType, err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		if depth > 3 {
			return errors.New("parts are nested too deep")
		}
		parts := multipart.NewReader(body, parameters["boundary"])
		for {
			part, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := m.part(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, depth+1); err != nil {
				return err
			}
		}
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	decoded, err := io.ReadAll(decoder(encoding, raw))
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	switch kind {
	case "text/html":
		m.html, m.encoded = string(decoded), len(raw)
	case "text/plain":
		m.text = string(decoded)
	}
	return nil
}

func decoder(encoding string, raw []byte) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(bytes.NewReader(raw))
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, bytes.NewReader(raw))
	}
	return bytes.NewReader(raw)
}

// encodedHTML is how many octets the HTML of a message takes on the wire.
func encodedHTML(content []byte) (int, error) {
	if content == nil {
		return 0, nil
	}
	m, err := readMessage(content)
	return m.encoded, err
}

// own are the fields that are each reader's own. Of List-Unsubscribe only the token is.
const own = " To Message-Id Date List-Unsubscribe Dkim-Signature "

// copies holds what two readers get against each other and against what was frozen. A difference beyond their own links and day
// of consent would follow a reader, or show one something of another.
func copies(n *notes, l Letter, _ *page) {
	var read []message
	for _, content := range l.Copies {
		if content == nil {
			return
		}
		m, err := readMessage(content)
		if err != nil {
			n.blocks("message-unreadable", Place{Part: InLetter}, fmt.Sprintf("the composed letter cannot be read back: %v", err), "report it: this is a fault of the program")
			return
		}
		read = append(read, m)
	}
	listFields(n, l, read[0].header)
	const cure = "let a template write nothing that depends on the reader but {{.Leave}}, {{.Preferences}} and {{.Since}}; if none does, report it"
	if field := differing(read[0].header, read[1].header); field != "" {
		n.blocks("readers-differ", Place{Part: InHeader, Text: field}, "two readers get different fields of this name", cure)
	}
	for _, m := range read {
		for _, part := range []struct {
			part           Part
			frozen, copied string
		}{{InHTML, l.HTML, m.html}, {InText, l.Text, m.text}} {
			if line, found := difference(part.frozen, part.copied); found {
				n.blocks("readers-differ", Place{Part: part.part, Line: line}, "a reader gets something else than what is frozen, beyond the links and the day that are their own", cure)
			}
		}
	}
}

// listFields are those by which mail programs offer the way out (RFC 8058 §3.1).
func listFields(n *notes, l Letter, h mail.Header) {
	address, post := h.Get("List-Unsubscribe"), h.Get("List-Unsubscribe-Post")
	if !l.leaves() {
		if address != "" {
			n.blocks("list-header-unwanted", Place{Part: InHeader, Text: "List-Unsubscribe"}, "the letter cannot be left, and its header says that it can", "report it: this is a fault of the program")
		}
		return
	}
	if !strings.HasPrefix(address, "<http") {
		n.blocks("list-header-missing", Place{Part: InHeader, Text: "List-Unsubscribe: " + address}, "the header names no page on which the letter can be left; providers ask for one (RFC 8058 §3.1)", "set web.url to the address of the public pages")
	}
	if post != "List-Unsubscribe=One-Click" {
		n.blocks("list-header-missing", Place{Part: InHeader, Text: "List-Unsubscribe-Post: " + post}, "the header does not say that one click leaves (RFC 8058 §3.1)", "report it: this is a fault of the program")
	}
}

// differing names a field that two readers do not share.
func differing(a, b mail.Header) string {
	names := map[string]bool{}
	for _, h := range []mail.Header{a, b} {
		for name := range h {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if len(a[name]) != len(b[name]) {
			return name
		}
		if !strings.Contains(own, " "+name+" ") && !slices.Equal(a[name], b[name]) {
			return name
		}
	}
	if withoutToken(a.Get("List-Unsubscribe")) != withoutToken(b.Get("List-Unsubscribe")) {
		return "List-Unsubscribe"
	}
	return ""
}

func withoutToken(field string) string {
	if i := strings.LastIndexByte(field, '/'); i >= 0 && len(field)-i-len("/>") == token.Len {
		return field[:i]
	}
	return field
}

// difference finds the first line on which a copy says something else than the frozen part. A reader's own stands where a
// placeholder stood, in as many octets.
func difference(frozen, copied string) (line int, found bool) {
	want, got := lines(frozen), lines(copied)
	mine := places(want)
	line = 1
	for i := range len(want) {
		if i >= len(got) || !mine[i] && got[i] != want[i] || mine[i] && !fitsPlace(got[i]) {
			return line, true
		}
		if want[i] == '\n' {
			line++
		}
	}
	return line, len(got) != len(want)
}

// fitsPlace reports an octet of a token or of a day: nothing that would end the place.
func fitsPlace(c byte) bool {
	return c >= utf8.RuneSelf || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("-_/~.", c) >= 0
}

// places tells of each octet whether a placeholder takes it.
func places(frozen string) []bool {
	mine := make([]bool, len(frozen))
	mark := func(placeholder string) {
		for from := 0; ; {
			i := strings.Index(frozen[from:], placeholder)
			if i < 0 {
				return
			}
			end := from + i + len(placeholder)
			for placeholder == token.DayMark && end < len(frozen) && frozen[end] == '~' {
				end++
			}
			for k := from + i; k < end; k++ {
				mine[k] = true
			}
			from = end
		}
	}
	for _, p := range token.Purposes() {
		mark(token.Placeholder(p))
	}
	mark(token.DayMark)
	return mine
}

// lines is a part as it is compared: its line ends and its end do not count, nor what a letter cannot carry.
func lines(part string) string {
	part = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(part, "\uFFFD"))
	part = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, part)
	return strings.TrimRight(part, "\n")
}
