package typography

import (
	"strings"
	"unicode"
)

// Truncate shortens text to at most limit characters. It keeps as many whole sentences as fit; where not even the first
// one fits, it cuts after a word and adds an ellipsis, which counts. A text that fits is returned as it is, but for
// white space around it. The language decides which abbreviations are known.
func Truncate(text string, limit int, lang string) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	fits := offset(text, limit)
	if fits == len(text) {
		return text
	}
	beyond := strings.TrimLeftFunc(text[offset(text, limit+1):], unicode.IsSpace)
	whole := 0
	for _, at := range sentenceEnd.FindAllStringIndex(text[:len(text)-len(beyond)], -1) {
		end := len(strings.TrimRightFunc(text[:at[1]], unicode.IsSpace))
		if end > fits {
			break
		}
		if endsSentence(text, at[0], end, lang) {
			whole = end
		}
	}
	if whole > 0 {
		return text[:whole]
	}
	return cutAfterWord(text, limit)
}

// offset is where the first n runes of text end.
func offset(text string, n int) int {
	for i := range text {
		if n <= 0 {
			return i
		}
		n--
	}
	return len(text)
}

func cutAfterWord(text string, limit int) string {
	if limit < 1 {
		return ""
	}
	end := offset(text, limit-1)
	if !isBreak(runeAfter(text, end)) {
		end = max(0, strings.LastIndexFunc(text[:end], isBreak))
	}
	kept := strings.TrimRightFunc(text[:end], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".…,;:–—-([{«“‘\"'/", r)
	})
	return kept + ellipsis
}

// isBreak knows the white space at which a line may end.
func isBreak(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00A0' && r != '\u202F'
}
