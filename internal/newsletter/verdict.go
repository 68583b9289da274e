package newsletter

import (
	"math"
	"time"
)

// A Rule is the reason why a candidate article is in or out of a slot. The list is closed: what is not named here
// cannot happen to an article.
type Rule string

const (
	RuleNew          Rule = "new"           // in: within the horizon and the quota, never carried before
	RuleUpdated      Rule = "updated"       // in: an earlier edition brought it, which the verdict names, and much of its text is new since
	RulePinned       Rule = "pinned"        // in: an editor pinned it, whatever quota and horizon say
	RuleRecalled     Rule = "recalled"      // in: an edition of a sister brought it, which the verdict names, and it stands in the section for that
	RuleBelowMinimum Rule = "below-minimum" // out: it would be in, but too few articles make no edition, or no section
	RuleWaiting      Rule = "waiting"       // out: over the quota of its section; offered again until the horizon
	RuleFuture       Rule = "future"        // out: dated after the slot
	RuleHidden       Rule = "hidden"        // out: an editor hid it from all newsletters
	RuleExcluded     Rule = "excluded"      // out: an editor excluded it from this newsletter
	RuleTooOld       Rule = "too-old"       // out: beyond the horizon, or of a back catalogue
	RuleCarried      Rule = "carried-by"    // out: an earlier edition of the newsletter or of a sister brought it; the verdict names it
	RuleDuplicate    Rule = "duplicate-of"  // out: it is the same story as another article, which stands for it; the verdict names it
)

// Rules lists the closed set in the order in which people are shown it.
func Rules() []Rule {
	return []Rule{
		RuleNew, RulePinned, RuleUpdated, RuleRecalled, RuleBelowMinimum, RuleWaiting, RuleFuture, RuleHidden, RuleExcluded, RuleTooOld, RuleCarried, RuleDuplicate,
	}
}

// In reports whether the rule puts an article into the edition.
func (r Rule) In() bool {
	return r == RuleNew || r == RulePinned || r == RuleUpdated || r == RuleRecalled
}

// Offered reports an article that is in, or would be in a later slot as it is.
func (r Rule) Offered() bool { return r.In() || r == RuleWaiting || r == RuleBelowMinimum }

// A Candidate is what the choice needs to know of an article. It holds no text but the title, so that a hundred
// thousand of them can be judged at once.
type Candidate struct {
	Article   int64  // of a row that still waits in the inbox, as [RowWaiting] has it
	URL       string // canonical
	Title     string
	Section   string // name of a section of the newsletter
	Filed     bool   // an editor gave it that section, whatever a row of the inbox says
	Language  string // BCP 47; empty means the newsletter's
	Published time.Time
	Arrived   time.Time
	Came      time.Time // by what it was dated when it came, where it is dated otherwise since; zero: it is not
	Asked     time.Time // of what came with the first collection of its source, when that was first asked; zero: of anything else
	Hidden    bool
	Pictured  bool       // it names a picture, and that is kept
	Coming    bool       // it names a picture that is still to be fetched
	Stance    Stance     // of an editor in this newsletter; empty: none
	Stood     int64      // the order in which stances were taken
	Leader    int64      // the article whose story it is; 0: its own
	Sign      string     // by what it was found to be that, such as its title; of who leads, nothing that counts
	CarriedBy int        // number of the edition of this newsletter that brought it, 0 if none did
	Sister    EditionRef // the edition of a sister that brought it: by [RuleRecalled] only where no other is left that did; zero where none did, or this newsletter did later
	Changed   time.Time  // when anything of it was changed last
	Offered   time.Time  // when a row that waits in the inbox would change it, if it differs; zero: there is none
	Fresh     int        // of one that was carried and comes back, or that is recalled, how many of 100 words of its text are new since; 0: too few to say so
}

// RowWaiting stands for the id that a row of the inbox will have once it is an article: below 0, and in the order of the rows, from 0.
func RowWaiting(nth int) int64 { return math.MinInt64 + 1 + int64(nth) }

// Waits reports a row that still waits in the inbox.
func (c Candidate) Waits() bool { return c.Article < 0 }

// Dated is the instant that orders and ages the candidate, as [Article.Dated] has it; of one that comes back, its change.
func (c Candidate) Dated() time.Time {
	if c.Fresh > 0 && !c.Known() && c.Changed.After(c.Published) {
		return c.Changed
	}
	return Article{Published: c.Published, Arrived: c.Arrived}.Dated()
}

// Known reports that readers of the family may know the candidate, and of this newsletter alone do not.
func (c Candidate) Known() bool { return c.CarriedBy == 0 && c.Sister.Number > 0 }

// A Verdict says why one candidate is in or out of one slot.
type Verdict struct {
	Candidate
	Rule     Rule
	Back     bool     // under [RuleTooOld], it is of the back catalogue, however long the horizon
	Edition  int      // under [RuleCarried] and [RuleUpdated], the edition of this newsletter that brought it; 0: that of the sister did
	Original int64    // under [RuleDuplicate], the article that stands for it
	Position int      // of what is in, its place in the edition from 1; the lead story is 1
	Lead     LeadRule // of the lead story, by which rule it is; empty: it is none
	Place    string   // the section of the newsletter in which it is judged; empty: it has none, or that was not recorded
	Measure
}

// A Measure is what a rule measured a candidate by. Of verdicts that were recorded before that was, it is zero.
type Measure struct {
	Quota   int           // under [RuleWaiting], of its section
	Horizon time.Duration // under [RuleTooOld], of the back catalogue the first horizon
	Takes   int           // under [RuleBelowMinimum], the fewest articles that its section takes, or the edition
	Had     int           // under [RuleBelowMinimum], how many there were
	Whole   bool          // under [RuleBelowMinimum], the edition has too few; else its section
	By      string        // under [RuleDuplicate], the sign by which the one was found to be the same as the other; empty: that is not known of these two
}

// Brought is the edition that the verdict names, zero where it names none. newsletter is the name of the one judged for.
func (v Verdict) Brought(newsletter string) EditionRef {
	switch {
	case v.Edition > 0:
		return EditionRef{Newsletter: newsletter, Number: v.Edition}
	case v.Rule == RuleCarried, v.Rule == RuleRecalled:
		return v.Sister
	}
	return EditionRef{}
}
