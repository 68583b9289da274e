package newsletter

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SectionKey folds a section's written name to the form in which two spellings of it are equal: no accents, lower
// case, hyphens between words.
func SectionKey(written string) string {
	var b strings.Builder
	b.Grow(len(written))
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(written)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// WordKey folds a text as [SectionKey] does, so that it contains the folded form of each word and each row of words that stands in it.
func WordKey(text string) string { return "-" + SectionKey(text) + "-" }

// SubjectKey folds a subject to the form in which two are equal that differ in case, accents, spaces or marks alone: to readers, and to mail programs that
// fold letters by it, they are one. What has no letter and no digit is itself.
func SubjectKey(subject string) string { return cmp.Or(SectionKey(subject), subject) }

// TagKey folds a tag to the form in which two spellings of it are equal: no accents, lower case. Its signs count: C is neither C# nor C++.
func TagKey(tag string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(strings.TrimSpace(tag))))
}
