package digest

import (
	"cmp"
	"slices"

	"facteur/internal/newsletter"
)

// A place is where something stands among others. Comparing and moving places is cheap, which a hundred thousand
// candidates make worth while.
type place struct {
	rank     int   // of the rule, or in the section
	position int64 // in the edition, or among what is pinned
	dated    int64 // microseconds; the newest first
	arrived  int64 // microseconds; the latest first
	stored   uint64
	index    int // in the order given, which decides between equals
}

func (p place) compare(q place) int {
	return cmp.Or(
		cmp.Compare(p.rank, q.rank),
		cmp.Compare(p.position, q.position),
		cmp.Compare(q.dated, p.dated),
		cmp.Compare(q.arrived, p.arrived),
		cmp.Compare(p.stored, q.stored),
		cmp.Compare(p.index, q.index),
	)
}

// placeOf puts the newest candidate first; of two with the same date the one that arrived later, then the one stored
// first. A row of the inbox, whose id is below 0, will be stored after them all.
func placeOf(c newsletter.Candidate) place {
	return place{dated: c.Dated().UnixMicro(), arrived: c.Arrived.UnixMicro(), stored: uint64(c.Article)}
}

// placeInSection puts what is pinned first, in the order in which it was, and what comes back behind what is new.
func placeInSection(c newsletter.Candidate) place {
	p := placeOf(c)
	switch {
	case c.Stance.In():
		p.position = c.Stood
	case c.Fresh == 0 && !c.Known():
		p.rank = 1
	default:
		p.rank = 2
	}
	return p
}

// sorted returns verdicts in the order in which people are shown them: what is carried in reading order, then the rest
// rule by rule.
func sorted(verdicts []newsletter.Verdict) []newsletter.Verdict {
	rank := make(map[newsletter.Rule]int)
	for i, rule := range newsletter.Rules() {
		if !rule.In() {
			rank[rule] = i + 1
		}
	}
	return inOrder(verdicts, func(v newsletter.Verdict) place {
		p := placeOf(v.Candidate)
		p.rank, p.position = rank[v.Rule], int64(v.Position)
		return p
	})
}

// inOrder returns items by their places.
func inOrder[T any](items []T, of func(T) place) []T {
	places := make([]place, len(items))
	for i, item := range items {
		places[i] = of(item)
		places[i].index = i
	}
	slices.SortFunc(places, place.compare)
	ordered := make([]T, len(items))
	for i, p := range places {
		ordered[i] = items[p.index]
	}
	return ordered
}
