package digest

import "facteur/internal/newsletter"

// lead finds which candidate leads, of at least one, and by which rule. They are in reading order.
func lead(n newsletter.Newsletter, in [][]*newsletter.Candidate) (section, index int, by newsletter.LeadRule) {
	best := leader{rank: -1}
	for i := range in {
		for k, c := range in[i] {
			if one := asLeader(n, i, *c); best.rank < one.rank || best.rank == one.rank && n.Lead == newsletter.LeadNewest && one.place.compare(best.place) < 0 {
				section, index, best = i, k, one
			}
		}
	}
	return section, index, best.by
}

// A leader is how well a candidate would lead.
type leader struct {
	rank  int // the higher the better
	place place
	by    newsletter.LeadRule
}

func asLeader(n newsletter.Newsletter, section int, c newsletter.Candidate) leader {
	l := leader{rank: 2, place: placeOf(c), by: newsletter.LeadOrder}
	if n.Lead == newsletter.LeadNewest {
		l.by = newsletter.LeadNewest
	}
	switch {
	case c.Stance == newsletter.StanceLead:
		l.rank, l.by = 4, newsletter.LeadByHand
	case n.Sections[section].Brief:
		l.rank = 0
	case c.Fresh > 0, c.Known(): // readers know it
		l.rank = 1
	case n.Lead == newsletter.LeadPicture && c.Pictured:
		l.rank, l.by = 3, newsletter.LeadPicture
	}
	return l
}
