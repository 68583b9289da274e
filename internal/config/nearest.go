package config

import (
	"fmt"
	"strings"
)

// maxWord bounds the work on a word that cannot be a typing mistake any more.
const maxWord = 100

// suggest names the known word that is nearest to the one given, in the tone that its distance allows.
func suggest(word string, known []string) string {
	word = word[:min(len(word), maxWord)]
	best, least := "", -1
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); least < 0 || d < least {
			best, least = k, d
		}
	}
	if least <= 1+len(unshared(best, word))/4 {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return fmt.Sprintf("the nearest known name is %s; docs/settings.md has them all", best)
}

// unshared is name from its first part in which word differs: parts that both begin with, such as FACTEUR_ or
// newsletters.hebdo, say nothing of how near they are.
func unshared(name, word string) string {
	from := 0
	for i := 0; i < min(len(name), len(word)) && name[i] == word[i]; i++ {
		if name[i] == '.' || name[i] == '_' {
			from = i + 1
		}
	}
	return name[from:]
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to get from a to b
// (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	var before []int
	last := make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row := make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}
