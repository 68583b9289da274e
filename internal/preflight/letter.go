package preflight

import (
	"fmt"
	"slices"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Letter is what is looked at: the frozen texts, what they were made from, and what two readers would get.
type Letter struct {
	Newsletter newsletter.Newsletter // as its letterhead has it
	WebURL     string                // base address of the public pages
	Content    newsletter.Content    // zero for a single letter
	Subject    string
	Preheader  string
	HTML       string
	Text       string
	Needs      []token.Purpose    // links of the reader's own that it carries
	Copies     [2][]byte          // composed for two readers who share nothing; may be nil
	Sponsor    *Advertisement     // nil: it advertises nothing
	Earlier    int                // number of an earlier edition with the same subject; 0: none
	Links      map[string]Failure // pages that were not there when they were last looked for, by address
	Pictures   map[string]Failure // pictures that could not be fetched, by address
}

// A Failure is what the last look at an address met.
type Failure struct {
	Story  string // title of the story that names the address; empty: none does
	Reason string
	At     time.Time // zero: not known
}

// met says what and when.
func (l Letter) met(f Failure) string {
	if f.At.IsZero() {
		return f.Reason
	}
	at := f.At
	if l.Newsletter.Zone != nil {
		at = at.In(l.Newsletter.Zone)
	}
	return at.Format("2006-01-02 15:04") + ", " + f.Reason
}

// isEdition tells an edition from a single letter.
func (l Letter) isEdition() bool { return l.Content.Number > 0 }

func (l Letter) leaves() bool { return slices.Contains(l.Needs, token.Leave) }

// Sizes in octets. Gmail hides what comes after about 102,000 of the HTML, the way out of the letter with it; the measurements
// of senders differ by some thousand and by whether the encoded or the decoded octets count, so both do. Google documents none.
const (
	maxHTML   = 100_000
	largeHTML = 80_000
	// readable is how much is looked at: what is longer is no letter whatever stands in it.
	readable = 300_000
)

// Look returns everything that is wrong with a letter, what blocks it first.
func Look(l Letter) []Finding {
	n := newNotes()
	sizes(n, l)
	if len(l.HTML) > readable || len(l.Text) > readable {
		return n.sorted()
	}
	subject(n, l)
	preheader(n, l)
	sender(n, l)
	stories(n, l)
	left(n, l)
	p, err := parse(l.HTML, l.Content)
	if err != nil {
		n.blocks("html-unreadable", Place{Part: InHTML}, fmt.Sprintf("the HTML cannot be read: %v", err), "mend the template: elements are nested far too deep")
		return n.sorted()
	}
	for _, check := range []func(*notes, Letter, *page){
		forbidden, pictures, headings, links, sponsors, footer, languages, contrasts, hiding, tables, features, texts, copies,
	} {
		check(n, l, p)
	}
	return n.sorted()
}

func sizes(n *notes, l Letter) {
	encoded, _ := encodedHTML(l.Copies[0])
	for _, size := range []struct {
		octets int
		which  string
	}{{len(l.HTML), "HTML"}, {encoded, "HTML as it is encoded for the wire"}} {
		what := fmt.Sprintf("the %s has %d octets; Gmail hides what comes after about 102,000, the way out of the letter among it", size.which, size.octets)
		const cure = "take fewer articles into each section, or give them shorter summaries"
		switch {
		case size.octets > maxHTML:
			n.blocks("too-large", Place{Part: InHTML}, what, cure+fmt.Sprintf(": it may have %d", maxHTML))
			return
		case size.octets > largeHTML:
			n.warns("large", Place{Part: InHTML}, what, cure+fmt.Sprintf(" before it has %d", maxHTML))
			return
		}
	}
}
