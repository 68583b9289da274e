package typography

import (
	"strings"
	"unicode"
)

var englishRules = []rule{
	setEllipsis(),
	setQuotes(marks{"“", "”"}, marks{"‘", "’"}),
	elide(),
	replace("'", `'`, englishApostrophe),
}

// English sets English text: curly quotes, apostrophes and ellipses.
func English(text string) string { return apply(text, englishRules) }

// elide makes a rule for the words that begin with an apostrophe.
func elide() rule {
	return replace("'", `'(?i:tis|twas|em|til|cause|n)\b`, func(before rune, found string, _ rune) string {
		if isWord(before) {
			return found
		}
		return "’" + found[1:]
	})
}

// englishApostrophe tells the apostrophe and the closing quote, which look alike, from the opening quote. It leaves the
// sign of feet and minutes after a number.
func englishApostrophe(before rune, found string, after rune) string {
	switch {
	case unicode.IsDigit(before) && !unicode.IsLetter(after):
		return found
	case isWord(before), strings.ContainsRune(`.,!?…”)`, before):
		return "’"
	case before != 0 && !unicode.IsSpace(before) && !strings.ContainsRune("([{“—–-", before):
		return found
	case unicode.IsDigit(after): // the ’90s
		return "’"
	case isWord(after), after == '“':
		return "‘"
	}
	return found
}
