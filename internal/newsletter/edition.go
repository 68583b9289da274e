package newsletter

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Content is what an edition says: the articles as they were when it was frozen, in reading order.
type Content struct {
	Number    int       `json:"number"`
	Date      time.Time `json:"date"` // the slot's instant in the newsletter's zone
	Subject   string    `json:"subject"`
	Preheader string    `json:"preheader"`
	Word      *Word     `json:"word,omitempty"`
	Lead      *Story    `json:"lead,omitempty"`
	Sponsor   *Sponsor  `json:"sponsor,omitempty"`
	Chapters  []Chapter `json:"chapters"`
	// Beyond is how many of the stories, the last in reading order, only the page online shows, because the letter would be too long
	// with them.
	Beyond int `json:"beyond,omitempty"`
}

// A Chapter is one section of an edition with the stories it carries.
type Chapter struct {
	Name    string  `json:"name"`
	Title   string  `json:"title"`
	Brief   bool    `json:"brief,omitempty"` // its stories take one line each
	Stories []Story `json:"stories"`
}

// A Story is an article as an edition shows it, frozen with it.
type Story struct {
	Article  int64  `json:"article"`
	URL      string `json:"url"`
	Title    string `json:"title"`
	Section  string `json:"section"` // title of its section, which the lead story shows above its own
	Summary  string `json:"summary"`
	Author   string `json:"author,omitempty"`
	Language string `json:"language,omitempty"` // empty: the newsletter's
	Words    int    `json:"words"`              // of the whole article, for the reading time; 0 when only a link is known

	LeftOut []string `json:"left_out,omitempty"` // what its summary, or the text that stands for it, has and no letter takes, for an editor

	Updated bool   `json:"updated,omitempty"` // an earlier edition brought it, as it was then
	Text    string `json:"-"`                 // of the whole article, to be held against what it will be; empty: it is not kept

	Picture *Picture `json:"picture,omitempty"` // nil: it has none, or none that was kept by then
}

// LeftOut names, for an editor, the articles of which the letter leaves something out.
func (c Content) LeftOut() (all []string) {
	for _, s := range c.Stories() {
		if len(s.LeftOut) > 0 {
			all = append(all, fmt.Sprintf("article %d, %q: the letter leaves out %s", s.Article, s.Title, strings.Join(s.LeftOut, ", ")))
		}
	}
	return all
}

// Stories lists every story of the content in reading order, the lead first.
func (c Content) Stories() []Story {
	var all []Story
	if c.Lead != nil {
		all = append(all, *c.Lead)
	}
	for _, ch := range c.Chapters {
		all = append(all, ch.Stories...)
	}
	return all
}

// EditionState is where an approved edition stands.
type EditionState string

const (
	// EditionQueueing: frozen; the rows of its audience are being made in chunks and letters already leave. The
	// outbox moves it on to sending. A crash leaves the cursor of the last chunk, from which the next start goes on.
	EditionQueueing EditionState = "queueing"
	// EditionSending: every row exists; letters leave. The outbox moves it on to done when no row is open. A crash
	// changes nothing.
	EditionSending EditionState = "sending"
	// EditionDone: no letter of it is open. `resend` makes it sending again. A crash changes nothing.
	EditionDone EditionState = "done"
	// EditionCancelled: the operator ended it; open letters are cancelled, and where none had left yet, its articles
	// are offered again. Final. A crash changes nothing.
	EditionCancelled EditionState = "cancelled"
)

// An Edition is one numbered issue of a newsletter, frozen at approval: what was sent can be shown for ever.
type Edition struct {
	ID         int64
	Newsletter string // name
	Number     int
	Slot       Slot
	State      EditionState
	Paused     bool   // it is held, by the operator or because too many letters were refused: they stay in their states and none is marked
	Held       string // why it is paused by itself; empty: the operator paused it, or it is not paused
	Unsent     bool   // it was cancelled before any letter of it can have left: what it brought may be brought again, and no page shows it
	Revision   int
	Approved   time.Time
	Opens      time.Time // when more than its first letters may go; zero: these are not settled, or all go at once
	Planned    int       // readers active at approval, counted in the approving transaction
	LeftBefore int       // readers who left before their row was made
	KeyID      uint16    // the key that signs the links of its letters
	Letterhead Letterhead
	Content    Content
}

// Ref names the edition as people do: "hebdo/42".
func (e Edition) Ref() EditionRef { return EditionRef{Newsletter: e.Newsletter, Number: e.Number} }

// An EditionRef names an edition: "hebdo/42", or "42" where there is one newsletter.
type EditionRef struct {
	Newsletter string // empty: the only newsletter there is
	Number     int
}

// ParseEditionRef reads an edition's name as a person types it.
func ParseEditionRef(s string) (EditionRef, error) {
	name, number, found := strings.Cut(s, "/")
	if !found {
		name, number = "", s
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || (found && !ValidName(name)) {
		return EditionRef{}, fmt.Errorf("%q is not an edition: write its number, such as 42 or hebdo/42", s)
	}
	return EditionRef{Newsletter: name, Number: n}, nil
}

func (r EditionRef) String() string {
	if r.Newsletter == "" {
		return strconv.Itoa(r.Number)
	}
	return r.Newsletter + "/" + strconv.Itoa(r.Number)
}

// A Variant is the text of an edition, or of a single letter, for all readers whose copies differ only in their
// slots. Frozen: proof, sending, resend, web view and archive all come from it.
type Variant struct {
	ID      int64
	Edition int64  // 0 for a single letter or a notice
	Key     string // "full" is what readers get; where that had to be cut, "page" is what the archive shows instead
	Kind    DeliveryKind
	Subject string
	HTML    string // a reader's own links are placeholders of package token here; empty for a notice
	Text    string
}
