package typography

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isParted reports a break that parts what is read as one: a name, or a figure and its noun.
func isParted(text string, at int, lang string) bool {
	before, after := text[:at], strings.TrimLeftFunc(text[at:], unicode.IsSpace)
	switch {
	case initials.MatchString(before):
		return true
	case figure.MatchString(before):
		return isCounting(before, after, lang)
	}
	return isFrench(lang) && isWithinName(before, after)
}

var (
	// initials are those of a first name, “J. F.” or “J.-F.”, ahead of the rest of it.
	initials = regexp.MustCompile(`(?:^|[\s\x{A0}\x{202F}(\[«“‘"’'])(?:\p{Lu}\.[\s\x{A0}\x{202F}-]?)+$`)
	// figure is a number at the end of a text, also in groups of three digits.
	figure = regexp.MustCompile(`(?:^|[\s\x{A0}\x{202F}(\[«“‘"’'])\p{Nd}+(?:[.,\s\x{A0}\x{202F}]\p{Nd}+)*$`)
	// year is one in which articles are set.
	year = regexp.MustCompile(`(?:^|\P{Nd})(?:19|20)\p{Nd}\p{Nd}$`)
	// named is a word with a capital and a small letter behind it, such as names are in a text that is not one of capitals.
	named = regexp.MustCompile(`^\p{Lu}[\p{Ll}’'-]+[\p{L}’'-]*`)
)

// isCounting reports that the figure at the end of a text counts what comes after it: 12 in “a study of 12 patients”, but neither in “Windows 12 arrives”
// nor in “all 12 of them”, and no year.
func isCounting(before, after, lang string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	if unicode.IsDigit(next) {
		return true
	}
	if !unicode.IsLetter(next) || year.MatchString(before) || leadingOn(lang).MatchString(firstWord(after)) {
		return false
	}
	words := strings.Fields(before[:figure.FindStringIndex(before)[0]])
	if len(words) == 0 {
		return true
	}
	last := words[len(words)-1]
	return len(words) == 1 || strings.IndexFunc(last, unicode.IsUpper) < 0 || leadingOn(lang).MatchString(last)
}

// mostNamed is how many words with a capital in a row may be one name. More are a title in capitals.
const mostNamed = 3

// isWithinName reports that a break parts words of a French name, in which each has a capital: Emmanuel from Macron. English titles have capitals
// throughout.
func isWithinName(before, after string) bool {
	words := append(strings.Fields(before), firstWord(after))
	count := 0
	for i := len(words) - 1; i >= 0 && named.FindString(words[i]) == words[i] && words[i] != ""; i-- {
		count++
	}
	return count > 1 && count <= mostNamed
}

// firstWord is the first word of a text, without the marks behind it.
func firstWord(text string) string {
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		text = text[:end]
	}
	return strings.TrimRight(text, ".,;:!?…»”)")
}
