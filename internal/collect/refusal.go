package collect

import (
	"fmt"
	"slices"
	"strings"

	"facteur/internal/newsletter"
)

// Refusals is each article that was refused, and as such the error of Add.
type Refusals []Refusal

func (r Refusals) Error() string {
	lines := make([]string, len(r))
	for i, one := range r {
		lines[i] = fmt.Sprintf("article %d (%s): %s", one.Row, one.name(), one.Reason)
	}
	return strings.Join(lines, "\n")
}

// Unwrap makes Refusals an [newsletter.ErrInvalid].
func (r Refusals) Unwrap() error { return newsletter.ErrInvalid }

// OfRows says it of rows of the inbox, each in a line.
func (r Refusals) OfRows() []string {
	lines := make([]string, len(r))
	for i, one := range r {
		lines[i] = fmt.Sprintf("row %d of the inbox (%s) is refused: %s", one.Row, one.name(), one.Reason)
	}
	return lines
}

// name is what a person recognises the offer by.
func (r Refusal) name() string {
	if r.URL != "" {
		return r.URL
	}
	return r.Title
}

func refusal(row int64, url, title string, err error) Refusal {
	return Refusal{Row: row, URL: newsletter.Printable(url), Title: newsletter.Printable(title), Reason: reason(err)}
}

// reason brings joined errors into one line, for a column of a table.
func reason(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// FaultName is a name as a [Fault] tells it.
func FaultName(name string) string { return newsletter.Printable(name) }

const (
	firstHas  = "it has the address of "
	keepOne   = ": give each its own, or keep one"
	addressIn = "its address stands there twice"
)

// AddressOf says that an article has the address of another, which came first. The two may go by one name.
func AddressOf(first, name string) string {
	if first == name {
		return addressIn + keepOne
	}
	return firstHas + newsletter.Printable(first) + keepOne
}

// toAskAgain are the names of faults, for what was corrected need not look changed: rights were given, a row keeps its time. What has the address
// of another is asked for behind that other, so that it is seen to have it still.
func toAskAgain(faults []Fault) (names []string) {
	for _, f := range faults {
		if first, is := strings.CutPrefix(f.Reason, firstHas); is {
			names = append(names, strings.TrimSuffix(first, keepOne))
		}
	}
	for _, f := range faults {
		names = append(names, f.Name)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		before := seen[name]
		seen[name] = true
		return before
	})
}
