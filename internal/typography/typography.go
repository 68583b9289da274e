// Package typography sets text as a good printer would: French spaces, quotes and apostrophes, dates and numbers, and
// cuts at the end of a sentence.
//
// Its rules:
//   - Text in, text out: no HTML, no clock. Text is what a reader will see, not its escaped form; a no-break space
//     written as an entity is understood all the same.
//   - French and English may be applied to their own result: it does not change again.
//   - Addresses of pages and mailboxes, file names, code between back quotes or braces, times such as 08:30 and emoticons stay as written.
//   - Every result is valid UTF-8.
//   - A language is a BCP 47 tag; "fr" and its variants are French, "en" and its variants English. Text in another
//     language is not set; dates and numbers in one are given as in English.
//
// The French spacing follows the Lexique des règles typographiques en usage à l'Imprimerie nationale, with one no-break
// space for all its places: U+00A0, before : ; ! and ?, inside « », within numbers and dates. The narrow one (U+202F) that
// printers have before ; ! and ? is missing in fonts that mail programs use, where it shows as a box; one that an author
// typed becomes U+00A0. The strings of templates/ hold to the same rule.
package typography

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	noBreak  = "\u00A0" // espace insécable
	ellipsis = "…"
)

// Set is French or English, as the language asks. Text in another language stays as its author set it.
func Set(text, lang string) string {
	switch {
	case isFrench(lang):
		return French(text)
	case isLanguage(lang, "en"):
		return English(text)
	}
	return text
}

func isFrench(lang string) bool { return isLanguage(lang, "fr") }

func isLanguage(lang, want string) bool {
	primary, _, _ := strings.Cut(lang, "-")
	return strings.EqualFold(primary, want)
}

// rule is one step of setting a text whose protected spans are masked (see protect).
type rule func(text string) string

func apply(text string, rules []rule) string {
	masked, spans := protect(strings.ToValidUTF8(text, "\uFFFD"))
	for _, rule := range rules {
		masked = rule(masked)
	}
	return restore(masked, spans)
}

// replace makes a rule that rewrites the longest matches, knowing the runes on both sides (0 at the ends of the text). Every match has one of
// the signs in it: most texts have few of them, and to look for those costs a hundredth of the pattern.
func replace(signs, pattern string, rewrite func(before rune, found string, after rune) string) rule {
	find := regexp.MustCompile(pattern)
	find.Longest()
	return func(text string) string {
		if !strings.ContainsAny(text, signs) {
			return text
		}
		var set strings.Builder
		end := 0
		for _, at := range find.FindAllStringIndex(text, -1) {
			set.WriteString(text[end:at[0]])
			set.WriteString(rewrite(runeBefore(text, at[0]), text[at[0]:at[1]], runeAfter(text, at[1])))
			end = at[1]
		}
		set.WriteString(text[end:])
		return set.String()
	}
}

func runeBefore(text string, i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r
}

func runeAfter(text string, i int) rune {
	if i == len(text) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return r
}

func setEllipsis() rule {
	return replace(".", `\.{3,}`, func(rune, string, rune) string { return ellipsis })
}
