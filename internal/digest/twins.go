package digest

import "facteur/internal/newsletter"

// originals says which article stands for others that are the same story: the one that an edition carried, of a sister after the newsletter's own; else the one that was pinned first; else
// the one that leads, be it excluded; else, where that is hidden or of no section of the newsletter, the first of the others. Articles that are
// alone are not in it.
func originals(candidates []newsletter.Candidate, listed func(section string) bool) map[int64]int64 {
	stories := make(map[int64]newsletter.Candidate)
	led := make(map[int64]bool)
	for _, c := range candidates {
		if c.Leader != 0 {
			led[c.Leader] = true
		}
	}
	fits := func(c newsletter.Candidate) bool { return carried(c) || !c.Hidden && listed(c.Section) }
	for _, c := range candidates {
		story := storyOf(c)
		if !led[story] || c.Article == 0 || !fits(c) {
			continue
		}
		if before, any := stories[story]; !any || goesBefore(c, before) {
			stories[story] = c
		}
	}
	found := make(map[int64]int64)
	for _, c := range candidates {
		if goes, any := stories[storyOf(c)]; any && c.Article != 0 && goes.Article != c.Article {
			found[c.Article] = goes.Article
		}
	}
	return found
}

func storyOf(c newsletter.Candidate) int64 {
	if c.Leader != 0 {
		return c.Leader
	}
	return c.Article
}

// carried reports that an edition of the family brought it.
func carried(c newsletter.Candidate) bool { return c.CarriedBy > 0 || c.Sister.Number > 0 }

func goesBefore(a, b newsletter.Candidate) bool {
	switch {
	case (a.CarriedBy > 0) != (b.CarriedBy > 0):
		return a.CarriedBy > 0
	case carried(a) != carried(b):
		return carried(a)
	case a.Stance.In() != b.Stance.In():
		return a.Stance.In()
	case a.Stance.In() && a.Stood != b.Stood:
		return a.Stood < b.Stood
	case (a.Leader == 0) != (b.Leader == 0):
		return a.Leader == 0
	}
	return a.Article < b.Article
}
