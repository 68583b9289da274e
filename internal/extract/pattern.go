package extract

import (
	"regexp"
	"sync"
)

// A pattern gives a regular expression that is compiled when something is first held against it: most runs of the program read no page, and all of them
// together take longer than such a run.
type pattern func() *regexp.Regexp

// expression is the pattern of an expression. It panics at its first use where that is none.
func expression(text string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
