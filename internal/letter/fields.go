package letter

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"facteur/internal/token"
)

// oneLine makes foreign text fit for a header field: valid UTF-8, line ends and runs of white space one space, no
// control characters. No-break spaces stay.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || (unicode.IsControl(r) && r < 0x7F) || r == '\u0085' || r == '\u2028' || r == '\u2029'
	})
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.Join(words, " "))
}

const (
	wordOpen  = "=?utf-8?q?"
	wordClose = "?="
	// maxWord leaves room for "Subject: " before the first word of a line of 76, where RFC 2047 §2 would allow 75. A
	// longer run of ASCII without a space is encoded, too, since it could not be folded.
	maxWord = 62
)

// unstructured returns the text of a field such as Subject (RFC 5322 §3.2.5), encoded where it has to be.
func unstructured(s string) string {
	s = oneLine(s)
	if isPlain(s) {
		return s
	}
	return encodedWords(s)
}

// phrase returns a display name (RFC 5322 §3.2.5): a quoted string, or encoded-words, never one inside the other
// (RFC 2047 §5).
func phrase(s string) string {
	s = oneLine(s)
	if isPlain(s) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return encodedWords(s)
}

// isPlain reports text that needs no encoding: ASCII words that a line holds, none of which looks encoded already.
func isPlain(s string) bool {
	if strings.Contains(s, "=?") {
		return false
	}
	for word := range strings.SplitSeq(s, " ") {
		if len(word) > maxWord {
			return false
		}
	}
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// encodedWords encodes a whole text by the Q encoding of RFC 2047 §4.2, in words that can be decoded each alone. Only
// the characters that §5 (3) allows in a phrase stay as they are, so the result fits every field. The space between
// two words is not part of the text.
func encodedWords(s string) string {
	var b strings.Builder
	length := 0
	for _, r := range s {
		code := qEncode(r)
		if length == 0 || length+len(code)+len(wordClose) > maxWord {
			if length > 0 {
				b.WriteString(wordClose + " ")
			}
			b.WriteString(wordOpen)
			length = len(wordOpen)
		}
		b.WriteString(code)
		length += len(code)
	}
	b.WriteString(wordClose)
	return b.String()
}

func qEncode(r rune) string {
	switch {
	case r == ' ':
		return "_"
	case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!*+-/", r)):
		return string(r)
	}
	var b strings.Builder
	for _, octet := range []byte(string(r)) {
		fmt.Fprintf(&b, "=%02X", octet)
	}
	return b.String()
}

// mailbox joins a display name to an address of ours. A name that holds an address would show readers another sender
// than the true one.
func mailbox(name, address string) (string, error) {
	if _, err := addrSpec(address); err != nil {
		return "", err
	}
	if !isASCII(address) {
		return "", fmt.Errorf("%q is not in ASCII: a sender that every server takes is", address)
	}
	name = oneLine(name)
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>()",;`, r) }) {
		if _, err := mail.ParseAddress(word); err == nil {
			return "", fmt.Errorf("the name %q holds an address: give a name alone", name)
		}
	}
	if name == "" {
		return "<" + address + ">", nil
	}
	return phrase(name) + " <" + address + ">", nil
}

// addrSpec reads an address as the program knows it: bare (RFC 5322 §3.4.1), its domain in ASCII.
func addrSpec(address string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" || strings.ContainsFunc(address, unicode.IsControl) {
		return nil, fmt.Errorf("%q is not a bare address such as name@example.org", address)
	}
	if !isASCII(address[strings.LastIndexByte(address, '@'):]) {
		return nil, fmt.Errorf("the domain of %q is not in ASCII: write it as in xn--…", address)
	}
	return parsed, nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// checkMessageID asks for dot-atoms on both sides (RFC 5322 §3.6.4), without their brackets.
func checkMessageID(id string) error {
	left, right, found := strings.Cut(id, "@")
	if !found || !isDotAtom(left) || !isDotAtom(right) {
		return fmt.Errorf("message-id %q is not of the form unique@domain", id)
	}
	return nil
}

// isDotAtom reports a dot-atom-text (RFC 5322 §3.2.3).
func isDotAtom(s string) bool {
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" || strings.ContainsFunc(atom, func(r rune) bool { return !isAtext(r) }) {
			return false
		}
	}
	return true
}

func isAtext(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r))
}

// isToken reports text of the length and the alphabet of a token, so that it changes no other byte of the letter.
func isToken(s string) bool {
	return len(s) == token.Len && isASCII(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
}
