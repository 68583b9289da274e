package digest

import (
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// A Choice is what a newsletter would carry at one instant, and why.
type Choice struct {
	At       time.Time
	Lead     *newsletter.Candidate // nil when nothing is carried
	LeadBy   newsletter.LeadRule   // why that one
	Sections []Chosen              // those that carry something beside the lead, in reading order
	Verdicts []newsletter.Verdict  // one for each candidate: what is carried in reading order, then the rest by rule
	Unlisted map[string]int        // by section, how many articles are no candidates because the newsletter does not have it, and else might go
}

// Chosen are the candidates that one section carries, in reading order.
type Chosen struct {
	Section    newsletter.Section
	Candidates []newsletter.Candidate
}

// Empty reports that nothing is carried, so that no edition appears.
func (c Choice) Empty() bool { return c.Lead == nil }

// Count is how many candidates got the rule.
func (c Choice) Count(rule newsletter.Rule) int {
	n := 0
	for _, v := range c.Verdicts {
		if v.Rule == rule {
			n++
		}
	}
	return n
}

// A Beginning is when a newsletter began; zero for what it has not had yet.
type Beginning struct {
	Slot    time.Time // its first slot, whatever became of that
	Edition time.Time // the approval of its edition n° 1
}

// Choose judges every candidate of a newsletter as of at. What arrived before edition n° 1, and was older than the first horizon when it did and
// at the first slot, is the back catalogue, and stays home for good; so does what a source brought with its first collection after that edition, and
// was older when the source was first asked. Candidates of sections that the newsletter does not list
// are no candidates, but for what it carried itself, and what a sister carried and stands for others.
//
// The rules apply in this order: carried-by, hidden, excluded, duplicate-of, future, too-old, waiting, below-minimum, and updated, recalled,
// pinned or new. What is pinned is never too old and never waits; it takes its part of the quota. Within a section what is pinned comes first,
// in the order in which it was; then what is new, and what comes back or is recalled last: the newest first, of two with the same date the one
// that arrived later, then the one stored first. Of the articles of a story one stands for all, see [newStory]; where that finds no place, the next
// one does that may go, which comes to an end, see [seat]. The lead story is chosen of what is in, see [newsletter.LeadRule], and counts in its section's quota.
func Choose(n newsletter.Newsletter, candidates []newsletter.Candidate, at time.Time, begun Beginning) Choice {
	judge := newJudge(n, at, begun)
	n.Sections = judge.reading
	stories := findStories(candidates, judge)
	fit := make([][]*newsletter.Candidate, len(n.Sections))
	choice := Choice{At: at, Verdicts: make([]newsletter.Verdict, 0, len(candidates)), Unlisted: make(map[string]int)}
	for i, c := range candidates {
		section, listed := judge.place(c)
		v := judge.verdict(c)
		if listed {
			v.Place = n.Sections[section].Name
		}
		switch {
		case !listed && v.Rule == "":
			if stories[c.Article] == nil { // else another goes for it
				choice.Unlisted[c.Section]++
			}
		case !listed && c.CarriedBy == 0 && !stories.names(c):
		case v.Rule == "":
			fit[section] = append(fit[section], &candidates[i])
		default:
			choice.Verdicts = append(choice.Verdicts, v)
		}
	}
	var in [][]*newsletter.Candidate
	in, choice.Verdicts = seat(n, fit, stories, choice.Verdicts)
	stories.twins(choice.Verdicts)
	choice.fill(n, in)
	choice.Verdicts = sorted(choice.Verdicts)
	return choice
}

// seat gives what passed the judge its place: within the quota of its section it is in, beyond that it waits. A section that does not reach its
// minimum is left out. Whoever finds no place lets the next of its story stand, so that no story that has a place elsewhere is left without: first who
// waits, then who would be too few, for whom others may come; at last what is left is gathered where it is enough for a section.
//
// It ends. Each round but the last lets a story pass, which it does once for each of its articles that may go, or gathers for a section that has
// nothing. What is gathered stands there for good and reaches the minimum; and a section that has something keeps it: what is in passes to nobody, and
// what passes or is gathered elsewhere was out, so that as many stay as there is room for. So there are at most as many rounds as articles and sections.
//
// It adds to the verdicts on what did not pass. Candidates are many and large: they are pointed at, and copied only where they are told of.
func seat(n newsletter.Newsletter, fit [][]*newsletter.Candidate, stories stories, judged []newsletter.Verdict) (in [][]*newsletter.Candidate, out []newsletter.Verdict) {
	for i := range fit {
		fit[i] = inOrder(fit[i], func(c *newsletter.Candidate) place { return placeInSection(*c) })
	}
	for {
		in, out = make([][]*newsletter.Candidate, len(fit)), judged
		for i, section := range n.Sections {
			stand, aside := stories.standing(fit[i])
			room := min(max(section.Quota, pinned(stand)), len(stand))
			in[i] = stand[:room:room]
			out = kept(out, stand[room:], section, newsletter.RuleWaiting, newsletter.Measure{Quota: section.Quota})
			if room < section.Minimum && pinned(in[i]) == 0 {
				out = kept(out, in[i], section, newsletter.RuleBelowMinimum, newsletter.Measure{Takes: section.Minimum, Had: room})
				in[i] = nil
			}
			out = kept(out, aside, section, newsletter.RuleDuplicate, newsletter.Measure{})
		}
		if !stories.pass(out, newsletter.RuleWaiting) && !stories.pass(out, newsletter.RuleBelowMinimum) && !stories.gather(n.Sections, fit, in) {
			return in, out
		}
	}
}

// fill takes what has a place, but nothing where the edition does not reach its minimum.
func (c *Choice) fill(n newsletter.Newsletter, in [][]*newsletter.Candidate) {
	switch all := total(in); {
	case all < n.Minimum:
		for i, section := range n.Sections {
			c.Verdicts = kept(c.Verdicts, in[i], section, newsletter.RuleBelowMinimum, newsletter.Measure{Takes: n.Minimum, Had: all, Whole: true})
		}
	case all > 0:
		c.carry(n, in)
	}
}

// kept adds verdicts by a rule that keeps candidates of a section out.
func kept(out []newsletter.Verdict, candidates []*newsletter.Candidate, of newsletter.Section, by newsletter.Rule, m newsletter.Measure) []newsletter.Verdict {
	for _, c := range candidates {
		out = append(out, newsletter.Verdict{Candidate: *c, Rule: by, Place: of.Name, Measure: m})
	}
	return out
}

// pinned counts what is pinned.
func pinned(candidates []*newsletter.Candidate) (n int) {
	for _, c := range candidates {
		if c.Stance.In() {
			n++
		}
	}
	return n
}

// ruleIn is the rule by which a candidate is in.
func ruleIn(c newsletter.Candidate) newsletter.Rule {
	switch {
	case c.Known():
		return newsletter.RuleRecalled
	case c.Fresh > 0:
		return newsletter.RuleUpdated
	case c.Stance.In():
		return newsletter.RulePinned
	}
	return newsletter.RuleNew
}

// carry takes what is in: the lead first, then section by section.
func (c *Choice) carry(n newsletter.Newsletter, in [][]*newsletter.Candidate) {
	section, index, by := lead(n, in)
	first := *in[section][index]
	c.Lead, c.LeadBy = &first, by
	verdict := verdictIn(first, n.Sections[section], 1)
	verdict.Lead = by
	verdicts := []newsletter.Verdict{verdict}
	in[section] = slices.Delete(slices.Clone(in[section]), index, index+1)
	for i, section := range n.Sections {
		var carried []newsletter.Candidate
		for _, one := range in[i] {
			carried = append(carried, *one)
			verdicts = append(verdicts, verdictIn(*one, section, len(verdicts)+1))
		}
		if len(carried) > 0 {
			c.Sections = append(c.Sections, Chosen{Section: section, Candidates: carried})
		}
	}
	c.Verdicts = append(c.Verdicts, verdicts...)
}

func verdictIn(c newsletter.Candidate, of newsletter.Section, position int) newsletter.Verdict {
	return newsletter.Verdict{Candidate: c, Rule: ruleIn(c), Edition: c.CarriedBy, Position: position, Place: of.Name}
}

// stories lists what is carried in reading order, the lead first.
func (c Choice) stories() []newsletter.Candidate {
	if c.Lead == nil {
		return nil
	}
	all := []newsletter.Candidate{*c.Lead}
	for _, s := range c.Sections {
		all = append(all, s.Candidates...)
	}
	return all
}

// A judge applies the rules that look at one candidate alone.
type judge struct {
	newsletter newsletter.Newsletter
	at         time.Time
	horizon    time.Duration
	begun      Beginning
	catalogue  time.Duration // beyond it begins the back catalogue
	reading    []newsletter.Section
	places     map[written]int // index among reading, -1 for a section that is not listed
	recalls    bool            // there is a section for what sisters brought
}

// written is all by which a candidate's section is found.
type written struct {
	section string
	known   bool
}

func newJudge(n newsletter.Newsletter, at time.Time, begun Beginning) *judge {
	j := &judge{
		newsletter: n, at: at, horizon: n.Horizon, begun: begun, catalogue: n.FirstHorizon, reading: n.InReadingOrder(), places: make(map[written]int),
	}
	_, j.recalls = n.Recall()
	if j.catalogue <= 0 {
		j.catalogue = n.Horizon
	}
	return j
}

// verdict keeps a candidate out, whatever the others are, and has no rule when it is fit to be carried.
func (j *judge) verdict(c newsletter.Candidate) newsletter.Verdict {
	v, dated := newsletter.Verdict{Candidate: c}, c.Dated()
	switch {
	case c.CarriedBy > 0 && c.Fresh == 0:
		v.Rule, v.Edition = newsletter.RuleCarried, c.CarriedBy
	case c.Known() && !j.recalls:
		v.Rule = newsletter.RuleCarried
	case c.Hidden:
		v.Rule = newsletter.RuleHidden
	case c.Stance == newsletter.StanceExcluded:
		v.Rule = newsletter.RuleExcluded
	case dated.After(j.at):
		v.Rule = newsletter.RuleFuture
	case c.Stance.In():
	default:
		switch v.Back = j.backCatalogue(c); {
		case v.Back:
			v.Rule, v.Horizon = newsletter.RuleTooOld, j.catalogue
		case older(dated, j.at, j.horizon):
			v.Rule, v.Horizon = newsletter.RuleTooOld, j.horizon
		}
	}
	return v
}

// backCatalogue reports what was old already at the earliest moment at which it might have gone: when it arrived, or at the first slot, since what
// came out while the program was off arrives afterwards. So a slot that brought no edition loses nothing. Once there is an edition, a source is as the
// newsletter was: what it brings first was old when the source was first asked, however long that failed; what comes late afterwards is no catalogue.
// What was offered when it came is none either, whatever date it is given since.
func (j *judge) backCatalogue(c newsletter.Candidate) bool {
	if j.ofSource(c) {
		return !c.Asked.IsZero() && j.isPast(c)
	}
	from := j.at
	for _, earlier := range []time.Time{j.begun.Slot, c.Arrived} {
		if !earlier.IsZero() && earlier.Before(from) {
			from = earlier
		}
	}
	return older(latest(c), from, j.catalogue)
}

// isPast reports what was old when its source was first asked. Of what came without a date then, and has none since, nobody knows whether it is news: one that
// is may be missed, and not a whole past be sent for it.
func (j *judge) isPast(c newsletter.Candidate) bool {
	dated := latest(c)
	switch {
	case cameUndated(c):
		dated = c.Published // which is as old as can be where there is none
	case c.Published.IsZero() && !c.Came.IsZero():
		dated = c.Came // as another source says, or its own once did
	}
	return older(dated, c.Asked, j.catalogue)
}

// latest is the later one of the dates that a candidate has, and had when it came.
func latest(c newsletter.Candidate) time.Time {
	if dated := c.Dated(); dated.After(c.Came) {
		return dated
	}
	return c.Came
}

// cameUndated reports what had no date when it came, and no edition has brought yet.
func cameUndated(c newsletter.Candidate) bool {
	undated := c.Published.IsZero() && c.Came.IsZero() || c.Came.Equal(c.Arrived)
	return undated && c.CarriedBy == 0 && !c.Known()
}

// ofSource reports that a candidate came after the first edition, so that only the age of its source tells whether it is of a back catalogue.
func (j *judge) ofSource(c newsletter.Candidate) bool {
	return !j.begun.Edition.IsZero() && c.Arrived.After(j.begun.Edition)
}

// older reports whether dated lies beyond a horizon, as seen from at. A horizon of zero has no end.
func older(dated, at time.Time, horizon time.Duration) bool {
	return horizon > 0 && dated.Before(at.Add(-horizon))
}

// place finds the index of a candidate's section in reading order.
func (j *judge) place(c newsletter.Candidate) (int, bool) {
	as := written{c.Section, c.Known()}
	index, found := j.places[as]
	if !found {
		index = -1
		if s, listed := j.newsletter.Place(c); listed {
			index = slices.IndexFunc(j.reading, func(o newsletter.Section) bool { return o.Name == s.Name })
		}
		j.places[as] = index
	}
	return index, index >= 0
}
