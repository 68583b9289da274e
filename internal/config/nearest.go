package config

import (
	"fmt"
	"strings"

	"facteur/internal/address"
)

// maxWord bounds the work on a word that cannot be a typing mistake any more.
const maxWord = 100

// suggest names the known word that is nearest to the one given, in the tone that its distance allows.
func suggest(word string, known []string) string {
	word = word[:min(len(word), maxWord)]
	best, least := "", -1
	for _, k := range known {
		if d := address.Slips([]rune(strings.ToLower(word)), []rune(strings.ToLower(k))); least < 0 || d < least {
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
