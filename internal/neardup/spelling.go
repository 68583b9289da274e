package neardup

// respells reports that each word that only the first vocabulary has is a misspelling of one that only the second has, or the other way round.
func respells(one, two set[string]) bool {
	var others []string
	for word := range two {
		if !one[word] {
			others = append(others, word)
		}
	}
	for word := range one {
		if !two[word] && !anyNear(word, others) {
			return false
		}
	}
	return true
}

func anyNear(word string, others []string) bool {
	for _, other := range others {
		if isTypingError(word, other) {
			return true
		}
	}
	return false
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
