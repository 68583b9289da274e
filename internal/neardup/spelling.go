package neardup

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// added are the runs of words that another text has besides all words of one, in their order, where like says which words are one: of each run where it
// begins and ends. It reports whether it has all of them.
func added(text, other []string, like func(a, b string) bool) (runs [][2]int, all bool) {
	from := 0
	for i, word := range other {
		if len(text) > 0 && like(text[0], word) {
			if i > from {
				runs = append(runs, [2]int{from, i})
			}
			text, from = text[1:], i+1
		}
	}
	if len(other) > from {
		runs = append(runs, [2]int{from, len(other)})
	}
	return runs, len(text) == 0
}

func equal(a, b string) bool { return a == b }

// respelled reports one word, or two spellings of it.
func respelled(a, b string) bool { return a == b || isTypingError(a, b) }

// inflected reports one word, or two of which one has a letter more, as a plural has. Another letter in a title is another word as often (adopte, adapte), and so
// is an e that makes it feminine (étudiants, étudiantes), or another thing (retrait, retraite).
func inflected(a, b string) bool {
	return a == b || utf8.RuneCountInString(a) != utf8.RuneCountInString(b) && isTypingError(a, b) && !isFeminine(a, b) && !isFeminine(b, a)
}

// isFeminine reports a word that has an e more than another at its end, or before the s of a plural.
func isFeminine(word, other string) bool {
	word, other = strings.TrimSuffix(word, "s"), strings.TrimSuffix(other, "s")
	return word == other+"e"
}

// spelled reports two runs of words of which each is the other in its place, or another spelling of that.
func spelled(one, two []string) bool { return slices.EqualFunc(one, two, respelled) }

// leastTyped is how many letters a word needs to be known with an error in it, and leastTurned with two that changed places: “dix” and “six”, “now” and
// “not” are two, and so are “perd” and “perds”.
const (
	leastTyped  = 5
	leastTurned = 4
)

// isTypingError reports two words of which one has a letter more, another letter, or two letters that changed places (Damerau, “A technique for
// computer detection and correction of spelling errors”, 1964), and no figure. The first letter must be the same: a million is no billion, and who sells does
// not give back (vendre, rendre).
func isTypingError(a, b string) bool {
	if min(len(a), len(b)) < leastTurned || a[0] != b[0] || isFigure(a) || isFigure(b) {
		return false
	}
	one, two := []rune(a), []rune(b)
	least := min(len(one), len(two))
	if one[0] != two[0] {
		return false
	}
	one, two = differing(one, two, 0)
	if len(one) == 2 && len(two) == 2 {
		return least >= leastTurned && one[0] == two[1] && one[1] == two[0]
	}
	return least >= leastTyped && max(len(one), len(two)) == 1
}
