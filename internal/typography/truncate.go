package typography

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Truncate shortens text to at most limit characters. It keeps as many whole sentences as fit; where not even the first
// one fits, it ends as [Cut] does. A text that fits is returned as it is, but for white space around it. The language decides which abbreviations are known.
func Truncate(text string, limit int, lang string) string {
	text = trimmed(text)
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
	return Cut(text, limit, lang)
}

// Whole is the beginning of a text that somebody cut, as far as it is of whole sentences; empty: the first one is cut. A full stop at its end that may be
// that of an abbreviation is one.
func Whole(text, lang string) string {
	text = trimmed(text)
	whole := 0
	for _, at := range sentenceEnd.FindAllStringIndex(text, -1) {
		end := len(strings.TrimRightFunc(text[:at[1]], unicode.IsSpace))
		isLast := end == len(text) && text[at[0]] == '.'
		if endsSentence(text, at[0], end, lang) && (!isLast || !isAbbreviation(text[:at[0]], "X1", lang)) {
			whole = end
		}
	}
	return text[:whole]
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
