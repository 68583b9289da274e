package digest

import (
	"cmp"
	"slices"

	"facteur/internal/newsletter"
)

// A story is articles that are one, so that one of them at most goes.
type story struct {
	members []newsletter.Candidate // that can stand for it, the best first
	fit     int                    // how many of them, the first ones, may go
	turn    int                    // how many of these have stood for it and found no place; from fit on it is settled who stands
}

// stands is the article that stands for the story: it goes, or where none can, is out for all of them.
func (s *story) stands() int64 {
	if s.fit == 0 {
		return s.members[0].Article
	}
	return s.members[s.turn%s.fit].Article
}

// pass lets the next one stand that may go. Once all of them have, the first does for good.
func (s *story) pass() bool {
	if s.fit < 2 || s.turn >= s.fit {
		return false
	}
	s.turn++
	return true
}

// sign is that by which a member was found to be the same as the one that stands; empty where both were found to be the same as a third.
func (s *story) sign(of newsletter.Candidate) string {
	stands := s.stands()
	if of.Leader == stands {
		return of.Sign
	}
	for _, c := range s.members {
		if c.Article == stands && c.Leader == of.Article {
			return c.Sign
		}
	}
	return ""
}

// may counts from 1 which of those that may go an article is; 0: none of them.
func (s *story) may(article int64) int {
	return 1 + slices.IndexFunc(s.members[:s.fit], func(c newsletter.Candidate) bool { return c.Article == article })
}

// settle has one that may go stand for good.
func (s *story) settle(member int) { s.turn = s.fit + member - 1 }

// stories are those of several articles, by each of these.
type stories map[int64]*story

func findStories(candidates []newsletter.Candidate, j *judge) stories {
	led := make(map[int64]bool)
	for _, c := range candidates {
		if c.Leader != 0 {
			led[c.Leader] = true
		}
	}
	if len(led) == 0 {
		return nil
	}
	members := make(map[int64][]newsletter.Candidate, len(led))
	for _, c := range candidates {
		if of := storyOf(c); led[of] {
			members[of] = append(members[of], c)
		}
	}
	found := make(stories)
	for _, all := range members {
		if s := newStory(all, j); s != nil {
			for _, c := range all {
				found[c.Article] = s
			}
		}
	}
	return found
}

// names reports an article that stands for others.
func (s stories) names(c newsletter.Candidate) bool {
	one := s[c.Article]
	return one != nil && one.stands() == c.Article
}

// standing parts candidates into those that stand for their story, or are alone, and the others.
func (s stories) standing(all []*newsletter.Candidate) (stand, aside []*newsletter.Candidate) {
	if len(s) == 0 {
		return all, nil
	}
	for _, c := range all {
		if s[c.Article] == nil || s.names(*c) {
			stand = append(stand, c)
		} else {
			aside = append(aside, c)
		}
	}
	return stand, aside
}

// pass lets others stand for what found no place by a rule, and reports whether any does.
func (s stories) pass(out []newsletter.Verdict, by newsletter.Rule) (any bool) {
	for _, v := range out {
		if one := s[v.Article]; one != nil && v.Rule == by && one.pass() {
			any = true
		}
	}
	return any
}

// gather fills the first section that was left out and that stories without a place are enough for, and reports whether there was one. They come to
// stay: each found too few there because the others stood elsewhere.
func (s stories) gather(sections []newsletter.Section, fit, in [][]*newsletter.Candidate) bool {
	if len(s) == 0 {
		return false
	}
	placed := make(map[*story]bool)
	for _, c := range slices.Concat(in...) {
		placed[s[c.Article]] = true
	}
	for i, section := range sections {
		if len(in[i]) > 0 || section.Quota < max(1, section.Minimum) {
			continue
		}
		alone, come := 0, make(map[*story]int) // of each story its best member here
		for _, c := range fit[i] {
			one := s[c.Article]
			if one == nil {
				alone++
				continue
			}
			member, best := one.may(c.Article), come[one]
			if member > 0 && !placed[one] && (best == 0 || member < best) {
				come[one] = member
			}
		}
		if len(come) == 0 || alone+len(come) < section.Minimum {
			continue
		}
		for one, member := range come {
			one.settle(member)
		}
		return true
	}
	return false
}

// twins names in verdicts what stands for a story, in place of a date that keeps another of it out, and by which sign the one is the same as the other.
func (s stories) twins(verdicts []newsletter.Verdict) {
	for i := range verdicts {
		v := &verdicts[i]
		one := s[v.Article]
		if one == nil || one.stands() == v.Article {
			continue
		}
		switch v.Rule {
		case newsletter.RuleDuplicate, newsletter.RuleFuture, newsletter.RuleTooOld:
			v.Rule, v.Original, v.Back, v.Measure = newsletter.RuleDuplicate, one.stands(), false, newsletter.Measure{By: one.sign(v.Candidate)}
		}
	}
}

// newStory ranks the members of a story: before all the one that an edition carried, of a sister after the newsletter's own, else the one that was
// pinned first, else the one that leads. Where the best was carried, is excluded, or is pinned and waits for its date, no other goes in its place.
// Where it cannot go for another reason, the next one does that can; where none can, one that waits for its date stands before one that is too
// old. The story is nil where all are hidden or of no section of the newsletter.
func newStory(all []newsletter.Candidate, j *judge) *story {
	able := slices.DeleteFunc(slices.Clone(all), func(c newsletter.Candidate) bool { return !j.able(c) })
	if len(able) == 0 {
		return nil
	}
	slices.SortFunc(able, rank)
	if best := able[0]; carried(best) || best.Stance == newsletter.StanceExcluded || best.Stance.In() && j.verdict(best).Rule == newsletter.RuleFuture {
		able = able[:1]
	}
	s := &story{}
	for _, rule := range []newsletter.Rule{"", newsletter.RuleFuture, newsletter.RuleTooOld} {
		for _, c := range able {
			if j.verdict(c).Rule == rule {
				s.members = append(s.members, c)
			}
		}
		if rule == "" {
			s.fit = len(s.members)
		}
	}
	if len(s.members) == 0 {
		s.members = able[:1]
	}
	return s
}

func storyOf(c newsletter.Candidate) int64 {
	if c.Leader != 0 {
		return c.Leader
	}
	return c.Article
}

// able reports that a candidate can stand for its story: it was carried, or is neither hidden nor of a section that the newsletter does not have.
func (j *judge) able(c newsletter.Candidate) bool {
	_, listed := j.place(c)
	return carried(c) || !c.Hidden && listed
}

// carried reports that an edition of the family brought it.
func carried(c newsletter.Candidate) bool { return c.CarriedBy > 0 || c.Sister.Number > 0 }

// rank orders the members of a story, the best first.
func rank(a, b newsletter.Candidate) int {
	first := func(is func(newsletter.Candidate) bool) int {
		switch {
		case is(a) == is(b):
			return 0
		case is(a):
			return -1
		}
		return 1
	}
	turn := 0
	if a.Stance.In() && b.Stance.In() {
		turn = cmp.Compare(a.Stood, b.Stood)
	}
	return cmp.Or(
		first(func(c newsletter.Candidate) bool { return c.CarriedBy > 0 }),
		first(carried),
		first(func(c newsletter.Candidate) bool { return c.Stance.In() }),
		turn,
		first(func(c newsletter.Candidate) bool { return c.Leader == 0 }),
		cmp.Compare(uint64(a.Article), uint64(b.Article)), // rows of the inbox will be stored after them all
	)
}
