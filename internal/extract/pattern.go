package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A pattern gives a regular expression that is compiled when something is first held against it: most runs of the program read no page, and all of them
// together take longer than such a run.
type pattern func() *regexp.Regexp

// expression is the pattern of an expression. It panics at its first use where that is none.
func expression(text string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// hasAny reports a text in which one of some words in small letters stands, or a part of a word: it is cheap to see before an expression that wants one is
// held against the text.
func hasAny(text string, words ...string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
