package newsletter

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Newsletter is a publication with one cadence.
type Newsletter struct {
	ID           int64 // the store's; zero until the store knows the newsletter
	Name         string
	Title        string // what readers see, such as "La lettre de PandIA"
	Language     string // "fr" or "en"
	Zone         *time.Location
	Schedule     string // a cron specification, read on the wall clock of Zone
	Late         LatePolicy
	LateWindow   time.Duration // how late a missed slot may still be sent under [LateSend]
	Horizon      time.Duration // an article older than this is not offered any more
	FirstHorizon time.Duration // an article older than this that arrives before edition n° 1, or as its source is added, is back catalogue, and stays home
	Minimum      int           // an edition with fewer articles does not appear
	Lead         LeadRule      // which of what is in leads; empty: the first in the order of the sections
	Sections     []Section
	Sender       Sender
	Sisters      []string // names of those that share readers with it: the others of its family, and former ones
	Several      bool     // there are other newsletters, of its family or not, so that commands have to name it
	ListID       string   // RFC 2919 §2, without brackets; stable for ever
	FeedbackID   string   // the sender part of Feedback-ID, stable for ever
}

// A Section is a heading of an edition and the most and fewest articles it takes. Those of a brief one take a line each, at the end.
type Section struct {
	Name    string // stable key, such as "liste-ia"
	Title   string // what readers see, such as "Liste IA"
	Quota   int
	Minimum int // with fewer, and none of them pinned, the section is left out, and they wait; 0 as 1
	Updated int // how many of 100 words of its text must be new for an article that was carried to come back, or for a recall to say so; 0: none does
	Brief   bool
	Recall  bool // it takes what sisters brought, of any section, and is none that articles can be of
}

// Is reports whether an author may have written the section so: by its name or its title, with or without capitals and accents.
func (s Section) Is(written string) bool {
	key := SectionKey(written)
	return s.Name == written || SectionKey(s.Name) == key || SectionKey(s.Title) == key
}

// A LeadRule says which article of an edition leads it. One that comes back does only where none is new, and one of a brief section only where no
// other is in, unless an editor wants it to.
type LeadRule string

const (
	LeadOrder   LeadRule = "order"   // the first of the first section
	LeadNewest  LeadRule = "newest"  // the newest of all sections
	LeadPicture LeadRule = "picture" // the first that has a picture; where none has, the first
	LeadByHand  LeadRule = "hand"    // the one that an editor chose, whatever the rule
)

// InReadingOrder are the sections as a letter has them: the brief ones after the others.
func (n Newsletter) InReadingOrder() []Section {
	ordered := slices.Clone(n.Sections)
	slices.SortStableFunc(ordered, func(a, b Section) int {
		switch {
		case a.Brief == b.Brief:
			return 0
		case b.Brief:
			return -1
		}
		return 1
	})
	return ordered
}

// A Sender is whom a letter comes from, as the law wants it named (CPCE art. L34-5, LCEN art. 20).
type Sender struct {
	Site       string // name of the site, such as "PandIA"
	SiteURL    string
	Publisher  string // legal name
	Postal     string // postal address
	Contact    string // an address that is read
	LegalURL   string // mentions légales
	PrivacyURL string
	Name       string // display name of the From field
	Address    string // address of the From field
	ReplyTo    string // empty: replies go to Address
	ReturnPath string // envelope sender, RFC 5321 §3.6.3; {token} in it is each letter's own; empty: Address
}

// LatePolicy says what becomes of a slot that was missed while the program was off.
type LatePolicy string

const (
	LateSend LatePolicy = "send" // publish it if it is not later than the window
	LateSkip LatePolicy = "skip" // leave it out
)

var validName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ValidName reports whether a newsletter or a section may be called so: it stands in addresses of pages and in
// List-Id, so only lower-case letters, digits and single hyphens are allowed.
func ValidName(name string) bool {
	return len(name) <= 40 && validName.MatchString(name)
}

// Section finds the section of an article by what its author may have written ("Actualités", "actualites", "Liste IA", "liste-ia"). An empty text is
// the first section of the settings.
func (n Newsletter) Section(written string) (Section, bool) {
	if strings.TrimSpace(written) == "" && len(n.Sections) > 0 {
		return n.Sections[0], true
	}
	i := slices.IndexFunc(n.Sections, func(s Section) bool { return !s.Recall && s.Is(written) })
	if i < 0 {
		return Section{}, false
	}
	return n.Sections[i], true
}

// SectionNames are those by which an article may name its section.
func (n Newsletter) SectionNames() (names []string) {
	for _, s := range n.Sections {
		if !s.Recall {
			names = append(names, s.Name)
		}
	}
	return names
}

// Place finds the section in which a candidate would stand: one that a sister brought, in that which recalls it; any other, as [Newsletter.Section].
func (n Newsletter) Place(c Candidate) (Section, bool) {
	if c.Known() {
		if recall, recalls := n.Recall(); recalls {
			return recall, true
		}
	}
	return n.Section(c.Section)
}

// Recall is the section that takes what sisters brought.
func (n Newsletter) Recall() (Section, bool) {
	i := slices.IndexFunc(n.Sections, func(s Section) bool { return s.Recall })
	if i < 0 {
		return Section{}, false
	}
	return n.Sections[i], true
}
