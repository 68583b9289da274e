package config

import "strings"

// Problem is one thing that is wrong with the settings.
type Problem struct {
	What string // where it stands and what is wrong
	Do   string // what to do about it
}

// Error holds every problem that was found. Each takes two lines: what happened, what to do.
type Error struct {
	Problems []Problem
}

func (e *Error) Error() string {
	lines := make([]string, 0, 2*len(e.Problems))
	for _, p := range e.Problems {
		lines = append(lines, p.What, "  "+p.Do)
	}
	return strings.Join(lines, "\n")
}

// problem is an error that holds one.
func problem(what, do string) error {
	return &Error{Problems: []Problem{{What: what, Do: do}}}
}
