package neardup

import "slices"

// respells reports that each word that only the first text has is another spelling of one that only the second has.
func respells(one, two []string) bool {
	others := without(two, one)
	for _, word := range without(one, two) {
		if !slices.ContainsFunc(others, func(other string) bool { return isTypingError(word, other) }) {
			return false
		}
	}
	return true
}

// without are the words of a text that another has not.
func without(text, other []string) []string {
	has := make(map[string]bool, len(other))
	for _, word := range other {
		has[word] = true
	}
	return slices.DeleteFunc(slices.Clone(text), func(word string) bool { return has[word] })
}

// leastTyped is how many letters a word needs to be known with an error in it: “dix” and “six”, “now” and “not” are two.
const leastTyped = 5

// isTypingError reports two words of which one has a letter more, another letter, or two letters that changed places (Damerau, “A technique for
// computer detection and correction of spelling errors”, 1964). The first letter must be the same: a million is no billion, and who sells does
// not give back (vendre, rendre).
func isTypingError(a, b string) bool {
	one, two := []rune(a), []rune(b)
	if min(len(one), len(two)) < leastTyped || one[0] != two[0] {
		return false
	}
	for len(one) > 0 && len(two) > 0 && one[0] == two[0] {
		one, two = one[1:], two[1:]
	}
	for len(one) > 0 && len(two) > 0 && one[len(one)-1] == two[len(two)-1] {
		one, two = one[:len(one)-1], two[:len(two)-1]
	}
	if len(one) == 2 && len(two) == 2 {
		return one[0] == two[1] && one[1] == two[0]
	}
	return max(len(one), len(two)) == 1
}
