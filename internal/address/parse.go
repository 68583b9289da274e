package address

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits in octets (RFC 5321 §4.5.3.1): a path is at most 256 with its angle brackets.
const (
	maxLocal = 64
	maxWhole = 254
)

// Parse reads one bare address, as a person types it or a list holds it. It cleans the text first (see Clean). Every
// error is a Reason.
func Parse(text string) (Address, error) {
	if len(text) > 4*maxWhole { // the ASCII form of a domain is never shorter than a quarter of any other
		return Address{}, TooLong
	}
	if !utf8.ValidString(text) {
		return Address{}, NotUTF8
	}
	text, _ = Clean(text)
	if reason := whole(text); reason != "" {
		return Address{}, reason
	}
	typed, domain, _ := strings.Cut(text, "@")
	if reason := checkLocal(typed); reason != "" {
		return Address{}, reason
	}
	ascii, reason := parseDomain(domain)
	if reason != "" {
		return Address{}, reason
	}
	a := Address{local: typed, domain: ascii}
	if len(a.String()) > maxWhole {
		return Address{}, TooLong
	}
	return a, nil
}

// whole says what keeps the text from being one bare address of the form local@domain, or "". The order of the
// questions gives the reason that helps most: in `"a,b"@c.example` it is the quotes.
func whole(text string) Reason {
	switch {
	case text == "":
		return Empty
	case strings.ContainsFunc(text, unicode.IsControl):
		return Control
	case strings.Contains(text, `"`):
		return Quoted
	case strings.ContainsAny(text, "<>"):
		return Named
	case strings.ContainsAny(text, "()"):
		return Comment
	case strings.ContainsAny(text, ",;") || strings.Count(text, "@") > 1:
		return List
	case strings.ContainsFunc(text, unicode.IsSpace):
		return Space
	case !strings.Contains(text, "@"):
		return NoAt
	}
	return ""
}

func checkLocal(local string) Reason {
	switch {
	case local == "":
		return NoLocal
	case len(local) > maxLocal:
		return LocalTooLong
	case strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."):
		return LocalDots
	case strings.ContainsFunc(local, func(r rune) bool { return !allowedInLocal(r) }):
		return LocalCharacter
	}
	return ""
}

// allowedInLocal knows atext and the dot (RFC 5322 §3.2.3), and beyond ASCII what can be seen (RFC 6531 §3.3 allows
// more than that).
func allowedInLocal(r rune) bool {
	if r > unicode.MaxASCII { // U+FFFD is what a decoder leaves of a broken text
		return (unicode.IsPrint(r) || isJoiner(r)) && r != unicode.ReplacementChar
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r)
}

// parseDomain gives the domain's ASCII form, lower-case.
func parseDomain(domain string) (string, Reason) {
	switch {
	case domain == "":
		return "", NoDomain
	case strings.HasPrefix(domain, "["):
		return "", Literal
	}
	ascii, err := domains().ToASCII(domain)
	if err != nil || strings.HasSuffix(ascii, ".") {
		return "", BadDomain
	}
	labels := strings.Split(ascii, ".")
	for _, label := range labels {
		if strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return "", BadDomain
		}
	}
	if len(labels) < 2 {
		return "", NoDot
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return "", NumericTLD
	}
	return ascii, ""
}

// Clean gives the text in Unicode NFC without outer white space and without characters that take no room, which come
// along when an address is copied from a page or a contact list. removed reports whether there were such characters,
// so that the person can be told. The two joiners stay between letters beyond ASCII, where they are spelling
// (RFC 5892 appendix A.1 and A.2).
func Clean(text string) (cleaned string, removed bool) {
	composed := norm.NFC.String(text)
	visible := strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, composed)
	visible = dropStrayJoiners(visible)
	return norm.NFC.String(strings.TrimSpace(visible)), len(visible) != len(composed)
}

// isInvisible knows the characters without width that are never spelling: soft hyphen, zero-width space, word joiner,
// byte order mark, and the marks of writing direction.
func isInvisible(r rune) bool {
	switch {
	case r == '\u00AD', r == '\u200B', r == '\u2060', r == '\uFEFF', r == '\u061C',
		r == '\u200E', r == '\u200F',
		'\u202A' <= r && r <= '\u202E',
		'\u2066' <= r && r <= '\u2069':
		return true
	}
	return false
}

// isJoiner knows the zero-width non-joiner and the zero-width joiner.
func isJoiner(r rune) bool { return r == '\u200C' || r == '\u200D' }

func dropStrayJoiners(text string) string {
	if !strings.ContainsFunc(text, isJoiner) {
		return text
	}
	joins := func(r rune) bool { return r > unicode.MaxASCII && unicode.IsPrint(r) }
	runes := []rune(text)
	var kept strings.Builder
	for i, r := range runes {
		between := i > 0 && i+1 < len(runes) && joins(runes[i-1]) && joins(runes[i+1])
		if !isJoiner(r) || between {
			kept.WriteRune(r)
		}
	}
	return kept.String()
}
