package preflight

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Severity is what a finding does to a letter.
type Severity string

const (
	Blocks Severity = "blocks" // the letter may not leave
	Warns  Severity = "warns"  // it may; an editor should know
)

// A Part is where in a letter something stands.
type Part string

const (
	InLetter    Part = "letter" // in all of it, or nowhere
	InHeader    Part = "header"
	InSubject   Part = "subject"
	InPreheader Part = "preheader"
	InHTML      Part = "html"
	InText      Part = "text"
)

// A Place is where something was found, as far as it can be told.
type Place struct {
	Part  Part   `json:"part"`
	Story string `json:"story,omitempty"` // title of the story that it belongs to
	Line  int    `json:"line,omitempty"`  // of the part, from 1
	Text  string `json:"text,omitempty"`  // what stands there
}

func (p Place) String() string {
	s := map[Part]string{
		InLetter: "the letter", InHeader: "its header", InSubject: "the subject", InPreheader: "the preheader", InHTML: "HTML", InText: "text part",
	}[p.Part]
	if p.Line > 0 {
		s += fmt.Sprintf(", line %d", p.Line)
	}
	if p.Story != "" {
		s += fmt.Sprintf(", story “%s”", short(p.Story))
	}
	if p.Text != "" {
		s += ": " + short(p.Text)
	}
	return s
}

// A Finding is one thing that is wrong with a letter.
type Finding struct {
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"`
	Place    Place    `json:"place"`
	What     string   `json:"what"`
	Cure     string   `json:"cure"`
	More     int      `json:"more,omitempty"` // findings of the same rule that are not listed
}

// Blocking returns those that keep the letter from leaving.
func Blocking(all []Finding) []Finding { return of(all, Blocks) }

// Warnings returns those that do not.
func Warnings(all []Finding) []Finding { return of(all, Warns) }

func of(all []Finding, s Severity) (some []Finding) {
	for _, f := range all {
		if f.Severity == s {
			some = append(some, f)
		}
	}
	return some
}

// listed is how many findings of one rule are listed: what a template gets wrong once stands in every story.
const listed = 5

// notes gathers findings.
type notes struct {
	all   []Finding
	count map[string]int
	last  map[string]int // index of the last one listed
}

func newNotes() *notes { return &notes{count: map[string]int{}, last: map[string]int{}} }

func (n *notes) blocks(rule string, at Place, what, cure string) {
	n.add(Finding{Severity: Blocks, Rule: rule, Place: at, What: what, Cure: cure})
}

func (n *notes) warns(rule string, at Place, what, cure string) {
	n.add(Finding{Severity: Warns, Rule: rule, Place: at, What: what, Cure: cure})
}

func (n *notes) add(f Finding) {
	n.count[f.Rule]++
	if n.count[f.Rule] > listed {
		n.all[n.last[f.Rule]].More++
		return
	}
	f.Place.Text, f.Place.Story, f.What = printable(f.Place.Text), printable(f.Place.Story), printable(f.What)
	n.last[f.Rule] = len(n.all)
	n.all = append(n.all, f)
}

// sorted returns what blocks first, then the order of the letter.
func (n *notes) sorted() []Finding {
	slices.SortStableFunc(n.all, func(a, b Finding) int { return cmp.Compare(a.Severity, b.Severity) })
	return n.all
}

// printable is a piece of a letter on one line, without what would move a terminal.
func printable(s string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// shown is how much of a text a place quotes, in characters.
const shown = 80

func short(s string) string {
	r := []rune(s)
	if len(r) <= shown {
		return s
	}
	return strings.TrimSpace(string(r[:shown-1])) + "…"
}
