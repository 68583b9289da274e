package letter

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"facteur/internal/token"
	"facteur/internal/typography"
)

const (
	wordOpen  = "=?utf-8?q?"
	wordClose = "?="
	// maxWord leaves room for "Subject: " before the first word of a line of 76, where RFC 2047 §2 would allow 75. A
	// longer run of ASCII without a space is encoded, too, since it could not be folded.
	maxWord = 62
)

// unstructured returns the text of a field such as Subject (RFC 5322 §3.2.5), encoded where it has to be.
func unstructured(s string) string {
	s = typography.Clean(s)
	if isPlain(s) {
		return s
	}
	return encodedWords(s)
}

// phrase returns a display name (RFC 5322 §3.2.5): a quoted string, or atoms and encoded-words, never an encoded-word
// inside a quoted string (RFC 2047 §5). Only the words that need it are encoded, and neighbours together: some readers
// keep the space between two encoded-words, which is not part of the text.
func phrase(s string) string {
	s = typography.Clean(s)
	if isPlain(s) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	var written, neighbours []string
	for word := range strings.SplitSeq(s, " ") {
		if !isPlain(word) || strings.ContainsFunc(word, func(r rune) bool { return !isAtext(r) }) {
			neighbours = append(neighbours, word)
			continue
		}
		written = append(append(written, encodedTogether(neighbours)...), word)
		neighbours = nil
	}
	return strings.Join(append(written, encodedTogether(neighbours)...), " ")
}

// encodedTogether encodes words in as few encoded-words as they fit in. The space between two words stands in the
// second one's. Only a word that is longer than an encoded-word is cut.
func encodedTogether(words []string) []string {
	const room = maxWord - len(wordOpen) - len(wordClose)
	var encoded []string
	open := ""
	closeWord := func() {
		if open != "" {
			encoded = append(encoded, encodedWords(open))
		}
		open = ""
	}
	for i, word := range words {
		if i > 0 {
			word = " " + word
		}
		if encodedLen(open)+encodedLen(word) > room {
			closeWord()
		}
		open += word
	}
	closeWord()
	return encoded
}

func encodedLen(s string) int {
	n := 0
	for _, r := range s {
		n += len(qEncode(r))
	}
	return n
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
	case isAlphanumeric(r) || strings.ContainsRune("!*+-/", r):
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
	if err := addrSpec(address); err != nil {
		return "", err
	}
	if !isASCII(address) {
		return "", fmt.Errorf("%q is not in ASCII: a sender that every server takes is", address)
	}
	name = typography.Clean(name)
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

// mailto is the link to a mailbox (RFC 6068 §2). What cannot stand in a link is percent-encoded.
func mailto(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	if err := addrSpec(address); err != nil {
		return "", err
	}
	return "mailto:" + url.PathEscape(address), nil
}

// addrSpec asks for an address as the program knows it: bare (RFC 5322 §3.4.1), its domain in ASCII, and no longer than a path
// can be (RFC 5321 §4.5.3.1.3).
func addrSpec(address string) error {
	if !isDotAtoms(address) && !isBare(address) {
		return fmt.Errorf("%q is not a bare address such as name@example.org", address)
	}
	if len(address) > maxAddress {
		return fmt.Errorf("%q has %d octets; an address has at most %d", address, len(address), maxAddress)
	}
	if !isASCII(address[strings.LastIndexByte(address, '@'):]) {
		return fmt.Errorf("the domain of %q is not in ASCII: write it as in xn--…", address)
	}
	return nil
}

const maxAddress = 254 // octets

func isBare(address string) bool {
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && parsed.Name == "" && !strings.ContainsFunc(address, unicode.IsControl)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// checkMessageID asks for dot-atoms on both sides (RFC 5322 §3.6.4), without their brackets.
func checkMessageID(id string) error {
	if !isDotAtoms(id) {
		return fmt.Errorf("message-id %q is not of the form unique@domain", id)
	}
	return nil
}

// isDotAtoms reports a dot-atom-text on both sides of an @: a Message-ID of ours, or an address as nearly all are.
func isDotAtoms(s string) bool {
	left, right, found := strings.Cut(s, "@")
	return found && isDotAtom(left) && isDotAtom(right)
}

// isDotAtom reports a dot-atom-text (RFC 5322 §3.2.3).
func isDotAtom(s string) bool {
	last := byte('.')
	for i := range len(s) {
		if s[i] == '.' && last == '.' || s[i] != '.' && !isAtext(rune(s[i])) {
			return false
		}
		last = s[i]
	}
	return last != '.'
}

func isAtext(r rune) bool { return isAlphanumeric(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r) }

// isAlphanumeric reports a letter or a digit of ASCII.
func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// isToken reports text of the length and the alphabet of a token, so that it changes no other byte of the letter.
func isToken(s string) bool {
	return len(s) == token.Len && !strings.ContainsFunc(s, func(r rune) bool { return !isAlphanumeric(r) && r != '-' && r != '_' })
}
