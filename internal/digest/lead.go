package digest

import "facteur/internal/newsletter"

// lead finds which candidate leads, of at least one, and by which rule. They are in reading order.
func lead(n newsletter.Newsletter, in [][]newsletter.Candidate) (section, index int, by newsletter.LeadRule) {
	best := leader{rank: -1}
	for i := range in {
		for k, c := range in[i] {
			if one := standing(n, i, c); best.rank < one.rank || best.rank == one.rank && n.Lead == newsletter.LeadNewest && one.place.compare(best.place) < 0 {
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

func standing(n newsletter.Newsletter, section int, c newsletter.Candidate) leader {
	switch {
	case c.Stance == newsletter.StanceLead:
		return leader{rank: 3, by: newsletter.LeadByHand}
	case n.Sections[section].Brief:
		return leader{place: placeOf(c), by: newsletter.LeadOrder}
	case n.Lead == newsletter.LeadPicture && c.Pictured:
		return leader{rank: 2, by: newsletter.LeadPicture}
	case n.Lead == newsletter.LeadNewest:
		return leader{rank: 1, place: placeOf(c), by: newsletter.LeadNewest}
	}
	return leader{rank: 1, by: newsletter.LeadOrder}
}
