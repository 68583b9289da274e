package render

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"facteur/internal/token"
	"facteur/internal/typography"
)

// clean is [typography.Clean] for a letter: nothing that would become a reader's own stays either.
func clean(s string) string { return unmarked(typography.Clean(s)) }

// unmarked takes the marks out by which a placeholder is known. What they leave behind may be one again.
func unmarked(s string) string {
	for strings.Contains(s, token.TokenMark) || strings.Contains(s, token.DayMark) {
		s = typography.Clean(strings.NewReplacer(token.TokenMark, "", token.DayMark, "").Replace(s))
	}
	return s
}

func isLineEnd(r rune) bool {
	return r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// webAddress returns an address as it stands in both parts, or nothing if it is not one of the web. What is no plain
// URL character is percent-encoded (RFC 3986 §2.1), brackets and quotes too, as html/template does it in an attribute:
// so both parts show one address, and mail programs find its end in the text part.
func webAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	const plain = "-._~%!#$&*+,/:;=?@[]"
	const hex = "0123456789abcdef"
	var b strings.Builder
	for _, c := range []byte(unmarked(u.String())) {
		switch {
		case c < utf8.RuneSelf && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || strings.IndexByte(plain, c) >= 0):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// nested turns the quotation marks inside a text that will stand between such marks itself into those of the second
// level (Lexique de l'Imprimerie nationale, « guillemets »).
func nested(s, lang string) string {
	if lang == "fr" {
		return strings.NewReplacer("«\u00a0", "“", "«\u202f", "“", "«", "“", "\u00a0»", "”", "\u202f»", "”", "»", "”").Replace(s)
	}
	return strings.NewReplacer("“", "‘", "”", "’").Replace(s)
}
