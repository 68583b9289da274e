package typography

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Truncate shortens text to at most limit characters. It keeps as many whole sentences as fit; where not even the first
// one fits, it cuts after a word and adds an ellipsis, which counts; where not even a word fits, within it. A text that fits is returned as it is, but for
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
	kept := withoutEnd(text[:end])
	if kept == "" {
		kept = withoutEnd(text[:charactersEnd(text, offset(text, limit-1))])
	}
	return kept + ellipsis
}

// withoutEnd takes off what no ellipsis follows.
func withoutEnd(text string) string {
	return strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".…,;:–—-([{«“‘\"'/", r)
	})
}

// charactersEnd is the last place up to end at which nothing is parted that is seen as one: a letter and its accent, an emoji of several parts, a
// flag (the rules of UAX #29 §3.1.1 that matter where people write to be read).
func charactersEnd(text string, end int) int {
	for end > 0 && !isCharacterEnd(text, end) {
		_, size := utf8.DecodeLastRuneInString(text[:end])
		end -= size
	}
	return end
}

func isCharacterEnd(text string, at int) bool {
	before, after := runeBefore(text, at), runeAfter(text, at)
	switch {
	case before == joiner, isJoiner(after), isTag(after), unicode.IsMark(after), isSkinTone(after):
		return false
	case !isFlagLetter(before) || !isFlagLetter(after):
		return true
	}
	letters := 0
	for at > 0 && isFlagLetter(runeBefore(text, at)) {
		letters++
		at -= utf8.RuneLen(before)
	}
	return letters%2 == 0
}

// isFlagLetter knows the letters of which two make a flag; all are of one length.
func isFlagLetter(r rune) bool { return r >= '\U0001F1E6' && r <= '\U0001F1FF' }

// isBreak knows the white space at which a line may end.
func isBreak(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00A0' && r != '\u202F'
}
